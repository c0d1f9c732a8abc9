/// One picture of the viewer without interaction: the same interface, drawn into a texture and written as PNG.
#pragma once

#include <filesystem>

#include "viz/view_model.h"

namespace hutong {

struct Screenshot {
    std::filesystem::path file;
    unsigned width = 1600, height = 1000;
    Part part = Part::window;
    std::size_t chart = 0;  ///< for Part::chart
};

/// Draws `run` (against `base` when there is one) as the state says. Needs a display (Xvfb will do). Throws Error.
void take_screenshot(const Screenshot& shot, ViewState state, const Dataset& run, const Dataset* base = nullptr,
                     const LiveView* live = nullptr, const Dataset* previous = nullptr);

}  // namespace hutong
