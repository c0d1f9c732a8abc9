/// Assumptions of agents/homes: moving, choice of home, rents, arrivals, departures.
#pragma once

#include "core/declare.h"

namespace hutong {

struct HomesAssumptions {
    // moving hazards by tenure of the present home
    double move_owned_per_year = 0.03;
    double move_private_rent_per_year = 0.24;
    double move_public_per_year = 0.03;
    double move_employer_per_year = 0.05;
    double move_collective_per_year = 0.25;
    double young_factor = 1.6;
    std::int64_t young_below_age = 35;
    double old_factor = 0.5;
    std::int64_t old_from_age = 60;
    double crowding_factor = 1.5;
    double crowded_below_m2 = 12;
    double dissatisfaction_factor = 1.0;
    double improved_factor = 0.6;
    double burden_factor = 1.0;
    double burden_limit = 0.5;
    double school_refused_factor = 2;
    double most_moving_factor = 3;
    // choice of home
    double cost_weight = 1.6;
    double size_weight = 0.8;
    double ideal_m2_per_person = 22;
    double service_weight = 1.2;
    double school_weight = 1.5;
    double distance_weight_per_km = 0.45;
    double nest_scale = 0.6;
    double permanent_taste_share = 0.3;
    double outside_odds_registered = 0.45;
    double outside_odds_floating = 0.75;
    std::int64_t search_tries = 8;
    std::int64_t search_rounds = 3;
    // income by fifth, yuan a month per household
    double income_1_yuan = 6500;
    double income_2_yuan = 10500;
    double income_3_yuan = 15000;
    double income_4_yuan = 22000;
    double income_5_yuan = 42000;
    double price_burden_share = 0.35;
    // rents
    double target_vacancy = 0.04;
    double rent_up_per_year = 0.06;
    double rent_down_per_year = 0.04;
    double rent_simple_factor = 0.75;
    double rent_courtyard_factor = 0.8;
    double rent_basement_factor = 0.35;
    double rent_bed_factor = 0.4;
    // stock
    double let_vacant_owned_per_year = 0.5;
    double hold_vacant_per_year = 0.8;
    double hold_vacant_let_per_year = 0.12;
    double close_bed_per_year = 1.5;
    double return_held_per_year = 0.06;
    // arrivals and departures
    double arrivals_per_year = 34000;
    double arrival_admission = 0.5;
    double arrival_rent_elasticity = 1.0;
    double arrival_job_elasticity = 0.5;
    double arrival_floating_share = 0.55;
    double arrival_couple_share = 0.3;
    double arrival_child_share = 0.4;
    double arrival_seeks_work_share = 0.6;
    std::int64_t arrival_from_age = 22;
    std::int64_t arrival_to_age = 45;
    double commuter_conversion_per_year = 0.004;
    double campaign_out_per_year = 0.012;
    double campaign_out_registered_per_year = 0.0015;
    std::string campaign_from = "2017-07";
    std::string campaign_until = "2020-12";
    // net migration after the data date: declared variants, never a forecast
    std::string later_from = "2025-11";
    double later_arrivals_factor = 1;
    double later_departures_factor = 1;
    double displaced_leave_share = 0.5;
    double unauthorised_per_space_year = 0.04;
    double unauthorised_deterrence = 1.0;
    // surrender of leases of direct-managed courtyards (C3.4)
    std::string surrender_from = "2021-01";
    double surrender_base = 0.02;
    double surrender_compensation_weight = 4;
    double surrender_crowding_weight = 1;
    double surrender_services_weight = 1;
    double surrender_old_weight = 0.4;
    double surrender_years_weight = 0.1;
    double surrender_taste_spread = 0.7;
    double surrender_price_rent_years = 80;
    double surrender_call_months = 24;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        const auto rate = [&](auto& field, std::string_view name, std::string_view label, double low, double high,
                              std::string_view source = "assumption") {
            visit(field, Declaration{.name = name,
                                     .unit = "1/yr",
                                     .label = label,
                                     .low = 0,
                                     .high = 5,
                                     .status = Status::assumption,
                                     .source = source,
                                     .draw_low = low,
                                     .draw_high = high});
        };
        const auto factor = [&](auto& field, std::string_view name, std::string_view unit, std::string_view label, double most, double low,
                                double high, std::string_view source = "assumption") {
            visit(field, Declaration{.name = name,
                                     .unit = unit,
                                     .label = label,
                                     .low = 0,
                                     .high = most,
                                     .status = Status::assumption,
                                     .source = source,
                                     .draw_low = low,
                                     .draw_high = high});
        };
        rate(s.move_owned_per_year, "move_owned_per_year", "Owner-occupiers who look for another home", 0.015, 0.05);
        rate(s.move_private_rent_per_year, "move_private_rent_per_year", "Private tenants who look for another home", 0.15, 0.35);
        rate(s.move_public_per_year, "move_public_per_year", "Tenants of public housing who look for another home", 0.015, 0.05);
        rate(s.move_employer_per_year, "move_employer_per_year", "Residents of employer-linked homes who look for another home", 0.02,
             0.08);
        rate(s.move_collective_per_year, "move_collective_per_year", "Residents of collective quarters who look for another place", 0.15,
             0.4);
        factor(s.young_factor, "young_factor", "1", "Factor on moving for young heads", 10, 1.2, 2.2);
        visit(s.young_below_age, Declaration{.name = "young_below_age",
                                             .unit = "yr",
                                             .label = "Heads below this age count as young",
                                             .low = 16,
                                             .high = 80,
                                             .status = Status::assumption,
                                             .source = "assumption"});
        factor(s.old_factor, "old_factor", "1", "Factor on moving for old heads", 10, 0.3, 0.8);
        visit(s.old_from_age, Declaration{.name = "old_from_age",
                                          .unit = "yr",
                                          .label = "Heads from this age on count as old",
                                          .low = 30,
                                          .high = 120,
                                          .status = Status::assumption,
                                          .source = "assumption"});
        factor(s.crowding_factor, "crowding_factor", "1", "Factor on moving for crowded households", 10, 1.2, 2);
        factor(s.crowded_below_m2, "crowded_below_m2", "m2/person", "A home below this area per person is crowded", 100, 8, 16);
        factor(s.dissatisfaction_factor, "dissatisfaction_factor", "1", "Added share of moving when no own service is served", 10, 0.4, 2);
        factor(s.improved_factor, "improved_factor", "1", "Factor on moving after a courtyard improvement (C3.4)", 10, 0.4, 0.8);
        factor(s.burden_factor, "burden_factor", "1", "Added share of moving per unit of rent burden above the limit", 10, 0.5, 2);
        factor(s.burden_limit, "burden_limit", "share", "Rent burden above which tenants move more", 5, 0.4, 0.6);
        factor(s.most_moving_factor, "most_moving_factor", "1", "Largest product of all factors on moving", 100, 2.5, 4);
        factor(s.school_refused_factor, "school_refused_factor", "1", "Factor on moving after a child was refused a school place", 10, 1.2,
               3);
        factor(s.school_weight, "school_weight", "1", "Weight of the share refused a school place for families with young children", 20,
               0.5, 3);
        factor(s.cost_weight, "cost_weight", "1", "Weight of housing cost over income in the choice of a home", 20, 1, 2.5);
        factor(s.size_weight, "size_weight", "1", "Weight of the gap between area and ideal area", 20, 0.4, 1.2);
        factor(s.ideal_m2_per_person, "ideal_m2_per_person", "m2/person", "Ideal area per person", 200, 16, 30);
        factor(s.service_weight, "service_weight", "1", "Weight of the served share of own services", 20, 0.6, 2);
        factor(s.distance_weight_per_km, "distance_weight_per_km", "1/km", "Dislike of distance from the present home", 20, 0.2, 0.8);
        visit(s.nest_scale, Declaration{.name = "nest_scale",
                                        .unit = "1",
                                        .label = "Scale of the inclusive value (nested logit)",
                                        .low = 0.1,
                                        .high = 1,
                                        .source = "assumption",
                                        .draw_low = 0.4,
                                        .draw_high = 0.9});
        factor(s.permanent_taste_share, "permanent_taste_share", "share", "Share of searches led by permanent taste", 1, 0.1, 0.5);
        factor(s.outside_odds_registered, "outside_odds_registered", "1",
               "Odds of leaving the district for registered movers at start conditions", 100, 0.3, 0.7);
        factor(s.outside_odds_floating, "outside_odds_floating", "1", "Odds of leaving the district for movers registered outside Beijing",
               100, 0.5, 1.2);
        visit(s.search_tries, Declaration{.name = "search_tries",
                                          .unit = "tries",
                                          .label = "Keyed tries for a dwelling before the list is scanned",
                                          .low = 1,
                                          .high = 1000,
                                          .status = Status::assumption,
                                          .source = "numerical: the scan gives the same law"});
        visit(s.search_rounds, Declaration{.name = "search_rounds",
                                           .unit = "rounds",
                                           .label = "Rounds of contested homes a month",
                                           .low = 1,
                                           .high = 20,
                                           .status = Status::assumption,
                                           .source = "assumption"});
        factor(s.income_1_yuan, "income_1_yuan", "yuan/month", "Household income, lowest fifth", 1e6, 5000, 8000,
               "assumption, scaled to disposable income 71 863 yuan a head in 2017");
        factor(s.income_2_yuan, "income_2_yuan", "yuan/month", "Household income, second fifth", 1e6, 9000, 12000, "assumption, as above");
        factor(s.income_3_yuan, "income_3_yuan", "yuan/month", "Household income, third fifth", 1e6, 13000, 17000, "assumption, as above");
        factor(s.income_4_yuan, "income_4_yuan", "yuan/month", "Household income, fourth fifth", 1e6, 19000, 26000, "assumption, as above");
        factor(s.income_5_yuan, "income_5_yuan", "yuan/month", "Household income, highest fifth", 1e6, 35000, 50000,
               "assumption, as above");
        factor(s.price_burden_share, "price_burden_share", "1", "Cost of an owned home as a share of its rent in the choice", 5, 0.2, 0.6);
        factor(s.target_vacancy, "target_vacancy", "share", "Vacancy of the market's stock at which rents stand still", 0.5, 0.03, 0.06);
        rate(s.rent_up_per_year, "rent_up_per_year", "Fastest rise of rents when nothing is vacant", 0.03, 0.1);
        rate(s.rent_down_per_year, "rent_down_per_year", "Fastest fall of rents at twice the target vacancy", 0.02, 0.08);
        factor(s.rent_simple_factor, "rent_simple_factor", "1", "Rent of simple buildings against apartments", 5, 0.6, 0.9);
        factor(s.rent_courtyard_factor, "rent_courtyard_factor", "1", "Rent of courtyard homes against apartments", 5, 0.6, 1.1);
        factor(s.rent_basement_factor, "rent_basement_factor", "1", "Rent of basements against apartments", 5, 0.25, 0.5);
        factor(s.rent_bed_factor, "rent_bed_factor", "1", "Rent of dormitory space against apartments", 5, 0.3, 0.6);
        rate(s.let_vacant_owned_per_year, "let_vacant_owned_per_year", "Vacant owned homes that come to the rental market", 0.3, 0.8);
        rate(s.hold_vacant_per_year, "hold_vacant_per_year", "Vacant owned, employer-linked and public homes that are kept empty", 0.4,
             1.2);
        rate(s.hold_vacant_let_per_year, "hold_vacant_let_per_year", "Vacant rented homes that their landlords keep empty", 0.05, 0.3);
        rate(s.close_bed_per_year, "close_bed_per_year", "Vacated beds in collective quarters that are closed under the campaign", 0.8, 3);
        rate(s.return_held_per_year, "return_held_per_year", "Homes kept empty that come back to the market", 0.03, 0.1);
        factor(s.arrivals_per_year, "arrivals_per_year", "households/yr", "Households outside that consider the district (at scale 1)", 1e6,
               26000, 42000);
        factor(s.arrival_admission, "arrival_admission", "share", "Share of them that search at start rents and vacancies of posts", 1,
               0.35, 0.65);
        factor(s.arrival_rent_elasticity, "arrival_rent_elasticity", "1", "Elasticity of arrivals to rent", 10, 0.5, 2);
        factor(s.arrival_job_elasticity, "arrival_job_elasticity", "1", "Elasticity of arrivals to open posts", 10, 0.2, 1);
        factor(s.arrival_floating_share, "arrival_floating_share", "share", "Share of arriving households registered outside Beijing", 1,
               0.4, 0.7);
        factor(s.arrival_couple_share, "arrival_couple_share", "share", "Share of arriving households that are couples", 1, 0.2, 0.4);
        factor(s.arrival_child_share, "arrival_child_share", "share", "Share of arriving couples with a young child", 1, 0.25, 0.55);
        factor(s.arrival_seeks_work_share, "arrival_seeks_work_share", "share", "Share of arriving adults who look for work here", 1, 0.4,
               0.8);
        visit(s.arrival_from_age, Declaration{.name = "arrival_from_age",
                                              .unit = "yr",
                                              .label = "Youngest age of arriving adults",
                                              .low = 16,
                                              .high = 60,
                                              .status = Status::assumption,
                                              .source = "assumption"});
        visit(s.arrival_to_age, Declaration{.name = "arrival_to_age",
                                            .unit = "yr",
                                            .label = "Age up to which adults arrive",
                                            .low = 17,
                                            .high = 100,
                                            .status = Status::assumption,
                                            .source = "assumption"});
        rate(s.commuter_conversion_per_year, "commuter_conversion_per_year", "In-commuters who look for a home here", 0.002, 0.01);
        visit(s.campaign_out_per_year,
              Declaration{.name = "campaign_out_per_year",
                          .unit = "1/yr",
                          .label = "Households registered outside Beijing that leave under the campaign 2017-2020",
                          .low = 0,
                          .high = 2,
                          .status = Status::fitted,
                          .source = "set so that year-end totals 2017-2019 are met; dated forcing, not extrapolated",
                          .draw_low = 0.01,
                          .draw_high = 0.05});
        visit(s.campaign_out_registered_per_year,
              Declaration{.name = "campaign_out_registered_per_year",
                          .unit = "1/yr",
                          .label = "Other households that leave with the functions moved out 2017-2020",
                          .low = 0,
                          .high = 2,
                          .status = Status::fitted,
                          .source = "set so that year-end totals 2017-2019 are met; dated forcing, not extrapolated",
                          .draw_low = 0,
                          .draw_high = 0.008});
        visit(s.campaign_from, Declaration{.name = "campaign_from",
                                           .unit = "YYYY-MM",
                                           .label = "First month of the campaign",
                                           .status = Status::sourced,
                                           .source = "special campaign 2017-2020 (疏解整治促提升)"});
        visit(s.campaign_until, Declaration{.name = "campaign_until",
                                            .unit = "YYYY-MM",
                                            .label = "Last month of the campaign",
                                            .status = Status::sourced,
                                            .source = "special campaign 2017-2020 (疏解整治促提升)"});
        visit(s.later_from, Declaration{.name = "later_from",
                                        .unit = "YYYY-MM",
                                        .label = "First month after the data date, from which net migration is a variant",
                                        .status = Status::derived,
                                        .source = "data date of history.toml"});
        factor(s.later_arrivals_factor, "later_arrivals_factor", "1", "Factor on arrivals after the data date (variants of net migration)",
               10, 0.85, 1.15);
        factor(s.later_departures_factor, "later_departures_factor", "1",
               "Factor on the odds of leaving after the data date (variants of net migration)", 10, 0.85, 1.15);
        factor(s.displaced_leave_share, "displaced_leave_share", "share", "Displaced households that leave without searching", 1, 0.3, 0.7);
        rate(s.unauthorised_per_space_year, "unauthorised_per_space_year", "Unauthorised dwelling started per vacant indoor space", 0.01,
             0.1);
        factor(s.unauthorised_deterrence, "unauthorised_deterrence", "1",
               "Deterrence: unauthorised dwelling starts 1 / (1 + this * (enforcement - 1) / 2) times as often", 2, 0.0, 1.0);
        visit(s.surrender_from,
              Declaration{.name = "surrender_from",
                          .unit = "YYYY-MM",
                          .label = "First month of calls to surrender leases; before it sub-let homes are recovered (C3.4)",
                          .status = Status::derived,
                          .source = "facts/vacated_spaces.csv: surrenders in courtyards 2021-2025"});
        visit(s.surrender_base,
              Declaration{.name = "surrender_base",
                          .unit = "1/month",
                          .label = "Households that apply to surrender their lease, where nothing speaks for or against it",
                          .low = 0,
                          .high = 1,
                          .status = Status::assumption,
                          .source = "assumption: the courtyards of the pack are those that were given up, so that most apply",
                          .draw_low = 0.01,
                          .draw_high = 0.04});
        factor(s.surrender_compensation_weight, "surrender_compensation_weight", "1", "Surrender: weight of compensation over market value",
               50, 2, 6);
        factor(s.surrender_crowding_weight, "surrender_crowding_weight", "1",
               "Surrender: weight of the missing share of room in a crowded home", 20, 0, 2);
        factor(s.surrender_services_weight, "surrender_services_weight", "1", "Surrender: weight of the unserved share of own services", 20,
               0, 2);
        factor(s.surrender_old_weight, "surrender_old_weight", "1", "Surrender: reluctance of old heads", 20, 0, 1);
        factor(s.surrender_years_weight, "surrender_years_weight", "1",
               "Surrender: reluctance for each ten years in the home, up to thirty", 20, 0, 0.4);
        factor(s.surrender_taste_spread, "surrender_taste_spread", "1", "Surrender: spread of permanent taste", 20, 0.3, 1.2);
        factor(s.surrender_price_rent_years, "surrender_price_rent_years", "yr", "Market value of a home in years of its rent", 500, 60,
               100, "facts/rents.csv: yield 1.25 %");
        factor(s.surrender_call_months, "surrender_call_months", "month", "Months a call lasts where households stay", 240, 12, 36);
    }
};

}  // namespace hutong
