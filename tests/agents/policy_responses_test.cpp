// Responses of the workflow to its levers, each with its placebo (model.md, "Responses", 6, 7 and 9 to 13), neutral
// variants, the queue of a body against its exact stationary distribution, and what must hold under any levers.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "agents/allocation.h"
#include "agents/services.h"
#include "agents/workflow.h"
#include "core/exact_math.h"
#include "scenarios/purposes.h"
#include "tests/agents/spaces_world.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

using Levels = std::function<void(Scenario&)>;
constexpr std::uint64_t replicates = 32;  // paired seeds (model.md, "Responses")

void lever(Scenario& s, const char* path, const ParameterValue& value) { SpacesWorld::lever(s, path, value); }

void off(Scenario& s, Clause clause) {
    Levers levers = s.policy.at(Month{});
    levers.off.set(static_cast<std::size_t>(clause));
    s.policy = Policy(levers);
}

void ample(Scenario& s) {
    lever(s, "governance.capacity_factor", 10.0);
    lever(s, "money.capital_budget_yuan", 1e11);
    lever(s, "money.operating_budget_yuan", 1e11);
}

/// Rooms in residential areas, every second above the threshold, all to become culture rooms: no choice is left.
struct CultureRooms : SpacesWorld {
    CultureRooms(const Levels& levels, std::uint64_t seed, OwnerType owner = OwnerType::district)
        : SpacesWorld(
              60, levels,
              [=](Space& s, std::size_t i) {
                  s.category = SpaceCategory::residential;
                  s.owner = owner;
                  s.area_m2 = i % 2 ? 4000 : 300;
                  s.vacated = Month::of(2017, 7) + static_cast<int>(i % 12);
              },
              seed) {
        for (const Space& one : district.spaces) scenario.decisions.push_back({.space = one.code, .use = "culture_room"});
    }
    bool key(std::uint32_t s) const { return space(s).area_m2 > 2000; }
    /// Restricted to the months simulated: a space still on its way counts up to the end.
    double mean_months(const std::function<bool(std::uint32_t)>& which) const {
        std::int64_t n = 0;
        for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) n += which(s) ? 1 : 0;
        return static_cast<double>(months_to_opening(which)) / static_cast<double>(std::max<std::int64_t>(1, n));
    }
};

std::vector<std::int64_t> history_of(const SpacesWorld& w, const std::function<bool(std::uint32_t)>& which) {
    std::vector<std::int64_t> all;
    for (const SpaceEvent& e : w.world.spaces.events) {
        if (!which(e.space)) continue;
        for (const std::int64_t v : {std::int64_t{e.month}, std::int64_t{e.space}, static_cast<std::int64_t>(e.stage),
                                     static_cast<std::int64_t>(e.decision), std::int64_t{e.use}})
            all.push_back(v);
    }
    return all;
}

/// Mean paired difference and the half width of its 95 % interval (Student's t at 31 degrees of freedom).
struct Effect {
    double mean = 0, half = 0;
    bool sure_below_zero() const { return mean + half < 0; }
    bool sure_above_zero() const { return mean - half > 0; }
};
Effect effect_of(const std::function<double(std::uint64_t)>& difference) {
    std::vector<double> d;
    for (std::uint64_t seed = 1; seed <= replicates; ++seed) d.push_back(difference(seed));
    const auto n = static_cast<double>(d.size());
    Effect e;
    e.mean = std::accumulate(d.begin(), d.end(), 0.0) / n;
    double squares = 0;
    for (const double one : d) squares += (one - e.mean) * (one - e.mean);
    constexpr double t_31 = 2.040;
    e.half = t_31 * std::sqrt(squares / (n - 1) / n);
    return e;
}

