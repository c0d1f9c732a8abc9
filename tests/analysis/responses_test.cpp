#include "analysis/responses.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "agents/model.h"
#include "scenarios/district_pack.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_edit.h"
#include "sim/indicators.h"

namespace hutong {
namespace {

TEST(Responses, EveryBehaviourIsSwitchedOffOnce) {
    std::multiset<std::string> names;
    for (const Response& one : behaviour_responses()) names.insert(std::string(one.behaviour));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(Behaviour::count));
    for (std::size_t b = 0; b < static_cast<std::size_t>(Behaviour::count); ++b)
        EXPECT_EQ(names.count(std::string(behaviour_name(static_cast<Behaviour>(b)))), 1U) << behaviour_name(static_cast<Behaviour>(b));
}

TEST(Responses, NamesAndEntriesAreKnown) {
    const std::filesystem::path scenarios = std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios";
    const District district = read_district(scenarios / "xicheng");
    const IndicatorSet indicators(district);
    for (const auto* list : {&district_responses(), &behaviour_responses()}) {
        for (const Response& one : *list) {
            for (const auto* names : {&one.measure.over, &one.measure.under}) {
                for (const auto name : *names) EXPECT_LT(indicators.find(name), indicators.all().size()) << name;
            }
            EXPECT_LE(1, one.measure.from);
            EXPECT_LE(one.measure.from, one.measure.until);
            std::vector<std::string> entries;
            std::vector<Decision> before, after;
            for (const auto* set : {&one.both, &one.base, &one.changed, &one.placebo}) {
                for (const auto entry : *set) {
                    if (const auto decision = decision_of(entry))
                        (set == &one.base ? before : after).push_back(*decision);
                    else
                        entries.emplace_back(entry);
                }
            }
            for (const auto* decisions : {&before, &after}) {
                Scenario scenario;
                ASSERT_NO_THROW(scenario = read_scenario(scenarios / "baseline.toml", entries)) << one.title;
                for (const Decision& decision : *decisions)
                    EXPECT_NO_THROW(scenario = with_decision(scenario, decision, district)) << one.title << decision.space;
            }
            EXPECT_TRUE(one.has_placebo() || one.number == 0) << one.title;
            EXPECT_NE(one.changed.empty(), one.behaviour.empty()) << one.title;
        }
    }
}

TEST(Responses, AnEntryMayBeADecision) {
    const auto use = decision_of("decision=a-1:use=library"), late = decision_of("decision=a-1:vacated=2030-02"),
               unlawful = decision_of("decision=a-1:experiment=left_blank");
    ASSERT_TRUE(use && late && unlawful);
    EXPECT_EQ(use->space, "a-1");
    EXPECT_EQ(use->use, "library");
    EXPECT_FALSE(use->experiment);
    EXPECT_TRUE(late->use.empty());
    EXPECT_EQ(late->vacated, Month::of(2030, 2));
    EXPECT_EQ(unlawful->use, "left_blank");
    EXPECT_TRUE(unlawful->experiment);
    EXPECT_FALSE(decision_of("policy.off=G6"));
}

TEST(Responses, AMeasureIsAShareOfSumsOrAMonthlyMean) {
    const auto value = [](std::string_view name, int month) { return name == "a" ? 1.0 * month : 10.0; };
    EXPECT_DOUBLE_EQ(measured({{"a"}, {}, 2, 4, ""}, value), 3.0);
    EXPECT_DOUBLE_EQ(measured({{"a"}, {"a", "b"}, 1, 2, ""}, value), 3.0 / 23.0);
    EXPECT_TRUE(std::isnan(measured({{"a"}, {"a"}, 1, 1, ""}, [](std::string_view, int) { return 0.0; })));
}

TEST(Responses, TheIntervalMustLieOnTheRightSide) {
    const Difference above{2, 1, 3, 4}, below{-2, -3, -1, 4}, around{0.5, -1, 2, 4}, nothing{0, 0, 0, 4};
    EXPECT_TRUE(holds(Sign::up, above));
    EXPECT_FALSE(holds(Sign::up, below));
    EXPECT_FALSE(holds(Sign::up, around));
    EXPECT_TRUE(holds(Sign::down, below));
    EXPECT_FALSE(holds(Sign::down, nothing));
    EXPECT_TRUE(holds(Sign::none, around));
    EXPECT_FALSE(holds(Sign::none, above));
    EXPECT_TRUE(holds(Sign::either, below));
    EXPECT_TRUE(vanishes(nothing));
    EXPECT_TRUE(vanishes(around));
    EXPECT_FALSE(vanishes(below));
}

}  // namespace
}  // namespace hutong
