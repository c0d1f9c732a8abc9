/// The one door to ImGui's drawing and to SFML's events: everything else in viz builds widgets and knows neither.
#pragma once

#include <array>

#include <SFML/Window/Event.hpp>

#include <imgui.h>

namespace hutong {

/// An ImGui context that draws into the current OpenGL context (ImGui's OpenGL2 backend).
class ImguiAdapter {
public:
    ImguiAdapter();
    ~ImguiAdapter();
    ImguiAdapter(const ImguiAdapter&) = delete;
    ImguiAdapter& operator=(const ImguiAdapter&) = delete;

    /// Hands an event of the window to ImGui.
    void handle(const sf::Event& event);
    /// Starts a frame of this size; `seconds` since the last.
    void begin(float width, float height, float seconds);
    /// Ends the frame's building: what is to be drawn is known.
    void finish();
    /// Draws the finished frame between pushGLStates and popGLStates of the caller.
    void draw();
    /// The atlas has changed: its texture is made again at the next frame.
    void renew_font();

private:
    ImGuiContext* context_;
    bool stale_ = true;
    std::array<bool, 3> held_{}, pressed_{};  ///< a click shorter than a frame still counts
};

}  // namespace hutong
