#include "app/compare_output.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "app/session.h"
#include "app/summary.h"
#include "app/table.h"
#include "core/hdf5_file.h"

namespace hutong {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view statistics[] = {"base", "alternative", "difference", "low", "high"};
constexpr std::string_view level_names[levels] = {"block", "subdistrict", "district"};
constexpr std::size_t most_shown = 12;  // blocks named in the printed text

std::size_t find_indicator(const Outcomes& outcomes, std::string_view name) {
    for (std::size_t i = 0; i < outcomes.indicators.size(); ++i) {
        if (outcomes.indicators[i].name == name) return i;
    }
    return outcomes.indicators.size();
}

/// Index of the first cell of the last month both have.
std::size_t last_row(const Comparison& comparison, std::size_t areas) { return comparison.difference.size() - areas; }

Json number_or_null(double value) {
    if (!std::isfinite(value)) return nullptr;
    return value;
}

Json as_json(const Difference& d) {
    Json json{{"difference", number_or_null(d.mean)}, {"low", number_or_null(d.low)}, {"high", number_or_null(d.high)}, {"pairs", d.pairs}};
    if (d.has_interval()) {
        json["beyond_interval"] = d.sure();
    } else {
        json["beyond_interval"] = nullptr;
    }
    return json;
}

std::string interval_of(const Text& text, Form form, const Difference& d) {
    if (!d.has_interval() || !std::isfinite(d.low)) return "–";
    return fmt::format("{} … {}", formatted_change(text, form, d.low), formatted_change(text, form, d.high));
}

std::vector<std::string> line(const std::string& name, Form form, double base, double alternative, const Difference& d, const Text& text) {
    return {name,
            formatted(text, form, base),
            formatted(text, form, alternative),
            formatted_change(text, form, d.mean),
            interval_of(text, form, d),
            !d.has_interval() ? ""
            : d.sure()        ? text(tr("sure"))
                              : text(tr("contains 0"))};
}

std::string label_of(const IndicatorInfo& info, const Text& text) { return indicator_label(text, info.label, info.kind_en, info.kind_zh); }

std::vector<std::string> head(const Compared& c, std::string first, const Text& text) {
    return {std::move(first),
            c.base->name,
            c.alternative->name,
            text(tr("Difference")),
            text(msg("95 % interval ({})", text(interval_word(c.base->interval)))),
            ""};
}

void print_differences(const Compared& c, const Text& text) {
    if (c.differences.empty()) {
        fmt::print("{}\n", text(tr("The two scenarios say the same.")));
        return;
    }
    fmt::print("{}\n", text(tr("What the scenarios differ by:")));
    for (const ScenarioDifference& one : c.differences) {
        const std::string none = text(tr("(not there)"));
        fmt::print("  {}: {} -> {}\n", one.key, one.base.empty() ? none : one.base, one.other.empty() ? none : one.other);
    }
}

void print_gains(const Compared& c, const Text& text) {
    for (const PairingGain& gain : c.gains) {
        if (!std::isfinite(gain.paired_half_width)) continue;
        fmt::print("{}\n", text(msg("Population in {}: interval ±{} paired by seed, ±{} with unrelated seeds: {} times narrower",
                                    c.base->months[gain.month], text.number(gain.paired_half_width), text.number(gain.unpaired_half_width),
                                    std::isfinite(gain.ratio()) ? text.number(gain.ratio()) : std::string("∞"))));
    }
}

void print_blocks(const Compared& c, std::size_t indicator, const PlaceNames& places, const Text& text) {
    const Comparison by_block = compare(*c.base, *c.alternative, indicator, Level::block);
    if (by_block.difference.empty() || c.base->replicates < 2) return;
    const std::size_t first = last_row(by_block, places.blocks.size());
    std::vector<std::size_t> sure;
    for (std::size_t b = 0; b < places.blocks.size(); ++b) {
        if (by_block.difference[first + b].sure()) sure.push_back(b);
    }
    std::stable_sort(sure.begin(), sure.end(), [&](std::size_t x, std::size_t y) {
        return std::fabs(by_block.difference[first + x].mean) > std::fabs(by_block.difference[first + y].mean);
    });
    fmt::print("{}\n", text(msg("{}: in {} of {} blocks the difference can be told from zero; in the others it cannot",
                                label_of(c.base->indicators[indicator], text), sure.size(), places.blocks.size())));
    const Form form = form_of(c.base->indicators[indicator].unit);
    std::string list;
    for (std::size_t k = 0; k < std::min(most_shown, sure.size()); ++k)
        list +=
            (k > 0 ? ", " : "  ") + places.blocks[sure[k]] + " " + formatted_change(text, form, by_block.difference[first + sure[k]].mean);
    if (sure.size() > most_shown) list += " …";
    if (!list.empty()) fmt::print("{}\n", list);
}

void print_levers(const Compared& c, const Text& text) {
    if (c.levers.empty()) return;
    fmt::print("\n{}\n", text(msg("Which lever made the difference, the district in {}",
                                  c.base->months[std::min(c.base->months.size(), c.alternative->months.size()) - 1])));
    std::vector<std::vector<std::string>> cells{{text(tr("Lever")), text(tr("Indicator")), text(tr("Alone")), text(tr("95 % interval")),
                                                 text(tr("Shapley value")), text(tr("95 % interval")), text(tr("Sampling error"))}};
    for (const LeverShare& one : c.levers) {
        const IndicatorInfo& info = c.base->indicators[find_indicator(*c.base, one.indicator)];
        const Form form = form_of(info.unit);
        cells.push_back({one.lever, label_of(info, text), formatted_change(text, form, one.alone.mean), interval_of(text, form, one.alone),
                         formatted_change(text, form, one.shapley.mean), interval_of(text, form, one.shapley),
                         one.sampled ? formatted_spread(text, form, one.sampling_error) : "–"});
    }
    fmt::print("{}", format_table(cells));
}

}  // namespace

