#include "agents/governance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "agents/steps.h"
#include "agents/vote.h"
#include "agents/workflow.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

/// A case at a body, with the key that orders its queue: legacy, plan-listed, submission, permanent key.
struct Case {
    std::uint8_t agency = 0;
    bool ordinary = true;
    bool unlisted = true;
    std::int16_t submitted = 0;
    std::uint64_t luck = 0;
    std::uint32_t space = 0;
    auto key() const { return std::tie(agency, ordinary, unlisted, submitted, luck); }
};

bool fixed_date(const Model& model, const World& world, std::uint32_t s) {
    return world.spaces.fixed[s] == 1 && model.district.spaces[s].known_opening.index > 0;
}

std::vector<Case> waiting_cases(const Model& model, const World& world) {
    const Levers& levers = model.levers(world.month);
    const bool legacy_first = levers.on(Clause::P4) && levers.governance.legacy_first;
    std::vector<Case> cases;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        const SpacesState& spaces = world.spaces;
        if (spaces.stage[s] < SpaceStage::residents_vote || spaces.stage[s] > SpaceStage::acceptance || spaces.ready[s] > world.month.index)
            continue;
        const std::uint8_t agency = agency_of(model, world, s, spaces.stage[s]);
        if (agency == no_agency) continue;
        cases.push_back(
            {agency, !(legacy_first && model.district.spaces[s].legacy), spaces.in_plan[s] == 0, spaces.submitted[s], spaces.luck[s], s});
    }
    std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.key() < b.key(); });
    return cases;
}

double sent_back_probability(const Model& model, const World& world, std::uint32_t s) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Levers& levers = model.levers(world.month);
    if (!model.active(Behaviour::departments)) return 0;
    double p = 0;
    switch (world.spaces.stage[s]) {
        case SpaceStage::consultation:
            p = a.sent_back_consultation;
            break;
        case SpaceStage::review:
            p = a.sent_back_review;
            break;
        case SpaceStage::joint_meeting:
            p = a.sent_back_meeting;
            break;
        case SpaceStage::district_government:
            p = a.sent_back_government;
            break;
        case SpaceStage::municipal_approval:
            p = a.sent_back_municipal;
            break;
        case SpaceStage::acceptance:
            p = a.sent_back_acceptance;
            break;
        default:
            return 0;
    }
    if (static_cast<Route>(world.spaces.route[s]) != Route::scattered) p *= a.sent_back_key_factor;
    if (world.spaces.meeting[s]) p *= a.sent_back_reason_factor;
    if (levers.on(Clause::O1)) p *= 1 - levers.governance.coordination;
    return p;
}

bool is_sent_back(const Model& model, const World& world, std::uint32_t s) {
    constexpr std::uint32_t attempts = 16;  // as in stage_months: the same block of words
    const std::uint32_t attempt = std::min<std::uint32_t>(world.spaces.times_sent_back[s], attempts - 1);
    const std::uint32_t slot = static_cast<std::uint32_t>(world.spaces.stage[s]) * attempts + attempt;
    return model.luck.block(Purpose::stage, world.spaces.luck[s], Month{}, slot)[2] < threshold(sent_back_probability(model, world, s));
}

void refuse(const Model& model, World& world, std::uint32_t s, std::uint8_t agency, SpaceDecision how, Clause clause) {
    record(world, s, world.spaces.stage[s], how, agency, clause);
    world.spaces.refused_use[s] = world.spaces.use[s];
    const auto pause = static_cast<std::int16_t>(model.assumptions().governance.pause_after_refusal_months);
    end_plan(model, world, s, static_cast<std::int16_t>(world.month.index + pause));
}

void pass(const Model& model, World& world, std::uint32_t s) { enter(model, world, s, next_stage(model, world, s)); }

