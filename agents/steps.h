/// The nine steps of a month (model.md, "The month, in order"), each a function of the immutable model and the
/// World. sim/step calls them in order and does nothing else.
#pragma once

#include <functional>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

void vacate(const Model& model, World& world);             ///< 1 agents/spaces.cpp
void govern(const Model& model, World& world);             ///< 2 agents/governance.cpp
void open_spaces(const Model& model, World& world);        ///< 3 agents/spaces.cpp
void update_businesses(const Model& model, World& world);  ///< 4 agents/businesses.cpp
void update_labour(const Model& model, World& world);      ///< 5 agents/labour.cpp
void update_people(const Model& model, World& world);      ///< 6 agents/residents.cpp
void update_homes(const Model& model, World& world);       ///< 7 agents/homes.cpp
void update_services(const Model& model, World& world);    ///< 8 agents/services.cpp

// What step 1 does to those inside, by the rooms that own them.
/// Displaces every business whose premises belong to the space: relocates inside, leaves or closes. Books the premises as closed.
void displace_businesses(const Model& model, World& world, std::uint32_t space);  ///< agents/businesses.cpp
/// Displaces every household whose dwelling belongs to the space; the dwellings become cleared.
void displace_households(const Model& model, World& world, std::uint32_t space);  ///< agents/homes.cpp

/// The World at the start of the run, before the first step: tables from the district and the synthetic population.
/// `notice` hears of what went wrong on the way without stopping the run (the cache that cannot be written).
using Notice = std::function<void(const Error&)>;
World initial_world(const Model& model, const Notice& notice = {});  ///< agents/synthesis.cpp
/// The same from a population that make_population has filled, so that replicates share its making.
World initial_world(const Model& model, World population);

/// One conservation problem found by the audit, in English for logs and tests.
std::vector<std::string> audit(const Model& model, const World& world);  ///< agents/conservation.cpp

}  // namespace hutong
