/// A scenario that is simulated while one watches: futures, levers, decisions, saving. Holds no simulation logic: the
/// timeline simulates, the scenario's own functions change it.
#pragma once

#include <atomic>
#include <future>
#include <memory>

#include "scenarios/scenario_edit.h"
#include "sim/timeline.h"
#include "sim/use_preview.h"
#include "viz/window.h"

namespace hutong {

/// One future of a timeline as a data set; grows while it is simulated.
class ForkDataset : public Dataset {
public:
    ForkDataset(const District& district, const Timeline& timeline, std::size_t fork, std::shared_ptr<const DatasetFrame> frame);
    const DatasetFrame& frame() const override { return *frame_; }
    std::string name() const override { return timeline_.status(fork_).name; }
    std::size_t rows() const override { return rows_.size(); }
    std::size_t replicates() const override { return replicates_; }
    double value(std::size_t indicator, Level level, std::size_t row, std::size_t area) const override;
    Band band(std::size_t indicator, Level level, std::size_t row, std::size_t area) const override;
    const SpaceLog& space_log() const override { return log_; }
    std::shared_ptr<const PlaceCounts> places_in(std::size_t row) const override;
    std::uint64_t version() const override { return rows_.size() + replicates_; }
    /// Takes over the months simulated since the last call.
    void catch_up();

private:
    const Timeline& timeline_;
    std::size_t fork_;
    std::shared_ptr<const DatasetFrame> frame_;
    std::vector<std::shared_ptr<const TimelineRow>> rows_;
    std::size_t replicates_ = 1;
    SpaceLog log_;
    mutable std::shared_ptr<const PlaceCounts> places_;  ///< of places_row_
    mutable std::size_t places_row_ = 0;
};

class LiveSource : public ViewSource {
public:
    LiveSource(std::shared_ptr<const District> district, Scenario scenario, std::filesystem::path scenario_file,
               std::filesystem::path folder, Text text, TimelineLimits limits = {});

    const Dataset& run() const override { return *data_[shown_]; }
    const Dataset* base() const override { return compared_ ? data_[*compared_].get() : nullptr; }
    const Dataset* previous() const override { return shown_ == 0 ? nullptr : data_[timeline_.status(shown_).parent].get(); }
    void refresh() override;
    bool simulating() const override { return timeline_.status(shown_).running; }
    const LiveView* live(const ViewState& state) override;
    void handle(const Command& command, ViewState& state) override;
    void rest_after_month() override { timeline_.rest_after_month(); }
    bool resting() const override { return timeline_.resting(); }
    void go_on() override { timeline_.go_on(); }
    std::uint64_t version() const override { return timeline_.version() + previews_made_.load(std::memory_order_acquire); }
    /// Blocks until what the selected space's uses would do is known (for pictures without interaction).
    void wait_for_previews();
    std::string file_stem() const override { return run().name(); }
    ReportJob report(Language language) const override;
    Timeline& timeline() { return timeline_; }

private:
    void change(const ChangeLever& command, const ViewState& state);
    void decide(const DecideUse& command, const ViewState& state);
    void show(std::size_t fork);
    void add_fork(std::size_t parent, Month from, Scenario scenario, std::string name, bool afresh);
    void save(ViewState& state);
    void fill_levers(const ViewState& state);
    void fill_options(const ViewState& state);
    void fill_previews(const ViewState& state);
    Month month_after(const ViewState& state) const;

    std::shared_ptr<const District> district_;
    std::filesystem::path scenario_file_, folder_;
    int threads_;
    Text text_;
    Timeline timeline_;
    std::shared_ptr<DatasetFrame> frame_;
    std::vector<std::unique_ptr<ForkDataset>> data_;
    std::vector<std::size_t> redo_;
    std::size_t shown_ = 0;
    std::optional<std::size_t> compared_;
    LiveView view_;
    std::string levers_key_, options_key_;
    std::atomic<std::uint64_t> previews_made_{0};
    std::string previews_key_;          ///< of what is under way or there
    std::vector<UsePreview> previews_;  ///< of previews_key_; empty while under way
    std::future<std::vector<UsePreview>> making_previews_;
};

}  // namespace hutong
