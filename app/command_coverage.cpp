// `hutong coverage RESULTS|SCENARIO|PACK --service NAME`: who lacks a service, block by block. From a pack or a scenario,
// the start of the run; from results, any month of it.
#include "app/command_coverage.h"

#include <algorithm>
#include <cmath>

#include <CLI/CLI.hpp>

#include "agents/steps.h"
#include "app/commands.h"
#include "app/session.h"
#include "app/table.h"
#include "scenarios/district_pack.h"
#include "scenarios/purposes.h"
#include "scenarios/rules.h"
#include "sim/use_preview.h"

namespace hutong {
namespace {

constexpr double thousandth = 0.001;

struct CoverageRequest {
    std::filesystem::path source;
    std::string service;
    std::string month;      ///< of results; empty: the last
    std::size_t rows = 20;  ///< blocks shown, 0: all
    std::string what_if;    ///< "space=use"
    RunChoices choices;
};

template <class Named>
std::string name_of(const Named& named, const Text& text) {
    return text.language() == Language::chinese ? named.name_zh : named.name_en;
}

std::string share_of(const Text& text, std::int64_t part_milli, std::int64_t members) {
    return members == 0 ? "-" : text.share(static_cast<double>(part_milli) * thousandth / static_cast<double>(members));
}

std::string in_words(const Text& text, TargetGroup group) {
    constexpr std::string_view words[] = {tr("residents"),
                                          tr("children of 3 to 5"),
                                          tr("children of 6 to 11"),
                                          tr("children of 12 to 14"),
                                          tr("residents of 65 and over"),
                                          tr("households with a car"),
                                          tr("workers, where they work")};
    static_assert(std::size(words) == target_groups);
    return text(words[static_cast<std::size_t>(group)]);
}

void print_heading(const District& district, const Service& service, const Text& text) {
    fmt::print("{}\n", text(msg("{0}: {1} within {2} m, for {3}", name_of(district, text), name_of(service, text), service.distance_m,
                                in_words(text, service.group))));
    // the units of services.csv, for the catalogue
    [[maybe_unused]] constexpr std::string_view units[] = {tr("place"), tr("m2"), tr("space"), tr("seat")};
    fmt::print("{}\n", text(msg("standard: {0} {1} per member of the group; status at the start", service.standard_per_member,
                                text(service.capacity_unit))));
    if (service.undercounted) fmt::print("! {}\n", text(tr("the recorded stock is an undercount: the shortfall is overstated")));
}

void print_blocks(const District& district, const std::vector<BlockShortfall>& blocks, std::size_t shown, const Text& text) {
    std::vector<std::vector<std::string>> cells{{text(tr("Block")), text(tr("Sub-district")), text(tr("People")), text(tr("Outside reach")),
                                                 text(tr("Not served at standard")), text(tr("Served at standard"))}};
    const auto add = [&](const std::string& name, const std::string& part, const BlockShortfall& b) {
        cells.push_back({name, part, text.count(b.sums.members), text.count(b.outside()),
                         text.count(std::llround(static_cast<double>(b.unserved_milli()) * thousandth)),
                         share_of(text, b.sums.served_milli, b.sums.members)});
    };
    BlockShortfall all, rest;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const BlockShortfall& b = blocks[i];
        for (BlockShortfall* sum : {&all, &rest}) {
            if (sum == &rest && i < shown) continue;
            sum->sums.members += b.sums.members;
            sum->sums.served_milli += b.sums.served_milli;
            sum->sums.reached += b.sums.reached;
        }
        if (i >= shown) continue;
        const Block& block = district.blocks[b.block];
        const std::string name = name_of(block, text);
        add(name.empty() ? block.code : name, name_of(district.subdistricts[block.subdistrict.value], text), b);
    }
    if (blocks.size() > shown) add(text(msg("{} other blocks", blocks.size() - shown)), "", rest);
    add(text(tr("District")), "", all);
    fmt::print("\n{}", format_table(cells));
}

/// How much of it rests on the ring, whose people and facilities are synthetic.
void print_ring(const Model& model, const World& world, ServiceId service, const Text& text) {
    if (!model.assumptions().services.count_ring) {
        fmt::print("{}\n", text(tr("facilities and people of the ring are left out (assumption.services.count_ring)")));
        return;
    }
    std::vector<CoverageSums> sums;
    std::vector<CompositeSums> circle;
    coverage_without_ring(model, world, sums, circle);
    CoverageSums all;
    for (const BlockShortfall& b : shortfall_by_block(model.district, sums, service)) {
        all.members += b.sums.members;
        all.served_milli += b.sums.served_milli;
        all.reached += b.sums.reached;
    }
    fmt::print("{}\n", text(msg("without the ring around the district: {0} served at standard, {1} within reach",
                                share_of(text, all.served_milli, all.members), share_of(text, all.reached * 1000, all.members))));
}

template <class Named>
const Named& named(const std::vector<Named>& all, const std::string& code, Message unknown, Message near_advice) {
    std::vector<std::string> known;
    for (const Named& one : all) {
        if (one.code == code) return one;
        known.push_back(one.code);
    }
    const std::string near = nearest_name(code, known);
    throw Error(ErrorKind::usage, std::move(unknown), msg("--what-if is written space=use"),
                near.empty() ? std::move(near_advice) : msg("did you mean '{}'?", near));
}

struct Reuse {
    const Space& space;
    const Use& use;
};
Reuse reuse_named(const District& district, const std::string& what_if) {
    const std::size_t sign = what_if.find('=');
    const std::string space = what_if.substr(0, sign), use = sign == what_if.npos ? "" : what_if.substr(sign + 1);
    return {named(district.spaces, space, msg("there is no space '{}'", space), msg("use a code of spaces.csv")),
            named(district.catalogue.uses, use, msg("there is no use '{}'", use), msg("use a code of uses.csv"))};
}

/// What one reuse would add to every service it opens, before it is decided; the World is not changed.
void show_what_if(const Model& model, const World& world, const std::string& what_if, const Text& text) {
    const District& district = model.district;
    const auto& [space, use] = reuse_named(district, what_if);
    fmt::print("\n{}\n", text(msg("If {0} ({1} m2) became {2}: members of the target group newly served at standard", name_of(space, text),
                                  text.count(std::llround(space.area_m2)), name_of(use, text))));
    const auto id = static_cast<std::uint32_t>(&use - district.catalogue.uses.data());
    const Verdict verdict = permitted(space, UseId(std::size_t{id}), district, model.levers(world.month));
    if (!verdict.allowed()) fmt::print("! {}\n", text(msg("the rules exclude this use here: clause {}", clause_name(verdict.clause))));
    std::vector<std::vector<std::string>> cells{
        {text(tr("Service")), text(tr("Capacity")), text(tr("Not served within its distance")), text(tr("Newly served"))}};
    for (const OpenedService& one : services_opened(use, space, model)) {
        const Service& service = district.catalogue.services[one.service.value];
        const std::int64_t missing = shortfall_in_reach_milli(model, world, one.service, space.node);
        const std::int64_t gained = newly_served_milli(model, world, one.service, space.node, one.capacity);
        cells.push_back({name_of(service, text), fmt::format("{} {}", text.count(std::llround(one.capacity)), text(service.capacity_unit)),
                         text.count(std::llround(static_cast<double>(missing) * thousandth)),
                         text.count(std::llround(static_cast<double>(gained) * thousandth))});
    }
    if (cells.size() == 1) {
        fmt::print("{}\n", text(tr("this use opens no service")));
        return;
    }
    fmt::print("{}", format_table(cells));
}

/// The start of a run of this district.
void show_start(const Model& model, const CoverageRequest& request, const Text& text) {
    const ServiceId service = service_named(model.district.catalogue, request.service);
    if (!request.what_if.empty()) reuse_named(model.district, request.what_if);  // before the long work
    const World world = initial_world(model);
    std::vector<CoverageSums> sums;
    coverage_by_block(model, world, sums);
    print_heading(model.district, model.district.catalogue.services[service.value], text);
    for (const std::string& mark : mark_texts(marks_of(model), text)) fmt::print("! {}\n", mark);
    const auto blocks = shortfall_by_block(model.district, sums, service);
    print_blocks(model.district, blocks, request.rows == 0 ? blocks.size() : request.rows, text);
    print_ring(model, world, service, text);
    if (!request.what_if.empty()) show_what_if(model, world, request.what_if, text);
}

/// Results hold shares by block; the target group's size is not among them.
void show_results(const CoverageRequest& request, const Text& text) {
    const Results results(request.source);
    const IndicatorInfo& served = results.indicator("coverage." + request.service);
    const IndicatorInfo& reach = results.indicator("reach." + request.service);
    const IndicatorInfo& population = results.indicator("population");
    const std::size_t month = request.month.empty() ? results.months.size() - 1 : results.month(request.month);
    const std::size_t blocks = results.blocks.size();
    const auto at = [&](const IndicatorInfo& indicator) {
        const auto values = results.values(indicator, Level::block);
        return std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(month * blocks),
                                   values.begin() + static_cast<std::ptrdiff_t>((month + 1) * blocks));
    };
    const std::vector<double> served_share = at(served), reach_share = at(reach), people = at(population);
    std::vector<std::size_t> order;
    for (std::size_t b = 0; b < blocks; ++b) {
        if (std::isfinite(served_share[b])) order.push_back(b);
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return served_share[a] != served_share[b] ? served_share[a] < served_share[b] : a < b; });
    fmt::print("{}\n", text(msg("{0}: scenario {1}, end of {2}", indicator_label(text, served.label, served.kind_en, served.kind_zh),
                                results.scenario_name, results.months[month])));
    for (const std::string& mark : mark_texts(results.marks, text)) fmt::print("! {}\n", mark);
    std::vector<std::vector<std::string>> cells{
        {text(tr("Block")), text(tr("Sub-district")), text(tr("Population")), text(tr("Outside reach")), text(tr("Served at standard"))}};
    const std::size_t shown = request.rows == 0 ? order.size() : std::min(request.rows, order.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const BlockInfo& block = results.blocks[order[i]];
        const std::string name = name_of(block, text);
        cells.push_back({name.empty() ? block.code : name, name_of(results.subdistricts[block.subdistrict], text),
                         text.count(std::llround(people[order[i]])), text.share(1 - reach_share[order[i]]),
                         text.share(served_share[order[i]])});
    }
    const auto whole = [&](const IndicatorInfo& indicator) { return results.values(indicator, Level::district)[month]; };
    cells.push_back(
        {text(tr("District")), "", text.count(std::llround(whole(population))), text.share(1 - whole(reach)), text.share(whole(served))});
    fmt::print("\n{}", format_table(cells));
    // Counted at the start, each December and at the end: the last of them up to the month shown.
    const auto alone = results.values(results.indicator("coverage_without_ring." + request.service), Level::district);
    for (std::size_t m = month + 1; m-- > 0;) {
        if (!std::isfinite(alone[m])) continue;
        fmt::print("{}\n", text(msg("without the ring around the district ({0}): {1} served at standard, with it {2}", results.months[m],
                                    text.share(alone[m]), text.share(results.values(served, Level::district)[m]))));
        break;
    }
}

