#include "viz/charts.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <imgui.h>

#include "analysis/colour_scales.h"
#include "viz/theme.h"

namespace hutong {
namespace {

constexpr double percent = 100, million = 1e6, thousand = 1e3;
constexpr std::size_t most_lines = 8;

struct Area {
    Level level = Level::district;
    std::size_t index = 0;
};

class Builder {
public:
    explicit Builder(const ViewModel& view) : view_(view) {
        if (view.state.block) area_ = {Level::block, *view.state.block};
    }

    std::vector<Chart> build() {
        layer();
        population();
        add(tr("Local employment: three shares"), {"self_containment", "self_sufficiency", "local_staff"});
        add(tr("Local employment: nominal jobs-housing ratio"), {"jobs_housing"});
        coverage();
        add(tr("Area vacated and opened by direction"), {"vacated_area", "opened_area.service", "opened_area.green",
                                                         "opened_area.convenience", "opened_area.high_end", "opened_area.other"});
        if (area_.level == Level::district) {
            add(tr("Public spending since the start"), {"capital_spent_yuan", "operating_spent_yuan", "buy_back_spent_yuan"});
            busiest_queues();
        }
        return std::move(charts_);
    }

private:
    const Text& text() const { return view_.text; }

    std::vector<double> values(const Dataset& run, std::size_t indicator) const {
        std::vector<double> out;
        for (std::size_t row = 0; row < run.rows(); ++row) out.push_back(run.value(indicator, area_.level, row, area_.index));
        return out;
    }

    /// Adds the indicator's line, its band, and the base's line behind it.
    void line(Chart& chart, std::string_view name, std::string label = {}) const {
        const std::size_t index = view_.run.find(name);
        if (index >= view_.run.frame().indicators.size()) return;
        const IndicatorInfo& one = view_.run.frame().indicators[index];
        if (area_.level < one.lowest) return;
        if (label.empty()) label = one.kind_en.empty() ? label_of(text(), one) : name_in(view_.state.language, one.kind_zh, one.kind_en);
        Curve line{.label = label, .values = values(view_.run, index), .low = {}, .high = {}, .previous = {}, .colour = chart.lines.size()};
        if (view_.previous) {
            const std::size_t before = view_.previous->find(name);
            if (before < view_.previous->frame().indicators.size()) line.previous = values(*view_.previous, before);
        }
        for (std::size_t k = 0; k < chart.lines.size(); ++k) line.colour -= chart.lines[k].dashed ? 1 : 0;
        if (view_.run.replicates() > 1) {
            for (std::size_t row = 0; row < view_.run.rows(); ++row) {
                const Band band = view_.run.band(index, area_.level, row, area_.index);
                line.low.push_back(band.low);
                line.high.push_back(band.high);
            }
        }
        const std::size_t colour = line.colour;
        chart.lines.push_back(std::move(line));
        if (!view_.base) return;
        const std::size_t other = view_.base->find(name);
        if (other >= view_.base->frame().indicators.size()) return;
        chart.lines.push_back({text()(msg("{} (base)", label)), values(*view_.base, other), {}, {}, {}, colour, true, false});
    }

    Chart begin(std::string title, std::string_view first_indicator) const {
        Chart chart;
        chart.title = std::move(title);
        const std::size_t index = view_.run.find(first_indicator);
        if (index < view_.run.frame().indicators.size()) {
            const IndicatorInfo& one = view_.run.frame().indicators[index];
            chart.unit = unit_of(text(), one);
            if (one.unit == "share") chart.factor = percent;
            if (one.money) {
                chart.factor = 1 / million;
                chart.unit = text()(tr("million yuan"));
            }
        }
        return chart;
    }

    void add(std::string_view title, std::initializer_list<std::string_view> names) {
        Chart chart = begin(text()(title), *names.begin());
        for (const std::string_view name : names) line(chart, name);
        finish(std::move(chart));
    }

    void finish(Chart chart) {
        const bool any = std::any_of(chart.lines.begin(), chart.lines.end(), [](const Curve& l) {
            return std::any_of(l.values.begin(), l.values.end(), [](double v) { return std::isfinite(v); });
        });
        if (any) charts_.push_back(std::move(chart));
    }

