// Population against the red line, local employment, services, green and parking.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "agents/hiring_rules.h"
#include "analysis/report_sections.h"

namespace hutong {
namespace {

double mean_of(const std::vector<double>& values, std::size_t month, std::size_t block, std::size_t blocks) {
    const std::size_t cell = month * blocks + block;
    return cell < values.size() ? values[cell] : no_value();
}

/// Flows summed over the months since the year before.
ReportTable flow_table(const Composer& c, std::string id, std::string title, const std::vector<std::string_view>& indicators) {
    ReportTable table;
    table.id = std::move(id);
    table.title = std::move(title);
    table.columns.push_back({c.t(tr("Months to")), Form::text, false});
    for (const std::string_view name : indicators) table.columns.push_back({c.label(name), c.form(name), false});
    const auto& years = c.base().years;
    for (std::size_t y = 1; y < years.size(); ++y) {
        std::vector<Cell> cells{c.base().results.months[years[y]]};
        for (const std::string_view name : indicators) cells.emplace_back(c.base().district_sum(name, years[y - 1] + 1, years[y]));
        table.rows.push_back(std::move(cells));
    }
    return table;
}

/// One project over the replicates in which it stands at the end.
struct ProjectSums {
    std::size_t replicates = 0, kept = 0;
    double posts = 0, filled = 0, residents = 0, registered = 0;
    std::uint16_t block = 0;
};

ReportTable project_table(const Composer& c) {
    const ReportData& base = c.base();
    ReportTable table;
    table.id = "projects";
    table.keys = 2;
    table.title = c.t(tr("Local staff project by project (C4.4, C4.5), end of the run"));
    const std::string reading = base.scenario.value("policy.employment.local_means");
    table.note =
        c.t(msg("Means over the replicates in which the project stands. 'Local' in force: {}. The rule is kept when the staff who are "
                "not local are at most the rounded-down rest of the authorised posts; an unkept rule follows a separation or a "
                "move out, and nobody else is hired until it is restored.",
                c.t(reading)));
    table.columns = {{c.t(tr("Clause")), Form::text, false},
                     {c.t(tr("Project")), Form::text, false},
                     {c.t(tr("Block")), Form::text, false},
                     {c.t(tr("Posts")), Form::number, false},
                     {c.t(tr("Filled")), Form::number, false},
                     {c.t(tr("Residents among staff")), Form::share, false},
                     {c.t(tr("Registered here among staff")), Form::share, false},
                     {c.t(tr("Least share asked for")), Form::share, false},
                     {c.t(tr("Rule kept (share of replicates)")), Form::share, false}};
    auto asked = [&](bool heritage) {
        const std::string value =
            base.scenario.value(heritage ? "policy.employment.heritage_local_share" : "policy.employment.livelihood_local_share");
        return value.empty() ? no_value() : std::strtod(value.c_str(), nullptr);
    };
    std::map<std::tuple<bool, std::int32_t, std::uint16_t>, ProjectSums> sums;
    const ProjectTable& p = base.projects;
    for (std::size_t i = 0; i < p.rows(); ++i) {
        if (p.month[i] != base.last()) continue;
        const bool heritage = p.heritage[i] != 0;
        ProjectSums& one = sums[{heritage, p.space[i], p.space[i] >= 0 ? std::uint16_t{0} : p.block[i]}];
        const std::int64_t local = reading == "registered" ? p.registered_here[i] : p.residents[i];
        ++one.replicates;
        if (p.filled[i] - local <= non_local_cap(asked(heritage), static_cast<std::uint32_t>(std::max(p.posts[i], 0)))) ++one.kept;
        one.posts += p.posts[i];
        one.filled += p.filled[i];
        one.residents += p.residents[i];
        one.registered += p.registered_here[i];
        one.block = p.block[i];
    }
    for (const auto& [key, one] : sums) {
        const auto& [heritage, space, unused] = key;
        const auto n = static_cast<double>(one.replicates);
        const bool known = space >= 0 && static_cast<std::size_t>(space) < base.spaces.size();
        const SpaceRow* row = known ? &base.spaces[static_cast<std::size_t>(space)] : nullptr;
        table.rows.push_back(
            {heritage ? "C4.5" : "C4.4",
             row ? row->code + " " + c.pick(row->name_zh, row->name_en) : c.t(tr("Projects that stood at the start")),
             c.block_name(one.block), one.posts / n, one.filled / n, one.filled > 0 ? one.residents / one.filled : no_value(),
             one.filled > 0 ? one.registered / one.filled : no_value(), asked(heritage), static_cast<double>(one.kept) / n});
    }
    table.shown = 100;
    table.folded = true;
    return table;
}

/// The indicator that counts a target group; empty where none does.
std::string_view group_indicator(std::size_t group) {
    constexpr std::string_view names[] = {"population", "age_3_5", "age_6_11", "age_12_14", "age_65_up", "", ""};
    return group < std::size(names) ? names[group] : std::string_view();
}

ReportTable service_table(const Composer& c) {
    const ReportData& base = c.base();
    ReportTable table;
    table.id = "services";
    table.title = c.t(tr("Services, whole district"));
    table.note =
        c.t(tr("Served at standard: capacity counted. Shortfall: members of the target group who are not served at standard; no figure "
               "where the group is not counted in persons. * recorded stock is an undercount."));
    table.columns = {{c.t(tr("Service")), Form::text, false},
                     {c.t(msg("Served, {}", base.results.months.front())), Form::share, false},
                     {c.t(msg("Served, {}", base.results.months.back())), Form::share, false},
                     {c.t(tr("Change")), Form::points, true},
                     {c.t(msg("Within reach, {}", base.results.months.back())), Form::share, false},
                     {c.t(msg("Shortfall, {}, persons", base.results.months.back())), Form::count, false}};
    for (const ReportData* one : c.input.alternatives) {
        table.columns.push_back({c.t(msg("Served, {}", c.scenario_name(*one))), Form::share, false});
        table.columns.push_back({c.t(tr("Difference from the base")), Form::points, true});
    }
    for (const ServiceRow& service : base.services) {
        const std::string coverage = "coverage." + service.code;
        if (!base.has(coverage)) continue;
        const IndicatorInfo& info = base.results.indicator(coverage);
        const double start = base.district(coverage, 0).mean, end = base.district(coverage, base.last()).mean;
        const auto group = group_indicator(service.group);
        const double members = group.empty() ? no_value() : base.district(group, base.last()).mean;
        std::vector<Cell> row{c.pick(info.kind_zh, info.kind_en) + (service.undercounted ? " *" : ""),
                              start,
                              end,
                              end - start,
                              base.district("reach." + service.code, base.last()).mean,
                              (1 - end) * members};
        for (const ReportData* one : c.input.alternatives) {
            const double other = one->district(coverage, one->last()).mean;
            row.emplace_back(other);
            row.emplace_back(other - end);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// Blocks in rows, services in columns, at the last month: the share served, or the members not served.
ReportTable block_service_table(const Composer& c, bool shortfall) {
    const ReportData& base = c.base();
    const std::size_t blocks = base.results.blocks.size();
    ReportTable table;
    table.id = shortfall ? "block_shortfall" : "block_coverage";
    table.title = shortfall ? c.t(msg("Shortfall by block and service, {}, persons not served at standard", base.results.months.back()))
                            : c.t(msg("Served at standard by block and service, {}", base.results.months.back()));
    table.folded = true;
    table.columns.push_back({c.t(tr("Block")), Form::text, false});
    std::vector<const ServiceRow*> shown;
    for (const ServiceRow& service : base.services) {
        const std::string coverage = "coverage." + service.code;
        if (!base.has(coverage) || (shortfall && group_indicator(service.group).empty())) continue;
        const IndicatorInfo& info = base.results.indicator(coverage);
        shown.push_back(&service);
        table.columns.push_back({c.pick(info.kind_zh, info.kind_en), shortfall ? Form::count : Form::share, false});
    }
    for (std::size_t b = 0; b < blocks; ++b) {
        std::vector<Cell> row{c.block_name(b)};
        for (const ServiceRow* service : shown) {
            const double served = mean_of(base.blocks("coverage." + service->code), base.last(), b, blocks);
            const double members = shortfall ? mean_of(base.blocks(group_indicator(service->group)), base.last(), b, blocks) : 0;
            row.emplace_back(!shortfall ? served : members > 0 ? (1 - served) * members : members);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

ReportTable yearly_table(const Composer& c, std::string id, std::string title, const std::vector<std::string_view>& indicators) {
    ReportTable table;
    table.id = std::move(id);
    table.title = std::move(title);
    table.columns.push_back({c.t(tr("Month")), Form::text, false});
    const bool with = c.base().results.replicates > 1;
    for (const std::string_view name : indicators) {
        if (!c.base().has(name)) continue;
        table.columns.push_back({c.label(name), c.form(name), false});
        if (with) {
            table.columns.push_back({c.t(msg("{}, 5 %", c.label(name))), c.form(name), false});
            table.columns.push_back({c.t(msg("{}, 95 %", c.label(name))), c.form(name), false});
        }
    }
    for (const std::size_t row : c.base().years) {
        std::vector<Cell> cells{c.base().results.months[row]};
        for (const std::string_view name : indicators) {
            if (!c.base().has(name)) continue;
            const Estimate e = c.base().district(name, row);
            cells.emplace_back(e.mean);
            if (with) {
                cells.emplace_back(e.low);
                cells.emplace_back(e.high);
            }
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

ReportSection population_section(const Composer& c) {
    const ReportData& base = c.base();
    ReportSection section{"population", c.t(tr("Population and the red line")), {}};
    ReportChart chart = c.chart("population_chart", c.t(tr("Population and red line (C4.1)")), {"population"});
    ChartLine line;
    line.name = c.t(tr("Red line"));
    line.reference = true;
    for (std::size_t row = 0; row < chart.months.size(); ++row)
        line.values.push_back(base.district("population", row).mean + base.district("headroom", row).mean);
    chart.lines.push_back(std::move(line));
    section.parts.emplace_back(std::move(chart));
    std::size_t above = 0;
    for (std::size_t row = 1; row < base.results.months.size(); ++row) above += base.district("headroom", row).mean < 0 ? 1 : 0;
    section.parts.emplace_back(Paragraph{
        c.t(msg("Mean population is {} at the end; it stands above the red line in {} of {} months.",
                written(c.text, Form::count, base.district("population", base.last()).mean), above, base.results.months.size() - 1)),
        false});
    section.parts.emplace_back(
        yearly_table(c, "population_years", c.t(tr("Population by year")), {"population", "headroom", "floating", "households"}));
    section.parts.emplace_back(
        flow_table(c, "population_flows", c.t(tr("What changed the population")), {"births", "deaths", "moves_in", "moves_out"}));
    return section;
}

ReportSection employment_section(const Composer& c) {
    ReportSection section{"employment", c.t(tr("Local employment")), {}};
    section.parts.emplace_back(Paragraph{
        c.t(tr("Four measures, never one: self-containment (employed residents who work in the district), self-sufficiency (filled "
               "jobs held by residents), the nominal jobs-housing ratio, and the local share of staff under C4.4 and C4.5.")),
        false});
    section.parts.emplace_back(
        c.chart("employment_chart", c.t(tr("Local employment, shares")), {"self_containment", "self_sufficiency", "local_staff"}));
    section.parts.emplace_back(c.chart("ratio_chart", c.t(tr("Jobs and housing")), {"jobs_housing"}));
    section.parts.emplace_back(yearly_table(c, "employment_years", c.t(tr("Local employment by year")),
                                            {"self_containment", "self_sufficiency", "jobs_housing", "local_staff_livelihood",
                                             "local_staff_heritage", "unemployment", "filled_jobs"}));
    section.parts.emplace_back(flow_table(c, "hiring", c.t(tr("Hiring and waiting posts")),
                                          {"hires_resident", "hires_outside", "hires_subsidised_resident", "posts_waiting_rule"}));
    ReportTable projects = project_table(c);
    if (projects.rows.empty()) {
        section.parts.emplace_back(Paragraph{c.t(tr("No publicly funded project stands at the end of the run.")), false});
    } else {
        section.parts.emplace_back(std::move(projects));
    }
    return section;
}

ReportSection service_section(const Composer& c) {
    ReportSection section{"services", c.t(tr("Services")), {}};
    section.parts.emplace_back(c.chart("coverage_chart", c.t(tr("Coverage of services")), {"coverage", "circle", "satisfaction"}));
    section.parts.emplace_back(service_table(c));
    section.parts.emplace_back(block_service_table(c, false));
    section.parts.emplace_back(block_service_table(c, true));
    section.parts.emplace_back(
        yearly_table(c, "shortfall_years", c.t(tr("Balance of shortfalls (C2.0)")), {"shortfall_within", "shortfall_between"}));
    return section;
}

ReportSection green_section(const Composer& c) {
    const ReportData& base = c.base();
    ReportSection section{"green", c.t(tr("Green and parking")), {}};
    section.parts.emplace_back(c.chart("green_chart", c.t(tr("Green area per resident")), {"green_per_resident"}));
    section.parts.emplace_back(c.chart("parking_chart", c.t(tr("Parking spaces per car")), {"parking_per_car"}));
    ReportTable table;
    table.id = "green_parking";
    table.title = c.t(tr("Green and parking by sub-district"));
    table.columns.push_back({c.t(tr("Sub-district")), Form::text, false});
    const auto& places = base.results.subdistricts;
    for (const std::string_view name : {"green_per_resident", "parking_per_car"}) {
        for (const auto& month : {base.results.months.front(), base.results.months.back()})
            table.columns.push_back({c.t(msg("{}, {}", c.label(name), month)), c.form(name), false});
    }
    table.columns.push_back({c.label("opened_area.green"), Form::area, false});
    for (std::size_t s = 0; s < places.size(); ++s) {
        std::vector<Cell> row{c.pick(places[s].name_zh, places[s].name_en)};
        for (const std::string_view name : {"green_per_resident", "parking_per_car"}) {
            row.emplace_back(base.subdistrict(name, s, 0).mean);
            row.emplace_back(base.subdistrict(name, s, base.last()).mean);
        }
        row.emplace_back(base.subdistrict("opened_area.green", s, base.last()).mean);
        table.rows.push_back(std::move(row));
    }
    section.parts.emplace_back(std::move(table));
    return section;
}

}  // namespace hutong
