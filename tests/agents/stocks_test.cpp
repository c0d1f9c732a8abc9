#include "agents/stocks.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "agents/steps.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

std::size_t filled_posts(const World& world) {
    std::size_t filled = 0;
    for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) filled += world.jobs.alive(j) && !world.jobs.open(j);
    return filled;
}

TEST(Stocks, AnEmptiedHouseholdFreesItsDwelling) {
    TinyWorld tiny;
    World& world = tiny.world;
    std::uint32_t single = no_row;
    for (std::uint32_t h = 0; h < world.households.rows() && single == no_row; ++h) {
        if (world.households.alive(h) && world.households.size[h] == 1) single = h;
    }
    ASSERT_NE(single, no_row);
    const std::uint32_t dwelling = world.households.dwelling[single];
    const std::size_t people = world.people.count();
    remove_person(world, world.households.first_member[single]);
    EXPECT_FALSE(world.households.alive(single));
    EXPECT_EQ(world.dwellings.household[dwelling], no_row);
    EXPECT_EQ(world.people.count(), people - 1);
    EXPECT_TRUE(audit(tiny.model, world).empty());
}

TEST(Stocks, AHouseholdThatLosesItsHeadGetsThePartner) {
    TinyWorld tiny;
    World& world = tiny.world;
    for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
        std::uint32_t head = no_row, partner = no_row;
        for (std::uint32_t m = world.households.first_member[h]; m != no_row; m = world.people.next_member[m]) {
            if (world.people.role[m] == Role::head) head = m;
            if (world.people.role[m] == Role::partner) partner = m;
        }
        if (head == no_row || partner == no_row) continue;
        remove_person(world, head);
        EXPECT_EQ(world.people.role[partner], Role::head);
        EXPECT_TRUE(audit(tiny.model, world).empty());
        return;
    }
    FAIL() << "no couple in the tiny town";
}

TEST(Stocks, RemovingABusinessSendsEveryWorkerAway) {
    TinyWorld tiny;
    World& world = tiny.world;
    std::uint32_t largest = 0;
    for (std::uint32_t b = 0; b < world.businesses.rows(); ++b) {
        if (world.businesses.posts[b] > world.businesses.posts[largest]) largest = b;
    }
    const std::size_t filled = filled_posts(world), posts = world.jobs.count();
    const std::uint32_t here = world.businesses.filled[largest], all = world.businesses.posts[largest];
    ASSERT_GT(here, 0U);
    remove_business(world, largest);
    EXPECT_EQ(filled_posts(world), filled - here);
    EXPECT_EQ(world.jobs.count(), posts - all);
    EXPECT_TRUE(audit(tiny.model, world).empty());
}

TEST(Stocks, RemovingPostsTogetherIsRemovingThemOneByOne) {
    TinyWorld tiny;
    World together = tiny.world, one_by_one = tiny.world;
    for (std::uint32_t b = 0; b < tiny.world.businesses.rows(); ++b) {
        std::vector<std::uint32_t> posts;
        std::uint32_t n = 0;
        for (std::uint32_t j = tiny.world.businesses.first_job[b]; j != no_row; j = tiny.world.jobs.next_job[j]) {
            if ((b + n++) % 3 != 1) posts.push_back(j);
        }
        if (b % 2 == 0) std::reverse(posts.begin(), posts.end());
        remove_posts(together, b, posts);
        for (const std::uint32_t post : posts) remove_post(one_by_one, post);
    }
    EXPECT_LT(together.jobs.count(), tiny.world.jobs.count());
    EXPECT_EQ(hash(together), hash(one_by_one));
    EXPECT_EQ(together.jobs.free_rows, one_by_one.jobs.free_rows);
    EXPECT_EQ(together.in_commuters.free_rows, one_by_one.in_commuters.free_rows);
    EXPECT_TRUE(audit(tiny.model, together).empty());
}

