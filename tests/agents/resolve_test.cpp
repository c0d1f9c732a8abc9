#include "agents/resolve.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <set>

namespace hutong {
namespace {

const Month month = Month::of(2018, 3);

std::set<std::pair<std::uint32_t, std::uint64_t>> winners(std::vector<Proposal> proposals) {
    std::set<std::pair<std::uint32_t, std::uint64_t>> won;
    resolve(
        proposals,
        [&](const Proposal& p) {
            won.insert({p.good, p.applicant});
        },
        [](const Proposal&) {});
    return won;
}

std::vector<Proposal> random_proposals() {
    const auto goods = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 12));
    std::vector<Proposal> proposals;
    for (std::uint32_t i = 0; i < goods.size(); ++i) {
        const std::uint64_t applicant = mix64(i + 1);
        proposals.push_back({contest_rank(mix64(1000 + goods[i]), applicant, month), applicant, goods[i], i});
    }
    return proposals;
}

TEST(Resolve, EveryGoodGoesToExactlyOneApplicantAndNobodyIsForgotten) {
    EXPECT_TRUE(rc::check([] {
        auto proposals = random_proposals();
        std::set<std::uint32_t> goods;
        for (const auto& p : proposals) goods.insert(p.good);
        std::set<std::uint32_t> taken;
        std::size_t refused = 0;
        resolve(
            proposals, [&](const Proposal& p) { RC_ASSERT(taken.insert(p.good).second); }, [&](const Proposal&) { ++refused; });
        RC_ASSERT(taken == goods);
        RC_ASSERT(taken.size() + refused == proposals.size());
    }));
}

TEST(Resolve, OutcomeDoesNotDependOnTheOrderOfProposals) {
    EXPECT_TRUE(rc::check([] {
        auto proposals = random_proposals();
        auto shuffled = proposals;
        std::sort(shuffled.begin(), shuffled.end(),
                  [](const Proposal& a, const Proposal& b) { return mix64(a.applicant) < mix64(b.applicant); });
        RC_ASSERT(winners(proposals) == winners(shuffled));
    }));
}

TEST(Resolve, WinnersAreTheSmallestRanks) {
    const auto won = winners({{30, 1, 5, 0}, {10, 2, 5, 1}, {20, 3, 5, 2}, {99, 4, 6, 3}});
    EXPECT_EQ(won, (std::set<std::pair<std::uint32_t, std::uint64_t>>{{5, 2}, {6, 4}}));
}

TEST(Resolve, DeferredAcceptanceKeepsTheBestInAnyOrder) {
    EXPECT_TRUE(rc::check([] {
        const auto proposals = random_proposals();
        auto shuffled = proposals;
        std::sort(shuffled.begin(), shuffled.end(),
                  [](const Proposal& a, const Proposal& b) { return mix64(a.applicant) < mix64(b.applicant); });
        std::set<std::pair<std::uint32_t, std::uint64_t>> kept;
        for (const auto* order : std::array<const std::vector<Proposal>*, 2>{&proposals, &shuffled}) {
            Tenders tenders(order->size());
            std::set<std::uint32_t> without;
            for (const Proposal& p : *order) {
                const bool accepted = tenders.would_accept(p.good, p.rank, p.applicant);
                const std::uint32_t loser = tenders.apply(p);
                RC_ASSERT(accepted == (loser != p.who));
                if (loser != Tenders::nobody) RC_ASSERT(without.insert(loser).second);
            }
            std::set<std::pair<std::uint32_t, std::uint64_t>> now;
            for (const Proposal& p : *order) {
                if (without.count(p.who) == 0) RC_ASSERT(now.insert({p.good, p.applicant}).second);
            }
            if (order == &proposals)
                kept = now;
            else
                RC_ASSERT(kept == now);
        }
        RC_ASSERT(kept == winners(proposals));
    }));
}

}  // namespace
}  // namespace hutong
