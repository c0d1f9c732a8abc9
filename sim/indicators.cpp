#include "sim/indicators.h"

#include <cmath>
#include <limits>

#include "agents/governance.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

using Columns = std::vector<std::uint16_t>;

constexpr double tenth = 0.1;         // areas are counted in 0.1 m2
constexpr double thousandth = 0.001;  // capacities and shares in thousandths
constexpr double hundredth = 0.01;    // rents in 0.01 yuan

/// Builds the list; each method declares one form of indicator.
class Declarer {
public:
    Declarer(const District& district, const TallyLayout& layout, std::vector<Indicator>& out)
        : district_(district), layout_(layout), out_(out) {}

    Columns at(Tally tally) const { return {layout_.at(tally)}; }
    Columns at(Flow flow) const { return {layout_.at(flow)}; }
    Columns all_of(std::uint16_t first, std::size_t count) const {
        Columns columns;
        for (std::size_t i = 0; i < count; ++i) columns.push_back(static_cast<std::uint16_t>(first + i));
        return columns;
    }
    Columns ages(int first_group, int end_group) const {
        return all_of(static_cast<std::uint16_t>(layout_.ages + first_group), static_cast<std::size_t>(end_group - first_group));
    }
    Columns people() const { return ages(0, age_groups); }
    Columns filled() const { return all_of(layout_.filled, layout_.sectors); }

    Indicator& sum(std::string name, std::string_view label, std::string_view unit, std::string_view definition, Columns columns,
                   double factor = 1) {
        Indicator one;
        one.name = std::move(name);
        one.label = label;
        one.unit = unit;
        one.definition = definition;
        one.empty_rule = "0";
        one.numerator = std::move(columns);
        one.factor = factor;
        return out_.emplace_back(std::move(one));
    }
    Indicator& flow(std::string name, std::string_view label, std::string_view unit, std::string_view definition, Flow column) {
        Indicator& one = sum(std::move(name), label, unit, definition, at(column));
        one.flow = true;
        return one;
    }
    Indicator& ratio(std::string name, std::string_view label, std::string_view unit, std::string_view definition,
                     std::string_view denominator, Columns above, Columns below, double factor = 1) {
        Indicator& one = sum(std::move(name), label, unit, definition, std::move(above), factor);
        one.aggregation = Aggregation::ratio;
        one.denominator = denominator;
        one.empty_rule = "no value (NaN)";
        one.below = std::move(below);
        return one;
    }
    Indicator& special(std::string name, std::string_view label, std::string_view unit, std::string_view definition,
                       std::string_view denominator, std::function<double(const MonthTallies&, std::size_t)> function) {
        Indicator& one = sum(std::move(name), label, unit, definition, {});
        one.aggregation = Aggregation::special;
        one.denominator = denominator;
        one.empty_rule = "no value (NaN)";
        one.special = std::move(function);
        return one;
    }
    /// A ratio that is counted at the start, each December and at the end of the run.
    Indicator& yearly_ratio(std::string name, std::string_view label, std::string_view unit, std::string_view definition,
                            std::string_view denominator, Columns above, Columns below, double factor = 1) {
        Indicator& one =
            special(std::move(name), label, unit, definition, denominator,
                    [above = std::move(above), below = std::move(below), factor](const MonthTallies& t, std::size_t area) {
                        std::int64_t part = 0, all = 0;
                        for (auto column : above) part += t.of(column, area);
                        for (auto column : below) all += t.of(column, area);
                        return t.yearly_counted && all != 0 ? factor * static_cast<double>(part) / static_cast<double>(all) : no_value();
                    });
        one.empty_rule = "no value (NaN), also in months other than the start, December and the last";
        return one;
    }
    static void kind(Indicator& one, std::string_view en, std::string_view zh) {
        one.kind_en = en;
        one.kind_zh = zh;
    }

    const District& district_;
    const TallyLayout& layout_;
    std::vector<Indicator>& out_;
};

