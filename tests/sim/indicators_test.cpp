#include "sim/indicators.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "hand_made_district.h"
#include "sim/observe.h"

namespace hutong {
namespace {

class Indicators : public testing::Test {
protected:
    District district = hand_made_district();
    IndicatorSet set{district};
    MonthTallies tallies{set.layout()};

    std::int64_t& at(Tally tally, std::size_t block) { return tallies.of(static_cast<std::size_t>(tally), block); }
    double of(std::string_view name, std::size_t area) const {
        const std::size_t i = set.find(name);
        EXPECT_LT(i, set.size()) << name;
        return value(set.all()[i], tallies, area);
    }
    static constexpr std::size_t subdistrict_1 = 3, subdistrict_2 = 4, whole = 5;
};

TEST_F(Indicators, EachSaysWhatItIs) {
    std::set<std::string> names;
    for (const Indicator& one : set.all()) {
        EXPECT_TRUE(names.insert(one.name).second) << one.name << " is declared twice";
        EXPECT_FALSE(one.unit.empty()) << one.name;
        EXPECT_FALSE(one.label.empty()) << one.name;
        EXPECT_FALSE(one.definition.empty()) << one.name;
        EXPECT_FALSE(one.empty_rule.empty()) << one.name;
        EXPECT_EQ(one.aggregation == Aggregation::ratio, !one.below.empty()) << one.name;
        if (one.aggregation == Aggregation::ratio) {
            EXPECT_FALSE(one.denominator.empty()) << one.name;
        }
        EXPECT_EQ(one.label.find("{}") != std::string::npos,
                  !one.kind_en.empty() || !one.kind_zh.empty() || one.label.find("{}") != std::string::npos);
    }
}

TEST_F(Indicators, EmptySetsGiveNoValueOrZero) {
    tallies.add_up();
    for (const Indicator& one : set.all()) {
        const double v = value(one, tallies, set.layout().district_area());
        if (one.empty_rule == "0") {
            EXPECT_EQ(v, 0) << one.name;
        } else if (one.name != "headroom") {
            EXPECT_TRUE(std::isnan(v)) << one.name << " gives " << v;
        }
    }
}

TEST_F(Indicators, RatiosOfAnAreaAreNotAveragesOfBlocks) {
    at(Tally::employed_here, 0) = 1;
    at(Tally::employed_outside, 0) = 1;
    at(Tally::employed_here, 1) = 90;
    at(Tally::employed_outside, 1) = 10;
    tallies.add_up();
    EXPECT_DOUBLE_EQ(of("self_containment", 0), 0.5);
    EXPECT_DOUBLE_EQ(of("self_containment", 1), 0.9);
    EXPECT_DOUBLE_EQ(of("self_containment", subdistrict_1), 91.0 / 102.0);
    EXPECT_TRUE(std::isnan(of("self_containment", subdistrict_2)));
    EXPECT_DOUBLE_EQ(of("self_containment", whole), 91.0 / 102.0);
}

TEST_F(Indicators, AgesAreUnionsThatCoverEverybodyOnce) {
    for (std::size_t g = 0; g < static_cast<std::size_t>(age_groups); ++g)
        tallies.of(set.layout().ages + g, 2) = static_cast<std::int64_t>(1) << g;
    tallies.add_up();
    double broad = 0, census = 0;
    for (const Indicator& one : set.all()) {
        if (one.name.starts_with("age_")) broad += value(one, tallies, whole);
        if (one.name.starts_with("census_age_")) census += value(one, tallies, whole);
    }
    EXPECT_EQ(broad, of("population", whole));
    EXPECT_EQ(census, of("population", whole));
    EXPECT_EQ(of("age_3_5", whole), 2 + 4);
    EXPECT_EQ(of("census_age_00_04", whole), 1 + 2);
}

TEST_F(Indicators, DayPopulationOfTheDistrictIsResidentsLessOutCommutersPlusInCommuters) {
    tallies.of(set.layout().ages + 8, 0) = 100;  // residents
    at(Tally::employed_here, 0) = 30;
    at(Tally::employed_outside, 0) = 20;
    tallies.of(set.layout().filled, 1) = 30 + 45;  // 30 residents, 45 in-commuters
    tallies.add_up();
    EXPECT_EQ(of("day_population", whole), 100 - 20 + 45);
    EXPECT_EQ(of("day_population", 0) + of("day_population", 1) + of("day_population", 2), of("day_population", whole));
}

TEST_F(Indicators, SelfSufficiencyBySectorAndFunding) {
    const TallyLayout& layout = set.layout();
    const std::string sector = district.catalogue.sectors[0].code;
    tallies.of(layout.filled, 0) = 40;
    tallies.of(layout.filled_residents, 0) = 10;
    tallies.of(layout.filled, 1) = 10;
    tallies.of(layout.filled_residents, 1) = 10;
    at(Tally::filled_by_residents, 0) = at(Tally::filled_by_residents, 1) = 10;
    tallies.of(layout.funding_filled + static_cast<std::size_t>(Funding::state), 0) = 8;
    tallies.of(layout.funding_residents + static_cast<std::size_t>(Funding::state), 0) = 2;
    tallies.add_up();
    EXPECT_DOUBLE_EQ(of("self_sufficiency." + sector, 0), 0.25);
    EXPECT_DOUBLE_EQ(of("self_sufficiency." + sector, whole), 0.4);
    EXPECT_EQ(of("filled_jobs.state", whole), 8);
    EXPECT_DOUBLE_EQ(of("self_sufficiency.state", 0), 0.25);
    EXPECT_TRUE(std::isnan(of("self_sufficiency.state", 1)));
    EXPECT_EQ(of("in_commuters", whole), 30);
}

TEST_F(Indicators, HighEndShareOfFunctionAreasLeavesOtherBlocksOut) {
    at(Tally::function_filled, 0) = 50;
    at(Tally::function_high_end, 0) = 20;
    tallies.add_up();
    EXPECT_DOUBLE_EQ(of("high_end_share_function_areas", whole), 0.4);
    EXPECT_TRUE(std::isnan(of("high_end_share_function_areas", 1)));
}

TEST_F(Indicators, RecordOfABody) {
    tallies.handled = {8, 0};
    tallies.sent_back = {2, 0};
    tallies.months_waited = {12, 0};
    tallies.queue_length = {2, 5};
    tallies.agency_score = {77.5, -1};
    tallies.add_up();
    EXPECT_EQ(of("handled.agency_0", whole), 8);
    EXPECT_DOUBLE_EQ(of("months_per_case.agency_0", whole), 1.5);
    EXPECT_DOUBLE_EQ(of("sent_back.agency_0", whole), 0.25);
    EXPECT_DOUBLE_EQ(of("score.agency_0", whole), 77.5);
    EXPECT_EQ(of("handled.agency_1", whole), 0);
    EXPECT_TRUE(std::isnan(of("score.agency_1", whole))) << "a body that handled nothing has no score";
    tallies.agency_score.clear();
    EXPECT_TRUE(std::isnan(of("score.agency_0", whole))) << "between the yearly appraisals there is none";
}

TEST_F(Indicators, FloorAreaBalanceIsInSquareMetres) {
    tallies.reduced_dm2 = 12'345;
    tallies.added_dm2 = 2'345;
    tallies.tie_pool_dm2 = 10'000;
    at(Tally::taxed_revenue_yuan, 1) = 7;
    tallies.add_up();
    EXPECT_NEAR(of("floor_area_reduced", whole), 123.45, 1e-9);
    EXPECT_NEAR(of("floor_area_added", whole), 23.45, 1e-9);
    EXPECT_NEAR(of("floor_area_tie_left", whole), 100, 1e-9);
    EXPECT_EQ(of("taxed_revenue_yuan", whole), 7);
}

TEST_F(Indicators, ShortfallVarianceSplitsIntoWithinAndBetween) {
    // Block 1: two residents with 0.2 and 0.4; block 2: two with 0.6; block 3: one with 1.0 (permille).
    const std::int64_t values[3][2] = {{200, 400}, {600, 600}, {1000, -1}};
    double sum = 0, squares = 0, n = 0;
    for (std::size_t b = 0; b < 3; ++b) {
        for (const std::int64_t v : values[b]) {
            if (v < 0) continue;
            at(Tally::shortfall_weight, b) += 1;
            at(Tally::shortfall_sum, b) += v;
            at(Tally::shortfall_squares, b) += v * v;
            const double share = static_cast<double>(v) / 1000;
            sum += share;
            squares += share * share;
            n += 1;
        }
    }
    tallies.add_up();
    const double total = squares / n - (sum / n) * (sum / n);
    EXPECT_NEAR(of("shortfall_within", whole) + of("shortfall_between", whole), total, 1e-12);
    EXPECT_NEAR(of("shortfall_within", 0), 0.01, 1e-12);
    EXPECT_NEAR(of("shortfall_between", subdistrict_1), 0.0225, 1e-12);  // means 0.3 and 0.6, equal weights
    EXPECT_NEAR(of("shortfall_between", subdistrict_2), 0, 1e-12);
}

TEST_F(Indicators, UseMixIsZeroForOneUseAndOneForSixEqual) {
    at(Tally::dwelling_area, 0) = 10'000;
    tallies.add_up();
    EXPECT_DOUBLE_EQ(of("use_mix", 0), 0);
    auto premises = [&](PremisesUse use) -> std::int64_t& {
        return tallies.of(static_cast<std::size_t>(set.layout().premises_area) + static_cast<std::size_t>(use), 0);
    };
    for (const PremisesUse use : {PremisesUse::shop, PremisesUse::office, PremisesUse::storage, PremisesUse::institution})
        premises(use) = 10'000;
    at(Tally::green_capacity, 0) = 1'000'000;  // thousandths of m2: the same 1000 m2
    tallies.add_up();
    EXPECT_NEAR(of("use_mix", 0), 1, 1e-12);
}

TEST_F(Indicators, CoverageCountsThousandths) {
    const auto kindergarten = static_cast<std::size_t>(TargetGroup::children_3_5);
    tallies.of(set.layout().members + kindergarten, 0) = 8;
    tallies.of(set.layout().served, 0) = 6000;
    tallies.of(set.layout().reached, 0) = 7;
    tallies.add_up();
    EXPECT_DOUBLE_EQ(of("coverage.kindergarten", 0), 0.75);
    EXPECT_DOUBLE_EQ(of("reach.kindergarten", 0), 0.875);
    EXPECT_TRUE(std::isnan(of("coverage.park", 0)));
}

TEST(RestrictedMean, MatchesKaplanMeierByHand) {
    constexpr std::size_t n = opening_horizon_months + 1;
    // Four spaces: opened after 10 and 20 months, one censored at 15, one still waiting at the horizon.
    std::vector<std::int32_t> opened(n, 0), waiting(n, 0);
    opened[10] = opened[20] = 1;
    waiting[15] = waiting[n - 1] = 1;
    // Survival: 1 for months 0-9, 3/4 for 10-19, then 3/4 * 1/2 for 20-35.
    const double area = 10 + 0.75 * 10 + 0.375 * 16;
    EXPECT_EQ(restricted_mean_milli(opened.data(), waiting.data()), static_cast<std::int32_t>(std::lround(area * 1000)));
}

TEST(RestrictedMean, HasNoValueBeforeOneSpaceWasFollowedOverTheSpan) {
    constexpr std::size_t n = opening_horizon_months + 1;
    std::vector<std::int32_t> opened(n, 0), waiting(n, 0);
    EXPECT_EQ(restricted_mean_milli(opened.data(), waiting.data()), -1);
    opened[3] = 1;
    waiting[12] = 1;
    EXPECT_EQ(restricted_mean_milli(opened.data(), waiting.data()), -1);
    waiting[12] = 0;  // all have opened: nothing is open to question
    EXPECT_EQ(restricted_mean_milli(opened.data(), waiting.data()), 3000);
}

}  // namespace
}  // namespace hutong
