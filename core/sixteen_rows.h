/// Sixteen rows of columns compared side by side, with the vector instructions every x86-64 has (SSE2). A mask has a
/// byte (or, as bits(), a bit) for each row, all ones where the comparison holds.
#pragma once

#include <emmintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace hutong::sixteen_rows {

inline __m128i load(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }

inline __m128i equal(const std::uint8_t* a, const std::uint8_t* b) { return _mm_cmpeq_epi8(load(a), load(b)); }
inline __m128i equal(const std::uint16_t* a, const std::uint16_t* b) {
    return _mm_packs_epi16(_mm_cmpeq_epi16(load(a), load(b)), _mm_cmpeq_epi16(load(a + 8), load(b + 8)));
}
inline __m128i equal(const std::uint32_t* a, const std::uint32_t* b) {
    const __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(load(a), load(b)), _mm_cmpeq_epi32(load(a + 4), load(b + 4)));
    const __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(load(a + 8), load(b + 8)), _mm_cmpeq_epi32(load(a + 12), load(b + 12)));
    return _mm_packs_epi16(low, high);
}
inline __m128i equal_to(const std::uint32_t* a, std::uint32_t value) {
    const __m128i v = _mm_set1_epi32(static_cast<int>(value));
    const __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(load(a), v), _mm_cmpeq_epi32(load(a + 4), v));
    const __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(load(a + 8), v), _mm_cmpeq_epi32(load(a + 12), v));
    return _mm_packs_epi16(low, high);
}
inline __m128i both(__m128i a, __m128i b) { return _mm_and_si128(a, b); }
inline std::uint32_t bits(__m128i mask) { return static_cast<std::uint32_t>(_mm_movemask_epi8(mask)); }

inline constexpr std::size_t side_by_side = 16;

/// Calls f(row) for every row of [begin, end) whose byte is `value`, in order.
template <class F>
void for_each_equal(const std::uint8_t* column, std::size_t begin, std::size_t end, std::uint8_t value, const F& f) {
    const __m128i v = _mm_set1_epi8(static_cast<char>(value));
    std::size_t row = begin;
    for (; row + side_by_side <= end; row += side_by_side) {
        for (std::uint32_t found = bits(_mm_cmpeq_epi8(load(column + row), v)); found != 0; found &= found - 1)
            f(row + static_cast<std::size_t>(std::countr_zero(found)));
    }
    for (; row < end; ++row) {
        if (column[row] == value) f(row);
    }
}

/// Sum of sixteen unsigned bytes.
inline std::uint32_t sum(__m128i bytes) {
    const __m128i halves = _mm_sad_epu8(bytes, _mm_setzero_si128());
    return static_cast<std::uint32_t>(_mm_cvtsi128_si32(halves) + _mm_cvtsi128_si32(_mm_srli_si128(halves, 8)));
}

}  // namespace hutong::sixteen_rows
