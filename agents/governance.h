/// Step 2 of the month: proposals, votes, consultation, reviews, sittings, approvals, agreements, works and
/// acceptance, each by a body with limited capacity and a queue (W1-W4, M1-M4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// The bodies. Sub-district offices follow in the order of District::subdistricts.
enum class Body : std::uint8_t {
    joint_meeting,
    development_and_reform,
    district_government,
    municipality,
    industry_bureau,
    education_commission,
    sasac,
    culture_commission,
    housing_administration,
    major_projects_and_municipal,
    planning_and_land,
    trade_regulator,
    contractors,
    count
};
inline constexpr std::size_t bodies = static_cast<std::size_t>(Body::count);

struct AgencyName {
    std::string zh, en;
    Clause clause = Clause::none;  ///< that gives it its task
    Month valid_from;              ///< the name is the one in use from this month on
};
/// Names of all agencies of a district in the order of GovernanceState, as they are in this month (agencies.csv).
std::vector<AgencyName> agency_names(const District& district, Month month = Month::of(2017, 6));
std::uint8_t agency_of_subdistrict(SubdistrictId subdistrict);
/// The one responsible department of a space, from category, owner and size (M3).
std::uint8_t responsible_agency(const District& district, const Space& space, bool taken_back, const Levers& levers);

/// Cases a body can handle in this month (for the joint meeting: the agenda, in a month in which it sits).
std::uint32_t capacity_of(const Model& model, std::uint8_t agency, Month month);

void init_governance(const Model& model, World& world);

/// The red-line path in this month (C4.1): linear from the residents at the start to the red line at the end of 2020, then flat.
std::int64_t red_line_path(const Model& model, const World& world, Month month);
/// Path minus residents now minus the assessed effect of approved plans not yet open. Residents are scaled to 1:1.
std::int64_t headroom_persons(const Model& model, const World& world);

/// Months a stage takes for this project, from a keyed draw, its size, owner and the levers (before queues).
int stage_months(const Model& model, const World& world, std::uint32_t space, SpaceStage stage);

/// Supervision (M4): inspections find unauthorised businesses and dwellings; findings are closed or removed.
void inspect(const Model& model, World& world);

}  // namespace hutong
