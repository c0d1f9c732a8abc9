/// What every behaviour sees beside the World: the immutable setting of a run.
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

#include "core/draw.h"
#include "core/parallel.h"
#include "scenarios/assumptions.h"
#include "scenarios/district.h"
#include "scenarios/policy.h"
#include "scenarios/scenario.h"

namespace hutong {

/// Behaviours that `--neutral` can switch off: agents of that kind then react to nothing.
enum class Behaviour : std::uint8_t {
    births,
    deaths,
    moving,
    arrivals,
    couples,
    leaving_home,
    schooling,
    retirement,
    rents,
    registration,
    business_entry,
    business_exit,
    business_growth,
    labour_search,
    separations,
    commuter_conversion,
    owners,
    departments,
    vote,
    enforcement,
    allocation,
    satisfaction,
    surrender,
    count
};
std::string_view behaviour_name(Behaviour behaviour);
/// Behaviour::count when unknown.
Behaviour behaviour_named(std::string_view name);

struct Model {
    const District& district;
    const Scenario& scenario;
    const Parallel& parallel;
    Luck luck;
    std::bitset<static_cast<std::size_t>(Behaviour::count)> neutral;

    const Levers& levers(Month month) const { return scenario.policy.at(month); }
    const Assumptions& assumptions() const { return scenario.assumptions; }
    bool active(Behaviour behaviour) const { return !neutral[static_cast<std::size_t>(behaviour)]; }
};

}  // namespace hutong
