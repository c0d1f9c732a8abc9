#include "sim/hindcast.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

struct Row {
    std::uint8_t known, chosen;
    SpaceStage stage;
    int known_opening = 0, opened = 0;
};

Hindcast held(const std::vector<Row>& rows, Month last = Month::of(2025, 10)) {
    District district;
    SpacesState spaces;
    for (const Row& row : rows) {
        Space space;
        if (row.known != no_use) space.known_use = UseId(row.known);
        space.known_opening.index = static_cast<std::int16_t>(row.known_opening);
        district.spaces.push_back(space);
        spaces.stage.push_back(row.stage);
        spaces.use.push_back(row.chosen);
        spaces.opened.push_back(static_cast<std::int16_t>(row.opened));
    }
    return hold_against_history(district, spaces, last);
}

TEST(Hindcast, CountsWhatTheRulesChoseAmongWhatIsKnown) {
    const Hindcast h = held({{1, 1, SpaceStage::open},
                             {1, 2, SpaceStage::works},
                             {3, no_use, SpaceStage::vacant},
                             {4, 4, SpaceStage::occupied},
                             {no_use, 2, SpaceStage::open}});
    EXPECT_EQ(h.known, 3);  // the occupied one has nothing to be chosen yet
    EXPECT_EQ(h.chosen, 2);
    EXPECT_EQ(h.same_use, 1);
    EXPECT_DOUBLE_EQ(h.by_chance, 2.0 / 3.0);  // use 1 is one of the three chosen anywhere
}

TEST(Hindcast, HoldsOpeningsAgainstKnownMonths) {
    const int known = Month::of(2020, 1).index;
    const Hindcast h = held({{1, 1, SpaceStage::open, known, known + 12},
                             {1, 1, SpaceStage::open, known, known + 13},
                             {1, 1, SpaceStage::works, known, 0},
                             {1, 1, SpaceStage::open, Month::of(2026, 1).index, known}});
    EXPECT_EQ(h.dated, 3);  // what opened after the last month cannot be held against the run
    EXPECT_EQ(h.opened, 2);
    EXPECT_EQ(h.within_a_year, 1);
}

}  // namespace
}  // namespace hutong
