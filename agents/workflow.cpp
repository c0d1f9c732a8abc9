#include "agents/workflow.h"

#include <algorithm>
#include <cmath>

#include "core/exact_math.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

std::uint8_t index_of(Body body) { return static_cast<std::uint8_t>(body); }

double owner_factor(const GovernanceAssumptions& a, OwnerType owner) {
    switch (owner) {
        case OwnerType::central:
            return a.duration_factor_central;
        case OwnerType::municipal:
            return a.duration_factor_municipal;
        case OwnerType::military:
            return a.duration_factor_military;
        case OwnerType::district_soe:
            return a.duration_factor_district_soe;
        case OwnerType::private_owner:
            return a.duration_factor_private_owner;
        case OwnerType::direct_managed:
            return a.duration_factor_direct_managed;
        case OwnerType::district:
            return a.duration_factor_district;
    }
    return 1;
}

double mean_months(const GovernanceAssumptions& a, SpaceStage stage, bool large) {
    switch (stage) {
        case SpaceStage::proposal:
            return large ? a.months_proposal_large : a.months_proposal_small;
        case SpaceStage::residents_vote:
            return large ? a.months_vote_large : a.months_vote_small;
        case SpaceStage::consultation:
            return large ? a.months_consultation_large : a.months_consultation_small;
        case SpaceStage::review:
            return large ? a.months_review_large : a.months_review_small;
        case SpaceStage::joint_meeting:
            return large ? a.months_meeting_large : a.months_meeting_small;
        case SpaceStage::district_government:
            return large ? a.months_government_large : a.months_government_small;
        case SpaceStage::municipal_approval:
            return large ? a.months_municipal_large : a.months_municipal_small;
        case SpaceStage::agreement:
            return large ? a.months_agreement_large : a.months_agreement_small;
        case SpaceStage::procurement:
            return large ? a.months_procurement_large : a.months_procurement_small;
        case SpaceStage::acceptance:
            return large ? a.months_acceptance_large : a.months_acceptance_small;
        default:
            return 1;
    }
}

/// Works take the use's own time, more for larger spaces.
double works_months(const Model& model, const Use& use, const Space& space, bool large) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const double typical = large ? a.works_area_large_m2 : a.works_area_small_m2;
    const double size = std::clamp(std::sqrt(space.area_m2 / typical), a.works_size_low, a.works_size_high);
    return (large ? use.works_months_large : use.works_months_small) * size;
}

/// Share of a stage's time that levers save.
double time_left(const Levers& levers, SpaceStage stage, bool in_plan) {
    double left = 1;
    if (stage == SpaceStage::consultation && levers.on(Clause::O1)) left *= 1 - levers.governance.coordination;
    if (!in_plan) return left;  // P0: only what is in the year's plan gets P1 and P4
    if (stage == SpaceStage::review && levers.on(Clause::P1)) left *= 1 - levers.allocation.use_change_support;
    const bool after_approval = stage >= SpaceStage::agreement && stage <= SpaceStage::acceptance;
    if (after_approval && levers.on(Clause::P4)) left *= 1 - levers.governance.green_channel;
    return left;
}

}  // namespace

void record(World& world, std::uint32_t space, SpaceStage stage, SpaceDecision decision, std::uint8_t agency, Clause clause,
            std::int64_t yuan, std::uint32_t votes_for, std::uint32_t votes_against) {
    world.spaces.events.push_back({world.month.index, static_cast<std::uint16_t>(clause), space, stage, decision, agency,
                                   world.spaces.use[space], votes_for, votes_against, yuan});
}

Clause clause_of(SpaceStage stage) {
    switch (stage) {
        case SpaceStage::proposal:
        case SpaceStage::consultation:
            return Clause::W1;
        case SpaceStage::residents_vote:
            return Clause::C3_5;
        case SpaceStage::review:
        case SpaceStage::district_government:
            return Clause::W2;
        case SpaceStage::joint_meeting:
            return Clause::M1;
        case SpaceStage::municipal_approval:
        case SpaceStage::agreement:
        case SpaceStage::procurement:
        case SpaceStage::works:
            return Clause::W3;
        case SpaceStage::acceptance:
            return Clause::C3_0;
        case SpaceStage::temporary_open:
            return Clause::C3_7;
        default:
            return Clause::W4;
    }
}

