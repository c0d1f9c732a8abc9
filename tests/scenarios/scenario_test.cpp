#include "scenarios/scenario.h"

#include <gtest/gtest.h>
#include <fstream>

#include "scenarios/tiny_town.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

class ScenarioFiles : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            fs::temp_directory_path() / ("hutong-scenario-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    /// The error of reading `text`: kind, line, column and the whole message.
    Error error_of(const std::string& text, const std::vector<std::string>& set = {}) const {
        try {
            read_scenario(write("wrong.toml", text), set);
        } catch (const Error& error) {
            return error;
        }
        throw std::runtime_error("no error for: " + text);
    }
    static void expect_at(const Error& error, int line, int column, const std::string& words) {
        EXPECT_EQ(error.place().line, line) << error.what();
        EXPECT_EQ(error.place().column, column) << error.what();
        EXPECT_TRUE(error.place().file.ends_with("wrong.toml")) << error.what();
        EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
    fs::path folder_;
};

TEST_F(ScenarioFiles, InheritsAndWritesOnlyWhatDiffers) {
    write("base.toml",
          "title_en = \"Base\"\n[run]\nmonths = 24\n[policy.control]\nenforcement = 2\n[assumption.governance]\nresubmissions = 5\n");
    const Scenario scenario = read_scenario(write("child.toml", "extends = \"base\"\n[policy.control]\nred_line_persons = 1000000\n"));
    EXPECT_EQ(scenario.name, "child");
    EXPECT_EQ(scenario.title_en, "Base");
    EXPECT_EQ(scenario.run.months, 24);
    EXPECT_EQ(scenario.policy.at(Month::of(2017, 7)).control.enforcement, 2);
    EXPECT_EQ(scenario.policy.at(Month::of(2017, 7)).control.red_line_persons, 1000000);
    EXPECT_EQ(scenario.assumptions.governance.resubmissions, 5);
    EXPECT_FALSE(scenario.experiment);
}

TEST_F(ScenarioFiles, ChangesHoldFromTheirMonthInWhateverOrderTheyStand) {
    const Scenario scenario = read_scenario(write("a.toml",
                                                  "[[change]]\nmonth = \"2025-01\"\ngovernance.plan_share = 0.9\n[[change]]\nmonth = "
                                                  "\"2020-01\"\npolicy.control.enforcement = 2\noff = [\"C4.2\"]\n"));
    EXPECT_EQ(scenario.policy.at(Month::of(2019, 12)).control.enforcement, 1);
    EXPECT_EQ(scenario.policy.at(Month::of(2026, 1)).control.enforcement, 2);
    EXPECT_EQ(scenario.policy.at(Month::of(2026, 1)).governance.plan_share, 0.9);
    EXPECT_TRUE(scenario.policy.at(Month::of(2019, 12)).on(Clause::C4_2));
    EXPECT_FALSE(scenario.policy.at(Month::of(2020, 1)).on(Clause::C4_2));
    EXPECT_TRUE(scenario.experiment);
}

TEST_F(ScenarioFiles, ALeverMayCarryItsMonth) {
    const auto dated = read_scenario(write("one.toml", "[policy.control]\nenforcement = { value = 2, from = \"2020-01\" }\n"));
    const auto change = read_scenario(write("two.toml", "[[change]]\nmonth = \"2020-01\"\ncontrol.enforcement = 2\n"));
    EXPECT_EQ(dated.policy.at(Month::of(2019, 12)).control.enforcement, 1);
    EXPECT_EQ(dated.policy.at(Month::of(2020, 1)).control.enforcement, 2);
    EXPECT_EQ(dated.text, change.text);
    expect_at(error_of("[policy.control]\nenforcement = { value = 2, fro = \"2020-01\" }\n"), 2, 28, "from");
    expect_at(error_of("[policy.control]\nenforcement = { value = 2 }\n"), 2, 15, "needs both");
    expect_at(error_of("[policy.control]\nenforcement = { value = 99, from = \"2020-01\" }\n"), 2, 25, "between 0 and 5");
    expect_at(error_of("[policy.control]\nenforcement = { value = 2, from = \"soon\" }\n"), 2, 35, "takes a month");
}

TEST_F(ScenarioFiles, TwoWaysToTheSameScheduleHaveTheSameHash) {
    const auto one = read_scenario(
        write("one.toml",
              "[[change]]\nmonth = \"2020-01\"\ncontrol.enforcement = 2\n[[change]]\nmonth = \"2022-01\"\ngovernance.plan_share = 0.9\n"));
    const auto two = read_scenario(write(
        "two.toml",
        "[[change]]\nmonth = \"2022-01\"\ngovernance.plan_share = 0.9\n[[change]]\nmonth = \"2020-01\"\ncontrol.enforcement = 2.0\n"));
    const auto three = read_scenario(write("three.toml", "[[change]]\nmonth = \"2022-01\"\ngovernance.plan_share = 0.9\n"));
    EXPECT_EQ(one.hash, two.hash) << one.text << two.text;
    EXPECT_NE(one.hash, three.hash);
    Scenario forked = three;
    forked.policy.change(Month::of(2020, 1), "control.enforcement", 2.0);
    EXPECT_EQ(canonical_text(forked), one.text);
}

TEST_F(ScenarioFiles, SetChangesOneValue) {
    const auto file = write("a.toml", "title_en = \"A\"\n");
    const auto scenario = read_scenario(file, {"policy.employment.subsidy_per_local_hire_yuan=0", "run.months=24", "run.scale=1/16",
                                               "policy.off=C4.2,C4.1", "neutral=vote,owners", "history=false"});
    EXPECT_EQ(scenario.policy.at(Month::of(2018, 1)).employment.subsidy_per_local_hire_yuan, 0);
    EXPECT_EQ(scenario.run.months, 24);
    EXPECT_EQ(scenario.run.scale, 1.0 / 16);
    EXPECT_FALSE(scenario.policy.at(Month::of(2018, 1)).on(Clause::C4_2));
    EXPECT_EQ(scenario.neutral, (std::vector<std::string>{"vote", "owners"}));
    EXPECT_FALSE(scenario.use_history);
    EXPECT_THROW(read_scenario(file, {"policy.employment.subsidy=0"}), Error);
    EXPECT_THROW(read_scenario(file, {"run.months=many"}), Error);
}

TEST_F(ScenarioFiles, WhatIsWrittenBackReadsTheSame) {
    const auto first =
        read_scenario(write("a.toml",
                            "title_zh = \"引号\\\"与反斜杠\\\\\"\n[[change]]\nmonth = \"2020-01\"\ncontrol.enforcement = "
                            "2\n[[decision]]\nspace = \"x\"\nuse = \"y\"\nfrom = \"2020-01\"\n[policy]\noff = [\"C4.1\"]\n"));
    const auto second = read_scenario(write("b.toml", first.text));
    EXPECT_EQ(first.text, second.text);
    EXPECT_EQ(first.hash, second.hash);
}

TEST_F(ScenarioFiles, ErrorsNameFileLineColumnAndTheNearestKey) {
    expect_at(error_of("[policy.control]\nenforcment = 2\n"), 2, 1, "policy.control.enforcement");
    expect_at(error_of("title_fr = \"x\"\n"), 1, 1, "title_");
    expect_at(error_of("[policy.contrl]\nenforcement = 2\n"), 1, 9, "policy.control");
    expect_at(error_of("[policy.control]\nenforcement = 99\n"), 2, 15, "between 0 and 5");
    expect_at(error_of("[policy.control]\nenforcement = \"much\"\n"), 2, 15, "takes a number");
    expect_at(error_of("[policy]\noff = [\"C4.2\", \"C4.9\"]\n"), 2, 16, "names no clause");
    expect_at(error_of("[[change]]\nmonth = \"2020-01\"\ncontrol.enforcment = 2\n"), 3, 9, "control.enforcement");
    expect_at(error_of("[[change]]\nmonth = \"2020-13\"\n"), 2, 9, "takes a month");
    expect_at(error_of("[[decision]]\nspace = \"a\"\nuze = \"b\"\n"), 3, 1, "use");
    expect_at(error_of("[run\n"), 1, 5, "not valid TOML");
    EXPECT_EQ(error_of("[run]\nmonths = 2.5\n").kind(), ErrorKind::bad_scenario);
    EXPECT_THROW(read_scenario(folder_ / "none.toml"), Error);
}

TEST_F(ScenarioFiles, ACircleOfExtendsIsRefused) {
    write("b.toml", "extends = \"wrong\"\n");
    const Error error = error_of("title_en = \"x\"\nextends = \"b\"\n");
    EXPECT_NE(std::string(error.what()).find("circle"), std::string::npos) << error.what();
    EXPECT_EQ(error.place().line, 1);
    EXPECT_TRUE(error.place().file.ends_with("b.toml"));
}

TEST_F(ScenarioFiles, AnUnknownAncestorIsRefusedWithTheNearest) {
    write("baseline.toml", "title_en = \"x\"\n");
    expect_at(error_of("extends = \"basline\"\n"), 1, 11, "baseline");
}

TEST_F(ScenarioFiles, DecisionsOnOneSpaceMustNotOverlap) {
    const std::string first = "[[decision]]\nspace = \"a\"\nuse = \"parking_surface\"\nfrom = \"2018-01\"\nuntil = \"2020-01\"\n";
    expect_at(error_of(first + "[[decision]]\nspace = \"a\"\nuse = \"park\"\nfrom = \"2019-12\"\n"), 6, 1, "overlap");
    EXPECT_NO_THROW(read_scenario(write("good.toml", first + "[[decision]]\nspace = \"a\"\nuse = \"park\"\nfrom = \"2020-01\"\n")));
    expect_at(error_of("[[decision]]\nspace = \"a\"\n"), 1, 1, "decides nothing");
    expect_at(error_of(first + "decided = \"2019-02\"\n"), 1, 1, "before it is taken");
}

TEST_F(ScenarioFiles, DecisionsAreHeldAgainstTheDistrict) {
    const District town = draw_town(tiny_town_drawing, read_catalogue(fs::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"));
    ASSERT_FALSE(town.spaces.empty());
    const Space& space = town.spaces.front();
    auto problems = [&](const std::string& text) {
        const auto found = check_scenario(read_scenario(write("d.toml", text)), town);
        std::string all;
        for (const Error& error : found) all += std::string(error.what()) + "\n";
        return all;
    };
    const std::string on = "[[decision]]\nspace = \"" + space.code + "\"\n";
    EXPECT_NE(problems("[[decision]]\nspace = \"" + space.code + "x\"\nuse = \"park\"\n").find(space.code + "'"), std::string::npos);
    EXPECT_NE(problems(on + "use = \"kindergardens\"\n").find("kindergarten"), std::string::npos);
    EXPECT_NE(problems(on + "use = \"left_blank\"\nfrom = \"" + (space.vacated - 1).text() + "\"\n").find("before"), std::string::npos);
    const std::string unlawful = on + "use = \"wholesale_market\"\n";
    EXPECT_NE(problems(unlawful).find("clause"), std::string::npos);
    EXPECT_EQ(problems(unlawful + "experiment = true\n"), "");
    EXPECT_TRUE(read_scenario(write("e.toml", unlawful + "experiment = true\n")).experiment);
}

TEST(BundledScenarios, AllReadAndHaveTitlesInBothLanguages) {
    int read = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(HUTONG_SOURCE_DIR) / "scenarios")) {
        if (entry.path().extension() != ".toml") continue;
        const Scenario scenario = read_scenario(entry.path());
        EXPECT_FALSE(scenario.title_zh.empty()) << entry.path();
        EXPECT_FALSE(scenario.title_en.empty()) << entry.path();
        EXPECT_FALSE(scenario.purpose_zh.empty()) << entry.path();
        EXPECT_FALSE(scenario.purpose_en.empty()) << entry.path();
        EXPECT_TRUE(fs::exists(scenario.run.district / "district.toml")) << scenario.run.district;
        ++read;
    }
    EXPECT_GE(read, 4);
}

}  // namespace
}  // namespace hutong
