/// Differences between two sets of replicates paired by seed: by indicator, area and month, with intervals and marks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analysis/statistics.h"
#include "sim/ensemble_parts.h"
#include "sim/results.h"

namespace hutong {

/// The replicates of one scenario, wherever they are kept.
struct Outcomes {
    std::string name;  ///< of the scenario
    std::string scenario_text;
    std::string district_hash;
    std::uint64_t seed = 0;
    RunMarks marks;
    Interval interval = Interval::chance;
    std::size_t replicates = 0;
    std::vector<std::string> months;  ///< labels; the first is the state at the start
    std::vector<std::size_t> areas;   ///< [level]
    std::vector<IndicatorInfo> indicators;
    bool concurrent = false;  ///< `values` may be called by several threads
    /// [month * areas + area]; empty below the indicator's lowest level.
    std::function<std::vector<double>(std::size_t indicator, Level level, std::size_t replicate)> values;
};

Outcomes outcomes_of(std::shared_ptr<const Results> results);
Outcomes outcomes_of(std::shared_ptr<const Parts> parts, const Model& model, const IndicatorSet& indicators, Interval interval);
/// The same before anything is simulated, without values: what check_comparable needs.
Outcomes planned_outcomes(const Model& model, const IndicatorSet& indicators, Interval interval);
std::vector<IndicatorInfo> indicator_infos(const IndicatorSet& indicators);

/// Throws Error(usage) when the two cannot be paired: other districts, seeds, starts, scales or numbers of replicates.
void check_comparable(const Outcomes& base, const Outcomes& alternative);

/// The kind of interval in a word, for heads of tables and legends.
std::string_view interval_word(Interval interval);

/// One indicator at one level over the months both have, [month * areas + area].
struct Comparison {
    std::vector<double> base, alternative;  ///< means over the replicates
    std::vector<Difference> difference;     ///< alternative - base, paired by seed
};
/// Empty when the level does not have the indicator. `indicator` counts in base.indicators.
Comparison compare(const Outcomes& base, const Outcomes& alternative, std::size_t indicator, Level level);

/// How much narrower pairing made the interval of a difference: against the interval that as many replicates with
/// unrelated seeds would give (their variances add up).
struct PairingGain {
    std::size_t month = 0;
    double paired_half_width = 0, unpaired_half_width = 0;
    double ratio() const { return unpaired_half_width / paired_half_width; }  ///< infinite when all pairs differ by the same
};
PairingGain pairing_gain(const Outcomes& base, const Outcomes& alternative, std::size_t indicator, std::size_t month);

}  // namespace hutong
