#include "scenarios/generate.h"

#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/safe_file.h"
#include "scenarios/district_pack.h"
#include "scenarios/generate_draft.h"
#include "scenarios/generate_geometry.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

const fs::path bundled = fs::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng";

const District& xicheng() {
    static const District district = read_district(bundled);
    return district;
}

TEST(Generate, MakesTheBundledPackAgainByteForByte) {
    const fs::path out = fs::temp_directory_path() / "hutong_generate_test";
    fs::remove_all(out);
    generate_district(bundled / "facts", out);
    int compared = 0;
    for (const auto& entry : fs::directory_iterator(out)) {
        const std::string name = entry.path().filename().string();
        EXPECT_TRUE(read_file(entry.path()) == read_file(bundled / name))
            << name << " differs: run 'hutong district generate --facts scenarios/xicheng/facts --out scenarios/xicheng'";
        ++compared;
    }
    EXPECT_EQ(compared, 17);
    fs::remove_all(out);
}

TEST(Generate, AnotherSeedMovesPlacesAndKeepsTotals) {
    generate::Draft one(1), two(2);
    for (generate::Draft* draft : {&one, &two}) {
        generate::read_facts(*draft, bundled / "facts");
        generate::make_figures(*draft);
        generate::make_blocks(*draft);
        generate::make_network(*draft);
        generate::make_population(*draft);
        generate::make_dwellings(*draft);
    }
    EXPECT_EQ(one.population, two.population);
    ASSERT_EQ(one.blocks.size(), two.blocks.size());
    std::uint64_t homes[2] = {0, 0};
    for (const auto& group : one.dwellings) homes[0] += group.count;
    for (const auto& group : two.dwellings) homes[1] += group.count;
    EXPECT_EQ(homes[0], homes[1]);
    EXPECT_NE(one.nodes[0].x_m, two.nodes[0].x_m);
}

TEST(Generate, SplitGivesEverythingAway) {
    rc::check("parts add up, none is more than one off", [] {
        const auto total = *rc::gen::inRange<std::int64_t>(0, 1000000);
        const auto raw = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000)));
        std::vector<double> weights(raw.begin(), raw.end());
        weights[0] += 1;
        double sum = 0;
        for (const double weight : weights) sum += weight;
        const auto parts = generate::split(total, weights);
        std::int64_t given = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            given += parts[i];
            RC_ASSERT(std::fabs(static_cast<double>(parts[i]) - static_cast<double>(total) * weights[i] / sum) < 1.0 + 1e-6);
        }
        RC_ASSERT(given == total);
    });
}

TEST(Generate, ChanceIsNamed) {
    const generate::Chance chance(1), other(2);
    EXPECT_EQ(chance.key("a", 1, 2, 3), chance.key("a", 1, 2, 3));
    std::set<std::uint64_t> keys{chance.key("a", 1, 2, 3), chance.key("b", 1, 2, 3), chance.key("a", 2, 1, 3), chance.key("a", 1, 2),
                                 other.key("a", 1, 2, 3)};
    EXPECT_EQ(keys.size(), 5U);
}

TEST(Generate, CutsIntoEqualPartsWithoutGapsOrOverlaps) {
    // An L: cutting it straight must not fail where the ring is not convex.
    const generate::Ring shape{{0, 0}, {900, 0}, {900, 300}, {400, 300}, {400, 800}, {0, 800}};
    const auto parts = generate::cut(shape, 5);
    ASSERT_EQ(parts.size(), 5U);
    for (const auto& part : parts) EXPECT_NEAR(generate::area(part), generate::area(shape) / 5, 60);
    for (double x = 3.3; x < 900; x += 17) {
        for (double y = 2.7; y < 800; y += 13) {
            int holders = 0;
            for (const auto& part : parts) holders += generate::inside(part, {x, y});
            bool near_edge = generate::distance_to(shape, {x, y}) < 0.05;
            for (const auto& part : parts) near_edge = near_edge || generate::distance_to(part, {x, y}) < 0.05;
            if (!near_edge) {
                EXPECT_EQ(holders, generate::inside(shape, {x, y}) ? 1 : 0) << x << " " << y;
            }
        }
    }
}

