#include "core/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace hutong {
namespace {

TEST(Hash, IsFixed) {
    std::string bytes;
    for (int i = 0; i < 100; ++i) bytes.push_back(static_cast<char>(i));
    EXPECT_EQ(hex(hash_buffer(bytes.data(), bytes.size(), 0)), "e59d5bc7421ea8b2");
    EXPECT_EQ(hex(Hash().text("hutong").number(7).column(std::vector<float>{1, 2, 3}).value()), "d6cb365a9b85e9fb");
}

TEST(Hash, EveryBitCounts) {
    rc::check([](std::vector<std::uint8_t> bytes) {
        RC_PRE(!bytes.empty());
        const std::uint64_t before = hash_buffer(bytes.data(), bytes.size(), 1);
        RC_ASSERT(before == hash_buffer(bytes.data(), bytes.size(), 1));
        const std::size_t bit = *rc::gen::inRange<std::size_t>(0, bytes.size() * 8);
        bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        RC_ASSERT(before != hash_buffer(bytes.data(), bytes.size(), 1));
    });
}

TEST(Hash, LengthsFrom0To100AreToldApart) {
    const std::string zeros(100, '\0');
    std::set<std::uint64_t> values;
    for (std::size_t size = 0; size <= zeros.size(); ++size) values.insert(hash_buffer(zeros.data(), size, 0));
    EXPECT_EQ(values.size(), 101U);
}

TEST(Hash, OrderAndBordersCount) {
    EXPECT_NE(Hash().number(1).number(2).value(), Hash().number(2).number(1).value());
    EXPECT_NE(Hash().text("ab").text("c").value(), Hash().text("a").text("bc").value());
    EXPECT_NE(Hash().column(std::vector<int>{}).number(0).value(), Hash().number(0).value());
    EXPECT_EQ(Hash().text("x").value(), Hash().text("x").value());
}

TEST(Hash, Hex) {
    EXPECT_EQ(hex(0), "0000000000000000");
    EXPECT_EQ(hex(0x0123456789abcdefULL), "0123456789abcdef");
    EXPECT_EQ(hex(~0ULL), "ffffffffffffffff");
}

}  // namespace
}  // namespace hutong
