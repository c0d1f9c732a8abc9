#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/exact_math.h"
#include "small_world.h"

namespace hutong {
namespace {

/// Step 4 alone for some months.
void businesses_only(SmallWorld& w, int months) {
    for (int month = 0; month < months; ++month) {
        w.begin_month();
        update_businesses(w.model(), w.world);
        ++w.world.month;
    }
}

TEST(Businesses, ExitHazardFallsWithAgeAndSizeAndRisesWithRentAndLostCustomers) {
    const ExitHazard hazard{BusinessAssumptions{}};
    Sector sector;
    sector.exit_per_year = 0.1;
    double last = 1;
    for (const int months : {6, 12, 24, 60, 120, 240}) {
        const double now = hazard.monthly(sector, months, 10, 0, 0);
        EXPECT_LT(now, last);
        last = now;
    }
    EXPECT_NEAR(hazard.monthly(sector, 120, 10, 0, 0), monthly_probability(0.1), 1e-12);
    EXPECT_LT(hazard.monthly(sector, 120, 100, 0, 0), hazard.monthly(sector, 120, 10, 0, 0));
    EXPECT_GT(hazard.monthly(sector, 120, 10, -0.5, 0), hazard.monthly(sector, 120, 10, 0, 0));
    EXPECT_GT(hazard.monthly(sector, 120, 10, 0, 0.1), hazard.monthly(sector, 120, 10, 0, 0));
}

TEST(Businesses, ClosuresFollowTheHazard) {
    SmallSetting s;
    s.businesses = 2000;
    s.posts = 3;
    s.residents = 10;
    s.unemployed = 0;
    SmallWorld w(s);
    const ExitHazard hazard(w.scenario.assumptions.businesses);
    double expected = 0;
    const auto& b = w.world.businesses;
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        const Sector& sector = w.district.catalogue.sectors[b.sector[row]];
        if (!sector.exogenous) expected += hazard.monthly(sector, w.world.month.index - b.founded[row], b.posts[row], 0, 0);
    }
    w.begin_month();
    exit_businesses(w.model(), w.world, business_conditions(w.model(), w.world));
    EXPECT_NEAR(static_cast<double>(w.world.flows.total(Flow::business_exits)), expected, 4 * std::sqrt(expected));
}

/// Exits of a month among many businesses, all run by chains or none.
std::vector<std::uint32_t> who_closes(double factor, bool chains, double& expected) {
    SmallSetting s;
    s.businesses = 4000;
    s.posts = 3;
    s.residents = 10;
    s.unemployed = 0;
    SmallWorld w(s);
    w.scenario.assumptions.businesses.chain_exit_factor = factor;
    for (Sector& sector : w.district.catalogue.sectors) sector.exit_per_year *= 3;  // enough of them in a month
    const ExitHazard hazard(w.scenario.assumptions.businesses);
    auto& b = w.world.businesses;
    expected = 0;
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (chains) b.flags[row] |= business_flag::chain;
        const Sector& sector = w.district.catalogue.sectors[b.sector[row]];
        const double rate = hazard.rate(sector.exit_per_year, w.world.month.index - b.founded[row], b.posts[row]);
        if (!sector.exogenous) expected += monthly_probability(rate * (chains && !sector.chain ? factor : 1.0));
    }
    w.begin_month();
    exit_businesses(w.model(), w.world, business_conditions(w.model(), w.world));
    std::vector<std::uint32_t> closed;
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (!b.alive(row)) closed.push_back(row);
    }
    return closed;
}

TEST(Businesses, ChainsCloseByTheirFactorAndAlikeWithoutIt) {
    double expected = 0, single = 0;
    const auto chains = who_closes(0.4, true, expected);
    EXPECT_NEAR(static_cast<double>(chains.size()), expected, 4 * std::sqrt(expected));
    const auto others = who_closes(0.4, false, single);
    EXPECT_GT(static_cast<double>(others.size()) - static_cast<double>(chains.size()), 3 * std::sqrt(single));
    // The same luck: who closes under a chain closes as a single shop too.
    EXPECT_TRUE(std::includes(others.begin(), others.end(), chains.begin(), chains.end()));
    EXPECT_EQ(who_closes(1.0, true, expected), others);
}

