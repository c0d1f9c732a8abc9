/// Assumptions of agents/synthesis and agents/initial_jobs: the demographic rules of the candidate pool, the limits
/// of the fit, and the state of residents and posts at the start.
#pragma once

#include <array>

#include "core/declare.h"

namespace hutong {

struct SynthesisAssumptions {
    std::int64_t seed = 20170701;
    std::int64_t pool_candidates = 210000;
    // Weights of the kinds of candidate households in the pool (before weighting to the controls).
    double pool_alone = 0.24;
    double pool_couple = 0.15;
    double pool_couple_child = 0.24;
    double pool_lone_parent = 0.06;
    double pool_three_generations = 0.10;
    double pool_skipped_generation = 0.02;
    double pool_sharers = 0.07;
    double pool_large = 0.02;
    double pool_collective = 0.10;
    // Demographic rules.
    double partner_gap_years = 1.9;
    double partner_gap_sd_years = 3.0;
    double partner_gap_max_years = 15;
    double mother_age_trend = 0.10;
    double mother_age_trend_max_years = 6;
    double second_child = 0.16;
    double second_child_gap_years = 4.0;
    double child_leaves_age = 24;
    double child_leaves_sd_years = 4;
    double elder_pair = 0.45;
    double outside_household = 0.20;
    double outside_sharers = 0.88;
    double outside_collective = 0.55;
    double beijing_household = 0.08;
    double mixed_registration = 0.12;
    double outside_age_years = 31;
    double outside_rents = 6.0;
    double outside_owns = 0.45;
    double outside_public = 0.10;
    // Fit.
    std::int64_t fit_iterations = 120;
    double fit_tolerance = 0.005;
    double fit_stall = 1e-4;
    std::int64_t rounding_passes = 12;
    double rounding_floor = 0.02;
    // Homes.
    double dwelling_area_sigma = 0.28;
    double size_noise = 0.9;
    double years_in_home_rent = 3;
    double years_in_home_other = 14;
    // Start of residents.
    double employment_outside_odds = 1.9;
    double employment_university_odds = 1.6;
    double employment_low_odds = 0.7;
    double retirement_age_men = 60;
    double retirement_age_women = 55;
    double student_share = 0.45;
    double student_share_collective = 0.6;
    double work_here_low_odds = 1.35;
    double work_here_high_odds = 0.9;
    double unemployed_months = 7;
    double second_car = 0.06;
    double car_income_odds = 1.7;
    double income_sigma = 0.35;
    // Businesses and posts.
    double business_size_sigma = 0.9;
    double premises_size_sigma = 0.3;
    double livelihood_mean_jobs = 20;
    double commute_decay_m = 2200;
    double commute_own_block_m = 350;
    double skill_fallback_rounds = 2;
    std::int64_t job_rounds = 6;
    double affinity_floor = 0.15;
    double affinity_cap = 6;
    double start_livelihood_local = 0.80;
    double start_heritage_local = 0.50;
    double in_commuter_minutes_sigma = 0.38;
    double in_commuter_minutes_min = 12;
    double in_commuter_minutes_max = 180;
    double in_commuter_age = 37;
    double in_commuter_age_sd = 9;
    double in_commuter_women = 0.46;
    double in_commuter_outside_low = 0.75;
    double in_commuter_outside_middle = 0.50;
    double in_commuter_outside_high = 0.32;

    // Tables: not levers, each with its status. Ages in years.

    /// Share employed by age group 15-19, 20-24, ..., 65-69, 70+; only the shape matters, the level is fitted to
    /// `employed_share`. Assumption after the national pattern of the 2020 census (long form).
    static constexpr std::array<double, 12> employed_men{0.04, 0.50, 0.88, 0.93, 0.94, 0.93, 0.91, 0.85, 0.72, 0.16, 0.07, 0.02};
    static constexpr std::array<double, 12> employed_women{0.03, 0.50, 0.82, 0.82, 0.83, 0.83, 0.80, 0.48, 0.15, 0.06, 0.03, 0.01};
    static constexpr int employed_first_age = 15;
    static constexpr int five_years = 5;

