// `hutong ensemble`: many replicates of a scenario side by side, one results file with all of them and their summary.
#include <cmath>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "analysis/draws.h"
#include "app/command_run.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/many_runs.h"
#include "app/summary.h"
#include "app/table.h"
#include "core/safe_file.h"
#include "sim/ensemble_parts.h"
#include "sim/summary.h"

namespace hutong {
namespace {

struct EnsembleRequest {
    std::filesystem::path scenario;
    std::string assumptions = "fixed", pack = "fixed";  ///< or "draw"
    Interval interval() const { return assumptions == "draw" ? Interval::assumptions : pack == "draw" ? Interval::data : Interval::chance; }
    RunChoices choices;
    ManyChoices many;
};

Tasks tasks_of(const Session& session, const std::filesystem::path& out, Interval interval, const Parallel& parallel) {
    const Scenario& scenario = session.scenario();
    Tasks tasks;
    tasks.count = static_cast<std::size_t>(scenario.run.replicates);
    tasks.months = scenario.run.months;
    tasks.folder = parts_folder(out);
    tasks.key = runs_key(scenario, session.district(), static_cast<std::uint64_t>(interval));
    const auto shared = std::make_shared<const Scenario>(scenario);
    const auto population = start_population(session.district(), scenario, parallel);
    if (interval == Interval::assumptions) {  // the same seed throughout: chance is not mixed in
        tasks.member = [shared, district = session.shared_district(), population](std::size_t task) {
            return Member{std::make_shared<const Scenario>(drawn_assumptions(*shared, task)), district, population, 0};
        };
        return tasks;
    }
    if (interval == Interval::data) {
        tasks.member = [shared, district = session.shared_district()](std::size_t task) {
            auto drawn = std::make_shared<const District>(drawn_district(*district, task));
            auto moved = std::make_shared<const Scenario>(drawn_population(*shared, task));
            const Parallel one(1);
            auto own = fresh_population(*drawn, *moved, one);
            return Member{std::move(moved), std::move(drawn), std::move(own), 0};
        };
        return tasks;
    }
    tasks.member = [shared, district = session.shared_district(), population](std::size_t task) {
        return Member{shared, district, population, static_cast<std::uint32_t>(task)};
    };
    return tasks;
}

struct SummaryLine {
    std::string name, label, unit;
    Summary summary;
};

/// The district at the last month.
std::vector<SummaryLine> summary_lines(const Parts& parts, const IndicatorSet& indicators, const Text& text) {
    std::vector<SummaryLine> lines;
    for (const auto name : summary_indicators()) {
        const std::size_t i = indicators.find(name);
        if (i == indicators.size()) continue;
        const Indicator& one = indicators.all()[i];
        std::vector<double> last;
        for (std::size_t r = 0; r < parts.count(); ++r) last.push_back(parts.values(r, i, Level::district).back());
        lines.push_back({one.name, indicator_label(text, one.label, one.kind_en, one.kind_zh), one.unit, summarise(last)});
    }
    return lines;
}

nlohmann::ordered_json number_or_null(double value) {
    if (!std::isfinite(value)) return nullptr;
    return value;
}

void print_json(const std::vector<SummaryLine>& lines, const Scenario& scenario, const RunMarks& marks, Interval interval,
                const std::filesystem::path& out) {
    nlohmann::ordered_json json;
    json["scenario"] = scenario.name;
    json["months"] = scenario.run.months;
    json["replicates"] = scenario.run.replicates;
    json["interval"] = interval_name(interval);
    json["file"] = out.string();
    json["peak_memory_bytes"] = peak_memory_bytes();
    json["marks"] = {
        {"scale", marks.scale}, {"experiment", marks.experiment}, {"schematic_blocks", marks.schematic_blocks}, {"neutral", marks.neutral}};
    for (const SummaryLine& line : lines) {
        json["summary"][line.name] = {{"unit", line.unit},
                                      {"mean", number_or_null(line.summary.mean)},
                                      {"median", number_or_null(line.summary.median)},
                                      {"p05", number_or_null(line.summary.p05)},
                                      {"p95", number_or_null(line.summary.p95)},
                                      {"standard_error", number_or_null(line.summary.standard_error)}};
    }
    fmt::print("{}\n", json.dump(2));
}

void print_table(const std::vector<SummaryLine>& lines, const Session& session, const RunMarks& marks, Interval interval,
                 const Text& text) {
    const Scenario& scenario = session.scenario();
    const std::string& title = text.language() == Language::chinese ? scenario.title_zh : scenario.title_en;
    fmt::print("{}\n", text(msg("{}: {} replicates of {} months, the district in {}", title.empty() ? scenario.name : title,
                                scenario.run.replicates, scenario.run.months, (scenario.run.start + (scenario.run.months - 1)).text())));
    for (const std::string& mark : mark_texts(marks, text)) fmt::print("! {}\n", mark);
    fmt::print("{}\n\n", text(msg("Interval: {}", text(interval_text(interval)))));
    std::vector<std::vector<std::string>> cells{
        {"", text(tr("Mean")), text(tr("Median")), text(tr("5 %")), text(tr("95 %")), text(tr("Standard error"))}};
    for (const SummaryLine& line : lines) {
        const Form form = form_of(line.unit);
        const Summary& s = line.summary;
        std::vector<std::string> row{line.label};
        for (const double value : {s.mean, s.median, s.p05, s.p95}) row.push_back(formatted(text, form, value));
        row.push_back(formatted_spread(text, form, s.standard_error));
        cells.push_back(std::move(row));
    }
    fmt::print("{}", format_table(cells));
}

void execute(const EnsembleRequest& request, Ranks& ranks, const Text& text) {
    const std::filesystem::path out =
        request.many.out.empty() ? std::filesystem::path(request.scenario.stem().string() + ".h5") : request.many.out;
    if (ranks.first()) check_results_target(out, request.many.force);
    if (request.assumptions == "draw" && request.pack == "draw") {
        throw Error(ErrorKind::usage, msg("assumptions and pack are not drawn together"),
                    msg("one interval would mix two kinds of uncertainty"), msg("make two ensembles"));
    }
    const Session session(request.scenario, request.choices);
    const Parallel parallel(threads_of(request.choices, ranks));
    const Interval interval = request.interval();
    const Tasks tasks = tasks_of(session, out, interval, parallel);
    simulate_all(tasks, request.choices, request.many, ranks, text);
    if (!ranks.first()) return;

    Progress progress(text, request.many.progress());
    progress.stage(tr("Writing the results"));
    const IndicatorSet indicators(session.district());
    const Parts parts(tasks.folder, 0, tasks.count, tasks.key, indicators);
    const Model model = session.model(parallel, 0);
    {
        const std::string bytes = build_results(model, indicators, parts, interval);
        check_interrupted();
        write_safely(out, bytes);
    }
    if (!request.many.keep_parts) remove_parts(tasks);
    progress.clear();
    const auto lines = summary_lines(parts, indicators, text);
    const RunMarks marks = marks_of(model);
    if (request.many.json) {
        print_json(lines, session.scenario(), marks, interval, out);
    } else if (!request.many.quiet) {
        print_table(lines, session, marks, interval, text);
        fmt::print("{}\n",
                   text(msg("results: {} ({} MB)", out.string(), text.number(static_cast<double>(std::filesystem::file_size(out)) / 1e6))));
    }
}

}  // namespace

void add_ensemble_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<EnsembleRequest>();
    CLI::App* command = app.add_subcommand("ensemble", context.t(tr("Simulate many replicates side by side and write one results file")));
    command->add_option("SCENARIO", request->scenario, context.t(tr("Scenario file (TOML)")))->required();
    add_run_choices(*command, request->choices, context.text);
    command
        ->add_option("--replicates", request->choices.replicates, context.t(tr("Number of replicates, which differ by their draws alone")))
        ->type_name("N");
    command
        ->add_option("--out", request->many.out,
                     context.t(tr("Results file (default: the scenario's name with .h5, in the current folder)")))
        ->type_name("FILE");
    const auto draw_or_fixed = [&context](const std::string& given) {
        return given == "draw" || given == "fixed" ? std::string() : context.text(msg("'{}' is neither draw nor fixed", given));
    };
    command
        ->add_option("--assumptions", request->assumptions,
                     context.t(tr("draw: each replicate has its own assumptions, drawn from their declared ranges, and the same seed")))
        ->type_name("draw")
        ->check(draw_or_fixed);
    command
        ->add_option("--pack", request->pack,
                     context.t(tr("draw: each replicate has its own district, drawn within what is not known of it, and the same seed")))
        ->type_name("draw")
        ->check(draw_or_fixed);
    add_many_choices(*command, request->many, context.text);
    command->callback([request, &context] { on_all_ranks(context.text, [&](Ranks& ranks) { execute(*request, ranks, context.text); }); });
}

}  // namespace hutong