SpaceStage next_stage(const Model& model, const World& world, std::uint32_t s) {
    const Levers& levers = model.levers(world.month);
    const SpacesState& spaces = world.spaces;
    const Space& space = model.district.spaces[s];
    const bool temporary = spaces.temporary[s] != 0;
    const bool blank = leaves_blank(model.district.catalogue.uses[spaces.use[s]]);
    const auto route = static_cast<Route>(spaces.route[s]);
    const bool informed = spaces.decider[s] == Decider::informed;
    auto due = [&](SpaceStage stage) {
        switch (stage) {
            case SpaceStage::residents_vote:
                return space.category == SpaceCategory::residential && !temporary && levers.on(Clause::C3_5) &&
                       model.active(Behaviour::vote);
            case SpaceStage::consultation:
                return !temporary && levers.on(Clause::W1);
            case SpaceStage::review:
                return !informed && levers.on(Clause::W2);
            case SpaceStage::joint_meeting:
                return !informed && !temporary && levers.on(Clause::M1) && (route != Route::scattered || spaces.meeting[s] != 0);
            case SpaceStage::district_government:
                return !informed && !temporary && levers.on(Clause::W2) && levers.on(Clause::M1) && route != Route::scattered;
            case SpaceStage::municipal_approval:
                return !temporary && levers.on(Clause::W3) && route == Route::major;
            case SpaceStage::agreement:
                return true;
            case SpaceStage::procurement:
                return !blank && !temporary && levers.on(Clause::W3);
            case SpaceStage::works:
                return !blank;
            case SpaceStage::acceptance:
                return !blank && levers.on(Clause::C3_0);
            default:
                return true;
        }
    };
    for (int next = static_cast<int>(spaces.stage[s]) + 1; next < static_cast<int>(SpaceStage::open); ++next) {
        if (due(static_cast<SpaceStage>(next))) return static_cast<SpaceStage>(next);
    }
    if (blank) return SpaceStage::left_blank;
    return temporary ? SpaceStage::temporary_open : SpaceStage::open;
}

int stage_months(const Model& model, const World& world, std::uint32_t s, SpaceStage stage) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    const bool large = static_cast<Route>(world.spaces.route[s]) != Route::scattered;
    const bool in_plan = world.spaces.in_plan[s] != 0;
    double months = stage == SpaceStage::works ? works_months(model, model.district.catalogue.uses[world.spaces.use[s]], space, large)
                                               : mean_months(a, stage, large);
    // the same project meets the same luck at this stage and attempt in every scenario, whenever it gets there
    constexpr std::uint32_t attempts = 16;
    const std::uint32_t attempt = std::min<std::uint32_t>(world.spaces.times_sent_back[s], attempts - 1);
    const Word4 words =
        model.luck.block(Purpose::stage, world.spaces.luck[s], Month{}, static_cast<std::uint32_t>(stage) * attempts + attempt);
    months *= owner_factor(a, space.owner) * exact_exp(a.duration_spread * exact_normal_quantile(unit_open(words[0])));
    months *= time_left(levers, stage, in_plan);
    if (attempt > 0 && (stage == SpaceStage::proposal || stage == SpaceStage::works)) months *= a.rework_share;
    const double whole = std::floor(months);
    return static_cast<int>(whole) + (unit_open(words[1]) < months - whole ? 1 : 0);
}

void enter(const Model& model, World& world, std::uint32_t s, SpaceStage stage) {
    SpacesState& spaces = world.spaces;
    spaces.stage[s] = stage;
    spaces.entered[s] = world.month.index;
    const bool timed = stage >= SpaceStage::proposal && stage <= SpaceStage::acceptance;
    // a stage ends in a later month than it begins: one hand-over a month
    spaces.ready[s] = static_cast<std::int16_t>(world.month.index + (timed ? std::max(1, stage_months(model, world, s, stage)) : 0));
    if (stage == SpaceStage::open || stage == SpaceStage::temporary_open || stage == SpaceStage::left_blank)
        spaces.opened[s] = 0;  // step 3 opens it
    if (timed) record(world, s, stage, SpaceDecision::entered, agency_of(model, world, s, stage), clause_of(stage));
}

