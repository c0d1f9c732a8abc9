// `hutong calibrate`: fits the constants of the clearance campaign to the year-end totals and holds all else that is known
// against the run. docs/calibration.md is what it prints.
#include <algorithm>
#include <cmath>

#include <CLI/CLI.hpp>

#include "agents/steps.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/progress.h"
#include "app/session.h"
#include "sim/calibration.h"
#include "sim/known_facts.h"

namespace hutong {
namespace {

constexpr std::size_t most_constants = 4;
constexpr int fit_rounds = 3;

struct CalibrateRequest {
    std::filesystem::path scenario;
    RunChoices choices;
};

class Page {
public:
    Page(const Session& session, const Text& text) : session_(session), text_(text) {}

    void heading(std::string_view title) const { fmt::print("\n## {}\n\n", text_(title)); }
    void paragraph(const std::string& words) const { fmt::print("{}\n", words); }
    void row(const std::vector<std::string>& cells) const {
        for (const std::string& cell : cells) fmt::print("| {} ", cell);
        fmt::print("|\n");
    }
    void header(const std::vector<std::string>& cells) const {
        row(cells);
        for (std::size_t i = 0; i < cells.size(); ++i) fmt::print("{}", i == 0 ? "|---" : "|--:");
        fmt::print("|\n");
    }
    std::string persons(double value) const { return text_.count(std::llround(value)); }
    std::string percent(double share, int digits = 2) const { return fmt::format("{:+.{}f} %", 100 * share, digits); }
    std::string share(double value) const { return fmt::format("{:.2f} %", 100 * value); }
    const Text& text() const { return text_; }
    const Session& session() const { return session_; }

private:
    const Session& session_;
    const Text& text_;
};

Month end_of(int year) { return Month::of(year, 12); }

void print_fit(const Page& page, const Fit& fit) {
    const Text& text = page.text();
    page.heading(tr("Fit"));
    page.paragraph(text(msg("{} constants, the same in all years, fitted to {} year-end totals by Gauss-Newton in {} runs.", fit.fitted,
                            fit.targets.size(), fit.runs)));
    fmt::print("\n");
    page.header({text(tr("Constant")), text(tr("fitted")), text(tr("declared"))});
    const Assumptions& declared = page.session().scenario().assumptions;
    for (std::size_t c = 0; c < fit.fitted; ++c) {
        std::string before;
        for (const ParameterRow& row : list_parameters(declared)) {
            if (row.path == fit.constants[c].path) before = fmt::format("{:.5g}", std::get<double>(row.value));
        }
        page.row({"`assumption." + fit.constants[c].path + "`", fmt::format("{:.5g}", fit.constants[c].value), before});
    }
    fmt::print("\n");
    page.header({text(tr("Target: residents")), text(tr("known")), text(tr("model, fitted")), text(tr("error")),
                 text(tr("model, declared")), text(tr("error"))});
    for (const CalibrationTarget& target : fit.targets) {
        page.row({text(msg("end of {}", target.month.text())), page.persons(target.residents), page.persons(target.reached),
                  page.percent(target.error()), page.persons(target.declared), page.percent(target.declared / target.residents - 1.0)});
    }
    fmt::print("\n");
    page.paragraph(fit.met() ? text(msg("All targets are met within 1 %."))
                             : text(msg("**Not met**: a target is missed by more than 1 %.")));
}

void print_likeness(const Page& page, const Fit& fit) {
    const Text& text = page.text();
    page.heading(tr("What the data cannot tell apart"));
    page.paragraph(
        text(msg("Elasticity of each total to each constant, and how alike the effects of two constants are (the cosine of their columns). "
                 "Only the first {} are fitted; the others keep their declared values, because three totals cannot tell them apart.",
                 fit.fitted)));
    fmt::print("\n");
    std::vector<std::string> cells{text(tr("Constant"))};
    for (const CalibrationTarget& target : fit.targets) cells.push_back(target.month.text());
    page.header(cells);
    for (std::size_t c = 0; c < fit.constants.size(); ++c) {
        cells = {"`" + fit.constants[c].path + "`"};
        for (const CalibrationTarget& target : fit.targets) cells.push_back(fmt::format("{:+.4f}", target.elasticities[c]));
        page.row(cells);
    }
    fmt::print("\n");
    page.header({text(tr("Two constants")), text(tr("cosine")), text(tr("told apart"))});
    for (std::size_t a = 0; a < fit.constants.size(); ++a) {
        for (std::size_t b = a + 1; b < fit.constants.size(); ++b) {
            const double cosine = fit.likeness(a, b);
            page.row({"`" + fit.constants[a].path + "`, `" + fit.constants[b].path + "`", fmt::format("{:+.4f}", cosine),
                      std::fabs(cosine) < alike ? text(tr("yes")) : text(tr("no"))});
        }
    }
    const auto pairs = fit.not_told_apart();
    if (pairs.empty()) return;
    std::string names;
    for (const auto& [a, b] : pairs)
        names += fmt::format("{}`{}` / `{}`", names.empty() ? "" : ", ", fit.constants[a].path, fit.constants[b].path);
    fmt::print("\n");
    page.paragraph(text(msg("The data cannot tell apart: {}.", names)));
}

const Snapshot& at(const std::vector<Snapshot>& seen, Month month) {
    return *std::find_if(seen.begin(), seen.end(), [&](const Snapshot& s) { return s.month == month; });
}

void print_predictions(const Page& page, const KnownFacts& facts, const std::vector<Snapshot>& seen) {
    const Text& text = page.text();
    page.heading(tr("Kept out of the fit"));
    page.paragraph(text(msg(
        "Nothing below touched the fit. The start structure (ages, household sizes, registration) is cast back from the census of 2020: "
        "where the same census is met again, that is consistency and no validation.")));
    fmt::print("\n");
    page.header({text(tr("Prediction")), text(tr("known")), text(tr("model")), text(tr("error")), text(tr("kind"))});
    const auto written = [&](const HeldFact& fact, double value) {
        return fact.form == HeldFact::Form::persons ? page.persons(value)
               : fact.form == HeldFact::Form::share ? page.share(value)
                                                    : fmt::format("{:.3f}", value);
    };
    for (const HeldFact& fact : hold_against_facts(facts, page.session().district(), seen, text)) {
        if (fact.kind == FactKind::fitted) continue;  // stands above
        page.row({fact.what, written(fact, fact.known), written(fact, fact.model), page.percent(fact.error()), text(name_of(fact.kind))});
    }
}

void print_ages(const Page& page, const KnownFacts& facts, const Snapshot& census) {
    const Text& text = page.text();
    page.heading(tr("Ages in 2020"));
    const auto known = facts.ages();
    page.header({text(tr("Age")), text(tr("known")), text(tr("model")), text(tr("error"))});
    for (std::size_t i = 0; i < census_ages; ++i) {
        const double model = static_cast<double>(census.ages[i]) / static_cast<double>(census.residents);
        page.row({i + 1 < census_ages ? fmt::format("{}-{}", 5 * i, 5 * i + 4) : "85+", page.share(known[i]), page.share(model),
                  page.percent(model / known[i] - 1.0, 1)});
    }
    const AgesHeld held = hold_ages(known, census);
    fmt::print("\n");
    page.paragraph(text(msg("Sum of absolute differences {} points (goal: at most 2); groups more than 10 % off: {} of {}.",
                            fmt::format("{:.2f}", 100 * held.sum), held.beyond, census_ages)));
}

/// The three variants of net migration, always together; true when a vacancy path rejects the calibration.
bool print_paths(const Page& page, const std::vector<std::pair<std::string, std::vector<Snapshot>>>& paths) {
    const Text& text = page.text();
    page.heading(tr("After the data date: three variants of net migration"));
    page.paragraph(
        text(msg("None of the three is a forecast. They differ only by declared factors on arrivals and departures from {} on, and are "
                 "shown together.",
                 page.session().scenario().assumptions.homes.later_from)));
    fmt::print("\n");
    std::vector<std::string> cells{text(tr("Residents at the end of"))};
    for (const auto& [name, seen] : paths) cells.push_back(name);
    page.header(cells);
    for (const Snapshot& s : paths.front().second) {
        if (s.month.month_of_year() != 12 || (s.month.year() % 5 != 0 && s.month.year() > 2020)) continue;
        cells = {s.month.text()};
        for (const auto& [name, seen] : paths) cells.push_back(page.persons(static_cast<double>(at(seen, s.month).residents)));
        page.row(cells);
    }
    cells = {text(tr("largest vacancy at a year's end"))};
    bool rejected = false;
    for (const auto& [name, seen] : paths) {
        rejected = rejected || vacancy_rejects(seen);
        cells.push_back(page.share(largest_vacancy(seen)));
    }
    page.row(cells);
    fmt::print("\n");
    page.paragraph(rejected ? text(msg("**Rejected**: a vacancy path goes above 8 %.")) : text(msg("No vacancy path goes above 8 %.")));
    return rejected;
}

void execute(const CalibrateRequest& request, CommandContext& context) {
    catch_interrupts();
    const Text& text = context.text;
    Progress progress(text, ShowProgress::on_terminal);
    progress.stage(tr("Reading the district"));
    const Session session(request.scenario, request.choices);
    const Parallel parallel(request.choices.threads);
    const Model model = session.model(parallel, 0);
    const KnownFacts facts(session.district(), session.scenario().run.district, session.scenario().run.scale);
    progress.stage(tr("Making the population"));
    const World start = initial_world(model, notice_on_stderr(text));

    std::vector<FittedConstant> constants;
    for (const char* path : {"homes.campaign_out_per_year", "homes.campaign_out_registered_per_year", "homes.arrival_admission",
                             "homes.outside_odds_registered"}) {
        for (const ParameterRow& row : list_parameters(session.scenario().assumptions)) {
            if (row.path == path) constants.push_back({path, std::get<double>(row.value)});
        }
    }
    constants.resize(std::min(constants.size(), most_constants));
    std::vector<CalibrationTarget> targets;
    for (const int year : {2017, 2018, 2019}) targets.push_back({end_of(year), facts.people(fmt::format("population_{}", year))});
    progress.stage(tr("Fitting"));
    constexpr std::size_t fitted = 2;
    const int all = fit_rounds * (1 + static_cast<int>(fitted)) + 1 + static_cast<int>(constants.size());
    const Fit fit = fit_totals(model, start, constants, fitted, targets, fit_rounds, [&](int done) {
        check_interrupted();
        progress.months(done, all, text(tr("Fitting")));
    });
    const std::vector<FittedConstant> solution(fit.constants.begin(), fit.constants.begin() + fitted);
    const Scenario calibrated = with_constants(session.scenario(), solution);
    const Model with{model.district, calibrated, model.parallel, model.luck, model.neutral};
    const auto seen = watch(with, start, end_of(2020), holds_facts);

    // The variants stand beside the scenario.
    std::vector<std::pair<std::string, std::vector<Snapshot>>> paths;
    const Month last = session.scenario().run.start + (session.scenario().run.months - 1);
    for (const auto& [name, file] : std::array<std::pair<std::string_view, std::string_view>, 3>{
             {{tr("low"), "migration-low.toml"}, {tr("middle"), ""}, {tr("high"), "migration-high.toml"}}}) {
        check_interrupted();
        progress.months(static_cast<int>(paths.size()) + 1, 3, text(name));
        RunChoices choices = request.choices;
        Scenario variant = file.empty() ? session.scenario() : Session(request.scenario.parent_path() / file, choices).scenario();
        variant = with_constants(variant, solution);
        const Model one{model.district, variant, model.parallel, model.luck, model.neutral};
        paths.emplace_back(text(name), watch(one, start, last, [](Month month) { return month.month_of_year() == 12; }));
    }
    progress.clear();

    const Page page(session, text);
    fmt::print("# {}\n\n", text(tr("Calibration: fit and predictions")));
    page.paragraph(text(msg("Made by `{}`: seed {}, scale {}.", "hutong calibrate scenarios/baseline.toml", model.scenario.run.seed,
                            model.scenario.run.scale)));
    print_fit(page, fit);
    print_likeness(page, fit);
    print_predictions(page, facts, seen);
    print_ages(page, facts, at(seen, Month::of(2020, 10)));
    const bool rejected = print_paths(page, paths);
    if (rejected || !fit.met()) context.exit_code = static_cast<int>(ErrorKind::audit);
}

}  // namespace

void add_calibrate_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<CalibrateRequest>();
    CLI::App* command =
        app.add_subcommand("calibrate", context.t(tr("Fit the campaign to the year-end totals and hold the run against all else")));
    command->add_option("SCENARIO", request->scenario, context.t(tr("Scenario file (TOML)")))->required();
    add_run_choices(*command, request->choices, context.text);
    command->callback([request, &context] { execute(*request, context); });
}

}  // namespace hutong
