// The interface with injected input and no display: what is clicked is what is asked for.
#include "viz/ui.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <imgui.h>

#include "tests/viz/hand_made_run.h"
#include "viz/map_frame.h"
#include "viz/theme.h"

namespace hutong {
namespace {

/// ImGui without a window: a font, a size, and a mouse that goes where the test says.
class Screen {
public:
    Screen() {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1600, 1000};
        io.DeltaTime = 1.0F / 60;
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
        use_theme(Theme::light, 1);
    }
    ~Screen() { ImGui::DestroyContext(); }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    Commands frame(const ViewModel& view) {
        ImGui::NewFrame();
        Commands out = ui(view);
        ImGui::Render();
        return out;
    }
    Commands click(const ViewModel& view, ImVec2 at) {
        ImGuiIO& io = ImGui::GetIO();
        io.MousePos = at;
        Commands all;
        for (const bool down : {false, false, true, true, false, false}) {
            io.MouseDown[0] = down;
            const Commands some = frame(view);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    /// Clicks all over a box until a command of this kind comes out.
    template <class Wanted>
    bool click_until(const ViewModel& view, const Box& box, float step_x, float step_y) {
        for (float y = box.y + step_y / 2; y < box.y + box.height; y += step_y) {
            for (float x = box.x + step_x / 2; x < box.x + box.width; x += step_x) {
                for (const Command& command : click(view, {x, y})) {
                    if (std::holds_alternative<Wanted>(command)) return true;
                }
            }
        }
        return false;
    }
};

template <class Wanted>
const Wanted* find(const Commands& commands) {
    for (const Command& command : commands) {
        if (const auto* hit = std::get_if<Wanted>(&command)) return hit;
    }
    return nullptr;
}

class Ui : public ::testing::Test {
protected:
    testing::HandMadeRun run_, other_{50};
    ViewState state_;
    Text text_{Language::english};
    Screen screen_;
    ViewModel model() {
        ViewModel view{state_, text_, run_};
        view.pictures.texture = 1;
        return view;
    }
};

TEST_F(Ui, NothingHappensWhileNobodyDoesAnything) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(screen_.frame(model()).empty());
}

TEST_F(Ui, EveryTabInBothLanguagesAndArrangementsIsBuilt) {
    for (const Language language : {Language::english, Language::chinese}) {
        state_.language = language;
        text_ = Text(language);
        for (int tab = 0; tab < tabs; ++tab) {
            state_.tab = static_cast<Tab>(tab);
            for (const Arrangement arrangement : {Arrangement::single, Arrangement::side_by_side, Arrangement::swipe}) {
                state_.arrangement = arrangement;
                for (const bool selected : {false, true}) {
                    state_.block = selected ? std::optional<std::size_t>(1) : std::nullopt;
                    state_.space = selected ? std::optional<std::size_t>(1) : std::nullopt;
                    ViewModel view = model();
                    view.base = &other_;
                    view.pictures.base_texture = 2;
                    for (int i = 0; i < 2; ++i) screen_.frame(view);
                    EXPECT_GT(ImGui::GetDrawData()->TotalVtxCount, 500);
                }
            }
        }
    }
}

TEST_F(Ui, AClickOnTheMapSelectsTheBlockUnderIt) {
    state_.spaces = false;
    const Box map = layout_of(model()).map;
    const Commands left = screen_.click(model(), {map.x + map.width * 0.3F, map.y + map.height / 2});
    ASSERT_NE(find<SelectBlock>(left), nullptr);
    EXPECT_EQ(find<SelectBlock>(left)->block, std::optional<std::size_t>(0));
    const Commands right = screen_.click(model(), {map.x + map.width * 0.7F, map.y + map.height / 2});
    ASSERT_NE(find<SelectBlock>(right), nullptr);
    EXPECT_EQ(find<SelectBlock>(right)->block, std::optional<std::size_t>(1));
}

TEST_F(Ui, AClickOnASpaceOpensItsPlace) {
    const Box map = layout_of(model()).map;
    state_.row = 24;
    const MapFrame frame(bounds_of(run_.frame().blocks), state_.camera, map.width, map.height);
    const Pixel at = frame.pixel({1500, 500});
    const Commands out = screen_.click(model(), {map.x + at.x, map.y + at.y});
    ASSERT_NE(find<SelectSpace>(out), nullptr);
    EXPECT_EQ(find<SelectSpace>(out)->space, std::optional<std::size_t>(1));
    ASSERT_NE(find<SetTab>(out), nullptr);
    EXPECT_EQ(find<SetTab>(out)->tab, Tab::place);
}

TEST_F(Ui, TheWheelZoomsAboutThePointer) {
    const Box map = layout_of(model()).map;
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {map.x + map.width * 0.25F, map.y + map.height * 0.4F};
    screen_.frame(model());
    io.MouseWheel = 1;
    const Commands out = screen_.frame(model());
    ASSERT_NE(find<SetCamera>(out), nullptr);
    const Camera after = find<SetCamera>(out)->camera;
    const MapFrame then(bounds_of(run_.frame().blocks), state_.camera, map.width, map.height),
        now(bounds_of(run_.frame().blocks), after, map.width, map.height);
    const Pixel still{map.width * 0.25F, map.height * 0.4F};
    EXPECT_NEAR(then.point(still).x_m, now.point(still).x_m, 0.5);
    EXPECT_GT(after.zoom, state_.camera.zoom);
}

TEST_F(Ui, TheTimeSliderJumpsToAMonth) {
    const Box time = layout_of(model()).time;
    const Commands out = screen_.click(model(), {time.width - 40, time.y + 20});
    ASSERT_NE(find<SetRow>(out), nullptr);
    EXPECT_EQ(find<SetRow>(out)->row, 24U);
}

TEST_F(Ui, AClickOnAChartJumpsToAMonth) {
    const Box tab = layout_of(model()).tabs;
    EXPECT_TRUE(screen_.click_until<SetRow>(model(), tab, tab.width, 60));
}

TEST_F(Ui, LayersTabsAndLanguageCanBeClicked) {
    const Layout layout = layout_of(model());
    EXPECT_TRUE(screen_.click_until<SetLayer>(model(), layout.layers, layout.layers.width, 18));
    EXPECT_TRUE(screen_.click_until<SetTab>(model(), {layout.tabs.x, layout.tabs.y, layout.tabs.width, 40}, 30, 20));
    EXPECT_TRUE(screen_.click_until<SetLanguage>(model(), layout.top, 30, layout.top.height));
}

TEST_F(Ui, KeysAskForWhatTheHelpSays) {
    const ViewModel view = model();
    EXPECT_TRUE(find<Play>(commands_of({.key = Key::space}, view))->on);
    EXPECT_EQ(find<StepRow>(commands_of({.key = Key::right}, view))->months, 1);
    EXPECT_EQ(find<StepRow>(commands_of({.key = Key::left, .shift = true}, view))->months, -12);
    EXPECT_EQ(find<SetRow>(commands_of({.key = Key::end}, view))->row, 24U);
    EXPECT_EQ(find<SetLayer>(commands_of({.key = Key::digit, .digit = 2}, view))->name, "coverage");
    EXPECT_TRUE(commands_of({.key = Key::digit, .digit = 9}, view).empty());
    EXPECT_NE(find<Undo>(commands_of({.key = Key::z, .control = true}, view)), nullptr);
    EXPECT_NE(find<Redo>(commands_of({.key = Key::z, .control = true, .shift = true}, view)), nullptr);
    EXPECT_NE(find<SaveScenario>(commands_of({.key = Key::s, .control = true}, view)), nullptr);
    EXPECT_NE(find<SavePicture>(commands_of({.key = Key::p, .control = true}, view)), nullptr);
    EXPECT_EQ(find<SetTab>(commands_of({.key = Key::tab}, view))->tab, Tab::place);
    EXPECT_EQ(find<Toggle>(commands_of({.key = Key::f1}, view))->which, Switch::help);
    EXPECT_EQ(find<SetLanguage>(commands_of({.key = Key::l}, view))->language, Language::chinese);
    state_.message = "said";
    EXPECT_NE(find<DismissMessage>(commands_of({.key = Key::escape}, view)), nullptr);
}

TEST_F(Ui, PicturesOfMapAndChartsInTheSizeChosenInTheWindow) {
    const Layout layout = layout_of(model());
    bool open = false;
    float x = layout.top.width;
    while (!open && x > 0) {
        x -= 10;
        screen_.click(model(), {x, layout.top.height / 2});
        open = ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
    }
    ASSERT_TRUE(open) << "the button of pictures opens a menu";
    std::optional<PictureSize> size;
    std::vector<Part> parts;
    for (float y = 5; y < 400; y += 6) {
        const ImVec2 place{x + 15, layout.top.height / 2 + y};
        for (const Command& command : screen_.click(model(), place)) {
            if (const auto* c = std::get_if<SetPictureSize>(&command)) size = c->size;
            if (const auto* c = std::get_if<SavePicture>(&command)) parts.push_back(c->part);
        }
        if (!ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel))
            screen_.click(model(), {x, layout.top.height / 2});
    }
    ASSERT_TRUE(size.has_value());
    EXPECT_EQ(*size, (PictureSize{3840, 2160})) << "the last of the list";
    for (const Part part : {Part::window, Part::map, Part::charts}) EXPECT_NE(std::find(parts.begin(), parts.end(), part), parts.end());
    apply(state_, SetPictureSize{*size}, run_);
    EXPECT_EQ(state_.picture, *size);
    // Every chart has a button of its own.
    state_.tab = Tab::charts;
    std::vector<std::size_t> charts;
    for (float y = layout.tabs.y; y < layout.tabs.y + layout.tabs.height; y += 6) {
        for (const Command& command : screen_.click(model(), {layout.tabs.x + 40, y})) {
            if (const auto* c = std::get_if<SavePicture>(&command)) charts.push_back(c->part == Part::chart ? c->chart : 99);
        }
    }
    ASSERT_FALSE(charts.empty());
    EXPECT_EQ(charts.front(), 0U);
    EXPECT_EQ(std::count(charts.begin(), charts.end(), 99U), 0);
}

TEST_F(Ui, HomesAndWorkPlacesAreSwitchedWhereAScenarioIsOpen) {
    const Layout layout = layout_of(model());
    auto switches = [&](const ViewModel& view) {
        std::vector<Switch> found;
        for (float y = layout.layers.y; y < layout.layers.y + 260; y += 8) {
            for (float x = 14; x < layout.layers.width; x += 12) {
                for (const Command& command : screen_.click(view, {x, y})) {
                    if (const auto* c = std::get_if<Toggle>(&command)) found.push_back(c->which);
                }
            }
        }
        return found;
    };
    const auto has = [](const std::vector<Switch>& all, Switch one) { return std::find(all.begin(), all.end(), one) != all.end(); };
    EXPECT_FALSE(has(switches(model()), Switch::homes));
    LiveView live;
    ViewModel view = model();
    view.live = &live;
    const auto found = switches(view);
    EXPECT_TRUE(has(found, Switch::homes));
    EXPECT_TRUE(has(found, Switch::work_places));
    apply(state_, Toggle{Switch::homes}, run_);
    EXPECT_TRUE(state_.homes);
}

TEST_F(Ui, DraggingTheLineSwipesBetweenTheRunAndItsBase) {
    state_.arrangement = Arrangement::swipe;
    ViewModel view = model();
    view.base = &other_;
    view.pictures.base_texture = 2;
    const Box map = layout_of(view).map;
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {map.x + map.width * 0.5F, map.y + map.height / 2};
    screen_.frame(view);
    io.MouseDown[0] = true;
    screen_.frame(view);
    io.MousePos = {map.x + map.width * 0.7F, map.y + map.height / 2};
    const Commands dragged = screen_.frame(view);
    io.MouseDown[0] = false;
    screen_.frame(view);
    ASSERT_NE(find<SetSwipe>(dragged), nullptr);
    EXPECT_NEAR(find<SetSwipe>(dragged)->share, 0.7, 0.01);
    EXPECT_EQ(find<SetCamera>(dragged), nullptr) << "the map stays";
}

TEST_F(Ui, TabPassesOverTheLeversWhereThereAreNone) {
    state_.tab = Tab::board;
    EXPECT_EQ(find<SetTab>(commands_of({.key = Key::tab}, model()))->tab, Tab::table);
    LiveView live;
    ViewModel view = model();
    view.live = &live;
    EXPECT_EQ(find<SetTab>(commands_of({.key = Key::tab}, view))->tab, Tab::levers);
}

}  // namespace
}  // namespace hutong
