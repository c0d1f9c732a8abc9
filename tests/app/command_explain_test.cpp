// `hutong explain`: the story of a space, the causes of a change, scores and hit rates, from the results file alone.
#include "analysis/explain.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "program.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

class ExplainCommand : public testing::Test {
protected:
    void SetUp() override {
        const Ended ended = run({});
        ASSERT_EQ(ended.code, 0) << ended.err;
        results = std::make_unique<Results>(path);
        record = std::make_unique<SpaceRecord>(path, *results, 0);
    }
    Ended run(const std::vector<std::string>& more, const char* months = "60") const {
        std::vector<std::string> args{
            "run",        Program::source("scenarios/baseline.toml").string(), "--scale", "1/16", "--months", months, "--quiet", "--out",
            path.string()};
        args.insert(args.end(), more.begin(), more.end());
        return program.run(args);
    }
    Ended explain(std::vector<std::string> args) const {
        args.insert(args.begin(), {"explain", path.string()});
        return program.run(args);
    }
    /// A space that opened in the run by choice and was voted on.
    const SpaceRow* voted_and_open() const {
        for (const SpaceEvent& e : record->events) {
            const SpaceRow& s = record->spaces[e.space];
            if (e.stage == SpaceStage::residents_vote && e.decision == SpaceDecision::approved && s.stage == SpaceStage::open &&
                s.fixed == 0 && s.opened.index > 0)
                return &s;
        }
        return nullptr;
    }
    Program program;
    fs::path path = program.folder() / "r.h5";
    std::unique_ptr<Results> results;
    std::unique_ptr<SpaceRecord> record;
};

TEST_F(ExplainCommand, TellsTheStoryOfASpaceInBothLanguages) {
    const SpaceRow* space = voted_and_open();
    ASSERT_NE(space, nullptr);
    const Ended english = explain({"--space", space->code}), chinese = explain({"--space", space->code, "--lang", "zh"});
    ASSERT_EQ(english.code, 0) << english.err;
    ASSERT_EQ(chinese.code, 0) << chinese.err;
    for (const char* heading : {"What was possible", "What was excluded", "What happened", "Who decided", "What it cost",
                                "How long each stage took", "What it changed nearby"})
        EXPECT_NE(english.out.find(heading), std::string::npos) << heading << "\n" << english.out;
    for (const char* heading : {"可以做什么", "哪些被排除", "经过", "由谁决定", "费用", "各环节用时", "对周边的影响"})
        EXPECT_NE(chinese.out.find(heading), std::string::npos) << heading << "\n" << chinese.out;
    for (const char* fact :
         {"C4.2, managing people through housing", "G1, prohibition-and-restriction catalogue", "the residents agreed", "1/16"})
        EXPECT_NE(english.out.find(fact), std::string::npos) << fact << "\n" << english.out;
    EXPECT_NE(english.out.find(space->opened.text() + ": opened as " + record->uses[space->use].name_en), std::string::npos) << english.out;
    EXPECT_NE(chinese.out.find("以房管人"), std::string::npos);
    EXPECT_EQ(chinese.out.find("{}"), std::string::npos);
    EXPECT_EQ(english.out.find("{}"), std::string::npos);
}

TEST_F(ExplainCommand, EverySpaceHasAStory) {
    const Text text(Language::english);
    for (std::size_t s = 0; s < record->spaces.size(); s += 7) EXPECT_GT(explain_space(*results, *record, s, text).size(), 6U);
}

