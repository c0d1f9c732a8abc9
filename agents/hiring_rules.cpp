#include "agents/hiring_rules.h"

#include <algorithm>
#include <cmath>

namespace hutong {

std::int64_t non_local_cap(double local_share, std::uint32_t posts) {
    constexpr std::int64_t millionths = 1'000'000;  // a share of policy has at most six decimals
    const auto local = static_cast<std::int64_t>(std::floor(std::clamp(local_share, 0.0, 1.0) * static_cast<double>(millionths) + 0.5));
    return (millionths - local) * static_cast<std::int64_t>(posts) / millionths;
}

bool counts_as_local(const EmploymentLevers& levers, bool resident, Registration registration) {
    if (levers.local_means == "registered") return registration == Registration::here;
    return resident;
}

std::int64_t count_non_local(const EmploymentLevers& levers, const World& world, std::uint32_t business) {
    if (levers.local_means != "registered") return world.businesses.non_local[business];
    const auto& jobs = world.jobs;
    std::int64_t count = 0;
    for (std::uint32_t post = world.businesses.first_job[business]; post != no_row; post = jobs.next_job[post]) {
        if (jobs.open(post)) continue;
        const std::uint32_t worker = jobs.worker[post];
        const bool commuter = jobs.by_in_commuter(post);
        const Registration registration =
            commuter ? world.in_commuters.registration[worker & ~JobTable::in_commuter_bit] : world.people.registration[worker];
        if (!counts_as_local(levers, !commuter, registration)) ++count;
    }
    return count;
}

std::int64_t non_local_room(const Levers& levers, const World& world, std::uint32_t business) {
    double share = 0;
    switch (world.businesses.funding[business]) {
        case Funding::livelihood_project:
            if (!levers.on(Clause::C4_4)) return unlimited_room;
            share = levers.employment.livelihood_local_share;
            break;
        case Funding::heritage_project:
            if (!levers.on(Clause::C4_5)) return unlimited_room;
            share = levers.employment.heritage_local_share;
            break;
        default:
            return unlimited_room;
    }
    const std::int64_t cap = non_local_cap(share, world.businesses.posts[business]);
    return std::max<std::int64_t>(0, cap - count_non_local(levers.employment, world, business));
}

bool hires_are_rewarded(const Levers& levers, const World& world, std::uint32_t business) {
    return levers.on(Clause::P5) && (world.businesses.flags[business] & business_flag::in_reused_space) != 0;
}

}  // namespace hutong
