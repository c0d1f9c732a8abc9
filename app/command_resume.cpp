#include "app/command_resume.h"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/many_runs.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_request_bytes = 1 << 20;

fs::path request_file(const fs::path& out) { return checkpoint_folder(out) / "run.json"; }

std::string request_text(const RunRequest& request) {
    nlohmann::ordered_json json;
    json["scenario"] = fs::absolute(request.scenario).string();
    json["set"] = request.choices.set;
    json["neutral"] = request.choices.neutral;
    json["scale"] = request.choices.scale;
    if (request.choices.months) json["months"] = *request.choices.months;
    if (request.choices.seed) json["seed"] = *request.choices.seed;
    json["audit"] = request.audit;
    json["checkpoint_every"] = request.checkpoint_every;
    return json.dump(2) + "\n";
}

/// What `hutong run` was asked for when it wrote the checkpoints beside `out`.
RunRequest read_request(const fs::path& out) {
    const fs::path file = request_file(out);
    std::error_code none;
    if (!fs::is_regular_file(file, none)) {
        throw Error(ErrorKind::missing_file, msg("there is nothing to go on with for '{}'", out.string()),
                    msg("no run with --checkpoint-every to this file was interrupted"), msg("give the --out of the run"));
    }
    RunRequest request;
    try {
        const auto json = nlohmann::json::parse(read_file(file, most_request_bytes));
        request.scenario = json.at("scenario").get<std::string>();
        request.choices.set = json.at("set").get<std::vector<std::string>>();
        request.choices.neutral = json.at("neutral").get<std::vector<std::string>>();
        request.choices.scale = json.at("scale").get<std::string>();
        if (json.contains("months")) request.choices.months = json.at("months").get<std::int64_t>();
        if (json.contains("seed")) request.choices.seed = json.at("seed").get<std::uint64_t>();
        request.audit = json.at("audit").get<bool>();
        request.checkpoint_every = json.at("checkpoint_every").get<std::int64_t>();
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorKind::bad_results, msg("'{}' is damaged", file.string()), {}, msg("run the scenario again"));
    }
    request.out = out;
    request.resume = true;
    return request;
}

struct ResumeRequest {
    fs::path out;
    int threads = 0;
    bool quiet = false, json = false, show_progress = false;
};

}  // namespace

Checkpoints::Checkpoints(const RunRequest& request, const fs::path& out, const Session& session, const Text& text)
    : request_(request), text_(text), folder_(checkpoint_folder(out)) {
    if (request.checkpoint_every <= 0) return;
    if (session.scenario().run.replicates > 1) {
        throw Error(ErrorKind::usage, msg("--checkpoint-every is for one replicate"),
                    msg("the scenario has {}", session.scenario().run.replicates),
                    msg("use 'hutong ensemble': it saves every replicate when it is finished"));
    }
    key_ = runs_key(session.scenario(), session.district(), 0);
    if (request.resume) return;
    remove_checkpoints(folder_);  // of an earlier run to the same file
    std::error_code ignore;
    fs::create_directories(folder_, ignore);
    write_safely(request_file(out), request_text(request));
}

std::optional<Restored> Checkpoints::restored(const IndicatorSet& indicators) const {
    if (!request_.resume) return std::nullopt;
    return read_checkpoint(folder_, key_, indicators, notice_on_stderr(text_));
}

void Checkpoints::save_in(RunOptions& options) const {
    if (request_.checkpoint_every <= 0) return;
    options.checkpoint_every = static_cast<int>(request_.checkpoint_every);
    options.checkpoint = [this, months = options.months](World& world, Series& series, const RunCounts& counts) {
        try {
            write_checkpoint(folder_, key_, world, series, counts);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::cannot_write) throw;
            std::fprintf(stderr, "%s\n", text_.error(error).c_str());
            if (!interrupted()) return;
            // The run ends here; it must not be told that the state was saved.
            throw Error(ErrorKind::interrupted, msg("interrupted after {} of {} months", series.rows() - 1, months),
                        msg("its state could not be saved"), msg("'hutong resume' goes on from an earlier checkpoint, if there is one"));
        }
    };
}

void forget_request(const fs::path& out) {
    std::error_code ignore;
    fs::remove(request_file(out), ignore);
    remove_checkpoints(checkpoint_folder(out));
}

void add_resume_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ResumeRequest>();
    CLI::App* command = app.add_subcommand("resume", context.t(tr("Go on with an interrupted run from its newest checkpoint")));
    command->add_option("RESULTS", request->out, context.t(tr("Results file that the run was to write")))->required();
    command->add_option("--threads", request->threads, context.t(tr("Number of threads (0: all cores); results do not depend on it")))
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    command->add_flag("--quiet", request->quiet, context.t(tr("Print nothing but errors")));
    command->add_flag("--json", request->json, context.t(tr("Print the summary as JSON")));
    command->add_flag("--progress", request->show_progress, context.t(tr("Show progress also when the output is no terminal")));
    command->callback([request, &context] {
        RunRequest run = read_request(request->out);
        run.choices.threads = request->threads;
        run.quiet = request->quiet;
        run.json = request->json;
        run.show_progress = request->show_progress;
        run_scenario(run, context.text);
    });
}

}  // namespace hutong