// 6 Green channel -> mean months down for plan-listed spaces with ample capacity.
TEST(PolicyResponses, GreenChannelShortensAndItsPlaceboDoesNot) {
    auto months = [](double share, bool clause, std::uint64_t seed) {
        CultureRooms w(
            [&](Scenario& s) {
                ample(s);
                lever(s, "governance.green_channel", share);
                if (!clause) off(s, Clause::P4);
            },
            seed);
        w.run(80);
        return w.mean_months([&](std::uint32_t s) { return w.world.spaces.in_plan[s] != 0; });
    };
    const Effect effect = effect_of([&](std::uint64_t seed) { return months(0.6, true, seed) - months(0.0, true, seed); });
    EXPECT_TRUE(effect.sure_below_zero()) << effect.mean << " +- " << effect.half;
    for (std::uint64_t seed = 1; seed <= replicates; ++seed) EXPECT_EQ(months(0.6, false, seed), months(0.0, false, seed));
}

// 7 Budget cut -> publicly funded openings later; owners above the district pay themselves: their placebo.
TEST(PolicyResponses, BudgetCutDelaysWhatIsPubliclyFunded) {
    auto months = [](double budget, OwnerType owner, std::uint64_t seed) {
        CultureRooms w([&](Scenario& s) { lever(s, "money.capital_budget_yuan", budget); }, seed, owner);
        w.run(80);
        return w.mean_months([](std::uint32_t) { return true; });
    };
    const Effect effect =
        effect_of([&](std::uint64_t seed) { return months(2e7, OwnerType::district, seed) - months(2e9, OwnerType::district, seed); });
    EXPECT_TRUE(effect.sure_above_zero()) << effect.mean << " +- " << effect.half;
    for (std::uint64_t seed = 1; seed <= replicates; ++seed)
        EXPECT_EQ(months(2e7, OwnerType::central, seed), months(2e9, OwnerType::central, seed));
}

/// Residential basements of a tiny town where services are short; only what is covered counts.
struct Basements : SpacesWorld {
    Basements(std::int32_t people, std::uint64_t seed)
        : SpacesWorld(
              3,
              [](Scenario& s) {
                  for (const char* weight : {"green_weight", "convenience_weight", "high_end_weight", "cost_weight", "population_weight"})
                      SpacesWorld::lever(s, std::string("allocation.") + weight, 0.0);
                  s.assumptions.governance.settle_share = 0;  // nobody waits for money
              },
              [](Space& s, std::size_t i) {
                  s.category = SpaceCategory::residential;
                  s.form = SpaceForm::floor_below;
                  s.owner = OwnerType::district;
                  s.area_m2 = 150 + 250 * static_cast<double>(i);
                  s.vacated = Month::of(2017, 1);
              },
              seed) {
        const std::size_t nodes = district.network.nodes();
        world.services.members.assign(target_groups * nodes, people);
        world.services.served_permille.assign(district.catalogue.services.size() * nodes, 0);
        for (std::size_t i = 0; i < world.services.served_permille.size(); ++i)
            world.services.served_permille[i] = static_cast<std::int32_t>(mix64(seed * 1000003 + i / nodes) % 1000);
        for (std::uint32_t s = 0; s < 3; ++s) world.spaces.stage[s] = SpaceStage::vacant;
    }
};

