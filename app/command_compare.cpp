// `hutong compare BASE ALT...`: paired differences of scenarios, simulated here with the same seeds or read from results.
#include <cmath>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/compare_output.h"
#include "app/interrupt.h"
#include "app/many_runs.h"
#include "app/summary.h"
#include "core/hash.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t default_orders = 16, most_orders = 10'000;  // of levers, sampled in pairs of an order and its reverse
constexpr std::size_t gain_months[] = {12, 60};

struct CompareRequest {
    std::vector<fs::path> inputs;         ///< the base first: scenarios or results files
    std::vector<std::string> indicators;  ///< shown by sub-district and block
    RunChoices choices;
    ManyChoices many;
    bool attribute = false;
    std::size_t orders = default_orders;
};

bool is_scenario(const fs::path& path) { return path.extension() == ".toml"; }

/// What is compared, and what it stands on.
struct Inputs {
    std::vector<std::unique_ptr<Session>> sessions;  ///< [input], none for results files
    std::vector<Outcomes> outcomes;                  ///< [input]
    std::vector<std::unique_ptr<IndicatorSet>> indicators;
    PlaceNames places;
    Tasks tasks;  ///< of the scenarios, replicate after replicate of the first, then of the next
};

fs::path work_folder(const CompareRequest& request) {
    return parts_folder(request.many.out.empty() ? fs::path("compare-" + request.inputs.front().stem().string()) : request.many.out);
}

/// A list of scenarios, each with all replicates, as tasks.
Tasks tasks_of(std::vector<std::shared_ptr<const Scenario>> scenarios, const std::shared_ptr<const District>& district,
               const fs::path& folder, Level lowest, const Parallel& parallel) {
    Tasks tasks;
    const auto replicates = static_cast<std::size_t>(scenarios.front()->run.replicates);
    tasks.count = scenarios.size() * replicates;
    tasks.months = scenarios.front()->run.months;
    tasks.lowest = lowest;
    tasks.folder = folder;
    Hash design;
    for (const auto& one : scenarios) design.number(one->hash);
    tasks.key = runs_key(*scenarios.front(), *district, design.value());
    // The assumptions of the synthesis may differ: each scenario has its own start population, most share one.
    std::vector<std::shared_ptr<const World>> populations;
    for (std::size_t s = 0; s < scenarios.size(); ++s) {
        std::shared_ptr<const World> found;
        for (std::size_t earlier = 0; earlier < s && !found; ++earlier) {
            const auto a = list_parameters(scenarios[earlier]->assumptions.synthesis),
                       b = list_parameters(scenarios[s]->assumptions.synthesis);
            bool same =
                scenarios[earlier]->run.scale == scenarios[s]->run.scale && scenarios[earlier]->run.start == scenarios[s]->run.start;
            for (std::size_t i = 0; i < a.size(); ++i) same = same && a[i].value == b[i].value;
            if (same) found = populations[earlier];
        }
        populations.push_back(found ? found : start_population(*district, *scenarios[s], parallel));
    }
    tasks.member = [scenarios = std::move(scenarios), populations = std::move(populations), district, replicates](std::size_t task) {
        const std::size_t s = task / replicates;
        return Member{scenarios[s], district, populations[s], static_cast<std::uint32_t>(task % replicates)};
    };
    return tasks;
}

std::vector<std::unique_ptr<Session>> read_sessions(const CompareRequest& request) {
    std::vector<std::unique_ptr<Session>> sessions;
    const Session* first = nullptr;
    for (const fs::path& input : request.inputs) {
        if (!is_scenario(input)) {
            sessions.push_back(nullptr);
            continue;
        }
        sessions.push_back(std::make_unique<Session>(input, request.choices));
        const Session& own = *sessions.back();
        if (!first) first = &own;
        if (own.scenario().run.months != first->scenario().run.months) {
            throw Error(ErrorKind::usage, msg("'{}' and '{}' cannot be compared", first->scenario().name, own.scenario().name),
                        msg("one simulates {} months, the other {}", first->scenario().run.months, own.scenario().run.months),
                        msg("give both the same --months"));
        }
    }
    return sessions;
}

void check_indicators(const CompareRequest& request, const std::vector<IndicatorInfo>& indicators) {
    std::vector<std::string> known;
    for (const IndicatorInfo& one : indicators) known.push_back(one.name);
    for (const std::string& name : request.indicators) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string near = nearest_name(name, known);
        throw Error(ErrorKind::usage, msg("there is no indicator '{}'", name), {},
                    near.empty() ? msg("see the names under /indicator in the results file") : msg("did you mean '{}'?", near));
    }
}

/// Of a District or of Results, which call their blocks and sub-districts alike.
template <class Source>
PlaceNames places_of(const Source& source, bool chinese) {
    PlaceNames places;
    for (const auto& one : source.blocks) {
        places.block_codes.push_back(one.code);
        places.blocks.push_back(chinese ? one.name_zh : one.name_en);
    }
    for (const auto& one : source.subdistricts) places.subdistricts.push_back(chinese ? one.name_zh : one.name_en);
    return places;
}

