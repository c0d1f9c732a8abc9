/// What the model must answer to: levers and experiments with the sign of their effect and a placebo each (docs/model.md,
/// "Responses"), and for each behaviour an indicator that moves when it is switched off. Paired by seed; wiring and sign,
/// not evidence of credibility.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/statistics.h"
#include "scenarios/scenario.h"

namespace hutong {

/// Where the interval of an effect must lie.
enum class Sign : std::uint8_t { down, up, either, none };

/// A figure of one simulation: the sum over months of some indicators of the district, over that of others or per month.
struct Measure {
    std::vector<std::string_view> over, under;  ///< names of indicators; without `under`: the mean over the months
    int from = 1, until = 1;                    ///< months of the run, 1 the first
    std::string_view name;                      ///< what it is, in words

    int last_month() const { return until; }
};

/// `value`(indicator, month of the run) of the district. NaN where `under` adds up to nothing.
double measured(const Measure& measure, const std::function<double(std::string_view indicator, int month)>& value);

/// One comparison: entries upon the baseline for both sides, the changed one, and both sides' placebo: KEY=VALUE,
/// `neutral=BEHAVIOUR` or `decision=SPACE:KEY=VALUE`.
struct Response {
    int number = 0;                                              ///< in model.md; 0: a behaviour that is switched off
    std::string_view title;                                      ///< what is changed against what
    std::vector<std::string_view> both, base, changed, placebo;  ///< `both`: both sides; `base`: only the unchanged one
    std::string_view behaviour;                                  ///< switched off on the changed side, or empty
    Measure measure;
    Sign sign = Sign::none;
    std::string_view scale;  ///< fraction of the people for rare events; empty: as for the others

    bool has_placebo() const { return !placebo.empty(); }
};

/// The decision of an entry `decision=SPACE:KEY=VALUE`, KEY `use`, `experiment` (an unlawful use, on purpose) or `vacated`;
/// nothing for other entries.
std::optional<Decision> decision_of(std::string_view entry);

/// The responses that show on the bundled district; the others are tests on towns made for them (docs/responses.md).
const std::vector<Response>& district_responses();
/// One for each behaviour, in their order.
const std::vector<Response>& behaviour_responses();

/// Whether an effect is what it must be: its interval on the right side of zero, or anything where no sign is required.
bool holds(Sign sign, const Difference& effect);
/// Whether nothing is left of the effect: no pair differs, or the interval contains zero.
bool vanishes(const Difference& effect);

}  // namespace hutong