TEST(Xicheng, BlocksTileTheSubdistricts) {
    const District& d = xicheng();
    ASSERT_EQ(d.blocks.size(), 101U);
    ASSERT_EQ(d.subdistricts.size(), 15U);
    std::vector<int> blocks(15, 0);
    std::vector<double> area(15, 0);
    std::set<ZoneType> zones;
    for (const Block& one : d.blocks) {
        ASSERT_EQ(one.rings.size(), 1U);
        ++blocks[one.subdistrict.value];
        area[one.subdistrict.value] += generate::area(one.rings[0]);
        zones.insert(one.zone);
    }
    EXPECT_EQ(zones.size(), 4U);
    for (std::size_t s = 0; s < 15; ++s) {
        EXPECT_GE(blocks[s], 3);
        EXPECT_NEAR(area[s] / generate::area(d.subdistricts[s].rings[0]), 1, 1e-4);
        EXPECT_NEAR(area[s] / d.subdistricts[s].area_m2, 1, 0.06)
            << "rounded corners stay near the published area of " << d.subdistricts[s].name_en;
    }
    for (std::size_t n = 0; n < d.network.nodes(); n += 7) {  // a node lies in its block and in no other
        const NodeId node(n);
        for (std::size_t b = 0; b < d.blocks.size(); ++b) {
            const Point p{d.network.x_m(node), d.network.y_m(node)};
            if (generate::distance_to(d.blocks[b].rings[0], p) < 0.2) continue;
            EXPECT_EQ(generate::inside(d.blocks[b].rings[0], p), d.network.block(node) == BlockId(b));
        }
    }
    for (std::size_t area_number = 0; area_number < d.named_areas.size(); ++area_number) {
        bool somewhere = false;
        for (const Block& one : d.blocks) somewhere = somewhere || (one.named_areas >> area_number & 1);
        EXPECT_TRUE(somewhere) << d.named_areas[area_number].name_en;
    }
}

TEST(Xicheng, NetworkIsConnectedDenseInHutongsAndRealisticallyCrooked) {
    const District& d = xicheng();
    std::size_t inside = 0;
    double nodes[zone_types] = {}, km2[zone_types] = {};
    for (std::size_t n = 0; n < d.network.nodes(); ++n) {
        if (const BlockId block = d.network.block(NodeId(n))) ++inside, nodes[static_cast<int>(d.block(block).zone)] += 1;
    }
    for (const Block& one : d.blocks) km2[static_cast<int>(one.zone)] += one.area_m2 / 1e6;
    EXPECT_GT(inside, 9000U);
    EXPECT_LT(inside, 11500U);
    EXPECT_LT(d.network.nodes(), 65000U);
    EXPECT_EQ(d.network.components(), 1U);
    const double historic = nodes[1] / km2[1], living = nodes[2] / km2[2], business = nodes[3] / km2[3];
    EXPECT_GT(historic, 1.5 * living);
    EXPECT_GT(living, 1.1 * business);
    Reach reach(d.network);
    double sum = 0;
    int pairs = 0;
    for (std::uint64_t i = 0; pairs < 200; ++i) {
        const NodeId start(static_cast<std::size_t>(mix64(i) % inside));
        const auto found = reach.from(start).within_m(3000);
        const auto& target = found[mix64(i + 1000000) % found.size()];
        const double dx = d.network.x_m(start) - d.network.x_m(target.node), dy = d.network.y_m(start) - d.network.y_m(target.node),
                     straight = std::sqrt(dx * dx + dy * dy);
        if (straight < 300) continue;
        sum += target.distance_dm / 10.0 / straight;
        ++pairs;
    }
    std::cout << "circuity " << sum / pairs << " over " << pairs << " pairs, " << inside << " nodes inside, " << d.network.links()
              << " links\n";
    EXPECT_GE(sum / pairs, 1.15);
    EXPECT_LE(sum / pairs, 1.30);
}

