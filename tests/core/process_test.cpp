#include "core/process.h"

#include <chrono>
#include <cstdlib>

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

TEST(PrivateFolder, IsForThisUserAloneAndGoesAway) {
    fs::path path;
    {
        const PrivateFolder folder;
        path = folder.path();
        EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
        write_safely(path / "x", "y");
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(Process, FindsProgramsOnPathOnly) {
    EXPECT_TRUE(find_program("sh").is_absolute());
    EXPECT_TRUE(find_program("no-such-program-here").empty());
}

TEST(Process, ArgumentsAreNotRead) {
    const PrivateFolder folder;
    const ProcessEnd end = run_process({find_program("printf").string(), "%s", "$HOME; `id` \"'"}, folder.path(), 20);
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.output, "$HOME; `id` \"'");
}

TEST(Process, HasAHomeOfItsOwnAndNoPasswords) {
    setenv("PGPASSWORD", "secret7", 1);
    const PrivateFolder folder;
    const std::string ask = find_program("printenv").string();
    EXPECT_EQ(run_process({ask, "HOME"}, folder.path(), 20).output, folder.path().string() + "\n");
    EXPECT_EQ(run_process({ask, "PGPASSWORD"}, folder.path(), 20).output, "");
    unsetenv("PGPASSWORD");
}

TEST(Process, ExitCodesAndTimeLimitsAreTold) {
    const PrivateFolder folder;
    EXPECT_EQ(run_process({find_program("false").string()}, folder.path(), 20).code, 1);
    const auto start = std::chrono::steady_clock::now();
    const ProcessEnd end = run_process({find_program("sleep").string(), "60"}, folder.path(), 1);
    EXPECT_TRUE(end.too_slow);
    EXPECT_EQ(end.code, -1);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
    EXPECT_THROW(run_process({"/no/such/program"}, folder.path(), 5), Error);
}

}  // namespace
}  // namespace hutong
