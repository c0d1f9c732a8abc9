#include "viz/renderer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "viz/theme.h"

namespace hutong {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

Renderer::Renderer() = default;

void Renderer::prepare_font(const ViewModel& view) {
    if (&view.run != seen_run_) {
        glyphs_.add(view.run);
        seen_run_ = &view.run;
    }
    if (view.base && view.base != seen_base_) {
        glyphs_.add(*view.base);
        seen_base_ = view.base;
    }
    glyphs_.add(view.state.message);
    if (view.live) {
        for (const ForkRow& fork : view.live->forks) glyphs_.add(fork.name);
        for (const LeverRow& row : view.live->levers) glyphs_.add(row.now.declaration.source);
    }
    const float pixels = std::round(view.state.font_size * view.state.scale);
    if (glyphs_.characters().size() != glyphs_loaded_ || pixels != font_pixels_) {
        load_font(glyphs_, pixels);
        imgui_.renew_font();
        glyphs_loaded_ = glyphs_.characters().size();
        font_pixels_ = pixels;
    }
    if (theme_ != view.state.theme || theme_scale_ != view.state.scale) {
        use_theme(view.state.theme, view.state.scale);
        theme_ = view.state.theme;
        theme_scale_ = view.state.scale;
    }
}

Commands Renderer::draw(sf::RenderTarget& target, ViewModel view, float seconds, Part part, std::size_t chart) {
    const auto size = target.getSize();
    const auto begun = Clock::now();
    view.width = static_cast<float>(size.x);
    view.height = static_cast<float>(size.y);
    view.charts = &charts_;
    view.map = &map_cache_;
    prepare_font(view);

    const bool two = view.base && view.state.arrangement == Arrangement::side_by_side;
    const Box box = part == Part::window ? layout_of(view).map : Box{0, 0, view.width, view.height};
    const auto map_width = static_cast<unsigned>(two ? std::floor(box.width / 2) : box.width),
               map_height = static_cast<unsigned>(box.height);
    own_seconds_ = seconds_since(begun);
    map_redrawn_ = false;
    if (part == Part::window || part == Part::map) {
        map_redrawn_ = map_.update(view, view.run, map_width, map_height);
        if (view.base && view.state.arrangement != Arrangement::single)
            map_redrawn_ = base_map_.update(view, *view.base, map_width, map_height) || map_redrawn_;
        view.pictures.texture = map_.texture();
        if (view.base && view.state.arrangement != Arrangement::single) view.pictures.base_texture = base_map_.texture();
        view.pictures.homes_in_view = map_.agents().homes;
        view.pictures.posts_in_view = map_.agents().posts;
        view.pictures.agents_together = map_.agents().together;
    }

    target.setActive(true);
    const Colour ground = palette(view.state.theme).ground;
    target.clear({ground.red, ground.green, ground.blue});
    target.pushGLStates();
    imgui_.begin(view.width, view.height, seconds);
    const auto asked = Clock::now();
    Commands commands;
    if (part == Part::window) {
        commands = ui(view);
    } else {
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({view.width, view.height});
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
        ImGui::Begin("##part", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoSavedSettings);
        if (part == Part::map) {
            map_panel(view, box, commands);
        } else {
            draw_charts(view, view.width, view.height, part == Part::chart ? std::optional(chart) : std::nullopt);
        }
        ImGui::End();
        ImGui::PopStyleVar(2);
        commands.clear();
    }
    imgui_.finish();
    own_seconds_ += seconds_since(asked);
    imgui_.draw();
    target.popGLStates();
    return commands;
}

void Renderer::draw_again(sf::RenderTarget& target, Theme theme) {
    target.setActive(true);
    const Colour ground = palette(theme).ground;
    target.clear({ground.red, ground.green, ground.blue});
    target.pushGLStates();
    imgui_.draw();
    target.popGLStates();
}

}  // namespace hutong
