/// The pack while it is being made: plain tables with codes in them, and the helpers the makers share.
/// Private to scenarios/generate*.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv.h"
#include "core/draw.h"
#include "scenarios/district.h"

namespace hutong::generate {

/// Keyed chance of the generator: a draw is named by what it is for.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : luck_(seed, 0) {}
    /// Uniform in (0, 1) for this name and these numbers.
    double uniform(std::string_view name, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0) const;
    /// A permanent 64-bit key, for sorting by luck.
    std::uint64_t key(std::string_view name, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0) const;
    double between(double low, double high, std::string_view name, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0) const {
        return low + (high - low) * uniform(name, a, b, c);
    }

private:
    Luck luck_;
};

/// Splits `total` into whole numbers proportional to `weights` (largest remainder, ties to the lower position).
std::vector<std::int64_t> split(std::int64_t total, const std::vector<double>& weights);

struct FactSubdistrict {
    std::string code, name_zh, name_en;
    double area_m2 = 0, rent = 0;
    double pop_2010 = 0, pop_2017 = 0, pop_2020 = 0;
    int communities = 0;
    std::string pop_2017_status;
    std::vector<Point> ring;  ///< local metres, counter-clockwise
};

struct FactZone {
    ZoneType zone = ZoneType::living;
    std::string name_zh, name_en, type_zh, subdistrict;
    bool coordination = false;
    Point centre;
    double radius_m = 0;
};

/// A row of vacated_spaces.csv.
struct FactVacated {
    std::string name_zh, name_en, source;
    double area_m2 = 0, units = 0, workers = 0;  ///< 0: not known
    Point place;
    bool placed = false;
};

struct DraftBlock {
    Block block;  ///< rings[0] in local metres
    std::vector<std::uint32_t> nodes;
    double residents = 0;  ///< at the start, share of the sub-district's
    double jobs = 0;       ///< filled by the maker of premises
    double floor_m2 = 0;
};

struct DraftNode {
    double x_m = 0, y_m = 0;
    std::int32_t block = -1;        ///< -1: ring
    std::int32_t subdistrict = -1;  ///< of ring nodes: the nearest sub-district
    double residents = 0;
};

struct DraftLink {
    std::uint32_t from = 0, to = 0, length_dm = 0;
};

struct DraftDwelling {
    std::uint32_t node = 0;
    DwellingType type = DwellingType::apartment;
    Tenure tenure = Tenure::owned;
    std::uint32_t count = 0;
    double mean_area_m2 = 0, held_empty_share = 0;
    std::string space;
};

struct DraftPremises {
    std::uint32_t node = 0;
    PremisesUse use = PremisesUse::shop;
    std::string sector;  ///< empty: vacant
    std::uint32_t count = 0, jobs = 0;
    double area_m2 = 0;
    bool public_funded = false;
    std::string space;
};

struct DraftFacility {
    std::string service;
    std::uint32_t node = 0;
    double capacity = 0, off_hours = 0, area_m2 = 0;
    bool ring = false;
};

struct DraftRing {
    std::uint32_t node = 0;
    std::uint32_t persons[target_groups] = {};
};

struct DraftSpace {
    Space space;  ///< node, planned_use and known use aside
    std::string planned_use;
    std::uint32_t dwellings = 0;  ///< cleared with it
    std::string sector;           ///< of the businesses vacated with it
    std::uint32_t businesses = 0, jobs = 0;
};

/// One row of reconciliation.csv: what was made to agree, and how.
struct Reconciled {
    std::string subject, era, category, measure;
    double value = 0;
    std::string unit, treatment, source;
    Status status = Status::assumption;
};

struct Draft {
    explicit Draft(std::uint64_t seed) : chance(seed) {}
    Chance chance;
    double origin_lon = 116.36, origin_lat = 39.91;
    std::vector<FactSubdistrict> subdistricts;
    std::vector<FactZone> zones;
    std::vector<FactVacated> vacated;
    std::map<std::string, double> census;                ///< variable -> value
    std::vector<std::pair<double, double>> size_shares;  ///< 2010, 2020 for 1..10
    std::vector<VitalRate> vital_rates;
    std::vector<DraftBlock> blocks;
    std::vector<DraftNode> nodes;
    std::vector<DraftLink> links;
    std::vector<double> population, collective, households;  ///< by sub-district at the start
    using Homes = std::array<std::array<std::int64_t, tenures>, dwelling_types>;
    std::vector<Homes> homes;  ///< households by dwelling type and tenure, by sub-district
    std::vector<double> ages;  ///< district population at the start by single year of age, 0..85+ (86 values)
    std::vector<Control> controls;
    std::vector<DraftDwelling> dwellings;
    std::vector<DraftPremises> premises;
    std::vector<DraftFacility> facilities;
    std::vector<DraftRing> ring;
    std::vector<DraftSpace> spaces;
    std::vector<NamedFigure> figures;
    std::vector<Reconciled> reconciled;

    const NamedFigure& figure(std::string_view name) const;
    const FactVacated& known(std::string_view name_en_start) const;
    double age_share(int low, int high) const;  ///< share of the population at the start, ages inclusive (85 stands for 85+)
};

// The makers, in the order they are called.
void read_facts(Draft& draft, const std::filesystem::path& facts);
void make_figures(Draft& draft);
void make_blocks(Draft& draft);
void make_network(Draft& draft);
void make_population(Draft& draft);
void make_dwellings(Draft& draft);
void make_spaces(Draft& draft);  ///< takes dwellings out of the stock of its node, adds its own premises
void make_premises(Draft& draft);
void make_facilities(Draft& draft);
void write_pack(const Draft& draft, const std::filesystem::path& out);
std::string describe_pack(double origin_lon, double origin_lat);  ///< district.toml

}  // namespace hutong::generate
