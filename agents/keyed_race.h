/// Discrete choice as an exponential race (multinomial logit): alternative a with weight w_a = exp(V_a) arrives at
/// time E_a / w_a, E_a standard exponential; the first one is chosen with probability w_a / sum w (McFadden 1974;
/// the race is the Gumbel form after exp(-)). E_a comes from a word mixed of one keyed draw of the chooser and the
/// permanent key of the alternative, never from a place in a list: taking one alternative away moves nobody who did not
/// choose it.
///
/// Two forms of the one race: first_arrival() over weights worked out beforehand, and KeyedRace where each weight is
/// worked out only for what can still win. Both name the same winner (keyed_race_test checks it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/draw.h"
#include "core/exact_math.h"

namespace hutong {

/// 64 bits of a keyed draw, for mixing.
inline std::uint64_t key_of(const Word4& words) { return (static_cast<std::uint64_t>(words[1]) << 32) | words[0]; }

namespace race {
inline constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
/// The inverse of a weight that is zero: finite, so that no arithmetic on it goes astray, and far beyond all others.
inline constexpr float never = 1e36F;
inline constexpr float smallest_weight = 1e-24F;  ///< what is less counts as zero

inline float inverse_weight(double weight) {
    return weight > static_cast<double>(smallest_weight) ? static_cast<float>(1.0 / weight) : never;
}
/// The word that decides when an alternative arrives.
inline std::uint32_t word(std::uint64_t chooser_key, std::uint64_t alternative_luck) {
    return static_cast<std::uint32_t>(mix64(chooser_key ^ alternative_luck) >> 32);
}
/// -log u >= 1 - u: a little less than 1 - u, so that rounding cannot sort out the winner.
inline constexpr float below_error = 0.999999F;
inline float least_exponential(std::uint32_t word) { return static_cast<float>(~word >> 1) * (below_error / 2147483648.0F); }
}  // namespace race

/// The place of the alternative that arrives first, or race::nobody where all weights are zero. `inverse_weights` are
/// race::inverse_weight(); logarithms are taken only of the few that can win.
std::uint32_t first_arrival(std::uint64_t chooser_key, const std::uint64_t* alternative_lucks, const float* inverse_weights,
                            std::size_t count);

/// The race of one chooser whose alternatives enter one by one, in any order.
class KeyedRace {
public:
    static constexpr std::uint32_t nobody = race::nobody;

    explicit KeyedRace(std::uint64_t chooser_key) : key_(chooser_key) {}

    void enter(std::uint32_t alternative, std::uint64_t alternative_luck, double weight) {
        const std::uint32_t word = race::word(key_, alternative_luck);
        const float inverse = race::inverse_weight(weight);
        if (inverse >= race::never || race::least_exponential(word) * inverse > best_) return;
        const float arrival = fast_exponential(word) * inverse;
        if (arrival < best_ || (arrival == best_ && alternative_luck < winner_luck_)) {
            best_ = arrival;
            winner_ = alternative;
            winner_luck_ = alternative_luck;
        }
    }
    /// Whether an alternative of at most this weight comes too late; saves the caller from working its weight out.
    bool cannot_win(std::uint64_t alternative_luck, double largest_weight) const {
        return race::least_exponential(race::word(key_, alternative_luck)) * race::inverse_weight(largest_weight) > best_;
    }
    std::uint32_t winner() const { return winner_; }

private:
    std::uint64_t key_;
    float best_ = std::numeric_limits<float>::infinity();
    std::uint32_t winner_ = nobody;
    std::uint64_t winner_luck_ = 0;
};

}  // namespace hutong
