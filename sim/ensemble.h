/// Many simulations at once: replicates of a scenario, points of a sweep, runs of a comparison. They share what does not
/// change (district, start population); each runs on its own thread and leaves a
/// part file. What comes out depends neither on the number of threads nor on the order in which they end.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"
#include "sim/indicators.h"
#include "sim/ranks.h"
#include "sim/results.h"
#include "sim/run.h"

namespace hutong {

/// What one simulation of many is made of; the shared parts are shared.
struct Member {
    std::shared_ptr<const Scenario> scenario;
    std::shared_ptr<const District> district;
    std::shared_ptr<const World> population;  ///< tables of the start population (start_population), copied by the run
    std::uint32_t replicate = 0;              ///< key of its draws
};

/// The model of a scenario on a district; the behaviours that the scenario switches off are off.
Model model_of(const District& district, const Scenario& scenario, const Parallel& parallel, std::uint32_t replicate);

/// The synthetic population of a scenario: what all its replicates start from. Its walking reach lists point to the district's network,
/// so it must not outlive the district.
std::shared_ptr<const World> start_population(const District& district, const Scenario& scenario, const Parallel& parallel);

/// The same made anew, past the cache: for populations that are needed once.
std::shared_ptr<const World> fresh_population(const District& district, const Scenario& scenario, const Parallel& parallel);

struct Tasks {
    std::size_t count = 0;
    std::function<Member(std::size_t task)> member;  ///< called by any thread, at most once for each task
    int months = 0;
    Level lowest = Level::block;   ///< levels that the part files keep
    std::uint64_t key = 0;         ///< of what is simulated: parts of other keys are never taken for these
    std::filesystem::path folder;  ///< for the part files
};

struct TaskProgress {
    std::size_t tasks_done = 0, tasks = 0;     ///< of those that were to do
    std::int64_t months_done = 0, months = 0;  ///< of all that were to do
};

struct TaskOptions {
    int threads = 1;                                    ///< of this process, shared out over the simulations in flight
    std::function<void(const TaskProgress&)> progress;  ///< called by one thread at a time
    const std::atomic<bool>* cancelled = nullptr;       ///< looked at every month
};

/// Tasks without a good part in the folder.
std::vector<std::size_t> missing_parts(const Tasks& tasks);

/// Simulates what is missing and writes the parts. Throws Error(interrupted) after a cancel (what is finished is saved),
/// or the first error of a simulation.
void run_tasks(const Tasks& tasks, const TaskOptions& options, Ranks& ranks);

/// Makes the folder for the parts ready. Parts that stand there are kept with `resume`, removed with `force`; else, when
/// there are any, throws Error(cannot_write): nothing is lost without being asked for.
void prepare_parts(const Tasks& tasks, bool resume, bool force);
/// Removes the part files of these tasks, and the folder when it is then empty.
void remove_parts(const Tasks& tasks);

/// Seconds that one simulation takes on one thread, from a trial of a few months.
double estimate_seconds(const Member& member, int months);

}  // namespace hutong
