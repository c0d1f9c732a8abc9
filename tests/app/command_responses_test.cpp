// `hutong responses` as a user runs it: few pairs, one response; the whole list is whole.responses.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "program.h"

namespace hutong {
namespace {

TEST(ResponsesCommand, AnswersForOneResponse) {
    const Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    const Ended ended = program.run({"responses", baseline, "--only", "2", "--replicates", "3", "--scale", "1/64", "--json"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto json = nlohmann::json::parse(ended.out);
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0]["response"], 2);
    EXPECT_TRUE(json[0]["good"]);
    EXPECT_LT(json[0]["effect"]["high"], 0.0);
    EXPECT_EQ(json[0]["effect"]["pairs"], 3);
    EXPECT_EQ(json[0]["placebo"]["mean"], 0.0);
    EXPECT_FALSE(std::filesystem::exists(program.folder() / "responses.parts"));
}

TEST(ResponsesCommand, BadNewsIsAnExitCode) {
    const Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    // With the rule's share at 0 from the start there is nothing to switch off: no effect where one must be.
    const Ended ended = program.run({"responses", baseline, "--only", "2", "--replicates", "2", "--scale", "1/64", "--lang", "zh", "--set",
                                     "policy.employment.livelihood_local_share=0"});
    EXPECT_EQ(ended.code, 9) << ended.out;
    EXPECT_NE(ended.out.find("不符"), std::string::npos) << ended.out;
}

TEST(ResponsesCommand, RefusesAnUnknownNumber) {
    const Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    EXPECT_EQ(program.run({"responses", baseline, "--only", "99"}).code, 2);
}

}  // namespace
}  // namespace hutong