TEST(Businesses, PoissonCountsByInversion) {
    EXPECT_EQ(poisson_count(0, 0.999), 0U);
    const Luck luck(3, 0);
    for (const double mean : {0.3, 2.0, 40.0}) {
        constexpr int draws = 20000;
        double sum = 0, squares = 0;
        for (int i = 0; i < draws; ++i) {
            const double u = luck.uniform(Purpose::test, static_cast<std::uint64_t>(i), Month{});
            const double n = poisson_count(mean, u);
            EXPECT_LE(n, poisson_count(mean * 1.5, u));
            sum += n;
            squares += n * n;
        }
        const double average = sum / draws;
        EXPECT_NEAR(average, mean, 5 * std::sqrt(mean / draws));
        EXPECT_NEAR(squares / draws - average * average, mean, 0.1 * mean);
    }
}

TEST(Businesses, AClosedStationaryEconomyKeepsJobsAndBusinesses) {
    // Premises, people and policy as at the start for 18 years; the mean of the last five years against the start.
    SmallSetting s;
    s.blocks = 16;
    s.businesses = 300;
    s.vacant_premises = 12;
    s.residents = 500;
    SmallWorld w(s);
    for (int month = 0; month < 12; ++month) w.step();  // open posts settle
    const double businesses = static_cast<double>(w.world.businesses.count());
    const double posts = static_cast<double>(w.world.jobs.count());
    const double filled = static_cast<double>(w.filled());
    double mean_businesses = 0, mean_posts = 0, mean_filled = 0;
    constexpr int years = 18, last = 60;
    for (int month = 0; month < 12 * years; ++month) {
        w.step();
        if (month < 12 * years - last) continue;
        mean_businesses += static_cast<double>(w.world.businesses.count()) / last;
        mean_posts += static_cast<double>(w.world.jobs.count()) / last;
        mean_filled += static_cast<double>(w.filled()) / last;
    }
    EXPECT_NEAR(mean_businesses / businesses, 1, 0.02);
    EXPECT_NEAR(mean_posts / posts, 1, 0.02);
    EXPECT_NEAR(mean_filled / filled, 1, 0.02);
}

TEST(Businesses, CatalogueSectorsEnterOnlyWhenItIsRelaxed) {
    SmallSetting s;
    s.market_share = 0.2;
    s.vacant_premises = 15;
    for (const bool relaxed : {false, true}) {
        SmallWorld w(s);
        w.set_levers([&](Levers& l) { l.off.set(static_cast<std::size_t>(Clause::G1), relaxed); });
        std::set<std::uint64_t> before;
        for (std::uint32_t b = 0; b < w.world.businesses.rows(); ++b) before.insert(w.world.businesses.luck[b]);
        std::size_t entered = 0;
        businesses_only(w, 36);
        for (std::uint32_t b = 0; b < w.world.businesses.rows(); ++b) {
            const bool authorised = !(w.world.businesses.flags[b] & business_flag::unauthorised);
            if (w.world.businesses.alive(b) && authorised && w.world.businesses.sector[b] == small_sector::market &&
                !before.contains(w.world.businesses.luck[b]))
                ++entered;
        }
        EXPECT_EQ(entered > 0, relaxed);
    }
}

TEST(Businesses, ExogenousSectorsStayAsTheyAre) {
    SmallWorld w;
    const std::int64_t businesses = w.businesses_of(small_sector::government), posts = w.posts_of(small_sector::government);
    businesses_only(w, 60);
    EXPECT_EQ(w.businesses_of(small_sector::government), businesses);
    EXPECT_EQ(w.posts_of(small_sector::government), posts);
}

