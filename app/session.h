/// What a simulating command starts from: the scenario with the options of the command line applied, and its district.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/model.h"
#include "agents/steps.h"
#include "core/parallel.h"
#include "core/text.h"
#include "sim/results.h"

namespace CLI {
class App;
}

namespace hutong {

/// Options shared by the commands that simulate.
struct RunChoices {
    std::vector<std::string> set;
    std::vector<std::string> neutral;
    std::string scale;  ///< "1/16", "0.0625"
    std::optional<std::int64_t> months, replicates;
    std::optional<std::uint64_t> seed;
    int threads = 0;
};
void add_run_choices(CLI::App& command, RunChoices& choices, const Text& text);

/// Reads and checks scenario and district; throws Error.
class Session {
public:
    Session(const std::filesystem::path& scenario_file, const RunChoices& choices);

    const Scenario& scenario() const { return scenario_; }
    const District& district() const { return *district_; }
    const std::shared_ptr<const District>& shared_district() const { return district_; }
    Model model(const Parallel& parallel, std::uint32_t replicate) const;

private:
    void check_neutral() const;

    Scenario scenario_;
    std::shared_ptr<const District> district_;
};

/// Tells on stderr, in the reader's language, what went wrong without stopping the task.
Notice notice_on_stderr(const Text& text);

}  // namespace hutong
