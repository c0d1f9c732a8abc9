#include "core/draw.h"

#include <Random123/philox.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <vector>

namespace hutong {
namespace {

Word4 by_the_library(const Word4& c, std::uint32_t k0, std::uint32_t k1) {
    const r123::Philox4x32::ctr_type out = r123::Philox4x32()({{c[0], c[1], c[2], c[3]}}, {{k0, k1}});
    return {out[0], out[1], out[2], out[3]};
}

// kat_vectors of Random123 1.14, philox4x32 10
TEST(Philox, KnownAnswers) {
    EXPECT_EQ(philox({0, 0, 0, 0}, 0, 0), (Word4{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t ones = 0xffffffffU;
    EXPECT_EQ(philox({ones, ones, ones, ones}, ones, ones), (Word4{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
              (Word4{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, IsTheLibrarysPhilox) {
    rc::check(
        [](Word4 counter, std::uint32_t k0, std::uint32_t k1) { RC_ASSERT(philox(counter, k0, k1) == by_the_library(counter, k0, k1)); });
}

// The layout of key and counter that every golden depends on, written out once more.
TEST(Luck, LayoutIsFixed) {
    const std::uint64_t seed = 42;
    const std::uint32_t replicate = 3;
    const std::uint64_t luck = 0x0123456789abcdefULL;
    const Month month = Month::of(2020, 2);
    const auto k0 = static_cast<std::uint32_t>(mix64(seed));
    const auto k1 = static_cast<std::uint32_t>(mix64(seed) >> 32) ^ replicate;
    const std::uint32_t third = static_cast<std::uint32_t>(month.index) | (5U << 16);
    EXPECT_EQ(Luck(seed, replicate).block(Purpose::move_subdistrict, luck, month, 7),
              by_the_library({0x89abcdef, 0x01234567, third, 7}, k0, k1));
}

TEST(Luck, GoldenWords) {
    const Luck luck(1, 0);
    EXPECT_EQ(mix64(1), 0x910a2dec89025cc1ULL);
    EXPECT_EQ(luck.block(Purpose::life_event, 1, Month::of(2017, 7)),
              by_the_library({1, 0, 1410U | (1U << 16), 0}, 0x89025cc1U, 0x910a2decU));
}

TEST(Luck, WideEqualsSingle) {
    const Luck luck(7, 2);
    const Month month = Month::of(2030, 11);
    for (std::size_t count = 0; count <= 40; ++count) {
        std::vector<std::uint64_t> keys(count);
        for (std::size_t i = 0; i < count; ++i) keys[i] = mix64(1000 * count + i);
        std::vector<std::uint32_t> words[4];
        for (auto& word : words) word.assign(count + 1, 0xdeadbeefU);
        luck.blocks(Purpose::life_event, keys.data(), count, month, words[0].data(), words[1].data(), words[2].data(), words[3].data());
        for (std::size_t i = 0; i < count; ++i) {
            const Word4 expected = luck.block(Purpose::life_event, keys[i], month);
            for (std::size_t w = 0; w < 4; ++w) ASSERT_EQ(words[w][i], expected[w]) << count << " " << i << " " << w;
        }
        for (const auto& word : words) ASSERT_EQ(word[count], 0xdeadbeefU) << "wrote past the end at " << count;
    }
}

TEST(Luck, HitsAreWhoPassesATest) {
    const Luck luck(5, 1);
    const Month month = Month::of(2024, 3);
    WordTests tests;
    tests.bound = {threshold(0.02), threshold(0.05), 0, threshold(0.01)};
    tests.both_ends(2, threshold(0.03), threshold(0.04));
    Hits hits;
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{129}, Hits::most}) {
        std::vector<std::uint64_t> keys(count);
        for (std::size_t i = 0; i < count; ++i) keys[i] = mix64(77 * count + i);
        luck.hits(Purpose::life_event, keys.data(), count, month, tests, hits);
        std::size_t found = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const Word4 w = luck.block(Purpose::life_event, keys[i], month);
            const bool both = w[2] < threshold(0.03) || ~w[2] < threshold(0.04);
            if (!(w[0] < tests.bound[0] || w[1] < tests.bound[1] || both || w[3] < tests.bound[3])) continue;
            ASSERT_LT(found, hits.count);
            ASSERT_EQ(hits.at[found], i);
            for (std::size_t word = 0; word < 4; ++word) ASSERT_EQ(hits.words[word][found], w[word]);
            ++found;
        }
        EXPECT_EQ(found, hits.count);
    }
    EXPECT_GT(hits.count, 90U);
}

TEST(Luck, EveryPartOfTheKeyCounts) {
    const Month month = Month::of(2020, 1);
    const Word4 base = Luck(1, 0).block(Purpose::test, 5, month, 0);
    EXPECT_NE(base, Luck(2, 0).block(Purpose::test, 5, month, 0));
    EXPECT_NE(base, Luck(1, 1).block(Purpose::test, 5, month, 0));
    EXPECT_NE(base, Luck(1, 0).block(Purpose::vote, 5, month, 0));
    EXPECT_NE(base, Luck(1, 0).block(Purpose::test, 6, month, 0));
    EXPECT_NE(base, Luck(1, 0).block(Purpose::test, 5, month + 1, 0));
    EXPECT_NE(base, Luck(1, 0).block(Purpose::test, 5, month, 1));
    EXPECT_EQ(base, Luck(1, 0).block(Purpose::test, 5, month, 0));
}

TEST(Luck, WordsAreEven) {
    // chi-squared of 64 000 words over 16 classes: 15 degrees of freedom, 0.001 quantile at 37.7
    const Luck luck(11, 0);
    std::vector<int> classes(16);
    for (std::uint64_t i = 0; i < 64'000; ++i) ++classes[luck.word(Purpose::test, i, Month::of(2020, 1)) >> 28];
    double chi = 0;
    for (const int n : classes) chi += (n - 4000.0) * (n - 4000.0) / 4000.0;
    EXPECT_LT(chi, 37.7);
    EXPECT_GT(chi, 3.0) << "too even to be chance";
}

TEST(Threshold, ClampsAndScales) {
    EXPECT_EQ(threshold(0.0), 0U);
    EXPECT_EQ(threshold(-1.0), 0U);
    EXPECT_EQ(threshold(std::numeric_limits<double>::quiet_NaN()), 0U);
    EXPECT_EQ(threshold(0.5), 0x80000000U);
    EXPECT_EQ(threshold(0.25), 0x40000000U);
    EXPECT_EQ(threshold(1.0), 0xffffffffU);
    EXPECT_EQ(threshold(2.0), 0xffffffffU);
    rc::check([](std::uint32_t a, std::uint32_t b) {
        const double low = std::min(a, b) / 4294967296.0;
        const double high = std::max(a, b) / 4294967296.0;
        RC_ASSERT(threshold(low) <= threshold(high));
        RC_ASSERT(threshold(low) == std::min(a, b));
    });
}

TEST(Threshold, EventsComeAsOftenAsTheirProbability) {
    const Luck luck(3, 0);
    const double p = 0.03;
    const std::uint32_t limit = threshold(p);
    const int n = 200'000;
    int events = 0;
    for (int i = 0; i < n; ++i) events += luck.word(Purpose::test, static_cast<std::uint64_t>(i), Month::of(2021, 5)) < limit;
    EXPECT_NEAR(events, n * p, 4.0 * std::sqrt(n * p * (1 - p)));
}

TEST(Luck, BelowStaysBelowAndReachesAll) {
    EXPECT_EQ(Luck::below(0, 7), 0U);
    EXPECT_EQ(Luck::below(0xffffffffU, 7), 6U);
    rc::check([](std::uint32_t word, std::uint32_t n) { RC_ASSERT(n == 0 || Luck::below(word, n) < n); });
}

TEST(Luck, UnitOpenIsOpen) {
    EXPECT_GT(unit_open(0), 0.0);
    EXPECT_LT(unit_open(0xffffffffU), 1.0);
}

TEST(Luck, KeysDependOnOrder) {
    std::set<std::uint64_t> keys;
    for (std::uint64_t a = 0; a < 20; ++a) {
        for (std::uint64_t b = 0; b < 20; ++b) {
            for (std::uint64_t c = 0; c < 20; ++c) keys.insert(luck_key(a, b, c));
        }
    }
    EXPECT_EQ(keys.size(), 8000U);
}

}  // namespace
}  // namespace hutong
