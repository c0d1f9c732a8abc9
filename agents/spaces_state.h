/// Mutable state of the vacated spaces: where each stands in the workflow and what it has become.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"

namespace hutong {

/// Stages of a space, in the order they are normally passed (W1-W3, C3.0).
enum class SpaceStage : std::uint8_t {
    occupied,            ///< not yet vacated
    vacant,              ///< empty, no proposal
    proposal,            ///< plan in preparation (W1)
    residents_vote,      ///< public-will approval (C3.5)
    consultation,        ///< sub-district, planning-and-land, development-and-reform (W1)
    review,              ///< responsible department (W2)
    joint_meeting,       ///< agenda of the joint meeting (M1)
    district_government, ///< decision on key projects (W2)
    municipal_approval,  ///< major projects (W3)
    agreement,           ///< signed by the responsible department, money committed (W3)
    procurement,
    works,
    acceptance,          ///< trade regulator (C3.0)
    open,                ///< in use
    temporary_open,      ///< C3.7: in temporary use until the planned use starts
    left_blank,          ///< lawfully left without use (C3.4, C3.7)
    count
};
inline constexpr int space_stages = static_cast<int>(SpaceStage::count);

/// An entry of the event log: every stage of every space with body, decision and clause (design.md, /events).
enum class SpaceDecision : std::uint8_t { entered, approved, sent_back, rejected_by_vote, refused, opened, closed, vacated, started };
struct SpaceEvent {
    std::int16_t month = 0;
    std::uint16_t clause = 0;       ///< index into clause_names() (scenarios/rules.h)
    std::uint32_t space = 0;
    SpaceStage stage = SpaceStage::occupied;
    SpaceDecision decision = SpaceDecision::entered;
    std::uint8_t agency = 255;      ///< index of the agency or 255
    std::uint8_t use = 255;         ///< index into Catalogue::uses or 255
    std::uint32_t votes_for = 0, votes_against = 0;
    std::int64_t yuan = 0;
};

struct SpacesState {
    std::vector<SpaceStage> stage;
    std::vector<std::uint8_t> use;              ///< proposed or opened use, 255 when none
    std::vector<std::uint8_t> route;            ///< 0 scattered, 1 key, 2 major
    std::vector<std::uint8_t> agency;           ///< responsible department
    std::vector<std::int16_t> entered;          ///< Month::index when the present stage began
    std::vector<std::int16_t> ready;            ///< Month::index when the present stage's own duration is over
    std::vector<std::int16_t> opened;           ///< Month::index of opening, 0 when not open
    std::vector<std::uint8_t> times_sent_back;
    std::vector<std::uint8_t> in_plan;          ///< in the year's reuse plan (P0)
    std::vector<std::uint32_t> facility;        ///< facility row it became, or none
    std::vector<std::uint32_t> premises;        ///< first premises row it became, or none
    std::vector<std::int64_t> cost_yuan;        ///< committed
    std::vector<std::int64_t> tie_dm2;          ///< C1: floor area to be tied, 0.01 m2
    std::vector<SpaceEvent> events;             ///< appended in order, never removed

    std::size_t rows() const { return stage.size(); }
    template <class F>
    void columns(F&& f) {
        f(stage); f(use); f(route); f(agency); f(entered); f(ready); f(opened); f(times_sent_back); f(in_plan); f(facility); f(premises);
        f(cost_yuan); f(tie_dm2);
    }
};

}  // namespace hutong
