#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "agents/hiring_rules.h"
#include "agents/homes.h"
#include "agents/keyed_race.h"
#include "core/exact_math.h"
#include "permute.h"
#include "small_world.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

/// The matching of one month without applying it.
struct MonthOfSearch {
    std::vector<Seeker> seekers;
    Vacancies vacancies;
    explicit MonthOfSearch(SmallWorld& w) {
        w.begin_month();
        const Model model = w.model();
        seekers = separate_and_search(model, w.world);
        vacancies = list_vacancies(model, w.world);
        search_outside(model, w.world, vacancies, seekers);
        add_outside_candidates(model, w.world, vacancies, seekers);
    }
};

SmallSetting many_seekers() {
    SmallSetting s;
    s.unemployed = 0.10;
    s.open_posts = 0.15;
    return s;
}

TEST(Labour, MatchesEachPostAndEachSeekerAtMostOnce) {
    SmallWorld w(many_seekers());
    for (int month = 0; month < 12; ++month) {
        MonthOfSearch search(w);
        const Matching m = match(w.model(), w.world, search.seekers, search.vacancies);
        ASSERT_GT(m.matches.size(), 0U);
        EXPECT_LE(m.matches.size(), search.vacancies.post.size());
        EXPECT_LE(m.matches.size(), search.seekers.size());
        std::set<std::uint32_t> posts, seekers;
        for (const Match& pair : m.matches) {
            EXPECT_TRUE(posts.insert(pair.post).second);
            EXPECT_TRUE(seekers.insert(pair.seeker).second);
            EXPECT_TRUE(w.world.jobs.open(pair.post));
            EXPECT_EQ(w.world.jobs.skill[pair.post], search.seekers[pair.seeker].skill);
        }
        hire(w.model(), w.world, search.seekers, m);
        ++w.world.month;
    }
}

TEST(Labour, DoesNotDependOnThreads) {
    std::vector<std::uint64_t> hashes;
    for (const int threads : {1, 2, 3, 8}) {
        SmallSetting s = many_seekers();
        s.residents = 3000;  // several grains
        s.threads = threads;
        SmallWorld w(s);
        for (int month = 0; month < 6; ++month) w.step();
        hashes.push_back(hash(w.world));
    }
    EXPECT_EQ(std::set<std::uint64_t>(hashes.begin(), hashes.end()).size(), 1U);
}

/// What a month leaves behind, whatever the rows.
std::vector<std::int64_t> aggregates(const SmallWorld& w) {
    std::vector<std::int64_t> a = w.world.flows.by_block;
    std::vector<std::int64_t> by_block(w.district.blocks.size() * 4, 0);
    for (std::uint32_t j = 0; j < w.world.jobs.rows(); ++j) {
        if (!w.world.jobs.alive(j)) continue;
        const std::size_t b = w.world.jobs.block[j] * std::size_t{4};
        ++by_block[b];
        by_block[b + 1] += w.world.jobs.by_resident(j);
        by_block[b + 2] += w.world.jobs.by_in_commuter(j);
        by_block[b + 3] += static_cast<std::int64_t>(w.world.jobs.luck[j] % 1000003);
    }
    a.insert(a.end(), by_block.begin(), by_block.end());
    for (const Activity activity : {Activity::employed_here, Activity::employed_outside, Activity::unemployed})
        a.push_back(w.count(activity));
    return a;
}

TEST(Labour, RowsDecideNothing) {
    SmallWorld a(many_seekers()), b(many_seekers());
    b.world = a.world;
    b.world.housing.slot_of.assign(b.world.dwellings.rows(), 0);  // no housing market here
    permute_rows(b.world, 99);
    for (int month = 0; month < 24; ++month) {
        a.step();
        b.step();
        ASSERT_EQ(aggregates(a), aggregates(b)) << "month " << month;
    }
}

TEST(Labour, ACopyContinuesAsTheOriginal) {
    SmallWorld a, b;
    for (int month = 0; month < 6; ++month) a.step();
    b.world = a.world;
    for (int month = 0; month < 6; ++month) {
        a.step();
        b.step();
    }
    EXPECT_EQ(hash(a.world), hash(b.world));
}

