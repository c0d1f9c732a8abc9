/// The words of the pack's tables: enumerators as they are written in CSV cells.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "scenarios/district.h"

namespace hutong {

inline constexpr std::array<std::string_view, zone_types> zone_words{"government", "historic", "living", "business"};
inline constexpr std::array<std::string_view, dwelling_types> dwelling_type_words{"courtyard", "simple", "apartment", "basement",
                                                                                  "dormitory"};
inline constexpr std::array<std::string_view, tenures> tenure_words{"owned", "private_rent", "public_housing", "employer", "collective"};
inline constexpr std::array<std::string_view, premises_uses> premises_use_words{"shop",    "office",   "market",
                                                                                "storage", "workshop", "institution"};
inline constexpr std::array<std::string_view, space_categories> space_category_words{
    "industrial", "education", "heritage", "public_housing", "residential", "corner_land", "temporary"};
inline constexpr std::array<std::string_view, space_forms> space_form_words{"floor_above", "floor_below", "courtyard_complete",
                                                                            "courtyard_partial", "land"};
inline constexpr std::array<std::string_view, owner_types> owner_words{"central",       "municipal",      "military", "district_soe",
                                                                       "private_owner", "direct_managed", "district"};
inline constexpr std::array<std::string_view, 4> heritage_words{"none", "district", "municipal", "national"};
inline constexpr std::array<std::string_view, 4> era_words{"before_start", "campaign_2017_2020", "from_2021_2025", "assumed_later"};
inline constexpr std::array<std::string_view, 5> status_words{"sourced", "derived", "synthetic", "assumption", "fitted"};
inline constexpr std::array<std::string_view, target_groups> target_group_words{
    "everyone", "children_3_5", "children_6_11", "children_12_14", "elders_65", "car_households", "workers"};

/// The word of an enumerator.
template <class Enum, std::size_t N>
constexpr std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
    return words[static_cast<std::size_t>(value)];
}

}  // namespace hutong
