/// What `hutong coverage` shows: one service, block by block, the worst first.
#pragma once

#include <string>
#include <vector>

#include "agents/services.h"
#include "core/text.h"
#include "scenarios/district.h"

namespace hutong {

/// The shortfall of a service in one block, in members of its target group.
struct BlockShortfall {
    std::size_t block = 0;
    CoverageSums sums;
    std::int64_t outside() const { return sums.members - sums.reached; }
    std::int64_t unserved_milli() const { return sums.members * 1000 - sums.served_milli; }
};

/// All blocks of a service with members, most members not served at standard first; equal ones in order of block.
std::vector<BlockShortfall> shortfall_by_block(const District& district, const std::vector<CoverageSums>& sums, ServiceId service);

/// The service of that code; throws Error(usage) with the nearest code.
ServiceId service_named(const Catalogue& catalogue, const std::string& code);

}  // namespace hutong
