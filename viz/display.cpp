#include "viz/display.h"

#include <cstdlib>

#include <X11/Xlib.h>

#include "core/error.h"

namespace hutong {

DisplayConnection::DisplayConnection() {
    const char* name = std::getenv("DISPLAY");
    display_ = name && *name ? XOpenDisplay(name) : nullptr;
    if (display_) return;
    throw Error(ErrorKind::usage, msg("there is no display to show the viewer on"),
                name && *name ? msg("the display '{}' does not answer", name) : msg("the variable DISPLAY is not set"),
                msg("start it in a desktop session, or on a server with 'xvfb-run hutong view ... --screenshot FILE.png'"));
}

float DisplayConnection::scale() const {
    constexpr double usual_dpi = 96, least = 0.5, most = 4;
    const char* text = XGetDefault(static_cast<Display*>(display_), "Xft", "dpi");
    const double scale = text ? std::atof(text) / usual_dpi : 1;
    return scale >= least && scale <= most ? static_cast<float>(scale) : 1.0F;
}

DisplayConnection::~DisplayConnection() { XCloseDisplay(static_cast<Display*>(display_)); }

}  // namespace hutong