/// Why a plan cannot be approved now, or Clause::none. What the user or history fixed is not questioned here.
Clause obstacle(const Model& model, const World& world, std::uint32_t s, std::int64_t headroom) {
    if (world.spaces.fixed[s] != 0 || world.spaces.decider[s] == Decider::informed) return Clause::none;
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    const UseId id{static_cast<std::uint32_t>(world.spaces.use[s])};
    if (levers.on(Clause::C4_1) && headroom <= 0 && assessed_milli_persons(model.district.catalogue.uses[id.value], space.area_m2) > 0)
        return Clause::C4_1;
    if (world.spaces.temporary[s] || space.planned_use == id) return Clause::none;  // as planned
    const Verdict verdict = permitted_now(model, world, s, id);
    return verdict.allowed() ? Clause::none : verdict.clause;
}

void count_handled(World& world, std::uint8_t agency, std::uint32_t s) {
    ++world.governance.handled[agency];
    world.governance.months_waited[agency] += static_cast<std::uint32_t>(world.month.index - world.spaces.ready[s]);
}

void send_back(const Model& model, World& world, std::uint32_t s, std::uint8_t agency) {
    ++world.governance.sent_back[agency];
    const SpaceStage stage = world.spaces.stage[s];
    record(world, s, stage, SpaceDecision::sent_back, agency, clause_of(stage));
    if (world.spaces.times_sent_back[s] < std::numeric_limits<std::uint8_t>::max()) ++world.spaces.times_sent_back[s];
    if (stage == SpaceStage::acceptance) {
        enter(model, world, s, SpaceStage::works);  // put right what was found
        return;
    }
    if (world.spaces.fixed[s] == 0 && world.spaces.times_sent_back[s] > model.assumptions().governance.resubmissions) {
        refuse(model, world, s, agency, SpaceDecision::refused, clause_of(stage));
        return;
    }
    enter(model, world, s, SpaceStage::proposal);
}

/// One case at its body. False: it keeps waiting and takes none of the body's capacity (money, ties).
bool handle(const Model& model, World& world, std::uint32_t s, std::uint8_t agency, std::int64_t headroom) {
    const SpaceStage stage = world.spaces.stage[s];
    if (stage == SpaceStage::agreement) {
        const Clause why = obstacle(model, world, s, headroom);
        if (why != Clause::none) {
            count_handled(world, agency, s);
            refuse(model, world, s, agency, SpaceDecision::refused, why);
            return true;
        }
        if (!commit_money(model, world, s)) {
            const double waited = world.month.index - world.spaces.ready[s];
            if (world.spaces.fixed[s] == 0 && waited >= model.assumptions().governance.agreement_patience_months) {
                refuse(model, world, s, agency, SpaceDecision::refused, Clause::P3);
            }
            return false;
        }
        count_handled(world, agency, s);
        record(world, s, stage, SpaceDecision::approved, agency, clause_of(stage), world.spaces.cost_yuan[s]);
        pass(model, world, s);
        return true;
    }
    if (stage == SpaceStage::acceptance && world.spaces.owed_yuan[s] > 0) return false;  // the last instalment first
    count_handled(world, agency, s);
    if (is_sent_back(model, world, s)) {
        send_back(model, world, s, agency);
        return true;
    }
    if (stage == SpaceStage::review || stage == SpaceStage::joint_meeting) {
        const Clause why = obstacle(model, world, s, headroom);
        if (why != Clause::none) {
            refuse(model, world, s, agency, SpaceDecision::refused, why);
            return true;
        }
    }
    record(world, s, stage, SpaceDecision::approved, agency, clause_of(stage));
    pass(model, world, s);
    return true;
}

