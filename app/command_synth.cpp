#include "app/command_synth.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/session.h"
#include "app/table.h"
#include "scenarios/district_pack.h"

namespace hutong {
namespace {

using Cells = std::vector<std::vector<std::string>>;
constexpr int fine = 2;  ///< decimals of errors in per cent

struct SynthRequest {
    std::filesystem::path source = "scenarios/xicheng";
    bool report = false;
    RunChoices choices;
};

std::string heading(std::string_view words) { return fmt::format("\n{}\n", words); }

std::string control_tables(const SynthesisReport& report, const Text& text) {
    Cells tables{{text(tr("Table")), text(tr("Counts")), text(tr("Worst error, district")), text(tr("Worst error, sub-district")),
                  text(tr("SRMSE, sub-districts"))}};
    for (const TableFit& table : report.tables) {
        tables.push_back({table.table, text(table.persons ? tr("persons") : tr("households")), text.share(table.worst_district_error, fine),
                          text.share(table.worst_error, fine), text.number(table.srmse, 4)});
    }
    Cells controls{{text(tr("Control total")), text(tr("Category")), text(tr("Independent")), text(tr("Target")), text(tr("Made")),
                    text(tr("Error, district")), text(tr("Mean error")), text(tr("Worst error")), text(tr("in")),
                    text(tr("SRMSE, sub-districts"))}};
    for (const ControlFit& fit : report.controls) {
        controls.push_back({fit.table, fit.category, text(fit.independent ? tr("yes") : tr("no")),
                            text.count(static_cast<std::int64_t>(fit.target + 0.5)), text.count(static_cast<std::int64_t>(fit.made)),
                            text.share(fit.district_error, fine), text.share(fit.mean_error, fine), text.share(fit.worst_error, fine),
                            report.places[fit.worst_place], text.number(fit.srmse, 4)});
    }
    return heading(text(tr("Fit by table"))) + format_table(tables) + heading(text(tr("Fit by control, over the sub-districts"))) +
           format_table(controls);
}

std::string weight_table(const SynthesisReport& report, const SynthesisRecord& record, const Text& text) {
    Cells cells{{text(tr("Sub-district")), text(tr("Rounds")), text(tr("Ended")), text(tr("Worst gap of weights")),
                 text(tr("Least weight")), text(tr("Mean weight")), text(tr("Largest weight")), text(tr("Effective sample")),
                 text(tr("Changed by rounding")), text(tr("Largest residual"))}};
    const auto end = [&](IpuEnd how) {
        return text(how == IpuEnd::converged ? tr("converged") : how == IpuEnd::stalled ? tr("no more progress") : tr("most rounds"));
    };
    const auto add = [&](const std::string& name, const FitSummary& fit, bool rounded) {
        cells.push_back({name, text.count(fit.iterations), end(fit.end), text.share(fit.worst_gap, fine),
                         fmt::format("{:.3g}", fit.least_weight), fmt::format("{:.3g}", fit.mean_weight),
                         fmt::format("{:.3g}", fit.largest_weight), text.count(static_cast<std::int64_t>(fit.effective_sample)),
                         rounded ? text.count(fit.rounding_changes) : "", rounded ? text.number(fit.worst_residual, 0) : ""});
    };
    add(text(tr("District")), record.district, false);
    for (std::size_t s = 0; s < record.subdistricts.size(); ++s) add(report.places[s], record.subdistricts[s], true);
    std::string out = heading(text(tr("Weights"))) + format_table(cells);
    for (std::size_t s = 0; s < record.subdistricts.size(); ++s) {
        for (const std::string& control : record.subdistricts[s].without_candidates) {
            out += "! " + text(msg("no candidate fits control {0} in {1}", control, report.places[s])) + "\n";
        }
    }
    return out;
}

std::string reconciled_table(const SynthesisReport& report, const SynthesisRecord& record, const Text& text) {
    if (record.plan.notes.empty()) return heading(text(tr("The marginals agree: nothing was reconciled")));
    Cells cells{{text(tr("Reconciled")), text(tr("in")), text(tr("Given")), text(tr("Used")), text(tr("Treatment"))}};
    for (const Reconciliation& note : record.plan.notes) {
        cells.push_back({text(note.subject), note.subdistrict ? report.places[*note.subdistrict] : text(tr("District")),
                         text.count(static_cast<std::int64_t>(note.given + 0.5)), text.count(static_cast<std::int64_t>(note.used + 0.5)),
                         text(note.treatment)});
    }
    return heading(text(tr("Marginals that disagreed"))) + format_table(cells);
}

std::string uncontrolled_tables(const SynthesisReport& report, const Text& text) {
    const UncontrolledChecks& c = report.checks;
    std::string out = heading(text(tr("Not controlled: children under 18 by mother's age at birth")));
    constexpr const char* mothers[mother_age_bands] = {"15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49"};
    Cells births{{text(tr("Mother's age")), text(tr("Children at home")), text(tr("Births by the vital rates"))}};
    for (std::size_t b = 0; b < mother_age_bands; ++b)
        births.push_back({mothers[b], text.share(c.mother_age_share[b]), text.share(c.fertility_share[b])});
    out += format_table(births);
    out += text(msg("mean {0} years; {1} of children live without their mother; husbands are {2} years older",
                    text.number(c.mother_age_mean), text.share(c.children_without_mother), text.number(c.partner_gap_mean))) +
           "\n";

    out += heading(text(tr("Not controlled: residents of 65 and over")));
    out +=
        format_table({{text(tr("Elders")), text(tr("Living alone")), text(tr("With elders only")), text(tr("With younger people")),
                       text(tr("Collective quarters"))},
                      {text.count(static_cast<std::int64_t>(c.elders)), text.share(c.elders_alone_share), text.share(c.elders_pair_share),
                       text.share(c.elders_with_younger_share), text.share(c.elders_collective_share)}});

    out += heading(text(tr("Not controlled: age by registration")));
    constexpr const char* bands[report_age_bands] = {"0-14", "15-29", "30-44", "45-59", "60-74", "75+"};
    Cells ages{{text(tr("Age")), text(tr("This district")), text(tr("Other Beijing district")), text(tr("Outside Beijing"))}};
    for (std::size_t b = 0; b < report_age_bands; ++b) {
        const auto& row = c.registration_by_age[b];
        const double sum = std::max(row[0] + row[1] + row[2], 1.0);
        ages.push_back({bands[b], text.share(row[0] / sum), text.share(row[1] / sum), text.share(row[2] / sum)});
    }
    return out + format_table(ages);
}

std::string start_table(const SynthesisReport& report, const SynthesisRecord& record, const Text& text) {
    const UncontrolledChecks& c = report.checks;
    Cells cells{{text(tr("Start of the run")), text(tr("Value"))}};
    const auto count = [&](std::string_view name, double value) {
        cells.push_back({text(name), text.count(static_cast<std::int64_t>(value + 0.5))});
    };
    const auto share = [&](std::string_view name, double part, double whole) {
        cells.push_back({text(name), whole > 0 ? text.share(part / whole) : "-"});
    };
    count(tr("Residents"), report.persons);
    count(tr("Households and beds"), report.households);
    count(tr("Households in another class of home"), static_cast<double>(record.placement.other_class));
    count(tr("Employed residents"), c.employed);
    share(tr("Self-containment"), c.employed_here, c.employed);
    share(tr("Self-sufficiency"), c.by_residents, c.filled_posts);
    share(tr("Unemployment"), c.unemployed, c.unemployed + c.employed);
    count(tr("Posts"), c.posts);
    share(tr("Open posts"), c.posts - c.filled_posts, c.posts);
    count(tr("In-commuters"), c.filled_posts - c.by_residents);
    count(tr("Residents in a post of another skill"), static_cast<double>(record.jobs.other_skill));
    share(tr("Households with a car"), c.car_share, 1);
    count(tr("Most copies of one candidate in a sub-district"), record.largest_copies);
    return heading("") + format_table(cells);
}

std::string dependent_list(const SynthesisReport& report, const Text& text) {
    std::string out = heading(text(tr("Without independent control (derived or assumed; a good fit proves nothing)")));
    std::string table;
    for (const ControlFit& fit : report.controls) {
        if (fit.independent || fit.table == table) continue;
        table = fit.table;
        out += "  " + fit.table + "\n";
    }
    out += "  " + text(tr("activity, skill, income, cars, posts, commutes, time in the present home, families' make-up")) + "\n";
    return out;
}

void execute(const SynthRequest& request, const Text& text) {
    const Parallel parallel(request.choices.threads);
    const auto work = [&](const Model& model) {
        World world;
        world.month = model.scenario.run.start;
        if (!request.report) {
            const bool cached = make_population(model, world, notice_on_stderr(text));
            fmt::print("{}\n", text(msg("{0} residents in {1} households, {2} posts, {3} in-commuters",
                                        text.count(static_cast<std::int64_t>(world.people.count())),
                                        text.count(static_cast<std::int64_t>(world.households.count())),
                                        text.count(static_cast<std::int64_t>(world.jobs.count())),
                                        text.count(static_cast<std::int64_t>(world.in_commuters.count())))));
            fmt::print("{}\n", text(cached ? tr("the population was in the cache") : tr("the population was made")));
            return;
        }
        const SynthesisRecord record = synthesise(model, world);
        SynthesisReport report = report_synthesis(model, record, world);
        for (std::size_t s = 0; text.language() == Language::chinese && s < report.places.size(); ++s)
            report.places[s] = model.district.subdistricts[s].name_zh;
        fmt::print("{}", print_synthesis(report, record, text));
    };
    std::error_code none;
    if (std::filesystem::is_directory(request.source, none) || request.source.extension() != ".toml") {
        if (!request.choices.set.empty() || !request.choices.scale.empty()) {
            throw Error(ErrorKind::usage, msg("--set and --scale need a scenario"), msg("a pack has no settings of a run"),
                        msg("name a scenario file instead of the pack"));
        }
        const District district = read_district(request.source);
        Scenario scenario;
        scenario.run.district = request.source;
        work({.district = district, .scenario = scenario, .parallel = parallel, .luck = Luck(scenario.run.seed, 0), .neutral = {}});
    } else {
        const Session session(request.source, request.choices);
        work(session.model(parallel, 0));
    }
}

}  // namespace

std::string print_synthesis(const SynthesisReport& report, const SynthesisRecord& record, const Text& text) {
    std::string out =
        text(msg("{0} distinct candidate households, {1} candidate persons", text.count(static_cast<std::int64_t>(record.candidates)),
                 text.count(static_cast<std::int64_t>(record.pool_persons)))) +
        "\n";
    return out + reconciled_table(report, record, text) + control_tables(report, text) + weight_table(report, record, text) +
           uncontrolled_tables(report, text) + start_table(report, record, text) + dependent_list(report, text);
}

void add_synth_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<SynthRequest>();
    CLI::App* command = app.add_subcommand("synth", context.t(tr("Make the synthetic population and tell how well it fits")));
    command->add_option("SOURCE", request->source, context.t(tr("Folder of a district pack, or a scenario (default: scenarios/xicheng)")));
    command->add_flag("--report", request->report, context.t(tr("Print the fit of every control, and what was not controlled")));
    add_run_choices(*command, request->choices, context.text);
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
