// The list of layers: what is shown, how, and on which areas.
#include <algorithm>
#include <cstring>

#include <imgui.h>

#include "viz/ui.h"

namespace hutong {
namespace {

/// Indicators by kind come in families; the title of each.
std::string_view family_title(std::string_view family) {
    struct Family {
        std::string_view name, title;
    };
    static constexpr Family families[] = {{"coverage", tr("Served at standard, by service")},
                                          {"reach", tr("Within reach, by service")},
                                          {"jobs", tr("Jobs by sector")},
                                          {"businesses", tr("Businesses by sector")},
                                          {"space_area", tr("Area of spaces by stage")},
                                          {"opened_area", tr("Opened area by direction")},
                                          {"months_to_opening", tr("Months to opening")},
                                          {"age", tr("Residents by age")},
                                          {"census", tr("Residents by the census' age groups")}};
    for (const Family& f : families) {
        if (f.name == family) return f.title;
    }
    return {};
}

/// The family of an indicator: what stands before the dot, or before the underscore of an age group.
std::string family_of(const std::string& name) {
    for (const char* ages : {"age", "census"}) {
        if (name.starts_with(std::string(ages) + "_")) return ages;
    }
    const std::size_t dot = name.find('.');
    return dot == std::string::npos ? std::string() : name.substr(0, dot);
}

bool contains(const std::string& text, const std::string& wanted) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), [&](char a, char b) { return lower(a) == lower(b); }) !=
           text.end();
}

void radio(const ViewModel& view, std::string_view label, bool chosen, const Command& command, Commands& out, bool same_line = true) {
    if (same_line) ImGui::SameLine();
    if (ImGui::RadioButton(view.text(label).c_str(), chosen)) out.push_back(command);
}

void checkbox(const ViewModel& view, std::string_view label, bool on, Switch which, Commands& out) {
    if (ImGui::Checkbox(view.text(label).c_str(), &on)) out.push_back(Toggle{which});
}

void layer_entry(const ViewModel& view, const IndicatorInfo& one, Commands& out) {
    const std::string label = label_of(view.text, one);
    if (ImGui::Selectable((label + "###layer_" + one.name).c_str(), view.state.layer == one.name)) out.push_back(SetLayer{one.name});
    if (ImGui::IsItemHovered()) {
        ImGui::BeginTooltip();
        ImGui::PushTextWrapPos(ImGui::GetFontSize() * 24);
        ImGui::TextUnformatted(label.c_str());
        ImGui::TextUnformatted(view.text(one.definition).c_str());
        if (!one.unit.empty()) ImGui::TextUnformatted(view.text(msg("unit: {}", view.text(one.unit))).c_str());
        ImGui::TextUnformatted(view.text(msg("known how: {}", view.text(one.status))).c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    }
}

}  // namespace

void layers_panel(const ViewModel& view, Commands& out) {
    const ViewState& s = view.state;
    ImGui::TextUnformatted(view.text(tr("Shown")).c_str());
    radio(view, tr("value"), s.shown == Shown::value, SetShown{Shown::value}, out, false);
    radio(view, tr("change since the start"), s.shown == Shown::change, SetShown{Shown::change}, out);
    if (view.base) radio(view, tr("difference to the base"), s.shown == Shown::difference, SetShown{Shown::difference}, out, false);
    radio(view, tr("blocks"), s.level == Level::block, SetLevel{Level::block}, out, false);
    radio(view, tr("sub-districts"), s.level == Level::subdistrict, SetLevel{Level::subdistrict}, out);
    checkbox(view, tr("per km²"), s.per_area, Switch::per_area, out);
    ImGui::SameLine();
    checkbox(view, tr("names"), s.names, Switch::names, out);
    ImGui::SameLine();
    checkbox(view, tr("spaces"), s.spaces, Switch::spaces, out);
    if (s.spaces) checkbox(view, tr("spaces by category"), s.categories, Switch::categories, out);
    if (!view.run.frame().streets.empty()) {
        checkbox(view, tr("streets"), s.streets, Switch::streets, out);
        ImGui::SameLine();
        checkbox(view, tr("facilities"), s.facilities, Switch::facilities, out);
    }
    if (view.live) {
        checkbox(view, tr("homes"), s.homes, Switch::homes, out);
        ImGui::SameLine();
        checkbox(view, tr("work places"), s.work_places, Switch::work_places, out);
    }
    if (view.base) {
        radio(view, tr("one map"), s.arrangement == Arrangement::single, SetArrangement{Arrangement::single}, out, false);
        radio(view, tr("side by side"), s.arrangement == Arrangement::side_by_side, SetArrangement{Arrangement::side_by_side}, out);
        radio(view, tr("swipe"), s.arrangement == Arrangement::swipe, SetArrangement{Arrangement::swipe}, out);
    }
    ImGui::Separator();
    ImGui::TextUnformatted(view.text(tr("Layer")).c_str());
    char filter[128] = {};
    std::strncpy(filter, s.filter.c_str(), sizeof filter - 1);
    ImGui::SetNextItemWidth(-1);
    if (ImGui::InputTextWithHint("###filter", view.text(tr("search")).c_str(), filter, sizeof filter))
        out.push_back(SetFilter{filter, false});
    ImGui::BeginChild("##list");
    const auto& all = view.run.frame().indicators;
    auto matches = [&](const IndicatorInfo& one) {
        return one.lowest <= Level::subdistrict &&
               (s.filter.empty() || contains(label_of(view.text, one), s.filter) || contains(one.name, s.filter));
    };
    // A family stands where its first member stands, with all its members.
    std::vector<std::string> shown;
    for (const IndicatorInfo& first : all) {
        if (!matches(first)) continue;
        const std::string family = family_of(first.name);
        const std::string_view title = family_title(family);
        if (title.empty()) {
            layer_entry(view, first, out);
            continue;
        }
        if (std::find(shown.begin(), shown.end(), family) != shown.end()) continue;
        shown.push_back(family);
        if (!s.filter.empty() || family_of(s.layer) == family)
            ImGui::SetNextItemOpen(true, s.filter.empty() ? ImGuiCond_Once : ImGuiCond_Always);
        if (!ImGui::TreeNode((view.text(title) + "###family_" + family).c_str())) continue;
        for (const IndicatorInfo& one : all) {
            if (family_of(one.name) == family && matches(one)) layer_entry(view, one, out);
        }
        ImGui::TreePop();
    }
    ImGui::EndChild();
}

}  // namespace hutong
