// The map panel: the picture, names, legend, scale bar, marks, tooltips, and what the mouse does.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui.h>

#include "analysis/explain.h"
#include "viz/map_frame.h"
#include "viz/theme.h"
#include "viz/ui.h"

namespace hutong {
namespace {

constexpr double name_zoom_blocks = 2.6;  ///< from this zoom on blocks have names

/// Text with a rim in the colour of the ground, readable on any class.
void rimmed_text(ImDrawList* draw, float size, ImVec2 at, Colour ink, Colour rim, const std::string& text) {
    ImFont* font = ImGui::GetFont();
    at = {std::floor(at.x), std::floor(at.y)};
    for (const ImVec2 shift :
         {ImVec2{-1, 0}, ImVec2{1, 0}, ImVec2{0, -1}, ImVec2{0, 1}, ImVec2{-1, -1}, ImVec2{1, 1}, ImVec2{-1, 1}, ImVec2{1, -1}})
        draw->AddText(font, size, {at.x + shift.x, at.y + shift.y}, packed(rim, 200), text.c_str());
    draw->AddText(font, size, at, packed(ink), text.c_str());
}

/// Text on a plate in the colour of the ground: readable on any class and over streets and dots.
void plated_text(ImDrawList* draw, float size, ImVec2 at, Colour ink, Colour plate, const std::string& text) {
    const ImVec2 extent = ImGui::GetFont()->CalcTextSizeA(size, 1e9F, 0, text.c_str());
    at = {std::floor(at.x), std::floor(at.y)};
    draw->AddRectFilled({at.x - size * 0.25F, at.y - size * 0.05F}, {at.x + extent.x + size * 0.25F, at.y + extent.y + size * 0.08F},
                        packed(plate, 190), size * 0.3F);
    draw->AddText(ImGui::GetFont(), size, at, packed(ink), text.c_str());
}

ImVec2 text_size(float size, const std::string& text) { return ImGui::GetFont()->CalcTextSizeA(size, 1e9F, 0, text.c_str()); }

void draw_names(const ViewModel& view, const MapFrame& frame, ImVec2 origin, ImDrawList* draw) {
    const DatasetFrame& f = view.run.frame();
    const Palette& p = palette(view.state.theme);
    const float em = ImGui::GetFontSize();
    auto centred = [&](const Point& at, const std::string& name, float size, float lift) {
        const Pixel q = frame.pixel(at);
        const ImVec2 extent = text_size(size, name);
        plated_text(draw, size, {origin.x + q.x - extent.x / 2, origin.y + q.y - extent.y / 2 + lift}, p.ink, p.ground, name);
    };
    if (view.state.camera.zoom >= name_zoom_blocks) {
        for (const BlockInfo& block : f.blocks) {
            MapBounds box;
            for (const auto& ring : block.rings) {
                for (const Point& q : ring) box.add(q);
            }
            centred({(box.low_x + box.high_x) / 2, (box.low_y + box.high_y) / 2},
                    name_in(view.state.language, block.name_zh, block.name_en), em * 0.8F, 0);
        }
        return;
    }
    for (std::size_t s = 0; s < f.subdistricts.size(); ++s)
        centred(subdistrict_middle(f.blocks, s),
                short_place_name(name_in(view.state.language, f.subdistricts[s].name_zh, f.subdistricts[s].name_en)), em * 0.9F, 0);
}

struct LegendEntry {
    Colour colour;
    std::string label;
    bool round = false;
};

std::vector<LegendEntry> legend_entries(const ViewModel& view, const LayerValues& layer) {
    std::vector<LegendEntry> entries;
    const std::size_t classes = layer.edges.size() > 1 ? layer.edges.size() - 1 : 0;
    for (std::size_t k = classes; k-- > 0;) {
        entries.push_back(
            {class_colour(k, classes, layer.diverging), view.text(msg("{} – {}", view.text.number(layer.edges[k], layer.decimals),
                                                                      view.text.number(layer.edges[k + 1], layer.decimals)))});
    }
    if (std::any_of(layer.values.begin(), layer.values.end(), [](double v) { return !std::isfinite(v); }) || classes == 0)
        entries.push_back({palette(view.state.theme).no_value, view.text(tr("no value"))});
    return entries;
}

std::vector<LegendEntry> space_entries(const ViewModel& view) {
    std::vector<LegendEntry> entries;
    const Theme theme = view.state.theme;
    const auto& log = view.run.space_log();
    if (view.state.categories) {
        for (std::size_t c = 0; c < space_categories; ++c) {
            const auto category = static_cast<SpaceCategory>(c);
            if (std::none_of(log.spaces.begin(), log.spaces.end(), [&](const SpaceInfo& s) { return s.category == category; })) continue;
            entries.push_back({category_colour(category, theme), view.text(category_label(static_cast<std::uint8_t>(c))), true});
        }
        return entries;
    }
    entries.push_back({space_colour(SpaceStage::vacant, -1, theme), view.text(tr("space: vacant")), true});
    entries.push_back({space_colour(SpaceStage::works, -1, theme), view.text(tr("space: plan or works under way")), true});
    if (log.use_direction.empty()) {
        entries.push_back({space_colour(SpaceStage::open, -1, theme), view.text(tr("space: in use")), true});
    } else {
        static constexpr std::string_view labels[] = {tr("in use: service"), tr("in use: green"), tr("in use: convenience"),
                                                      tr("in use: high-end"), tr("in use: other")};
        static_assert(std::size(labels) == directions);
        for (int d = 0; d < directions; ++d) entries.push_back({space_colour(SpaceStage::open, d, theme), view.text(labels[d]), true});
    }
    entries.push_back({space_colour(SpaceStage::left_blank, -1, theme), view.text(tr("space: left blank")), true});
    return entries;
}

void draw_legend(const ViewModel& view, const LayerValues& layer, ImVec2 origin, ImVec2 size, ImDrawList* draw) {
    const Palette& p = palette(view.state.theme);
    const float em = ImGui::GetFontSize(), small = em * 0.85F, line = small * 1.35F, pad = em * 0.6F;
    auto entries = legend_entries(view, layer);
    if (view.state.spaces) {
        const auto spaces = space_entries(view);
        entries.insert(entries.end(), spaces.begin(), spaces.end());
    }
    if (view.state.facilities && !view.run.frame().facility_sites.empty())
        entries.push_back({line_colour(0, view.state.theme), view.text(tr("facility (colour by service)"))});
    const auto number = [&](std::uint64_t n) { return view.text.count(static_cast<std::int64_t>(n)); };
    const bool together = view.pictures.agents_together;
    if (view.live && view.state.homes) {
        const std::string in_view = number(view.pictures.homes_in_view);
        entries.push_back({home_colour(), view.text(together ? msg("homes: area by number, {} residents in view", in_view)
                                                             : msg("homes: a point each, {} residents in view", in_view))});
    }
    if (view.live && view.state.work_places) {
        const std::string in_view = number(view.pictures.posts_in_view);
        entries.push_back({work_colour(),
                           view.text(together ? msg("work places: area by number, {} filled posts in view", in_view)
                                              : msg("work places: a point each, {} filled posts in view", in_view)),
                           true});
    }
    std::string head = layer.unit.empty() ? layer.title : view.text(msg("{} ({})", layer.title, layer.unit));
    if (layer.diverging && view.state.shown == Shown::change) head = view.text(msg("{}: change since the start", head));
    if (layer.diverging && view.state.shown == Shown::difference) head = view.text(msg("{}: difference to the base", head));
    const float head_width = em * 15;
    float wide = 0;
    for (const auto& e : entries) wide = std::max(wide, text_size(small, e.label).x + small * 2);
    const ImVec2 head_size = ImGui::GetFont()->CalcTextSizeA(small, 1e9F, head_width, head.c_str());
    wide = std::max(wide, head_size.x) + 2 * pad;
    const float high = head_size.y + static_cast<float>(entries.size()) * line + 2 * pad + 4;
    const ImVec2 at{origin.x + pad, std::min(origin.y + em * 3.6F, origin.y + size.y - high - pad)};
    draw->AddRectFilled(at, {at.x + wide, at.y + high}, packed(p.panel, 228), 4);
    draw->AddRect(at, {at.x + wide, at.y + high}, packed(p.grid), 4);
    draw->AddText(ImGui::GetFont(), small, {at.x + pad, at.y + pad}, packed(p.ink), head.c_str(), nullptr, head_width);
    float y = at.y + pad + head_size.y + 4;
    for (const auto& e : entries) {
        if (e.round) {
            draw->AddCircleFilled({at.x + pad + small * 0.6F, y + line / 2}, small * 0.42F, packed(e.colour));
            draw->AddCircle({at.x + pad + small * 0.6F, y + line / 2}, small * 0.42F, packed(p.faint_ink));
        } else {
            draw->AddRectFilled({at.x + pad, y + 1}, {at.x + pad + small * 1.3F, y + line - 1}, packed(e.colour));
        }
        draw->AddText(ImGui::GetFont(), small, {at.x + pad + small * 1.8F, y + line * 0.1F}, packed(p.ink), e.label.c_str());
        y += line;
    }
}

void draw_scale_bar(const ViewModel& view, const MapFrame& frame, ImVec2 origin, ImVec2 size, ImDrawList* draw) {
    const Palette& p = palette(view.state.theme);
    const float em = ImGui::GetFontSize();
    double metres = 2000;
    while (metres * frame.pixels_per_metre() > 160.0 * view.state.scale && metres > 20) metres /= metres == 500 || metres == 50 ? 2.5 : 2;
    const auto wide = static_cast<float>(metres * frame.pixels_per_metre());
    const ImVec2 right{origin.x + size.x - em, origin.y + size.y - em};
    const std::string label =
        metres >= 1000 ? view.text(msg("{} km", view.text.number(metres / 1000, 0))) : view.text(msg("{} m", view.text.number(metres, 0)));
    draw->AddLine({right.x - wide, right.y}, right, packed(p.ink), 2);
    draw->AddLine({right.x - wide, right.y}, {right.x - wide, right.y - 6}, packed(p.ink), 2);
    draw->AddLine(right, {right.x, right.y - 6}, packed(p.ink), 2);
    const ImVec2 extent = text_size(em * 0.85F, label);
    rimmed_text(draw, em * 0.85F, {right.x - wide / 2 - extent.x / 2, right.y - extent.y - 4}, p.ink, p.ground, label);
}

void draw_caption(const ViewModel& view, const Dataset& run, ImVec2 origin, ImDrawList* draw) {
    const Palette& p = palette(view.state.theme);
    const float em = ImGui::GetFontSize();
    const std::size_t row = std::min(view.state.row, run.frame().months.size() - 1);
    const std::string when =
        row == 0 ? view.text(msg("{}: at the start", run.name())) : view.text(msg("{}: end of {}", run.name(), run.frame().months[row]));
    plated_text(draw, em * 1.15F, {origin.x + em * 0.7F, origin.y + em * 0.5F}, p.ink, p.ground, when);
    if (run.frame().marks.schematic_blocks)
        plated_text(draw, em * 0.9F, {origin.x + em * 0.7F, origin.y + em * 2.0F}, p.warning, p.ground, view.text(tr("schematic blocks")));
    if (row > last_row(run))
        plated_text(draw, em, {origin.x + em * 8.0F, origin.y + em * 2.0F}, p.warning, p.ground, view.text(tr("not simulated yet")));
}

std::optional<std::size_t> space_under(const ViewModel& view, const Dataset& run, const MapFrame& frame, Pixel mouse) {
    if (!view.state.spaces) return std::nullopt;
    MapCache own;
    const std::vector<Point>& points = (view.map ? *view.map : own).spaces(run);
    const auto& now = run.spaces_in(std::min(view.state.row, last_row(run)));
    const float near = 8 * view.state.scale;
    float best = near * near;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (now[i].stage == SpaceStage::occupied) continue;
        const Pixel q = frame.pixel(points[i]);
        const float d = (q.x - mouse.x) * (q.x - mouse.x) + (q.y - mouse.y) * (q.y - mouse.y);
        if (d < best) {
            best = d;
            found = i;
        }
    }
    return found;
}

void block_tooltip(const ViewModel& view, const Dataset& run, std::size_t block) {
    const DatasetFrame& f = run.frame();
    const BlockInfo& b = f.blocks[block];
    const std::size_t index = run.find(view.state.layer);
    ImGui::TextUnformatted(view.text(msg("{} ({})", name_in(view.state.language, b.name_zh, b.name_en), b.code)).c_str());
    const auto& sub = f.subdistricts[b.subdistrict];
    ImGui::TextDisabled("%s", name_in(view.state.language, sub.name_zh, sub.name_en).c_str());
    if (index >= f.indicators.size()) return;
    const IndicatorInfo& one = f.indicators[index];
    const std::size_t row = std::min(view.state.row, last_row(run));
    const Level level = std::max(view.state.level, one.lowest);
    const std::size_t area = level == Level::block ? block : level == Level::subdistrict ? b.subdistrict : 0;
    const double v = run.value(index, level, row, area), start = run.value(index, level, 0, area);
    auto line = [&](std::string_view what, const std::string& value) {
        ImGui::TextUnformatted(view.text(msg("{}: {}", view.text(what), value)).c_str());
    };
    line(label_of(view.text, one), shown_value(view.text, one, v));
    line(tr("since the start"), shown_value(view.text, one, v - start, true));
    if (view.base && &run != view.base) {
        const double other = view.base->value(view.base->find(one.name), level, row, area);
        line(tr("against the base"), shown_value(view.text, one, v - other, true));
    }
    const Band band = run.band(index, level, row, area);
    if (std::isfinite(band.low))
        ImGui::TextUnformatted(view.text(msg("5 to 95 % of {} replicates: {} to {}", run.replicates(),
                                             shown_value(view.text, one, band.low), shown_value(view.text, one, band.high)))
                                   .c_str());
}

void space_tooltip(const ViewModel& view, const Dataset& run, std::size_t space) {
    const SpaceLog& log = run.space_log();
    const SpaceInfo& s = log.spaces[space];
    const SpaceNow& now = run.spaces_in(std::min(view.state.row, last_row(run)))[space];
    ImGui::TextUnformatted(view.text(msg("{} ({})", name_in(view.state.language, s.name_zh, s.name_en), s.code)).c_str());
    ImGui::TextUnformatted(view.text(msg("{}, {}, {}", view.text(category_label(static_cast<std::uint8_t>(s.category))),
                                         view.text(owner_label(static_cast<std::uint8_t>(s.owner))), view.text.area_m2(s.area_m2)))
                               .c_str());
    ImGui::TextUnformatted(view.text(msg("{} since {}", stage_name(view.text, now.stage), now.since.text())).c_str());
    if (now.use < log.uses.size())
        ImGui::TextUnformatted(view.text(msg("use: {}", name_in(view.state.language, log.uses[now.use].zh, log.uses[now.use].en))).c_str());
    if (const PlaceName* body = log.agency_in(now.agency, view.run.month(view.state.row)))
        ImGui::TextUnformatted(view.text(msg("held by: {}", name_in(view.state.language, body->zh, body->en))).c_str());
    if (now.clause > 0 && now.clause < log.clauses.size())
        ImGui::TextUnformatted(view.text(msg("clause {}", log.clauses[now.clause])).c_str());
    if (!s.placed) ImGui::TextDisabled("%s", view.text(tr("its place inside the block is not known to this file")).c_str());
}

/// One map with everything on it; `part` cuts the picture for swiping.
void one_map(const ViewModel& view, const Dataset& run, std::uint64_t texture, ImVec2 at, ImVec2 size, float from, float to) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    if (texture == 0) return;
    // The render texture is upside down.
    draw->AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture)), {at.x + size.x * from, at.y},
                   {at.x + size.x * to, at.y + size.y}, {from, 1}, {to, 0});
    const MapFrame frame(bounds_of(run.frame().blocks), view.state.camera, size.x, size.y);
    if (view.state.names && from == 0) draw_names(view, frame, at, draw);
}

}  // namespace