/// Opens results files, and holds all inputs against each other before anything is simulated.
void check_inputs(const CompareRequest& request, Inputs& in, const Parallel& parallel, bool chinese) {
    for (std::size_t i = 0; i < request.inputs.size(); ++i) {
        if (const Session* session = in.sessions[i].get()) {
            in.indicators.push_back(std::make_unique<IndicatorSet>(session->district()));
            in.outcomes.push_back(planned_outcomes(session->model(parallel, 0), *in.indicators.back(), Interval::chance));
            if (i == 0) in.places = places_of(session->district(), chinese);
            continue;
        }
        in.indicators.push_back(nullptr);
        const auto results = std::make_shared<const Results>(request.inputs[i]);
        if (results->version != program_version()) {
            throw Error(ErrorKind::bad_results, msg("'{}' is not compared", request.inputs[i].string()),
                        msg("it was made by version {}, this is version {}", results->version, program_version()),
                        msg("make it again with this version"));
        }
        in.outcomes.push_back(outcomes_of(results));
        if (i == 0) in.places = places_of(*results, chinese);
    }
    check_indicators(request, in.outcomes.front().indicators);
    for (std::size_t i = 1; i < in.outcomes.size(); ++i) check_comparable(in.outcomes.front(), in.outcomes[i]);
}

/// Simulates the scenarios, opens the results files.
Inputs read_inputs(const CompareRequest& request, const Parallel& parallel, Ranks& ranks, const Text& text) {
    Inputs in;
    in.sessions = read_sessions(request);
    if (ranks.first()) check_inputs(request, in, parallel, text.language() == Language::chinese);
    std::vector<std::shared_ptr<const Scenario>> scenarios;
    std::shared_ptr<const District> district;
    for (const auto& session : in.sessions) {
        if (!session) continue;
        scenarios.push_back(std::make_shared<const Scenario>(session->scenario()));
        if (!district) district = session->shared_district();
    }
    if (scenarios.empty()) return in;
    in.tasks = tasks_of(scenarios, district, work_folder(request), Level::block, parallel);
    simulate_all(in.tasks, request.choices, request.many, ranks, text);
    if (!ranks.first()) return in;
    std::size_t simulated = 0;
    for (std::size_t i = 0; i < request.inputs.size(); ++i) {
        if (!in.sessions[i]) continue;
        const auto replicates = static_cast<std::size_t>(in.sessions[i]->scenario().run.replicates);
        const IndicatorSet& indicators = *in.indicators[i];
        auto parts = std::make_shared<const Parts>(in.tasks.folder, simulated * replicates, replicates, in.tasks.key, indicators);
        in.outcomes[i] = outcomes_of(std::move(parts), in.sessions[i]->model(parallel, 0), indicators, Interval::chance);
        ++simulated;
    }
    return in;
}

/// Runs every combination of the changed levers that is needed and shares the difference out.
std::vector<LeverShare> attribute(const CompareRequest& request, const Inputs& in, std::size_t alternative, const Parallel& parallel,
                                  Ranks& ranks, const Text& text) {
    const Session* base = in.sessions.front().get();
    const Session* other = in.sessions[alternative].get();
    if (!base || !other) {
        throw Error(ErrorKind::usage, msg("--attribute needs scenario files"), msg("levers are switched in further runs"),
                    msg("give the scenarios instead of their results"));
    }
    const auto levers = changed_levers(base->scenario(), other->scenario());
    std::vector<LeverShare> out;
    if (levers.empty()) return out;
    const Coalitions coalitions = coalitions_of(levers.size(), request.orders, base->scenario().run.seed);
    std::vector<std::shared_ptr<const Scenario>> scenarios;
    for (const auto& set : coalitions.sets)
        scenarios.push_back(std::make_shared<const Scenario>(with_levers(base->scenario(), other->scenario(), levers, set)));
    const auto replicates = static_cast<std::size_t>(base->scenario().run.replicates);
    const Tasks tasks = tasks_of(scenarios, base->shared_district(), work_folder(request).string() + fmt::format("/levers-{}", alternative),
                                 Level::district, parallel);
    if (!request.many.quiet && ranks.first()) {
        std::fprintf(stderr, "%s\n",
                     text(coalitions.orders.empty() ? msg("{} changed levers, {} combinations", levers.size(), coalitions.sets.size())
                                                    : msg("{} changed levers, {} sampled orders", levers.size(), coalitions.orders.size()))
                         .c_str());
    }
    simulate_all(tasks, request.choices, request.many, ranks, text);
    if (!ranks.first()) return out;
    const IndicatorSet indicators(base->district());
    const Parts parts(tasks.folder, 0, tasks.count, tasks.key, indicators, Level::district);
    for (const auto name : summary_indicators()) {
        const std::size_t i = indicators.find(name);
        if (i == indicators.size()) continue;
        std::vector<std::vector<double>> alone(levers.size()), shapley(levers.size());
        std::vector<double> mean(coalitions.sets.size(), 0);
        for (std::size_t r = 0; r < replicates; ++r) {
            std::vector<double> outcome;
            for (std::size_t k = 0; k < coalitions.sets.size(); ++k) {
                outcome.push_back(parts.values(k * replicates + r, i, Level::district).back());
                mean[k] += outcome.back() / static_cast<double>(replicates);
            }
            const auto split = shares(coalitions, outcome);
            for (std::size_t l = 0; l < levers.size(); ++l) {
                alone[l].push_back(split[l].alone);
                shapley[l].push_back(split[l].shapley);
            }
        }
        const auto whole = shares(coalitions, mean);
        const std::vector<double> zero(replicates, 0);
        for (std::size_t l = 0; l < levers.size(); ++l) {
            out.push_back({levers[l], std::string(name), paired_difference(zero, alone[l]), paired_difference(zero, shapley[l]),
                           !coalitions.orders.empty(), whole[l].sampling_error});
        }
    }
    if (!request.many.keep_parts) remove_parts(tasks);
    return out;
}

