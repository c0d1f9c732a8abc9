/// An exponential race (agents/choice.h) for choosers by the ten thousand: one keyed draw of the chooser, mixed with the
/// permanent key of each alternative, so that taking one alternative away moves nobody who did not choose it. The
/// logarithm is taken only for alternatives that can still win (-log u >= 1 - u).
#pragma once

#include <cstdint>
#include <limits>

#include "core/draw.h"
#include "core/exact_math.h"

namespace hutong {

/// 64 bits of a keyed draw, for mixing.
inline std::uint64_t key_of(const Word4& words) { return (static_cast<std::uint64_t>(words[1]) << 32) | words[0]; }

class KeyedRace {
public:
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

    explicit KeyedRace(std::uint64_t chooser_key) : key_(chooser_key) {}

    void enter(std::uint32_t alternative, std::uint64_t alternative_luck, double weight) {
        const auto word = static_cast<std::uint32_t>(mix64(key_ ^ alternative_luck) >> 32);
        if (1.0 - unit_open(word) > best_ * weight) return;
        if (!(weight > 0.0)) return;
        const double arrival = static_cast<double>(fast_exponential(word)) / weight;
        if (arrival < best_ || (arrival == best_ && alternative_luck < winner_luck_)) {
            best_ = arrival;
            winner_ = alternative;
            winner_luck_ = alternative_luck;
        }
    }
    /// Whether an alternative of at most this weight comes too late; saves the caller from working its weight out.
    bool cannot_win(std::uint64_t alternative_luck, double largest_weight) const {
        const auto word = static_cast<std::uint32_t>(mix64(key_ ^ alternative_luck) >> 32);
        return 1.0 - unit_open(word) > best_ * largest_weight;
    }
    std::uint32_t winner() const { return winner_; }
    double arrival() const { return best_; }

private:
    std::uint64_t key_;
    double best_ = std::numeric_limits<double>::infinity();
    std::uint32_t winner_ = nobody;
    std::uint64_t winner_luck_ = 0;
};

}  // namespace hutong
