// `hutong policy [SCENARIO]`: every lever with clause, unit, default, range, value and source. docs/policy.md is made
// with --markdown, with the table that says where each clause lives and which test shows it.
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/table.h"
#include "scenarios/clauses.h"
#include "scenarios/scenario.h"
#include "scenarios/variation.h"

namespace hutong {
namespace {

struct Choices {
    std::string scenario;
    std::vector<std::string> set;
    std::string month;
    bool markdown = false;
};

std::string value_text(const ParameterValue& value) {
    struct Writer {
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Writer{}, value);
}

std::string range_text(const ParameterRow& row) {
    if (std::holds_alternative<bool>(row.value)) return "true, false";
    if (!std::holds_alternative<std::string>(row.value)) return fmt::format("{} … {}", row.declaration.low, row.declaration.high);
    std::string all;
    for (const auto choice : row.declaration.choices) all += (all.empty() ? "" : ", ") + std::string(choice);
    return all;
}

void print_table(const std::vector<ParameterRow>& defaults, const std::vector<ParameterRow>& now, const Text& text) {
    std::vector<std::vector<std::string>> cells{
        {text(tr("Lever")), text(tr("Clause")), text(tr("Default")), text(tr("Value")), text(tr("Range")), text(tr("Unit"))}};
    for (std::size_t i = 0; i < defaults.size(); ++i) {
        const Declaration& d = defaults[i].declaration;
        cells.push_back({defaults[i].path, std::string(d.clause), value_text(defaults[i].value), value_text(now[i].value),
                         range_text(defaults[i]), text(d.unit)});
    }
    fmt::print("{}", format_table(cells));
}

void print_clauses(const Text& text) {
    fmt::print("\n## {}\n\n{}\n\n", text(tr("Where each clause lives")),
               text(tr("Tests: `Clauses.EveryClause/ID` in tests/agents/clauses_test.cpp; with the clause on the rule holds, with "
                       "`policy.off` it is broken and the table differs.")));
    fmt::print("| {} | | {} | {} | {} |\n|---|---|---|---|---|\n", text(tr("Clause")), text(tr("Code and data")), text(tr("What holds")),
               text(tr("Table that differs")));
    for (const ClauseHome& home : clause_homes())
        fmt::print("| {} | {} | {} | {} | `{}` |\n", clause_name(home.clause), text(home.title), home.code, text(home.holds), home.table);
    fmt::print("\n## {}\n\n| {} | {} |\n|---|---|\n", text(tr("What varies in the baseline")), text(tr("Quantity")), text(tr("At least")));
    for (const LeastVariation& one : least_variations) fmt::print("| {} | {} |\n", text(one.label), one.least);
}

void print_markdown(const std::vector<ParameterRow>& defaults, const std::vector<ParameterRow>& now, const Text& text) {
    fmt::print("# {}\n\n{}\n\n## {}\n\n", text(tr("Policy")),
               text(tr("Made by `hutong policy --markdown` from the declarations in the code.")), text(tr("Levers of the policy")));
    fmt::print("| {} | {} | {} | {} | {} | {} | {} | {} |\n|---|---|---|---|---|---|---|---|\n", text(tr("Lever")), text(tr("What it is")),
               text(tr("Clause")), text(tr("Default")), text(tr("Value")), text(tr("Range")), text(tr("Unit")), text(tr("Source")));
    for (std::size_t i = 0; i < defaults.size(); ++i) {
        const Declaration& d = defaults[i].declaration;
        fmt::print("| `{}` | {} | {} | {} | {} | {} | {} | {} |\n", defaults[i].path, text(d.label), d.clause,
                   value_text(defaults[i].value), value_text(now[i].value), range_text(defaults[i]), text(d.unit), d.source);
    }
    print_clauses(text);
}

void print_changes(const Policy& policy, const Text& text) {
    const auto& entries = policy.entries();
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const auto before = list_parameters(entries[i - 1].second, "policy");
        const auto after = list_parameters(entries[i].second, "policy");
        for (std::size_t k = 0; k < after.size(); ++k) {
            if (before[k].value != after[k].value)
                fmt::print("{}\n", text(msg("From {}: {} = {}", entries[i].first.text(), after[k].path, value_text(after[k].value))));
        }
    }
}

void show(const Choices& choices, const Text& text) {
    Policy policy;
    if (!choices.scenario.empty()) policy = read_scenario(choices.scenario, choices.set).policy;
    Month month = policy.entries().front().first;
    if (!choices.month.empty()) {
        const auto read = Month::parse(choices.month);
        if (!read) throw Error(ErrorKind::usage, msg("'{}' is no month", choices.month), {}, msg("write it as YYYY-MM"));
        month = *read;
    }
    const auto defaults = list_parameters(Levers{}, "policy");
    const auto now = list_parameters(policy.at(month), "policy");
    if (choices.markdown) return print_markdown(defaults, now, text);
    print_table(defaults, now, text);
    for (std::size_t i = 1; i < static_cast<std::size_t>(Clause::count); ++i) {
        if (policy.at(month).off[i]) fmt::print("{}\n", text(msg("Clause {} is off", clause_name(static_cast<Clause>(i)))));
    }
    print_changes(policy, text);
}

}  // namespace

void add_policy_command(CLI::App& app, CommandContext& context) {
    auto choices = std::make_shared<Choices>();
    CLI::App* command = app.add_subcommand("policy", context.t(tr("List every lever with its clause, range and value")));
    command->add_option("SCENARIO", choices->scenario, context.t(tr("Scenario whose values are shown; the defaults without it")));
    command->add_option("--set", choices->set, context.t(tr("Change one value: KEY=VALUE")))
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command->add_option("--at", choices->month, context.t(tr("Month whose values are shown, YYYY-MM")))->type_name("YYYY-MM");
    command->add_flag("--markdown", choices->markdown, context.t(tr("Write tables for docs/policy.md")));
    command->callback([choices, &context] { show(*choices, context.text); });
}

}  // namespace hutong
