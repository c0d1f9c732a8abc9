/// Strong indices: the row of a table or the position in an immutable list. A row may be reused and moved;
/// whoever needs to be recognised for ever carries a luck key (core/draw.h).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace hutong {

template <class Tag>
struct Id {
    std::uint32_t value = std::numeric_limits<std::uint32_t>::max();

    constexpr Id() = default;
    constexpr explicit Id(std::uint32_t v) : value(v) {}
    constexpr explicit Id(std::size_t v) : value(static_cast<std::uint32_t>(v)) {}
    constexpr explicit Id(int v) : value(static_cast<std::uint32_t>(v)) {}

    static constexpr Id none() { return Id{}; }
    constexpr bool valid() const { return value != std::numeric_limits<std::uint32_t>::max(); }
    constexpr explicit operator bool() const { return valid(); }
    constexpr auto operator<=>(const Id&) const = default;  // NOLINT(modernize-use-nullptr): see Month
};

using SubdistrictId = Id<struct SubdistrictTag>;
using BlockId = Id<struct BlockTag>;
using NodeId = Id<struct NodeTag>;
using SectorId = Id<struct SectorTag>;
using ServiceId = Id<struct ServiceTag>;
using UseId = Id<struct UseTag>;
using SpaceId = Id<struct SpaceTag>;
using PersonId = Id<struct PersonTag>;
using HouseholdId = Id<struct HouseholdTag>;
using DwellingId = Id<struct DwellingTag>;
using InCommuterId = Id<struct InCommuterTag>;
using BusinessId = Id<struct BusinessTag>;
using JobId = Id<struct JobTag>;
using PremisesId = Id<struct PremisesTag>;
using FacilityId = Id<struct FacilityTag>;
using AgencyId = Id<struct AgencyTag>;

}  // namespace hutong