void ask_residents(const Model& model, World& world, const std::vector<Case>& cases) {
    std::vector<std::uint32_t> spaces;
    for (const Case& one : cases) spaces.push_back(one.space);
    if (!spaces.empty()) list_dwellings_by_node(model, world);
    const auto results = hold_votes(model, world, spaces);
    for (std::size_t i = 0; i < results.size(); ++i) {
        const VoteResult& vote = results[i];
        const std::uint32_t s = vote.space;
        const std::uint8_t agency = cases[i].agency;
        count_handled(world, agency, s);
        ++world.governance.votes_held;
        if (const BlockId block = model.district.block_of(model.district.spaces[s].node)) {
            world.flows.add(Flow::votes_held, block.value, vote.ayes + vote.noes);
            world.flows.add(Flow::votes_against, block.value, vote.noes);
        }
        record(world, s, SpaceStage::residents_vote, vote.passed ? SpaceDecision::approved : SpaceDecision::rejected_by_vote, agency,
               Clause::C3_5, 0, vote.ayes, vote.noes);
        if (!vote.passed) {
            ++world.governance.votes_rejected;
            if (world.spaces.rejected[s] < std::numeric_limits<std::uint8_t>::max()) ++world.spaces.rejected[s];
        }
        if (vote.passed || world.spaces.fixed[s] != 0) {
            pass(model, world, s);
            continue;
        }
        world.spaces.refused_use[s] = world.spaces.use[s];
        const auto pause = static_cast<std::int16_t>(model.assumptions().governance.pause_after_refusal_months);
        end_plan(model, world, s, static_cast<std::int16_t>(world.month.index + pause));
    }
}

/// Stages that only take time, and uses whose date history fixes.
void let_time_pass(const Model& model, World& world) {
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        SpacesState& spaces = world.spaces;
        if (spaces.ready[s] > world.month.index) continue;
        if (spaces.stage[s] == SpaceStage::proposal) {
            if (spaces.submitted[s] == 0) spaces.submitted[s] = world.month.index;
            pass(model, world, s);
        } else if (spaces.stage[s] == SpaceStage::works) {
            // the last instalment first, also where nobody accepts the works (C3.0 off)
            if (spaces.owed_yuan[s] > 0 && next_stage(model, world, s) != SpaceStage::acceptance) continue;
            fixed_date(model, world, s) ? enter(model, world, s, SpaceStage::open) : pass(model, world, s);
        }
    }
}

void work_through_queues(const Model& model, World& world) {
    const std::vector<Case> cases = waiting_cases(model, world);
    std::vector<Case> votes;
    std::size_t i = 0;
    std::fill(world.governance.queue_length.begin(), world.governance.queue_length.end(), 0U);
    while (i < cases.size()) {
        const std::uint8_t agency = cases[i].agency;
        std::uint32_t left = capacity_of(model, agency, world.month);
        for (; i < cases.size() && cases[i].agency == agency; ++i) {
            const std::uint32_t s = cases[i].space;
            if (left == 0) {
                ++world.governance.queue_length[agency];
                continue;
            }
            if (world.spaces.stage[s] == SpaceStage::residents_vote) {
                votes.push_back(cases[i]);
                --left;
            } else if (handle(model, world, s, agency, headroom_persons(model, world))) {
                --left;
            } else {
                ++world.governance.queue_length[agency];
            }
        }
    }
    ask_residents(model, world, votes);
}

}  // namespace

void init_governance(const Model& model, World& world) {
    GovernanceState& governance = world.governance;
    const std::size_t agencies = bodies + model.district.subdistricts.size();
    governance.queue_length.assign(agencies, 0);
    governance.handled.assign(agencies, 0);
    governance.sent_back.assign(agencies, 0);
    governance.months_waited.assign(agencies, 0);
    governance.start_persons = static_cast<std::int64_t>(std::floor(static_cast<double>(world.people.count()) / model.scenario.run.scale));
}

std::int64_t red_line_path(const Model& model, const World& world, Month month) {
    const Month from = model.scenario.run.start;
    const Month to = Month::of(2020, 12);  // the red line's own date (C4.1)
    const auto line = static_cast<std::int64_t>(std::floor(model.levers(month).control.red_line_persons));
    if (month >= to || from >= to) return line;
    const std::int64_t start = world.governance.start_persons;
    return start + (line - start) * (month - from) / (to - from);
}

std::int64_t headroom_persons(const Model& model, const World& world) {
    const auto now = static_cast<std::int64_t>(std::floor(static_cast<double>(world.people.count()) / model.scenario.run.scale));
    return red_line_path(model, world, world.month) - now - world.governance.headroom_committed_persons;
}

void govern(const Model& model, World& world) {
    open_year(model, world);
    propose(model, world);
    let_time_pass(model, world);
    work_through_queues(model, world);
    pay_operating(model, world);
    inspect(model, world);
}

}  // namespace hutong
