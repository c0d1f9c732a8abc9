// `hutong sweep`: a scenario at many values of its parameters, on a grid or a Latin hypercube.
#include <cmath>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "analysis/statistics.h"
#include "app/commands.h"
#include "app/point_runs.h"
#include "app/summary.h"
#include "app/table.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

constexpr std::size_t default_levels = 3;

struct SweepRequest : PointChoices {
    std::size_t latin = 0;  ///< points; 0: a grid
};

std::vector<std::string> point_texts(const std::vector<Varied>& parameters, const std::vector<double>& point) {
    std::vector<std::string> texts;
    for (std::size_t p = 0; p < parameters.size(); ++p) texts.push_back(value_text(parameters[p], point[p]));
    return texts;
}

void print_points(const std::vector<Varied>& parameters, const Points& points, const PointRuns& runs,
                  const std::vector<std::size_t>& indicators, const SweepRequest& request, const Text& text) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    std::vector<std::vector<std::string>> cells{{text(tr("Point"))}};
    for (const Varied& one : parameters) cells[0].push_back(one.path);
    for (const std::size_t i : indicators) cells[0].push_back(runs.indicators().all()[i].name);
    std::vector<OutcomeTable> tables;
    for (const std::size_t i : indicators) tables.push_back(runs.table(i, runs.last_row()));
    for (std::size_t p = 0; p < points.size(); ++p) {
        std::vector<std::string> row{std::to_string(p + 1)};
        nlohmann::ordered_json entry;
        const auto values = point_texts(parameters, points[p]);
        for (std::size_t k = 0; k < parameters.size(); ++k) {
            row.push_back(values[k]);
            entry["parameters"][parameters[k].path] = values[k];
        }
        for (std::size_t k = 0; k < indicators.size(); ++k) {
            const Indicator& one = runs.indicators().all()[indicators[k]];
            const auto& sample = tables[k][p];
            const double mean = mean_of(sample), error = std::sqrt(variance_of(sample) / static_cast<double>(sample.size()));
            row.push_back(formatted(text, form_of(one.unit), mean));
            auto& out = entry["indicators"][one.name];
            out["mean"] = std::isfinite(mean) ? nlohmann::ordered_json(mean) : nullptr;
            out["standard_error"] = std::isfinite(error) ? nlohmann::ordered_json(error) : nullptr;
        }
        cells.push_back(std::move(row));
        json.push_back(std::move(entry));
    }
    if (request.many.json) {
        fmt::print("{}\n", json.dump(2));
    } else if (!request.many.quiet) {
        fmt::print("{}\n{}", text(tr("Means over the replicates, the district at the last month")), format_table(cells));
        fmt::print("{}\n", text(msg("all indicators and months: {}", request.many.out.string())));
    }
}

void execute(SweepRequest request, Ranks& ranks, const Text& text) {
    if (request.many.out.empty()) request.many.out = request.scenario.stem().string() + "-sweep.h5";
    if (ranks.first()) check_results_target(request.many.out, request.many.force);
    const Session session(request.scenario, request.run);
    std::vector<Varied> parameters;
    for (const std::string& one : request.vary) parameters.push_back(parse_varied(session.scenario(), one));
    const IndicatorSet names(session.district());
    const auto indicators = chosen_indicators(names, request.indicators);
    const Points points =
        request.latin > 0 ? latin_hypercube(parameters, request.latin, session.scenario().run.seed) : grid(parameters, default_levels);
    const Parallel parallel(threads_of(request.run, ranks));
    PointRuns runs(session, parameters, points, parts_folder(request.many.out), parallel);
    runs.simulate(request.run, request.many, ranks, text);
    if (!ranks.first()) return;
    runs.open();
    Hdf5Writer file;
    const RunMarks marks = marks_of(session.model(parallel, 0));
    write_meta(file, session, marks, "hutong sweep");
    runs.write(file, "");
    write_safely(request.many.out, file.finish());
    if (!request.many.json && !request.many.quiet) {
        for (const std::string& mark : mark_texts(marks, text)) fmt::print("! {}\n", mark);
    }
    print_points(parameters, points, runs, indicators, request, text);
    if (!request.many.keep_parts) runs.remove();
}

}  // namespace

void add_sweep_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<SweepRequest>();
    CLI::App* command = app.add_subcommand("sweep", context.t(tr("Simulate a scenario at many values of its parameters")));
    add_point_choices(*command, *request, context.t(tr("Parameter to vary: PATH, PATH=LOW:HIGH or PATH=LOW:HIGH:LEVELS (may be repeated)")),
                      context.t(tr("File for all points, indicators and months (HDF5)")), context.text)
        ->required();
    command->add_option("--latin", request->latin, context.t(tr("A Latin hypercube of N points instead of a grid")))
        ->type_name("N")
        ->check(CLI::Range(std::size_t{1}, std::size_t{100000}));
    command->callback([request, &context] { on_all_ranks(context.text, [&](Ranks& ranks) { execute(*request, ranks, context.text); }); });
}

}  // namespace hutong