TEST(Stocks, AnySequenceOfBookingsKeepsTheBooks) {
    EXPECT_TRUE(rc::check([] {
        TinyWorld tiny;
        World& world = tiny.world;
        const auto deeds = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
        for (const std::uint32_t deed : deeds) {
            const std::uint32_t pick = deed >> 3;
            const auto person = static_cast<std::uint32_t>(pick % world.people.rows());
            const auto post = static_cast<std::uint32_t>(pick % world.jobs.rows());
            switch (deed & 7) {
                case 0:
                    if (world.people.alive(person)) remove_person(world, person);
                    break;
                case 1:
                    if (world.jobs.alive(post) && !world.jobs.open(post)) vacate_post(world, post);
                    break;
                case 2:
                    if (world.jobs.alive(post) && world.jobs.open(post) && world.people.alive(person)) hire_resident(world, post, person);
                    break;
                case 3:
                    if (world.jobs.alive(post) && world.jobs.open(post)) {
                        hire_in_commuter(world, post, mix64(deed), Month::of(1985, 1), Sex::male, Skill::middle, Registration::beijing, 50);
                    }
                    break;
                case 4:
                    if (world.jobs.alive(post)) remove_post(world, post);
                    break;
                case 5:
                    if (world.jobs.alive(post)) add_post(world, world.jobs.business[post], Skill::low);
                    break;
                case 6: {
                    if (!world.people.alive(person)) break;
                    for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
                        if (!world.dwellings.vacant(d)) continue;
                        move_household(world, world.people.household[person], d, world.month);
                        break;
                    }
                    break;
                }
                default: {
                    const auto other = static_cast<std::uint32_t>(mix64(pick) % world.people.rows());
                    if (!world.people.alive(person) || !world.people.alive(other)) break;
                    const std::uint32_t to = world.people.household[other];
                    if (world.people.household[person] == to || world.households.size[to] == 255) break;
                    change_household(world, person, to);
                    world.people.role[person] = Role::other;  // whoever moves in is not the head
                    break;
                }
            }
        }
        const auto problems = audit(tiny.model, world);
        if (!problems.empty()) RC_FAIL(problems.front());
    }));
}

TEST(Stocks, BookingGrainByGrainIsBookingAtOnce) {
    TinyWorld tiny;
    World later = tiny.world;
    World& world = tiny.world;
    std::vector<PostBooks> grains(3);
    std::vector<std::uint32_t> open;
    for (std::uint32_t post = 0; post < world.jobs.rows(); ++post) {
        if (!world.jobs.alive(post)) continue;
        if (world.jobs.open(post)) {
            open.push_back(post);
        } else if (mix64(post) % 3 == 0) {
            vacate_post(world, post);
            vacate_post(later, post, Activity::unemployed, grains[post % 3]);
        }
    }
    // The free rows are in another order; everything else is the same.
    for (const PostBooks& books : grains) book(later, books);
    EXPECT_EQ(world.jobs.worker, later.jobs.worker);
    EXPECT_EQ(world.businesses.filled, later.businesses.filled);
    EXPECT_EQ(world.businesses.non_local, later.businesses.non_local);
    EXPECT_EQ(world.in_commuters.count(), later.in_commuters.count());
    EXPECT_TRUE(audit(tiny.model, later).empty());
    // More come than rows are free.
    const std::size_t some = later.in_commuters.free_rows.size() + 2;
    for (std::uint32_t post = 0; post < later.jobs.rows() && open.size() < some; ++post) {
        if (later.jobs.alive(post) && later.jobs.open(post) && std::find(open.begin(), open.end(), post) == open.end())
            open.push_back(post);
    }
    ASSERT_GT(open.size(), 2U);
    const std::vector<std::uint32_t> rows = take_in_commuter_rows(later, open.size());
    ASSERT_EQ(rows.size(), open.size());
    PostBooks hired;
    for (std::size_t i = 0; i < open.size(); ++i) {
        hire_in_commuter(later, rows[i], open[i], later.jobs.business[open[i]], mix64(7000 + i), Month::of(1985, 1), Sex::male,
                         Skill::middle, Registration::beijing, 50, hired);
    }
    book(later, hired);
    EXPECT_TRUE(audit(tiny.model, later).empty());
}

