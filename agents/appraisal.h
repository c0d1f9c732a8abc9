/// Performance appraisal of the bodies (O3): cases handled, time taken, rules met and results of each, counted from the
/// event log. The scores follow from assumed capacities and durations; whoever shows them says so beside each.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/spaces_state.h"

namespace hutong {

/// What an agency did from the start of the run to its end.
struct DepartmentScore {
    std::uint32_t handled = 0;     ///< cases decided: approved, sent back, refused, rejected by vote
    std::uint32_t sent_back = 0;   ///< of them sent back or refused: rework for those who submitted
    std::int64_t months = 0;       ///< from the arrival of a case to its decision, summed over cases handled
    std::uint32_t exceptions = 0;  ///< spaces in its charge open with a use that departs from what they are mainly for
    std::uint32_t opened = 0;      ///< spaces in its charge that are in use
    std::uint32_t due = 0;         ///< spaces in its charge vacated appraisal_due_months ago or longer
    std::uint32_t due_in_use = 0;  ///< of them in use

    double mean_months() const { return handled > 0 ? static_cast<double>(months) / handled : -1; }
    /// Parts of the score, 0 to 1; -1 where there is nothing to judge.
    double speed = -1, quality = -1, rules = -1, results = -1;
    double score = -1;  ///< 0 to 100: mean of the parts there are
};

/// Scores of all agencies, in the order of GovernanceState, at the end of `month`; empty while O3 is off.
std::vector<DepartmentScore> appraise(const Model& model, const SpacesState& spaces, Month month);

}  // namespace hutong
