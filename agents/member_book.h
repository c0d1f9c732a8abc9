/// The entries of agents/stocks.cpp in the MemberBook: who comes to live at a node or leaves it. Nothing is entered
/// while the book is not kept.
#pragma once

#include "agents/own_services.h"
#include "agents/world.h"

namespace hutong {

/// Where a resident is counted who lives at `node`.
inline std::size_t entry_of_person(const World& world, std::uint32_t person, std::size_t node) {
    const AgeNeed need = need_at(age_years(world.services.book.as_of, world.people.birth_month[person]));
    return node * MemberBook::columns + static_cast<std::size_t>(need);
}

/// A resident comes (1) to the node of the home, or leaves it (-1). To be called while `home_node` is that node.
inline void book_person(World& world, std::uint32_t person, std::int32_t change) {
    MemberBook& book = world.services.book;
    const std::size_t node = world.people.home_node[person];
    if (!book.kept || node == no_node) return;
    book.count[entry_of_person(world, person, node)] += change;
}

/// The same of the household; what a word cannot hold runs over and is not read (own_services.h).
inline void book_member(World& world, std::uint32_t person, std::uint32_t household, bool comes) {
    MemberBook& book = world.services.book;
    if (!book.kept) return;
    const std::uint32_t unit = need_unit(need_at(age_years(book.as_of, world.people.birth_month[person])));
    book.needs[household] = comes ? book.needs[household] + unit : book.needs[household] - unit;
}

inline std::size_t entry_of_cars(std::size_t node) { return node * MemberBook::columns + MemberBook::cars; }

/// The household's car, if it has one, comes to or leaves the node of its dwelling.
inline void book_car(World& world, std::uint32_t household, std::int32_t change) {
    MemberBook& book = world.services.book;
    const std::uint32_t dwelling = world.households.dwelling[household];
    if (!book.kept || dwelling == no_row || world.households.cars[household] == 0) return;
    book.count[entry_of_cars(world.dwellings.node[dwelling])] += change;
}

/// A household's row was taken.
inline void book_household(World& world, std::uint32_t household) {
    book_car(world, household, 1);
    MemberBook& book = world.services.book;
    if (!book.kept) return;
    if (book.needs.size() <= household) book.needs.resize(household + std::size_t{1});
    book.needs[household] = 0;
    book.new_households.push_back(household);
}

}  // namespace hutong
