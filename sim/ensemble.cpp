#include "sim/ensemble.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>

#include "agents/homes_market.h"
#include "agents/services.h"
#include "agents/steps.h"
#include "agents/synthesis.h"
#include "agents/vote.h"
#include "core/safe_file.h"
#include "sim/ensemble_parts.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr int trial_months = 3;                        // of estimate_seconds
constexpr std::string_view unfinished = ".rows.part";  // rows of a replicate in flight; remove_leftovers takes it away

/// What the workers of this process share.
class Crew {
public:
    Crew(const Tasks& tasks, const std::vector<std::size_t>& wanted, const TaskOptions& options, Ranks& ranks)
        : tasks_(tasks), wanted_(wanted), options_(options), ranks_(ranks) {
        progress_.tasks = wanted.size();
        progress_.months = static_cast<std::int64_t>(wanted.size()) * tasks.months;
    }

    void work(int threads) {
        const Parallel own(threads);
        try {
            while (!stopped()) {
                const auto next = ranks_.next();
                if (!next) break;
                simulate(wanted_[static_cast<std::size_t>(*next)], own);
            }
        } catch (...) {
            const std::lock_guard lock(door_);
            if (!failure_) failure_ = std::current_exception();
            stop_ = true;
        }
    }
    std::exception_ptr failure() const { return failure_; }

private:
    bool stopped() const { return stop_ || (options_.cancelled && *options_.cancelled); }

    void simulate(std::size_t task, const Parallel& parallel) {
        const Member member = tasks_.member(task);
        const IndicatorSet indicators(*member.district);
        const Model model = model_of(*member.district, *member.scenario, parallel, member.replicate);
        RunOptions run_options;
        run_options.months = tasks_.months;
        run_options.cancelled = options_.cancelled ? options_.cancelled : &stop_;
        run_options.progress = [&](int, int) {
            if (stop_) throw Error(ErrorKind::interrupted, msg("interrupted"));
            ranks_.serve();
            report(0, 1);
        };
        fs::path waiting = part_file(tasks_.folder, task);
        run_options.series_waits_in = waiting += unfinished;
        RunOutcome outcome = run(model, indicators, initial_world(model, *member.population), run_options);
        SpacesState spaces = std::move(outcome.world.spaces);
        outcome.world = {};  // its memory is that of the series now
        outcome.series.gather();
        write_part(tasks_.folder, task, tasks_.key, tasks_.lowest,
                   {member.replicate, outcome.state_hash, std::move(outcome.series), std::move(spaces)});
        report(1, 0);
    }

    void report(std::size_t tasks, std::int64_t months) {
        const std::lock_guard lock(door_);
        progress_.tasks_done += tasks;
        progress_.months_done += months;
        if (options_.progress) options_.progress(progress_);
    }

    const Tasks& tasks_;
    const std::vector<std::size_t>& wanted_;
    const TaskOptions& options_;
    Ranks& ranks_;
    std::mutex door_;
    TaskProgress progress_;
    std::exception_ptr failure_;
    std::atomic<bool> stop_{false};
};

/// Columns of a World are mapped each for itself, so that one that has grown leaves no hole of its old size in the heap; 5 MB less
/// for each replicate in flight. What a step needs for itself is smaller and stays in the heap, where it costs no new pages.
void map_columns() {
#ifdef __GLIBC__
    ::mallopt(M_MMAP_THRESHOLD, 5 << 18);
    ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

/// What simulations have freed goes back to the system, so that what comes next does not stand beside it.
void return_freed_memory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

/// Rank 0 looks which parts are missing; all ranks work from its list.
std::vector<std::size_t> shared_list(const Tasks& tasks, const Ranks& ranks) {
    std::vector<std::uint64_t> wanted;
    if (ranks.first()) {
        for (const std::size_t task : missing_parts(tasks)) wanted.push_back(task);
    }
    ranks.share(wanted);
    return {wanted.begin(), wanted.end()};
}

}  // namespace

Model model_of(const District& district, const Scenario& scenario, const Parallel& parallel, std::uint32_t replicate) {
    Model model{
        .district = district, .scenario = scenario, .parallel = parallel, .luck = Luck(scenario.run.seed, replicate), .neutral = {}};
    for (const std::string& name : scenario.neutral) {
        if (const Behaviour one = behaviour_named(name); one != Behaviour::count) model.neutral.set(static_cast<std::size_t>(one));
    }
    return model;
}

