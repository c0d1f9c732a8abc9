// `hutong parameters`: every lever and assumption, as declared. docs/parameters.md is made with --markdown.
#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "app/table.h"
#include "scenarios/assumptions.h"
#include "scenarios/policy.h"

namespace hutong {
namespace {

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
    const Declaration& d = row.declaration;
    if (std::holds_alternative<std::string>(row.value)) {
        std::string all;
        for (const auto choice : d.choices) all += (all.empty() ? "" : ", ") + std::string(choice);
        return all;
    }
    if (std::holds_alternative<bool>(row.value)) return "true, false";
    return fmt::format("{} … {}", d.low, d.high);
}

std::string_view status_text(Status status) {
    switch (status) {
        case Status::sourced:
            return tr("sourced");
        case Status::derived:
            return tr("derived");
        case Status::synthetic:
            return tr("synthetic");
        case Status::assumption:
            return tr("assumption");
        case Status::fitted:
            return tr("fitted");
    }
    return {};
}

std::string in_cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

void print_markdown(const std::vector<ParameterRow>& rows, const Text& text) {
    fmt::print("| {} | {} | {} | {} | {} | {} | {} |\n|---|---|---|---|---|---|---|\n", text(tr("Parameter")), text(tr("What it is")),
               text(tr("Default")), text(tr("Unit")), text(tr("Range")), text(tr("Status")), text(tr("Clause or source")));
    for (const ParameterRow& row : rows) {
        const Declaration& d = row.declaration;
        const std::string origin = d.clause.empty() ? std::string(d.source) : std::string(d.clause) + "; " + std::string(d.source);
        fmt::print("| `{}` | {} | {} | {} | {} | {} | {} |\n", row.path, in_cell(text(d.label)), in_cell(value_text(row.value)),
                   in_cell(text(d.unit)), in_cell(range_text(row)), text(status_text(d.status)), in_cell(origin));
    }
}

void print_plain(const std::vector<ParameterRow>& rows, const Text& text) {
    std::vector<std::vector<std::string>> cells{{text(tr("Parameter")), text(tr("Default")), text(tr("Range")), text(tr("Unit"))}};
    for (const ParameterRow& row : rows) cells.push_back({row.path, value_text(row.value), range_text(row), text(row.declaration.unit)});
    fmt::print("{}", format_table(cells));
}

}  // namespace

void add_parameters_command(CLI::App& app, CommandContext& context) {
    auto markdown = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("parameters", context.t(tr("List every lever and assumption with default, range and source")));
    command->add_flag("--markdown", *markdown, context.t(tr("Write tables for docs/parameters.md")));
    command->callback([markdown, &context] {
        const auto levers = list_parameters(Levers{}, "policy");
        const auto assumptions = list_parameters(Assumptions{}, "assumption");
        const Text& text = context.text;
        if (*markdown) {
            fmt::print("# {}\n\n{}\n\n## {}\n\n", text(tr("Parameters")),
                       text(tr("Made by `hutong parameters --markdown` from the declarations in the code.")),
                       text(tr("Levers of the policy")));
            print_markdown(levers, text);
            fmt::print("\n## {}\n\n", text(tr("Assumptions")));
            print_markdown(assumptions, text);
        } else {
            print_plain(levers, text);
            fmt::print("\n");
            print_plain(assumptions, text);
        }
    });
}

}  // namespace hutong
