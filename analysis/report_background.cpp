// What the result depends on, what was fitted, glossary, stamp.
#include <algorithm>
#include <cmath>

#include "analysis/report_sections.h"
#include "scenarios/assumptions.h"

namespace hutong {
namespace {

struct AssumptionRow {
    ParameterRow parameter;
    std::string value, standard;
    double width = 0;  ///< of the range drawn, relative to the value
};

std::string shown(const ParameterValue& value) {
    return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

std::vector<AssumptionRow> assumption_rows(const ReportData& data) {
    std::vector<AssumptionRow> rows;
    for (const ParameterRow& parameter : list_parameters(Assumptions{}, "assumption")) {
        AssumptionRow row{parameter, data.scenario.value(parameter.path), shown(parameter.value), 0};
        const auto* number = std::get_if<double>(&parameter.value);
        const Declaration& d = parameter.declaration;
        if (number && d.draw_high > d.draw_low && *number != 0) row.width = (d.draw_high - d.draw_low) / std::fabs(*number);
        rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const AssumptionRow& a, const AssumptionRow& b) {
        const bool changed_a = a.value != a.standard, changed_b = b.value != b.standard;
        return changed_a != changed_b ? changed_a : a.width > b.width;
    });
    return rows;
}

ReportTable assumption_table(const Composer& c) {
    constexpr std::size_t shown_in_documents = 40;
    ReportTable table;
    table.id = "assumptions";
    table.title = c.t(tr("Assumptions"));
    table.note =
        c.t(tr("Changed ones first, then by the width of their declared range relative to the value. Sources: docs/parameters.md."));
    table.folded = true;
    table.shown = shown_in_documents;
    table.columns = {{c.t(tr("Parameter")), Form::text, false},
                     {c.t(tr("What it is")), Form::text, false},
                     {c.t(tr("Unit")), Form::text, false},
                     {c.t(tr("Value")), Form::text, false},
                     {c.t(tr("Declared default")), Form::text, false},
                     {c.t(tr("Range drawn")), Form::text, false},
                     {c.t(tr("Status")), Form::text, false}};
    for (const AssumptionRow& row : assumption_rows(c.base())) {
        const Declaration& d = row.parameter.declaration;
        table.rows.push_back({row.parameter.path, c.t(d.label), c.t(d.unit), row.value, row.standard,
                              d.draw_high > d.draw_low ? fmt::format("{} … {}", d.draw_low, d.draw_high) : std::string("–"),
                              status_word(c.text, status_name(d.status))});
    }
    return table;
}

ReportTable source_table(const Composer& c) {
    ReportTable table;
    table.id = "sources";
    table.title = c.t(tr("Sources of the district's data"));
    table.note = c.t(tr("As the district pack records them. Status and confidence: number of columns of each kind."));
    table.columns = {{c.t(tr("Table")), Form::text, false},     {c.t(tr("What it is")), Form::text, false},
                     {c.t(tr("Year")), Form::text, false},      {c.t(tr("Source")), Form::text, false},
                     {c.t(tr("Licence")), Form::text, false},   {c.t(tr("Status")), Form::text, false},
                     {c.t(tr("Confidence")), Form::text, false}};
    for (const SourceRow& row : c.base().sources)
        table.rows.push_back({row.table, row.what, row.year, row.source, row.licence, row.status, row.confidence});
    return table;
}

/// A published figure held against the simulated one.
struct Reference {
    std::string_view figure, month, indicator, role;
    bool scaled;  ///< a count: the run's is brought to full scale
};
constexpr std::string_view fitted = tr("fitted"), kept_out = tr("kept out of the fit"), starting_point = tr("starting point");
constexpr Reference references[] = {{"population_start", "2017-06", "population", starting_point, true},
                                    {"population_2017", "2017-12", "population", fitted, true},
                                    {"population_2018", "2018-12", "population", fitted, true},
                                    {"population_2019", "2019-12", "population", fitted, true},
                                    {"population_census_2020", "2020-10", "population", kept_out, true},
                                    {"population_2020", "2020-12", "population", kept_out, true},
                                    {"household_size_2020", "2020-10", "household_size", kept_out, false},
                                    {"self_containment", "2017-06", "self_containment", starting_point, false},
                                    {"jobs_total", "2017-06", "filled_jobs", starting_point, true}};

ReportTable reference_table(const Composer& c) {
    const ReportData& base = c.base();
    ReportTable table;
    table.id = "fit";
    table.title = c.t(tr("Published figures and the simulation"));
    table.columns = {{c.t(tr("Indicator")), Form::text, false},
                     {c.t(tr("Month")), Form::text, false},
                     {c.t(tr("Role")), Form::text, false},
                     {c.t(tr("Published or assumed")), Form::number, false},
                     {c.t(tr("Range from")), Form::number, false},
                     {c.t(tr("Range to")), Form::number, false},
                     {c.t(tr("Simulated, full scale")), Form::number, false},
                     {c.t(tr("Difference")), Form::share, false},
                     {c.t(tr("Status")), Form::text, false},
                     {c.t(tr("Source")), Form::text, false}};
    for (const Reference& one : references) {
        const auto figure =
            std::find_if(base.figures.begin(), base.figures.end(), [&](const NamedValue& f) { return f.name == one.figure; });
        const auto month = std::find(base.results.months.begin(), base.results.months.end(), one.month);
        if (figure == base.figures.end() || month == base.results.months.end() || !base.has(one.indicator)) continue;
        const auto row = static_cast<std::size_t>(month - base.results.months.begin());
        const double simulated = base.district(one.indicator, row).mean / (one.scaled ? base.results.marks.scale : 1);
        table.rows.push_back({c.label(one.indicator), *month, c.t(one.role), figure->value, figure->low, figure->high, simulated,
                              simulated / figure->value - 1, status_word(c.text, figure->status), figure->source});
        table.row_forms.push_back(c.form(one.indicator));
    }
    return table;
}

ReportTable fitted_table(const Composer& c) {
    ReportTable table;
    table.id = "fitted";
    table.title = c.t(tr("Fitted constants"));
    table.columns = {{c.t(tr("Parameter")), Form::text, false},
                     {c.t(tr("What it is")), Form::text, false},
                     {c.t(tr("Unit")), Form::text, false},
                     {c.t(tr("Value")), Form::text, false},
                     {c.t(tr("Range drawn")), Form::text, false}};
    for (const ParameterRow& row : list_parameters(Assumptions{}, "assumption")) {
        const Declaration& d = row.declaration;
        if (d.status != Status::fitted) continue;
        table.rows.push_back(
            {row.path, c.t(d.label), c.t(d.unit), c.base().scenario.value(row.path), fmt::format("{} … {}", d.draw_low, d.draw_high)});
    }
    return table;
}

/// Status words and their numbers, "sourced 4, derived 2", in the reader's language.
std::string translated_counts(const Composer& c, const std::string& counts) {
    std::string out;
    for (std::size_t at = 0; at < counts.size();) {
        const std::size_t end = std::min(counts.find(", ", at), counts.size());
        const std::string one = counts.substr(at, end - at);
        const std::size_t space = one.rfind(' ');
        const std::string word = one.substr(0, space);
        static constexpr std::string_view words[] = {tr("high"), tr("medium"), tr("low"), tr("row")};
        std::string named = status_word(c.text, word);
        for (const std::string_view w : words) {
            if (w == word) named = c.t(w);
        }
        out += (out.empty() ? "" : ", ") + named + (space == one.npos ? "" : one.substr(space));
        at = end + 2;
    }
    return out;
}

}  // namespace

ReportSection dependence_section(const Composer& c) {
    ReportSection section{"dependence", c.t(tr("What the result depends on")), {}};
    add_sensitivity(c, section);
    section.parts.emplace_back(assumption_table(c));
    if (c.base().sources.empty()) {
        section.parts.emplace_back(Paragraph{c.t(tr("The results file records no sources of the district's data.")), true});
    } else {
        ReportTable table = source_table(c);
        constexpr std::size_t status_column = 5, confidence_column = 6;
        for (auto& row : table.rows) {
            row[status_column].text = translated_counts(c, row[status_column].text);
            row[confidence_column].text = translated_counts(c, row[confidence_column].text);
        }
        section.parts.emplace_back(std::move(table));
    }
    return section;
}

ReportSection fit_section(const Composer& c) {
    ReportSection section{"fit", c.t(tr("What was fitted and what was not")), {}};
    section.parts.emplace_back(Paragraph{
        c.t(tr("Only the constants below are fitted, to the population totals of the ends of 2017, 2018 and 2019. Everything else is "
               "sourced, derived or assumed. Figures kept out of the fit are predictions to be judged by; agreement at the starting "
               "point is no evidence.")),
        false});
    section.parts.emplace_back(fitted_table(c));
    ReportTable table = reference_table(c);
    if (table.rows.empty()) {
        section.parts.emplace_back(Paragraph{c.t(tr("The run covers no month with a published figure, or its district has none.")), false});
    } else {
        section.parts.emplace_back(std::move(table));
    }
    return section;
}

ReportSection glossary_section(const Composer& c) {
    struct Term {
        std::string_view term, meaning;
    };
    static constexpr Term terms[] = {
        {tr("Vacated space"),
         tr("a building, premises or land that a relocated function, a demolition or a surrendered lease has left empty")},
        {tr("Population"), tr("residents at the end of the month, the count of the red line; visitors never count")},
        {tr("Floating residents"), tr("residents registered outside Beijing")},
        {tr("Population red line"), tr("the most residents the district may have (C4.1); a path to the end of 2020, then flat")},
        {tr("Red-line headroom"), tr("red line of the month less population")},
        {tr("Self-containment"), tr("employed residents who work in the district, of all employed residents")},
        {tr("Self-sufficiency"), tr("filled jobs held by residents, of all filled jobs")},
        {tr("Nominal jobs-housing ratio"), tr("filled jobs for each employed resident")},
        {tr("Local share of staff"),
         tr("staff of publicly funded projects who live (or are registered) in the district; 80 % by C4.4, 50 % by C4.5")},
        {tr("Served at standard"), tr("members of a service's target group who reach it within the standard's distance and find capacity")},
        {tr("Shortfall"), tr("members of the target group who are not served at standard")},
        {tr("One-quarter-hour circle"), tr("all services of the list within 15 minutes' walk")},
        {tr("Four directions"), tr("service shortfalls, green, convenience services, high-end industry (G4)")},
        {tr("Scattered and key project"),
         tr("up to 2,000 m² at the owner's initiative; above, or complex, under the responsible department (W1)")},
        {tr("Re-agglomeration"),
         tr("vacated area that, two years on, holds sectors of the prohibition catalogue or unauthorised residents")},
        {tr("Replicate"), tr("one run of the same scenario with other draws")},
        {tr("Chance interval"), tr("5 % to 95 % of the replicates")},
        {tr("Schematic blocks"), tr("101 blocks are known by number only; the shapes here are made for the simulation")},
        {tr("Experiment"), tr("a scenario in which clauses are off or a decision is unlawful, to see what they prevent")}};
    ReportSection section{"glossary", c.t(tr("Glossary")), {}};
    ReportTable table;
    table.id = "glossary";
    table.title = c.t(tr("Terms"));
    table.columns = {{c.t(tr("Term")), Form::text, false}, {c.t(tr("Meaning")), Form::text, false}};
    for (const Term& one : terms) table.rows.push_back({c.t(one.term), c.t(one.meaning)});
    section.parts.emplace_back(std::move(table));
    return section;
}

ReportSection stamp_section(const Composer& c) {
    ReportSection section{"stamp", c.t(tr("Stamp")), {}};
    ReportTable table;
    table.id = "stamp";
    table.title = c.t(tr("Where this report comes from"));
    table.columns = {{c.t(tr("Item")), Form::text, false}, {c.t(tr("Value")), Form::text, false}};
    auto add = [&](std::string name, std::string value) { table.rows.push_back({std::move(name), std::move(value)}); };
    add(c.t(tr("Date of the report")), c.date);
    add(c.t(tr("Program of the report")), "hutong " + std::string(program_version()));
    auto add_file = [&](const ReportData& data, std::string_view role) {
        const std::string name = c.t(role) + ": ";
        add(name + c.t(tr("Scenario")), c.scenario_name(data) + " (" + data.results.scenario_name + ")");
        add(name + c.t(tr("Results file")), data.file_name + ", hutong " + data.results.version);
        add(name + c.t(tr("Scenario hash")), data.scenario_hash);
        add(name + c.t(tr("District hash")), data.district_hash);
        add(name + c.t(tr("Seed and replicates")), fmt::format("{}, {}", data.results.seed, data.results.replicates));
        std::string hashes;
        constexpr std::size_t most = 4;
        for (std::size_t k = 0; k < data.state_hashes.size() && k < most; ++k) hashes += (k > 0 ? " " : "") + data.state_hashes[k];
        add(name + c.t(tr("State hashes")), hashes + (data.state_hashes.size() > most ? " …" : ""));
        std::string marks;
        for (const std::string& mark : mark_texts(data.results.marks, c.text)) marks += (marks.empty() ? "" : "; ") + mark;
        add(name + c.t(tr("Marks")), marks.empty() ? c.t(tr("none")) : marks);
    };
    add_file(c.base(), tr("Base"));
    for (const ReportData* one : c.input.alternatives) add_file(*one, tr("Alternative"));
    if (c.input.assumptions) add_file(*c.input.assumptions, tr("Assumptions drawn"));
    if (c.input.data) add_file(*c.input.data, tr("Data drawn"));
    add(c.t(tr("Data sources")), c.t(tr("see 'Sources of the district's data'; levels are known roughly")));
    section.parts.emplace_back(std::move(table));
    return section;
}

}  // namespace hutong
