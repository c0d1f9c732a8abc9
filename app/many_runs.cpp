#include "app/many_runs.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/interrupt.h"
#include "core/hash.h"
#include "core/hdf5_file.h"
#include "core/safe_file.h"
#include "sim/ensemble_parts.h"

namespace hutong {
namespace {

constexpr double longest_unasked_seconds = 600;

}  // namespace

void add_many_choices(CLI::App& command, ManyChoices& choices, const Text& text) {
    command.add_flag("--yes", choices.yes, text(tr("Begin also when it will take more than ten minutes")));
    command.add_flag("--resume", choices.resume, text(tr("Go on with the finished runs of an earlier, interrupted command")));
    command.add_flag("--force", choices.force,
                     text(tr("Replace what stands there: a file that is no results file, runs of an earlier command")));
    command.add_flag("--keep-parts", choices.keep_parts, text(tr("Keep the files of the single runs in FILE.parts")));
    command.add_flag("--json", choices.json, text(tr("Print the summary as JSON")));
    command.add_flag("--quiet", choices.quiet, text(tr("Print nothing but errors")));
    command.add_flag("--progress", choices.show_progress, text(tr("Show progress also when the output is no terminal")));
}

int threads_of(const RunChoices& choices, const Ranks& ranks) {
    if (choices.threads > 0) return choices.threads;
    return ranks.size() > 1 ? 1 : Parallel(0).threads();
}

void check_results_target(const std::filesystem::path& out, bool force) {
    check_writable(out);
    std::error_code none;
    if (force || !std::filesystem::is_regular_file(out, none) || std::filesystem::file_size(out, none) == 0) return;
    try {
        const Hdf5Reader file(out);
        if (file.exists("/meta") && file.has_attribute("/meta", "format") && file.attribute_text("/meta", "format").starts_with("hutong "))
            return;
    } catch (const Error&) {
        // not readable as results: falls through to the refusal
    }
    throw Error(ErrorKind::cannot_write, msg("'{}' is not written", out.string()), msg("a file that is no results file stands there"),
                msg("choose another --out, or add --force"));
}

std::string duration_text(double seconds, const Text& text) {
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    constexpr std::int64_t minute = 60, hour = 3600;
    if (whole >= hour) return text(msg("{} h {} min", whole / hour, whole % hour / minute));
    if (whole >= minute) return text(msg("{} min {} s", whole / minute, whole % minute));
    return text.seconds(seconds);
}

void announce(std::size_t runs, double seconds_each, int at_once, const RunChoices& run, const ManyChoices& choices, const Text& text) {
    const auto side_by_side = std::max<std::size_t>(1, std::min<std::size_t>(runs, static_cast<std::size_t>(std::max(1, at_once))));
    const double seconds = std::ceil(static_cast<double>(runs) / static_cast<double>(side_by_side)) * seconds_each;
    if (!choices.quiet) {
        std::fprintf(choices.json ? stderr : stdout, "%s\n",
                     text(msg("{} runs, {} at once, about {}", runs, side_by_side, duration_text(seconds, text))).c_str());
        std::fflush(choices.json ? stderr : stdout);
    }
    if (seconds <= longest_unasked_seconds || choices.yes) return;
    throw Error(ErrorKind::usage, msg("{} runs will take about {}", runs, duration_text(seconds, text)),
                msg("that is more than ten minutes"),
                run.scale.empty() ? msg("add --yes to begin, or simulate a fraction of the people with --scale 1/16")
                                  : msg("add --yes to begin, or choose a smaller --scale"));
}

void simulate_all(const Tasks& tasks, const RunChoices& run, const ManyChoices& choices, Ranks& ranks, const Text& text) {
    Progress progress(text, ranks.first() ? choices.progress() : ShowProgress::never);
    const int threads = threads_of(run, ranks);
    if (ranks.first()) {
        prepare_parts(tasks, choices.resume, choices.force);
        const auto missing = missing_parts(tasks);
        if (!missing.empty()) {
            progress.stage(tr("Estimating the time"));
            const double each = estimate_seconds(tasks.member(missing.front()), tasks.months);
            progress.clear();
            announce(missing.size(), each, threads * ranks.size(), run, choices, text);
        }
    }
    check_interrupted();
    TaskOptions options;
    options.threads = threads;
    options.cancelled = &interrupted();
    options.progress = [&](const TaskProgress& p) {
        // Under mpirun rank 0 sees its own runs only; they stand for all.
        progress.runs(p.months_done, p.months, p.tasks_done * static_cast<std::size_t>(ranks.size()), p.tasks, ranks.size());
    };
    progress.begin();
    run_tasks(tasks, options, ranks);
}

void on_all_ranks(const Text& text, const std::function<void(Ranks&)>& body) {
    catch_interrupts();
    Ranks ranks;
    if (ranks.size() == 1) return body(ranks);
    try {
        body(ranks);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) {  // all ranks have stopped in order
            if (ranks.first()) throw;
            return;
        }
        std::fprintf(stderr, "hutong: %s\n", text.error(error).c_str());
        std::fflush(stderr);
        ranks.abandon(static_cast<int>(error.kind()));
    }
}

std::uint64_t runs_key(const Scenario& scenario, const District& district, std::uint64_t design) {
    Scenario one = scenario;
    one.run.replicates = 1;
    Hash hash;
    hash.text(program_version()).number(static_cast<std::uint64_t>(results_schema)).text(canonical_text(one)).number(district.hash);
    return hash.number(design).value();
}

}  // namespace hutong
