/// What a report takes beside results files: a file of `hutong sensitivity` (which parameters matter) and one of
/// `hutong compare --out` (differences paired by seed). Both are checked against the base before they are used.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/report_data.h"
#include "analysis/sensitivity.h"

namespace hutong {

/// A parameter as a file names it, with the range it was moved through.
struct VariedRange {
    std::string path;
    double low = 0, high = 0;
    std::string choices;  ///< of a text parameter
};

/// Elementary effects or indices of some parameters by indicator.
template <class Effect>
struct EffectTable {
    std::vector<VariedRange> parameters;
    std::map<std::string, std::vector<Effect>> by_indicator;  ///< [parameter]
    std::size_t points = 0;
    std::map<std::string, double> noise_share;  ///< of the variance; indices only
};

class SensitivityFile {
public:
    /// Throws Error(missing_file), or Error(bad_results) when it is no file of `hutong sensitivity`.
    explicit SensitivityFile(const std::filesystem::path& path);

    std::string file_name, scenario, scenario_hash, district_hash;
    double scale = 1;
    std::size_t replicates = 0;
    std::vector<std::string> months;
    EffectTable<MorrisEffect> screening;  ///< over the whole range of each parameter
    EffectTable<SobolIndex> indices;
};

/// A mean difference with its interval over pairs of replicates.
struct PairedEstimate {
    double mean = no_value(), low = no_value(), high = no_value();
};

/// Whether a difference can be told from zero: its interval does not contain it.
enum class Told : std::uint8_t {  // as comparison files have it
    no,
    yes,
    unknown  ///< one pair of replicates has no interval
};
struct BlockDifference {
    PairedEstimate pairs;
    double base = no_value(), alternative = no_value();  ///< means over the replicates
    Told told = Told::unknown;
};

class ComparisonFile {
public:
    /// Throws Error(missing_file), or Error(bad_results) when it is no file of `hutong compare`.
    explicit ComparisonFile(const std::filesystem::path& path);

    struct LeverRow {
        std::string lever, indicator;
        PairedEstimate alone, shapley;
    };
    struct Alternative {
        std::string scenario, scenario_text;
        std::vector<LeverRow> levers;
    };
    std::string file_name, base_text, district_hash;
    double scale = 1;
    std::size_t replicates = 0;
    Interval interval = Interval::chance;  ///< what the pairs of replicates differ by
    std::vector<std::string> months, blocks;
    std::vector<Alternative> alternatives;

    /// The alternative with this scenario, or none.
    std::optional<std::size_t> alternative_of(const ReportData& data) const;
    /// Difference in a month of the whole district (`area` empty) or of a sub-district; no numbers where there is none.
    PairedEstimate difference(std::size_t alternative, std::string_view indicator, std::size_t month,
                              std::optional<std::size_t> subdistrict) const;
    /// The row of a month by its label, or none.
    std::optional<std::size_t> row_of(const std::string& month) const;
    /// All blocks in a month; empty where the file has no such indicator by block.
    std::vector<BlockDifference> block_differences(std::size_t alternative, std::string_view indicator, std::size_t month) const;

private:
    const std::vector<float>& statistics_of(const std::string& path, const Extent& extent) const;

    std::size_t subdistricts_ = 0;
    std::shared_ptr<Hdf5Reader> file_;
    mutable std::map<std::string, std::vector<float>> read_;
    mutable std::map<std::string, std::vector<std::uint8_t>> read_marks_;
};

/// Throws Error(usage) when the file compares with another scenario, district or scale than the base's.
void check_base(const ComparisonFile& file, const ReportData& base);
/// Throws Error(usage) when the file belongs to another scenario or district than the base.
void check_belongs(const SensitivityFile& file, const ReportData& base);
void check_belongs(const ComparisonFile& file, const ReportData& base, const std::vector<const ReportData*>& alternatives);

}  // namespace hutong