RunMarks marks_of(const Compared& c) {
    RunMarks marks = c.alternative->marks;
    marks.experiment = marks.experiment || c.base->marks.experiment;
    for (const std::string& name : c.base->marks.neutral) {
        if (std::find(marks.neutral.begin(), marks.neutral.end(), name) == marks.neutral.end()) marks.neutral.push_back(name);
    }
    return marks;
}

void print_tables(const Compared& c, const std::vector<std::string>& indicators, const PlaceNames& places, const Text& text) {
    const std::size_t months = std::min(c.base->months.size(), c.alternative->months.size());
    fmt::print("{}\n", text(msg("{} against {}, {}, {} replicates paired by seed", c.alternative->name, c.base->name,
                                c.base->months[months - 1], c.base->replicates)));
    for (const std::string& mark : mark_texts(marks_of(c), text)) fmt::print("! {}\n", mark);
    fmt::print("{}\n", text(msg("Interval: {}", text(interval_text(c.base->interval)))));
    if (c.base->replicates < 2) fmt::print("{}\n", text(tr("One replicate gives no interval: add --replicates")));
    print_differences(c, text);
    std::vector<std::vector<std::string>> cells{head(c, "", text)};
    for (const auto name : summary_indicators()) {
        const std::size_t i = find_indicator(*c.base, name);
        if (i == c.base->indicators.size()) continue;
        const Comparison whole = compare(*c.base, *c.alternative, i, Level::district);
        if (whole.difference.empty()) continue;
        const IndicatorInfo& info = c.base->indicators[i];
        cells.push_back(
            line(label_of(info, text), form_of(info.unit), whole.base.back(), whole.alternative.back(), whole.difference.back(), text));
    }
    fmt::print("\n{}\n", format_table(cells));
    print_gains(c, text);
    for (const std::string& name : indicators) {
        const std::size_t i = find_indicator(*c.base, name);
        const Comparison by_subdistrict = compare(*c.base, *c.alternative, i, Level::subdistrict);
        print_blocks(c, i, places, text);
        if (by_subdistrict.difference.empty()) continue;
        const IndicatorInfo& info = c.base->indicators[i];
        cells = {head(c, label_of(info, text), text)};
        const std::size_t first = last_row(by_subdistrict, places.subdistricts.size());
        for (std::size_t s = 0; s < places.subdistricts.size(); ++s) {
            cells.push_back(line(places.subdistricts[s], form_of(info.unit), by_subdistrict.base[first + s],
                                 by_subdistrict.alternative[first + s], by_subdistrict.difference[first + s], text));
        }
        fmt::print("\n{}", format_table(cells));
    }
    print_levers(c, text);
    fmt::print("\n");
}

