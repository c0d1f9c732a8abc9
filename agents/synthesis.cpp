#include "agents/synthesis.h"

#include <algorithm>

#include "agents/businesses.h"
#include "agents/governance.h"
#include "agents/homes_market.h"
#include "agents/labour.h"
#include "agents/population_cache.h"
#include "agents/services.h"
#include "agents/spaces.h"
#include "agents/stocks.h"
#include "agents/synthesis_people.h"

namespace hutong {

JobsSetting jobs_setting(const Model& model, const Luck& luck) {
    return {model.district, model.scenario.run.start, model.scenario.run.scale, model.assumptions().synthesis, luck, model.parallel};
}

SynthesisRecord synthesise(const Model& model, World& world) {
    const SynthesisAssumptions& assumptions = model.assumptions().synthesis;
    const Month start = model.scenario.run.start;
    const double scale = model.scenario.run.scale;
    const Luck luck(static_cast<std::uint64_t>(assumptions.seed), 0);
    SynthesisRecord record;
    {
        const HomeStock stock = home_stock(model.district, start);
        record.plan = plan_controls(model.district, stock, scale);
        const PoolRules rules{assumptions, model.district.marginals, home_shares(stock), start};
        const Pool pool = make_pool(rules, luck, model.parallel, static_cast<std::size_t>(assumptions.pool_candidates));
        record.candidates = pool.households.size();
        record.pool_persons = pool.persons.size();
        const FittedHouseholds fitted = fit_households(pool, record.plan, model.district, assumptions, luck, model.parallel);
        record.district = fitted.district;
        record.subdistricts = fitted.summary;
        for (const auto& list : fitted.by_subdistrict) {
            for (const auto& chosen : list) record.largest_copies = std::max(record.largest_copies, chosen.copy + 1);
        }
        expand_dwellings(model.district, start, scale, assumptions, luck, model.parallel, world.dwellings);
        record.placement = place_households(pool, fitted, model.district, start, assumptions, luck, model.parallel, world);
    }
    set_start_state(model.district, record.plan, start, assumptions, luck, model.parallel, world);
    const JobsSetting setting = jobs_setting(model, luck);
    expand_premises(setting, world);
    record.jobs = fill_posts(setting, world);
    return record;
}

bool make_population(const Model& model, World& world, const Notice& notice) {
    const auto folder = cache_folder();
    const std::uint64_t key = population_key(model);
    if (folder && load_population(population_file(*folder, key), key, world)) return true;
    synthesise(model, world);
    if (!folder) return false;
    try {
        save_population(population_file(*folder, key), key, world);
    } catch (const Error& error) {
        if (notice) notice(error);
    }
    return false;
}

World initial_world(const Model& model, const Notice& notice) {
    World population;
    make_population(model, population, notice);
    return initial_world(model, std::move(population));
}

World initial_world(const Model& model, World population) {
    World world = std::move(population);
    leave_room(world);
    index_dwellings(model, world);
    world.month = model.scenario.run.start;
    world.seed = model.scenario.run.seed;
    world.flows.reset(static_cast<std::uint32_t>(model.district.blocks.size()));
    expand_facilities(model.district, world);
    // Spaces that are open at the start bring posts of their own; they are filled like all others.
    const auto posts = static_cast<std::uint32_t>(world.jobs.rows());
    init_spaces(model, world);
    const Luck luck(static_cast<std::uint64_t>(model.assumptions().synthesis.seed), 0);
    fill_with_in_commuters(jobs_setting(model, luck), world, posts);
    init_governance(model, world);
    init_services(model, world);
    init_housing_market(model, world);
    init_businesses_market(model, world);
    init_labour_market(model, world);
    return world;
}

}  // namespace hutong