void start_plan(const Model& model, World& world, std::uint32_t s, UseId use, std::uint8_t fixed, Decider decider, const Verdict& verdict) {
    SpacesState& spaces = world.spaces;
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    spaces.use[s] = static_cast<std::uint8_t>(use.value);
    spaces.fixed[s] = fixed;
    spaces.decider[s] = decider;
    spaces.route[s] = static_cast<std::uint8_t>(route_of(space, levers));
    spaces.agency[s] = responsible_agency(model.district, space, spaces.taken_back[s] != 0, levers);
    spaces.meeting[s] = verdict.standing == Standing::exception || verdict.standing == Standing::with_reason ? 1 : 0;
    spaces.submitted[s] = 0;
    spaces.times_sent_back[s] = 0;
    spaces.temporary[s] = awaits_planned_use(model, world, s) ? 1 : 0;
    enter(model, world, s, SpaceStage::proposal);
}

void end_plan(const Model& model, World& world, std::uint32_t s, std::int16_t wait_until) {
    SpacesState& spaces = world.spaces;
    GovernanceState& governance = world.governance;
    governance.committed_milli_persons -= spaces.assessed_milli[s];
    governance.headroom_committed_persons = governance.committed_milli_persons / 1000;
    governance.tie_pool_dm2 += spaces.tie_dm2[s];
    spaces.assessed_milli[s] = 0;
    spaces.tie_dm2[s] = 0;
    spaces.cost_yuan[s] = 0;
    spaces.district_yuan[s] = 0;
    spaces.owed_yuan[s] = 0;
    spaces.use[s] = no_use;
    spaces.fixed[s] = 0;
    spaces.temporary[s] = 0;
    spaces.submitted[s] = 0;
    spaces.opened[s] = 0;
    spaces.stage[s] = SpaceStage::vacant;
    spaces.entered[s] = world.month.index;
    spaces.ready[s] = wait_until;
    (void)model;
}

std::uint8_t agency_of(const Model& model, const World& world, std::uint32_t s, SpaceStage stage) {
    const BlockId block = model.district.block_of(model.district.spaces[s].node);
    const std::uint8_t office =
        block ? agency_of_subdistrict(model.district.subdistrict_of(block)) : index_of(Body::development_and_reform);
    switch (stage) {
        case SpaceStage::residents_vote:
            return office;
        case SpaceStage::consultation:
            return static_cast<Route>(world.spaces.route[s]) == Route::scattered ? office : index_of(Body::planning_and_land);
        case SpaceStage::review:
            return world.spaces.agency[s];
        case SpaceStage::joint_meeting:
            return index_of(Body::joint_meeting);
        case SpaceStage::district_government:
            return index_of(Body::district_government);
        case SpaceStage::municipal_approval:
            return index_of(Body::municipality);
        case SpaceStage::agreement:  // the commission holds the budget (M2, assumption); without it every department for itself
            return model.levers(world.month).on(Clause::M2) ? index_of(Body::development_and_reform) : world.spaces.agency[s];
        case SpaceStage::procurement:
            return index_of(Body::contractors);
        case SpaceStage::acceptance:
            return index_of(Body::trade_regulator);
        default:
            return no_agency;
    }
}

Decider decider_of(const Model& model, const World& world, std::uint32_t s) {
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    if (levers.allocation.authority == "full") return Decider::decided;
    if (!levers.on(Clause::G3))
        return above_district(space.owner) ? Decider::informed : Decider::approved;  // everybody proposes for himself
    if (above_district(space.owner)) return Decider::informed;
    const bool own = space.owner == OwnerType::district || space.owner == OwnerType::direct_managed || world.spaces.taken_back[s] != 0;
    return own || route_of(space, levers) != Route::scattered ? Decider::decided : Decider::approved;
}

bool awaits_planned_use(const Model& model, const World& world, std::uint32_t s) {
    const Space& space = model.district.spaces[s];
    return space.planned_use && space.planned_start.index > world.month.index && model.levers(world.month).on(Clause::C3_7);
}

const Decision* decision_on(const Model& model, const World& world, std::uint32_t s) {
    for (const Decision& decision : model.scenario.decisions) {
        if (decision.use.empty() || decision.space != model.district.spaces[s].code) continue;
        if (decision.from && world.month < *decision.from) continue;
        if (decision.until && world.month >= *decision.until) continue;
        return &decision;
    }
    return nullptr;
}

}  // namespace hutong
