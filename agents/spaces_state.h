/// Mutable state of the vacated spaces: where each stands in the workflow and what it has become.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"

namespace hutong {

/// Stages of a space, in the order they are normally passed (W1-W3, C3.0).
enum class SpaceStage : std::uint8_t {
    occupied,             ///< not yet vacated
    vacant,               ///< empty, no proposal
    proposal,             ///< plan in preparation (W1)
    residents_vote,       ///< public-will approval (C3.5)
    consultation,         ///< sub-district, planning-and-land, development-and-reform (W1)
    review,               ///< responsible department (W2)
    joint_meeting,        ///< agenda of the joint meeting (M1)
    district_government,  ///< decision on key projects (W2)
    municipal_approval,   ///< major projects (W3)
    agreement,            ///< signed by the responsible department, money committed (W3)
    procurement,
    works,
    acceptance,      ///< trade regulator (C3.0)
    open,            ///< in use
    temporary_open,  ///< C3.7: in temporary use until the planned use starts
    left_blank,      ///< lawfully left without use (C3.4, C3.7)
    count
};
inline constexpr int space_stages = static_cast<int>(SpaceStage::count);

/// An entry of the event log: every stage of every space with body, decision and clause (design.md, /events).
enum class SpaceDecision : std::uint8_t {
    entered,
    approved,
    sent_back,
    rejected_by_vote,
    refused,
    opened,
    closed,
    vacated,
    started,
    measured,     ///< people of the use's target group within its distance: served at standard, and not (in the places of the votes)
    called,       ///< households are asked to apply to surrender their leases (C3.4); leases asked in the place of the ayes
    surrendered,  ///< leases given up for compensation in the month and leases left (in the places of the votes)
    count
};
struct SpaceEvent {
    std::int16_t month = 0;
    std::uint16_t clause = 0;  ///< index into clause_names() (scenarios/rules.h)
    std::uint32_t space = 0;
    SpaceStage stage = SpaceStage::occupied;
    SpaceDecision decision = SpaceDecision::entered;
    std::uint8_t agency = 255;                       ///< index of the agency or 255
    std::uint8_t use = 255;                          ///< index into Catalogue::uses or 255
    std::uint32_t votes_for = 0, votes_against = 0;  ///< of a vote, or of what was measured
    std::int64_t yuan = 0;
};

inline constexpr std::uint8_t no_use = 255;

/// The call to surrender the leases of a direct-managed courtyard (C3.4, agents/surrender.h).
enum class LeaseCall : std::uint8_t {
    none,
    open,      ///< households apply
    complete,  ///< every lease was given up: the whole space is free
    partial    ///< some households stay: only their homes can be made better
};

/// Who decides on a space (policy.md, Authority).
enum class Decider : std::uint8_t { decided, approved, informed };

struct SpacesState {
    std::vector<std::uint64_t> luck;  ///< hash of the space's code
    std::vector<SpaceStage> stage;
    std::vector<std::uint8_t> use;        ///< proposed or opened use, 255 when none
    std::vector<std::uint8_t> route;      ///< 0 scattered, 1 key, 2 major
    std::vector<std::uint8_t> agency;     ///< responsible department
    std::vector<Decider> decider;         ///< who chose the use
    std::vector<std::int16_t> vacated;    ///< Month::index of the vacating in force (a decision may have moved it)
    std::vector<std::int16_t> entered;    ///< Month::index when the present stage began
    std::vector<std::int16_t> ready;      ///< Month::index when the present stage's own duration is over
    std::vector<std::int16_t> submitted;  ///< Month::index of the first submission of the present plan, 0 when none
    std::vector<std::int16_t> opened;     ///< Month::index of opening, 0 when not open
    std::vector<std::uint8_t> times_sent_back;
    std::vector<std::uint8_t> rejected;         ///< times residents rejected a plan
    std::vector<std::uint8_t> in_plan;          ///< in the year's reuse plan (P0)
    std::vector<std::uint8_t> taken_back;       ///< bought back by the district (P2)
    std::vector<std::uint8_t> temporary;        ///< the present use is temporary (C3.7)
    std::vector<std::uint8_t> fixed;            ///< 0 chosen in the model, 1 fixed by history, 2 by the user
    std::vector<std::uint8_t> meeting;          ///< the plan goes to the joint meeting
    std::vector<std::uint8_t> refused_use;      ///< last use refused or rejected, not proposed again next time; 255 none
    std::vector<std::uint32_t> facility;        ///< first facility row it became, or none
    std::vector<std::uint8_t> facility_count;   ///< number of facility rows, one after another
    std::vector<std::uint32_t> premises;        ///< first premises row it became, or none
    std::vector<std::uint32_t> premises_count;  ///< number of premises rows, one after another
    std::vector<std::int64_t> cost_yuan;        ///< works, committed
    std::vector<std::int64_t> district_yuan;    ///< of them to be paid by the district
    std::vector<std::int64_t> owed_yuan;        ///< of them not yet paid: acceptance waits for it
    std::vector<std::int64_t> tie_dm2;          ///< C1: reduction tied to the addition, 0.01 m2
    std::vector<std::int64_t> assessed_milli;   ///< assessed population effect booked, thousandths of a person
    std::vector<std::int64_t> public_dm2;       ///< m2 of an open space given to public use (P1), 0.01 m2
    std::vector<LeaseCall> call;
    std::vector<std::uint32_t> leases_surrendered;  ///< under its call
    std::vector<std::int64_t> compensation_yuan;    ///< paid for them
    std::vector<std::int64_t> opened_dm2;           ///< [direction * blocks + block] m2 open now, 0.01 m2
    std::vector<SpaceEvent> events;                 ///< appended in order, never removed

    std::size_t rows() const { return stage.size(); }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(stage);
        f(use);
        f(route);
        f(agency);
        f(decider);
        f(vacated);
        f(entered);
        f(ready);
        f(submitted);
        f(opened);
        f(times_sent_back);
        f(rejected);
        f(in_plan);
        f(taken_back);
        f(temporary);
        f(fixed);
        f(meeting);
        f(refused_use);
        f(facility);
        f(facility_count);
        f(premises);
        f(premises_count);
        f(cost_yuan);
        f(district_yuan);
        f(owed_yuan);
        f(tie_dm2);
        f(assessed_milli);
        f(public_dm2);
        f(call);
        f(leases_surrendered);
        f(compensation_yuan);
        f(opened_dm2);
    }
};

}  // namespace hutong
