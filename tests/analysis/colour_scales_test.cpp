#include "analysis/colour_scales.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(ColourScales, EndsAreThePublishedColours) {
    EXPECT_EQ(viridis(0).hex(), "#440154");
    EXPECT_EQ(viridis(1).hex(), "#fde725");
    EXPECT_EQ(viridis(-3).hex(), viridis(0).hex());
    EXPECT_EQ(blue_red(0.5).hex(), "#f7f7f7");
}

TEST(ColourScales, RoundEdgesCoverTheRange) {
    const auto edges = round_edges(3'120, 18'900, 7);
    EXPECT_LE(edges.front(), 3'120);
    EXPECT_GE(edges.back(), 18'900);
    EXPECT_EQ(edges[1] - edges[0], 2'500);
    EXPECT_GE(edges.size(), 2U);
    EXPECT_LE(edges.size(), 10U);
    EXPECT_GE(round_edges(5, 5, 7).size(), 2U);
    EXPECT_GE(round_edges(0, 0, 7).size(), 2U);
}

}  // namespace
}  // namespace hutong
