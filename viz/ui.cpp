#include "viz/ui.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui.h>

#include "viz/charts.h"
#include "viz/theme.h"

namespace hutong {
namespace {

constexpr ImGuiWindowFlags panel_flags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                                         ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings |
                                         ImGuiWindowFlags_NoBringToFrontOnFocus;

void begin_panel(const char* id, const Box& box, ImGuiWindowFlags more = 0) {
    ImGui::SetNextWindowPos({box.x, box.y});
    ImGui::SetNextWindowSize({box.width, box.height});
    ImGui::Begin(id, nullptr, panel_flags | more);
}

std::string tab_label(const ViewModel& view, Tab tab) {
    static constexpr std::string_view labels[] = {tr("Charts"), tr("Place"), tr("Workflow"), tr("Levers"), tr("Table")};
    static_assert(std::size(labels) == tabs);
    return view.text(labels[static_cast<std::size_t>(tab)]) + "###tab" + std::to_string(static_cast<int>(tab));
}

void tabs_panel(const ViewModel& view, Commands& out) {
    for (int t = 0; t < tabs; ++t) {
        const auto tab = static_cast<Tab>(t);
        if (tab == Tab::levers && !view.live) continue;
        if (t > 0) ImGui::SameLine();
        const bool chosen = view.state.tab == tab;
        if (chosen) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive));
        if (ImGui::Button(tab_label(view, tab).c_str())) out.push_back(SetTab{tab});
        if (chosen) ImGui::PopStyleColor();
    }
    ImGui::Separator();
    ImGui::BeginChild("##content");
    switch (view.state.tab) {
        case Tab::charts:
            charts_tab(view, out);
            break;
        case Tab::place:
            place_tab(view, out);
            break;
        case Tab::board:
            board_tab(view, out);
            break;
        case Tab::levers:
            if (view.live) levers_tab(view, out);
            break;
        case Tab::table:
            table_tab(view, out);
            break;
    }
    ImGui::EndChild();
}

