#include "sim/rerun.h"

#include "agents/steps.h"
#include "sim/results.h"
#include "sim/run.h"

namespace hutong {

std::string rerun_results(const District& district, const Scenario& scenario, int threads, const std::atomic<bool>& cancelled,
                          std::uint64_t& state_hash) {
    const Parallel parallel(threads);
    Model model{.district = district, .scenario = scenario, .parallel = parallel, .luck = Luck(scenario.run.seed, 0), .neutral = {}};
    for (const std::string& name : scenario.neutral) {
        const Behaviour behaviour = behaviour_named(name);
        if (behaviour != Behaviour::count) model.neutral.set(static_cast<std::size_t>(behaviour));
    }
    const IndicatorSet indicators(district);
    RunOptions options;
    options.months = scenario.run.months;
    options.cancelled = &cancelled;
    RunOutcome outcome = run(model, indicators, initial_world(model), options);
    state_hash = outcome.state_hash;
    std::vector<Replicate> replicates;
    replicates.push_back({0, outcome.state_hash, std::move(outcome.series), std::move(outcome.world.spaces)});
    return build_results(model, indicators, replicates);
}

}  // namespace hutong
