#include "sim/space_log.h"

#include "agents/governance.h"
#include "core/hdf5_file.h"
#include "core/text.h"
#include "scenarios/rules.h"

namespace hutong {
namespace {

constexpr std::uint64_t most_spaces = 1'000'000, most_events = 200'000'000;

std::vector<PlaceName> names(const Hdf5Reader& file, const std::string& group) {
    const auto zh = file.texts(group + "/name_zh"), en = file.texts(group + "/name_en");
    std::vector<PlaceName> out;
    for (std::size_t i = 0; i < std::min(zh.size(), en.size()); ++i) out.push_back({zh[i], en[i]});
    return out;
}

[[noreturn]] void damaged(const std::filesystem::path& path, std::string_view what) {
    throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path.string()), msg("'{}' holds what cannot be", what),
                msg("make the file again with this version of hutong"));
}

/// What an event leaves the space in.
void apply_event(const SpaceEvent& event, SpaceNow& now) {
    auto enter = [&](SpaceStage stage) {
        now.stage = stage;
        now.since = Month{event.month};
        now.agency = event.agency;
        now.clause = event.clause;
    };
    switch (event.decision) {
        case SpaceDecision::entered:
            if (event.stage == SpaceStage::occupied) break;  // named in the year's plan, still in use
            if (event.stage == now.stage) break;             // the same, while it is vacant
            now.use = event.use;
            enter(event.stage);
            break;
        case SpaceDecision::opened:
            now.use = event.use;
            enter(event.stage);
            break;
        case SpaceDecision::vacated:
        case SpaceDecision::closed:
        case SpaceDecision::refused:
        case SpaceDecision::rejected_by_vote:
            now.use = no_use;
            enter(SpaceStage::vacant);
            break;
        case SpaceDecision::sent_back:
            enter(SpaceStage::proposal);
            break;
        case SpaceDecision::approved:
        case SpaceDecision::started:
        case SpaceDecision::measured:
        case SpaceDecision::called:
        case SpaceDecision::surrendered:
        case SpaceDecision::count:
            break;
    }
}

}  // namespace

SpaceLog read_space_log(const std::filesystem::path& results, std::size_t replicate) {
    const Hdf5Reader file(results);
    SpaceLog log;
    const auto code = file.texts("/spaces/code", most_spaces), zh = file.texts("/spaces/name_zh", most_spaces),
               en = file.texts("/spaces/name_en", most_spaces), status = file.texts("/spaces/status", most_spaces);
    const std::uint64_t n = code.size();
    if (zh.size() != n || en.size() != n || status.size() != n) damaged(results, "/spaces");
    const auto category = file.data<std::uint8_t>("/spaces/category", {n}), form = file.data<std::uint8_t>("/spaces/form", {n}),
               owner = file.data<std::uint8_t>("/spaces/owner", {n}), heritage = file.data<std::uint8_t>("/spaces/heritage", {n});
    const auto block = file.data<std::uint16_t>("/spaces/block", {n});
    const auto area = file.data<double>("/spaces/area_m2", {n});
    const auto vacated = file.part<std::int32_t>("/spaces/vacated", {replicate, 0}, {1, n});
    const std::uint64_t blocks = file.extent("/blocks/area_m2").at(0);
    for (std::size_t i = 0; i < n; ++i) {
        if (category[i] >= space_categories || form[i] >= space_forms || owner[i] >= owner_types || heritage[i] > 3 || block[i] >= blocks) {
            damaged(results, "/spaces");
        }
        log.spaces.push_back({code[i], zh[i], en[i], static_cast<SpaceCategory>(category[i]), static_cast<SpaceForm>(form[i]),
                              static_cast<OwnerType>(owner[i]), static_cast<HeritageGrade>(heritage[i]), block[i], area[i],
                              Month{static_cast<std::int16_t>(vacated[i])}, status[i]});
    }
    log.uses = names(file, "/uses");
    log.use_codes = file.texts("/uses/code");
    log.agencies = names(file, "/agencies");
    if (file.exists("/agency_names/agency")) {
        const auto who = file.data<std::uint8_t>("/agency_names/agency", {Hdf5Reader::any});
        const auto from = file.data<std::int32_t>("/agency_names/valid_from", {who.size()});
        const auto changed = names(file, "/agency_names");
        if (changed.size() != who.size()) damaged(results, "/agency_names");
        for (std::size_t i = 0; i < who.size(); ++i)
            log.agency_names.push_back({who[i], Month{static_cast<std::int16_t>(from[i])}, changed[i]});
    }
    log.clauses = file.texts("/clauses");
    if (log.use_codes.size() != log.uses.size()) damaged(results, "/uses");
    log.permitted = file.data<std::uint8_t>("/permitted", {n, log.uses.size()});

    const auto number = file.data<std::uint16_t>("/events/replicate", {Hdf5Reader::any}, most_events);
    const Extent rows{number.size()};
    const auto month = file.data<std::int32_t>("/events/month", rows), space = file.data<std::int32_t>("/events/space", rows),
               votes_for = file.data<std::int32_t>("/events/votes_for", rows),
               votes_against = file.data<std::int32_t>("/events/votes_against", rows);
    const auto stage = file.data<std::uint8_t>("/events/stage", rows), decision = file.data<std::uint8_t>("/events/decision", rows),
               agency = file.data<std::uint8_t>("/events/agency", rows), use = file.data<std::uint8_t>("/events/use", rows);
    const auto clause = file.data<std::uint16_t>("/events/clause", rows);
    const auto yuan = file.data<std::int64_t>("/events/yuan", rows);
    for (std::size_t i = 0; i < number.size(); ++i) {
        if (number[i] != replicate) continue;
        if (space[i] < 0 || static_cast<std::uint64_t>(space[i]) >= n || stage[i] >= space_stages ||
            decision[i] >= static_cast<std::uint8_t>(SpaceDecision::count) || clause[i] >= log.clauses.size()) {
            damaged(results, "/events");
        }
        log.events.push_back({.month = static_cast<std::int16_t>(month[i]),
                              .clause = clause[i],
                              .space = static_cast<std::uint32_t>(space[i]),
                              .stage = static_cast<SpaceStage>(stage[i]),
                              .decision = static_cast<SpaceDecision>(decision[i]),
                              .agency = agency[i],
                              .use = use[i],
                              .votes_for = static_cast<std::uint32_t>(votes_for[i]),
                              .votes_against = static_cast<std::uint32_t>(votes_against[i]),
                              .yuan = yuan[i]});
    }
    return log;
}