TEST(Labour, WithdrawingOnePostInAHundredMovesFewSeekers) {
    SmallSetting s = many_seekers();
    s.businesses = 1000;
    s.residents = 12000;
    s.open_posts = 0.10;
    SmallWorld w(s);
    MonthOfSearch search(w);
    const Matching before = match(w.model(), w.world, search.seekers, search.vacancies);
    // The same month with one open post in a hundred (by luck) gone.
    std::vector<std::pair<std::uint64_t, std::uint32_t>> posts;
    for (const std::uint32_t post : search.vacancies.post) posts.emplace_back(mix64(w.world.jobs.luck[post]), post);
    std::sort(posts.begin(), posts.end());
    posts.resize(posts.size() / 100);
    ASSERT_GT(posts.size(), 30U);
    for (const auto& [order, post] : posts) remove_post(w.world, post);
    const Vacancies fewer = list_vacancies(w.model(), w.world);
    const Matching after = match(w.model(), w.world, search.seekers, fewer);
    std::map<std::uint32_t, std::uint32_t> got, gets;
    for (const Match& m : before.matches) got[m.seeker] = m.post;
    for (const Match& m : after.matches) gets[m.seeker] = m.post;
    std::size_t changed = 0;
    for (std::uint32_t i = 0; i < search.seekers.size(); ++i) {
        const auto x = got.find(i), y = gets.find(i);
        const bool same = (x == got.end()) == (y == gets.end()) && (x == got.end() || x->second == y->second);
        changed += same ? 0 : 1;
    }
    EXPECT_GT(changed, 0U);
    RecordProperty("changed_permille", static_cast<int>(1000 * changed / search.seekers.size()));
    EXPECT_LE(static_cast<double>(changed), 0.03 * static_cast<double>(search.seekers.size()));
}

TEST(Labour, ARaceChoosesInProportionToWeights) {
    const double weights[4] = {1, 2, 3, 0};
    double counts[4] = {0, 0, 0, 0};
    const Luck luck(5, 0);
    constexpr int draws = 60000;
    for (int i = 0; i < draws; ++i) {
        KeyedRace race(key_of(luck.block(Purpose::test, static_cast<std::uint64_t>(i), Month{})));
        for (std::uint32_t a = 0; a < 4; ++a) race.enter(a, mix64(a), weights[a]);
        ++counts[race.winner()];
    }
    EXPECT_EQ(counts[3], 0);
    double chi_square = 0;
    for (int a = 0; a < 3; ++a) {
        const double expected = draws * weights[a] / 6.0;
        chi_square += (counts[a] - expected) * (counts[a] - expected) / expected;
    }
    EXPECT_LT(chi_square, 13.8);  // 2 degrees of freedom, one in a thousand
}

TEST(Labour, BlocksAreChosenByPostsAndDistance) {
    // One seeker after another, each alone: nothing is contested, so first choices are seen.
    SmallSetting s;
    s.blocks = 4;
    s.open_posts = 0.3;
    SmallWorld w(s);
    w.scenario.assumptions.labour.nest = 1.0;  // then the nested formula is the plain logit
    const Model model = w.model();
    w.begin_month();
    Vacancies v = list_vacancies(model, w.world);
    std::vector<double> weight(4, 0);
    double sum = 0;
    for (std::uint32_t b = 0; b < 4; ++b) {
        weight[b] = v.open_at(v.place(b, Skill::middle));
        weight[b] *= static_cast<double>(w.world.work.cache.attraction[1 * 4 + b]);
        sum += weight[b];
    }
    constexpr int draws = 4000;
    std::vector<double> counts(4, 0);
    for (int i = 0; i < draws; ++i) {
        const Seeker seeker{mix64(static_cast<std::uint64_t>(i) + 1000), 0, SeekerKind::unemployed, Skill::middle, 1, 0};
        const Matching m = match(model, w.world, {seeker}, v);
        ASSERT_EQ(m.matches.size(), 1U);
        ++counts[w.world.jobs.block[m.matches[0].post]];
    }
    double chi_square = 0;
    for (std::size_t b = 0; b < 4; ++b) {
        const double expected = draws * weight[b] / sum;
        ASSERT_GT(expected, 5);
        chi_square += (counts[b] - expected) * (counts[b] - expected) / expected;
    }
    EXPECT_LT(chi_square, 16.3);  // 3 degrees of freedom, one in a thousand
}

