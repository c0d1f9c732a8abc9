#include "sim/hindcast.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

HindcastSpace space(std::uint8_t known, std::uint8_t chosen, bool empty = true, int known_opening = 0, int opened = 0) {
    HindcastSpace one;
    one.known = known;
    one.chosen = chosen;
    one.empty = empty;
    one.known_opening = Month{known_opening};
    one.opened = Month{opened};
    return one;
}

/// Uses 1 and 2 are of one direction.
Hindcast held(std::vector<HindcastSpace> rows) { return hold_against_history(rows, {0, 1, 1, 2, 3}, Month::of(2025, 10)); }

TEST(Hindcast, CountsWhatTheRulesChoseAmongWhatIsKnown) {
    const Hindcast h = held({space(1, 1), space(1, 2), space(3, no_use), space(4, no_use, false), space(no_use, 2)});
    EXPECT_EQ(h.known, 3);  // the occupied one has nothing to be chosen yet
    EXPECT_EQ(h.chosen, 2);
    EXPECT_EQ(h.same_use, 1);
    EXPECT_EQ(h.same_direction, 2);
    EXPECT_DOUBLE_EQ(h.by_chance, 2.0 / 3.0);  // use 1 is one of the three chosen anywhere
    HindcastSpace fixed = space(1, 1);
    fixed.fixed = true;
    EXPECT_EQ(held({fixed}).known, 0);
}

TEST(Hindcast, HoldsOpeningsAgainstKnownMonths) {
    const int known = Month::of(2020, 1).index;
    const Hindcast h = held({space(1, 1, true, known, known + 12), space(1, 1, true, known, known - 14), space(1, 1, true, known, 0),
                             space(1, 1, true, Month::of(2026, 1).index, known)});
    EXPECT_EQ(h.dated, 3);  // what opened after the last month cannot be held against the run
    EXPECT_EQ(h.opened, 2);
    EXPECT_EQ(h.within_a_year, 1);
    EXPECT_DOUBLE_EQ(h.mean_months, -1);
    EXPECT_DOUBLE_EQ(h.mean_absolute_months, 13);
}

}  // namespace
}  // namespace hutong
