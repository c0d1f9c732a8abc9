/// What two scenarios differ by, in the words of a scenario file: levers, their changes over time, assumptions,
/// decisions. Works on canonical texts, so on scenarios and on results files alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hutong {

struct ScenarioDifference {
    std::string key;          ///< "policy.allocation.mode", "2022-03 control.enforcement", "decision S012"
    std::string base, other;  ///< values as in a scenario file; empty where the scenario does not say it
};

/// In the order of the canonical text; titles and the number of replicates are no difference.
std::vector<ScenarioDifference> scenario_difference(std::string_view base_text, std::string_view other_text);

}  // namespace hutong
