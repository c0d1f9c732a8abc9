#include "agents/stocks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/member_book.h"
#include "core/draw.h"
#include "core/error.h"

namespace hutong {
namespace {

/// Room of a column for so many rows: a thirty-second more and not as much again, as every replicate has a World.
std::size_t room_for(std::size_t rows) { return rows + rows / 32; }

/// Free rows are as many as ever were free at once: here, too, not twice the room that they need.
void set_free(std::vector<std::uint32_t>& free_rows, std::span<const std::uint32_t> rows) {
    const std::size_t size = free_rows.size() + rows.size();
    if (size > free_rows.capacity()) free_rows.reserve(size + size / 8);
    free_rows.insert(free_rows.end(), rows.begin(), rows.end());
}
void set_free(std::vector<std::uint32_t>& free_rows, std::uint32_t row) { set_free(free_rows, std::span(&row, 1)); }

template <class Table>
void lengthen(Table& table, std::size_t rows) {
    table.columns([&](auto& column) {
        auto& values = to_change(column);
        const std::size_t size = values.size() + rows;
        if (size > values.capacity()) values.reserve(room_for(size));
        values.resize(size);
    });
}

/// A free row, or a new one at the end of every column.
template <class Table>
std::uint32_t take_row(Table& table) {
    if (!table.free_rows.empty()) {
        const std::uint32_t row = table.free_rows.back();
        table.free_rows.pop_back();
        return row;
    }
    const auto row = static_cast<std::uint32_t>(table.rows());
    lengthen(table, 1);
    return row;
}

void unlink_member(World& world, std::uint32_t person) {
    auto& people = world.people;
    auto& households = world.households;
    const std::uint32_t household = people.household[person];
    std::uint32_t* link = &households.first_member[household];
    while (*link != person) link = &people.next_member[*link];
    *link = people.next_member[person];
    people.next_member[person] = no_row;
    --households.size[household];
    book_person(world, person, -1);
    book_member(world, person, household, false);
}

void link_member(World& world, std::uint32_t person, std::uint32_t household) {
    auto& people = world.people;
    auto& households = world.households;
    people.household[person] = household;
    people.next_member[person] = households.first_member[household];
    households.first_member[household] = person;
    ++households.size[household];
    const std::uint32_t dwelling = households.dwelling[household];
    people.home_node[person] = dwelling == no_row ? no_node : world.dwellings.node[dwelling];
    book_person(world, person, 1);
    book_member(world, person, household, true);
}

/// Frees dwelling and row of a household without members.
void close_household(World& world, std::uint32_t household) {
    const std::uint32_t dwelling = world.households.dwelling[household];
    book_car(world, household, -1);
    if (dwelling != no_row) world.dwellings.household[dwelling] = no_row;
    world.households.dwelling[household] = no_row;
    world.households.first_member[household] = no_row;
    world.households.size[household] = 0;
    set_free(world.households.free_rows, household);
}

/// A household whose head went gets a new one: the partner, else the oldest (equal ages: smaller luck key).
void appoint_head(World& world, std::uint32_t household) {
    auto& people = world.people;
    std::uint32_t best = no_row;
    for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = people.next_member[m]) {
        if (people.role[m] == Role::head) return;
        if (best == no_row) {
            best = m;
            continue;
        }
        const bool partner = people.role[m] == Role::partner;
        const bool best_partner = people.role[best] == Role::partner;
        if (partner != best_partner) {
            if (partner) best = m;
        } else if (people.birth_month[m] != people.birth_month[best] ? people.birth_month[m] < people.birth_month[best]
                                                                     : people.luck[m] < people.luck[best]) {
            best = m;
        }
    }
    if (best != no_row) people.role[best] = Role::head;
}

void leave_household(World& world, std::uint32_t person) {
    const std::uint32_t household = world.people.household[person];
    unlink_member(world, person);
    if (world.households.size[household] == 0) {
        close_household(world, household);
    } else if (world.people.role[person] == Role::head) {
        appoint_head(world, household);
    }
}

void free_person_row(World& world, std::uint32_t person) {
    world.people.household[person] = no_row;
    world.people.home_node[person] = no_node;
    world.people.activity[person] = Activity::retired;  // so that no search for workers, seekers or pupils stops here
    world.people.luck[person] = 0;
    set_free(world.people.free_rows, person);
}

void unlink_post(World& world, std::uint32_t post) {
    auto& jobs = world.jobs;
    std::uint32_t* link = &world.businesses.first_job[jobs.business[post]];
    while (*link != post) link = &jobs.next_job[*link];
    *link = jobs.next_job[post];
}

void free_post_row(World& world, std::uint32_t post) {
    world.jobs.business[post] = no_row;
    world.jobs.next_job[post] = no_row;
    world.jobs.worker[post] = no_row;
    world.jobs.luck[post] = 0;
    set_free(world.jobs.free_rows, post);
}

/// Books at once.
struct AtOnce {
    World& world;
    void line(std::uint32_t business, std::int8_t filled, std::int8_t non_local) const {
        // Signs wrap around: adding -1 to an unsigned count takes one away.
        world.businesses.filled[business] += static_cast<std::uint32_t>(filled);
        world.businesses.non_local[business] += static_cast<std::uint32_t>(non_local);
    }
    void free_row(std::uint32_t in_commuter) const { set_free(world.in_commuters.free_rows, in_commuter); }
};

/// Leaves it to book().
struct Later {
    PostBooks& books;
    void line(std::uint32_t business, std::int8_t filled, std::int8_t non_local) const {
        books.lines.push_back({business, filled, non_local});
    }
    void free_row(std::uint32_t in_commuter) const { books.freed.push_back(in_commuter); }
};

template <class Books>
void hire_resident_with(World& world, std::uint32_t post, std::uint32_t business, std::uint32_t person, Books&& books) {
    auto& people = world.people;
    HUTONG_EXPECT(world.jobs.open(post));
    if (people.job[person] != no_row) vacate_post_with(world, people.job[person], Activity::unemployed, books);
    world.jobs.worker[post] = person;
    people.job[person] = post;
    people.activity[person] = Activity::employed_here;
    people.months_unemployed[person] = 0;
    books.line(business, 1, 0);
}

template <class Books>
void hire_in_commuter_with(World& world, std::uint32_t row, std::uint32_t post, std::uint32_t business, std::uint64_t luck, Month birth,
                           Sex sex, Skill skill, Registration registration, std::uint8_t commute_min, Books&& books) {
    auto& commuters = world.in_commuters;
    HUTONG_EXPECT(world.jobs.open(post));
    commuters.luck[row] = luck;
    commuters.job[row] = post;
    commuters.birth_month[row] = birth.index;
    commuters.commute_min[row] = commute_min;
    commuters.sex[row] = sex;
    commuters.skill[row] = skill;
    commuters.registration[row] = registration;
    world.jobs.worker[post] = row | JobTable::in_commuter_bit;
    books.line(business, 1, 1);
}

template <class Books>
void transfer_in_commuter_with(World& world, std::uint32_t commuter, std::uint32_t post, std::uint32_t business, Books&& books) {
    auto& commuters = world.in_commuters;
    HUTONG_EXPECT(world.jobs.open(post));
    const std::uint32_t old = commuters.job[commuter];
    world.jobs.worker[old] = no_row;
    books.line(world.jobs.business[old], -1, -1);
    commuters.job[commuter] = post;
    world.jobs.worker[post] = commuter | JobTable::in_commuter_bit;
    books.line(business, 1, 1);
}

template <class Books>
void vacate_post_with(World& world, std::uint32_t post, Activity then, Books&& books) {
    auto& jobs = world.jobs;
    const std::uint32_t worker = jobs.worker[post];
    const bool commuter = (worker & JobTable::in_commuter_bit) != 0;
    if (commuter) {
        const std::uint32_t row = worker & ~JobTable::in_commuter_bit;
        world.in_commuters.job[row] = no_row;
        world.in_commuters.luck[row] = 0;
        books.free_row(row);
    } else {
        world.people.job[worker] = no_row;
        world.people.activity[worker] = then;
        world.people.months_unemployed[worker] = 0;
    }
    jobs.worker[post] = no_row;
    books.line(jobs.business[post], -1, static_cast<std::int8_t>(commuter ? -1 : 0));
}

/// Enters the change (entry, change) of MemberBook::count.
template <class Enter>
void move_household_with(World& world, std::uint32_t household, std::uint32_t dwelling, Month month, const Enter& enter) {
    auto& households = world.households;
    const std::uint32_t old = households.dwelling[household];
    const bool cars = households.cars[household] != 0;
    if (old != no_row) {
        world.dwellings.household[old] = no_row;
        if (cars) enter(entry_of_cars(world.dwellings.node[old]), -1);
    }
    households.dwelling[household] = dwelling;
    households.moved_in[household] = month.index;
    world.dwellings.household[dwelling] = household;
    const std::uint16_t node = world.dwellings.node[dwelling];
    if (cars) enter(entry_of_cars(node), 1);
    for (std::uint32_t m = households.first_member[household]; m != no_row; m = world.people.next_member[m]) {
        std::uint16_t& home = world.people.home_node[m];
        if (home != no_node) enter(entry_of_person(world, m, home), -1);
        home = node;
        enter(entry_of_person(world, m, node), 1);
    }
}

}  // namespace

