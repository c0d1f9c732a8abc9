/// All that changes during a run. World is a value: a copy is a fork of the future and continues exactly as the
/// original. Tables are structures of arrays; a row may be freed and used again, luck keys are for ever.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "agents/flows.h"
#include "agents/governance_state.h"
#include "agents/life_draws.h"
#include "agents/services_state.h"
#include "agents/spaces_state.h"
#include "agents/work_state.h"
#include "core/calendar.h"
#include "core/hash.h"
#include "core/ids.h"
#include "core/shared_column.h"
#include "scenarios/district.h"

namespace hutong {

inline constexpr std::uint32_t no_row = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint16_t no_node = std::numeric_limits<std::uint16_t>::max();
inline constexpr std::uint8_t no_block = std::numeric_limits<std::uint8_t>::max();

enum class Sex : std::uint8_t { female, male };
/// 户籍: this district, other Beijing district, outside Beijing.
enum class Registration : std::uint8_t { here, beijing, outside };
enum class Education : std::uint8_t { none, primary, junior, senior, college, university };
enum class Activity : std::uint8_t {
    infant,
    pre_school,
    primary,
    junior,
    senior,
    student,
    employed_here,
    employed_outside,
    unemployed,
    inactive,
    retired
};
enum class Role : std::uint8_t { head, partner, child, elder, other };

/// Residents, one row each. A free row has household == no_row.
struct PersonTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> household;
    std::vector<std::uint32_t> next_member;  ///< linked list of the household's members
    std::vector<std::uint32_t> job;          ///< row of JobTable when employed_here, else no_row
    std::vector<std::int16_t> birth_month;   ///< Month::index
    std::vector<std::uint16_t> home_node;    ///< node of the home (kept equal to the dwelling's node)
    std::vector<Sex> sex;
    std::vector<Registration> registration;
    std::vector<Education> education;
    std::vector<Activity> activity;
    std::vector<Role> role;
    std::vector<Skill> skill;
    std::vector<std::uint8_t> months_unemployed;  ///< capped at 255
    std::vector<std::uint32_t> free_rows;

    std::size_t rows() const { return luck.size(); }
    std::size_t count() const { return luck.size() - free_rows.size(); }
    bool alive(std::uint32_t row) const { return household[row] != no_row; }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(household);
        f(next_member);
        f(job);
        f(birth_month);
        f(home_node);
        f(sex);
        f(registration);
        f(education);
        f(activity);
        f(role);
        f(skill);
        f(months_unemployed);
    }
};

/// Households, one row each. A free row has size == 0.
struct HouseholdTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> dwelling;  ///< row of DwellingTable
    std::vector<std::uint32_t> first_member;
    std::vector<std::int16_t> moved_in;  ///< Month::index of the last move
    std::vector<std::uint8_t> size;
    std::vector<std::uint8_t> income;  ///< income group 0 (lowest fifth) to 4
    std::vector<std::uint8_t> cars;
    std::vector<std::uint8_t> flags;         ///< HouseholdFlag bits
    std::vector<std::int16_t> satisfaction;  ///< share of own services served, 0..1000
    std::vector<std::uint32_t> free_rows;

    std::size_t rows() const { return luck.size(); }
    std::size_t count() const { return luck.size() - free_rows.size(); }
    bool alive(std::uint32_t row) const { return size[row] != 0; }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(dwelling);
        f(first_member);
        f(moved_in);
        f(size);
        f(income);
        f(cars);
        f(flags);
        f(satisfaction);
    }
};
namespace household_flag {
inline constexpr std::uint8_t collective = 1;       ///< lives in collective quarters
inline constexpr std::uint8_t must_move = 2;        ///< displaced, looks for a home now
inline constexpr std::uint8_t improved = 4;         ///< courtyard improvement received (C3.4)
inline constexpr std::uint8_t unauthorised = 8;     ///< unauthorised dwelling: misuse (M4), counted apart
inline constexpr std::uint8_t school_refused = 16;  ///< a child got no primary school place of its catchment this year
inline constexpr std::uint8_t applied = 32;         ///< waits for compensation to surrender its lease (C3.4)
}  // namespace household_flag

enum class DwellingState : std::uint8_t { market, held_empty, cleared, demolished, merged };

/// Single dwellings (a dormitory dwelling is one bed). Never removed, only changed in state.
struct DwellingTable {
    SharedColumn<std::uint64_t> luck;
    std::vector<std::uint32_t> household;  ///< occupant or no_row
    SharedColumn<std::uint32_t> space;     ///< vacated space it belongs to, or no_row
    SharedColumn<std::uint16_t> node;
    std::vector<std::uint16_t> area_dm2_100;  ///< floor area in units of 0.1 m2
    SharedColumn<std::uint8_t> block;
    SharedColumn<DwellingType> type;
    std::vector<Tenure> tenure;
    std::vector<DwellingState> state;

