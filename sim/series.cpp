#include "sim/series.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/safe_file.h"

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

constexpr std::size_t rows_at_once = 2;  // of a Series that waits in a file

}  // namespace

/// The file of wait_in: for every few rows all columns, one after the other, then the causes.
class Series::Waiting {
public:
    explicit Waiting(std::filesystem::path path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb+")) {
        if (file_ == nullptr) fail();
        std::setvbuf(file_, nullptr, _IOFBF, std::size_t{1} << 16);
    }
    ~Waiting() {
        if (file_ != nullptr) std::fclose(file_);
        std::error_code ignore;
        std::filesystem::remove(path_, ignore);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    template <class T>
    void put(std::vector<T>& values) {
        if (!values.empty() && std::fwrite(values.data(), sizeof(T), values.size(), file_) != values.size()) fail();
        values.clear();
    }
    template <class T>
    void take(std::vector<T>& values, std::size_t count) {
        const std::size_t before = values.size();
        values.resize(before + count);
        if (count > 0 && std::fread(values.data() + before, sizeof(T), count, file_) != count) cannot_read();
    }
    void rewind() {
        if (std::fflush(file_) != 0 || std::fseek(file_, 0, SEEK_SET) != 0) fail();
    }
    std::size_t rows = 0;             ///< in the file
    std::vector<std::size_t> causes;  ///< in the file, at each turn

private:
    [[noreturn]] void fail() const { refuse_to_write(path_, errno); }
    /// Shorter than what was written: something else has changed the file, or the system cannot give it back.
    [[noreturn]] void cannot_read() const {
        const Message why = std::ferror(file_) != 0 ? msg("the system reports: {}", std::strerror(errno)) : msg("the file ends too early");
        throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path_.string()), why, msg("go on with the same command and --resume"));
    }
    std::filesystem::path path_;
    std::FILE* file_;
};

std::string_view cause_name(Cause cause) {
    constexpr std::string_view names[] = {"births", "deaths", "moves_in", "moves_out", "moves_within_in", "moves_within_out", "unbooked"};
    static_assert(std::size(names) == static_cast<std::size_t>(Cause::count));
    return names[static_cast<std::size_t>(cause)];
}

Series::Series(const IndicatorSet& indicators, Month start, int months)
    : indicators_(&indicators), first_(start - 1), columns_(indicators.size()) {
    const TallyLayout& layout = indicators.layout();
    areas_ = {layout.blocks, layout.subdistricts, 1};
    reserve(static_cast<std::size_t>(months) + 1);
}

void Series::reserve(std::size_t rows) {
    for (std::size_t i = 0; i < indicators_->size(); ++i) {
        const Indicator& one = indicators_->all()[i];
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
    if (waiting_ && rows_ - waiting_->rows == rows_at_once) {
        for (auto& by_level : columns_) {
            for (Column& column : by_level) {
                waiting_->put(column.reals);
                waiting_->put(column.money);
            }
        }
        waiting_->rows = rows_;
        waiting_->causes.push_back(causes_.size());
        waiting_->put(causes_);
    }
}

void Series::wait_in(const std::filesystem::path& file) {
    HUTONG_EXPECT(rows_ == 0);
    waiting_ = std::make_shared<Waiting>(file);
    for (auto& by_level : columns_) by_level = {};
    reserve(rows_at_once);
}

void Series::gather() {
    if (!waiting_) return;
    auto latest = std::move(columns_);
    const std::vector<CauseRow> latest_causes = std::exchange(causes_, {});
    columns_ = std::vector<std::array<Column, levels>>(indicators_->size());
    reserve(rows_);
    waiting_->rewind();
    causes_.reserve(std::accumulate(waiting_->causes.begin(), waiting_->causes.end(), latest_causes.size()));
    for (const std::size_t causes : waiting_->causes) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Indicator& one = indicators_->all()[i];
            for (auto level = static_cast<std::size_t>(one.lowest); level < levels; ++level) {
                const std::size_t count = rows_at_once * areas_[level];
                waiting_->take(columns_[i][level].reals, one.money ? 0 : count);
                waiting_->take(columns_[i][level].money, one.money ? count : 0);
            }
        }
        waiting_->take(causes_, causes);
    }
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        for (std::size_t level = 0; level < levels; ++level) {
            append(columns_[i][level].reals, latest[i][level].reals);
            append(columns_[i][level].money, latest[i][level].money);
        }
    }
    append(causes_, latest_causes);
    waiting_.reset();
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
