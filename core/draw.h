/// Chance. Every draw is Philox4x32-10 (Salmon et al. 2011, Random123) of a key and a counter, so it depends on
/// nothing but what it is for:
///
///     key     = { low word of mix(seed), high word of mix(seed) xor replicate }
///     counter = { low word of luck key, high word of luck key, month | purpose << 16, slot }
///
/// One block holds four 32-bit words. Which word serves which draw is fixed where the purpose is declared
/// (Purpose below) and never changes: a golden test depends on it. An event compares one word with a threshold
/// floor(p * 2^32), so a higher hazard only ever adds events.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/calendar.h"

namespace hutong {

/// What a draw is for. Numbers are part of the file format of goldens: append, never renumber.
enum class Purpose : std::uint16_t {
    life_event = 1,        ///< person, monthly: word 0 death, 1 birth or couple, 2 separation from job, 3 leaving home/divorce/registration
    incommuter_event = 2,  ///< in-commuter, monthly: word 0 separation, 1 conversion to resident, 2 search on the job, 3 retirement
    household_event = 3,   ///< household, monthly: word 0 wish to move, 3 leaves under the campaign
    newborn = 4,           ///< word 0 sex, 1 twin
    move_subdistrict = 5,  ///< exponential race over sub-districts and outside; slot = alternative
    move_block = 6,        ///< exponential race over blocks; slot = alternative
    move_dwelling = 7,     ///< keyed rejection; slot = try
    arrival = 8,           ///< candidate stream from outside: attributes; slot = attribute group
    job_search = 9,        ///< word 0 searches, 1 skill class, 2 accepts
    job_block = 10,        ///< words 0-1 key of the races over places of work, 2-3 key of the tries of posts
    outside_worker = 12,   ///< stream of outside candidates for jobs: attributes
    business_event = 13,   ///< business, monthly: word 0 exit, 1 growth, 2 decline, 3 misuse
    business_entry = 14,   ///< stream of entry candidates; slot = attribute group
    business_site = 15,    ///< keyed rejection over premises; slot = try
    vacate = 16,           ///< reaction of displaced businesses and workers
    proposal = 17,         ///< which use an owner proposes
    stage = 18,            ///< duration and sent-back draws of the workflow; slot = stage
    vote = 19,             ///< turnout and choice of a household
    inspection = 20,       ///< misuse found
    school = 21,           ///< ranking inside one priority class
    synthesis = 22,        ///< population synthesis
    generate = 23,         ///< the bundled pack
    initial_job = 24,      ///< first assignment of workers to jobs
    expand = 25,           ///< single dwellings, premises and businesses from groups of the pack
    displaced = 28,        ///< displaced workers and households
    schooling = 29,        ///< leaving school, education reached
    taste = 33,            ///< permanent taste of a household or person (month is not part of the counter)
    dwelling_event = 34,   ///< vacant dwelling, monthly: word 0 let, 1 held empty, 2 comes back
    surrender = 35,        ///< household under a call (C3.4), monthly: word 0 applies, 1 its place in the month's order
    partner = 36,          ///< woman who looks for a partner: words 0-1 key of the births she looks for
    leave_district = 50,   ///< resident who moves away: word 0 keeps the post, 1 way to work
    test = 1000,
};

using Word4 = std::array<std::uint32_t, 4>;

/// Philox4x32-10 on one counter.
Word4 philox(const Word4& counter, std::uint32_t key0, std::uint32_t key1);

/// A good mixing of 64 bits (finaliser of SplitMix64); bijective.
constexpr std::uint64_t mix64(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// A new luck key from an agent's origin, e.g. luck_key(mother, birth month, order).
constexpr std::uint64_t luck_key(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0, std::uint64_t d = 0) {
    return mix64(mix64(mix64(mix64(a) ^ b) ^ c) ^ d);
}

/// The threshold that a 32-bit word is compared with: the event happens when word < threshold. p is clamped to
/// [0, 1]; p = 1 gives 2^32 - 1 (an event certain but for 1 in 4.3e9).
constexpr std::uint32_t threshold(double p) {
    if (!(p > 0.0)) return 0;
    const double scaled = p * 4294967296.0;
    return scaled >= 4294967295.0 ? 4294967295U : static_cast<std::uint32_t>(scaled);
}

/// A word as a number in (0, 1): never 0, never 1.
constexpr double unit_open(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * (1.0 / 4294967296.0); }

/// Which agents of a batch deserve a look: of whom some word w has (words[w] + offset[w]) mod 2^32 < bound[w]. With an
/// offset a bound counts words from both ends: those below bound - offset and the `offset` highest.
struct WordTests {
    Word4 offset{}, bound{};
    bool pass(const Word4& words) const {
        return ((words[0] + offset[0] < bound[0]) | (words[1] + offset[1] < bound[1]) | (words[2] + offset[2] < bound[2]) |
                (words[3] + offset[3] < bound[3])) != 0;
    }
    /// Counts words below `low` and the `high` highest.
    void both_ends(std::size_t word, std::uint32_t low, std::uint32_t high) {
        offset[word] = high;
        bound[word] = low + high < low ? 0xffffffffU : low + high;
    }
};

/// Who of a batch passed, in order, and all their words; not filled at the start: it is written over every time.
struct Hits {
    static constexpr std::size_t most = 1024;  ///< agents of a batch: their lucks and words stay in the first cache
    static constexpr std::size_t spare = 16;   ///< written without use at the end
    std::size_t count = 0;
    std::array<std::uint32_t, most + spare> at;  ///< position in the batch
    std::array<std::array<std::uint32_t, most + spare>, 4> words;
};

/// The source of all draws of one replicate.
class Luck {
public:
    Luck(std::uint64_t seed, std::uint32_t replicate)
        : key0_(static_cast<std::uint32_t>(mix64(seed))), key1_(static_cast<std::uint32_t>(mix64(seed) >> 32) ^ replicate) {}

    /// The four words for this agent, month and purpose; `slot` numbers further blocks of the same purpose.
    Word4 block(Purpose purpose, std::uint64_t luck, Month month, std::uint32_t slot = 0) const {
        return philox({static_cast<std::uint32_t>(luck), static_cast<std::uint32_t>(luck >> 32), counter2(purpose, month), slot}, key0_,
                      key1_);
    }
    std::uint32_t word(Purpose purpose, std::uint64_t luck, Month month, std::uint32_t slot = 0) const {
        return block(purpose, luck, month, slot)[0];
    }
    /// Uniform in (0, 1).
    double uniform(Purpose purpose, std::uint64_t luck, Month month, std::uint32_t slot = 0) const {
        return unit_open(word(purpose, luck, month, slot));
    }
    /// The blocks (slot 0) of `count` agents at once, word w of agent i at words[w][i]. Same bits as block().
    void blocks(Purpose purpose, const std::uint64_t* lucks, std::size_t count, Month month, std::uint32_t* word0, std::uint32_t* word1,
                std::uint32_t* word2, std::uint32_t* word3) const;
    /// The agents of a batch of at most Hits::most of whom a word of block() passes its test. Every agent is drawn for.
    void hits(Purpose purpose, const std::uint64_t* lucks, std::size_t count, Month month, const WordTests& tests, Hits& out) const;
    /// Uniform integer in [0, n) by multiply-shift.
    static std::uint32_t below(std::uint32_t word, std::uint32_t n) {
        return static_cast<std::uint32_t>((static_cast<std::uint64_t>(word) * n) >> 32);
    }

private:
    static std::uint32_t counter2(Purpose purpose, Month month) {
        return static_cast<std::uint32_t>(static_cast<std::uint16_t>(month.index)) | (static_cast<std::uint32_t>(purpose) << 16);
    }
    std::uint32_t key0_, key1_;
};

}  // namespace hutong
