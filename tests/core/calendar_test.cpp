#include "core/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace hutong {
namespace {

TEST(Month, KnowsYearAndMonth) {
    const Month start = Month::of(2017, 7);
    EXPECT_EQ(start.year(), 2017);
    EXPECT_EQ(start.month_of_year(), 7);
    EXPECT_EQ(start.text(), "2017-07");
    EXPECT_EQ((start + 221).text(), "2035-12");
    EXPECT_EQ(Month::of(2035, 12) - start, 221);
    EXPECT_EQ((Month::of(2018, 1) - 1).text(), "2017-12");
    EXPECT_LT(start, start + 1);
}

TEST(Month, BeforeTheFirst) {
    const Month early = Month::of(1900, 1) - 1;
    EXPECT_EQ(early.year(), 1899);
    EXPECT_EQ(early.month_of_year(), 12);
}

TEST(Month, ReadsWhatItWrites) {
    rc::check([] {
        const Month month = Month::of(*rc::gen::inRange(1900, 4000), *rc::gen::inRange(1, 13));
        const auto read = Month::parse(month.text());
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == month);
        RC_ASSERT(Month::of(month.year(), month.month_of_year()) == month);
    });
}

TEST(Month, RefusesWhatIsNone) {
    for (const char* text : {"", "2017", "2017-13", "2017-00", "2017/07", "17-07", "2017-7", "2017-07 ", " 2017-07", "abcd-07",
                             "2017-07-32", "2017-07-0x", "2017-+7", "2017-07/01", "-017-07", "9999-12"}) {
        EXPECT_FALSE(Month::parse(text).has_value()) << text;
    }
    EXPECT_EQ(Month::parse("2017-07-18"), Month::of(2017, 7));
}

}  // namespace
}  // namespace hutong
