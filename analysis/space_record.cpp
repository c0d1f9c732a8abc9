#include "analysis/space_record.h"

#include <algorithm>

namespace hutong {
namespace {

constexpr std::uint64_t most_spaces = 1'000'000, most_events = 100'000'000;

[[noreturn]] void foreign(const std::string& path, Message why) {
    throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path), std::move(why),
                msg("make the file again with this version of hutong"));
}

Month month_of(std::int32_t index) {
    Month month;
    month.index = static_cast<std::int16_t>(index);
    return month;
}

}  // namespace

const AgencyRow::Name& AgencyRow::name_in(Month month) const {
    const Name* found = &names.front();
    for (const Name& one : names) {
        if (one.from <= month && found->from <= one.from) found = &one;
    }
    return *found;
}

SpaceRecord::SpaceRecord(const std::filesystem::path& path, const Results& results, std::size_t replicate)
    : path_(path.string()), replicate_(replicate), replicates_(results.replicates), file_(std::make_shared<Hdf5Reader>(path)) {
    if (replicate >= results.replicates) {
        throw Error(ErrorKind::usage, msg("there is no replicate {}", replicate), msg("the results have {} replicates", results.replicates),
                    msg("choose one from 0 to {}", results.replicates - 1));
    }
    const Hdf5Reader& file = *file_;
    if (!file.exists("/standing") || !file.exists("/spaces/fixed") || !file.exists("/agency_names/agency"))
        foreign(path_, msg("it was written before spaces could be explained"));
    for (const std::string& name : file.texts("/clauses")) clauses_.push_back(clause_named(name));
    read_spaces(file, results);
    read_kinds(file, results.replicates);
    read_outcome(file, results.replicates);
    read_events(file, results.replicates);
}

void SpaceRecord::read_spaces(const Hdf5Reader& file, const Results& results) {
    const auto code = file.texts("/spaces/code", most_spaces);
    const std::uint64_t n = code.size();
    const auto zh = file.texts("/spaces/name_zh", most_spaces), en = file.texts("/spaces/name_en", most_spaces),
               status = file.texts("/spaces/status", most_spaces);
    if (zh.size() != n || en.size() != n || status.size() != n) foreign(path_, msg("the columns of '{}' differ in length", "/spaces"));
    const auto category = file.data<std::uint8_t>("/spaces/category", {n}), form = file.data<std::uint8_t>("/spaces/form", {n}),
               owner = file.data<std::uint8_t>("/spaces/owner", {n}), heritage = file.data<std::uint8_t>("/spaces/heritage", {n}),
               planned = file.data<std::uint8_t>("/spaces/planned_use", {n}), known = file.data<std::uint8_t>("/spaces/known_use", {n});
    const auto block = file.data<std::uint16_t>("/spaces/block", {n});
    const auto area = file.data<double>("/spaces/area_m2", {n});
    const auto start = file.data<std::int32_t>("/spaces/planned_start", {n}),
               opening = file.data<std::int32_t>("/spaces/known_opening", {n});
    for (std::size_t s = 0; s < n; ++s) {
        if (category[s] >= space_categories || form[s] >= space_forms || owner[s] >= owner_types)
            foreign(path_, msg("the columns of '{}' are damaged", "/spaces"));
        SpaceRow& row = spaces.emplace_back();
        row.code = code[s], row.name_zh = zh[s], row.name_en = en[s], row.status = status[s];
        row.category = category[s], row.form = form[s], row.owner = owner[s], row.heritage = heritage[s];
        row.block = std::min<std::uint16_t>(block[s], static_cast<std::uint16_t>(results.blocks.size()));
        row.area_m2 = area[s];
        row.planned_use = planned[s], row.known_use = known[s];
        row.planned_start = month_of(start[s]), row.known_opening = month_of(opening[s]);
    }
}