void declare_people(Declarer& d) {
    d.sum("population", tr("Population"), "persons", "residents at the end of the month (the red line's count); visitors never count",
          d.people());
    d.sum("households", tr("Households"), "households", "households at the end of the month, collective ones included",
          d.at(Tally::households));
    d.sum("registered_here", tr("Registered in the district"), "persons", "residents registered in the district",
          d.at(Tally::registered_here));
    d.sum("registered_beijing", tr("Registered elsewhere in Beijing"), "persons", "residents registered in another Beijing district",
          d.at(Tally::registered_beijing));
    d.sum("floating", tr("Floating residents"), "persons", "residents registered outside Beijing; visitors never count",
          d.at(Tally::registered_outside));
    // Broad groups of the services and the census, then the census' eighteen. Indices are into age_bounds.
    struct Group {
        const char* name;
        const char* en;
        const char* zh;
        int first, end;
    };
    static constexpr Group broad[] = {{"age_0_2", "0-2", "0-2", 0, 1},        {"age_3_5", "3-5", "3-5", 1, 3},
                                      {"age_6_11", "6-11", "6-11", 3, 5},     {"age_12_14", "12-14", "12-14", 5, 6},
                                      {"age_15_64", "15-64", "15-64", 6, 16}, {"age_65_up", "65+", "65+", 16, 21}};
    for (const Group& g : broad) {
        Declarer::kind(d.sum(g.name, tr("Residents aged {}"), "persons", "residents by completed years of age", d.ages(g.first, g.end)),
                       g.en, g.zh);
    }
    static constexpr Group census[] = {{"census_age_00_04", "0-4", "0-4", 0, 2},       {"census_age_05_09", "5-9", "5-9", 2, 4},
                                       {"census_age_10_14", "10-14", "10-14", 4, 6},   {"census_age_15_19", "15-19", "15-19", 6, 7},
                                       {"census_age_20_24", "20-24", "20-24", 7, 8},   {"census_age_25_29", "25-29", "25-29", 8, 9},
                                       {"census_age_30_34", "30-34", "30-34", 9, 10},  {"census_age_35_39", "35-39", "35-39", 10, 11},
                                       {"census_age_40_44", "40-44", "40-44", 11, 12}, {"census_age_45_49", "45-49", "45-49", 12, 13},
                                       {"census_age_50_54", "50-54", "50-54", 13, 14}, {"census_age_55_59", "55-59", "55-59", 14, 15},
                                       {"census_age_60_64", "60-64", "60-64", 15, 16}, {"census_age_65_69", "65-69", "65-69", 16, 17},
                                       {"census_age_70_74", "70-74", "70-74", 17, 18}, {"census_age_75_79", "75-79", "75-79", 18, 19},
                                       {"census_age_80_84", "80-84", "80-84", 19, 20}, {"census_age_85_up", "85+", "85+", 20, 21}};
    for (const Group& g : census) {
        Indicator& one = d.sum(g.name, tr("Residents aged {}"), "persons", "residents by completed years of age, the census' groups",
                               d.ages(g.first, g.end));
        Declarer::kind(one, g.en, g.zh);
        one.lowest = Level::subdistrict;
    }
    d.flow("births", tr("Births"), "persons/month", "children born to residents in the month", Flow::births);
    d.flow("deaths", tr("Deaths"), "persons/month", "residents who died in the month", Flow::deaths);
    d.flow("moves_in", tr("Moves in"), "persons/month", "persons who moved in from outside the district", Flow::moves_in);
    d.flow("moves_out", tr("Moves out"), "persons/month", "persons who moved out of the district", Flow::moves_out);
    d.flow("moves_within_in", tr("Moves within the district, arriving"), "persons/month",
           "persons who moved within the district, by block of arrival", Flow::moves_within_in);
    d.flow("moves_within_out", tr("Moves within the district, leaving"), "persons/month",
           "persons who moved within the district, by block left", Flow::moves_within_out);
    d.flow("home_searches", tr("Searches for a home"), "households/month", "households that searched for a home", Flow::home_searches);
    d.flow("homes_not_found", tr("Searches without a home"), "households/month", "households that searched and found nothing",
           Flow::homes_not_found);
    d.flow("households_displaced", tr("Households displaced"), "households/month", "households whose home emptied with a vacated space",
           Flow::households_displaced);
    d.flow("couples_formed", tr("Couples formed"), "couples/month", "couples that moved together", Flow::couples_formed);
    d.flow("couples_separated", tr("Couples separated"), "couples/month", "couples that parted", Flow::couples_separated);
    d.flow("left_home", tr("Grown children who left home"), "persons/month", "grown children who looked for a home of their own",
           Flow::left_home);
    d.flow("school_places_refused", tr("Primary school places refused"), "children/month",
           "entrants without a primary school place of their catchment (September only)", Flow::school_places_refused);
    Indicator& headroom = d.special("headroom", tr("Red-line headroom"), "persons",
                                    "red line of the month (times the scale of the run) - population; the red line is set for the "
                                    "district, blocks and sub-districts have none",
                                    "", [people = d.people()](const MonthTallies& t, std::size_t area) {
                                        std::int64_t population = 0;
                                        for (auto column : people) population += t.of(column, area);
                                        return static_cast<double>(t.red_line_persons - population);
                                    });
    headroom.lowest = Level::district;
}

void declare_homes(Declarer& d) {
    const auto stock = {Tally::dwellings_occupied, Tally::dwellings_vacant};
    Columns market;
    for (Tally tally : stock) market.push_back(d.layout_.at(tally));
    d.sum("dwellings_occupied", tr("Dwellings, occupied"), "dwellings", "dwellings (a dormitory dwelling is one bed) with a household",
          d.at(Tally::dwellings_occupied));
    d.sum("dwellings_vacant", tr("Dwellings, vacant on the market"), "dwellings", "dwellings on the market without a household",
          d.at(Tally::dwellings_vacant));
    d.sum("dwellings_held_empty", tr("Dwellings, held empty"), "dwellings", "dwellings neither occupied nor on the market",
          d.at(Tally::dwellings_held_empty));
    d.sum("dwellings_cleared", tr("Dwellings, cleared"), "dwellings", "dwellings emptied with a vacated space",
          d.at(Tally::dwellings_cleared));
    d.sum("dwellings_demolished", tr("Dwellings, demolished"), "dwellings", "dwellings demolished", d.at(Tally::dwellings_demolished));
    d.sum("dwellings_merged", tr("Dwellings, merged"), "dwellings", "dwellings merged into a neighbour's (C3.4)",
          d.at(Tally::dwellings_merged));
    d.ratio("vacancy", tr("Vacancy of dwellings"), "share", "vacant on the market / (vacant on the market + occupied)",
            "dwellings occupied or on the market", d.at(Tally::dwellings_vacant), market);
    d.sum("collective_residents", tr("Collective residents"), "persons", "residents in collective quarters",
          d.at(Tally::collective_residents));
    d.sum("unauthorised_residents", tr("Residents of unauthorised dwellings"), "persons",
          "residents of unauthorised dwellings (misuse, M4), part of the population", d.at(Tally::unauthorised_residents));
    d.special("household_size", tr("Mean household size"), "persons",
              "residents outside collective quarters / households outside collective quarters", "family households",
              [people = d.people()](const MonthTallies& t, std::size_t area) {
                  std::int64_t persons = -t.of(Tally::collective_residents, area);
                  for (auto column : people) persons += t.of(column, area);
                  const std::int64_t homes = t.of(Tally::households, area) - t.of(Tally::collective_households, area);
                  return homes > 0 ? static_cast<double>(persons) / static_cast<double>(homes) : no_value();
              });
    d.ratio("rent", tr("Mean rent"), "yuan/m2/month",
            "rent by block and dwelling type, weighted with the dwellings offered or let on the market", "dwellings offered or let",
            d.at(Tally::rent_fen), d.at(Tally::rent_dwellings), hundredth);
    d.ratio("satisfaction", tr("Residents' satisfaction"), "share",
            "mean over residents of the served share of their household's own services", "residents", d.at(Tally::satisfaction_permille),
            d.people(), thousandth);
    d.sum("cars", tr("Cars"), "cars", "cars of households", d.at(Tally::cars));
}

