// `hutong explain RESULTS --space ID | --block ID --indicator NAME | --departments | --history`: from the results file alone.
#include <cmath>
#include <memory>

#include <CLI/CLI.hpp>

#include "analysis/explain.h"
#include "app/commands.h"
#include "app/session.h"
#include "app/summary.h"
#include "app/table.h"

namespace hutong {
namespace {

struct ExplainRequest {
    std::filesystem::path results;
    std::string space, block, indicator = "population";
    bool departments = false, history = false;
    std::size_t replicate = 0;
};

void print_marks(const Results& results, const Text& text) {
    for (const std::string& mark : mark_texts(results.marks, text)) fmt::print("! {}\n", mark);
}

void print_space(const ExplainRequest& request, const Results& results, const SpaceRecord& record, const Text& text) {
    print_marks(results, text);
    for (const std::string& line : explain_space(results, record, record.space(request.space), text)) {
        if (line.starts_with("# ")) {
            fmt::print("\n{}\n", line.substr(2));
        } else {
            fmt::print("{}\n", line);
        }
    }
}

std::size_t block_named(const Results& results, const std::string& code) {
    std::vector<std::string> known;
    for (std::size_t b = 0; b < results.blocks.size(); ++b) {
        if (results.blocks[b].code == code) return b;
        known.push_back(results.blocks[b].code);
    }
    const std::string near = nearest_name(code, known);
    throw Error(ErrorKind::usage, msg("there is no block '{}'", code), {},
                near.empty() ? msg("see the codes under /blocks/code in the results file") : msg("did you mean '{}'?", near));
}

void print_block(const ExplainRequest& request, const Results& results, const SpaceRecord& record, const Text& text) {
    const IndicatorInfo& one = results.indicator(request.indicator);
    if (one.lowest != Level::block)
        throw Error(ErrorKind::usage, msg("'{}' has no values by block", one.name), msg("it is defined for larger areas only"),
                    msg("choose another indicator"));
    const std::size_t block = block_named(results, request.block);
    const BlockChange change = explain_block(results, record, block, one, request.replicate, text);
    print_marks(results, text);
    const bool chinese = text.language() == Language::chinese;
    const BlockInfo& info = results.blocks[block];
    fmt::print("{}\n",
               text(msg("{} ({}): {}, from {} to {}", chinese ? info.name_zh : info.name_en, info.code,
                        indicator_label(text, one.label, one.kind_en, one.kind_zh), results.months.front(), results.months.back())));
    const Form form = form_of(one.unit);
    std::vector<std::vector<std::string>> cells{{text(tr("Cause")), text(tr("Change"))}};
    for (const auto& part : change.parts) cells.push_back({part.label, formatted_change(text, form, part.change)});
    constexpr double nothing = 0.5;
    if (std::abs(change.rest) >= nothing)
        cells.push_back({text(tr("rest: other things, not booked apart")), formatted_change(text, form, change.rest)});
    cells.push_back({text(tr("Together")), formatted_change(text, form, change.change)});
    fmt::print("{}", format_table(cells));
    fmt::print("{}\n", text(msg("{} at the start, {} at the end", formatted(text, form, change.start), formatted(text, form, change.end))));
}

/// Spaces by who decided on them (policy.md, Authority): what the district decided is its own, the rest it only answers to.
void print_authority(const SpaceRecord& record, const Text& text) {
    constexpr std::string_view names[] = {tr("decided by the district"), tr("proposed by the owner, approved"),
                                          tr("decided by the owner, informed only")};
    std::vector<std::vector<std::string>> cells{{text(tr("Who decided")), text(tr("Plans")), text(tr("In use")), text(tr("Area in use"))}};
    for (std::size_t d = 0; d < std::size(names); ++d) {
        std::int64_t plans = 0, open = 0;
        double area = 0;
        for (const SpaceRow& space : record.spaces) {
            if (space.use == no_use || static_cast<std::size_t>(space.decider) != d) continue;
            ++plans;
            if (space.opened.index == 0) continue;
            ++open;
            area += space.area_m2;
        }
        cells.push_back({text(names[d]), text.count(plans), text.count(open), text.area_m2(area)});
    }
    fmt::print("\n{}", format_table(cells));
}

void print_departments(const Results& results, const SpaceRecord& record, const Text& text) {
    if (!record.scored)
        throw Error(ErrorKind::usage, msg("the bodies were not appraised"), msg("clause O3 is off in this run"),
                    msg("run without policy.off = [\"O3\"]"));
    print_marks(results, text);
    std::vector<std::vector<std::string>> cells{{text(tr("Body")), text(tr("Cases")), text(tr("Months a case")),
                                                 text(tr("Sent back or refused")), text(tr("In use")), text(tr("Due")),
                                                 text(tr("Of them in use")), text(tr("Score*"))}};
    const bool chinese = text.language() == Language::chinese;
    const auto last = Month::parse(results.months.back()).value_or(Month{});
    auto number = [&](double value) { return value < 0 ? std::string("–") : text.number(value); };
    for (const AgencyRow& agency : record.agencies) {
        const auto& name = agency.name_in(last);
        cells.push_back({chinese ? name.zh : name.en, text.count(agency.handled), number(agency.mean_months), text.count(agency.sent_back),
                         text.count(agency.opened), text.count(agency.due), text.count(agency.due_in_use), number(agency.score)});
    }
    fmt::print("{}", format_table(cells));
    fmt::print(
        "{}\n",
        text(tr("* 0 to 100: mean of speed, quality, rules met and results (O3). Simulated from assumed capacities and durations: no "
                "judgement of a real department.")));
    print_authority(record, text);
}

void print_history(const Results& results, const SpaceRecord& record, const Text& text) {
    const HistoryMatch match = match_history(record, Month::parse(results.months.back()).value_or(Month{}));
    const Hindcast& h = match.hindcast;
    if (h.known == 0)
        throw Error(ErrorKind::usage, msg("no space with a known use was left to the rules"), msg("history fixes them in this scenario"),
                    msg("run a scenario with history = false, such as hindcast"));
    print_marks(results, text);
    const auto of = [&](int part, int all) {
        return all == 0 ? std::string("–")
                        : text(msg("{} of {} ({})", part, all, text.share(static_cast<double>(part) / static_cast<double>(all))));
    };
    std::vector<std::vector<std::string>> cells{
        {text(tr("Hindcast: what the rules chose, held against what is known")), text(tr("Spaces"))}};
    cells.push_back({text(tr("known use is permitted by the rules")), of(match.lawful, h.known)});
    cells.push_back({text(tr("a use was chosen by the end")), of(h.chosen, h.known)});
    cells.push_back({text(tr("the use known")), of(h.same_use, h.chosen)});
    cells.push_back({text(tr("the same by chance, uses drawn as often as the rules chose them")), text.number(h.by_chance)});
    cells.push_back({text(tr("a use of the same direction (G4)")), of(h.same_direction, h.chosen)});
    cells.push_back({text(tr("known to be open by the end, and open in the run")), of(h.opened, h.dated)});
    cells.push_back({text(tr("opened within 12 months of the known month")), of(h.within_a_year, h.opened)});
    cells.push_back({text(tr("months later than known, mean")), h.opened > 0 ? text.number(h.mean_months) : "–"});
    cells.push_back({text(tr("months off, mean")), h.opened > 0 ? text.number(h.mean_absolute_months) : "–"});
    fmt::print("{}", format_table(cells));
}

void execute(const ExplainRequest& request, const Text& text) {
    const int asked =
        (request.space.empty() ? 0 : 1) + (request.block.empty() ? 0 : 1) + (request.departments ? 1 : 0) + (request.history ? 1 : 0);
    if (asked != 1)
        throw Error(ErrorKind::usage, msg("explain takes one question"), {}, msg("give --space, --block, --departments or --history"));
    const Results results(request.results);
    const SpaceRecord record(request.results, results, request.replicate);
    if (!request.space.empty()) return print_space(request, results, record, text);
    if (!request.block.empty()) return print_block(request, results, record, text);
    request.departments ? print_departments(results, record, text) : print_history(results, record, text);
}

}  // namespace

void add_explain_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ExplainRequest>();
    CLI::App* command = app.add_subcommand("explain", context.t(tr("Tell why a space became what it became, or what a change is made of")));
    command->add_option("RESULTS", request->results, context.t(tr("Results file")))->required();
    command->add_option("--space", request->space, context.t(tr("Code of a space: its story")))->type_name("ID");
    command->add_option("--block", request->block, context.t(tr("Code of a block: the causes of a change")))->type_name("ID");
    command->add_option("--indicator", request->indicator, context.t(tr("Indicator (default: population)")))->type_name("NAME");
    command->add_flag("--departments", request->departments, context.t(tr("Scores of the departments (O3)")));
    command->add_flag("--history", request->history, context.t(tr("How often the rules chose what is known (hindcast)")));
    command->add_option("--replicate", request->replicate, context.t(tr("Replicate, from 0 (default: 0)")))->type_name("N");
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
