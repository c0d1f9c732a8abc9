/// Discrete choice as an exponential race (multinomial logit): alternative a with weight w_a = exp(V_a) arrives at
/// time E_a / w_a, E_a standard exponential; the first one is chosen with probability w_a / sum w (McFadden 1974;
/// the race is the Gumbel form after exp(-)). E_a is keyed by (agent, alternative), so taking one alternative away
/// leaves everybody who did not choose it where they were.
#pragma once

#include <cstdint>
#include <limits>

#include "core/draw.h"
#include "core/exact_math.h"

namespace hutong {

/// The race of one chooser. Alternatives are entered in any order; numbers are permanent (block, sub-district).
class Race {
public:
    Race(const Luck& luck, Purpose purpose, std::uint64_t agent, Month month)
        : luck_(&luck), purpose_(purpose), agent_(agent), month_(month) {}

    void enter(std::uint32_t alternative, double weight) {
        ++entered_;
        if (!(weight > 0.0)) return;
        // one Philox block serves four alternatives
        const std::uint32_t slot = alternative >> 2;
        if (slot != slot_) {
            words_ = luck_->block(purpose_, agent_, month_, slot);
            slot_ = slot;
        }
        const std::uint32_t word = words_[alternative & 3];
        // -log u >= 1 - u: most alternatives cannot win and need no logarithm
        if ((1.0 - unit_open(word)) * below_error >= best_ * weight) return;
        const double arrival = static_cast<double>(fast_exponential(word)) / weight;
        if (arrival < best_ || (arrival == best_ && alternative < winner_)) {
            best_ = arrival;
            winner_ = alternative;
        }
    }
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
    /// The alternative that arrived first, or nobody when none had a positive weight.
    std::uint32_t winner() const { return winner_; }
    std::uint32_t entered() const { return entered_; }

private:
    static constexpr double below_error = 1.0 - 1e-6;  ///< more than the error of fast_exponential

    const Luck* luck_;
    Purpose purpose_;
    std::uint64_t agent_;
    Month month_;
    Word4 words_{};
    std::uint32_t slot_ = nobody;
    double best_ = std::numeric_limits<double>::infinity();
    std::uint32_t winner_ = nobody;
    std::uint32_t entered_ = 0;
};

}  // namespace hutong
