/// Which services are a person's own: those for everyone, those of the age group, parking with a car.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/calendar.h"

namespace hutong {

/// Age groups with services of their own, as TargetGroup names them; the first five need profiles in this order, the
/// other five the same with a car in the household.
enum class AgeNeed : std::uint8_t { none, children_3_5, children_6_11, children_12_14, elders_65 };
inline constexpr std::size_t age_needs = 5;

/// Kinds of persons by the services they use: AgeNeed, without and with a car in the household.
inline constexpr int need_profiles = 10;

inline constexpr std::size_t years_of_age = 128;  ///< ages from here on count as the last
inline constexpr int months_in_year = 12;

/// Completed years at the month, 0..years_of_age - 1 (a birth month still to come counts as 0).
inline std::size_t age_years(Month month, std::int16_t birth_month) {
    const int months = std::max(0, month.index - birth_month);
    return std::min(static_cast<std::size_t>(months / months_in_year), years_of_age - 1);
}

/// Ages [years] at which need_at changes.
inline constexpr std::array<int, 5> age_limits{3, 6, 12, 15, 65};

/// The group's ages are its definition (catalogue.h, TargetGroup).
constexpr AgeNeed need_at(std::size_t years) {
    if (years >= 65) return AgeNeed::elders_65;
    if (years >= 3 && years <= 5) return AgeNeed::children_3_5;
    if (years >= 6 && years <= 11) return AgeNeed::children_6_11;
    if (years >= 12 && years <= 14) return AgeNeed::children_12_14;
    return AgeNeed::none;
}

/// Members of a household by AgeNeed in one word, six bits each: nobody needs to be looked up to say what services they
/// lack. Households of more than `packed_most` (dormitories) are not packed.
inline constexpr std::uint32_t need_bits = 6, packed_most = (1U << need_bits) - 1;
inline std::uint32_t need_unit(AgeNeed need) { return 1U << (need_bits * static_cast<std::uint32_t>(need)); }
inline std::uint32_t need_count(std::uint32_t packed, std::size_t need) { return packed >> (need_bits * need) & packed_most; }
static_assert(need_bits * age_needs <= 32);

}  // namespace hutong
