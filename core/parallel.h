/// Parallel loops whose result does not depend on the number of threads: the range is cut into grains of fixed
/// size, each grain works on its own output, and reductions combine grains in order. This pair of files is the
/// only place that knows oneTBB (or std::thread, in the thread-sanitizer preset: Debian's oneTBB is opaque to it).
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace hutong {

class Parallel {
public:
    /// `threads` = 0 takes every core the machine offers.
    explicit Parallel(int threads = 0);
    ~Parallel();
    Parallel(const Parallel&) = delete;
    Parallel& operator=(const Parallel&) = delete;

    int threads() const { return threads_; }

    /// Calls body(grain, begin, end) for every grain of [0, count). Grains run in any order on any thread.
    void for_grains(std::size_t count, std::size_t grain_size,
                    const std::function<void(std::size_t grain, std::size_t begin, std::size_t end)>& body) const;

    static std::size_t grains(std::size_t count, std::size_t grain_size) { return (count + grain_size - 1) / grain_size; }

    /// Runs body(grain, begin, end, out) with one empty `std::vector<T>` per grain and returns them joined in order.
    template <class T, class Body>
    std::vector<T> collect(std::size_t count, std::size_t grain_size, const Body& body) const {
        std::vector<std::vector<T>> parts(grains(count, grain_size));
        for_grains(count, grain_size,
                   [&](std::size_t grain, std::size_t begin, std::size_t end) { body(grain, begin, end, parts[grain]); });
        std::size_t total = 0;
        for (const auto& part : parts) total += part.size();
        std::vector<T> all;
        all.reserve(total);
        for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
        return all;
    }

    /// Runs a few independent tasks.
    void invoke(const std::vector<std::function<void()>>& tasks) const;

private:
    struct Arena;
    int threads_;
    std::unique_ptr<Arena> arena_;
};

}  // namespace hutong
