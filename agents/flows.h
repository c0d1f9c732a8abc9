/// What happened during one month, counted by block where it happened. Reset at the start of every step, read by
/// sim/observe. Integer counts, so the order of counting cannot matter.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace hutong {

enum class Flow : std::uint8_t {
    births,
    deaths,
    moves_in,
    moves_out,
    moves_within_in,
    moves_within_out,  // persons, by block of home
    households_displaced,
    homes_not_found,
    home_searches,  // households
    hires_resident,
    hires_outside,
    separations,
    posts_opened,
    posts_closed,        // by block of work
    posts_waiting_rule,  ///< posts that stayed open this month because C4.4 or C4.5 forbade the only candidates
    hires_subsidised_resident,
    hires_subsidised_outside,  // posts under P5
    business_entries,
    business_exits,
    business_relocations,
    business_relocations_out,  ///< displaced businesses that left the district
    workers_displaced,
    in_commuters_converted,
    residents_became_commuters,  ///< moved away and kept the post
    project_staff_moved_away,    ///< of them staff under C4.4 or C4.5, by block of work
    misuse_started,
    misuse_found,
    inspections,
    unauthorised_residents_found,
    votes_held,
    votes_against,       ///< households voting, of them against
    subsidy_yuan,        ///< employment subsidies paid (P5)
    surrendered_leases,  ///< C3.4
    surrender_applications,
    choice_evaluations,  ///< alternatives evaluated by choice models (report, not behaviour)
    school_places_refused,
    couples_formed,
    couples_separated,
    left_home,
    count
};
inline constexpr std::size_t flow_count = static_cast<std::size_t>(Flow::count);

struct Flows {
    std::vector<std::int64_t> by_block;  ///< [flow * blocks + block]
    std::uint32_t blocks = 0;

    void reset(std::uint32_t block_count) {
        blocks = block_count;
        by_block.assign(flow_count * block_count, 0);
    }
    void add(Flow flow, std::uint32_t block, std::int64_t amount = 1) {
        by_block[static_cast<std::size_t>(flow) * blocks + block] += amount;
    }
    std::int64_t of(Flow flow, std::uint32_t block) const { return by_block[static_cast<std::size_t>(flow) * blocks + block]; }
    std::int64_t total(Flow flow) const {
        std::int64_t sum = 0;
        for (std::uint32_t b = 0; b < blocks; ++b) sum += of(flow, b);
        return sum;
    }
    template <class F>
    void columns(F&& f) {
        f(by_block);
    }
};

}  // namespace hutong
