#include "viz/table.h"

#include <gtest/gtest.h>

#include "tests/viz/hand_made_run.h"

namespace hutong {
namespace {

TEST(Table, CellsThatASpreadsheetWouldRunAreKeptAsText) {
    EXPECT_EQ(table_csv({{"=1+1", "-5", "+x", "@a", "a,b", "say \"x\""}}), "'=1+1,-5,'+x,'@a,\"a,b\",\"say \"\"x\"\"\"\r\n");
    EXPECT_EQ(table_tabs({{"a\tb", "c\nd"}, {"1"}}), "a b\tc d\n1\n");
}

TEST(Table, ShowsWhatTheMapShows) {
    const testing::HandMadeRun run, base(-7);
    const Text text(Language::english);
    ViewState s;
    s.tab = Tab::table;
    s.row = 3;
    const Table table = shown_table({s, text, run, &base});
    ASSERT_EQ(table.size(), 3U);
    EXPECT_EQ(table[1], (std::vector<std::string>{"B1", "Block one", "2017-09", "1030", "30", "7"}));
}

TEST(Table, ChartsGiveOneRowAMonth) {
    const testing::HandMadeRun run;
    const Text text(Language::english);
    ViewState s;
    const Table table = shown_table({s, text, run});
    ASSERT_EQ(table.size(), 26U);
    EXPECT_EQ(table[0][0], "Month");
    EXPECT_EQ(table[1][0], "2017-06");
    for (const auto& row : table) EXPECT_EQ(row.size(), table[0].size());
}

TEST(Table, FileNamesAreHarmless) { EXPECT_EQ(file_name("../a b/ü.x"), "_.._a_b_ü.x"); }

}  // namespace
}  // namespace hutong