TEST(Labour, OthersDoNotChangeAPersonsDraws) {
    SmallWorld a(many_seekers()), b(many_seekers());
    // One more resident in b: everybody else separates and searches as before.
    const std::uint32_t dwelling = add_dwelling(b.world, 5, 0, 0, DwellingType::apartment, Tenure::owned, 50, no_row);
    const std::uint32_t household = add_household(b.world, 6, dwelling, SmallWorld::start, 1, 0, 0);
    NewPerson person;
    person.luck = 7;
    person.birth = SmallWorld::start - 400;
    person.activity = Activity::unemployed;
    person.role = Role::head;
    add_person(b.world, household, person);
    a.begin_month();
    b.begin_month();
    auto lucks = [](std::vector<Seeker> seekers) {
        std::set<std::uint64_t> set;
        for (const Seeker& s : seekers) set.insert(s.luck);
        set.erase(7);
        return set;
    };
    EXPECT_EQ(lucks(separate_and_search(a.model(), a.world)), lucks(separate_and_search(b.model(), b.world)));
    EXPECT_EQ(a.world.flows.total(Flow::separations), b.world.flows.total(Flow::separations));
}

TEST(Labour, HigherHazardsOnlyAddSeparations) {
    SmallWorld low, high;
    high.scenario.assumptions.labour.separation_factor = 2;
    low.neutral.set(static_cast<std::size_t>(Behaviour::labour_search));
    high.neutral.set(static_cast<std::size_t>(Behaviour::labour_search));
    low.begin_month();
    high.begin_month();
    separate_and_search(low.model(), low.world);
    separate_and_search(high.model(), high.world);
    std::size_t more = 0;
    for (std::uint32_t j = 0; j < low.world.jobs.rows(); ++j) {
        EXPECT_LE(low.world.jobs.open(j), high.world.jobs.open(j));
        more += high.world.jobs.open(j) && !low.world.jobs.open(j) ? 1 : 0;
    }
    EXPECT_GT(more, 0U);
}

TEST(Labour, SeparationsFollowTheSectorsRate) {
    SmallSetting s;
    s.businesses = 300;
    SmallWorld w(s);
    double expected = 0;
    for (std::uint32_t j = 0; j < w.world.jobs.rows(); ++j) {
        if (!w.world.jobs.open(j))
            expected += monthly_probability(w.scenario.assumptions.labour.separation_factor *
                                            w.district.catalogue.sectors[w.world.jobs.sector[j]].separation_per_year);
    }
    w.neutral.set(static_cast<std::size_t>(Behaviour::retirement));
    const double filled = static_cast<double>(w.filled());
    w.begin_month();
    separate_and_search(w.model(), w.world);
    const double found = static_cast<double>(w.world.flows.total(Flow::separations));
    EXPECT_EQ(found, filled - static_cast<double>(w.filled()));
    EXPECT_NEAR(found, expected, 4 * std::sqrt(expected));
}

TEST(HiringRules, CapRoundsDownWithoutTraps) {
    EXPECT_EQ(non_local_cap(0.8, 10), 2);
    EXPECT_EQ(non_local_cap(0.8, 9), 1);
    EXPECT_EQ(non_local_cap(0.8, 4), 0);
    EXPECT_EQ(non_local_cap(0.5, 7), 3);
    EXPECT_EQ(non_local_cap(0.0, 7), 7);
    EXPECT_EQ(non_local_cap(1.0, 7), 0);
}

/// Community businesses become livelihood projects, emptied of everybody, with many residents without work around.
void make_projects(SmallWorld& w) {
    for (std::uint32_t b = 0; b < w.world.businesses.rows(); ++b) {
        if (!w.world.businesses.alive(b) || w.world.businesses.sector[b] != small_sector::community) continue;
        w.world.businesses.funding[b] = Funding::livelihood_project;
        for (std::uint32_t j = w.world.businesses.first_job[b]; j != no_row; j = w.world.jobs.next_job[j]) {
            if (!w.world.jobs.open(j)) vacate_post(w.world, j);
        }
    }
}

struct ProjectStaff {
    std::int64_t filled = 0, non_local = 0, over_cap = 0, waiting = 0;
};

ProjectStaff run_projects(bool rule, const char* reading) {
    SmallWorld w(many_seekers());
    w.set_levers([&](Levers& l) {
        l.off.set(static_cast<std::size_t>(Clause::C4_4), !rule);
        l.employment.local_means = reading;
    });
    make_projects(w);
    ProjectStaff staff;
    for (int month = 0; month < 24; ++month) {
        w.begin_month();
        update_labour(w.model(), w.world);
        ++w.world.month;
        staff.waiting += w.world.flows.total(Flow::posts_waiting_rule);
        for (std::uint32_t b = 0; b < w.world.businesses.rows(); ++b) {
            if (!w.world.businesses.alive(b) || w.world.businesses.funding[b] != Funding::livelihood_project) continue;
            const std::int64_t non_local = count_non_local(w.scenario.policy.at(w.world.month).employment, w.world, b);
            if (non_local > non_local_cap(0.8, w.world.businesses.posts[b])) ++staff.over_cap;
            if (month == 23) {
                staff.filled += w.world.businesses.filled[b];
                staff.non_local += non_local;
            }
        }
    }
    return staff;
}

