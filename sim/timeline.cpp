#include "sim/timeline.h"

#include <algorithm>
#include <chrono>

#include <sys/resource.h>

#include "agents/steps.h"
#include "sim/observe.h"
#include "sim/series.h"
#include "sim/step.h"

namespace hutong {
namespace {

Model model_of(const District& district, const Scenario& scenario, const Parallel& parallel, std::uint32_t replicate = 0) {
    Model model{
        .district = district, .scenario = scenario, .parallel = parallel, .luck = Luck(scenario.run.seed, replicate), .neutral = {}};
    for (const std::string& name : scenario.neutral) {
        const Behaviour behaviour = behaviour_named(name);
        if (behaviour != Behaviour::count) model.neutral.set(static_cast<std::size_t>(behaviour));
    }
    return model;
}

std::uint64_t bytes_of(World& world) {
    std::uint64_t bytes = 0;
    world.tables([&](auto& table) {
        table.columns(
            [&](const auto& column) { bytes += column.size() * sizeof(typename std::remove_cvref_t<decltype(column)>::value_type); });
    });
    bytes += world.spaces.events.size() * sizeof(SpaceEvent);
    const CoverageCache& cache = world.services.cache;
    bytes += cache.demand.size() * sizeof(std::int32_t) + cache.access.size() * sizeof(std::int64_t) +
             (cache.in_reach.size() + cache.in_composite.size() + cache.in_composite_elder.size()) * sizeof(std::uint16_t);
    return bytes;
}

}  // namespace

Timeline::Timeline(const District& district, Scenario base, TimelineLimits limits)
    : district_(district), indicators_(district), limits_(limits), parallel_(limits.threads), first_cell_(indicators_.size()) {
    const TallyLayout& layout = indicators_.layout();
    const std::size_t areas[levels] = {layout.blocks, layout.subdistricts, 1};
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
        for (auto level = static_cast<std::size_t>(indicators_.all()[i].lowest); level < levels; ++level) {
            first_cell_[i][level] = cells_;
            cells_ += areas[level];
        }
    }
    auto fork = std::make_unique<Fork>();
    fork->status.name = base.name;
    fork->status.from = base.run.start;
    fork->afresh = true;
    fork->scenario = std::make_shared<const Scenario>(std::move(base));
    forks_.push_back(std::move(fork));
    start(0);
    worker_ = std::thread([this] { work(); });
}

Timeline::~Timeline() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        cancelled_ = true;
    }
    changed_.notify_all();
    worker_.join();
}

void Timeline::start(std::size_t fork) {
    wanted_ = fork;
    focus_ = fork;
    has_wanted_ = true;
    forks_[fork]->status.running = true;
    cancelled_ = true;  // whatever runs now
    ++version_;
    changed_.notify_all();
}

std::size_t Timeline::fork(std::size_t parent, Month from, Scenario scenario, std::string name, bool afresh) {
    const std::lock_guard lock(mutex_);
    auto fork = std::make_unique<Fork>();
    const Fork& old = *forks_.at(parent);
    fork->status.name = std::move(name);
    fork->status.parent = parent;
    fork->afresh = afresh;
    const Month first = scenario.run.start;
    // The parent may not have come so far: then the fork begins where it stands.
    const Month reached = first + static_cast<int>(std::max<std::size_t>(old.rows.size(), 1)) - 1;
    fork->status.from = afresh ? first : std::clamp(from, first, std::max(first, reached));
    if (!afresh) {
        const auto shared = static_cast<std::size_t>(fork->status.from - first) + 1;
        fork->rows.assign(old.rows.begin(), old.rows.begin() + static_cast<std::ptrdiff_t>(std::min(shared, old.rows.size())));
    }
    fork->status.rows = fork->rows.size();
    fork->scenario = std::make_shared<const Scenario>(std::move(scenario));
    forks_.push_back(std::move(fork));
    start(forks_.size() - 1);
    return forks_.size() - 1;
}

void Timeline::resume(std::size_t fork) {
    const std::lock_guard lock(mutex_);
    const ForkStatus& status = forks_.at(fork)->status;
    if (!status.finished && !status.running) return start(fork);
    if (!status.finished || focus_ == fork) return;
    focus_ = fork;  // its further replicates instead of another's
    if (!has_wanted_) cancelled_ = true;
    changed_.notify_all();
}

