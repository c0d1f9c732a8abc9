/// What the interface sees and what it may ask for. ViewState is the user's choice of what to look at; ViewModel adds
/// the data; Commands are everything the interface can ask for. `ui` (viz/ui.h) turns the first into the last, and
/// nothing else changes anything: the logic is testable without a display.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/declare.h"
#include "core/text.h"
#include "viz/dataset.h"

namespace hutong {

enum class Theme : std::uint8_t { light, dark };
/// What of the layer is shown: the value, its change since the start, or its difference to the base.
enum class Shown : std::uint8_t { value, change, difference };
/// How two runs are shown: one map, two side by side, or one with a line to swipe.
enum class Arrangement : std::uint8_t { single, side_by_side, swipe };
enum class Tab : std::uint8_t { charts, place, board, levers, table };
inline constexpr int tabs = 5;
/// What a picture shows: the window, the map with its legend alone, all charts, or one of them.
enum class Part : std::uint8_t { window, map, charts, chart };
/// Size of saved pictures; 0 x 0: the window's own.
struct PictureSize {
    unsigned width = 0, height = 0;
    bool operator==(const PictureSize&) const = default;
};

/// Part of the map in view: `zoom` 1 fits the district; the centre is in local metres.
struct Camera {
    double centre_x = 0, centre_y = 0, zoom = 1;
    bool fitted = true;  ///< the centre is the district's own
    bool operator==(const Camera&) const = default;
};

struct ViewState {
    Language language = Language::english;
    Theme theme = Theme::light;
    float font_size = 16;  ///< points at 96 dpi
    float scale = 1;       ///< HiDPI factor
    std::size_t row = 0;
    bool playing = false;
    double months_per_second = 12;
    std::string layer = "population";
    Shown shown = Shown::value;
    Level level = Level::block;
    bool per_area = false;
    bool streets = true, spaces = true, facilities = false, names = true, homes = false, work_places = false;
    bool categories = false;  ///< spaces coloured by category, not by state and direction
    Arrangement arrangement = Arrangement::single;
    double swipe = 0.5;  ///< share of the map that shows the base
    Camera camera;
    std::optional<std::size_t> block, space;
    Tab tab = Tab::charts;
    bool help = false;
    PictureSize picture;
    std::string filter;        ///< of the list of layers
    std::string lever_filter;  ///< of the list of levers
    bool assumptions = false;  ///< the levers' tab shows assumptions
    std::string message;       ///< the last thing said to the user
    bool message_is_error = false;
};

// ---- commands
struct SetRow {
    std::size_t row;
};
struct StepRow {
    int months;
};
struct Play {
    bool on;
};
struct SetSpeed {
    double months_per_second;
};
struct SetLayer {
    std::string name;
};
struct SetShown {
    Shown shown;
};
struct SetLevel {
    Level level;
};
struct SetArrangement {
    Arrangement arrangement;
};
struct SetSwipe {
    double share;
};
struct SetCamera {
    Camera camera;
};
struct SelectBlock {
    std::optional<std::size_t> block;
};
struct SelectSpace {
    std::optional<std::size_t> space;
};
struct SetTab {
    Tab tab;
};
struct SetLanguage {
    Language language;
};
struct SetTheme {
    Theme theme;
};
struct SetFontSize {
    float points;
};
struct SetFilter {
    std::string text;
    bool levers;
};
enum class Switch : std::uint8_t { per_area, streets, spaces, facilities, names, homes, work_places, categories, help, assumptions };
struct Toggle {
    Switch which;
};
/// From the month in view on, a lever (or, from the start, an assumption) has this value: forks the future.
struct ChangeLever {
    std::string path;  ///< "policy.control.enforcement", "assumption.people.fertility_factor"
    ParameterValue value;
};
struct DecideUse {
    std::size_t space;
    std::string use;
};
struct Undo {};
struct Redo {};
struct ShowFork {
    std::size_t fork;
};
struct CompareWith {
    std::optional<std::size_t> fork;
};
struct RenameFork {
    std::size_t fork;
    std::string name;
};
struct SaveScenario {};
struct SavePicture {
    Part part = Part::window;
    std::size_t chart = 0;  ///< for Part::chart
};
struct SetPictureSize {
    PictureSize size;
};
struct SaveTable {};
struct SaveReport {};
struct CopyTable {};
struct DismissMessage {};
struct Quit {};

using Command = std::variant<SetRow, StepRow, Play, SetSpeed, SetLayer, SetShown, SetLevel, SetArrangement, SetSwipe, SetCamera,
                             SelectBlock, SelectSpace, SetTab, SetLanguage, SetTheme, SetFontSize, SetFilter, Toggle, ChangeLever,
                             DecideUse, Undo, Redo, ShowFork, CompareWith, RenameFork, SaveScenario, SavePicture, SetPictureSize, SaveTable,
                             SaveReport, CopyTable, DismissMessage, Quit>;
using Commands = std::vector<Command>;

/// A lever or an assumption as the interface shows it.
struct LeverRow {
    ParameterRow now;             ///< path, declaration, value in the month in view
    ParameterValue base, normal;  ///< in the base scenario in this month; the declared default
    std::string clause_text;      ///< title of its clause, in the reader's language
    std::string clause_holds;     ///< what holds while the clause is on
    bool policy = true;
};

/// What one space may become, with the reason.
struct UseOption {
    std::size_t use = 0;
    bool permitted = true;
    std::string clause;    ///< that excludes it, or of the exception or departure
    std::string standing;  ///< catalogue id: "permitted", "with a reason, by the joint meeting" ...
    /// What it would do (sim/use_preview); not known until it was computed in the background.
    bool previewed = false, serves = false;
    std::int64_t newly_served = 0;
    double ayes = 0;  ///< share of the residents around who would vote and say yes; NaN when nobody would vote
};

/// A fork of the future as the interface shows it.
struct ForkRow {
    std::string name;
    std::size_t parent = 0;
    std::string from;  ///< month of the fork; empty for the base
    std::size_t rows = 0, all_rows = 0;
    bool running = false, finished = false;
    std::string state_hash;
    std::string failure;
};

/// The live part of the model: absent when a results file is shown.
struct LiveView {
    std::vector<LeverRow> levers;
    std::vector<ForkRow> forks;
    std::size_t fork = 0;  ///< shown
    std::optional<std::size_t> compared;
    bool can_undo = false, can_redo = false;
    std::vector<UseOption> options;  ///< of the selected space
    std::string options_as_of;       ///< month of the World that the previews are made from
};

class ChartCache;
class MapCache;

/// Pictures of the map, drawn elsewhere; handles of textures, 0 when there is none.
struct MapPictures {
    std::uint64_t texture = 0, base_texture = 0;
    /// What the map of the run shows of homes and filled posts (viz/agent_points.h).
    std::uint64_t homes_in_view = 0, posts_in_view = 0;
    bool agents_together = false;
};

struct ViewModel {
    const ViewState& state;
    const Text& text;
    const Dataset& run;
    const Dataset* base = nullptr;  ///< what the run is compared with
    const LiveView* live = nullptr;
    const Dataset* previous = nullptr;  ///< the future that the one in view was changed from: hatched in the charts
    MapPictures pictures{};
    ChartCache* charts = nullptr;  ///< lines kept between frames; may be null
    MapCache* map = nullptr;       ///< classes and places kept between frames; may be null
    float width = 1600, height = 1000;
};

/// Changes the state by a command that is about looking only; the others are the application's (viz/window.h).
void apply(ViewState& state, const Command& command, const Dataset& run);

/// The last row that can be shown.
std::size_t last_row(const Dataset& run);

// ---- what is on the map, by area of the state's level
struct LayerValues {
    std::vector<double> values;  ///< [area] in the units of the legend; NaN: no value
    std::vector<double> edges;   ///< of the classes, over all months in view and both runs
    bool diverging = false;
    int decimals = 0;
    std::string title, unit;  ///< in the reader's language
};
/// Values of the layer for `which` (the run or its base). Edges cover every month and both runs, so that colours mean
/// the same while time passes and between compared runs.
LayerValues layer_values(const ViewModel& view, const Dataset& which);

/// Kept between frames while data, month and layer stay the same.
class MapCache {
public:
    const LayerValues& layer(const ViewModel& view);
    const std::vector<Point>& spaces(const Dataset& run);

private:
    std::string layer_key_, spaces_key_;
    LayerValues layer_;
    std::vector<Point> spaces_;
};

/// Label of an indicator in the reader's language.
std::string label_of(const Text& text, const IndicatorInfo& indicator);
/// "" for "1", "%" for a share.
std::string unit_of(const Text& text, const IndicatorInfo& indicator);
/// A value with its unit, as a table or tooltip shows it.
std::string shown_value(const Text& text, const IndicatorInfo& indicator, double value, bool difference = false);
/// "Works", "In use": as the indicators of area by stage name it.
std::string stage_name(const Text& text, SpaceStage stage);
const std::string& name_in(Language language, const std::string& zh, const std::string& en);

}  // namespace hutong