// A World is held for every replicate in flight: what its tables may take is fixed here.
TEST(Stocks, TablesTakeNoMoreThanTheirRowsAndAThirtySecond) {
    TinyWorld tiny;
    World world = tiny.world;  // as long as its rows: a copy, as replicates begin with
    const auto bytes_a_row = [](auto& table) {
        std::size_t bytes = 0;
        table.columns([&](auto& column) { bytes += sizeof(typename std::remove_cvref_t<decltype(column)>::value_type); });
        return bytes;
    };
    EXPECT_LE(bytes_a_row(world.people), 31U);
    EXPECT_LE(bytes_a_row(world.households), 24U);
    EXPECT_LE(bytes_a_row(world.dwellings), 24U);
    EXPECT_LE(bytes_a_row(world.in_commuters), 18U);
    EXPECT_LE(bytes_a_row(world.businesses), 38U);
    EXPECT_LE(bytes_a_row(world.jobs), 23U);
    EXPECT_LE(bytes_a_row(world.premises), 26U);
    for (int month = 0; month < 3; ++month) step_once(tiny.model, world);
    constexpr std::uint32_t more = 3000;
    const std::size_t homes = world.dwellings.rows(), places = world.premises.rows(), facilities = world.services.facilities.rows();
    const std::uint32_t business = world.jobs.business[0];
    ASSERT_NE(business, no_row);
    for (std::uint32_t i = 0; i < more; ++i) {
        add_dwelling(world, luck_key(91, i), 0, 0, DwellingType::apartment, Tenure::private_rent, 50, no_row);
        add_premises(world, luck_key(92, i), 0, 0, PremisesUse::shop, 50, no_row, 255);
        add_facility(world, luck_key(93, i), 0, 0, 1, 0, no_row, no_row, false);
        add_post(world, business, Skill::low);
    }
    EXPECT_EQ(world.dwellings.rows(), homes + more);
    EXPECT_EQ(world.premises.rows(), places + more);
    EXPECT_EQ(world.services.facilities.rows(), facilities + more);
    const auto check = [](const char* name, auto& table) {
        std::size_t at = 0;
        table.columns([&](auto& column) {
            const auto& values = to_change(column);
            EXPECT_EQ(values.size(), table.rows()) << name << ", column " << at;
            EXPECT_LE(values.capacity(), values.size() + values.size() / 32 + 1) << name << ", column " << at;
            ++at;
        });
    };
    check("people", world.people);
    check("households", world.households);
    check("dwellings", world.dwellings);
    check("in-commuters", world.in_commuters);
    check("jobs", world.jobs);
    check("premises", world.premises);
    check("facilities", world.services.facilities);
}

TEST(Stocks, AnInCommuterWhoSettlesKeepsThePost) {
    TinyWorld tiny;
    World& world = tiny.world;
    std::uint32_t commuter = no_row;
    for (std::uint32_t c = 0; c < world.in_commuters.rows() && commuter == no_row; ++c) {
        if (world.in_commuters.alive(c)) commuter = c;
    }
    ASSERT_NE(commuter, no_row);
    const std::uint32_t post = world.in_commuters.job[commuter];
    const std::uint32_t business = world.jobs.business[post];
    const std::uint32_t non_local = world.businesses.non_local[business];
    std::uint32_t dwelling = 0;
    while (!world.dwellings.vacant(dwelling)) ++dwelling;
    const std::uint32_t household = add_household(world, 12345, dwelling, world.month, 2, 0, 0);
    NewPerson person;
    person.luck = world.in_commuters.luck[commuter];
    person.birth = Month::of(1990, 1);
    person.role = Role::head;
    const std::uint32_t resident = add_person(world, household, person);
    settle_in_commuter(world, commuter, resident);
    EXPECT_TRUE(world.jobs.by_resident(post));
    EXPECT_EQ(world.businesses.non_local[business], non_local - 1);
    EXPECT_TRUE(audit(tiny.model, world).empty());
}

}  // namespace
}  // namespace hutong
