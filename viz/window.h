/// The window: events in, frames out, commands carried out. Draws only when something has changed.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "viz/view_model.h"

namespace hutong {

/// Where the data come from, and who carries out what is not about looking: a results file, or a scenario that is
/// simulated while one watches.
class ViewSource {
public:
    virtual ~ViewSource() = default;
    virtual const Dataset& run() const = 0;
    virtual const Dataset* base() const = 0;
    /// The future that the one in view was changed from; null when there is none.
    virtual const Dataset* previous() const { return nullptr; }
    /// Takes over what was simulated since the last call.
    virtual void refresh() {}
    /// True while the future in view is being simulated.
    virtual bool simulating() const { return false; }
    /// Brings the live part up to date with the state; null for results.
    virtual const LiveView* live(const ViewState& state) = 0;
    /// Carries out a command; may change the state (a message, the fork shown). Throws Error.
    virtual void handle(const Command& command, ViewState& state) = 0;
    /// What is simulated rests after its next month until go_on(), for a moment at most: the frame that shows the month has the
    /// machine for itself.
    virtual void rest_after_month() {}
    virtual bool resting() const { return false; }
    virtual void go_on() {}
    /// Rises when what is shown may have changed behind the scenes.
    virtual std::uint64_t version() const = 0;
    /// A name for files that are saved.
    virtual std::string file_stem() const = 0;
    /// Makes the evaluation report as one HTML file, on another thread when `in_background`; throws Error. The job owns what
    /// it needs; it ends early when `cancelled` becomes true.
    struct ReportJob {
        std::function<std::string(const std::atomic<bool>& cancelled)> make;
        bool in_background = false;
    };
    virtual ReportJob report(Language language) const = 0;
};

/// Two results files, or one.
class ResultsSource : public ViewSource {
public:
    /// `files` are the results files, the base first: what the report is made from.
    ResultsSource(const Dataset& run, const Dataset* base, std::vector<std::filesystem::path> files)
        : run_(run), base_(base), files_(std::move(files)) {}
    const Dataset& run() const override { return run_; }
    const Dataset* base() const override { return base_; }
    const LiveView* live(const ViewState&) override { return nullptr; }
    void handle(const Command&, ViewState&) override {}
    std::uint64_t version() const override { return 0; }
    std::string file_stem() const override { return run_.name(); }
    ReportJob report(Language language) const override;

private:
    const Dataset& run_;
    const Dataset* base_;
    std::vector<std::filesystem::path> files_;
};

/// When what is being simulated is drawn: ten times a second at most, and for no more than an eighth of the time, so that
/// the simulation comes to its end. While a frame is drawn the simulation rests.
class LivePace {
public:
    using Clock = std::chrono::steady_clock;
    /// Seconds from one drawing to the next.
    double pause_seconds() const;
    /// True when a frame should show what is new now. Asks the simulation to rest first and waits for that,
    /// but not for months that take longer than a third of a second.
    bool due(ViewSource& source, Clock::time_point now);
    /// After every frame that took so long.
    void drawn(ViewSource& source, double frame_seconds);

private:
    std::uint64_t seen_ = 0;  ///< version
    double frame_seconds_ = 0;
    bool asked_ = false;
    Clock::time_point last_{}, asked_at_{};
};

struct WindowRequest {
    unsigned width = 1600, height = 1000;
    std::filesystem::path folder = ".";  ///< where pictures, tables and scenarios are saved
    std::filesystem::path settings;      ///< where theme, size and so on are remembered; empty: nowhere
    double close_after_seconds = 0;      ///< 0: stay open (a limit serves measurements)
    std::filesystem::path frame_times;   ///< measurements: one line per frame, milliseconds; empty: none
};

/// Opens the window (state.scale 0: the scale that the desktop asks for) and returns when it is closed. Errors while it is open are shown in it.
void open_window(const WindowRequest& request, ViewState state, ViewSource& source);

}  // namespace hutong
