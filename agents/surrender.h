/// Application-based surrender of the leases of direct-managed courtyards (C3.4). From `surrender_from` on such a courtyard
/// does not empty in the month foreseen for it: that month its households are called to apply. Each applies or not by its own
/// reasons (keyed logit, month by month), applicants are compensated in keyed order within the money granted, and their rooms
/// are held. When every lease is given up the whole space is free; when the call has lasted its time, nobody waits for money
/// and some households stay, the rooms given up can only become better homes for those who stay.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// Whether this space empties by applications (bungalow courtyards of the direct-managed stock).
bool surrendered_by_application(const Model& model, const World& world, std::uint32_t space);

/// Chance that the household applies this month, if called.
double application_probability(const Model& model, const World& world, std::uint32_t household, std::uint32_t space);

/// One month of all calls: opens due ones, hears applications, pays; returns the spaces whose call ended now.
std::vector<std::uint32_t> answer_calls(const Model& model, World& world);

/// What is granted for compensation in this month, at the scale of the run.
std::int64_t surrender_grant_yuan(const Model& model, Month month);

}  // namespace hutong
