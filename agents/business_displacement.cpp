// What becomes of businesses whose space is vacated, and trade without permission in empty premises.
#include <algorithm>
#include <cmath>

#include "agents/businesses.h"
#include "agents/keyed_race.h"
#include "agents/stocks.h"
#include "core/error.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

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

/// Premises that were vacant before anybody moved, by sub-district.
class Displacement::Offers {
public:
    Offers(const Model& model, const World& world) : model_(model), world_(world) {
        const auto& premises = world.premises;
        std::vector<std::uint32_t> rows;
        for (const std::uint32_t row : untenanted_premises(world)) {
            if (premises.vacant(row)) rows.push_back(row);
        }
        first_.assign(model.district.subdistricts.size() + 1, 0);
        for (const std::uint32_t row : rows) ++first_[subdistrict_of(premises.block[row]) + 1];
        for (std::size_t s = 0; s + 1 < first_.size(); ++s) first_[s + 1] += first_[s];
        offers_.resize(rows.size());
        std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
        for (const std::uint32_t row : rows) {
            offers_[next[subdistrict_of(premises.block[row])]++] = {premises.luck[row], premises.area_m2(row) + 1.0, row};
        }
    }

    /// Where the business may move to: in its own sub-district first, then anywhere in the district; likelier the nearer
    /// the size is to the present one.
    std::uint32_t find(std::uint32_t business) const {
        const auto& b = world_.businesses;
        const std::size_t home = subdistrict_of(b.block[business]);
        const std::uint64_t key = key_of(model_.luck.block(Purpose::business_site, b.luck[business], world_.month));
        const EntryRule rule(model_, world_, b.sector[business]);
        if (!rule.lawful()) return no_row;
        KeyedRace near(key);
        enter(business, rule, first_[home], first_[home + 1], near);
        if (near.winner() != KeyedRace::nobody) return near.winner();
        KeyedRace far(key);
        enter(business, rule, 0, first_[home], far);
        enter(business, rule, first_[home + 1], first_.back(), far);
        return far.winner() == KeyedRace::nobody ? no_row : far.winner();
    }

private:
    struct Offer {
        std::uint64_t luck;
        double size;  ///< m2 + 1
        std::uint32_t row;
    };

    std::size_t subdistrict_of(std::size_t block) const { return model_.district.blocks[block].subdistrict.value; }

    void enter(std::uint32_t business, const EntryRule& rule, std::uint32_t begin, std::uint32_t end, KeyedRace& race) const {
        const auto& b = world_.businesses;
        const double present = world_.premises.area_m2(b.premises[business]) + 1.0;
        for (std::uint32_t i = begin; i < end; ++i) {
            const Offer& offer = offers_[i];
            if (race.cannot_win(offer.luck, 1.0)) continue;
            // taken since, or in a space that has emptied since
            if (!world_.premises.vacant(offer.row) || !rule.allows(world_, offer.row)) continue;
            const double ratio = offer.size / present;
            race.enter(offer.row, offer.luck, std::min(ratio, 1.0 / ratio));
        }
    }

    const Model& model_;
    const World& world_;
    std::vector<Offer> offers_;
    std::vector<std::uint32_t> first_;  ///< [subdistrict + 1] into offers_
};

Displacement::Displacement(const Model& model, World& world, const std::vector<std::uint32_t>& spaces)
    : model_(model), world_(world), rows_of_(spaces.size()), spaces_(spaces) {
    std::vector<std::uint32_t> place_of(world.spaces.rows(), no_row);
    for (std::uint32_t i = 0; i < spaces.size(); ++i) {
        if (spaces[i] >= place_of.size()) place_of.resize(spaces[i] + std::size_t{1}, no_row);
        place_of[spaces[i]] = i;
    }
    const auto& space_of = world.premises.space;
    for (std::uint32_t row = 0; row < space_of.size(); ++row) {
        if (space_of[row] < place_of.size() && place_of[space_of[row]] != no_row) rows_of_[place_of[space_of[row]]].push_back(row);
    }
}

Displacement::~Displacement() = default;