std::string compared_json(const std::vector<Compared>& all, const std::vector<std::string>& indicators, const PlaceNames& places) {
    Json json;
    const Outcomes& base = *all.front().base;
    json["base"] = base.name;
    json["replicates"] = base.replicates;
    json["seed"] = base.seed;
    json["interval"] = interval_name(base.interval);
    for (const Compared& c : all) {
        Json one;
        const std::size_t months = std::min(base.months.size(), c.alternative->months.size());
        one["scenario"] = c.alternative->name;
        one["month"] = base.months[months - 1];
        const RunMarks marks = marks_of(c);
        one["marks"] = {{"scale", marks.scale},
                        {"experiment", marks.experiment},
                        {"schematic_blocks", marks.schematic_blocks},
                        {"neutral", marks.neutral}};
        one["scenario_difference"] = Json::array();
        for (const ScenarioDifference& d : c.differences)
            one["scenario_difference"].push_back({{"key", d.key}, {"base", d.base}, {"alternative", d.other}});
        for (const auto name : summary_indicators()) {
            const std::size_t i = find_indicator(base, name);
            if (i == base.indicators.size()) continue;
            const Comparison whole = compare(base, *c.alternative, i, Level::district);
            if (whole.difference.empty()) continue;
            Json entry = as_json(whole.difference.back());
            entry["unit"] = base.indicators[i].unit;
            entry["base"] = number_or_null(whole.base.back());
            entry["alternative"] = number_or_null(whole.alternative.back());
            one["district"][std::string(name)] = std::move(entry);
        }
        one["pairing"] = Json::array();
        for (const PairingGain& gain : c.gains) {
            one["pairing"].push_back({{"month", base.months[gain.month]},
                                      {"months", gain.month},
                                      {"half_width_paired", number_or_null(gain.paired_half_width)},
                                      {"half_width_unpaired", number_or_null(gain.unpaired_half_width)},
                                      {"times_narrower", number_or_null(gain.ratio())}});
        }
        for (const std::string& name : indicators) {
            const std::size_t i = find_indicator(base, name);
            for (const Level level : {Level::subdistrict, Level::block}) {
                const auto& codes = level == Level::block ? places.block_codes : places.subdistricts;
                const Comparison by_area = compare(base, *c.alternative, i, level);
                if (by_area.difference.empty()) continue;
                const std::size_t first = last_row(by_area, codes.size());
                auto& list = one[level == Level::block ? "blocks" : "subdistricts"][name] = Json::array();
                for (std::size_t a = 0; a < codes.size(); ++a) {
                    Json entry = as_json(by_area.difference[first + a]);
                    entry["name"] = codes[a];
                    list.push_back(std::move(entry));
                }
            }
        }
        for (const LeverShare& share : c.levers) {
            one["levers"].push_back({{"lever", share.lever},
                                     {"indicator", share.indicator},
                                     {"alone", as_json(share.alone)},
                                     {"shapley", as_json(share.shapley)},
                                     {"sampling_error", share.sampling_error}});
        }
        json["alternatives"].push_back(std::move(one));
    }
    return json.dump(2);
}

