#include "viz/theme.h"

#include <iterator>

namespace hutong {
namespace {

constexpr Palette light{.ground = {250, 250, 248},
                        .panel = {255, 255, 255},
                        .ink = {30, 30, 32},
                        .faint_ink = {105, 105, 110},
                        .grid = {224, 224, 224},
                        .accent = {0, 95, 160},
                        .warning = {170, 50, 0},
                        .no_value = {208, 208, 208},
                        .outline = {255, 255, 255},
                        .border = {34, 34, 34},
                        .street = {120, 120, 120},
                        .selection = {230, 60, 0}};
constexpr Palette dark{.ground = {26, 28, 32},
                       .panel = {36, 39, 44},
                       .ink = {232, 232, 234},
                       .faint_ink = {160, 162, 168},
                       .grid = {66, 70, 78},
                       .accent = {90, 175, 240},
                       .warning = {255, 160, 90},
                       .no_value = {78, 80, 84},
                       .outline = {26, 28, 32},
                       .border = {235, 235, 235},
                       .street = {150, 150, 150},
                       .selection = {255, 140, 60}};

ImVec4 vec(Colour c, float alpha = 1) {
    constexpr float full = 255;
    return {static_cast<float>(c.red) / full, static_cast<float>(c.green) / full, static_cast<float>(c.blue) / full, alpha};
}

}  // namespace

const Palette& palette(Theme theme) { return theme == Theme::dark ? dark : light; }

ImU32 packed(Colour c, std::uint8_t alpha) { return IM_COL32(c.red, c.green, c.blue, alpha); }

void use_theme(Theme theme, float scale) {
    ImGuiStyle style;
    theme == Theme::dark ? ImGui::StyleColorsDark(&style) : ImGui::StyleColorsLight(&style);
    const Palette& p = palette(theme);
    style.Colors[ImGuiCol_WindowBg] = vec(p.panel);
    style.Colors[ImGuiCol_ChildBg] = vec(p.panel);
    style.Colors[ImGuiCol_PopupBg] = vec(p.panel);
    style.Colors[ImGuiCol_Text] = vec(p.ink);
    style.Colors[ImGuiCol_TextDisabled] = vec(p.faint_ink);
    style.Colors[ImGuiCol_Border] = vec(p.grid);
    style.Colors[ImGuiCol_CheckMark] = vec(p.accent);
    style.Colors[ImGuiCol_SliderGrab] = vec(p.accent);
    style.Colors[ImGuiCol_TableHeaderBg] = vec(p.grid);
    const ImVec4 frame = vec(p.grid, theme == Theme::dark ? 0.8F : 0.55F);
    style.Colors[ImGuiCol_FrameBg] = frame;
    style.Colors[ImGuiCol_FrameBgHovered] = vec(p.accent, 0.25F);
    style.Colors[ImGuiCol_FrameBgActive] = vec(p.accent, 0.4F);
    style.WindowRounding = 0;
    style.FrameRounding = 3;
    style.GrabRounding = 3;
    style.WindowBorderSize = 1;
    style.WindowPadding = {10, 8};
    style.FramePadding = {7, 4};
    style.ItemSpacing = {8, 5};
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

Colour class_colour(std::size_t index, std::size_t count, bool diverging) {
    const double share = count > 1 ? static_cast<double>(index) / static_cast<double>(count - 1) : 0.5;
    return diverging ? blue_red(share) : viridis(share);
}

Colour line_colour(std::size_t k, Theme theme) {
    static constexpr Colour lines[] = {{0, 114, 178}, {213, 94, 0},   {0, 158, 115},  {204, 121, 167},
                                       {230, 159, 0}, {86, 180, 233}, {120, 94, 160}, {90, 90, 90}};
    const Colour c = lines[k % std::size(lines)];
    if (theme == Theme::light) return c;
    auto lighter = [](std::uint8_t v) { return static_cast<std::uint8_t>(v + (255 - v) / 3); };
    return {lighter(c.red), lighter(c.green), lighter(c.blue)};
}

Colour category_colour(SpaceCategory category, Theme theme) { return line_colour(static_cast<std::size_t>(category), theme); }

Colour home_colour() { return {25, 25, 30}; }
Colour work_colour() { return {225, 60, 20}; }

Colour space_colour(SpaceStage stage, int direction, Theme theme) {
    static constexpr Colour by_direction[] = {{0, 114, 178}, {0, 158, 115}, {230, 159, 0}, {204, 121, 167}, {120, 94, 160}};
    switch (stage) {
        case SpaceStage::occupied:
            return palette(theme).grid;
        case SpaceStage::vacant:
            return {255, 255, 255};
        case SpaceStage::open:
        case SpaceStage::temporary_open:
            return direction >= 0 && direction < directions ? by_direction[direction] : Colour{0, 114, 178};
        case SpaceStage::left_blank:
            return {150, 150, 150};
        default:
            return {240, 228, 66};  // under way
    }
}

}  // namespace hutong
