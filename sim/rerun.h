/// A future that was watched (sim/timeline), run once more from the start as `hutong run` does it: for what is made from
/// results files, such as the report.
#pragma once

#include <atomic>
#include <string>

#include "scenarios/district.h"
#include "scenarios/scenario.h"

namespace hutong {

/// The bytes of the results file of the scenario's first replicate. `state_hash` takes the hash at the end. Throws
/// Error(interrupted) when `cancelled` becomes true.
std::string rerun_results(const District& district, const Scenario& scenario, int threads, const std::atomic<bool>& cancelled,
                          std::uint64_t& state_hash);

}  // namespace hutong
