#include "scenarios/district_import.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>

#include "../scenarios/import_town.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(Import, ATownOfOwnLayersBecomesASoundPack) {
    const ImportChoices choices = town();
    const ImportReport report = import_district(choices);
    const auto problems = check_district(choices.out);
    ASSERT_TRUE(problems.empty()) << problems[0].what();
    const District town = read_district(choices.out);
    ASSERT_EQ(town.blocks.size(), 2U);
    EXPECT_EQ(town.blocks[0].zone, ZoneType::historic);
    EXPECT_NEAR(town.blocks[0].area_m2, 120'000, 5);
    EXPECT_EQ(town.subdistricts[0].name_zh, "镇");
    EXPECT_FALSE(town.schematic_blocks);
    ASSERT_EQ(town.facilities.size(), 2U);
    EXPECT_TRUE(town.facilities[1].ring) << "680 m east lies outside the blocks";
    ASSERT_EQ(town.dwellings.size(), 3U);
    ASSERT_EQ(town.spaces.size(), 1U);
    EXPECT_EQ(town.block_of(town.spaces[0].node).value, 1U);
    // Worked by hand: kindergarten at (75, 100), homes at (225, 300): 75 m to the crossing, 200 m north, 75 m east.
    Reach reach(town.network);
    std::uint32_t way = 0;
    for (const auto& [node, distance] : reach.from(town.facilities[0].node).within_m(2000)) {
        if (node == town.dwellings[0].node) way = distance;
    }
    EXPECT_NEAR(way, 3500, 2);
    const std::string all = told(report);
    EXPECT_HAS(all, "facilities.geojson left out 1: the unknown service 'cinema'");
    EXPECT_HAS(all, "facilities.geojson left out 1: farther than 250 m from every street");
    EXPECT_HAS(all, "dwellings.geojson left out 1: outside the blocks");
    EXPECT_GT(report.greatest_access_m, 9);
    EXPECT_LT(report.greatest_access_m, 21);
}

TEST_F(Import, PremisesWithTheirBusinesses) {
    ImportChoices choices = town();
    choices.premises.file = premises();
    const ImportReport report = import_district(choices);
    const District town = read_district(choices.out);
    ASSERT_EQ(town.premises.size(), 3U);
    EXPECT_EQ(town.premises[0].use, PremisesUse::shop);
    EXPECT_EQ(town.catalogue.sectors[town.premises[0].sector.value].code, "retail");
    EXPECT_EQ(town.premises[0].jobs, 300U);
    EXPECT_FALSE(town.premises[2].sector.valid()) << "vacant";
    EXPECT_HAS(told(report), "premises.geojson left out 1: the unknown sector 'alchemy'");
}

TEST_F(Import, TheSameLayersGiveTheSameBytes) {
    ImportChoices choices = town();
    import_district(choices);
    const fs::path first = choices.out;
    choices.out = folder_ / "again";
    import_district(choices);
    for (const char* name : {"nodes.csv", "links.csv", "facilities.csv", "dwellings.csv", "blocks.geojson", "district.toml"})
        EXPECT_EQ(read_file(first / name), read_file(choices.out / name)) << name;
}

TEST_F(Import, AnyReferenceSystemAndFormatGivesTheSamePack) {
    ImportChoices choices = town();
    import_district(choices);
    const std::string nodes = read_file(choices.out / "nodes.csv");
    const auto convert = [&](const fs::path& from, const char* to, const char* reference) {
        return std::system(
                   fmt::format("ogr2ogr -t_srs {} {} {} >/dev/null 2>&1", reference, (folder_ / to).string(), from.string()).c_str()) == 0;
    };
    ASSERT_TRUE(convert(choices.streets.file, "streets.gpkg", "EPSG:32650")) << "needs ogr2ogr (gdal-bin, packages/test.txt)";
    ASSERT_TRUE(convert(choices.facilities.file, "facilities.shp", "EPSG:4527"));
    choices.streets.file = folder_ / "streets.gpkg", choices.facilities.file = folder_ / "facilities.shp";
    choices.out = folder_ / "projected";
    import_district(choices);
    EXPECT_EQ(read_file(choices.out / "nodes.csv"), nodes);
}

