// When a frame of what is being simulated is due.
#include <gtest/gtest.h>

#include "viz/window.h"

namespace hutong {
namespace {

using namespace std::chrono_literals;

/// Simulates a month whenever the test says so.
class Simulation : public ViewSource {
public:
    const Dataset& run() const override { throw std::logic_error("not asked for"); }
    const Dataset* base() const override { return nullptr; }
    bool simulating() const override { return running; }
    const LiveView* live(const ViewState&) override { return nullptr; }
    void handle(const Command&, ViewState&) override {}
    void rest_after_month() override { asked = true; }
    bool resting() const override { return rests; }
    void go_on() override { asked = rests = false; }
    std::uint64_t version() const override { return months; }
    std::string file_stem() const override { return "s"; }
    ReportJob report(Language) const override { return {}; }

    void month_ends() {
        ++months;
        rests = asked;
    }

    std::uint64_t months = 1;
    bool running = true, asked = false, rests = false;
};

TEST(LivePace, AFrameWaitsUntilTheSimulationRests) {
    Simulation s;
    LivePace pace;
    const auto start = LivePace::Clock::now();
    EXPECT_FALSE(pace.due(s, start));  // asks
    EXPECT_TRUE(s.asked);
    EXPECT_FALSE(pace.due(s, start + 20ms));
    s.month_ends();
    EXPECT_TRUE(pace.due(s, start + 40ms));
    pace.drawn(s, 0.02);
    EXPECT_FALSE(s.rests);
    // At most ten a second, and none where nothing is new.
    s.month_ends();
    EXPECT_FALSE(pace.due(s, start + 130ms));
    EXPECT_FALSE(s.asked);
    EXPECT_FALSE(pace.due(s, start + 200ms));
    EXPECT_TRUE(s.asked);
    s.month_ends();
    EXPECT_TRUE(pace.due(s, start + 240ms));
    EXPECT_FALSE(pace.due(s, start + 900ms));
}

TEST(LivePace, SlowFramesTakeAnEighthOfTheTime) {
    Simulation s;
    LivePace pace;
    EXPECT_DOUBLE_EQ(pace.pause_seconds(), 0.1);
    pace.drawn(s, 0.2);
    EXPECT_DOUBLE_EQ(pace.pause_seconds(), 1.6);
}

/// A month of a second: the frame does not wait for its end.
TEST(LivePace, DoesNotWaitForLongMonths) {
    Simulation s;
    LivePace pace;
    const auto start = LivePace::Clock::now();
    EXPECT_FALSE(pace.due(s, start));
    EXPECT_FALSE(pace.due(s, start + 200ms));
    EXPECT_TRUE(pace.due(s, start + 400ms));
}

/// What has ended is shown at once, and a frame drawn for another reason does not take back what was asked for.
TEST(LivePace, TheEndIsShownAtOnce) {
    Simulation s;
    LivePace pace;
    const auto start = LivePace::Clock::now();
    EXPECT_FALSE(pace.due(s, start));
    pace.drawn(s, 0.01);
    EXPECT_TRUE(s.asked);
    s.running = false;
    EXPECT_TRUE(pace.due(s, start + 10ms));
}

}  // namespace
}  // namespace hutong
