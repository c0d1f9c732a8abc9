// The selected block or space: figures, the space's history, its permitted uses and, where a scenario is open, the decision.
#include <algorithm>
#include <cmath>

#include <imgui.h>

#include "analysis/explain.h"
#include "viz/theme.h"
#include "viz/ui.h"

namespace hutong {
namespace {

const std::string& name(const ViewModel& view, const PlaceName& place) { return name_in(view.state.language, place.zh, place.en); }

void wrapped(const std::string& text) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopTextWrapPos();
}

void heading(const std::string& text) {
    ImGui::Dummy({0, ImGui::GetFontSize() * 0.3F});
    ImGui::TextUnformatted(text.c_str());
    ImGui::Separator();
}

/// Figures of a block, or of the district: value, since the start, against the base.
void figures(const ViewModel& view) {
    static constexpr const char* names[] = {"population",       "households",         "floating",        "jobs",     "businesses",
                                            "self_containment", "self_sufficiency",   "jobs_housing",    "coverage", "circle",
                                            "satisfaction",     "green_per_resident", "parking_per_car", "vacancy",  "rent",
                                            "vacated_area",     "reused_area"};
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp;
    if (!ImGui::BeginTable("##figures", view.base ? 4 : 3, flags)) return;
    ImGui::TableSetupColumn("");
    ImGui::TableSetupColumn(view.text(tr("Value")).c_str());
    ImGui::TableSetupColumn(view.text(tr("Since the start")).c_str());
    if (view.base) ImGui::TableSetupColumn(view.text(tr("Against the base")).c_str());
    ImGui::TableHeadersRow();
    const std::size_t row = std::min(view.state.row, last_row(view.run));
    for (const char* one_name : names) {
        const std::size_t index = view.run.find(one_name);
        if (index >= view.run.frame().indicators.size()) continue;
        const IndicatorInfo& one = view.run.frame().indicators[index];
        const Level level = view.state.block ? Level::block : Level::district;
        if (level < one.lowest) continue;
        const std::size_t area = view.state.block.value_or(0);
        const double v = view.run.value(index, level, row, area);
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        if (ImGui::Selectable((label_of(view.text, one) + "##" + one.name).c_str(), view.state.layer == one.name)) {
        }
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(shown_value(view.text, one, v).c_str());
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(shown_value(view.text, one, v - view.run.value(index, level, 0, area), true).c_str());
        if (view.base) {
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(
                shown_value(view.text, one, v - view.base->value(view.base->find(one.name), level, row, area), true).c_str());
        }
    }
    ImGui::EndTable();
}

void spaces_of_block(const ViewModel& view, Commands& out) {
    const SpaceLog& log = view.run.space_log();
    const auto& now = view.run.spaces_in(std::min(view.state.row, last_row(view.run)));
    heading(view.text(tr("Spaces of this block")));
    bool any = false;
    for (std::size_t i = 0; i < log.spaces.size(); ++i) {
        if (log.spaces[i].block != *view.state.block) continue;
        any = true;
        const SpaceInfo& s = log.spaces[i];
        const std::string line = view.text(msg("{}, {}: {}", name_in(view.state.language, s.name_zh, s.name_en),
                                               view.text.area_m2(s.area_m2), stage_name(view.text, now[i].stage)));
        if (ImGui::Selectable((line + "##space" + std::to_string(i)).c_str())) out.push_back(SelectSpace{i});
    }
    if (!any) ImGui::TextDisabled("%s", view.text(tr("none")).c_str());
}

void history(const ViewModel& view, std::size_t space) {
    const SpaceLog& log = view.run.space_log();
    heading(view.text(tr("What happened")));
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp;
    if (!ImGui::BeginTable("##history", 4, flags)) return;
    ImGui::TableSetupColumn(view.text(tr("Month")).c_str(), ImGuiTableColumnFlags_WidthFixed, ImGui::GetFontSize() * 4.2F);
    ImGui::TableSetupColumn(view.text(tr("Stage")).c_str());
    ImGui::TableSetupColumn(view.text(tr("Body")).c_str());
    ImGui::TableSetupColumn(view.text(tr("Clause")).c_str(), ImGuiTableColumnFlags_WidthFixed, ImGui::GetFontSize() * 3.2F);
    ImGui::TableHeadersRow();
    const Month until = view.run.month(view.state.row);
    for (const SpaceEvent& e : log.events) {
        if (e.space != space || e.decision == SpaceDecision::measured) continue;
        const bool future = e.month > until.index;
        if (future) ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
        ImGui::TableNextRow();
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(Month{e.month}.text().c_str());
        ImGui::TableNextColumn();
        std::string what = view.text(msg("{}: {}", stage_name(view.text, e.stage), view.text(decision_label(e.decision))));
        if (e.use < log.uses.size()) what += view.text(msg(", {}", name(view, log.uses[e.use])));
        const bool voted = e.decision != SpaceDecision::called && e.decision != SpaceDecision::surrendered;
        if (voted && e.votes_for + e.votes_against > 0) what += view.text(msg(", {} for and {} against", e.votes_for, e.votes_against));
        if (e.yuan > 0) what += view.text(msg(", {}", view.text.yuan(static_cast<double>(e.yuan))));
        wrapped(what);
        ImGui::TableNextColumn();
        const PlaceName* body = log.agency_in(e.agency, Month{e.month});
        wrapped(body ? name(view, *body) : "–");
        ImGui::TableNextColumn();
        ImGui::TextUnformatted(e.clause < log.clauses.size() ? log.clauses[e.clause].c_str() : "");
        if (future) ImGui::PopStyleColor();
    }
    ImGui::EndTable();
}

void permitted_uses(const ViewModel& view, std::size_t space) {
    const SpaceLog& log = view.run.space_log();
    if (log.permitted.empty()) return;
    heading(view.text(tr("Permitted uses, and what excludes the others")));
    std::string open;
    for (std::size_t u = 0; u < log.uses.size(); ++u) {
        if (log.permitted[space * log.uses.size() + u] == 0) open += (open.empty() ? "" : view.text(tr(", "))) + name(view, log.uses[u]);
    }
    wrapped(open.empty() ? view.text(tr("none")) : open);
    if (!ImGui::TreeNode((view.text(tr("excluded")) + "###excluded").c_str())) return;
    for (std::size_t u = 0; u < log.uses.size(); ++u) {
        const std::uint8_t clause = log.permitted[space * log.uses.size() + u];
        if (clause > 0 && clause < log.clauses.size()) wrapped(view.text(msg("{}: {}", log.clauses[clause], name(view, log.uses[u]))));
    }
    ImGui::TreePop();
}

/// Uses with their standing and what they would do, and the button that decides.
void decisions(const ViewModel& view, std::size_t space, Commands& out) {
    heading(view.text(msg("Decide the use from {} on", view.run.month(view.state.row + 1).text())));
    const SpaceStage stage = view.run.spaces_in(std::min(view.state.row, last_row(view.run)))[space].stage;
    if (stage != SpaceStage::vacant && stage != SpaceStage::occupied)
        wrapped(view.text(tr("A plan or a use is there now: a decision takes hold when the space is empty again.")));
    if (!view.live->options_as_of.empty()) {
        wrapped(
            view.text(msg("Newly served: people of the services' target groups; ayes: of the residents around who would vote. As of {}.",
                          view.live->options_as_of)));
    }
    constexpr ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingStretchProp;
    if (!ImGui::BeginTable("##options", 5, flags)) return;
    ImGui::TableSetupColumn(view.text(tr("Use")).c_str(), 0, 2.6F);
    ImGui::TableSetupColumn(view.text(tr("Standing")).c_str(), 0, 3.4F);
    ImGui::TableSetupColumn(view.text(tr("Newly served")).c_str(), 0, 1.5F);
    ImGui::TableSetupColumn(view.text(tr("Ayes")).c_str(), 0, 1);
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, ImGui::GetFontSize() * 4);
    ImGui::TableHeadersRow();
    const SpaceLog& log = view.run.space_log();
    for (const bool permitted : {true, false}) {
        for (const UseOption& option : view.live->options) {
            if (option.permitted != permitted) continue;
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            wrapped(name(view, log.uses[option.use]));
            ImGui::TableNextColumn();
            wrapped(option.clause.empty() ? view.text(option.standing)
                                          : view.text(msg("{} ({})", view.text(option.standing), option.clause)));
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(!option.previewed ? "…" : option.serves ? view.text.count(option.newly_served).c_str() : "–");
            ImGui::TableNextColumn();
            ImGui::TextUnformatted(!option.previewed ? "…" : view.text.share(option.ayes).c_str());
            ImGui::TableNextColumn();
            if (permitted && ImGui::SmallButton((view.text(tr("decide")) + "###decide_" + log.use_codes[option.use]).c_str()))
                out.push_back(DecideUse{space, log.use_codes[option.use]});
        }
    }
    ImGui::EndTable();
}

}  // namespace

