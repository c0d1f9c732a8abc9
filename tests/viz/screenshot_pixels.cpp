// Pictures of the viewer in a virtual display: regions and colours of every arrangement, both languages and themes.
#include "viz/screenshot.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>
#include <SFML/Graphics/Image.hpp>
#include <SFML/Graphics/RenderTexture.hpp>

#include "core/error.h"
#include "tests/analysis/report_results.h"
#include "tests/viz/hand_made_run.h"
#include "viz/display.h"
#include "viz/map_frame.h"
#include "viz/renderer.h"
#include "viz/theme.h"
#include "viz/ui.h"

namespace hutong {
namespace {

constexpr unsigned width = 1200, height = 800;

class Pixels : public ::testing::Test {
protected:
    testing::HandMadeRun run_, base_{700};
    ViewState state_;

    sf::Image shot(const Dataset* base = nullptr, bool map_only = true) {
        const std::string file = ::testing::TempDir() + "/hutong_pixels.png";
        take_screenshot({file, width, height, map_only ? Part::map : Part::window}, state_, run_, base);
        sf::Image image;
        EXPECT_TRUE(image.loadFromFile(file));
        std::filesystem::remove(file);
        return image;
    }
    static bool near(sf::Color a, Colour b) {
        return std::abs(a.r - b.red) <= 3 && std::abs(a.g - b.green) <= 3 && std::abs(a.b - b.blue) <= 3;
    }
    /// The colour that a block of the run must have.
    Colour expected(const Dataset& run, std::size_t area, const Dataset* base = nullptr) {
        const Text text(Language::english);
        const ViewModel view{state_, text, run_, base};
        const LayerValues layer = layer_values(view, run);
        return class_colour(class_of(layer.values[area], layer.edges), layer.edges.size() - 1, layer.diverging);
    }
    /// A pixel inside a block, away from names and spaces.
    sf::Color at_block(const sf::Image& image, std::size_t block, float picture_width = width, float left = 0) {
        const MapFrame frame(bounds_of(run_.frame().blocks), state_.camera, picture_width, height);
        const Pixel p = frame.pixel({1000.0 * static_cast<double>(block) + 300, 150});
        return image.getPixel(static_cast<unsigned>(p.x + left), static_cast<unsigned>(p.y));
    }
};

TEST_F(Pixels, BlocksHaveTheColourOfTheirClassInEveryLayerAndMonth) {
    for (const char* layer : {"population", "coverage"}) {
        for (const Shown shown : {Shown::value, Shown::change}) {
            for (const std::size_t row : {std::size_t{0}, std::size_t{24}}) {
                state_.layer = layer;
                state_.shown = shown;
                state_.row = row;
                const sf::Image image = shot();
                for (const std::size_t block : {0, 1})
                    EXPECT_TRUE(near(at_block(image, block), expected(run_, block))) << layer << row << block;
            }
        }
    }
}

/// Every indicator of a run of the tiny town, in both languages: the blocks have the colours of their classes.
TEST_F(Pixels, EveryLayerOfARunIsDrawnInBothLanguages) {
    const TinyResults results(14, 2, "pixels");
    const ResultsDataset run(results.path());
    constexpr unsigned wide = 640, high = 480, step = 5, beside_the_legend = 330;  // small: there are many
    const DisplayConnection display;
    sf::RenderTexture target;
    ASSERT_TRUE(target.create(wide, high));
    Renderer renderer;
    state_.spaces = state_.names = false;
    std::size_t layers = 0;
    for (const Language language : {Language::english, Language::chinese}) {
        state_.language = language;
        const Text text(language);
        for (const IndicatorInfo& one : run.frame().indicators) {
            state_.level = Level::block;
            apply(state_, SetLayer{one.name}, run);
            apply(state_, SetRow{14}, run);
            const ViewModel view{state_, text, run};
            renderer.draw(target, view, 1.0F / 60, Part::map);
            target.display();
            const sf::Image image = target.getTexture().copyToImage();
            const LayerValues layer = layer_values(view, run);
            ASSERT_FALSE(layer.title.empty()) << one.name;
            const MapFrame frame(bounds_of(run.frame().blocks), state_.camera, wide, high);
            std::size_t looked = 0, right = 0;
            for (unsigned y = step; y < high; y += step) {
                for (unsigned x = beside_the_legend; x < wide; x += step) {
                    const auto block = block_at(run.frame().blocks, frame.point({static_cast<float>(x), static_cast<float>(y)}));
                    if (!block) continue;
                    const std::size_t area = state_.level == Level::block         ? *block
                                             : state_.level == Level::subdistrict ? run.frame().blocks[*block].subdistrict
                                                                                  : 0;
                    const double v = layer.values[area];
                    const Colour wanted = std::isfinite(v) && layer.edges.size() > 1
                                              ? class_colour(class_of(v, layer.edges), layer.edges.size() - 1, layer.diverging)
                                              : palette(state_.theme).no_value;
                    ++looked;
                    right += near(image.getPixel(x, y), wanted);
                }
            }
            ASSERT_GT(looked, 100U);
            EXPECT_GT(right, looked * 9 / 10) << one.name << ": " << right << " of " << looked;  // borders and streets cross the rest
            ++layers;
        }
    }
    EXPECT_GT(layers, 200U);
}

/// The map is drawn anew when month, layer, camera or data change, and for nothing else.
TEST_F(Pixels, TheMapIsDrawnAnewOnlyWhenWhatItShowsHasChanged) {
    const DisplayConnection display;
    sf::RenderTexture target;
    ASSERT_TRUE(target.create(width, height));
    Renderer renderer;
    const Text text(Language::english);
    auto redrawn = [&] {
        renderer.draw(target, {state_, text, run_}, 1.0F / 60);
        return renderer.map_redrawn();
    };
    EXPECT_TRUE(redrawn());
    for (int frame = 0; frame < 5; ++frame) EXPECT_FALSE(redrawn()) << "nothing has changed";
    state_.tab = Tab::table;
    state_.filter = "pop";
    state_.message = "said";
    state_.playing = true;
    state_.language = Language::chinese;
    state_.names = false;
    EXPECT_FALSE(redrawn()) << "what lies beside and over the map is no reason";
    const std::vector<std::pair<const char*, std::function<void()>>> reasons{{"month", [&] { state_.row = 3; }},
                                                                             {"layer", [&] { state_.layer = "coverage"; }},
                                                                             {"value or change", [&] { state_.shown = Shown::change; }},
                                                                             {"camera", [&] { state_.camera.zoom = 2; }},
                                                                             {"theme", [&] { state_.theme = Theme::dark; }},
                                                                             {"homes", [&] { state_.homes = true; }},
                                                                             {"selection", [&] { state_.block = 1; }},
                                                                             {"data", [&] { run_.change(); }}};
    for (const auto& [what, change] : reasons) {
        change();
        EXPECT_TRUE(redrawn()) << what;
        EXPECT_FALSE(redrawn()) << what << ", once only";
    }
}

TEST_F(Pixels, HomesAndWorkPlacesAreDrawnAsPointsBesideTheirNodes) {
    state_.spaces = state_.names = false;
    state_.camera = MapFrame::at({1200, 800}, 1.2);
    const MapFrame frame(bounds_of(run_.frame().blocks), state_.camera, width, height);
    auto at = [&](const sf::Image& image, const Point& p) {
        const Pixel q = frame.pixel(p);
        return image.getPixel(static_cast<unsigned>(q.x), static_cast<unsigned>(q.y));
    };
    const sf::Image without = shot();
    EXPECT_FALSE(near(at(without, {700, 800}), home_colour()));
    state_.homes = true;
    const sf::Image homes = shot();
    EXPECT_TRUE(near(at(homes, {700, 800}), home_colour()));
    EXPECT_EQ(at(homes, {1700, 800}), at(without, {1700, 800})) << "nobody lives there";
    state_.homes = false;
    state_.work_places = true;
    const sf::Image work = shot();
    EXPECT_EQ(at(work, {700, 800}), at(without, {700, 800})) << "nobody works there";
    std::size_t coloured = 0;
    const Pixel node = frame.pixel({1700, 800});
    for (int dy = -12; dy <= 12; ++dy) {
        for (int dx = -12; dx <= 12; ++dx)
            coloured += near(work.getPixel(static_cast<unsigned>(node.x) + dx, static_cast<unsigned>(node.y) + dy), work_colour());
    }
    EXPECT_GT(coloured, 6U);
    // A month later one more lives there.
    state_.work_places = false;
    state_.homes = true;
    state_.row = 24;
    const sf::Image later = shot();
    EXPECT_NE(std::memcmp(homes.getPixelsPtr(), later.getPixelsPtr(), std::size_t{4} * width * height), 0);
}

TEST_F(Pixels, ChartsAloneHaveTheSizeAskedForAndShowThePreviousValuesHatched) {
    const testing::HandMadeRun before(40);
    auto picture = [&](Part part, std::size_t chart, const Dataset* previous) {
        const std::string file = ::testing::TempDir() + "/hutong_charts.png";
        take_screenshot({file, 900, 700, part, chart}, state_, run_, nullptr, nullptr, previous);
        sf::Image image;
        EXPECT_TRUE(image.loadFromFile(file));
        std::filesystem::remove(file);
        return image;
    };
    auto different = [](const sf::Image& a, const sf::Image& b) {
        std::size_t count = 0;
        for (unsigned y = 0; y < 700; ++y) {
            for (unsigned x = 0; x < 900; ++x) count += a.getPixel(x, y) != b.getPixel(x, y);
        }
        return count;
    };
    const sf::Image all = picture(Part::charts, 0, nullptr), one = picture(Part::chart, 0, nullptr),
                    hatched = picture(Part::chart, 0, &before);
    EXPECT_EQ(all.getSize(), sf::Vector2u(900, 700));
    EXPECT_GT(different(all, one), 5000U);
    EXPECT_GT(different(one, hatched), 1000U) << "the values before the change";
    EXPECT_LT(different(one, picture(Part::chart, 0, &run_)), different(one, hatched)) << "hatched only where they differ";
}

TEST_F(Pixels, DifferencesShareOneScaleCentredOnZero) {
    state_.shown = Shown::difference;
    const sf::Image image = shot(&base_);
    for (const std::size_t block : {0, 1}) EXPECT_TRUE(near(at_block(image, block), expected(run_, block, &base_)));
}

TEST_F(Pixels, SideBySideShowsTheBaseOnTheLeft) {
    state_.arrangement = Arrangement::side_by_side;
    state_.row = 24;
    const sf::Image image = shot(&base_);
    // Block 2 lies at the right of either map, clear of the legend.
    EXPECT_TRUE(near(at_block(image, 1, width / 2), expected(base_, 1, &base_)));
    EXPECT_TRUE(near(at_block(image, 1, width / 2, width / 2), expected(run_, 1, &base_)));
}

TEST_F(Pixels, DistrictValuesColourEveryBlock) {
    state_.layer = "headroom";
    state_.level = Level::district;
    const sf::Image image = shot();
    EXPECT_EQ(at_block(image, 0).toInteger(), at_block(image, 1).toInteger());
}

TEST_F(Pixels, SpacesAreColouredByStateAndDirectionOrByCategory) {
    state_.names = false;
    state_.row = 24;
    const MapFrame frame(bounds_of(run_.frame().blocks), state_.camera, width, height);
    const auto& now = run_.spaces_in(24);
    auto colours = [&](bool categories) {
        state_.categories = categories;
        const sf::Image image = shot();
        std::size_t drawn = 0;
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (now[i].stage == SpaceStage::occupied) continue;
            ++drawn;
            const SpaceInfo& space = run_.space_log().spaces[i];
            const Pixel at = frame.pixel(space.at);
            const int direction = now[i].use < 2 ? run_.space_log().use_direction[now[i].use] : -1;
            const Colour expected =
                categories ? category_colour(space.category, Theme::light) : space_colour(now[i].stage, direction, Theme::light);
            // The dots are a few pixels wide and their rims soft: the middle is nearly the colour.
            const sf::Color there = image.getPixel(static_cast<unsigned>(at.x), static_cast<unsigned>(at.y));
            EXPECT_LE(std::abs(there.r - expected.red) + std::abs(there.g - expected.green) + std::abs(there.b - expected.blue), 40)
                << space.code;
        }
        EXPECT_EQ(drawn, 2U);
    };
    colours(false);
    colours(true);
}

TEST_F(Pixels, TheSelectionIsOutlined) {
    state_.block = 1;
    state_.names = false;
    const sf::Image image = shot();
    const MapFrame frame(bounds_of(run_.frame().blocks), state_.camera, width, height);
    const Pixel corner = frame.pixel({1700, 0});
    EXPECT_TRUE(near(image.getPixel(static_cast<unsigned>(corner.x), static_cast<unsigned>(corner.y)), palette(Theme::light).selection));
}

TEST_F(Pixels, ThemesAndLanguagesDiffer) {
    const sf::Image light = shot(nullptr, false);
    state_.theme = Theme::dark;
    const sf::Image dark = shot(nullptr, false);
    EXPECT_TRUE(near(light.getPixel(5, height / 2), palette(Theme::light).panel));
    EXPECT_TRUE(near(dark.getPixel(5, height / 2), palette(Theme::dark).panel));
    state_.theme = Theme::light;
    state_.language = Language::chinese;
    const sf::Image chinese = shot(nullptr, false);
    std::size_t different = 0;
    for (unsigned y = 0; y < height; ++y) {
        for (unsigned x = 0; x < width; ++x) different += light.getPixel(x, y) != chinese.getPixel(x, y);
    }
    EXPECT_GT(different, 5000U) << "the panels must be in another language";
}

TEST_F(Pixels, TheSamePictureTwice) {
    const sf::Image a = shot(nullptr, false), b = shot(nullptr, false);
    ASSERT_EQ(a.getSize().x, width);
    EXPECT_EQ(std::memcmp(a.getPixelsPtr(), b.getPixelsPtr(), std::size_t{4} * width * height), 0);
}

TEST_F(Pixels, ARunWithoutSpacesOrBlocksIsDrawn) {
    class Empty : public testing::HandMadeRun {
    public:
        Empty() { frame_.months = {"2017-06"}; }
        const DatasetFrame& frame() const override { return frame_; }
        const SpaceLog& space_log() const override { return log_; }
        std::size_t rows() const override { return 1; }
        double value(std::size_t, Level, std::size_t, std::size_t) const override { return no_value(); }
        std::uint64_t version() const override { return 1; }
        DatasetFrame frame_;
        SpaceLog log_;
    } empty;
    for (int tab = 0; tab < tabs; ++tab) {
        state_.tab = static_cast<Tab>(tab);
        const std::string file = ::testing::TempDir() + "/hutong_empty.png";
        take_screenshot({file, width, height}, state_, empty);
        EXPECT_GT(std::filesystem::file_size(file), 1000U);
        std::filesystem::remove(file);
    }
}

TEST(PixelsErrors, WithoutADisplayTheErrorSaysWhatToDo) {
    const std::string display = std::getenv("DISPLAY") ? std::getenv("DISPLAY") : "";
    unsetenv("DISPLAY");
    const testing::HandMadeRun run;
    const std::string file = ::testing::TempDir() + "/hutong_none.png";
    try {
        take_screenshot({file, width, height}, {}, run);
        ADD_FAILURE() << "no error";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("xvfb-run"), std::string::npos);
    }
    EXPECT_FALSE(std::filesystem::exists(file));
    setenv("DISPLAY", display.c_str(), 1);
}

}  // namespace
}  // namespace hutong
