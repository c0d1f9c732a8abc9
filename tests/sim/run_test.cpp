#include "sim/run.h"

#include <gtest/gtest.h>

#include "../agents/tiny_world.h"
#include "core/error.h"
#include "sim/observe.h"

namespace hutong {
namespace {

RunOptions months(int count) {
    RunOptions options;
    options.months = count;
    options.audit = true;
    return options;
}

TEST(Run, StepAdvancesTheCalendarByOneAndObservesBeforeIt) {
    TinyWorld town;
    Month seen;
    const Month first = town.world.month;
    step(town.model, town.world, [&](const World& world) { seen = world.month; });
    EXPECT_EQ(seen, first);
    EXPECT_EQ(town.world.month - first, 1);
}

TEST(Run, ObservingChangesNothing) {
    TinyWorld watched, alone;
    const IndicatorSet indicators(watched.district);
    const RunOutcome outcome = run(watched.model, indicators, watched.world, months(6));
    for (int m = 0; m < 6; ++m) step(alone.model, alone.world);
    EXPECT_EQ(outcome.state_hash, hash(alone.world));
}

TEST(Run, ACopyContinuesExactlyAsTheOriginal) {
    TinyWorld town;
    for (int m = 0; m < 3; ++m) step(town.model, town.world);
    World copy = town.world;
    for (int m = 0; m < 4; ++m) step(town.model, town.world);
    for (int m = 0; m < 4; ++m) step(town.model, copy);
    EXPECT_EQ(hash(copy), hash(town.world));
}

TEST(Run, IsTheSameForEveryNumberOfThreads) {
    std::vector<std::uint64_t> hashes;
    for (const int threads : {1, 2, 3, 8}) {
        TinyWorld town(1, threads);
        hashes.push_back(run(town.model, IndicatorSet(town.district), town.world, months(6)).state_hash);
    }
    for (const std::uint64_t one : hashes) EXPECT_EQ(one, hashes.front());
    TinyWorld other(2);
    EXPECT_NE(run(other.model, IndicatorSet(other.district), other.world, months(6)).state_hash, hashes.front()) << "the seed must matter";
}

TEST(Run, StopsCleanlyWhenCancelled) {
    TinyWorld town;
    const IndicatorSet indicators(town.district);
    std::atomic<bool> cancelled{false};
    RunOptions options = months(12);
    int done = 0;
    options.progress = [&](int month, int all) {
        EXPECT_EQ(all, 12);
        done = month;
        if (month == 2) cancelled = true;
    };
    options.cancelled = &cancelled;
    try {
        run(town.model, indicators, town.world, options);
        FAIL() << "did not stop";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::interrupted);
        EXPECT_EQ(done, 2);
    }
}

TEST(Run, CountsAgreeWithTheTables) {
    TinyWorld town;
    const IndicatorSet indicators(town.district);
    Observer observer(town.model, indicators.layout());
    step(town.model, town.world);
    const World& world = town.world;
    const MonthTallies& tallies = observer.observe(world, world.month - 1, true);
    auto of = [&](std::string_view name) {
        return static_cast<std::size_t>(value(indicators.all()[indicators.find(name)], tallies, indicators.layout().district_area()));
    };
    EXPECT_EQ(of("population"), world.people.count());
    EXPECT_EQ(of("households"), world.households.count());
    EXPECT_EQ(of("businesses"), world.businesses.count());
    EXPECT_EQ(of("jobs"), world.jobs.count());
    std::size_t filled = 0, here = 0, registered_outside = 0, over_65 = 0;
    for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) filled += world.jobs.alive(j) && !world.jobs.open(j);
    for (std::uint32_t p = 0; p < world.people.rows(); ++p) {
        if (!world.people.alive(p)) continue;
        here += world.people.activity[p] == Activity::employed_here;
        registered_outside += world.people.registration[p] == Registration::outside;
        over_65 += (world.month.index - 1 - world.people.birth_month[p]) / 12 >= 65;
    }
    EXPECT_EQ(of("filled_jobs"), filled);
    EXPECT_EQ(filled, here + world.in_commuters.count());
    EXPECT_EQ(of("floating"), registered_outside);
    EXPECT_EQ(of("age_65_up"), over_65);
    EXPECT_EQ(of("dwellings_occupied"), world.households.count());
    EXPECT_EQ(of("births"), static_cast<std::size_t>(world.flows.total(Flow::births)));
}

TEST(Run, EveryChangeOfPopulationHasItsCause) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        TinyWorld town(seed);
        const IndicatorSet indicators(town.district);
        const RunOutcome outcome = run(town.model, indicators, town.world, months(18));
        for (const CauseRow& row : outcome.series.causes()) {
            EXPECT_NE(row.cause, Cause::unbooked) << "block " << row.block << ", month " << row.month << ": " << row.change;
        }
    }
}

}  // namespace
}  // namespace hutong
