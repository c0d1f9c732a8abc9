/// Population synthesis: pool, weights, whole households, homes, start state, posts. It depends on the pack, the
/// synthesis assumptions and scale only, never on the run's seed: all replicates share one start population.
#pragma once

#include "agents/initial_jobs.h"
#include "agents/model.h"
#include "agents/steps.h"
#include "agents/synthesis_fit.h"
#include "agents/synthesis_place.h"

namespace hutong {

/// What the synthesis knows about itself and the tables do not show.
struct SynthesisRecord {
    ControlPlan plan;
    std::size_t candidates = 0, pool_persons = 0;
    std::uint32_t largest_copies = 0;  ///< most copies of one candidate in one sub-district
    FitSummary district;
    std::vector<FitSummary> subdistricts;
    PlacementSummary placement;
    JobsSummary jobs;
};

/// Fills people, households, dwellings, in_commuters, businesses, jobs and premises of `world`.
SynthesisRecord synthesise(const Model& model, World& world);

/// The same tables from the cache (agents/population_cache.h), or made and put there; true when they came from the
/// cache. When the cache cannot be written the run goes on and `notice` hears why.
bool make_population(const Model& model, World& world, const Notice& notice = {});

/// The setting of the first assignment of posts for this model; `luck` must outlive it.
JobsSetting jobs_setting(const Model& model, const Luck& luck);

}  // namespace hutong
