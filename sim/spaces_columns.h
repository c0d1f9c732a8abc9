/// The state of the spaces with its event log, column by column: what part files and checkpoints keep.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "agents/spaces_state.h"

namespace hutong {

/// Calls f on every column of the state, then on the columns of the event log; what f has changed is taken over.
template <class F>
void visit_spaces(SpacesState& state, F&& f) {
    state.columns(f);
    std::vector<std::int16_t> month;
    std::vector<std::uint16_t> clause;
    std::vector<std::uint32_t> space, votes_for, votes_against;
    std::vector<std::uint8_t> stage, decision, agency, use;
    std::vector<std::int64_t> yuan;
    for (const SpaceEvent& one : state.events) {
        month.push_back(one.month);
        clause.push_back(one.clause);
        space.push_back(one.space);
        stage.push_back(static_cast<std::uint8_t>(one.stage));
        decision.push_back(static_cast<std::uint8_t>(one.decision));
        agency.push_back(one.agency);
        use.push_back(one.use);
        votes_for.push_back(one.votes_for);
        votes_against.push_back(one.votes_against);
        yuan.push_back(one.yuan);
    }
    f(month);
    f(clause);
    f(space);
    f(stage);
    f(decision);
    f(agency);
    f(use);
    f(votes_for);
    f(votes_against);
    f(yuan);
    const std::size_t rows = std::min({month.size(), clause.size(), space.size(), stage.size(), decision.size(), agency.size(), use.size(),
                                       votes_for.size(), votes_against.size(), yuan.size()});
    state.events.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        state.events[i] = {month[i],
                           clause[i],
                           space[i],
                           static_cast<SpaceStage>(stage[i]),
                           static_cast<SpaceDecision>(decision[i]),
                           agency[i],
                           use[i],
                           votes_for[i],
                           votes_against[i],
                           yuan[i]};
    }
}

}  // namespace hutong