void Displacement::empty(std::uint32_t space) {
    const BusinessAssumptions& a = model_.assumptions().businesses;
    auto& premises = world_.premises;
    const auto& b = world_.businesses;
    struct Displaced {
        std::uint64_t order;
        std::uint32_t business;
    };
    std::vector<Displaced> displaced;
    const auto place = static_cast<std::size_t>(std::find(spaces_.begin(), spaces_.end(), space) - spaces_.begin());
    HUTONG_EXPECT(place < spaces_.size());
    for (const std::uint32_t row : rows_of_[place]) {
        if (premises.state[row] != PremisesState::on_market) continue;
        premises.state[row] = PremisesState::closed;
        const std::uint32_t business = premises.business[row];
        if (business != no_row) displaced.push_back({luck_key(b.luck[business], static_cast<std::uint64_t>(world_.month.index)), business});
    }
    // They look for new premises one after the other, in an order of luck.
    std::sort(displaced.begin(), displaced.end(), [](const Displaced& x, const Displaced& y) { return x.order < y.order; });
    for (const auto& [order, business] : displaced) {
        const Word4 draw = model_.luck.block(Purpose::vacate, b.luck[business], world_.month);
        const std::uint32_t block = b.block[business];
        const bool unauthorised = (b.flags[business] & business_flag::unauthorised) != 0;
        if (!unauthorised && draw[0] < threshold(a.relocate_inside_share)) {
            if (!offers_) offers_ = std::make_unique<Offers>(model_, world_);
            const std::uint32_t to = offers_->find(business);
            if (to != no_row) {
                close_facility_of(model_, world_, business);
                relocate_business(world_, business, to);
                const auto kept =
                    static_cast<std::uint8_t>(~(business_flag::in_reused_space | business_flag::in_vacated_space | business_flag::chain));
                world_.businesses.flags[business] &= kept;
                if (in_vacated_space(world_, to))
                    world_.businesses.flags[business] |= flags_in_reused_space(model_, world_, premises.space[to]);
                open_facility_of(model_, world_, business);
                world_.flows.add(Flow::business_relocations, block);
                continue;
            }
        }
        // Whether it leaves the district (a relocation out) or closes makes no difference to the World here.
        world_.flows.add(Flow::workers_displaced, block, b.filled[business]);
        const bool leaves = draw[1] < threshold(a.leave_district_share);
        world_.flows.add(leaves ? Flow::business_relocations_out : Flow::business_exits, block);
        close_business(model_, world_, business);
    }
}

void displace_businesses(const Model& model, World& world, std::uint32_t space) { Displacement(model, world, {space}).empty(space); }

void start_misuse(const Model& model, World& world) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const double enforcement = model.levers(world.month).control.enforcement;
    // Nobody expects inspections: twice the strength, half the new misuse at elasticity 1.
    const double deterred = exact_pow(std::max(enforcement, a.misuse_enforcement_floor), -a.misuse_enforcement);
    const std::uint32_t limit[2] = {threshold(std::min(1.0, a.misuse_per_month * deterred)),
                                    threshold(std::min(1.0, a.misuse_per_month * deterred * a.misuse_factor_vacated))};
    const auto& premises = world.premises;
    std::vector<std::uint32_t> rows = untenanted_premises(world);
    std::vector<std::uint64_t> lucks;
    lucks.reserve(rows.size());
    std::size_t open = 0;
    for (const std::uint32_t row : rows) {
        if (!open_to_misuse(world, row)) continue;
        rows[open++] = row;
        lucks.push_back(premises.luck[row]);
    }
    std::vector<std::uint32_t> w0(open), w1(open), w2(open), w3(open);
    model.luck.blocks(Purpose::business_event, lucks.data(), open, world.month, w0.data(), w1.data(), w2.data(), w3.data());
    for (std::size_t i = 0; i < open; ++i) {
        const std::uint32_t row = rows[i];
        const bool vacated = in_vacated_space(world, row);
        if (w3[i] >= limit[vacated ? 1 : 0]) continue;
        const std::uint8_t sector = sector_of_misuse(model, world, row, key_of({w0[i], w1[i], w2[i], w3[i]}));
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