TEST(HiringRules, NoHireExceedsTheCapAndPostsWait) {
    for (const char* reading : {"resident", "registered"}) {
        const ProjectStaff with = run_projects(true, reading);
        const ProjectStaff without = run_projects(false, reading);
        EXPECT_EQ(with.over_cap, 0) << reading;
        EXPECT_GT(with.filled, 0) << reading;
        EXPECT_GT(with.waiting, 0) << reading;
        EXPECT_GT(without.over_cap, 0) << reading;
        EXPECT_EQ(without.waiting, 0) << reading;
        EXPECT_LT(with.non_local * without.filled, without.non_local * with.filled) << reading;
    }
}

// Who moves away keeps the post with the declared chance and counts as not local from then on: the project is above its
// cap and hires nobody from outside until the cap holds again.
TEST(HiringRules, StaffWhoMoveAwayCountAsNonLocal) {
    for (const double keeps : {1.0, 0.0}) {
        SmallSetting setting = many_seekers();
        setting.businesses = 60;
        SmallWorld w(setting);
        w.scenario.assumptions.labour.keeps_post_on_leaving = keeps;
        make_projects(w);
        World& world = w.world;
        for (int month = 0; month < 12; ++month) w.step();
        std::int64_t kept = 0, opened = 0, full = 0;
        for (std::uint32_t person = 0; person < world.people.rows(); ++person) {
            if (!world.people.alive(person) || world.people.job[person] == no_row) continue;
            const std::uint32_t post = world.people.job[person], business = world.jobs.business[post];
            if (world.businesses.funding[business] != Funding::livelihood_project) continue;
            const std::uint64_t luck = world.people.luck[person];
            const std::uint32_t before = world.businesses.non_local[business];
            world.flows.reset(static_cast<std::uint32_t>(w.district.blocks.size()));
            leave_district(w.model(), world, world.people.household[person]);
            opened += world.jobs.open(post) ? 1 : 0;
            if (world.jobs.open(post)) continue;
            ++kept;
            ASSERT_TRUE(world.jobs.by_in_commuter(post));
            EXPECT_EQ(world.in_commuters.luck[world.jobs.worker[post] & ~JobTable::in_commuter_bit], luck);
            EXPECT_GT(world.businesses.non_local[business], before);
            EXPECT_GT(world.flows.total(Flow::project_staff_moved_away), 0);
            const std::int64_t cap = non_local_cap(0.8, world.businesses.posts[business]);
            const std::int64_t over = count_non_local(w.scenario.policy.at(world.month).employment, world, business) - cap;
            if (over < 0) continue;
            ++full;
            EXPECT_EQ(non_local_room(w.scenario.policy.at(world.month), world, business), 0);
        }
        EXPECT_EQ(keeps > 0, kept > 5) << kept;
        EXPECT_EQ(keeps > 0, full > 0) << full;
        EXPECT_EQ(keeps > 0, opened == 0) << opened;
    }
}

/// What a month of hiring did in the livelihood projects of a world where businesses grow, shrink and close.
struct ProjectMonths {
    std::int64_t hires = 0;             ///< of people who are not local
    std::int64_t hires_beyond_cap = 0;  ///< of them, where the cap was exceeded afterwards
    std::int64_t posts_went = 0;        ///< months over the cap that began with posts closed
    std::int64_t as_before = 0;         ///< months over the cap that follow such a month
    std::int64_t unexplained = 0;
};

