// `hutong sensitivity`: which parameters matter. Elementary effects first, then Sobol indices of those that matter most.
#include <algorithm>
#include <cmath>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/point_runs.h"
#include "app/summary.h"
#include "app/table.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

constexpr std::size_t bootstrap_resamples = 500;

struct SensitivityRequest : PointChoices {
    std::size_t trajectories = 10;  ///< of Morris; 0: none
    std::size_t base = 64;          ///< rows of Sobol's design; 0: none
    std::size_t most = 5;           ///< parameters that go on to Sobol's indices
};

nlohmann::ordered_json number_or_null(double value) {
    if (!std::isfinite(value)) return nullptr;
    return value;
}

std::string short_number(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value) : "–"; }

struct Screening {
    std::size_t indicator = 0;
    std::vector<MorrisEffect> effects;
};
struct Measured {
    std::size_t indicator = 0;
    SobolResult result;
};

/// The parameters with the largest effect on any of the indicators, each effect relative to the largest of its indicator.
std::vector<std::uint64_t> most_important(const std::vector<Screening>& screenings, std::size_t parameters, std::size_t most) {
    std::vector<std::pair<double, std::uint64_t>> rank;
    for (std::size_t p = 0; p < parameters; ++p) {
        double largest = 0;
        for (const Screening& one : screenings) {
            double top = 0;
            for (const MorrisEffect& e : one.effects) top = std::max(top, e.size);
            if (top > 0) largest = std::max(largest, one.effects[p].size / top);
        }
        rank.emplace_back(-largest, p);
    }
    std::sort(rank.begin(), rank.end());
    std::vector<std::uint64_t> chosen;
    for (std::size_t k = 0; k < std::min(most, rank.size()); ++k) chosen.push_back(rank[k].second);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void print_screening(const std::vector<Screening>& all, const std::vector<Varied>& parameters, const IndicatorSet& indicators,
                     const Text& text) {
    for (const Screening& one : all) {
        const Indicator& info = indicators.all()[one.indicator];
        fmt::print("\n{}\n", text(msg("Elementary effects over the whole range on: {} ({})",
                                      indicator_label(text, info.label, info.kind_en, info.kind_zh), info.unit)));
        std::vector<std::size_t> order(parameters.size());
        for (std::size_t p = 0; p < order.size(); ++p) order[p] = p;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return one.effects[a].size > one.effects[b].size; });
        std::vector<std::vector<std::string>> cells{{"", "mu", "mu*", text(tr("Standard error")), "sigma", text(tr("mu* by noise alone"))}};
        for (const std::size_t p : order) {
            const MorrisEffect& e = one.effects[p];
            cells.push_back({parameters[p].path, short_number(e.mean), short_number(e.size), short_number(e.size_error),
                             short_number(e.spread), short_number(e.noise)});
        }
        fmt::print("{}", format_table(cells));
    }
}

void print_measured(const std::vector<Measured>& all, const std::vector<Varied>& parameters, const IndicatorSet& indicators,
                    const Text& text) {
    for (const Measured& one : all) {
        const Indicator& info = indicators.all()[one.indicator];
        fmt::print("\n{}\n", text(msg("Sobol indices of: {}", indicator_label(text, info.label, info.kind_en, info.kind_zh))));
        if (std::isfinite(one.result.noise_share))
            fmt::print("{}\n", text(msg("Noise of the replicates: {} of the variance, taken out",
                                        formatted(text, Form::share, one.result.noise_share))));
        std::vector<std::vector<std::string>> cells{
            {"", text(tr("First order")), text(tr("95 % interval")), text(tr("Total")), text(tr("95 % interval"))}};
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            const SobolIndex& s = one.result.indices[p];
            cells.push_back({parameters[p].path, fmt::format("{:.3f}", s.first), fmt::format("{:.3f} … {:.3f}", s.first_low, s.first_high),
                             fmt::format("{:.3f}", s.total), fmt::format("{:.3f} … {:.3f}", s.total_low, s.total_high)});
        }
        fmt::print("{}", format_table(cells));
    }
}

