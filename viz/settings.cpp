#include "viz/settings.h"

#include <charconv>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>

#include "core/safe_file.h"

namespace hutong {
namespace {

constexpr unsigned least_size = 320, most_size = 16384;

template <class T>
bool parse(std::string_view text, T& out, T low, T high) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high)) return false;
    out = value;
    return true;
}

void parse_flag(std::string_view text, bool& out) {
    if (text == "true") out = true;
    if (text == "false") out = false;
}

}  // namespace

std::filesystem::path settings_file() {
    for (const auto& [variable, below] : {std::pair{"XDG_CONFIG_HOME", ""}, std::pair{"HOME", ".config"}}) {
        const char* folder = std::getenv(variable);
        if (folder && *folder == '/') return std::filesystem::path(folder) / below / "hutong" / "viewer.conf";
    }
    return {};
}

std::string settings_text(const Settings& s) {
    const ViewState& v = s.view;
    return fmt::format(
        "width = {}\nheight = {}\ntheme = {}\nfont_size = {}\nspeed = {}\nlayer = {}\ntab = {}\nper_area = {}\nstreets = {}\nspaces = "
        "{}\nfacilities = {}\nnames = {}\nhomes = {}\nwork_places = {}\ncategories = {}\n",
        s.width, s.height, v.theme == Theme::dark ? "dark" : "light", v.font_size, v.months_per_second, v.layer, static_cast<int>(v.tab),
        v.per_area, v.streets, v.spaces, v.facilities, v.names, v.homes, v.work_places, v.categories);
}

Settings read_settings(const std::string& text, Settings s) {
    ViewState& v = s.view;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equal = line.find(" = ");
        if (equal == std::string::npos) continue;
        const std::string key = line.substr(0, equal), value = line.substr(equal + 3);
        int tab = 0;
        if (key == "width") parse(value, s.width, least_size, most_size);
        if (key == "height") parse(value, s.height, least_size, most_size);
        if (key == "theme") v.theme = value == "dark" ? Theme::dark : Theme::light;
        if (key == "font_size") parse(value, v.font_size, 10.0F, 32.0F);
        if (key == "speed") parse(value, v.months_per_second, 1.0, 120.0);
        if (key == "layer" && !value.empty()) v.layer = value;
        if (key == "tab" && parse(value, tab, 0, tabs - 1)) v.tab = static_cast<Tab>(tab);
        if (key == "per_area") parse_flag(value, v.per_area);
        if (key == "streets") parse_flag(value, v.streets);
        if (key == "spaces") parse_flag(value, v.spaces);
        if (key == "facilities") parse_flag(value, v.facilities);
        if (key == "names") parse_flag(value, v.names);
        if (key == "homes") parse_flag(value, v.homes);
        if (key == "work_places") parse_flag(value, v.work_places);
        if (key == "categories") parse_flag(value, v.categories);
    }
    return s;
}

Settings load_settings(const std::filesystem::path& file) {
    constexpr std::uint64_t most_bytes = 65536;
    try {
        return file.empty() ? Settings{} : read_settings(read_file(file, most_bytes), {});
    } catch (const Error&) {
        return {};
    }
}

void save_settings(const std::filesystem::path& file, const Settings& settings) {
    if (file.empty()) return;
    std::error_code none;
    std::filesystem::create_directories(file.parent_path(), none);
    try {
        write_safely(file, settings_text(settings));
    } catch (const Error&) {
        return;
    }
}

}  // namespace hutong
