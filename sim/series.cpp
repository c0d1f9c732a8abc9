#include "sim/series.h"

#include <algorithm>
#include <cmath>

namespace hutong {
namespace {

struct Booking {
    Cause cause;
    Flow flow;
    int sign;
};
constexpr Booking bookings[] = {{Cause::birth, Flow::births, 1},
                                {Cause::death, Flow::deaths, -1},
                                {Cause::move_in, Flow::moves_in, 1},
                                {Cause::move_out, Flow::moves_out, -1},
                                {Cause::move_within_in, Flow::moves_within_in, 1},
                                {Cause::move_within_out, Flow::moves_within_out, -1}};

}  // namespace

std::string_view cause_name(Cause cause) {
    constexpr std::string_view names[] = {"births", "deaths", "moves_in", "moves_out", "moves_within_in", "moves_within_out", "unbooked"};
    static_assert(std::size(names) == static_cast<std::size_t>(Cause::count));
    return names[static_cast<std::size_t>(cause)];
}

Series::Series(const IndicatorSet& indicators, Month start, int months)
    : indicators_(&indicators), first_(start - 1), columns_(indicators.size()) {
    const TallyLayout& layout = indicators.layout();
    areas_ = {layout.blocks, layout.subdistricts, 1};
    const auto rows = static_cast<std::size_t>(months) + 1;
    for (std::size_t i = 0; i < indicators.size(); ++i) {
        const Indicator& one = indicators.all()[i];
        for (auto level = static_cast<std::size_t>(one.lowest); level < levels; ++level) {
            if (one.money) {
                columns_[i][level].money.reserve(rows * areas_[level]);
            } else {
                columns_[i][level].reals.reserve(rows * areas_[level]);
            }
        }
    }
}

void Series::add(const MonthTallies& tallies) {
    for (std::size_t i = 0; i < indicators_->size(); ++i) {
        const Indicator& one = indicators_->all()[i];
        std::size_t area = 0;
        for (std::size_t level = 0; level < levels; ++level) {
            Column& column = columns_[i][level];
            const std::size_t end = area + areas_[level];
            if (level < static_cast<std::size_t>(one.lowest)) area = end;
            for (; area < end; ++area) {
                const double v = value(one, tallies, area);
                if (one.money) {
                    column.money.push_back(std::llround(v));
                } else {
                    column.reals.push_back(static_cast<float>(v));
                }
            }
        }
    }
    book_causes(tallies);
    ++rows_;
}

void Series::book_causes(const MonthTallies& tallies) {
    const TallyLayout& layout = indicators_->layout();
    std::vector<std::int64_t> population(layout.blocks, 0);
    for (std::size_t b = 0; b < layout.blocks; ++b) {
        for (std::size_t g = 0; g < static_cast<std::size_t>(age_groups); ++g) population[b] += tallies.of(layout.ages + g, b);
        if (rows_ == 0) continue;
        std::int64_t rest = population[b] - population_[b];
        auto book = [&](Cause cause, std::int64_t change) {
            if (change != 0)
                causes_.push_back(
                    {static_cast<std::uint16_t>(rows_), static_cast<std::uint16_t>(b), cause, static_cast<std::int32_t>(change)});
        };
        for (const Booking& one : bookings) {
            const std::int64_t change = one.sign * tallies.of(layout.at(one.flow), b);
            book(one.cause, change);
            rest -= change;
        }
        book(Cause::unbooked, rest);
    }
    population_ = std::move(population);
}

void Series::set_causes(const std::vector<std::uint16_t>& month, const std::vector<std::uint16_t>& block,
                        const std::vector<std::uint8_t>& cause, const std::vector<std::int32_t>& change) {
    const std::size_t rows = std::min({month.size(), block.size(), cause.size(), change.size()});
    causes_.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) causes_[i] = {month[i], block[i], static_cast<Cause>(cause[i]), change[i]};
}

bool Series::restored(std::size_t rows) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const Indicator& one = indicators_->all()[i];
        for (std::size_t level = 0; level < levels; ++level) {
            const Column& column = columns_[i][level];
            const std::size_t wanted = level < static_cast<std::size_t>(one.lowest) ? 0 : rows * areas_[level];
            if (column.reals.size() != (one.money ? 0 : wanted) || column.money.size() != (one.money ? wanted : 0)) return false;
        }
    }
    if (rows > 0 && population_.size() != areas_[0]) return false;
    for (const CauseRow& row : causes_) {
        if (row.month >= rows || row.block >= areas_[0] || row.cause >= Cause::count) return false;
    }
    rows_ = rows;
    return true;
}

double Series::at(std::size_t indicator, Level level, std::size_t row, std::size_t area) const {
    const auto& column = columns_[indicator][static_cast<std::size_t>(level)];
    const std::size_t index = row * areas(level) + area;
    if (!column.money.empty()) return static_cast<double>(column.money.at(index));
    if (column.reals.empty()) return no_value();
    return static_cast<double>(column.reals.at(index));
}

}  // namespace hutong
