#include "viz/view_model.h"

#include <algorithm>
#include <cmath>

#include "analysis/map_geometry.h"
#include "sim/indicators.h"
#include "viz/map_frame.h"

namespace hutong {
namespace {

constexpr double m2_per_km2 = 1e6, percent = 100;
constexpr float smallest_font = 10, largest_font = 32;
constexpr double slowest = 1, fastest = 120;

void flip(bool& flag) { flag = !flag; }

void toggle(ViewState& state, Switch which) {
    switch (which) {
        case Switch::per_area:
            return flip(state.per_area);
        case Switch::streets:
            return flip(state.streets);
        case Switch::spaces:
            return flip(state.spaces);
        case Switch::facilities:
            return flip(state.facilities);
        case Switch::names:
            return flip(state.names);
        case Switch::homes:
            return flip(state.homes);
        case Switch::work_places:
            return flip(state.work_places);
        case Switch::categories:
            return flip(state.categories);
        case Switch::help:
            return flip(state.help);
        case Switch::assumptions:
            return flip(state.assumptions);
    }
}

double shown_of(const ViewModel& view, const Dataset& run, std::size_t indicator, std::size_t row, std::size_t area) {
    const ViewState& s = view.state;
    double v = run.value(indicator, s.level, row, area);
    if (s.shown == Shown::change) v -= run.value(indicator, s.level, 0, area);
    if (s.shown == Shown::difference && view.base) v -= view.base->value(view.base->find(s.layer), s.level, row, area);
    return v;
}

double area_m2(const Dataset& run, Level level, std::size_t area) {
    const auto& blocks = run.frame().blocks;
    if (level == Level::block) return blocks[area].area_m2;
    double sum = 0;
    for (const BlockInfo& b : blocks) sum += level == Level::district || b.subdistrict == area ? b.area_m2 : 0;
    return sum;
}

bool can_be_per_area(const IndicatorInfo& one) { return one.unit != "share" && one.unit != "1" && one.unit != "month"; }

}  // namespace

std::size_t last_row(const Dataset& run) { return run.rows() > 0 ? run.rows() - 1 : 0; }

void apply(ViewState& state, const Command& command, const Dataset& run) {
    struct Apply {
        ViewState& s;
        const Dataset& run;
        void operator()(const SetRow& c) const { s.row = std::min(c.row, last_row(run)); }
        void operator()(const StepRow& c) const {
            const auto wanted = static_cast<std::ptrdiff_t>(s.row) + c.months;
            s.row = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(wanted, 0, static_cast<std::ptrdiff_t>(last_row(run))));
        }
        void operator()(const Play& c) const {
            s.playing = c.on;
            if (c.on && s.row >= last_row(run) && run.rows() == run.frame().months.size()) s.row = 0;
        }
        void operator()(const SetSpeed& c) const { s.months_per_second = std::clamp(c.months_per_second, slowest, fastest); }
        void operator()(const SetLayer& c) const {
            const std::size_t index = run.find(c.name);
            if (index >= run.frame().indicators.size()) return;
            s.layer = c.name;
            s.level = std::max(s.level == Level::district ? Level::block : s.level, run.frame().indicators[index].lowest);
        }
        void operator()(const SetShown& c) const { s.shown = c.shown; }
        void operator()(const SetLevel& c) const {
            const std::size_t index = run.find(s.layer);
            if (index < run.frame().indicators.size() && c.level >= run.frame().indicators[index].lowest) s.level = c.level;
        }
        void operator()(const SetArrangement& c) const { s.arrangement = c.arrangement; }
        void operator()(const SetSwipe& c) const { s.swipe = std::clamp(c.share, 0.0, 1.0); }
        void operator()(const SetCamera& c) const { s.camera = c.camera; }
        void operator()(const SelectBlock& c) const { s.block = c.block && *c.block < run.frame().blocks.size() ? c.block : std::nullopt; }
        void operator()(const SelectSpace& c) const {
            s.space = c.space && *c.space < run.space_log().spaces.size() ? c.space : std::nullopt;
            if (s.space) s.block = run.space_log().spaces[*s.space].block;
        }
        void operator()(const SetTab& c) const { s.tab = c.tab; }
        void operator()(const SetLanguage& c) const { s.language = c.language; }
        void operator()(const SetTheme& c) const { s.theme = c.theme; }
        void operator()(const SetFontSize& c) const { s.font_size = std::clamp(c.points, smallest_font, largest_font); }
        void operator()(const SetFilter& c) const { (c.levers ? s.lever_filter : s.filter) = c.text; }
        void operator()(const Toggle& c) const { toggle(s, c.which); }
        void operator()(const DismissMessage&) const { s.message.clear(); }
        // The application's own.
        void operator()(const ChangeLever&) const {}
        void operator()(const DecideUse&) const {}
        void operator()(const Undo&) const {}
        void operator()(const Redo&) const {}
        void operator()(const ShowFork&) const {}
        void operator()(const CompareWith&) const {}
        void operator()(const RenameFork&) const {}
        void operator()(const SaveScenario&) const {}
        void operator()(const SavePicture&) const {}
        void operator()(const SetPictureSize& c) const { s.picture = c.size; }
        void operator()(const SaveTable&) const {}
        void operator()(const SaveReport&) const {}
        void operator()(const CopyTable&) const {}
        void operator()(const Quit&) const {}
    };
    std::visit(Apply{state, run}, command);
}