std::uint32_t add_household(World& world, std::uint64_t luck, std::uint32_t dwelling, Month month, std::uint8_t income, std::uint8_t cars,
                            std::uint8_t flags) {
    auto& households = world.households;
    const std::uint32_t row = take_row(households);
    households.luck[row] = luck;
    households.dwelling[row] = dwelling;
    households.first_member[row] = no_row;
    households.moved_in[row] = month.index;
    households.size[row] = 0;
    households.income[row] = income;
    households.cars[row] = cars;
    households.flags[row] = flags;
    households.satisfaction[row] = 1000;
    if (dwelling != no_row) world.dwellings.household[dwelling] = row;
    book_household(world, row);
    return row;
}

std::uint32_t add_person(World& world, std::uint32_t household, const NewPerson& person) {
    auto& people = world.people;
    const std::uint32_t row = take_row(people);
    people.luck[row] = person.luck;
    people.job[row] = no_row;
    people.birth_month[row] = person.birth.index;
    people.sex[row] = person.sex;
    people.registration[row] = person.registration;
    people.education[row] = person.education;
    people.activity[row] = person.activity;
    people.role[row] = person.role;
    people.skill[row] = person.skill;
    people.months_unemployed[row] = 0;
    link_member(world, row, household);
    return row;
}

void remove_person(World& world, std::uint32_t person) {
    if (world.people.job[person] != no_row) vacate_post(world, world.people.job[person]);
    leave_household(world, person);
    free_person_row(world, person);
}