TEST_F(Import, RepairsAndDropsAreTold) {
    ImportChoices choices = town();
    Rows rows = streets();
    rows.push_back({line({{400, 98}, {400, 50}}), ""});          // dead end 2 m short of the south street
    rows.push_back({line({{0, 380}, {20, 380}}), ""});           // an island
    rows.push_back({line({{9000, 100}, {9100, 100}}), ""});      // far away
    rows.push_back({point(1, 1), ""});                           // no line
    rows.push_back({line({{150.2, 300.1}, {150.2, 350}}), ""});  // begins 0.2 m beside the crossing
    choices.streets.file = layer("broken.geojson", rows);
    // a bow tie for a block
    choices.blocks.file = layer("bow.geojson", {{R"({"type":"Polygon","coordinates":[[)" + at(0, 0) + "," + at(300, 400) + "," +
                                                     at(300, 0) + "," + at(0, 400) + "," + at(0, 0) + "]]}",
                                                 R"("code":"A")"},
                                                {box(300, 0, 600, 400), R"("code":"B")"}});
    const std::string all = told(import_district(choices));
    EXPECT_HAS(all, "broken.geojson repaired 1: dead ends within 5 m of a street are joined to it");
    EXPECT_HAS(all, "broken.geojson left out 1: parts without a way to the rest, 20 m together");
    EXPECT_HAS(all, "broken.geojson left out 1: beyond the ring");
    EXPECT_HAS(all, "broken.geojson left out 1: it is a POINT, not lines");
    EXPECT_HAS(all, "broken.geojson repaired 1: vertices within 0.5 m of another are one");
    EXPECT_HAS(all, "bow.geojson repaired 1: its outline crossed itself");
}

TEST_F(Import, BadLayersGetClearMessages) {
    const auto message = [&](const std::function<void(ImportChoices&)>& spoil) {
        ImportChoices choices = town();
        spoil(choices);
        const std::string text = error_of([&] { import_district(choices); });
        EXPECT_FALSE(fs::exists(choices.out / "district.toml")) << text;
        return text;
    };
    EXPECT_HAS(message([&](auto& c) { c.streets.file = c.dwellings.file; }), "the layer holds no lines");
    EXPECT_HAS(message([&](auto& c) { c.streets.file = folder_ / "none.gpkg"; }), "no such file");
    EXPECT_HAS(message([&](auto& c) {
                   write_safely(folder_ / "flat.csv", "WKT,service\n\"POINT(1 2)\",kindergarten\n");
                   c.facilities.file = folder_ / "flat.csv";
               }),
               "no coordinate reference system");
    EXPECT_HAS(message([&](auto& c) {
                   std::string bytes = read_file(c.blocks.file);
                   bytes.replace(bytes.find("\"A\""), 3, "\"\xc3\x28\"");
                   write_safely(c.blocks.file, bytes);
               }),
               "not UTF-8");
    EXPECT_HAS(message([&](auto& c) { c.facilities.file = c.spaces.file; }), "field 'service' is missing");
    EXPECT_HAS(message([&](auto& c) {
                   c.blocks.file = layer("z.geojson", {{box(0, 0, 300, 400), R"("code":"A","zone":"historical")"}});
               }),
               "did you mean 'historic'?");
    EXPECT_HAS(message([&](auto& c) {
                   c.blocks.file = layer("t.geojson", {{box(0, 0, 9, 9), R"("code":"A")"}, {box(9, 0, 20, 9), R"("code":"A")"}});
               }),
               "stands twice");
    EXPECT_HAS(message([&](auto& c) { c.controls.clear(); }), "the sub-districts are not those of the base pack");
    EXPECT_HAS(message([&](auto& c) {
                   write_safely(folder_ / "v.vrt", "<OGRVRTDataSource></OGRVRTDataSource>");
                   c.streets.file = folder_ / "v.vrt";
               }),
               "--allow-vrt");
    ImportChoices twice = town();
    import_district(twice);
    EXPECT_HAS(error_of([&] { import_district(twice); }), "already holds a district pack");
}

// ---- OpenStreetMap -----------------------------------------------------------------------------------------------------

/// Just enough of the protocol buffers of .osm.pbf to write nodes and ways.
struct Pbf {
    static std::string varint(std::uint64_t value) {
        std::string out;
        for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
        return out + static_cast<char>(value);
    }
    static std::uint64_t zigzag(std::int64_t value) {
        return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    }
    static std::string number(int field, std::uint64_t value) { return varint(static_cast<std::uint64_t>(field) << 3) + varint(value); }
    static std::string bytes(int field, const std::string& value) {
        return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(value.size()) + value;
    }
    static std::string blob(const char* type, const std::string& content) {
        const std::string body = bytes(1, content), head = bytes(1, type) + number(3, body.size());
        std::string out;
        for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(head.size() >> shift);
        return out + head + body;
    }
};

