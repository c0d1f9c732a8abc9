#include "sim/running_counts.h"

#include <gtest/gtest.h>

#include "../agents/tiny_world.h"
#include "agents/stocks.h"
#include "sim/observe.h"
#include "sim/step.h"

namespace hutong {
namespace {

/// Every tally of the people and homes of a month, counted anew row by row, as plainly as can be.
struct Recount {
    const TallyLayout& layout;
    MonthTallies tallies;

    Recount(const TinyWorld& town, const TallyLayout& with, Month month) : layout(with), tallies(with) {
        const World& world = town.world;
        auto add = [&](std::size_t tally, std::size_t block, std::int64_t n) { tallies.of(tally, block) += n; };
        auto block_of = [&](std::uint16_t node) { return town.district.block_of(NodeId{std::uint32_t{node}}); };
        for (std::uint32_t p = 0; p < world.people.rows(); ++p) {
            if (!world.people.alive(p)) continue;
            const std::size_t b = block_of(world.people.home_node[p]).value;
            const int years = (month.index - world.people.birth_month[p]) / 12;
            std::size_t group = 0;
            while (group + 1 < age_bounds.size() && years >= age_bounds[group + 1]) ++group;
            add(layout.ages + group, b, 1);
            constexpr Tally registration[] = {Tally::registered_here, Tally::registered_beijing, Tally::registered_outside};
            add(layout.at(registration[static_cast<std::size_t>(world.people.registration[p])]), b, 1);
            const Activity activity = world.people.activity[p];
            add(layout.at(Tally::employed_here), b, activity == Activity::employed_here);
            add(layout.at(Tally::employed_outside), b, activity == Activity::employed_outside);
            add(layout.at(Tally::unemployed), b, activity == Activity::unemployed);
        }
        for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
            if (!world.households.alive(h)) continue;
            const std::size_t b = world.dwellings.block[world.households.dwelling[h]];
            const std::int64_t size = world.households.size[h];
            const std::uint8_t flags = world.households.flags[h];
            add(layout.at(Tally::households), b, 1);
            add(layout.at(Tally::collective_households), b, flags & household_flag::collective ? 1 : 0);
            add(layout.at(Tally::collective_residents), b, flags & household_flag::collective ? size : 0);
            add(layout.at(Tally::unauthorised_residents), b, flags & household_flag::unauthorised ? size : 0);
            add(layout.at(Tally::satisfaction_permille), b, std::max<std::int64_t>(world.households.satisfaction[h], 0) * size);
            add(layout.at(Tally::cars), b, world.households.cars[h]);
        }
        for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
            const std::size_t b = world.dwellings.block[d];
            constexpr Tally empty[] = {Tally::dwellings_vacant, Tally::dwellings_held_empty, Tally::dwellings_cleared,
                                       Tally::dwellings_demolished, Tally::dwellings_merged};
            const DwellingState state = world.dwellings.state[d];
            const bool occupied = world.dwellings.household[d] != no_row;
            add(layout.at(occupied ? Tally::dwellings_occupied : empty[static_cast<std::size_t>(state)]), b, 1);
            if (state != DwellingState::demolished) add(layout.at(Tally::dwelling_area), b, world.dwellings.area_dm2_100[d]);
        }
        for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) {
            if (!world.jobs.alive(j) || world.jobs.open(j)) continue;
            const std::size_t b = world.jobs.block[j], sector = world.jobs.sector[j];
            const auto funding = static_cast<std::size_t>(world.businesses.funding[world.jobs.business[j]]);
            add(layout.filled + sector, b, 1);
            add(layout.funding_filled + funding, b, 1);
            if (!world.jobs.by_resident(j)) continue;
            add(layout.at(Tally::filled_by_residents), b, 1);
            add(layout.filled_residents + sector, b, 1);
            add(layout.funding_residents + funding, b, 1);
        }
        tallies.add_up();
    }

    std::vector<std::size_t> counted() const {
        std::vector<std::size_t> all;
        for (const Tally tally : {Tally::registered_here,
                                  Tally::registered_beijing,
                                  Tally::registered_outside,
                                  Tally::employed_here,
                                  Tally::employed_outside,
                                  Tally::unemployed,
                                  Tally::households,
                                  Tally::collective_households,
                                  Tally::collective_residents,
                                  Tally::unauthorised_residents,
                                  Tally::satisfaction_permille,
                                  Tally::cars,
                                  Tally::dwellings_occupied,
                                  Tally::dwellings_vacant,
                                  Tally::dwellings_held_empty,
                                  Tally::dwellings_cleared,
                                  Tally::dwellings_demolished,
                                  Tally::dwellings_merged,
                                  Tally::dwelling_area,
                                  Tally::filled_by_residents})
            all.push_back(layout.at(tally));
        auto columns = [&](std::size_t first, std::size_t count) {
            for (std::size_t i = 0; i < count; ++i) all.push_back(first + i);
        };
        columns(layout.ages, static_cast<std::size_t>(age_groups));
        columns(layout.filled, layout.sectors);
        columns(layout.filled_residents, layout.sectors);
        columns(layout.funding_filled, static_cast<std::size_t>(fundings));
        columns(layout.funding_residents, static_cast<std::size_t>(fundings));
        return all;
    }
};

