/// A run: the months of one replicate, observed.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>

#include "agents/model.h"
#include "agents/world.h"
#include "sim/series.h"
#include "sim/step.h"

namespace hutong {

/// What a month costs, summed over the run (printed beside the speed: model.md, "Against toys").
struct RunCounts {
    std::int64_t person_months = 0;  ///< residents at the end of each month
    std::int64_t agent_months = 0;   ///< residents, in-commuters, businesses and posts
    std::int64_t moves = 0;          ///< persons
    std::int64_t matches = 0;        ///< posts filled
    std::int64_t choice_evaluations = 0;
};

/// What a run that goes on from a checkpoint brings along beside its World.
struct RunProgress {
    Series series;
    RunCounts counts{};
};

struct RunOptions {
    int months = 0;                                             ///< of the whole run, also when it goes on from a checkpoint
    bool audit = false;                                         ///< check conservation every month; throws Error(audit)
    std::function<void(int done, int months)> progress;         ///< called after every month
    std::function<void(const World&, Month)> after_month = {};  ///< looks at the state at the end of a month, before `progress`
    const std::atomic<bool>* cancelled = nullptr;               ///< looked at before every month; throws Error(interrupted)
    std::filesystem::path series_waits_in = {};                 ///< file of Series::wait_in; empty: the series stays in memory
    const RunProgress* resumed = nullptr;                       ///< goes on after its last month
    int checkpoint_every = 0;                                   ///< months; 0: never
    /// Saves the state at the end of a month; called every `checkpoint_every` months and when the run is cancelled.
    std::function<void(World& world, Series& series, const RunCounts& counts)> checkpoint = {};
};

struct RunOutcome {
    World world;    ///< at the end
    Series series;  ///< to be gathered when it waits in a file
    RunCounts counts{};
    StepSeconds step_seconds{};
    std::uint64_t state_hash = 0;
};

/// Simulates `options.months` months from `world` on.
RunOutcome run(const Model& model, const IndicatorSet& indicators, World world, const RunOptions& options);

}  // namespace hutong