TEST_F(Import, StreetsFromOpenStreetMap) {
    struct Way {
        const char* kind;
        std::vector<std::pair<double, double>> points;
    };
    const std::vector<Way> ways{{"residential", {{-100, 100}, {150, 100}, {700, 100}}},
                                {"footway", {{-100, 300}, {150, 300}, {700, 300}}},
                                {"residential", {{150, 100}, {150, 300}}},
                                {"motorway", {{-100, 50}, {700, 50}}}};
    std::vector<std::string> strings{"", "highway"};
    std::map<std::pair<double, double>, std::int64_t> ids;
    std::string nodes, roads;
    for (std::size_t w = 0; w < ways.size(); ++w) {
        strings.emplace_back(ways[w].kind);
        std::string refs;
        std::int64_t last = 0;
        for (const auto& [x, y] : ways[w].points) {
            const auto [place, added] = ids.emplace(std::pair{x, y}, static_cast<std::int64_t>(ids.size() + 1));
            if (added) {
                const double lon = lon_ + x / (pack_metres_per_degree * exact_cos_degrees(lat_)), lat = lat_ + y / pack_metres_per_degree;
                nodes += Pbf::bytes(1, Pbf::number(1, Pbf::zigzag(place->second)) + Pbf::number(8, Pbf::zigzag(std::llround(lat * 1e7))) +
                                           Pbf::number(9, Pbf::zigzag(std::llround(lon * 1e7))));
            }
            refs += Pbf::varint(Pbf::zigzag(place->second - last));
            last = place->second;
        }
        roads += Pbf::bytes(3, Pbf::number(1, w + 1) + Pbf::bytes(2, Pbf::varint(1)) + Pbf::bytes(3, Pbf::varint(strings.size() - 1)) +
                                   Pbf::bytes(8, refs));
    }
    std::string table;
    for (const std::string& one : strings) table += Pbf::bytes(1, one);
    const std::string block = Pbf::bytes(1, table) + Pbf::bytes(2, nodes) + Pbf::bytes(2, roads);
    write_safely(folder_ / "town.osm.pbf", Pbf::blob("OSMHeader", Pbf::bytes(4, "OsmSchema-V0.6")) + Pbf::blob("OSMData", block));
    ImportChoices choices = town();
    choices.streets = {folder_ / "town.osm.pbf", ""};
    const std::string all = told(import_district(choices));
    EXPECT_HAS(all, "town.osm.pbf left out 1: not a street one walks along");
    ASSERT_TRUE(check_district(choices.out).empty());
    ImportChoices drawn = town();
    drawn.out = folder_ / "drawn";
    import_district(drawn);
    EXPECT_EQ(read_csv(choices.out / "nodes.csv").rows(), read_csv(drawn.out / "nodes.csv").rows());
    EXPECT_EQ(read_csv(choices.out / "links.csv").rows(), read_csv(drawn.out / "links.csv").rows());
}

// ---- public data ---------------------------------------------------------------------------------------------------------

fs::path real_data() {
    const char* named = std::getenv("HUTONG_REAL_DATA");
    return named ? fs::path(named) : fs::path(HUTONG_SOURCE_DIR) / "../shared/real";
}

TEST_F(Import, RealSubdistrictsAndStreets) {
    const fs::path real = real_data();
    if (!fs::exists(real / "subdistricts_full.geojson"))
        GTEST_SKIP() << "no real layers at " << real << " (set HUTONG_REAL_DATA): not tried with them";
    const CsvTable nodes = read_csv(real / "road_nodes.csv"), edges = read_csv(real / "walk_edges_synthetic.csv");
    std::map<std::string, std::string> place;
    for (std::size_t row = 0; row < nodes.rows(); ++row)
        place[std::string(nodes.text(row, nodes.column("node_id")))] =
            fmt::format("[{},{}]", nodes.text(row, nodes.column("lon_wgs84")), nodes.text(row, nodes.column("lat_wgs84")));
    Rows rows;
    for (std::size_t row = 0; row < edges.rows(); ++row) {
        rows.push_back({fmt::format(R"({{"type":"LineString","coordinates":[{},{}]}})",
                                    place.at(std::string(edges.text(row, edges.column("from_node")))),
                                    place.at(std::string(edges.text(row, edges.column("to_node"))))),
                        ""});
    }
    ImportChoices choices;
    choices.base = base_pack, choices.out = folder_ / "real";
    choices.subdistricts.file = real / "subdistricts_full.geojson";
    choices.streets.file = layer("real_streets.geojson", rows);
    const ImportReport report = import_district(choices);
    const auto problems = check_district(choices.out);
    EXPECT_TRUE(problems.empty()) << problems[0].what();
    const District district = read_district(choices.out);
    EXPECT_EQ(district.subdistricts.size(), 15U);
    EXPECT_EQ(district.network.components(), 1U);
    EXPECT_GT(report.nodes, 3938U);
    EXPECT_EQ(district.dwellings.size(), read_district(base_pack).dwellings.size());
}

}  // namespace
}  // namespace hutong
