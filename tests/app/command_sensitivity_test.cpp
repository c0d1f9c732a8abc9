// `hutong sweep` and `hutong sensitivity` as a user runs them, at 1/32 of the people.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/hdf5_file.h"
#include "program.h"

namespace hutong {
namespace {

class ManyPoints : public testing::Test {
protected:
    Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    Ended many(std::vector<std::string> args) const {
        for (const char* one : {"--scale", "1/32", "--months", "6", "--replicates", "2"}) args.emplace_back(one);
        args.insert(args.begin() + 1, baseline);
        return program.run(args);
    }
};

TEST_F(ManyPoints, SweepMovesWhatItVaries) {
    for (const char* threads : {"1", "2"}) {
        const Ended ended = many({"sweep", "--vary", "assumption.people.fertility_factor=0.5:1.5:3", "--vary", "policy.allocation.mode",
                                  "--json", "--threads", threads, "--out", std::string("s") + threads + ".h5"});
        ASSERT_EQ(ended.code, 0) << ended.err;
        const auto points = nlohmann::json::parse(ended.out);
        EXPECT_GE(points.size(), 6U);
        EXPECT_LT(points.front()["indicators"]["population"]["mean"], points.back()["indicators"]["population"]["mean"]);
    }
    EXPECT_TRUE(Program::text(program.folder() / "s1.h5") == Program::text(program.folder() / "s2.h5"));
    const Hdf5Reader file(program.folder() / "s1.h5");
    EXPECT_EQ(file.extent("/district/population")[1], 2U);
    EXPECT_EQ(file.extent("/district/population")[2], 7U);
}

TEST_F(ManyPoints, LatinHypercubeHasAsManyPointsAsAskedFor) {
    const Ended ended = many({"sweep", "--vary", "assumption.people.fertility_factor", "--latin", "4", "--json", "--out", "l.h5"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(nlohmann::json::parse(ended.out).size(), 4U);
}

TEST_F(ManyPoints, SensitivityFindsTheParameterThatMatters) {
    const Ended ended =
        many({"sensitivity", "--vary", "assumption.people.fertility_factor=0:3", "--vary", "assumption.people.mortality_factor",
              "--indicator", "population", "--trajectories", "2", "--points", "4", "--most", "1", "--json", "--out", "m.h5"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto json = nlohmann::json::parse(ended.out);
    const auto& effects = json["morris"]["population"];
    EXPECT_GT(effects["assumption.people.fertility_factor"]["mu"], 0.0);
    EXPECT_GT(effects["assumption.people.fertility_factor"]["mu_star"], effects["assumption.people.mortality_factor"]["mu_star"]);
    EXPECT_TRUE(json["sobol"]["population"]["parameters"].contains("assumption.people.fertility_factor"));
    EXPECT_EQ(json["sobol"]["population"]["parameters"].size(), 1U);
    EXPECT_FALSE(std::filesystem::exists(program.folder() / "m.h5.parts"));
}

TEST_F(ManyPoints, RefusesUnknownParameters) {
    const Ended ended = many({"sweep", "--vary", "assumption.people.fertility_facto", "--out", "x.h5"});
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("fertility_factor"), std::string::npos) << ended.err;
    EXPECT_EQ(lines(ended.err), 1U);
}

TEST_F(ManyPoints, LongRunsAreAskedFor) {
    const std::string vary = "assumption.people.fertility_factor";
    for (const std::vector<std::string>& what : {std::vector<std::string>{"sweep", "--vary", vary, "--latin", "50000"},
                                                 {"sensitivity", "--vary", vary, "--trajectories", "10000", "--points", "100000"}}) {
        const Ended ended = many(what);
        EXPECT_EQ(ended.code, 2) << what.front() << ended.err;
        EXPECT_NE(ended.err.find("--yes"), std::string::npos) << ended.err;
    }
}

}  // namespace
}  // namespace hutong
