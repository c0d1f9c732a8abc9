#include "core/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace hutong {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Layers : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "hutong_layers_XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path put(const char* name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }
    /// A GeoJSON file of one feature.
    fs::path put_one(const std::string& geometry, const char* name = "one.geojson") const {
        return put(
            name,
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"A","area":12.5,"none":null},"geometry":)" +
                geometry + "}]}");
    }
    bool convert(const fs::path& from, const std::string& to, const std::string& options) const {
        return std::system(("ogr2ogr " + options + " " + (folder_ / to).string() + " " + from.string() + " >/dev/null 2>&1").c_str()) == 0;
    }
    fs::path folder_;
};

const std::string clockwise_square_with_hole =
    R"({"type":"Polygon","coordinates":[[[116,39],[116,40],[117,40],[117,39],[116,39]],[[116.2,39.2],[116.4,39.2],[116.4,39.4],[116.2,39.4],[116.2,39.2]]]})";

template <class Action>
std::pair<ErrorKind, std::string> error_of(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    }
    return {ErrorKind::internal, "no error"};
}

TEST_F(Layers, TurnsRingsAndReadsFields) {
    const Layer layer = read_layer(put_one(clockwise_square_with_hole), LayerShape::polygons);
    ASSERT_EQ(layer.features.size(), 1U);
    EXPECT_THAT(layer.fields, ElementsAre("code", "area", "none"));
    EXPECT_EQ(layer.features[0].values[layer.field("code")], "A");
    EXPECT_EQ(layer.number(0, layer.field("area")), 12.5);
    EXPECT_EQ(layer.features[0].values[layer.field("none")], "");
    EXPECT_EQ(layer.reference, "WGS 84");
    const auto& parts = layer.features[0].parts;
    ASSERT_EQ(parts.size(), 2U);
    ASSERT_EQ(parts[0].points.size(), 4U) << "not closed by a repeated point";
    EXPECT_FALSE(parts[0].hole);
    EXPECT_TRUE(parts[1].hole);
    EXPECT_EQ(parts[0].points[0].x, 116.0);
    EXPECT_EQ(parts[0].points[1].x, 117.0) << "counter-clockwise: east first";
    EXPECT_EQ(parts[0].points[1].y, 39.0);
    EXPECT_EQ(parts[1].points[1].y, 39.4) << "a hole runs clockwise: north first";
}

TEST_F(Layers, ReadsEveryFormatAlike) {
    const fs::path source = put_one(clockwise_square_with_hole);
    const Layer expected = read_layer(source, LayerShape::polygons);
    for (const auto& [name, format] : {std::pair{"a.gpkg", "GPKG"}, {"a.fgb", "FlatGeobuf"}, {"a.shp", "\"ESRI Shapefile\""}}) {
        ASSERT_TRUE(convert(source, name, std::string("-f ") + format)) << name;
        const Layer layer = read_layer(folder_ / name, LayerShape::polygons);
        ASSERT_EQ(layer.features.size(), 1U) << name;
        ASSERT_EQ(layer.features[0].parts.size(), 2U) << name;
        for (std::size_t p = 0; p < 2; ++p) {
            ASSERT_EQ(layer.features[0].parts[p].points.size(), 4U) << name;
            for (std::size_t i = 0; i < 4; ++i) {
                EXPECT_EQ(layer.features[0].parts[p].points[i].x, expected.features[0].parts[p].points[i].x) << name;
                EXPECT_EQ(layer.features[0].parts[p].points[i].y, expected.features[0].parts[p].points[i].y) << name;
            }
        }
        EXPECT_EQ(layer.features[0].values[layer.field("code")], "A") << name;
        EXPECT_EQ(layer.number(0, layer.field("area")), 12.5) << name;
    }
}

TEST_F(Layers, ConvertsToLongitudeAndLatitude) {
    ASSERT_TRUE(convert(put_one(R"({"type":"Point","coordinates":[116.366,39.912]})"), "p.gpkg", "-f GPKG -t_srs EPSG:4547"));
    const Layer there = read_layer(folder_ / "p.gpkg", LayerShape::points, {}, false);
    EXPECT_GT(there.features[0].parts[0].points[0].x, 1000.0) << "metres of CGCS2000";
    const Layer here = read_layer(folder_ / "p.gpkg", LayerShape::points);
    EXPECT_NEAR(here.features[0].parts[0].points[0].x, 116.366, 1e-6);
    EXPECT_NEAR(here.features[0].parts[0].points[0].y, 39.912, 1e-6);
}

