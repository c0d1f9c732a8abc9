/// The housing market of one month: what is vacant where, rents, and the cached weights of the nested choice.
#pragma once

#include <array>
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

/// The classes in the order in which races run over them, so that what a household may take is one stretch:
/// homes of registered households, the open market, beds.
inline constexpr std::array<int, market_classes> class_order{0, 2, 4, 6, 1, 3, 5, 7, bed_class};
struct ClassStretch {
    std::size_t first, count;
};
inline ClassStretch class_stretch(int set) {
    const std::size_t first = (set & 1) != 0 ? 0 : 4;
    const std::size_t end = (set & 2) != 0 ? market_classes : bed_class;
    return {first, end - first};
}

/// Derived anew every month from the World; not state. Inverse weights are those of agents/keyed_race.h.
struct HomeChoice {
    std::uint32_t blocks = 0, subdistricts = 0;

    // the nested choice
    std::vector<float> weight;               ///< [(segment * blocks + block) * market_classes + class] n exp(V)
    std::vector<double> inclusive;           ///< [(segment * eligible_sets + set) * subdistricts + subdistrict] (sum of weights)^nest
    std::vector<double> nearness;            ///< [from * subdistricts + to] exp(-distance weight * km)
    std::vector<std::uint32_t> blocks_of;    ///< blocks ordered by sub-district
    std::vector<std::uint32_t> first_block;  ///< [subdistrict (+1)] into blocks_of
    // its races: the sub-districts and, last, outside; the blocks of a sub-district; the classes of a block
    std::vector<std::uint64_t> place_luck, block_luck, class_luck;
    std::vector<float> place_inverse;  ///< [((segment * eligible_sets + set) * (subdistricts + 1) + origin) * (subdistricts + 1) + place]
    std::vector<float> block_inverse;  ///< [(segment * eligible_sets + set) * blocks + position in blocks_of]
    std::vector<float> class_inverse;  ///< [(segment * blocks + block) * market_classes + place in class_order]

    // what is vacant and on offer
    std::vector<std::uint32_t> vacant_first;                 ///< [block * market_classes + class (+1)] into vacant_rows
    std::vector<std::uint32_t> vacant_rows;                  ///< vacant dwellings by block and class
    std::vector<std::uint64_t> vacant_luck;                  ///< their luck keys, same order
    std::array<std::vector<std::uint64_t>, 2> vacant_slots;  ///< [class & 1] one bit for each slot of HousingMarket::slots

    bool vacant_slot(int cls, std::uint32_t slot) const {
        return ((vacant_slots[static_cast<std::size_t>(cls & 1)][slot >> 6] >> (slot & 63)) & 1) != 0;
    }
};

/// Moves vacant homes between sale, rental and held empty, counts vacancies, lets rents answer them (Behaviour::rents),
/// and caches the weights of the month.
HomeChoice prepare_home_choice(const Model& model, World& world);

/// Start state: rents from the sub-districts, the permanent slot tables of keyed rejection, the reference weights of
/// the outside option.
void init_housing_market(const Model& model, World& world);

/// The clearance campaign of 2017-2020, a dated forcing.
bool campaign_runs(const HomesAssumptions& assumptions, Month month);

/// After the data date, where net migration is a declared variant.
bool after_data_date(const HomesAssumptions& assumptions, Month month);

/// Makes the slot tables (HousingMarket::slots) where there are none yet. Made before a World is copied, they are shared by its copies.
void index_dwellings(const Model& model, World& world);
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
