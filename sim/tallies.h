/// Base counts of one month: integers by area, from which every indicator is computed. Areas are the blocks, then the
/// sub-districts, then the district; counts add up exactly from blocks, ratios never do.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "agents/flows.h"
#include "agents/spaces_state.h"
#include "agents/world.h"
#include "scenarios/district.h"

namespace hutong {

/// Lower bounds, in years, of the age groups counted: every group an indicator needs is a union of these.
inline constexpr std::array<int, 21> age_bounds{0, 3, 5, 6, 10, 12, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85};
inline constexpr int age_groups = static_cast<int>(age_bounds.size());

/// Months over which the mean time from vacating to opening is restricted. Assumption: three years, the span within
/// which works of every size should be done.
inline constexpr int opening_horizon_months = 36;

inline constexpr int fundings = static_cast<int>(Funding::heritage_project) + 1;

inline constexpr int routes = 3;  ///< scattered, key, major (W1)

/// Counts that are one column each.
enum class Tally : std::uint16_t {
    registered_here,
    registered_beijing,
    registered_outside,
    employed_here,
    employed_outside,
    unemployed,
    households,
    collective_households,
    collective_residents,
    unauthorised_residents,
    satisfaction_permille,  ///< summed over residents
    cars,
    dwellings_occupied,
    dwellings_vacant,
    dwellings_held_empty,
    dwellings_cleared,
    dwellings_demolished,
    dwellings_merged,
    dwelling_area,         ///< 0.1 m2, not demolished
    premises_vacant_area,  ///< 0.1 m2
    filled_by_residents,
    livelihood_filled,
    livelihood_local,
    heritage_filled,
    heritage_local,         ///< C4.4, C4.5
    projects,               ///< publicly funded projects with staff
    projects_below_vacant,  ///< of them with a local share below the rule's, non-local staff within the cap: posts are vacant
    projects_above_cap,     ///< of them with more non-local staff than the cap: staff moved away, or posts went
    commute_workers,        ///< filled posts, by block of work; of months with yearly_counted, as the next three
    commute_minutes,        ///< one way, summed
    commute_residents,      ///< residents working in the district, by block of home
    commute_resident_minutes,
    shortfall_weight,
    shortfall_sum,
    shortfall_squares,  ///< C2.0, residents, permille
    circle_residents,
    circle_complete,      ///< one-quarter-hour circle
    circle_without_ring,  ///< the same without facilities and people of the ring; of months with yearly_counted
    green_capacity,
    parking_capacity,  ///< thousandths of m2, of spaces
    reagglomeration_due,
    reagglomeration_catalogue,
    reagglomeration_unauthorised,  ///< 0.1 m2
    tie_area,                      ///< 0.1 m2
    open_decided,                  ///< 0.1 m2 in use, by who chose the use (in the order of Decider)
    open_approved,
    open_informed,
    committed_yuan,
    taxed_revenue_yuan,  ///< a year, of spaces open in private use
    function_filled,
    function_high_end,  ///< filled posts in blocks of function areas (C2.4), of them high-end
    rent_fen,
    rent_dwellings,  ///< 0.01 yuan per m2 and month, summed over the market's dwellings
    count
};

/// Where each tally stands: single columns first, then columns by age, sector, service and so on.
struct TallyLayout {
    std::uint16_t sectors = 0, services = 0;
    std::uint16_t ages = 0, posts = 0, filled = 0, filled_residents = 0, funding_filled = 0, funding_residents = 0, businesses = 0,
                  members = 0, served = 0, reached = 0, served_without_ring = 0, reached_without_ring = 0, premises_area = 0,
                  stage_area = 0, direction_area = 0, flows = 0, count = 0;
    std::uint16_t blocks = 0, subdistricts = 0;
    std::vector<std::uint16_t> subdistrict_of;  ///< [block]

    explicit TallyLayout(const District& district);
    std::size_t areas() const { return static_cast<std::size_t>(blocks) + subdistricts + 1; }
    std::size_t district_area() const { return areas() - 1; }
    std::uint16_t at(Tally tally) const { return static_cast<std::uint16_t>(tally); }
    std::uint16_t at(Flow flow) const { return static_cast<std::uint16_t>(flows + static_cast<std::uint16_t>(flow)); }
};

/// The counts of one month.
struct MonthTallies {
    const TallyLayout* layout = nullptr;
    std::vector<std::int64_t> values;                ///< [tally * areas + area]
    std::vector<std::int32_t> opening_milli_months;  ///< [(1 + routes) * areas]: restricted mean to opening, -1 where undefined
    std::vector<std::int32_t> agency_milli_months;   ///< [agency], whole district
    std::vector<double> agency_score;                ///< [agency] O3, 0 to 100, -1 unjudged; empty unless `yearly_counted`
    std::vector<std::int64_t> queue_length;          ///< [agency], whole district
    std::vector<std::int64_t> handled, sent_back, months_waited;    ///< [agency], whole district, since the start
    std::int64_t reduced_dm2 = 0, added_dm2 = 0, tie_pool_dm2 = 0;  ///< C1, 0.01 m2, since the start
    std::int64_t red_line_persons = 0;
    bool yearly_counted = false;  ///< what is not worth every month: coverage without the ring, ways to work (Observer::count_yearly)
    std::int64_t capital_spent_yuan = 0, operating_spent_yuan = 0, buy_back_spent_yuan = 0, headroom_committed = 0;
    std::int64_t surrender_spent_yuan = 0, courtyards_complete = 0;  ///< C3.4, since the start

    explicit MonthTallies(const TallyLayout& tally_layout);
    std::int64_t& of(std::size_t tally, std::size_t area) { return values[tally * layout->areas() + area]; }
    std::int64_t of(std::size_t tally, std::size_t area) const { return values[tally * layout->areas() + area]; }
    std::int64_t of(Tally tally, std::size_t area) const { return of(static_cast<std::size_t>(tally), area); }
    /// Sums blocks to sub-districts and the district.
    void add_up();
};

}  // namespace hutong
