// Supervision (M4, O2): the sub-district offices inspect; what is found is closed or removed, and counted.
#include <algorithm>
#include <cmath>

#include "agents/governance.h"
#include "agents/stocks.h"

namespace hutong {
namespace {

/// Inspections of this month in a block: capacity at present strength times the lever, thirds carried over.
std::int64_t inspections_in_block(const Model& model, Month month) {
    const double a_month = model.assumptions().governance.inspections_per_block * model.levers(month).control.enforcement;
    return static_cast<std::int64_t>(std::floor(a_month * (month.index + 1))) -
           static_cast<std::int64_t>(std::floor(a_month * month.index));
}

}  // namespace

void inspect(const Model& model, World& world) {
    const Levers& levers = model.levers(world.month);
    if (!levers.on(Clause::M4) || !levers.on(Clause::O2) || !model.active(Behaviour::enforcement)) return;
    const GovernanceAssumptions& a = model.assumptions().governance;
    const std::int64_t inspections = inspections_in_block(model, world.month);
    if (inspections > 0) {
        for (std::uint32_t b = 0; b < model.district.blocks.size(); ++b) world.flows.add(Flow::inspections, b, inspections);
    }

    const BusinessTable& businesses = world.businesses;
    std::vector<std::uint32_t> premises(model.district.blocks.size(), 0);
    std::vector<std::uint32_t> suspects;
    for (std::uint32_t row = 0; row < businesses.rows(); ++row) {
        if (!businesses.alive(row)) continue;
        ++premises[businesses.block[row]];
        if (businesses.flags[row] & business_flag::unauthorised) suspects.push_back(row);
    }
    for (const std::uint32_t row : suspects) {
        const std::uint8_t block = businesses.block[row];
        // inspections fall on premises at random; at smaller scale there are fewer of both
        const double reached = static_cast<double>(inspections) * model.scenario.run.scale / std::max(1U, premises[block]);
        const double p = std::min(1.0, reached) * a.detection;
        if (model.luck.word(Purpose::inspection, businesses.luck[row], world.month) >= threshold(p)) continue;
        world.flows.add(Flow::misuse_found, block);
        remove_business(world, row);
    }

    // unauthorised dwellings: follow-up of spaces by the monitoring database (W4), with its own rate, counted apart (C4.2)
    if (!levers.on(Clause::W4)) return;
    const std::uint32_t limit = threshold(std::min(1.0, a.dwelling_check * levers.control.enforcement) * a.detection);
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        if (s + 1 >= world.housing.space_dwelling_first.size()) break;
        for (std::uint32_t i = world.housing.space_dwelling_first[s]; i < world.housing.space_dwelling_first[s + 1]; ++i) {
            const std::uint32_t dwelling = world.housing.space_dwellings[i];
            const std::uint32_t household = world.dwellings.household[dwelling];
            if (household == no_row || !(world.households.flags[household] & household_flag::unauthorised)) continue;
            if (world.households.flags[household] & household_flag::must_move) continue;
            if (model.luck.word(Purpose::inspection, world.households.luck[household], world.month) >= limit) continue;
            world.households.flags[household] |= household_flag::must_move;
            world.flows.add(Flow::misuse_found, world.dwellings.block[dwelling]);
            world.flows.add(Flow::unauthorised_residents_found, world.dwellings.block[dwelling], world.households.size[household]);
        }
    }
}

}  // namespace hutong