void change_household(World& world, std::uint32_t person, std::uint32_t to_household) {
    leave_household(world, person);
    link_member(world, person, to_household);
}

void move_household(World& world, std::uint32_t household, std::uint32_t dwelling, Month month) {
    MemberBook& book = world.services.book;
    move_household_with(world, household, dwelling, month, [&](std::size_t entry, std::int32_t change) {
        if (book.kept) book.count[entry] += change;
    });
}

void move_household(World& world, std::uint32_t household, std::uint32_t dwelling, Month month, MoveBooks& books) {
    move_household_with(world, household, dwelling, month, [&](std::size_t entry, std::int32_t change) {
        books.lines.push_back({static_cast<std::uint32_t>(entry), change});
    });
}

void book(World& world, const MoveBooks& books) {
    MemberBook& book = world.services.book;
    if (!book.kept) return;
    for (const MoveBooks::Line& line : books.lines) book.count[line.entry] += line.change;
}

void remove_household(World& world, std::uint32_t household) {
    std::uint32_t member = world.households.first_member[household];
    while (member != no_row) {
        const std::uint32_t next = world.people.next_member[member];
        if (world.people.job[member] != no_row) vacate_post(world, world.people.job[member]);
        world.people.next_member[member] = no_row;
        book_person(world, member, -1);
        free_person_row(world, member);
        member = next;
    }
    close_household(world, household);
}