    std::size_t rows() const { return luck.size(); }
    double area_m2(std::uint32_t row) const { return area_dm2_100[row] * 0.1; }
    bool vacant(std::uint32_t row) const { return household[row] == no_row && state[row] == DwellingState::market; }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(household);
        f(space);
        f(node);
        f(area_dm2_100);
        f(block);
        f(type);
        f(tenure);
        f(state);
    }
};

/// Workers who live elsewhere and work here. A free row has job == no_row.
struct InCommuterTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> job;
    std::vector<std::int16_t> birth_month;
    std::vector<std::uint8_t> commute_min;  ///< one-way minutes
    std::vector<Sex> sex;
    std::vector<Skill> skill;
    std::vector<Registration> registration;
    std::vector<std::uint32_t> free_rows;

    std::size_t rows() const { return luck.size(); }
    std::size_t count() const { return luck.size() - free_rows.size(); }
    bool alive(std::uint32_t row) const { return job[row] != no_row; }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(job);
        f(birth_month);
        f(commute_min);
        f(sex);
        f(skill);
        f(registration);
    }
};

enum class Funding : std::uint8_t { private_capital, state, district, livelihood_project, heritage_project };

/// Businesses and institutions. A free row has premises == no_row.
struct BusinessTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> premises;
    std::vector<std::uint32_t> first_job;
    std::vector<std::uint32_t> posts;  ///< established posts (filled + vacant)
    std::vector<std::uint32_t> filled;
    std::vector<std::uint32_t> non_local;     ///< filled by people who are not local in the sense of C4.4
    std::vector<std::uint32_t> next_ordinal;  ///< number of the next post, for post luck keys
    std::vector<std::int16_t> founded;        ///< Month::index
    std::vector<std::uint8_t> sector;
    std::vector<std::uint8_t> block;
    std::vector<Funding> funding;
    std::vector<std::uint8_t> flags;  ///< BusinessFlag bits
    std::vector<std::uint32_t> free_rows;

    std::size_t rows() const { return luck.size(); }
    std::size_t count() const { return luck.size() - free_rows.size(); }
    bool alive(std::uint32_t row) const { return premises[row] != no_row; }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(premises);
        f(first_job);
        f(posts);
        f(filled);
        f(non_local);
        f(next_ordinal);
        f(founded);
        f(sector);
        f(block);
        f(funding);
        f(flags);
    }
};
namespace business_flag {
inline constexpr std::uint8_t in_reused_space = 1;   ///< P5 subsidies apply
inline constexpr std::uint8_t self_employed = 2;     ///< started by an unemployed resident (P5)
inline constexpr std::uint8_t unauthorised = 4;      ///< misuse: unauthorised trade (M4)
inline constexpr std::uint8_t in_vacated_space = 8;  ///< stands in a space once vacated (re-agglomeration)
inline constexpr std::uint8_t chain = 16;            ///< run by a chain or brand operator, as C3.5 asks of convenience uses
}  // namespace business_flag

/// Posts. worker: person row, or in-commuter row with the top bit set, or no_row when open. A free row has business == no_row.
struct JobTable {
    static constexpr std::uint32_t in_commuter_bit = 0x80000000U;
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> business;
    std::vector<std::uint32_t> worker;
    std::vector<std::uint32_t> next_job;  ///< linked list of the business's posts
    std::vector<std::uint8_t> block;
    std::vector<std::uint8_t> sector;
    std::vector<Skill> skill;
    std::vector<std::uint32_t> free_rows;

    std::size_t rows() const { return luck.size(); }
    std::size_t count() const { return luck.size() - free_rows.size(); }
    bool alive(std::uint32_t row) const { return business[row] != no_row; }
    bool open(std::uint32_t row) const { return worker[row] == no_row; }
    bool by_in_commuter(std::uint32_t row) const { return worker[row] != no_row && (worker[row] & in_commuter_bit); }
    bool by_resident(std::uint32_t row) const { return worker[row] != no_row && !(worker[row] & in_commuter_bit); }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(business);
        f(worker);
        f(next_job);
        f(block);
        f(sector);
        f(skill);
    }
};