void Timeline::cancel() {
    const std::lock_guard lock(mutex_);
    if (has_wanted_) forks_[wanted_]->status.running = false;
    has_wanted_ = false;
    focus_.reset();
    cancelled_ = true;
    changed_.notify_all();
}

void Timeline::rest_after_month() {
    const std::lock_guard lock(mutex_);
    rest_wanted_ = true;
}

bool Timeline::resting() const {
    const std::lock_guard lock(mutex_);
    return resting_;
}

void Timeline::go_on() {
    const std::lock_guard lock(mutex_);
    rest_wanted_ = false;
    changed_.notify_all();
}

void Timeline::wait_replicates(std::size_t fork, std::size_t replicates) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return forks_.at(fork)->status.replicates >= replicates || !forks_[fork]->status.failure.empty(); });
}

void Timeline::wait(std::size_t fork) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !forks_.at(fork)->status.running; });
}

std::size_t Timeline::forks() const {
    const std::lock_guard lock(mutex_);
    return forks_.size();
}

ForkStatus Timeline::status(std::size_t fork) const {
    const std::lock_guard lock(mutex_);
    return forks_.at(fork)->status;
}

void Timeline::rename(std::size_t fork, std::string name) {
    const std::lock_guard lock(mutex_);
    forks_.at(fork)->status.name = std::move(name);
    ++version_;
}

std::shared_ptr<const Scenario> Timeline::scenario(std::size_t fork) const {
    const std::lock_guard lock(mutex_);
    return forks_.at(fork)->scenario;
}

std::shared_ptr<const TimelineRow> Timeline::row(std::size_t fork, std::size_t row) const {
    const std::lock_guard lock(mutex_);
    const auto& rows = forks_.at(fork)->rows;
    return row < rows.size() ? rows[row] : nullptr;
}

std::shared_ptr<const PlaceCounts> Timeline::places(std::size_t fork, std::size_t row) const {
    std::vector<std::shared_ptr<const TimelineRow>> since;  // the rows after the last full count, newest first
    {
        const std::lock_guard lock(mutex_);
        const auto& rows = forks_.at(fork)->rows;
        if (row >= rows.size()) return nullptr;
        std::size_t at = row;
        while (at > 0 && !rows[at]->places) since.push_back(rows[at--]);
        since.push_back(rows[at]);
    }
    if (!since.back()->places || since.size() == 1) return since.back()->places;
    auto counts = std::make_shared<PlaceCounts>(*since.back()->places);
    for (std::size_t i = since.size() - 1; i-- > 0;) apply_changes(*counts, since[i]->moves);
    return counts;
}

std::shared_ptr<const TimelineRow> Timeline::row_of_replicate(std::size_t fork, std::size_t replicate, std::size_t row) const {
    const std::lock_guard lock(mutex_);
    const auto& further = forks_.at(fork)->further;
    return replicate >= 1 && replicate <= further.size() && row < further[replicate - 1].size() ? further[replicate - 1][row] : nullptr;
}

std::shared_ptr<const World> Timeline::snapshot(std::size_t fork, Month at_most) const {
    const std::lock_guard lock(mutex_);
    return fork < forks_.size() ? nearest_snapshot(fork, at_most) : nullptr;
}

std::uint64_t Timeline::snapshot_bytes() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t bytes = 0;
    for (const auto& fork : forks_) {
        for (const auto& [month, snapshot] : fork->snapshots) bytes += snapshot.bytes;
    }
    return bytes;
}

std::shared_ptr<const World> Timeline::nearest_snapshot(std::size_t fork, Month at_most) const {
    const Fork& one = *forks_[fork];
    std::shared_ptr<const World> best;
    const auto after = one.snapshots.upper_bound(at_most);
    if (after != one.snapshots.begin()) best = std::prev(after)->second.world;
    if (one.afresh) return best;
    // Before the fork the parent's Worlds are this fork's own.
    const auto older = nearest_snapshot(one.status.parent, std::min(at_most, one.status.from));
    return !best || (older && older->month > best->month) ? older : best;
}