TEST(RunningCounts, AreAFullCountInEveryMonth) {
    for (const int threads : {1, 3}) {
        TinyWorld town(1, threads);
        const TallyLayout layout(town.district);
        Observer observer(town.model, layout);
        std::int64_t moved = 0;
        for (int month = 0; month < 40; ++month) {
            hutong::step(town.model, town.world);
            moved += town.world.flows.total(Flow::moves_in) + town.world.flows.total(Flow::moves_within_in);
            const MonthTallies& running = observer.observe(town.world, town.world.month - 1, true);
            const Recount full(town, layout, town.world.month - 1);
            for (const std::size_t tally : full.counted()) {
                for (std::size_t area = 0; area < layout.areas(); ++area) {
                    ASSERT_EQ(running.of(tally, area), full.tallies.of(tally, area))
                        << "tally " << tally << ", area " << area << ", month " << month;
                }
            }
        }
        EXPECT_GT(moved, 0);
    }
}

TEST(RunningCounts, AFreedRowUsedAgainIsAnotherPerson) {
    TinyWorld town;
    const TallyLayout layout(town.district);
    Observer observer(town.model, layout);
    observer.observe(town.world, town.world.month, false);
    // Somebody goes; a newborn of another home takes the row in the same month.
    const std::uint32_t gone = town.world.households.first_member[0];
    remove_person(town.world, gone);
    std::uint32_t other = 1;
    while (!town.world.households.alive(other) || town.world.dwellings.block[town.world.households.dwelling[other]] ==
                                                      town.world.dwellings.block[town.world.households.dwelling[0]])
        ++other;
    const std::uint32_t born = add_person(town.world, other, {.luck = 99, .birth = town.world.month});
    ASSERT_EQ(born, gone);
    const MonthTallies& running = observer.observe(town.world, town.world.month, false);
    const Recount full(town, layout, town.world.month);
    for (const std::size_t tally : full.counted()) {
        for (std::size_t area = 0; area < layout.areas(); ++area) ASSERT_EQ(running.of(tally, area), full.tallies.of(tally, area)) << tally;
    }
}

TEST(RunningCounts, BooksOnlyWhatChanged) {
    TinyWorld town;
    std::vector<std::uint8_t> node_block;
    for (std::size_t n = 0; n < town.district.network.nodes(); ++n) {
        const BlockId block = town.district.block_of(NodeId(n));
        node_block.push_back(static_cast<std::uint8_t>(block.valid() ? block.value : town.district.blocks.size()));
    }
    PeopleCounts counts(node_block, town.district.blocks.size());
    counts.update(town.parallel, town.world.people, town.world.month);
    EXPECT_EQ(counts.changed(), town.world.people.count());
    counts.update(town.parallel, town.world.people, town.world.month + 1);
    EXPECT_EQ(counts.changed(), 0U);
    Activity& activity = town.world.people.activity[town.world.households.first_member[0]];
    activity = activity == Activity::inactive ? Activity::retired : Activity::inactive;
    counts.update(town.parallel, town.world.people, town.world.month + 2);
    EXPECT_EQ(counts.changed(), 1U);
    // A leap of a century is counted anew, the same people now very old.
    counts.update(town.parallel, town.world.people, Month::of(2200, 1));
    std::int64_t all = 0;
    const std::vector<std::uint8_t> one_group(12 * 128, 0);
    for (const std::int64_t n : counts.by_age(Month::of(2200, 1), one_group, 1)) all += n;
    EXPECT_EQ(all, static_cast<std::int64_t>(town.world.people.count()));
}

}  // namespace
}  // namespace hutong