TEST(Xicheng, StocksFitTheStart) {
    const District& d = xicheng();
    double people = 0, collective = 0;
    for (const double here : d.marginals.population) people += here;
    for (const double here : d.marginals.collective) collective += here;
    EXPECT_EQ(people, 1239500);
    EXPECT_NEAR(collective / people, 0.12, 0.001);
    double homes = 0, beds = 0, shichahai = 0;
    for (const DwellingGroup& one : d.dwellings) {
        (one.type == DwellingType::dormitory ? beds : homes) += one.count;
        const auto& sub = d.subdistricts[d.subdistrict_of(d.block_of(one.node)).value];
        if (one.type == DwellingType::courtyard && one.tenure == Tenure::public_housing && sub.code == "110102012")
            shichahai += one.count * (1 - one.held_empty_share);
    }
    const double households = (people - collective) / d.figure("household_size_start");
    EXPECT_NEAR(homes / households, 1.11, 0.02);
    EXPECT_GT(beds, collective);
    EXPECT_NEAR(shichahai, 15663 * 1.01, 40);
    double jobs = 0, businesses = 0, floor = 0, vacant = 0;
    for (const PremisesGroup& one : d.premises) {
        jobs += one.jobs;
        floor += one.area_m2;
        if (!one.sector)
            vacant += one.area_m2;
        else if (!one.space)
            businesses += one.count;
    }
    EXPECT_NEAR(jobs * (1 - d.figure("jobs_open_share")), d.figure("jobs_total"), 2000);
    EXPECT_NEAR(businesses, 46000, 1000);
    EXPECT_NEAR(vacant / floor, d.figure("vacant_premises_share"), 0.01);
}

TEST(Xicheng, SpacesAddUpToWhatIsKnown) {
    const District& d = xicheng();
    EXPECT_GE(d.spaces.size(), 900U);
    EXPECT_LE(d.spaces.size(), 1500U);
    std::map<std::pair<SpaceCategory, SpaceEra>, double> area;
    std::set<SpaceCategory> categories;
    double zoo = 0, zoo_open = 0, large = 0;
    const Month start = Month::of(2017, 7);
    for (const Space& one : d.spaces) {
        area[{one.category, one.era}] += one.area_m2;
        categories.insert(one.category);
        large += one.area_m2 > 2000;
        EXPECT_EQ(one.era == SpaceEra::before_start, one.vacated < start) << one.code;
        if (one.code.starts_with("zoo-market")) zoo += one.area_m2, zoo_open += one.vacated < start ? 0 : one.area_m2;
    }
    EXPECT_EQ(categories.size(), 7U);
    EXPECT_LT(large, 0.2 * static_cast<double>(d.spaces.size()));
    EXPECT_EQ(zoo, 350000);
    EXPECT_NEAR(zoo_open / zoo, d.figure("zoo_open_share"), 1e-4);
    EXPECT_EQ((area[{SpaceCategory::heritage, SpaceEra::from_2021_2025}]), 47000);
    double surrendered = 0, basements = 0;
    for (const DwellingGroup& one : d.dwellings) {
        if (!one.space) {
            EXPECT_NE(one.type, DwellingType::basement) << "every basement that is lived in belongs to a space";
            continue;
        }
        const Space& space = d.spaces[one.space.value];
        EXPECT_EQ(space.node, one.node);
        EXPECT_GE(space.vacated, start);
        if (space.category == SpaceCategory::public_housing && space.era == SpaceEra::from_2021_2025) surrendered += one.count;
        if (one.type == DwellingType::basement) basements += one.count;
    }
    EXPECT_EQ(surrendered, 4713);
    EXPECT_GT(basements, 3000);
    for (const PremisesGroup& one : d.premises) {
        if (one.space) {
            EXPECT_GE(d.spaces[one.space.value].vacated, start) << "no business in a space that is already empty";
        }
    }
}

TEST(Xicheng, FacilitiesOfEveryServiceInsideAndInTheRing) {
    const District& d = xicheng();
    std::vector<double> inside(d.catalogue.services.size(), 0), ring(d.catalogue.services.size(), 0);
    std::vector<int> sites(d.catalogue.services.size(), 0);
    for (const FacilitySite& one : d.facilities) {
        (one.ring ? ring : inside)[one.service.value] += one.capacity;
        sites[one.service.value] += !one.ring && one.capacity > 0;
    }
    int types = 0;
    for (std::size_t s = 0; s < inside.size(); ++s) types += inside[s] > 0 && ring[s] > 0;
    EXPECT_GE(types, 20);
    EXPECT_EQ(inside[d.catalogue.service("kindergarten").value], 17923);
    EXPECT_EQ(sites[d.catalogue.service("kindergarten").value], 75);
    EXPECT_EQ(inside[d.catalogue.service("primary_school").value], 82251);
    EXPECT_EQ(sites[d.catalogue.service("primary_school").value], 95);
    double outside = 0;
    for (const RingDemand& one : d.ring_demand) outside += one.persons[0];
    EXPECT_GT(outside, 300000);
}

}  // namespace
}  // namespace hutong
