/// A town drawn by hand as layers, for the tests of the import.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/csv.h"
#include "core/exact_math.h"
#include "core/safe_file.h"
#include "scenarios/district_import.h"
#include "scenarios/district_pack.h"

namespace hutong {

namespace fs = std::filesystem;

inline const fs::path base_pack = fs::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng";
inline constexpr const char* town_code = "110102013";  // the smallest sub-district of the base: its controls people the town

/// A town of two blocks on two streets and one across, drawn in metres about the base's origin:
///
///     y 300  o------+---------------------o   north street
///                   |
///     y 100  o------+---------------------o   south street
///           -100   150                   700
///             [  block A   ][  block B   ]    0 to 300, 300 to 600; y 0 to 400
class Import : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            fs::temp_directory_path() / (std::string("hutong_import_") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        const District given = read_district(base_pack);
        lon_ = given.origin_lon, lat_ = given.origin_lat;
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string at(double x, double y) const {
        return fmt::format("[{:.9f},{:.9f}]", lon_ + x / (pack_metres_per_degree * exact_cos_degrees(lat_)),
                           lat_ + y / pack_metres_per_degree);
    }
    std::string line(std::initializer_list<std::pair<double, double>> points) const {
        std::string out;
        for (const auto& [x, y] : points) out += (out.empty() ? "" : ",") + at(x, y);
        return R"({"type":"LineString","coordinates":[)" + out + "]}";
    }
    std::string box(double x0, double y0, double x1, double y1) const {
        return R"({"type":"Polygon","coordinates":[[)" + at(x0, y0) + "," + at(x1, y0) + "," + at(x1, y1) + "," + at(x0, y1) + "," +
               at(x0, y0) + "]]}";
    }
    std::string point(double x, double y) const { return R"({"type":"Point","coordinates":)" + at(x, y) + "}"; }

    using Rows = std::vector<std::pair<std::string, std::string>>;  // geometry, properties
    fs::path layer(const char* name, const Rows& rows) const {
        std::string out = R"({"type":"FeatureCollection","features":[)";
        for (std::size_t i = 0; i < rows.size(); ++i) {
            out += fmt::format(R"({}{{"type":"Feature","properties":{{{}}},"geometry":{}}})", i == 0 ? "" : ",", rows[i].second,
                               rows[i].first);
        }
        write_safely(folder_ / name, out + "]}");
        return folder_ / name;
    }

    Rows streets() const {
        return {{line({{-100, 100}, {150, 100}, {700, 100}}), ""},
                {line({{-100, 300}, {150, 300}, {700, 300}}), ""},
                {line({{150, 100}, {150, 300}}), ""}};
    }

    ImportChoices town() {
        ImportChoices choices;
        choices.base = base_pack, choices.out = folder_ / "pack";
        choices.subdistricts.file = layer(
            "subdistricts.geojson", {{box(0, 0, 600, 400), fmt::format(R"("code":"{}","name_en":"Town","name_zh":"镇")", town_code)}});
        choices.blocks.file =
            layer("blocks.geojson", {{box(0, 0, 300, 400), R"("code":"A","zone":"historic")"}, {box(300, 0, 600, 400), R"("code":"B")"}});
        choices.streets.file = layer("streets.geojson", streets());
        choices.dwellings.file = layer("dwellings.geojson", {{box(220, 280, 230, 295), R"("count":9000,"type":"apartment")"},
                                                             {point(500, 90), R"("count":9000)"},
                                                             {point(510, 320), R"("count":4000,"type":"dormitory","mean_area_m2":8)"},
                                                             {point(2000, 90), R"("count":10)"}});
        choices.facilities.file = layer("facilities.geojson", {{point(75, 110), R"("service":"kindergarten","capacity":200)"},
                                                               {point(680, 105), R"("service":"fresh_food","capacity":900)"},
                                                               {point(10, 10), R"("service":"cinema","capacity":5)"},
                                                               {point(300, 900), R"("service":"library","capacity":50)"}});
        choices.spaces.file =
            layer("spaces.geojson", {{point(450, 310), R"("code":"mill","category":"industrial","area_m2":1200,"vacated":"2017-01")"}});
        // the controls of one sub-district of the base
        const CsvTable all = read_csv(base_pack / "controls.csv");
        CsvWriter one({"table", "category", "persons", town_code, "independent", "status", "source"});
        for (std::size_t row = 0; row < all.rows(); ++row) {
            for (const char* column : {"table", "category", "persons", town_code, "independent", "status", "source"})
                one.text(all.text(row, all.column(column)));
            one.end_row();
        }
        write_safely(folder_ / "controls.csv", one.bytes());
        choices.controls = folder_ / "controls.csv";
        return choices;
    }

    fs::path premises() const {
        return layer("premises.geojson",
                     {{point(100, 110), R"("use":"shop","sector":"retail","count":30,"jobs":300,"area_m2":9000)"},
                      {point(400, 290), R"("use":"office","sector":"business_services","count":20,"jobs":500,"area_m2":12000)"},
                      {point(500, 290), R"("use":"office","area_m2":2000)"},
                      {point(500, 290), R"("use":"office","sector":"alchemy","area_m2":2000)"}});
    }

    static std::string told(const ImportReport& report) {
        std::string all;
        for (const ImportRemark& one : report.remarks)
            all += fmt::format("{} {} {}: {}\n", fs::path(one.file).filename().string(), one.dropped ? "left out" : "repaired", one.count,
                               fill(one.what.id, one.what.args));
        return all;
    }
    static std::string error_of(const std::function<void()>& what) {
        try {
            what();
        } catch (const Error& error) {
            return error.what();
        }
        return "no error";
    }

    fs::path folder_;
    double lon_ = 0, lat_ = 0;
};

}  // namespace hutong