void declare_work(Declarer& d) {
    const auto& sectors = d.district_.catalogue.sectors;
    const Columns filled = d.filled();
    Columns high_end, employed{d.layout_.at(Tally::employed_here), d.layout_.at(Tally::employed_outside)};
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        if (sectors[s].high_end) high_end.push_back(static_cast<std::uint16_t>(d.layout_.filled + s));
    }
    d.sum("jobs", tr("Jobs (posts)"), "posts", "established posts, filled or open", d.all_of(d.layout_.posts, d.layout_.sectors));
    d.sum("filled_jobs", tr("Filled jobs"), "posts", "posts held by a resident or an in-commuter", filled);
    d.special("open_posts", tr("Open posts"), "posts", "posts - filled jobs", "",
              [posts = d.all_of(d.layout_.posts, d.layout_.sectors), filled](const MonthTallies& t, std::size_t area) {
                  std::int64_t open = 0;
                  for (auto column : posts) open += t.of(column, area);
                  for (auto column : filled) open -= t.of(column, area);
                  return static_cast<double>(open);
              })
        .empty_rule = "0";
    d.sum("businesses", tr("Businesses"), "businesses", "businesses and institutions", d.all_of(d.layout_.businesses, d.layout_.sectors));
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        const auto column = static_cast<std::uint16_t>(s);
        Declarer::kind(d.sum("jobs." + sectors[s].code, tr("Jobs: {}"), "posts", "established posts of the sector",
                             {static_cast<std::uint16_t>(d.layout_.posts + column)}),
                       sectors[s].name_en, sectors[s].name_zh);
        Declarer::kind(d.sum("businesses." + sectors[s].code, tr("Businesses: {}"), "businesses",
                             "businesses and institutions of the sector", {static_cast<std::uint16_t>(d.layout_.businesses + column)}),
                       sectors[s].name_en, sectors[s].name_zh);
    }
    d.ratio("high_end_share", tr("High-end share of jobs"), "share", "filled jobs in sectors of listed GB/T 4754 classes / filled jobs",
            "filled jobs", high_end, filled);
    d.sum("employed_residents", tr("Employed residents"), "persons", "residents with a job, in the district or outside", employed);
    d.ratio("self_containment", tr("Self-containment"), "share",
            "employed residents working in the district / employed residents, by home block", "employed residents",
            d.at(Tally::employed_here), employed);
    d.ratio("self_sufficiency", tr("Self-sufficiency"), "share", "filled jobs held by residents / filled jobs, by work block",
            "filled jobs", d.at(Tally::filled_by_residents), filled);
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        Declarer::kind(
            d.ratio("self_sufficiency." + sectors[s].code, tr("Self-sufficiency: {}"), "share",
                    "filled jobs of the sector held by residents / filled jobs of the sector, by work block", "filled jobs of the sector",
                    {static_cast<std::uint16_t>(d.layout_.filled_residents + s)}, {static_cast<std::uint16_t>(d.layout_.filled + s)}),
            sectors[s].name_en, sectors[s].name_zh);
    }
    struct FundingName {
        const char* name;
        std::string_view jobs, sufficiency;
    };
    // In the order of Funding.
    static constexpr FundingName funding[] = {
        {"private", tr("Filled jobs, private employers"), tr("Self-sufficiency, private employers")},
        {"state", tr("Filled jobs, central and municipal employers"), tr("Self-sufficiency, central and municipal employers")},
        {"district", tr("Filled jobs, district employers"), tr("Self-sufficiency, district employers")},
        {"livelihood", tr("Filled jobs, livelihood projects (C4.4)"), tr("Self-sufficiency, livelihood projects (C4.4)")},
        {"heritage", tr("Filled jobs, heritage projects (C4.5)"), tr("Self-sufficiency, heritage projects (C4.5)")}};
    static_assert(std::size(funding) == static_cast<std::size_t>(fundings));
    for (std::size_t f = 0; f < std::size(funding); ++f) {
        const Columns all{static_cast<std::uint16_t>(d.layout_.funding_filled + f)};
        d.sum(std::string("filled_jobs.") + funding[f].name, funding[f].jobs, "posts",
              "posts held by a resident or an in-commuter, by funding", all);
        d.ratio(std::string("self_sufficiency.") + funding[f].name, funding[f].sufficiency, "share",
                "filled jobs held by residents / filled jobs, by funding and work block", "filled jobs of this funding",
                {static_cast<std::uint16_t>(d.layout_.funding_residents + f)}, all);
    }
    d.ratio("high_end_share_function_areas", tr("High-end share of jobs in function areas (C2.4)"), "share",
            "filled jobs in sectors of listed GB/T 4754 classes / filled jobs, blocks of function areas only",
            "filled jobs in blocks of function areas", d.at(Tally::function_high_end), d.at(Tally::function_filled));
    d.special("in_commuters", tr("In-commuters"), "persons", "filled jobs - filled jobs held by residents, by work block", "",
              [filled](const MonthTallies& t, std::size_t area) {
                  std::int64_t commuters = -t.of(Tally::filled_by_residents, area);
                  for (auto column : filled) commuters += t.of(column, area);
                  return static_cast<double>(commuters);
              })
        .empty_rule = "0";
    d.sum("out_commuters", tr("Residents working outside the district"), "persons",
          "employed residents whose job is outside the district, by home block", d.at(Tally::employed_outside));
    d.ratio("jobs_housing", tr("Nominal jobs-housing ratio"), "1", "filled jobs / employed residents living there", "employed residents",
            filled, employed);
    d.ratio("local_staff", tr("Local share of staff under C4.4 and C4.5"), "share",
            "local staff / staff of publicly funded livelihood (C4.4) and heritage (C4.5) projects", "staff of these projects",
            {d.layout_.at(Tally::livelihood_local), d.layout_.at(Tally::heritage_local)},
            {d.layout_.at(Tally::livelihood_filled), d.layout_.at(Tally::heritage_filled)});
    d.ratio("local_staff_livelihood", tr("Local share of staff, livelihood projects (C4.4)"), "share",
            "local staff / staff of publicly funded livelihood projects", "staff of these projects", d.at(Tally::livelihood_local),
            d.at(Tally::livelihood_filled));
    d.ratio("local_staff_heritage", tr("Local share of staff, heritage projects (C4.5)"), "share",
            "local staff / staff of publicly funded heritage projects", "staff of these projects", d.at(Tally::heritage_local),
            d.at(Tally::heritage_filled));
    d.sum("project_staff", tr("Staff under C4.4 and C4.5"), "persons", "staff of publicly funded livelihood and heritage projects",
          {d.layout_.at(Tally::livelihood_filled), d.layout_.at(Tally::heritage_filled)});
    d.sum("projects", tr("Publicly funded projects with staff (C4.4, C4.5)"), "projects",
          "businesses under C4.4 or C4.5 with a filled post at the end of the month", d.at(Tally::projects));
    d.sum("projects_below_vacant", tr("Projects below the local share: vacant posts"), "projects",
          "projects whose local share of filled posts is below the rule's while non-local staff stay within the cap on established posts; "
          "reading of local in force",
          d.at(Tally::projects_below_vacant));
    d.sum("projects_above_cap", tr("Projects above the cap on non-local staff: staff moved away or posts went"), "projects",
          "projects with more non-local staff than the cap on established posts: staff moved out of the district or posts were given up; "
          "they hire locals only until the cap holds again; reading of local in force",
          d.at(Tally::projects_above_cap));
    d.flow("project_staff_moved_away", tr("Staff under C4.4 and C4.5 who moved out of the district"), "persons/month",
           "staff of publicly funded projects who moved away and kept the post, not local from this month on, by work block",
           Flow::project_staff_moved_away);
    d.flow("residents_became_commuters", tr("Residents who moved away and kept their post"), "persons/month",
           "residents who moved out of the district and come to their post from outside, by work block", Flow::residents_became_commuters);
    d.yearly_ratio("commute_minutes", tr("Way to work, by block of work"), "min",
                   "one-way minutes of everybody who works in the district, by work block; residents' from the distance between blocks, "
                   "in-commuters' as drawn when hired",
                   "filled jobs", d.at(Tally::commute_minutes), d.at(Tally::commute_workers));
    d.yearly_ratio("commute_minutes_residents", tr("Residents' way to work in the district, by block of home"), "min",
                   "one-way minutes of residents who work in the district, from the distance between blocks, by home block",
                   "residents working in the district", d.at(Tally::commute_resident_minutes), d.at(Tally::commute_residents));
    d.ratio("unemployment", tr("Unemployment rate"), "share", "unemployed residents / (employed + unemployed residents)",
            "residents in the labour force", d.at(Tally::unemployed),
            {d.layout_.at(Tally::employed_here), d.layout_.at(Tally::employed_outside), d.layout_.at(Tally::unemployed)});
    d.special("day_population", tr("Day population"), "persons",
              "residents - employed residents + filled jobs there; for the district this is residents - residents working outside + "
              "in-commuters",
              "",
              [people = d.people(), filled](const MonthTallies& t, std::size_t area) {
                  std::int64_t day = -t.of(Tally::employed_here, area) - t.of(Tally::employed_outside, area);
                  for (auto column : people) day += t.of(column, area);
                  for (auto column : filled) day += t.of(column, area);
                  return static_cast<double>(day);
              })
        .empty_rule = "0";
    d.flow("hires_resident", tr("Hires of residents"), "persons/month", "posts filled by residents in the month", Flow::hires_resident);
    d.flow("hires_outside", tr("Hires from outside"), "persons/month", "posts filled by people living elsewhere", Flow::hires_outside);
    d.flow("separations", tr("Separations"), "persons/month", "workers who left their posts", Flow::separations);
    d.flow("posts_waiting_rule", tr("Posts waiting under C4.4 and C4.5"), "posts",
           "posts that stayed open because the local-share rule forbade the only candidates", Flow::posts_waiting_rule);
    d.flow("hires_subsidised_resident", tr("Subsidised hires of residents (P5)"), "persons/month", "residents hired into posts under P5",
           Flow::hires_subsidised_resident);
    d.flow("hires_subsidised_outside", tr("Hires from outside into posts under P5"), "persons/month",
           "people living elsewhere hired into posts under P5", Flow::hires_subsidised_outside);
    d.flow("workers_displaced", tr("Workers displaced"), "persons/month", "workers who lost their post with a vacated space or a closure",
           Flow::workers_displaced);
    d.flow("in_commuters_converted", tr("In-commuters who became residents"), "persons/month", "in-commuters who moved into the district",
           Flow::in_commuters_converted);
    d.flow("business_entries", tr("Businesses opened"), "businesses/month", "businesses founded in the month", Flow::business_entries);
    d.flow("business_exits", tr("Businesses closed"), "businesses/month", "businesses that closed or left the district",
           Flow::business_exits);
    d.flow("business_relocations", tr("Businesses relocated"), "businesses/month", "businesses that moved within the district",
           Flow::business_relocations);
    d.flow("business_relocations_out", tr("Businesses that left the district"), "businesses/month",
           "businesses displaced from a vacated space that left the district", Flow::business_relocations_out);
    d.flow("posts_opened", tr("Posts opened"), "posts/month", "posts established in the month", Flow::posts_opened);
    d.flow("posts_closed", tr("Posts closed"), "posts/month", "posts given up in the month", Flow::posts_closed);
}

