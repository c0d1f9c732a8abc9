/// Many points of a space of parameters, each simulated with the same replicates: what sweep and sensitivity share.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/sampling.h"
#include "analysis/sensitivity.h"
#include "app/many_runs.h"
#include "core/hdf5_file.h"
#include "sim/ensemble_parts.h"

namespace CLI {
class Option;
}

namespace hutong {

/// What every command of many points is asked.
struct PointChoices {
    std::filesystem::path scenario;
    std::vector<std::string> vary, indicators;
    RunChoices run;
    ManyChoices many;
};
/// Declares the options of PointChoices; `vary_help` and `out_help` are translated. Returns --vary.
CLI::Option* add_point_choices(CLI::App& command, PointChoices& choices, const std::string& vary_help, const std::string& out_help,
                               const Text& text);

/// Runs all points and reads their district series. Stays where it is made: its tasks point to it.
class PointRuns {
public:
    PointRuns(const PointRuns&) = delete;
    PointRuns& operator=(const PointRuns&) = delete;
    /// Tasks of all points, replicate after replicate; parts go to `folder`.
    PointRuns(const Session& session, const std::vector<Varied>& parameters, Points points, const std::filesystem::path& folder,
              const Parallel& parallel);
    void simulate(const RunChoices& run, const ManyChoices& choices, Ranks& ranks, const Text& text) const;
    /// After simulate(), on the first rank.
    void open();

    std::size_t points() const { return points_.size(); }
    /// [point][replicate] of one indicator of the district at one month (row).
    OutcomeTable table(std::size_t indicator, std::size_t row) const;
    /// Writes /parameters, /points and every district indicator [point, replicate, month] below `root`.
    void write(Hdf5Writer& file, const std::string& root) const;
    const Tasks& tasks() const { return tasks_; }
    void remove() const { remove_parts(tasks_); }
    const IndicatorSet& indicators() const { return indicators_; }
    std::size_t last_row() const { return parts_->rows() - 1; }

private:
    const Session& session_;
    std::vector<Varied> parameters_;
    Points points_;
    IndicatorSet indicators_;
    Tasks tasks_;
    std::shared_ptr<const Parts> parts_;
};

/// /meta of a file of many points.
void write_meta(Hdf5Writer& file, const Session& session, const RunMarks& marks, std::string_view format);

/// The value in words: the choice of a text parameter, else the number.
std::string value_text(const Varied& parameter, double coordinate);

/// Indicators named on the command line, or those of the summary. Throws Error(usage).
std::vector<std::size_t> chosen_indicators(const IndicatorSet& indicators, const std::vector<std::string>& names);

}  // namespace hutong
