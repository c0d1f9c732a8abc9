#include "app/point_runs.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "app/summary.h"
#include "core/hash.h"
#include "sim/ensemble_parts.h"

namespace hutong {

CLI::Option* add_point_choices(CLI::App& command, PointChoices& choices, const std::string& vary_help, const std::string& out_help,
                               const Text& text) {
    command.add_option("SCENARIO", choices.scenario, text(tr("Scenario file (TOML)")))->required();
    CLI::Option* vary = command.add_option("--vary", choices.vary, vary_help)->type_name("PATH")->allow_extra_args(false);
    command.add_option("--indicator", choices.indicators, text(tr("Indicator shown (may be repeated; default: those of the summary)")))
        ->type_name("NAME")
        ->allow_extra_args(false);
    add_run_choices(command, choices.run, text);
    command.add_option("--replicates", choices.run.replicates, text(tr("Number of replicates at every point, with the same seeds")))
        ->type_name("N");
    command.add_option("--out", choices.many.out, out_help)->type_name("FILE");
    add_many_choices(command, choices.many, text);
    return vary;
}

PointRuns::PointRuns(const Session& session, const std::vector<Varied>& parameters, Points points, const std::filesystem::path& folder,
                     const Parallel& parallel)
    : session_(session), parameters_(parameters), points_(std::move(points)), indicators_(session.district()) {
    const Scenario& scenario = session.scenario();
    const auto replicates = static_cast<std::size_t>(scenario.run.replicates);
    Hash design;
    for (const Varied& one : parameters_) design.text(one.path).bytes(&one.low, sizeof one.low).bytes(&one.high, sizeof one.high);
    for (const auto& point : points_) design.column(point);
    tasks_.count = points_.size() * replicates;
    tasks_.months = scenario.run.months;
    tasks_.lowest = Level::district;
    tasks_.folder = folder;
    tasks_.key = runs_key(scenario, session.district(), design.value());
    const bool synthesis = std::any_of(parameters_.begin(), parameters_.end(),
                                       [](const Varied& one) { return one.path.starts_with("assumption.synthesis."); });
    const auto population = synthesis ? nullptr : start_population(session.district(), scenario, parallel);
    tasks_.member = [this, population, replicates, district = session.shared_district()](std::size_t task) {
        auto moved = std::make_shared<const Scenario>(at_point(session_.scenario(), parameters_, points_[task / replicates]));
        const Parallel one(1);
        auto own = population ? population : fresh_population(*district, *moved, one);
        return Member{std::move(moved), district, std::move(own), static_cast<std::uint32_t>(task % replicates)};
    };
}

void PointRuns::simulate(const RunChoices& run, const ManyChoices& choices, Ranks& ranks, const Text& text) const {
    simulate_all(tasks_, run, choices, ranks, text);
}

void PointRuns::open() { parts_ = std::make_shared<const Parts>(tasks_.folder, 0, tasks_.count, tasks_.key, indicators_, Level::district); }

OutcomeTable PointRuns::table(std::size_t indicator, std::size_t row) const {
    const std::size_t replicates = parts_->count() / points_.size();
    OutcomeTable all;
    for (std::size_t p = 0; p < points_.size(); ++p) {
        std::vector<double> values;
        for (std::size_t r = 0; r < replicates; ++r)
            values.push_back(parts_->values(p * replicates + r, indicator, Level::district).at(row));
        all.push_back(std::move(values));
    }
    return all;
}

void PointRuns::write(Hdf5Writer& file, const std::string& root) const {
    std::vector<std::string> paths, choices;
    std::vector<double> low, high, values;
    for (const Varied& one : parameters_) {
        paths.push_back(one.path);
        low.push_back(one.low);
        high.push_back(one.high);
        std::string all;
        for (const std::string& choice : one.choices) all += (all.empty() ? "" : " ") + choice;
        choices.push_back(all);
    }
    for (const auto& point : points_) {
        for (std::size_t p = 0; p < parameters_.size(); ++p) values.push_back(value_at(parameters_[p], point[p]));
    }
    file.texts(root + "/parameters/path", paths);
    file.data(root + "/parameters/low", low);
    file.data(root + "/parameters/high", high);
    file.texts(root + "/parameters/choices", choices);
    file.data<double>(root + "/points", values, {points_.size(), parameters_.size()});
    file.attribute(root + "/points", "definition", "[point, parameter]: value, or index of the choice");
    const std::size_t replicates = parts_->count() / points_.size(), rows = parts_->rows();
    for (std::size_t i = 0; i < indicators_.size(); ++i) {
        const Indicator& one = indicators_.all()[i];
        std::vector<float> series;
        for (std::size_t t = 0; t < parts_->count(); ++t) {
            for (const double v : parts_->values(t, i, Level::district)) series.push_back(static_cast<float>(v));
        }
        const std::string path = root + "/district/" + one.name;
        file.data<float>(path, series, {points_.size(), replicates, rows});
        file.attribute(path, "unit", std::string_view(one.unit));
        file.attribute(path, "label", std::string_view(one.label));
    }
}

void write_meta(Hdf5Writer& file, const Session& session, const RunMarks& marks, std::string_view format) {
    const Scenario& scenario = session.scenario();
    file.group("/meta");
    file.attribute("/meta", "format", format);
    file.attribute("/meta", "schema", results_schema);
    file.attribute("/meta", "version", program_version());
    file.attribute("/meta", "scenario", std::string_view(scenario.name));
    file.attribute("/meta", "scenario_hash", std::string_view(hex(scenario.hash)));
    file.attribute("/meta", "district_hash", std::string_view(hex(session.district().hash)));
    file.attribute("/meta", "replicates", static_cast<std::int64_t>(scenario.run.replicates));
    file.attribute("/meta", "seed", static_cast<std::int64_t>(scenario.run.seed));
    file.attribute("/meta", "scale", marks.scale);
    file.attribute("/meta", "schematic_blocks", std::int64_t{marks.schematic_blocks});
    file.attribute("/meta", "experiment", std::int64_t{marks.experiment});
    file.text("/meta/scenario_text", scenario.text);
    std::vector<std::string> months;
    for (int m = 0; m <= scenario.run.months; ++m) months.push_back((scenario.run.start + (m - 1)).text());
    file.texts("/months", months);
}

std::string value_text(const Varied& parameter, double coordinate) {
    const double value = value_at(parameter, coordinate);
    if (!parameter.choices.empty()) return parameter.choices.at(static_cast<std::size_t>(value));
    return fmt::format("{:.6g}", value);
}

std::vector<std::size_t> chosen_indicators(const IndicatorSet& indicators, const std::vector<std::string>& names) {
    std::vector<std::size_t> chosen;
    std::vector<std::string> known;
    for (const Indicator& one : indicators.all()) known.push_back(one.name);
    for (const std::string& name : names) {
        const std::size_t i = indicators.find(name);
        if (i == indicators.size()) {
            const std::string near = nearest_name(name, known);
            throw Error(ErrorKind::usage, msg("there is no indicator '{}'", name), {},
                        near.empty() ? msg("see the names under /indicator in the results file") : msg("did you mean '{}'?", near));
        }
        chosen.push_back(i);
    }
    if (!names.empty()) return chosen;
    for (const auto name : summary_indicators()) {
        if (const std::size_t i = indicators.find(name); i < indicators.size()) chosen.push_back(i);
    }
    return chosen;
}

}  // namespace hutong