std::uint32_t add_dwelling(World& world, std::uint64_t luck, std::uint16_t node, std::uint8_t block, DwellingType type, Tenure tenure,
                           double area_m2, std::uint32_t space) {
    auto& dwellings = world.dwellings;
    const std::uint32_t row = static_cast<std::uint32_t>(dwellings.rows());
    lengthen(dwellings, 1);
    dwellings.luck.change()[row] = luck;
    dwellings.household[row] = no_row;
    dwellings.space.change()[row] = space;
    dwellings.node.change()[row] = node;
    dwellings.area_dm2_100[row] = static_cast<std::uint16_t>(std::floor(std::min(area_m2, 6500.0) * 10.0));
    dwellings.block.change()[row] = block;
    dwellings.type.change()[row] = type;
    dwellings.tenure[row] = tenure;
    dwellings.state[row] = DwellingState::market;
    return row;
}

std::uint32_t add_premises(World& world, std::uint64_t luck, std::uint16_t node, std::uint8_t block, PremisesUse use, double area_m2,
                           std::uint32_t space, std::uint8_t only_sector) {
    auto& premises = world.premises;
    const std::uint32_t row = static_cast<std::uint32_t>(premises.rows());
    lengthen(premises, 1);
    premises.luck[row] = luck;
    premises.business[row] = no_row;
    premises.space[row] = space;
    premises.area_dm2_100[row] = static_cast<std::uint32_t>(std::floor(area_m2 * 10.0));
    premises.node[row] = node;
    premises.block[row] = block;
    premises.use[row] = use;
    premises.only_sector[row] = only_sector;
    premises.state[row] = PremisesState::on_market;
    return row;
}

std::uint32_t add_business(World& world, std::uint64_t luck, std::uint8_t sector, std::uint32_t premises, Month month, Funding funding,
                           std::uint8_t flags) {
    auto& businesses = world.businesses;
    const std::uint32_t row = take_row(businesses);
    businesses.luck[row] = luck;
    businesses.premises[row] = premises;
    businesses.first_job[row] = no_row;
    businesses.posts[row] = 0;
    businesses.filled[row] = 0;
    businesses.non_local[row] = 0;
    businesses.next_ordinal[row] = 0;
    businesses.founded[row] = month.index;
    businesses.sector[row] = sector;
    businesses.block[row] = world.premises.block[premises];
    businesses.funding[row] = funding;
    businesses.flags[row] = flags;
    world.premises.business[premises] = row;
    return row;
}

std::uint32_t add_post(World& world, std::uint32_t business, Skill skill) {
    auto& jobs = world.jobs;
    auto& businesses = world.businesses;
    const std::uint32_t row = take_row(jobs);
    jobs.luck[row] = luck_key(businesses.luck[business], businesses.next_ordinal[business]++);
    jobs.business[row] = business;
    jobs.worker[row] = no_row;
    jobs.next_job[row] = businesses.first_job[business];
    jobs.block[row] = businesses.block[business];
    jobs.sector[row] = businesses.sector[business];
    jobs.skill[row] = skill;
    businesses.first_job[business] = row;
    ++businesses.posts[business];
    return row;
}

void remove_post(World& world, std::uint32_t post) {
    if (!world.jobs.open(post)) vacate_post(world, post);
    const std::uint32_t business = world.jobs.business[post];
    unlink_post(world, post);
    --world.businesses.posts[business];
    free_post_row(world, post);
}

