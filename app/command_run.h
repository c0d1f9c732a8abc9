/// `hutong run`: the main job. Simulates a scenario, writes the results file, prints the summary.
#pragma once

#include <filesystem>
#include <string>

#include "app/session.h"

namespace hutong {

struct RunRequest {
    std::filesystem::path scenario;
    std::filesystem::path out;  ///< empty: <scenario>.h5 in the current folder
    RunChoices choices;
    bool quiet = false;
    bool json = false;
    bool audit = false;
    bool force = false;                 ///< replace also a file that is no results file of ours
    bool show_progress = false;         ///< also when stderr is no terminal
    std::int64_t checkpoint_every = 0;  ///< months; 0: no checkpoints
    bool resume = false;                ///< goes on from the newest checkpoint of `out`
};

/// Runs it and prints what the command prints.
void run_scenario(const RunRequest& request, const Text& text);

/// Peak resident memory of this process so far; 0 where the system does not tell.
std::int64_t peak_memory_bytes();

}  // namespace hutong