std::uint16_t group_column(const TallyLayout& layout, const Service& service) {
    return static_cast<std::uint16_t>(layout.members + static_cast<std::uint16_t>(service.group));
}

void declare_services(Declarer& d) {
    const auto& services = d.district_.catalogue.services;
    for (std::size_t s = 0; s < services.size(); ++s) {
        const Service& service = services[s];
        const Columns group{group_column(d.layout_, service)};
        const auto column = static_cast<std::uint16_t>(s);
        Indicator& served =
            d.ratio("coverage." + service.code, tr("Served at standard: {}"), "share",
                    "members of the target group served at standard, capacity counted / members of the target group",
                    "members of the target group", {static_cast<std::uint16_t>(d.layout_.served + column)}, group, thousandth);
        Declarer::kind(served, service.name_en, service.name_zh);
        Indicator& reach = d.ratio("reach." + service.code, tr("Within reach: {}"), "share",
                                   "members of the target group with an open facility within the standard's distance / members",
                                   "members of the target group", {static_cast<std::uint16_t>(d.layout_.reached + column)}, group);
        Declarer::kind(reach, service.name_en, service.name_zh);
        if (service.undercounted) {
            served.definition += "; the recorded stock is an undercount";
            reach.definition += "; the recorded stock is an undercount";
        }
    }
    // All services together: every resident counts once for each service of a group he belongs to.
    Columns served, wanted;
    for (std::size_t s = 0; s < services.size(); ++s) {
        served.push_back(static_cast<std::uint16_t>(d.layout_.served + s));
        wanted.push_back(group_column(d.layout_, services[s]));
    }
    d.ratio("coverage", tr("Served at standard, all services"), "share",
            "sum over services of members served at standard / sum over services of members of the target group",
            "members of target groups, summed over services", served, wanted, thousandth);
    d.ratio("circle", tr("Complete one-quarter-hour circle"), "share",
            "residents of nodes that reach every service of the one-quarter-hour circle within 15 minutes' walk / residents", "residents",
            d.at(Tally::circle_complete), d.at(Tally::circle_residents));
    d.special("shortfall_within", tr("Variance of shortfall within blocks (C2.0)"), "1",
              "mean over residents of the squared difference between the shortfall at their node and their block's mean; shortfall is 1 - "
              "mean share served over the services",
              "residents",
              [blocks = d.layout_.blocks, of = d.layout_.subdistrict_of, whole = d.layout_.district_area()](const MonthTallies& t,
                                                                                                            std::size_t area) {
                  double weight = 0, within = 0;
                  for (std::size_t b = 0; b < blocks; ++b) {
                      if (area != b && area != whole && area != static_cast<std::size_t>(blocks) + of[b]) continue;
                      const auto w = static_cast<double>(t.of(Tally::shortfall_weight, b));
                      if (!(w > 0)) continue;
                      const auto sum = static_cast<double>(t.of(Tally::shortfall_sum, b)) * thousandth;
                      const auto squares = static_cast<double>(t.of(Tally::shortfall_squares, b)) * thousandth * thousandth;
                      weight += w;
                      within += squares - sum * sum / w;
                  }
                  return weight > 0 ? within / weight : no_value();
              });
    Indicator& between = d.special(
        "shortfall_between", tr("Variance of shortfall between blocks (C2.0)"), "1",
        "mean over residents of the squared difference between their block's mean shortfall and the area's; one block alone has none",
        "residents",
        [blocks = d.layout_.blocks, of = d.layout_.subdistrict_of, whole = d.layout_.district_area()](const MonthTallies& t,
                                                                                                      std::size_t area) {
            const auto w_all = static_cast<double>(t.of(Tally::shortfall_weight, area));
            if (!(w_all > 0)) return no_value();
            const double mean = static_cast<double>(t.of(Tally::shortfall_sum, area)) / w_all;
            double between_sum = 0;
            for (std::size_t b = 0; b < blocks; ++b) {
                if (area != whole && area != static_cast<std::size_t>(blocks) + of[b]) continue;
                const auto w = static_cast<double>(t.of(Tally::shortfall_weight, b));
                if (!(w > 0)) continue;
                const double gap = static_cast<double>(t.of(Tally::shortfall_sum, b)) / w - mean;
                between_sum += w * gap * gap;
            }
            return between_sum / w_all * thousandth * thousandth;
        });
    between.lowest = Level::subdistrict;
    // Without the ring: how much of coverage rests on neighbours that are synthetic.
    const auto left_out = [&](std::string name, std::string_view label, std::string_view definition, std::string_view denominator,
                              Columns above, Columns below, double factor) -> Indicator& {
        Indicator& one =
            d.yearly_ratio(std::move(name), label, "share", definition, denominator, std::move(above), std::move(below), factor);
        one.lowest = Level::subdistrict;
        return one;
    };
    Columns served_alone;
    for (std::size_t s = 0; s < services.size(); ++s) {
        const auto column = static_cast<std::uint16_t>(d.layout_.served_without_ring + s);
        served_alone.push_back(column);
        Declarer::kind(left_out("coverage_without_ring." + services[s].code, tr("Served at standard without the ring: {}"),
                                "as coverage, facilities and people of the ring left out", "members of the target group", {column},
                                {group_column(d.layout_, services[s])}, thousandth),
                       services[s].name_en, services[s].name_zh);
        Declarer::kind(
            left_out("reach_without_ring." + services[s].code, tr("Within reach without the ring: {}"),
                     "as reach, facilities of the ring left out", "members of the target group",
                     {static_cast<std::uint16_t>(d.layout_.reached_without_ring + s)}, {group_column(d.layout_, services[s])}, 1),
            services[s].name_en, services[s].name_zh);
    }
    left_out("coverage_without_ring", tr("Served at standard, all services, without the ring"),
             "as coverage, facilities and people of the ring left out", "members of target groups, summed over services", served_alone,
             wanted, thousandth)
        .lowest = Level::block;
    left_out("circle_without_ring", tr("Complete one-quarter-hour circle without the ring"), "as circle, facilities of the ring left out",
             "residents", d.at(Tally::circle_without_ring), d.at(Tally::circle_residents), 1)
        .lowest = Level::block;
    d.ratio("green_per_resident", tr("Green area per resident"), "m2", "area of open green facilities / residents", "residents",
            d.at(Tally::green_capacity), d.people(), thousandth);
    d.ratio("parking_per_car", tr("Parking spaces per car"), "1", "spaces of open parking facilities / cars of households", "cars",
            d.at(Tally::parking_capacity), d.at(Tally::cars), thousandth);
}

