#include <algorithm>

#include "agents/homes.h"
#include "agents/keyed_race.h"
#include "agents/resolve.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 256;                       // searches per task
constexpr std::uint64_t spread = 0x9e3779b97f4a7c15ULL;  // odd: multiplying by it is one to one
constexpr std::uint64_t class_luck = 0x636c617373ULL;    // "class": dwelling classes have a noise of their own

constexpr std::uint64_t outside_luck = 0x6f757473696465ULL;  // "outside"

/// Where one search stands between rounds.
struct Progress {
    std::uint32_t block = 0;
    int cls = -1;  ///< -1: not chosen yet, -2: chose outside, -3: nothing feasible
    std::uint32_t next_try = 0;
    std::uint32_t candidate = no_row;
    std::uint32_t slot = 0;  ///< of the candidate
    std::uint64_t rank = 0;  ///< of this household for the candidate
    std::uint32_t evaluations = 0;
};

/// A declared share of searches is led by permanent taste: their noise does not change with the month.
Month noise_month(const Model& model, const HomeSearch& search, Month month) {
    const bool permanent = model.luck.word(Purpose::taste, search.luck, month) < threshold(model.assumptions().homes.permanent_taste_share);
    return permanent ? Month{} : month;
}

/// The upper two levels. From the second sub-district race on, the first winner had nothing eligible (cannot happen
/// with positive inclusive values) or everything in it was taken.
void choose_place(const Model& model, const World& world, const HomeChoice& choice, const HomeSearch& search, Progress& at) {
    const Month noise = noise_month(model, search, world.month);
    const std::size_t row = (static_cast<std::size_t>(search.segment) * eligible_sets + search.set) * choice.subdistricts;
    const auto& cache = world.work.cache;
    KeyedRace level1(key_of(model.luck.block(Purpose::move_subdistrict, search.luck, noise)));
    for (std::uint32_t s = 0; s < choice.subdistricts; ++s) {
        const double near =
            search.origin < choice.subdistricts ? choice.nearness[search.origin * static_cast<std::size_t>(choice.subdistricts) + s] : 1.0;
        level1.enter(s, cache.subdistrict_luck[s], choice.inclusive[row + s] * near);
    }
    const double reference = world.housing.reference[static_cast<std::size_t>(search.segment) * eligible_sets + search.set];
    double near_sum = 1.0;
    if (search.origin < choice.subdistricts) {  // the reference is seen from the same place
        near_sum = 0.0;
        for (std::uint32_t s = 0; s < choice.subdistricts; ++s)
            near_sum += choice.nearness[search.origin * static_cast<std::size_t>(choice.subdistricts) + s];
        near_sum /= static_cast<double>(choice.subdistricts);
    }
    level1.enter(choice.subdistricts, outside_luck, search.outside_odds * reference * near_sum);
    at.evaluations += choice.subdistricts + 1;
    if (level1.winner() == KeyedRace::nobody) {
        at.cls = -3;
        return;
    }
    if (level1.winner() == choice.subdistricts) {
        at.cls = -2;
        return;
    }
    // (block, class) by its weight in two races: the block by the sum over its classes, then the class.
    const std::size_t sums = (static_cast<std::size_t>(search.segment) * eligible_sets + search.set) * choice.blocks;
    const std::uint64_t key = key_of(model.luck.block(Purpose::move_block, search.luck, noise));
    KeyedRace level2(key);
    for (const std::uint32_t block : choice.blocks_of[level1.winner()])
        level2.enter(block, cache.block_luck[block], choice.block_weight[sums + block]);
    at.block = level2.winner();
    const std::size_t cell = (static_cast<std::size_t>(search.segment) * choice.blocks + at.block) * market_classes;
    KeyedRace level3(key);
    for (std::uint32_t cls = 0; cls < market_classes; ++cls) {
        if (class_eligible(search.set, static_cast<int>(cls))) level3.enter(cls, luck_key(class_luck, cls), choice.weight[cell + cls]);
    }
    at.cls = static_cast<int>(level3.winner());
    at.evaluations += static_cast<std::uint32_t>(choice.blocks_of[level1.winner()].size()) + market_classes;
}

