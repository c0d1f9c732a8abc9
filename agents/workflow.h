/// The path of a plan through the stages, shared by the parts of step 2: what comes next, how long it takes, what is
/// written into the event log. Private to agents/governance*.cpp, agents/proposals.cpp and agents/spaces.cpp.
#pragma once

#include <cstdint>

#include "agents/governance.h"
#include "agents/model.h"
#include "agents/world.h"
#include "scenarios/rules.h"

namespace hutong {

inline constexpr std::uint8_t no_agency = 255;

/// Appends one event of the space in this month.
void record(World& world, std::uint32_t space, SpaceStage stage, SpaceDecision decision, std::uint8_t agency, Clause clause,
            std::int64_t yuan = 0, std::uint32_t votes_for = 0, std::uint32_t votes_against = 0);

/// The clause that gives a stage its place in the path.
Clause clause_of(SpaceStage stage);

/// The stage after this one for the space's present plan: its route, owner, category and the clauses in force decide.
SpaceStage next_stage(const Model& model, const World& world, std::uint32_t space);

/// Puts the space into a stage and draws how long the stage takes.
void enter(const Model& model, World& world, std::uint32_t space, SpaceStage stage);

/// Starts a plan with this use; `fixed`: 0 chosen in the model, 1 by history, 2 by the user.
void start_plan(const Model& model, World& world, std::uint32_t space, UseId use, std::uint8_t fixed, Decider decider,
                const Verdict& verdict);

/// Ends the plan: money and headroom that were committed are free again, the space is empty.
void end_plan(const Model& model, World& world, std::uint32_t space, std::int16_t wait_until);

/// The body that handles the stage, or no_agency when the stage only takes time.
std::uint8_t agency_of(const Model& model, const World& world, std::uint32_t space, SpaceStage stage);

/// Who decides on the space in this month (policy.md, Authority).
Decider decider_of(const Model& model, const World& world, std::uint32_t space);

/// True while a temporary space waits for its planned use (C3.7).
bool awaits_planned_use(const Model& model, const World& world, std::uint32_t space);

/// The user's decision on the use of this space that holds in this month, or null.
const Decision* decision_on(const Model& model, const World& world, std::uint32_t space);

/// permitted() for what the space is now: where households stay in a courtyard only their homes can be made better (C3.4).
std::vector<Verdict> permitted_now(const Model& model, const World& world, std::uint32_t space);
Verdict permitted_now(const Model& model, const World& world, std::uint32_t space, UseId use);  ///< agents/surrender.cpp

// Parts of step 2.
void open_year(const Model& model, World& world);  ///< agents/governance_money.cpp: plan list, budgets, instalments, take-back
void propose(const Model& model, World& world);    ///< agents/proposals.cpp
/// Commits the money of a plan at its agreement; false when this year's budget cannot carry it now.
bool commit_money(const Model& model, World& world, std::uint32_t space);  ///< agents/governance_money.cpp
void pay_operating(const Model& model, World& world);                      ///< agents/governance_money.cpp
std::int64_t capital_budget_yuan(const Model& model, Month month);         ///< of the calendar year, months before the start left out

}  // namespace hutong
