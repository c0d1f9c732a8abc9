#include "sim/results_policy.h"

#include "agents/appraisal.h"
#include "agents/governance.h"
#include "scenarios/purposes.h"
#include "scenarios/rules.h"

namespace hutong {
namespace {

template <class Value, class Rows, class Field>
std::vector<Value> column_of(const Rows& rows, Field&& field) {
    std::vector<Value> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(static_cast<Value>(field(row)));
    return values;
}

std::uint8_t number_or_none(UseId use) { return use ? static_cast<std::uint8_t>(use.value) : no_use; }

void write_spaces(Hdf5Writer& file, const District& district, const ReplicateSource& replicates) {
    const auto& spaces = district.spaces;
    file.data("/spaces/known_use", column_of<std::uint8_t>(spaces, [](const Space& s) { return number_or_none(s.known_use); }));
    file.data("/spaces/known_opening", column_of<std::int32_t>(spaces, [](const Space& s) { return s.known_opening.index; }));
    file.data("/spaces/planned_use", column_of<std::uint8_t>(spaces, [](const Space& s) { return number_or_none(s.planned_use); }));
    file.data("/spaces/planned_start", column_of<std::int32_t>(spaces, [](const Space& s) { return s.planned_start.index; }));
    std::vector<std::uint8_t> fixed;
    std::vector<std::int64_t> paid, given;
    for (std::size_t r = 0; r < replicates.count(); ++r) {
        const SpacesState state = replicates.spaces(r);
        fixed.insert(fixed.end(), state.fixed.begin(), state.fixed.end());
        paid.insert(paid.end(), state.district_yuan.begin(), state.district_yuan.end());
        given.insert(given.end(), state.public_dm2.begin(), state.public_dm2.end());
    }
    const Extent shape{replicates.count(), spaces.size()};
    file.data<std::uint8_t>("/spaces/fixed", fixed, shape);
    file.data<std::int64_t>("/spaces/district_yuan", paid, shape);
    file.data<std::int64_t>("/spaces/public_dm2", given, shape);
    file.attribute("/spaces/fixed", "values", "0 chosen in the model, 1 by history, 2 by the user");
    file.attribute("/spaces/public_dm2", "unit", "0.01 m2");
    for (const char* path : {"/spaces/known_opening", "/spaces/planned_start"})
        file.attribute(path, "unit", "months since 1900-01; 0: none");
}

void write_uses(Hdf5Writer& file, const Catalogue& catalogue) {
    file.data("/uses/operated_by", column_of<std::uint8_t>(catalogue.uses, [](const Use& u) { return u.operated_by; }));
    file.attribute("/uses/operated_by", "values", "department professional chain tenants residents");
    file.data("/uses/funded_by", column_of<std::uint8_t>(catalogue.uses, [](const Use& u) { return u.funded_by; }));
    file.attribute("/uses/funded_by", "values", "public public_private owner");
    file.data("/uses/visitors_per_m2_day", column_of<double>(catalogue.uses, [](const Use& u) { return u.visitors_per_m2_day; }));
    file.texts("/uses/service", column_of<std::string>(catalogue.uses, [&](const Use& u) {
                   return u.service ? catalogue.services[u.service.value].code : std::string();
               }));
}

/// What the law of the first month says of every use in every space.
void write_standing(Hdf5Writer& file, const Model& model) {
    const auto& spaces = model.district.spaces;
    const auto& uses = model.district.catalogue.uses;
    const Levers& levers = model.levers(model.scenario.run.start);
    std::vector<std::uint8_t> standing(spaces.size() * uses.size()), clause(standing.size());
    std::vector<std::int32_t> assessed(standing.size());
    constexpr std::size_t grain = 64;
    model.parallel.for_grains(spaces.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t s = begin; s < end; ++s) {
            const auto verdicts = permitted(spaces[s], model.district, levers);
            for (std::size_t u = 0; u < uses.size(); ++u) {
                const Verdict& verdict = verdicts[u];
                const std::size_t cell = s * uses.size() + u;
                standing[cell] = static_cast<std::uint8_t>(verdict.standing);
                clause[cell] = static_cast<std::uint8_t>(verdict.standing == Standing::plain ? verdict.favour : verdict.clause);
                assessed[cell] = static_cast<std::int32_t>(assessed_milli_persons(uses[u], spaces[s].area_m2));
            }
        }
    });
    const Extent shape{spaces.size(), uses.size()};
    file.data<std::uint8_t>("/standing", standing, shape);
    file.attribute("/standing", "values", "plain with_reason exception excluded (policy.md, Force)");
    file.data<std::uint8_t>("/standing_clause", clause, shape);
    file.attribute("/standing_clause", "definition",
                   "[space, use]: index into /clauses of the strongest rule in favour where plain, else of the rule against");
    file.data<std::int32_t>("/assessed", assessed, shape);
    file.attribute("/assessed", "unit", "thousandths of a person");
    file.attribute("/assessed", "definition", "[space, use]: assessed population effect (W1, C4.1)");
}

