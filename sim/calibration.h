/// Fit and what is kept apart (model.md): at most four constants, the same in all years, are fitted to the year-end totals of
/// 2017, 2018 and 2019; everything else that is known is held against the run afterwards and never touches the fit.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

inline constexpr std::size_t census_ages = 18;  ///< 0-4, 5-9, ..., 80-84, 85 and over

/// The district at the end of a month, as far as facts speak of it.
struct Snapshot {
    Month month;
    std::int64_t residents = 0, households = 0, family_members = 0, one_person = 0;  ///< households outside collective quarters
    std::array<std::int64_t, census_ages> ages{};
    std::vector<std::int64_t> by_subdistrict;
    std::int64_t first_graders = 0;  ///< residents in their first year of primary school
    double vacancy = 0;              ///< vacant on the market / (vacant on the market + occupied)

    double household_size() const { return static_cast<double>(family_members) / static_cast<double>(households); }
    double one_person_share() const { return static_cast<double>(one_person) / static_cast<double>(households); }
};
/// `month` is the last one simulated.
Snapshot snapshot(const Model& model, const World& world, Month month);

/// Simulates until `last` has passed and looks at the months named.
std::vector<Snapshot> watch(const Model& model, World world, Month last, const std::function<bool(Month)>& wanted);

/// A calibration is rejected when the vacancy path of its run goes above this.
inline constexpr double vacancy_limit = 0.08;
double largest_vacancy(const std::vector<Snapshot>& path);
bool vacancy_rejects(const std::vector<Snapshot>& path);

/// A constant that the fit may move, by its path in the assumptions ("homes.campaign_out_per_year").
struct FittedConstant {
    std::string path;
    double value = 0;
};
struct CalibrationTarget {
    Month month;
    double residents = 0;
    double reached = 0;                  ///< in the fitted run
    double declared = 0;                 ///< with the constants as they stood before the fit
    std::vector<double> elasticities{};  ///< of the total to every constant examined, in order
    double error() const { return reached / residents - 1.0; }
};
inline constexpr double fit_tolerance = 0.01;  ///< of every target
inline constexpr double alike = 0.99;          ///< effects with a cosine as large are not told apart
struct Fit {
    std::vector<FittedConstant> constants;  ///< fitted ones first, then those only examined
    std::size_t fitted = 0;
    std::vector<CalibrationTarget> targets;
    int runs = 0;

    /// Cosine of the effects of two constants on the targets: near 1 or -1 the data cannot tell them apart.
    double likeness(std::size_t a, std::size_t b) const;
    /// Pairs of constants that the targets cannot tell apart.
    std::vector<std::pair<std::size_t, std::size_t>> not_told_apart() const;
    /// Every target within the tolerance.
    bool met() const;
};

/// Gauss-Newton on the logarithms of the first `fitted` constants; `start` is the world of the first month. `progress` is
/// told the number of runs done.
Fit fit_totals(const Model& model, const World& start, std::vector<FittedConstant> constants, std::size_t fitted,
               std::vector<CalibrationTarget> targets, int rounds, const std::function<void(int)>& progress);

/// The scenario with these constants.
Scenario with_constants(const Scenario& scenario, const std::vector<FittedConstant>& constants);

}  // namespace hutong