void declare_spaces(Declarer& d) {
    const auto stages = space_stage_labels();
    for (std::size_t s = 0; s < stages.size(); ++s) {
        Indicator& one = d.sum("space_area." + std::string(stages[s].name), stages[s].label, "m2",
                               "area of the scheduled or vacated spaces in this state (floor area, or land for land)",
                               {static_cast<std::uint16_t>(d.layout_.stage_area + s)}, tenth);
        one.status = Status::synthetic;
    }
    d.sum("vacated_area", tr("Vacated area"), "m2", "area of all spaces vacated so far, whatever their state since",
          d.all_of(static_cast<std::uint16_t>(d.layout_.stage_area + 1), space_stages - 1), tenth);
    d.sum("reused_area", tr("Reused area"), "m2", "area of vacated spaces in use, temporary use included",
          d.all_of(d.layout_.direction_area, directions), tenth);
    static constexpr SpaceStageLabel direction[] = {{"service", tr("Opened for service shortfalls")},
                                                    {"green", tr("Opened as green")},
                                                    {"convenience", tr("Opened for convenience services")},
                                                    {"high_end", tr("Opened for high-end industry")},
                                                    {"other", tr("Opened for other uses, named by clause")}};
    static_assert(std::size(direction) == directions);
    for (std::size_t k = 0; k < std::size(direction); ++k) {
        d.sum("opened_area." + std::string(direction[k].name), direction[k].label, "m2", "area of vacated spaces in use by direction (G4)",
              {static_cast<std::uint16_t>(d.layout_.direction_area + k)}, tenth);
    }
    static constexpr SpaceStageLabel route[] = {{"", tr("Months from vacating to opening")},
                                                {".scattered", tr("Months to opening, scattered projects")},
                                                {".key", tr("Months to opening, key projects")},
                                                {".major", tr("Months to opening, major projects")}};
    for (std::size_t r = 0; r < std::size(route); ++r) {
        d.special("months_to_opening" + std::string(route[r].name), route[r].label, "month",
                  "restricted mean (Kaplan-Meier, over 36 months) from vacating to the first opening, temporary use included, of spaces "
                  "vacated since the start; spaces not yet open are censored",
                  "spaces vacated since the start; no value until one is followed over the whole span",
                  [r](const MonthTallies& t, std::size_t area) {
                      const std::int32_t milli = t.opening_milli_months[r * t.layout->areas() + area];
                      return milli >= 0 ? milli * thousandth : no_value();
                  });
    }
    const Columns due = d.at(Tally::reagglomeration_due);
    d.ratio("reagglomeration", tr("Re-agglomeration"), "share",
            "(area held by catalogue sectors + area of unauthorised residents) / area of spaces vacated 24 months ago or longer",
            "area vacated 24 months ago or longer",
            {d.layout_.at(Tally::reagglomeration_catalogue), d.layout_.at(Tally::reagglomeration_unauthorised)}, due);
    d.ratio("reagglomeration_catalogue", tr("Re-agglomeration, catalogue sectors"), "share",
            "area held by sectors of the prohibition catalogue / area of spaces vacated 24 months ago or longer",
            "area vacated 24 months ago or longer", d.at(Tally::reagglomeration_catalogue), due);
    d.ratio("reagglomeration_unauthorised", tr("Re-agglomeration, unauthorised residents"), "share",
            "area with unauthorised residents / area of spaces vacated 24 months ago or longer", "area vacated 24 months ago or longer",
            d.at(Tally::reagglomeration_unauthorised), due);
    d.sum("open_area.decided", tr("Reused area, use decided by the district"), "m2",
          "area of spaces in use whose use the district decided (M1, W2)", d.at(Tally::open_decided), tenth);
    d.sum("open_area.approved", tr("Reused area, use approved by the district"), "m2",
          "area of spaces in use whose owner proposed the use and the district approved it", d.at(Tally::open_approved), tenth);
    d.sum("open_area.informed", tr("Reused area, district only informed"), "m2",
          "area of spaces in use whose owner chose the use and only informed the district", d.at(Tally::open_informed), tenth);
    d.sum("tie_area", tr("Floor area still to be tied (C1)"), "m2", "added floor area of spaces for which a reduction is due",
          d.at(Tally::tie_area), tenth);
    d.special(
        "use_mix", tr("Use mix"), "1",
        "entropy of floor and green area over six groups (homes, commerce, offices, industry and storage, institutions, green) / log 6",
        "area of the six groups", [first = d.layout_.premises_area](const MonthTallies& t, std::size_t area) {
            auto premises = [&](PremisesUse use) {
                return static_cast<double>(t.of(static_cast<std::size_t>(first) + static_cast<std::size_t>(use), area)) * tenth;
            };
            const double groups[] = {static_cast<double>(t.of(Tally::dwelling_area, area)) * tenth,
                                     premises(PremisesUse::shop) + premises(PremisesUse::market),
                                     premises(PremisesUse::office),
                                     premises(PremisesUse::storage) + premises(PremisesUse::workshop),
                                     premises(PremisesUse::institution),
                                     static_cast<double>(t.of(Tally::green_capacity, area)) * thousandth};
            double all = 0;
            for (double group : groups) all += group;
            if (!(all > 0)) return no_value();
            double entropy = 0;
            for (double group : groups) {
                if (group > 0) entropy -= group / all * exact_log(group / all);
            }
            return entropy / exact_log(static_cast<double>(std::size(groups)));
        });
    d.sum("floor_area_homes", tr("Floor area of dwellings"), "m2", "floor area of dwellings not demolished", d.at(Tally::dwelling_area),
          tenth);
    d.sum("floor_area_premises", tr("Floor area of premises"), "m2", "floor area of premises on the market, let or vacant",
          d.all_of(d.layout_.premises_area, premises_uses), tenth);
    d.ratio("premises_vacancy", tr("Vacancy of premises"), "share", "vacant floor area / floor area of premises on the market",
            "floor area of premises", d.at(Tally::premises_vacant_area), d.all_of(d.layout_.premises_area, premises_uses));
}

