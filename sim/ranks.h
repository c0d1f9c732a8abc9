/// The processes that share a task list: one, or as many as `mpirun -n N` started. This pair of files is the only
/// place that knows MPI (Boost.MPI on Open MPI, -DHUTONG_MPI=ON); without it there is always one rank.
///
/// Balance is dynamic: rank 0 has the counter, every worker of every rank takes the next number when it is free. Rank 0
/// simulates like the others and answers between months, so no core is kept for handing out work.
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
    /// Joins the other processes when the program was started under mpirun. One object at a time, made by the main thread.
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
    /// Waits until every rank has done its tasks. Every rank calls it; true
    /// when all of them say `good`.
    bool finish(bool good);

    /// Ends every rank at once, for an error that one of them alone has seen.
    [[noreturn]] void abandon(int exit_code) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hutong
