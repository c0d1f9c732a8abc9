/// The drawn town and what the synthesis needs, without the rest of the World.
#pragma once

#include <filesystem>
#include <set>

#include "agents/synthesis.h"
#include "agents/synthesis_people.h"
#include "scenarios/tiny_town.h"

namespace hutong {

struct SynthesisTown {
    explicit SynthesisTown(int threads = 1, double scale = 1)
        : parallel(threads),
          district(draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng", nullptr))),
          model{district, scenario, parallel, Luck(1, 0), {}} {
        scenario.run.scale = scale;
        scenario.assumptions.synthesis.pool_candidates = 4000;
    }
    SynthesisTown(const SynthesisTown&) = delete;
    SynthesisTown& operator=(const SynthesisTown&) = delete;

    Month start() const { return scenario.run.start; }
    const SynthesisAssumptions& assumptions() const { return scenario.assumptions.synthesis; }
    Luck luck() const { return Luck(static_cast<std::uint64_t>(assumptions().seed), 0); }
    World make() {
        World world;
        world.month = start();
        record = synthesise(model, world);
        return world;
    }
    Pool pool(std::size_t count) const {
        const PoolRules rules{assumptions(), district.marginals, home_shares(home_stock(district, start())), start()};
        return make_pool(rules, luck(), parallel, count);
    }

    Scenario scenario;
    Parallel parallel;
    District district;
    Model model;
    SynthesisRecord record;
};

}  // namespace hutong
