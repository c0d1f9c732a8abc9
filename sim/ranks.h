/// The list of tasks that workers share: every worker takes the next number when it is free. There is one process, so
/// always one rank; what asks for the rank is written so that several could share the list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hutong {

class Ranks {
public:
    Ranks();
    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int rank() const;
    int size() const;
    /// The one that prints, merges and writes.
    bool first() const { return rank() == 0; }

    /// Rank 0's numbers go to all; every rank calls it at the same place.
    void share(std::vector<std::uint64_t>& numbers) const;

    /// Begins a list of `count` tasks; every rank calls it.
    void begin(std::size_t count);
    /// The next task for a worker of this rank, or nothing when all are given out. Any thread.
    std::optional<std::size_t> next();
    /// Answers ranks that wait for a task; rank 0's workers call it between months. Any thread.
    void serve();
    /// Waits until every rank has done its tasks; `idle` is called now and then while waiting. Every rank calls it; true
    /// when all of them say `good`.
    bool finish(bool good);

    /// Ends every rank at once, for an error that one of them alone has seen.
    [[noreturn]] void abandon(int exit_code) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hutong
