// What the observer counts against a plain count by the test: re-agglomeration of vacated space, ways to work, day population.
#include "sim/observe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../agents/tiny_world.h"
#include "agents/homes_market.h"
#include "agents/stocks.h"
#include "sim/step.h"

namespace hutong {
namespace {

TEST(Observe, ReagglomerationIsWhatHoldsCatalogueSectorsOrUnauthorisedResidents24MonthsOn) {
    for (const int ago : {23, 24, 40}) {
        TinyWorld town;
        World& world = town.world;
        ASSERT_FALSE(town.district.spaces.empty());
        // One space was vacated so long ago, the others are occupied.
        for (auto& stage : world.spaces.stage) stage = SpaceStage::occupied;
        constexpr std::uint32_t space = 0;
        const Space& given = town.district.spaces[space];
        const auto node = static_cast<std::uint16_t>(given.node.value);
        const auto block = static_cast<std::uint8_t>(town.district.block_of(given.node).value);
        world.spaces.stage[space] = SpaceStage::vacant;
        world.spaces.vacated[space] = static_cast<std::int16_t>(world.month.index - ago);
        const auto& sectors = town.district.catalogue.sectors;
        const auto sector_where = [&](bool prohibited) {
            for (std::uint8_t s = 0; s < sectors.size(); ++s) {
                if (sectors[s].prohibited == prohibited && !sectors[s].exogenous) return s;
            }
            return std::uint8_t{0};
        };
        const std::uint32_t banned = add_premises(world, 1, node, block, PremisesUse::market, 70, space, 255);
        const std::uint32_t lawful = add_premises(world, 2, node, block, PremisesUse::shop, 110, space, 255);
        add_business(world, 3, sector_where(true), banned, world.month, Funding::private_capital, business_flag::unauthorised);
        add_business(world, 4, sector_where(false), lawful, world.month, Funding::private_capital, 0);
        for (const std::uint8_t flag : {household_flag::unauthorised, std::uint8_t{0}}) {
            const std::uint32_t home = add_dwelling(world, 5 + flag, node, block, DwellingType::basement, Tenure::private_rent, 25, space);
            const std::uint32_t household = add_household(world, 50 + flag, home, world.month, 0, 0, flag);
            add_person(world, household, {.luck = std::uint64_t{500} + flag, .birth = Month::of(1985, 1), .role = Role::head});
        }
        const TallyLayout layout(town.district);
        Observer observer(town.model, layout);
        const MonthTallies& t = observer.observe(world, world.month, false);
        const bool due = ago >= 24;
        EXPECT_EQ(t.of(layout.at(Tally::reagglomeration_due), block), due ? std::llround(given.area_m2 * 10) : 0) << ago;
        EXPECT_EQ(t.of(layout.at(Tally::reagglomeration_catalogue), block), due ? 700 : 0) << "the banned sector alone";
        EXPECT_EQ(t.of(layout.at(Tally::reagglomeration_unauthorised), block), due ? 250 : 0) << "the unauthorised home alone";
    }
}

TEST(Observe, WaysToWorkAreThoseOfWorkersOneByOne) {
    TinyWorld town;
    while (town.world.month.month_of_year() != 12) step(town.model, town.world);
    const TallyLayout layout(town.district);
    Observer observer(town.model, layout);
    const World& world = town.world;
    const MonthTallies& t = observer.observe(world, world.month, false);
    ASSERT_TRUE(t.yearly_counted);
    const LabourAssumptions& a = town.model.assumptions().labour;
    std::vector<std::int64_t> workers(layout.blocks, 0), minutes = workers, residents = workers, resident_minutes = workers;
    for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) {
        if (!world.jobs.alive(j) || world.jobs.open(j)) continue;
        const std::size_t work = world.jobs.block[j];
        ++workers[work];
        if (world.jobs.by_in_commuter(j)) {
            minutes[work] += world.in_commuters.commute_min[world.jobs.worker[j] & ~JobTable::in_commuter_bit];
            continue;
        }
        const std::size_t home = town.district.block_of(NodeId(world.people.home_node[world.jobs.worker[j]])).value;
        const Point &from = town.district.blocks[home].centre, &to = town.district.blocks[work].centre;
        const double km = std::hypot(from.x_m - to.x_m, from.y_m - to.y_m) / 1000;
        const auto way = static_cast<std::int64_t>(std::floor(a.commute_fixed_min + a.commute_min_per_km * km + 0.5));
        minutes[work] += way;
        ++residents[home];
        resident_minutes[home] += way;
    }
    std::int64_t all = 0;
    for (std::size_t b = 0; b < layout.blocks; ++b) {
        EXPECT_EQ(t.of(layout.at(Tally::commute_workers), b), workers[b]);
        EXPECT_EQ(t.of(layout.at(Tally::commute_minutes), b), minutes[b]);
        EXPECT_EQ(t.of(layout.at(Tally::commute_residents), b), residents[b]);
        EXPECT_EQ(t.of(layout.at(Tally::commute_resident_minutes), b), resident_minutes[b]);
        all += residents[b];
    }
    EXPECT_GT(all, 0);
}

}  // namespace
}  // namespace hutong
