// What becomes of businesses whose space is vacated, and trade without permission in empty premises.
#include <algorithm>
#include <cmath>
#include <optional>

#include "agents/businesses.h"
#include "agents/keyed_race.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

/// Premises that were vacant before anybody moved, by sub-district.
class Offers {
public:
    Offers(const Model& model, const World& world, std::uint32_t space) : model_(model), world_(world) {
        const auto& premises = world.premises;
        std::vector<std::uint32_t> rows;
        for (std::uint32_t row = 0; row < premises.rows(); ++row) {
            if (premises.business[row] == no_row && premises.vacant(row) && premises.space[row] != space) rows.push_back(row);
        }
        first_.assign(model.district.subdistricts.size() + 1, 0);
        for (const std::uint32_t row : rows) ++first_[subdistrict_of(premises.block[row]) + 1];
        for (std::size_t s = 0; s + 1 < first_.size(); ++s) first_[s + 1] += first_[s];
        offers_.resize(rows.size());
        std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
        for (const std::uint32_t row : rows) {
            offers_[next[subdistrict_of(premises.block[row])]++] = {premises.luck[row], premises.area_m2(row) + 1.0, row, false};
        }
    }

    /// Where the business may move to: in its own sub-district first, then anywhere in the district; likelier the nearer
    /// the size is to the present one. What is found is off the market.
    std::uint32_t take(std::uint32_t business) {
        const auto& b = world_.businesses;
        const std::size_t home = subdistrict_of(b.block[business]);
        const std::uint64_t key = key_of(model_.luck.block(Purpose::business_site, b.luck[business], world_.month));
        KeyedRace near(key);
        enter(business, first_[home], first_[home + 1], near);
        if (near.winner() != KeyedRace::nobody) return taken(near.winner());
        KeyedRace far(key);
        enter(business, 0, first_[home], far);
        enter(business, first_[home + 1], first_.back(), far);
        return far.winner() == KeyedRace::nobody ? no_row : taken(far.winner());
    }

private:
    struct Offer {
        std::uint64_t luck;
        double size;  ///< m2 + 1
        std::uint32_t row;
        bool taken;
    };

    std::size_t subdistrict_of(std::size_t block) const { return model_.district.blocks[block].subdistrict.value; }

    std::uint32_t taken(std::uint32_t at) {
        offers_[at].taken = true;
        return offers_[at].row;
    }

    void enter(std::uint32_t business, std::uint32_t begin, std::uint32_t end, KeyedRace& race) const {
        const auto& b = world_.businesses;
        const double present = world_.premises.area_m2(b.premises[business]) + 1.0;
        for (std::uint32_t i = begin; i < end; ++i) {
            const Offer& offer = offers_[i];
            if (offer.taken || race.cannot_win(offer.luck, 1.0)) continue;
            if (!may_enter(model_, world_, b.sector[business], offer.row)) continue;
            const double ratio = offer.size / present;
            race.enter(i, offer.luck, std::min(ratio, 1.0 / ratio));
        }
    }

    const Model& model_;
    const World& world_;
    std::vector<Offer> offers_;
    std::vector<std::uint32_t> first_;  ///< [subdistrict + 1] into offers_
};

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
    // Few premises belong to the space: groups without one are passed over side by side.
    constexpr std::uint32_t group = 32;
    const auto rows = static_cast<std::uint32_t>(premises.rows());
    const std::uint32_t* space_of = premises.space.data();
    for (std::uint32_t row = 0; row < rows; ++row) {
        while (row + group <= rows) {
            std::uint32_t any = 0;
            for (std::uint32_t i = 0; i < group; ++i) any |= static_cast<std::uint32_t>(space_of[row + i] == space);
            if (any != 0) break;
            row += group;
        }
        for (const std::uint32_t end = std::min(row + group, rows); row < end && space_of[row] != space;) ++row;
        if (row >= rows) break;
        if (space_of[row] != space || premises.state[row] != PremisesState::on_market) continue;
        premises.state[row] = PremisesState::closed;
        const std::uint32_t business = premises.business[row];
        if (business != no_row) displaced.push_back({luck_key(b.luck[business], static_cast<std::uint64_t>(world.month.index)), business});
    }
    if (displaced.empty()) return;
    std::optional<Offers> offers;  // of the district before anybody moves, made for the first who looks
    // They look for new premises one after the other, in an order of luck.
    std::sort(displaced.begin(), displaced.end(), [](const Displaced& x, const Displaced& y) { return x.order < y.order; });
    for (const auto& [order, business] : displaced) {
        const Word4 draw = model.luck.block(Purpose::vacate, b.luck[business], world.month);
        const std::uint32_t block = b.block[business];
        const bool unauthorised = (b.flags[business] & business_flag::unauthorised) != 0;
        if (!unauthorised && draw[0] < threshold(a.relocate_inside_share)) {
            if (!offers) offers.emplace(model, world, space);
            const std::uint32_t to = offers->take(business);
            if (to != no_row) {
                close_facility_of(model, world, business);
                relocate_business(world, business, to);
                const auto kept = static_cast<std::uint8_t>(~(business_flag::in_reused_space | business_flag::in_vacated_space));
                world.businesses.flags[business] &= kept;
                if (premises.space[to] != no_row)
                    world.businesses.flags[business] |= business_flag::in_reused_space | business_flag::in_vacated_space;
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