TEST_F(ExplainCommand, PartsAndRestAddUpToTheChange) {
    const Text text(Language::english);
    double booked = 0;
    for (const std::string& name : explained_indicators()) {
        const IndicatorInfo& info = results->indicator(name);
        for (std::size_t b = 0; b < results->blocks.size(); b += 9) {
            const BlockChange change = explain_block(*results, *record, b, info, 0, text);
            double sum = change.rest;
            for (const auto& part : change.parts) {
                sum += part.change;
                booked += std::abs(part.change);
            }
            EXPECT_NEAR(sum, change.end - change.start, 1e-6) << name;
            EXPECT_TRUE(std::is_sorted(change.parts.begin(), change.parts.end(), [](const auto& x, const auto& y) {
                return std::abs(x.change) > std::abs(y.change);
            })) << name;
            if (name == "vacated_area") {
                EXPECT_NEAR(change.rest, 0, 0.1 * static_cast<double>(change.parts.size() + 1)) << "block " << b;
            }
            if (name == "population") {
                EXPECT_EQ(change.rest, 0) << "block " << b;
            }
            // temporary uses that ended are not in the list: areas may leave a rest, never a negative part
            if (change.by_space) {
                for (const auto& part : change.parts) EXPECT_GT(part.change, 0);
            }
        }
    }
    EXPECT_GT(booked, 1000);
    const Ended ended = explain({"--block", results->blocks[3].code, "--indicator", "population"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("Births"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("Together"), std::string::npos) << ended.out;
}

TEST_F(ExplainCommand, WhatCannotBeExplainedIsRefused) {
    const SpaceRow& first = record->spaces.front();
    const Ended wrong = explain({"--space", first.code + "x"});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_NE(wrong.err.find(first.code), std::string::npos) << wrong.err;
    EXPECT_EQ(explain({"--block", "nonsense"}).code, 2);
    EXPECT_EQ(explain({"--block", results->blocks[0].code, "--indicator", "rent"}).code, 2);
    EXPECT_EQ(explain({}).code, 2);
    EXPECT_EQ(explain({"--space", first.code, "--departments"}).code, 2);
    EXPECT_EQ(explain({"--space", first.code, "--replicate", "1"}).code, 2);
    EXPECT_EQ(explain({"--history"}).code, 2);  // history fixes what is known
}

TEST_F(ExplainCommand, DepartmentsAreScoredUnlessO3IsOff) {
    const Ended ended = explain({"--departments"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    for (const char* words : {"Joint meeting", "Education Commission", "Simulated from assumed capacities", "Culture and Tourism Bureau"})
        EXPECT_NE(ended.out.find(words), std::string::npos) << ended.out;
    EXPECT_EQ(ended.out.find("Culture Commission"), std::string::npos) << "renamed in 2019";
    for (std::size_t a = 0; a < record->agencies.size(); ++a) {
        const double score = record->agencies[a].score;
        EXPECT_LE(score, 100);
        // One definition: the indicator's last value is the score of the table.
        const double last = results->values(results->indicator("score.agency_" + std::to_string(a)), Level::district).back();
        EXPECT_EQ(std::isnan(last), score < 0) << a;
        if (score >= 0) {
            EXPECT_NEAR(last, score, 1e-4) << a;
        }
    }
    ASSERT_EQ(run({"--set", "policy.off=O3"}, "2").code, 0);
    EXPECT_EQ(explain({"--departments"}).code, 2);
}

TEST_F(ExplainCommand, HindcastTellsHowOftenTheRulesChoseWhatIsKnown) {
    ASSERT_EQ(run({"--set", "history=false"}, "84").code, 0);
    const Ended ended = explain({"--history"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("Hindcast"), std::string::npos) << ended.out;
    const Results read(path);
    const SpaceRecord spaces(path, read, 0);
    const HistoryMatch match = match_history(spaces, *Month::parse(read.months.back()));
    const Hindcast& h = match.hindcast;
    EXPECT_GT(h.known, 10);
    EXPECT_LE(h.same_use, h.same_direction);
    EXPECT_LE(h.same_direction, h.chosen);
    EXPECT_LE(h.chosen, h.known);
    EXPECT_LE(match.lawful, h.known);
    EXPECT_LE(h.within_a_year, h.opened);
    EXPECT_GT(h.by_chance, 0);
    // `hutong run` tells the same figures of the same run.
    const Ended told = program.run({"run", Program::source("scenarios/baseline.toml").string(), "--scale", "1/16", "--months", "84",
                                    "--set", "history=false", "--json", "--out", "again.h5"});
    ASSERT_EQ(told.code, 0) << told.err;
    const auto json = nlohmann::json::parse(told.out)["hindcast"];
    EXPECT_EQ(json["known"], h.known);
    EXPECT_EQ(json["chosen"], h.chosen);
    EXPECT_EQ(json["same_use"], h.same_use);
    EXPECT_EQ(json["opened"], h.opened);
    EXPECT_EQ(json["within_a_year"], h.within_a_year);
    EXPECT_NEAR(json["by_chance"].get<double>(), h.by_chance, 1e-9);
    EXPECT_FALSE(json.contains("net_migration")) << "the run does not end at the data date";
}

TEST_F(ExplainCommand, HindcastShowsFitAndPredictionsSideBySideAndTheThreeVariants) {
    const std::vector<std::string> args{"run",        Program::source("scenarios/hindcast.toml").string(), "--scale", "1/64", "--out",
                                        "hindcast.h5"};
    const Ended shown = program.run(args);
    ASSERT_EQ(shown.code, 0) << shown.err;
    const auto line = [&](const std::string& start) {
        const auto at = shown.out.find("\n" + start);
        return at == std::string::npos ? std::string() : shown.out.substr(at + 1, shown.out.find('\n', at + 1) - at - 1);
    };
    for (const char* year : {"2017", "2018", "2019"}) EXPECT_TRUE(line("residents, end of " + std::string(year)).ends_with("fitted"));
    for (const char* kept : {"residents, census of 2020-11-01", "residents, end of 2020", "residents of Niujie", "primary intake 2019"})
        EXPECT_TRUE(line(kept).ends_with("prediction")) << kept;
    EXPECT_TRUE(line("share of one-person households").ends_with("consistency"));
    EXPECT_FALSE(line("2035-12").empty()) << shown.out;
    auto with_json = args;
    with_json.insert(with_json.end(), {"--json", "--quiet", "--force"});  // quiet about the progress, not about the answer
    const Ended told = program.run(with_json);
    ASSERT_EQ(told.code, 0) << told.err;
    const auto json = nlohmann::json::parse(told.out)["hindcast"];
    for (const auto& fact : json["facts"])
        EXPECT_NEAR(fact["error"].get<double>(), fact["model"].get<double>() / fact["known"].get<double>() - 1, 1e-12);
    const auto& paths = json["net_migration"];
    ASSERT_EQ(paths.size(), 3U);
    const auto at = [&](const char* name, const char* month) { return paths[name]["residents"][month].get<std::int64_t>(); };
    EXPECT_LT(at("low", "2035-12"), at("middle", "2035-12"));
    EXPECT_LT(at("middle", "2035-12"), at("high", "2035-12"));
    // The middle one is the same scenario run on.
    auto longer = args;
    longer.insert(longer.end(), {"--json", "--force", "--months", "222"});
    const Ended ran_on = program.run(longer);
    ASSERT_EQ(ran_on.code, 0) << ran_on.err;
    EXPECT_EQ(nlohmann::json::parse(ran_on.out)["persons"].get<std::int64_t>(), at("middle", "2035-12"));
}

}  // namespace
}  // namespace hutong
