/// Assumptions of agents/businesses: how businesses start, grow, shrink, move, close, and trade without permission.
#pragma once

#include <cstdint>

#include "core/declare.h"

namespace hutong {

struct BusinessAssumptions {
    // Exit
    double exit_factor = 1.0;
    double exit_age_power = 0.35;
    double exit_age_reference_years = 10;
    double exit_age_floor_years = 0.5;
    double exit_size_power = 0.45;
    double exit_size_reference_posts = 10;
    double exit_rent = 3.0;
    double exit_demand = 0.8;
    // Growth and decline
    double post_turnover_per_year = 0.03;
    double growth_step_share = 0.10;
    double growth_demand = 1.0;
    double growth_rent = 1.0;
    // Demand
    double crowding_other = 0.25;
    double reach_km = 1.2;
    double demand_limit = 1.5;
    // Entry
    double entry_factor = 1.0;
    double entry_demand = 0.8;
    double entry_rent = 2.0;
    double entry_pull = 0.7;
    double entry_subsidy = 0.3;
    double entry_reserved_per_month = 0.10;
    double prohibited_entry_per_premises_month = 0.010;
    double vacancy_reference = 0.05;
    double entry_vacancy = 0.25;
    std::int64_t site_rounds = 3;
    // Rents
    double rent_band = 0.03;
    double rent_reference = 0.10;
    double rent_rise_per_month = 0.004;
    double rent_fall_per_month = 0.004;
    double rent_index_low = 0.5;
    double rent_index_high = 2.0;
    // Displacement
    double relocate_inside_share = 0.15;
    double leave_district_share = 0.60;
    // Self-employment (P5)
    double self_employment_per_month = 0.0015;
    double self_employment_subsidy = 0.5;
    // Misuse
    double misuse_per_month = 0.0006;
    double misuse_factor_vacated = 2.0;
    double misuse_enforcement = 0.5;
    double misuse_enforcement_floor = 0.1;
    double misuse_posts = 2;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.exit_factor, Declaration{.name = "exit_factor", .unit = "1", .label = "Factor on all exit hazards of businesses", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.8, .draw_high = 1.25});
        visit(s.exit_age_power, Declaration{.name = "exit_age_power", .unit = "1", .label = "Fall of the exit hazard with age (power)", .low = 0, .high = 2, .source = "assumption: young firms close two to three times as often as old ones", .draw_low = 0.2, .draw_high = 0.5});
        visit(s.exit_age_reference_years, Declaration{.name = "exit_age_reference_years", .unit = "yr", .label = "Age at which the sector's exit rate holds", .low = 1, .high = 50, .source = "assumption: definition of sectors.csv exit_per_year"});
        visit(s.exit_age_floor_years, Declaration{.name = "exit_age_floor_years", .unit = "yr", .label = "Younger businesses count as this old for their exit hazard", .low = 0.1, .high = 10, .source = "assumption"});
        visit(s.exit_size_power, Declaration{.name = "exit_size_power", .unit = "1", .label = "Fall of the exit hazard with posts (power)", .low = 0, .high = 1, .source = "assumption: large businesses close more rarely", .draw_low = 0.25, .draw_high = 0.6});
        visit(s.exit_size_reference_posts, Declaration{.name = "exit_size_reference_posts", .unit = "posts", .label = "Size at which the sector's exit rate holds", .low = 1, .high = 1000, .source = "assumption"});
        visit(s.exit_rent, Declaration{.name = "exit_rent", .unit = "1", .label = "Answer of exits to rent burden (times the sector's rent share)", .low = 0, .high = 20, .source = "assumption", .draw_low = 1, .draw_high = 6});
        visit(s.exit_demand, Declaration{.name = "exit_demand", .unit = "1", .label = "Answer of exits to lost customers (elasticity)", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.3, .draw_high = 1.5});
        visit(s.post_turnover_per_year, Declaration{.name = "post_turnover_per_year", .unit = "1/yr", .label = "Posts opened (and closed) by continuing businesses at neutral conditions", .low = 0, .high = 1, .source = "assumption", .draw_low = 0.02, .draw_high = 0.06});
        visit(s.growth_step_share, Declaration{.name = "growth_step_share", .unit = "share", .label = "Posts opened or closed in one step, of the posts of the business", .low = 0.01, .high = 1, .source = "assumption"});
        visit(s.growth_demand, Declaration{.name = "growth_demand", .unit = "1", .label = "Answer of growth and decline to demand (elasticity)", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.5, .draw_high = 2});
        visit(s.growth_rent, Declaration{.name = "growth_rent", .unit = "1", .label = "Answer of growth to rent burden (times the sector's rent share)", .low = 0, .high = 20, .source = "assumption"});
        visit(s.crowding_other, Declaration{.name = "crowding_other", .unit = "1", .label = "How strongly sectors with outside demand feel their own size in the district (consumer sectors: 1)", .low = 0, .high = 1, .source = "assumption", .draw_low = 0.1, .draw_high = 0.5});
        visit(s.reach_km, Declaration{.name = "reach_km", .unit = "km", .label = "Distance between block centres within which residents are customers", .low = 0, .high = 10, .source = "assumption: 15 minutes at 75 m/min, rounded up for block size"});
        visit(s.demand_limit, Declaration{.name = "demand_limit", .unit = "1", .label = "Largest logarithm of demand per supply that behaviour answers", .low = 0.1, .high = 5, .source = "assumption"});
        visit(s.entry_factor, Declaration{.name = "entry_factor", .unit = "1", .label = "Factor on all entries of businesses", .low = 0, .high = 5, .source = "assumption: 1 balances the exits of the start", .draw_low = 0.8, .draw_high = 1.25});
        visit(s.entry_demand, Declaration{.name = "entry_demand", .unit = "1", .label = "Answer of entries to demand (elasticity)", .low = 0, .high = 5, .source = "assumption", .draw_low = 0.3, .draw_high = 1.5});
        visit(s.entry_rent, Declaration{.name = "entry_rent", .unit = "1", .label = "Answer of entries to rent burden (times the sector's rent share)", .low = 0, .high = 20, .source = "assumption", .draw_low = 1, .draw_high = 4});
        visit(s.entry_pull, Declaration{.name = "entry_pull", .unit = "1", .label = "Pull of function areas on premises of reused space (times the sector's pull)", .low = 0, .high = 5, .source = "assumption", .clause = "C2.4", .draw_low = 0.2, .draw_high = 1.2});
        visit(s.entry_subsidy, Declaration{.name = "entry_subsidy", .unit = "1/10000 yuan", .label = "Answer of entries in reused space to the reward for local hires", .low = 0, .high = 5, .source = "assumption", .clause = "P5", .draw_low = 0, .draw_high = 0.6});
        visit(s.entry_reserved_per_month, Declaration{.name = "entry_reserved_per_month", .unit = "1/month", .label = "Candidates for each vacant premises reserved for a sector", .low = 0, .high = 1, .source = "assumption", .draw_low = 0.05, .draw_high = 0.2});
        visit(s.prohibited_entry_per_premises_month, Declaration{.name = "prohibited_entry_per_premises_month", .unit = "1/month", .label = "Candidates of each catalogue sector for each vacant premises that fits, were the catalogue relaxed", .low = 0, .high = 1, .source = "assumption", .clause = "G1", .draw_low = 0.003, .draw_high = 0.03});
        visit(s.vacancy_reference, Declaration{.name = "vacancy_reference", .unit = "share", .label = "Vacant share added on both sides when entries answer the share now over the share at the start", .low = 0.005, .high = 0.5, .source = "assumption: softens blocks that start almost full"});
        visit(s.entry_vacancy, Declaration{.name = "entry_vacancy", .unit = "1", .label = "Answer of entries to premises on offer (elasticity)", .low = 0, .high = 3, .source = "assumption", .draw_low = 0.1, .draw_high = 0.5});
        visit(s.site_rounds, Declaration{.name = "site_rounds", .unit = "rounds", .label = "Rounds in which entrants look for premises each month", .low = 1, .high = 10, .source = "assumption"});
        visit(s.rent_band, Declaration{.name = "rent_band", .unit = "share", .label = "Rents of premises rest while the vacant share is this near to that of the start", .low = 0, .high = 1, .source = "assumption", .draw_low = 0.01, .draw_high = 0.05});
        visit(s.rent_reference, Declaration{.name = "rent_reference", .unit = "share", .label = "Distance of the vacant share beyond that band at which rents move fastest", .low = 0.001, .high = 1, .source = "assumption"});
        visit(s.rent_rise_per_month, Declaration{.name = "rent_rise_per_month", .unit = "1/month", .label = "Fastest rise of rents of premises", .low = 0, .high = 0.1, .source = "assumption"});
        visit(s.rent_fall_per_month, Declaration{.name = "rent_fall_per_month", .unit = "1/month", .label = "Fastest fall of rents of premises", .low = 0, .high = 0.1, .source = "assumption"});
        visit(s.rent_index_low, Declaration{.name = "rent_index_low", .unit = "1", .label = "Least rent of premises, of the start", .low = 0.1, .high = 1, .source = "assumption"});
        visit(s.rent_index_high, Declaration{.name = "rent_index_high", .unit = "1", .label = "Highest rent of premises, of the start", .low = 1, .high = 10, .source = "assumption"});
        visit(s.relocate_inside_share, Declaration{.name = "relocate_inside_share", .unit = "share", .label = "Displaced businesses that look for premises inside the district", .low = 0, .high = 1, .source = "assumption", .draw_low = 0.05, .draw_high = 0.3});
        visit(s.leave_district_share, Declaration{.name = "leave_district_share", .unit = "share", .label = "Displaced businesses that leave, of those that do not stay (the others close)", .low = 0, .high = 1, .source = "assumption: markets of the Zoo area moved to Hebei and outer districts"});
        visit(s.self_employment_per_month, Declaration{.name = "self_employment_per_month", .unit = "1/month", .label = "Unemployed residents who would start a business in reused space, without reward", .low = 0, .high = 0.1, .source = "assumption", .clause = "P5", .draw_low = 0.0005, .draw_high = 0.004});
        visit(s.self_employment_subsidy, Declaration{.name = "self_employment_subsidy", .unit = "1/10000 yuan", .label = "Answer of self-employment to its reward", .low = 0, .high = 5, .source = "assumption", .clause = "P5", .draw_low = 0, .draw_high = 1});
        visit(s.misuse_per_month, Declaration{.name = "misuse_per_month", .unit = "1/month", .label = "Vacant premises in which unauthorised trade starts", .low = 0, .high = 0.2, .source = "assumption", .clause = "M4", .draw_low = 0.0002, .draw_high = 0.002});
        visit(s.misuse_factor_vacated, Declaration{.name = "misuse_factor_vacated", .unit = "1", .label = "The same in vacated spaces: factor", .low = 0, .high = 20, .source = "assumption", .clause = "M4"});
        visit(s.misuse_enforcement, Declaration{.name = "misuse_enforcement", .unit = "1", .label = "Fall of new misuse with the strength of enforcement (elasticity)", .low = 0, .high = 3, .source = "assumption", .clause = "O2", .draw_low = 0, .draw_high = 1});
        visit(s.misuse_enforcement_floor, Declaration{.name = "misuse_enforcement_floor", .unit = "1", .label = "Strength of enforcement below which new misuse no longer rises", .low = 0.01, .high = 1, .source = "assumption", .clause = "O2"});
        visit(s.misuse_posts, Declaration{.name = "misuse_posts", .unit = "posts", .label = "Posts of an unauthorised business", .low = 1, .high = 20, .source = "assumption"});
    }
};

}  // namespace hutong
