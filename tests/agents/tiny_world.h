/// The drawn town with its synthetic population, ready to step: what most tests of behaviour stand on.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "agents/model.h"
#include "agents/steps.h"
#include "scenarios/tiny_town.h"

namespace hutong {

/// Seeds of tests are 1..test_seeds, declared here once.
inline constexpr std::uint64_t test_seeds = 8;

/// One month: the nine steps in order (sim/step does the same and is tested in its own room).
inline void step_once(const Model& model, World& world) {
    world.flows.reset(static_cast<std::uint32_t>(model.district.blocks.size()));
    vacate(model, world);
    govern(model, world);
    open_spaces(model, world);
    update_businesses(model, world);
    update_labour(model, world);
    update_people(model, world);
    update_homes(model, world);
    update_services(model, world);
    ++world.month;
}

struct TinyWorld {
    explicit TinyWorld(std::uint64_t seed = 1, int threads = 1, std::string_view drawing = tiny_town_drawing, Scenario given = {})
        : scenario(small_pool(std::move(given))),
          parallel(threads),
          district(draw_town(drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng", nullptr))),
          model{district, scenario, parallel, Luck(seed, 0), {}} {
        // A population kept from an earlier version would hide a change of the synthesis.
        unsetenv("XDG_CACHE_HOME");
        unsetenv("HOME");
        world = initial_world(model);
    }
    TinyWorld(const TinyWorld&) = delete;
    TinyWorld& operator=(const TinyWorld&) = delete;

    /// The pool of candidate households need not be larger than the town.
    static Scenario small_pool(Scenario scenario) {
        scenario.assumptions.synthesis.pool_candidates = std::min<std::int64_t>(scenario.assumptions.synthesis.pool_candidates, 4000);
        return scenario;
    }
    void step() { step_once(model, world); }
    void neutral(Behaviour behaviour) { model.neutral.set(static_cast<std::size_t>(behaviour)); }

    Scenario scenario;
    Parallel parallel;
    District district;
    Model model;
    World world;
};

}  // namespace hutong
