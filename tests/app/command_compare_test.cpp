// `hutong compare` as a user runs it, at 1/16 of the people.
#include <cstdlib>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/hdf5_file.h"
#include "program.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

class CompareCommand : public testing::Test {
protected:
    Program program;
    const std::string baseline = Program::source("scenarios/baseline.toml").string();
    const std::string first_come = Program::source("scenarios/first-come.toml").string();
    Ended compare(std::vector<std::string> more) const {
        std::vector<std::string> args{"compare"};
        args.insert(args.end(), more.begin(), more.end());
        return program.run(args);
    }
    const std::vector<std::string> small{"--scale", "1/16", "--months", "14", "--replicates", "3"};
    std::vector<std::string> with_small(std::vector<std::string> args) const {
        args.insert(args.end(), small.begin(), small.end());
        return args;
    }
};

TEST_F(CompareCommand, AScenarioWithItselfHasNoDifference) {
    const Ended ended = compare(with_small({baseline, baseline, "--json"}));
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto one = nlohmann::json::parse(ended.out)["alternatives"][0];
    EXPECT_TRUE(one["scenario_difference"].empty());
    for (const auto& [name, row] : one["district"].items()) {
        EXPECT_EQ(row["difference"], 0.0) << name;
        EXPECT_EQ(row["beyond_interval"], false) << name;
    }
    for (const auto& block : one["blocks"]["population"]) EXPECT_EQ(block["beyond_interval"], false);
}

TEST_F(CompareCommand, ScenariosAndTheirResultsFilesGiveTheSameNumbersAndFile) {
    const Ended direct = compare(with_small({baseline, first_come, "--json", "--out", "direct.h5"}));
    ASSERT_EQ(direct.code, 0) << direct.err;
    for (const auto& [scenario, out] : {std::pair{baseline, "a.h5"}, std::pair{first_come, "b.h5"}}) {
        std::vector<std::string> args = with_small({"ensemble", scenario, "--quiet", "--out", out});
        ASSERT_EQ(program.run(args).code, 0);
    }
    const Ended read = compare({"a.h5", "b.h5", "--json", "--out", "read.h5"});
    ASSERT_EQ(read.code, 0) << read.err;
    EXPECT_EQ(nlohmann::json::parse(direct.out), nlohmann::json::parse(read.out));
    EXPECT_TRUE(Program::text(program.folder() / "direct.h5") == Program::text(program.folder() / "read.h5"));

    const auto one = nlohmann::json::parse(read.out)["alternatives"][0];
    ASSERT_EQ(one["scenario_difference"].size(), 1U);
    EXPECT_EQ(one["scenario_difference"][0]["key"], "policy.allocation.mode");
    ASSERT_EQ(one["pairing"].size(), 2U);
    EXPECT_EQ(one["pairing"][0]["months"], 12);
    EXPECT_EQ(one["blocks"]["population"].size(), 101U);

    const Hdf5Reader file(program.folder() / "read.h5");
    EXPECT_EQ(file.extent("/alternative_1/block/population"), (Extent{5, 15, 101}));
    EXPECT_EQ(file.extent("/alternative_1/block_sure/population"), (Extent{15, 101}));
    EXPECT_EQ(file.attribute_text("/alternative_1/block/population", "interval"), "chance");
    const auto values = file.data<float>("/alternative_1/district/population", {5, 15});
    EXPECT_NEAR(values[2 * 15 + 14], one["district"]["population"]["difference"].get<double>(), 1e-2);
}

TEST_F(CompareCommand, AttributesTheDifferenceToItsLevers) {
    const fs::path both = program.folder() / "both.toml";
    std::ofstream(both) << "extends = \"" << Program::source("scenarios/baseline").string()
                        << "\"\n[policy.allocation]\nmode = \"first_come\"\n"
                        << "[assumption.people]\nfertility_factor = 1.15\n";
    const Ended ended = compare(with_small({baseline, both.string(), "--attribute", "--json"}));
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto one = nlohmann::json::parse(ended.out)["alternatives"][0];
    double sum = 0;
    int levers = 0;
    for (const auto& share : one["levers"]) {
        EXPECT_EQ(share["sampling_error"].get<double>(), 0.0);  // exact: nothing is sampled
        if (share["indicator"] != "population") continue;
        sum += share["shapley"]["difference"].get<double>();
        ++levers;
    }
    EXPECT_EQ(levers, 2);
    EXPECT_NEAR(sum, one["district"]["population"]["difference"].get<double>(), 0.01);
    EXPECT_TRUE(fs::is_empty(program.folder()) || !fs::exists(program.folder() / "compare-baseline.parts"));
}