/// Worth of the best plan of all plans: every assignment of permitted uses to spaces, in every order.
double brute_force(const Basements& w, std::int64_t budget) {
    std::vector<std::vector<Verdict>> verdicts;
    std::vector<std::vector<std::uint32_t>> open(3);
    for (std::uint32_t s = 0; s < 3; ++s) {
        verdicts.push_back(permitted(w.space(s), w.district, w.model.levers(w.world.month)));
        for (std::uint32_t u = 0; u < verdicts[s].size(); ++u) {
            if (verdicts[s][u].allowed()) open[s].push_back(u);
        }
    }
    double best = 0;
    std::vector<std::uint32_t> order{0, 1, 2};
    do {
        for (const std::uint32_t a : open[order[0]]) {
            for (const std::uint32_t b : open[order[1]]) {
                for (const std::uint32_t c : open[order[2]]) {
                    Allocation allocation(w.model, w.world);
                    std::int64_t left = budget;
                    double worth = 0;
                    const std::uint32_t uses[] = {a, b, c};
                    for (std::size_t i = 0; i < 3; ++i) {
                        const std::uint32_t s = order[i];
                        const UseId id(uses[i]);
                        const std::int64_t yuan =
                            district_yuan(w.district.catalogue.uses[uses[i]], w.space(s).owner, w.space(s).area_m2, false,
                                          w.model.levers(w.world.month), in_historic_block(w.district, w.space(s)));
                        if (yuan > left || !allocation.open_to(s, id, verdicts[s][uses[i]], 100000)) continue;
                        worth += allocation.score(s, id, verdicts[s][uses[i]]).total;
                        left -= yuan;
                        allocation.take(s, id);
                    }
                    best = std::max(best, worth);
                }
            }
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

// 9 Central allocation: within 1 % of the brute-forced optimum, never below first come.
TEST(PolicyResponses, CentralAllocationIsNearTheOptimum) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        for (const std::int64_t budget : {std::int64_t{900'000}, std::int64_t{1'000'000'000}}) {
            Basements w(30, seed);
            double central = 0;
            for (const auto& choice : Allocation(w.model, w.world).central({0, 1, 2}, budget, 100000, 3)) central += choice.total;
            const double best = brute_force(w, budget);
            EXPECT_GE(central, 0.99 * best) << "seed " << seed << ", budget " << budget;
            EXPECT_LE(central, best * (1 + 1e-9));
            EXPECT_GT(best, 0);
        }
    }
}

// 10 Red line tightened where headroom is positive -> uses with positive assessed effect fall; C4.1 off: nothing changes.
TEST(PolicyResponses, TighterRedLineMeansFewerUsesThatDrawPeople) {
    auto drawing = [](double line, bool clause, std::uint64_t seed) {
        SpacesWorld w(
            90,
            [&](Scenario& s) {
                ample(s);
                lever(s, "control.red_line_persons", line);
                if (!clause) off(s, Clause::C4_1);
            },
            [](Space& s, std::size_t i) {
                s.vacated = Month::of(2021, 1) + static_cast<int>(i % 12);
                s.owner = i % 2 ? OwnerType::district : OwnerType::private_owner;
            },
            seed);
        w.world.governance.start_persons = 1'240'000;
        w.world.governance.committed_milli_persons = 600'000'000;  // as many as if so many lived here
        w.world.governance.headroom_committed_persons = 600'000;
        w.run(90);
        double n = 0;
        for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
            if (w.world.spaces.use[s] == no_use || w.world.spaces.stage[s] <= SpaceStage::agreement) continue;
            n += assessed_milli_persons(w.district.catalogue.uses[w.world.spaces.use[s]], w.space(s).area_m2) > 0 ? 1 : 0;
        }
        return n;
    };
    const Effect effect = effect_of([&](std::uint64_t seed) { return drawing(550'000, true, seed) - drawing(1'107'000, true, seed); });
    EXPECT_TRUE(effect.sure_below_zero()) << effect.mean << " +- " << effect.half;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) EXPECT_EQ(drawing(550'000, false, seed), drawing(1'107'000, false, seed));
}

/// A town whose people stand still: only spaces move, then coverage is counted.
struct FrozenTown : TinyWorld {
    explicit FrozenTown(const char* kind, const char* use_code, Scenario given = {})
        : TinyWorld(1, 1, tiny_town_drawing, std::move(given)) {
        for (std::uint32_t s = 0; s < district.spaces.size(); ++s) {
            const bool wanted = name_of(district.spaces[s].category) == kind;
            if (wanted) scenario.decisions.push_back({.space = district.spaces[s].code, .use = use_code, .experiment = true});
            if (world.spaces.opened[s] != 0) continue;  // history opened it: it stays
            world.spaces.vacated[s] = wanted ? world.month.index : Month::of(2100, 1).index;
            world.spaces.stage[s] = SpaceStage::occupied;  // nothing else moves
            if (wanted) chosen.push_back(s);
        }
    }
    void run(int months) {
        for (int i = 0; i < months; ++i) {
            world.flows.reset(static_cast<std::uint32_t>(district.blocks.size()));
            vacate(model, world);
            govern(model, world);
            open_spaces(model, world);
            update_services(model, world);
            ++world.month;
        }
    }
    std::vector<std::uint32_t> chosen;
};

// 11 Corner land and temporary space: coverage of green or parking changes only within reach of the plots, exactly.
TEST(PolicyResponses, CornerLandChangesCoverageOnlyWithinItsReach) {
    FrozenTown green("corner_land", "pocket_green"), blank("corner_land", "left_blank");
    ASSERT_FALSE(green.chosen.empty());
    green.run(60);
    blank.run(60);
    for (const std::uint32_t s : green.chosen) ASSERT_NE(green.world.spaces.opened[s], 0);
    const std::size_t nodes = green.district.network.nodes();
    std::int64_t changed_within = 0;
    for (std::size_t service = 0; service < green.district.catalogue.services.size(); ++service) {
        const bool its_own = green.district.catalogue.uses[green.district.catalogue.use("pocket_green").value].service.value == service;
        std::vector<std::uint8_t> within(nodes, 0);
        Reach reach(green.district.network);
        for (const std::uint32_t s : green.chosen) {
            for (const auto& found :
                 reach.from(green.district.spaces[s].node).within_m(green.district.catalogue.services[service].distance_m))
                within[found.node.value] = 1;
        }
        for (std::size_t n = 0; n < nodes; ++n) {
            const auto with = green.world.services.served_permille[service * nodes + n],
                       without = blank.world.services.served_permille[service * nodes + n];
            if (its_own && within[n]) {
                EXPECT_GE(with, without);
                changed_within += with != without ? 1 : 0;
            } else {
                ASSERT_EQ(with, without) << green.district.catalogue.services[service].code << " at node " << n;
            }
        }
    }
    EXPECT_GT(changed_within, 0);
}

// 12 Sittings halved -> key projects later; scattered projects have identical histories.
TEST(PolicyResponses, FewerSittingsDelayKeyProjectsAndNobodyElse) {
    auto rooms = [](std::int64_t sittings, bool clause, std::uint64_t seed) {
        auto w = std::make_unique<CultureRooms>(
            [&](Scenario& s) {
                ample(s);
                lever(s, "governance.sittings_per_quarter", sittings);
                lever(s, "governance.agenda_per_sitting", std::int64_t{3});
                if (!clause) off(s, Clause::M1);
            },
            seed);
        w->run(90);
        return w;
    };
    const auto key = [](const CultureRooms& w) { return w.mean_months([&](std::uint32_t s) { return w.key(s); }); };
    const Effect effect = effect_of([&](std::uint64_t seed) { return key(*rooms(1, true, seed)) - key(*rooms(2, true, seed)); });
    EXPECT_TRUE(effect.sure_above_zero()) << effect.mean << " +- " << effect.half;
    const auto every = [](std::uint32_t) { return true; };
    for (std::uint64_t seed = 1; seed <= replicates; ++seed) {
        const auto one = rooms(1, true, seed), two = rooms(2, true, seed);
        const auto scattered = [&](std::uint32_t s) { return !one->key(s); };
        ASSERT_FALSE(history_of(*one, scattered).empty());
        EXPECT_EQ(history_of(*one, scattered), history_of(*two, scattered)) << "seed " << seed;
        EXPECT_EQ(history_of(*rooms(1, false, seed), every), history_of(*rooms(2, false, seed), every));  // placebo: no joint meeting
    }
}

// 13 Off-hours sharing -> sport coverage up where short, floor area unchanged; off-hours capacity weighing nothing: no effect.
TEST(PolicyResponses, OffHoursSharingServesMorePeopleOnTheSameFloor) {
    struct Outcome {
        std::int64_t served = 0, floor = 0;
    };
    auto school = [](bool sharing, double weight) {
        Scenario scenario;
        lever(scenario, "allocation.off_hours_sharing", sharing);
        scenario.assumptions.services.off_hours_weight = weight;
        FrozenTown town("education", "primary_school", scenario);
        town.run(60);
        for (const std::uint32_t s : town.chosen) EXPECT_NE(town.world.spaces.opened[s], 0);
        Outcome out;
        const auto& catalogue = town.district.catalogue;
        const std::size_t service = catalogue.uses[catalogue.use("primary_school").value].shares.value,
                          nodes = town.district.network.nodes();
        const auto group = static_cast<std::size_t>(catalogue.services[service].group);
        for (std::size_t n = 0; n < nodes; ++n)
            out.served += static_cast<std::int64_t>(town.world.services.members[group * nodes + n]) *
                          town.world.services.served_permille[service * nodes + n];
        for (const auto area : town.world.premises.area_dm2_100) out.floor += area;
        return out;
    };
    const Outcome with = school(true, 0.5), without = school(false, 0.5);
    EXPECT_GT(with.served, without.served);
    EXPECT_EQ(with.floor, without.floor);
    EXPECT_EQ(school(true, 0.0).served, school(false, 0.0).served);
}

TEST(NeutralVariants, OwnersThenAnswerToNothingAndNobodyVotesOrSendsBack) {
    auto plans = [](Behaviour behaviour, double uptake) {
        SpacesWorld w(
            60, [&](Scenario& s) { lever(s, "owners.self_upgrade_uptake", uptake); },
            [](Space& s, std::size_t) { s.owner = OwnerType::private_owner; });
        if (behaviour != Behaviour::count) w.model.neutral.set(static_cast<std::size_t>(behaviour));
        w.run(36);
        return w.world.spaces.events.size();
    };
    EXPECT_NE(plans(Behaviour::count, 5.0), plans(Behaviour::count, 0.2));
    EXPECT_EQ(plans(Behaviour::owners, 5.0), plans(Behaviour::owners, 0.2));
    SpacesWorld vote(60), departments(60);
    vote.model.neutral.set(static_cast<std::size_t>(Behaviour::vote));
    departments.model.neutral.set(static_cast<std::size_t>(Behaviour::departments));
    vote.run(60);
    departments.run(60);
    EXPECT_EQ(vote.world.governance.votes_held, 0U);
    for (const auto sent_back : departments.world.governance.sent_back) EXPECT_EQ(sent_back, 0U);
    for (std::size_t a = 0; a < departments.world.governance.queue_length.size(); ++a) {
        const bool money =
            a == static_cast<std::size_t>(Body::development_and_reform) || a == static_cast<std::size_t>(Body::trade_regulator);
        if (!money) {  // there plans wait for money and last instalments
            EXPECT_EQ(departments.world.governance.queue_length[a], 0U);
        }
    }
}

/// Stationary distribution of Q' = max(Q - c, 0) + A by iterating the chain on 0..most.
std::vector<double> stationary(const std::vector<double>& arrivals, std::size_t capacity, std::size_t most) {
    std::vector<double> p(most + 1, 0);
    p[0] = 1;
    for (int i = 0; i < 4000; ++i) {
        std::vector<double> next(most + 1, 0);
        for (std::size_t q = 0; q <= most; ++q) {
            const std::size_t left = q > capacity ? q - capacity : 0;
            for (std::size_t a = 0; a < arrivals.size(); ++a) next[std::min(left + a, most)] += p[q] * arrivals[a];
        }
        p = std::move(next);
    }
    return p;
}

TEST(Queue, FollowsItsExactStationaryDistribution) {
    constexpr std::size_t months = 5000, capacity = 2, most = 40;
    const std::vector<double> arrivals{0.30, 0.25, 0.20, 0.15, 0.10};  // of 0 to 4 cases a month, 1.5 on average
    constexpr auto body = static_cast<std::size_t>(Body::planning_and_land);
    SpacesWorld w(
        8000,
        [](Scenario& s) {
            s.assumptions.governance.capacity_planning_and_land = static_cast<double>(capacity);
            lever(s, "governance.coordination", 1.0);  // nobody is sent back
            off(s, Clause::P0);
        },
        [](Space& s, std::size_t) {
            s.category = SpaceCategory::industrial;
            s.area_m2 = 4000;
            s.vacated = Month::of(2400, 1);
        });
    std::vector<double> seen(most + 1, 0);
    std::uint32_t next = 0;
    const Month start = w.world.month;
    for (std::size_t m = 0; m < months; ++m) {
        w.world.month = start;  // the same month again and again: the calendar ends before the queue is stationary
        const double draw = unit_open(static_cast<std::uint32_t>(mix64(m * 7919 + 13)));
        std::size_t a = 0;
        for (double sum = arrivals[0]; a + 1 < arrivals.size() && draw > sum; sum += arrivals[++a]) {
        }
        const std::uint32_t waiting = w.world.governance.queue_length[body];
        seen[std::min<std::size_t>(waiting + a, most)] += 1.0 / months;
        for (std::size_t i = 0; i < a && next < w.world.spaces.rows(); ++i, ++next) {
            start_plan(w.model, w.world, next, w.use("office_research"), 2, Decider::decided, Verdict{});
            w.world.spaces.stage[next] = SpaceStage::consultation;
            w.world.spaces.submitted[next] = start.index;
            w.world.spaces.ready[next] = start.index;
        }
        w.world.flows.reset(static_cast<std::uint32_t>(w.district.blocks.size()));
        govern(w.model, w.world);
        ASSERT_EQ(w.world.governance.queue_length[body], waiting + a > capacity ? waiting + a - capacity : 0U);
    }
    ASSERT_LT(next, w.world.spaces.rows());
    const auto exact = stationary(arrivals, capacity, most);
    double distance = 0, mean = 0, expected = 0;
    for (std::size_t q = 0; q <= most; ++q) {
        distance += std::abs(seen[q] - exact[q]) / 2;
        mean += static_cast<double>(q) * seen[q];
        expected += static_cast<double>(q) * exact[q];
    }
    EXPECT_LT(distance, 0.06);
    EXPECT_NEAR(mean, expected, 0.1 * expected);
}

// What must hold whatever the levers: no exclusion without a clause in force, one use at a time, spending within the
// budget, ties before additions, m2 that add up (audit_spaces), in every month.
RC_GTEST_PROP(PolicyProperties, HoldUnderAnyLevers, ()) {
    const auto share = [](int percent) { return percent / 100.0; };
    const std::uint64_t seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
    const double budget = static_cast<double>(*rc::gen::element<std::int64_t>(0, 3'000'000, 100'000'000, 2'000'000'000));
    const double guidance = share(*rc::gen::inRange(0, 101)), listed = share(*rc::gen::inRange(0, 101));
    const double tie = share(*rc::gen::inRange(0, 301)), uptake = share(*rc::gen::inRange(0, 500));
    const bool central = *rc::gen::arbitrary<bool>();
    const int removed = *rc::gen::inRange(0, static_cast<int>(Clause::count));
    SpacesWorld w(
        40,
        [&](Scenario& s) {
            lever(s, "money.capital_budget_yuan", budget);
            lever(s, "allocation.guidance", guidance);
            lever(s, "governance.plan_share", listed);
            lever(s, "control.scale_tie_ratio", tie);
            lever(s, "owners.self_upgrade_uptake", uptake);
            lever(s, "allocation.mode", std::string(central ? "central" : "first_come"));
            if (removed != 0) off(s, static_cast<Clause>(removed));
        },
        {}, seed);
    for (int month = 0; month < 70; ++month) {
        w.step();
        const auto problems = audit_spaces(w.model, w.world);
        if (!problems.empty()) RC_LOG() << problems.front() << "\n";
        RC_ASSERT(problems.empty());
        RC_ASSERT(w.world.governance.tie_pool_dm2 >= 0);
        RC_ASSERT(w.world.governance.capital_left_yuan >= 0);
    }
    const Levers& levers = w.model.levers(w.world.month);
    for (const Space& space : w.district.spaces) {
        for (const Verdict& verdict : permitted(space, w.district, levers)) {
            RC_ASSERT(verdict.allowed() || verdict.clause != Clause::none);
            RC_ASSERT(verdict.clause == Clause::none || levers.on(verdict.clause));
        }
    }
}

}  // namespace
}  // namespace hutong
