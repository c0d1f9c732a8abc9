#include "viz/settings.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(Settings, ComeBackAsTheyWere) {
    Settings s;
    s.width = 1234;
    s.view.theme = Theme::dark;
    s.view.font_size = 20;
    s.view.layer = "coverage";
    s.view.tab = Tab::board;
    s.view.names = false;
    s.view.categories = true;
    const Settings back = read_settings(settings_text(s), {});
    EXPECT_EQ(settings_text(back), settings_text(s));
    EXPECT_EQ(back.width, 1234U);
    EXPECT_EQ(back.view.tab, Tab::board);
    EXPECT_FALSE(back.view.names);
    EXPECT_TRUE(back.view.categories);
}

TEST(Settings, NonsenseIsPassedOver) {
    const Settings s = read_settings("width = -5\nheight = 99999999\nfont_size = nan\ntab = 77\nspeed = 1e9\nunknown = 1\n=\n\xff\n", {});
    EXPECT_EQ(settings_text(s), settings_text(Settings{}));
}

}  // namespace
}  // namespace hutong
