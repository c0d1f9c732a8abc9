#include "core/shared_column.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(SharedColumn, CopiesShareUntilOneChanges) {
    SharedColumn<std::uint16_t> first;
    EXPECT_TRUE(first.empty());
    EXPECT_TRUE(first.values().empty());
    first.assign(3, 7);
    EXPECT_FALSE(first.shared());
    const SharedColumn<std::uint16_t> second = first;
    EXPECT_EQ(second.data(), first.data());
    EXPECT_TRUE(first.shared());

    first.change()[1] = 9;
    EXPECT_NE(second.data(), first.data());
    EXPECT_EQ(first.values(), (std::vector<std::uint16_t>{7, 9, 7}));
    EXPECT_EQ(second.values(), (std::vector<std::uint16_t>{7, 7, 7}));
    EXPECT_FALSE(first.shared());

    const std::uint16_t* own = first.data();
    first.change()[0] = 1;  // nobody else has it any more
    EXPECT_EQ(first.data(), own);
}

TEST(SharedColumn, GrowsApart) {
    SharedColumn<std::uint32_t> first;
    first.resize(2);
    SharedColumn<std::uint32_t> second = first;
    second.emplace_back();
    EXPECT_EQ(first.size(), 2U);
    EXPECT_EQ(second.size(), 3U);
    EXPECT_EQ(second[2], 0U);
}

}  // namespace
}  // namespace hutong
