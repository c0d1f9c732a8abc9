// The fit of constants to totals, tried where the truth is known: targets are the totals of a run with known constants, and
// the fit starts elsewhere. On a sixteenth of the bundled district.

#include "sim/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "agents/steps.h"
#include "agents/stocks.h"
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

TEST_F(CalibrationFit, AVacancyPathAboveEightPerCentIsRejected) {
    const auto month = model.scenario.run.start;
    const Snapshot at_start = snapshot(model, start, month);
    EXPECT_GT(at_start.vacancy, 0);
    EXPECT_FALSE(vacancy_rejects({at_start}));
    // Households go until more than 8 % of the market's and the occupied homes are vacant, one month of the path.
    World emptied = start;
    for (std::uint32_t h = 0; h < emptied.households.rows(); ++h) {
        if (emptied.households.alive(h) && mix64(emptied.households.luck[h]) % 10 == 0) remove_household(emptied, h);
    }
    double vacant = 0, occupied = 0;
    for (std::uint32_t d = 0; d < emptied.dwellings.rows(); ++d) {
        vacant += emptied.dwellings.vacant(d) ? 1 : 0;
        occupied += emptied.dwellings.household[d] != no_row ? 1 : 0;
    }
    const Snapshot above = snapshot(model, emptied, month);
    EXPECT_DOUBLE_EQ(above.vacancy, vacant / (vacant + occupied));
    ASSERT_GT(above.vacancy, vacancy_limit);
    EXPECT_TRUE(vacancy_rejects({at_start, above, at_start})) << "one month above is enough";
    EXPECT_DOUBLE_EQ(largest_vacancy({at_start, above, at_start}), above.vacancy);
    Snapshot on_the_line = at_start;
    on_the_line.vacancy = vacancy_limit;
    EXPECT_FALSE(vacancy_rejects({on_the_line}));
}

// Elasticities by hand: the second constant does what the first does, the third something else.
TEST(Fit, NamesTheConstantsThatTheDataCannotTellApart) {
    Fit fit;
    fit.constants = {{"one", 1}, {"alike", 1}, {"opposite", 1}, {"other", 1}};
    fit.targets.resize(3);
    const double rows[3][4] = {{1, 2.01, -1, 3}, {2, 4, -2.02, 0}, {3, 6, -3, -1}};
    for (std::size_t t = 0; t < 3; ++t) fit.targets[t].elasticities.assign(rows[t], rows[t] + 4);
    using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
    EXPECT_EQ(fit.not_told_apart(), (Pairs{{0, 1}, {0, 2}, {1, 2}}));
    for (std::size_t t = 0; t < 3; ++t) fit.targets[t].elasticities = {rows[t][0], rows[t][3]};
    fit.constants = {{"one", 1}, {"other", 1}};
    EXPECT_TRUE(fit.not_told_apart().empty());
}

TEST(Fit, IsMetWhenEveryTargetIsWithinOnePerCent) {
    Fit fit;
    fit.targets = {{Month::of(2017, 12), 1000, 1009}, {Month::of(2018, 12), 1000, 991}};
    EXPECT_TRUE(fit.met());
    fit.targets[1].reached = 989;
    EXPECT_FALSE(fit.met());
}

}  // namespace
}  // namespace hutong
