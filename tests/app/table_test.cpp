#include "app/table.h"

#include <gtest/gtest.h>

#include "app/progress.h"
#include "app/summary.h"

namespace hutong {
namespace {

TEST(Table, ChineseCharactersTakeTwoColumns) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("常住人口"), 8U);
    EXPECT_EQ(display_width("m²"), 2U);
    EXPECT_EQ(display_width("（区）"), 6U);
    EXPECT_EQ(padded("人口", 6, true), "  人口");
    EXPECT_EQ(padded("ab", 4, false), "ab  ");
}

TEST(Table, ColumnsAlignInBothLanguages) {
    const std::string table = format_table({{"", "2017-06", "变化"}, {"常住人口", "1,240,000", "+5"}, {"jobs", "7", "-1,000"}});
    std::vector<std::size_t> widths;
    for (std::size_t at = 0; at < table.size();) {
        const std::size_t end = table.find('\n', at);
        widths.push_back(display_width(std::string_view(table).substr(at, end - at)));
        at = end + 1;
    }
    ASSERT_EQ(widths.size(), 3U);
    EXPECT_EQ(widths[0], widths[1]);  // right-aligned columns end together
    EXPECT_EQ(widths[1], widths[2]);
    EXPECT_NE(table.find("常住人口  1,240,000"), std::string::npos);
}

TEST(Summary, ChangesCarryTheirSignAndSharesArePoints) {
    const Text text(Language::english);
    EXPECT_EQ(formatted_change(text, Form::count, 1234), "+1,234");
    EXPECT_EQ(formatted_change(text, Form::count, -5).find('+'), std::string::npos);
    EXPECT_EQ(formatted_change(text, Form::share, 0.0123), "+1.23 points");
    EXPECT_EQ(formatted(text, Form::share, 0.0 / 0.0), "–");
}

TEST(Progress, BarFillsFromLeftToRight) {
    EXPECT_EQ(progress_bar(0, 4), "[....]   0 %");
    EXPECT_EQ(progress_bar(0.5, 4), "[##..]  50 %");
    EXPECT_EQ(progress_bar(1, 4), "[####] 100 %");
}

}  // namespace
}  // namespace hutong
