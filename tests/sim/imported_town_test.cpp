/// A town whose sub-districts are not those of the bundled pack is imported from layers and simulated.
#include <cmath>

#include <gtest/gtest.h>

#include "../scenarios/import_town.h"
#include "agents/steps.h"
#include "sim/run.h"

namespace hutong {
namespace {

TEST_F(Import, ATownOfOtherSubdistrictsRuns) {
    ImportChoices choices = town();
    choices.premises.file = premises();
    import_district(choices);
    const District town = read_district(choices.out);
    Scenario scenario;
    scenario.run.months = 12;
    const Parallel parallel(2);
    const Model model{.district = town, .scenario = scenario, .parallel = parallel, .luck = Luck(1, 0), .neutral = {}};
    World world = initial_world(model);
    const IndicatorSet indicators(town);
    RunOptions options;
    options.months = 12;
    options.audit = true;
    const RunOutcome outcome = run(model, indicators, world, options);
    const auto at = [&](const char* name, std::size_t month) {
        return outcome.series.reals(indicators.find(name), Level::district)[month];
    };
    EXPECT_GT(at("population", 0), 10000) << "the controls people the town";
    EXPECT_NE(at("population", 0), at("population", 12));
    EXPECT_GT(at("filled_jobs", 12), 100);
    EXPECT_GT(at("coverage.fresh_food", 12), 0);
    EXPECT_EQ(at("coverage_without_ring.fresh_food", 12), 0) << "the only shop stands in the ring";
    EXPECT_TRUE(std::isnan(at("coverage_without_ring.fresh_food", 11))) << "a month that leaves the ring out is the last or December";
}

}  // namespace
}  // namespace hutong
