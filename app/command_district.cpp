#include "app/command_district.h"

#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "core/hash.h"
#include "scenarios/district_pack.h"
#include "scenarios/generate.h"

namespace hutong {
namespace {

/// What a sound pack holds, on a few lines.
void print_contents(const District& district, const Text& text) {
    std::int64_t dwellings = 0, businesses = 0, jobs = 0, people = 0;
    for (const DwellingGroup& one : district.dwellings) dwellings += one.count;
    for (const PremisesGroup& one : district.premises) {
        jobs += one.jobs;
        if (one.sector) businesses += one.count;
    }
    for (const double here : district.marginals.population) people += static_cast<std::int64_t>(here);
    const auto count = [&](auto value) { return text.count(static_cast<std::int64_t>(value)); };
    fmt::print("{}\n", text(msg("{} ({}): {} sub-districts, {} blocks, {} nodes, {} links",
                                text.language() == Language::chinese ? district.name_zh : district.name_en, hex(district.hash),
                                count(district.subdistricts.size()), count(district.blocks.size()), count(district.network.nodes()),
                                count(district.network.links()))));
    fmt::print("{}\n", text(msg("{} residents, {} dwellings and beds, {} businesses with {} posts, {} facilities, {} spaces", count(people),
                                count(dwellings), count(businesses), count(jobs), count(district.facilities.size()),
                                count(district.spaces.size()))));
    if (district.schematic_blocks) fmt::print("{}\n", text(msg("The outlines of blocks are schematic.")));
}

void add_check(CLI::App& app, CommandContext& context) {
    auto pack = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("check", context.t(tr("Report every problem of a district pack")));
    command->add_option("PATH", *pack, context.t(tr("Folder of the pack")))->required();
    command->callback([pack, &context] { context.exit_code = check_pack(*pack, context.text); });
}

void add_generate(CLI::App& app, CommandContext& context) {
    struct Choices {
        std::string facts, out;
        std::uint64_t seed = 1;
    };
    auto choices = std::make_shared<Choices>();
    CLI::App* command = app.add_subcommand("generate", context.t(tr("Make the bundled district again from its facts")));
    command->add_option("--facts", choices->facts, context.t(tr("Folder of the tables of facts")))->required();
    command->add_option("--out", choices->out, context.t(tr("Folder the pack is written to")))->required();
    command->add_option("--seed", choices->seed, context.t(tr("Seed of what is made up (the bundled pack has 1)")));
    command->callback([choices, &context] {
        generate_district(choices->facts, choices->out, choices->seed);
        fmt::print("{}\n", context.text(msg("The district was written to {}", choices->out)));
    });
}

void add_template(CLI::App& app, CommandContext& context) {
    auto out = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("template", context.t(tr("Write an empty pack with headers and explanations")));
    command->add_option("--out", *out, context.t(tr("Folder the pack is written to")))->required();
    command->callback([out, &context] {
        write_district_template(*out);
        fmt::print("{}\n", context.text(msg("An empty pack was written to {}; fill it in and run 'hutong district check {}'", *out, *out)));
    });
}

}  // namespace

int check_pack(const std::filesystem::path& pack, const Text& text) {
    const std::vector<Error> problems = check_district(pack);
    for (const Error& problem : problems) fmt::print("{}\n", text.error(problem));
    if (problems.empty()) {
        print_contents(read_district(pack), text);
        fmt::print("{}\n", text(msg("No problems found.")));
        return 0;
    }
    fmt::print("{}\n", text(msg("{} problems found.", problems.size())));
    return static_cast<int>(problems[0].kind());
}

void add_district_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand("district", context.t(tr("Check, make or start a district pack")));
    command->require_subcommand(1);
    add_check(*command, context);
    add_generate(*command, context);
    add_template(*command, context);
}

}  // namespace hutong
