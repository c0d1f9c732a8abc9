/// What the synthetic population is fitted to: control totals by sub-district at the start date, and the vital
/// rates. Every control says where it comes from and whether it is a true control (census table or published
/// total) or derived without independent control.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/declare.h"
#include "core/error.h"
#include "core/ids.h"

namespace hutong {

/// One control: a category of households or persons with its total in each sub-district.
struct Control {
    std::string table;           ///< "household_size", "age_sex", "registration", "tenure", "dwelling_type", ...
    std::string category;        ///< "1", "F 30-34", "registered_here", ...
    bool persons = false;        ///< counts persons (else households)
    std::vector<double> totals;  ///< by sub-district, in the order of District::subdistricts
    Status status = Status::derived;
    bool independent = false;  ///< true control of the fit
    std::string source;
};

/// A rate by sex and age, from vital_rates.csv: fertility, mortality.
struct VitalRate {
    std::string type;  ///< "fertility", "mortality"
    char sex = 'F';
    int age_low = 0, age_high = 0;  ///< inclusive, in years
    double per_year = 0;
};

struct Marginals {
    std::vector<double> population;  ///< residents at the start by sub-district (常住, includes collective)
    std::vector<double> collective;  ///< of them in collective quarters
    std::vector<Control> controls;
    std::vector<VitalRate> vital_rates;

    /// The control of this table and category; nullptr when there is none.
    const Control* control(std::string_view table, std::string_view category) const;
    /// The yearly rate at an age in completed years; 0 where the table has none.
    double rate(std::string_view type, char sex, int age) const;
};

/// Reads controls.csv and vital_rates.csv of a pack; `subdistricts` are the codes whose columns hold the totals.
/// Problems are appended: columns, numbers, tables that do not add up to the population or to each other.
Marginals read_marginals(const std::filesystem::path& pack, const std::vector<std::string>& subdistricts, std::vector<Error>& problems);

}  // namespace hutong
