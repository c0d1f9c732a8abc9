#include "sim/checkpoint.h"

#include <gtest/gtest.h>

#include "../agents/tiny_world.h"
#include "core/safe_file.h"
#include "sim/results.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr int run_months = 14;  // over a year's end and a September
constexpr std::uint64_t key = 42;

class CheckpointFile : public testing::Test {
protected:
    ~CheckpointFile() override { fs::remove_all(folder); }
    RunOutcome whole() {
        RunOptions options;
        options.months = run_months;
        return run(town.model, indicators, town.world, options);
    }
    /// Runs with a checkpoint every `every` months and stops before month `stop`.
    void run_until(int stop, int every) {
        std::atomic<bool> cancelled{false};
        RunOptions options;
        options.months = run_months;
        options.checkpoint_every = every;
        options.checkpoint = [&](World& world, Series& series, const RunCounts& counts) {
            if (!cancelled) write_checkpoint(folder, key, world, series, counts);  // as if killed: nothing is saved at the end
        };
        options.cancelled = &cancelled;
        options.progress = [&](int done, int) { cancelled = done >= stop; };
        EXPECT_THROW(run(town.model, indicators, town.world, options), Error);
    }
    std::string bytes_of(RunOutcome outcome) {
        std::vector<Replicate> one;
        one.push_back({0, outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
        return build_results(town.model, indicators, one);
    }
    RunOutcome resumed() {
        auto state = read_checkpoint(folder, key, indicators, [&](const Error& error) { notices.emplace_back(error.what()); });
        if (!state) throw Error(ErrorKind::missing_file, msg("no checkpoint"));
        months_done = state->months;
        RunOptions options;
        options.months = run_months;
        options.resumed = &state->progress;
        return run(town.model, indicators, std::move(state->world), options);
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
        std::sort(found.begin(), found.end());
        return found;
    }

    TinyWorld town;
    IndicatorSet indicators{town.district};
    fs::path folder = fs::temp_directory_path() / ("hutong_checkpoint_test_" + std::to_string(getpid()));
    std::vector<std::string> notices;
    int months_done = 0;
};

TEST_F(CheckpointFile, FromEveryMonthTheRunEndsWithTheSameHashAndFile) {
    RunOutcome expected = whole();
    const std::uint64_t expected_hash = expected.state_hash;
    const RunCounts counts = expected.counts;
    const std::string bytes = bytes_of(std::move(expected));
    for (int month = 1; month < run_months; ++month) {
        fs::remove_all(folder);
        run_until(month, 1);
        RunOutcome again = resumed();
        EXPECT_EQ(months_done, month);
        EXPECT_EQ(again.state_hash, expected_hash) << month;
        EXPECT_EQ(again.counts.person_months, counts.person_months) << month;
        EXPECT_EQ(again.counts.matches, counts.matches) << month;
        EXPECT_TRUE(bytes_of(std::move(again)) == bytes) << "the file differs, resumed after month " << month;
    }
}

TEST_F(CheckpointFile, TheLastTwoAreKept) {
    run_until(11, 3);
    EXPECT_EQ(files().size(), 2U);
    resumed();
    EXPECT_EQ(months_done, 9);
}

TEST_F(CheckpointFile, ADamagedOneIsRefusedAndTheOlderUsed) {
    run_until(11, 3);
    const std::uint64_t expected = whole().state_hash;
    const fs::path newest = files().back();
    const std::string good = read_file(newest);
    for (std::size_t at : {std::size_t{3}, std::size_t{40}, good.size() / 2, good.size() - 1}) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 16);
        write_safely(newest, bad);
        notices.clear();
        EXPECT_EQ(resumed().state_hash, expected);
        EXPECT_EQ(months_done, 6) << at;
        EXPECT_EQ(notices.size(), 1U) << at;
    }
    for (std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{31}, good.size() / 2, good.size() - 8}) {
        write_safely(newest, std::string_view(good).substr(0, size));
        EXPECT_EQ(resumed().state_hash, expected);
        EXPECT_EQ(months_done, 6) << size;
    }
    write_safely(files().front(), "nothing");
    EXPECT_THROW(resumed(), Error);
}

TEST_F(CheckpointFile, ThatOfAnotherRunIsRefused) {
    run_until(5, 2);
    EXPECT_THROW(read_checkpoint(folder, key + 1, indicators, {}), Error);
    EXPECT_FALSE(read_checkpoint(folder / "nowhere", key, indicators, {}).has_value());
    remove_checkpoints(folder);
    EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace hutong
