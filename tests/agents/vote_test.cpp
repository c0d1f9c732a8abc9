#include "agents/vote.h"

#include <gtest/gtest.h>

#include "agents/coverage.h"
#include "tests/agents/spaces_world.h"

namespace hutong {
namespace {

/// One space per vote, all at one node, households of `per_node` at every node; the use is proposed everywhere.
struct Poll : SpacesWorld {
    Poll(std::size_t votes, const char* code, int per_node, bool elders, std::int32_t served,
         const std::function<void(Scenario&)>& change = {})
        : SpacesWorld(votes, change, [](Space& s, std::size_t) {
              s.category = SpaceCategory::residential;
              s.area_m2 = 300;
              s.vacated = Month::of(2017, 1);
          }) {
        const std::size_t nodes = district.network.nodes();
        world.services.members.assign(target_groups * nodes, 1);
        world.services.served_permille.assign(district.catalogue.services.size() * nodes, served);
        std::uint64_t luck = 1;
        for (std::size_t n = 0; n < nodes; ++n) {
            const BlockId block = district.block_of(NodeId(n));
            if (!block) continue;
            for (int i = 0; i < per_node; ++i) {
                const std::uint32_t home =
                    add_dwelling(world, mix64(luck), static_cast<std::uint16_t>(n), static_cast<std::uint8_t>(block.value),
                                 DwellingType::apartment, Tenure::owned, 60, no_row);
                const std::uint32_t household = add_household(world, mix64(luck + 1000000), home, world.month, 2, 0, 0);
                add_person(world, household,
                           {.luck = mix64(luck + 2000000), .birth = Month::of(elders ? 1945 : 1985, 1), .role = Role::head});
                ++luck;
            }
        }
        for (std::uint32_t s = 0; s < votes; ++s) {
            world.spaces.use[s] = static_cast<std::uint8_t>(use(code).value);
            spaces.push_back(s);
        }
    }
    double passed() const {
        double n = 0;
        for (const auto& vote : hold_votes(model, world, spaces)) n += vote.passed ? 1 : 0;
        return n / static_cast<double>(spaces.size());
    }
    double ayes() const {
        double yes = 0, all = 0;
        for (const auto& vote : hold_votes(model, world, spaces)) {
            yes += vote.ayes;
            all += vote.ayes + vote.noes;
        }
        return yes / all;
    }
    std::vector<std::uint32_t> spaces;
};

TEST(Vote, ResidentsCanReject) {
    const double storage = Poll(100, "class_e_storage", 20, false, 500).passed();
    EXPECT_LT(storage, 0.6);
    const double station = Poll(100, "elderly_station", 20, true, 0).passed();
    EXPECT_GT(station, 0.8);
    EXPECT_LT(station, 1.0 + 1e-9);
    EXPECT_GT(storage, 0.0);  // nor is everything rejected
}

TEST(Vote, PeopleVoteByTheirOwnNeeds) {
    const double needy = Poll(60, "elderly_station", 20, true, 0).ayes();
    const double young = Poll(60, "elderly_station", 20, false, 0).ayes();
    const double served = Poll(60, "elderly_station", 20, true, 1000).ayes();
    EXPECT_GT(needy, young + 0.1);
    EXPECT_GT(needy, served + 0.05);
}

TEST(Vote, NuisanceCountsNextDoor) {
    auto quiet = [](Scenario& s) { s.assumptions.governance.vote_nuisance = 0; };
    EXPECT_GT(Poll(60, "class_e_storage", 20, false, 500, quiet).ayes(), Poll(60, "class_e_storage", 20, false, 500).ayes() + 0.1);
}

TEST(Vote, TurnoutFollowsAge) {
    auto turnout = [](bool elders) {
        Poll poll(20, "library", 50, elders, 500);
        double voted = 0, asked = 0;
        for (const auto& vote : hold_votes(poll.model, poll.world, poll.spaces)) {
            voted += vote.ayes + vote.noes;
            asked += vote.asked;
        }
        return voted / asked;
    };
    EXPECT_NEAR(turnout(true), GovernanceAssumptions{}.turnout_60, 0.02);
    EXPECT_NEAR(turnout(false), GovernanceAssumptions{}.turnout_under_35, 0.02);
}

TEST(Vote, TurnoutIsThatOfTheAgeOfTheHead) {
    // Three declared turnouts, their ages of 35 and 60 by the month; an old parent in the household changes nothing.
    const auto turnout = [](int months_of_age, bool with_elder) {
        Poll poll(20, "library", 50, false, 500);
        for (std::uint32_t h = 0; h < poll.world.households.rows(); ++h) {
            poll.world.people.birth_month[poll.world.households.first_member[h]] = (poll.world.month - months_of_age).index;
            if (with_elder) add_person(poll.world, h, {.luck = mix64(9000000 + h), .birth = Month::of(1930, 1), .role = Role::elder});
        }
        double voted = 0, asked = 0;
        for (const auto& vote : hold_votes(poll.model, poll.world, poll.spaces)) {
            voted += vote.ayes + vote.noes;
            asked += vote.asked;
        }
        return voted / asked;
    };
    const GovernanceAssumptions a;
    ASSERT_NE(a.turnout_under_35, a.turnout_35_59);
    ASSERT_NE(a.turnout_35_59, a.turnout_60);
    EXPECT_NEAR(turnout(35 * 12 - 1, false), a.turnout_under_35, 0.02);
    EXPECT_NEAR(turnout(35 * 12, false), a.turnout_35_59, 0.02);
    EXPECT_NEAR(turnout(60 * 12 - 1, false), a.turnout_35_59, 0.02);
    EXPECT_NEAR(turnout(60 * 12, false), a.turnout_60, 0.02);
    EXPECT_NEAR(turnout(30 * 12, true), a.turnout_under_35, 0.02);
}

TEST(Vote, TheTallyIsRecordedAsItWasCounted) {
    Poll poll(60, "library", 20, false, 500);
    for (auto& use : poll.world.spaces.use) use = no_use;
    std::size_t recorded = 0;
    std::int64_t against = 0;
    for (int month = 0; month < 24; ++month) {
        const std::size_t known = poll.world.spaces.events.size();
        const World before = poll.world;
        poll.step();
        against += poll.world.flows.total(Flow::votes_against);
        for (std::size_t i = known; i < poll.world.spaces.events.size(); ++i) {
            const SpaceEvent& e = poll.world.spaces.events[i];
            if (e.stage != SpaceStage::residents_vote || e.votes_for + e.votes_against == 0) continue;
            World held = before;
            held.spaces.use[e.space] = e.use;
            const VoteResult vote = hold_votes(poll.model, held, {e.space}).front();
            EXPECT_EQ(e.votes_for, vote.ayes) << "space " << e.space;
            EXPECT_EQ(e.votes_against, vote.noes);
            EXPECT_EQ(e.decision == SpaceDecision::rejected_by_vote, !vote.passed);
            EXPECT_EQ(e.clause, static_cast<std::uint16_t>(Clause::C3_5));
            against -= vote.noes;
            ++recorded;
        }
    }
    EXPECT_GT(recorded, 20U);
    EXPECT_EQ(against, 0) << "the indicator of noes is the sum of the tallies";
}

TEST(Vote, OnlyThoseInReachAreAsked) {
    Poll poll(1, "library", 3, false, 500, [](Scenario& s) { SpacesWorld::lever(s, "governance.vote_radius_m", 250.0); });
    Reach reach(poll.district.network);
    std::size_t nodes = 0;
    for (const auto& found : reach.from(poll.space(0).node).within_m(250)) nodes += poll.district.block_of(found.node) ? 1 : 0;
    const auto result = hold_votes(poll.model, poll.world, poll.spaces);
    ASSERT_EQ(result.size(), 1U);
    EXPECT_EQ(result[0].asked, 3 * nodes);
}

TEST(Vote, ThresholdOfAyesDecides) {
    auto passed = [](double threshold) {
        return Poll(60, "library", 20, false, 500, [&](Scenario& s) { SpacesWorld::lever(s, "governance.vote_threshold", threshold); })
            .passed();
    };
    EXPECT_GE(passed(0.2), passed(0.5));
    EXPECT_GT(passed(0.2), passed(0.9));
}

TEST(Vote, ARejectedUseIsNotProposedAgainAtOnce) {
    Poll poll(60, "library", 20, false, 500, [](Scenario& s) { SpacesWorld::lever(s, "governance.vote_threshold", 1.0); });
    for (auto& use : poll.world.spaces.use) use = no_use;
    poll.run(40);
    EXPECT_GT(poll.world.governance.votes_rejected, 0U);
    EXPECT_EQ(poll.world.governance.votes_rejected, poll.world.governance.votes_held);
    std::vector<int> last(60, no_use);
    for (const SpaceEvent& e : poll.world.spaces.events) {
        if (e.decision != SpaceDecision::rejected_by_vote) continue;
        EXPECT_NE(last[e.space], e.use);
        EXPECT_GT(e.votes_against, 0U);
        last[e.space] = e.use;
    }
    poll.model.neutral.set(static_cast<std::size_t>(Behaviour::vote));
    const auto held = poll.world.governance.votes_held;
    poll.run(20);
    EXPECT_LE(poll.world.governance.votes_held, held + 60);  // only what had already been called
}

TEST(Vote, ManyVotesTogetherAreTheSameAsOneByOne) {
    Poll poll(130, "library", 5, true, 300);  // more than one walk through the households
    const auto together = hold_votes(poll.model, poll.world, poll.spaces);
    for (const std::uint32_t s : {0U, 63U, 64U, 129U}) {
        const auto alone = hold_votes(poll.model, poll.world, {s});
        EXPECT_EQ(alone[0].ayes, together[s].ayes);
        EXPECT_EQ(alone[0].noes, together[s].noes);
    }
}

TEST(Vote, KeptListsGiveTheSameVotesAsSearching) {
    Poll poll(20, "elderly_station", 6, true, 300);
    auto same = [](const std::vector<VoteResult>& a, const std::vector<VoteResult>& b) {
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            EXPECT_EQ(a[i].space, b[i].space);
            EXPECT_EQ(a[i].asked, b[i].asked);
            EXPECT_EQ(a[i].ayes, b[i].ayes);
            EXPECT_EQ(a[i].noes, b[i].noes);
        }
    };
    World kept = poll.world;
    kept.services.cache.plan = std::make_shared<const CoveragePlan>(poll.district, poll.scenario);
    list_dwellings_by_node(poll.model, kept);
    poll.world.services.cache.plan.reset();
    const auto searched = hold_votes(poll.model, poll.world, poll.spaces);
    EXPECT_GT(searched.front().asked, 0U);
    same(hold_votes(poll.model, kept, poll.spaces), searched);

    // A dwelling added since is asked too, whether the lists are renewed or not.
    for (World* world : {&kept, &poll.world}) {
        const std::uint16_t node = world->dwellings.node[0];
        const std::uint32_t home =
            add_dwelling(*world, 77, node, world->dwellings.block[0], DwellingType::apartment, Tenure::owned, 60, no_row);
        const std::uint32_t household = add_household(*world, 78, home, world->month, 2, 0, 0);
        add_person(*world, household, {.luck = 79, .birth = Month::of(1985, 1), .role = Role::head});
    }
    const auto one_more = hold_votes(poll.model, poll.world, poll.spaces);
    EXPECT_EQ(one_more.front().asked, searched.front().asked + 1);
    same(hold_votes(poll.model, kept, poll.spaces), one_more);
    list_dwellings_by_node(poll.model, kept);
    EXPECT_EQ(kept.governance.dwellings_by_node->rows.size(), kept.dwellings.rows());
    same(hold_votes(poll.model, kept, poll.spaces), one_more);
}

}  // namespace
}  // namespace hutong