    void layer() {
        const std::string& name = view_.state.layer;
        if (name == "population" && area_.level == Level::district) return;  // has a chart of its own
        const std::size_t index = view_.run.find(name);
        if (index >= view_.run.frame().indicators.size()) return;
        const std::string label = label_of(text(), view_.run.frame().indicators[index]);
        Chart chart = begin(text()(msg("Layer: {}", label)), name);
        line(chart, name, label);
        finish(std::move(chart));
    }

    void population() {
        Chart chart = begin(text()(tr("Population and the red line")), "population");
        line(chart, "population");
        const std::size_t people = view_.run.find("population"), headroom = view_.run.find("headroom");
        if (area_.level == Level::district && headroom < view_.run.frame().indicators.size()) {
            Curve red{text()(tr("Red line")), {}, {}, {}, {}, 1, true, true};
            for (std::size_t row = 0; row < view_.run.rows(); ++row)
                red.values.push_back(view_.run.value(people, Level::district, row, 0) + view_.run.value(headroom, Level::district, row, 0));
            chart.lines.push_back(std::move(red));
        }
        finish(std::move(chart));
    }

    /// The services with the lowest coverage at the end, which are the ones the policy is about.
    void coverage() {
        std::vector<std::pair<double, std::string>> services;
        const auto& all = view_.run.frame().indicators;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!all[i].name.starts_with("coverage.")) continue;
            const double v = view_.run.value(i, area_.level, last_row(view_.run), area_.index);
            if (std::isfinite(v)) services.emplace_back(v, all[i].name);
        }
        std::sort(services.begin(), services.end());
        Chart chart = begin(text()(tr("Served at standard: the services that lack most")), "coverage");
        line(chart, "coverage", text()(tr("all services")));
        constexpr std::size_t shown = 5;
        for (std::size_t k = 0; k < std::min(shown, services.size()); ++k) line(chart, services[k].second);
        finish(std::move(chart));
    }

    void busiest_queues() {
        std::vector<std::pair<double, std::string>> queues;
        const auto& all = view_.run.frame().indicators;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!all[i].name.starts_with("queue.")) continue;
            double sum = 0;
            for (std::size_t row = 0; row < view_.run.rows(); ++row) sum += view_.run.value(i, Level::district, row, 0);
            if (sum > 0) queues.emplace_back(-sum, all[i].name);
        }
        std::sort(queues.begin(), queues.end());
        if (queues.empty()) return;
        Chart chart = begin(text()(tr("Cases waiting: the longest queues")), queues.front().second);
        constexpr std::size_t shown = 6;
        for (std::size_t k = 0; k < std::min(shown, queues.size()); ++k) line(chart, queues[k].second);
        finish(std::move(chart));
    }

    const ViewModel& view_;
    Area area_;
    std::vector<Chart> charts_;
};

struct Axis {
    double low = 0, high = 1;
    std::vector<double> ticks;
    int decimals = 0;
};

Axis axis_of(const Chart& chart) {
    double low = 1e300, high = -1e300;
    auto take = [&](double v) {
        if (!std::isfinite(v)) return;
        low = std::min(low, v * chart.factor);
        high = std::max(high, v * chart.factor);
    };
    for (const Curve& line : chart.lines) {
        for (const double v : line.values) take(v);
        for (const double v : line.low) take(v);
        for (const double v : line.high) take(v);
        for (const double v : line.previous) take(v);
    }
    Axis axis;
    if (low > high) return axis;
    if (chart.zero || (low >= 0 && low < 0.4 * high)) low = std::min(low, 0.0);
    constexpr int steps = 4;
    axis.ticks = round_edges(low, high, steps);
    axis.low = axis.ticks.front();
    axis.high = axis.ticks.back();
    const double step = axis.ticks[1] - axis.ticks[0];
    while (axis.decimals < 4 && std::fabs(step * std::pow(10, axis.decimals) - std::round(step * std::pow(10, axis.decimals))) > 1e-6)
        ++axis.decimals;
    return axis;
}

/// 1,240,000 as "1,240k" would need a legend of its own: thousands are kept, millions of m2 and persons are short enough.
std::string tick_text(const ViewModel& view, double v, const Axis& axis) { return view.text.number(v, axis.decimals); }