TEST_F(Layers, TakesManyPartsAndLines) {
    const Layer lines =
        read_layer(put_one(R"({"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]})"), LayerShape::lines);
    ASSERT_EQ(lines.features[0].parts.size(), 2U);
    EXPECT_EQ(lines.features[0].parts[1].points.size(), 3U);
    const Layer points = read_layer(put_one(R"({"type":"MultiPoint","coordinates":[[5,6],[7,8]]})"), LayerShape::points);
    EXPECT_EQ(points.features[0].parts.size(), 2U);
}

TEST_F(Layers, ChoosesALayerByName) {
    const fs::path source = put_one(R"({"type":"Point","coordinates":[1,2]})");
    ASSERT_TRUE(convert(source, "two.gpkg", "-f GPKG -nln first"));
    ASSERT_TRUE(convert(source, "two.gpkg", "-f GPKG -update -nln second"));
    EXPECT_THAT(error_of([&] { read_layer(folder_ / "two.gpkg", LayerShape::points); }).second, HasSubstr("it has 2 layers"));
    EXPECT_EQ(read_layer(folder_ / "two.gpkg", LayerShape::points, "second").features.size(), 1U);
    EXPECT_THAT(error_of([&] { read_layer(folder_ / "two.gpkg", LayerShape::points, "third"); }).second, HasSubstr("no single layer"));
}

TEST_F(Layers, RefusesWhatItShould) {
    const auto said = [&](const fs::path& path, LayerShape shape = LayerShape::polygons) {
        return error_of([&] { read_layer(path, shape); });
    };
    EXPECT_EQ(said(folder_ / "none.geojson").first, ErrorKind::missing_file);
    EXPECT_EQ(said(folder_).first, ErrorKind::missing_file);
    EXPECT_THAT(said("/vsicurl/http://example.org/a.geojson").second, HasSubstr("refused"));
    EXPECT_THAT(said("/vsizip/a.zip").second, HasSubstr("refused"));
    EXPECT_THAT(said("PG:dbname=x").second, HasSubstr("refused"));
    EXPECT_THAT(said(put("a.geojson", "not GeoJSON")).second, HasSubstr("cannot be opened"));
    EXPECT_THAT(said(put("a.vrt", "<OGRVRTDataSource></OGRVRTDataSource>")).second, HasSubstr("cannot be opened"))
        << "not on the list of drivers";
    EXPECT_THAT(said(put("a.csv", "WKT\n\"POINT (1 2)\"\n")).second, HasSubstr("cannot be opened"));
    EXPECT_THAT(said(put_one(R"({"type":"Point","coordinates":[1,2]})")).second, HasSubstr("feature 1 has another shape than polygons"));
    EXPECT_THAT(said(put_one("null")).second, HasSubstr("it is empty"));
    EXPECT_THAT(said(put_one(R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[0,0]]]})")).second, HasSubstr("a ring without area"));
    EXPECT_EQ(said(put_one(clockwise_square_with_hole)).second, "no error");
    ASSERT_TRUE(convert(put_one(clockwise_square_with_hole), "s.shp", "-f \"ESRI Shapefile\""));
    fs::remove(folder_ / "s.prj");
    EXPECT_THAT(said(folder_ / "s.shp").second, HasSubstr("no coordinate reference system"));
}

TEST_F(Layers, KeepsItsLimits) {
    const fs::path path = put_one(clockwise_square_with_hole);
    LayerLimits limits;
    limits.vertices = 9;
    EXPECT_EQ(error_of([&] { read_layer(path, LayerShape::polygons, {}, true, limits); }).first, ErrorKind::too_large);
    limits.vertices = 10;
    EXPECT_NO_THROW(read_layer(path, LayerShape::polygons, {}, true, limits));
    limits.bytes = 10;
    EXPECT_EQ(error_of([&] { read_layer(path, LayerShape::polygons, {}, true, limits); }).first, ErrorKind::too_large);
    limits = {};
    limits.features = 0;
    EXPECT_EQ(error_of([&] { read_layer(path, LayerShape::polygons, {}, true, limits); }).first, ErrorKind::too_large);
    limits = {};
    limits.field_bytes = 0;
    EXPECT_EQ(error_of([&] { read_layer(path, LayerShape::polygons, {}, true, limits); }).first, ErrorKind::too_large);
}

TEST_F(Layers, NamesTheMissingField) {
    const Layer layer = read_layer(put_one(clockwise_square_with_hole), LayerShape::polygons);
    EXPECT_THAT(error_of([&] { layer.field("zone"); }).second, HasSubstr("field 'zone' is missing"));
    EXPECT_THAT(error_of([&] { layer.number(0, layer.field("code")); }).second, HasSubstr("'A' is not a number"));
    EXPECT_FALSE(layer.find_field("zone").has_value());
}

}  // namespace
}  // namespace hutong
