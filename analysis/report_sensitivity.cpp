// Which parameters the result depends on, from a file of `hutong sensitivity`; which levers made a difference, from one
// of `hutong compare --attribute --out`.
#include <algorithm>
#include <cmath>

#include "analysis/report_sections.h"
#include "analysis/statistics.h"
#include "scenarios/assumptions.h"
#include "scenarios/policy.h"

namespace hutong {
namespace {

constexpr std::size_t most_parameters = 5;  // of an indicator
constexpr double most_noise = 0.5;          // of the variance: above, indices say nothing

const std::vector<ParameterRow>& all_parameters() {
    static const std::vector<ParameterRow> rows = [] {
        auto all = list_parameters(Assumptions{}, "assumption");
        const auto levers = list_parameters(Levers{}, "policy");
        all.insert(all.end(), levers.begin(), levers.end());
        return all;
    }();
    return rows;
}

const ParameterRow* parameter_at(const std::string& path) {
    const auto& all = all_parameters();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ParameterRow& row) { return row.path == path; });
    return found == all.end() ? nullptr : &*found;
}

std::string range_text(const Composer& c, const VariedRange& range) {
    if (!range.choices.empty()) return range.choices;
    const ParameterRow* row = parameter_at(range.path);
    const std::string unit = row == nullptr || row->declaration.unit == "1" ? "" : " " + c.t(row->declaration.unit);
    return fmt::format("{:.6g} … {:.6g}{}", range.low, range.high, unit);
}

/// What is known of one parameter's effect on one indicator.
struct EffectRow {
    const VariedRange* parameter = nullptr;
    const MorrisEffect* effect = nullptr;
    const SobolIndex* index = nullptr;
};

bool usable(const SensitivityFile& file, const std::string& indicator) {
    const auto noise = file.indices.noise_share.find(indicator);
    return noise != file.indices.noise_share.end() && !(noise->second > most_noise);
}

/// The parameters that matter most for an indicator, the largest effect first; those without any effect are left out.
std::vector<EffectRow> main_effects(const SensitivityFile& file, const std::string& indicator) {
    std::vector<EffectRow> rows;
    if (const auto found = file.screening.by_indicator.find(indicator); found != file.screening.by_indicator.end()) {
        for (std::size_t p = 0; p < found->second.size(); ++p) {
            if (found->second[p].size > 0) rows.push_back({&file.screening.parameters[p], &found->second[p], nullptr});
        }
    }
    const bool screened = !rows.empty();
    if (const auto found = file.indices.by_indicator.find(indicator); found != file.indices.by_indicator.end() && usable(file, indicator)) {
        for (std::size_t p = 0; p < found->second.size(); ++p) {
            const VariedRange& parameter = file.indices.parameters[p];
            const auto row =
                std::find_if(rows.begin(), rows.end(), [&](const EffectRow& r) { return r.parameter->path == parameter.path; });
            if (row != rows.end()) {
                row->index = &found->second[p];
            } else if (!screened) {
                rows.push_back({&parameter, nullptr, &found->second[p]});
            }
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const EffectRow& a, const EffectRow& b) {
        if (a.effect && b.effect) return a.effect->size > b.effect->size;
        return a.index && b.index && a.index->total > b.index->total;
    });
    if (rows.size() > most_parameters) rows.resize(most_parameters);
    return rows;
}

