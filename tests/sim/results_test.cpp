#include "sim/results.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "../agents/tiny_world.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr int run_months = 5;

/// One run of the tiny town, shared by all tests of this file.
struct Written {
    TinyWorld town;
    IndicatorSet indicators{town.district};
    std::vector<Replicate> replicates;
    fs::path path = fs::temp_directory_path() / ("hutong_results_test_" + std::to_string(getpid()) + ".h5");

    Written() {
        RunOutcome outcome =
            run(town.model, indicators, town.world, {.months = run_months, .audit = false, .progress = {}, .cancelled = nullptr});
        replicates.push_back({0, outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
        write_safely(path, build_results(town.model, indicators, replicates));
    }
    ~Written() { fs::remove(path); }
};

Written& written() {
    static Written all;
    return all;
}

TEST(ResultsFile, ReadsBackWhatWasWritten) {
    Written& w = written();
    const Results results(w.path);
    EXPECT_EQ(results.replicates, 1U);
    EXPECT_EQ(results.months.size(), static_cast<std::size_t>(run_months) + 1);
    EXPECT_EQ(results.blocks.size(), w.town.district.blocks.size());
    EXPECT_EQ(results.indicators.size(), w.indicators.size());
    for (std::size_t b = 0; b < results.blocks.size(); ++b) {
        EXPECT_EQ(results.blocks[b].code, w.town.district.blocks[b].code);
        EXPECT_EQ(results.blocks[b].rings.size(), w.town.district.blocks[b].rings.size());
    }
    const Series& series = w.replicates.front().series;
    for (const IndicatorInfo& info : results.indicators) {
        const std::size_t i = w.indicators.find(info.name);
        ASSERT_LT(i, w.indicators.size());
        EXPECT_EQ(info.lowest, w.indicators.all()[i].lowest) << info.name;
        EXPECT_EQ(info.money, w.indicators.all()[i].money) << info.name;
        for (const Level level : {Level::block, Level::subdistrict, Level::district}) {
            const auto values = results.values(info, level);
            if (level < info.lowest) {
                EXPECT_TRUE(values.empty());
                continue;
            }
            const std::size_t areas = series.areas(level);
            ASSERT_EQ(values.size(), series.rows() * areas);
            for (std::size_t cell = 0; cell < values.size(); ++cell) {
                const double expected = series.at(i, level, cell / areas, cell % areas);
                ASSERT_TRUE(values[cell] == expected || (std::isnan(values[cell]) && std::isnan(expected))) << info.name;
            }
        }
    }
}

TEST(ResultsFile, SameRunGivesTheSameBytes) {
    Written& w = written();
    EXPECT_EQ(build_results(w.town.model, w.indicators, w.replicates), read_file(w.path));
}

TEST(ResultsFile, CarriesNoTraceOfTheMachine) {
    const std::string bytes = read_file(written().path);
    EXPECT_EQ(bytes.find(HUTONG_SOURCE_DIR), std::string::npos);
    EXPECT_EQ(bytes.find(fs::temp_directory_path().string() + "/"), std::string::npos);
}

TEST(ResultsFile, IsReadByH5pyWithoutOurCode) {
    const fs::path script = fs::path(HUTONG_SOURCE_DIR) / "tests/sim/read_results.py";
    const std::string command = "/usr/bin/python3 " + script.string() + " " + written().path.string() + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string output;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe)) output += buffer.data();
    EXPECT_EQ(pclose(pipe), 0) << output;
    EXPECT_NE(output.find("sound"), std::string::npos) << output;
}

ErrorKind kind_when_read(const fs::path& path) {
    try {
        const Results results(path);
    } catch (const Error& error) {
        return error.kind();
    }
    return ErrorKind::internal;  // read without complaint
}

TEST(ResultsFile, RefusesWhatIsNotOurs) {
    const fs::path path = written().path.string() + ".foreign";
    EXPECT_EQ(kind_when_read(path), ErrorKind::missing_file);
    std::ofstream(path) << "not a results file";
    EXPECT_EQ(kind_when_read(path), ErrorKind::bad_results);
    const std::string good = read_file(written().path);
    write_safely(path, std::string_view(good).substr(0, good.size() / 2));
    EXPECT_EQ(kind_when_read(path), ErrorKind::bad_results);
    {
        Hdf5Writer file;  // HDF5, but somebody else's
        file.group("/meta");
        file.attribute("/meta", "format", "other results");
        write_safely(path, file.finish());
    }
    EXPECT_EQ(kind_when_read(path), ErrorKind::bad_results);
    {
        Hdf5Writer file;  // ours, of a later version
        file.group("/meta");
        file.attribute("/meta", "format", "hutong results");
        file.attribute("/meta", "schema", results_schema + 1);
        write_safely(path, file.finish());
    }
    EXPECT_EQ(kind_when_read(path), ErrorKind::bad_results);
    fs::remove(path);
}

TEST(ResultsFile, NamesTheNearestIndicator) {
    const Results results(written().path);
    try {
        results.indicator("populaton");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_NE(std::string(error.what()).find("'population'"), std::string::npos) << error.what();
    }
    EXPECT_THROW(results.month("1999-01"), Error);
    EXPECT_EQ(results.month(results.months.back()), results.months.size() - 1);
}

TEST(ResultsFile, HoldsEveryReplicate) {
    Written& w = written();
    std::vector<Replicate> two;
    for (std::uint32_t r = 0; r < 2; ++r) {
        Model model{
            .district = w.town.district, .scenario = w.town.scenario, .parallel = w.town.parallel, .luck = Luck(1, r), .neutral = {}};
        RunOutcome outcome =
            run(model, w.indicators, w.town.world, {.months = run_months, .audit = false, .progress = {}, .cancelled = nullptr});
        two.push_back({r, outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
    }
    const fs::path path = w.path.string() + ".two";
    write_safely(path, build_results(w.town.model, w.indicators, two));
    const Results results(path);
    ASSERT_EQ(results.replicates, 2U);
    const auto& population = results.indicator("population");
    const std::size_t i = w.indicators.find("population");
    for (std::size_t r = 0; r < 2; ++r) {
        const auto values = results.values(population, Level::district, r);
        for (std::size_t m = 0; m < values.size(); ++m) EXPECT_EQ(values[m], two[r].series.district(i, m));
    }
    EXPECT_NE(two[0].state_hash, two[1].state_hash);
    fs::remove(path);
}

}  // namespace
}  // namespace hutong
