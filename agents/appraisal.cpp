#include "agents/appraisal.h"

#include <algorithm>

#include "agents/governance.h"
#include "scenarios/rules.h"

namespace hutong {
namespace {

bool decides(SpaceDecision decision) {
    return decision == SpaceDecision::approved || decision == SpaceDecision::sent_back || decision == SpaceDecision::refused ||
           decision == SpaceDecision::rejected_by_vote;
}

void count_cases(const SpacesState& spaces, std::vector<DepartmentScore>& scores) {
    std::vector<std::int16_t> arrived(spaces.rows(), 0);  // month in which the present stage began
    for (const SpaceEvent& event : spaces.events) {
        const bool in_workflow = event.stage >= SpaceStage::residents_vote && event.stage <= SpaceStage::acceptance;
        if (event.decision == SpaceDecision::entered && in_workflow) arrived[event.space] = event.month;
        if (!in_workflow || !decides(event.decision) || event.agency >= scores.size()) continue;
        DepartmentScore& score = scores[event.agency];
        ++score.handled;
        if (event.decision != SpaceDecision::approved) ++score.sent_back;
        if (arrived[event.space] > 0) score.months += event.month - arrived[event.space];
    }
}

void count_spaces(const Model& model, const SpacesState& spaces, Month month, std::vector<DepartmentScore>& scores) {
    const auto due_months = model.assumptions().governance.appraisal_due_months;
    const Levers& levers = model.levers(month);
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        if (spaces.stage[s] == SpaceStage::occupied || spaces.agency[s] >= scores.size()) continue;
        DepartmentScore& score = scores[spaces.agency[s]];
        const bool in_use = spaces.opened[s] != 0;
        if (month.index - spaces.vacated[s] >= due_months) {
            ++score.due;
            if (in_use) ++score.due_in_use;
        }
        if (!in_use) continue;
        ++score.opened;
        const Verdict verdict = permitted(model.district.spaces[s], UseId(static_cast<std::size_t>(spaces.use[s])), model.district, levers);
        if (verdict.standing != Standing::plain) ++score.exceptions;
    }
}

void judge(const GovernanceAssumptions& a, DepartmentScore& score) {
    if (score.handled > 0) {
        score.speed = std::min(1.0, a.appraisal_months / std::max(a.appraisal_months, score.mean_months()));
        score.quality = 1 - static_cast<double>(score.sent_back) / score.handled;
    }
    if (score.opened > 0) score.rules = 1 - static_cast<double>(score.exceptions) / score.opened;
    if (score.due > 0) score.results = static_cast<double>(score.due_in_use) / score.due;
    double sum = 0;
    int parts = 0;
    for (const double part : {score.speed, score.quality, score.rules, score.results}) {
        if (part < 0) continue;
        sum += part;
        ++parts;
    }
    constexpr double whole = 100;
    if (parts > 0) score.score = whole * sum / parts;
}

}  // namespace

std::vector<DepartmentScore> appraise(const Model& model, const SpacesState& spaces, Month month) {
    if (!model.levers(month).on(Clause::O3)) return {};
    std::vector<DepartmentScore> scores(bodies + model.district.subdistricts.size());
    count_cases(spaces, scores);
    count_spaces(model, spaces, month, scores);
    for (DepartmentScore& score : scores) judge(model.assumptions().governance, score);
    return scores;
}

}  // namespace hutong