void dashed_line(ImDrawList* draw, ImVec2 a, ImVec2 b, ImU32 colour, float width, float& carried, float dash) {
    const float dx = b.x - a.x, dy = b.y - a.y, length = std::sqrt(dx * dx + dy * dy);
    constexpr float least = 0.1F;  // pixels: a step that rounding cannot swallow
    for (float at = 0; at < length;) {
        carried = std::fmod(carried, 2 * dash);
        const float left = (carried < dash ? dash : 2 * dash) - carried, end = std::min(length, at + std::max(left, least));
        if (carried < dash)
            draw->AddLine({a.x + dx * at / length, a.y + dy * at / length}, {a.x + dx * end / length, a.y + dy * end / length}, colour,
                          width);
        carried += end - at;
        at = end;
    }
}

/// Hatches between the curve and what it was before the last change: slanted lines, as far as the two lie apart.
template <class At>
void draw_previous(ImDrawList* draw, const Curve& line, ImU32 colour, const At& at) {
    const std::size_t rows = std::min(line.values.size(), line.previous.size());
    constexpr float step = 4, least_apart = 0.75F;
    for (std::size_t row = 1; row < rows; ++row) {
        if (!std::isfinite(line.values[row]) || !std::isfinite(line.previous[row]) || !std::isfinite(line.previous[row - 1])) continue;
        const ImVec2 now = at(row, line.values[row]), before = at(row, line.previous[row]), left = at(row - 1, line.previous[row - 1]);
        if (std::fabs(now.y - before.y) < least_apart) continue;
        draw->AddLine(left, before, colour, 1);
        // One stroke every few pixels, however many months they are.
        if (std::floor(now.x / step) != std::floor(left.x / step)) draw->AddLine(before, {now.x + 2, now.y}, colour, 1);
    }
}

/// The curve in pieces without gaps; one polyline each, for ImGui counts vertices in 16 bits.
template <class At>
void draw_curve(ImDrawList* draw, const Curve& line, ImU32 colour, float dash, const At& at) {
    std::vector<ImVec2> piece;
    auto flush = [&] {
        float carried = 0;
        if (line.dashed) {
            for (std::size_t i = 1; i < piece.size(); ++i) dashed_line(draw, piece[i - 1], piece[i], colour, 1.6F, carried, dash);
        } else if (piece.size() > 1) {
            draw->AddPolyline(piece.data(), static_cast<int>(piece.size()), colour, 0, 2);
        }
        piece.clear();
    };
    for (std::size_t row = 0; row < line.values.size(); ++row) {
        if (std::isfinite(line.values[row])) {
            piece.push_back(at(row));
        } else {
            flush();
        }
    }
    flush();
}

}  // namespace

std::vector<Chart> charts_of(const ViewModel& view) { return Builder(view).build(); }

const std::vector<Chart>& ChartCache::charts(const ViewModel& view) {
    const ViewState& s = view.state;
    const std::string key = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", static_cast<const void*>(&view.run), view.run.version(),
                                        view.run.rows(), static_cast<const void*>(view.base), view.base ? view.base->version() : 0, s.layer,
                                        s.block ? static_cast<std::ptrdiff_t>(*s.block) : -1, static_cast<int>(s.language),
                                        static_cast<const void*>(view.previous), view.previous ? view.previous->version() : 0);
    if (key != key_) {
        charts_ = charts_of(view);
        key_ = key;
    }
    return charts_;
}

