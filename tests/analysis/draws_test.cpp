#include "analysis/draws.h"

#include <gtest/gtest.h>

#include "analysis/sampling.h"
#include "scenarios/tiny_town.h"

namespace hutong {
namespace {

TEST(Draws, AssumptionsStayInTheirRangesAndAreRepeatable) {
    const Scenario scenario;
    EXPECT_EQ(canonical_text(drawn_assumptions(scenario, 0)), canonical_text(scenario));
    EXPECT_EQ(drawn_assumptions(scenario, 3).hash, drawn_assumptions(scenario, 3).hash);
    EXPECT_NE(drawn_assumptions(scenario, 3).hash, drawn_assumptions(scenario, 4).hash);
    const auto ranges = assumptions_with_ranges(scenario);
    for (std::uint64_t draw = 1; draw <= 20; ++draw) {
        const Scenario drawn = drawn_assumptions(scenario, draw);
        for (const ParameterRow& row : list_parameters(drawn.assumptions, "assumption")) {
            for (const Varied& one : ranges) {
                if (row.path != one.path || !std::holds_alternative<double>(row.value)) continue;
                EXPECT_GE(std::get<double>(row.value), one.low) << row.path;
                EXPECT_LE(std::get<double>(row.value), one.high) << row.path;
            }
        }
        EXPECT_EQ(drawn.run.seed, scenario.run.seed);
        EXPECT_EQ(drawn.assumptions.synthesis.seed, scenario.assumptions.synthesis.seed);
    }
}

TEST(Draws, ADrawnDistrictMovesPlacesInsideTheirBlocks) {
    const District town =
        draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng", nullptr));
    EXPECT_EQ(drawn_district(town, 0).hash, town.hash);
    bool moved = false;
    for (std::uint64_t draw = 1; draw <= 5; ++draw) {
        const District drawn = drawn_district(town, draw);
        EXPECT_NE(drawn.hash, town.hash);
        ASSERT_EQ(drawn.facilities.size(), town.facilities.size());
        for (std::size_t i = 0; i < town.facilities.size(); ++i) {
            EXPECT_EQ(drawn.block_of(drawn.facilities[i].node), town.block_of(town.facilities[i].node));
            if (town.facilities[i].ring) {
                EXPECT_EQ(drawn.facilities[i].node, town.facilities[i].node);
            }
            moved = moved || drawn.facilities[i].node != town.facilities[i].node;
        }
        for (std::size_t s = 0; s < town.spaces.size(); ++s)
            EXPECT_EQ(drawn.block_of(drawn.spaces[s].node), town.block_of(town.spaces[s].node));
        for (std::size_t i = 0; i < town.figures.size(); ++i) {
            if (town.figures[i].low < town.figures[i].high) {
                EXPECT_GE(drawn.figures[i].value, town.figures[i].low);
                EXPECT_LE(drawn.figures[i].value, town.figures[i].high);
            }
        }
    }
    EXPECT_TRUE(moved);
    EXPECT_NE(drawn_population(Scenario{}, 1).assumptions.synthesis.seed, drawn_population(Scenario{}, 2).assumptions.synthesis.seed);
}

}  // namespace
}  // namespace hutong
