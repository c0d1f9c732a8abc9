#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace hutong {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CoverageCommand, SaysWhatAReuseWouldAddBeforeItIsDecided) {
    const Program program;
    const auto asked = [&](const std::string& what_if) {
        return program.run({"--lang", "en", "coverage", Program::source("scenarios/baseline.toml").string(), "--scale", "1/16", "--service",
                            "kindergarten", "--rows", "2", "--what-if", what_if});
    };
    const Ended good = asked("zoo-market-02=kindergarten");
    EXPECT_EQ(good.code, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("Newly served"));
    EXPECT_THAT(good.out, HasSubstr("3,074 place"));
    EXPECT_THAT(good.out, HasSubstr("the rules exclude this use here: clause G2"));
    const Ended unknown = asked("zoo-markt-02=kindergarten");
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean 'zoo-market-02'?"));
    EXPECT_THAT(unknown.out, Not(HasSubstr("District"))) << "asked before the long work";
    EXPECT_EQ(asked("zoo-market-02").code, 2);
}

}  // namespace
}  // namespace hutong
