/// The district as given: places and stocks at the start, immutable once loaded (`scenarios/xicheng/` or an
/// imported pack). People are not in it: agents/synthesis makes them from `marginals`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "core/declare.h"
#include "core/ids.h"
#include "scenarios/catalogue.h"
#include "scenarios/marginals.h"
#include "scenarios/walking_network.h"

namespace hutong {

/// Local metres east and north of the pack's origin.
struct Point {
    double x_m = 0;
    double y_m = 0;
};

struct Subdistrict {
    std::string code, name_zh, name_en;
    double area_m2 = 0;
    Point centre;
    double rent_yuan_m2_month = 0;  ///< apartment rent at the start
    std::vector<std::vector<Point>> rings;
};

struct Block {
    std::string code, name_zh, name_en;
    SubdistrictId subdistrict;
    ZoneType zone = ZoneType::living;
    std::uint64_t named_areas = 0;   ///< bit i: lies (mostly) in District::named_areas[i]
    bool function_area = false;      ///< one of the special business function areas (C2.4)
    bool conservation_area = false;  ///< one of the 18 + 6 areas (C2.2)
    double area_m2 = 0;
    Point centre;
    std::vector<std::vector<Point>> rings;  ///< outer ring, counter-clockwise, not closed by a repeated point
};

/// One of the policy's named areas (an overlay: a block may lie in several).
struct NamedArea {
    std::string name_zh, name_en;
    ZoneType zone = ZoneType::living;
    bool coordination = false;  ///< 风貌协调区
    Point centre;
    double radius_m = 0;
};

enum class DwellingType : std::uint8_t { courtyard, simple, apartment, basement, dormitory };
inline constexpr int dwelling_types = 5;
enum class Tenure : std::uint8_t { owned, private_rent, public_housing, employer, collective };
inline constexpr int tenures = 5;

/// Dwellings of one kind at one node; the engine makes `count` single dwellings of it. A dormitory dwelling is one bed.
struct DwellingGroup {
    NodeId node;
    DwellingType type = DwellingType::apartment;
    Tenure tenure = Tenure::owned;
    std::uint32_t count = 0;
    double mean_area_m2 = 0;
    double held_empty_share = 0;  ///< not occupied and not on the market
    SpaceId space;                ///< cleared when this space is vacated
};

enum class PremisesUse : std::uint8_t { shop, office, market, storage, workshop, institution };
inline constexpr int premises_uses = 6;

/// Premises of one kind at one node with the businesses in them; made single at the start of a run.
struct PremisesGroup {
    NodeId node;
    PremisesUse use = PremisesUse::shop;
    SectorId sector;          ///< of the tenants; none: vacant premises
    std::uint32_t count = 0;  ///< number of premises (= businesses when let)
    std::uint32_t jobs = 0;   ///< established posts together
    double area_m2 = 0;       ///< floor area together
    bool public_funded = false;
    SpaceId space;  ///< vacated together with this space
};

/// A facility that exists at the start.
struct FacilitySite {
    ServiceId service;
    NodeId node;
    double capacity = 0;            ///< in the service's unit
    double off_hours_capacity = 0;  ///< additional, when shared at off hours (C3.1, C3.2)
    bool ring = false;              ///< outside the district, in the ring
    double area_m2 = 0;
};

/// Outside demand: people of the ring at a node, by target group.
struct RingDemand {
    NodeId node;
    std::uint32_t persons[target_groups] = {};
};

enum class SpaceEra : std::uint8_t { before_start, campaign_2017_2020, from_2021_2025, assumed_later };

/// A vacated (or to be vacated) space. `spaces.csv`.
struct Space {
    std::string code, name_zh, name_en;
    SpaceCategory category = SpaceCategory::industrial;
    SpaceForm form = SpaceForm::floor_above;
    OwnerType owner = OwnerType::private_owner;
    HeritageGrade heritage = HeritageGrade::none;
    NodeId node;
    double area_m2 = 0;  ///< floor area, or land area for SpaceForm::land
    bool street_front = false;
    bool complex_ownership = false;  ///< makes it a key project whatever its size (W1)
    bool legacy = false;             ///< stalled legacy project (P4)
    Month vacated;                   ///< month it empties; before the start: already vacant
    UseId planned_use;               ///< C3.7: planned but not buildable soon
    Month planned_start;             ///< of the planned use; index 0 when none
    SpaceEra era = SpaceEra::campaign_2017_2020;
    UseId known_use;      ///< history.toml: what is known to have been done with it, or none
    Month known_opening;  ///< history.toml; index 0 when unknown
    Status status = Status::synthetic;
    std::string source;
};

/// A figure of the pack that is not a table of places: totals and shares with their truth.
struct NamedFigure {
    std::string name;
    double value = 0, low = 0, high = 0;
    std::string unit, source;
    Status status = Status::assumption;
};

/// Where a table of the pack comes from, as district.toml says.
struct TableSource {
    std::string table, what, year, source, licence;
    std::string statuses, confidences;  ///< columns by word: "sourced 4, derived 2"
};

/// The bodies of M1-M4 and W1-W3 but for the sub-district offices, as `agencies.csv` names them (Body, agents/governance.h).
inline constexpr std::string_view body_words[] = {"joint_meeting",
                                                  "development_and_reform",
                                                  "district_government",
                                                  "municipality",
                                                  "industry_bureau",
                                                  "education_commission",
                                                  "sasac",
                                                  "culture_commission",
                                                  "housing_administration",
                                                  "major_projects_and_municipal",
                                                  "planning_and_land",
                                                  "trade_regulator",
                                                  "contractors"};

/// Official name of a body from a month on. `agencies.csv`.
struct BodyName {
    std::size_t body = 0;  ///< index into body_words
    std::string name_zh, name_en;
    Month valid_from;
};

struct District {
    std::string name_zh, name_en;
    bool schematic_blocks = true;           ///< shown in every output while true
    double origin_lon = 0, origin_lat = 0;  ///< WGS84 of (0, 0)
    std::uint64_t hash = 0;                 ///< of the pack's files

    std::vector<Subdistrict> subdistricts;
    std::vector<Block> blocks;
    std::vector<NamedArea> named_areas;
    WalkingNetwork network;  ///< nodes carry their block; nodes of the ring carry BlockId::none()
    std::vector<DwellingGroup> dwellings;
    std::vector<PremisesGroup> premises;
    std::vector<FacilitySite> facilities;
    std::vector<RingDemand> ring_demand;
    std::vector<Space> spaces;
    Catalogue catalogue;
    Marginals marginals;
    std::vector<NamedFigure> figures;
    std::vector<TableSource> sources;  ///< for reports; no behaviour reads them
    std::vector<BodyName> body_names;  ///< in the order of the file; none: the names of the guideline

    const Block& block(BlockId id) const { return blocks[id.value]; }
    BlockId block_of(NodeId node) const { return network.block(node); }
    SubdistrictId subdistrict_of(BlockId block) const { return blocks[block.value].subdistrict; }
    /// The figure's value; throws Error(bad_district) when the pack does not have it.
    double figure(std::string_view name) const;
};

}  // namespace hutong
