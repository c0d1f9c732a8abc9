/// Assumptions of agents/labour: separations, search, matching, the outside pool, hiring.
#pragma once

#include <cstdint>

#include "core/declare.h"

namespace hutong {

struct LabourAssumptions {
    // Separations
    double separation_factor = 0.4;
    double outside_separation_per_year = 0.14;
    double retirement_age_men = 60;
    double retirement_age_women = 55;
    double retirement_per_month = 0.10;
    // Search
    double unemployed_search = 0.45;
    double unemployed_search_long = 0.30;
    double long_unemployed_months = 12;
    double employed_search_per_year = 0.08;
    double incommuter_search_per_year = 0.08;
    double search_down_share = 0.10;
    double outside_work_success = 0.7;
    double outside_work_vacancies = 0.5;
    // Start values
    double vacancy_share_start = 0.02;
    double success_start = 0.90;
    double entrants_per_year = 0.02;
    // Outside pool
    double outside_candidates_per_vacancy = 0.33;
    double incommuter_age_low = 20;
    double incommuter_age_high = 48;
    double incommuter_women_share = 0.46;
    double incommuter_registered_here = 0.05;
    double incommuter_registered_beijing = 0.55;
    double incommute_minutes_mean = 54;
    double incommute_minutes_spread = 18;
    // Choice
    double distance_per_km = 0.25;
    double nest = 0.8;
    double affinity_weight = 1.0;
    // Hiring
    double local_preference = 0.25;
    double information_per_km = 0.15;
    double subsidy_weight = 0.8;
    std::int64_t rounds = 3;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.separation_factor, Declaration{.name = "separation_factor", .unit = "1", .label = "Share of the sectors' separations that are no direct change of job", .low = 0, .high = 5, .source = "assumption: with about 2 % unemployed and about half a year without work, one in twenty employed residents loses work in a year", .draw_low = 0.3, .draw_high = 0.5});
        visit(s.outside_separation_per_year, Declaration{.name = "outside_separation_per_year", .unit = "1/yr", .label = "Separations of residents who work outside the district", .low = 0, .high = 2, .source = "assumption: near the mean of the sectors", .draw_low = 0.10, .draw_high = 0.20});
        visit(s.retirement_age_men, Declaration{.name = "retirement_age_men", .unit = "yr", .label = "Retirement age of in-commuting men", .low = 40, .high = 90, .status = Status::sourced, .source = "State Council 1978 rules on retirement: men 60"});
        visit(s.retirement_age_women, Declaration{.name = "retirement_age_women", .unit = "yr", .label = "Retirement age of in-commuting women", .low = 40, .high = 90, .status = Status::sourced, .source = "State Council 1978 rules on retirement: women cadres 55, workers 50"});
        visit(s.retirement_per_month, Declaration{.name = "retirement_per_month", .unit = "1/month", .label = "Chance that an in-commuter past that age retires", .low = 0, .high = 1, .source = "assumption"});
        visit(s.unemployed_search, Declaration{.name = "unemployed_search", .unit = "1/month", .label = "Unemployed residents who apply for a job in a month", .low = 0, .high = 1, .source = "assumption; scaled once at the start so that finding balances losing jobs", .draw_low = 0.3, .draw_high = 0.6});
        visit(s.unemployed_search_long, Declaration{.name = "unemployed_search_long", .unit = "1/month", .label = "The same after a long time without a job", .low = 0, .high = 1, .source = "assumption", .draw_low = 0.15, .draw_high = 0.4});
        visit(s.long_unemployed_months, Declaration{.name = "long_unemployed_months", .unit = "month", .label = "Months that make a long time without a job", .low = 1, .high = 250, .source = "ILO definition: a year", .draw_low = 6, .draw_high = 18});
        visit(s.employed_search_per_year, Declaration{.name = "employed_search_per_year", .unit = "1/yr", .label = "Employed residents who apply for another job", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.02, .draw_high = 0.10});
        visit(s.incommuter_search_per_year, Declaration{.name = "incommuter_search_per_year", .unit = "1/yr", .label = "In-commuters who apply for another job in the district", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.02, .draw_high = 0.10});
        visit(s.search_down_share, Declaration{.name = "search_down_share", .unit = "share", .label = "Job seekers who apply one skill class below their own", .low = 0, .high = 1, .source = "assumption", .draw_low = 0, .draw_high = 0.25});
        visit(s.outside_work_success, Declaration{.name = "outside_work_success", .unit = "share", .label = "Applications outside the district that succeed", .low = 0, .high = 1, .source = "assumption"});
        visit(s.outside_work_vacancies, Declaration{.name = "outside_work_vacancies", .unit = "1", .label = "How strongly residents turn to work outside when vacancies here are few (elasticity)", .low = 0, .high = 3, .source = "assumption", .draw_low = 0.2, .draw_high = 1});
        visit(s.vacancy_share_start, Declaration{.name = "vacancy_share_start", .unit = "share", .label = "Open posts of all posts at the start", .low = 0, .high = 0.3, .source = "assumption", .draw_low = 0.01, .draw_high = 0.04});
        visit(s.success_start, Declaration{.name = "success_start", .unit = "share", .label = "Applications in the district that succeed, at the start", .low = 0.05, .high = 1, .source = "assumption: used once, to balance the search of the unemployed at the start"});
        visit(s.entrants_per_year, Declaration{.name = "entrants_per_year", .unit = "1/yr", .label = "New entrants to the labour force, of the employed residents (they replace those who retire)", .low = 0, .high = 0.2, .source = "assumption: used once, to balance the search of the unemployed at the start"});
        visit(s.outside_candidates_per_vacancy, Declaration{.name = "outside_candidates_per_vacancy", .unit = "1", .label = "Candidates from outside for each open post in a month", .low = 0, .high = 10, .source = "assumption: leaves about the vacancies of the start open", .draw_low = 0.25, .draw_high = 0.45});
        visit(s.incommuter_age_low, Declaration{.name = "incommuter_age_low", .unit = "yr", .label = "Least age of a new in-commuter", .low = 16, .high = 40, .source = "assumption"});
        visit(s.incommuter_age_high, Declaration{.name = "incommuter_age_high", .unit = "yr", .label = "Highest age of a new in-commuter", .low = 20, .high = 60, .source = "assumption"});
        visit(s.incommuter_women_share, Declaration{.name = "incommuter_women_share", .unit = "share", .label = "Women among new in-commuters", .low = 0, .high = 1, .source = "assumption"});
        visit(s.incommuter_registered_here, Declaration{.name = "incommuter_registered_here", .unit = "share", .label = "New in-commuters registered in this district", .low = 0, .high = 1, .source = "assumption: families whose registration stayed"});
        visit(s.incommuter_registered_beijing, Declaration{.name = "incommuter_registered_beijing", .unit = "share", .label = "New in-commuters registered in another district of Beijing", .low = 0, .high = 1, .source = "assumption"});
        visit(s.incommute_minutes_mean, Declaration{.name = "incommute_minutes_mean", .unit = "min", .label = "Mean one-way commute of in-commuters", .low = 5, .high = 200, .source = "facts/jobs_commute.csv in_commuters_time_min_default (assumption)"});
        visit(s.incommute_minutes_spread, Declaration{.name = "incommute_minutes_spread", .unit = "min", .label = "Standard deviation of the same", .low = 0, .high = 60, .source = "assumption"});
        visit(s.distance_per_km, Declaration{.name = "distance_per_km", .unit = "1/km", .label = "Disutility of distance between home and work inside the district", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.1, .draw_high = 0.5});
        visit(s.nest, Declaration{.name = "nest", .unit = "1", .label = "Dissimilarity of blocks inside a sub-district (nested choice)", .low = 0.1, .high = 1, .source = "assumption"});
        visit(s.affinity_weight, Declaration{.name = "affinity_weight", .unit = "1", .label = "Weight of the sectors' affinity to in-commuters", .low = 0, .high = 5, .source = "assumption"});
        visit(s.local_preference, Declaration{.name = "local_preference", .unit = "1", .label = "Employers' preference for residents (logarithm of odds)", .low = -5, .high = 5, .source = "assumption", .clause = "C4.3", .draw_low = 0, .draw_high = 0.5});
        visit(s.information_per_km, Declaration{.name = "information_per_km", .unit = "1/km", .label = "Fall of that preference with the distance of the home (information)", .low = 0, .high = 5, .source = "assumption", .draw_low = 0, .draw_high = 0.3});
        visit(s.subsidy_weight, Declaration{.name = "subsidy_weight", .unit = "1/10000 yuan", .label = "Preference for residents for each 10 000 yuan of reward", .low = 0, .high = 10, .source = "assumption", .clause = "P5", .draw_low = 0.3, .draw_high = 1.5});
        visit(s.rounds, Declaration{.name = "rounds", .unit = "rounds", .label = "Applications a seeker can make in a month", .low = 1, .high = 10, .source = "assumption"});
    }
};

}  // namespace hutong