void map_panel(const ViewModel& view, const Box& box, Commands& out) {
    const ViewState& s = view.state;
    const bool two = view.base && s.arrangement == Arrangement::side_by_side, swipe = view.base && s.arrangement == Arrangement::swipe;
    const ImVec2 at{box.x, box.y}, whole{box.width, box.height};
    const ImVec2 size{two ? std::floor(box.width / 2) : box.width, box.height};
    const ImVec2 second{box.x + box.width - size.x, box.y};
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const Palette& p = palette(s.theme);
    draw->PushClipRect(at, {at.x + whole.x, at.y + whole.y});
    if (two) {
        one_map(view, *view.base, view.pictures.base_texture, at, size, 0, 1);
        draw_caption(view, *view.base, at, draw);
    }
    const ImVec2 run_at = two ? second : at;
    one_map(view, view.run, view.pictures.texture, run_at, size, 0, 1);
    const auto share = static_cast<float>(s.swipe);
    if (swipe) {
        const Dataset& base = *view.base;
        draw->AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(view.pictures.base_texture)), at,
                       {at.x + size.x * share, at.y + size.y}, {0, 1}, {share, 0});
        const MapFrame frame(bounds_of(base.frame().blocks), s.camera, size.x, size.y);
        if (s.names) draw_names(view, frame, at, draw);
        draw->AddLine({at.x + size.x * share, at.y}, {at.x + size.x * share, at.y + size.y}, packed(p.selection), 3);
        draw_caption(view, base, at, draw);
        const std::string right = view.run.name();
        plated_text(draw, ImGui::GetFontSize() * 1.15F, {at.x + size.x * share + 10, at.y + ImGui::GetFontSize() * 0.5F}, p.ink, p.ground,
                    right);
    } else {
        draw_caption(view, view.run, run_at, draw);
    }
    if (two) draw->AddLine({second.x, at.y}, {second.x, at.y + whole.y}, packed(p.grid), 2);
    const MapFrame frame(bounds_of(view.run.frame().blocks), s.camera, size.x, size.y);
    MapCache fresh;
    draw_legend(view, (view.map ? *view.map : fresh).layer(view), at, whole, draw);
    draw_scale_bar(view, frame, at, whole, draw);
    draw->PopClipRect();

    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton("###map_input", whole);
    const ImGuiIO& io = ImGui::GetIO();
    const bool over_second = two && io.MousePos.x >= second.x;
    const ImVec2 own = two && !over_second ? at : run_at;
    const Dataset& run = (two && !over_second) || (swipe && io.MousePos.x < at.x + size.x * share) ? *view.base : view.run;
    const Pixel mouse{io.MousePos.x - own.x, io.MousePos.y - own.y};
    const bool near_swipe = swipe && std::fabs(io.MousePos.x - (at.x + size.x * share)) < 8;
    if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4)) {
        const bool from_line = swipe && std::fabs(io.MouseClickedPos[0].x - (at.x + size.x * share)) < 24;
        if (from_line) {
            out.push_back(SetSwipe{static_cast<double>((io.MousePos.x - at.x) / size.x)});
        } else if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) {
            out.push_back(SetCamera{frame.dragged(io.MouseDelta.x, io.MouseDelta.y)});
        }
        return;
    }
    if (!ImGui::IsItemHovered()) return;
    constexpr double wheel_step = 1.2, block_zoom = 4;
    if (io.MouseWheel != 0) out.push_back(SetCamera{frame.zoomed(std::pow(wheel_step, io.MouseWheel), mouse)});
    const auto block = block_at(run.frame().blocks, frame.point(mouse));
    const auto space = space_under(view, run, frame, mouse);
    if (near_swipe) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    } else if (space || block) {
        ImGui::BeginTooltip();
        space ? space_tooltip(view, run, *space) : block_tooltip(view, run, *block);
        ImGui::EndTooltip();
    }
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        if (block) {
            MapBounds bounds;
            for (const auto& ring : run.frame().blocks[*block].rings) {
                for (const Point& q : ring) bounds.add(q);
            }
            out.push_back(SetCamera{MapFrame::at({(bounds.low_x + bounds.high_x) / 2, (bounds.low_y + bounds.high_y) / 2}, block_zoom)});
        } else {
            out.push_back(SetCamera{Camera{}});
        }
    } else if (ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !ImGui::IsMouseDragging(ImGuiMouseButton_Left, 4) &&
               std::fabs(io.MouseClickedPos[0].x - io.MousePos.x) < 4 && std::fabs(io.MouseClickedPos[0].y - io.MousePos.y) < 4) {
        if (space) {
            out.push_back(SelectSpace{space});
            out.push_back(SetTab{Tab::place});
        } else {
            out.push_back(SelectSpace{});
            out.push_back(SelectBlock{block});
        }
    }
}

}  // namespace hutong