void execute(const CompareRequest& request, Ranks& ranks, const Text& text) {
    if (ranks.first() && !request.many.out.empty()) check_results_target(request.many.out, request.many.force);
    const Parallel parallel(threads_of(request.choices, ranks));
    Inputs in = read_inputs(request, parallel, ranks, text);
    std::vector<Compared> all;
    for (std::size_t i = 1; i < request.inputs.size(); ++i) {
        Compared one;
        if (request.attribute) one.levers = attribute(request, in, i, parallel, ranks, text);
        if (!ranks.first()) continue;
        one.base = &in.outcomes.front();
        one.alternative = &in.outcomes[i];
        one.differences = scenario_difference(one.base->scenario_text, one.alternative->scenario_text);
        const std::size_t months = std::min(one.base->months.size(), one.alternative->months.size());
        std::size_t population = 0;
        while (population < one.base->indicators.size() && one.base->indicators[population].name != "population") ++population;
        for (const std::size_t month : gain_months) {
            if (month + 1 < months) one.gains.push_back(pairing_gain(*one.base, *one.alternative, population, month));
        }
        one.gains.push_back(pairing_gain(*one.base, *one.alternative, population, months - 1));
        all.push_back(std::move(one));
    }
    if (!ranks.first()) return;
    if (!request.many.out.empty()) {
        Progress progress(text, request.many.progress());
        progress.stage(tr("Writing the results"));
        write_safely(request.many.out, compared_file(all, in.places, parallel));
    }
    if (request.many.json) {
        fmt::print("{}\n", compared_json(all, request.indicators, in.places));
    } else if (!request.many.quiet) {
        for (const Compared& one : all) print_tables(one, request.indicators, in.places, text);
        if (!request.many.out.empty()) fmt::print("{}\n", text(msg("all indicators, blocks and months: {}", request.many.out.string())));
    }
    if (in.tasks.count > 0 && !request.many.keep_parts) remove_parts(in.tasks);
}

}  // namespace

void add_compare_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<CompareRequest>();
    CLI::App* command = app.add_subcommand("compare", context.t(tr("Hold scenarios against a base, replicates paired by seed")));
    command
        ->add_option("SCENARIOS", request->inputs,
                     context.t(tr("The base, then one or more alternatives: scenario files, or results files")))
        ->required()
        ->expected(2, 64);
    add_run_choices(*command, request->choices, context.text);
    command
        ->add_option("--replicates", request->choices.replicates, context.t(tr("Number of replicates, which differ by their draws alone")))
        ->type_name("N");
    command
        ->add_option("--indicator", request->indicators,
                     context.t(tr("Indicator shown by sub-district and block (may be repeated; default: population)")))
        ->type_name("NAME")
        ->allow_extra_args(false);
    command->add_option("--out", request->many.out, context.t(tr("File for the differences of every indicator, block and month (HDF5)")))
        ->type_name("FILE");
    command->add_flag("--attribute", request->attribute,
                      context.t(tr("Also tell which of the changed levers made the difference, alone and as Shapley values")));
    command->add_option("--orders", request->orders, context.t(tr("Orders of levers sampled for Shapley values of more than 6 levers")))
        ->type_name("N")
        ->check([&context](const std::string& given) {
            std::size_t orders = 0;
            const bool pairs = CLI::detail::lexical_cast(given, orders) && orders % 2 == 0;
            if (pairs && orders >= least_sampled_orders && orders <= most_orders) return std::string();
            return context.text(
                msg("'{}' is no even number from {} to {}: an order and its reverse are one sample, and a standard "
                    "error needs two",
                    given, least_sampled_orders, most_orders));
        });
    add_many_choices(*command, request->many, context.text);
    command->callback([request, &context] {
        if (request->indicators.empty()) request->indicators.emplace_back("population");
        on_all_ranks(context.text, [&](Ranks& ranks) { execute(*request, ranks, context.text); });
    });
}

}  // namespace hutong
