// Purpose, levers, key results, maps.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "analysis/compare.h"
#include "analysis/report_sections.h"
#include "scenarios/policy.h"

namespace hutong {
namespace {

const std::vector<std::string_view> shown_first{
    "population",  "headroom",          "floating",     "self_containment",   "self_sufficiency", "jobs_housing",
    "local_staff", "unemployment",      "jobs",         "high_end_share",     "day_population",   "coverage",
    "circle",      "shortfall_between", "satisfaction", "green_per_resident", "parking_per_car",  "vacated_area",
    "reused_area", "reagglomeration"};
constexpr std::array<std::string_view, 6> subdistrict_indicators{"population",   "self_containment", "self_sufficiency",
                                                                 "jobs_housing", "coverage",         "green_per_resident"};
constexpr std::size_t most_map_layers = 12;
constexpr std::array<std::string_view, most_map_layers> map_indicators{
    "population", "floating",     "self_containment",   "self_sufficiency", "jobs",         "coverage",
    "circle",     "satisfaction", "green_per_resident", "parking_per_car",  "vacated_area", "reused_area"};
/// With alternatives half of the layers show the base and half the difference.
constexpr std::array<std::string_view, most_map_layers / 2> compared_indicators{"population", "self_containment",   "jobs",
                                                                                "coverage",   "green_per_resident", "reused_area"};
constexpr double normal_975 = 1.959963984540054;

/// Half of the 95 % interval of a difference, as if the replicates were not paired: never too narrow.
double half_width(const Estimate& a, const Estimate& b) { return normal_975 * std::sqrt(a.error * a.error + b.error * b.error); }

void add_interval_columns(ReportTable& table, const Composer& c, Form form) {
    auto pair = [&](std::string_view low, std::string_view high) {
        table.columns.push_back({c.t(low), form, false});
        table.columns.push_back({c.t(high), form, false});
    };
    if (c.base().results.replicates > 1) pair(tr("Chance, 5 %"), tr("Chance, 95 %"));
    if (c.input.assumptions) pair(tr("Assumptions, 5 %"), tr("Assumptions, 95 %"));
    if (c.input.data) pair(tr("Data, 5 %"), tr("Data, 95 %"));
}

template <class F>
void add_intervals(std::vector<Cell>& row, const Composer& c, F&& estimate) {
    auto pair = [&](const ReportData& data) {
        const Estimate e = estimate(data);
        row.emplace_back(e.low);
        row.emplace_back(e.high);
    };
    if (c.base().results.replicates > 1) pair(c.base());
    if (c.input.assumptions) pair(*c.input.assumptions);
    if (c.input.data) pair(*c.input.data);
}

/// The alternative in the comparison file, where one was given that holds it.
std::optional<std::size_t> compared(const Composer& c, const ReportData& one) {
    return c.input.comparison == nullptr ? std::nullopt : c.input.comparison->alternative_of(one);
}

void add_alternative_columns(ReportTable& table, const Composer& c, Form form) {
    for (const ReportData* one : c.input.alternatives) {
        table.columns.push_back({c.scenario_name(*one), form, false});
        table.columns.push_back({c.t(tr("Difference from the base")), form_of_change(form), true});
        if (compared(c, *one)) {
            table.columns.push_back({c.t(tr("Difference, from (95 %, paired)")), form_of_change(form), true});
            table.columns.push_back({c.t(tr("Difference, to (95 %, paired)")), form_of_change(form), true});
        }
        if (c.base().results.replicates > 1 && one->results.replicates > 1)
            table.columns.push_back({c.t(tr("Difference ± (95 %, as if unpaired)")), form_of_change(form), false});
    }
}

/// `estimate` of a file; `subdistrict` says where the paired difference is to be looked up.
template <class F>
void add_alternatives(std::vector<Cell>& row, const Composer& c, std::string_view indicator, std::optional<std::size_t> subdistrict,
                      F&& estimate) {
    const Estimate base = estimate(c.base());
    for (const ReportData* one : c.input.alternatives) {
        const Estimate other = estimate(*one);
        row.emplace_back(other.mean);
        row.emplace_back(other.mean - base.mean);
        if (const auto at = compared(c, *one)) {
            const auto row_there = c.input.comparison->row_of(one->results.months[one->last()]);
            const PairedEstimate pairs =
                row_there ? c.input.comparison->difference(*at, indicator, *row_there, subdistrict) : PairedEstimate{};
            row.emplace_back(pairs.low);
            row.emplace_back(pairs.high);
        }
        if (c.base().results.replicates > 1 && one->results.replicates > 1) row.emplace_back(half_width(base, other));
    }
}

std::string interval_note(const Composer& c) {
    std::string note;
    auto say = [&](const std::string& sentence) { note = c.joined(note, sentence); };
    if (c.base().results.replicates == 1) {
        say(c.t(tr("One replicate only: there is no chance interval. Run 'hutong ensemble' to have one.")));
    } else {
        say(c.t(msg("Chance: 5 % to 95 % of {} replicates, which differ by their draws alone.", c.base().results.replicates)));
    }
    say(c.input.assumptions ? c.t(msg("Assumptions: 5 % to 95 % of {} replicates with the same draws and other assumptions.",
                                      c.input.assumptions->results.replicates))
                            : c.t(tr("Interval from assumptions: not computed.")));
    say(c.input.data ? c.t(msg("Data: 5 % to 95 % of {} replicates with the same draws and another district within what is known of it.",
                               c.input.data->results.replicates))
                     : c.t(tr("Interval from data: not computed.")));
    return note;
}

std::string difference_note(const Composer& c) {
    if (c.input.alternatives.empty()) return {};
    std::string note;
    if (c.base().results.replicates > 1)
        note = c.t(tr("The width ± of a difference is computed as if the replicates were not paired, so it is never too narrow."));
    if (c.input.comparison != nullptr)
        return c.joined(note, c.t(msg("From and to: 95 % interval ({}) over {} pairs of replicates with the same draws.",
                                      c.t(interval_word(c.input.comparison->interval)), c.input.comparison->replicates)));
    return c.joined(note, c.t(tr("The narrower interval of paired replicates is shown when the file of 'hutong compare ... --out FILE' is "
                                 "given with --comparison.")));
}

}  // namespace

const std::vector<std::string_view>& key_indicators() { return shown_first; }

ReportTable indicator_table(const Composer& c, std::string id, std::string title, const std::vector<std::string_view>& indicators) {
    ReportTable table;
    table.id = std::move(id);
    table.title = std::move(title);
    table.note = c.joined(interval_note(c), difference_note(c));
    const auto& months = c.base().results.months;
    table.columns = {{c.t(tr("Indicator")), Form::text, false},
                     {months.front(), Form::number, false},
                     {months.back(), Form::number, false},
                     {c.t(tr("Change")), Form::number, true}};
    add_interval_columns(table, c, Form::number);
    add_alternative_columns(table, c, Form::number);
    for (const std::string_view name : indicators) {
        if (!c.base().has(name)) continue;
        const double start = c.base().district(name, 0).mean, end = c.base().district(name, c.base().last()).mean;
        std::vector<Cell> row{c.label(name), start, end, end - start};
        auto estimate = [&](const ReportData& data) { return data.district(name, data.last()); };
        add_intervals(row, c, estimate);
        add_alternatives(row, c, name, std::nullopt, estimate);
        table.rows.push_back(std::move(row));
        table.row_forms.push_back(c.form(name));
    }
    return table;
}

namespace {

ReportTable subdistrict_table(const Composer& c, std::string_view name) {
    ReportTable table;
    table.id = "subdistricts_" + std::string(name);
    table.title = c.t(msg("By sub-district: {}", c.label(name)));
    const Form form = c.form(name);
    const auto& months = c.base().results.months;
    table.columns = {{c.t(tr("Sub-district")), Form::text, false},
                     {months.front(), form, false},
                     {months.back(), form, false},
                     {c.t(tr("Change")), form_of_change(form), true}};
    add_interval_columns(table, c, form);
    add_alternative_columns(table, c, form);
    const auto& places = c.base().results.subdistricts;
    for (std::size_t s = 0; s < places.size(); ++s) {
        const double start = c.base().subdistrict(name, s, 0).mean, end = c.base().subdistrict(name, s, c.base().last()).mean;
        std::vector<Cell> row{c.pick(places[s].name_zh, places[s].name_en), start, end, end - start};
        auto estimate = [&](const ReportData& data) { return data.subdistrict(name, s, data.last()); };
        add_intervals(row, c, estimate);
        add_alternatives(row, c, name, s, estimate);
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// A lever's value as a reader wants it: figures with thousands, words in his language.
std::string lever_value(const Composer& c, const std::string& value) {
    static constexpr std::string_view words[] = {tr("central"), tr("first_come"), tr("policy"),     tr("full"), tr("any"),
                                                 tr("all"),     tr("resident"),   tr("registered"), tr("true"), tr("false")};
    for (const std::string_view word : words) {
        if (word == value) return c.t(word);
    }
    char* end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    constexpr double thousand = 1000;
    if (value.empty() || *end != '\0' || std::fabs(number) < thousand) return value;
    return c.text.number(number, number == std::round(number) ? 0 : 2);
}

/// "C4.1, C4.2" of the list as TOML writes it; "none" for an empty one.
std::string clause_list(const Composer& c, std::string value) {
    std::erase_if(value, [](char letter) { return letter == '[' || letter == ']' || letter == '"'; });
    return value.empty() ? c.t(tr("none")) : value;
}

/// Levers of the scenario as path, label, clause, unit, default, value.
ReportTable lever_table(const Composer& c) {
    ReportTable table;
    table.id = "levers";
    table.title = c.t(tr("Levers"));
    table.note = c.t(tr("Rows marked with ● differ from the guideline's declared default or between the scenarios."));
    table.columns = {{"", Form::text, false},
                     {c.t(tr("Lever")), Form::text, false},
                     {c.t(tr("Clause")), Form::text, false},
                     {c.t(tr("Unit")), Form::text, false},
                     {c.t(tr("Declared default")), Form::text, false},
                     {c.scenario_name(c.base()), Form::text, false}};
    for (const ReportData* one : c.input.alternatives) table.columns.push_back({c.scenario_name(*one), Form::text, false});
    auto shown = [](const ParameterValue& value) { return std::visit([](const auto& v) { return fmt::format("{}", v); }, value); };
    std::vector<std::vector<Cell>> same;
    for (const ParameterRow& lever : list_parameters(Levers{}, "policy")) {
        const std::string standard = shown(lever.value);
        std::vector<std::string> values{c.base().scenario.value(lever.path)};
        for (const ReportData* one : c.input.alternatives) values.push_back(one->scenario.value(lever.path));
        const bool differs = std::any_of(values.begin(), values.end(), [&](const std::string& v) { return v != standard; });
        std::vector<Cell> row{differs ? "●" : "", c.t(lever.declaration.label), std::string(lever.declaration.clause),
                              c.t(lever.declaration.unit), lever_value(c, standard)};
        for (const std::string& value : values) row.emplace_back(lever_value(c, value));
        (differs ? table.rows : same).push_back(std::move(row));
    }
    std::vector<std::string> off{c.base().scenario.value("policy.off")};
    for (const ReportData* one : c.input.alternatives) off.push_back(one->scenario.value("policy.off"));
    std::vector<Cell> row{std::any_of(off.begin(), off.end(), [](const std::string& v) { return v != "[]"; }) ? "●" : "",
                          c.t(tr("Clauses switched off")), "", "", c.t(tr("none"))};
    for (const std::string& value : off) row.emplace_back(clause_list(c, value));
    table.rows.insert(table.rows.begin(), std::move(row));
    table.rows.insert(table.rows.end(), same.begin(), same.end());
    return table;
}

/// Changes and decisions of every scenario, one row each.
ReportTable entry_table(const Composer& c) {
    ReportTable table;
    table.id = "changes";
    table.title = c.t(tr("Changes of levers and decisions on spaces"));
    table.columns = {{c.t(tr("Scenario")), Form::text, false},
                     {c.t(tr("Kind")), Form::text, false},
                     {c.t(tr("Month")), Form::text, false},
                     {c.t(tr("What")), Form::text, false}};
    std::vector<const ReportData*> all{&c.base()};
    all.insert(all.end(), c.input.alternatives.begin(), c.input.alternatives.end());
    for (const ReportData* one : all) {
        auto add = [&](const ScenarioText::Entry& entry, std::string_view kind) {
            std::string what, month = entry.month;
            for (const auto& [key, value] : entry.values) {
                if (key == "from") month = value;
                what += fmt::format("{}{} = {}", what.empty() ? "" : "; ", key, value);
            }
            table.rows.push_back({c.scenario_name(*one), c.t(kind), month, what});
        };
        for (const auto& entry : one->scenario.changes) add(entry, tr("Change of levers"));
        for (const auto& entry : one->scenario.decisions) add(entry, tr("Decision on a space"));
    }
    return table;
}

/// Which blocks of a layer of differences are grey, by year; nothing where the comparison has no interval for them.
void mark_unsure(MapLayer& layer, const Composer& c, std::string_view indicator, const ReportData& other) {
    const auto at = compared(c, other);
    if (!at || c.input.comparison->replicates < 2) return;
    const ComparisonFile& file = *c.input.comparison;
    for (const std::size_t year : c.base().years) {
        const auto row = file.row_of(c.base().results.months[year]);
        const auto cells = row ? file.block_differences(*at, indicator, *row) : std::vector<BlockDifference>();
        auto& marks = layer.unsure.emplace_back(c.base().results.blocks.size(), std::uint8_t{0});
        for (std::size_t b = 0; b < std::min(cells.size(), marks.size()); ++b) marks[b] = cells[b].told == Told::no ? 1 : 0;
    }
    layer.interval = c.t(interval_word(file.interval));
}

/// Blocks of the differences at the end of the run, each with what its interval says of it.
ReportTable block_difference_table(const Composer& c, const ReportData& other, std::size_t alternative) {
    const ComparisonFile& file = *c.input.comparison;
    const std::string word = c.t(interval_word(file.interval)), month = other.results.months.back();
    ReportTable table;
    table.id = "block_differences_" + std::to_string(alternative + 1);
    table.title = c.t(msg("By block: {} less the base, {}", c.scenario_name(other), month));
    table.note = c.t(msg("Sure: the 95 % interval ({}) over {} pairs of replicates does not contain zero.", word, file.replicates));
    table.folded = true;
    table.columns = {{c.t(tr("Block")), Form::text, false}};
    const auto row = file.row_of(month);
    std::vector<std::vector<BlockDifference>> cells;
    for (const std::string_view name : compared_indicators) {
        if (!row || !c.base().has(name)) continue;
        auto found = file.block_differences(alternative, name, *row);
        if (found.size() != c.base().results.blocks.size()) continue;
        cells.push_back(std::move(found));
        table.columns.push_back({c.label(name), form_of_change(c.form(name)), true});
        table.columns.push_back({c.t(msg("{}: sure ({})", c.label(name), word)), Form::text, false});
    }
    if (cells.empty()) return table;
    for (std::size_t b = 0; b < c.base().results.blocks.size(); ++b) {
        std::vector<Cell> line{c.block_name(b)};
        for (const auto& one : cells) {
            line.emplace_back(one[b].pairs.mean);
            line.emplace_back(one[b].told == Told::yes ? c.t(tr("yes")) : one[b].told == Told::no ? c.t(tr("no")) : std::string("–"));
        }
        table.rows.push_back(std::move(line));
    }
    return table;
}

/// What is grey, and by which interval.
std::string grey_note(const Composer& c) {
    const ComparisonFile& file = *c.input.comparison;
    if (file.replicates < 2) return c.t(tr("The comparison holds one pair of replicates: no block can be told from zero or not."));
    const std::string word = c.t(interval_word(file.interval));
    if (file.interval == Interval::data)
        return c.t(
            tr("Blocks whose difference has zero in its data interval are grey: what is known of the district does not tell its sign."));
    return c.t(
        msg("Blocks whose difference has zero in its interval ({}) are grey. The data interval, which is made with '--pack draw', would "
            "be another one.",
            word));
}

std::vector<double> month_of(const std::vector<double>& values, std::size_t month, std::size_t blocks) {
    if (values.size() < (month + 1) * blocks) return std::vector<double>(blocks, no_value());
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(month * blocks);
    return {first, first + static_cast<std::ptrdiff_t>(blocks)};
}

}  // namespace

ReportSection purpose_section(const Composer& c) {
    ReportSection section{"purpose", c.t(tr("Purpose and method")), {}};
    const auto& scenario = c.base().scenario;
    const std::string purpose = scenario.value(c.chinese() ? "purpose_zh" : "purpose_en");
    section.parts.emplace_back(Paragraph{
        c.t(tr("This report says what becomes of population, local employment and services when vacated space is reused as the guideline "
               "of 2017 (No. 12 of the district government office) provides, by block and month, how sure that is, and what it rests on.")),
        false});
    if (!purpose.empty()) section.parts.emplace_back(Paragraph{c.t(msg("The base scenario: {}", purpose)), false});
    for (const ReportData* one : c.input.alternatives) {
        const std::string other = one->scenario.value(c.chinese() ? "purpose_zh" : "purpose_en");
        if (!other.empty()) section.parts.emplace_back(Paragraph{c.t(msg("{}: {}", c.scenario_name(*one), other)), false});
    }
    section.parts.emplace_back(Bullets{
        {c.t(tr(
             "Method: a simulation in which every resident, household, worker, business and vacated space acts month by month. Spaces are "
             "vacated on their dates, pass the stages of the guideline, open in their new use; businesses open and close, workers find "
             "and leave posts, residents age, move, arrive and leave; services are measured by walking distance and capacity.")),
         c.t(tr(
             "Scenarios use the same luck for the same agents, so two scenarios differ by policy alone. Differences between scenarios are "
             "worth more than levels: most levels of the district are known roughly.")),
         c.t(tr(
             "Three kinds of interval are never mixed: chance (other draws), assumptions (other values in their declared ranges) and data "
             "(the district drawn again within what is known). Where one was not computed the report says so.")),
         c.t(tr("Durations, capacities, costs and budgets are assumptions with ranges: times and money are differences and orders of size, "
                "not forecasts."))}});
    if (c.base().results.replicates == 1) {
        section.parts.emplace_back(
            Paragraph{c.t(tr("These results hold one replicate: figures are one possible course, without an interval.")), true});
    }
    return section;
}

ReportSection scenario_section(const Composer& c) {
    ReportSection section{"scenario", c.t(tr("Scenarios")), {}};
    section.parts.emplace_back(lever_table(c));
    ReportTable entries = entry_table(c);
    if (entries.rows.empty()) {
        section.parts.emplace_back(Paragraph{c.t(tr("No lever changes during the run and no space has a use fixed by the user.")), false});
    } else {
        section.parts.emplace_back(std::move(entries));
    }
    return section;
}

ReportSection key_section(const Composer& c) {
    ReportSection section{"key", c.t(tr("Key results")), {}};
    section.parts.emplace_back(indicator_table(c, "key_results", c.t(tr("Key results, whole district")), shown_first));
    add_levers(c, section);
    section.parts.emplace_back(Paragraph{c.t(tr("By sub-district the columns and the intervals are the same as above.")), false});
    for (const std::string_view name : subdistrict_indicators) {
        if (c.base().has(name)) section.parts.emplace_back(subdistrict_table(c, name));
    }
    return section;
}

ReportSection map_section(const Composer& c) {
    ReportSection section{"map", c.t(tr("Map by block and year")), {}};
    const bool of_data = c.input.comparison != nullptr && c.input.comparison->interval == Interval::data;
    if (!c.input.data && !of_data) {
        section.parts.emplace_back(Paragraph{
            c.t(tr("The data interval of blocks was not computed: read the map as a pattern, not as figures of single blocks.")), true});
    }
    ReportMap map;
    map.id = "blocks";
    map.title = c.t(tr("Blocks by year"));
    const ReportData& base = c.base();
    const std::size_t blocks = base.results.blocks.size();
    for (const std::size_t row : base.years) map.months.push_back(base.results.months[row]);
    auto add = [&](std::string_view name, const ReportData* other) {
        if (!base.has(name) || base.results.indicator(name).lowest != Level::block) return;
        MapLayer layer;
        layer.form = other ? form_of_change(c.form(name)) : c.form(name);
        layer.unit = c.unit(name);
        layer.diverging = other != nullptr;
        layer.label = other ? c.t(msg("{}: {} less the base", c.label(name), c.scenario_name(*other))) : c.label(name);
        for (const std::size_t row : base.years) {
            auto values = month_of(base.blocks(name), row, blocks);
            if (other) {
                const auto theirs = month_of(other->blocks(name), row, blocks);
                for (std::size_t b = 0; b < blocks; ++b) values[b] = theirs[b] - values[b];
            }
            layer.values.push_back(std::move(values));
        }
        if (other) mark_unsure(layer, c, name, *other);
        map.layers.push_back(std::move(layer));
    };
    if (c.input.alternatives.empty()) {
        for (const std::string_view name : map_indicators) add(name, nullptr);
    } else {
        for (const std::string_view name : compared_indicators) add(name, c.input.alternatives.front());
        for (const std::string_view name : compared_indicators) add(name, nullptr);
    }
    if (c.input.comparison != nullptr) section.parts.emplace_back(Paragraph{grey_note(c), false});
    section.parts.emplace_back(std::move(map));
    for (const ReportData* one : c.input.alternatives) {
        if (const auto at = compared(c, *one)) {
            ReportTable table = block_difference_table(c, *one, *at);
            if (!table.rows.empty()) section.parts.emplace_back(std::move(table));
        }
    }
    return section;
}

}  // namespace hutong
