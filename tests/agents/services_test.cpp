#include "agents/services.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "agents/coverage.h"
#include "agents/steps.h"
#include "agents/stocks.h"

namespace hutong {
namespace {

constexpr int dash_dm = 1000;  // one '-' or '|' of a drawing is 100 m

/// A town drawn in ASCII: letters are nodes (a to z, A to Z; small letters lie in the ring), '-' and '|' are streets of
/// 100 m a character. Blocks: one for every capital letter, in order of reading.
struct Town {
    District district;
    Scenario scenario;
    std::shared_ptr<const Parallel> parallel = std::make_shared<const Parallel>(2);
    std::map<char, NodeId> at;
    std::uint64_t next_luck = 1;
    std::bitset<static_cast<std::size_t>(Behaviour::count)> neutral;

    explicit Town(const std::vector<std::string>& rows) {
        std::vector<double> x, y;
        std::vector<BlockId> block;
        const auto is_node = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        for (std::size_t r = 0; r < rows.size(); ++r) {
            for (std::size_t c = 0; c < rows[r].size(); ++c) {
                const char letter = rows[r][c];
                if (!is_node(letter)) continue;
                at[letter] = NodeId(block.size());
                x.push_back(100.0 * static_cast<double>(c));
                y.push_back(-100.0 * static_cast<double>(r));
                const bool ring = letter >= 'a' && letter <= 'z';
                block.push_back(ring ? BlockId::none() : BlockId(district.blocks.size()));
                if (!ring) district.blocks.push_back({});
            }
        }
        std::vector<WalkingLink> links;
        const auto walk = [&](std::size_t r, std::size_t c, std::size_t dr, std::size_t dc, char street) {
            std::uint32_t length = 0;
            std::size_t i = r + dr, j = c + dc;
            while (i < rows.size() && j < rows[i].size() && rows[i][j] == street) i += dr, j += dc, length += dash_dm;
            if (length > 0 && i < rows.size() && j < rows[i].size() && is_node(rows[i][j]))
                links.push_back({at[rows[r][c]], at[rows[i][j]], length});
        };
        for (std::size_t r = 0; r < rows.size(); ++r) {
            for (std::size_t c = 0; c < rows[r].size(); ++c) {
                if (!is_node(rows[r][c])) continue;
                walk(r, c, 0, 1, '-');
                walk(r, c, 1, 0, '|');
            }
        }
        district.subdistricts.push_back({});
        for (Block& b : district.blocks) b.subdistrict = SubdistrictId(0);
        district.network = WalkingNetwork(x, y, block, links);
    }

    ServiceId service(const std::string& code, TargetGroup group, double distance_m, double standard) {
        Service service;
        service.code = code;
        service.group = group;
        service.distance_m = distance_m;
        service.standard_per_member = standard;
        district.catalogue.services.push_back(service);
        return ServiceId(district.catalogue.services.size() - 1);
    }

    Model model() const { return Model{district, scenario, *parallel, Luck(1, 0), neutral}; }

    World world() const {
        World world;
        world.month = Month::of(2018, 1);
        return world;
    }

    std::uint32_t home(World& world, NodeId node, std::uint8_t cars = 0) {
        const auto dwelling = static_cast<std::uint32_t>(world.dwellings.rows());
        world.dwellings.columns([](auto& column) { column.emplace_back(); });
        world.dwellings.node.change()[dwelling] = static_cast<std::uint16_t>(node.value);
        world.dwellings.household[dwelling] = no_row;
        return add_household(world, mix64(next_luck++), dwelling, world.month, 0, cars, 0);
    }
    std::uint32_t person(World& world, std::uint32_t household, int age) {
        NewPerson person;
        person.luck = mix64(next_luck++);
        person.birth = world.month - age * 12;
        return add_person(world, household, person);
    }
    void people(World& world, char node, int age, int count) {
        for (int i = 0; i < count; ++i) person(world, home(world, at.at(node)), age);
    }
    std::uint32_t facility(World& world, ServiceId service, char node, double capacity, double off_hours = 0) {
        return add_facility(world, mix64(next_luck++), static_cast<std::uint8_t>(service.value),
                            static_cast<std::uint16_t>(at.at(node).value), capacity, off_hours, no_row, no_row,
                            !district.network.block(at.at(node)).valid());
    }
    int served(const World& world, ServiceId service, char node) const {
        return served_share(world, district.network.nodes(), service, at.at(node));
    }

