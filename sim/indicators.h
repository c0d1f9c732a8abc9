/// Every indicator, declared once: name, label, unit, formula, denominator and what an empty set gives. Computed from
/// integer tallies at each level by itself: a ratio of a sub-district is never an average of its blocks' ratios.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/declare.h"
#include "core/text.h"
#include "scenarios/district.h"
#include "sim/tallies.h"

namespace hutong {

enum class Aggregation : std::uint8_t { sum, ratio, special };
std::string_view aggregation_name(Aggregation aggregation);

enum class Level : std::uint8_t { block, subdistrict, district };
inline constexpr int levels = 3;

struct Indicator {
    std::string name;              ///< "population", "jobs.retail"
    std::string label;             ///< English id; "{}" takes the kind's own name
    std::string kind_en, kind_zh;  ///< of a sector, service ...; empty when the label is complete
    std::string unit;
    std::string definition;   ///< formula in words
    std::string denominator;  ///< in words; empty for sums
    std::string empty_rule;   ///< what an empty set gives
    Status status = Status::derived;
    Aggregation aggregation = Aggregation::sum;
    bool money = false;           ///< stored as int64
    bool flow = false;            ///< of the month (else: at its end)
    Level lowest = Level::block;  ///< defined from this level up
    double factor = 1;            ///< value = factor * sum of numerator / sum of below
    std::vector<std::uint16_t> numerator, below;
    std::function<double(const MonthTallies&, std::size_t area)> special;
};

/// No value: an empty set.
double no_value();

class IndicatorSet {
public:
    explicit IndicatorSet(const District& district);
    const TallyLayout& layout() const { return layout_; }
    std::span<const Indicator> all() const { return indicators_; }
    std::size_t size() const { return indicators_.size(); }
    /// Index, or size() when there is no such indicator.
    std::size_t find(std::string_view name) const;

private:
    TallyLayout layout_;
    std::vector<Indicator> indicators_;
};

double value(const Indicator& indicator, const MonthTallies& tallies, std::size_t area);

/// The label in the reader's language.
std::string indicator_label(const Text& text, std::string_view label, std::string_view kind_en, std::string_view kind_zh);

/// A stage of a space as results name it, and its label (catalogue id); in the order of SpaceStage.
struct SpaceStageLabel {
    std::string_view name, label;
};
std::span<const SpaceStageLabel> space_stage_labels();

}  // namespace hutong