std::optional<std::size_t> draw_chart(const ViewModel& view, const Chart& chart, float width, float height) {
    if (!ImGui::IsRectVisible({width, height})) {  // scrolled out of sight
        ImGui::Dummy({width, height});
        return std::nullopt;
    }
    const Palette& p = palette(view.state.theme);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float small = ImGui::GetFontSize() * 0.82F, line_height = small * 1.25F;
    ImFont* font = ImGui::GetFont();
    auto small_width = [&](const std::string& t) { return font->CalcTextSizeA(small, 1e9F, 0, t.c_str()).x; };
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    const std::string title = chart.unit.empty() ? chart.title : view.text(msg("{} ({})", chart.title, chart.unit));
    draw->AddText(font, ImGui::GetFontSize() * 0.95F, origin, packed(p.ink), title.c_str(), nullptr, width);
    float top = origin.y + font->CalcTextSizeA(ImGui::GetFontSize() * 0.95F, 1e9F, width, title.c_str()).y + 3;

    // Legend, wrapped.
    float x = origin.x;
    for (const Curve& line : chart.lines) {
        const float need = small_width(line.label) + 2.6F * small;
        if (x > origin.x && x + need > origin.x + width) {
            x = origin.x;
            top += line_height;
        }
        const ImU32 c = packed(line.target ? p.warning : line_colour(line.colour, view.state.theme));
        float carried = 0;
        const float y = top + line_height / 2;
        if (line.dashed) {
            dashed_line(draw, {x, y}, {x + 1.5F * small, y}, c, 2, carried, small / 4);
        } else {
            draw->AddLine({x, y}, {x + 1.5F * small, y}, c, 2.5F);
        }
        draw->AddText(font, small, {x + 1.8F * small, top + line_height * 0.1F}, packed(p.ink), line.label.c_str());
        x += need;
    }
    if (view.previous && std::any_of(chart.lines.begin(), chart.lines.end(), [](const Curve& l) { return !l.previous.empty(); })) {
        const std::string hatched = view.text(msg("hatched: before the change ({})", view.previous->name()));
        if (x > origin.x && x + small_width(hatched) + 2.6F * small > origin.x + width) {
            x = origin.x;
            top += line_height;
        }
        for (float at = 0; at < 1.5F * small; at += 4)
            draw->AddLine({x + at, top + line_height * 0.85F}, {x + at + 3, top + line_height * 0.2F}, packed(p.faint_ink), 1);
        draw->AddText(font, small, {x + 1.8F * small, top + line_height * 0.1F}, packed(p.ink), hatched.c_str());
    }
    top += line_height + 4;

    const Axis axis = axis_of(chart);
    float left = 0;
    for (const double tick : axis.ticks) left = std::max(left, small_width(tick_text(view, tick, axis)));
    left += origin.x + 6;
    const float right = origin.x + width - 6, bottom = origin.y + height - line_height - 4;
    const std::size_t months = std::max<std::size_t>(view.run.frame().months.size(), 2);
    auto px = [&](double row) { return left + static_cast<float>(row / static_cast<double>(months - 1)) * (right - left); };
    auto py = [&](double v) {
        return bottom - static_cast<float>((v - axis.low) / std::max(axis.high - axis.low, 1e-12)) * (bottom - top);
    };
    for (const double tick : axis.ticks) {
        draw->AddLine({left, py(tick)}, {right, py(tick)}, packed(p.grid));
        const std::string t = tick_text(view, tick, axis);
        draw->AddText(font, small, {left - 5 - small_width(t), py(tick) - small / 2}, packed(p.faint_ink), t.c_str());
    }
    // Years at January.
    const Month first = view.run.month(0);
    float last_label = -1e9F;
    for (std::size_t row = 0; row < months; ++row) {
        const Month month = first + static_cast<int>(row);
        if (month.month_of_year() != 1) continue;
        draw->AddLine({px(static_cast<double>(row)), bottom}, {px(static_cast<double>(row)), bottom + 3}, packed(p.faint_ink));
        const std::string year = fmt::format("{}", month.year());
        const float at = px(static_cast<double>(row)) - small_width(year) / 2;
        if (at < last_label + small || at + small_width(year) > origin.x + width) continue;
        draw->AddText(font, small, {at, bottom + 3}, packed(p.faint_ink), year.c_str());
        last_label = at + small_width(year);
    }
    draw->PushClipRect({left, top - 2}, {right + 2, bottom + 2}, true);
    constexpr std::uint8_t band_alpha = 50;
    for (const Curve& line : chart.lines) {
        const Colour c = line.target ? p.warning : line_colour(line.colour, view.state.theme);
        for (std::size_t row = 1; row < line.low.size(); ++row) {
            if (!std::isfinite(line.low[row]) || !std::isfinite(line.low[row - 1])) continue;
            const auto a = static_cast<double>(row - 1), b = static_cast<double>(row);
            draw->AddQuadFilled({px(a), py(line.low[row - 1] * chart.factor)}, {px(b), py(line.low[row] * chart.factor)},
                                {px(b), py(line.high[row] * chart.factor)}, {px(a), py(line.high[row - 1] * chart.factor)},
                                packed(c, band_alpha));
        }
        constexpr std::uint8_t hatch_alpha = 150;
        draw_previous(draw, line, packed(c, hatch_alpha), [&](std::size_t row, double v) {
            return ImVec2{px(static_cast<double>(row)), py(v * chart.factor)};
        });
        draw_curve(draw, line, packed(c), small / 3, [&](std::size_t row) {
            return ImVec2{px(static_cast<double>(row)), py(line.values[row] * chart.factor)};
        });
    }
    const float now = px(static_cast<double>(std::min(view.state.row, months - 1)));
    draw->AddLine({now, top}, {now, bottom}, packed(p.accent), 1.5F);
    draw->PopClipRect();
    draw->AddLine({left, top}, {left, bottom}, packed(p.faint_ink));
    draw->AddLine({left, bottom}, {right, bottom}, packed(p.faint_ink));

    ImGui::InvisibleButton(("##" + chart.title).c_str(), {width, height});
    if (!ImGui::IsItemHovered()) return std::nullopt;
    const float mouse = ImGui::GetIO().MousePos.x;
    if (mouse < left - 3 || mouse > right + 3) return std::nullopt;
    const double share = std::clamp((mouse - left) / std::max(right - left, 1.0F), 0.0F, 1.0F);
    const auto row = static_cast<std::size_t>(std::lround(share * static_cast<double>(months - 1)));
    if (row >= view.run.rows()) return std::nullopt;
    ImGui::BeginTooltip();
    ImGui::TextUnformatted(view.run.frame().months[row].c_str());
    for (const Curve& line : chart.lines) {
        if (row >= line.values.size() || !std::isfinite(line.values[row])) continue;
        const std::string value =
            view.text.number(line.values[row] * chart.factor, std::max(axis.decimals, chart.factor == percent ? 1 : 0));
        ImGui::TextUnformatted(view.text(msg("{}: {}", line.label, value)).c_str());
    }
    ImGui::EndTooltip();
    return ImGui::IsItemClicked() ? std::optional(row) : std::nullopt;
}

