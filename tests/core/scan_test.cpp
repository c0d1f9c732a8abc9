#include "core/scan.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

namespace hutong {
namespace {

template <class T>
void finds_what_a_loop_finds() {
    EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& drawn, std::uint8_t from) {
        // Few different values, both ends of the range among them.
        std::vector<T> data;
        for (const std::uint8_t v : drawn) data.push_back(v % 3 == 0 ? T{0} : v % 3 == 1 ? static_cast<T>(-1) : static_cast<T>(v));
        const std::size_t begin = data.empty() ? 0 : from % data.size();
        for (const T value : {T{0}, static_cast<T>(-1), static_cast<T>(5)}) {
            std::vector<std::size_t> expected, found;
            for (std::size_t i = begin; i < data.size(); ++i) {
                if (data[i] == value) expected.push_back(i);
            }
            scan_equal(data.data(), begin, data.size(), value, [&](std::size_t i) { found.push_back(i); });
            RC_ASSERT(found == expected);
        }
    }));
}

TEST(Scan, FindsWhatALoopFinds) {
    finds_what_a_loop_finds<std::uint8_t>();
    finds_what_a_loop_finds<std::int16_t>();
    finds_what_a_loop_finds<std::uint32_t>();
}

TEST(Scan, AtMost) {
    EXPECT_TRUE(rc::check([](std::int16_t value) {
        std::vector<std::int16_t> data;
        for (int i = 0; i < 16; ++i) data.push_back(*rc::gen::arbitrary<std::int16_t>());
        data[3] = value;
        unsigned expected = 0;
        for (std::size_t i = 0; i < scan_group; ++i) expected |= static_cast<unsigned>(data[i] <= value) << i;
        RC_ASSERT(at_most_mask(data.data(), value) == expected);
    }));
}

}  // namespace
}  // namespace hutong
