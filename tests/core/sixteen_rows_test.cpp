#include "core/sixteen_rows.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "core/draw.h"

namespace hutong {
namespace {

using namespace sixteen_rows;

std::uint32_t noise(std::uint32_t i, std::uint32_t below) { return Luck::below(static_cast<std::uint32_t>(mix64(i)), below); }

TEST(SixteenRows, CompareAsOneByOne) {
    for (std::uint32_t trial = 0; trial < 200; ++trial) {
        std::array<std::uint8_t, 16> a8, b8;
        std::array<std::uint16_t, 16> a16, b16;
        std::array<std::uint32_t, 16> a32, b32;
        const std::uint32_t wanted = ~0U - trial % 3;
        std::uint32_t equal_8 = 0, equal_16 = 0, equal_32 = 0, equal_to_wanted = 0, all = 0;
        for (std::uint32_t i = 0; i < 16; ++i) {
            const std::uint32_t row = trial * 16 + i;
            a8[i] = static_cast<std::uint8_t>(200 + noise(row, 3));
            b8[i] = static_cast<std::uint8_t>(200 + noise(row + 100000, 3));
            a16[i] = static_cast<std::uint16_t>(65533 + noise(row, 3));
            b16[i] = static_cast<std::uint16_t>(65533 + noise(row + 100000, 3));
            a32[i] = ~0U - noise(row, 3);
            b32[i] = ~0U - noise(row + 100000, 3);
            equal_8 |= static_cast<std::uint32_t>(a8[i] == b8[i]) << i;
            equal_16 |= static_cast<std::uint32_t>(a16[i] == b16[i]) << i;
            equal_32 |= static_cast<std::uint32_t>(a32[i] == b32[i]) << i;
            equal_to_wanted |= static_cast<std::uint32_t>(a32[i] == wanted) << i;
            all += a8[i];
        }
        EXPECT_EQ(bits(equal(a8.data(), b8.data())), equal_8);
        EXPECT_EQ(bits(equal(a16.data(), b16.data())), equal_16);
        EXPECT_EQ(bits(equal(a32.data(), b32.data())), equal_32);
        EXPECT_EQ(bits(equal_to(a32.data(), wanted)), equal_to_wanted);
        EXPECT_EQ(sum(load(a8.data())), all);
    }
}

TEST(SixteenRows, EveryEqualRowIsFoundOnceAndInOrder) {
    std::vector<std::uint8_t> column(1000);
    for (std::uint32_t i = 0; i < column.size(); ++i) column[i] = static_cast<std::uint8_t>(noise(i, 9));
    for (const std::size_t begin : {0U, 3U, 990U}) {
        for (const std::size_t end : {begin, std::size_t{995}, column.size()}) {
            std::vector<std::size_t> found, expected;
            for_each_equal(column.data(), begin, end, 8, [&](std::size_t row) { found.push_back(row); });
            for (std::size_t row = begin; row < end; ++row) {
                if (column[row] == 8) expected.push_back(row);
            }
            EXPECT_EQ(found, expected);
        }
    }
}

}  // namespace
}  // namespace hutong
