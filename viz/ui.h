/// The interface: from what is there to what the user asks for. No state of its own but ImGui's (scroll positions,
/// text being typed); needs an ImGui context with a font, and no display.
#pragma once

#include "viz/view_model.h"

namespace hutong {

/// Builds every panel of one frame; between ImGui::NewFrame and ImGui::Render.
Commands ui(const ViewModel& view);

/// Keys of the keyboard, as the interface names them.
enum class Key : std::uint8_t { space, left, right, up, down, home, end, plus, minus, tab, f1, escape, digit, z, y, s, p, l, f };
struct KeyPress {
    Key key;
    bool control = false, shift = false;
    int digit = 0;  ///< 1 to 9, for Key::digit
};
/// What a key asks for (docs/viewer.md lists them).
Commands commands_of(const KeyPress& press, const ViewModel& view);

/// The nine layers of the keys 1 to 9, those that the run has.
std::vector<std::string> quick_layers(const Dataset& run);

/// Where the panels are, in pixels.
struct Box {
    float x = 0, y = 0, width = 0, height = 0;
};
struct Layout {
    Box top, layers, map, tabs, time;
};
Layout layout_of(const ViewModel& view);

// ---- parts of the interface, one file each (viz/ui_*.cpp)
void top_bar(const ViewModel& view, Commands& out);
void layers_panel(const ViewModel& view, Commands& out);
void map_panel(const ViewModel& view, const Box& box, Commands& out);
void place_tab(const ViewModel& view, Commands& out);
void board_tab(const ViewModel& view, Commands& out);
void levers_tab(const ViewModel& view, Commands& out);
void charts_tab(const ViewModel& view, Commands& out);
void table_tab(const ViewModel& view, Commands& out);
void time_bar(const ViewModel& view, Commands& out);
void help_window(const ViewModel& view, Commands& out);

/// What every output of a run that is not the plain one says.
std::vector<std::string> mark_lines(const RunMarks& marks, const Text& text);

}  // namespace hutong
