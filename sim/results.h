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
///     /summary/block                       [statistic, indicator, month, block], with two replicates or more
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
#include <span>
#include <string>
#include <vector>

#include "core/hdf5_file.h"
#include "core/text.h"
#include "sim/run.h"

namespace hutong {

inline constexpr std::int64_t results_schema = 1;
std::string_view program_version();

/// What the replicates of a file differ by. The three are never mixed in one interval.
enum class Interval : std::uint8_t {
    chance,       ///< draws: seeds
    assumptions,  ///< assumptions drawn from their declared ranges, the same seed
    data          ///< the pack drawn again within its ranges, the same seed
};
std::string_view interval_name(Interval interval);
/// English id of what an output says: "chance: replicates differ by their draws alone".
std::string_view interval_text(Interval interval);
/// Throws Error(bad_results) for a name that is none.
Interval interval_named(std::string_view name);

/// What one replicate leaves for the file.
struct Replicate {
    std::uint32_t number = 0;
    std::uint64_t state_hash = 0;
    Series series;
    SpacesState spaces;  ///< at the end, with the event log
};

/// Replicates as the writer takes them, wherever they are kept: in memory, or in part files (sim/ensemble_parts.h).
/// Empty spans where an indicator has no values of that kind at that level.
class ReplicateSource {
public:
    virtual ~ReplicateSource() = default;
    virtual std::size_t count() const = 0;
    virtual std::size_t rows() const = 0;
    virtual std::uint32_t number(std::size_t replicate) const = 0;
    virtual std::uint64_t state_hash(std::size_t replicate) const = 0;
    virtual std::span<const float> reals(std::size_t replicate, std::size_t indicator, Level level) const = 0;
    virtual std::span<const std::int64_t> money(std::size_t replicate, std::size_t indicator, Level level) const = 0;
    virtual std::vector<CauseRow> causes(std::size_t replicate) const = 0;
    virtual std::vector<ProjectRow> projects(std::size_t replicate) const = 0;
    /// The state of the spaces at the end, with the event log.
    virtual SpacesState spaces(std::size_t replicate) const = 0;
};

/// Builds the file in memory and returns its bytes, to be handed to write_safely.
std::string build_results(const Model& model, const IndicatorSet& indicators, const std::vector<Replicate>& replicates);
std::string build_results(const Model& model, const IndicatorSet& indicators, const ReplicateSource& replicates, Interval interval);

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
/// The same in the reader's language: "schematic blocks ...", "scale 1/16 ...", "experiment ...", "behaviour switched off: births".
std::vector<std::string> mark_texts(const RunMarks& marks, const Text& text);

/// Reads a results file; everything is checked against the schema before it is used.
class Results {
public:
    /// Throws Error(missing_file) or Error(bad_results).
    explicit Results(const std::filesystem::path& path);

    std::string scenario_name, version;
    RunMarks marks;
    std::string scenario_text;  ///< canonical, after inheritance
    std::string scenario_hash, district_hash;
    Interval interval = Interval::chance;
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
    /// One statistic over the replicates ("mean", "median", "p05", "p95", "standard_error"), [month * areas + area]; one
    /// replicate is its own mean and median and has NaN for the others. Throws Error(usage) for another name.
    std::vector<double> summary(const IndicatorInfo& indicator, Level level, std::string_view statistic) const;

private:
    std::string path_;
    std::shared_ptr<Hdf5Reader> file_;
};

}  // namespace hutong