nlohmann::ordered_json as_json(const std::vector<Screening>& screenings, const std::vector<Varied>& screened,
                               const std::vector<Measured>& measured, const std::vector<Varied>& chosen, const IndicatorSet& indicators) {
    nlohmann::ordered_json json;
    for (const Screening& one : screenings) {
        for (std::size_t p = 0; p < screened.size(); ++p) {
            const MorrisEffect& e = one.effects[p];
            json["morris"][indicators.all()[one.indicator].name][screened[p].path] = {{"mu", number_or_null(e.mean)},
                                                                                      {"mu_star", number_or_null(e.size)},
                                                                                      {"mu_star_error", number_or_null(e.size_error)},
                                                                                      {"sigma", number_or_null(e.spread)},
                                                                                      {"mu_star_of_noise", number_or_null(e.noise)}};
        }
    }
    for (const Measured& one : measured) {
        auto& entry = json["sobol"][indicators.all()[one.indicator].name];
        entry["variance"] = number_or_null(one.result.variance);
        entry["noise_share"] = number_or_null(one.result.noise_share);
        for (std::size_t p = 0; p < chosen.size(); ++p) {
            const SobolIndex& s = one.result.indices[p];
            entry["parameters"][chosen[p].path] = {
                {"first", number_or_null(s.first)},           {"first_low", number_or_null(s.first_low)},
                {"first_high", number_or_null(s.first_high)}, {"total", number_or_null(s.total)},
                {"total_low", number_or_null(s.total_low)},   {"total_high", number_or_null(s.total_high)}};
        }
    }
    return json;
}

void write_indices(Hdf5Writer& file, const std::vector<Screening>& screenings, const std::vector<Measured>& measured,
                   const IndicatorSet& indicators) {
    for (const Screening& one : screenings) {
        std::vector<double> values;
        for (const MorrisEffect& e : one.effects) {
            for (const double v : {e.mean, e.size, e.size_error, e.spread, e.noise}) values.push_back(v);
        }
        const std::string path = "/morris/effects/" + indicators.all()[one.indicator].name;
        file.data<double>(path, values, {one.effects.size(), 5});
        file.attribute(path, "columns", "mu mu_star mu_star_error sigma mu_star_of_noise");
    }
    for (const Measured& one : measured) {
        std::vector<double> values;
        for (const SobolIndex& s : one.result.indices) {
            for (const double v : {s.first, s.first_low, s.first_high, s.total, s.total_low, s.total_high}) values.push_back(v);
        }
        const std::string path = "/sobol/indices/" + indicators.all()[one.indicator].name;
        file.data<double>(path, values, {one.result.indices.size(), 6});
        file.attribute(path, "columns", "first first_low first_high total total_low total_high");
        file.attribute(path, "variance", one.result.variance);
        file.attribute(path, "noise_share", one.result.noise_share);
    }
}