void remove_posts(World& world, std::uint32_t business, std::span<const std::uint32_t> posts) {
    auto& jobs = world.jobs;
    for (const std::uint32_t post : posts) {
        HUTONG_EXPECT(jobs.business[post] == business);
        if (!jobs.open(post)) vacate_post(world, post);
    }
    for (const std::uint32_t post : posts) jobs.business[post] = no_row;  // a mark for the walk
    std::uint32_t* link = &world.businesses.first_job[business];
    for (std::size_t left = posts.size(); left > 0;) {
        if (jobs.business[*link] == no_row) {
            *link = jobs.next_job[*link];
            --left;
        } else {
            link = &jobs.next_job[*link];
        }
    }
    world.businesses.posts[business] -= static_cast<std::uint32_t>(posts.size());
    for (const std::uint32_t post : posts) free_post_row(world, post);
}

void remove_business(World& world, std::uint32_t business) {
    auto& businesses = world.businesses;
    // Posts by the batch: the rows of their workers, anywhere in memory, are asked for before they are needed.
    std::array<std::uint32_t, 32> batch;
    for (std::uint32_t post = businesses.first_job[business]; post != no_row;) {
        std::size_t count = 0;
        for (; post != no_row && count < batch.size(); post = world.jobs.next_job[post]) {
            batch[count++] = post;
            const std::uint32_t worker = world.jobs.worker[post];
            if (worker == no_row) continue;
            const std::uint32_t row = worker & ~JobTable::in_commuter_bit;
            if (worker & JobTable::in_commuter_bit) {
                __builtin_prefetch(&world.in_commuters.job[row], 1);
                __builtin_prefetch(&world.in_commuters.luck[row], 1);
            } else {
                __builtin_prefetch(&world.people.job[row], 1);
                __builtin_prefetch(&world.people.activity[row], 1);
                __builtin_prefetch(&world.people.months_unemployed[row], 1);
            }
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (!world.jobs.open(batch[i])) vacate_post(world, batch[i]);
            free_post_row(world, batch[i]);
        }
    }
    world.premises.business[businesses.premises[business]] = no_row;
    businesses.premises[business] = no_row;
    businesses.first_job[business] = no_row;
    businesses.posts[business] = 0;
    businesses.filled[business] = 0;
    businesses.non_local[business] = 0;
    businesses.luck[business] = 0;
    set_free(businesses.free_rows, business);
}

void relocate_business(World& world, std::uint32_t business, std::uint32_t premises) {
    auto& businesses = world.businesses;
    world.premises.business[businesses.premises[business]] = no_row;
    businesses.premises[business] = premises;
    businesses.block[business] = world.premises.block[premises];
    world.premises.business[premises] = business;
    for (std::uint32_t post = businesses.first_job[business]; post != no_row; post = world.jobs.next_job[post]) {
        world.jobs.block[post] = businesses.block[business];
    }
}

void hire_resident(World& world, std::uint32_t post, std::uint32_t person) {
    hire_resident_with(world, post, world.jobs.business[post], person, AtOnce{world});
}
void hire_resident(World& world, std::uint32_t post, std::uint32_t business, std::uint32_t person, PostBooks& books) {
    hire_resident_with(world, post, business, person, Later{books});
}

std::uint32_t hire_in_commuter(World& world, std::uint32_t post, std::uint64_t luck, Month birth, Sex sex, Skill skill,
                               Registration registration, std::uint8_t commute_min) {
    const std::uint32_t row = take_row(world.in_commuters);
    hire_in_commuter_with(world, row, post, world.jobs.business[post], luck, birth, sex, skill, registration, commute_min, AtOnce{world});
    return row;
}
void hire_in_commuter(World& world, std::uint32_t row, std::uint32_t post, std::uint32_t business, std::uint64_t luck, Month birth, Sex sex,
                      Skill skill, Registration registration, std::uint8_t commute_min, PostBooks& books) {
    hire_in_commuter_with(world, row, post, business, luck, birth, sex, skill, registration, commute_min, Later{books});
}

