#include "core/layers_write.h"

#include <unistd.h>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace hutong {
namespace {

namespace fs = std::filesystem;

class LayersWrite : public testing::Test {
protected:
    LayersWrite() : folder(fs::temp_directory_path() / ("hutong_layers_write_test_" + std::to_string(getpid()))) {
        fs::create_directories(folder);
    }
    ~LayersWrite() override { fs::remove_all(folder); }
    fs::path folder;
};

TEST(Identifier, HoldsOnlyWhatANameMayHold) {
    EXPECT_EQ(identifier("jobs.retail"), "jobs_retail");
    EXPECT_EQ(identifier("Age 65+"), "age_65_");
    EXPECT_EQ(identifier("3_5"), "_3_5");
    EXPECT_EQ(identifier("x\"; drop"), "x___drop");
    EXPECT_EQ(identifier(""), "_");
}

TEST_F(LayersWrite, WhatIsWrittenIsReadBack) {
    const std::string hostile = "\"'); drop table x; --<script>=1+1", chinese = "西长安街";
    const std::vector<LayerField> fields{
        {"name", FieldType::text, {}}, {"persons", FieldType::integer, {}}, {"share", FieldType::real, {}}};
    const std::vector<LayerPart> shape{{{{116.30, 39.90}, {116.31, 39.90}, {116.31, 39.91}, {116.30, 39.91}}, false},
                                       {{{116.303, 39.903}, {116.303, 39.907}, {116.307, 39.907}, {116.307, 39.903}}, true}};
    const std::vector<LayerRow> rows{{{hostile, std::int64_t{1} << 40, 0.1}, shape},
                                     {{chinese, std::int64_t{-3}, std::numeric_limits<double>::quiet_NaN()}, shape}};
    for (const auto& [kind, name] : {std::pair{LayerFile::Kind::geopackage, "a.gpkg"}, std::pair{LayerFile::Kind::geojson, "a.geojson"}}) {
        LayerFile file = LayerFile::create(kind, folder / name);
        file.add_table("places", LayerShape::polygons, fields);
        EXPECT_TRUE(file.has_table("places"));
        EXPECT_FALSE(file.has_table("other"));
        file.append("places", fields, rows);
        file.close();
        const Layer read = read_layer(folder / name, LayerShape::polygons, "places");
        ASSERT_EQ(read.features.size(), 2U) << name;
        EXPECT_EQ(read.features[0].values[read.field("name")], hostile);
        EXPECT_EQ(read.features[1].values[read.field("name")], chinese);
        EXPECT_EQ(read.features[0].values[read.field("persons")], std::to_string(std::int64_t{1} << 40));
        EXPECT_EQ(read.number(0, read.field("share")), 0.1);
        EXPECT_EQ(read.features[1].values[read.field("share")], "") << "NaN is no value";
        ASSERT_EQ(read.features[0].parts.size(), 2U);
        EXPECT_TRUE(read.features[0].parts[1].hole);
    }
}

TEST_F(LayersWrite, ATransactionTakenBackLeavesNothing) {
    const std::vector<LayerField> fields{{"name", FieldType::text, {}}};
    LayerFile file = LayerFile::create(LayerFile::Kind::geopackage, folder / "b.gpkg");
    file.add_table("names", std::nullopt, fields);
    file.append("names", fields, {{{std::string("one")}, {}}});
    file.begin();
    file.append("names", fields, {{{std::string("two")}, {}}});
    file.rollback();
    EXPECT_EQ(file.query("SELECT count(*) FROM names"), "1");
    file.begin();
    file.append("names", fields, {{{std::string("three")}, {}}});
    file.commit();
    EXPECT_EQ(file.query("SELECT group_concat(name) FROM names"), "one,three");
    file.add_field("names", {"more", FieldType::single, {}});
    EXPECT_EQ(file.fields("names"), (std::vector<std::string>{"name", "more"}));
}

TEST_F(LayersWrite, FailuresSayWhatTheLibrarySays) {
    const auto kind_of = [](auto&& work) {
        try {
            work();
        } catch (const Error& error) {
            EXPECT_NE(std::string(error.what()).find("the system reports: "), std::string::npos) << error.what();
            EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
            return error.kind();
        }
        return ErrorKind::internal;
    };
    EXPECT_EQ(kind_of([&] { LayerFile::create(LayerFile::Kind::geopackage, folder / "none" / "c.gpkg"); }), ErrorKind::cannot_write);
    LayerFile file = LayerFile::create(LayerFile::Kind::geopackage, folder / "d.gpkg");
    EXPECT_EQ(kind_of([&] { file.statement("SELECT * FROM nothing"); }), ErrorKind::cannot_write);
    EXPECT_EQ(kind_of([&] { LayerFile::connect("PG:host=127.0.0.1 port=1 dbname=none connect_timeout=2"); }), ErrorKind::cannot_write);
}

}  // namespace
}  // namespace hutong
