/// How well the synthetic population fits its controls, and what was not controlled: `hutong synth --report`.
/// Everything is counted from the tables, so a report tells of the population that runs, not of the weights.
#pragma once

#include <array>

#include "agents/synthesis.h"

namespace hutong {

/// One control over all sub-districts.
struct ControlFit {
    std::string table, category;
    bool persons = false, independent = false;
    Status status = Status::derived;
    double target = 0, made = 0;  ///< district
    double district_error = 0;    ///< made / target - 1
    double mean_error = 0;        ///< mean of |made / target - 1| over sub-districts
    double worst_error = 0;       ///< largest of them
    std::size_t worst_place = 0;  ///< its sub-district
    double srmse = 0;             ///< over sub-districts: root mean square error / mean target
};

/// All controls of one table.
struct TableFit {
    std::string table;
    bool persons = false;
    double srmse = 0;  ///< over its categories and all sub-districts
    double worst_district_error = 0, worst_error = 0;
};

inline constexpr std::size_t report_age_bands = 6;  ///< 0-14, 15-29, 30-44, 45-59, 60-74, 75+
inline constexpr std::size_t mother_age_bands = 7;  ///< 15-19, ..., 45-49

/// What no control bound.
struct UncontrolledChecks {
    std::array<double, mother_age_bands> mother_age_share{};  ///< of children under 18 at home, by mother's age at birth
    std::array<double, mother_age_bands> fertility_share{};   ///< of births by the vital rates, without cohort shift
    double mother_age_mean = 0, children_without_mother = 0;  ///< years, share
    double elders = 0, elders_alone_share = 0, elders_pair_share = 0, elders_with_younger_share = 0, elders_collective_share = 0;
    std::array<std::array<double, 3>, report_age_bands> registration_by_age{};  ///< persons
    double partner_gap_mean = 0;
    double employed = 0, employed_here = 0, unemployed = 0, posts = 0, filled_posts = 0, by_residents = 0;
    double car_share = 0;
};

struct SynthesisReport {
    std::vector<ControlFit> controls;
    std::vector<TableFit> tables;
    UncontrolledChecks checks;
    std::vector<std::string> places;
    double persons = 0, households = 0;
};

SynthesisReport report_synthesis(const Model& model, const SynthesisRecord& record, const World& world);

}  // namespace hutong
