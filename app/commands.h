/// The command line: what every sub-command gets, and the list of sub-commands (one file each: app/command_X.cpp).
#pragma once

#include <string>

#include "core/text.h"

namespace CLI {
class App;
}

namespace hutong {

/// What every sub-command gets. A command adds itself to the App with a callback, says what it has to say in the
/// reader's language, and throws hutong::Error when it cannot go on; run_command prints the error and returns its
/// exit code. A command that ends well but has bad news (problems in a pack) sets `exit_code`.
struct CommandContext {
    Text text;
    int exit_code = 0;

    Language language() const { return text.language(); }
    /// The texts of the command line in the reader's language: `context.t("Read the scenario FILE")`.
    std::string t(std::string_view id) const { return text(id); }
};

/// Parses the command line, runs the command and returns the exit code (core/error.h, ErrorKind).
int run_command(int argc, char** argv);

void add_run_command(CLI::App& app, CommandContext& context);
void add_calibrate_command(CLI::App& app, CommandContext& context);
void add_ensemble_command(CLI::App& app, CommandContext& context);
void add_sweep_command(CLI::App& app, CommandContext& context);
void add_sensitivity_command(CLI::App& app, CommandContext& context);
void add_resume_command(CLI::App& app, CommandContext& context);
void add_compare_command(CLI::App& app, CommandContext& context);
void add_picture_command(CLI::App& app, CommandContext& context);
void add_report_command(CLI::App& app, CommandContext& context);
void add_export_command(CLI::App& app, CommandContext& context);
void add_parameters_command(CLI::App& app, CommandContext& context);
void add_district_command(CLI::App& app, CommandContext& context);
void add_synth_command(CLI::App& app, CommandContext& context);
void add_policy_command(CLI::App& app, CommandContext& context);
void add_coverage_command(CLI::App& app, CommandContext& context);
void add_responses_command(CLI::App& app, CommandContext& context);
void add_explain_command(CLI::App& app, CommandContext& context);

}  // namespace hutong