ProjectMonths run_changing_projects(const char* reading) {
    SmallSetting s = many_seekers();
    s.businesses = 60;
    SmallWorld w(s);
    w.set_levers([&](Levers& l) { l.employment.local_means = reading; });
    w.scenario.assumptions.businesses.post_turnover_per_year = 0.3;
    make_projects(w);
    const World& world = w.world;
    const auto& jobs = world.jobs;
    const auto worker_luck = [&](std::uint32_t post) -> std::uint64_t {
        if (jobs.open(post)) return 0;
        return jobs.by_in_commuter(post) ? world.in_commuters.luck[jobs.worker[post] & ~JobTable::in_commuter_bit]
                                         : world.people.luck[jobs.worker[post]];
    };
    ProjectMonths months;
    std::map<std::uint64_t, std::int64_t> cap_before, over_before;  // by luck of the business
    for (int month = 0; month < 48; ++month) {
        w.begin_month();
        update_businesses(w.model(), w.world);
        std::vector<std::uint64_t> before(jobs.rows(), 0);
        for (std::uint32_t post = 0; post < jobs.rows(); ++post) {
            if (jobs.alive(post)) before[post] = worker_luck(post);
        }
        update_labour(w.model(), w.world);
        ++w.world.month;
        const EmploymentLevers& levers = w.scenario.policy.at(world.month).employment;
        std::map<std::uint64_t, std::int64_t> caps, over;
        for (std::uint32_t b = 0; b < world.businesses.rows(); ++b) {
            if (!world.businesses.alive(b) || world.businesses.funding[b] != Funding::livelihood_project) continue;
            const std::uint64_t luck = world.businesses.luck[b];
            caps[luck] = non_local_cap(0.8, world.businesses.posts[b]);
            over[luck] = std::max<std::int64_t>(0, count_non_local(levers, world, b) - caps[luck]);
            for (std::uint32_t post = world.businesses.first_job[b]; post != no_row; post = jobs.next_job[post]) {
                if (jobs.open(post) || worker_luck(post) == before[post]) continue;
                const bool commuter = jobs.by_in_commuter(post);
                const std::uint32_t row = jobs.worker[post] & ~JobTable::in_commuter_bit;
                const Registration registration = commuter ? world.in_commuters.registration[row] : world.people.registration[row];
                if (counts_as_local(levers, !commuter, registration)) continue;
                ++months.hires;
                months.hires_beyond_cap += over[luck] > 0 ? 1 : 0;
            }
            if (over[luck] == 0) continue;
            const auto known = cap_before.find(luck);
            if (known != cap_before.end() && caps[luck] < known->second) {
                ++months.posts_went;
            } else if (over_before[luck] > 0) {
                ++months.as_before;
            } else {
                ++months.unexplained;
            }
        }
        cap_before = caps;
        over_before = over;
    }
    return months;
}

TEST(HiringRules, OnlyPostsThatGoBringAProjectBelowItsShareAndNoHireDoes) {
    for (const char* reading : {"resident", "registered"}) {
        const ProjectMonths months = run_changing_projects(reading);
        EXPECT_GT(months.hires, 20) << reading;
        EXPECT_EQ(months.hires_beyond_cap, 0) << reading;
        EXPECT_GT(months.posts_went, 0) << reading;
        EXPECT_EQ(months.unexplained, 0) << reading;
        RecordProperty(std::string("posts_went_") + reading, static_cast<int>(months.posts_went));
        RecordProperty(std::string("as_before_") + reading, static_cast<int>(months.as_before));
    }
}

/// Hires into rewarded posts over two years: residents, all.
std::pair<std::int64_t, std::int64_t> rewarded_hires(double reward, double coefficient, std::uint64_t seed) {
    SmallSetting s = many_seekers();
    s.seed = seed;
    SmallWorld w(s);
    w.set_levers([&](Levers& l) { l.employment.subsidy_per_local_hire_yuan = reward; });
    w.scenario.assumptions.labour.subsidy_weight = coefficient;
    w.scenario.assumptions.businesses.entry_subsidy = 0;
    for (std::uint32_t b = 0; b < w.world.businesses.rows(); b += 2) w.world.businesses.flags[b] |= business_flag::in_reused_space;
    std::int64_t residents = 0, all = 0;
    for (int month = 0; month < 24; ++month) {
        w.step();
        residents += w.world.flows.total(Flow::hires_subsidised_resident);
        all += w.world.flows.total(Flow::hires_subsidised_resident) + w.world.flows.total(Flow::hires_subsidised_outside);
        const auto paid = static_cast<std::int64_t>(reward) * w.world.flows.total(Flow::hires_subsidised_resident);
        EXPECT_GE(w.world.flows.total(Flow::subsidy_yuan), paid);  // self-employment comes on top
    }
    return {residents, all};
}

TEST(Labour, RewardsRaiseTheShareOfResidentsAndTheEffectHasAPlacebo) {
    double low = 0, high = 0, all_low = 0, all_high = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto [r0, n0] = rewarded_hires(0, 0.8, seed);
        const auto [r1, n1] = rewarded_hires(20000, 0.8, seed);
        low += static_cast<double>(r0);
        all_low += static_cast<double>(n0);
        high += static_cast<double>(r1);
        all_high += static_cast<double>(n1);
        EXPECT_EQ(rewarded_hires(0, 0, seed), rewarded_hires(20000, 0, seed));
    }
    ASSERT_GT(all_low, 200);
    EXPECT_GT(high / all_high, low / all_low + 0.01);
}

