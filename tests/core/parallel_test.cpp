#include "core/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "core/draw.h"
#include "core/error.h"

namespace hutong {
namespace {

const int thread_counts[] = {1, 2, 3, 8};

TEST(Parallel, EveryElementOnceWhateverTheThreads) {
    for (const int threads : thread_counts) {
        const Parallel parallel(threads);
        EXPECT_EQ(parallel.threads(), threads);
        for (const std::size_t count :
             {std::size_t{0}, std::size_t{1}, std::size_t{99}, std::size_t{100}, std::size_t{101}, std::size_t{12'345}}) {
            std::vector<int> visits(count);
            std::vector<int> grains(Parallel::grains(count, 100));
            parallel.for_grains(count, 100, [&](std::size_t grain, std::size_t begin, std::size_t end) {
                ++grains[grain];
                EXPECT_EQ(begin, grain * 100);
                for (std::size_t i = begin; i < end; ++i) ++visits[i];
            });
            for (const int n : visits) ASSERT_EQ(n, 1);
            for (const int n : grains) ASSERT_EQ(n, 1);
        }
    }
}

TEST(Parallel, CollectKeepsTheOrder) {
    std::vector<std::uint64_t> expected;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        if (mix64(i) % 3 == 0) expected.push_back(i);
    }
    for (const int threads : thread_counts) {
        const auto found =
            Parallel(threads).collect<std::uint64_t>(20'000, 64, [](std::size_t, std::size_t begin, std::size_t end, auto& out) {
                for (std::uint64_t i = begin; i < end; ++i) {
                    if (mix64(i) % 3 == 0) out.push_back(i);
                }
            });
        EXPECT_EQ(found, expected) << threads << " threads";
    }
}

/// A sum of doubles by grains, combined in order, has the same bits for every number of threads.
TEST(Parallel, SumsHaveTheSameBits) {
    const auto sum = [](int threads) {
        std::vector<double> parts(Parallel::grains(50'000, 777));
        Parallel(threads).for_grains(50'000, 777, [&](std::size_t grain, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) parts[grain] += unit_open(static_cast<std::uint32_t>(mix64(i)));
        });
        double total = 0;
        for (const double part : parts) total += part;
        return total;
    };
    for (const int threads : thread_counts) EXPECT_EQ(sum(threads), sum(1)) << threads;
}

TEST(Parallel, ExceptionsTravel) {
    for (const int threads : thread_counts) {
        const Parallel parallel(threads);
        try {
            parallel.for_grains(1000, 10, [](std::size_t grain, std::size_t, std::size_t) {
                if (grain == 57) throw Error(ErrorKind::audit, msg("grain {}", grain));
            });
            FAIL() << "the exception was lost at " << threads << " threads";
        } catch (const Error& error) {
            EXPECT_STREQ(error.what(), "grain 57");
        }
        std::atomic<int> after{0};  // and the loop can be used again
        parallel.for_grains(1000, 10, [&](std::size_t, std::size_t, std::size_t) { ++after; });
        EXPECT_EQ(after.load(), 100);
    }
}

TEST(Parallel, RunsTasks) {
    for (const int threads : thread_counts) {
        std::vector<int> done(5);
        std::vector<std::function<void()>> tasks;
        for (std::size_t i = 0; i < done.size(); ++i) tasks.push_back([&done, i] { ++done[i]; });
        Parallel(threads).invoke(tasks);
        EXPECT_EQ(done, std::vector<int>(5, 1));
    }
}

TEST(Parallel, TakesAllCoresByDefault) { EXPECT_GE(Parallel().threads(), 1); }

TEST(Parallel, ReallyUsesThreads) {
    // two grains that wait for each other end only when two threads work
    std::atomic<int> arrived{0};
    const Parallel parallel(2);
    parallel.for_grains(2, 1, [&](std::size_t, std::size_t, std::size_t) {
        ++arrived;
        while (arrived.load() < 2) std::this_thread::yield();
    });
    EXPECT_EQ(arrived.load(), 2);
}

}  // namespace
}  // namespace hutong
