// The levers, grouped by clause, policy and assumptions apart; the forks and how far they are.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <imgui.h>

#include "viz/theme.h"
#include "viz/ui.h"

namespace hutong {
namespace {

std::string value_text(const ViewModel& view, const ParameterValue& value) {
    if (const auto* v = std::get_if<double>(&value)) return fmt::format("{:g}", *v);
    if (const auto* v = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *v);
    if (const auto* v = std::get_if<bool>(&value)) return view.text(*v ? tr("on") : tr("off"));
    return view.text(std::get<std::string>(value));
}

void wrapped(const std::string& text) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopTextWrapPos();
}

/// A mark on a slider where a value is.
void mark_at(double value, const Declaration& d, Colour colour, bool above) {
    if (!(d.high > d.low)) return;
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    const auto share = static_cast<float>(std::clamp((value - d.low) / (d.high - d.low), 0.0, 1.0));
    const float x = low.x + 5 + share * (high.x - low.x - 10), h = 5;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    above ? draw->AddTriangleFilled({x - h, low.y - 1}, {x + h, low.y - 1}, {x, low.y + h}, packed(colour))
          : draw->AddTriangleFilled({x - h, high.y + 1}, {x, high.y - h}, {x + h, high.y + 1}, packed(colour));
}

double as_number(const ParameterValue& value) {
    if (const auto* v = std::get_if<double>(&value)) return *v;
    if (const auto* v = std::get_if<std::int64_t>(&value)) return static_cast<double>(*v);
    return 0;
}

/// While a slider is dragged its value lives here; it is asked for when the slider is let go.
struct Drag {
    std::string path;
    double value = 0;
};

void number_lever(const LeverRow& row, Drag& drag, const Palette& p, Commands& out) {
    const Declaration& d = row.now.declaration;
    const bool whole = std::holds_alternative<std::int64_t>(row.now.value);
    double value = drag.path == row.now.path ? drag.value : as_number(row.now.value);
    double low = d.low, high = d.high;
    // Ranges that are lawful but unreasonable make a slider useless: near values by default, the lawful by Ctrl-click.
    if (d.draw_high > d.draw_low) {
        low = std::min({d.draw_low, as_number(row.base), as_number(row.normal), value});
        high = std::max({d.draw_high, as_number(row.base), as_number(row.normal), value});
    }
    Declaration shown = d;
    shown.low = low;
    shown.high = high;
    const char* format = whole ? "%.0f" : high - low > 1000 ? "%.0f" : high - low > 20 ? "%.1f" : "%.3f";
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - ImGui::GetFontSize() * 6);
    ImGui::SliderScalar(("###" + row.now.path).c_str(), ImGuiDataType_Double, &value, &low, &high, format);
    if (ImGui::IsItemActive()) drag = {row.now.path, value};
    mark_at(as_number(row.normal), shown, p.faint_ink, false);
    mark_at(as_number(row.base), shown, p.warning, true);
    if (ImGui::IsItemDeactivatedAfterEdit()) {
        value = std::clamp(value, d.low, d.high);
        out.push_back(ChangeLever{
            row.now.path, whole ? ParameterValue(static_cast<std::int64_t>(value + (value < 0 ? -0.5 : 0.5))) : ParameterValue(value)});
        drag = {};
    }
}