void transfer_in_commuter(World& world, std::uint32_t commuter, std::uint32_t post) {
    transfer_in_commuter_with(world, commuter, post, world.jobs.business[post], AtOnce{world});
}
void transfer_in_commuter(World& world, std::uint32_t commuter, std::uint32_t post, std::uint32_t business, PostBooks& books) {
    transfer_in_commuter_with(world, commuter, post, business, Later{books});
}

void vacate_post(World& world, std::uint32_t post, Activity then) { vacate_post_with(world, post, then, AtOnce{world}); }
void vacate_post(World& world, std::uint32_t post, Activity then, PostBooks& books) { vacate_post_with(world, post, then, Later{books}); }

void leave_room(World& world) {
    const auto widen = [](auto& column) { column.reserve(room_for(column.size())); };
    // In-commuters become more by a sixth; room that nobody has written to costs no memory.
    const auto widen_more = [](auto& column) { column.reserve(column.size() + column.size() / 4); };
    world.people.columns(widen);
    world.households.columns(widen);
    world.in_commuters.columns(widen_more);
    world.businesses.columns(widen);
    world.jobs.columns(widen);
}

std::vector<std::uint32_t> take_in_commuter_rows(World& world, std::size_t count) {
    auto& commuters = world.in_commuters;
    const std::size_t again = std::min(count, commuters.free_rows.size());
    std::vector<std::uint32_t> rows(commuters.free_rows.end() - static_cast<std::ptrdiff_t>(again), commuters.free_rows.end());
    commuters.free_rows.resize(commuters.free_rows.size() - again);
    const std::size_t first = commuters.rows();
    lengthen(commuters, count - again);
    for (std::size_t row = first; row < commuters.rows(); ++row) rows.push_back(static_cast<std::uint32_t>(row));
    return rows;
}

void book(World& world, const PostBooks& books) {
    for (const PostBooks::Line& line : books.lines) AtOnce{world}.line(line.business, line.filled, line.non_local);
    set_free(world.in_commuters.free_rows, books.freed);
}

void settle_in_commuter(World& world, std::uint32_t commuter, std::uint32_t person) {
    const std::uint32_t post = world.in_commuters.job[commuter];
    vacate_post(world, post);
    hire_resident(world, post, person);
}

std::uint32_t keep_post_from_outside(World& world, std::uint32_t person, std::uint8_t commute_min) {
    const PersonTable& people = world.people;
    const std::uint32_t post = people.job[person];
    vacate_post(world, post);
    return hire_in_commuter(world, post, people.luck[person], Month{people.birth_month[person]}, people.sex[person], people.skill[person],
                            people.registration[person], commute_min);
}

std::uint32_t add_facility(World& world, std::uint64_t luck, std::uint8_t service, std::uint16_t node, double capacity, double off_hours,
                           std::uint32_t space, std::uint32_t business, bool ring) {
    auto& facilities = world.services.facilities;
    const auto row = static_cast<std::uint32_t>(facilities.rows());
    lengthen(facilities, 1);
    facilities.luck[row] = luck;
    facilities.service[row] = service;
    facilities.node[row] = node;
    facilities.capacity_milli[row] = static_cast<std::int64_t>(std::floor(capacity * 1000.0));
    facilities.off_hours_milli[row] = static_cast<std::int64_t>(std::floor(off_hours * 1000.0));
    facilities.space[row] = space;
    facilities.business[row] = business;
    facilities.ring[row] = ring ? 1 : 0;
    facilities.open[row] = 1;
    if (service < world.services.facilities_changed.size()) world.services.facilities_changed[service] = 1;
    return row;
}

void close_facility(World& world, std::uint32_t facility) {
    auto& facilities = world.services.facilities;
    facilities.open[facility] = 0;
    const std::uint8_t service = facilities.service[facility];
    if (service < world.services.facilities_changed.size()) world.services.facilities_changed[service] = 1;
}

}  // namespace hutong