void execute(const CoverageRequest& request, const Text& text) {
    const Parallel parallel(request.choices.threads);
    std::error_code none;
    if (std::filesystem::is_directory(request.source, none)) {
        const District district = read_district(request.source);
        service_named(district.catalogue, request.service);  // before the long work
        Scenario scenario;
        scenario.run.district = request.source;
        show_start({.district = district, .scenario = scenario, .parallel = parallel, .luck = Luck(scenario.run.seed, 0), .neutral = {}},
                   request, text);
    } else if (request.source.extension() == ".toml") {
        const Session session(request.source, request.choices);
        service_named(session.district().catalogue, request.service);
        show_start(session.model(parallel, 0), request, text);
    } else {
        if (!request.what_if.empty()) {
            throw Error(ErrorKind::usage, msg("--what-if cannot be answered from results"), msg("they hold no places of facilities"),
                        msg("give the scenario or the pack instead: the answer is for the start of its run"));
        }
        show_results(request, text);
    }
}

}  // namespace

std::vector<BlockShortfall> shortfall_by_block(const District& district, const std::vector<CoverageSums>& sums, ServiceId service) {
    std::vector<BlockShortfall> blocks;
    for (std::size_t b = 0; b < district.blocks.size(); ++b) {
        const CoverageSums& own = sums[service.value * district.blocks.size() + b];
        if (own.members > 0) blocks.push_back({b, own});
    }
    std::sort(blocks.begin(), blocks.end(), [](const BlockShortfall& a, const BlockShortfall& b) {
        return a.unserved_milli() != b.unserved_milli() ? a.unserved_milli() > b.unserved_milli() : a.block < b.block;
    });
    return blocks;
}