void Timeline::keep_snapshot(std::size_t fork, World& world) {
    const std::uint64_t bytes = bytes_of(world);
    if (bytes > limits_.snapshot_bytes) return;
    auto copy = std::make_shared<const World>(world);  // outside the lock: it takes a while
    const std::lock_guard lock(mutex_);
    std::uint64_t kept = 0;
    for (const auto& one : forks_) {
        for (const auto& [month, snapshot] : one->snapshots) kept += snapshot.bytes;
    }
    while (kept + bytes > limits_.snapshot_bytes) {
        Fork* oldest_fork = nullptr;
        Month oldest_month;
        std::uint64_t oldest = snapshots_made_ + 2;
        for (const auto& one : forks_) {
            for (const auto& [month, snapshot] : one->snapshots) {
                // The World of the start goes last: nothing could replay it, it would be made from the district anew.
                const bool start = month == one->scenario->run.start;
                const std::uint64_t made = start ? snapshots_made_ + 1 : snapshot.made;
                if (made >= oldest) continue;
                oldest = made;
                oldest_fork = one.get();
                oldest_month = month;
            }
        }
        if (!oldest_fork) break;
        kept -= oldest_fork->snapshots.at(oldest_month).bytes;
        oldest_fork->snapshots.erase(oldest_month);
    }
    forks_[fork]->snapshots[world.month] = {std::move(copy), bytes, ++snapshots_made_};
}

void Timeline::publish(std::size_t fork, std::shared_ptr<const TimelineRow> row) {
    constexpr std::chrono::milliseconds longest_rest{250};
    std::unique_lock lock(mutex_);
    forks_[fork]->rows.push_back(std::move(row));
    forks_[fork]->status.rows = forks_[fork]->rows.size();
    ++version_;
    resting_ = rest_wanted_;
    changed_.wait_for(lock, longest_rest, [&] { return !rest_wanted_ || cancelled_; });
    resting_ = rest_wanted_ = false;
}

std::shared_ptr<TimelineRow> Timeline::row_of(const MonthTallies& tallies, Month month) const {
    Series series(indicators_, month, 0);
    series.add(tallies);
    auto row = std::make_shared<TimelineRow>();
    row->values.resize(cells_);
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
        for (auto level = static_cast<std::size_t>(indicators_.all()[i].lowest); level < levels; ++level) {
            const auto l = static_cast<Level>(level);
            for (std::size_t area = 0; area < series.areas(l); ++area)
                row->values[cell(i, l, area)] = static_cast<float>(series.at(i, l, 0, area));
        }
    }
    return row;
}

