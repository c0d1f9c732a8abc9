#include "viz/view_model.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/viz/hand_made_run.h"

namespace hutong {
namespace {

TEST(ViewModel, CommandsOutOfRangeChangeNothingBeyondIt) {
    const testing::HandMadeRun run;
    ViewState s;
    apply(s, SetRow{999}, run);
    EXPECT_EQ(s.row, 24U);
    apply(s, StepRow{-100}, run);
    EXPECT_EQ(s.row, 0U);
    apply(s, SetLayer{"no such layer"}, run);
    EXPECT_EQ(s.layer, "population");
    apply(s, SelectBlock{7}, run);
    EXPECT_FALSE(s.block);
    apply(s, SelectSpace{1}, run);
    EXPECT_EQ(s.block, std::optional<std::size_t>(1)) << "a space is shown with its block";
    apply(s, SetFontSize{500}, run);
    EXPECT_LE(s.font_size, 32);
}

TEST(ViewModel, ALayerOfTheDistrictOnlyIsShownForTheDistrict) {
    const testing::HandMadeRun run;
    ViewState s;
    apply(s, SetLayer{"headroom"}, run);
    EXPECT_EQ(s.level, Level::district);
    apply(s, SetLevel{Level::block}, run);
    EXPECT_EQ(s.level, Level::district) << "blocks have none";
    apply(s, SetLayer{"population"}, run);
    EXPECT_EQ(s.level, Level::block);
}

TEST(ViewModel, ClassesStayWhileTimePassesAndAreSharedWithTheBase) {
    const testing::HandMadeRun run, base(500);
    const Text text(Language::english);
    ViewState s;
    ViewModel view{s, text, run};
    const auto first = layer_values(view, run).edges;
    s.row = 20;
    EXPECT_EQ(layer_values(view, run).edges, first);
    view.base = &base;
    EXPECT_EQ(layer_values(view, run).edges, layer_values(view, base).edges);
    EXPECT_GE(layer_values(view, run).edges.back(), 2500 + 240) << "the base's highest value is in a class";
}

TEST(ViewModel, DifferencesAreCentredOnZero) {
    const testing::HandMadeRun run(30), base;
    const Text text(Language::english);
    ViewState s;
    s.shown = Shown::difference;
    const ViewModel view{s, text, run, &base};
    const LayerValues layer = layer_values(view, run);
    EXPECT_TRUE(layer.diverging);
    for (const double v : layer.values) EXPECT_DOUBLE_EQ(v, 30);
    ASSERT_GE(layer.edges.size(), 3U);
    EXPECT_DOUBLE_EQ(layer.edges.front(), -layer.edges.back());
}

TEST(ViewModel, SharesArePercentAndTheirChangesPoints) {
    const testing::HandMadeRun run;
    const Text text(Language::english);
    ViewState s;
    s.layer = "coverage";
    const ViewModel view{s, text, run};
    EXPECT_DOUBLE_EQ(layer_values(view, run).values[0], 25);
    EXPECT_EQ(layer_values(view, run).unit, "%");
    s.shown = Shown::change;
    s.row = 10;
    EXPECT_NEAR(layer_values(view, run).values[0], 10, 1e-9);
    EXPECT_EQ(shown_value(text, run.frame().indicators[1], 0.1, true), "+10.00 points");
}

TEST(ViewModel, SpacesStandWhereTheirEventsLeftThem) {
    const testing::HandMadeRun run;
    EXPECT_EQ(run.spaces_in(0)[0].stage, SpaceStage::occupied);
    EXPECT_EQ(run.spaces_in(0)[1].stage, SpaceStage::vacant);
    EXPECT_EQ(run.spaces_in(3)[0].stage, SpaceStage::vacant);
    EXPECT_EQ(run.spaces_in(4)[1].stage, SpaceStage::review) << "an approval is not the next stage";
    EXPECT_EQ(run.spaces_in(6)[1].stage, SpaceStage::open);
    EXPECT_EQ(run.spaces_in(2)[1].stage, SpaceStage::review) << "going back in time";
}

}  // namespace
}  // namespace hutong
