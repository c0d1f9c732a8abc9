// A program of another project: reads the installed scenario, simulates two months of a sixteenth of Xicheng and prints
// what it finds. Exit code 0 only when a population came out.
#include <cstdio>
#include <string>

#include "agents/steps.h"
#include "scenarios/district_pack.h"
#include "sim/run.h"

int main(int argc, char** argv) {
    using namespace hutong;
    if (argc != 2) return 2;
    try {
        const Scenario scenario = read_scenario(std::string(argv[1]) + "/baseline.toml", {"run.months=2", "run.scale=0.0625"});
        const District district = read_district(scenario.run.district);
        const Parallel parallel(2);
        const Model model{
            .district = district, .scenario = scenario, .parallel = parallel, .luck = Luck(scenario.run.seed, 0), .neutral = {}};
        const IndicatorSet indicators(district);
        const RunOutcome outcome = run(model, indicators, initial_world(model), {.months = scenario.run.months, .audit = true});
        std::printf("%zu residents, state %s\n", outcome.world.people.count(), hex(outcome.state_hash).c_str());
        return outcome.world.people.count() > 10'000 ? 0 : 1;
    } catch (const Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
