/// Permutes the rows of people, households, dwellings, in-commuters, businesses and posts with every link between
/// them: the same World in another order. Behaviour must not notice ("Permuting all rows changes no indicator").
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "agents/world.h"

namespace hutong {

/// to[old row] = new row, a keyed shuffle.
inline std::vector<std::uint32_t> shuffled_rows(std::size_t rows, std::uint64_t key) {
    std::vector<std::uint32_t> order(rows), to(rows);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return luck_key(key, a) < luck_key(key, b); });
    for (std::uint32_t place = 0; place < rows; ++place) to[order[place]] = place;
    return to;
}

template <class Table>
void move_rows(Table& table, const std::vector<std::uint32_t>& to) {
    table.columns([&](auto& column) {
        auto moved = to_read(column);
        for (std::size_t row = 0; row < to.size(); ++row) moved[to[row]] = column[row];
        to_change(column) = std::move(moved);
    });
}

inline void permute_rows(World& world, std::uint64_t key) {
    const auto people = shuffled_rows(world.people.rows(), key + 1);
    const auto households = shuffled_rows(world.households.rows(), key + 2);
    const auto dwellings = shuffled_rows(world.dwellings.rows(), key + 3);
    const auto commuters = shuffled_rows(world.in_commuters.rows(), key + 4);
    const auto businesses = shuffled_rows(world.businesses.rows(), key + 5);
    const auto jobs = shuffled_rows(world.jobs.rows(), key + 6);
    const auto redirect = [](std::vector<std::uint32_t>& links, const std::vector<std::uint32_t>& to) {
        for (auto& link : links) {
            if (link != no_row) link = to[link];
        }
    };
    redirect(world.people.household, households);
    redirect(world.people.next_member, people);
    redirect(world.people.job, jobs);
    redirect(world.people.free_rows, people);
    redirect(world.households.dwelling, dwellings);
    redirect(world.households.first_member, people);
    redirect(world.households.free_rows, households);
    redirect(world.dwellings.household, households);
    redirect(world.in_commuters.job, jobs);
    redirect(world.in_commuters.free_rows, commuters);
    redirect(world.businesses.first_job, jobs);
    redirect(world.businesses.free_rows, businesses);
    redirect(world.jobs.business, businesses);
    redirect(world.jobs.next_job, jobs);
    redirect(world.jobs.free_rows, jobs);
    for (auto& worker : world.jobs.worker) {
        if (worker == no_row) continue;
        if (worker & JobTable::in_commuter_bit)
            worker = commuters[worker & ~JobTable::in_commuter_bit] | JobTable::in_commuter_bit;
        else
            worker = people[worker];
    }
    redirect(world.premises.business, businesses);
    redirect(world.services.facilities.business, businesses);
    redirect(world.housing.slots.change(), dwellings);
    redirect(world.housing.space_dwellings, dwellings);
    auto slot_of = world.housing.slot_of.values();
    for (std::size_t d = 0; d < dwellings.size(); ++d) slot_of[dwellings[d]] = world.housing.slot_of[d];
    world.housing.slot_of.change() = std::move(slot_of);
    move_rows(world.people, people);
    move_rows(world.households, households);
    move_rows(world.dwellings, dwellings);
    move_rows(world.in_commuters, commuters);
    move_rows(world.businesses, businesses);
    move_rows(world.jobs, jobs);
}

}  // namespace hutong
