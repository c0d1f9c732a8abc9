/// Kinds of things, as data of the pack: economic sectors, service types, uses of space and the rule rows that
/// permit or exclude them. Immutable once loaded. Behaviour reads flags and figures of a row, never its name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/ids.h"

namespace hutong {

enum class ZoneType : std::uint8_t { government, historic, living, business };  ///< C2.1, C2.2, C2.3, C2.4
inline constexpr int zone_types = 4;

enum class Skill : std::uint8_t { low, middle, high };
inline constexpr int skills = 3;

/// An economic sector: GB/T 4754 section, split where the policy needs it. `sectors.csv`.
struct Sector {
    std::string code;  ///< "wholesale_market"
    std::string name_zh, name_en;
    std::string gbt_section;                       ///< letter of GB/T 4754-2017
    bool prohibited = false;                       ///< on the prohibition-and-restriction catalogue for new entry (G1)
    bool high_end = false;                         ///< listed GB/T classes (高精尖)
    bool consumer = false;                         ///< demand comes from residents within walking reach
    bool exogenous = false;                        ///< government, state headquarters, military: ignores rent, demand, allocation
    bool chain = false;                            ///< chain, brand or 'menu complex' operator (C3.5)
    double area_per_job_m2 = 20;                   ///< floor area a worker takes
    double mean_jobs = 10;                         ///< jobs of a business at entry
    double skill_share[skills] = {0.3, 0.4, 0.3};  ///< shares of posts by skill, sum 1
    double separation_per_year = 0.15;
    double exit_per_year = 0.08;       ///< of a business ten years old at neutral conditions
    double rent_share = 0.15;          ///< rent as share of turnover at the start: sensitivity to rent
    double resident_worker_share = 0;  ///< industry share among resident workers (census)
    double high_end_pull = 0;          ///< pull of function areas on entry (C2.4)
    double in_commuter_affinity = 0;   ///< added to the outside pool's utility; markets' workers live near: negative
    ServiceId service;                 ///< the service such a business provides as a facility, or none
};

/// The group of residents a service is for.
enum class TargetGroup : std::uint8_t { everyone, children_3_5, children_6_11, children_12_14, elders_65, car_households, workers };
inline constexpr int target_groups = 7;

/// A kind of service. `services.csv`.
struct Service {
    std::string code;  ///< "kindergarten"
    std::string name_zh, name_en;
    TargetGroup group = TargetGroup::everyone;
    double distance_m = 500;         ///< the standard's own walking distance
    std::string capacity_unit;       ///< "place", "m2", "space", "visit/day", ...
    double standard_per_1000 = 0;    ///< capacity per 1000 residents as the standard prints it
    double standard_per_member = 0;  ///< the same converted to capacity per member of the target group
    bool convenience = false;        ///< counts as convenience service (便民服务, G4)
    bool green = false;
    bool in_composite = false;         ///< part of the one-quarter-hour circle (C2.3)
    bool undercounted = false;         ///< recorded stock is an undercount and is marked so
    bool off_hours_shareable = false;  ///< C3.1, C3.2
    double capacity_per_m2 = 0.05;     ///< of a new facility
    double staff_per_1000_m2 = 8;
};

/// The four directions of use (G4) and 'other, named by clause'.
enum class Direction : std::uint8_t { service, green, convenience, high_end, other };
inline constexpr int directions = 5;

enum class SpaceCategory : std::uint8_t {
    industrial,
    education,
    heritage,
    public_housing,
    residential,
    corner_land,
    temporary
};  ///< C3.1-C3.7
inline constexpr int space_categories = 7;

enum class SpaceForm : std::uint8_t { floor_above, floor_below, courtyard_complete, courtyard_partial, land };
inline constexpr int space_forms = 5;

enum class OwnerType : std::uint8_t { central, municipal, military, district_soe, private_owner, direct_managed, district };
inline constexpr int owner_types = 7;

enum class HeritageGrade : std::uint8_t { none, district, municipal, national };

/// Force of a rule (policy.md, "Force").
enum class Force : std::uint8_t { never, in_principle, main, first, may, limited, encouraged };

/// Who may pay for the works of a use: the public purse alone, the public purse with private partners (P3), or the owner.
enum class FundedBy : std::uint8_t { public_purse, public_private, owner };
/// Who may run it: a department, a professional body or a chain or brand operator (C3.5), the owner or tenants, residents.
enum class OperatedBy : std::uint8_t { department, professional, chain, tenants, residents };

/// A use a vacated space can be put to. `uses.csv`.
struct Use {
    std::string code;  ///< "kindergarten", "office_finance", "pocket_green"
    std::string name_zh, name_en;
    Direction direction = Direction::service;
    std::string other_clause;     ///< for Direction::other: the clause that names it (C2.1, C3.2, C3.3, C3.4)
    ServiceId service;            ///< facility it opens, or none
    std::vector<ServiceId> also;  ///< further services under the same roof ('menu' complex), area shared equally
    ServiceId shares;             ///< facility opened to the public at off hours (C3.1, C3.2), or none
    SectorId sector;              ///< businesses it houses, or none
    bool residential = false;     ///< houses people
    bool green = false;
    bool parking = false;
    bool indoor = true;  ///< needs floor space (false: land)
    FundedBy funded_by = FundedBy::owner;
    OperatedBy operated_by = OperatedBy::tenants;
    double visitors_per_m2_day = 0;  ///< on an ordinary day; never residents
    bool public_funded = false;      ///< publicly funded: C4.4 or C4.5 apply to its staff
    bool heritage_like = false;      ///< C4.5 (50 %) instead of C4.4 (80 %)
    bool temporary = false;          ///< allowed as temporary use (C3.7)
    double min_area_m2 = 0;
    double max_area_m2 = 1e9;
    double area_per_job_m2 = 0;    ///< 0: no jobs
    double capacity_per_m2 = 0;    ///< of its service
    double residents_per_m2 = 0;   ///< assessed residents housed (C4.1)
    double residents_per_job = 0;  ///< assessed residents induced per job (C4.1)
    double conversion_yuan_per_m2 = 0;
    double operating_yuan_per_m2_year = 0;
    double revenue_yuan_per_m2_year = 0;
    double works_months_small = 4;  ///< procurement and works up to the threshold area
    double works_months_large = 12;
    double adds_floor = 0;  ///< floor area added per m2 of the space (C1: it must be tied)
    double nuisance = 0;    ///< what neighbours hold against it, 0 none to 1 strong (C3.5 votes)
    bool demolish = false;  ///< a building in the space is taken down: the m2 are booked as reduction (C1)
    std::string status, source;
};

/// One row of the rule table: in such a place such a use has such a force, by such a clause. `rules.csv`.
/// Empty conditions match everything.
struct Rule {
    std::string clause;  ///< "C3.1"
    Force force = Force::may;
    std::optional<SpaceCategory> category;
    std::optional<ZoneType> zone;
    std::optional<SpaceForm> form;
    std::optional<OwnerType> owner;
    std::optional<HeritageGrade> min_heritage;
    std::optional<bool> large;  ///< area above / not above the threshold
    std::optional<bool> street_front;
    std::vector<UseId> uses;             ///< uses it speaks of; empty: every use
    std::optional<Direction> direction;  ///< or all uses of a direction
    double ceiling_share = 1;            ///< for Force::limited: of the opened m2 of its block
    std::string source;
};

struct Catalogue {
    std::vector<Sector> sectors;
    std::vector<Service> services;
    std::vector<Use> uses;
    std::vector<Rule> rules;

    SectorId sector(std::string_view code) const;  ///< none() when unknown
    ServiceId service(std::string_view code) const;
    UseId use(std::string_view code) const;
};

/// Reads sectors.csv, services.csv, uses.csv and rules.csv of a pack folder. With `problems` every problem is
/// appended and the rest is read; without, the first one is thrown.
Catalogue read_catalogue(const std::filesystem::path& folder, std::vector<Error>* problems = nullptr);

// Names of enumerators as the pack's tables write them.
std::string_view name_of(ZoneType zone);
std::string_view name_of(SpaceCategory category);
std::string_view name_of(SpaceForm form);
std::string_view name_of(OwnerType owner);
std::string_view name_of(HeritageGrade grade);
std::string_view name_of(Direction direction);
std::string_view name_of(Force force);
std::string_view name_of(TargetGroup group);
std::string_view name_of(FundedBy funds);
std::string_view name_of(OperatedBy operates);

}  // namespace hutong