/// Indicators of the file that the report knows: those of the key results first, in their order.
std::vector<std::string> indicators_of(const Composer& c, const SensitivityFile& file) {
    std::vector<std::string> names;
    auto has = [&](const std::string& name) {
        return c.base().has(name) && (file.screening.by_indicator.contains(name) || file.indices.by_indicator.contains(name));
    };
    auto add = [&](const std::string& name) {
        if (has(name) && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    for (const std::string_view name : key_indicators()) add(std::string(name));
    for (const IndicatorInfo& info : c.base().results.indicators) add(info.name);
    return names;
}

/// Trajectories of the screening: each has one point more than there are parameters.
std::size_t trajectories(const SensitivityFile& file) { return file.screening.points / (file.screening.parameters.size() + 1); }

ReportTable effect_table(const Composer& c, const SensitivityFile& file) {
    const std::size_t walks = trajectories(file);
    const double t = walks > 1 ? student_975(walks - 1) : no_value();
    ReportTable table;
    table.id = "sensitivity";
    table.keys = 2;
    table.title = c.t(tr("Main parameters by indicator"));
    table.note = c.t(
        msg("At most {} parameters an indicator, the largest effect first. Effect: by how much the indicator moves on average when the "
            "parameter goes from the lower to the upper end of its range, the others being anywhere in theirs (Morris); its size leaves "
            "the sign out, so that opposite effects do not cancel, with a 95 % interval over {} trajectories. By chance alone: the size "
            "that other draws would show. Share of the variance: of this parameter alone and with its interactions (Sobol), with 95 % "
            "intervals; none is shown where more than half of the variance is chance.",
            most_parameters, walks));
    table.columns = {{c.t(tr("Indicator")), Form::text, false},
                     {c.t(tr("Parameter")), Form::text, false},
                     {c.t(tr("Range")), Form::text, false},
                     {c.t(tr("Effect")), Form::number, true},
                     {c.t(tr("Size of the effect")), Form::number, false},
                     {c.t(tr("Size, from")), Form::number, false},
                     {c.t(tr("Size, to")), Form::number, false},
                     {c.t(tr("By chance alone")), Form::number, false},
                     {c.t(tr("More than chance")), Form::text, false}};
    const bool indices = !file.indices.by_indicator.empty();
    std::vector<TableColumn> shares;
    if (indices) {
        shares = {{c.t(tr("Share, alone")), Form::text, false},
                  {c.t(tr("95 % interval")), Form::text, false},
                  {c.t(tr("Share with interactions")), Form::text, false},
                  {c.t(tr("95 % interval")), Form::text, false}};
    }
    table.columns.insert(table.columns.end(), shares.begin(), shares.end());
    for (const std::string& name : indicators_of(c, file)) {
        for (const EffectRow& one : main_effects(file, name)) {
            std::vector<Cell> row{c.label(name), c.parameter_label(one.parameter->path), range_text(c, *one.parameter)};
            if (one.effect) {
                const MorrisEffect& e = *one.effect;
                const double half = t * e.size_error;
                row.insert(row.end(), {e.mean, e.size, std::max(e.size - half, 0.0), e.size + half, e.noise});
                row.emplace_back(!std::isfinite(e.noise)                  ? c.t(tr("unknown"))
                                 : std::max(e.size - half, 0.0) > e.noise ? c.t(tr("yes"))
                                                                          : c.t(tr("not sure")));
            } else {
                row.insert(row.end(), {no_value(), no_value(), no_value(), no_value(), no_value(), Cell("–")});
            }
            if (indices) {
                auto share = [&](double value, double low, double high) {
                    row.emplace_back(c.text.share(value, 0));
                    row.emplace_back(fmt::format("{} … {}", c.text.share(low, 0), c.text.share(high, 0)));
                };
                if (one.index) {
                    share(one.index->first, one.index->first_low, one.index->first_high);
                    share(one.index->total, one.index->total_low, one.index->total_high);
                } else {
                    row.resize(table.columns.size(), Cell("–"));
                }
            }
            table.rows.push_back(std::move(row));
            table.row_forms.push_back(form_of_change(c.form(name)));
        }
    }
    return table;
}

/// "Population: above all A (by about 1,200), then B."
Bullets in_words(const Composer& c, const SensitivityFile& file) {
    Bullets out;
    for (const std::string& name : indicators_of(c, file)) {
        const auto rows = main_effects(file, name);
        if (rows.empty() || rows.front().effect == nullptr) continue;
        const MorrisEffect& first = *rows.front().effect;
        const std::string by = written(c.text, form_of_change(c.form(name)), first.size);
        const std::string label = c.parameter_label(rows.front().parameter->path);
        if (std::isfinite(first.noise) && first.size <= first.noise) {
            out.items.push_back(c.t(msg("{}: no parameter moves it more than chance does.", c.label(name))));
        } else if (rows.size() > 1) {
            out.items.push_back(c.t(msg("{}: above all '{}', which moves it by about {} over its range; then '{}'.", c.label(name), label,
                                        by, c.parameter_label(rows[1].parameter->path))));
        } else {
            out.items.push_back(c.t(msg("{}: above all '{}', which moves it by about {} over its range.", c.label(name), label, by)));
        }
    }
    return out;
}

}  // namespace

void add_sensitivity(const Composer& c, ReportSection& section) {
    if (c.input.sensitivity == nullptr) {
        section.parts.emplace_back(
            Paragraph{c.t(msg("Sensitivity: not computed. 'hutong sensitivity {}' tells which parameters matter; give its file to this "
                              "command with --sensitivity. Until then the assumptions stand below with their ranges and sources.",
                              c.base().results.scenario_name + ".toml")),
                      true});
        return;
    }
    const SensitivityFile& file = *c.input.sensitivity;
    section.parts.emplace_back(
        Paragraph{c.t(msg("Sensitivity: {} parameters were moved through their ranges, {} replicates at every point, months {} to {}.",
                          std::max(file.screening.parameters.size(), file.indices.parameters.size()), file.replicates,
                          file.months.size() > 1 ? file.months[1] : "–", file.months.empty() ? "–" : file.months.back())),
                  false});
    if (file.scale != c.base().results.marks.scale)
        section.parts.emplace_back(Paragraph{
            c.t(msg("These runs hold {} of the people: read effects on counts in proportion to that.", c.text.share(file.scale, 2))),
            true});
    if (!file.months.empty() && file.months.back() != c.base().results.months.back())
        section.parts.emplace_back(Paragraph{
            c.t(msg("These runs end in {}, the results of this report in {}.", file.months.back(), c.base().results.months.back())), true});
    Bullets words = in_words(c, file);
    if (!words.items.empty()) section.parts.emplace_back(std::move(words));
    ReportTable table = effect_table(c, file);
    if (table.rows.empty()) {
        section.parts.emplace_back(Paragraph{c.t(tr("No parameter that was moved changes an indicator of this report.")), true});
    } else {
        section.parts.emplace_back(std::move(table));
    }
}

void add_levers(const Composer& c, ReportSection& section) {
    if (c.input.comparison == nullptr) return;
    const ComparisonFile& file = *c.input.comparison;
    ReportTable table;
    table.id = "lever_shares";
    table.keys = 3;
    table.title = c.t(tr("What each changed lever did to the difference, end of the run"));
    table.note = c.t(
        tr("Alone: the lever is changed and nothing else. Shapley: its share when the levers are changed one after another, averaged over "
           "the orders; the shares add up to the whole difference. 95 % intervals over pairs of replicates."));
    table.columns = {{c.t(tr("Scenario")), Form::text, false},     {c.t(tr("Lever")), Form::text, false},
                     {c.t(tr("Indicator")), Form::text, false},    {c.t(tr("Alone")), Form::number, true},
                     {c.t(tr("Alone, from")), Form::number, true}, {c.t(tr("Alone, to")), Form::number, true},
                     {c.t(tr("Shapley")), Form::number, true},     {c.t(tr("Shapley, from")), Form::number, true},
                     {c.t(tr("Shapley, to")), Form::number, true}};
    for (const ReportData* one : c.input.alternatives) {
        const auto at = file.alternative_of(*one);
        if (!at) continue;
        for (const ComparisonFile::LeverRow& row : file.alternatives[*at].levers) {
            if (!c.base().has(row.indicator)) continue;
            table.rows.push_back({c.scenario_name(*one), c.parameter_label(row.lever), c.label(row.indicator), row.alone.mean,
                                  row.alone.low, row.alone.high, row.shapley.mean, row.shapley.low, row.shapley.high});
            table.row_forms.push_back(c.form(row.indicator));
        }
    }
    if (!table.rows.empty()) section.parts.emplace_back(std::move(table));
}

std::string Composer::parameter_label(const std::string& path) const {
    const ParameterRow* row = parameter_at(path);
    return row == nullptr ? path : t(row->declaration.label);
}

}  // namespace hutong
