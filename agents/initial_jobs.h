/// Premises, businesses and posts made single from the pack's groups, and the first assignment of posts: residents by
/// a nested choice (block by distance and posts on offer, then post by the sector's affinity), in-commuters for the rest.
#pragma once

#include "agents/world.h"
#include "core/draw.h"
#include "core/parallel.h"
#include "scenarios/assumptions_synthesis.h"

namespace hutong {

struct JobsSetting {
    const District& district;
    Month start;
    double scale;
    const SynthesisAssumptions& assumptions;
    const Luck& luck;
    const Parallel& parallel;
};

/// Fills world.premises, world.businesses and world.jobs (all posts open). Jobs and floor area of every group add up.
/// Premises of spaces vacated before the start are closed and empty.
void expand_premises(const JobsSetting& setting, World& world);

/// Fills the table of facilities at full capacity: agents/services counts capacity times `scale`.
void expand_facilities(const District& district, World& world);

struct JobsSummary {
    std::uint64_t wanted = 0;       ///< residents to be employed in the district
    std::uint64_t placed = 0;       ///< of them with a post; the others work outside
    std::uint64_t other_skill = 0;  ///< placed in a post of another skill
    std::uint64_t in_commuters = 0;
    std::uint64_t open_posts = 0;
};

/// Gives posts to residents marked employed_here; who finds none is employed_outside. Then fills the other posts, but
/// for the declared share of open ones, with in-commuters. Local shares of publicly funded projects hold (C4.4, C4.5).
JobsSummary fill_posts(const JobsSetting& setting, World& world);

/// Fills open posts from row `first` on with in-commuters, as fill_posts does: for posts made after it.
void fill_with_in_commuters(const JobsSetting& setting, World& world, std::uint32_t first);

}  // namespace hutong