void draw_charts(const ViewModel& view, float width, float height, std::optional<std::size_t> one) {
    const std::vector<Chart> charts = charts_of(view);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float pad = ImGui::GetFontSize();
    if (one) {
        ImGui::SetCursorScreenPos({at.x + pad, at.y + pad});
        if (*one < charts.size()) draw_chart(view, charts[*one], width - 2 * pad, height - 2 * pad);
        return;
    }
    const std::size_t columns = width > 1.2F * height || width > 60 * pad ? 2 : 1, rows = (charts.size() + columns - 1) / columns;
    if (rows == 0) return;
    const float wide = (width - pad) / static_cast<float>(columns), high = (height - pad) / static_cast<float>(rows);
    for (std::size_t k = 0; k < charts.size(); ++k) {
        const std::size_t column = k % columns, row = k / columns;
        ImGui::SetCursorScreenPos({at.x + pad + wide * static_cast<float>(column), at.y + pad + high * static_cast<float>(row)});
        draw_chart(view, charts[k], wide - pad, high - pad);
    }
}

std::vector<std::vector<std::string>> chart_table(const ViewModel& view) {
    std::vector<std::vector<std::string>> table;
    const auto charts = charts_of(view);
    table.push_back({view.text(tr("Month"))});
    for (const Chart& chart : charts) {
        for (const Curve& line : chart.lines)
            table[0].push_back(chart.unit.empty() ? line.label : view.text(msg("{} ({})", line.label, chart.unit)));
    }
    for (std::size_t row = 0; row < view.run.rows(); ++row) {
        auto& cells = table.emplace_back(std::vector<std::string>{view.run.frame().months[row]});
        for (const Chart& chart : charts) {
            for (const Curve& line : chart.lines) {
                const double v = row < line.values.size() ? line.values[row] * chart.factor : no_value();
                cells.push_back(std::isfinite(v) ? fmt::format("{:.6g}", std::fabs(v) < thousand ? v : std::round(v)) : "");
            }
        }
    }
    return table;
}

}  // namespace hutong
