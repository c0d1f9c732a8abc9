#include "agents/initial_jobs.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "agents/hiring_rules.h"
#include "synthesis_town.h"

namespace hutong {
namespace {

TEST(InitialJobs, GroupsAddUp) {
    SynthesisTown town(2);
    const World world = town.make();
    using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // node, use, sector
    std::map<Key, std::array<double, 3>> given, made;
    for (const PremisesGroup& group : town.district.premises) {
        auto& sums = given[{group.node.value, static_cast<std::uint32_t>(group.use), group.sector.value}];
        sums[0] += group.count;
        sums[1] += group.jobs;
        sums[2] += group.area_m2;
    }
    for (std::uint32_t row = 0; row < world.premises.rows(); ++row) {
        const std::uint32_t business = world.premises.business[row];
        const std::uint32_t sector = business == no_row ? SectorId::none().value : world.businesses.sector[business];
        auto& sums = made[{world.premises.node[row], static_cast<std::uint32_t>(world.premises.use[row]), sector}];
        sums[0] += 1;
        sums[1] += business == no_row ? 0 : world.businesses.posts[business];
        sums[2] += world.premises.area_m2(row);
    }
    ASSERT_EQ(given.size(), made.size());
    for (const auto& [key, sums] : given) {
        EXPECT_EQ(made[key][0], sums[0]);
        EXPECT_EQ(made[key][1], sums[1]);
        EXPECT_NEAR(made[key][2], sums[2], 0.06);
    }
}

TEST(InitialJobs, EveryPostIsFilledByOneWorkerOrOpen) {
    SynthesisTown town(2);
    const World world = town.make();
    std::vector<std::uint32_t> posts(world.businesses.rows(), 0), filled = posts, commuters = posts;
    for (std::uint32_t job = 0; job < world.jobs.rows(); ++job) {
        const std::uint32_t b = world.jobs.business[job];
        ++posts[b];
        if (world.jobs.open(job)) continue;
        ++filled[b];
        if (world.jobs.by_resident(job)) {
            EXPECT_EQ(world.people.job[world.jobs.worker[job]], job);
        } else {
            ++commuters[b];
            EXPECT_EQ(world.in_commuters.job[world.jobs.worker[job] & ~JobTable::in_commuter_bit], job);
        }
    }
    for (std::uint32_t b = 0; b < world.businesses.rows(); ++b) {
        EXPECT_EQ(posts[b], world.businesses.posts[b]);
        EXPECT_EQ(filled[b], world.businesses.filled[b]);
        EXPECT_EQ(commuters[b], world.businesses.non_local[b]);
        if (world.businesses.funding[b] == Funding::livelihood_project) {
            EXPECT_LE(commuters[b], non_local_cap(town.assumptions().start_livelihood_local, posts[b]));
        }
    }
    EXPECT_EQ(town.record.jobs.in_commuters, world.in_commuters.count());
    EXPECT_NEAR(static_cast<double>(town.record.jobs.open_posts) / static_cast<double>(world.jobs.count()),
                town.district.figure("jobs_open_share"), 0.015);
}

TEST(InitialJobs, ResidentsWorkNearer) {
    SynthesisTown far(1), near(1);
    far.scenario.assumptions.synthesis.commute_decay_m = 50000;
    near.scenario.assumptions.synthesis.commute_decay_m = 100;
    far.scenario.assumptions.synthesis.commute_own_block_m = near.scenario.assumptions.synthesis.commute_own_block_m = 0;
    const auto same_block = [](SynthesisTown& town) {
        const World world = town.make();
        int same = 0;
        for (std::uint32_t job = 0; job < world.jobs.rows(); ++job) {
            if (!world.jobs.by_resident(job)) continue;
            const std::uint32_t home = world.households.dwelling[world.people.household[world.jobs.worker[job]]];
            same += world.dwellings.block[home] == world.jobs.block[job];
        }
        return same;
    };
    EXPECT_GT(same_block(near), same_block(far) + 20);
}

TEST(InitialJobs, ShortOfPostsResidentsWorkOutside) {
    SynthesisTown town(1);
    std::uint64_t posts = 0;
    for (PremisesGroup& group : town.district.premises) {
        group.jobs = std::min(group.jobs, group.count);
        posts += group.jobs;
    }
    const World world = town.make();
    EXPECT_LT(town.record.jobs.placed, town.record.jobs.wanted);
    EXPECT_LE(town.record.jobs.placed, posts);
    for (std::uint32_t row = 0; row < world.people.rows(); ++row)
        EXPECT_EQ(world.people.activity[row] == Activity::employed_here, world.people.job[row] != no_row);
}

}  // namespace
}  // namespace hutong