std::string compared_file(const std::vector<Compared>& all, const PlaceNames& places, const Parallel& parallel) {
    Hdf5Writer file;
    file.group("/meta");
    const Outcomes& base = *all.front().base;
    file.attribute("/meta", "format", "hutong comparison");
    file.attribute("/meta", "schema", results_schema);
    file.attribute("/meta", "version", program_version());
    file.attribute("/meta", "base", std::string_view(base.name));
    file.attribute("/meta", "district_hash", std::string_view(base.district_hash));
    file.attribute("/meta", "replicates", static_cast<std::int64_t>(base.replicates));
    file.attribute("/meta", "seed", static_cast<std::int64_t>(base.seed));
    file.attribute("/meta", "scale", base.marks.scale);
    file.attribute("/meta", "schematic_blocks", std::int64_t{base.marks.schematic_blocks});
    file.attribute("/meta", "interval", interval_text(base.interval));
    file.text("/meta/base_text", base.scenario_text);
    file.texts("/months", base.months);
    file.texts("/blocks/code", places.block_codes);
    file.texts("/blocks/name", places.blocks);
    file.texts("/subdistricts/name", places.subdistricts);
    file.texts("/statistics", {std::begin(statistics), std::end(statistics)});
    file.attribute("/statistics", "definition",
                   "means of base and alternative, mean of the paired differences, 95 % interval (Student's t over the pairs)");
    for (std::size_t k = 0; k < all.size(); ++k) {
        const Compared& c = all[k];
        const std::string root = fmt::format("/alternative_{}", k + 1);
        file.group(root);
        file.attribute(root, "scenario", std::string_view(c.alternative->name));
        file.attribute(root, "experiment", std::int64_t{marks_of(c).experiment});
        file.text(root + "/scenario_text", c.alternative->scenario_text);
        std::vector<std::string> keys, before, after;
        for (const ScenarioDifference& d : c.differences) {
            keys.push_back(d.key);
            before.push_back(d.base);
            after.push_back(d.other);
        }
        file.texts(root + "/scenario_difference/key", keys);
        file.texts(root + "/scenario_difference/base", before);
        file.texts(root + "/scenario_difference/alternative", after);
        const std::size_t months = std::min(base.months.size(), c.alternative->months.size());
        for (std::size_t l = 0; l < static_cast<std::size_t>(levels); ++l) {
            const auto level = static_cast<Level>(l);
            const std::size_t areas = base.areas[l];
            std::vector<Comparison> found(base.indicators.size());
            const auto work = [&](std::size_t i) { found[i] = compare(base, *c.alternative, i, level); };
            if (base.concurrent && c.alternative->concurrent) {
                parallel.for_grains(found.size(), 1, [&](std::size_t i, std::size_t, std::size_t) { work(i); });
            } else {
                for (std::size_t i = 0; i < found.size(); ++i) work(i);
            }
            for (std::size_t i = 0; i < found.size(); ++i) {
                const Comparison& one = found[i];
                if (one.difference.empty()) continue;
                std::vector<float> values(std::size(statistics) * one.difference.size());
                std::vector<std::uint8_t> mark(one.difference.size());
                for (std::size_t cell = 0; cell < one.difference.size(); ++cell) {
                    const Difference& d = one.difference[cell];
                    const double five[] = {one.base[cell], one.alternative[cell], d.mean, d.low, d.high};
                    for (std::size_t s = 0; s < std::size(five); ++s) values[s * mark.size() + cell] = static_cast<float>(five[s]);
                    mark[cell] = !d.has_interval() ? 2 : d.sure() ? 1 : 0;
                }
                Extent extent{std::size(statistics), months, areas}, plane{months, areas};
                if (level == Level::district) {
                    extent.pop_back();
                    plane.pop_back();
                }
                const std::string name = fmt::format("{}/{}/{}", root, level_names[l], base.indicators[i].name);
                const std::string marks = fmt::format("{}/{}_sure/{}", root, level_names[l], base.indicators[i].name);
                file.data<float>(name, values, extent);
                file.attribute(name, "unit", std::string_view(base.indicators[i].unit));
                file.attribute(name, "label", std::string_view(base.indicators[i].label));
                file.attribute(name, "interval", interval_name(base.interval));
                file.data<std::uint8_t>(marks, mark, plane);
                file.attribute(marks, "values", "1: the interval does not contain zero; 0: it does; 2: no interval");
            }
        }
        for (std::size_t i = 0; i < c.levers.size(); ++i) {
            const LeverShare& one = c.levers[i];
            const std::string at = fmt::format("{}/levers/{:04}", root, i);
            file.data<double>(at, std::vector<double>{one.alone.mean, one.alone.low, one.alone.high, one.shapley.mean, one.shapley.low,
                                                      one.shapley.high, one.sampling_error});
            file.attribute(at, "lever", std::string_view(one.lever));
            file.attribute(at, "indicator", std::string_view(one.indicator));
            file.attribute(at, "columns", "alone low high shapley low high sampling_error");
        }
    }
    return file.finish();
}

}  // namespace hutong
