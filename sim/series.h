/// All months of one replicate: every indicator at every level, as it goes into the results file. Row 0 is the state
/// at the start (the end of the month before the first step); row m is the end of month m.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/calendar.h"
#include "sim/indicators.h"
#include "sim/projects.h"

namespace hutong {

/// The causes a change of population is booked to. They add up to the change of every block and month.
enum class Cause : std::uint8_t { birth, death, move_in, move_out, move_within_in, move_within_out, unbooked, count };
std::string_view cause_name(Cause cause);

/// One booked change.
struct CauseRow {
    std::uint16_t month = 0;  ///< row of the series
    std::uint16_t block = 0;
    Cause cause = Cause::birth;
    std::int32_t change = 0;  ///< persons
};

class Series {
public:
    Series(const IndicatorSet& indicators, Month start, int months);

    void add(const MonthTallies& tallies);

    /// From now on rows wait in a file of this name, which leaves memory to those who simulate; nothing but add() and
    /// add_projects() may be called until gather() has brought them back. Both and add() throw Error(cannot_write); the file goes with the Series.
    void wait_in(const std::filesystem::path& file);
    void gather();

    std::size_t rows() const { return rows_; }
    Month first() const { return first_; }
    Month month(std::size_t row) const { return first_ + static_cast<int>(row); }
    std::size_t areas(Level level) const { return areas_[static_cast<std::size_t>(level)]; }
    double at(std::size_t indicator, Level level, std::size_t row, std::size_t area = 0) const;
    double district(std::size_t indicator, std::size_t row) const { return at(indicator, Level::district, row); }
    /// [row * areas + area]; exactly one of the two has values, none below the indicator's lowest level.
    const std::vector<float>& reals(std::size_t indicator, Level level) const {
        return columns_[indicator][static_cast<std::size_t>(level)].reals;
    }
    const std::vector<std::int64_t>& money(std::size_t indicator, Level level) const {
        return columns_[indicator][static_cast<std::size_t>(level)].money;
    }
    const std::vector<CauseRow>& causes() const { return causes_; }
    /// Staff of publicly funded projects at year ends and at the end of the run.
    const std::vector<ProjectRow>& projects() const { return projects_; }
    void add_projects(const std::vector<ProjectRow>& rows) { projects_.insert(projects_.end(), rows.begin(), rows.end()); }

    /// What a file keeps, column by column in a fixed order: values of the levels from `lowest` up, population of the
    /// last row, causes. A reader that has filled the columns calls restored().
    template <class F>
    void columns(Level lowest, F&& f) {
        for (auto& by_level : columns_) {
            for (auto level = static_cast<std::size_t>(lowest); level < levels; ++level) {
                f(by_level[level].reals);
                f(by_level[level].money);
            }
        }
        f(population_);
        std::vector<std::uint16_t> month, block;
        std::vector<std::uint8_t> cause;
        std::vector<std::int32_t> change;
        for (const CauseRow& row : causes_) {
            month.push_back(row.month);
            block.push_back(row.block);
            cause.push_back(static_cast<std::uint8_t>(row.cause));
            change.push_back(row.change);
        }
        f(month);
        f(block);
        f(cause);
        f(change);
        set_causes(month, block, cause, change);
        ProjectColumns projects(projects_);
        projects.columns(f);
        projects_ = projects.rows();
    }
    /// Takes over `rows` rows that columns() has filled; false when the columns do not fit them.
    bool restored(std::size_t rows);

private:
    struct Column {
        std::vector<float> reals;
        std::vector<std::int64_t> money;
    };
    class Waiting;
    void reserve(std::size_t rows);
    void book_causes(const MonthTallies& tallies);
    void set_causes(const std::vector<std::uint16_t>& month, const std::vector<std::uint16_t>& block,
                    const std::vector<std::uint8_t>& cause, const std::vector<std::int32_t>& change);

    const IndicatorSet* indicators_;
    Month first_;
    std::size_t rows_ = 0;
    std::array<std::size_t, levels> areas_{};
    std::vector<std::array<Column, levels>> columns_;
    std::vector<std::int64_t> population_;  ///< [block] of the last row
    std::vector<CauseRow> causes_;
    std::vector<ProjectRow> projects_;
    std::shared_ptr<Waiting> waiting_;  ///< of the one Series that writes it
};

}  // namespace hutong
