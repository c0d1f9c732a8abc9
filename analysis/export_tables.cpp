#include "analysis/export_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/calendar.h"
#include "core/csv.h"
#include "sim/summary.h"

namespace hutong {
namespace {

std::int64_t replicate_of(const ReportData& data) { return data.results.replicates == 1 ? 0 : mean_of_replicates; }

/// Builds a table's columns with labels in the reader's language.
class Columns {
public:
    explicit Columns(const ExportSource& from) : from_(from) {}
    Columns& text(std::string_view name, std::string_view label) { return add(name, label, FieldType::text); }
    Columns& integer(std::string_view name, std::string_view label) { return add(name, label, FieldType::integer); }
    Columns& real(std::string_view name, std::string_view label) { return add(name, label, FieldType::real); }
    /// The scenario's series and the replicate.
    Columns& run() { return text("scenario_hash", tr("Scenario hash")).integer("replicate", tr("Replicate")); }
    Columns& month() { return run().text("month", tr("Month")); }
    Columns& indicators(const std::vector<std::string_view>& names) {
        for (const std::string_view name : names) keep(identifier(name), indicator(name), FieldType::real);
        return *this;
    }
    Columns& intervals(const std::vector<std::string_view>& names) {
        for (const std::string_view name : names) {
            keep(identifier(name) + "_p05", from_.text(msg("{}, 5 %", indicator(name))), FieldType::single);
            keep(identifier(name) + "_p95", from_.text(msg("{}, 95 %", indicator(name))), FieldType::single);
        }
        return *this;
    }
    /// Difference, its 95 % interval, and whether that leaves zero out.
    Columns& differences(const std::vector<std::string_view>& names) {
        for (const std::string_view name : names) {
            const std::string column = identifier(name), label = indicator(name);
            keep(column + "_difference", from_.text(msg("{}, difference", label)), FieldType::real);
            keep(column + "_low", from_.text(msg("{}, difference, from", label)), FieldType::single);
            keep(column + "_high", from_.text(msg("{}, difference, to", label)), FieldType::single);
            keep(column + "_sure", from_.text(msg("{}, sure", label)), FieldType::text);
        }
        return *this;
    }
    std::vector<LayerField> take() { return std::move(fields_); }

private:
    Columns& add(std::string_view name, std::string_view label, FieldType type) {
        keep(std::string(name), from_.text(label), type);
        return *this;
    }
    std::string indicator(std::string_view name) const {
        const IndicatorInfo& info = from_.data.results.indicator(name);
        return indicator_label(from_.text, info.label, info.kind_en, info.kind_zh);
    }
    void keep(std::string name, std::string label, FieldType type) {
        if (!used_.insert(label).second) label += " (" + name + ")";  // a GeoPackage wants labels unique in a table
        used_.insert(label);
        fields_.push_back({std::move(name), type, std::move(label)});
    }

