#include "sim/projects.h"

#include <map>
#include <tuple>

namespace hutong {
namespace {

/// Filled posts of the business held by residents, and by people registered in the district.
void count_staff(const World& world, std::uint32_t business, ProjectRow& row) {
    const auto& jobs = world.jobs;
    for (std::uint32_t post = world.businesses.first_job[business]; post != no_row; post = jobs.next_job[post]) {
        if (jobs.open(post)) continue;
        const std::uint32_t worker = jobs.worker[post];
        const bool commuter = jobs.by_in_commuter(post);
        const Registration registration =
            commuter ? world.in_commuters.registration[worker & ~JobTable::in_commuter_bit] : world.people.registration[worker];
        if (!commuter) ++row.residents;
        if (registration == Registration::here) ++row.registered_here;
    }
}

}  // namespace

std::vector<ProjectRow> project_rows(const World& world, std::uint16_t month) {
    const auto& businesses = world.businesses;
    std::map<std::tuple<bool, std::uint8_t, std::uint32_t>, ProjectRow> found;
    for (std::uint32_t business = 0; business < businesses.rows(); ++business) {
        const Funding funding = businesses.funding[business];
        if (!businesses.alive(business) || (funding != Funding::livelihood_project && funding != Funding::heritage_project)) continue;
        const bool heritage = funding == Funding::heritage_project;
        const std::uint32_t space = world.premises.space[businesses.premises[business]];
        // Premises of the start that are to be vacated later carry their space already; the project is not the space's then.
        const bool reused = (businesses.flags[business] & business_flag::in_vacated_space) != 0;
        ProjectRow& row = found[{heritage, businesses.block[business], reused ? space : no_row}];
        row.month = month;
        row.block = businesses.block[business];
        row.space = reused ? space : no_row;
        row.heritage = heritage;
        row.posts += businesses.posts[business];
        row.filled += businesses.filled[business];
        count_staff(world, business, row);
    }
    std::vector<ProjectRow> rows;
    rows.reserve(found.size());
    for (const auto& [key, row] : found) rows.push_back(row);
    return rows;
}

}  // namespace hutong
