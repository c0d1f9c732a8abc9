#include "app/command_district.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "app/commands.h"
#include "core/hash.h"
#include "scenarios/district_import.h"
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

ImportLayer layer_named(const std::string& text) {
    const std::size_t sign = text.rfind('#');
    if (sign == text.npos) return {text, ""};
    return {text.substr(0, sign), text.substr(sign + 1)};
}

void print_report(const ImportReport& report, const Text& text) {
    for (const ImportRemark& one : report.remarks) {
        const Message line =
            one.dropped ? msg("{0}: {1} left out: {2}", one.file, text.count(static_cast<std::int64_t>(one.count)), text(one.what))
                        : msg("{0}: {1} repaired: {2}", one.file, text.count(static_cast<std::int64_t>(one.count)), text(one.what));
        fmt::print("{}\n", text(line));
    }
    fmt::print("{}\n",
               text(msg("The walking network has {0} nodes and {1} links. From a place to its street: {2} m on average, {3} m at most.",
                        text.count(static_cast<std::int64_t>(report.nodes)), text.count(static_cast<std::int64_t>(report.links)),
                        std::llround(report.mean_access_m), std::llround(report.greatest_access_m))));
}

void add_import(CLI::App& app, CommandContext& context) {
    struct Choices {
        std::string base = "scenarios/xicheng", out, subdistricts, blocks, zones, streets, dwellings, premises, facilities, spaces,
                    controls;
        ImportChoices import;
    };
    auto choices = std::make_shared<Choices>();
    CLI::App* command = app.add_subcommand("import", context.t(tr("Make a pack of your own layers")));
    const auto layer = [&](const char* name, std::string& to, std::string_view what) {
        command->add_option(name, to, context.t(what))->type_name("FILE[#LAYER]");
    };
    command->add_option("--out", choices->out, context.t(tr("Folder the pack is written to")))->required();
    command->add_option("--base", choices->base, context.t(tr("Pack that gives what no layer gives (default scenarios/xicheng)")));
    layer("--subdistricts", choices->subdistricts, tr("Sub-districts, polygons"));
    layer("--blocks", choices->blocks, tr("Blocks, polygons"));
    layer("--zones", choices->zones, tr("Zones, polygons"));
    layer("--streets", choices->streets, tr("Streets, lines or OpenStreetMap's .osm.pbf"));
    layer("--dwellings", choices->dwellings, tr("Dwellings or buildings with dwellings, points or polygons"));
    layer("--premises", choices->premises, tr("Premises with their businesses, points or polygons"));
    layer("--facilities", choices->facilities, tr("Facilities, points or polygons"));
    layer("--spaces", choices->spaces, tr("Vacated spaces, points or polygons"));
    command->add_option("--controls", choices->controls, context.t(tr("controls.csv for sub-districts that are not the base's")));
    command->add_option("--name-zh", choices->import.name_zh, context.t(tr("Chinese name of the district")));
    command->add_option("--name-en", choices->import.name_en, context.t(tr("English name of the district")));
    command->add_option("--snap", choices->import.snap_m, context.t(tr("Street vertices closer than this are one [m]")))
        ->check(CLI::Range(0.0, 50.0));
    command->add_option("--join", choices->import.join_m, context.t(tr("Dead ends that miss a street by less are joined to it [m]")))
        ->check(CLI::Range(0.0, 50.0));
    command->add_option("--merge", choices->import.merge_m, context.t(tr("Places on one street nearer to each other share a node [m]")))
        ->check(CLI::Range(0.0, 200.0));
    command->add_option("--off-network", choices->import.off_network_m, context.t(tr("Places farther from every street are left out [m]")))
        ->check(CLI::Range(1.0, 5000.0));
    command->add_option("--ring", choices->import.ring_m, context.t(tr("Width of the ring around the district [m]")))
        ->check(CLI::Range(0.0, 5000.0));
    command->add_flag("--split-crossings", choices->import.split_crossings,
                      context.t(tr("Streets that cross without a common vertex meet there")));
    command->add_flag("--allow-vrt", choices->import.allow_vrt, context.t(tr("Allow VRT files, which may name any other file")));
    command->callback([choices, &context] {
        ImportChoices& import = choices->import;
        import.base = choices->base, import.out = choices->out, import.controls = choices->controls;
        import.subdistricts = layer_named(choices->subdistricts), import.blocks = layer_named(choices->blocks);
        import.zones = layer_named(choices->zones), import.streets = layer_named(choices->streets);
        import.dwellings = layer_named(choices->dwellings), import.facilities = layer_named(choices->facilities);
        import.spaces = layer_named(choices->spaces), import.premises = layer_named(choices->premises);
        print_report(import_district(import), context.text);
        fmt::print("{}\n", context.text(msg("The district was written to {}", choices->out)));
        context.exit_code = check_pack(choices->out, context.text);
    });
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
    add_import(*command, context);
    add_template(*command, context);
}

}  // namespace hutong