std::shared_ptr<const World> start_population(const District& district, const Scenario& scenario, const Parallel& parallel) {
    auto world = std::make_shared<World>();
    const Model model = model_of(district, scenario, parallel, 0);
    make_population(model, *world);
    index_dwellings(model, *world);
    list_dwellings_by_node(model, *world);
    share_reach_lists(model, *world);
    return world;
}

std::shared_ptr<const World> fresh_population(const District& district, const Scenario& scenario, const Parallel& parallel) {
    auto world = std::make_shared<World>();
    const Model model = model_of(district, scenario, parallel, 0);
    synthesise(model, *world);
    index_dwellings(model, *world);
    list_dwellings_by_node(model, *world);
    share_reach_lists(model, *world);
    return world;
}

std::vector<std::size_t> missing_parts(const Tasks& tasks) {
    std::vector<std::size_t> missing;
    for (std::size_t task = 0; task < tasks.count; ++task) {
        if (!part_is_good(tasks.folder, task, tasks.key)) missing.push_back(task);
    }
    return missing;
}

void run_tasks(const Tasks& tasks, const TaskOptions& options, Ranks& ranks) {
    map_columns();
    const std::vector<std::size_t> wanted = shared_list(tasks, ranks);
    ranks.begin(wanted.size());
    Crew crew(tasks, wanted, options, ranks);
    const int threads = std::max(1, options.threads);
    const auto here = (wanted.size() + static_cast<std::size_t>(ranks.size()) - 1) / static_cast<std::size_t>(ranks.size());
    const int workers = std::max(1, static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(threads), here)));
    const Parallel parallel(workers);
    parallel.for_grains(static_cast<std::size_t>(workers), 1, [&](std::size_t, std::size_t, std::size_t) { crew.work(threads / workers); });
    return_freed_memory();
    const bool cancelled = options.cancelled && *options.cancelled;
    const bool good = !crew.failure() && !cancelled;
    if (!ranks.finish(good) || !good) {
        if (crew.failure() && !cancelled) std::rethrow_exception(crew.failure());
        const std::size_t left = ranks.first() ? missing_parts(tasks).size() : 0;
        throw Error(ErrorKind::interrupted,
                    msg("interrupted: {} of {} runs are saved in '{}'", tasks.count - left, tasks.count, tasks.folder.string()), {},
                    msg("go on with the same command and --resume"));
    }
}

namespace {

/// What a killed process left of a file that was being written.
void remove_leftovers(const fs::path& folder) {
    std::error_code ignore;
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(folder, ignore)) {
        if (entry.path().extension() == ".part") left.push_back(entry.path());
    }
    for (const auto& path : left) fs::remove(path, ignore);
}

}  // namespace

void prepare_parts(const Tasks& tasks, bool resume, bool force) {
    std::error_code failure;
    const auto standing = parts_in(tasks.folder);
    if (!standing.empty() && !resume) {
        if (!force) {
            throw Error(ErrorKind::cannot_write,
                        msg("'{}' has {} finished runs of an earlier command", tasks.folder.string(), standing.size()), {},
                        msg("add --resume to go on with them, or --force to begin again"));
        }
        for (const std::size_t part : standing) fs::remove(part_file(tasks.folder, part), failure);
    }
    remove_leftovers(tasks.folder);
    fs::create_directories(tasks.folder, failure);
    if (failure) {
        throw Error(ErrorKind::cannot_write, msg("cannot write '{}'", tasks.folder.string()),
                    msg("the system reports: {}", failure.message()), msg("choose another target"));
    }
    check_writable(part_file(tasks.folder, 0));
}

void remove_parts(const Tasks& tasks) {
    std::error_code ignore;
    for (std::size_t task = 0; task < tasks.count; ++task) fs::remove(part_file(tasks.folder, task), ignore);
    remove_leftovers(tasks.folder);
    fs::remove(tasks.folder, ignore);  // only when nothing else is in it
}

double estimate_seconds(const Member& member, int months) {
    using Clock = std::chrono::steady_clock;
    const Parallel one(1);
    const Model model = model_of(*member.district, *member.scenario, one, member.replicate);
    const IndicatorSet indicators(*member.district);
    const auto start = Clock::now();
    World world = initial_world(model, *member.population);
    const auto ready = Clock::now();
    RunOptions options;
    options.months = std::min(months, trial_months);
    run(model, indicators, std::move(world), options);
    const auto end = Clock::now();
    const double begin = std::chrono::duration<double>(ready - start).count();
    const double trial = std::chrono::duration<double>(end - ready).count();
    return begin + trial / std::max(1, options.months) * months;
}

}  // namespace hutong
