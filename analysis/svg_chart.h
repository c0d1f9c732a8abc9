/// A chart of the report as one SVG picture: lines over months, bands, a legend; for PDF and DOCX.
#pragma once

#include <string>
#include <string_view>

#include "analysis/report_document.h"

namespace hutong {

/// Width of a text in Latin letters, roughly: a Chinese character is as wide as two.
double text_width(std::string_view text);

std::string draw_chart(const ReportChart& chart, const Text& text);

}  // namespace hutong