void SpaceRecord::read_kinds(const Hdf5Reader& file, std::size_t replicates) {
    const auto code = file.texts("/uses/code"), zh = file.texts("/uses/name_zh"), en = file.texts("/uses/name_en"),
               service = file.texts("/uses/service");
    const std::uint64_t n = code.size();
    if (zh.size() != n || en.size() != n || service.size() != n) foreign(path_, msg("the columns of '{}' differ in length", "/uses"));
    const auto direction = file.data<std::uint8_t>("/uses/direction", {n}), operated = file.data<std::uint8_t>("/uses/operated_by", {n});
    const auto visitors = file.data<double>("/uses/visitors_per_m2_day", {n});
    for (std::size_t u = 0; u < n; ++u) uses.push_back({code[u], zh[u], en[u], service[u], direction[u], operated[u], visitors[u]});

    const auto agency_zh = file.texts("/agencies/name_zh"), agency_en = file.texts("/agencies/name_en");
    const std::uint64_t bodies = agency_zh.size();
    if (agency_en.size() != bodies) foreign(path_, msg("the columns of '{}' differ in length", "/agencies"));
    for (std::size_t a = 0; a < bodies; ++a) agencies.push_back({.names = {{agency_zh[a], agency_en[a], Month{}}}});
    const auto who = file.data<std::uint8_t>("/agency_names/agency", {Hdf5Reader::any});
    const auto name_zh = file.texts("/agency_names/name_zh"), name_en = file.texts("/agency_names/name_en");
    const auto from = file.data<std::int32_t>("/agency_names/valid_from", {who.size()});
    if (name_zh.size() != who.size() || name_en.size() != who.size())
        foreign(path_, msg("the columns of '{}' differ in length", "/agency_names"));
    for (std::size_t i = 0; i < who.size(); ++i) {
        if (who[i] < bodies) agencies[who[i]].names.push_back({name_zh[i], name_en[i], month_of(from[i])});
    }
    if (!file.exists("/agencies/score")) return;
    scored = true;
    auto column = [&](const char* path, std::int32_t AgencyRow::*field) {
        const auto values = file.data<std::int32_t>(path, {replicates, bodies});
        for (std::size_t a = 0; a < bodies; ++a) agencies[a].*field = values[replicate_ * bodies + a];
    };
    column("/agencies/handled", &AgencyRow::handled);
    column("/agencies/sent_back", &AgencyRow::sent_back);
    column("/agencies/opened", &AgencyRow::opened);
    column("/agencies/exceptions", &AgencyRow::exceptions);
    column("/agencies/due", &AgencyRow::due);
    column("/agencies/due_in_use", &AgencyRow::due_in_use);
    const auto months = file.data<double>("/agencies/mean_months", {replicates, bodies}),
               score = file.data<double>("/agencies/score", {replicates, bodies});
    for (std::size_t a = 0; a < bodies; ++a) {
        agencies[a].mean_months = months[replicate_ * bodies + a];
        agencies[a].score = score[replicate_ * bodies + a];
    }
}

void SpaceRecord::read_outcome(const Hdf5Reader& file, std::size_t replicates) {
    const std::uint64_t n = spaces.size();
    const Extent shape{replicates, n};
    auto bytes = [&](const char* path) { return file.data<std::uint8_t>(path, shape); };
    const auto stage = bytes("/spaces/stage"), use = bytes("/spaces/use"), route = bytes("/spaces/route"), agency = bytes("/spaces/agency"),
               decider = bytes("/spaces/decider"), fixed = bytes("/spaces/fixed");
    const auto cost = file.data<std::int64_t>("/spaces/cost_yuan", shape), paid = file.data<std::int64_t>("/spaces/district_yuan", shape),
               given = file.data<std::int64_t>("/spaces/public_dm2", shape);
    const auto vacated = file.data<std::int32_t>("/spaces/vacated", shape), opened = file.data<std::int32_t>("/spaces/opened", shape);
    for (std::size_t s = 0; s < n; ++s) {
        const std::size_t at = replicate_ * n + s;
        SpaceRow& row = spaces[s];
        const bool sound = stage[at] < space_stages && decider[at] <= static_cast<std::uint8_t>(Decider::informed) &&
                           (use[at] == no_use || use[at] < uses.size());
        if (!sound) foreign(path_, msg("the columns of '{}' are damaged", "/spaces"));
        row.stage = static_cast<SpaceStage>(stage[at]);
        row.use = use[at], row.route = route[at], row.agency = agency[at], row.fixed = fixed[at];
        row.decider = static_cast<Decider>(decider[at]);
        row.cost_yuan = cost[at], row.district_yuan = paid[at], row.public_dm2 = given[at];
        row.vacated = month_of(vacated[at]), row.opened = month_of(opened[at]);
    }
}

