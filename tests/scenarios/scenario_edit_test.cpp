// Changes to an open scenario, and its text as a file.
#include "scenarios/scenario_edit.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/safe_file.h"
#include "scenarios/tiny_town.h"

namespace hutong {
namespace {

class ScenarioEdit : public ::testing::Test {
protected:
    std::filesystem::path folder_ = std::filesystem::path(::testing::TempDir()) /
                                    (std::string("hutong_edit_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::path base_ = folder_ / "base.toml";
    void SetUp() override {
        std::filesystem::create_directories(folder_ / "deeper");
        std::ofstream(base_)
            << "title_en = \"A \\\"base\\\"\"\n[run]\nmonths = 60\n[[change]]\nmonth = \"2020-01\"\ncontrol.enforcement = 2.0\n";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void expect_saved(const Scenario& s) {
        for (const auto& out : {folder_ / "saved.toml", folder_ / "deeper" / "saved.toml"}) {
            save_scenario(s, base_, out);
            const Scenario back = read_scenario(out);
            EXPECT_EQ(back.text, s.text);
            EXPECT_EQ(back.hash, s.hash);
            EXPECT_EQ(std::filesystem::weakly_canonical(back.run.district), std::filesystem::weakly_canonical(s.run.district));
        }
    }
};

TEST_F(ScenarioEdit, AForkIsSavedAsChangeEntries) {
    const Scenario base = read_scenario(base_);
    const Scenario changed = with_lever(base, Month::of(2019, 3), "employment.subsidy_per_local_hire_yuan", 12345.678901234567);
    EXPECT_NE(changed.hash, base.hash);
    EXPECT_DOUBLE_EQ(base.policy.at(Month::of(2021, 1)).employment.subsidy_per_local_hire_yuan, 5000);
    expect_saved(changed);
    const std::string text = read_file(folder_ / "saved.toml");
    EXPECT_TRUE(text.starts_with("extends = \"base.toml\"\n")) << text;
    EXPECT_NE(text.find("[[change]]\nmonth = \"2019-03\"\nemployment.subsidy_per_local_hire_yuan = 12345.67"), std::string::npos) << text;
    EXPECT_EQ(text.find("assumption."), std::string::npos) << "only what differs";
}

TEST_F(ScenarioEdit, BeforeAtAndAfterAChangeOfTheBase) {
    const Scenario base = read_scenario(base_);
    for (const Month month : {Month::of(2019, 12), Month::of(2020, 1), Month::of(2020, 2), base.run.start, Month::of(2017, 1)}) {
        for (const double value : {0.5, 1.0, 2.0}) expect_saved(with_lever(base, month, "control.enforcement", value));
    }
}

TEST_F(ScenarioEdit, AssumptionsAndSetValuesAreSavedToo) {
    const Scenario base = read_scenario(base_, {"run.seed=7", "policy.off=C4.2"});
    const Scenario changed = with_assumption(base, "people.fertility_factor", 1.25);
    EXPECT_TRUE(changed.experiment) << "a clause is off";
    expect_saved(changed);
}

TEST_F(ScenarioEdit, WhatIsOutOfRangeOrUnknownIsRefused) {
    const Scenario base = read_scenario(base_);
    EXPECT_THROW(with_lever(base, Month::of(2020, 1), "employment.livelihood_local_share", 2.0), Error);
    EXPECT_THROW(with_lever(base, Month::of(2020, 1), "no.such.lever", 2.0), Error);
    EXPECT_THROW(with_assumption(base, "people.no_such", 2.0), Error);
    EXPECT_THROW(save_scenario(base, base_, base_), Error) << "the scenario that was opened is never overwritten";
}

TEST_F(ScenarioEdit, ADecisionIsHeldAgainstTheDistrict) {
    const District town = draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"));
    const Scenario base = read_scenario(base_);
    std::size_t lawful = 0, refused = 0;
    for (const Space& space : town.spaces) {
        for (const Use& use : town.catalogue.uses) {
            Decision decision;
            decision.space = space.code;
            decision.use = use.code;
            decision.from = std::max(Month::of(2019, 1), space.vacated);
            try {
                expect_saved(with_decision(base, decision, town));
                ++lawful;
                break;
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), ErrorKind::bad_scenario);
                ++refused;
            }
        }
    }
    EXPECT_GT(lawful, 0U);
    EXPECT_GT(refused, 0U);
}

TEST_F(ScenarioEdit, ALaterDecisionEndsTheOneBefore) {
    const District town = draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"));
    Scenario s = read_scenario(base_);
    Decision decision;
    for (const Space& space : town.spaces) {
        for (const Use& use : town.catalogue.uses) {
            decision.space = space.code;
            decision.use = use.code;
            decision.from = std::max(Month::of(2019, 1), space.vacated);
            try {
                s = with_decision(s, decision, town);
            } catch (const Error&) {
                continue;
            }
            decision.from = *decision.from + 12;
            s = with_decision(s, decision, town);
            ASSERT_EQ(s.decisions.size(), 2U);
            EXPECT_EQ(s.decisions[0].until, decision.from);
            expect_saved(s);
            return;
        }
    }
    FAIL() << "no lawful use in the tiny town";
}

}  // namespace
}  // namespace hutong
