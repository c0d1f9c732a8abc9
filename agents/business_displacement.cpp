// What becomes of businesses whose space is vacated, and trade without permission in empty premises.
#include <algorithm>
#include <cmath>

#include "agents/businesses.h"
#include "agents/keyed_race.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

/// Vacant premises the business may move to: in its own sub-district first, then anywhere in the district; likelier the
/// nearer their size is to the present one.
/// `candidates` are the premises that were vacant before anybody moved.
std::uint32_t find_new_premises(const Model& model, const World& world, std::uint32_t business, const std::vector<std::uint32_t>& candidates) {
    const auto& b = world.businesses;
    const auto& premises = world.premises;
    const std::uint32_t old = b.premises[business];
    const SubdistrictId home = model.district.blocks[b.block[business]].subdistrict;
    const std::uint64_t key = key_of(model.luck.block(Purpose::business_site, b.luck[business], world.month));
    KeyedRace near(key), far(key);
    for (const std::uint32_t row : candidates) {
        if (!premises.vacant(row) || premises.space[row] == premises.space[old] || !may_enter(model, world, b.sector[business], row)) continue;
        const double ratio = (premises.area_m2(row) + 1.0) / (premises.area_m2(old) + 1.0);
        KeyedRace& race = model.district.blocks[premises.block[row]].subdistrict == home ? near : far;
        race.enter(row, premises.luck[row], std::min(ratio, 1.0 / ratio));
    }
    return near.winner() != KeyedRace::nobody ? near.winner() : far.winner();
}

std::uint8_t sector_of_misuse(const Model& model, const World& world, std::uint32_t premises, std::uint64_t key) {
    const auto& sectors = model.district.catalogue.sectors;
    const std::size_t use = static_cast<std::size_t>(world.premises.use[premises]);
    // What the catalogue bans comes back first; where it never was, trade with passers-by.
    for (const bool banned : {true, false}) {
        KeyedRace race(key);
        for (std::uint32_t s = 0; s < sectors.size(); ++s) {
            if (sectors[s].exogenous || sectors[s].prohibited != banned || !(banned || sectors[s].consumer)) continue;
            if (world.work.sector_in_use[s * premises_uses + use]) race.enter(s, world.work.cache.sector_luck[s], 1.0);
        }
        if (race.winner() != KeyedRace::nobody) return static_cast<std::uint8_t>(race.winner());
    }
    return static_cast<std::uint8_t>(sectors.size());
}

/// Empty premises where unauthorised trade can begin: on the market, or closed in a space where no works have begun.
bool open_to_misuse(const World& world, std::uint32_t premises) {
    if (world.premises.business[premises] != no_row) return false;
    if (world.premises.state[premises] == PremisesState::on_market) return true;
    const std::uint32_t space = world.premises.space[premises];
    if (space == no_row || space >= world.spaces.rows()) return false;
    const SpaceStage stage = world.spaces.stage[space];
    return stage != SpaceStage::occupied && stage < SpaceStage::procurement;
}

}  // namespace

void displace_businesses(const Model& model, World& world, std::uint32_t space) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    auto& premises = world.premises;
    const auto& b = world.businesses;
    struct Displaced {
        std::uint64_t order;
        std::uint32_t business;
    };
    std::vector<Displaced> displaced;
    for (std::uint32_t row = 0; row < premises.rows(); ++row) {
        if (premises.space[row] != space || premises.state[row] != PremisesState::on_market) continue;
        premises.state[row] = PremisesState::closed;
        const std::uint32_t business = premises.business[row];
        if (business != no_row) displaced.push_back({luck_key(b.luck[business], static_cast<std::uint64_t>(world.month.index)), business});
    }
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t row = 0; row < premises.rows() && !displaced.empty(); ++row) {
        if (premises.vacant(row)) candidates.push_back(row);
    }
    // They look for new premises one after the other, in an order of luck.
    std::sort(displaced.begin(), displaced.end(), [](const Displaced& x, const Displaced& y) { return x.order < y.order; });
    for (const auto& [order, business] : displaced) {
        const Word4 draw = model.luck.block(Purpose::vacate, b.luck[business], world.month);
        const std::uint32_t block = b.block[business];
        const bool unauthorised = (b.flags[business] & business_flag::unauthorised) != 0;
        if (!unauthorised && draw[0] < threshold(a.relocate_inside_share)) {
            const std::uint32_t to = find_new_premises(model, world, business, candidates);
            if (to != no_row) {
                close_facility_of(model, world, business);
                relocate_business(world, business, to);
                const auto kept = static_cast<std::uint8_t>(~(business_flag::in_reused_space | business_flag::in_vacated_space));
                world.businesses.flags[business] &= kept;
                if (premises.space[to] != no_row) world.businesses.flags[business] |= business_flag::in_reused_space | business_flag::in_vacated_space;
                open_facility_of(model, world, business);
                world.flows.add(Flow::business_relocations, block);
                continue;
            }
        }
        // Whether it leaves the district (a relocation out) or closes makes no difference to the World here.
        world.flows.add(Flow::workers_displaced, block, b.filled[business]);
        const bool leaves = draw[1] < threshold(a.leave_district_share);
        world.flows.add(leaves ? Flow::business_relocations_out : Flow::business_exits, block);
        close_business(model, world, business);
    }
}

void start_misuse(const Model& model, World& world) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const double enforcement = model.levers(world.month).control.enforcement;
    // Nobody expects inspections: twice the strength, half the new misuse at elasticity 1.
    const double deterred = exact_pow(std::max(enforcement, a.misuse_enforcement_floor), -a.misuse_enforcement);
    const std::uint32_t limit[2] = {threshold(std::min(1.0, a.misuse_per_month * deterred)),
                                    threshold(std::min(1.0, a.misuse_per_month * deterred * a.misuse_factor_vacated))};
    const auto& premises = world.premises;
    for (std::uint32_t row = 0; row < premises.rows(); ++row) {
        if (!open_to_misuse(world, row)) continue;
        const bool vacated = premises.space[row] != no_row;
        const Word4 draw = model.luck.block(Purpose::business_event, premises.luck[row], world.month);
        if (draw[3] >= limit[vacated ? 1 : 0]) continue;
        const std::uint8_t sector = sector_of_misuse(model, world, row, key_of(draw));
        if (sector >= model.district.catalogue.sectors.size()) continue;
        std::uint8_t flags = business_flag::unauthorised;
        if (vacated) flags |= business_flag::in_vacated_space;
        const std::uint64_t luck = luck_key(premises.luck[row], static_cast<std::uint64_t>(world.month.index), 1);
        const std::uint32_t business = add_business(world, luck, sector, row, world.month, Funding::private_capital, flags);
        open_posts(model, world, business, static_cast<std::uint32_t>(std::max(1.0, std::floor(a.misuse_posts))));
        world.flows.add(Flow::misuse_started, premises.block[row]);
    }
}

}  // namespace hutong
