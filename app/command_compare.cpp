// `hutong compare BASE ALT...`: runs the scenarios with the same seeds and prints paired differences.
#include <cmath>

#include <CLI/CLI.hpp>

#include "agents/steps.h"
#include "analysis/compare.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/session.h"
#include "app/summary.h"
#include "app/table.h"

namespace hutong {
namespace {

struct CompareRequest {
    std::vector<std::filesystem::path> scenarios;  ///< the base first
    std::vector<std::string> indicators;           ///< for the sub-districts
    RunChoices choices;
    bool show_progress = false;
};

std::vector<Series> run_all(const Session& session, const IndicatorSet& indicators, const Parallel& parallel, std::int64_t replicates,
                            Progress& progress, const Text& text) {
    std::vector<Series> all;
    for (std::int64_t r = 0; r < replicates; ++r) {
        check_interrupted();
        const Model model = session.model(parallel, static_cast<std::uint32_t>(r));
        progress.stage(tr("Making the population"));
        const std::string label = text(msg("{}, replicate {} of {}", session.scenario().name, r + 1, replicates));
        all.push_back(run(model, indicators, initial_world(model),
                          {.months = session.scenario().run.months,
                           .audit = false,
                           .progress = [&](int done, int months) { progress.months(done, months, label); },
                           .cancelled = &interrupted()})
                          .series);
    }
    return all;
}

std::string interval_text(const Text& text, Form form, const Difference& d) {
    if (!d.has_interval() || !std::isfinite(d.low)) return "–";
    return fmt::format("{} … {}", formatted_change(text, form, d.low), formatted_change(text, form, d.high));
}

std::vector<std::string> line(const std::string& name, std::string_view unit, const CompareRow& row, const Text& text) {
    const Form form = form_of(unit);
    return {name,
            formatted(text, form, row.base),
            formatted(text, form, row.alternative),
            formatted_change(text, form, row.difference.mean),
            interval_text(text, form, row.difference),
            !row.difference.has_interval() ? ""
            : row.difference.sure()        ? text(tr("sure"))
                                           : text(tr("contains 0"))};
}

void execute(const CompareRequest& request, const Text& text) {
    catch_interrupts();
    Progress progress(text, request.show_progress ? ShowProgress::always : ShowProgress::on_terminal);
    progress.stage(tr("Reading the district"));
    const Parallel parallel(request.choices.threads);
    const Session base(request.scenarios.front(), request.choices);
    const IndicatorSet indicators(base.district());
    std::vector<std::size_t> summary, by_subdistrict;
    for (const auto name : summary_indicators()) summary.push_back(indicators.find(name));
    for (const auto& name : request.indicators) {
        const std::size_t i = indicators.find(name);
        if (i == indicators.size())
            throw Error(ErrorKind::usage, msg("there is no indicator '{}'", name), {},
                        msg("see the names under /indicator in the results file"));
        by_subdistrict.push_back(i);
    }
    std::vector<Session> alternatives;
    for (std::size_t a = 1; a < request.scenarios.size(); ++a) {
        const Session probe(request.scenarios[a], request.choices);
        if (probe.district().hash != base.district().hash || probe.scenario().run.start != base.scenario().run.start) {
            throw Error(ErrorKind::usage, msg("'{}' and '{}' cannot be compared", base.scenario().name, probe.scenario().name),
                        msg("they start from different districts or months"), msg("compare scenarios of one district with one start"));
        }
        alternatives.push_back(probe);
    }
    const std::int64_t replicates = base.scenario().run.replicates;
    const auto base_series = run_all(base, indicators, parallel, replicates, progress, text);
    const bool chinese = text.language() == Language::chinese;
    for (const Session& alternative : alternatives) {
        const auto series = run_all(alternative, indicators, parallel, replicates, progress, text);
        progress.clear();
        const Series& first = series.front();
        fmt::print("{}\n", text(msg("{} against {}, {}, {} replicates paired by seed", alternative.scenario().name, base.scenario().name,
                                    first.month(first.rows() - 1).text(), replicates)));
        RunMarks marks = marks_of(alternative.model(parallel, 0));
        marks.experiment = marks.experiment || base.scenario().experiment;
        for (const std::string& mark : mark_texts(marks, text)) fmt::print("! {}\n", mark);
        const std::vector<std::string> head{
            "", base.scenario().name, alternative.scenario().name, text(tr("Difference")), text(tr("95 % interval (chance)")), ""};
        std::vector<std::vector<std::string>> cells{head};
        for (const CompareRow& row : compare(indicators, summary, Level::district, base_series, series)) {
            const Indicator& one = indicators.all()[row.indicator];
            cells.push_back(line(indicator_label(text, one.label, one.kind_en, one.kind_zh), one.unit, row, text));
        }
        fmt::print("\n{}", format_table(cells));
        for (const std::size_t i : by_subdistrict) {
            const Indicator& one = indicators.all()[i];
            cells = {head};
            cells[0][0] = indicator_label(text, one.label, one.kind_en, one.kind_zh);
            for (const CompareRow& row : compare(indicators, {i}, Level::subdistrict, base_series, series)) {
                const Subdistrict& place = base.district().subdistricts[row.area];
                cells.push_back(line(chinese ? place.name_zh : place.name_en, one.unit, row, text));
            }
            fmt::print("\n{}", format_table(cells));
        }
        fmt::print("\n");
    }
}

}  // namespace

void add_compare_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<CompareRequest>();
    CLI::App* command = app.add_subcommand("compare", context.t(tr("Run scenarios with the same seeds and print their differences")));
    command->add_option("SCENARIOS", request->scenarios, context.t(tr("The base scenario, then one or more alternatives")))
        ->required()
        ->expected(2, 64);
    add_run_choices(*command, request->choices, context.text);
    command
        ->add_option("--replicates", request->choices.replicates, context.t(tr("Number of replicates, which differ by their draws alone")))
        ->type_name("N");
    command
        ->add_option("--indicator", request->indicators,
                     context.t(tr("Indicator shown by sub-district (may be repeated; default: population)")))
        ->type_name("NAME")
        ->allow_extra_args(false);
    command->add_flag("--progress", request->show_progress, context.t(tr("Show progress also when the output is no terminal")));
    command->callback([request, &context] {
        if (request->indicators.empty()) request->indicators.emplace_back("population");
        execute(*request, context.text);
    });
}

}  // namespace hutong