TEST(Businesses, SwitchOff) {
    SmallWorld w;
    for (const Behaviour behaviour : {Behaviour::business_entry, Behaviour::business_exit, Behaviour::business_growth})
        w.neutral.set(static_cast<std::size_t>(behaviour));
    w.scenario.assumptions.businesses.misuse_per_month = 0;
    const std::size_t businesses = w.world.businesses.count(), posts = w.world.jobs.count();
    businesses_only(w, 24);
    EXPECT_EQ(w.world.businesses.count(), businesses);
    EXPECT_EQ(w.world.jobs.count(), posts);
}

TEST(Businesses, LostCustomersCloseShops) {
    auto shops_after = [](bool empty, double answer) {
        SmallSetting s;
        s.businesses = 100;
        SmallWorld w(s);
        BusinessAssumptions& a = w.scenario.assumptions.businesses;
        a.exit_demand = a.entry_demand = a.growth_demand = answer;
        if (empty) {
            for (std::uint32_t h = 0; h < w.world.households.rows(); ++h) {
                if (mix64(w.world.households.luck[h]) % 10 < 6) remove_household(w.world, h);
            }
        }
        businesses_only(w, 60);
        return w.posts_of(small_sector::retail);
    };
    EXPECT_LT(static_cast<double>(shops_after(true, 1.0)), 0.95 * static_cast<double>(shops_after(false, 1.0)));
    EXPECT_EQ(shops_after(true, 0.0), shops_after(false, 0.0));  // placebo
}

TEST(Businesses, ReservedPremisesTakeTheirSectorAndFunctionAreasPull) {
    auto taken_after = [](bool pull) {
        SmallWorld w;
        w.scenario.assumptions.businesses.entry_pull = pull ? 1.2 : 0.0;
        for (std::uint32_t i = 0; i < 40; ++i) {
            add_premises(w.world, luck_key(77, i), 1, 1, PremisesUse::office, 300, 0, small_sector::office);
        }
        businesses_only(w, 6);
        int taken = 0;
        for (std::uint32_t p = 0; p < w.world.premises.rows(); ++p) {
            const std::uint32_t business = w.world.premises.business[p];
            if (w.world.premises.only_sector[p] == 255 || business == no_row) continue;
            EXPECT_TRUE(w.world.businesses.sector[business] == small_sector::office ||
                        (w.world.businesses.flags[business] & business_flag::unauthorised));
            EXPECT_TRUE(w.world.businesses.flags[business] & business_flag::in_vacated_space);
            ++taken;
        }
        return taken;
    };
    const int without = taken_after(false), with = taken_after(true);
    EXPECT_GT(without, 0);
    EXPECT_GT(with, without);
}

TEST(Businesses, DisplacementEmptiesTheSpaceAndKeepsTheBooks) {
    SmallWorld w;
    for (std::uint32_t p = 0; p < w.world.premises.rows(); ++p) {
        if (w.world.premises.block[p] == 2) w.world.premises.space[p] = 0;
    }
    w.scenario.assumptions.businesses.relocate_inside_share = 0.5;
    w.begin_month();
    const std::size_t businesses = w.world.businesses.count();
    const std::int64_t filled = w.filled();
    const std::int64_t unemployed = w.count(Activity::unemployed);
    const std::int64_t employed = w.filled_by_residents();
    const std::size_t commuters = w.world.in_commuters.count();
    displace_businesses(w.model(), w.world, 0);
    for (std::uint32_t p = 0; p < w.world.premises.rows(); ++p) {
        if (w.world.premises.space[p] != 0) continue;
        EXPECT_EQ(w.world.premises.state[p], PremisesState::closed);
        EXPECT_EQ(w.world.premises.business[p], no_row);
    }
    const std::int64_t gone = w.world.flows.total(Flow::business_exits) + w.world.flows.total(Flow::business_relocations_out);
    EXPECT_GT(w.world.flows.total(Flow::business_relocations), 0);
    EXPECT_GT(gone, 0);
    EXPECT_EQ(static_cast<std::int64_t>(businesses - w.world.businesses.count()), gone);
    EXPECT_EQ(filled - w.filled(), w.world.flows.total(Flow::workers_displaced));
    EXPECT_EQ(w.count(Activity::unemployed) - unemployed, employed - w.filled_by_residents());
    EXPECT_EQ(static_cast<std::int64_t>(commuters - w.world.in_commuters.count()),
              (filled - w.filled()) - (employed - w.filled_by_residents()));
}

