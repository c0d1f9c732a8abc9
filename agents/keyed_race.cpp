#include "agents/keyed_race.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <bit>

namespace hutong {
namespace {

constexpr float latest = 5e25F;    // later than any positive weight, earlier than any zero one
constexpr std::size_t lanes = 32;  // alternatives looked at together: one bit each in a mask

/// The leader so far.
struct Leader {
    float arrival = latest;
    std::uint64_t luck = 0;
    std::uint32_t place = race::nobody;

    void meet(float at, std::uint64_t with, std::uint32_t from) {
        if (at < arrival || (at == arrival && with < luck)) *this = {at, with, from};
    }
};

/// Lets four to 32 alternatives run. Arithmetic is that of KeyedRace, four lanes at a time: SSE2 belongs to every x86-64.
/// The last four lanes overlap those before them where the count is no multiple of four.
void run(std::uint64_t key, const std::uint64_t* lucks, const float* inverse_weights, std::uint32_t first, std::size_t count,
         Leader& leader) {
    alignas(16) std::array<std::uint32_t, lanes> words;
    alignas(16) std::array<float, lanes> bounds;
    for (std::size_t i = 0; i < count; ++i) words[i] = race::word(key, lucks[i]);
    const __m128 unit = _mm_set1_ps(race::below_error / 2147483648.0F);
    __m128 least = _mm_set1_ps(std::numeric_limits<float>::max());
    const auto for_fours = [&](const auto& body) {
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4) body(i);
        if (i < count) body(count - 4);
    };
    for_fours([&](std::size_t i) {
        const __m128i word = _mm_loadu_si128(reinterpret_cast<const __m128i*>(words.data() + i));
        const __m128i rest = _mm_srli_epi32(_mm_xor_si128(word, _mm_set1_epi32(-1)), 1);
        const __m128 bound = _mm_mul_ps(_mm_mul_ps(_mm_cvtepi32_ps(rest), unit), _mm_loadu_ps(inverse_weights + i));
        _mm_storeu_ps(bounds.data() + i, bound);
        least = _mm_min_ps(least, bound);
    });
    least = _mm_min_ps(least, _mm_shuffle_ps(least, least, 0x4e));
    least = _mm_min_ps(least, _mm_shuffle_ps(least, least, 0xb1));
    const auto below = [&](__m128 limit) {
        unsigned mask = 0;
        for_fours([&](std::size_t i) {
            mask |= static_cast<unsigned>(_mm_movemask_ps(_mm_cmple_ps(_mm_loadu_ps(bounds.data() + i), limit))) << i;
        });
        return mask;
    };
    const auto arrive = [&](std::size_t i) {
        leader.meet(fast_exponential(words[i]) * inverse_weights[i], lucks[i], first + static_cast<std::uint32_t>(i));
    };
    // The likeliest leader first; then whoever can still come before it.
    const auto ahead = static_cast<std::size_t>(std::countr_zero(below(least)));
    arrive(ahead);
    for (unsigned mask = below(_mm_set1_ps(leader.arrival)) & ~(1U << ahead); mask != 0; mask &= mask - 1) {
        arrive(static_cast<std::size_t>(std::countr_zero(mask)));
    }
}

}  // namespace

std::uint32_t first_arrival(std::uint64_t chooser_key, const std::uint64_t* alternative_lucks, const float* inverse_weights,
                            std::size_t count) {
    Leader leader;
    for (std::size_t first = 0; first < count;) {
        const std::size_t left = count - first;
        if (left >= 4) {
            const std::size_t some = std::min(lanes, left);
            run(chooser_key, alternative_lucks + first, inverse_weights + first, static_cast<std::uint32_t>(first), some, leader);
            first += some;
            continue;
        }
        for (; first < count; ++first) {
            const float arrival = fast_exponential(race::word(chooser_key, alternative_lucks[first])) * inverse_weights[first];
            leader.meet(arrival, alternative_lucks[first], static_cast<std::uint32_t>(first));
        }
    }
    return leader.place;
}

}  // namespace hutong
