/// Hiring rules of publicly funded projects: C4.4 (livelihood, at least 80 % local) and C4.5 (heritage, at least 50 %).
#pragma once

#include <cstdint>
#include <limits>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

inline constexpr std::int64_t unlimited_room = std::numeric_limits<std::int64_t>::max();

/// floor((1 - share) * posts) without rounding traps: (1 - 0.8) * 10 is 2.
std::int64_t non_local_cap(double local_share, std::uint32_t posts);

/// Whether a worker counts as local under the reading in force (`policy.employment.local_means`).
bool counts_as_local(const EmploymentLevers& levers, bool resident, Registration registration);

/// Filled posts of the business held by people who are not local under the reading in force.
std::int64_t count_non_local(const EmploymentLevers& levers, const World& world, std::uint32_t business);

/// How many more non-local people the business may hire this month: unlimited_room where no rule binds, never below 0.
std::int64_t non_local_room(const Levers& levers, const World& world, std::uint32_t business);

/// Whether the posts of the business carry the reward for new local hires (P5).
bool hires_are_rewarded(const Levers& levers, const World& world, std::uint32_t business);

}  // namespace hutong
