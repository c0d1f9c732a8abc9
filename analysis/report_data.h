/// What reports and exports read from a results file: the stored summaries, the means of the blocks, spaces, events,
/// projects, and the scenario as it ran. Nothing is simulated and no replicate's series is kept.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/results.h"

namespace hutong {

/// A figure over the replicates of one file. One replicate has a mean and no interval (NaN).
struct Estimate {
    double mean = no_value(), low = no_value(), high = no_value(), error = no_value();
    bool has_interval() const { return low == low && high == high; }
};

/// The scenario as its results file stores it.
struct ScenarioText {
    std::map<std::string, std::string> values;  ///< "policy.control.enforcement" -> "1", texts without quotes
    struct Entry {
        std::string month;  ///< of a change; empty for a decision
        std::vector<std::pair<std::string, std::string>> values;
    };
    std::vector<Entry> changes, decisions;
    std::string value(const std::string& key) const;
};
ScenarioText parse_scenario_text(std::string_view text);

struct SpaceRow {
    std::string code, name_zh, name_en, status, source;
    std::uint8_t category = 0, form = 0, owner = 0, heritage = 0;
    std::uint16_t block = 0;
    double area_m2 = 0, x_m = 0, y_m = 0;
};

/// What became of the spaces, [replicate * spaces + space].
struct SpaceOutcomes {
    std::vector<std::uint8_t> stage, use, route, agency, decider;
    std::vector<std::int64_t> cost_yuan;
    std::vector<std::int32_t> vacated, opened;
};

struct EventTable {
    std::vector<std::uint16_t> replicate, clause;
    std::vector<std::int32_t> month, space, votes_for, votes_against;
    std::vector<std::uint8_t> stage, decision, agency, use;
    std::vector<std::int64_t> yuan;
    std::size_t rows() const { return month.size(); }
};

/// Appraisal of the bodies at the end of the run (O3), [replicate * agencies + agency]; -1: nothing to judge. Empty
/// while O3 is off.
struct AppraisalTable {
    std::vector<double> handled, mean_months, speed, quality, rules, results, score;
};

struct ProjectTable {
    std::vector<std::uint16_t> replicate, month, block;
    std::vector<std::int32_t> space, posts, filled, residents, registered_here;
    std::vector<std::uint8_t> heritage;
    std::size_t rows() const { return month.size(); }
};

struct UseRow {
    std::string code, name_zh, name_en, other_clause;
    std::uint8_t direction = 0;
};

struct ServiceRow {
    std::string code;
    std::uint8_t group = 0;
    double distance_m = 0;
    bool undercounted = false;
};

struct NamedValue {
    std::string name, unit, status, source;
    double value = 0, low = 0, high = 0;
};

struct SourceRow {
    std::string table, what, year, source, licence, status, confidence;
};

class ReportData {
public:
    explicit ReportData(const std::filesystem::path& file);

    Results results;
    std::string file_name;  ///< without its folder
    std::string scenario_hash, district_hash, district_zh, district_en;
    /// Names the scenario whatever the length of its run, and what its replicates differ by: a longer run of the same
    /// scenario has the same series, and its first months are the same months.
    std::string series_hash;
    ScenarioText scenario;
    std::string scenario_text;
    std::vector<std::string> state_hashes;
    double origin_lon = 0, origin_lat = 0;
    std::vector<SpaceRow> spaces;
    SpaceOutcomes outcomes;
    EventTable events;
    ProjectTable projects;
    AppraisalTable appraisal;
    std::vector<UseRow> uses;
    std::vector<ServiceRow> services;
    std::vector<std::string> stages, clauses;
    std::vector<std::pair<std::string, std::string>> agencies;  ///< zh, en
    std::vector<SourceRow> sources;
    std::vector<NamedValue> figures;
    std::vector<std::size_t> years;  ///< rows: the start, every December, the last month

    std::size_t last() const { return results.months.size() - 1; }
    bool has(std::string_view indicator) const;
    Estimate district(std::string_view indicator, std::size_t month) const;
    Estimate subdistrict(std::string_view indicator, std::size_t subdistrict, std::size_t month) const;
    /// Stored means over the replicates [month * blocks + block]; empty when the indicator is not kept by block.
    const std::vector<double>& blocks(std::string_view indicator) const;
    /// Sum of the means over rows from..to (both included), for flows.
    double district_sum(std::string_view indicator, std::size_t from, std::size_t to) const;
    /// Longitude and latitude of a place in the pack's metres.
    std::pair<double, double> lon_lat(double x_m, double y_m) const;
    const Hdf5Reader& file() const { return *file_; }

private:
    void read_background();
    std::size_t index(std::string_view indicator) const;

    std::shared_ptr<Hdf5Reader> file_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::vector<float> district_, subdistrict_;  ///< [statistic][indicator][month]([sub-district])
    mutable std::map<std::string, std::vector<double>, std::less<>> blocks_;
};

}  // namespace hutong
