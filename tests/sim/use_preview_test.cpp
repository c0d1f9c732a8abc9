#include "sim/use_preview.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "agents/services.h"
#include "agents/steps.h"
#include "agents/vote.h"
#include "scenarios/tiny_town.h"
#include "sim/run.h"

namespace hutong {
namespace {

TEST(UsePreview, SaysWhatAVoteAndTheCoverageWouldAndLeavesTheWorldAsItIs) {
    const District district = draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"));
    Scenario scenario;
    scenario.assumptions.synthesis.pool_candidates = 4000;
    const Parallel parallel(2);
    const Model model{district, scenario, parallel, Luck(1, 0), {}};
    RunOptions options;
    options.months = 3;
    const World world = run(model, IndicatorSet(district), initial_world(model), options).world;
    const std::uint64_t before = hash(world);
    std::int64_t served = 0;
    std::uint32_t votes = 0;
    for (std::uint32_t s = 0; s < district.spaces.size(); ++s) {
        const auto previews = preview_uses(model, world, s);
        ASSERT_EQ(previews.size(), district.catalogue.uses.size());
        for (std::size_t u = 0; u < previews.size(); ++u) {
            const Use& use = district.catalogue.uses[u];
            EXPECT_EQ(previews[u].serves, !services_opened(use, district.spaces[s], model).empty()) << use.code;
            std::int64_t milli = 0;
            for (const OpenedService& one : services_opened(use, district.spaces[s], model))
                milli += newly_served_milli(model, world, one.service, district.spaces[s].node, one.capacity);
            EXPECT_EQ(previews[u].newly_served, milli / 1000) << use.code;
            World with_use = world;
            with_use.spaces.use[s] = static_cast<std::uint8_t>(u);
            const VoteResult vote = hold_votes(model, with_use, {s}).front();
            EXPECT_EQ(previews[u].ayes, vote.ayes) << use.code;
            EXPECT_EQ(previews[u].noes, vote.noes) << use.code;
            served += previews[u].newly_served;
            votes += vote.ayes + vote.noes;
        }
    }
    EXPECT_GT(served, 0);
    EXPECT_GT(votes, 0U);
    EXPECT_EQ(hash(world), before);
}

}  // namespace
}  // namespace hutong
