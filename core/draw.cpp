#include "core/draw.h"

#if defined(__x86_64__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 in its own header: the undefined value is masked out
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

// The wide versions exist for speed only; integers give the same bits whatever the width (draw_test checks it).
// Sanitizers see the portable one: their runtimes start too late for code chosen by CPU.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define HUTONG_WIDE_DRAWS 1
#else
#define HUTONG_WIDE_DRAWS 0
#endif

namespace hutong {
namespace {

constexpr std::uint32_t multiplier0 = 0xD2511F53U;
constexpr std::uint32_t multiplier1 = 0xCD9E8D57U;
constexpr std::uint32_t weyl0 = 0x9E3779B9U;
constexpr std::uint32_t weyl1 = 0xBB67AE85U;
constexpr int rounds = 10;

#if HUTONG_WIDE_DRAWS
// Lanes hold 32-bit words in 64-bit places: the product of two words is then one instruction (pmuludq).

[[gnu::target("avx2")]] std::size_t blocks_avx2(std::uint32_t key0, std::uint32_t key1, std::uint32_t counter2, const std::uint64_t* lucks,
                                                std::size_t count, std::uint32_t* out0, std::uint32_t* out1, std::uint32_t* out2,
                                                std::uint32_t* out3) {
    constexpr std::size_t lanes = 8;  // two registers of four side by side hide the latency of the product
    const __m256i low = _mm256_set1_epi64x(0xffffffffLL);
    const __m256i pack = _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0);
    const __m256i m0 = _mm256_set1_epi64x(multiplier0);
    const __m256i m1 = _mm256_set1_epi64x(multiplier1);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        __m256i c0[2], c1[2], c2[2], c3[2];
        for (int h = 0; h < 2; ++h) {
            const __m256i luck = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lucks + i + 4 * h));
            c0[h] = luck;  // pmuludq reads the low halves only
            c1[h] = _mm256_srli_epi64(luck, 32);
            c2[h] = _mm256_set1_epi64x(counter2);
            c3[h] = _mm256_setzero_si256();
        }
        std::uint32_t k0 = key0;
        std::uint32_t k1 = key1;
        for (int round = 0; round < rounds; ++round) {
            const __m256i key0s = _mm256_set1_epi64x(k0);
            const __m256i key1s = _mm256_set1_epi64x(k1);
            for (int h = 0; h < 2; ++h) {
                const __m256i product0 = _mm256_mul_epu32(c0[h], m0);
                const __m256i product1 = _mm256_mul_epu32(c2[h], m1);
                c0[h] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product1, 32), c1[h]), key0s);
                c2[h] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product0, 32), c3[h]), key1s);
                c1[h] = _mm256_and_si256(product1, low);
                c3[h] = _mm256_and_si256(product0, low);
            }
            k0 += weyl0;
            k1 += weyl1;
        }
        for (std::size_t h = 0; h < 2; ++h) {
            auto store = [&](std::uint32_t * out, __m256i c) __attribute__((target("avx2"))) {
                _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i + 4 * h), _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(c, pack)));
            };
            store(out0, c0[h]);
            store(out1, c1[h]);
            store(out2, c2[h]);
            store(out3, c3[h]);
        }
    }
    return i;
}

[[gnu::target("avx512f")]] std::size_t blocks_avx512(std::uint32_t key0, std::uint32_t key1, std::uint32_t counter2,
                                                     const std::uint64_t* lucks, std::size_t count, std::uint32_t* out0,
                                                     std::uint32_t* out1, std::uint32_t* out2, std::uint32_t* out3) {
    constexpr std::size_t lanes = 16;
    const __m512i low = _mm512_set1_epi64(0xffffffffLL);
    const __m512i m0 = _mm512_set1_epi64(multiplier0);
    const __m512i m1 = _mm512_set1_epi64(multiplier1);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        __m512i c0[2], c1[2], c2[2], c3[2];
        for (int h = 0; h < 2; ++h) {
            const __m512i luck = _mm512_loadu_si512(lucks + i + 8 * h);
            c0[h] = luck;
            c1[h] = _mm512_srli_epi64(luck, 32);
            c2[h] = _mm512_set1_epi64(counter2);
            c3[h] = _mm512_setzero_si512();
        }
        std::uint32_t k0 = key0;
        std::uint32_t k1 = key1;
        for (int round = 0; round < rounds; ++round) {
            const __m512i key0s = _mm512_set1_epi64(k0);
            const __m512i key1s = _mm512_set1_epi64(k1);
            for (int h = 0; h < 2; ++h) {
                const __m512i product0 = _mm512_mul_epu32(c0[h], m0);
                const __m512i product1 = _mm512_mul_epu32(c2[h], m1);
                c0[h] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(product1, 32), c1[h]), key0s);
                c2[h] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(product0, 32), c3[h]), key1s);
                c1[h] = _mm512_and_si512(product1, low);
                c3[h] = _mm512_and_si512(product0, low);
            }
            k0 += weyl0;
            k1 += weyl1;
        }
        for (std::size_t h = 0; h < 2; ++h) {
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out0 + i + 8 * h), _mm512_cvtepi64_epi32(c0[h]));
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out1 + i + 8 * h), _mm512_cvtepi64_epi32(c1[h]));
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out2 + i + 8 * h), _mm512_cvtepi64_epi32(c2[h]));
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out3 + i + 8 * h), _mm512_cvtepi64_epi32(c3[h]));
        }
    }
    return i;
}
#endif

std::size_t blocks_portable(std::uint32_t, std::uint32_t, std::uint32_t, const std::uint64_t*, std::size_t, std::uint32_t*, std::uint32_t*,
                            std::uint32_t*, std::uint32_t*) {
    return 0;  // the loop over single agents in Luck::blocks does all
}

using Blocks = std::size_t (*)(std::uint32_t, std::uint32_t, std::uint32_t, const std::uint64_t*, std::size_t, std::uint32_t*,
                               std::uint32_t*, std::uint32_t*, std::uint32_t*);

Blocks widest() {
#if HUTONG_WIDE_DRAWS
    if (__builtin_cpu_supports("avx512f")) return blocks_avx512;
    if (__builtin_cpu_supports("avx2")) return blocks_avx2;
#endif
    return blocks_portable;
}

}  // namespace

Word4 philox(const Word4& counter, std::uint32_t key0, std::uint32_t key1) {
    Word4 c = counter;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t product0 = static_cast<std::uint64_t>(multiplier0) * c[0];
        const std::uint64_t product1 = static_cast<std::uint64_t>(multiplier1) * c[2];
        c = {static_cast<std::uint32_t>(product1 >> 32) ^ c[1] ^ key0, static_cast<std::uint32_t>(product1),
             static_cast<std::uint32_t>(product0 >> 32) ^ c[3] ^ key1, static_cast<std::uint32_t>(product0)};
        key0 += weyl0;
        key1 += weyl1;
    }
    return c;
}

void Luck::blocks(Purpose purpose, const std::uint64_t* lucks, std::size_t count, Month month, std::uint32_t* word0, std::uint32_t* word1,
                  std::uint32_t* word2, std::uint32_t* word3) const {
    static const Blocks chosen = widest();
    std::size_t i = chosen(key0_, key1_, counter2(purpose, month), lucks, count, word0, word1, word2, word3);
    for (; i < count; ++i) {
        const Word4 words = block(purpose, lucks[i], month);
        word0[i] = words[0];
        word1[i] = words[1];
        word2[i] = words[2];
        word3[i] = words[3];
    }
}

}  // namespace hutong
