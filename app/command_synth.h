/// `hutong synth`: makes the synthetic population of a district and tells how well it fits.
#pragma once

#include <string>

#include "agents/synthesis_report.h"
#include "core/text.h"

namespace hutong {

std::string print_synthesis(const SynthesisReport& report, const SynthesisRecord& record, const Text& text);

}  // namespace hutong
