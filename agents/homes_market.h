/// The housing market of one month: what is vacant where, rents, and the cached weights of the nested choice.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// A class of the market: dwelling type x whether it is let on the open market (private rent) or held by
/// owner-occupiers, employers and the public (open to registered households), and dormitory beds.
inline constexpr int market_classes = 9;
inline constexpr int bed_class = 8;
inline int market_class(DwellingType type, Tenure tenure) {
    if (type == DwellingType::dormitory) return bed_class;
    return static_cast<int>(type) * 2 + (tenure == Tenure::private_rent ? 1 : 0);
}

/// Segments of households in the choice model: income fifth x family.
enum class Family : std::uint8_t { single, several, young_child };
inline constexpr int families = 3;
inline constexpr int income_groups = 5;
inline constexpr int home_segments = income_groups * families;
inline int home_segment(int income, Family family) { return income * families + static_cast<int>(family); }

/// Which classes a household may take: bit 0 open rental market (always), bit 1 homes of registered households,
/// bit 2 beds (persons alone).
inline constexpr int eligible_sets = 4;
inline int eligible_set(bool registered, bool alone) { return (registered ? 1 : 0) + (alone ? 2 : 0); }
inline bool class_eligible(int set, int cls) {
    if (cls == bed_class) return (set & 2) != 0;
    return (cls & 1) != 0 || (set & 1) != 0;
}

/// Derived anew every month from the World; not state.
struct HomeChoice {
    std::uint32_t blocks = 0, subdistricts = 0;
    std::vector<std::uint32_t> vacant;        ///< [block * market_classes + class] vacant and on offer
    std::vector<std::uint32_t> vacant_first;  ///< [block * market_classes + class (+1)] into vacant_rows
    std::vector<std::uint32_t> vacant_rows;   ///< vacant dwellings by cell, for the fallback of keyed rejection
    std::vector<std::uint64_t> vacant_luck;   ///< their luck keys, same order
    std::vector<std::uint8_t> vacant_slot;    ///< [slot of HousingMarket::slots] class + 1 of a vacant dwelling, 0 otherwise
    std::vector<float> weight;                ///< [(segment * blocks + block) * market_classes + class] n exp(V)
    std::vector<float> block_weight;          ///< [(segment * eligible_sets + set) * blocks + block] sum of weights over eligible classes
    std::vector<double> inclusive;            ///< [(segment * eligible_sets + set) * subdistricts + subdistrict] (sum of weights)^nest
    std::vector<double> nearness;             ///< [from * subdistricts + to] exp(-distance weight * km)
    std::vector<std::vector<std::uint32_t>> blocks_of;  ///< of a sub-district
};

/// Counts vacancies, lets rents answer them (Behaviour::rents), moves vacant owned homes between sale, rental and
/// held empty, and caches the weights of the month.
HomeChoice prepare_home_choice(const Model& model, World& world);

/// Start state: rents from the sub-districts, the permanent slot tables of keyed rejection, the reference weights of
/// the outside option.
void init_housing_market(const Model& model, World& world);

/// The clearance campaign of 2017-2020, a dated forcing.
bool campaign_runs(const HomesAssumptions& assumptions, Month month);

/// Puts dwellings added since the last call into the slot tables.
void index_new_dwellings(World& world);

/// Rent of a class in a block, yuan per m2 and month.
double class_rent(const World& world, std::uint32_t block, int cls);

/// The `index`-th keyed slot of (block, type): a dwelling row or no_row where the slot is empty.
struct SlotRange {
    std::uint32_t first = 0, size = 0;  ///< size is a power of two
};
inline SlotRange slot_range(const World& world, std::uint32_t block, DwellingType type) {
    const std::size_t at = block * dwelling_types + static_cast<std::size_t>(type);
    return {world.housing.slot_first[at], world.housing.slot_first[at + 1] - world.housing.slot_first[at]};
}

}  // namespace hutong
