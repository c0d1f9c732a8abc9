// Decisions held against the district: what can only be known when the pack is there.
#include "scenarios/rules.h"
#include "scenarios/scenario.h"

namespace hutong {
namespace {

template <class Rows>
std::vector<std::string> codes_of(const Rows& rows) {
    std::vector<std::string> codes;
    for (const auto& row : rows) codes.push_back(row.code);
    return codes;
}

Message nearest(const std::string& code, const std::vector<std::string>& known) {
    const std::string near = nearest_name(code, known);
    return near.empty() ? msg("use a code of the district pack") : msg("did you mean '{}'?", near);
}

}  // namespace

std::vector<Error> check_scenario(const Scenario& scenario, const District& district) {
    std::vector<Error> problems;
    const auto spaces = codes_of(district.spaces);
    const auto uses = codes_of(district.catalogue.uses);
    for (const Decision& decision : scenario.decisions) {
        auto report = [&](Message problem, Message why, Message advice) {
            problems.emplace_back(ErrorKind::bad_scenario, std::move(problem), std::move(why), std::move(advice), decision.place);
        };
        const Space* space = nullptr;
        for (const Space& one : district.spaces) {
            if (one.code == decision.space) space = &one;
        }
        if (!space) {
            report(msg("there is no space '{}'", decision.space), {}, nearest(decision.space, spaces));
            continue;
        }
        Month vacated = decision.vacated.value_or(space->vacated);
        for (const Decision& other : scenario.decisions) {
            if (other.space == decision.space && other.vacated) vacated = *other.vacated;
        }
        if (decision.from && *decision.from < vacated) {
            report(msg("the decision on space '{}' begins before the space is vacated", decision.space),
                   msg("it is vacated in {}", vacated.text()), msg("choose {} or later", vacated.text()));
        }
        if (decision.until && *decision.until <= vacated) {
            report(msg("the decision on space '{}' ends before the space is vacated", decision.space),
                   msg("it is vacated in {}", vacated.text()), msg("choose a later month"));
        }
        if (decision.use.empty()) continue;
        const UseId use = district.catalogue.use(decision.use);
        if (!use) {
            report(msg("there is no use '{}'", decision.use), {}, nearest(decision.use, uses));
            continue;
        }
        const Verdict verdict = permitted(*space, use, district, scenario.policy.at(decision.from.value_or(vacated)));
        if (!verdict.allowed() && !decision.experiment) {
            report(msg("use '{}' is unlawful in space '{}'", decision.use, decision.space),
                   msg("clause {} excludes it", clause_name(verdict.clause)), msg("choose another use, or say experiment = true"));
        }
    }
    return problems;
}

}  // namespace hutong
