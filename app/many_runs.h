/// What the commands share that simulate many times (ensemble, compare, sweep, sensitivity): their options, the
/// announcement with the estimated time, progress over all runs, and ranks under mpirun.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "app/progress.h"
#include "app/session.h"
#include "sim/ensemble.h"

namespace CLI {
class App;
}

namespace hutong {

struct ManyChoices {
    std::filesystem::path out;
    bool yes = false;     ///< long runs may begin
    bool resume = false;  ///< go on with the parts that stand there
    bool force = false;   ///< replace what stands there
    bool keep_parts = false;
    bool json = false;
    bool quiet = false;
    bool show_progress = false;

    ShowProgress progress() const { return quiet ? ShowProgress::never : show_progress ? ShowProgress::always : ShowProgress::on_terminal; }
};
void add_many_choices(CLI::App& command, ManyChoices& choices, const Text& text);

/// Threads of this process: what was asked for; else every core, or one for each rank under mpirun.
int threads_of(const RunChoices& choices, const Ranks& ranks);

/// Refuses to overwrite what is no results file of ours (`force`: overwrites it); and what cannot be written.
void check_results_target(const std::filesystem::path& out, bool force);

/// Tells the number of runs and the estimated time. Throws Error(usage) above ten minutes without --yes (a scale of the
/// people given on the command line is taken as a yes only below that limit, as everything else).
void announce(std::size_t runs, double seconds_each, int at_once, const RunChoices& run, const ManyChoices& choices, const Text& text);

/// Makes the parts folder ready, announces, simulates what is missing and shows progress over all of it.
void simulate_all(const Tasks& tasks, const RunChoices& run, const ManyChoices& choices, Ranks& ranks, const Text& text);

/// Runs `body` on every rank; an error on one of them ends all.
void on_all_ranks(const Text& text, const std::function<void(Ranks&)>& body);

/// Of a scenario without the number of replicates: parts of 8 replicates serve 16 as well.
std::uint64_t runs_key(const Scenario& scenario, const District& district, std::uint64_t design);

/// "3 min 20 s", "12 h 5 min".
std::string duration_text(double seconds, const Text& text);

}  // namespace hutong