LayerValues layer_values(const ViewModel& view, const Dataset& which) {
    const ViewState& s = view.state;
    LayerValues out;
    const std::size_t index = which.find(s.layer);
    if (index >= which.frame().indicators.size()) return out;
    const IndicatorInfo& one = which.frame().indicators[index];
    const bool per_area = s.per_area && can_be_per_area(one);
    out.diverging = s.shown == Shown::change || (s.shown == Shown::difference && view.base);
    out.title = label_of(view.text, one);
    out.unit = unit_of(view.text, one);
    if (one.unit == "share" && out.diverging) out.unit = view.text(tr("percentage points"));
    if (per_area) out.unit = view.text(msg("{} per km²", view.text(one.unit)));
    const std::size_t areas = which.areas(s.level);
    auto scaled = [&](double v, std::size_t area) {
        if (one.unit == "share") v *= percent;
        if (per_area) v *= m2_per_km2 / std::max(area_m2(which, s.level, area), 1.0);
        return v;
    };
    const std::size_t row = std::min(s.row, last_row(which));
    for (std::size_t a = 0; a < areas; ++a) out.values.push_back(scaled(shown_of(view, which, index, row, a), a));
    // Classes over a dozen months of the whole run and over both runs.
    std::vector<double> all = out.values;
    auto sample = [&](const Dataset& run) {
        const std::size_t at = run.find(s.layer);
        if (at >= run.frame().indicators.size() || run.areas(s.level) != areas) return;
        constexpr std::size_t samples = 12;
        for (std::size_t k = 0; k <= samples; ++k) {
            const std::size_t r = last_row(run) * k / samples;
            for (std::size_t a = 0; a < areas; ++a) all.push_back(scaled(shown_of(view, run, at, r, a), a));
        }
    };
    sample(view.run);
    if (view.base && s.shown != Shown::difference) sample(*view.base);
    out.edges = class_edges(all, out.diverging);
    if (out.edges.size() > 1) {
        const double step = std::fabs(out.edges[1] - out.edges[0]);
        while (out.decimals < 4 && std::fabs(step * std::pow(10, out.decimals) - std::round(step * std::pow(10, out.decimals))) > 1e-6)
            ++out.decimals;
    }
    return out;
}

const LayerValues& MapCache::layer(const ViewModel& view) {
    const ViewState& s = view.state;
    std::string key = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", static_cast<const void*>(&view.run), view.run.version(),
                                  static_cast<const void*>(view.base), view.base ? view.base->version() : 0, s.row, s.layer,
                                  static_cast<int>(s.shown), static_cast<int>(s.level), s.per_area, static_cast<int>(s.language));
    if (key != layer_key_) {
        layer_ = layer_values(view, view.run);
        layer_key_ = std::move(key);
    }
    return layer_;
}

const std::vector<Point>& MapCache::spaces(const Dataset& run) {
    std::string key = fmt::format("{}|{}", static_cast<const void*>(&run), run.space_log().spaces.size());
    if (key != spaces_key_) {
        spaces_ = space_points(run.frame(), run.space_log());
        spaces_key_ = std::move(key);
    }
    return spaces_;
}

std::string label_of(const Text& text, const IndicatorInfo& one) { return indicator_label(text, one.label, one.kind_en, one.kind_zh); }

std::string unit_of(const Text& text, const IndicatorInfo& one) {
    if (one.unit == "1" || one.unit.empty()) return {};
    return one.unit == "share" ? "%" : text(one.unit);
}

std::string shown_value(const Text& text, const IndicatorInfo& one, double value, bool difference) {
    if (!std::isfinite(value)) return "–";
    std::string sign = difference && value > 0 ? "+" : "";
    if (one.money) return sign + text.yuan(value);
    if (one.unit == "share") return sign + (difference ? text(msg("{} points", text.number(value * percent, 2))) : text.share(value));
    const int decimals = one.unit == "1"                                                                              ? 3
                         : one.unit == "month" || one.unit.find("/m2") != std::string::npos || std::fabs(value) < 100 ? 1
                                                                                                                      : 0;
    const double rounded = std::round(value);
    const bool whole = std::fabs(value - rounded) < 1e-9;
    const std::string unit = unit_of(text, one);
    return sign + text.number(value, whole ? 0 : decimals) + (unit.empty() ? "" : " " + unit);
}

std::string stage_name(const Text& text, SpaceStage stage) { return text(space_stage_labels()[static_cast<std::size_t>(stage)].label); }

const std::string& name_in(Language language, const std::string& zh, const std::string& en) {
    const bool chinese = language == Language::chinese;
    return (chinese && !zh.empty()) || en.empty() ? zh : en;
}

}  // namespace hutong
