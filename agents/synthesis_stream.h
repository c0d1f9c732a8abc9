/// A stream of keyed draws for one origin: successive words of the Philox blocks of one luck key.
#pragma once

#include "core/draw.h"
#include "core/exact_math.h"

namespace hutong {

class KeyedStream {
public:
    KeyedStream(const Luck& luck, Purpose purpose, std::uint64_t key) : luck_(luck), purpose_(purpose), key_(key) {}

    std::uint32_t word() {
        if (next_ == words_.size()) {
            words_ = luck_.block(purpose_, key_, Month{}, slot_++);
            next_ = 0;
        }
        return words_[next_++];
    }
    double uniform() { return unit_open(word()); }
    bool chance(double p) { return word() < threshold(p); }
    double normal() { return exact_normal_quantile(uniform()); }
    double normal(double mean, double deviation) { return mean + deviation * normal(); }
    /// Position in a list of weights, by their share of `total`.
    template <class Weights>
    std::size_t pick(const Weights& weights, double total) {
        double left = uniform() * total;
        std::size_t i = 0;
        for (; i + 1 < weights.size(); ++i) {
            left -= weights[i];
            if (left < 0) break;
        }
        while (i > 0 && !(weights[i] > 0)) --i;  // rounding at the very end must not pick an empty class
        return i;
    }

private:
    const Luck& luck_;
    Purpose purpose_;
    std::uint64_t key_;
    Word4 words_{};
    std::size_t next_ = 4;
    std::uint32_t slot_ = 0;
};

}  // namespace hutong
