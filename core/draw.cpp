#include "core/draw.h"

#include <algorithm>

#include "core/error.h"

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
// Lanes hold 32-bit words in 64-bit places: the product of two words is then one instruction (pmuludq), which reads the
// low halves only. What it leaves in the high halves is never cleared: it reaches no low half, and packing drops it.

/// The keys of all rounds, the same for every lane of a call.
struct RoundKeys {
    std::uint32_t k0[rounds], k1[rounds];
    RoundKeys(std::uint32_t key0, std::uint32_t key1) {
        for (int round = 0; round < rounds; ++round) {
            k0[round] = key0;
            k1[round] = key1;
            key0 += weyl0;
            key1 += weyl1;
        }
    }
};

struct Wide256 {
    __m256i c0, c1, c2, c3;
};

[[gnu::target("avx2"), gnu::always_inline]] inline Wide256 wide256(const std::uint64_t* lucks, __m256i counter2, const __m256i* key0s,
                                                                   const __m256i* key1s, __m256i m0, __m256i m1) {
    Wide256 c;
    c.c0 = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lucks));
    c.c1 = _mm256_srli_epi64(c.c0, 32);
    c.c2 = counter2;
    c.c3 = _mm256_setzero_si256();
#pragma GCC unroll 10
    for (int round = 0; round < rounds; ++round) {
        const __m256i product0 = _mm256_mul_epu32(c.c0, m0);
        const __m256i product1 = _mm256_mul_epu32(c.c2, m1);
        c.c0 = _mm256_xor_si256(_mm256_srli_epi64(product1, 32), _mm256_xor_si256(c.c1, key0s[round]));
        c.c2 = _mm256_xor_si256(_mm256_srli_epi64(product0, 32), _mm256_xor_si256(c.c3, key1s[round]));
        c.c1 = product1;
        c.c3 = product0;
    }
    return c;
}

[[gnu::target("avx2")]] std::size_t blocks_avx2(std::uint32_t key0, std::uint32_t key1, std::uint32_t counter2, const std::uint64_t* lucks,
                                                std::size_t count, std::uint32_t* out0, std::uint32_t* out1, std::uint32_t* out2,
                                                std::uint32_t* out3) {
    constexpr std::size_t lanes = 4;
    const __m256i pack = _mm256_setr_epi32(0, 2, 4, 6, 0, 0, 0, 0);
    const RoundKeys keys(key0, key1);
    __m256i key0s[rounds], key1s[rounds];
    for (int round = 0; round < rounds; ++round) {
        key0s[round] = _mm256_set1_epi64x(keys.k0[round]);
        key1s[round] = _mm256_set1_epi64x(keys.k1[round]);
    }
    const auto store = [&](std::uint32_t * out, __m256i c) __attribute__((target("avx2"))) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(c, pack)));
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const Wide256 c = wide256(lucks + i, _mm256_set1_epi64x(counter2), key0s, key1s, _mm256_set1_epi64x(multiplier0),
                                  _mm256_set1_epi64x(multiplier1));
        store(out0 + i, c.c0);
        store(out1 + i, c.c1);
        store(out2 + i, c.c2);
        store(out3 + i, c.c3);
    }
    return i;
}

/// Sixteen agents, their words packed.
struct Wide512 {
    __m512i w0, w1, w2, w3;
};

[[gnu::target("avx512f"), gnu::always_inline]] inline __m512i pack512(const __m512i* c) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(c[0])), _mm512_cvtepi64_epi32(c[1]), 1);
}

[[gnu::target("avx512f"), gnu::always_inline]] inline Wide512 wide512(const std::uint64_t* lucks, __m512i counter2, const __m512i* key0s,
                                                                      const __m512i* key1s, __m512i m0, __m512i m1) {
    constexpr int exclusive_or = 0x96;  // of three
    __m512i c0[2], c1[2], c2[2], c3[2];
    for (int h = 0; h < 2; ++h) {  // two registers side by side hide the latency of the product
        c0[h] = _mm512_loadu_si512(lucks + 8 * h);
        c1[h] = _mm512_srli_epi64(c0[h], 32);
        c2[h] = counter2;
        c3[h] = _mm512_setzero_si512();
    }
#pragma GCC unroll 10
    for (int round = 0; round < rounds; ++round) {
        for (int h = 0; h < 2; ++h) {
            const __m512i product0 = _mm512_mul_epu32(c0[h], m0);
            const __m512i product1 = _mm512_mul_epu32(c2[h], m1);
            c0[h] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(product1, 32), c1[h], key0s[round], exclusive_or);
            c2[h] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(product0, 32), c3[h], key1s[round], exclusive_or);
            c1[h] = product1;
            c3[h] = product0;
        }
    }
    return {pack512(c0), pack512(c1), pack512(c2), pack512(c3)};
}

[[gnu::target("avx512f")]] std::size_t blocks_avx512(std::uint32_t key0, std::uint32_t key1, std::uint32_t counter2,
                                                     const std::uint64_t* lucks, std::size_t count, std::uint32_t* out0,
                                                     std::uint32_t* out1, std::uint32_t* out2, std::uint32_t* out3) {
    constexpr std::size_t lanes = 16;
    const RoundKeys keys(key0, key1);
    __m512i key0s[rounds], key1s[rounds];
    for (int round = 0; round < rounds; ++round) {
        key0s[round] = _mm512_set1_epi64(keys.k0[round]);
        key1s[round] = _mm512_set1_epi64(keys.k1[round]);
    }
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const Wide512 c =
            wide512(lucks + i, _mm512_set1_epi64(counter2), key0s, key1s, _mm512_set1_epi64(multiplier0), _mm512_set1_epi64(multiplier1));
        _mm512_storeu_si512(out0 + i, c.w0);
        _mm512_storeu_si512(out1 + i, c.w1);
        _mm512_storeu_si512(out2 + i, c.w2);
        _mm512_storeu_si512(out3 + i, c.w3);
    }
    return i;
}