TEST(Labour, SearchAndSeparationsSwitchOff) {
    SmallWorld w;
    w.neutral.set(static_cast<std::size_t>(Behaviour::labour_search));
    w.neutral.set(static_cast<std::size_t>(Behaviour::separations));
    w.neutral.set(static_cast<std::size_t>(Behaviour::retirement));
    const std::int64_t filled = w.filled();
    for (int month = 0; month < 12; ++month) {
        w.begin_month();
        update_labour(w.model(), w.world);
        ++w.world.month;
        EXPECT_EQ(
            w.world.flows.total(Flow::separations) + w.world.flows.total(Flow::hires_resident) + w.world.flows.total(Flow::hires_outside),
            0);
    }
    EXPECT_EQ(w.filled(), filled);
}

/// Where the residents who worked in the vacated markets are three years on, over all test seeds.
struct Displaced {
    int workers = 0, here = 0, outside = 0, unemployed = 0, no_longer_in_work = 0, left = 0, left_together = 0, left_with_family = 0;
};

Displaced displaced_workers() {
    Displaced d;
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        TinyWorld town(seed);
        World& world = town.world;
        struct Person {
            std::uint64_t luck = 0;
            std::vector<std::uint64_t> others;  ///< of the household at the time
        };
        std::vector<Person> workers;
        for (std::uint32_t p = 0; p < world.people.rows(); ++p) {
            const std::uint32_t post = world.people.alive(p) ? world.people.job[p] : no_row;
            if (post == no_row) continue;
            const std::uint32_t premises = world.businesses.premises[world.jobs.business[post]];
            if (world.premises.space[premises] == no_row) continue;
            Person person{world.people.luck[p]};
            const std::uint32_t household = world.people.household[p];
            for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = world.people.next_member[m]) {
                if (m != p) person.others.push_back(world.people.luck[m]);
            }
            workers.push_back(std::move(person));
        }
        town.neutral(Behaviour::deaths);  // who is gone has left
        town.neutral(Behaviour::couples);
        for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
            if (world.spaces.stage[s] == SpaceStage::occupied) world.spaces.vacated[s] = world.month.index;
        }
        for (int month = 0; month < 36; ++month) town.step();
        std::map<std::uint64_t, std::uint32_t> row_of;
        for (std::uint32_t p = 0; p < world.people.rows(); ++p) {
            if (world.people.alive(p)) row_of[world.people.luck[p]] = p;
        }
        for (const Person& one : workers) {
            ++d.workers;
            const auto found = row_of.find(one.luck);
            if (found == row_of.end()) {
                ++d.left;
                if (one.others.empty()) continue;
                ++d.left_with_family;
                d.left_together +=
                    std::none_of(one.others.begin(), one.others.end(), [&](std::uint64_t luck) { return row_of.contains(luck); });
                continue;
            }
            switch (world.people.activity[found->second]) {
                case Activity::employed_here:
                    ++d.here;
                    break;
                case Activity::employed_outside:
                    ++d.outside;
                    break;
                case Activity::unemployed:
                    ++d.unemployed;
                    break;
                default:
                    ++d.no_longer_in_work;
            }
        }
    }
    return d;
}

TEST(Labour, DisplacedWorkersFindWorkHereOrOutsideStayUnemployedOrLeaveWithTheirHousehold) {
    const Displaced d = displaced_workers();
    ASSERT_GT(d.workers, 30);
    EXPECT_EQ(d.here + d.outside + d.unemployed + d.no_longer_in_work + d.left, d.workers);
    EXPECT_GT(d.here, 0);
    EXPECT_GT(d.outside, 0);
    EXPECT_GT(d.unemployed, 0);
    EXPECT_GT(d.left, 0);
    EXPECT_GT(d.left_together, 0);
    EXPECT_GE(2 * d.left_together, d.left_with_family) << "mostly with all who lived with them";
    for (const auto& [name, n] : {std::pair{"workers", d.workers},
                                  {"here", d.here},
                                  {"outside", d.outside},
                                  {"unemployed", d.unemployed},
                                  {"no_longer_in_work", d.no_longer_in_work},
                                  {"left", d.left},
                                  {"left_together", d.left_together}})
        RecordProperty(name, n);
}

}  // namespace
}  // namespace hutong