/// What the evaluation report says of a body (O3): cases handled, time taken, rules met, results. All of it follows
/// from assumed capacities.
void declare_record(Declarer& d, std::size_t a, const AgencyName& agency) {
    static constexpr std::string_view assumed = "; simulated from assumed capacities (O3)";
    const std::string suffix = ".agency_" + std::to_string(a);
    auto of = [a](const std::vector<std::int64_t>& column) { return a < column.size() ? static_cast<double>(column[a]) : 0.0; };
    auto add = [&](const char* name, std::string_view label, std::string_view unit, const char* definition, std::string_view denominator,
                   std::function<double(const MonthTallies&, std::size_t)> function) -> Indicator& {
        Indicator& one =
            d.special(name + suffix, label, unit, std::string(definition) + std::string(assumed), denominator, std::move(function));
        one.lowest = Level::district;
        Declarer::kind(one, agency.en, agency.zh);
        return one;
    };
    add("handled", tr("Cases handled: {}"), "cases", "cases handled by the body since the start", "",
        [of](const MonthTallies& t, std::size_t) { return of(t.handled); })
        .empty_rule = "0";
    add("months_per_case", tr("Months waited for a decision: {}"), "month",
        "months between the day a case could be decided and the decision / cases handled since the start", "cases handled",
        [of](const MonthTallies& t, std::size_t) { return of(t.handled) > 0 ? of(t.months_waited) / of(t.handled) : no_value(); });
    add("sent_back", tr("Share sent back: {}"), "share", "cases sent back / cases handled since the start", "cases handled",
        [of](const MonthTallies& t, std::size_t) { return of(t.handled) > 0 ? of(t.sent_back) / of(t.handled) : no_value(); });
    add("score", tr("Score (O3): {}"), "points",
        "mean of speed, quality, rules met and results, 0 to 100, since the start (agents/appraisal); each December and at the end",
        "parts there are", [a](const MonthTallies& t, std::size_t) {
            return a < t.agency_score.size() && t.agency_score[a] >= 0 ? t.agency_score[a] : no_value();
        });
}

