#include "sim/running_counts.h"

#include <algorithm>
#include <bit>

#include "core/error.h"
#include "core/sixteen_rows.h"

namespace hutong {
namespace {

constexpr std::size_t grain_rows = 1U << 15;
constexpr std::int32_t oldest_months = 1536;    // 128 years: all beyond are as old as this
constexpr std::int32_t births_ahead = 16 * 12;  // room for months of birth to come; all is counted anew beyond

template <class Enum>
const std::uint8_t* bytes(const std::vector<Enum>& column) {
    static_assert(sizeof(Enum) == 1);
    return reinterpret_cast<const std::uint8_t*>(column.data());
}

/// As the tables grow (agents/stocks.cpp): by a thirty-second and not by as much again.
template <class T>
void lengthen(std::vector<T>& column, std::size_t rows, T value) {
    if (rows > column.capacity()) column.reserve(rows + rows / 32);
    column.resize(rows, value);
}

constexpr int status_bits = 4;
constexpr std::uint8_t status_mask = (1 << status_bits) - 1;
static_assert(activities <= status_mask && registrations <= status_mask);
std::uint8_t status_of(std::uint8_t registration, std::uint8_t activity) {
    return static_cast<std::uint8_t>(registration << status_bits | activity);
}
/// The same of sixteen rows; a registration's bits stay within its byte.
__m128i status16(const std::uint8_t* registration, const std::uint8_t* activity) {
    return _mm_or_si128(_mm_slli_epi16(sixteen_rows::load(registration), status_bits), sixteen_rows::load(activity));
}

/// Calls f(row) for every row of [begin, end) that `same16(row)` or `same(row)` find changed.
template <class Same16, class Same, class F>
void for_each_changed(std::size_t begin, std::size_t end, const Same16& same16, const Same& same, const F& f) {
    using sixteen_rows::side_by_side;
    std::size_t row = begin;
    for (; row + side_by_side <= end; row += side_by_side) {
        constexpr std::uint32_t all = 0xFFFF;
        for (std::uint32_t changed = ~sixteen_rows::bits(same16(row)) & all; changed != 0; changed &= changed - 1)
            f(row + static_cast<std::size_t>(std::countr_zero(changed)));
    }
    for (; row < end; ++row) {
        if (!same(row)) f(row);
    }
}

}  // namespace

PeopleCounts::PeopleCounts(const std::vector<std::uint8_t>& node_block, std::size_t blocks)
    : blocks_(blocks), block_of_(static_cast<std::size_t>(no_node) + 1, static_cast<std::uint8_t>(blocks)) {
    std::copy(node_block.begin(), node_block.end(), block_of_.begin());
    status_.assign((blocks + 1) * registrations * activities, 0);
}

void PeopleCounts::Seen::resize(std::size_t rows) {
    lengthen(node, rows, no_node);
    lengthen(birth_month, rows, std::int16_t{0});
    lengthen(status, rows, std::uint8_t{0});
}

std::uint32_t PeopleCounts::birth_cell(std::size_t block, std::int16_t birth_month) const {
    const std::int32_t at = std::clamp(birth_month - oldest_, 0, births_ - 1);
    return static_cast<std::uint32_t>(static_cast<std::size_t>(at) * (blocks_ + 1) + block);
}

void PeopleCounts::pass(const PersonTable& people, std::size_t begin, std::size_t end, std::vector<std::int32_t>& status,
                        std::vector<Birth>& births) {
    const std::uint16_t* node = people.home_node.data();
    const std::int16_t* born = people.birth_month.data();
    const std::uint8_t* registration = bytes(people.registration);
    const std::uint8_t* activity = bytes(people.activity);
    std::uint16_t* seen_node = seen_.node.data();
    std::int16_t* seen_born = seen_.birth_month.data();
    std::uint8_t* seen_status = seen_.status.data();
    auto book = [&](std::size_t row, std::int32_t change) {
        const std::size_t block = block_of_[seen_node[row]];
        status[(block * registrations + (seen_status[row] >> status_bits)) * activities + (seen_status[row] & status_mask)] += change;
        births.push_back({birth_cell(block, seen_born[row]), change});
    };
    using namespace sixteen_rows;
    const auto* born_bits = reinterpret_cast<const std::uint16_t*>(born);
    const auto* seen_born_bits = reinterpret_cast<const std::uint16_t*>(seen_born);
    for_each_changed(
        begin, end,
        [&](std::size_t row) {
            return both(both(equal(node + row, seen_node + row), equal(born_bits + row, seen_born_bits + row)),
                        _mm_cmpeq_epi8(status16(registration + row, activity + row), load(seen_status + row)));
        },
        [&](std::size_t row) {
            return node[row] == seen_node[row] && born[row] == seen_born[row] &&
                   status_of(registration[row], activity[row]) == seen_status[row];
        },
        [&](std::size_t row) {
            book(row, -1);
            seen_node[row] = node[row];
            seen_born[row] = born[row];
            seen_status[row] = status_of(registration[row], activity[row]);
            book(row, 1);
        });
}

void PeopleCounts::update(const Parallel& parallel, const PersonTable& people, Month month) {
    const std::int32_t wanted = month.index - oldest_ + 1;
    if (births_ == 0) {
        oldest_ = month.index - oldest_months;
        births_ = oldest_months + births_ahead;
        born_.assign(static_cast<std::size_t>(births_) * (blocks_ + 1), 0);
    } else if (month.index < oldest_ + oldest_months || births_ < wanted) {
        // another stretch of time: everything is counted anew
        births_ = 0;
        seen_ = {};
        std::fill(status_.begin(), status_.end(), 0);
        return update(parallel, people, month);
    }
    HUTONG_EXPECT(people.rows() >= seen_.node.size());
    // The first time everybody is new: a few grains after the other, or their changes would take more room than all else here.
    constexpr std::size_t first_time = 4 * grain_rows;
    const std::size_t at_once = seen_.node.empty() ? first_time : std::max<std::size_t>(people.rows(), 1);
    seen_.resize(people.rows());
    changed_ = 0;
    for (std::size_t from = 0; from < people.rows(); from += at_once) {
        const std::size_t rows = std::min(at_once, people.rows() - from);
        const std::size_t grains = Parallel::grains(rows, grain_rows);
        std::vector<std::vector<std::int32_t>> status(grains);
        std::vector<std::vector<Birth>> births(grains);
        parallel.for_grains(rows, grain_rows, [&](std::size_t grain, std::size_t begin, std::size_t end) {
            status[grain].assign(status_.size(), 0);
            pass(people, from + begin, from + end, status[grain], births[grain]);
        });
        for (std::size_t grain = 0; grain < grains; ++grain) {
            for (std::size_t i = 0; i < status_.size(); ++i) status_[i] += status[grain][i];
            for (const Birth& birth : births[grain]) born_[birth.cell] += birth.change;
            changed_ += births[grain].size() / 2;
        }
    }
}

std::vector<std::int64_t> PeopleCounts::by_age(Month month, const std::vector<std::uint8_t>& group_of_age, std::size_t groups) const {
    std::vector<std::int64_t> sums(groups * blocks_, 0);
    for (std::int32_t at = 0; at < births_; ++at) {
        const std::int32_t age = std::clamp(month.index - (oldest_ + at), 0, static_cast<std::int32_t>(group_of_age.size()) - 1);
        std::int64_t* group = &sums[group_of_age[static_cast<std::size_t>(age)] * blocks_];
        const std::int32_t* born = &born_[static_cast<std::size_t>(at) * (blocks_ + 1)];
        for (std::size_t b = 0; b < blocks_; ++b) group[b] += born[b];
    }
    return sums;
}

void HouseholdCounts::book(std::size_t row, std::int64_t sign, std::vector<std::int64_t>& sums) const {
    const std::uint8_t size = seen_.size[row], flags = seen_.flags[row];
    if (size == 0) return;
    std::int64_t* block = &sums[seen_.block[row] * counts];
    block[all] += sign;
    if (flags & household_flag::collective) {
        block[collective] += sign;
        block[collective_persons] += sign * size;
    }
    if (flags & household_flag::unauthorised) block[unauthorised_persons] += sign * size;
    block[cars] += sign * seen_.cars[row];
    block[satisfaction] += sign * size * std::max<std::int16_t>(static_cast<std::int16_t>(seen_.satisfaction[row]), 0);
}

void HouseholdCounts::pass(const HouseholdTable& households, const DwellingTable& dwellings, std::size_t begin, std::size_t end,
                           Part& part) {
    const std::uint32_t* dwelling = households.dwelling.data();
    const std::uint8_t *size = households.size.data(), *flags = households.flags.data(), *owned = households.cars.data();
    std::uint32_t* seen_dwelling = seen_.dwelling.data();
    std::uint8_t *seen_size = seen_.size.data(), *seen_flags = seen_.flags.data(), *seen_cars = seen_.cars.data();
    const auto* share = reinterpret_cast<const std::uint16_t*>(households.satisfaction.data());
    std::uint16_t* seen_share = seen_.satisfaction.data();
    using namespace sixteen_rows;
    std::vector<std::uint32_t> changed;
    for_each_changed(
        begin, end,
        [&](std::size_t row) {
            return both(both(both(equal(dwelling + row, seen_dwelling + row), equal(size + row, seen_size + row)),
                             both(equal(flags + row, seen_flags + row), equal(owned + row, seen_cars + row))),
                        equal(share + row, seen_share + row));
        },
        [&](std::size_t row) {
            return dwelling[row] == seen_dwelling[row] && size[row] == seen_size[row] && flags[row] == seen_flags[row] &&
                   owned[row] == seen_cars[row] && share[row] == seen_share[row];
        },
        [&](std::size_t row) { changed.push_back(static_cast<std::uint32_t>(row)); });
    constexpr std::size_t ahead = 16;  // memory in another table is asked for this many rows before it is read
    for (std::size_t i = 0; i < changed.size(); ++i) {
        if (i + ahead < changed.size()) {
            const std::uint32_t later = changed[i + ahead];
            if (dwelling[later] != seen_dwelling[later] && dwelling[later] != no_row)
                __builtin_prefetch(dwellings.block.data() + dwelling[later]);
        }
        const std::uint32_t row = changed[i];
        book(row, -1, part.sums);
        if (dwelling[row] != seen_dwelling[row]) {
            seen_dwelling[row] = dwelling[row];
            seen_.block[row] = static_cast<std::uint8_t>(dwelling[row] == no_row ? blocks_ : dwellings.block[dwelling[row]]);
        }
        seen_size[row] = size[row];
        seen_flags[row] = flags[row];
        seen_cars[row] = owned[row];
        seen_share[row] = share[row];
        book(row, 1, part.sums);
    }
    std::uint8_t any = 0;
    for (std::size_t row = begin; row < end; ++row) any |= flags[row];
    if ((any & household_flag::unauthorised) == 0) return;
    for (std::size_t row = begin; row < end; ++row) {
        if (size[row] != 0 && (flags[row] & household_flag::unauthorised)) part.unauthorised.push_back(static_cast<std::uint32_t>(row));
    }
}

void HouseholdCounts::update(const Parallel& parallel, const HouseholdTable& households, const DwellingTable& dwellings) {
    const std::size_t rows = households.rows();
    HUTONG_EXPECT(rows >= seen_.size.size());
    sums_.resize((blocks_ + 1) * counts, 0);
    lengthen(seen_.dwelling, rows, no_row);
    lengthen(seen_.block, rows, static_cast<std::uint8_t>(blocks_));
    for (auto* column : {&seen_.size, &seen_.flags, &seen_.cars}) lengthen(*column, rows, std::uint8_t{0});
    lengthen(seen_.satisfaction, rows, std::uint16_t{0});
    std::vector<Part> parts(Parallel::grains(households.rows(), grain_rows));
    parallel.for_grains(households.rows(), grain_rows, [&](std::size_t grain, std::size_t begin, std::size_t end) {
        parts[grain].sums.assign(sums_.size(), 0);
        pass(households, dwellings, begin, end, parts[grain]);
    });
    unauthorised_.clear();
    for (const Part& part : parts) {
        for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += part.sums[i];
        unauthorised_.insert(unauthorised_.end(), part.unauthorised.begin(), part.unauthorised.end());
    }
}

}  // namespace hutong
