/// The results file: schema, writer and reader together. One HDF5 layout for one replicate and for many, readable with
/// h5py without plug-ins; docs in design.md, "Files". The same run gives the same bytes: no clock, host, path or
/// thread is in the file.
///
///     /meta                                attributes and texts: what was run, its marks, hashes and seeds
///     /blocks, /subdistricts               tables of places, outlines included
///     /months                              labels; the first is the state at the start
///     /indicator/<name>                    [replicate, month, block]
///     /subdistrict/<name>                  [replicate, month, subdistrict]
///     /district/<name>                     [replicate, month]
///     /summary/district                    [statistic, indicator, month], and /summary/subdistrict with [.., subdistrict]
///     /spaces, /events                     every space and every stage of it, with the clause that decided
///     /permitted                           [space, use]: excluding clause (index into /clauses) or 0
///     /causes                              booked changes; they add up to the change of the indicator
///     /projects                            staff of publicly funded projects at year ends (C4.4, C4.5)
///     /figures                             totals and shares of the district pack with range, status and source
///     /sources                             tables of the district pack: source, year, licence, status, confidence
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/hdf5_file.h"
#include "sim/run.h"

namespace hutong {

inline constexpr std::int64_t results_schema = 1;
std::string_view program_version();

/// What one replicate leaves for the file.
struct Replicate {
    std::uint32_t number = 0;
    std::uint64_t state_hash = 0;
    Series series;
    SpacesState spaces;  ///< at the end, with the event log
};

/// Builds the file in memory and returns its bytes, to be handed to write_safely.
std::string build_results(const Model& model, const IndicatorSet& indicators, const std::vector<Replicate>& replicates);

struct IndicatorInfo {
    std::string name, label, kind_en, kind_zh, unit, definition, status;
    Level lowest = Level::block;
    bool money = false;
};

struct BlockInfo {
    std::string code, name_zh, name_en, zone;
    std::uint16_t subdistrict = 0;
    double area_m2 = 0;
    std::vector<std::vector<Point>> rings;
};

struct SubdistrictInfo {
    std::string code, name_zh, name_en;
};

/// What every output says about a run that is not the plain one.
struct RunMarks {
    bool schematic_blocks = false;
    bool experiment = false;
    double scale = 1;
    std::vector<std::string> neutral;
};
RunMarks marks_of(const Model& model);

/// Reads a results file; everything is checked against the schema before it is used.
class Results {
public:
    /// Throws Error(missing_file) or Error(bad_results).
    explicit Results(const std::filesystem::path& path);

    std::string scenario_name, version;
    RunMarks marks;
    std::uint64_t seed = 0;
    std::size_t replicates = 0;
    std::vector<std::string> months;  ///< labels; the first is the state at the start
    std::vector<BlockInfo> blocks;
    std::vector<SubdistrictInfo> subdistricts;
    std::vector<IndicatorInfo> indicators;

    const IndicatorInfo& indicator(std::string_view name) const;  ///< throws Error(usage) with the nearest name
    std::size_t month(std::string_view label) const;              ///< throws Error(usage)
    /// Values [month * areas + area] of one replicate.
    std::vector<double> values(const IndicatorInfo& indicator, Level level, std::size_t replicate = 0) const;

private:
    std::string path_;
    std::shared_ptr<Hdf5Reader> file_;
};

}  // namespace hutong
