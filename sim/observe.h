/// Step 9: counts the World into integer tallies by block. Reads everything, changes nothing: residents and households
/// by what changed (sim/running_counts.h), all else in parallel passes with one histogram per grain, added in order.
#pragma once

#include <vector>

#include "agents/model.h"
#include "agents/services.h"
#include "agents/world.h"
#include "sim/running_counts.h"
#include "sim/tallies.h"

namespace hutong {

/// Restricted mean of the time to opening over opening_horizon_months, in thousandths of a month (Kaplan and Meier
/// 1958), from the numbers of openings and of spaces still waiting by duration (the last index: at least that long);
/// -1 where nothing was followed over the whole span while some were still waiting.
std::int32_t restricted_mean_milli(const std::int32_t* opened, const std::int32_t* waiting);

class Observer {
public:
    Observer(const Model& model, const TallyLayout& layout);

    /// The state at the end of `month`; with `flows`, also what happened in it (not for the state before the first step).
    const MonthTallies& observe(const World& world, Month month, bool flows);

private:
    void count_people(const World& world, Month month);
    void count_households(const World& world);
    void count_dwellings(const World& world);
    void count_businesses(const World& world);
    void count_premises(const World& world);
    void count_services(const World& world);
    void count_yearly(const World& world, Month month);
    void count_services_without_ring(const World& world);
    void count_ways_to_work(const World& world);
    void count_projects(const World& world, Month month);
    void count_spaces(const World& world, Month month);
    void count_reagglomeration(const World& world);
    void count_openings(const World& world, Month month);
    void copy_flows(const World& world);
    std::int64_t& at(std::size_t tally, std::size_t block) { return tallies_.of(tally, block); }

    const Model& model_;
    const TallyLayout& layout_;
    MonthTallies tallies_;
    std::vector<std::uint8_t> node_block_;  ///< [node], `blocks` for the ring
    struct NodeRun {
        std::size_t begin = 0, end = 0, block = 0;
    };
    std::vector<NodeRun> node_runs_;           ///< nodes side by side in one block
    std::vector<std::size_t> first_of_group_;  ///< [target group] the first service for it
    std::vector<std::int64_t> space_area_;     ///< [space] 0.1 m2
    std::vector<std::uint8_t> due_;            ///< [space] 1: vacated 24 months ago or longer
    std::vector<std::int16_t> opened_;         ///< [space] Month::index of the first opening in the event log, 0 when not yet
    std::size_t events_seen_ = 0;
    std::vector<std::uint8_t> age_group_;  ///< [age in months]
    PeopleCounts people_;
    HouseholdCounts households_;
    std::vector<CompositeSums> circle_;
    std::vector<CoverageSums> without_ring_;
    std::vector<std::uint8_t> minutes_;  ///< [home block * blocks + work block] one way
};

}  // namespace hutong
