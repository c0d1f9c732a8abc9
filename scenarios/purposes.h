/// What putting a space to a use means, in figures computed from the catalogue: posts, capacity, cost, the assessed
/// population effect (C4.1), floor area added and freed (C1).
#pragma once

#include <cstdint>

#include "core/ids.h"
#include "scenarios/catalogue.h"
#include "scenarios/district.h"
#include "scenarios/policy.h"

namespace hutong {

/// Posts of a use on this area.
std::int64_t posts_of(const Use& use, double area_m2);
/// Capacity of the facility it opens, in the unit of its service.
double capacity_of(const Use& use, const Catalogue& catalogue, double area_m2);
/// Works in yuan.
std::int64_t works_yuan(const Use& use, double area_m2);
/// What the district pays of the works (P3): public works less the private share where private partners may take part,
/// in historic blocks less what pooled equity carries; for plan-listed convenience and high-end uses a subsidy; nothing
/// for central, municipal and military owners, who pay themselves.
std::int64_t district_yuan(const Use& use, OwnerType owner, double area_m2, bool in_plan, const Levers& levers, bool historic = false);
/// Whether the space lies in a historic-cultural block (C2.2), where equity may be pooled (P3).
bool in_historic_block(const District& district, const Space& space);
/// Yearly operating subsidy of a public use, in yuan: a share of what it does not earn.
std::int64_t operating_yuan_per_year(const Use& use, double area_m2, const Levers& levers);
/// Assessed population effect in thousandths of a person: residents housed and resident workers induced (W1, C4.1).
std::int64_t assessed_milli_persons(const Use& use, double area_m2);
/// Floor area added that must be tied (C1), and floor area taken down, in 0.01 m2.
std::int64_t added_dm2(const Use& use, const Space& space, const Levers& levers);
std::int64_t reduced_dm2(const Use& use, const Space& space);

/// Area in 0.01 m2, the unit in which floor area is booked.
std::int64_t area_dm2(double area_m2);

/// Whether the use leaves the space without one: no service, business, home or green (C3.4, C3.7).
bool leaves_blank(const Use& use);

/// Owners to whom the district gives no orders (Authority).
bool above_district(OwnerType owner);

}  // namespace hutong
