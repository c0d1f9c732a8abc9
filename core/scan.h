/// Finding the few rows of a column that hold a value: sixteen are compared side by side and groups without one, most of
/// them, passed over. Plain SSE2, which every x86-64 machine has.
#pragma once

#include <emmintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace hutong {

inline constexpr std::size_t scan_group = 16;

/// Bit i: data[i] == value, for sixteen values of one, two or four bytes.
template <class T>
unsigned equal_mask(const T* data, T value) {
    static_assert(sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4);
    const auto* at = reinterpret_cast<const __m128i*>(data);
    if constexpr (sizeof(T) == 1) {
        const __m128i wanted = _mm_set1_epi8(static_cast<char>(value));
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(at), wanted)));
    } else if constexpr (sizeof(T) == 2) {
        const __m128i wanted = _mm_set1_epi16(static_cast<short>(value));
        const __m128i low = _mm_cmpeq_epi16(_mm_loadu_si128(at), wanted), high = _mm_cmpeq_epi16(_mm_loadu_si128(at + 1), wanted);
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
    } else {
        const __m128i wanted = _mm_set1_epi32(static_cast<int>(value));
        const auto of = [&](int i) { return _mm_cmpeq_epi32(_mm_loadu_si128(at + i), wanted); };
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(of(0), of(1)), _mm_packs_epi32(of(2), of(3)))));
    }
}

/// Bit i: data[i] <= value, for sixteen values.
inline unsigned at_most_mask(const std::int16_t* data, std::int16_t value) {
    const auto* at = reinterpret_cast<const __m128i*>(data);
    const __m128i limit = _mm_set1_epi16(value);
    const __m128i low = _mm_cmpgt_epi16(_mm_loadu_si128(at), limit), high = _mm_cmpgt_epi16(_mm_loadu_si128(at + 1), limit);
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(low, high))) ^ 0xffffU;
}

/// Calls body(row), in order, for rows of [begin, end) of whom mask(group) has the bit or single(row) holds.
template <class Mask, class Single, class Body>
void scan(std::size_t begin, std::size_t end, const Mask& mask, const Single& single, const Body& body) {
    std::size_t first = begin;
    for (; first + scan_group <= end; first += scan_group) {
        for (unsigned bits = mask(first); bits != 0; bits &= bits - 1) body(first + static_cast<std::size_t>(std::countr_zero(bits)));
    }
    for (; first < end; ++first) {
        if (single(first)) body(first);
    }
}

/// Calls body(row), in order, for rows of [begin, end) with data[row] == value.
template <class T, class Body>
void scan_equal(const T* data, std::size_t begin, std::size_t end, T value, const Body& body) {
    scan(
        begin, end, [&](std::size_t first) { return equal_mask(data + first, value); }, [&](std::size_t i) { return data[i] == value; },
        body);
}

}  // namespace hutong