    const ExportSource& from_;
    std::vector<LayerField> fields_;
    std::set<std::string> used_;
};

std::vector<LayerPart> outline(const ReportData& data, const BlockInfo& block) {
    std::vector<LayerPart> parts;
    for (const auto& ring : block.rings) {
        LayerPart part;
        for (const Point& p : ring) {
            const auto [lon, lat] = data.lon_lat(p.x_m, p.y_m);
            part.points.push_back({lon, lat});
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

std::vector<std::string_view> names_at(const ReportData& data, Level level) {
    std::vector<std::string_view> names;
    for (const IndicatorInfo& info : data.results.indicators) {
        if (info.lowest <= level) names.push_back(info.name);
    }
    return names;
}

std::string month_of(std::int32_t index) { return index > 0 ? Month{static_cast<std::int16_t>(index)}.text() : std::string(); }

template <std::size_t N>
std::string word(const std::array<std::string_view, N>& words, std::size_t index) {
    return index < N ? std::string(words[index]) : std::string();
}

constexpr std::array<std::string_view, 7> categories{"industrial",  "education",   "heritage", "public_housing",
                                                     "residential", "corner_land", "temporary"};
constexpr std::array<std::string_view, 7> owners{"central",       "municipal",      "military", "district_soe",
                                                 "private_owner", "direct_managed", "district"};
constexpr std::array<std::string_view, 5> directions_named{"service", "green", "convenience", "high_end", "other"};
constexpr std::array<std::string_view, 3> deciders{"decided", "approved", "informed"};
constexpr std::array<std::string_view, 12> decisions{"entered", "approved", "sent_back", "rejected_by_vote", "refused", "opened",
                                                     "closed",  "vacated",  "started",   "measured",         "called",  "surrendered"};

/// Months of a level: one row a month and place, one column an indicator.
ExportTable month_table(const ExportSource& from, Level level) {
    const ReportData& data = from.data;
    const Results& results = data.results;
    const bool places = level == Level::subdistrict;
    ExportTable table{places ? "subdistrict_month" : "district_month", std::nullopt, {}, {}, {"scenario_hash", "replicate", "month"}};
    const auto names = names_at(data, level);
    Columns columns(from);
    columns.month();
    if (places) {
        columns.text("subdistrict", tr("Sub-district"));
        table.key.emplace_back("subdistrict");
    }
    table.fields = columns.indicators(names).take();
    for (std::size_t m = 0; m < results.months.size(); ++m) {
        for (std::size_t s = 0; s < (places ? results.subdistricts.size() : 1); ++s) {
            LayerRow row{{data.series_hash, replicate_of(data), results.months[m]}, {}};
            if (places) row.values.emplace_back(results.subdistricts[s].code);
            for (const std::string_view name : names)
                row.values.emplace_back(places ? data.subdistrict(name, s, m).mean : data.district(name, m).mean);
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

/// Year ends of a level: 5 % and 95 % of the replicates; no rows when there is one.
ExportTable interval_table(const ExportSource& from, Level level) {
    const ReportData& data = from.data;
    const Results& results = data.results;
    ExportTable table{level == Level::block         ? "block_year_interval"
                      : level == Level::subdistrict ? "subdistrict_year_interval"
                                                    : "district_year_interval",
                      std::nullopt,
                      {},
                      {},
                      {"scenario_hash", "replicate", "month"}};
    const auto names = names_at(data, level);
    Columns columns(from);
    columns.month();
    if (level == Level::block) columns.text("block", tr("Block"));
    if (level == Level::subdistrict) columns.text("subdistrict", tr("Sub-district"));
    if (level != Level::district) table.key.emplace_back(level == Level::block ? "block" : "subdistrict");
    table.fields = columns.intervals(names).take();
    if (results.replicates == 1) return table;
    const std::size_t places = level == Level::block         ? results.blocks.size()
                               : level == Level::subdistrict ? results.subdistricts.size()
                                                             : 1;
    for (const std::size_t m : data.years) {
        for (std::size_t p = 0; p < places; ++p) {
            LayerRow row{{data.series_hash, mean_of_replicates, results.months[m]}, {}};
            if (level == Level::block) row.values.emplace_back(results.blocks[p].code);
            if (level == Level::subdistrict) row.values.emplace_back(results.subdistricts[p].code);
            row.values.reserve(row.values.size() + 2 * names.size());
            table.rows.push_back(std::move(row));
        }
    }
    for (const std::string_view name : names) {
        const IndicatorInfo& info = results.indicator(name);
        const bool of_blocks = level == Level::block;  // the others are held already
        const auto low = of_blocks ? results.summary(info, level, "p05") : std::vector<double>(),
                   high = of_blocks ? results.summary(info, level, "p95") : std::vector<double>();
        for (std::size_t y = 0; y < data.years.size(); ++y) {
            const std::size_t m = data.years[y];
            for (std::size_t p = 0; p < places; ++p) {
                const std::size_t cell = m * places + p;
                const Estimate e = of_blocks                     ? Estimate{no_value(), low[cell], high[cell], no_value()}
                                   : level == Level::subdistrict ? data.subdistrict(name, p, m)
                                                                 : data.district(name, m);
                table.rows[y * places + p].values.emplace_back(e.low);
                table.rows[y * places + p].values.emplace_back(e.high);
            }
        }
    }
    return table;
}

}  // namespace

ExportTable block_table(const ExportSource& from) {
    const ReportData& data = from.data;
    ExportTable table{"blocks",
                      LayerShape::polygons,
                      Columns(from)
                          .text("district_hash", tr("District hash"))
                          .text("block", tr("Block"))
                          .text("name_zh", tr("Chinese name"))
                          .text("name_en", tr("English name"))
                          .text("subdistrict", tr("Sub-district"))
                          .text("subdistrict_zh", tr("Sub-district, Chinese"))
                          .text("subdistrict_en", tr("Sub-district, English"))
                          .text("zone", tr("Zone"))
                          .real("area_m2", tr("Area, m²"))
                          .integer("schematic", tr("Schematic shape"))
                          .take(),
                      {},
                      {"district_hash", "block"}};
    for (const BlockInfo& block : data.results.blocks) {
        const SubdistrictInfo& place = data.results.subdistricts[block.subdistrict];
        table.rows.push_back({{data.district_hash, block.code, block.name_zh, block.name_en, place.code, place.name_zh, place.name_en,
                               block.zone, block.area_m2, std::int64_t{data.results.marks.schematic_blocks}},
                              outline(data, block)});
    }
    return table;
}

ExportTable block_month_layout(const ExportSource& from) {
    return {"block_month",
            std::nullopt,
            Columns(from).month().text("block", tr("Block")).indicators(names_at(from.data, Level::block)).take(),
            {},
            {"scenario_hash", "replicate", "month", "block"}};
}

std::vector<LayerRow> block_month_rows(const ExportSource& from, std::size_t month) {
    const ReportData& data = from.data;
    const std::size_t blocks = data.results.blocks.size();
    std::vector<LayerRow> rows(blocks);
    const auto names = names_at(data, Level::block);
    for (std::size_t b = 0; b < blocks; ++b) {
        rows[b].values.reserve(names.size() + 4);
        rows[b].values.assign({data.series_hash, replicate_of(data), data.results.months[month], data.results.blocks[b].code});
    }
    for (const std::string_view name : names) {
        const auto& values = data.blocks(name);
        for (std::size_t b = 0; b < blocks; ++b) rows[b].values.emplace_back(values[month * blocks + b]);
    }
    return rows;
}

ExportTable block_last_table(const ExportSource& from, bool short_names) {
    const ReportData& data = from.data;
    struct Column {
        std::string_view indicator, name;
    };
    // A Shapefile's names have ten characters at most.
    static constexpr Column columns[] = {{"population", "population"},
                                         {"floating", "floating"},
                                         {"self_containment", "self_cont"},
                                         {"self_sufficiency", "self_suff"},
                                         {"jobs", "jobs"},
                                         {"coverage", "coverage"},
                                         {"circle", "circle"},
                                         {"satisfaction", "satisf"},
                                         {"green_per_resident", "green_m2"},
                                         {"parking_per_car", "park_car"},
                                         {"vacated_area", "vacated_m2"},
                                         {"reused_area", "reused_m2"}};
    ExportTable table = block_table(from);
    table.name = "blocks_last_month";
    if (short_names) {
        for (LayerField& field : table.fields) {
            if (field.name == "district_hash") field.name = "district";
            if (field.name.starts_with("subdistrict")) field.name = "sub" + field.name.substr(std::string_view("subdistrict").size());
        }
    }
    const std::size_t blocks = data.results.blocks.size();
    for (LayerField& field : Columns(from).month().take()) {
        if (short_names && field.name == "scenario_hash") field.name = "scenario";
        table.fields.push_back(std::move(field));
    }
    std::vector<std::string_view> names;
    if (short_names) {
        for (const Column& column : columns) {
            if (!data.has(column.indicator)) continue;
            names.push_back(column.indicator);
            table.fields.push_back({std::string(column.name), FieldType::real, {}});
        }
    } else {
        names = names_at(data, Level::block);
        for (LayerField& field : Columns(from).indicators(names).take()) table.fields.push_back(std::move(field));
    }
    for (std::size_t b = 0; b < blocks; ++b) {
        auto& values = table.rows[b].values;
        values.insert(values.end(), {data.series_hash, replicate_of(data), data.results.months.back()});
        for (const std::string_view name : names) values.emplace_back(data.blocks(name)[data.last() * blocks + b]);
    }
    return table;
}

namespace {

/// "yes", "no", or nothing where one pair of replicates has no interval.
std::string told_word(Told told) { return told == Told::yes ? "yes" : told == Told::no ? "no" : ""; }

}  // namespace

ExportTable block_year_difference_table(const ExportSource& from) {
    const ReportData& data = from.data;
    ExportTable table{"block_year_difference",
                      std::nullopt,
                      Columns(from)
                          .text("scenario_hash", tr("Scenario hash"))
                          .text("alternative", tr("Alternative"))
                          .text("interval", tr("Interval"))
                          .text("month", tr("Month"))
                          .text("block", tr("Block"))
                          .text("indicator", tr("Indicator"))
                          .real("base", tr("Base"))
                          .real("other", tr("Value of the alternative"))
                          .real("difference", tr("Difference"))
                          .real("difference_low", tr("Difference, from (95 %, paired)"))
                          .real("difference_high", tr("Difference, to (95 %, paired)"))
                          .text("sure", tr("Sure"))
                          .take(),
                      {},
                      {"scenario_hash", "alternative", "interval", "month", "block", "indicator"}};
    if (from.comparison == nullptr) return table;
    const ComparisonFile& file = *from.comparison;
    for (std::size_t k = 0; k < file.alternatives.size(); ++k) {
        for (const std::size_t year : data.years) {
            const std::string& month = data.results.months[year];
            const auto at = file.row_of(month);
            if (!at) continue;
            for (const std::string_view name : names_at(data, Level::block)) {
                const auto cells = file.block_differences(k, name, *at);
                for (std::size_t b = 0; b < cells.size(); ++b) {
                    const BlockDifference& one = cells[b];
                    table.rows.push_back(
                        {{data.series_hash, file.alternatives[k].scenario, std::string(interval_name(file.interval)), month, file.blocks[b],
                          std::string(name), one.base, one.alternative, one.pairs.mean, one.pairs.low, one.pairs.high, told_word(one.told)},
                         {}});
                }
            }
        }
    }
    return table;
}

ExportTable block_difference_table(const ExportSource& from) {
    const ReportData& data = from.data;
    const ExportTable blocks = block_table(from);
    ExportTable table{"block_difference", LayerShape::polygons, blocks.fields, {}, {"scenario_hash", "alternative", "interval", "block"}};
    const auto names = names_at(data, Level::block);
    Columns columns(from);
    columns.text("scenario_hash", tr("Scenario hash")).text("alternative", tr("Alternative")).text("interval", tr("Interval"));
    for (LayerField& field : columns.text("month", tr("Month")).differences(names).take()) table.fields.push_back(std::move(field));
    if (from.comparison == nullptr) return table;
    const ComparisonFile& file = *from.comparison;
    for (std::size_t k = 0; k < file.alternatives.size(); ++k) {
        const std::string& month = file.months.back();
        const std::size_t first = table.rows.size();
        for (LayerRow row : blocks.rows) {
            row.values.insert(row.values.end(),
                              {data.series_hash, file.alternatives[k].scenario, std::string(interval_name(file.interval)), month});
            table.rows.push_back(std::move(row));
        }
        for (const std::string_view name : names) {
            const auto cells = file.block_differences(k, name, file.months.size() - 1);
            for (std::size_t b = 0; b < blocks.rows.size(); ++b) {
                const BlockDifference one = b < cells.size() ? cells[b] : BlockDifference{};
                auto& values = table.rows[first + b].values;
                values.insert(values.end(), {one.pairs.mean, one.pairs.low, one.pairs.high, told_word(one.told)});
            }
        }
    }
    return table;
}

ExportTable subdistrict_month_table(const ExportSource& from) { return month_table(from, Level::subdistrict); }
ExportTable district_month_table(const ExportSource& from) { return month_table(from, Level::district); }
ExportTable block_year_interval_table(const ExportSource& from) { return interval_table(from, Level::block); }
ExportTable subdistrict_year_interval_table(const ExportSource& from) { return interval_table(from, Level::subdistrict); }
ExportTable district_year_interval_table(const ExportSource& from) { return interval_table(from, Level::district); }

ExportTable space_table(const ExportSource& from) {
    const ReportData& data = from.data;
    ExportTable table{"spaces",
                      LayerShape::points,
                      Columns(from)
                          .run()
                          .text("space", tr("Space"))
                          .text("name_zh", tr("Chinese name"))
                          .text("name_en", tr("English name"))
                          .text("category", tr("Category"))
                          .text("owner", tr("Owner"))
                          .text("block", tr("Block"))
                          .real("area_m2", tr("Area, m²"))
                          .text("vacated", tr("Vacated"))
                          .text("opened", tr("Opened"))
                          .text("stage", tr("Stage"))
                          .text("use_code", tr("Use"))
                          .text("direction", tr("Direction (G4)"))
                          .text("agency_zh", tr("Body, Chinese"))
                          .text("agency_en", tr("Body, English"))
                          .text("authority", tr("Authority"))
                          .integer("cost_yuan", tr("Works, yuan"))
                          .text("status", tr("Status of the record"))
                          .take(),
                      {},
                      {"scenario_hash", "replicate", "space"}};
    const std::size_t n = data.spaces.size();
    for (std::size_t r = 0; r < data.results.replicates; ++r) {
        for (std::size_t s = 0; s < n; ++s) {
            const std::size_t at = r * n + s;
            const SpaceRow& space = data.spaces[s];
            const std::size_t use = data.outcomes.use[at], agency = data.outcomes.agency[at], stage = data.outcomes.stage[at];
            const bool used = use < data.uses.size(), known = agency < data.agencies.size();
            const auto [lon, lat] = data.lon_lat(space.x_m, space.y_m);
            table.rows.push_back(
                {{data.series_hash, static_cast<std::int64_t>(r), space.code, space.name_zh, space.name_en,
                  word(categories, space.category), word(owners, space.owner), data.results.blocks[space.block].code, space.area_m2,
                  month_of(data.outcomes.vacated[at]), month_of(data.outcomes.opened[at]),
                  stage < data.stages.size() ? data.stages[stage] : std::string(), used ? data.uses[use].code : std::string(),
                  used ? word(directions_named, data.uses[use].direction) : std::string(),
                  known ? data.agencies[agency].first : std::string(), known ? data.agencies[agency].second : std::string(),
                  word(deciders, data.outcomes.decider[at]), data.outcomes.cost_yuan[at], space.status},
                 {{{{lon, lat}}, false}}});
        }
    }
    return table;
}

ExportTable event_table(const ExportSource& from) {
    const ReportData& data = from.data;
    ExportTable table{"events",
                      std::nullopt,
                      Columns(from)
                          .run()
                          .integer("event", tr("Event"))
                          .text("month", tr("Month"))
                          .text("space", tr("Space"))
                          .text("stage", tr("Stage"))
                          .text("decision", tr("What happened"))
                          .text("clause", tr("Clause"))
                          .text("agency_zh", tr("Body, Chinese"))
                          .text("agency_en", tr("Body, English"))
                          .text("use_code", tr("Use"))
                          .integer("votes_for", tr("Votes for"))
                          .integer("votes_against", tr("Votes against"))
                          .integer("yuan", tr("Yuan"))
                          .take(),
                      {},
                      {"scenario_hash", "replicate", "event"}};
    const EventTable& e = data.events;
    for (std::size_t i = 0; i < e.rows(); ++i) {
        const auto space = static_cast<std::size_t>(e.space[i]);
        const std::size_t agency = e.agency[i];
        const bool known = agency < data.agencies.size();
        table.rows.push_back({{data.series_hash, std::int64_t{e.replicate[i]}, static_cast<std::int64_t>(i), month_of(e.month[i]),
                               space < data.spaces.size() ? data.spaces[space].code : std::string(),
                               e.stage[i] < data.stages.size() ? data.stages[e.stage[i]] : std::string(), word(decisions, e.decision[i]),
                               e.clause[i] < data.clauses.size() ? data.clauses[e.clause[i]] : std::string(),
                               known ? data.agencies[agency].first : std::string(), known ? data.agencies[agency].second : std::string(),
                               e.use[i] < data.uses.size() ? data.uses[e.use[i]].code : std::string(), std::int64_t{e.votes_for[i]},
                               std::int64_t{e.votes_against[i]}, e.yuan[i]},
                              {}});
    }
    return table;
}

ExportTable project_table(const ExportSource& from) {
    const ReportData& data = from.data;
    ExportTable table{"projects",
                      std::nullopt,
                      Columns(from)
                          .run()
                          .text("month", tr("Month"))
                          .text("clause", tr("Clause"))
                          .text("block", tr("Block"))
                          .text("space", tr("Space"))
                          .integer("posts", tr("Posts"))
                          .integer("filled", tr("Filled"))
                          .integer("residents", tr("Residents among staff"))
                          .integer("registered_here", tr("Registered here among staff"))
                          .take(),
                      {},
                      {}};
    const ProjectTable& p = data.projects;
    for (std::size_t i = 0; i < p.rows(); ++i) {
        if (p.month[i] >= data.results.months.size() || p.block[i] >= data.results.blocks.size()) continue;
        const bool placed = p.space[i] >= 0 && static_cast<std::size_t>(p.space[i]) < data.spaces.size();
        table.rows.push_back(
            {{data.series_hash, std::int64_t{p.replicate[i]}, data.results.months[p.month[i]], std::string(p.heritage[i] ? "C4.5" : "C4.4"),
              data.results.blocks[p.block[i]].code, placed ? data.spaces[static_cast<std::size_t>(p.space[i])].code : std::string(),
              std::int64_t{p.posts[i]}, std::int64_t{p.filled[i]}, std::int64_t{p.residents[i]}, std::int64_t{p.registered_here[i]}},
             {}});
    }
    return table;
}

ExportTable indicator_table(const ExportSource& from) {
    ExportTable table{"indicators",
                      std::nullopt,
                      Columns(from)
                          .text("column_name", tr("Column"))
                          .text("indicator", tr("Indicator"))
                          .text("label_zh", tr("Chinese label"))
                          .text("label_en", tr("English label"))
                          .text("unit", tr("Unit"))
                          .text("definition", tr("Definition"))
                          .text("lowest", tr("Finest level"))
                          .text("status", tr("Status"))
                          .take(),
                      {},
                      {"column_name"}};
    constexpr std::array<std::string_view, levels> level_names{"block", "subdistrict", "district"};
    const Text zh(Language::chinese), en(Language::english);
    for (const IndicatorInfo& info : from.data.results.indicators) {
        table.rows.push_back({{identifier(info.name), info.name, indicator_label(zh, info.label, info.kind_en, info.kind_zh),
                               indicator_label(en, info.label, info.kind_en, info.kind_zh), info.unit, info.definition,
                               word(level_names, static_cast<std::size_t>(info.lowest)), info.status},
                              {}});
    }
    return table;
}

ExportTable scenario_table(const ExportSource& from) {
    const ReportData& data = from.data;
    const Results& results = data.results;
    ExportTable table{"scenarios",
                      std::nullopt,
                      Columns(from)
                          .text("scenario_hash", tr("Scenario hash"))
                          .text("run_hash", tr("Hash of the run"))
                          .text("scenario", tr("Scenario"))
                          .text("title_zh", tr("Chinese name"))
                          .text("title_en", tr("English name"))
                          .text("interval", tr("What replicates differ by"))
                          .text("first_month", tr("First month"))
                          .text("last_month", tr("Last month"))
                          .text("program_version", tr("Program version"))
                          .text("district_hash", tr("District hash"))
                          .integer("seed", tr("Seed"))
                          .integer("replicates", tr("Replicates"))
                          .real("scale", tr("Scale"))
                          .integer("schematic_blocks", tr("Schematic blocks"))
                          .integer("experiment", tr("Experiment"))
                          .text("switched_off", tr("Behaviour switched off"))
                          .text("scenario_text", tr("Scenario text"))
                          .take(),
                      {},
                      {"scenario_hash"}};
    const RunMarks& marks = results.marks;
    std::string off;
    for (const std::string& name : marks.neutral) off += (off.empty() ? "" : " ") + name;
    table.rows.push_back(
        {{data.series_hash, data.scenario_hash, results.scenario_name, data.scenario.value("title_zh"), data.scenario.value("title_en"),
          std::string(interval_name(results.interval)), results.months.front(), results.months.back(), results.version, data.district_hash,
          static_cast<std::int64_t>(results.seed), static_cast<std::int64_t>(results.replicates), marks.scale,
          std::int64_t{marks.schematic_blocks}, std::int64_t{marks.experiment}, off, data.scenario_text},
         {}});
    return table;
}

namespace {

struct NamedTable {
    std::string_view name;
    ExportTable (*make)(const ExportSource&);
};
constexpr NamedTable named_tables[] = {{"blocks", block_table},
                                       {"block_year_interval", block_year_interval_table},
                                       {"block_year_difference", block_year_difference_table},
                                       {"block_difference", block_difference_table},
                                       {"subdistrict_month", subdistrict_month_table},
                                       {"subdistrict_year_interval", subdistrict_year_interval_table},
                                       {"district_month", district_month_table},
                                       {"district_year_interval", district_year_interval_table},
                                       {"spaces", space_table},
                                       {"events", event_table},
                                       {"projects", project_table},
                                       {"indicators", indicator_table},
                                       {"scenarios", scenario_table}};

}  // namespace

std::string table_names() {
    std::string all = "block_month";
    for (const NamedTable& one : named_tables) all += ", " + std::string(one.name);
    return all;
}

ExportTable table_named(const ExportSource& from, const std::string& name) {
    if (name == "block_month") {
        ExportTable table = block_month_layout(from);
        for (std::size_t m = 0; m < from.data.results.months.size(); ++m) {
            auto rows = block_month_rows(from, m);
            std::move(rows.begin(), rows.end(), std::back_inserter(table.rows));
        }
        return table;
    }
    if (from.comparison == nullptr && (name == "block_year_difference" || name == "block_difference")) {
        throw Error(ErrorKind::usage, msg("there is no table '{}'", name), msg("results alone have no differences"),
                    msg("give the file of 'hutong compare ... --out FILE' with --comparison"));
    }
    for (const NamedTable& one : named_tables) {
        if (one.name == name) return one.make(from);
    }
    throw Error(ErrorKind::usage, msg("there is no table '{}'", name), msg("the tables are: {}", table_names()),
                msg("choose one with --table"));
}

std::string csv_with_mark(const ExportTable& table, bool labels) {
    const auto plain = [](const std::string& text) {
        const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
        return formula ? "'" + text : text;
    };
    std::vector<std::string> header;
    for (const LayerField& field : table.fields) header.push_back(plain(labels && !field.label.empty() ? field.label : field.name));
    CsvWriter csv(header);
    for (const LayerRow& row : table.rows) {
        for (const LayerValue& value : row.values) {
            if (const auto* text = std::get_if<std::string>(&value)) {
                csv.text(plain(*text));
            } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
                csv.integer(*whole);
            } else if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isfinite(*real)) {
                csv.number(*real);
            } else {
                csv.text("");
            }
        }
        csv.end_row();
    }
    return "\xEF\xBB\xBF" + csv.bytes();
}

}  // namespace hutong
