#include "sim/ensemble.h"

#include <fstream>

#include <gtest/gtest.h>

#include "../agents/tiny_world.h"
#include "agents/coverage.h"
#include "agents/homes_market.h"
#include "agents/stocks.h"
#include "core/safe_file.h"
#include "sim/ensemble_parts.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr int run_months = 14;  // more than wait in memory (Series::wait_in)
constexpr std::size_t replicates = 5;

class Ensembles : public testing::Test {
protected:
    Ensembles() {
        scenario.run.replicates = static_cast<int>(replicates);
        scenario.run.months = run_months;
        tasks.count = replicates;
        tasks.months = run_months;
        tasks.key = 17;
        tasks.folder = folder / "out.h5.parts";
        fs::create_directories(tasks.folder);
        auto shared_scenario = std::make_shared<const Scenario>(scenario);
        auto district = std::shared_ptr<const District>(std::shared_ptr<void>(), &town.district);
        auto population = start_population(town.district, scenario, town.parallel);
        tasks.member = [=](std::size_t task) { return Member{shared_scenario, district, population, static_cast<std::uint32_t>(task)}; };
    }
    ~Ensembles() override { fs::remove_all(folder); }

    void simulate(int threads) {
        Ranks ranks;
        run_tasks(tasks, {.threads = threads, .progress = {}, .cancelled = nullptr}, ranks);
    }
    std::string merged() {
        const Parts parts(tasks.folder, 0, replicates, tasks.key, indicators);
        return build_results(model, indicators, parts, Interval::chance);
    }

    TinyWorld town;
    Scenario scenario = town.scenario;
    Model model{town.district, scenario, town.parallel, Luck(1, 0), {}};
    IndicatorSet indicators{town.district};
    Tasks tasks;
    fs::path folder = fs::temp_directory_path() / ("hutong_ensemble_test_" + std::to_string(getpid()));
};