ServiceId service_named(const Catalogue& catalogue, const std::string& code) {
    if (const ServiceId service = catalogue.service(code); service.valid()) return service;
    std::vector<std::string> known;
    std::string all;
    for (const Service& service : catalogue.services) {
        all += (known.empty() ? "" : ", ") + service.code;
        known.push_back(service.code);
    }
    const std::string near = nearest_name(code, known);
    throw Error(ErrorKind::usage, msg("there is no service '{}'", code), msg("--service takes one of: {}", all),
                near.empty() ? msg("choose one of them") : msg("did you mean '{}'?", near));
}

void add_coverage_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<CoverageRequest>();
    CLI::App* command = app.add_subcommand("coverage", context.t(tr("Show who lacks a service, block by block")));
    command->add_option("SOURCE", request->source, context.t(tr("Results file, scenario or folder of a district pack")))->required();
    command->add_option("--service", request->service, context.t(tr("Service, such as kindergarten")))->required()->type_name("NAME");
    command->add_option("--month", request->month, context.t(tr("Month of the results such as 2035-12 (default: the last)")))
        ->type_name("YYYY-MM");
    command->add_option("--what-if", request->what_if, context.t(tr("Also say what one reuse would add, before it is decided")))
        ->type_name("SPACE=USE");
    command->add_option("--rows", request->rows, context.t(tr("Number of blocks shown (default 20, 0: all)")))->type_name("N");
    add_run_choices(*command, request->choices, context.text);
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