void Timeline::simulate(std::size_t fork) {
    std::shared_ptr<const Scenario> scenario;
    std::shared_ptr<const World> snapshot;
    std::size_t rows = 0;
    {
        const std::lock_guard lock(mutex_);
        const Fork& one = *forks_[fork];
        scenario = one.scenario;
        rows = one.rows.size();
        if (rows > 0) snapshot = nearest_snapshot(fork, scenario->run.start + static_cast<int>(rows) - 1);
    }
    const Model model = model_of(district_, *scenario, parallel_);
    World world = snapshot ? *snapshot : initial_world(model);
    const bool from_snapshot = snapshot != nullptr;
    snapshot.reset();
    Observer observer(model, indicators_.layout());
    std::size_t events_seen = world.spaces.events.size();
    PlaceCounts places = count_places(world, district_.network.nodes());
    // The journal goes from month to month, also where a month is only replayed.
    auto note_places = [&](TimelineRow& row, const World& seen, std::size_t index) {
        PlaceCounts now = count_places(seen, district_.network.nodes());
        if (index % static_cast<std::size_t>(limits_.snapshot_months) == 0) {
            row.places = std::make_shared<const PlaceCounts>(now);
        } else {
            row.moves = changes_between(places, now);
        }
        places = std::move(now);
    };
    auto observed = [&](const MonthTallies& tallies, const World& seen) {
        auto row = row_of(tallies, seen.month);
        row->events.assign(seen.spaces.events.begin() + static_cast<std::ptrdiff_t>(events_seen), seen.spaces.events.end());
        return row;
    };
    if (rows == 0) {
        events_seen = 0;
        auto row = observed(observer.observe(world, world.month - 1, false), world);
        note_places(*row, world, 0);
        publish(fork, std::move(row));
        rows = 1;
        events_seen = world.spaces.events.size();
    }
    if (!from_snapshot) keep_snapshot(fork, world);
    const Month end = scenario->run.start + scenario->run.months;
    while (world.month < end) {
        if (cancelled_.load(std::memory_order_relaxed)) return;
        const auto row_of_month = static_cast<std::size_t>(world.month - scenario->run.start) + 1;
        events_seen = world.spaces.events.size();
        std::shared_ptr<const TimelineRow> row;
        // The observer follows every month, also those that are only replayed: its sums may build on the month before.
        step(model, world, [&](const World& seen) {
            const MonthTallies& tallies = observer.observe(seen, seen.month, true);
            if (row_of_month + 1 == rows) places = count_places(seen, district_.network.nodes());
            if (row_of_month < rows) return;
            auto made = observed(tallies, seen);
            note_places(*made, seen, row_of_month);
            row = std::move(made);
        });
        if (row) publish(fork, std::move(row));
        if ((world.month - scenario->run.start) % limits_.snapshot_months == 0 && world.month < end) keep_snapshot(fork, world);
    }
    const std::uint64_t state = hash(world);
    const std::lock_guard lock(mutex_);
    forks_[fork]->status.finished = true;
    forks_[fork]->status.replicates = 1;
    forks_[fork]->status.state_hash = state;
}

/// Another replicate of a finished fork, from the start; its months are shown once it is whole.
void Timeline::simulate_further(std::size_t fork, std::uint32_t replicate) {
    const std::shared_ptr<const Scenario> scenario = this->scenario(fork);
    const Model model = model_of(district_, *scenario, parallel_, replicate);
    World world = initial_world(model);
    Observer observer(model, indicators_.layout());
    std::vector<std::shared_ptr<const TimelineRow>> rows{row_of(observer.observe(world, world.month - 1, false), world.month)};
    const Month end = scenario->run.start + scenario->run.months;
    while (world.month < end) {
        if (cancelled_.load(std::memory_order_relaxed)) return;
        step(model, world, [&](const World& seen) { rows.push_back(row_of(observer.observe(seen, seen.month, true), seen.month)); });
    }
    const std::lock_guard lock(mutex_);
    forks_[fork]->further.push_back(std::move(rows));
    ++forks_[fork]->status.replicates;
}

bool Timeline::further_due() const {
    if (!focus_) return false;
    const ForkStatus& status = forks_[*focus_]->status;
    return status.finished && status.failure.empty() && status.replicates < static_cast<std::size_t>(std::max(limits_.replicates, 1));
}

void Timeline::work() {
    // Linux has a nice value for every thread; those that this one starts have the same.
    constexpr int nice = 10;
    if (limits_.gives_way) setpriority(PRIO_PROCESS, 0, nice);
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return ending_ || has_wanted_ || further_due(); });
        if (ending_) return;
        if (!has_wanted_) {
            const std::size_t further = *focus_, replicate = forks_[further]->status.replicates;
            cancelled_ = false;
            lock.unlock();
            std::string problem;
            try {
                simulate_further(further, static_cast<std::uint32_t>(replicate));
            } catch (const std::exception& error) {
                problem = error.what();
            }
            lock.lock();
            if (!problem.empty()) forks_[further]->status.failure = problem;
            ++version_;
            changed_.notify_all();
            continue;
        }
        const std::size_t fork = wanted_;
        has_wanted_ = false;
        cancelled_ = false;
        for (std::size_t f = 0; f < forks_.size(); ++f) forks_[f]->status.running = f == fork;
        lock.unlock();
        std::string failure;
        try {
            simulate(fork);
        } catch (const std::exception& error) {
            failure = error.what();
        }
        lock.lock();
        forks_[fork]->status.failure = failure;
        if (!has_wanted_ || wanted_ != fork) forks_[fork]->status.running = false;
        ++version_;
        changed_.notify_all();
    }
}

}  // namespace hutong