    /// Education of adults by decade of birth (1930s or before, 1940s, 1950s, 1960s, 1970s, 1980s, 1990s): shares of
    /// none, primary, junior, senior, college, university. Assumption: cohort shape; the level follows the district's
    /// education table where the pack has it (census 2020: 37.6 % university, 13.6 % college).
    static constexpr std::array<std::array<double, 6>, 7> education_here{{{0.09, 0.30, 0.25, 0.16, 0.06, 0.14},
                                                                          {0.03, 0.20, 0.33, 0.22, 0.08, 0.14},
                                                                          {0.01, 0.06, 0.36, 0.32, 0.13, 0.12},
                                                                          {0.005, 0.02, 0.20, 0.37, 0.20, 0.205},
                                                                          {0.003, 0.01, 0.10, 0.22, 0.22, 0.447},
                                                                          {0.002, 0.008, 0.04, 0.10, 0.19, 0.66},
                                                                          {0.002, 0.008, 0.03, 0.10, 0.19, 0.67}}};
    static constexpr std::array<std::array<double, 6>, 7> education_outside{{{0.15, 0.40, 0.28, 0.10, 0.03, 0.04},
                                                                             {0.08, 0.34, 0.36, 0.13, 0.04, 0.05},
                                                                             {0.04, 0.22, 0.46, 0.18, 0.05, 0.05},
                                                                             {0.02, 0.16, 0.48, 0.19, 0.07, 0.08},
                                                                             {0.01, 0.10, 0.42, 0.20, 0.11, 0.16},
                                                                             {0.005, 0.04, 0.28, 0.20, 0.17, 0.305},
                                                                             {0.005, 0.03, 0.22, 0.22, 0.20, 0.325}}};
    static constexpr int education_first_decade = 1930;
    static constexpr int education_decade = 10;

    /// Skill of workers by education (rows none .. university; shares low, middle, high). Assumption.
    static constexpr std::array<std::array<double, 3>, 6> skill_of_education{
        {{0.95, 0.05, 0.0}, {0.90, 0.09, 0.01}, {0.75, 0.22, 0.03}, {0.40, 0.52, 0.08}, {0.12, 0.60, 0.28}, {0.03, 0.27, 0.70}}};

