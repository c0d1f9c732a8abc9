#include "analysis/scenario_difference.h"

#include <gtest/gtest.h>

#include "scenarios/scenario.h"

namespace hutong {
namespace {

TEST(ScenarioDifference, SaysWhatDiffersAndNothingElse) {
    Scenario base, other;
    EXPECT_TRUE(scenario_difference(canonical_text(base), canonical_text(base)).empty());
    other.title_en = "Another";
    other.run.replicates = 8;
    EXPECT_TRUE(scenario_difference(canonical_text(base), canonical_text(other)).empty());
    other.policy.change(Month::of(2020, 1), "allocation.mode", std::string("first_come"));
    other.assumptions.people.fertility_factor = 1.5;
    base.decisions.push_back({.space = "S1", .use = "park"});
    other.decisions.push_back({.space = "S1", .use = "clinic"});
    other.decisions.push_back({.space = "S2", .use = "park"});
    const auto found = scenario_difference(canonical_text(base), canonical_text(other));
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].key, "assumption.people.fertility_factor");
    EXPECT_EQ(found[0].other, "1.5");
    EXPECT_EQ(found[1].key, "decision S1");
    EXPECT_EQ(found[1].base, "use = \"park\"");
    EXPECT_EQ(found[1].other, "use = \"clinic\"");
    EXPECT_EQ(found[2].key, "2020-01 policy.allocation.mode");
    EXPECT_EQ(found[2].base, "");
    EXPECT_EQ(found[3].key, "decision S2");
}

}  // namespace
}  // namespace hutong