SpaceLog space_log(const District& district) {
    SpaceLog log;
    for (const Space& s : district.spaces) {
        const BlockId block = district.block_of(s.node);
        log.spaces.push_back({s.code, s.name_zh, s.name_en, s.category, s.form, s.owner, s.heritage,
                              static_cast<std::uint16_t>(block.value), s.area_m2, s.vacated, std::string(status_name(s.status)),
                              Point{district.network.x_m(s.node), district.network.y_m(s.node)}, true});
    }
    for (const Use& use : district.catalogue.uses) {
        log.uses.push_back({use.name_zh, use.name_en});
        log.use_codes.push_back(use.code);
        log.use_direction.push_back(static_cast<std::uint8_t>(use.direction));
    }
    for (const AgencyName& agency : agency_names(district)) log.agencies.push_back({agency.zh, agency.en});
    for (const BodyName& one : district.body_names)
        log.agency_names.push_back({static_cast<std::uint8_t>(one.body), one.valid_from, {one.name_zh, one.name_en}});
    log.clauses = clause_names();
    return log;
}

const PlaceName* SpaceLog::agency_in(std::uint8_t agency, Month month) const {
    if (agency >= agencies.size()) return nullptr;
    const DatedName* best = nullptr;
    for (const DatedName& one : agency_names) {
        if (one.agency == agency && one.from <= month && (!best || best->from <= one.from)) best = &one;
    }
    return best ? &best->name : &agencies[agency];
}

std::vector<SpaceNow> spaces_at(const SpaceLog& log, Month month) {
    std::vector<SpaceNow> now(log.spaces.size());
    for (std::size_t i = 0; i < now.size(); ++i) {
        now[i].stage = log.spaces[i].vacated > month ? SpaceStage::occupied : SpaceStage::vacant;
        now[i].since = log.spaces[i].vacated;
    }
    for (const SpaceEvent& event : log.events) {
        if (event.month > month.index) break;
        apply_event(event, now[event.space]);
    }
    return now;
}

std::string_view decision_label(SpaceDecision decision) {
    static constexpr std::string_view labels[] = {tr("begins"),  tr("approved"), tr("sent back"),     tr("rejected by residents"),
                                                  tr("refused"), tr("opened"),   tr("closed"),        tr("vacated"),
                                                  tr("started"), tr("measured"), tr("leases called"), tr("leases surrendered")};
    return labels[static_cast<std::size_t>(decision)];
}

}  // namespace hutong
