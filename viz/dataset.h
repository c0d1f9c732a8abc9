/// What is shown: one run, from a results file or growing while it is simulated. Everything the viewer draws comes
/// through this one interface.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/agent_places.h"
#include "sim/results.h"
#include "sim/space_log.h"

namespace hutong {

/// Places, months and indicators: the same in every month of a run.
struct DatasetFrame {
    std::string district_zh, district_en;
    std::vector<BlockInfo> blocks;
    std::vector<SubdistrictInfo> subdistricts;
    std::vector<IndicatorInfo> indicators;
    std::vector<std::string> months;  ///< labels of all rows, also of those not simulated yet
    RunMarks marks;
    std::vector<std::pair<Point, Point>> borders;                ///< of sub-districts
    std::vector<std::pair<Point, Point>> streets;                ///< empty when not known
    std::vector<Point> nodes;                                    ///< of the street network; empty when not known
    std::vector<std::pair<Point, std::uint8_t>> facility_sites;  ///< at the start, with their service; empty when not known
    std::vector<PlaceName> services;
};

/// Mean and band over the replicates of one quantity; without replicates the band is empty (NaN).
struct Band {
    double mean = 0, low = 0, high = 0;
};

class Dataset {
public:
    virtual ~Dataset() = default;
    virtual const DatasetFrame& frame() const = 0;
    virtual std::string name() const = 0;  ///< of scenario or fork
    virtual std::size_t rows() const = 0;  ///< months there are values for
    virtual std::size_t replicates() const = 0;
    /// NaN where there is no value.
    virtual double value(std::size_t indicator, Level level, std::size_t row, std::size_t area) const = 0;
    virtual Band band(std::size_t indicator, Level level, std::size_t row, std::size_t area) const = 0;
    virtual const SpaceLog& space_log() const = 0;
    /// Where people live and work at the end of a row's month, by DatasetFrame::nodes; null where it is not known.
    virtual std::shared_ptr<const PlaceCounts> places_in(std::size_t) const { return nullptr; }
    /// Rises whenever something that was shown may look different.
    virtual std::uint64_t version() const = 0;

    /// Index, or indicators.size() when there is no such indicator.
    std::size_t find(std::string_view name) const;
    std::size_t areas(Level level) const;
    Month month(std::size_t row) const;
    /// Where every space stands at the end of a row's month; kept until row or data change.
    const std::vector<SpaceNow>& spaces_in(std::size_t row) const;

private:
    mutable std::vector<SpaceNow> spaces_;
    mutable std::size_t spaces_row_ = static_cast<std::size_t>(-1);
    mutable std::uint64_t spaces_version_ = 0;
};

/// A results file. Values are read when first asked for and kept.
class ResultsDataset : public Dataset {
public:
    /// Throws Error(missing_file | bad_results).
    explicit ResultsDataset(const std::filesystem::path& path);
    const DatasetFrame& frame() const override { return frame_; }
    std::string name() const override { return results_.scenario_name; }
    std::size_t rows() const override { return frame_.months.size(); }
    std::size_t replicates() const override { return results_.replicates; }
    double value(std::size_t indicator, Level level, std::size_t row, std::size_t area) const override;
    Band band(std::size_t indicator, Level level, std::size_t row, std::size_t area) const override;
    const SpaceLog& space_log() const override { return log_; }
    std::uint64_t version() const override { return 1; }

    /// Adds streets, facilities and the places of spaces from the district pack; a pack with other blocks is refused.
    void add_district(const District& district);

private:
    using Column = std::vector<std::vector<float>>;  ///< [replicate][row * areas + area]
    const Column& column(std::size_t indicator, Level level) const;

    Results results_;
    DatasetFrame frame_;
    SpaceLog log_;
    mutable std::map<std::pair<std::size_t, Level>, Column> columns_;
};

/// Fills what a district knows: blocks, sub-districts, borders, streets, facilities.
void describe_district(const District& district, DatasetFrame& frame);

}  // namespace hutong
