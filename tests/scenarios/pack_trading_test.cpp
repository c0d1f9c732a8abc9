// A pack that stands on another: the early start of the bundled district, in which all twelve Zoo markets still trade.
#include "scenarios/pack_trading.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "scenarios/district_pack.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

const fs::path scenarios = fs::path(HUTONG_SOURCE_DIR) / "scenarios";

struct Markets {
    int count = 0, trading = 0;
    std::uint64_t jobs = 0, businesses = 0;
    double area_m2 = 0;
};

Markets zoo_markets(const District& district) {
    Markets markets;
    for (std::size_t s = 0; s < district.spaces.size(); ++s) {
        if (!district.spaces[s].code.starts_with("zoo-market-")) continue;
        ++markets.count;
        markets.area_m2 += district.spaces[s].area_m2;
        markets.trading += district.spaces[s].vacated >= Month::of(2017, 7);
        for (const PremisesGroup& group : district.premises) {
            if (group.space != SpaceId(s)) continue;
            markets.jobs += group.jobs;
            markets.businesses += group.count;
        }
    }
    return markets;
}

TEST(PackTrading, AllTwelveZooMarketsTradeAtTheEarlyStart) {
    const District early = read_district(scenarios / "xicheng-early"), bundled = read_district(scenarios / "xicheng");
    const Markets all = zoo_markets(early), left = zoo_markets(bundled);
    EXPECT_EQ(all.count, 12);
    EXPECT_EQ(all.trading, 12);
    EXPECT_EQ(left.trading, 4);
    EXPECT_GE(all.jobs, 30'000U);
    EXPECT_LE(all.jobs, 40'000U);
    EXPECT_EQ(left.jobs, 9'999U);
    EXPECT_NEAR(static_cast<double>(all.jobs) / all.area_m2, static_cast<double>(left.jobs) / (all.area_m2 / 3), 0.001);
    EXPECT_NE(early.hash, bundled.hash) << "its population must not be taken for the other's";
    EXPECT_EQ(early.premises.size(), bundled.premises.size() + 8);
    EXPECT_EQ(early.spaces.size(), bundled.spaces.size());
}

struct Folder {
    Folder() : path(fs::temp_directory_path() / ("hutong_pack_trading_" + std::to_string(getpid()))) {
        fs::create_directories(path / "early");
        fs::create_directory_symlink(scenarios / "xicheng", path / "xicheng");
    }
    ~Folder() { fs::remove_all(path); }
    /// What the pack with this district.toml is told.
    std::string problem(const std::string& text) const {
        std::ofstream(path / "early" / "district.toml") << text;
        try {
            const auto problems = check_district(path / "early");
            return problems.empty() ? "" : problems.front().problem().id + "; " + std::to_string(problems.size());
        } catch (const Error& error) {
            return error.problem().id;
        }
    }
    fs::path path;
};

std::string entry(const std::string& space, const std::string& vacated, const std::string& more = "") {
    return "extends = \"xicheng\"\n[[trading]]\nspace = \"" + space + "\"\nvacated = \"" + vacated +
           "\"\nuse = \"market\"\nsector = \"wholesale_market\"\nbusinesses = 10\njobs = 20\nstatus = \"assumption\"\nsource = \"test\"\n" +
           more;
}

TEST(PackTrading, WhatCannotBeIsRefused) {
    const Folder folder;
    EXPECT_EQ(folder.problem(entry("zoo-market-01", "2017-11")), "");
    EXPECT_NE(folder.problem(entry("zoo-market-1", "2017-11")), "") << "no such space";
    EXPECT_NE(folder.problem(entry("zoo-market-01", "2014-12")), "") << "closed by then";
    EXPECT_NE(folder.problem(entry("zoo-market-09", "2018-11")), "") << "has premises of its own";
    EXPECT_NE(folder.problem(entry("zoo-market-01", "someday")), "");
    EXPECT_NE(folder.problem(entry("zoo-market-01", "2017-11", "jobz = 3\n")), "");
    EXPECT_NE(folder.problem(entry("zoo-market-01", "2017-11") + "[table]\n"), "");
    std::string sourceless = entry("zoo-market-01", "2017-11");
    sourceless.erase(sourceless.find("source"));
    EXPECT_NE(folder.problem(sourceless), "");
    EXPECT_NE(folder.problem("extends = \"../xicheng\"\n"), "") << "leads out of the folder";
    EXPECT_NE(folder.problem("extends = \"early\"\n"), "") << "stands on itself";
    EXPECT_NE(folder.problem("extends = \"nowhere\"\n"), "");
}

}  // namespace
}  // namespace hutong
