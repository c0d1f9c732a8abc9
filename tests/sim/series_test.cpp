#include "sim/series.h"

#include <cmath>

#include <gtest/gtest.h>

#include "hand_made_district.h"

namespace hutong {
namespace {

class SeriesOfTwoMonths : public testing::Test {
protected:
    District district = hand_made_district();
    IndicatorSet set{district};
    Series series{set, Month::of(2017, 7), 2};
    MonthTallies tallies{set.layout()};

    void month(std::int64_t people_in_first, std::int64_t births, std::int64_t deaths) {
        std::fill(tallies.values.begin(), tallies.values.end(), 0);
        tallies.of(set.layout().ages, 0) = people_in_first;
        tallies.of(set.layout().at(Flow::births), 0) = births;
        tallies.of(set.layout().at(Flow::deaths), 0) = deaths;
        tallies.of(set.layout().at(Flow::subsidy_yuan), 0) = std::int64_t{1} << 40;
        tallies.add_up();
        series.add(tallies);
    }
    std::int64_t booked(Cause cause) const {
        std::int64_t sum = 0;
        for (const CauseRow& row : series.causes()) sum += row.cause == cause ? row.change : 0;
        return sum;
    }
};

TEST_F(SeriesOfTwoMonths, StartsWithTheStateBeforeTheFirstStep) {
    month(10, 0, 0);
    month(12, 3, 1);
    EXPECT_EQ(series.rows(), 2U);
    EXPECT_EQ(series.month(0).text(), "2017-06");
    EXPECT_EQ(series.month(1).text(), "2017-07");
    EXPECT_EQ(series.district(set.find("population"), 1), 12);
    EXPECT_EQ(series.at(set.find("population"), Level::block, 1, 0), 12);
    EXPECT_EQ(series.at(set.find("population"), Level::subdistrict, 1, 1), 0);
    EXPECT_TRUE(std::isnan(series.at(set.find("headroom"), Level::block, 1, 0)));
}

TEST_F(SeriesOfTwoMonths, MoneyIsExact) {
    month(10, 0, 0);
    EXPECT_EQ(series.money(set.find("subsidy_yuan"), Level::district).at(0), std::int64_t{1} << 40);
    EXPECT_TRUE(series.reals(set.find("subsidy_yuan"), Level::district).empty());
}

TEST_F(SeriesOfTwoMonths, CausesAddUpAndShowWhatNobodyBooked) {
    month(10, 0, 0);
    month(12, 3, 1);
    EXPECT_EQ(booked(Cause::birth), 3);
    EXPECT_EQ(booked(Cause::death), -1);
    EXPECT_EQ(booked(Cause::unbooked), 0);
    month(20, 1, 0);  // seven persons appear without a flow
    EXPECT_EQ(booked(Cause::unbooked), 7);
    std::int64_t all = 0;
    for (const CauseRow& row : series.causes()) all += row.change;
    EXPECT_EQ(all, 20 - 10);
}

}  // namespace
}  // namespace hutong
