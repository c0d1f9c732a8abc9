/// Draws one frame of the viewer into the active target: maps into their textures, then the interface over them.
#pragma once

#include <memory>

#include <SFML/Graphics/RenderTarget.hpp>

#include "viz/charts.h"
#include "viz/fonts.h"
#include "viz/imgui_adapter.h"
#include "viz/map_view.h"
#include "viz/ui.h"

namespace hutong {

class Renderer {
public:
    /// A context for this target's window must be active.
    Renderer();

    ImguiAdapter& adapter() { return imgui_; }
    /// Characters that may come (names of forks, of the scenario).
    void expect(std::string_view utf8) { glyphs_.add(utf8); }
    /// Draws the frame and returns what the interface asked for; a part alone asks for nothing.
    Commands draw(sf::RenderTarget& target, ViewModel view, float seconds, Part part = Part::window, std::size_t chart = 0);
    /// Draws the panels of the last frame over its maps once more, without asking anything anew (the floor of the benchmark).
    void draw_again(sf::RenderTarget& target, Theme theme);
    /// True when some map had to be drawn anew in the last frame.
    bool map_redrawn() const { return map_redrawn_; }
    /// Seconds of the last frame that went into our own work: fonts looked up, panels built; no drawing call.
    double own_seconds() const { return own_seconds_; }

private:
    void prepare_font(const ViewModel& view);

    ImguiAdapter imgui_;
    GlyphSet glyphs_;
    std::size_t glyphs_loaded_ = 0;
    float font_pixels_ = 0;
    Theme theme_ = Theme::light;
    float theme_scale_ = 0;
    const Dataset *seen_run_ = nullptr, *seen_base_ = nullptr;
    MapView map_, base_map_;
    ChartCache charts_;
    MapCache map_cache_;
    bool map_redrawn_ = false;
    double own_seconds_ = 0;
};

}  // namespace hutong
