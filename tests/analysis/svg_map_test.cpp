#include "analysis/svg_map.h"

#include <unistd.h>
#include <limits>

#include <gtest/gtest.h>

#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

/// A results file of two square blocks in one sub-district, written by hand.
fs::path small_results() {
    Hdf5Writer file;
    file.group("/meta");
    auto set = [&](std::string_view name, const auto& value) { file.attribute("/meta", name, value); };
    set("format", "hutong results");
    set("schema", results_schema);
    for (const char* name : {"scenario", "version", "neutral", "scenario_hash", "district_hash"}) set(name, "");
    set("interval", "chance");
    set("seed", std::int64_t{1});
    set("scale", 1.0);
    set("schematic_blocks", std::int64_t{1});
    set("experiment", std::int64_t{0});
    set("replicates", std::int64_t{1});
    file.text("/meta/scenario_text", "");
    file.texts("/months", {"2017-06"});
    file.texts("/blocks/code", {"B1", "B2"});
    file.texts("/blocks/name_zh", {"一", "二"});
    file.texts("/blocks/name_en", {"<One>", "Two & more"});
    file.texts("/blocks/zone", {"living", "living"});
    file.data<std::uint16_t>("/blocks/subdistrict", std::vector<std::uint16_t>{0, 0});
    file.data<double>("/blocks/area_m2", std::vector<double>{1e6, 1e6});
    file.data<std::int32_t>("/blocks/ring_block", std::vector<std::int32_t>{0, 1});
    file.data<std::int32_t>("/blocks/ring_points", std::vector<std::int32_t>{4, 4});
    file.data<double>("/blocks/outline_x_m", std::vector<double>{0, 1000, 1000, 0, 1000, 2000, 2000, 1000});
    file.data<double>("/blocks/outline_y_m", std::vector<double>{0, 0, 1000, 1000, 0, 0, 1000, 1000});
    file.texts("/subdistricts/code", {"S1"});
    file.texts("/subdistricts/name_zh", {"街道"});
    file.texts("/subdistricts/name_en", {"Street"});
    file.texts("/summary/indicators", {});
    const fs::path path = fs::temp_directory_path() / ("hutong_svg_test_" + std::to_string(getpid()) + ".h5");
    write_safely(path, file.finish());
    return path;
}

std::size_t count(const std::string& text, std::string_view what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

TEST(SvgMap, BlocksThatCannotBeToldFromZeroAreHatchedWithALegend) {
    const fs::path path = small_results();
    const Results results(path);
    MapPicture picture;
    picture.values = {-3, 700};
    picture.diverging = true;
    EXPECT_EQ(count(draw_map(results, picture, Text(Language::english)), "unsure"), 0U);
    picture.unsure = {1, 0};
    for (const Language language : {Language::english, Language::chinese}) {
        const Text text(language);
        picture.interval = text("data");
        const std::string svg = draw_map(results, picture, text), legend = text(msg("95 % interval ({})", picture.interval));
        EXPECT_EQ(count(svg, "fill=\"url(#unsure)\""), 2U) << "the first block and its legend";
        EXPECT_EQ(count(svg, "<pattern id=\"unsure\""), 1U);
        EXPECT_NE(svg.find(">" + legend + "</text>"), std::string::npos);
        EXPECT_NE(svg.find("(" + legend + " " + text("contains 0") + ")</title>"), std::string::npos) << "the block says it too";
    }
    picture.unsure = {0, 0};
    EXPECT_EQ(count(draw_map(results, picture, Text(Language::english)), "unsure"), 0U) << "no legend without a block";
    fs::remove(path);
}

TEST(SvgMap, ColoursBlocksByClassAndEscapesNames) {
    const fs::path path = small_results();
    const Results results(path);
    MapPicture picture;
    picture.title = "A < B";
    picture.values = {0, 700};
    picture.notes = {"schematic blocks"};
    const std::string svg = draw_map(results, picture, Text(Language::english));
    EXPECT_NE(svg.find("A &lt; B"), std::string::npos);
    EXPECT_NE(svg.find("&lt;One&gt;"), std::string::npos);
    EXPECT_NE(svg.find("Two &amp; more"), std::string::npos);
    EXPECT_EQ(svg.find("<One>"), std::string::npos);
    EXPECT_EQ(count(svg, "fill=\"#440154\""), 2U) << "the lowest class: one block and its legend";
    EXPECT_EQ(count(svg, "fill=\"#fde725\""), 2U) << "the highest class: one block and its legend";
    EXPECT_NE(svg.find("schematic blocks"), std::string::npos);
    EXPECT_EQ(svg.find("no value"), std::string::npos);
    // The border of the sub-district runs around both blocks: six edges, not the one between them.
    const std::size_t border = svg.find("<path d=\"", svg.find("</g>")) + 9;
    EXPECT_EQ(count(svg.substr(border, svg.find('"', border) - border), "M"), 6U);
    EXPECT_EQ(svg, draw_map(results, picture, Text(Language::english)));
    fs::remove(path);
}

TEST(SvgMap, ShowsBlocksWithoutAValueAndChangesAroundZero) {
    const fs::path path = small_results();
    const Results results(path);
    MapPicture picture;
    picture.values = {std::numeric_limits<double>::quiet_NaN(), -5};
    picture.diverging = true;
    const std::string svg = draw_map(results, picture, Text(Language::english));
    EXPECT_NE(svg.find("no value"), std::string::npos);
    EXPECT_EQ(count(svg, "fill=\"#053061\""), 2U) << "the fall is blue";
    EXPECT_EQ(count(svg, "fill=\"#67001f\""), 1U) << "nothing rises: red only in the legend";
    fs::remove(path);
}

}  // namespace
}  // namespace hutong