void place_tab(const ViewModel& view, Commands& out) {
    const SpaceLog& log = view.run.space_log();
    if (view.state.space && *view.state.space < log.spaces.size()) {
        const std::size_t i = *view.state.space;
        const SpaceInfo& s = log.spaces[i];
        const SpaceNow& now = view.run.spaces_in(std::min(view.state.row, last_row(view.run)))[i];
        heading(view.text(msg("Space {} ({})", name_in(view.state.language, s.name_zh, s.name_en), s.code)));
        wrapped(view.text(msg("{}, {}, {}", view.text(category_label(static_cast<std::uint8_t>(s.category))),
                              view.text(owner_label(static_cast<std::uint8_t>(s.owner))), view.text.area_m2(s.area_m2))));
        wrapped(view.text(msg("{} since {}", stage_name(view.text, now.stage), now.since.text())));
        if (now.use < log.uses.size()) wrapped(view.text(msg("use: {}", name(view, log.uses[now.use]))));
        wrapped(view.text(msg("known how: {}", view.text(s.status))));
        const BlockInfo& b = view.run.frame().blocks[s.block];
        if (ImGui::SmallButton(
                (view.text(msg("Block {}", name_in(view.state.language, b.name_zh, b.name_en))) + "###block_of_space").c_str())) {
            out.push_back(SelectSpace{});
            out.push_back(SelectBlock{s.block});
        }
        if (view.live) decisions(view, i, out);
        history(view, i);
        if (!view.live) permitted_uses(view, i);
        return;
    }
    if (view.state.block) {
        const BlockInfo& b = view.run.frame().blocks[*view.state.block];
        const auto& sub = view.run.frame().subdistricts[b.subdistrict];
        heading(view.text(msg("Block {} ({}), {}", name_in(view.state.language, b.name_zh, b.name_en), b.code,
                              name_in(view.state.language, sub.name_zh, sub.name_en))));
        figures(view);
        spaces_of_block(view, out);
        return;
    }
    heading(view.text(tr("Whole district")));
    figures(view);
    wrapped(view.text(tr("Click a block or a space on the map to see it here.")));
}

