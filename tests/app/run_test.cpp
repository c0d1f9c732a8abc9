// The main job from the command line, at 1/16 of the people.
#include <algorithm>
#include <cstdio>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/table.h"
#include "program.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

class RunCommand : public testing::Test {
protected:
    Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    Ended small(const std::vector<std::string>& more) const {
        std::vector<std::string> args{"run", baseline, "--scale", "1/16", "--months", "6"};
        args.insert(args.end(), more.begin(), more.end());
        return program.run(args);
    }
};

TEST_F(RunCommand, SameHashAndFileForEveryNumberOfThreads) {
    std::set<std::string> hashes, files;
    for (const char* threads : {"1", "2", "3", "8"}) {
        const fs::path out = program.folder() / ("r" + std::string(threads) + ".h5");
        const Ended ended = small({"--json", "--audit", "--threads", threads, "--out", out.string()});
        ASSERT_EQ(ended.code, 0) << ended.err;
        hashes.insert(nlohmann::json::parse(ended.out)["state_hash"].get<std::string>());
        files.insert(Program::text(out));
    }
    EXPECT_EQ(hashes.size(), 1U);
    EXPECT_EQ(files.size(), 1U);
    const Ended other = small({"--json", "--seed", "2", "--out", (program.folder() / "s.h5").string()});
    ASSERT_EQ(other.code, 0) << other.err;
    EXPECT_EQ(hashes.count(nlohmann::json::parse(other.out)["state_hash"].get<std::string>()), 0U);
}

TEST_F(RunCommand, JsonHasExactlyTheAgreedKeys) {
    const Ended ended = small({"--json", "--out", (program.folder() / "r.h5").string()});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto json = nlohmann::ordered_json::parse(ended.out);
    std::vector<std::string> keys;
    for (const auto& [key, value] : json.items()) keys.push_back(key);
    EXPECT_EQ(keys, (std::vector<std::string>{"months", "replicates", "persons", "households", "jobs", "businesses", "seconds",
                                              "agent_months_per_second", "peak_memory_bytes", "state_hash", "summary"}));
    std::vector<std::string> seconds;
    for (const auto& [key, value] : json["seconds"].items()) seconds.push_back(key);
    EXPECT_EQ(seconds, (std::vector<std::string>{"load", "synthesise", "simulate", "write"}));
    EXPECT_EQ(json["months"], 6);
    EXPECT_GT(json["persons"], 50'000);
    EXPECT_GT(json["peak_memory_bytes"], 1'000'000);
    EXPECT_EQ(json["summary"]["marks"]["scale"], 0.0625);
    for (const char* name : {"population", "self_containment", "self_sufficiency", "jobs_housing", "local_staff", "coverage",
                             "vacated_area", "reused_area", "headroom"}) {
        EXPECT_TRUE(json["summary"].contains(name)) << name;
    }
}

TEST_F(RunCommand, SummaryIsMarkedAndAlignedInBothLanguages) {
    for (const char* language : {"en", "zh"}) {
        const Ended ended = small({"--lang", language, "--neutral", "births", "--out", (program.folder() / "r.h5").string()});
        ASSERT_EQ(ended.code, 0) << ended.err;
        EXPECT_NE(ended.out.find("1/16"), std::string::npos) << ended.out;
        EXPECT_NE(ended.out.find("births"), std::string::npos) << ended.out;
        EXPECT_TRUE(ended.err.empty()) << ended.err;
        // The columns of the table end together.
        std::stringstream stream(ended.out);
        std::string line;
        std::size_t start_column = 0, rows = 0;
        while (std::getline(stream, line)) {
            const std::size_t at = line.find("2017-06");
            if (at != std::string::npos && line.find("2017-12") != std::string::npos && start_column == 0) {
                start_column = display_width(line);
                continue;
            }
            if (start_column == 0) continue;
            if (line.empty()) break;
            EXPECT_EQ(display_width(line), start_column) << ended.out;
            ++rows;
        }
        EXPECT_GE(rows, 9U) << ended.out;
    }
}

TEST_F(RunCommand, PrintsTheDecompositionOfThePopulationIntoHomesAndHouseholdSize) {
    const std::string out = (program.folder() / "r.h5").string();
    const Ended ended = small({"--out", out});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto at = ended.out.find(" in collective quarters = ");
    ASSERT_NE(at, std::string::npos) << ended.out;
    const auto begin = ended.out.rfind('\n', at) + 1;
    std::string line = ended.out.substr(begin, ended.out.find('\n', at) - begin);
    line.erase(std::remove(line.begin(), line.end(), ','), line.end());
    double families = 0, size = 0, collective = 0, residents = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "%lf family households x %lf persons + %lf in collective quarters = %lf residents", &families,
                          &size, &collective, &residents),
              4)
        << line;
    EXPECT_NEAR(families * size + collective, residents, 0.0006 * families);  // the size is rounded to a thousandth
    EXPECT_GT(collective, 0);
    const Ended told = small({"--json", "--out", out});
    ASSERT_EQ(told.code, 0) << told.err;
    EXPECT_EQ(nlohmann::json::parse(told.out)["persons"].get<double>(), residents);
    for (const char* row :
         {"Dwellings, occupied", "Dwellings, held empty", "Dwellings, cleared", "Dwellings, demolished", "Dwellings, merged"})
        EXPECT_NE(ended.out.find(row), std::string::npos) << row;
}

