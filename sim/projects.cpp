#include "sim/projects.h"

#include <algorithm>

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

ProjectColumns::ProjectColumns(const std::vector<ProjectRow>& rows) {
    for (const ProjectRow& row : rows) {
        month.push_back(row.month);
        block.push_back(row.block);
        space.push_back(row.space);
        heritage.push_back(row.heritage ? 1 : 0);
        posts.push_back(row.posts);
        filled.push_back(row.filled);
        residents.push_back(row.residents);
        registered_here.push_back(row.registered_here);
    }
}

std::vector<ProjectRow> ProjectColumns::rows() const {
    const std::size_t count = std::min(
        {month.size(), block.size(), space.size(), heritage.size(), posts.size(), filled.size(), residents.size(), registered_here.size()});
    std::vector<ProjectRow> all(count);
    for (std::size_t i = 0; i < count; ++i)
        all[i] = {month[i], block[i], space[i], heritage[i] != 0, posts[i], filled[i], residents[i], registered_here[i]};
    return all;
}

}  // namespace hutong