TEST_F(CompareCommand, AboveSixLeversOrdersAreSampledAndTellTheirError) {
    const fs::path seven = program.folder() / "seven.toml";
    std::ofstream(seven) << "extends = \"" << Program::source("scenarios/baseline").string()
                         << "\"\n[assumption.people]\nfertility_factor = 2\nmortality_factor = 2\ncouple_per_year = 0.3\nboy_share = 0.6\n"
                         << "leave_home_per_year = 0.2\nseparation_per_year = 0.1\nregistration_share = 0.1\n";
    const Ended ended = compare({baseline, seven.string(), "--attribute", "--orders", "4", "--json", "--quiet", "--out", "sampled.h5",
                                 "--scale", "1/32", "--months", "4", "--replicates", "2"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    const auto one = nlohmann::json::parse(ended.out)["alternatives"][0];
    double sum = 0;
    int levers = 0, uncertain = 0, told = 0;
    const Hdf5Reader file(program.folder() / "sampled.h5");
    for (std::size_t i = 0; i < one["levers"].size(); ++i) {
        const auto& share = one["levers"][i];
        if (share["indicator"] == "population") {
            sum += share["shapley"]["difference"].get<double>();
            ++levers;
        }
        const double error = share["sampling_error"].get<double>();
        uncertain += error > 0;
        // The file tells the same errors, beside the name of the lever.
        const std::string at = "/alternative_1/levers/" + std::string(4 - std::to_string(i).size(), '0') + std::to_string(i);
        EXPECT_EQ(file.attribute_text(at, "lever"), share["lever"].get<std::string>());
        const auto values = file.data<double>(at, file.extent(at));
        ASSERT_EQ(values.size(), 7U);
        EXPECT_NEAR(values[6], error, 1e-6);
        told += values[6] > 0;
    }
    EXPECT_EQ(levers, 7);
    EXPECT_NEAR(sum, one["district"]["population"]["difference"].get<double>(), 0.01);
    EXPECT_GT(uncertain, 0);
    EXPECT_EQ(told, uncertain);

    // The table has a column of them.
    const Ended table = compare({baseline, seven.string(), "--attribute", "--orders", "4", "--scale", "1/32", "--months", "4",
                                 "--replicates", "2", "--out", "table.h5"});
    ASSERT_EQ(table.code, 0) << table.err;
    std::istringstream rows(table.out.substr(table.out.find("Sampling error")));
    std::string row;
    int told_rows = 0, points = 0;
    for (std::getline(rows, row); std::getline(rows, row);) {
        if (row.find("assumption.people.") == std::string::npos) continue;
        const std::string last = row.substr(row.find_last_not_of("0123456789.,") == row.size() - 1 ? row.rfind("  ") : row.rfind(' '));
        told_rows += last.find_first_of("0123456789") != std::string::npos;
        points += row.ends_with(" points");  // errors of shares are in points, as the differences are
    }
    EXPECT_EQ(told_rows, static_cast<int>(one["levers"].size()));
    EXPECT_GT(points, 0);
    EXPECT_EQ(table.out.find(" %\n", table.out.find("Sampling error")), std::string::npos);
}

TEST_F(CompareCommand, OrdersOfLeversComeInPairsAndAtLeastTwo) {
    for (const char* orders : {"0", "2", "3", "5", "-4", "10002", "many"}) {
        const Ended ended = compare({baseline, first_come, "--attribute", "--orders", orders, "--out", "none.h5"});
        EXPECT_EQ(ended.code, 2) << orders;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
        EXPECT_NE(ended.err.find("no even number from 4 to 10000"), std::string::npos) << ended.err;
    }
}

TEST_F(CompareCommand, RefusesWhatCannotBePaired) {
    ASSERT_EQ(program.run(with_small({"ensemble", baseline, "--quiet", "--out", "a.h5"})).code, 0);
    const auto alone = [&](std::vector<std::string> change, const std::string& out) {
        std::vector<std::string> args{"ensemble", first_come, "--quiet", "--out", out, "--months", "2"};
        args.insert(args.end(), change.begin(), change.end());
        ASSERT_EQ(program.run(args).code, 0);
        const Ended ended = compare({"a.h5", out});
        EXPECT_EQ(ended.code, 2) << out;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
    };
    alone({"--scale", "1/16", "--replicates", "2"}, "fewer.h5");
    alone({"--scale", "1/32", "--replicates", "3"}, "scale.h5");
    alone({"--scale", "1/16", "--replicates", "3", "--seed", "5"}, "seed.h5");
    alone({"--scale", "1/16", "--replicates", "3", "--assumptions", "draw"}, "assumptions.h5");
    std::ofstream(program.folder() / "text.h5") << "no HDF5";
    EXPECT_EQ(compare({"a.h5", "text.h5"}).code, 6);
    EXPECT_EQ(compare({"a.h5", "missing.h5"}).code, 3);
    EXPECT_EQ(compare({baseline, first_come, "--indicator", "populatio", "--months", "1"}).code, 2);
    for (const char* replicates : {"0", "-3", "many"}) {
        const Ended ended = compare({baseline, first_come, "--replicates", replicates, "--out", "none.h5"});
        EXPECT_NE(ended.code, 0) << replicates;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
        EXPECT_FALSE(fs::exists(program.folder() / "none.h5"));
    }
    EXPECT_EQ(compare({"a.h5", "fewer.h5", "--out", "text.h5"}).code, 7);
}

TEST_F(CompareCommand, ResultsOfAnotherVersionAreRefused) {
    ASSERT_EQ(program.run(with_small({"ensemble", baseline, "--quiet", "--out", "a.h5"})).code, 0);
    const fs::path old = program.folder() / "old.h5";
    fs::copy_file(program.folder() / "a.h5", old);
    const std::string edit = "import h5py, sys; h5py.File(sys.argv[1], 'r+')['meta'].attrs.modify('version', '0.0.9')";
    ASSERT_EQ(std::system(("/usr/bin/python3 -c \"" + edit + "\" '" + old.string() + "'").c_str()), 0);
    const Ended ended = compare({"a.h5", "old.h5", "--out", "both.h5"});
    EXPECT_EQ(ended.code, 6);
    EXPECT_NE(ended.err.find("0.0.9"), std::string::npos) << ended.err;
    EXPECT_EQ(lines(ended.err), 1U) << ended.err;
    EXPECT_FALSE(fs::exists(program.folder() / "both.h5"));
}

TEST_F(CompareCommand, DistrictsThatDifferAreRefused) {
    const fs::path pack = program.folder() / "pack";
    fs::copy(Program::source("scenarios/xicheng"), pack, fs::copy_options::recursive);
    std::string text = Program::text(pack / "district.toml");
    const std::string name = "name_en = \"Xicheng\"";
    ASSERT_NE(text.find(name), std::string::npos);
    std::ofstream(pack / "district.toml") << text.replace(text.find(name), name.size(), "name_en = \"Elsewhere\"");
    const fs::path elsewhere = program.folder() / "elsewhere.toml";
    std::ofstream(elsewhere) << "extends = \"" << Program::source("scenarios/baseline").string() << "\"\n[run]\ndistrict = \""
                             << pack.string() << "\"\n";
    const auto refused = [&](std::vector<std::string> args) {
        args.insert(args.end(), {"--out", "both.h5"});
        const Ended ended = compare(args);
        EXPECT_EQ(ended.code, 2) << ended.err;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
        EXPECT_NE(ended.err.find("they are of different districts"), std::string::npos) << ended.err;
        EXPECT_EQ(ended.out, "");  // nothing was announced, so nothing simulated
        EXPECT_FALSE(fs::exists(program.folder() / "both.h5"));
        EXPECT_FALSE(fs::exists(program.folder() / "both.h5.parts"));
    };
    refused(with_small({baseline, elsewhere.string()}));
    const std::vector<std::string> tiny{"--scale", "1/32", "--months", "1", "--replicates", "1"};
    const auto with_tiny = [&](std::vector<std::string> args) {
        args.insert(args.end(), tiny.begin(), tiny.end());
        return args;
    };
    for (const auto& [scenario, out] : {std::pair{baseline, "here.h5"}, std::pair{elsewhere.string(), "there.h5"}}) {
        const Ended ended = program.run(with_tiny({"ensemble", scenario, "--quiet", "--out", out}));
        ASSERT_EQ(ended.code, 0) << ended.err;
    }
    refused({"here.h5", "there.h5"});
    refused(with_tiny({baseline, "there.h5"}));
}

TEST_F(CompareCommand, ScenariosThatAreNoPairAreRefusedByWhatDiffers) {
    const fs::path other = program.folder() / "other.toml";
    const auto refused = [&](const std::string& run, const std::string& why) {
        std::ofstream(other) << "extends = \"" << Program::source("scenarios/baseline").string() << "\"\n[run]\n" << run << "\n";
        const Ended ended = compare({baseline, other.string(), "--scale", "1/16", "--out", "both.h5"});
        EXPECT_EQ(ended.code, 2) << ended.err;
        EXPECT_EQ(lines(ended.err), 1U) << ended.err;
        EXPECT_NE(ended.err.find(why), std::string::npos) << ended.err;
        EXPECT_EQ(ended.out, "") << run;
        EXPECT_FALSE(fs::exists(program.folder() / "both.h5.parts"));
    };
    refused("months = 7", "one simulates 222 months, the other 7");
    refused("replicates = 5", "one has 1 replicates, the other 5");
    refused("seed = 9", "they have different seeds");
}

TEST_F(CompareCommand, LongRunsAreAskedFor) {
    const Ended ended = compare({baseline, first_come, "--replicates", "90000", "--scale", "1/16", "--out", "long.h5"});
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("--yes"), std::string::npos) << ended.err;
    EXPECT_FALSE(fs::exists(program.folder() / "long.h5"));
}

}  // namespace
}  // namespace hutong