/// Keyed rejection: try t of this household looks at one permanent slot of (block, type), whatever is vacant.
std::uint32_t next_dwelling(const Model& model, const World& world, const HomeChoice& choice, const HomeSearch& search, Progress& at) {
    const auto type = at.cls == bed_class ? DwellingType::dormitory : static_cast<DwellingType>(at.cls / 2);
    const SlotRange range = slot_range(world, at.block, type);
    const auto wanted = static_cast<std::uint8_t>(at.cls + 1);
    const auto tries = static_cast<std::uint32_t>(model.assumptions().homes.search_tries);
    Word4 words{};
    std::uint32_t loaded = no_row;
    for (; at.next_try < tries; ++at.next_try) {
        if (loaded != at.next_try >> 2) {
            loaded = at.next_try >> 2;
            words = model.luck.block(Purpose::move_dwelling, search.luck, world.month, loaded);
        }
        const std::uint32_t slot = range.first + (words[at.next_try & 3] & (range.size - 1));
        if (choice.vacant_slot[slot] == wanted) {
            ++at.next_try;
            at.slot = slot;
            return world.housing.slots[slot];
        }
    }
    // Fallback: the vacant dwelling with the smallest hash of household and dwelling; the same law, a longer way.
    std::uint32_t best = no_row;
    std::uint64_t best_rank = 0;
    const std::uint64_t key = luck_key(search.luck, static_cast<std::uint64_t>(world.month.index));
    const std::size_t cell = at.block * static_cast<std::size_t>(market_classes) + static_cast<std::size_t>(at.cls);
    for (std::uint32_t i = choice.vacant_first[cell]; i < choice.vacant_first[cell + 1]; ++i) {
        const std::uint64_t rank = (key ^ choice.vacant_luck[i]) * spread;  // both sides are well mixed already
        if (best != no_row && rank >= best_rank) continue;
        const std::uint32_t row = choice.vacant_rows[i];
        if (choice.vacant_slot[world.housing.slot_of[row]] != wanted) continue;  // taken in an earlier round
        best = row;
        best_rank = rank;
        at.slot = world.housing.slot_of[row];
    }
    return best;
}

}  // namespace

std::vector<HomeFound> find_homes(const Model& model, const World& world, HomeChoice& choice, const std::vector<HomeSearch>& searches,
                                  std::int64_t& evaluations) {
    std::vector<HomeFound> found(searches.size());
    std::vector<Progress> progress(searches.size());
    std::vector<std::uint32_t> waiting(searches.size());
    for (std::uint32_t i = 0; i < waiting.size(); ++i) waiting[i] = i;
    const auto rounds = model.assumptions().homes.search_rounds;
    for (std::int64_t round = 0; round < rounds && !waiting.empty(); ++round) {
        model.parallel.for_grains(waiting.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const HomeSearch& search = searches[waiting[i]];
                Progress& at = progress[waiting[i]];
                if (at.cls == -1) choose_place(model, world, choice, search, at);
                at.candidate = at.cls >= 0 ? next_dwelling(model, world, choice, search, at) : no_row;
                if (at.candidate != no_row) at.rank = contest_rank(world.dwellings.luck[at.candidate], search.luck, world.month);
            }
        });
        std::vector<Proposal> proposals;
        proposals.reserve(waiting.size());
        for (const std::uint32_t i : waiting) {
            const Progress& at = progress[i];
            if (at.cls == -2) found[i].result = HomeFound::Result::outside;
            if (at.candidate == no_row) continue;
            proposals.push_back({at.rank, searches[i].luck, at.candidate, i});
        }
        waiting.clear();
        resolve(
            proposals,
            [&](const Proposal& p) {
                found[p.who] = {HomeFound::Result::dwelling, p.good};
                choice.vacant_slot[progress[p.who].slot] = 0;
            },
            [&](const Proposal& p) { waiting.push_back(p.who); });
    }
    for (const Progress& at : progress) evaluations += at.evaluations;
    return found;
}

}  // namespace hutong
