// Reuse ledger, money, time and scores of departments, the list of spaces.
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/report_sections.h"
#include "core/calendar.h"
#include "scenarios/assumptions.h"
#include "sim/summary.h"

namespace hutong {
namespace {

constexpr std::size_t directions_shown = 5, categories_shown = 7;
constexpr std::size_t rows_in_documents = 300;  // of the spaces list in Markdown; all are in HTML

bool is_stage(const ReportData& data, std::size_t stage, std::string_view name) {
    return stage < data.stages.size() && data.stages[stage] == name;
}
bool in_use(const ReportData& data, std::size_t stage) { return is_stage(data, stage, "open") || is_stage(data, stage, "temporary_open"); }

/// Sums of area over the replicates, divided by their number.
struct LedgerRow {
    std::size_t spaces = 0;
    double total = 0, not_vacated = 0, under_way = 0, vacant = 0, blank = 0, used = 0;
    double by_direction[directions_shown] = {};
};

std::vector<LedgerRow> ledger_of(const ReportData& data, std::map<std::string, double>& other_by_clause) {
    std::vector<LedgerRow> rows(categories_shown);
    const std::size_t n = data.spaces.size(), r = data.results.replicates;
    const double weight = 1 / static_cast<double>(r);
    for (std::size_t s = 0; s < n; ++s) {
        LedgerRow& row = rows[std::min<std::size_t>(data.spaces[s].category, categories_shown - 1)];
        const double area = data.spaces[s].area_m2;
        ++row.spaces;
        row.total += area;
        for (std::size_t k = 0; k < r; ++k) {
            const std::size_t at = k * n + s, stage = data.outcomes.stage[at], use = data.outcomes.use[at];
            const double part = area * weight;
            if (in_use(data, stage)) {
                row.used += part;
                const std::size_t direction = use < data.uses.size() ? data.uses[use].direction : directions_shown;
                if (direction < directions_shown) row.by_direction[direction] += part;
                if (direction + 1 == directions_shown) other_by_clause[data.uses[use].other_clause] += part;
            } else if (is_stage(data, stage, "occupied")) {
                row.not_vacated += part;
            } else if (is_stage(data, stage, "vacant")) {
                row.vacant += part;
            } else if (is_stage(data, stage, "left_blank")) {
                row.blank += part;
            } else {
                row.under_way += part;
            }
        }
    }
    return rows;
}

ReportTable ledger_table(const Composer& c, std::map<std::string, double>& other_by_clause) {
    const ReportData& base = c.base();
    ReportTable table;
    table.id = "ledger";
    table.title = c.t(msg("Reuse ledger by category and direction, {}, m²", base.results.months.back()));
    table.note =
        c.t(tr("Area of spaces in use counts to the direction of their use (G4); columns add up to the row's total. The last row is "
               "what the model booked by direction, where public parts of large projects (P1) count as services."));
    table.columns = {
        {c.t(tr("Category")), Form::text, false}, {c.t(tr("Spaces")), Form::count, false}, {c.t(tr("Total area")), Form::area, false}};
    for (std::size_t d = 0; d < directions_shown; ++d) table.columns.push_back({direction_name(c.text, d), Form::area, false});
    for (const std::string_view title :
         {tr("In use together"), tr("On the way"), tr("Vacant, no proposal"), tr("Left blank by rule"), tr("Not yet vacated")}) {
        table.columns.push_back({c.t(title), Form::area, false});
    }
    LedgerRow sum;
    auto add = [&](std::string name, const LedgerRow& row) {
        std::vector<Cell> cells{std::move(name), row.spaces, row.total};
        for (const double area : row.by_direction) cells.emplace_back(area);
        for (const double area : {row.used, row.under_way, row.vacant, row.blank, row.not_vacated}) cells.emplace_back(area);
        table.rows.push_back(std::move(cells));
    };
    const auto rows = ledger_of(base, other_by_clause);
    for (std::size_t k = 0; k < rows.size(); ++k) {
        add(category_name(c.text, k), rows[k]);
        sum.spaces += rows[k].spaces;
        sum.total += rows[k].total;
        sum.not_vacated += rows[k].not_vacated;
        sum.under_way += rows[k].under_way;
        sum.vacant += rows[k].vacant;
        sum.blank += rows[k].blank;
        sum.used += rows[k].used;
        for (std::size_t d = 0; d < directions_shown; ++d) sum.by_direction[d] += rows[k].by_direction[d];
    }
    add(c.t(tr("Together")), sum);
    std::vector<Cell> booked{c.t(tr("Booked by direction")), Cell(), Cell()};
    for (const char* name : {"service", "green", "convenience", "high_end", "other"})
        booked.emplace_back(base.district(std::string("opened_area.") + name, base.last()).mean);
    booked.emplace_back(base.district("reused_area", base.last()).mean);
    booked.resize(table.columns.size());
    table.rows.push_back(std::move(booked));
    return table;
}

ReportTable clause_table(const Composer& c, const std::map<std::string, double>& other_by_clause) {
    ReportTable table;
    table.id = "ledger_other";
    table.title = c.t(tr("Other uses by the clause that names them"));
    table.columns = {{c.t(tr("Clause")), Form::text, false}, {c.t(tr("In use together")), Form::area, false}};
    for (const auto& [clause, area] : other_by_clause) table.rows.push_back({clause.empty() ? "–" : clause, area});
    return table;
}

/// Area in use by who decided (Authority).
ReportTable authority_table(const Composer& c) {
    const ReportData& base = c.base();
    ReportTable table;
    table.id = "authority";
    table.title = c.t(tr("Who decided on what is in use"));
    table.columns = {{c.t(tr("Authority")), Form::text, false},
                     {c.t(tr("Spaces")), Form::number, false},
                     {c.t(tr("In use together")), Form::area, false}};
    constexpr std::size_t deciders = 3;
    double spaces[deciders] = {}, area[deciders] = {};
    const std::size_t n = base.spaces.size(), r = base.results.replicates;
    for (std::size_t at = 0; at < n * r; ++at) {
        const std::size_t decider = base.outcomes.decider[at];
        if (decider >= deciders || !in_use(base, base.outcomes.stage[at])) continue;
        spaces[decider] += 1 / static_cast<double>(r);
        area[decider] += base.spaces[at % n].area_m2 / static_cast<double>(r);
    }
    for (std::size_t d = 0; d < deciders; ++d) table.rows.push_back({decider_name(c.text, d), spaces[d], area[d]});
    return table;
}

/// What one body did in one stage, over all replicates.
struct StageSums {
    double entered = 0, handled = 0, turned_down = 0, months = 0, prompt = 0;
    std::map<std::uint16_t, std::pair<double, double>> by_replicate;  ///< cases handled, their months
    /// Of the mean months a case over the replicates that handled one.
    Summary mean_months() const {
        std::vector<double> means;
        for (const auto& [replicate, sums] : by_replicate) means.push_back(sums.second / sums.first);
        return summarise(std::move(means));
    }
};
using StageTable = std::map<std::pair<std::size_t, std::size_t>, StageSums>;  // [agency, stage]
constexpr std::size_t nobody = 255;

/// Months a case may take and still be fast: the threshold of the appraisal (O3).
double fast_months(const ReportData& data) {
    const std::string value = data.scenario.value("assumption.governance.appraisal_months");
    return value.empty() ? GovernanceAssumptions{}.appraisal_months : std::strtod(value.c_str(), nullptr);
}

/// Time from entering a stage to leaving it, from the event log. Cases still waiting count as entered only.
StageTable stage_sums(const ReportData& data) {
    const double fast = fast_months(data);
    enum Decision : std::uint8_t { entered, approved, sent_back, rejected_by_vote, refused };
    const EventTable& e = data.events;
    struct Open {
        std::size_t stage = 0, agency = nobody;
        std::int32_t month = 0;
        bool open = false;
    };
    std::map<std::pair<std::uint16_t, std::int32_t>, Open> open;
    StageTable sums;
    for (std::size_t i = 0; i < e.rows(); ++i) {
        Open& now = open[{e.replicate[i], e.space[i]}];
        auto leave = [&](bool turned_down) {
            if (!now.open) return;
            StageSums& one = sums[{now.agency, now.stage}];
            const int months = e.month[i] - now.month;
            ++one.handled;
            one.months += months;
            auto& [cases, sum] = one.by_replicate[e.replicate[i]];
            ++cases;
            sum += months;
            one.prompt += months <= fast ? 1 : 0;
            one.turned_down += turned_down ? 1 : 0;
            now.open = false;
        };
        const bool counts = !is_stage(data, e.stage[i], "occupied") && !is_stage(data, e.stage[i], "vacant");
        if (e.decision[i] == entered && counts) {
            leave(false);
            now = {e.stage[i], e.agency[i], e.month[i], true};
            ++sums[{now.agency, now.stage}].entered;
        } else if (e.decision[i] != entered && (now.open && e.stage[i] == now.stage)) {
            leave(e.decision[i] == sent_back || e.decision[i] == rejected_by_vote || e.decision[i] == refused);
        } else if (counts) {
            leave(false);  // works end with acceptance or opening
        }
    }
    return sums;
}

std::string agency_name(const Composer& c, std::size_t agency) {
    if (agency >= c.base().agencies.size()) return c.t(tr("Owner or builder"));
    return c.pick(c.base().agencies[agency].first, c.base().agencies[agency].second);
}

ReportTable stage_table(const Composer& c, const StageTable& sums) {
    const auto replicates = static_cast<double>(c.base().results.replicates);
    const bool interval = c.base().results.replicates > 1;
    std::vector<StageTable> others;
    for (const ReportData* one : c.input.alternatives) others.push_back(stage_sums(*one));
    ReportTable table;
    table.id = "stage_times";
    table.keys = 2;
    table.title = c.t(tr("Time in each stage by body"));
    table.note =
        c.t(tr("Mean of the cases handled, in months from entering the stage to leaving it; cases still waiting are counted, their time "
               "is not. The interval is 5 % to 95 % of the replicates' means. Simulated from assumed durations and capacities."));
    table.columns = {{c.t(tr("Body")), Form::text, false},
                     {c.t(tr("Stage")), Form::text, false},
                     {c.t(tr("Cases")), Form::number, false},
                     {c.t(tr("Handled")), Form::number, false},
                     {c.t(tr("Mean months")), Form::number, false},
                     {c.t(msg("Within {} months", c.text.number(fast_months(c.base()), 0))), Form::share, false},
                     {c.t(tr("Sent back or refused")), Form::share, false}};
    constexpr std::size_t mean_column = 4;
    if (interval) {
        table.columns.insert(table.columns.begin() + mean_column + 1,
                             {{c.t(tr("Mean months, 5 %")), Form::number, false}, {c.t(tr("Mean months, 95 %")), Form::number, false}});
    }
    for (const ReportData* one : c.input.alternatives) {
        table.columns.push_back({c.t(msg("Mean months, {}", c.scenario_name(*one))), Form::number, false});
        table.columns.push_back({c.t(tr("Difference from the base")), Form::number, true});
    }
    for (const auto& [key, one] : sums) {
        const auto& [agency, stage] = key;
        const double handled = one.handled > 0 ? one.handled : no_value();
        const double mean = one.months / handled;
        std::vector<Cell> row{agency_name(c, agency), stage < c.base().stages.size() ? stage_name(c.text, c.base().stages[stage]) : "–",
                              one.entered / replicates, one.handled / replicates, mean};
        if (interval) {
            const Summary spread = one.mean_months();
            row.insert(row.end(), {spread.p05, spread.p95});
        }
        row.insert(row.end(), {one.prompt / handled, one.turned_down / handled});
        for (const StageTable& other : others) {
            const auto same = other.find(key);
            const double theirs =
                same == other.end() || same->second.handled == 0 ? no_value() : same->second.months / same->second.handled;
            row.insert(row.end(), {theirs, theirs - mean});
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// What is there of a body's figures over the replicates.
Summary over_replicates(const std::vector<double>& values, std::size_t agency, std::size_t agencies) {
    std::vector<double> known;
    for (std::size_t at = agency; at < values.size(); at += agencies) known.push_back(values[at] < 0 ? no_value() : values[at]);
    return summarise(std::move(known));
}

ReportTable score_table(const Composer& c) {
    const ReportData& base = c.base();
    const AppraisalTable& all = base.appraisal;
    const std::size_t agencies = base.agencies.size();
    const bool interval = base.results.replicates > 1;
    ReportTable table;
    table.id = "scores";
    table.title = c.t(tr("Scores of departments and sub-district offices (O3)"));
    table.note =
        c.t(msg("The score is the mean of what a body has of four parts, times 100: speed (1 up to {} months a case, less in proportion "
                "above), quality (cases not sent back or refused), rules (its spaces in use without an exception), results "
                "(its spaces vacated long ago that are in use). Simulated from assumed capacities and durations.",
                c.text.number(fast_months(base), 0)));
    table.columns = {{c.t(tr("Body")), Form::text, false},
                     {c.t(tr("Cases handled")), Form::number, false},
                     {c.t(tr("Mean months a case")), Form::number, false},
                     {c.t(tr("Speed")), Form::share, false},
                     {c.t(tr("Quality")), Form::share, false},
                     {c.t(tr("Rules met")), Form::share, false},
                     {c.t(tr("Results")), Form::share, false},
                     {c.t(tr("Score")), Form::number, false}};
    if (interval) {
        table.columns.push_back({c.t(tr("Score, 5 %")), Form::number, false});
        table.columns.push_back({c.t(tr("Score, 95 %")), Form::number, false});
    }
    table.columns.push_back({c.t(tr("Waiting at the end")), Form::number, false});
    table.columns.push_back({c.t(tr("Basis")), Form::text, false});
    for (std::size_t a = 0; a < agencies; ++a) {
        const Summary score = over_replicates(all.score, a, agencies);
        if (std::isnan(score.mean)) continue;
        std::vector<Cell> row{agency_name(c, a)};
        for (const auto* values : {&all.handled, &all.mean_months, &all.speed, &all.quality, &all.rules, &all.results})
            row.emplace_back(over_replicates(*values, a, agencies).mean);
        row.emplace_back(score.mean);
        if (interval) {
            row.emplace_back(score.p05);
            row.emplace_back(score.p95);
        }
        row.emplace_back(base.district("queue.agency_" + std::to_string(a), base.last()).mean);
        row.emplace_back(c.t(tr("simulated from assumed capacities")));
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// The value most replicates have, and how many.
template <class T>
std::pair<T, std::size_t> commonest(const std::vector<T>& values, std::size_t space, std::size_t spaces, std::size_t replicates) {
    std::map<T, std::size_t> counts;
    for (std::size_t k = 0; k < replicates; ++k) ++counts[values[k * spaces + space]];
    std::pair<T, std::size_t> best{};
    for (const auto& [value, times] : counts) {
        if (times > best.second) best = {value, times};
    }
    return best;
}

std::string month_text(std::int32_t index) { return index > 0 ? Month{static_cast<std::int16_t>(index)}.text() : std::string(); }

}  // namespace

ReportSection ledger_section(const Composer& c) {
    ReportSection section{"ledger", c.t(tr("Reuse ledger")), {}};
    section.parts.emplace_back(
        c.chart("opened_chart", c.t(tr("Area in use by direction (G4)")),
                {"opened_area.service", "opened_area.green", "opened_area.convenience", "opened_area.high_end", "opened_area.other"}));
    std::map<std::string, double> other_by_clause;
    section.parts.emplace_back(ledger_table(c, other_by_clause));
    if (!other_by_clause.empty()) section.parts.emplace_back(clause_table(c, other_by_clause));
    section.parts.emplace_back(authority_table(c));
    section.parts.emplace_back(c.chart("reagglomeration_chart", c.t(tr("Gathering again (G6)")),
                                       {"reagglomeration", "reagglomeration_catalogue", "reagglomeration_unauthorised"}));
    return section;
}

ReportSection money_section(const Composer& c) {
    const ReportData& base = c.base();
    ReportSection section{"money", c.t(tr("Money")), {}};
    section.parts.emplace_back(Paragraph{c.t(tr("Budgets and costs are assumptions: read orders of size and differences.")), false});
    section.parts.emplace_back(
        c.chart("money_chart", c.t(tr("Spent since the start")), {"capital_spent_yuan", "operating_spent_yuan", "buy_back_spent_yuan"}));
    section.parts.emplace_back(
        indicator_table(c, "money_end", c.t(tr("Money at the end of the run")),
                        {"capital_spent_yuan", "operating_spent_yuan", "buy_back_spent_yuan", "committed_yuan", "subsidy_yuan"}));
    section.parts.emplace_back(yearly_table(c, "money_years", c.t(tr("Spent since the start, by year")),
                                            {"capital_spent_yuan", "operating_spent_yuan", "buy_back_spent_yuan"}));
    ReportTable table;
    table.id = "money";
    table.title = c.t(tr("Spending between the months, yuan"));
    table.note = c.t(tr("Means over the replicates; the intervals of the sums stand in the table above."));
    table.columns.push_back({c.t(tr("Months to")), Form::text, false});
    for (const std::string_view title :
         {tr("Capital (P3)"), tr("Operation (P3)"), tr("Taking space back (P2)"), tr("Employment subsidies (P5)")})
        table.columns.push_back({c.t(title), Form::yuan, false});
    for (std::size_t y = 1; y < base.years.size(); ++y) {
        const std::size_t from = base.years[y - 1], to = base.years[y];
        auto spent = [&](std::string_view name) { return base.district(name, to).mean - base.district(name, from).mean; };
        table.rows.push_back({base.results.months[to], spent("capital_spent_yuan"), spent("operating_spent_yuan"),
                              spent("buy_back_spent_yuan"), base.district_sum("subsidy_yuan", from + 1, to)});
    }
    section.parts.emplace_back(std::move(table));
    ReportTable places;
    places.id = "money_places";
    places.title = c.t(tr("Cost of works committed by sub-district"));
    places.columns = {{c.t(tr("Sub-district")), Form::text, false}, {base.results.months.back(), Form::yuan, false}};
    for (std::size_t s = 0; s < base.results.subdistricts.size(); ++s) {
        const auto& place = base.results.subdistricts[s];
        places.rows.push_back({c.pick(place.name_zh, place.name_en), base.subdistrict("committed_yuan", s, base.last()).mean});
    }
    section.parts.emplace_back(std::move(places));
    return section;
}

ReportSection department_section(const Composer& c) {
    ReportSection section{"departments", c.t(tr("Departments: time and scores")), {}};
    section.parts.emplace_back(Paragraph{c.t(tr("Capacities, durations and the chance of being sent back are assumptions. Scores show how "
                                                "the simulated bodies would fare under "
                                                "them; they are no appraisal of the real ones.")),
                                         true});
    if (c.base().appraisal.score.empty()) {
        section.parts.emplace_back(Paragraph{c.t(tr("No scores: the clause on appraisal (O3) is switched off.")), true});
    } else {
        section.parts.emplace_back(score_table(c));
    }
    section.parts.emplace_back(stage_table(c, stage_sums(c.base())));
    section.parts.emplace_back(indicator_table(c, "opening_times", c.t(tr("Months from vacating to opening, end of the run")),
                                               {"months_to_opening.scattered", "months_to_opening.key", "months_to_opening.major"}));
    section.parts.emplace_back(c.chart("opening_chart", c.t(tr("Months from vacating to opening")),
                                       {"months_to_opening.scattered", "months_to_opening.key", "months_to_opening.major"}));
    return section;
}

ReportSection spaces_section(const Composer& c) {
    const ReportData& base = c.base();
    ReportSection section{"spaces", c.t(tr("Spaces")), {}};
    ReportTable table;
    table.id = "spaces";
    table.title = c.t(tr("All spaces, the largest first"));
    table.note = c.t(tr("Stage, use and opening: what most replicates have at the end, with the share of replicates that have this use."));
    table.shown = rows_in_documents;
    table.folded = true;
    table.columns = {{c.t(tr("Code")), Form::text, false},
                     {c.t(tr("Name")), Form::text, false},
                     {c.t(tr("Category")), Form::text, false},
                     {c.t(tr("Owner")), Form::text, false},
                     {c.t(tr("Block")), Form::text, false},
                     {c.t(tr("Area, m²")), Form::count, false},
                     {c.t(tr("Vacated")), Form::text, false},
                     {c.t(tr("Body")), Form::text, false},
                     {c.t(tr("Authority")), Form::text, false},
                     {c.t(tr("Stage")), Form::text, false},
                     {c.t(tr("Use")), Form::text, false},
                     {c.t(tr("Share")), Form::share, false},
                     {c.t(tr("Opened")), Form::text, false},
                     {c.t(tr("Works, mean")), Form::yuan, false},
                     {c.t(tr("Status of the record")), Form::text, false}};
    const std::size_t n = base.spaces.size(), r = base.results.replicates;
    std::vector<std::size_t> order(n);
    for (std::size_t s = 0; s < n; ++s) order[s] = s;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return base.spaces[a].area_m2 > base.spaces[b].area_m2; });
    for (const std::size_t s : order) {
        const SpaceRow& space = base.spaces[s];
        const auto [use, same] = commonest(base.outcomes.use, s, n, r);
        const std::size_t stage = commonest(base.outcomes.stage, s, n, r).first;
        double cost = 0;
        for (std::size_t k = 0; k < r; ++k) cost += static_cast<double>(base.outcomes.cost_yuan[k * n + s]) / static_cast<double>(r);
        table.rows.push_back({space.code, c.pick(space.name_zh, space.name_en), category_name(c.text, space.category),
                              owner_name(c.text, space.owner), c.block_name(space.block), space.area_m2,
                              month_text(commonest(base.outcomes.vacated, s, n, r).first),
                              agency_name(c, commonest(base.outcomes.agency, s, n, r).first),
                              decider_name(c.text, commonest(base.outcomes.decider, s, n, r).first),
                              stage < base.stages.size() ? stage_name(c.text, base.stages[stage]) : "–",
                              use < base.uses.size() ? c.pick(base.uses[use].name_zh, base.uses[use].name_en) : "–",
                              static_cast<double>(same) / static_cast<double>(r),
                              month_text(commonest(base.outcomes.opened, s, n, r).first), cost, status_word(c.text, space.status)});
    }
    section.parts.emplace_back(std::move(table));
    return section;
}

}  // namespace hutong
