/// Assumptions of agents/residents: ageing, birth, death, schooling, retirement, leaving home, couples.
#pragma once

#include "core/declare.h"

namespace hutong {

struct PeopleAssumptions {
    double fertility_factor = 1.0;
    double mortality_factor = 1.0;
    double twin_share = 0.012;
    double boy_share = 0.515;
    double leave_home_per_year = 0.07;
    std::int64_t leave_home_from_age = 22;
    std::int64_t leave_home_to_age = 36;
    double couple_per_year = 0.12;
    std::int64_t couple_from_age = 22;
    std::int64_t couple_to_age = 46;
    double couple_age_gap_years = 8;
    double separation_per_year = 0.008;
    std::int64_t pre_school_age = 3;
    std::int64_t primary_age = 6;
    std::int64_t junior_age = 12;
    std::int64_t senior_age = 15;
    std::int64_t student_age = 18;
    std::int64_t graduate_age = 22;
    std::int64_t school_month = 9;
    double senior_share = 0.95;
    double student_share = 0.75;
    double university_share = 0.7;
    double graduate_active_share = 0.95;
    std::int64_t retire_age_men = 60;
    std::int64_t retire_age_women_high = 55;
    std::int64_t retire_age_women = 50;
    double registration_share = 0.03;
    double outside_pupil_share = 0.1;
    double school_ranking_distance_m = 3000;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.fertility_factor, Declaration{.name = "fertility_factor", .unit = "1", .label = "Factor on birth rates by mother's age", .low = 0, .high = 5, .status = Status::assumption, .source = "1 = facts/vital_rates.csv (fertility_xicheng_2020)", .draw_low = 0.85, .draw_high = 1.15});
        visit(s.mortality_factor, Declaration{.name = "mortality_factor", .unit = "1", .label = "Factor on death rates by age and sex", .low = 0, .high = 5, .status = Status::assumption, .source = "1 = facts/vital_rates.csv (Gompertz-Makeham, Beijing 2016)", .draw_low = 0.9, .draw_high = 1.1});
        visit(s.twin_share, Declaration{.name = "twin_share", .unit = "share", .label = "Share of births that are twins", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption: about 1.2 % of deliveries", .draw_low = 0.008, .draw_high = 0.02});
        visit(s.boy_share, Declaration{.name = "boy_share", .unit = "share", .label = "Share of newborns that are boys", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption: 106 boys per 100 girls", .draw_low = 0.51, .draw_high = 0.525});
        visit(s.leave_home_per_year, Declaration{.name = "leave_home_per_year", .unit = "1/yr", .label = "Adult children who look for a home of their own", .low = 0, .high = 5, .status = Status::assumption, .source = "assumption", .draw_low = 0.03, .draw_high = 0.12});
        visit(s.leave_home_from_age, Declaration{.name = "leave_home_from_age", .unit = "yr", .label = "Youngest age of leaving home", .low = 16, .high = 60, .status = Status::assumption, .source = "assumption: end of studies"});
        visit(s.leave_home_to_age, Declaration{.name = "leave_home_to_age", .unit = "yr", .label = "Age at which leaving home ends", .low = 17, .high = 100, .status = Status::assumption, .source = "assumption"});
        visit(s.couple_per_year, Declaration{.name = "couple_per_year", .unit = "1/yr", .label = "Singles who look for a partner to live with", .low = 0, .high = 5, .status = Status::assumption, .source = "assumption", .draw_low = 0.06, .draw_high = 0.2});
        visit(s.couple_from_age, Declaration{.name = "couple_from_age", .unit = "yr", .label = "Youngest age of forming a couple", .low = 18, .high = 60, .status = Status::assumption, .source = "assumption: lawful age of marriage 20 (women), 22 (men)"});
        visit(s.couple_to_age, Declaration{.name = "couple_to_age", .unit = "yr", .label = "Age at which forming couples ends", .low = 19, .high = 100, .status = Status::assumption, .source = "assumption"});
        visit(s.couple_age_gap_years, Declaration{.name = "couple_age_gap_years", .unit = "yr", .label = "Largest age gap of a new couple", .low = 0, .high = 60, .status = Status::assumption, .source = "assumption"});
        visit(s.separation_per_year, Declaration{.name = "separation_per_year", .unit = "1/yr", .label = "Couples that separate", .low = 0, .high = 5, .status = Status::assumption, .source = "assumption: order of Beijing's divorce rate", .draw_low = 0.004, .draw_high = 0.014});
        visit(s.pre_school_age, Declaration{.name = "pre_school_age", .unit = "yr", .label = "Age of entering kindergarten", .low = 0, .high = 10, .status = Status::sourced, .source = "Chinese school system"});
        visit(s.primary_age, Declaration{.name = "primary_age", .unit = "yr", .label = "Age of entering primary school", .low = 0, .high = 12, .status = Status::sourced, .source = "Compulsory Education Law, article 11"});
        visit(s.junior_age, Declaration{.name = "junior_age", .unit = "yr", .label = "Age of entering junior secondary school", .low = 0, .high = 20, .status = Status::sourced, .source = "Chinese school system"});
        visit(s.senior_age, Declaration{.name = "senior_age", .unit = "yr", .label = "Age of entering senior secondary school", .low = 0, .high = 25, .status = Status::sourced, .source = "Chinese school system"});
        visit(s.student_age, Declaration{.name = "student_age", .unit = "yr", .label = "Age of entering college or university", .low = 0, .high = 30, .status = Status::sourced, .source = "Chinese school system"});
        visit(s.graduate_age, Declaration{.name = "graduate_age", .unit = "yr", .label = "Age of leaving college or university", .low = 0, .high = 40, .status = Status::assumption, .source = "assumption: four years of study"});
        visit(s.school_month, Declaration{.name = "school_month", .unit = "month of year", .label = "Month in which the school year begins", .low = 1, .high = 12, .status = Status::sourced, .source = "Chinese school system"});
        visit(s.senior_share, Declaration{.name = "senior_share", .unit = "share", .label = "Share that goes on to senior secondary school", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption: Beijing, nearly all", .draw_low = 0.9, .draw_high = 1});
        visit(s.student_share, Declaration{.name = "student_share", .unit = "share", .label = "Share that goes on to college or university", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption: Beijing", .draw_low = 0.6, .draw_high = 0.9});
        visit(s.university_share, Declaration{.name = "university_share", .unit = "share", .label = "Share of graduates with a university degree", .low = 0, .high = 1, .status = Status::derived, .source = "census 2020: university against college, district", .draw_low = 0.6, .draw_high = 0.8});
        visit(s.graduate_active_share, Declaration{.name = "graduate_active_share", .unit = "share", .label = "Share of school leavers who look for work", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption", .draw_low = 0.85, .draw_high = 1});
        visit(s.retire_age_men, Declaration{.name = "retire_age_men", .unit = "yr", .label = "Retirement age of men", .low = 40, .high = 80, .status = Status::sourced, .source = "State Council 1978 No. 104"});
        visit(s.retire_age_women_high, Declaration{.name = "retire_age_women_high", .unit = "yr", .label = "Retirement age of women in highly skilled work", .low = 40, .high = 80, .status = Status::sourced, .source = "State Council 1978 No. 104 (cadres)"});
        visit(s.retire_age_women, Declaration{.name = "retire_age_women", .unit = "yr", .label = "Retirement age of other women", .low = 40, .high = 80, .status = Status::sourced, .source = "State Council 1978 No. 104"});
        visit(s.registration_share, Declaration{.name = "registration_share", .unit = "share", .label = "Households that register here when a child enters primary school", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption", .draw_low = 0, .draw_high = 0.1});
        visit(s.outside_pupil_share, Declaration{.name = "outside_pupil_share", .unit = "share", .label = "Primary places held by pupils who live outside", .low = 0, .high = 1, .status = Status::assumption, .source = "assumption", .draw_low = 0.05, .draw_high = 0.2});
        visit(s.school_ranking_distance_m, Declaration{.name = "school_ranking_distance_m", .unit = "m", .label = "Walking distance up to which nearness to a school ranks", .low = 100, .high = 20000, .status = Status::assumption, .source = "assumption"});
    }
};

}  // namespace hutong