    /// Relative monthly income: workers by skill, pensioners, others. Assumption (wages of the district not found).
    static constexpr std::array<double, 3> income_of_skill{1.0, 1.7, 3.1};
    static constexpr double income_retired = 0.85, income_other = 0.25;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        const auto add = [&](auto& field, std::string_view name, std::string_view unit, std::string_view label, double low, double high,
                             std::string_view source = "assumption", Status status = Status::assumption) {
            visit(field,
                  Declaration{.name = name, .unit = unit, .label = label, .low = low, .high = high, .status = status, .source = source});
        };
        add(s.seed, "seed", "1", "Seed of the population synthesis (not the run's seed)", 0, 9e15);
        add(s.pool_candidates, "pool_candidates", "households", "Distinct candidate households in the pool", 1000, 2000000,
            "issue 2: at least 200 000");
        add(s.pool_alone, "pool_alone", "1", "Pool weight: living alone", 0, 1,
            "assumption: near the one-person share .2835 of census 2020");
        add(s.pool_couple, "pool_couple", "1", "Pool weight: couple", 0, 1);
        add(s.pool_couple_child, "pool_couple_child", "1", "Pool weight: couple with children", 0, 1);
        add(s.pool_lone_parent, "pool_lone_parent", "1", "Pool weight: one parent with children", 0, 1);
        add(s.pool_three_generations, "pool_three_generations", "1", "Pool weight: three generations", 0, 1);
        add(s.pool_skipped_generation, "pool_skipped_generation", "1", "Pool weight: grandparents with grandchild", 0, 1);
        add(s.pool_sharers, "pool_sharers", "1", "Pool weight: flat sharers", 0, 1);
        add(s.pool_large, "pool_large", "1", "Pool weight: large families", 0, 1);
        add(s.pool_collective, "pool_collective", "1", "Pool weight: beds in collective quarters", 0, 1);
        add(s.partner_gap_years, "partner_gap_years", "yr", "Husband older than wife, mean", -5, 10,
            "assumption: Chinese censuses, about two years");
        add(s.partner_gap_sd_years, "partner_gap_sd_years", "yr", "Husband older than wife, standard deviation", 0, 10);
        add(s.partner_gap_max_years, "partner_gap_max_years", "yr", "Largest age gap between partners", 0, 40);
        add(s.mother_age_trend, "mother_age_trend", "yr/yr", "Mothers of earlier births were younger by this per year", 0, 0.5,
            "assumption: mean age at birth about 25.5 in the 1960-1980s, 31 now");
        add(s.mother_age_trend_max_years, "mother_age_trend_max_years", "yr", "Largest shift of mother's age", 0, 12);
        add(s.second_child, "second_child", "share", "Couples with a child who have a second at home", 0, 1,
            "assumption: children ever born .85 per woman (census 2020)");
        add(s.second_child_gap_years, "second_child_gap_years", "yr", "Gap between first and second child", 1, 12);
        add(s.child_leaves_age, "child_leaves_age", "yr", "Age at which a child leaves the parents' home, median", 16, 40);
        add(s.child_leaves_sd_years, "child_leaves_sd_years", "yr", "Spread of the leaving age", 0, 15);
        add(s.elder_pair, "elder_pair", "share", "Co-resident elders who are a pair", 0, 1);
        add(s.outside_household, "outside_household", "share", "Pool: households registered outside Beijing", 0, 1,
            "assumption: .2207 of residents (census 2020)");
        add(s.outside_sharers, "outside_sharers", "share", "Pool: sharers registered outside Beijing", 0, 1);
        add(s.outside_collective, "outside_collective", "share", "Pool: collective residents registered outside Beijing", 0, 1);
        add(s.beijing_household, "beijing_household", "share", "Pool: households registered in another Beijing district", 0, 1,
            "assumption: .0773 of residents (census 2020)");
        add(s.mixed_registration, "mixed_registration", "share", "Partners registered elsewhere than the head", 0, 1);
        add(s.outside_age_years, "outside_age_years", "yr", "Age of heads registered outside Beijing who share or rent, median", 18, 60);
        add(s.outside_rents, "outside_rents", "1", "Odds factor of private rent for those registered outside", 0, 100);
        add(s.outside_owns, "outside_owns", "1", "Odds factor of owning for those registered outside", 0, 100);
        add(s.outside_public, "outside_public", "1", "Odds factor of public or employer housing for those registered outside", 0, 100);
        add(s.fit_iterations, "fit_iterations", "1", "Most rounds of the weighting", 1, 100000);
        add(s.fit_tolerance, "fit_tolerance", "share", "Weighting stops when every control is met within this", 1e-12, 0.5);
        add(s.fit_stall, "fit_stall", "share", "Weighting stops when the worst gap falls by less than this in a round", 0, 0.1);
        add(s.rounding_passes, "rounding_passes", "1", "Most passes of the controlled rounding", 0, 1000);
        add(s.rounding_floor, "rounding_floor", "1", "Least weight of a candidate that rounding may add", 0, 1);
        add(s.dwelling_area_sigma, "dwelling_area_sigma", "1", "Spread of dwelling areas around the group's mean (log)", 0, 1);
        add(s.size_noise, "size_noise", "persons", "Noise when larger households take larger homes", 0.01, 10);
        add(s.years_in_home_rent, "years_in_home_rent", "yr", "Mean time in the present home, private tenants", 0.1, 50);
        add(s.years_in_home_other, "years_in_home_other", "yr", "Mean time in the present home, others", 0.1, 80);
        add(s.employment_outside_odds, "employment_outside_odds", "1", "Odds of employment of those registered outside", 0.01, 100);
        add(s.employment_university_odds, "employment_university_odds", "1", "Odds of employment with college or university", 0.01, 100);
        add(s.employment_low_odds, "employment_low_odds", "1", "Odds of employment with junior school or less", 0.01, 100);
        add(s.retirement_age_men, "retirement_age_men", "yr", "Statutory retirement age of men at the start", 40, 80,
            "State Council 1978, No. 104", Status::sourced);
        add(s.retirement_age_women, "retirement_age_women", "yr", "Retirement age of women at the start (50 workers, 55 staff)", 40, 80,
            "State Council 1978, No. 104", Status::sourced);
        add(s.student_share, "student_share", "share", "Students among those aged 18-22 in families", 0, 1);
        add(s.student_share_collective, "student_share_collective", "share", "Students among those aged 18-22 in collective quarters", 0,
            1);
        add(s.work_here_low_odds, "work_here_low_odds", "1", "Odds that a low-skilled resident works in the district", 0.01, 100);
        add(s.work_here_high_odds, "work_here_high_odds", "1", "Odds that a high-skilled resident works in the district", 0.01, 100);
        add(s.unemployed_months, "unemployed_months", "month", "Mean time since losing work, unemployed at the start", 0.1, 100);
        add(s.second_car, "second_car", "share", "Car owners with a second car", 0, 1);
        add(s.car_income_odds, "car_income_odds", "1", "Odds of a car per income fifth", 0.1, 10);
        add(s.income_sigma, "income_sigma", "1", "Spread of household income beside skill and employment (log)", 0, 2);
        add(s.business_size_sigma, "business_size_sigma", "1", "Spread of jobs over businesses of a group (log)", 0, 3);
        add(s.premises_size_sigma, "premises_size_sigma", "1", "Spread of floor area per job inside a group (log)", 0, 2);
        add(s.livelihood_mean_jobs, "livelihood_mean_jobs", "jobs",
            "Publicly funded services of sectors up to this mean size are livelihood projects (C4.4); larger ones are institutions", 0,
            1000);
        add(s.commute_decay_m, "commute_decay_m", "m", "Distance over which local work trips fall by a factor e", 100, 50000,
            "assumption: mean local commute 22 min");
        add(s.commute_own_block_m, "commute_own_block_m", "m", "Distance of work in the home block", 0, 5000);
        add(s.skill_fallback_rounds, "skill_fallback_rounds", "1", "Last rounds in which residents also take posts of other skill", 0, 10);
        add(s.job_rounds, "job_rounds", "1", "Rounds of the first assignment of posts", 1, 100);
        add(s.affinity_floor, "affinity_floor", "1", "Least relative chance of residents at a sector's posts", 0.001, 1);
        add(s.affinity_cap, "affinity_cap", "1", "Largest relative chance of residents at a sector's posts", 1, 1000);
        add(s.start_livelihood_local, "start_livelihood_local", "share",
            "Residents among staff of publicly funded livelihood services at the start", 0, 1, "assumption: C4.4 holds at the start");
        add(s.start_heritage_local, "start_heritage_local", "share",
            "Residents among staff of publicly funded heritage projects at the start", 0, 1, "assumption: C4.5 holds at the start");
        add(s.in_commuter_minutes_sigma, "in_commuter_minutes_sigma", "1", "Spread of the in-commute (log)", 0, 2);
        add(s.in_commuter_minutes_min, "in_commuter_minutes_min", "min", "Shortest in-commute", 1, 60);
        add(s.in_commuter_minutes_max, "in_commuter_minutes_max", "min", "Longest in-commute", 60, 255);
        add(s.in_commuter_age, "in_commuter_age", "yr", "Mean age of in-commuters", 18, 60);
        add(s.in_commuter_age_sd, "in_commuter_age_sd", "yr", "Spread of the age of in-commuters", 0, 20);
        add(s.in_commuter_women, "in_commuter_women", "share", "Women among in-commuters", 0, 1);
        add(s.in_commuter_outside_low, "in_commuter_outside_low", "share", "Low-skilled in-commuters registered outside Beijing", 0, 1);
        add(s.in_commuter_outside_middle, "in_commuter_outside_middle", "share", "Middle-skilled in-commuters registered outside Beijing",
            0, 1);
        add(s.in_commuter_outside_high, "in_commuter_outside_high", "share", "High-skilled in-commuters registered outside Beijing", 0, 1);
    }
};

}  // namespace hutong
