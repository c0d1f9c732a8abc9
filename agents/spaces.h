/// Steps 1 and 3 of the month: spaces empty; finished spaces become facilities, premises, green, parking or better
/// homes; temporary uses end.
#pragma once

#include <string>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// Fills World::spaces at the start: spaces vacated before the start are empty, or open where history knows of it.
/// Premises, facilities and posts of those open at the start are made here, so it must run after the tables of
/// premises and facilities are filled and before the first assignment of workers.
void init_spaces(const Model& model, World& world);

/// Problems of the books of the spaces: every m2 in one state and booked to one direction, one use at a time, no
/// spending above the budget, nobody living in a space that C4.2 closes to residents, no addition without its tie.
std::vector<std::string> audit_spaces(const Model& model, const World& world);

/// The direction the m2 of a space with this use are booked to (G4).
Direction direction_of(const Use& use);

/// Opens the space with its present use now; what open_spaces does for each finished one.
void open_space(const Model& model, World& world, std::uint32_t space);
/// Ends the use of an open space: tenants and facility go, the space is empty again.
void close_space(const Model& model, World& world, std::uint32_t space, Clause clause);

}  // namespace hutong
