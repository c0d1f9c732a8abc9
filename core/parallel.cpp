#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#if HUTONG_STD_THREADS
namespace hutong {

struct Parallel::Arena {};

Parallel::Parallel(int threads) : threads_(threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency())) {}
Parallel::~Parallel() = default;

void Parallel::for_grains(std::size_t count, std::size_t grain_size,
                          const std::function<void(std::size_t, std::size_t, std::size_t)>& body) const {
    const std::size_t total = grains(count, grain_size);
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failure_mutex;
    auto work = [&] {
        for (std::size_t grain = next.fetch_add(1); grain < total; grain = next.fetch_add(1)) {
            try {
                body(grain, grain * grain_size, std::min(count, (grain + 1) * grain_size));
            } catch (...) {
                const std::lock_guard lock(failure_mutex);
                if (!failure) failure = std::current_exception();
            }
        }
    };
    std::vector<std::thread> workers;
    const std::size_t helpers = std::min<std::size_t>(static_cast<std::size_t>(threads_), total);
    for (std::size_t i = 1; i < helpers; ++i) workers.emplace_back(work);
    work();
    for (auto& worker : workers) worker.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace hutong
#else
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace hutong {

struct Parallel::Arena {
    explicit Arena(int threads) : arena(threads) {
        // An arena wider than the machine needs leave; narrower ones must not ask, or they would narrow all others.
        const auto wanted = static_cast<std::size_t>(threads);
        if (wanted > std::thread::hardware_concurrency()) control.emplace(tbb::global_control::max_allowed_parallelism, wanted);
    }
    std::optional<tbb::global_control> control;
    tbb::task_arena arena;
};

Parallel::Parallel(int threads)
    : threads_(threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))),
      arena_(threads_ > 1 ? std::make_unique<Arena>(threads_) : nullptr) {}
Parallel::~Parallel() = default;

void Parallel::for_grains(std::size_t count, std::size_t grain_size,
                          const std::function<void(std::size_t, std::size_t, std::size_t)>& body) const {
    const std::size_t total = grains(count, grain_size);
    auto one = [&](std::size_t grain) { body(grain, grain * grain_size, std::min(count, (grain + 1) * grain_size)); };
    if (threads_ == 1 || total <= 1) {
        for (std::size_t grain = 0; grain < total; ++grain) one(grain);
        return;
    }
    arena_->arena.execute([&] {
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, total, 1),
            [&](const tbb::blocked_range<std::size_t>& range) {
                for (std::size_t grain = range.begin(); grain != range.end(); ++grain) one(grain);
            },
            tbb::simple_partitioner{});
    });
}

}  // namespace hutong
#endif

namespace hutong {

void Parallel::invoke(const std::vector<std::function<void()>>& tasks) const {
    for_grains(tasks.size(), 1, [&](std::size_t grain, std::size_t, std::size_t) { tasks[grain](); });
}

}  // namespace hutong
