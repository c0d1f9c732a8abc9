// `hutong view [RESULTS|SCENARIO]`: the viewer; with --screenshot one picture without interaction.
#include "app/command_view.h"

#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/session.h"
#include "core/error.h"

#ifdef HUTONG_HAS_VIEWER
#include "scenarios/district_pack.h"
#include "viz/live.h"
#include "viz/map_frame.h"
#include "viz/screenshot.h"
#include "viz/settings.h"
#include "viz/window.h"
#endif

namespace hutong {
namespace {

struct ViewRequest {
    std::filesystem::path file, base, screenshot, district;
    std::string month, layer, shown = "value", arrangement = "single", tab, theme, size, block, space, level = "blocks";
    float font_size = 0, scale = 0;
    double zoom = 1, close_after = 0;
    std::filesystem::path folder = ".", frame_times;
    int replicates = 5;
    bool map_only = false, charts_only = false, per_area = false, facilities = false, homes = false, work_places = false,
         categories = false;
    RunChoices choices;
};

#ifdef HUTONG_HAS_VIEWER

template <class Choice>
Choice choose(const std::string& name, const std::vector<std::pair<std::string, Choice>>& known) {
    std::vector<std::string> names;
    std::string all;
    for (const auto& [word, choice] : known) {
        if (word == name) return choice;
        names.push_back(word);
        all += (all.empty() ? "" : ", ") + word;
    }
    const std::string near = nearest_name(name, names);
    throw Error(ErrorKind::usage, msg("'{}' is none of: {}", name, all), {},
                near.empty() ? msg("choose one of them") : msg("did you mean '{}'?", near));
}

std::pair<unsigned, unsigned> picture_size(const std::string& text) {
    constexpr unsigned least = 320, most = 8192;
    unsigned width = 0, height = 0;
    if (std::sscanf(text.c_str(), "%ux%u", &width, &height) != 2 || width < least || height < least || width > most || height > most)
        throw Error(ErrorKind::usage, msg("'{}' is no size of a picture", text),
                    msg("it takes width and height from {} to {}", least, most), msg("write --size 1600x1000"));
    return {width, height};
}

ViewState state_of(const ViewRequest& request, const Dataset& run, Language language) {
    ViewState state = request.screenshot.empty() ? load_settings(settings_file()).view : ViewState{};
    state.language = language;
    state.theme = choose<Theme>(request.theme, {{"light", Theme::light}, {"dark", Theme::dark}});
    state.shown = choose<Shown>(request.shown, {{"value", Shown::value}, {"change", Shown::change}, {"difference", Shown::difference}});
    state.arrangement = choose<Arrangement>(
        request.arrangement, {{"single", Arrangement::single}, {"side-by-side", Arrangement::side_by_side}, {"swipe", Arrangement::swipe}});
    if (!request.tab.empty()) {
        state.tab = choose<Tab>(
            request.tab,
            {{"charts", Tab::charts}, {"place", Tab::place}, {"workflow", Tab::board}, {"levers", Tab::levers}, {"table", Tab::table}});
    }
    state.level = choose<Level>(request.level, {{"blocks", Level::block}, {"subdistricts", Level::subdistrict}});
    state.font_size = request.font_size;
    state.scale = request.scale;
    state.per_area = state.per_area || request.per_area;
    state.facilities = state.facilities || request.facilities;
    state.categories = state.categories || request.categories;
    state.homes = state.homes || request.homes;
    state.work_places = state.work_places || request.work_places;
    state.camera.zoom = request.zoom;
    const DatasetFrame& frame = run.frame();
    std::vector<std::string> names;
    for (const IndicatorInfo& one : frame.indicators) names.push_back(one.name);
    const std::string remembered = run.find(state.layer) < names.size() ? state.layer : "population";
    const std::string layer = request.layer.empty() ? remembered : request.layer;
    if (run.find(layer) >= names.size()) {
        const std::string near = nearest_name(layer, names);
        throw Error(ErrorKind::usage, msg("there is no indicator '{}'", layer), {},
                    near.empty() ? msg("see the names under /indicator in the results file") : msg("did you mean '{}'?", near));
    }
    apply(state, SetLayer{layer}, run);
    state.row = last_row(run);
    if (!request.month.empty()) {
        const auto found = std::find(frame.months.begin(), frame.months.end(), request.month);
        if (found == frame.months.end())
            throw Error(ErrorKind::usage, msg("the results have no month '{}'", request.month), {},
                        msg("choose one from {} to {}", frame.months.front(), frame.months.back()));
        state.row = static_cast<std::size_t>(found - frame.months.begin());
    }
    if (!request.space.empty()) {
        const auto& spaces = run.space_log().spaces;
        const auto found = std::find_if(spaces.begin(), spaces.end(), [&](const SpaceInfo& s) { return s.code == request.space; });
        if (found == spaces.end())
            throw Error(ErrorKind::usage, msg("there is no space '{}'", request.space), {}, msg("use a code of the district pack"));
        apply(state, SelectSpace{static_cast<std::size_t>(found - spaces.begin())}, run);
    }
    if (!request.block.empty()) {
        const auto found =
            std::find_if(frame.blocks.begin(), frame.blocks.end(), [&](const BlockInfo& b) { return b.code == request.block; });
        if (found == frame.blocks.end())
            throw Error(ErrorKind::usage, msg("there is no block '{}'", request.block), {}, msg("use a code of the district pack"));
        apply(state, SelectBlock{static_cast<std::size_t>(found - frame.blocks.begin())}, run);
    }
    if (state.block && request.zoom > 1) {  // zoomed in on what was named
        MapBounds bounds = bounds_of({frame.blocks[*state.block]});
        state.camera = MapFrame::at({(bounds.low_x + bounds.high_x) / 2, (bounds.low_y + bounds.high_y) / 2}, request.zoom);
    }
    return state;
}

Part part_of(const ViewRequest& request) { return request.map_only ? Part::map : request.charts_only ? Part::charts : Part::window; }

WindowRequest window_request(const ViewRequest& request, unsigned width, unsigned height) {
    WindowRequest window;
    window.width = width;
    window.height = height;
    window.folder = request.folder;
    window.settings = settings_file();
    window.close_after_seconds = request.close_after;
    window.frame_times = request.frame_times;
    return window;
}

/// What was remembered, unless the command line says otherwise. A picture depends on the command line alone.
ViewRequest with_settings(ViewRequest request) {
    if (!request.screenshot.empty()) return request;
    const Settings remembered = load_settings(settings_file());
    if (request.theme.empty()) request.theme = remembered.view.theme == Theme::dark ? "dark" : "light";
    if (request.size.empty()) request.size = fmt::format("{}x{}", remembered.width, remembered.height);
    if (request.font_size == 0) request.font_size = remembered.view.font_size;
    return request;
}

void view_scenario(const ViewRequest& request, const Text& text) {
    const Session session(request.file, request.choices);
    const auto [width, height] = picture_size(request.size);
    LiveSource source(std::make_shared<const District>(session.district()), session.scenario(), request.file, request.folder, text,
                      {.threads = request.choices.threads,
                       .gives_way = request.screenshot.empty(),
                       .replicates = request.screenshot.empty() ? std::max(1, request.replicates) : 1});
    if (request.screenshot.empty()) {
        source.refresh();
        ViewState state = state_of(request, source.run(), text.language());
        state.row = 0;
        state.playing = true;
        return open_window(window_request(request, width, height), state, source);
    }
    source.timeline().wait(0);
    source.refresh();
    ViewState state = state_of(request, source.run(), text.language());
    source.live(state);
    source.wait_for_previews();
    take_screenshot({request.screenshot, width, height, part_of(request)}, state, source.run(), nullptr, source.live(state));
}

void execute(const ViewRequest& given, const Text& text) {
    ViewRequest request = with_settings(given);
    if (request.theme.empty()) request.theme = "light";
    if (request.size.empty()) request.size = "1600x1000";
    if (request.font_size == 0) request.font_size = 16;
    if (request.file.extension() == ".toml") return view_scenario(request, text);
    ResultsDataset run(request.file);
    std::unique_ptr<ResultsDataset> base;
    if (!request.base.empty()) base = std::make_unique<ResultsDataset>(request.base);
    if (base && base->frame().blocks.size() != run.frame().blocks.size())
        throw Error(ErrorKind::usage, msg("'{}' and '{}' are of different districts", request.base.string(), request.file.string()), {},
                    msg("compare results of one district"));
    if (!request.district.empty()) {
        const District district = read_district(request.district);
        run.add_district(district);
        if (base) base->add_district(district);
    }
    const ViewState state = state_of(request, run, text.language());
    const auto [width, height] = picture_size(request.size);
    if (request.screenshot.empty()) {
        std::vector<std::filesystem::path> files{request.file};
        if (base) files.insert(files.begin(), request.base);
        ResultsSource source(run, base.get(), std::move(files));
        open_window(window_request(request, width, height), state, source);
        return;
    }
    take_screenshot({request.screenshot, width, height, part_of(request)}, state, run, base.get());
}

#else

void execute(const ViewRequest&, const Text&) {
    throw Error(ErrorKind::usage, msg("this program was built without the viewer"), msg("it was configured with HUTONG_VIEWER=OFF"),
                msg("build the preset 'release' with the packages of packages/viewer.txt"));
}

#endif

}  // namespace

void add_view_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ViewRequest>();
    CLI::App* command = app.add_subcommand("view", context.t(tr("Open the viewer on results or a scenario")));
    auto option = [&](const char* name, auto& value, std::string_view what, const char* type) {
        command->add_option(name, value, context.t(what))->type_name(type);
    };
    command->add_option("FILE", request->file, context.t(tr("Results file (.h5) or scenario (.toml)")))->required();
    option("--base", request->base, tr("Results to compare with"), "FILE");
    option("--district", request->district, tr("District pack of the results: adds streets, facilities and the places of spaces"),
           "FOLDER");
    option("--screenshot", request->screenshot, tr("Write one picture as PNG and leave"), "FILE");
    option("--month", request->month, tr("Month such as 2035-12 (default: the last)"), "YYYY-MM");
    option("--layer", request->layer, tr("Indicator on the map (default: population)"), "NAME");
    option("--shown", request->shown, tr("value, change (since the start) or difference (to the base)"), "WHAT");
    option("--level", request->level, tr("blocks or subdistricts"), "LEVEL");
    option("--arrangement", request->arrangement, tr("single, side-by-side or swipe"), "HOW");
    option("--tab", request->tab, tr("charts, place, workflow, levers or table"), "TAB");
    option("--block", request->block, tr("Code of the selected block"), "CODE");
    option("--space", request->space, tr("Code of the selected space"), "CODE");
    option("--zoom", request->zoom, tr("Zoom of the map (1: the whole district)"), "F");
    option("--theme", request->theme, tr("light or dark"), "THEME");
    option("--font-size", request->font_size, tr("Size of the text"), "N");
    option("--ui-scale", request->scale, tr("Scale of the interface (default: what the desktop asks for)"), "F");
    option("--size", request->size, tr("Size of the window or picture"), "WxH");
    option("--replicates", request->replicates, tr("Replicates of the future in view, simulated for its band when it is there (default 5)"),
           "N");
    option("--folder", request->folder, tr("Folder for pictures, tables and scenarios that are saved (default: the current one)"),
           "FOLDER");
    option("--close-after", request->close_after, tr("Close the window after so many seconds"), "S");
    option("--frame-times", request->frame_times, tr("Write the milliseconds of every frame"), "FILE");
    command->add_flag("--per-area", request->per_area, context.t(tr("Divide by the area of the block")));
    command->add_flag("--facilities", request->facilities, context.t(tr("Show facilities on the map")));
    command->add_flag("--categories", request->categories, context.t(tr("Colour spaces by category, not by state and direction")));
    command->add_flag("--homes", request->homes, context.t(tr("Show homes of residents as points (of a scenario)")));
    command->add_flag("--work-places", request->work_places, context.t(tr("Show filled posts as points (of a scenario)")));
    command->add_flag("--charts-only", request->charts_only, context.t(tr("Picture of the charts alone")));
    command->add_flag("--map-only", request->map_only, context.t(tr("Picture of the map with its legend alone")));
    add_run_choices(*command, request->choices, context.text);
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