TEST_F(Ensembles, MergedPartsAreByteForByteTheRunsOneAfterAnother) {
    std::vector<Replicate> one_by_one;
    for (std::uint32_t r = 0; r < replicates; ++r) {
        const Model own = model_of(town.district, scenario, town.parallel, r);
        RunOptions options;
        options.months = run_months;
        RunOutcome outcome = run(own, indicators, initial_world(own), options);
        one_by_one.push_back({r, outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
    }
    const std::string expected = build_results(model, indicators, one_by_one);
    for (const int threads : {1, 3, 8}) {
        for (std::size_t task = 0; task < replicates; ++task) fs::remove(part_file(tasks.folder, task));
        simulate(threads);
        EXPECT_EQ(merged(), expected) << threads << " threads";
    }
}

TEST_F(Ensembles, ReplicatesShareWhatDwellingsKeepForEver) {
    const Member member = tasks.member(0);
    const Model own = model_of(*member.district, *member.scenario, town.parallel, 0);
    World first = initial_world(own, *member.population);
    const World second = initial_world(own, *member.population);
    EXPECT_EQ(first.dwellings.luck.data(), second.dwellings.luck.data());
    EXPECT_EQ(first.dwellings.node.data(), second.dwellings.node.data());
    EXPECT_EQ(first.housing.slots.data(), second.housing.slots.data());
    EXPECT_NE(first.dwellings.household.data(), second.dwellings.household.data());
    ASSERT_NE(first.governance.dwellings_by_node, nullptr);
    EXPECT_EQ(first.governance.dwellings_by_node, second.governance.dwellings_by_node);

    const std::uint64_t before = hash(second);
    add_dwelling(first, 4711, first.dwellings.node[0], first.dwellings.block[0], DwellingType::apartment, Tenure::owned, 50, no_row);
    index_new_dwellings(first);
    EXPECT_NE(first.dwellings.luck.data(), second.dwellings.luck.data());
    EXPECT_EQ(first.dwellings.rows(), second.dwellings.rows() + 1);
    EXPECT_EQ(hash(second), before);
}

TEST_F(Ensembles, ReplicatesShareReachListsOfTheirNetworkAndDistanceOnly) {
    const Member member = tasks.member(0);
    const Model own = model_of(*member.district, *member.scenario, town.parallel, 0);
    const World first = initial_world(own, *member.population), second = initial_world(own, *member.population);
    ASSERT_NE(member.population->services.reach, nullptr);
    EXPECT_EQ(coverage::plan_of(first).reach, member.population->services.reach);
    EXPECT_EQ(coverage::plan_of(first).reach, coverage::plan_of(second).reach);
    const World alone = initial_world(own);
    EXPECT_EQ(alone.services.reach, nullptr);
    EXPECT_EQ(hash(alone), hash(first));

    Scenario farther = scenario;
    farther.assumptions.services.walking_m_per_min *= 2;
    const Model brisk = model_of(town.district, farther, town.parallel, 0);
    const World walked = initial_world(brisk, *member.population);
    EXPECT_NE(coverage::plan_of(walked).reach, member.population->services.reach);
    EXPECT_EQ(hash(walked), hash(initial_world(brisk)));
}

TEST_F(Ensembles, NothingButPartsIsLeftInTheFolder) {
    simulate(2);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(tasks.folder)) {
        EXPECT_EQ(entry.path().extension(), ".bin");
        ++files;
    }
    EXPECT_EQ(files, replicates);
}

TEST_F(Ensembles, OnlyMissingAndDamagedPartsAreSimulatedAgain) {
    simulate(2);
    const std::string whole = merged();
    fs::remove(part_file(tasks.folder, 1));
    std::string bytes = read_file(part_file(tasks.folder, 3));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_safely(part_file(tasks.folder, 3), bytes);
    write_safely(part_file(tasks.folder, 4), std::string_view(bytes).substr(0, bytes.size() / 3));
    EXPECT_EQ(missing_parts(tasks), (std::vector<std::size_t>{1, 3, 4}));
    EXPECT_THROW(merged(), Error);
    const auto kept = fs::last_write_time(part_file(tasks.folder, 0));
    simulate(2);
    EXPECT_EQ(fs::last_write_time(part_file(tasks.folder, 0)), kept);
    EXPECT_EQ(merged(), whole);
}

TEST_F(Ensembles, PartsOfOtherRunsAreNotTaken) {
    simulate(1);
    ++tasks.key;
    EXPECT_EQ(missing_parts(tasks).size(), replicates);
    EXPECT_THROW(merged(), Error);
}

TEST_F(Ensembles, ACancelKeepsWhatIsFinished) {
    std::atomic<bool> cancelled{false};
    Ranks ranks;
    TaskOptions options{.threads = 1, .progress = {}, .cancelled = &cancelled};
    options.progress = [&](const TaskProgress& p) { cancelled = p.tasks_done >= 2; };
    try {
        run_tasks(tasks, options, ranks);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::interrupted);
    }
    EXPECT_EQ(missing_parts(tasks), (std::vector<std::size_t>{2, 3, 4}));
}

TEST_F(Ensembles, StandingPartsAreNeitherTakenNorRemovedUnasked) {
    simulate(1);
    EXPECT_THROW(prepare_parts(tasks, false, false), Error);
    prepare_parts(tasks, true, false);
    EXPECT_TRUE(missing_parts(tasks).empty());
    prepare_parts(tasks, false, true);
    EXPECT_EQ(missing_parts(tasks).size(), replicates);
}

TEST_F(Ensembles, SummaryByBlockIsThatOfTheReplicates) {
    simulate(2);
    const Parts parts(tasks.folder, 0, replicates, tasks.key, indicators);
    const fs::path file = folder / "out.h5";
    write_safely(file, merged());
    const Results results(file);
    const IndicatorInfo& info = results.indicator("population");
    for (const Level level : {Level::block, Level::subdistrict, Level::district}) {
        const auto mean = results.summary(info, level, "mean"), error = results.summary(info, level, "standard_error");
        const auto low = results.summary(info, level, "p05"), high = results.summary(info, level, "p95");
        std::vector<double> sum(mean.size(), 0);
        for (std::size_t r = 0; r < replicates; ++r) {
            const auto values = results.values(info, level, r);
            ASSERT_EQ(values.size(), sum.size());
            for (std::size_t cell = 0; cell < sum.size(); ++cell) sum[cell] += values[cell];
        }
        bool spread = false;
        for (std::size_t cell = 0; cell < sum.size(); ++cell) {
            ASSERT_NEAR(mean[cell], sum[cell] / replicates, 1e-3);
            ASSERT_LE(low[cell], high[cell]);
            spread = spread || error[cell] > 0;
        }
        EXPECT_TRUE(spread);
    }
}

}  // namespace
}  // namespace hutong
