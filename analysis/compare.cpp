#include "analysis/compare.h"

#include <algorithm>
#include <cmath>

#include "core/hash.h"
#include "sim/summary.h"

namespace hutong {
namespace {

[[noreturn]] void cannot(const Outcomes& a, const Outcomes& b, Message why, Message advice) {
    throw Error(ErrorKind::usage, msg("'{}' and '{}' cannot be compared", a.name, b.name), std::move(why), std::move(advice));
}

std::size_t same_indicator(const Outcomes& base, const Outcomes& other, std::size_t indicator) {
    const std::string& name = base.indicators[indicator].name;
    if (indicator < other.indicators.size() && other.indicators[indicator].name == name) return indicator;
    for (std::size_t i = 0; i < other.indicators.size(); ++i) {
        if (other.indicators[i].name == name) return i;
    }
    return other.indicators.size();
}

std::vector<std::vector<double>> all_values(const Outcomes& outcomes, std::size_t indicator, Level level) {
    std::vector<std::vector<double>> all;
    for (std::size_t r = 0; r < outcomes.replicates; ++r) all.push_back(outcomes.values(indicator, level, r));
    return all;
}

}  // namespace

std::string_view interval_word(Interval interval) {
    constexpr std::string_view words[] = {tr("chance"), tr("assumptions"), tr("data")};
    return words[static_cast<std::size_t>(interval)];
}

std::vector<IndicatorInfo> indicator_infos(const IndicatorSet& indicators) {
    std::vector<IndicatorInfo> infos;
    for (const Indicator& one : indicators.all()) {
        infos.push_back({one.name, one.label, one.kind_en, one.kind_zh, one.unit, one.definition, std::string(status_name(one.status)),
                         one.lowest, one.money});
    }
    return infos;
}

Outcomes outcomes_of(std::shared_ptr<const Results> results) {
    Outcomes all;
    all.name = results->scenario_name;
    all.scenario_text = results->scenario_text;
    all.district_hash = results->district_hash;
    all.seed = results->seed;
    all.marks = results->marks;
    all.interval = results->interval;
    all.replicates = results->replicates;
    all.months = results->months;
    all.areas = {results->blocks.size(), results->subdistricts.size(), 1};
    all.indicators = results->indicators;
    all.values = [results](std::size_t indicator, Level level, std::size_t replicate) {
        return results->values(results->indicators[indicator], level, replicate);
    };
    return all;
}

Outcomes planned_outcomes(const Model& model, const IndicatorSet& indicators, Interval interval) {
    Outcomes all;
    const Scenario& scenario = model.scenario;
    all.name = scenario.name;
    all.scenario_text = scenario.text;
    all.district_hash = hex(model.district.hash);
    all.seed = scenario.run.seed;
    all.marks = marks_of(model);
    all.interval = interval;
    all.replicates = static_cast<std::size_t>(scenario.run.replicates);
    for (int row = 0; row <= scenario.run.months; ++row) all.months.push_back((scenario.run.start + (row - 1)).text());
    all.areas = {model.district.blocks.size(), model.district.subdistricts.size(), 1};
    all.indicators = indicator_infos(indicators);
    return all;
}

Outcomes outcomes_of(std::shared_ptr<const Parts> parts, const Model& model, const IndicatorSet& indicators, Interval interval) {
    Outcomes all = planned_outcomes(model, indicators, interval);
    HUTONG_EXPECT(all.replicates == parts->count() && all.months.size() == parts->rows());
    all.concurrent = true;
    all.values = [parts](std::size_t indicator, Level level, std::size_t replicate) { return parts->values(replicate, indicator, level); };
    return all;
}

void check_comparable(const Outcomes& base, const Outcomes& other) {
    if (base.district_hash != other.district_hash || base.areas != other.areas)
        cannot(base, other, msg("they are of different districts"), msg("compare scenarios of one district"));
    if (base.months.front() != other.months.front())
        cannot(base, other, msg("they start in different months"), msg("compare scenarios with one start"));
    if (base.marks.scale != other.marks.scale)
        cannot(base, other, msg("they simulate different fractions of the people"), msg("give both the same --scale"));
    if (base.seed != other.seed) cannot(base, other, msg("they have different seeds, so no pairs"), msg("give both the same --seed"));
    if (base.interval != other.interval)
        cannot(base, other,
               msg("their replicates differ by different things ({} and {})", interval_name(base.interval), interval_name(other.interval)),
               msg("make both the same way"));
    if (base.replicates != other.replicates) {
        cannot(base, other, msg("one has {} replicates, the other {}", base.replicates, other.replicates),
               msg("make the missing replicates, so that each has its pair"));
    }
}

Comparison compare(const Outcomes& base, const Outcomes& alternative, std::size_t indicator, Level level) {
    Comparison out;
    const std::size_t own = same_indicator(base, alternative, indicator);
    if (own == alternative.indicators.size() || level < base.indicators[indicator].lowest) return out;
    const auto a = all_values(base, indicator, level), b = all_values(alternative, own, level);
    const std::size_t cells = std::min(base.months.size(), alternative.months.size()) * base.areas[static_cast<std::size_t>(level)];
    const std::size_t pairs = std::min(a.size(), b.size());
    std::vector<double> left(pairs), right(pairs);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        for (std::size_t r = 0; r < pairs; ++r) {
            left[r] = a[r][cell];
            right[r] = b[r][cell];
        }
        out.base.push_back(mean_of(left));
        out.alternative.push_back(mean_of(right));
        out.difference.push_back(paired_difference(left, right));
    }
    return out;
}

PairingGain pairing_gain(const Outcomes& base, const Outcomes& alternative, std::size_t indicator, std::size_t month) {
    std::vector<double> a, b;
    const std::size_t own = same_indicator(base, alternative, indicator);
    for (std::size_t r = 0; r < std::min(base.replicates, alternative.replicates); ++r) {
        a.push_back(base.values(indicator, Level::district, r).at(month));
        b.push_back(alternative.values(own, Level::district, r).at(month));
    }
    const Difference paired = paired_difference(a, b), unpaired = unpaired_difference(a, b);
    return {month, (paired.high - paired.low) / 2, (unpaired.high - unpaired.low) / 2};
}

}  // namespace hutong