[[gnu::target("avx512f"), gnu::always_inline]] inline __m512i all512(std::uint32_t value) {
    return _mm512_set1_epi32(static_cast<int>(value));
}

/// As blocks_avx512, but keeps only agents of whom a word passes its test, side by side in `out`.
[[gnu::target("avx512f")]] std::size_t hits_avx512(std::uint32_t key0, std::uint32_t key1, std::uint32_t counter2,
                                                   const std::uint64_t* lucks, std::size_t count, const WordTests& tests, Hits& out) {
    constexpr std::size_t lanes = 16;
    const RoundKeys keys(key0, key1);
    __m512i key0s[rounds], key1s[rounds];
    for (int round = 0; round < rounds; ++round) {
        key0s[round] = _mm512_set1_epi64(keys.k0[round]);
        key1s[round] = _mm512_set1_epi64(keys.k1[round]);
    }
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    std::size_t n = 0;
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const Wide512 c =
            wide512(lucks + i, _mm512_set1_epi64(counter2), key0s, key1s, _mm512_set1_epi64(multiplier0), _mm512_set1_epi64(multiplier1));
        const unsigned hit =
            static_cast<unsigned>(_mm512_cmplt_epu32_mask(_mm512_add_epi32(c.w0, all512(tests.offset[0])), all512(tests.bound[0]))) |
            static_cast<unsigned>(_mm512_cmplt_epu32_mask(_mm512_add_epi32(c.w1, all512(tests.offset[1])), all512(tests.bound[1]))) |
            static_cast<unsigned>(_mm512_cmplt_epu32_mask(_mm512_add_epi32(c.w2, all512(tests.offset[2])), all512(tests.bound[2]))) |
            static_cast<unsigned>(_mm512_cmplt_epu32_mask(_mm512_add_epi32(c.w3, all512(tests.offset[3])), all512(tests.bound[3])));
        // Written always, kept where something happens: no branch to guess.
        const auto mask = static_cast<__mmask16>(hit);
        _mm512_storeu_si512(out.at.data() + n, _mm512_maskz_compress_epi32(mask, at));
        _mm512_storeu_si512(out.words[0].data() + n, _mm512_maskz_compress_epi32(mask, c.w0));
        _mm512_storeu_si512(out.words[1].data() + n, _mm512_maskz_compress_epi32(mask, c.w1));
        _mm512_storeu_si512(out.words[2].data() + n, _mm512_maskz_compress_epi32(mask, c.w2));
        _mm512_storeu_si512(out.words[3].data() + n, _mm512_maskz_compress_epi32(mask, c.w3));
        n += static_cast<std::size_t>(__builtin_popcount(hit));
        at = _mm512_add_epi32(at, _mm512_set1_epi32(lanes));
    }
    out.count = n;
    return i;
}
#endif

std::size_t blocks_portable(std::uint32_t, std::uint32_t, std::uint32_t, const std::uint64_t*, std::size_t, std::uint32_t*, std::uint32_t*,
                            std::uint32_t*, std::uint32_t*) {
    return 0;  // the loop over single agents in Luck::blocks does all
}

using Blocks = std::size_t (*)(std::uint32_t, std::uint32_t, std::uint32_t, const std::uint64_t*, std::size_t, std::uint32_t*,
                               std::uint32_t*, std::uint32_t*, std::uint32_t*);

using FindHits = std::size_t (*)(std::uint32_t, std::uint32_t, std::uint32_t, const std::uint64_t*, std::size_t, const WordTests&, Hits&);

std::size_t hits_portable(std::uint32_t, std::uint32_t, std::uint32_t, const std::uint64_t*, std::size_t, const WordTests&, Hits& out) {
    out.count = 0;
    return 0;  // the loop over batches in Luck::hits does all
}

FindHits widest_hits() {
#if HUTONG_WIDE_DRAWS
    if (__builtin_cpu_supports("avx512f")) return hits_avx512;
#endif
    return hits_portable;
}

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

void Luck::hits(Purpose purpose, const std::uint64_t* lucks, std::size_t count, Month month, const WordTests& tests, Hits& out) const {
    static const FindHits chosen = widest_hits();
    HUTONG_EXPECT(count <= Hits::most);
    constexpr std::size_t batch = 128;
    std::array<std::uint32_t, batch> w0, w1, w2, w3;
    for (std::size_t i = chosen(key0_, key1_, counter2(purpose, month), lucks, count, tests, out); i < count; i += batch) {
        const std::size_t some = std::min(batch, count - i);
        blocks(purpose, lucks + i, some, month, w0.data(), w1.data(), w2.data(), w3.data());
        for (std::size_t k = 0; k < some; ++k) {
            out.at[out.count] = static_cast<std::uint32_t>(i + k);
            out.words[0][out.count] = w0[k];
            out.words[1][out.count] = w1[k];
            out.words[2][out.count] = w2[k];
            out.words[3][out.count] = w3[k];
            out.count += static_cast<std::size_t>(tests.pass({w0[k], w1[k], w2[k], w3[k]}));
        }
    }
}

}  // namespace hutong
