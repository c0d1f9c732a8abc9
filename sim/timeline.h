/// Futures that are simulated while somebody watches: a base and forks from it, each with its own scenario from some
/// month on. Months before the fork are shared with the parent; the World at year ends is kept, so that a change
/// replays at most a year; where people live and work is kept by node, every year's numbers and a journal between. One background thread simulates; a newer fork cancels the older one's run. When the last fork
/// wanted is finished, further replicates of it follow.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"
#include "sim/agent_places.h"
#include "sim/indicators.h"

namespace hutong {

/// One observed month: every indicator at every level, and what happened to the spaces. Never changes once made.
struct TimelineRow {
    std::vector<float> values;       ///< [Timeline::cell]
    std::vector<SpaceEvent> events;  ///< of the month
    /// Where people live and work (of the first replicate): what the month changed, and once a year every node's numbers.
    std::vector<PlaceChange> moves;
    std::shared_ptr<const PlaceCounts> places;
};

struct TimelineLimits {
    std::uint64_t snapshot_bytes = std::uint64_t{2} << 30;  ///< over all forks, the oldest dropped first, the start last
    int snapshot_months = 12;
    int threads = 0;         ///< of the simulation
    bool gives_way = false;  ///< its threads give way to the others of this program, such as a window's
    int replicates = 1;      ///< of the fork wanted last, the first counted
};

struct ForkStatus {
    std::string name;
    std::size_t parent = 0;
    Month from;                  ///< first month that may differ from the parent
    std::size_t rows = 0;        ///< months there are, the start counted
    std::size_t replicates = 0;  ///< finished, the first counted
    bool running = false, finished = false;
    std::uint64_t state_hash = 0;  ///< at the end, when finished: what `hutong run` prints for the same scenario
    std::string failure;           ///< what stopped it, in English; empty when nothing did
};

class Timeline {
public:
    /// Starts simulating `base` at once; `district` must outlive the timeline.
    Timeline(const District& district, Scenario base, TimelineLimits limits = {});
    ~Timeline();
    Timeline(const Timeline&) = delete;
    Timeline& operator=(const Timeline&) = delete;

    /// A future that is `parent` before `from` and follows `scenario` from then on. `scenario` must not differ from the
    /// parent's before `from`; with `afresh` it may (other assumptions) and everything is simulated anew.
    std::size_t fork(std::size_t parent, Month from, Scenario scenario, std::string name, bool afresh = false);
    /// Simulates on where a cancelled run stopped; nothing when it is finished or running.
    void resume(std::size_t fork);
    /// Stops the run under way; what was simulated stays.
    void cancel();
    /// The simulation rests after the next month it publishes, until go_on(), a quarter of a second at most: so that the frame
    /// which shows that month has the machine for itself.
    void rest_after_month();
    bool resting() const;
    void go_on();
    /// Blocks until the fork is finished or has failed.
    void wait(std::size_t fork);
    /// Blocks until so many of its replicates are finished; at most TimelineLimits::replicates, of the fork wanted last.
    void wait_replicates(std::size_t fork, std::size_t replicates);

    std::size_t forks() const;
    ForkStatus status(std::size_t fork) const;
    void rename(std::size_t fork, std::string name);
    std::shared_ptr<const Scenario> scenario(std::size_t fork) const;
    /// Null when that month is not there yet.
    std::shared_ptr<const TimelineRow> row(std::size_t fork, std::size_t row) const;
    /// Where people live and work at the end of a row's month; null when that month is not there yet.
    std::shared_ptr<const PlaceCounts> places(std::size_t fork, std::size_t row) const;
    /// A month of a finished replicate other than the first (1 <= replicate < ForkStatus::replicates).
    std::shared_ptr<const TimelineRow> row_of_replicate(std::size_t fork, std::size_t replicate, std::size_t row) const;
    /// The World kept last at or before this month (World::month is the month that comes next); null when none is.
    std::shared_ptr<const World> snapshot(std::size_t fork, Month at_most) const;
    /// Rises with every month simulated, fork made and run ended.
    std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

    const IndicatorSet& indicators() const { return indicators_; }
    /// Place of a value in TimelineRow::values; the indicator must have the level.
    std::size_t cell(std::size_t indicator, Level level, std::size_t area) const {
        return first_cell_[indicator][static_cast<std::size_t>(level)] + area;
    }
    std::uint64_t snapshot_bytes() const;

private:
    struct Snapshot {
        std::shared_ptr<const World> world;
        std::uint64_t bytes = 0, made = 0;
    };
    struct Fork {
        ForkStatus status;
        std::shared_ptr<const Scenario> scenario;
        bool afresh = false;
        std::vector<std::shared_ptr<const TimelineRow>> rows;
        std::vector<std::vector<std::shared_ptr<const TimelineRow>>> further;  ///< of the replicates after the first
        std::map<Month, Snapshot> snapshots;                                   ///< by World::month
    };

    void work();
    void simulate(std::size_t fork);
    void simulate_further(std::size_t fork, std::uint32_t replicate);
    bool further_due() const;
    std::shared_ptr<TimelineRow> row_of(const MonthTallies& tallies, Month month) const;
    std::shared_ptr<const World> nearest_snapshot(std::size_t fork, Month at_most) const;
    void keep_snapshot(std::size_t fork, World& world);
    void publish(std::size_t fork, std::shared_ptr<const TimelineRow> row);
    void start(std::size_t fork);

    const District& district_;
    IndicatorSet indicators_;
    TimelineLimits limits_;
    Parallel parallel_;
    std::vector<std::array<std::size_t, levels>> first_cell_;
    std::size_t cells_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<Fork>> forks_;
    std::size_t wanted_ = 0;
    std::optional<std::size_t> focus_;  ///< the fork whose further replicates are wanted
    bool has_wanted_ = false, ending_ = false, rest_wanted_ = false, resting_ = false;
    std::uint64_t snapshots_made_ = 0;
    std::atomic<bool> cancelled_{false};
    std::atomic<std::uint64_t> version_{1};
    std::thread worker_;
};

}  // namespace hutong