/// Premises: floor space a business can take. Rows are added when spaces open and never removed.
enum class PremisesState : std::uint8_t { on_market, closed };  ///< closed: vacated, its m2 are booked in its space
struct PremisesTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> business;      ///< tenant or no_row
    std::vector<std::uint32_t> space;         ///< vacated space it belongs to, or no_row
    std::vector<std::uint32_t> area_dm2_100;  ///< floor area in units of 0.1 m2
    std::vector<std::uint16_t> node;
    std::vector<std::uint8_t> block;
    std::vector<PremisesUse> use;
    std::vector<std::uint8_t> only_sector;  ///< reserved for a sector by the use that opened it, or 255
    std::vector<PremisesState> state;

    std::size_t rows() const { return luck.size(); }
    double area_m2(std::uint32_t row) const { return area_dm2_100[row] * 0.1; }
    bool vacant(std::uint32_t row) const { return business[row] == no_row && state[row] == PremisesState::on_market; }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(business);
        f(space);
        f(area_dm2_100);
        f(node);
        f(block);
        f(use);
        f(only_sector);
        f(state);
    }
};

/// Rents and vacancies by block and dwelling type, updated monthly, and the permanent tables of keyed rejection.
struct HousingMarket {
    std::vector<double> rent_yuan_m2_month;           ///< [block * dwelling_types + type]
    std::vector<double> rent_at_start;                ///< same shape
    std::vector<std::uint32_t> vacant;                ///< same shape: vacant on the market, start of the month
    std::vector<std::uint32_t> offered;               ///< same shape: vacant or privately let: the market's stock
    std::vector<double> reference;                    ///< [segment * sets + set] inclusive value of the whole district at the start
    std::vector<std::int32_t> satisfaction;           ///< [block] mean satisfaction of its households, permille, by quarter
    std::vector<std::uint32_t> slot_first;            ///< [block * dwelling_types + type (+1)] into slots
    SharedColumn<std::uint32_t> slots;                ///< dwelling row or no_row; open addressing by luck key
    SharedColumn<std::uint32_t> slot_of;              ///< [dwelling] its slot
    std::vector<std::uint32_t> space_dwelling_first;  ///< [space (+1)] into space_dwellings
    std::vector<std::uint32_t> space_dwellings;       ///< dwellings of a space at the start
    std::vector<double> open_posts_at_start;          ///< [1] share of posts open at the start
    template <class F>
    void columns(F&& f) {
        f(rent_yuan_m2_month);
        f(rent_at_start);
        f(vacant);
        f(offered);
        f(reference);
        f(satisfaction);
        f(slot_first);
        f(slots);
        f(slot_of);
        f(space_dwelling_first);
        f(space_dwellings);
        f(open_posts_at_start);
    }
};

/// Rents of premises by block, and unmet consumer demand by block and sector.
struct PremisesMarket {
    std::vector<double> rent_index;     ///< [block], 1 at the start
    std::vector<double> vacancy_share;  ///< [block] by floor area
    template <class F>
    void columns(F&& f) {
        f(rent_index);
        f(vacancy_share);
    }
};

struct World {
    Month month;  ///< the month that the next step simulates
    std::uint64_t seed = 1;
    std::uint32_t replicate = 0;

    PersonTable people;
    HouseholdTable households;
    DwellingTable dwellings;
    InCommuterTable in_commuters;
    BusinessTable businesses;
    JobTable jobs;
    PremisesTable premises;
    HousingMarket housing;
    PremisesMarket premises_market;
    WorkState work;                                     ///< start values that businesses and labour measure against
    SpacesState spaces;                                 ///< workflow and use of every vacated space
    GovernanceState governance;                         ///< agencies, queues, budget
    ServicesState services;                             ///< facilities, coverage
    std::vector<std::int32_t> school_refused_permille;  ///< [subdistrict] of last September's entrants (agents/schools)
    /// Persons who want a home of their own this month (leaving the parents', separating): written by step 6, read
    /// and emptied by step 7, so no part of the state between months.
    std::vector<std::uint32_t> home_leavers;
    LifeDraws life_draws;          ///< of the current month: written by step 5, read and emptied by step 6
    CommuterDraws commuter_draws;  ///< of the current month: written by step 5, read and emptied by step 7
    Flows flows;                   ///< what happened in the current month, by block

    /// Calls f on every table (each has columns(f)).
    template <class F>
    void tables(F&& f) {
        f(people);
        f(households);
        f(dwellings);
        f(in_commuters);
        f(businesses);
        f(jobs);
        f(premises);
        f(housing);
        f(premises_market);
        f(work);
        f(spaces);
        f(governance);
        f(services);
        f(flows);
    }
};

/// Hash of the whole state: equal for equal futures on every machine, preset and number of threads.
std::uint64_t hash(const World& world);

}  // namespace hutong
