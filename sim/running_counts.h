/// Counts of residents and households by block that are carried from month to month: what a row showed when it was last
/// seen is kept beside the counts; a pass compares and books only the rows that differ. Exact whatever happened in
/// between (tests/sim/running_counts_test.cpp compares with a full count every month). One object follows one World.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/world.h"
#include "core/parallel.h"

namespace hutong {

inline constexpr std::size_t registrations = 3;
inline constexpr std::size_t activities = static_cast<std::size_t>(Activity::retired) + 1;

/// Residents by block, registration, activity and month of birth.
class PeopleCounts {
public:
    /// `node_block` [node]: block of a node, `blocks` outside the district.
    PeopleCounts(const std::vector<std::uint8_t>& node_block, std::size_t blocks);

    void update(const Parallel& parallel, const PersonTable& people, Month month);

    std::int64_t of(std::size_t block, Registration registration, Activity activity) const {
        return status_[(block * registrations + static_cast<std::size_t>(registration)) * activities + static_cast<std::size_t>(activity)];
    }
    /// Residents by age group, [group * blocks + block]; `group_of_age` [age in months], the last one for all beyond.
    std::vector<std::int64_t> by_age(Month month, const std::vector<std::uint8_t>& group_of_age, std::size_t groups) const;
    /// Rows booked by the last update.
    std::size_t changed() const { return changed_; }

private:
    struct Birth {
        std::uint32_t cell;
        std::int32_t change;
    };
    struct Seen {
        std::vector<std::uint16_t> node;
        std::vector<std::int16_t> birth_month;
        std::vector<std::uint8_t> status;  ///< registration and activity (status_of)
        void resize(std::size_t rows);
    };
    void pass(const PersonTable& people, std::size_t begin, std::size_t end, std::vector<std::int32_t>& status, std::vector<Birth>& births);
    std::uint32_t birth_cell(std::size_t block, std::int16_t birth_month) const;

    std::size_t blocks_;
    std::vector<std::uint8_t> block_of_;  ///< [node + 1 for no_node] blocks_: not counted
    Seen seen_;
    std::int32_t oldest_ = 0, births_ = 0;  ///< Month::index of the first month of birth kept apart, and their number
    std::vector<std::int64_t> status_;      ///< [(block * registrations + registration) * activities + activity]
    std::vector<std::int32_t> born_;        ///< [month of birth * (blocks + 1) + block]
    std::size_t changed_ = 0;
};

/// Households by block.
class HouseholdCounts {
public:
    explicit HouseholdCounts(std::size_t blocks) : blocks_(blocks) {}

    enum Count : std::size_t { all, collective, collective_persons, unauthorised_persons, cars, satisfaction, counts };

    void update(const Parallel& parallel, const HouseholdTable& households, const DwellingTable& dwellings);

    std::int64_t of(std::size_t block, Count count) const { return sums_[block * counts + count]; }
    /// Households in unauthorised dwellings, in order of rows.
    const std::vector<std::uint32_t>& unauthorised() const { return unauthorised_; }

private:
    struct Seen {
        std::vector<std::uint32_t> dwelling;
        std::vector<std::uint16_t> satisfaction;
        std::vector<std::uint8_t> size, flags, cars, block;
    };
    struct Part {
        std::vector<std::int64_t> sums;
        std::vector<std::uint32_t> unauthorised;
    };
    void pass(const HouseholdTable& households, const DwellingTable& dwellings, std::size_t begin, std::size_t end, Part& part);
    void book(std::size_t row, std::int64_t sign, std::vector<std::int64_t>& sums) const;

    std::size_t blocks_;
    Seen seen_;
    std::vector<std::int64_t> sums_;  ///< [block * counts + count]
    std::vector<std::uint32_t> unauthorised_;
};

}  // namespace hutong
