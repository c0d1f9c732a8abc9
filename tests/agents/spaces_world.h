/// Spaces of every kind in the drawn town, with nobody living there: what the tests of the workflow stand on.
#pragma once

#include <functional>

#include "agents/governance.h"
#include "agents/model.h"
#include "agents/spaces.h"
#include "agents/steps.h"
#include "agents/stocks.h"
#include "scenarios/tiny_town.h"

namespace hutong {

struct SpacesWorld {
    /// `change` may set levers and assumptions, `make` the spaces; without it there are `count` of mixed kind.
    explicit SpacesWorld(std::size_t count, const std::function<void(Scenario&)>& change = {},
                         const std::function<void(Space&, std::size_t)>& make = {}, std::uint64_t seed = 1)
        : parallel(1),
          district(draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"))),
          model{district, scenario, parallel, Luck(seed, 0), {}} {
        if (change) change(scenario);
        district.spaces.clear();
        std::vector<NodeId> nodes;
        for (std::size_t n = 0; n < district.network.nodes(); ++n) {
            if (district.block_of(NodeId(n))) nodes.push_back(NodeId(n));
        }
        constexpr double areas[] = {150, 700, 2600, 9000, 400, 26000, 1200};
        for (std::size_t i = 0; i < count; ++i) {
            Space s;
            s.code = "s" + std::to_string(i);
            s.category = static_cast<SpaceCategory>(i % 5);
            s.form = s.category == SpaceCategory::public_housing ? SpaceForm::courtyard_complete : SpaceForm::floor_above;
            s.owner = static_cast<OwnerType>(i % owner_types);
            s.node = nodes[i * 7 % nodes.size()];
            s.area_m2 = areas[i % 7];
            s.vacated = Month::of(2017, 6) + static_cast<int>(i % 24);
            if (make) make(s, i);
            district.spaces.push_back(s);
        }
        world.month = scenario.run.start;
        world.flows.reset(static_cast<std::uint32_t>(district.blocks.size()));
        world.housing.space_dwelling_first.assign(district.spaces.size() + 1, 0);
        world.services.facilities_changed.assign(district.catalogue.services.size(), 0);
        init_spaces(model, world);
        init_governance(model, world);
    }
    SpacesWorld(const SpacesWorld&) = delete;
    SpacesWorld& operator=(const SpacesWorld&) = delete;

    static void lever(Scenario& scenario, std::string_view path, const ParameterValue& value) {
        scenario.policy.change(Month{}, path, value);
    }
    static void off(Scenario& scenario, Clause clause) {
        Levers levers = scenario.policy.at(Month{});
        levers.off.set(static_cast<std::size_t>(clause));
        scenario.policy = Policy(levers);
    }

    /// Steps 1 to 3.
    void step() {
        world.flows.reset(static_cast<std::uint32_t>(district.blocks.size()));
        vacate(model, world);
        govern(model, world);
        open_spaces(model, world);
        ++world.month;
    }
    void run(int months) {
        for (int i = 0; i < months; ++i) step();
    }
    std::size_t opened() const {
        std::size_t n = 0;
        for (const auto month : world.spaces.opened) n += month != 0 ? 1 : 0;
        return n;
    }
    /// Months from vacating to opening, summed; a space still on its way counts up to now.
    std::int64_t months_to_opening(const std::function<bool(std::uint32_t)>& which = {}) const {
        std::int64_t sum = 0;
        for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
            if (which && !which(s)) continue;
            const int end = world.spaces.opened[s] != 0 ? world.spaces.opened[s] : world.month.index;
            sum += end - world.spaces.vacated[s];
        }
        return sum;
    }
    const Space& space(std::uint32_t s) const { return district.spaces[s]; }
    UseId use(const char* code) const { return district.catalogue.use(code); }

    Scenario scenario;
    Parallel parallel;
    District district;
    Model model;
    World world;
};

}  // namespace hutong
