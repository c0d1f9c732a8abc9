#include "analysis/compare.h"

#include <cmath>

#include <gtest/gtest.h>

namespace hutong {
namespace {

/// Two replicates of two areas and three months, made by a formula.
Outcomes made(std::string name, double effect) {
    Outcomes one;
    one.name = std::move(name);
    one.district_hash = "d";
    one.replicates = 4;
    one.months = {"a", "b", "c"};
    one.areas = {2, 1, 1};
    one.indicators = {{.name = "x", .label = "x", .kind_en = {}, .kind_zh = {}, .unit = "1", .definition = {}, .status = {}}};
    one.values = [effect](std::size_t, Level level, std::size_t replicate) {
        std::vector<double> values;
        const std::size_t areas = level == Level::block ? 2 : 1;
        for (std::size_t month = 0; month < 3; ++month) {
            for (std::size_t area = 0; area < areas; ++area) {
                // The replicate moves both scenarios alike; the effect is in area 0 alone, the noise of the pair small.
                const double common = 100 * static_cast<double>(replicate), own = (replicate % 2 == 0 ? 0.5 : -0.5) * effect / 10;
                values.push_back(1000 + common + (area == 0 ? effect + own : 0) * static_cast<double>(month));
            }
        }
        return values;
    };
    return one;
}

TEST(Compare, TakesDifferencesPairByPair) {
    const Outcomes base = made("base", 0), other = made("other", 10);
    const Comparison blocks = compare(base, other, 0, Level::block);
    ASSERT_EQ(blocks.difference.size(), 6U);
    EXPECT_NEAR(blocks.difference[4].mean, 20, 1e-9);
    EXPECT_TRUE(blocks.difference[4].sure());
    EXPECT_EQ(blocks.difference[5].mean, 0.0);
    EXPECT_FALSE(blocks.difference[5].sure());
    EXPECT_FALSE(blocks.difference[0].sure());
    // Student's t with 3 degrees of freedom: sd of {21, 19, 21, 19} is 2 / sqrt(3).
    EXPECT_NEAR(blocks.difference[4].high - 20, 3.1824463053 * (2 / std::sqrt(3.0)) / 2, 1e-6);
}

TEST(Compare, PairingIsHeldAgainstUnrelatedSeeds) {
    const PairingGain gain = pairing_gain(made("base", 0), made("other", 10), 0, 2);
    EXPECT_GT(gain.ratio(), 50);
    EXPECT_TRUE(std::isinf(pairing_gain(made("base", 0), made("base", 0), 0, 2).ratio()));
}

TEST(Compare, RefusesWhatHasNoPairs) {
    const Outcomes base = made("base", 0);
    const auto refused = [&](const std::function<void(Outcomes&)>& change) {
        Outcomes other = made("other", 1);
        change(other);
        EXPECT_THROW(check_comparable(base, other), Error);
    };
    check_comparable(base, made("other", 1));
    refused([](Outcomes& o) { o.district_hash = "e"; });
    refused([](Outcomes& o) { o.seed = 9; });
    refused([](Outcomes& o) { o.replicates = 3; });
    refused([](Outcomes& o) { o.months.front() = "z"; });
    refused([](Outcomes& o) { o.marks.scale = 0.5; });
    refused([](Outcomes& o) { o.interval = Interval::data; });
}

}  // namespace
}  // namespace hutong