void lever(const ViewModel& view, const LeverRow& row, Drag& drag, Commands& out) {
    const Declaration& d = row.now.declaration;
    const Palette& p = palette(view.state.theme);
    const bool changed = row.now.value != row.base;
    if (changed) ImGui::PushStyleColor(ImGuiCol_Text, ImGui::ColorConvertU32ToFloat4(packed(p.warning)));
    wrapped(view.text(d.label));
    if (changed) ImGui::PopStyleColor();
    auto hover = [&] {
        if (!ImGui::IsItemHovered()) return;
        ImGui::BeginTooltip();
        ImGui::PushTextWrapPos(ImGui::GetFontSize() * 26);
        ImGui::TextUnformatted(row.now.path.c_str());
        if (!row.clause_text.empty())
            ImGui::TextUnformatted(view.text(msg("{}: {}. {}", d.clause, row.clause_text, row.clause_holds)).c_str());
        ImGui::TextUnformatted(view.text(msg("base {}, default {}", value_text(view, row.base), value_text(view, row.normal))).c_str());
        if (!std::holds_alternative<bool>(row.normal) && !std::holds_alternative<std::string>(row.normal))
            ImGui::TextUnformatted(view.text(msg("lawful from {} to {}", fmt::format("{:g}", d.low), fmt::format("{:g}", d.high))).c_str());
        ImGui::TextUnformatted(view.text(msg("known how: {}", view.text(status_name(d.status)))).c_str());
        if (!d.source.empty()) ImGui::TextUnformatted(std::string(d.source).c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    };
    hover();
    if (const auto* on = std::get_if<bool>(&row.now.value)) {
        bool flag = *on;
        if (ImGui::Checkbox((view.text(flag ? tr("on") : tr("off")) + "###" + row.now.path).c_str(), &flag))
            out.push_back(ChangeLever{row.now.path, flag});
    } else if (const auto* text = std::get_if<std::string>(&row.now.value)) {
        for (std::size_t c = 0; c < d.choices.size(); ++c) {
            if (c > 0) ImGui::SameLine();
            const std::string choice(d.choices[c]);
            if (ImGui::RadioButton((view.text(choice) + "###" + row.now.path + choice).c_str(), *text == choice) && *text != choice)
                out.push_back(ChangeLever{row.now.path, choice});
        }
    } else {
        number_lever(row, drag, p, out);
        hover();
        ImGui::SameLine();
        ImGui::TextDisabled("%s", view.text(d.unit == "1" ? std::string_view{} : d.unit).c_str());
    }
    if (changed) {
        if (ImGui::SmallButton((view.text(tr("as in the base")) + "###back_" + row.now.path).c_str()))
            out.push_back(ChangeLever{row.now.path, row.base});
    }
}

void forks(const ViewModel& view, Commands& out) {
    const LiveView& live = *view.live;
    for (std::size_t f = 0; f < live.forks.size(); ++f) {
        const ForkRow& fork = live.forks[f];
        std::string line = fork.from.empty() ? fork.name : view.text(msg("{}, from {}", fork.name, fork.from));
        if (ImGui::RadioButton((line + "###fork" + std::to_string(f)).c_str(), live.fork == f)) out.push_back(ShowFork{f});
        if (ImGui::IsItemHovered() && !fork.state_hash.empty())
            ImGui::SetTooltip("%s", view.text(msg("state hash {}", fork.state_hash)).c_str());
        if (f != live.fork) {
            ImGui::SameLine();
            const bool compared = live.compared == f;
            if (ImGui::SmallButton((view.text(compared ? tr("stop comparing") : tr("compare")) + "###compare" + std::to_string(f)).c_str()))
                out.push_back(CompareWith{compared ? std::nullopt : std::optional(f)});
        }
        if (!fork.failure.empty()) {
            wrapped(fork.failure);
        } else if (!fork.finished) {
            const float share = static_cast<float>(fork.rows) / static_cast<float>(std::max<std::size_t>(fork.all_rows, 1));
            ImGui::ProgressBar(share, {-1, ImGui::GetFontSize() * 0.9F},
                               view.text(fork.running ? msg("{} of {} months", fork.rows, fork.all_rows)
                                                      : msg("stopped at {} of {} months", fork.rows, fork.all_rows))
                                   .c_str());
        }
    }
}

}  // namespace

void levers_tab(const ViewModel& view, Commands& out) {
    static Drag drag;
    const LiveView& live = *view.live;
    ImGui::TextUnformatted(view.text(tr("Futures")).c_str());
    forks(view, out);
    ImGui::Separator();
    const std::size_t next = std::min(view.state.row + 1, view.run.frame().months.size() - 1);
    wrapped(view.text(msg("A change holds from {} on: the month after the one in view.", view.run.frame().months[next])));
    bool assumptions = view.state.assumptions;
    if (ImGui::RadioButton((view.text(tr("Policy")) + "###policy").c_str(), !assumptions) && assumptions)
        out.push_back(Toggle{Switch::assumptions});
    ImGui::SameLine();
    if (ImGui::RadioButton((view.text(tr("Assumptions (from the start)")) + "###assumptions").c_str(), assumptions) && !assumptions)
        out.push_back(Toggle{Switch::assumptions});
    char filter[128] = {};
    std::strncpy(filter, view.state.lever_filter.c_str(), sizeof filter - 1);
    ImGui::SetNextItemWidth(-1);
    if (ImGui::InputTextWithHint("###lever_filter", view.text(tr("search")).c_str(), filter, sizeof filter))
        out.push_back(SetFilter{filter, true});
    ImGui::BeginChild("##levers");
    // Policy by clause, assumptions by behaviour, in the order in which they are declared.
    std::vector<std::string> groups;
    auto group_of = [&](const LeverRow& row) {
        if (row.policy) return std::string(row.now.declaration.clause);
        const std::size_t first = row.now.path.find('.') + 1;
        return row.now.path.substr(first, row.now.path.find('.', first) - first);
    };
    auto matches = [&](const LeverRow& row) {
        return row.policy != view.state.assumptions &&
               (view.state.lever_filter.empty() ||
                view.text(row.now.declaration.label).find(view.state.lever_filter) != std::string::npos ||
                row.now.path.find(view.state.lever_filter) != std::string::npos);
    };
    for (const LeverRow& row : live.levers) {
        const std::string group = group_of(row);
        if (matches(row) && std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
    }
    if (!view.state.assumptions) std::sort(groups.begin(), groups.end());
    for (const std::string& group : groups) {
        std::string title = group.empty() ? view.text(tr("no clause")) : group;
        bool any_changed = false;
        for (const LeverRow& row : live.levers) {
            if (group_of(row) != group || !matches(row)) continue;
            if (row.policy && !row.clause_text.empty() && title == group) title = view.text(msg("{} {}", group, row.clause_text));
            any_changed = any_changed || row.now.value != row.base;
        }
        if (any_changed) title += " ●";
        ImGui::SetNextItemOpen(!view.state.lever_filter.empty(), view.state.lever_filter.empty() ? ImGuiCond_Once : ImGuiCond_Always);
        if (!ImGui::CollapsingHeader((title + "###group_" + group).c_str())) continue;
        for (const LeverRow& row : live.levers) {
            if (group_of(row) == group && matches(row)) lever(view, row, drag, out);
        }
    }
    ImGui::EndChild();
}

}  // namespace hutong
