/// The figures that are not tables of places, and every assumption the makers share.
#include "scenarios/generate_draft.h"

namespace hutong::generate {

void make_figures(Draft& draft) {
    const auto add = [&](std::string name, double value, double low, double high, std::string unit, Status status, std::string source) {
        draft.figures.push_back({std::move(name), value, low, high, std::move(unit), std::move(source), status});
    };
    const auto census = [&](const char* variable) { return draft.census.at(variable); };
    const Status sourced = Status::sourced, derived = Status::derived, assumed = Status::assumption;
    // Population.
    add("population_2016", 1259000, 1259000, 1259000, "persons", sourced, "district_totals.csv 2016 (year-end)");
    add("population_2017", 1220000, 1215000, 1225000, "persons", sourced, "district_totals.csv 2017 (year-end), confidence medium");
    add("population_2018", 1179000, 1174000, 1184000, "persons", sourced, "district_totals.csv 2018 (year-end), confidence medium");
    add("population_2019", 1137000, 1137000, 1137000, "persons", sourced, "district_totals.csv 2019 (year-end)");
    add("population_census_2020", census("POPU"), census("POPU"), census("POPU"), "persons", sourced,
        "census2020.csv POPU (2020-11-01); kept out of the fit");
    add("population_2020", 1104000, 1104000, 1106214, "persons", sourced, "district_totals.csv 2020 (government work report 2021)");
    add("population_start", 1239500, 1225000, 1255000, "persons", derived, "end 2016 and end 2017 interpolated to 2017-07-01");
    add("red_line", 1107000, 1107000, 1107000, "persons", sourced, "district_totals.csv population_red_line 2020");
    add("collective_share", 0.12, 0.10, 0.14, "share of population", assumed,
        "assumption: people in collective households; model.md 'Homes'");
    add("family_household_share_2020", census("HHLD_R"), census("HHLD_R"), census("HHLD_R"), "share of households", sourced,
        "census2020.csv HHLD_R");
    add("household_size_2020", census("HHLD_S"), census("HHLD_S"), census("HHLD_S"), "persons", sourced,
        "census2020.csv HHLD_S; kept out of the fit");
    add("one_person_share_2020", census("HHLD_1P"), census("HHLD_1P"), census("HHLD_1P"), "share of family households", sourced,
        "census2020.csv HHLD_1P; kept out of the fit");
    add("sex_ratio_2020", census("POPU_WM"), census("POPU_WM"), census("POPU_WM"), "men per 100 women", sourced, "census2020.csv POPU_WM");
    add("household_car_share", census("HOUS_SAMP_HHVE"), 0.45, 0.52, "share of family households", sourced,
        "census2020.csv HOUS_SAMP_HHVE (10 % sample)");
    add("out_migrant_share_outside", 0.60, 0.4, 0.8, "share of net out-migrants 2017-2020", assumed,
        "assumption: registered outside Beijing");
    add("out_migrant_share_other_district", 0.10, 0.0, 0.2, "share of net out-migrants 2017-2020", assumed,
        "assumption: registered in another Beijing district");
    add("sex_ratio_at_birth", 1.06, 1.04, 1.10, "boys per girl", assumed, "assumption: demographic norm");
    // Homes.
    add("courtyard_households", 63000, 55000, 75000, "households", assumed,
        "assumption: census 2020 'no private toilet' share .1536 of households as order of size");
    add("shichahai_public_courtyards", 15663, 15663, 15663, "tenancies", sourced, "vacated_spaces.csv, bjnews.com.cn 155151373614664");
    add("courtyard_public_share", 0.80, 0.7, 0.9, "share of courtyard households", assumed, "assumption");
    add("courtyard_owned_share", 0.13, 0.05, 0.2, "share of courtyard households", assumed, "assumption");
    add("simple_building_households", 14000, 8000, 20000, "households", assumed, "assumption");
    add("basement_households", 3800, 1500, 6000, "households", assumed, "assumption: residents of basements before clearance");
    add("public_apartment_households", 6000, 3000, 12000, "households", assumed, "assumption");
    add("renting_share", census("HOUS_SAMP_LEAS"), 0.30, 0.40, "share of family households", sourced, "census2020.csv HOUS_SAMP_LEAS");
    add("owned_share", census("HOUS_SAMP_BUY") + census("HOUS_SAMP_SELF") + census("HOUS_SAMP_INHE"), 0.55, 0.65,
        "share of family households", derived, "census2020.csv purchased + self-built + inherited");
    add("other_tenure_share", census("HOUS_SAMP_OTHR"), 0.04, 0.08, "share of family households", sourced,
        "census2020.csv HOUS_SAMP_OTHR, taken as employer-linked");
    add("market_vacancy", 0.035, 0.02, 0.06, "share of dwellings offered", assumed,
        "assumption: owned and privately let dwellings, vacant on the market");
    add("public_vacancy", 0.01, 0.0, 0.03, "share of dwellings", assumed, "assumption: public and employer-linked");
    add("held_empty", 0.08, 0.04, 0.15, "share of owned and private_rent dwellings", assumed, "assumption: neither lived in nor offered");
    add("held_empty_public", 0.03, 0.0, 0.08, "share of public and employer dwellings", assumed, "assumption");
    add("bed_occupancy", 0.95, 0.85, 1.0, "share of beds", assumed, "assumption: dormitory beds");
    // Work.
    add("jobs_total", 1100000, 1000000, 1150000, "filled jobs", assumed,
        "jobs_commute.csv xicheng_jobs_2018_default; district_totals.csv employees_default");
    add("jobs_open_share", 0.02, 0.01, 0.04, "share of posts", assumed, "assumption: open posts beside the filled ones");
    add("businesses_total", 46000, 44000, 48000, "legal entities", sourced, "district_totals.csv legal_entities 2018");
    add("self_containment", 0.60, 0.50, 0.70, "employed residents working in the district / employed residents", assumed,
        "jobs_commute.csv default");
    add("employed_share_15plus", census("EMPL_OCCU"), 0.49, 0.53, "share of population 15+", sourced,
        "census2020.csv EMPL_OCCU (10 % sample; definition inferred)");
    add("unemployment_rate", 0.02, 0.01, 0.04, "share of labour force", assumed,
        "assumption: registered rate of the city is near 1.4 %, the surveyed one higher");
    add("commute_minutes_inside", 22, 18, 28, "min", assumed, "jobs_commute.csv default");
    add("commute_minutes_in_commuters", 54, 48, 60, "min", assumed, "jobs_commute.csv default");
    add("vacant_premises_share", 0.055, 0.04, 0.08, "share of floor area", assumed, "assumption");
    // Services.
    add("walking_m_per_min", 75, 60, 85, "m/min", assumed, "facts/README.md");
    add("walking_elders_m_per_min", 48, 40, 60, "m/min", assumed, "assumption (model.md 'Services')");
    add("parking_per_car", 0.62, 0.5, 0.75, "spaces per car", assumed, "service_stock.csv");
    add("green_m2_per_resident", 4.6, 3.5, 6.0, "m2 of walk-in parks per resident", assumed, "assumption: core area, order of size");
    // Vacated space.
    add("zoo_market_m2", 350000, 300000, 350000, "m2", sourced, "vacated_spaces.csv, 12 markets");
    add("zoo_open_share", 4.0 / 12, 0.2, 0.5, "share of the 12 markets still open at 2017-07", assumed,
        "assumption: closing dates 2015-01 to 2017-11-30");
    add("wantong_m2", 25000, 15000, 40000, "m2", assumed, "facts/README.md default");
    add("wholesale_vacated_2014_2020_m2", 1780000, 1780000, 1780000, "m2", sourced, "vacated_spaces.csv; definition unclear, flagged");
    add("wholesale_generated_share", 0.25, 0.0, 1.0, "share of the unexplained m2 generated as spaces", assumed,
        "assumption: the definition behind 1.78 million m2 is unclear");
    add("illegal_construction_2017_m2", 150000, 150000, 150000, "m2", sourced, "vacated_spaces.csv (plan)");
    add("heritage_2021_2025_m2", 47000, 47000, 47000, "m2", sourced, "vacated_spaces.csv");
    add("surrendered_2021_2025", 4713, 4713, 4713, "households", sourced, "vacated_spaces.csv");
}

}  // namespace hutong::generate
