#include "app/session.h"

#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "core/hash.h"
#include "scenarios/district_pack.h"

namespace hutong {
namespace {

constexpr int most_threads = 1024;

std::vector<std::string> set_entries(const RunChoices& choices) {
    std::vector<std::string> set = choices.set;
    if (choices.months) set.push_back(fmt::format("run.months={}", *choices.months));
    if (choices.replicates) set.push_back(fmt::format("run.replicates={}", *choices.replicates));
    if (choices.seed) set.push_back(fmt::format("run.seed={}", *choices.seed));
    if (!choices.scale.empty()) set.push_back("run.scale=" + choices.scale);
    return set;
}

Scenario read(const std::filesystem::path& file, const RunChoices& choices) {
    Scenario scenario = read_scenario(file, set_entries(choices));
    for (const std::string& name : choices.neutral) {
        if (std::find(scenario.neutral.begin(), scenario.neutral.end(), name) == scenario.neutral.end()) scenario.neutral.push_back(name);
    }
    std::sort(scenario.neutral.begin(), scenario.neutral.end());
    scenario.text = canonical_text(scenario);
    scenario.hash = Hash().text(scenario.text).value();
    return scenario;
}

}  // namespace

void add_run_choices(CLI::App& command, RunChoices& choices, const Text& text) {
    command.add_option("--set", choices.set, text(tr("Set a lever or an assumption: KEY=VALUE (may be repeated)")))
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command.add_option("--scale", choices.scale, text(tr("Simulate a fraction of the people, such as 1/16")))->type_name("F");
    command.add_option("--months", choices.months, text(tr("Number of months")))->type_name("N");
    command.add_option("--seed", choices.seed, text(tr("Seed of all draws")))->type_name("N");
    command.add_option("--threads", choices.threads, text(tr("Number of threads (0: all cores); results do not depend on it")))
        ->type_name("N")
        ->check(CLI::Range(0, most_threads));
    command.add_option("--neutral", choices.neutral, text(tr("Switch a behaviour off (may be repeated)")))
        ->type_name("NAME")
        ->allow_extra_args(false);
}

Session::Session(const std::filesystem::path& scenario_file, const RunChoices& choices) : scenario_(read(scenario_file, choices)) {
    check_neutral();
    district_ = std::make_shared<const District>(read_district(scenario_.run.district));
    if (const auto problems = check_scenario(scenario_, *district_); !problems.empty()) throw problems.front();
}

void Session::check_neutral() const {
    for (const std::string& name : scenario_.neutral) {
        if (behaviour_named(name) != Behaviour::count) continue;
        std::vector<std::string> known;
        std::string all;
        for (std::size_t b = 0; b < static_cast<std::size_t>(Behaviour::count); ++b) {
            known.emplace_back(behaviour_name(static_cast<Behaviour>(b)));
            all += (b > 0 ? ", " : "") + known.back();
        }
        const std::string near = nearest_name(name, known);
        throw Error(ErrorKind::usage, msg("there is no behaviour '{}'", name), msg("--neutral takes one of: {}", all),
                    near.empty() ? msg("choose one of them") : msg("did you mean '{}'?", near));
    }
}

Model Session::model(const Parallel& parallel, std::uint32_t replicate) const {
    Model model{
        .district = *district_, .scenario = scenario_, .parallel = parallel, .luck = Luck(scenario_.run.seed, replicate), .neutral = {}};
    for (const std::string& name : scenario_.neutral) model.neutral.set(static_cast<std::size_t>(behaviour_named(name)));
    return model;
}

Notice notice_on_stderr(const Text& text) {
    return [&text](const Error& error) { fmt::print(stderr, "{}\n", text.error(error)); };
}

}  // namespace hutong
