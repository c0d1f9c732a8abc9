#include "sim/series.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/error.h"
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

class SeriesInAFile : public SeriesOfTwoMonths {
protected:
    SeriesInAFile() { std::filesystem::create_directories(folder); }
    ~SeriesInAFile() override { std::filesystem::remove_all(folder); }
    void fill(int months) {
        for (int m = 0; m < months; ++m) month(100 + m * m, m % 5, m % 3);
    }
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("hutong_series_test_" + std::to_string(getpid()));
};

TEST_F(SeriesInAFile, GatheredRowsAreThoseKeptInMemory) {
    for (const int months : {1, 11, 12, 13, 24, 30}) {
        series = Series(set, Month::of(2017, 7), months);
        fill(months);
        const Series kept = series;
        series = Series(set, Month::of(2017, 7), months);
        series.wait_in(folder / "rows.part");
        fill(months);
        EXPECT_TRUE(std::filesystem::exists(folder / "rows.part"));
        series.gather();
        EXPECT_FALSE(std::filesystem::exists(folder / "rows.part"));
        ASSERT_EQ(series.rows(), kept.rows());
        ASSERT_EQ(series.causes().size(), kept.causes().size());
        for (std::size_t i = 0; i < kept.causes().size(); ++i) {
            const CauseRow &a = series.causes()[i], &b = kept.causes()[i];
            EXPECT_TRUE(a.month == b.month && a.block == b.block && a.cause == b.cause && a.change == b.change) << i;
        }
        for (std::size_t i = 0; i < set.size(); ++i) {
            for (const Level level : {Level::block, Level::subdistrict, Level::district}) {
                EXPECT_EQ(series.money(i, level), kept.money(i, level));
                ASSERT_EQ(series.reals(i, level).size(), kept.reals(i, level).size());
                for (std::size_t v = 0; v < kept.reals(i, level).size(); ++v) {
                    const float a = series.reals(i, level)[v], b = kept.reals(i, level)[v];
                    EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << set.all()[i].name;
                }
            }
        }
    }
}

TEST_F(SeriesInAFile, GoesWithTheSeries) {
    series = Series(set, Month::of(2017, 7), 30);
    series.wait_in(folder / "rows.part");
    fill(13);
    EXPECT_GT(std::filesystem::file_size(folder / "rows.part"), 0U);
    series = Series(set, Month::of(2017, 7), 30);
    EXPECT_FALSE(std::filesystem::exists(folder / "rows.part"));
}

TEST_F(SeriesInAFile, AFolderThatIsNotThereIsAnError) {
    series = Series(set, Month::of(2017, 7), 2);
    try {
        series.wait_in(folder / "nowhere" / "rows.part");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cannot_write);
    }
}

}  // namespace
}  // namespace hutong