void declare_governance(Declarer& d, const std::vector<AgencyName>& agencies) {
    d.sum("committed_yuan", tr("Money committed to spaces"), "yuan", "cost of works committed for spaces, by place",
          d.at(Tally::committed_yuan))
        .money = true;
    auto district_sum = [&](std::string name, std::string_view label, std::string_view unit, std::string_view definition,
                            auto field) -> Indicator& {
        Indicator& one = d.special(std::move(name), label, unit, definition, "",
                                   [field](const MonthTallies& t, std::size_t) { return static_cast<double>(t.*field); });
        one.lowest = Level::district;
        one.empty_rule = "0";
        return one;
    };
    district_sum("capital_spent_yuan", tr("Public capital spending since the start"), "yuan",
                 "district capital budget spent since the start (P3)", &MonthTallies::capital_spent_yuan)
        .money = true;
    district_sum("operating_spent_yuan", tr("Public operating spending since the start"), "yuan",
                 "operating subsidies spent since the start (P3)", &MonthTallies::operating_spent_yuan)
        .money = true;
    d.flow("subsidy_yuan", tr("Employment subsidies (P5)"), "yuan/month", "subsidies for local hires and self-employment paid in the month",
           Flow::subsidy_yuan)
        .money = true;
    district_sum("buy_back_spent_yuan", tr("Spent on taking space back since the start"), "yuan",
                 "compensation for space taken back since the start (P2)", &MonthTallies::buy_back_spent_yuan)
        .money = true;
    district_sum("headroom_committed", tr("Assessed population effect of approved plans"), "persons",
                 "sum of the assessed population effects of approved plans not yet open (C4.1)", &MonthTallies::headroom_committed);
    d.sum("taxed_revenue_yuan", tr("Taxed revenue of reused space"), "yuan/year",
          "yearly revenue of spaces open in a use that is not publicly funded: what tax is raised on", d.at(Tally::taxed_revenue_yuan))
        .money = true;
    struct Balance {
        const char* name;
        std::string_view label, definition;
        std::int64_t MonthTallies::*field;
    };
    static constexpr Balance balances[] = {{"floor_area_reduced", tr("Floor area taken down since the start (C1)"),
                                            "floor area of spaces taken down since the start", &MonthTallies::reduced_dm2},
                                           {"floor_area_added", tr("Floor area added since the start (C1)"),
                                            "floor area added by reuse since the start", &MonthTallies::added_dm2},
                                           {"floor_area_tie_left", tr("Floor area taken down and not yet tied (C1)"),
                                            "floor area taken down and not yet tied to an addition", &MonthTallies::tie_pool_dm2}};
    for (const Balance& one : balances) {
        Indicator& area = district_sum(one.name, one.label, "m2", one.definition, one.field);
        area.special = [field = one.field](const MonthTallies& t, std::size_t) { return static_cast<double>(t.*field) * hundredth; };
    }
    d.flow("unauthorised_residents_found", tr("Unauthorised residents found"), "persons/month",
           "residents of unauthorised dwellings found by follow-up (C4.2)", Flow::unauthorised_residents_found);
    d.flow("inspections", tr("Inspections"), "inspections/month", "inspections by the supervising departments (M4)", Flow::inspections);
    d.flow("misuse_started", tr("Misuse begun"), "cases/month", "cases of misuse that began in the month", Flow::misuse_started);
    d.flow("misuse_found", tr("Misuse found"), "cases/month", "cases of misuse found by inspection", Flow::misuse_found);
    d.flow("votes_held", tr("Households voting (C3.5)"), "households/month", "households that voted on a reuse", Flow::votes_held);
    d.flow("votes_against", tr("Households voting against (C3.5)"), "households/month", "of them against", Flow::votes_against);
    d.flow("surrendered_leases", tr("Leases surrendered (C3.4)"), "households/month", "households that gave up a direct-managed lease",
           Flow::surrendered_leases);
    d.flow("surrender_applications", tr("Applications to surrender a lease (C3.4)"), "households/month",
           "households that applied to give up a direct-managed lease", Flow::surrender_applications);
    district_sum("surrender_spent_yuan", tr("Compensation for surrendered leases since the start"), "yuan",
                 "compensation paid for surrendered leases of direct-managed courtyards since the start (C3.4)",
                 &MonthTallies::surrender_spent_yuan)
        .money = true;
    district_sum("courtyards_complete", tr("Complete courtyards freed since the start"), "spaces",
                 "courtyards of which every lease was surrendered since the start (C3.4)", &MonthTallies::courtyards_complete);
    for (std::size_t a = 0; a < agencies.size(); ++a) {
        Indicator& queue = d.special(
            "queue.agency_" + std::to_string(a), tr("Cases waiting: {}"), "cases", "cases waiting at the body at the end of the month", "",
            [a](const MonthTallies& t, std::size_t) { return a < t.queue_length.size() ? static_cast<double>(t.queue_length[a]) : 0.0; });
        queue.lowest = Level::district;
        queue.empty_rule = "0";
        Indicator& time = d.special("months_to_opening.agency_" + std::to_string(a), tr("Months to opening: {}"), "month",
                                    "as months_to_opening, spaces of this responsible body", "spaces vacated since the start",
                                    [a](const MonthTallies& t, std::size_t) {
                                        return a < t.agency_milli_months.size() && t.agency_milli_months[a] >= 0
                                                   ? t.agency_milli_months[a] * thousandth
                                                   : no_value();
                                    });
        time.lowest = Level::district;
        Declarer::kind(queue, agencies[a].en, agencies[a].zh);
        Declarer::kind(time, agencies[a].en, agencies[a].zh);
        declare_record(d, a, agencies[a]);
    }
}

}  // namespace