void SpaceRecord::read_events(const Hdf5Reader& file, std::size_t) {
    const auto replicate = file.data<std::uint16_t>("/events/replicate", {Hdf5Reader::any}, most_events);
    const std::uint64_t n = replicate.size();
    const auto month = file.data<std::int32_t>("/events/month", {n}), space = file.data<std::int32_t>("/events/space", {n}),
               ayes = file.data<std::int32_t>("/events/votes_for", {n}), noes = file.data<std::int32_t>("/events/votes_against", {n});
    const auto stage = file.data<std::uint8_t>("/events/stage", {n}), decision = file.data<std::uint8_t>("/events/decision", {n}),
               agency = file.data<std::uint8_t>("/events/agency", {n}), use = file.data<std::uint8_t>("/events/use", {n});
    const auto clause = file.data<std::uint16_t>("/events/clause", {n});
    const auto yuan = file.data<std::int64_t>("/events/yuan", {n});
    for (std::size_t i = 0; i < n; ++i) {
        if (replicate[i] != replicate_) continue;
        const bool sound = space[i] >= 0 && static_cast<std::size_t>(space[i]) < spaces.size() && stage[i] < space_stages &&
                           decision[i] < static_cast<std::uint8_t>(SpaceDecision::count) && clause[i] < clauses_.size() &&
                           (use[i] == no_use || use[i] < uses.size()) && (agency[i] == 255 || agency[i] < agencies.size());
        if (!sound) foreign(path_, msg("the columns of '{}' are damaged", "/events"));
        events.push_back({static_cast<std::int16_t>(month[i]), static_cast<std::uint16_t>(clauses_[clause[i]]),
                          static_cast<std::uint32_t>(space[i]), static_cast<SpaceStage>(stage[i]), static_cast<SpaceDecision>(decision[i]),
                          agency[i], use[i], static_cast<std::uint32_t>(ayes[i]), static_cast<std::uint32_t>(noes[i]), yuan[i]});
    }
}

std::size_t SpaceRecord::space(std::string_view code) const {
    std::vector<std::string> known;
    for (std::size_t s = 0; s < spaces.size(); ++s) {
        if (spaces[s].code == code) return s;
        known.push_back(spaces[s].code);
    }
    const std::string near = nearest_name(code, known);
    throw Error(ErrorKind::usage, msg("there is no space '{}'", code), {},
                near.empty() ? msg("see the codes under /spaces/code in the results file") : msg("did you mean '{}'?", near));
}

std::vector<StandingRow> SpaceRecord::standings(std::size_t space) const {
    const Extent offset{space, 0}, count{1, uses.size()};
    const auto standing = file_->part<std::uint8_t>("/standing", offset, count),
               clause = file_->part<std::uint8_t>("/standing_clause", offset, count);
    const auto assessed = file_->part<std::int32_t>("/assessed", offset, count);
    std::vector<StandingRow> rows;
    for (std::size_t u = 0; u < uses.size(); ++u)
        rows.push_back({standing[u], clause[u] < clauses_.size() ? clauses_[clause[u]] : Clause::none, assessed[u]});
    return rows;
}

std::size_t SpaceRecord::replicates_with_use(std::size_t space, std::uint8_t use) const {
    const auto all = file_->data<std::uint8_t>("/spaces/use", {replicates_, spaces.size()});
    std::size_t n = 0;
    for (std::size_t r = 0; r < replicates_; ++r) n += all[r * spaces.size() + space] == use ? 1 : 0;
    return n;
}

std::vector<SpaceRecord::CauseTotal> SpaceRecord::causes(std::size_t block) const {
    const auto names = file_->texts("/causes/causes");
    const auto replicate = file_->data<std::uint16_t>("/causes/replicate", {Hdf5Reader::any}, most_events);
    const std::uint64_t n = replicate.size();
    const auto month = file_->data<std::uint16_t>("/causes/month", {n}), where = file_->data<std::uint16_t>("/causes/block", {n}),
               indicator = file_->data<std::uint16_t>("/causes/indicator", {n});
    const auto cause = file_->data<std::uint8_t>("/causes/cause", {n});
    const auto change = file_->data<std::int32_t>("/causes/change", {n});
    std::vector<CauseTotal> rows;
    for (std::size_t i = 0; i < n; ++i) {
        if (replicate[i] != replicate_ || where[i] != block || indicator[i] != 0 || cause[i] >= names.size()) continue;
        rows.push_back({month[i], names[cause[i]], change[i]});
    }
    return rows;
}

}  // namespace hutong