void execute(SensitivityRequest request, Ranks& ranks, const Text& text) {
    if (request.many.out.empty()) request.many.out = request.scenario.stem().string() + "-sensitivity.h5";
    if (ranks.first()) check_results_target(request.many.out, request.many.force);
    const Session session(request.scenario, request.run);
    std::vector<Varied> parameters;
    for (const std::string& one : request.vary) parameters.push_back(parse_varied(session.scenario(), one));
    if (parameters.empty()) parameters = assumptions_with_ranges(session.scenario());
    const IndicatorSet names(session.district());
    const auto indicators = chosen_indicators(names, request.indicators);
    const Parallel parallel(threads_of(request.run, ranks));
    const std::uint64_t seed = session.scenario().run.seed;
    const RunMarks marks = marks_of(session.model(parallel, 0));
    const auto replicates = static_cast<std::size_t>(session.scenario().run.replicates);
    const std::size_t later = request.base * (2 + std::min(request.most, parameters.size())) * replicates;
    if (ranks.first() && !request.many.json && !request.many.quiet) {
        for (const std::string& mark : mark_texts(marks, text)) fmt::print("! {}\n", mark);
        if (replicates < 2) fmt::print("{}\n", text(tr("One replicate: noise and effect cannot be told apart, add --replicates")));
        if (request.trajectories > 0 && later > 0) fmt::print("{}\n", text(msg("After the screening {} further runs will follow", later)));
    }
    Hdf5Writer file;
    write_meta(file, session, marks, "hutong sensitivity");
    std::vector<Screening> screenings;
    std::vector<std::uint64_t> chosen;
    std::vector<Tasks> simulated;
    if (request.trajectories > 0) {
        const MorrisDesign design = morris_design(parameters, request.trajectories, seed);
        PointRuns runs(session, parameters, design.points, parts_folder(request.many.out) / "morris", parallel);
        runs.simulate(request.run, request.many, ranks, text);
        simulated.push_back(runs.tasks());
        if (ranks.first()) {
            runs.open();
            for (const std::size_t i : indicators)
                screenings.push_back({i, morris_effects(design, point_means(runs.table(i, runs.last_row())))});
            runs.write(file, "/morris");
            chosen = most_important(screenings, parameters.size(), request.most);
            if (!request.many.json && !request.many.quiet) print_screening(screenings, parameters, names, text);
        }
        ranks.share(chosen);
    } else {
        for (std::size_t p = 0; p < parameters.size(); ++p) chosen.push_back(p);
    }
    std::vector<Measured> measured;
    std::vector<Varied> important;
    if (request.base > 0) {
        for (const std::uint64_t p : chosen) important.push_back(parameters[p]);
        const SobolDesign design = sobol_design(important, request.base, seed);
        PointRuns runs(session, important, design.points, parts_folder(request.many.out) / "sobol", parallel);
        runs.simulate(request.run, request.many, ranks, text);
        simulated.push_back(runs.tasks());
        if (ranks.first()) {
            runs.open();
            for (const std::size_t i : indicators)
                measured.push_back({i, sobol_indices(design, point_means(runs.table(i, runs.last_row())), bootstrap_resamples, seed)});
            runs.write(file, "/sobol");
            if (!request.many.json && !request.many.quiet) print_measured(measured, important, names, text);
        }
    }
    if (!ranks.first()) return;
    write_indices(file, screenings, measured, names);
    write_safely(request.many.out, file.finish());
    if (!request.many.keep_parts) {
        for (const Tasks& tasks : simulated) remove_parts(tasks);
        std::error_code ignore;
        std::filesystem::remove(parts_folder(request.many.out), ignore);  // only when nothing else is in it
    }
    if (request.many.json) {
        fmt::print("{}\n", as_json(screenings, parameters, measured, important, names).dump(2));
    } else if (!request.many.quiet) {
        fmt::print("\n{}\n", text(msg("all points and indices: {}", request.many.out.string())));
    }
}

}  // namespace

void add_sensitivity_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<SensitivityRequest>();
    CLI::App* command =
        app.add_subcommand("sensitivity", context.t(tr("Tell which parameters matter: elementary effects, then Sobol indices")));
    add_point_choices(
        *command, *request,
        context.t(tr("Parameter to vary: PATH or PATH=LOW:HIGH (may be repeated; default: every assumption with a declared range)")),
        context.t(tr("File for all points and indices (HDF5)")), context.text);
    command->add_option("--trajectories", request->trajectories, context.t(tr("Trajectories of the screening (0: no screening)")))
        ->type_name("N")
        ->check(CLI::Range(std::size_t{0}, std::size_t{10000}));
    command->add_option("--points", request->base, context.t(tr("Rows of the design for Sobol indices (0: no indices)")))
        ->type_name("N")
        ->check(CLI::Range(std::size_t{0}, std::size_t{100000}));
    command->add_option("--most", request->most, context.t(tr("Parameters that go on from the screening to Sobol indices")))
        ->type_name("N")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}));
    command->callback([request, &context] { on_all_ranks(context.text, [&](Ranks& ranks) { execute(*request, ranks, context.text); }); });
}

}  // namespace hutong
