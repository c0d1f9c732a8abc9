#include "scenarios/policy.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>

namespace hutong {
namespace {

std::string text_of(const Policy& policy) {
    std::string text;
    for (const auto& [month, levers] : policy.entries()) {
        text += month.text() + ";";
        for (const auto& row : list_parameters(levers)) {
            std::visit([&](const auto& value) { text += fmt::format("{}={};", row.path, value); }, row.value);
        }
        text += levers.off.to_string();
    }
    return text;
}

TEST(Policy, EveryClauseHasANameAndComesBack) {
    for (std::size_t i = 1; i < static_cast<std::size_t>(Clause::count); ++i) {
        const auto clause = static_cast<Clause>(i);
        EXPECT_FALSE(clause_name(clause).empty());
        EXPECT_EQ(clause_named(clause_name(clause)), clause);
    }
    EXPECT_EQ(clause_named("C9.9"), Clause::none);
    EXPECT_EQ(clause_named(""), Clause::none);
}

TEST(Policy, ALeverHoldsFromItsMonthOn) {
    Policy policy;
    policy.change(Month::of(2020, 3), "control.enforcement", 2.0);
    EXPECT_EQ(policy.at(Month::of(2020, 2)).control.enforcement, 1.0);
    EXPECT_EQ(policy.at(Month::of(2020, 3)).control.enforcement, 2.0);
    EXPECT_EQ(policy.at(Month::of(2035, 12)).control.enforcement, 2.0);
}

TEST(Policy, AForkIsTheSameScheduleAsAPlannedChange) {
    const Month fork = Month::of(2021, 6);
    const Month later = Month::of(2024, 1);
    Policy planned;
    planned.change(fork, "governance.green_channel", 0.4);
    planned.change(later, "control.enforcement", 3.0);
    Policy forked;
    forked.change(later, "control.enforcement", 3.0);
    forked.change(fork, "governance.green_channel", 0.4);
    EXPECT_EQ(text_of(planned), text_of(forked));
    EXPECT_EQ(forked.at(later).governance.green_channel, 0.4);
}

TEST(Policy, ALaterEntryThatSaysOtherwiseKeepsItsValue) {
    Policy policy;
    policy.change(Month::of(2024, 1), "control.enforcement", 3.0);
    policy.change(Month::of(2020, 1), "control.enforcement", 2.0);
    EXPECT_EQ(policy.at(Month::of(2022, 1)).control.enforcement, 2.0);
    EXPECT_EQ(policy.at(Month::of(2024, 1)).control.enforcement, 3.0);
}

TEST(Policy, OrderOfIndependentChangesDoesNotMatter) {
    rc::check([] {
        const auto a = *rc::gen::inRange(0, 200);
        const auto b = *rc::gen::inRange(0, 200);
        const Month start = Month::of(2017, 7);
        Policy one, two;
        one.change(start + a, "governance.plan_share", 0.75);
        one.change(start + b, "money.ppp_share", 0.5);
        two.change(start + b, "money.ppp_share", 0.5);
        two.change(start + a, "governance.plan_share", 0.75);
        RC_ASSERT(text_of(one) == text_of(two));
    });
}

TEST(Policy, ValuesOutOfRangeAndUnknownLeversAreRefused) {
    Policy policy;
    EXPECT_THROW(policy.change(Month::of(2020, 1), "governance.green_channel", 1.5), Error);
    EXPECT_THROW(policy.change(Month::of(2020, 1), "governance.key_rule", std::string("some")), Error);
    try {
        policy.change(Month::of(2020, 1), "control.enforcment", 1.0);
        FAIL();
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("control.enforcement"), std::string::npos);
    }
}

TEST(Policy, EveryLeverNamesItsClauseUnitAndSource) {
    for (const auto& row : list_parameters(Levers{}, "policy")) {
        EXPECT_NE(clause_named(row.declaration.clause), Clause::none) << row.path;
        EXPECT_FALSE(row.declaration.source.empty()) << row.path;
        EXPECT_FALSE(row.declaration.label.empty()) << row.path;
        EXPECT_NO_THROW(checked_value(row, row.value)) << row.path;
    }
}

}  // namespace
}  // namespace hutong
