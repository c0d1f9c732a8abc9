#include "app/command_run.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <optional>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agents/steps.h"
#include "app/command_resume.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/many_runs.h"
#include "app/progress.h"
#include "app/summary.h"
#include "app/table.h"
#include "core/hash.h"
#include "core/safe_file.h"
#include "sim/calibration.h"
#include "sim/hindcast.h"
#include "sim/known_facts.h"

namespace hutong {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Seconds {
    double load = 0, synthesise = 0, simulate = 0, write = 0;
};

/// What is known at the end of a run.
struct Report {
    Seconds seconds;
    RunCounts counts;
    StepSeconds steps{};
    std::size_t persons = 0, households = 0, jobs = 0, businesses = 0, in_commuters = 0;
    std::uint64_t state_hash = 0;
    std::int64_t file_bytes = 0;
    std::vector<SummaryRow> summary, homes;
    std::string decomposition, start, end;
    std::optional<Hindcast> hindcast;  ///< where known history is left out; of the first replicate
    std::vector<Snapshot> seen;        ///< then also what published figures speak of
    std::vector<HeldFact> facts;
    std::optional<AgesHeld> ages;
    std::vector<std::pair<std::string, std::vector<Snapshot>>> paths;  ///< after the data date: three variants of net migration
};

nlohmann::ordered_json number_or_null(double value) {
    if (!std::isfinite(value)) return nullptr;
    return value;
}

nlohmann::ordered_json as_json(const Report& report, const Scenario& scenario, const RunMarks& marks) {
    nlohmann::ordered_json json;
    json["months"] = scenario.run.months;
    json["replicates"] = scenario.run.replicates;
    json["persons"] = report.persons;
    json["households"] = report.households;
    json["jobs"] = report.jobs;
    json["businesses"] = report.businesses;
    json["seconds"] = {{"load", report.seconds.load},
                       {"synthesise", report.seconds.synthesise},
                       {"simulate", report.seconds.simulate},
                       {"write", report.seconds.write}};
    json["agent_months_per_second"] =
        report.seconds.simulate > 0 ? static_cast<double>(report.counts.agent_months) / report.seconds.simulate : 0.0;
    json["peak_memory_bytes"] = peak_memory_bytes();
    json["state_hash"] = hex(report.state_hash);
    auto& summary = json["summary"];
    for (const SummaryRow& row : report.summary) {
        summary[row.name] = {{"unit", row.unit},
                             {"start", number_or_null(row.start)},
                             {"end", number_or_null(row.end)},
                             {"change", number_or_null(row.change())}};
    }
    summary["marks"] = {
        {"scale", marks.scale}, {"experiment", marks.experiment}, {"schematic_blocks", marks.schematic_blocks}, {"neutral", marks.neutral}};
    if (report.hindcast) {
        const Hindcast& h = *report.hindcast;
        json["hindcast"] = {
            {"known", h.known},         {"chosen", h.chosen}, {"same_use", h.same_use}, {"same_direction", h.same_direction},
            {"by_chance", h.by_chance}, {"dated", h.dated},   {"opened", h.opened},     {"within_a_year", h.within_a_year}};
        auto& facts = json["hindcast"]["facts"] = nlohmann::ordered_json::array();
        for (const HeldFact& fact : report.facts) {
            facts.push_back({{"what", fact.what},
                             {"kind", name_of(fact.kind)},
                             {"known", fact.known},
                             {"model", fact.model},
                             {"error", number_or_null(fact.error())}});
        }
        if (report.ages) json["hindcast"]["ages_2020"] = {{"sum_of_differences", report.ages->sum}, {"groups_beyond", report.ages->beyond}};
        for (const auto& [name, seen] : report.paths) {
            auto& path = json["hindcast"]["net_migration"][name];
            for (const Snapshot& s : seen) path["residents"][s.month.text()] = s.residents;
            path["largest_vacancy"] = largest_vacancy(seen);
            path["rejected"] = vacancy_rejects(seen);
        }
    }
    auto& work = summary["work"];
    work = {{"person_months", report.counts.person_months},
            {"agent_months", report.counts.agent_months},
            {"moves", report.counts.moves},
            {"matches", report.counts.matches},
            {"choice_evaluations", report.counts.choice_evaluations}};
    for (std::size_t s = 0; s < step_names.size(); ++s) work["step_seconds"][std::string(step_names[s])] = report.steps[s];
    return json;
}

void print_hindcast(const Hindcast& h, const Text& text) {
    fmt::print("{}\n",
               text(msg("known history left out: of {} empty spaces whose use is known the rules chose a use for {}, the known one for {} "
                        "({} by chance)",
                        h.known, h.chosen, h.same_use, text.number(h.by_chance))));
    fmt::print("{}\n", text(msg("known openings: {}; opened in the run {}, within a year of the known month {}", h.dated, h.opened,
                                h.within_a_year)));
}

/// Fit and predictions side by side, then the variants of net migration. What was fitted is called so.
void print_facts(const Report& report, const Text& text) {
    if (report.facts.empty()) return;
    const auto written = [&](const HeldFact& fact, double value) {
        return formatted(text,
                         fact.form == HeldFact::Form::persons ? Form::count
                         : fact.form == HeldFact::Form::share ? Form::share
                                                              : Form::number,
                         value);
    };
    const auto percent = [](double share) { return fmt::format("{:+.2f} %", 100 * share); };
    std::vector<std::vector<std::string>> cells{{"", text(tr("known")), text(tr("model")), text(tr("error")), text(tr("kind"))}};
    for (const HeldFact& fact : report.facts)
        cells.push_back({fact.what, written(fact, fact.known), written(fact, fact.model), percent(fact.error()), text(name_of(fact.kind))});
    fmt::print("\n{}", format_table(cells));
    if (report.ages)
        fmt::print("{}\n", text(msg("ages of 2020: sum of absolute differences {} points; groups more than 10 % off: {} of {} ({})",
                                    fmt::format("{:.2f}", 100 * report.ages->sum), report.ages->beyond, census_ages,
                                    text(name_of(FactKind::consistency)))));
    fmt::print("\n");
}

void print_paths(const Report& report, const std::string& from, const Text& text) {
    if (report.paths.empty()) return;
    fmt::print("{}\n", text(msg("None of the three is a forecast. They differ only by declared factors on arrivals and departures from {} "
                                "on, and are shown together.",
                                from)));
    std::vector<std::vector<std::string>> cells{{text(tr("Residents at the end of"))}};
    for (const auto& [name, seen] : report.paths) cells.front().push_back(text(name));
    constexpr int apart = 5;  // years
    for (std::size_t i = 0; i < report.paths.front().second.size(); ++i) {
        const Month month = report.paths.front().second[i].month;
        if (month.year() % apart != 0) continue;
        cells.push_back({month.text()});
        for (const auto& [name, seen] : report.paths) cells.back().push_back(text.count(seen[i].residents));
    }
    cells.push_back({text(tr("largest vacancy at a year's end"))});
    bool rejected = false;
    for (const auto& [name, seen] : report.paths) {
        cells.back().push_back(text.share(largest_vacancy(seen)));
        rejected = rejected || vacancy_rejects(seen);
    }
    fmt::print("{}", format_table(cells));
    fmt::print("{}\n\n", rejected ? text(msg("Rejected: a vacancy path goes above 8 %.")) : text(msg("No vacancy path goes above 8 %.")));
}

void print_report(const Report& report, const Session& session, const std::filesystem::path& out, const RunMarks& marks, const Text& text) {
    const Scenario& scenario = session.scenario();
    const bool chinese = text.language() == Language::chinese;
    const std::string& title = chinese ? scenario.title_zh : scenario.title_en;
    fmt::print("{}\n", text(msg("{}: {}, {} months from {}", chinese ? session.district().name_zh : session.district().name_en,
                                title.empty() ? scenario.name : title, scenario.run.months, scenario.run.start.text())));
    for (const std::string& mark : mark_texts(marks, text)) fmt::print("! {}\n", mark);
    fmt::print("\n{}\n", summary_table(report.summary, report.start, report.end, text));
    fmt::print("{}{}\n\n", summary_table(report.homes, report.start, report.end, text), report.decomposition);
    if (report.hindcast) print_hindcast(*report.hindcast, text);
    print_facts(report, text);
    print_paths(report, scenario.assumptions.homes.later_from, text);
    fmt::print("{}\n",
               text(msg("{} residents in {} households, {} in-commuters, {} jobs, {} businesses at the end",
                        text.count(static_cast<std::int64_t>(report.persons)), text.count(static_cast<std::int64_t>(report.households)),
                        text.count(static_cast<std::int64_t>(report.in_commuters)), text.count(static_cast<std::int64_t>(report.jobs)),
                        text.count(static_cast<std::int64_t>(report.businesses)))));
    const Seconds& s = report.seconds;
    fmt::print("{}\n", text(msg("load {}, synthesise {}, simulate {}, write {}", text.seconds(s.load), text.seconds(s.synthesise),
                                text.seconds(s.simulate), text.seconds(s.write))));
    const double months = std::max(1, scenario.run.months * scenario.run.replicates);
    const auto a_month = [&](std::int64_t total) { return text.count(std::llround(static_cast<double>(total) / months)); };
    fmt::print("{}\n", text(msg("{} million agent-months a second; a month: {} moves, {} matches, {} choice evaluations",
                                text.number(s.simulate > 0 ? static_cast<double>(report.counts.agent_months) / s.simulate / 1e6 : 0.0),
                                a_month(report.counts.moves), a_month(report.counts.matches), a_month(report.counts.choice_evaluations))));
    fmt::print("{}\n", text(msg("peak memory {} MB, state hash {}", text.count(peak_memory_bytes() / 1'000'000), hex(report.state_hash))));
    fmt::print("{}\n", text(msg("results: {} ({} MB)", out.string(), text.number(static_cast<double>(report.file_bytes) / 1e6))));
}

/// A hindcast that ends at the data date goes on from there with the three variants of net migration that stand beside it, to the
/// end of theirs; nothing of it is written to the results.
void follow_variants(const RunRequest& request, const Model& model, const World& end, Report& report) {
    const Scenario& scenario = model.scenario;
    const auto from = Month::parse(scenario.assumptions.homes.later_from);
    if (!from || end.month != *from) return;
    const std::filesystem::path folder = request.scenario.parent_path();
    std::error_code error;
    for (const auto& [name, file] : std::array<std::pair<std::string_view, std::string_view>, 3>{
             {{tr("low"), "migration-low.toml"}, {tr("middle"), "baseline.toml"}, {tr("high"), "migration-high.toml"}}}) {
        if (!std::filesystem::is_regular_file(folder / file, error)) {
            report.paths.clear();  // all three or none
            return;
        }
        const Scenario other = read_scenario(folder / file);
        Scenario variant = scenario;
        variant.assumptions.homes.later_arrivals_factor = other.assumptions.homes.later_arrivals_factor;
        variant.assumptions.homes.later_departures_factor = other.assumptions.homes.later_departures_factor;
        const Model one{model.district, variant, model.parallel, model.luck, model.neutral};
        const Month last = other.run.start + (other.run.months - 1);
        report.paths.emplace_back(name, watch(one, end, last, [](Month month) {
                                      check_interrupted();
                                      constexpr int december = 12;
                                      return month.month_of_year() == december;
                                  }));
    }
}

void add_counts(RunCounts& sum, const RunCounts& one) {
    sum.person_months += one.person_months;
    sum.agent_months += one.agent_months;
    sum.moves += one.moves;
    sum.matches += one.matches;
    sum.choice_evaluations += one.choice_evaluations;
}

}  // namespace