std::string_view aggregation_name(Aggregation aggregation) {
    switch (aggregation) {
        case Aggregation::sum:
            return "sum";
        case Aggregation::ratio:
            return "ratio";
        case Aggregation::special:
            return "own formula";
    }
    return "";
}

double no_value() { return std::numeric_limits<double>::quiet_NaN(); }

IndicatorSet::IndicatorSet(const District& district) : layout_(district) {
    Declarer d(district, layout_, indicators_);
    indicators_.reserve(1024);
    declare_people(d);
    declare_homes(d);
    declare_work(d);
    declare_services(d);
    declare_spaces(d);
    declare_governance(d, agency_names(district));
}

std::size_t IndicatorSet::find(std::string_view name) const {
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
        if (indicators_[i].name == name) return i;
    }
    return indicators_.size();
}

double value(const Indicator& indicator, const MonthTallies& tallies, std::size_t area) {
    if (indicator.aggregation == Aggregation::special) return indicator.special(tallies, area);
    std::int64_t above = 0;
    for (auto column : indicator.numerator) above += tallies.of(column, area);
    if (indicator.aggregation == Aggregation::sum) return indicator.factor * static_cast<double>(above);
    std::int64_t below = 0;
    for (auto column : indicator.below) below += tallies.of(column, area);
    return below != 0 ? indicator.factor * static_cast<double>(above) / static_cast<double>(below) : no_value();
}

std::string indicator_label(const Text& text, std::string_view label, std::string_view kind_en, std::string_view kind_zh) {
    if (kind_en.empty()) return text(label);
    const bool chinese = text.language() == Language::chinese;
    return text(msg(label, chinese ? kind_zh : kind_en));
}

std::span<const SpaceStageLabel> space_stage_labels() {
    // In the order of SpaceStage.
    static constexpr SpaceStageLabel labels[] = {{"occupied", tr("Not yet vacated")},
                                                 {"vacant", tr("Vacant, no proposal")},
                                                 {"proposal", tr("Plan in preparation")},
                                                 {"residents_vote", tr("Residents asked")},
                                                 {"consultation", tr("Consultation")},
                                                 {"review", tr("Review by the department")},
                                                 {"joint_meeting", tr("Before the joint meeting")},
                                                 {"district_government", tr("Before the district government")},
                                                 {"municipal_approval", tr("Before the municipality")},
                                                 {"agreement", tr("Agreement")},
                                                 {"procurement", tr("Procurement")},
                                                 {"works", tr("Works")},
                                                 {"acceptance", tr("Acceptance")},
                                                 {"open", tr("In use")},
                                                 {"temporary_open", tr("In temporary use")},
                                                 {"left_blank", tr("Left blank by rule")}};
    static_assert(std::size(labels) == space_stages);
    return labels;
}

}  // namespace hutong
