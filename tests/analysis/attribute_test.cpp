#include "analysis/attribute.h"

#include <functional>

#include <gtest/gtest.h>

namespace hutong {
namespace {

std::vector<double> outcomes(const Coalitions& coalitions, const std::function<double(const std::vector<bool>&)>& f) {
    std::vector<double> all;
    for (const auto& set : coalitions.sets) all.push_back(f(set));
    return all;
}

TEST(Attribute, GloveGameHasItsKnownShapleyValues) {
    // One left glove, two right gloves; a pair is worth 1: 2/3, 1/6, 1/6.
    const Coalitions coalitions = coalitions_of(3, 0, 1);
    EXPECT_EQ(coalitions.sets.size(), 8U);
    const auto found = shares(coalitions, outcomes(coalitions, [](const auto& s) { return s[0] && (s[1] || s[2]) ? 1.0 : 0.0; }));
    EXPECT_NEAR(found[0].shapley, 2.0 / 3, 1e-12);
    EXPECT_NEAR(found[1].shapley, 1.0 / 6, 1e-12);
    EXPECT_NEAR(found[2].shapley, 1.0 / 6, 1e-12);
    EXPECT_EQ(found[0].alone, 0.0);
}

TEST(Attribute, SharesAddUpToTheWholeExactAndSampled) {
    for (const std::size_t levers : {1U, 2U, 6U, 9U}) {
        const Coalitions coalitions = coalitions_of(levers, 10, 3);
        const auto f = [](const std::vector<bool>& s) {
            double sum = 10;
            for (std::size_t i = 0; i < s.size(); ++i) sum += s[i] ? static_cast<double>(i) - 2 : 0;
            return s.size() > 1 && s[0] && s[1] ? sum * 1.5 : sum;
        };
        const auto found = shares(coalitions, outcomes(coalitions, f));
        double sum = 0;
        for (const Share& one : found) sum += one.shapley;
        EXPECT_NEAR(sum, f(std::vector<bool>(levers, true)) - f(std::vector<bool>(levers, false)), 1e-9) << levers;
        if (levers <= most_exact_levers) {
            EXPECT_EQ(coalitions.sets.size(), std::size_t{1} << levers);
            EXPECT_EQ(found[0].sampling_error, 0.0);
        } else {
            EXPECT_GT(found[0].sampling_error, 0.0);
        }
    }
}

TEST(Attribute, SwitchesEveryKindOfDifferenceAlone) {
    Scenario base, other;
    other.policy.change(Month::of(2020, 1), "allocation.mode", std::string("first_come"));
    other.assumptions.people.fertility_factor = 1.5;
    other.decisions.push_back({.space = "S1", .use = "park"});
    other.use_history = false;
    const auto levers = changed_levers(base, other);
    EXPECT_EQ(levers, (std::vector<std::string>{"policy.allocation.mode", "assumption.people.fertility_factor", "decision S1", "history"}));
    const Scenario all = with_levers(base, other, levers, {true, true, true, true});
    const Scenario none = with_levers(base, other, levers, {false, false, false, false});
    EXPECT_TRUE(changed_levers(all, other).empty());
    EXPECT_TRUE(changed_levers(none, base).empty());
    for (std::size_t i = 0; i < levers.size(); ++i) {
        std::vector<bool> on(levers.size(), false);
        on[i] = true;
        EXPECT_EQ(changed_levers(base, with_levers(base, other, levers, on)), std::vector<std::string>{levers[i]});
    }
}

}  // namespace
}  // namespace hutong