TEST(Businesses, MisuseStartsInEmptyPremisesAndAnswersEnforcement) {
    auto started = [](double enforcement) {
        SmallSetting s;
        s.vacant_premises = 60;
        SmallWorld w(s);
        w.neutral.set(static_cast<std::size_t>(Behaviour::business_entry));
        w.scenario.assumptions.businesses.misuse_per_month = 0.02;
        w.set_levers([&](Levers& l) { l.control.enforcement = enforcement; });
        std::int64_t n = 0;
        for (int month = 0; month < 12; ++month) {
            businesses_only(w, 1);
            n += w.world.flows.total(Flow::misuse_started);
        }
        return n;
    };
    const std::int64_t weak = started(0.5), strong = started(4);
    EXPECT_GT(strong, 0);
    EXPECT_GT(weak, strong);
}

TEST(Businesses, UnemployedResidentsStartBusinessesInReusedSpace) {
    auto self_employed = [](bool reused, bool reward) {
        SmallSetting s;
        s.unemployed = 0.1;
        s.vacant_premises = 20;
        SmallWorld w(s);
        w.set_levers([&](Levers& l) { l.off.set(static_cast<std::size_t>(Clause::P5), !reward); });
        w.scenario.assumptions.businesses.self_employment_per_month = 0.01;
        if (reused) {
            for (std::uint32_t p = 0; p < w.world.premises.rows(); ++p) {
                if (w.world.premises.vacant(p)) w.world.premises.space[p] = 0;
            }
        }
        businesses_only(w, 6);
        int n = 0;
        for (std::uint32_t b = 0; b < w.world.businesses.rows(); ++b) {
            if (!w.world.businesses.alive(b) || !(w.world.businesses.flags[b] & business_flag::self_employed)) continue;
            EXPECT_TRUE(w.world.businesses.flags[b] & business_flag::in_reused_space);
            EXPECT_EQ(w.world.businesses.filled[b], 1U);
            ++n;
        }
        return n;
    };
    EXPECT_GT(self_employed(true, true), 0);
    EXPECT_EQ(self_employed(false, true), 0);
    EXPECT_EQ(self_employed(true, false), 0);
}

TEST(Businesses, EntrantsAreTheSameWhateverElseHappens) {
    // More exits elsewhere do not change who the candidates of a stream are, only how many open.
    SmallSetting s;
    s.vacant_premises = 40;
    SmallWorld a(s), b(s);
    b.scenario.assumptions.businesses.entry_factor = 2;
    auto entrants = [](SmallWorld& w) {
        std::set<std::uint64_t> before, now;
        for (std::uint32_t row = 0; row < w.world.businesses.rows(); ++row) before.insert(w.world.businesses.luck[row]);
        w.begin_month();
        enter_businesses(w.model(), w.world, business_conditions(w.model(), w.world));
        for (std::uint32_t row = 0; row < w.world.businesses.rows(); ++row) {
            if (!before.contains(w.world.businesses.luck[row])) now.insert(w.world.businesses.luck[row]);
        }
        return now;
    };
    std::size_t few_total = 0, many_total = 0;
    for (int month = 0; month < 6; ++month) {
        const auto few = entrants(a), many = entrants(b);
        for (const std::uint64_t luck : few) EXPECT_TRUE(many.contains(luck));
        few_total += few.size();
        many_total += many.size();
        b.world = a.world;
        ++a.world.month;
        ++b.world.month;
    }
    EXPECT_GT(few_total, 0U);
    EXPECT_GT(many_total, few_total);
}

}  // namespace
}  // namespace hutong