void board_tab(const ViewModel& view, Commands& out) {
    const SpaceLog& log = view.run.space_log();
    const std::size_t row = std::min(view.state.row, last_row(view.run));
    const auto& now = view.run.spaces_in(row);
    const Month month = view.run.month(row);
    std::vector<std::size_t> count(space_stages, 0);
    std::vector<double> area(space_stages, 0);
    for (std::size_t i = 0; i < now.size(); ++i) {
        ++count[static_cast<std::size_t>(now[i].stage)];
        area[static_cast<std::size_t>(now[i].stage)] += log.spaces[i].area_m2;
    }
    wrapped(view.text(msg("Where the {} spaces stand at the end of {}. Open a stage to see what holds each.", now.size(), month.text())));
    if (now.empty()) return;
    const Palette& p = palette(view.state.theme);
    const std::size_t most = *std::max_element(count.begin(), count.end());
    for (int s = 0; s < space_stages; ++s) {
        const auto stage = static_cast<SpaceStage>(s);
        const auto k = static_cast<std::size_t>(s);
        const std::string head = view.text(msg("{}: {} spaces, {}", stage_name(view.text, stage),
                                               view.text.count(static_cast<std::int64_t>(count[k])), view.text.area_m2(area[k])));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width =
            ImGui::GetContentRegionAvail().x * static_cast<float>(count[k]) / static_cast<float>(std::max<std::size_t>(most, 1));
        ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + ImGui::GetFontSize() * 1.1F}, packed(p.accent, 45));
        if (!ImGui::TreeNode((head + "###stage" + std::to_string(s)).c_str())) continue;
        // The longest waiting first.
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (now[i].stage == stage) members.push_back(i);
        }
        std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) { return now[a].since < now[b].since; });
        ImGuiListClipper clipper;
        clipper.Begin(static_cast<int>(members.size()));
        while (clipper.Step()) {
            for (int m = clipper.DisplayStart; m < clipper.DisplayEnd; ++m) {
                const std::size_t i = members[static_cast<std::size_t>(m)];
                const SpaceNow& one = now[i];
                std::string line = name_in(view.state.language, log.spaces[i].name_zh, log.spaces[i].name_en);
                if (stage != SpaceStage::occupied) line = view.text(msg("{} · {} months", line, month - one.since));
                if (const PlaceName* body = log.agency_in(one.agency, month)) line += view.text(msg(" · {}", name(view, *body)));
                if (one.clause > 0 && one.clause < log.clauses.size()) line += view.text(msg(" · {}", log.clauses[one.clause]));
                if (ImGui::Selectable((line + "##" + std::to_string(i)).c_str(), view.state.space == i)) {
                    out.push_back(SelectSpace{i});
                    out.push_back(SetTab{Tab::place});
                }
            }
        }
        ImGui::TreePop();
    }
}

}  // namespace hutong