void message_window(const ViewModel& view, Commands& out) {
    if (view.state.message.empty()) return;
    ImGui::SetNextWindowPos({view.width / 2, view.height / 2}, ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::SetNextWindowSize({std::min(view.width * 0.8F, ImGui::GetFontSize() * 36), 0});
    ImGui::Begin((view.text(view.state.message_is_error ? tr("This did not work") : tr("Done")) + "###message").c_str(), nullptr,
                 ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(view.state.message.c_str());
    ImGui::PopTextWrapPos();
    if (ImGui::Button((view.text(tr("Close")) + "###close_message").c_str())) out.push_back(DismissMessage{});
    ImGui::End();
}

}  // namespace

std::vector<std::string> quick_layers(const Dataset& run) {
    std::vector<std::string> layers;
    for (const char* name : {"population", "jobs", "self_containment", "self_sufficiency", "coverage", "circle", "vacated_area",
                             "reused_area", "satisfaction"}) {
        if (run.find(name) < run.frame().indicators.size()) layers.emplace_back(name);
    }
    return layers;
}

Layout layout_of(const ViewModel& view) {
    const float em = view.state.font_size * view.state.scale;
    const float top = em * 2.4F, bottom = em * 3.6F;
    const float left = std::min(em * 17, view.width * 0.24F), right = std::min(em * 31, view.width * 0.36F);
    const float middle = std::max(view.height - top - bottom, 1.0F);
    return {.top = {0, 0, view.width, top},
            .layers = {0, top, left, middle},
            .map = {left, top, std::max(view.width - left - right, 1.0F), middle},
            .tabs = {view.width - right, top, right, middle},
            .time = {0, view.height - bottom, view.width, bottom}};
}

Commands ui(const ViewModel& view) {
    Commands out;
    const Layout layout = layout_of(view);
    begin_panel("##top", layout.top, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    top_bar(view, out);
    ImGui::End();
    begin_panel("##layers", layout.layers);
    layers_panel(view, out);
    ImGui::End();
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    begin_panel("##map", layout.map, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    map_panel(view, layout.map, out);
    ImGui::End();
    begin_panel("##tabs", layout.tabs, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    tabs_panel(view, out);
    ImGui::End();
    begin_panel("##time", layout.time, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    time_bar(view, out);
    ImGui::End();
    if (view.state.help) help_window(view, out);
    message_window(view, out);
    return out;
}

Commands commands_of(const KeyPress& press, const ViewModel& view) {
    const ViewState& s = view.state;
    constexpr int year = 12;
    constexpr double zoom_step = 1.25;
    auto zoom = [&](double factor) -> Commands {
        Camera camera = s.camera;
        camera.zoom = std::clamp(camera.zoom * factor, 0.5, 60.0);
        return {SetCamera{camera}};
    };
    if (press.control) {
        switch (press.key) {
            case Key::z:
                return press.shift ? Commands{Redo{}} : Commands{Undo{}};
            case Key::y:
                return {Redo{}};
            case Key::s:
                return {SaveScenario{}};
            case Key::p:
                return {SavePicture{}};
            case Key::plus:
                return {SetFontSize{s.font_size + 1}};
            case Key::minus:
                return {SetFontSize{s.font_size - 1}};
            default:
                return {};
        }
    }
    switch (press.key) {
        case Key::space:
            return {Play{!s.playing}};
        case Key::left:
            return {Play{false}, StepRow{press.shift ? -year : -1}};
        case Key::right:
            return {Play{false}, StepRow{press.shift ? year : 1}};
        case Key::up:
            return {SetSpeed{s.months_per_second * 2}};
        case Key::down:
            return {SetSpeed{s.months_per_second / 2}};
        case Key::home:
            return {SetRow{0}};
        case Key::end:
            return {SetRow{last_row(view.run)}};
        case Key::plus:
            return zoom(zoom_step);
        case Key::minus:
            return zoom(1 / zoom_step);
        case Key::f:
            return {SetCamera{Camera{}}};
        case Key::tab: {
            int next = (static_cast<int>(s.tab) + (press.shift ? tabs - 1 : 1)) % tabs;
            if (static_cast<Tab>(next) == Tab::levers && !view.live) next = (next + (press.shift ? tabs - 1 : 1)) % tabs;
            return {SetTab{static_cast<Tab>(next)}};
        }
        case Key::f1:
            return {Toggle{Switch::help}};
        case Key::escape:
            if (!s.message.empty()) return {DismissMessage{}};
            if (s.help) return {Toggle{Switch::help}};
            return {SelectSpace{}, SelectBlock{}};
        case Key::l:
            return {SetLanguage{s.language == Language::chinese ? Language::english : Language::chinese}};
        case Key::digit: {
            const auto layers = quick_layers(view.run);
            const auto index = static_cast<std::size_t>(press.digit - 1);
            return index < layers.size() ? Commands{SetLayer{layers[index]}} : Commands{};
        }
        default:
            return {};
    }
}

std::vector<std::string> mark_lines(const RunMarks& marks, const Text& text) {
    std::vector<std::string> lines;
    if (marks.schematic_blocks) lines.push_back(text(tr("schematic blocks")));
    if (marks.scale != 1) {
        const double inverse = 1 / marks.scale;
        const bool fraction = std::fabs(inverse - std::round(inverse)) < 1e-9;
        lines.push_back(text(msg("scale {}", fraction ? fmt::format("1/{:.0f}", inverse) : fmt::format("{}", marks.scale))));
    }
    if (marks.experiment) lines.push_back(text(tr("experiment")));
    for (const std::string& name : marks.neutral) lines.push_back(text(msg("switched off: {}", name)));
    return lines;
}

// ---- the smaller parts

namespace {

/// What to save as PNG, and in which size.
void picture_menu(const ViewModel& view, Commands& out) {
    if (!ImGui::BeginPopup("##pictures")) return;
    struct What {
        std::string_view label;
        Part part;
    };
    static constexpr What parts[] = {
        {tr("Save the window"), Part::window}, {tr("Save the map alone"), Part::map}, {tr("Save all charts"), Part::charts}};
    for (const What& one : parts) {
        if (ImGui::Selectable((view.text(one.label) + "###part" + std::to_string(static_cast<int>(one.part))).c_str()))
            out.push_back(SavePicture{one.part});
    }
    ImGui::Separator();
    ImGui::TextDisabled("%s", view.text(tr("Size of pictures")).c_str());
    static constexpr PictureSize sizes[] = {{}, {1280, 800}, {1600, 1000}, {1920, 1080}, {2480, 1754}, {3840, 2160}};
    for (const PictureSize& size : sizes) {
        const std::string label = size == PictureSize{} ? view.text(tr("as the window")) : fmt::format("{} × {}", size.width, size.height);
        if (ImGui::RadioButton((label + "###size" + std::to_string(size.width)).c_str(), view.state.picture == size))
            out.push_back(SetPictureSize{size});
    }
    ImGui::EndPopup();
}

}  // namespace

void top_bar(const ViewModel& view, Commands& out) {
    const DatasetFrame& frame = view.run.frame();
    const Palette& p = palette(view.state.theme);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(
        view.text(msg("{} · {}", name_in(view.state.language, frame.district_zh, frame.district_en), view.run.name())).c_str());
    if (view.base) {
        ImGui::SameLine();
        ImGui::TextDisabled("%s", view.text(msg("against {}", view.base->name())).c_str());
    }
    ImGui::PushStyleColor(ImGuiCol_Text, ImGui::ColorConvertU32ToFloat4(packed(p.warning)));
    for (const std::string& mark : mark_lines(frame.marks, view.text)) {
        ImGui::SameLine();
        ImGui::TextUnformatted(("▲ " + mark).c_str());
    }
    ImGui::PopStyleColor();

    struct Entry {
        std::string label;
        Command command;
        bool possible = true;
    };
    std::vector<Entry> entries;
    if (view.live) {
        entries.push_back({view.text(tr("Undo")) + "###undo", Undo{}, view.live->can_undo});
        entries.push_back({view.text(tr("Redo")) + "###redo", Redo{}, view.live->can_redo});
        entries.push_back({view.text(tr("Save scenario")) + "###save", SaveScenario{}});
    }
    entries.push_back({view.text(tr("Picture")) + "###picture", SavePicture{}});
    const std::size_t picture = entries.size() - 1;
    entries.push_back({view.text(tr("CSV")) + "###csv", SaveTable{}});
    entries.push_back({view.text(tr("Report")) + "###report", SaveReport{}});
    const bool dark = view.state.theme == Theme::dark;
    entries.push_back({view.text(dark ? tr("Light") : tr("Dark")) + "###theme", SetTheme{dark ? Theme::light : Theme::dark}});
    entries.push_back({"A-###smaller", SetFontSize{view.state.font_size - 1}});
    entries.push_back({"A+###larger", SetFontSize{view.state.font_size + 1}});
    const bool chinese = view.state.language == Language::chinese;
    // In the language that is offered, for whoever cannot read the present one.
    static const std::string in_chinese = Text(Language::chinese)(tr("in Chinese")), in_english("English");
    entries.push_back({(chinese ? in_english : in_chinese) + "###language", SetLanguage{chinese ? Language::english : Language::chinese}});
    entries.push_back({view.text(tr("Help (F1)")) + "###help", Toggle{Switch::help}});
    const ImGuiStyle& style = ImGui::GetStyle();
    float wide = 0;
    for (const Entry& e : entries)
        wide += ImGui::CalcTextSize(e.label.c_str(), nullptr, true).x + 2 * style.FramePadding.x + style.ItemSpacing.x;
    ImGui::SameLine(std::max(view.width - wide - style.WindowPadding.x, ImGui::GetCursorPosX()));
    ImVec2 below{};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i > 0) ImGui::SameLine();
        ImGui::BeginDisabled(!entries[i].possible);
        const bool pressed = ImGui::Button(entries[i].label.c_str());
        if (i == picture) below = {ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + style.FramePadding.y};
        if (pressed && i == picture) {
            ImGui::OpenPopup("##pictures");
        } else if (pressed) {
            out.push_back(entries[i].command);
        }
        ImGui::EndDisabled();
    }
    ImGui::SetNextWindowPos(below);
    picture_menu(view, out);
}

void charts_tab(const ViewModel& view, Commands& out) {
    ChartCache fresh;
    ChartCache& cache = view.charts ? *view.charts : fresh;
    const std::string place =
        view.state.block ? view.text(msg("Block {}", name_in(view.state.language, view.run.frame().blocks[*view.state.block].name_zh,
                                                             view.run.frame().blocks[*view.state.block].name_en)))
                         : view.text(tr("Whole district"));
    ImGui::TextDisabled("%s", place.c_str());
    if (view.state.block) {
        ImGui::SameLine();
        if (ImGui::SmallButton((view.text(tr("show the whole district")) + "###whole").c_str())) {
            out.push_back(SelectSpace{});
            out.push_back(SelectBlock{});
        }
    }
    const float em = ImGui::GetFontSize();
    const std::vector<Chart>& charts = cache.charts(view);
    for (std::size_t k = 0; k < charts.size(); ++k) {
        const Chart& chart = charts[k];
        const float width = ImGui::GetContentRegionAvail().x;
        const float height = em * 11.5F + em * 1.1F * std::ceil(static_cast<float>(chart.lines.size()) / 3);
        if (const auto row = draw_chart(view, chart, width, height)) out.push_back(SetRow{*row});
        if (ImGui::SmallButton(("PNG###save_chart" + std::to_string(k)).c_str())) out.push_back(SavePicture{Part::chart, k});
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", view.text(tr("save this chart as a picture")).c_str());
        ImGui::Dummy({0, em * 0.4F});
    }
}

void table_tab(const ViewModel& view, Commands& out) {
    if (ImGui::Button((view.text(tr("Copy the table")) + "###copy").c_str())) out.push_back(CopyTable{});
    ImGui::SameLine();
    if (ImGui::Button((view.text(tr("Save as CSV")) + "###save_csv").c_str())) out.push_back(SaveTable{});
    const auto layer = layer_values(view, view.run);
    const DatasetFrame& frame = view.run.frame();
    const std::size_t index = view.run.find(view.state.layer);
    if (index >= frame.indicators.size()) return;
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(
        view.text(msg("{}, end of {}", layer.title, frame.months[std::min(view.state.row, frame.months.size() - 1)])).c_str());
    ImGui::PopTextWrapPos();
    constexpr ImGuiTableFlags flags =
        ImGuiTableFlags_RowBg | ImGuiTableFlags_BordersInnerV | ImGuiTableFlags_ScrollY | ImGuiTableFlags_SizingStretchProp;
    const int columns = view.base ? 4 : 3;
    if (!ImGui::BeginTable("##values", columns, flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn(view.text(view.state.level == Level::block ? tr("Block") : tr("Sub-district")).c_str());
    ImGui::TableSetupColumn(view.text(tr("Value")).c_str());
    ImGui::TableSetupColumn(view.text(tr("Since the start")).c_str());
    if (view.base) ImGui::TableSetupColumn(view.text(tr("Against the base")).c_str());
    ImGui::TableHeadersRow();
    const IndicatorInfo& one = frame.indicators[index];
    const std::size_t row = std::min(view.state.row, last_row(view.run));
    for (std::size_t a = 0; a < view.run.areas(view.state.level); ++a) {
        const double v = view.run.value(index, view.state.level, row, a);
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        const std::string name = view.state.level == Level::block
                                     ? name_in(view.state.language, frame.blocks[a].name_zh, frame.blocks[a].name_en)
                                 : view.state.level == Level::subdistrict
                                     ? name_in(view.state.language, frame.subdistricts[a].name_zh, frame.subdistricts[a].name_en)
                                     : view.text(tr("Whole district"));
        const bool chosen = view.state.level == Level::block && view.state.block == a;
        if (ImGui::Selectable((name + "##" + std::to_string(a)).c_str(), chosen, ImGuiSelectableFlags_SpanAllColumns) &&
            view.state.level == Level::block) {
            out.push_back(SelectBlock{a});
        }
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(shown_value(view.text, one, v).c_str());
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(shown_value(view.text, one, v - view.run.value(index, view.state.level, 0, a), true).c_str());
        if (view.base) {
            ImGui::TableNextColumn();
            const double other = view.base->value(view.base->find(one.name), view.state.level, row, a);
            ImGui::TextUnformatted(shown_value(view.text, one, v - other, true).c_str());
        }
    }
    ImGui::EndTable();
}

void time_bar(const ViewModel& view, Commands& out) {
    const DatasetFrame& frame = view.run.frame();
    const Palette& p = palette(view.state.theme);
    const float em = ImGui::GetFontSize();
    if (ImGui::Button("◀###back")) out.push_back(StepRow{-1});
    ImGui::SameLine();
    const float play_width = em * 4.5F;
    if (ImGui::Button((view.text(view.state.playing ? tr("Pause") : tr("Play")) + "###play").c_str(), {play_width, 0}))
        out.push_back(Play{!view.state.playing});
    ImGui::SameLine();
    if (ImGui::Button("▶###forward")) out.push_back(StepRow{1});
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(frame.months.empty() ? "" : frame.months[std::min(view.state.row, frame.months.size() - 1)].c_str());
    ImGui::SameLine();
    ImGui::SetNextItemWidth(em * 5);
    auto speed = static_cast<float>(view.state.months_per_second);
    if (ImGui::SliderFloat("###speed", &speed, 1, 60, "", ImGuiSliderFlags_Logarithmic | ImGuiSliderFlags_NoInput))
        out.push_back(SetSpeed{static_cast<double>(speed)});
    ImGui::SameLine();
    const float text_left = ImGui::GetCursorPosX();
    ImGui::TextUnformatted(view.text(msg("{} months/s", view.text.number(static_cast<double>(speed), 0))).c_str());
    ImGui::SameLine(text_left + ImGui::CalcTextSize(view.text(msg("{} months/s", "000")).c_str()).x + em * 0.6F);

    // The slider with year marks: simulated months solid, those to come faint.
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = std::max(ImGui::GetContentRegionAvail().x - em * 0.5F, 10.0F), height = em * 2.6F;
    ImGui::InvisibleButton("###time", {width, height});
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const std::size_t months = std::max<std::size_t>(frame.months.size(), 2);
    const float y = at.y + em * 0.7F, small = em * 0.82F;
    auto px = [&](std::size_t row) { return at.x + em * 0.5F + (width - em) * static_cast<float>(row) / static_cast<float>(months - 1); };
    draw->AddLine({px(0), y}, {px(months - 1), y}, packed(p.grid), em * 0.35F);
    draw->AddLine({px(0), y}, {px(last_row(view.run)), y}, packed(p.accent, 110), em * 0.35F);
    const Month first = view.run.month(0);
    float last_label = -1e9F;
    for (std::size_t row = 0; row < months; ++row) {
        const Month month = first + static_cast<int>(row);
        if (month.month_of_year() != 1) continue;
        draw->AddLine({px(row), y - em * 0.3F}, {px(row), y + em * 0.45F}, packed(p.faint_ink));
        const std::string year = fmt::format("{}", month.year());
        const float half = ImGui::GetFont()->CalcTextSizeA(small, 1e9F, 0, year.c_str()).x / 2;
        if (px(row) - half < last_label + small * 0.6F) continue;
        draw->AddText(ImGui::GetFont(), small, {px(row) - half, y + em * 0.55F}, packed(p.faint_ink), year.c_str());
        last_label = px(row) + half;
    }
    draw->AddCircleFilled({px(std::min(view.state.row, months - 1)), y}, em * 0.5F, packed(p.accent));
    if (ImGui::IsItemActive()) {
        const float share = std::clamp((ImGui::GetIO().MousePos.x - px(0)) / std::max(px(months - 1) - px(0), 1.0F), 0.0F, 1.0F);
        out.push_back(SetRow{static_cast<std::size_t>(std::lround(share * static_cast<float>(months - 1)))});
    }
}

void help_window(const ViewModel& view, Commands& out) {
    struct Line {
        const char* keys;
        std::string_view what;
    };
    static constexpr Line lines[] = {
        {"Space", tr("play or pause")},
        {"← →", tr("one month back or on (with Shift: a year)")},
        {"↑ ↓", tr("faster or slower")},
        {"Home End", tr("first or last month")},
        {"1 … 9", tr("layers: population, jobs, self-containment, self-sufficiency, coverage, circle, vacated, reused, satisfaction")},
        {"+ -", tr("zoom in or out; F fits the district")},
        {"Ctrl + -", tr("larger or smaller text")},
        {"Tab", tr("next panel (with Shift: the one before)")},
        {"Esc", tr("close a message, or select nothing")},
        {"L", tr("Chinese or English")},
        {"Ctrl-Z Ctrl-Y", tr("undo and redo a change of levers")},
        {"Ctrl-S", tr("save the scenario")},
        {"Ctrl-P", tr("save a picture")}};
    ImGui::SetNextWindowPos({view.width / 2, view.height / 2}, ImGuiCond_Always, {0.5F, 0.5F});
    ImGui::Begin((view.text(tr("Help")) + "###help_window").c_str(), nullptr,
                 ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_AlwaysAutoResize);
    ImGui::TextUnformatted(view.text(tr("Map: drag to move, wheel to zoom, click to select, double-click to zoom to a block.")).c_str());
    if (ImGui::BeginTable("##keys", 2, ImGuiTableFlags_SizingFixedFit)) {
        for (const Line& line : lines) {
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(line.keys);
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(view.text(line.what).c_str());
        }
        ImGui::EndTable();
    }
    if (ImGui::Button((view.text(tr("Close")) + "###close_help").c_str())) out.push_back(Toggle{Switch::help});
    ImGui::End();
}

}  // namespace hutong
