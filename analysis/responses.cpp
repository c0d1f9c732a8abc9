#include "analysis/responses.h"

#include <limits>

#include "core/text.h"

namespace hutong {
namespace {

constexpr int last = 60;  // months of the longest window

Measure at_end(std::string_view indicator, std::string_view name, int month = last) { return {{indicator}, {}, month, month, name}; }

std::vector<Response> make_district_responses() {
    std::vector<Response> all;
    const Measure new_local{{"hires_subsidised_resident"},
                            {"hires_subsidised_resident", "hires_subsidised_outside"},
                            1,
                            last,
                            tr("share of residents among the hires of subsidised posts")};
    Response one;
    one.number = 1;
    one.title = tr("Subsidy of 20,000 yuan for each local hire, against none");
    one.both = {"policy.employment.subsidy_per_local_hire_yuan=0", "assumption.businesses.entry_subsidy=0", "history=false"};
    one.changed = {"policy.employment.subsidy_per_local_hire_yuan=20000"};
    one.placebo = {"assumption.labour.subsidy_weight=0"};
    one.measure = new_local;
    one.sign = Sign::up;
    all.push_back(one);
    one.measure = at_end("self_sufficiency", tr("share of all filled jobs held by residents, the district"));
    one.sign = Sign::either;  // net of residents drawn from other local jobs
    all.push_back(one);

    one = {};
    one.number = 2;
    one.title = tr("The 80 % rule of C4.4 off, against on");
    one.changed = {"policy.off=C4.4"};
    one.placebo = {"policy.employment.livelihood_local_share=0"};
    one.measure = {{"local_staff_livelihood"}, {}, 25, last, tr("share of local staff in livelihood projects")};
    one.sign = Sign::down;
    all.push_back(one);

    // 4: the large markets that closed from July 2017 on.
    const std::vector<std::string_view> stay{"decision=zoo-market-09:vacated=2060-01", "decision=zoo-market-10:vacated=2060-01",
                                             "decision=zoo-market-11:vacated=2060-01", "decision=zoo-market-12:vacated=2060-01",
                                             "decision=tianyi:vacated=2060-01",        "decision=wantong:vacated=2060-01",
                                             "decision=guanyuan:vacated=2060-01"};
    const std::vector<std::string_view> offices{"decision=zoo-market-09:use=office_technology", "decision=zoo-market-10:use=office_finance",
                                                "decision=zoo-market-11:use=office_technology", "decision=zoo-market-12:use=office_finance",
                                                "decision=tianyi:use=office_technology",        "decision=wantong:use=office_finance",
                                                "decision=guanyuan:use=office_technology"};
    const std::vector<std::string_view> empty{
        "decision=zoo-market-09:experiment=left_blank", "decision=zoo-market-10:experiment=left_blank",
        "decision=zoo-market-11:experiment=left_blank", "decision=zoo-market-12:experiment=left_blank",
        "decision=tianyi:experiment=left_blank",        "decision=wantong:experiment=left_blank",
        "decision=guanyuan:experiment=left_blank"};
    const Measure high_end_jobs{{"jobs.it_services", "jobs.finance", "jobs.business_services", "jobs.research", "jobs.culture_sport"},
                                {},
                                last,
                                last,
                                tr("jobs in high-end sectors")};
    one = {};
    one.number = 4;
    one.scale = "1/4";  // floating residents are few
    one.title = tr("Seven large markets become offices, against the markets continuing");
    one.base = stay;
    one.changed = offices;
    one.placebo = {"policy.off=G6"};
    one.measure = {{"floating"}, {}, 13, last, tr("residents registered outside Beijing")};
    one.sign = Sign::down;
    all.push_back(one);
    one.measure = high_end_jobs;
    one.sign = Sign::up;
    all.push_back(one);
    one.measure = at_end("jobs", tr("jobs"));
    one.sign = Sign::down;  // offices have more floor area per worker than markets
    all.push_back(one);
    one.measure = at_end("in_commuters", tr("in-commuters"));
    all.push_back(one);
    one.title = tr("Seven large markets become offices, against the space left empty; ample capacity and money");
    one.base = empty;
    // Ample, or offices under way hold up other spaces, and their openings have jobs too.
    one.both = {"policy.governance.capacity_factor=10", "policy.governance.agenda_per_sitting=200",
                "policy.money.capital_budget_yuan=100000000000", "policy.money.operating_budget_yuan=100000000000"};
    // Nobody comes, and nobody trades without permission where the space is left empty.
    one.placebo = {"neutral=business-entry", "neutral=business-growth", "neutral=business-exit",
                   "assumption.businesses.relocate_inside_share=0", "assumption.businesses.misuse_per_month=0"};
    one.measure = high_end_jobs;
    one.sign = Sign::up;
    all.push_back(one);
    one.measure = at_end("jobs", tr("jobs"));
    all.push_back(one);
    one.measure = at_end("in_commuters", tr("in-commuters"));
    all.push_back(one);

    one = {};
    one.number = 6;
    one.title = tr("Green channel for 60 % of the spaces, against none; ample capacity and money");
    one.both = {"history=false", "policy.governance.capacity_factor=10", "policy.money.capital_budget_yuan=100000000000",
                "policy.money.operating_budget_yuan=100000000000", "policy.governance.green_channel=0"};
    one.changed = {"policy.governance.green_channel=0.6"};
    one.placebo = {"policy.off=P4"};
    one.measure = at_end("months_to_opening", tr("restricted mean months from vacating to opening"));
    one.sign = Sign::down;
    all.push_back(one);

    one = {};
    one.number = 7;
    one.title = tr("Capital budget cut to a twentieth");
    one.both = {"history=false"};
    one.changed = {"policy.money.capital_budget_yuan=60000000"};
    one.placebo = {"policy.off=P3"};
    one.measure = at_end("opened_area.service", tr("opened area of services"));
    one.sign = Sign::down;
    all.push_back(one);

    one = {};
    one.number = 8;
    one.title = tr("Catalogue of prohibitions (G1) relaxed, against in force");
    one.changed = {"policy.off=G1"};
    one.placebo = {"neutral=business-entry", "neutral=business-growth", "assumption.businesses.relocate_inside_share=0"};
    one.measure = {{"jobs.wholesale_market", "jobs.manufacturing"}, {}, last, last, tr("jobs in sectors of the catalogue")};
    one.sign = Sign::up;
    all.push_back(one);
    one.scale = "1/4";  // floating residents are few
    one.measure = {{"floating"}, {}, 13, last, tr("residents registered outside Beijing")};
    all.push_back(one);

    one = {};
    one.number = 9;
    one.title = tr("Central allocation with weights on coverage alone, against first come");
    one.both = {"history=false",
                "policy.allocation.mode=first_come",
                "policy.allocation.green_weight=0",
                "policy.allocation.convenience_weight=0",
                "policy.allocation.high_end_weight=0",
                "policy.allocation.cost_weight=0",
                "policy.allocation.population_weight=0"};
    one.changed = {"policy.allocation.mode=central"};
    one.placebo = {"policy.off=G3"};
    one.measure = at_end("coverage", tr("coverage of all services"));
    one.sign = Sign::either;  // owners, votes and queues decide too: the sign holds for frozen towns (tests/agents)
    all.push_back(one);

    one = {};
    one.number = 10;
    one.title = tr("Red line tightened by 100,000 persons");
    one.both = {"history=false"};
    one.changed = {"policy.control.red_line_persons=1007000"};
    one.placebo = {"policy.off=C4.1"};
    one.measure = at_end("headroom_committed", tr("persons that uses decided on may draw"));
    one.sign = Sign::down;
    all.push_back(one);

    one = {};
    one.number = 12;
    one.title = tr("Sittings of the joint meeting halved; ample capacity and money");
    one.both = {"history=false",
                "policy.governance.capacity_factor=10",
                "policy.money.capital_budget_yuan=100000000000",
                "policy.money.operating_budget_yuan=100000000000",
                "policy.governance.sittings_per_quarter=2",
                "policy.governance.agenda_per_sitting=3"};
    one.changed = {"policy.governance.sittings_per_quarter=1"};
    one.placebo = {"policy.off=M1"};
    one.measure = at_end("months_to_opening.key", tr("restricted mean months to opening, key projects"));
    one.sign = Sign::up;
    all.push_back(one);
    one.measure = at_end("months_to_opening.scattered", tr("restricted mean months to opening, scattered projects"));
    one.sign = Sign::either;  // other decisions, other works: alike only where decisions are fixed (tests/agents)
    all.push_back(one);

    one = {};
    one.number = 13;
    one.title = tr("Schools and offices shared at off hours, against not");
    one.both = {"policy.allocation.off_hours_sharing=false", "history=false"};
    one.changed = {"policy.allocation.off_hours_sharing=true"};
    one.placebo = {"assumption.services.off_hours_weight=0"};
    one.measure = {{"coverage.sports_ground", "coverage.culture_room"}, {}, last, last, tr("coverage of sport and culture, added")};
    one.sign = Sign::up;
    all.push_back(one);

    one = {};
    one.number = 15;
    one.scale = "1/4";  // findings are rare
    one.title = tr("Enforcement four times as strong as now, against half as strong");
    one.both = {"policy.control.enforcement=0.5"};
    one.changed = {"policy.control.enforcement=4"};
    one.placebo = {"assumption.governance.detection=0", "assumption.businesses.misuse_enforcement=0",
                   "assumption.homes.unauthorised_deterrence=0"};
    one.measure = {{"misuse_found"}, {}, 1, 12, tr("findings a month in the first 12 months")};
    one.sign = Sign::up;
    all.push_back(one);
    one.measure = {{"unauthorised_residents"}, {}, last - 35, last, tr("residents in unauthorised dwellings, last 36 months")};
    one.sign = Sign::down;
    all.push_back(one);
    return all;
}

std::vector<Response> make_behaviour_responses() {
    struct Row {
        std::string_view behaviour, indicator, name;
        int from;
    };
    constexpr int until = 36;
    const Row rows[] = {
        {"births", "age_0_2", tr("residents of 0 to 2 years"), until},
        {"deaths", "age_65_up", tr("residents of 65 years and more"), until},
        {"moving", "vacancy", tr("share of vacant homes"), until},
        {"arrivals", "population", tr("residents"), until},
        {"couples", "household_size", tr("persons in a household"), until},
        {"leaving-home", "households", tr("households"), until},
        {"schooling", "employed_residents", tr("residents at work"), until},
        {"retirement", "employed_residents", tr("residents at work"), until},
        {"rents", "rent", tr("mean rent"), until},
        {"registration", "registered_here", tr("residents registered in the district"), until},
        {"business-entry", "businesses", tr("businesses"), until},
        {"business-exit", "businesses", tr("businesses"), until},
        {"business-growth", "jobs", tr("jobs"), until},
        {"labour-search", "filled_jobs", tr("filled jobs"), until},
        {"separations", "open_posts", tr("open posts"), until},
        {"commuter-conversion", "in_commuters_converted", tr("in-commuters who became residents, a month"), 1},
        {"owners", "coverage", tr("coverage of all services"), until},
        {"departments", "months_to_opening", tr("restricted mean months from vacating to opening"), until},
        {"vote", "votes_against", tr("households voting against, a month"), 1},
        {"enforcement", "misuse_found", tr("findings a month"), 1},
        {"allocation", "coverage", tr("coverage of all services"), until},
        {"satisfaction", "satisfaction", tr("mean satisfaction with services"), until},
        {"surrender", "surrender_applications", tr("applications to surrender a lease, a month"), 1},
    };
    std::vector<Response> all;
    for (const Row& row : rows) {
        Response one;
        one.title = tr("Switched off, against as declared");
        one.both = {"history=false"};
        if (row.behaviour == "surrender") one.both.emplace_back("assumption.homes.surrender_from=2017-01");  // calls within the months
        one.behaviour = row.behaviour;
        one.measure = {{row.indicator}, {}, row.from, until, row.name};
        one.sign = Sign::either;
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace

std::optional<Decision> decision_of(std::string_view entry) {
    constexpr std::string_view head = "decision=";
    if (!entry.starts_with(head)) return {};
    entry.remove_prefix(head.size());
    const auto colon = entry.find(':'), equals = entry.find('=', colon);
    if (colon == entry.npos || equals == entry.npos) return {};
    const auto key = entry.substr(colon + 1, equals - colon - 1), value = entry.substr(equals + 1);
    Decision decision{.space = std::string(entry.substr(0, colon))};
    if (key == "vacated")
        decision.vacated = Month::parse(value);
    else
        decision.use = std::string(value);
    decision.experiment = key == "experiment";
    return decision;
}

double measured(const Measure& measure, const std::function<double(std::string_view, int)>& value) {
    double over = 0, under = 0;
    for (int month = measure.from; month <= measure.until; ++month) {
        for (const auto name : measure.over) over += value(name, month);
        for (const auto name : measure.under) under += value(name, month);
    }
    if (measure.under.empty()) return over / (measure.until - measure.from + 1);
    return under > 0 ? over / under : std::numeric_limits<double>::quiet_NaN();
}

const std::vector<Response>& district_responses() {
    static const std::vector<Response> all = make_district_responses();
    return all;
}

const std::vector<Response>& behaviour_responses() {
    static const std::vector<Response> all = make_behaviour_responses();
    return all;
}

bool holds(Sign sign, const Difference& effect) {
    switch (sign) {
        case Sign::up:
            return effect.sure() && effect.low > 0;
        case Sign::down:
            return effect.sure() && effect.high < 0;
        case Sign::none:
            return vanishes(effect);
        case Sign::either:
            break;
    }
    return true;
}

bool vanishes(const Difference& effect) { return !effect.sure(); }

}  // namespace hutong
