// Futures of a timeline are the plain runs with the same entries.
#include "sim/timeline.h"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "agents/steps.h"
#include "core/error.h"
#include "scenarios/scenario_edit.h"
#include "scenarios/tiny_town.h"
#include "sim/observe.h"
#include "sim/run.h"
#include "sim/step.h"

namespace hutong {
namespace {

constexpr int months = 40;

class TimelineOfATinyTown : public ::testing::Test {
protected:
    District district_ = draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"));
    Parallel parallel_{2};

    Scenario scenario() {
        Scenario s;
        s.name = "tiny";
        s.run.months = months;
        s.assumptions.synthesis.pool_candidates = 4000;
        s.text = canonical_text(s);
        return s;
    }
    Month month(int index) { return scenario().run.start + index; }

    /// The same scenario from the start, as `hutong run` does it.
    RunOutcome plain(const Scenario& s) {
        const Model model{district_, s, parallel_, Luck(s.run.seed, 0), {}};
        RunOptions options;
        options.months = s.run.months;
        return run(model, IndicatorSet(district_), initial_world(model), options);
    }
    void expect_same(const Timeline& timeline, std::size_t fork, const RunOutcome& outcome) {
        const ForkStatus status = timeline.status(fork);
        ASSERT_EQ(status.failure, "");
        ASSERT_TRUE(status.finished);
        EXPECT_EQ(status.state_hash, outcome.state_hash);
        ASSERT_EQ(status.rows, outcome.series.rows());
        for (std::size_t i = 0; i < timeline.indicators().size(); ++i) {
            for (std::size_t row = 0; row < status.rows; ++row) {
                const float a = timeline.row(fork, row)->values[timeline.cell(i, Level::district, 0)];
                const auto b = static_cast<float>(outcome.series.district(i, row));
                ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << timeline.indicators().all()[i].name << " in row " << row;
            }
        }
    }
};

TEST_F(TimelineOfATinyTown, TheBaseIsThePlainRun) {
    Timeline timeline(district_, scenario());
    timeline.wait(0);
    expect_same(timeline, 0, plain(scenario()));
}

TEST_F(TimelineOfATinyTown, AForkIsTheRunWithTheSameEntryFromTheStart) {
    Timeline timeline(district_, scenario(), {.snapshot_months = 6});
    timeline.wait(0);
    const auto base = timeline.row(0, 15);
    for (const int at : {0, 1, 15, 29}) {
        const Scenario changed = with_lever(with_lever(scenario(), month(at), "employment.subsidy_per_local_hire_yuan", 60000.0), month(at),
                                            "control.enforcement", 2.0);
        const std::size_t fork = timeline.fork(0, month(at), changed, "changed");
        timeline.wait(fork);
        expect_same(timeline, fork, plain(changed));
        if (at >= 15) {
            EXPECT_EQ(timeline.row(fork, 15), base) << "months before the fork are shared, not copied";
        }
    }
}

TEST_F(TimelineOfATinyTown, AForkOfAForkToo) {
    Timeline timeline(district_, scenario());
    timeline.wait(0);
    const Scenario first = with_lever(scenario(), month(8), "allocation.mode", std::string("first_come"));
    const std::size_t one = timeline.fork(0, month(8), first, "one");
    timeline.wait(one);
    const Scenario second = with_lever(first, month(20), "control.enforcement", 3.0);
    const std::size_t two = timeline.fork(one, month(20), second, "two");
    timeline.wait(two);
    expect_same(timeline, two, plain(second));
}

TEST_F(TimelineOfATinyTown, ADecisionIsTheRunWithThatDecision) {
    Timeline timeline(district_, scenario());
    timeline.wait(0);
    for (std::size_t s = 0; s < district_.spaces.size(); ++s) {
        for (const Use& use : district_.catalogue.uses) {
            const Month from = std::max(month(14), district_.spaces[s].vacated);
            if (from > month(30)) continue;
            Decision decision;
            decision.space = district_.spaces[s].code;
            decision.use = use.code;
            decision.from = from;
            decision.decided = month(14);
            Scenario decided;
            try {
                decided = with_decision(scenario(), decision, district_);
            } catch (const Error&) {
                continue;  // unlawful there
            }
            const std::size_t fork = timeline.fork(0, month(14), decided, "decided");
            timeline.wait(fork);
            expect_same(timeline, fork, plain(decided));
            break;  // one lawful use of every space
        }
    }
    EXPECT_GT(timeline.forks(), 1U);
}

/// Every month's homes and posts by node, also through forks, are the World's of the plain run.
TEST_F(TimelineOfATinyTown, PlacesOfEveryMonthAreTheWorlds) {
    Timeline timeline(district_, scenario(), {.snapshot_months = 6});
    timeline.wait(0);
    const Scenario changed = with_lever(scenario(), month(15), "control.enforcement", 3.0);
    const std::size_t fork = timeline.fork(0, month(15), changed, "changed");
    timeline.wait(fork);
    bool moved = false;
    for (const auto& [one, s] : {std::pair{std::size_t{0}, scenario()}, std::pair{fork, changed}}) {
        const Model model{district_, s, parallel_, Luck(s.run.seed, 0), {}};
        World world = initial_world(model);
        PlaceCounts before;
        for (std::size_t row = 0; row <= months; ++row) {
            if (row > 0) step(model, world, [](const World&) {});
            const PlaceCounts wanted = count_places(world, district_.network.nodes());
            const auto kept = timeline.places(one, row);
            ASSERT_NE(kept, nullptr);
            ASSERT_EQ(*kept, wanted) << "fork " << one << ", row " << row;
            moved = moved || (row > 0 && !(wanted == before));
            before = wanted;
        }
        std::uint64_t people = 0, posts = 0;
        for (const std::uint32_t n : before.homes) people += n;
        for (const std::uint32_t n : before.posts) posts += n;
        EXPECT_EQ(people, world.people.count());
        std::uint64_t filled = 0;
        for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) filled += world.jobs.alive(j) && !world.jobs.open(j);
        EXPECT_EQ(posts, filled);
    }
    EXPECT_TRUE(moved);
    EXPECT_EQ(timeline.places(0, months + 1), nullptr);
}

TEST_F(TimelineOfATinyTown, FurtherReplicatesAreThePlainRunsWithTheirLuck) {
    Timeline timeline(district_, scenario(), {.replicates = 3});
    timeline.wait_replicates(0, 3);
    const Scenario s = scenario();
    for (const std::uint32_t replicate : {1U, 2U}) {
        const Model model{district_, s, parallel_, Luck(s.run.seed, replicate), {}};
        RunOptions options;
        options.months = months;
        const RunOutcome outcome = run(model, IndicatorSet(district_), initial_world(model), options);
        bool differs = false;
        for (std::size_t i = 0; i < timeline.indicators().size(); ++i) {
            for (const std::size_t row : {std::size_t{0}, std::size_t{months}}) {
                const auto one = timeline.row_of_replicate(0, replicate, row);
                ASSERT_NE(one, nullptr);
                const float a = one->values[timeline.cell(i, Level::district, 0)];
                const auto b = static_cast<float>(outcome.series.district(i, row));
                ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << timeline.indicators().all()[i].name << " in row " << row;
                differs = differs || a != timeline.row(0, row)->values[timeline.cell(i, Level::district, 0)];
            }
        }
        EXPECT_TRUE(differs) << "another luck";
    }
    EXPECT_EQ(timeline.row_of_replicate(0, 3, 0), nullptr);
    // A change cancels what is under way and has replicates of its own.
    const std::size_t fork = timeline.fork(0, month(12), with_lever(s, month(12), "control.enforcement", 2.0), "changed");
    timeline.wait_replicates(fork, 3);
    EXPECT_NE(timeline.row_of_replicate(fork, 2, months), nullptr);
    EXPECT_EQ(timeline.status(0).replicates, 3U);
}

TEST_F(TimelineOfATinyTown, OtherAssumptionsAreSimulatedAfresh) {
    Timeline timeline(district_, scenario());
    timeline.wait(0);
    const Scenario changed = with_assumption(scenario(), "people.fertility_factor", 1.5);
    const std::size_t fork = timeline.fork(0, month(12), changed, "more births", true);
    timeline.wait(fork);
    expect_same(timeline, fork, plain(changed));
}

TEST_F(TimelineOfATinyTown, ACancelledRunGoesOnWhereItStopped) {
    Timeline timeline(district_, scenario());
    const Scenario changed = with_lever(scenario(), month(0), "control.enforcement", 3.0);
    const std::size_t fork = timeline.fork(0, month(0), changed, "newer");  // cancels the base's run at once
    timeline.wait(fork);
    expect_same(timeline, fork, plain(changed));
    EXPECT_FALSE(timeline.status(0).running);
    timeline.resume(0);
    timeline.wait(0);
    expect_same(timeline, 0, plain(scenario()));
}

TEST_F(TimelineOfATinyTown, ManyForksInARowLeaveTheLastOneRight) {
    Timeline timeline(district_, scenario());
    timeline.wait(0);
    std::size_t last = 0;
    Scenario changed;
    for (int k = 0; k < 20; ++k) {
        changed = with_lever(scenario(), month(10), "employment.subsidy_per_local_hire_yuan", 1000.0 * k);
        last = timeline.fork(0, month(10), changed, "dragged");
    }
    timeline.wait(last);
    expect_same(timeline, last, plain(changed));
}

TEST_F(TimelineOfATinyTown, SnapshotsStayWithinTheirLimitAndAreReplayedWhenDropped) {
    Timeline all(district_, scenario(), {.snapshot_months = 4});
    all.wait(0);
    const std::uint64_t limit = all.snapshot_bytes() / 3;
    Timeline timeline(district_, scenario(), {.snapshot_bytes = limit, .snapshot_months = 4});
    timeline.wait(0);
    EXPECT_LE(timeline.snapshot_bytes(), limit);
    EXPECT_GT(timeline.snapshot_bytes(), 0U);
    const auto start = timeline.snapshot(0, scenario().run.start);
    ASSERT_NE(start, nullptr);  // the World of the start is dropped last
    EXPECT_EQ(start->month, scenario().run.start);
    const Scenario changed = with_lever(scenario(), month(5), "control.enforcement", 3.0);
    const std::size_t fork = timeline.fork(0, month(5), changed, "early");  // its snapshot is gone
    timeline.wait(fork);
    expect_same(timeline, fork, plain(changed));
    EXPECT_LE(timeline.snapshot_bytes(), limit);
}

TEST_F(TimelineOfATinyTown, RestsAfterAMonthWhenAskedAndEndsTheSame) {
    Timeline timeline(district_, scenario(), {.threads = 2});
    timeline.rest_after_month();
    while (!timeline.resting() && !timeline.status(0).finished) std::this_thread::yield();
    ASSERT_TRUE(timeline.resting());
    const std::size_t rows = timeline.status(0).rows;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // less than the longest rest
    EXPECT_EQ(timeline.status(0).rows, rows);
    timeline.go_on();
    timeline.wait(0);
    EXPECT_FALSE(timeline.resting());
    expect_same(timeline, 0, plain(scenario()));
    // Nobody says to go on: the rest has an end of its own.
    Timeline left_alone(district_, scenario(), {.threads = 2});
    left_alone.rest_after_month();
    left_alone.wait(0);
    expect_same(left_alone, 0, plain(scenario()));
}

TEST_F(TimelineOfATinyTown, EndsAtOnceWhileItRuns) {
    const auto start = std::chrono::steady_clock::now();
    {
        Scenario s = scenario();
        s.run.months = 1200;
        Timeline timeline(district_, s);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace hutong