TEST_F(RunCommand, QuietPrintsNothingAndReplacesItsOwnResults) {
    const std::string out = (program.folder() / "r.h5").string();
    for (int i = 0; i < 2; ++i) {
        const Ended ended = small({"--quiet", "--out", out});
        EXPECT_EQ(ended.code, 0) << ended.err;
        EXPECT_TRUE(ended.out.empty() && ended.err.empty());
    }
}

TEST_F(RunCommand, PictureOfTheResults) {
    const std::string results = (program.folder() / "r.h5").string(), map = (program.folder() / "map.svg").string();
    ASSERT_EQ(small({"--quiet", "--out", results}).code, 0);
    const Ended ended = program.run({"picture", results, "--change", "--out", map});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const std::string svg = Program::text(map);
    EXPECT_NE(svg.find("schematic blocks"), std::string::npos);
    EXPECT_NE(svg.find("1/16"), std::string::npos);
    EXPECT_NE(svg.find("</svg>"), std::string::npos);
    EXPECT_EQ(program.run({"picture", results, "--indicator", "headroom", "--out", map}).code, 2);
    EXPECT_EQ(program.run({"picture", results, "--indicator", "nonsense", "--out", map}).code, 2);
}

TEST_F(RunCommand, CompareWithItselfFindsNoDifference) {
    const Ended ended = program.run({"compare", baseline, baseline, "--scale", "1/16", "--months", "2", "--replicates", "2"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("contains 0"), std::string::npos) << ended.out;
    EXPECT_EQ(ended.out.find("sure"), std::string::npos) << ended.out;
}

TEST_F(RunCommand, HelpAndVersionInBothLanguages) {
    const Ended english = program.run({"--help"}), chinese = program.run({"--help", "--lang", "zh"});
    EXPECT_EQ(english.code, 0);
    EXPECT_EQ(chinese.code, 0);
    EXPECT_NE(english.out, chinese.out);
    for (const char* command : {"run", "compare", "picture", "district", "synth", "policy", "coverage", "parameters"}) {
        EXPECT_NE(english.out.find(command), std::string::npos) << command;
        EXPECT_EQ(program.run({command, "--help"}).code, 0) << command;
    }
    EXPECT_NE(program.run({"--version"}).out.find("hutong 0."), std::string::npos);
    EXPECT_NE(program.run({"run", "--help", "--lang", "zh"}).out.find("--scale"), std::string::npos);
}

TEST_F(RunCommand, ParametersAreListedFromTheirDeclarations) {
    const Ended ended = program.run({"parameters", "--markdown"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_NE(ended.out.find("| `policy.employment.livelihood_local_share` |"), std::string::npos);
    EXPECT_NE(ended.out.find("| `assumption."), std::string::npos);
}

}  // namespace
}  // namespace hutong
