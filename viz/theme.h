/// Colours and sizes of the interface, light and dark.
#pragma once

#include <imgui.h>

#include "agents/spaces_state.h"
#include "analysis/colour_scales.h"
#include "scenarios/catalogue.h"
#include "viz/view_model.h"

namespace hutong {

struct Palette {
    Colour ground, panel, ink, faint_ink, grid, accent, warning, no_value, outline, border, street, selection;
};
const Palette& palette(Theme theme);

ImU32 packed(Colour colour, std::uint8_t alpha = 255);

/// Sets ImGui's style for the theme and the scale of the display.
void use_theme(Theme theme, float scale);

/// Colour of a class among `count`.
Colour class_colour(std::size_t index, std::size_t count, bool diverging);
/// Colour of line number k of a chart: Okabe and Ito's eight, readable for the colour-blind.
Colour line_colour(std::size_t k, Theme theme);
/// Points of homes and of work places: outside of viridis, apart in lightness.
/// A space by its category alone.
Colour category_colour(SpaceCategory category, Theme theme);
Colour home_colour();
Colour work_colour();
/// Colour of a space: by direction of use when open, by what it waits for otherwise.
Colour space_colour(SpaceStage stage, int direction, Theme theme);

}  // namespace hutong
