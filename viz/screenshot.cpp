#include "viz/screenshot.h"

#include <SFML/Graphics/Image.hpp>
#include <SFML/Graphics/RenderTexture.hpp>

#include "core/safe_file.h"
#include "viz/display.h"
#include "viz/png.h"
#include "viz/renderer.h"

namespace hutong {

void take_screenshot(const Screenshot& shot, ViewState state, const Dataset& run, const Dataset* base, const LiveView* live,
                     const Dataset* previous) {
    check_writable(shot.file);
    const DisplayConnection display;
    if (state.scale <= 0) state.scale = 1;
    sf::RenderTexture target;
    if (!target.create(shot.width, shot.height))
        throw Error(ErrorKind::internal, msg("OpenGL gave no picture of {} x {}", shot.width, shot.height), {},
                    msg("choose a smaller --size"));
    Renderer renderer;
    const Text text(state.language);
    const ViewModel view{state, text, run, base, live, previous};
    constexpr float frame_seconds = 1.0F / 60;
    for (int frame = 0; frame < 3; ++frame) renderer.draw(target, view, frame_seconds, shot.part, shot.chart);  // ImGui settles its sizes
    target.display();
    write_safely(shot.file, png_bytes(target.getTexture().copyToImage()));
}

}  // namespace hutong
