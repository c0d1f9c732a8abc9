/// What the viewer remembers between sessions: theme, text size, window size, what was shown.
#pragma once

#include <filesystem>
#include <string>

#include "viz/view_model.h"

namespace hutong {

struct Settings {
    unsigned width = 1600, height = 1000;
    ViewState view;
};

/// $XDG_CONFIG_HOME/hutong/viewer.conf or ~/.config/hutong/viewer.conf; empty when neither is known.
std::filesystem::path settings_file();

/// One `key = value` a line. Unknown keys and unusable values are passed over.
std::string settings_text(const Settings& settings);
Settings read_settings(const std::string& text, Settings settings);

/// From the file, or the defaults when it cannot be read.
Settings load_settings(const std::filesystem::path& file);
/// Nothing happens when the file cannot be written: settings are a convenience.
void save_settings(const std::filesystem::path& file, const Settings& settings);

}  // namespace hutong
