// The fit of constants to totals, tried where the truth is known: targets are the totals of a run with known constants, and
// the fit starts elsewhere. On a sixteenth of the bundled district.

#include "sim/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "agents/steps.h"
#include "scenarios/district_pack.h"
#include "scenarios/scenario.h"

namespace hutong {
namespace {

constexpr int rounds = 3;

struct CalibrationFit : ::testing::Test {
    static void SetUpTestSuite() {
        // A population kept from an earlier version would hide a change of the synthesis.
        unsetenv("XDG_CACHE_HOME");
        unsetenv("HOME");
    }
    CalibrationFit()
        : scenario(read_scenario(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/baseline.toml", {"run.scale=1/16"})),
          district(read_district(scenario.run.district)),
          parallel(2),
          model{district, scenario, parallel, Luck(1, 0), {}},
          start(initial_world(model)) {
        for (const ParameterRow& row : list_parameters(scenario.assumptions)) {
            for (FittedConstant& constant : known) {
                if (row.path == constant.path) constant.value = std::get<double>(row.value);
            }
        }
        for (const int year : {2017, 2018, 2019}) targets.push_back({Month::of(year, 12)});
        const auto seen = watch(model, start, targets.back().month, [](Month month) { return month.month_of_year() == 12; });
        for (std::size_t i = 0; i < targets.size(); ++i) targets[i].residents = static_cast<double>(seen[i].residents);
    }
    /// The first `count` constants fitted from these multiples of the truth.
    Fit fit_from(std::size_t count, std::vector<double> factors) const {
        std::vector<FittedConstant> elsewhere(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(count));
        for (std::size_t i = 0; i < count; ++i) elsewhere[i].value *= factors[i];
        return fit_totals(model, start, elsewhere, count, targets, rounds, [](int) {});
    }

    std::vector<FittedConstant> known{{"homes.outside_odds_registered", 0}, {"homes.arrival_admission", 0}};
    std::vector<CalibrationTarget> targets;
    Scenario scenario;
    District district;
    Parallel parallel;
    Model model;
    World start;
};

TEST_F(CalibrationFit, FindsAKnownConstantAgain) {
    for (const double factor : {0.5, 2.0}) {
        const Fit fit = fit_from(1, {factor});
        constexpr double tolerance = 0.1;
        EXPECT_NEAR(fit.constants[0].value / known[0].value, 1.0, tolerance) << "from " << factor << " times the truth";
        for (const CalibrationTarget& target : fit.targets) {
            EXPECT_LT(std::fabs(target.error()), 0.001);
            EXPECT_NE(target.declared, target.residents) << "the fit started where it should end";
        }
    }
}

// Fewer who leave or more who come have the same effect on three totals: of two such constants only what they do together is
// found again, and the fit says that they are alike.
TEST_F(CalibrationFit, OfTwoAlikeConstantsItFindsWhatTheyDoTogether) {
    const std::vector<double> factors{2.0, 0.8};
    const Fit fit = fit_from(2, factors);
    EXPECT_LT(fit.likeness(0, 1), -0.97);
    for (const CalibrationTarget& target : fit.targets) {
        EXPECT_LT(std::fabs(target.error()), 0.001);
        double before = 0, after = 0;
        for (std::size_t i = 0; i < known.size(); ++i) {
            before += target.elasticities[i] * std::log(factors[i]);
            after += target.elasticities[i] * std::log(fit.constants[i].value / known[i].value);
        }
        constexpr double part = 0.1, tolerance = 0.0015;  // elasticities are of small changes, the totals met within 0.001
        EXPECT_LT(std::fabs(after), part * std::fabs(before) + tolerance) << target.month.text();
    }
}

}  // namespace
}  // namespace hutong
