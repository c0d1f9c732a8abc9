#include "viz/fonts.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "core/error.h"
#include "scenarios/district_pack.h"
#include "tests/viz/hand_made_run.h"

namespace hutong {
namespace {

struct Context {
    Context() { ImGui::CreateContext(); }
    ~Context() { ImGui::DestroyContext(); }
};

TEST(Fonts, EveryCharacterOfCatalogueAndPackHasItsGlyph) {
    const Context context;
    GlyphSet glyphs;
    glyphs.add(testing::HandMadeRun());
    const District district = read_district(HUTONG_SOURCE_DIR "/scenarios/xicheng");
    for (const Block& b : district.blocks) glyphs.add(b.name_zh);
    for (const Subdistrict& s : district.subdistricts) glyphs.add(s.name_zh);
    for (const Space& s : district.spaces) glyphs.add(s.name_zh);
    for (const Use& u : district.catalogue.uses) glyphs.add(u.name_zh);
    const ImFont* font = load_font(glyphs, 16);
    std::string missing;
    for (const char32_t c : missing_glyphs(*font, glyphs)) missing += " " + std::to_string(static_cast<unsigned>(c));
    EXPECT_EQ(missing, "");
    EXPECT_GT(glyphs.characters().size(), 1000U);
    for (const char32_t c : {U'椿', U'阜', U'胡', U'’', U'²'}) EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(c)), nullptr);
}

TEST(Fonts, TheStockRangesWouldNotDo) {
    const Context context;
    ImFontGlyphRangesBuilder stock;
    stock.AddRanges(ImGui::GetIO().Fonts->GetGlyphRangesChineseSimplifiedCommon());
    EXPECT_FALSE(stock.GetBit(U'椿'));
    EXPECT_FALSE(stock.GetBit(U'阜'));
}

TEST(Fonts, AnUnknownCharacterIsReportedMissing) {
    const Context context;
    GlyphSet glyphs;
    glyphs.add("\xEE\x80\x80");  // U+E000, private use
    const ImFont* font = load_font(glyphs, 16);
    EXPECT_EQ(missing_glyphs(*font, glyphs), std::vector<char32_t>{0xE000});
}

TEST(Fonts, NewCharactersAreNoticedAndBrokenBytesPassedOver) {
    GlyphSet glyphs;
    EXPECT_TRUE(glyphs.add("\xE9\xBE\x98"));  // a rare one
    EXPECT_FALSE(glyphs.add("\xE9\xBE\x98"));
    EXPECT_FALSE(glyphs.add("\xFF\xE9\x80"));
}

TEST(Fonts, AFontThatIsNotThereIsSaidWithWhatToDo) {
    const Context context;
    setenv("HUTONG_FONT", "/no/such/font.ttc", 1);
    try {
        load_font(GlyphSet(), 16);
        ADD_FAILURE() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::missing_file);
        EXPECT_NE(std::string(error.what()).find("HUTONG_FONT"), std::string::npos);
    }
    unsetenv("HUTONG_FONT");
}

}  // namespace
}  // namespace hutong
