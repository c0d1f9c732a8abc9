#include "analysis/svg_chart.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

namespace hutong {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::size_t count(const std::string& text, std::string_view piece) {
    std::size_t n = 0;
    for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
    return n;
}

ReportChart chart() {
    ReportChart one;
    one.title = "a < b & \"c\"";
    one.unit = "persons";
    one.months = {"2017-06", "2017-07", "2017-08", "2017-09"};
    one.lines = {{"Base", {10, 20, none, 30}, {9, 18, none, 28}, {11, 22, none, 33}, false}, {"Limit", {25, 25, 25, 25}, {}, {}, true}};
    return one;
}

TEST(SvgChart, DrawsLinesBandsAndNamesAndEscapesThem) {
    const std::string svg = draw_chart(chart(), Text(Language::english));
    EXPECT_EQ(count(svg, "opacity=\"0.18\""), 1U) << "one band";
    EXPECT_EQ(count(svg, "stroke-dasharray"), 2U) << "one limit: its line and its mark in the legend";
    EXPECT_EQ(count(svg, "a &lt; b &amp; &quot;c&quot;"), 2U) << "as name and as title";
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    for (const char* word : {">Base<", ">Limit<", "(persons)", ">2017-06<"}) EXPECT_NE(svg.find(word), std::string::npos) << word;
    // The line is broken where there is no value.
    const std::size_t line = svg.find("stroke=\"#1d4f91\" stroke-width=\"2\"");
    ASSERT_NE(line, std::string::npos);
    const std::size_t start = svg.rfind("<path d=\"", line);
    EXPECT_EQ(count(svg.substr(start, line - start), "M"), 2U);
}

TEST(SvgChart, ALongLegendTakesMoreRowsInsideThePicture) {
    ReportChart one = chart();
    for (int k = 0; k < 7; ++k) one.lines.push_back({"达标服务覆盖率：全部服务：先到先得情景", {1, 2, 3, 4}, {}, {}, false});
    const std::string svg = draw_chart(one, Text(Language::chinese));
    const std::string mark = "h22\" stroke";
    std::size_t rows = 0;
    double last = 0;
    for (std::size_t at = svg.find(mark); at != std::string::npos; at = svg.find(mark, at + 1)) {
        const std::size_t start = svg.rfind("M", at);
        const double x = std::stod(svg.substr(start + 1)), y = std::stod(svg.substr(svg.find(' ', start) + 1));
        EXPECT_LT(x, 700);
        rows += y > last;
        last = std::max(last, y);
    }
    EXPECT_GE(rows, 3U);
}

TEST(SvgChart, AChartWithoutValuesIsDrawnEmpty) {
    ReportChart one = chart();
    for (ChartLine& line : one.lines) {
        std::fill(line.values.begin(), line.values.end(), none);
        line.low.clear();
        line.high.clear();
    }
    const std::string svg = draw_chart(one, Text(Language::english));
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
}

TEST(TextWidth, CountsAChineseCharacterNearlyAsTwo) {
    EXPECT_EQ(text_width("abc"), 3);
    EXPECT_GT(text_width("中文"), 3);
    EXPECT_LE(text_width("中文"), 4);
}

}  // namespace
}  // namespace hutong