void write_agencies(Hdf5Writer& file, const Model& model, const ReplicateSource& replicates) {
    const auto& names = model.district.body_names;
    file.data("/agency_names/agency", column_of<std::uint8_t>(names, [](const BodyName& n) { return n.body; }));
    file.texts("/agency_names/name_zh", column_of<std::string>(names, [](const BodyName& n) { return n.name_zh; }));
    file.texts("/agency_names/name_en", column_of<std::string>(names, [](const BodyName& n) { return n.name_en; }));
    file.data("/agency_names/valid_from", column_of<std::int32_t>(names, [](const BodyName& n) { return n.valid_from.index; }));
    file.attribute("/agency_names/valid_from", "unit", "months since 1900-01");
    std::vector<DepartmentScore> scores;
    if (replicates.rows() == 0) return;
    const Month end = model.scenario.run.start + (static_cast<int>(replicates.rows()) - 2);  // the first row is the state at the start
    for (std::size_t r = 0; r < replicates.count(); ++r) {
        const auto one = appraise(model, replicates.spaces(r), end);
        scores.insert(scores.end(), one.begin(), one.end());
    }
    if (scores.empty()) return;
    const Extent shape{replicates.count(), scores.size() / replicates.count()};
    auto counts = [&](const char* path, auto&& field) { file.data<std::int32_t>(path, column_of<std::int32_t>(scores, field), shape); };
    counts("/agencies/handled", [](const DepartmentScore& d) { return d.handled; });
    counts("/agencies/sent_back", [](const DepartmentScore& d) { return d.sent_back; });
    counts("/agencies/opened", [](const DepartmentScore& d) { return d.opened; });
    counts("/agencies/exceptions", [](const DepartmentScore& d) { return d.exceptions; });
    counts("/agencies/due", [](const DepartmentScore& d) { return d.due; });
    counts("/agencies/due_in_use", [](const DepartmentScore& d) { return d.due_in_use; });
    auto reals = [&](const char* path, auto&& field) { file.data<double>(path, column_of<double>(scores, field), shape); };
    reals("/agencies/mean_months", [](const DepartmentScore& d) { return d.mean_months(); });
    reals("/agencies/speed", [](const DepartmentScore& d) { return d.speed; });
    reals("/agencies/quality", [](const DepartmentScore& d) { return d.quality; });
    reals("/agencies/rules", [](const DepartmentScore& d) { return d.rules; });
    reals("/agencies/results", [](const DepartmentScore& d) { return d.results; });
    reals("/agencies/score", [](const DepartmentScore& d) { return d.score; });
    file.attribute("/agencies/score", "definition",
                   "0 to 100: mean of speed, quality, rules met and results (O3); -1: nothing to judge; simulated from assumed capacities");
}

}  // namespace

void write_policy_record(Hdf5Writer& file, const Model& model, const ReplicateSource& replicates) {
    write_spaces(file, model.district, replicates);
    write_uses(file, model.district.catalogue);
    write_standing(file, model);
    write_agencies(file, model, replicates);
}

}  // namespace hutong