    CoverageSums total(const World& world, ServiceId service) const {
        std::vector<CoverageSums> sums;
        coverage_by_block(model(), world, sums);
        CoverageSums all;
        for (std::size_t b = 0; b < district.blocks.size(); ++b) {
            const CoverageSums& one = sums[service.value * district.blocks.size() + b];
            all.members += one.members, all.served_milli += one.served_milli, all.reached += one.reached;
        }
        return all;
    }
};

// A 200 m B 300 m C; kindergartens serve 300 m; children: A 20, B 10, C 30.
// 30 places at B reach everybody: R = 30 / 60 = 0.5, so each child has half a place: 30 of 60 served.
Town three() { return Town({"A--B---C"}); }
struct Three {
    Town town = three();
    ServiceId kindergarten = town.service("kindergarten", TargetGroup::children_3_5, 300, 1);
    World world = town.world();
    Three() {
        town.people(world, 'A', 4, 20);
        town.people(world, 'B', 3, 10);
        town.people(world, 'C', 5, 30);
        town.people(world, 'C', 6, 7);  // too old
        town.people(world, 'A', 2, 5);  // too young
        town.facility(world, kindergarten, 'B', 30);
    }
};

TEST(Coverage, HandComputedStep) {
    Three t;
    init_services(t.town.model(), t.world);
    for (const char node : {'A', 'B', 'C'}) EXPECT_EQ(t.town.served(t.world, t.kindergarten, node), 500) << node;
    EXPECT_EQ(t.town.total(t.world, t.kindergarten), (CoverageSums{60, 30'000, 60}));
}

// A standard of 0.8 places per child: the same half place is 0.5 / 0.8 = 625 per mille.
TEST(Coverage, StandardPerMember) {
    Three t;
    t.town.district.catalogue.services[0].standard_per_member = 0.8;
    init_services(t.town.model(), t.world);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'A'), 625);
}

// Response 3: 15 more places open at A, in reach of A and B only (C is 500 m away): R = 15 / 30 = 0.5, so A and B rise to
// 0.5 + 0.5 = 1 and C stays at 0.5: 20 + 10 + 15 = 45 of 60 served, 15 more.
TEST(Coverage, KindergartenOpenedWhereShortRaisesCoverageByHandComputedValue) {
    Three t;
    init_services(t.town.model(), t.world);
    EXPECT_EQ(newly_served(t.town.model(), t.world, t.kindergarten, t.town.at['A'], 15), 15);
    EXPECT_EQ(shortfall_in_reach_milli(t.town.model(), t.world, t.kindergarten, t.town.at['A']), 15'000) << "half of A's 20 and B's 10";
    t.town.facility(t.world, t.kindergarten, 'A', 15);
    update_services(t.town.model(), t.world);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'A'), 1000);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'B'), 1000);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'C'), 500);
    EXPECT_EQ(t.town.total(t.world, t.kindergarten), (CoverageSums{60, 45'000, 60}));
}

// Gaussian, limit 300 m: W(0) = 1; W(200) = (e^(-2/9) - e^(-1/2)) / (1 - e^(-1/2)) = (0.800737 - 0.606531) / 0.393469 = 0.493574;
// W(300) = 0, kept at one unit (2^-15). D = 20 x 0.493574 + 10 + 30 / 32768 = 19.8724; R = 30 / 19.8724 = 1.50963;
// A: 1.50963 x 0.493574 = 0.7451 -> 745 per mille; B: 1.51 -> 1000; C: 1.50963 / 32768 = 0.00005 -> 0.
TEST(Coverage, HandComputedGaussian) {
    Three t;
    t.town.scenario.assumptions.services.distance_decay = "gaussian";
    init_services(t.town.model(), t.world);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'A'), 745);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'B'), 1000);
    EXPECT_EQ(t.town.served(t.world, t.kindergarten, 'C'), 0);
    EXPECT_EQ(t.town.total(t.world, t.kindergarten), (CoverageSums{60, 24'900, 60}));
}

TEST(Coverage, NoPopulationNoCapacityNoFacility) {
    Town town = three();
    const ServiceId kindergarten = town.service("kindergarten", TargetGroup::children_3_5, 300, 1);
    const ServiceId library = town.service("library", TargetGroup::everyone, 300, 0.1);
    World world = town.world();
    town.facility(world, kindergarten, 'A', 10);
    init_services(town.model(), world);
    EXPECT_EQ(town.total(world, kindergarten), CoverageSums{});
    EXPECT_EQ(town.served(world, kindergarten, 'A'), 1000) << "the first child to come would be served";
    EXPECT_EQ(town.served(world, kindergarten, 'C'), 0) << "out of reach";
    EXPECT_EQ(town.served(world, library, 'A'), 0);
    EXPECT_EQ(newly_served(town.model(), world, library, town.at['A'], 100), 0);

    town.people(world, 'A', 4, 8);
    const std::uint32_t empty = town.facility(world, library, 'A', 0);
    update_services(town.model(), world);
    EXPECT_EQ(town.total(world, library), (CoverageSums{8, 0, 8})) << "reached, but no capacity";
    EXPECT_EQ(town.total(world, kindergarten), (CoverageSums{8, 8'000, 8}));
    close_facility(world, empty);
    update_services(town.model(), world);
    EXPECT_EQ(town.total(world, library), (CoverageSums{8, 0, 0}));
}

// A 100 m B, and C 100 m D on an island: what stands on the island serves the island alone.
TEST(Coverage, FacilityOnAnIsland) {
    Town town({"A-B C-D"});
    const ServiceId toilet = town.service("public_toilet", TargetGroup::everyone, 300, 0.5);
    World world = town.world();
    for (const char node : {'A', 'B', 'C', 'D'}) town.people(world, node, 30, 4);
    town.facility(world, toilet, 'D', 3);
    init_services(town.model(), world);
    EXPECT_EQ(town.served(world, toilet, 'B'), 0);
    EXPECT_EQ(town.served(world, toilet, 'C'), 750) << "3 / 8 seats each, standard 1 / 2";
    EXPECT_EQ(town.total(world, toilet), (CoverageSums{16, 6'000, 8}));
    const auto nearest = distance_to_nearest_dm(town.model(), world, toilet, 500);
    EXPECT_EQ(nearest, (std::vector<std::uint32_t>{out_of_reach, out_of_reach, 1000, 0}));
}

// A 200 m r (ring). Ring people take half of the ring facility: 10 residents and 10 outside share 10 places. Without the
// ring neither counts.
TEST(Coverage, RingFacilitiesAndRingDemand) {
    Town town({"A--r"});
    const ServiceId clinic = town.service("health_station", TargetGroup::everyone, 300, 1);
    RingDemand outside;
    outside.node = town.at['r'];
    outside.persons[static_cast<std::size_t>(TargetGroup::everyone)] = 10;
    town.district.ring_demand.push_back(outside);
    FacilitySite site;
    site.service = clinic;
    site.node = town.at['r'];
    site.capacity = 10;
    site.ring = true;
    town.district.facilities.push_back(site);
    World world = town.world();
    town.people(world, 'A', 40, 10);
    World without = world;
    init_services(town.model(), world);
    EXPECT_EQ(town.total(world, clinic), (CoverageSums{10, 5'000, 10}));
    town.scenario.assumptions.services.count_ring = false;
    init_services(town.model(), without);
    EXPECT_EQ(town.total(without, clinic), (CoverageSums{10, 0, 0}));
    town.facility(without, clinic, 'A', 10);
    update_services(town.model(), without);
    EXPECT_EQ(town.total(without, clinic), (CoverageSums{10, 10'000, 10})) << "nobody from the ring competes";
}

// 10 people, standard 1, 4 regular places and 8 at off hours of which half counts: 4 + 4 = 800 per mille; 400 without.
TEST(Coverage, OffHoursCapacityIsCountedApart) {
    Town town({"A-B"});
    const ServiceId sports = town.service("sports_ground", TargetGroup::everyone, 300, 1);
    town.district.catalogue.services[0].off_hours_shareable = true;
    World world = town.world();
    town.people(world, 'A', 40, 10);
    town.facility(world, sports, 'B', 4, 8);
    init_services(town.model(), world);
    EXPECT_EQ(town.served(world, sports, 'A'), 800);
    std::vector<OffHoursSums> sums;
    off_hours_by_block(town.model(), world, sums);
    EXPECT_EQ(sums[1].capacity_milli, 4000);
    EXPECT_EQ(sums[1].off_hours_milli, 8000);
    EXPECT_EQ(sums[1].counted_milli, 4000);

    Levers off = town.scenario.policy.at(world.month);
    off.off.set(static_cast<std::size_t>(Clause::C3_2));
    town.scenario.policy.from(world.month, off);
    update_services(town.model(), world);
    EXPECT_EQ(town.served(world, sports, 'A'), 400);
    off = Levers{};
    off.allocation.off_hours_sharing = false;
    town.scenario.policy.from(world.month, off);
    update_services(town.model(), world);
    EXPECT_EQ(town.served(world, sports, 'A'), 400);
}

// The shop is 800 m from A: 15 minutes are 1125 m at 75 m/min and 720 m at 48 m/min, so the young are inside, elders not.
TEST(Composite, EldersWalkSlower) {
    Town town({"A--------B"});
    const ServiceId shop = town.service("convenience_shop", TargetGroup::everyone, 300, 0.1);
    town.district.catalogue.services[0].in_composite = true;
    World world = town.world();
    town.people(world, 'A', 40, 6);
    town.people(world, 'A', 70, 3);
    town.people(world, 'B', 70, 2);
    const std::uint32_t row = town.facility(world, shop, 'B', 10);
    init_services(town.model(), world);
    std::vector<CompositeSums> sums;
    composite_by_block(town.model(), world, sums);
    EXPECT_EQ(sums[0], (CompositeSums{9, 6}));
    EXPECT_EQ(sums[1], (CompositeSums{2, 2}));
    close_facility(world, row);
    update_services(town.model(), world);
    composite_by_block(town.model(), world, sums);
    EXPECT_EQ(sums[0], (CompositeSums{9, 0}));
}

// A child of 4 with a parent of 30 and a car. Own services of the child: kindergarten 500, library 1000, parking 0: 500; of the
// parent: library 1000, parking 0: 500. A couple without a car at the same node: 1000.
TEST(Satisfaction, MeanOfOwnServicesOfTheMembers) {
    Town town({"A-B"});
    const ServiceId kindergarten = town.service("kindergarten", TargetGroup::children_3_5, 300, 1);
    const ServiceId library = town.service("library", TargetGroup::everyone, 300, 0.1);
    town.service("resident_parking", TargetGroup::car_households, 300, 1);
    World world = town.world();
    const std::uint32_t family = town.home(world, town.at['A'], 1);
    town.person(world, family, 30);
    town.person(world, family, 4);
    town.people(world, 'B', 4, 1);
    const std::uint32_t couple = town.home(world, town.at['A']);
    town.person(world, couple, 50);
    town.person(world, couple, 50);
    town.facility(world, kindergarten, 'B', 1);
    town.facility(world, library, 'B', 100);
    init_services(town.model(), world);
    EXPECT_EQ(household_satisfaction(town.model(), world, family), 500);
    EXPECT_EQ(household_satisfaction(town.model(), world, couple), 1000);
    EXPECT_EQ(world.households.satisfaction[family], 500);
    std::vector<SatisfactionSums> sums;
    satisfaction_by_block(town.model(), world, sums);
    // without the household's car: parent 1000, child (1000 + 500) / 2 = 750, couple 1000 each
    EXPECT_EQ(sums[0], (SatisfactionSums{4, 3750}));

    town.neutral.set(static_cast<std::size_t>(Behaviour::satisfaction));
    EXPECT_EQ(household_satisfaction(town.model(), world, family), 900);
    update_satisfaction(town.model(), world, true);
    EXPECT_EQ(world.households.satisfaction[family], world.households.satisfaction[couple]);
}

TEST(Satisfaction, EveryHouseholdHasItsTurnOnceAYear) {
    Town town({"A-B"});
    const ServiceId library = town.service("library", TargetGroup::everyone, 300, 0.1);
    World world = town.world();
    town.people(world, 'A', 40, 500);
    init_services(town.model(), world);
    town.facility(world, library, 'B', 1000);
    std::vector<int> turns(world.households.rows(), 0);
    for (int month = 0; month < 12; ++month, ++world.month) {
        world.households.satisfaction.assign(world.households.rows(), -1);
        update_services(town.model(), world);
        int now = 0;
        for (std::size_t h = 0; h < turns.size(); ++h) {
            turns[h] += world.households.satisfaction[h] == 1000;
            now += world.households.satisfaction[h] == 1000;
        }
        EXPECT_GT(now, 10);
        EXPECT_LT(now, 100);
    }
    EXPECT_TRUE(std::all_of(turns.begin(), turns.end(), [](int n) { return n == 1; }));
}

TEST(Members, CountedByAgeCarAndPost) {
    Town town({"A-B"});
    town.service("library", TargetGroup::everyone, 300, 0.1);
    World world = town.world();
    for (const int age : {0, 2, 3, 5, 6, 11, 12, 14, 15, 64, 65, 100}) town.people(world, 'A', age, 1);
    town.person(world, town.home(world, town.at['B'], 2), 40);
    const std::uint32_t gone = town.person(world, town.home(world, town.at['B'], 1), 70);
    remove_person(world, gone);
    const std::uint32_t shop =
        add_premises(world, 7, static_cast<std::uint16_t>(town.at['B'].value), 1, PremisesUse::shop, 50, no_row, 255);
    const std::uint32_t business = add_business(world, 8, 0, shop, world.month, Funding::private_capital, 0);
    for (int i = 0; i < 3; ++i) add_post(world, business, Skill::low);
    hire_resident(world, world.businesses.first_job[business], 0);
    count_members(town.model(), world);
    const auto of = [&](TargetGroup group, char node) {
        return world.services.members[static_cast<std::size_t>(group) * 2 + town.at[node].value];
    };
    EXPECT_EQ(of(TargetGroup::everyone, 'A'), 12);
    EXPECT_EQ(of(TargetGroup::children_3_5, 'A'), 2);
    EXPECT_EQ(of(TargetGroup::children_6_11, 'A'), 2);
    EXPECT_EQ(of(TargetGroup::children_12_14, 'A'), 2);
    EXPECT_EQ(of(TargetGroup::elders_65, 'A'), 2);
    EXPECT_EQ(of(TargetGroup::everyone, 'B'), 1) << "the dead are not counted";
    EXPECT_EQ(of(TargetGroup::car_households, 'B'), 1) << "one household with two cars; the emptied household does not count";
    EXPECT_EQ(of(TargetGroup::workers, 'B'), 1) << "filled posts only";
}

// Nobody is counted anew while people move, die, are born, part and grow older: the book says the same as a count, and so
// does every household's word of needs.
TEST(Members, TheBookOfWhoMovedSaysTheSameAsACount) {
    Town town({"A-B-C-D", "| | | |", "E-F-G-H"});
    town.service("library", TargetGroup::everyone, 300, 0.1);
    World world = town.world();
    std::uint64_t state = 77;
    const auto below = [&](std::size_t n) { return static_cast<std::uint32_t>((state = mix64(state)) % n); };
    const auto anybody = [&](const auto& table) {
        std::uint32_t row = below(table.rows());
        while (!table.alive(row)) row = below(table.rows());
        return row;
    };
    for (int i = 0; i < 60; ++i) {
        const std::uint32_t household = town.home(world, NodeId(below(8)), static_cast<std::uint8_t>(below(2)));
        for (std::uint32_t k = 0, n = 1 + below(4); k < n; ++k) town.person(world, household, static_cast<int>(below(90)));
    }
    init_services(town.model(), world);
    std::size_t most = 0;
    for (int round = 0; round < 400; ++round) {
        for (int event = 0; event < 6; ++event) {
            switch (below(6)) {
                case 0: {
                    const std::uint32_t household = town.home(world, NodeId(below(8)), static_cast<std::uint8_t>(below(3)));
                    for (std::uint32_t k = 0, n = 1 + below(3); k < n; ++k) town.person(world, household, static_cast<int>(below(90)));
                    break;
                }
                case 1: {
                    const std::uint32_t household = anybody(world.households);
                    const std::uint32_t row = add_dwelling(world, mix64(town.next_luck++), static_cast<std::uint16_t>(below(8)), 0,
                                                           DwellingType::apartment, Tenure::owned, 60, no_row);
                    move_household(world, household, row, world.month);
                    break;
                }
                case 2:
                    if (world.people.count() > 40) remove_person(world, anybody(world.people));
                    break;
                case 3:
                    if (world.people.count() > 60) remove_household(world, anybody(world.households));
                    break;
                case 4: {
                    const std::uint32_t person = anybody(world.people), household = anybody(world.households);
                    if (world.people.household[person] != household && world.households.size[household] < 200)
                        change_household(world, person, household);
                    break;
                }
                default:
                    town.person(world, anybody(world.households), 0);
            }
        }
        if (round % 3 == 0) ++world.month;
        if (round == 200) world.month = world.month + 30;
        update_services(town.model(), world);
        EXPECT_TRUE(audit_members(town.model(), world).empty());
        World counted = world;
        count_members(town.model(), counted);
        ASSERT_EQ(counted.services.members, world.services.members) << "round " << round;
        for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
            if (!world.households.alive(h)) continue;
            most = std::max<std::size_t>(most, world.households.size[h]);
            const std::int16_t kept = household_satisfaction(town.model(), world, h);
            counted.services.book.kept = false;  // members are looked up one by one
            ASSERT_EQ(household_satisfaction(town.model(), counted, h), kept);
        }
    }
    EXPECT_GT(most, 4U);
}

// ---- random towns: exactness -------------------------------------------------------------------------------------------

/// A grid of 26 nodes in two rows with six services of all kinds.
Town random_town(bool gaussian) {
    Town town({"A-B--C-D-E--F-G-H-I-J-K--L-m", "| |  | |    |   | | |    | |", "N-O--P-Q-R--S-T-U-V-W-X--Y-z"});
    town.service("kindergarten", TargetGroup::children_3_5, 300, 0.98);
    town.service("school", TargetGroup::children_6_11, 500, 1);
    town.service("day_care", TargetGroup::elders_65, 300, 0.518);
    town.service("shop", TargetGroup::everyone, 300, 0.6);
    town.service("library", TargetGroup::everyone, 1000, 0.4);
    town.service("parking", TargetGroup::car_households, 300, 1);
    for (const std::size_t s : {0U, 1U, 3U}) town.district.catalogue.services[s].in_composite = true;
    town.district.catalogue.services[4].off_hours_shareable = true;
    if (gaussian) town.scenario.assumptions.services.distance_decay = "gaussian";
    RingDemand outside;
    outside.node = town.at['z'];
    for (auto& persons : outside.persons) persons = 17;
    town.district.ring_demand.push_back(outside);
    return town;
}

struct Die {  // a small private generator: the test's luck, not the model's
    std::uint64_t state;
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((state = mix64(state)) % n); }
};

/// One random event: opening, closing, resizing, moving, birth, death, new household.
void happen(Town& town, World& world, Die& die) {
    auto& facilities = world.services.facilities;
    const auto letter = [&] {
        return std::next(town.at.begin(), static_cast<std::ptrdiff_t>(die.below(static_cast<std::uint32_t>(town.at.size()))))->first;
    };
    switch (die.below(6)) {
        case 0:
            town.facility(world, ServiceId(die.below(6)), letter(), die.below(9), die.below(4));
            break;
        case 1:
            if (facilities.rows() > 0) facilities.open[die.below(static_cast<std::uint32_t>(facilities.rows()))] ^= 1;
            break;
        case 2:
            if (facilities.rows() > 0)
                facilities.capacity_milli[die.below(static_cast<std::uint32_t>(facilities.rows()))] = die.below(9'000);
            break;
        case 3: {
            const std::uint32_t household = town.home(world, town.at[letter()], static_cast<std::uint8_t>(die.below(2)));
            for (std::uint32_t i = 0, n = 1 + die.below(9); i < n; ++i) town.person(world, household, static_cast<int>(die.below(90)));
            break;
        }
        case 4: {
            if (world.people.rows() == 0) break;
            const std::uint32_t person = die.below(static_cast<std::uint32_t>(world.people.rows()));
            if (world.people.alive(person)) remove_person(world, person);
            break;
        }
        default:
            ++world.month;
            break;
    }
}

/// Everything that coverage holds, as one comparable value.
std::vector<std::int64_t> everything(const World& world) {
    std::vector<std::int64_t> all;
    const auto add = [&](const auto& column) { all.insert(all.end(), column.begin(), column.end()); };
    const ServicesState& s = world.services;
    add(s.members);
    add(s.served_permille);
    add(s.reached);
    add(s.composite);
    add(s.own_share);
    add(s.cache.demand);
    add(s.cache.access);
    add(s.cache.in_reach);
    add(s.cache.in_composite);
    add(s.cache.in_composite_elder);
    add(s.cache.supply);
    add(s.cache.ratio);
    return all;
}

// What the report says of coverage without the ring is what a run without it would count.
TEST(Coverage, WithoutTheRingEqualsARecomputationWithoutIt) {
    for (const bool gaussian : {false, true}) {
        Town town = random_town(gaussian);
        FacilitySite site;
        site.node = town.at['z'];
        site.ring = true;
        for (std::uint32_t s = 0; s < 6; ++s) {
            site.service = ServiceId(s);
            site.capacity = 20;
            town.district.facilities.push_back(site);
        }
        World world = town.world();
        init_services(town.model(), world);
        Die die{gaussian ? 21U : 22U};
        int different = 0;
        for (int round = 0; round < 100; ++round) {
            for (std::uint32_t i = 0, n = 1 + die.below(12); i < n; ++i) happen(town, world, die);
            town.scenario.assumptions.services.count_ring = true;
            update_services(town.model(), world);
            std::vector<CoverageSums> with, without, recomputed;
            std::vector<CompositeSums> circle, circle_recomputed;
            coverage_by_block(town.model(), world, with);
            coverage_without_ring(town.model(), world, without, circle);
            town.scenario.assumptions.services.count_ring = false;
            World alone = world;
            restore_services(town.model(), alone);
            coverage_by_block(town.model(), alone, recomputed);
            composite_by_block(town.model(), alone, circle_recomputed);
            ASSERT_EQ(without, recomputed) << "round " << round;
            ASSERT_EQ(circle, circle_recomputed) << "round " << round;
            different += with != without;
        }
        EXPECT_GT(different, 20) << "the ring matters in this town";
    }
}

TEST(Coverage, IncrementalEqualsFullAfterThousandsOfChanges) {
    for (const bool gaussian : {false, true}) {
        Town town = random_town(gaussian);
        World world = town.world();
        init_services(town.model(), world);
        Die die{gaussian ? 11U : 12U};
        int served_somewhere = 0;
        for (int round = 0; round < 700; ++round) {
            for (std::uint32_t i = 0, n = 1 + die.below(8); i < n; ++i) happen(town, world, die);
            update_services(town.model(), world);
            World full = world;
            restore_services(town.model(), full);
            ASSERT_EQ(everything(world), everything(full)) << "round " << round;
            for (const auto share : world.services.served_permille) served_somewhere += share > 0 && share < 1000;
        }
        EXPECT_GT(served_somewhere, 10'000) << "the test must not compare zeros";
    }
}

RC_GTEST_PROP(Coverage, WhatIfIsExactlyWhatAnOpeningDoes, ()) {
    Town town = random_town(*rc::gen::arbitrary<bool>());
    World world = town.world();
    Die die{*rc::gen::arbitrary<std::uint64_t>()};
    for (int i = 0; i < 200; ++i) happen(town, world, die);
    init_services(town.model(), world);
    const ServiceId service(die.below(6));
    const NodeId node(die.below(static_cast<std::uint32_t>(town.at.size())));
    const double capacity = die.below(60);
    const std::int64_t before = town.total(world, service).served_milli;
    const std::uint64_t state = hash(world);
    const std::int64_t promised = newly_served_milli(town.model(), world, service, node, capacity);
    RC_ASSERT(hash(world) == state);
    add_facility(world, 99, static_cast<std::uint8_t>(service.value), static_cast<std::uint16_t>(node.value), capacity, 0, no_row, no_row,
                 false);
    update_coverage(town.model(), world);
    RC_ASSERT(town.total(world, service).served_milli - before == promised);
}

TEST(Coverage, OneFacilityAtATimeEqualsFull) {
    for (const bool gaussian : {false, true}) {
        Town town = random_town(gaussian);
        World world = town.world();
        Die die{gaussian ? 21U : 22U};
        for (int i = 0; i < 600; ++i) happen(town, world, die);
        init_services(town.model(), world);
        for (int round = 0; round < 1500; ++round) {
            auto& facilities = world.services.facilities;
            std::uint32_t row = die.below(static_cast<std::uint32_t>(facilities.rows()));
            const std::uint32_t what = die.below(3);
            if (what == 0)
                row = town.facility(world, ServiceId(die.below(6)), std::next(town.at.begin(), die.below(26))->first, die.below(9),
                                    die.below(4));
            if (what == 1) facilities.open[row] ^= 1;
            if (what == 2) facilities.capacity_milli[row] = die.below(9'000);
            update_facility(town.model(), world, row);
            World full = world;
            restore_services(town.model(), full);
            ASSERT_EQ(everything(world), everything(full)) << "round " << round;
        }
    }
}

TEST(Coverage, SameBitsForAnyNumberOfThreads) {
    std::vector<std::vector<std::int64_t>> results;
    std::vector<std::uint64_t> hashes;
    for (const int threads : {1, 2, 3, 8}) {
        Town town = random_town(true);
        town.parallel.reset();  // only one width at a time
        town.parallel = std::make_shared<const Parallel>(threads);
        const Model model = town.model();
        World world = town.world();
        Die die{5};
        for (int i = 0; i < 500; ++i) happen(town, world, die);
        init_services(model, world);
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < 30; ++i) happen(town, world, die);
            update_services(model, world);
        }
        results.push_back(everything(world));
        hashes.push_back(hash(world));
    }
    for (std::size_t i = 1; i < results.size(); ++i) {
        EXPECT_EQ(results[i], results[0]);
        EXPECT_EQ(hashes[i], hashes[0]);
    }
}

TEST(Coverage, ACopyContinuesAsTheOriginal) {
    Town town = random_town(false);
    World world = town.world();
    Die die{6};
    for (int i = 0; i < 300; ++i) happen(town, world, die);
    init_services(town.model(), world);
    World copy = world;
    Die same = die;
    const std::uint64_t luck = town.next_luck;
    for (int i = 0; i < 100; ++i) happen(town, world, die);
    update_services(town.model(), world);
    town.next_luck = luck;
    for (int i = 0; i < 100; ++i) happen(town, copy, same);
    update_services(town.model(), copy);
    EXPECT_EQ(hash(world), hash(copy));
    EXPECT_EQ(everything(world), everything(copy));
}

TEST(Coverage, OrderOfRowsDoesNotMatter) {
    Town town = random_town(true);
    const auto build = [&](bool backwards) {
        World world = town.world();
        std::vector<int> order(400);
        std::iota(order.begin(), order.end(), 0);
        if (backwards) std::reverse(order.begin(), order.end());
        for (const int i : order) {
            town.next_luck = 1 + static_cast<std::uint64_t>(i) * 8;
            const auto node = NodeId(static_cast<std::uint32_t>(mix64(static_cast<std::uint64_t>(i)) % town.at.size()));
            const std::uint32_t household = town.home(world, node, static_cast<std::uint8_t>(i % 2));
            for (int member = 0; member < 1 + i % 3; ++member) town.person(world, household, (i * 37 + member * 29) % 90);
            if (i % 5 == 0) town.facility(world, ServiceId(i / 5 % 6), std::next(town.at.begin(), i % 26)->first, 3 + i % 17);
        }
        init_services(town.model(), world);
        return world;
    };
    const World forth = build(false), back = build(true);
    EXPECT_EQ(forth.services.served_permille, back.services.served_permille);
    EXPECT_EQ(forth.services.members, back.services.members);
    EXPECT_EQ(forth.services.own_share, back.services.own_share);
    std::map<std::uint64_t, int> a, b;
    for (std::size_t h = 0; h < forth.households.rows(); ++h) a[forth.households.luck[h]] = forth.households.satisfaction[h];
    for (std::size_t h = 0; h < back.households.rows(); ++h) b[back.households.luck[h]] = back.households.satisfaction[h];
    EXPECT_EQ(a, b);
    EXPECT_EQ(a.size(), 400U);
}

TEST(Coverage, MustBeComputedBeforeItIsAsked) {
    Three t;
    EXPECT_THROW(newly_served(t.town.model(), t.world, t.kindergarten, t.town.at['A'], 15), Error);
}

TEST(Coverage, HugeFiguresDoNotOverflow) {
    Three t;
    init_services(t.town.model(), t.world);
    for (int i = 0; i < 200; ++i) t.town.facility(t.world, t.kindergarten, 'A', 9e12);
    t.town.district.catalogue.services[0].standard_per_member = 0;  // any capacity meets a standard of nothing
    t.world.services.cache = CoverageCache{};
    update_services(t.town.model(), t.world);
    for (const char node : {'A', 'B', 'C'}) EXPECT_EQ(t.town.served(t.world, t.kindergarten, node), 1000) << node;
    for (const auto access : t.world.services.cache.access) EXPECT_GE(access, 0);
}

}  // namespace
}  // namespace hutong