void run_scenario(const RunRequest& request, const Text& text) {
    catch_interrupts();
    const auto start = Clock::now();
    Progress progress(text, request.quiet ? ShowProgress::never : request.show_progress ? ShowProgress::always : ShowProgress::on_terminal);
    const std::filesystem::path out = request.out.empty() ? std::filesystem::path(request.scenario.stem().string() + ".h5") : request.out;
    check_results_target(out, request.force);

    progress.stage(tr("Reading the district"));
    const Session session(request.scenario, request.choices);
    const Scenario& scenario = session.scenario();
    const Parallel parallel(request.choices.threads);
    const IndicatorSet indicators(session.district());
    Report report;
    report.seconds.load = since(start);

    std::vector<Replicate> replicates;
    for (int r = 0; r < scenario.run.replicates; ++r) {
        check_interrupted();
        progress.stage(tr("Making the population"));
        const Model model = session.model(parallel, static_cast<std::uint32_t>(r));
        auto mark = Clock::now();
        Checkpoints checkpoints(request, out, session, text);
        auto restored = checkpoints.restored(indicators);
        World world = restored ? std::move(restored->world) : initial_world(model, notice_on_stderr(text));
        report.seconds.synthesise += since(mark);
        check_interrupted();

        mark = Clock::now();
        const std::string label =
            scenario.run.replicates > 1 ? text(msg("replicate {} of {}", r + 1, scenario.run.replicates)) : std::string();
        RunOptions options;
        options.months = scenario.run.months;
        options.audit = request.audit;
        options.progress = [&](int done, int all) {
            progress.months(done, all, label.empty() ? (scenario.run.start + (done - 1)).text() : label);
        };
        options.cancelled = &interrupted();
        const KnownFacts facts(session.district(), scenario.run.district, scenario.run.scale);
        const bool held = r == 0 && !scenario.use_history && facts.complete();
        if (held) {
            options.after_month = [&](const World& now, Month month) {
                if (holds_facts(month)) report.seen.push_back(snapshot(model, now, month));
            };
        }
        options.resumed = restored ? &restored->progress : nullptr;
        checkpoints.save_in(options);
        RunOutcome outcome = run(model, indicators, std::move(world), options);
        report.seconds.simulate += since(mark);
        add_counts(report.counts, outcome.counts);
        for (std::size_t s = 0; s < step_names.size(); ++s) report.steps[s] += outcome.step_seconds[s];
        if (r == 0) {
            const World& end = outcome.world;
            report.persons = end.people.count();
            report.households = end.households.count();
            report.jobs = end.jobs.count();
            report.businesses = end.businesses.count();
            report.in_commuters = end.in_commuters.count();
            report.state_hash = outcome.state_hash;
            if (!scenario.use_history)
                report.hindcast = hold_against_history(session.district(), end.spaces, scenario.run.start + (scenario.run.months - 1));
            if (held) {
                report.facts = hold_against_facts(facts, session.district(), report.seen, text);
                for (const Snapshot& s : report.seen) {
                    if (s.month == Month::of(2020, 10)) report.ages = hold_ages(facts.ages(), s);
                }
                progress.stage(tr("After the data date: three variants of net migration"));
                if (!request.quiet || request.json) follow_variants(request, model, end, report);
            }
        }
        replicates.push_back(
            {static_cast<std::uint32_t>(r), outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
    }
    check_interrupted();

    progress.stage(tr("Writing the results"));
    auto mark = Clock::now();
    const Model model = session.model(parallel, 0);
    {
        const std::string bytes = build_results(model, indicators, replicates);
        check_interrupted();
        check_writable(out, bytes.size());
        write_safely(out, bytes);
        report.file_bytes = static_cast<std::int64_t>(bytes.size());
    }
    if (request.checkpoint_every > 0 || request.resume) forget_request(out);
    report.seconds.write = since(mark);
    progress.clear();

    const Series& series = replicates.front().series;
    report.summary = summary_rows(indicators, series, text);
    report.homes = decomposition_rows(indicators, series, text);
    report.decomposition = decomposition_line(indicators, series, text);
    report.start = series.month(0).text();
    report.end = series.month(series.rows() - 1).text();
    const RunMarks marks = marks_of(model);
    if (request.json) {
        fmt::print("{}\n", as_json(report, scenario, marks).dump(2));
    } else if (!request.quiet) {
        print_report(report, session, out, marks, text);
    }
}

std::int64_t peak_memory_bytes() {
    constexpr std::int64_t bytes_per_kib = 1024;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::strtoll(line.c_str() + std::string_view("VmHWM:").size(), nullptr, 10) * bytes_per_kib;
    }
    return 0;
}

void add_run_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<RunRequest>();
    CLI::App* command = app.add_subcommand("run", context.t(tr("Simulate a scenario and write a results file")));
    command->add_option("SCENARIO", request->scenario, context.t(tr("Scenario file (TOML)")))->required();
    add_run_choices(*command, request->choices, context.text);
    command
        ->add_option("--replicates", request->choices.replicates, context.t(tr("Number of replicates, which differ by their draws alone")))
        ->type_name("N");
    command->add_option("--out", request->out, context.t(tr("Results file (default: the scenario's name with .h5, in the current folder)")))
        ->type_name("FILE");
    command
        ->add_option("--checkpoint-every", request->checkpoint_every,
                     context.t(tr("Save the state every N months in FILE.checkpoints; 'hutong resume FILE' goes on from there")))
        ->type_name("N")
        ->check(CLI::Range(1, 1200));
    command->add_flag("--quiet", request->quiet, context.t(tr("Print nothing but errors")));
    command->add_flag("--json", request->json, context.t(tr("Print the summary as JSON")));
    command->add_flag("--audit", request->audit, context.t(tr("Check every month that nothing is lost or booked twice")));
    command->add_flag("--force", request->force, context.t(tr("Replace also a file that is no results file")));
    command->add_flag("--progress", request->show_progress, context.t(tr("Show progress also when the output is no terminal")));
    command->callback([request, &context] { run_scenario(*request, context.text); });
}

}  // namespace hutong
