#include <algorithm>
#include <array>

#include "agents/homes.h"
#include "agents/keyed_race.h"
#include "agents/resolve.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 256;                       // searches per task
constexpr std::uint64_t spread = 0x9e3779b97f4a7c15ULL;  // odd: multiplying by it is one to one

/// Where one search stands between rounds.
struct Progress {
    std::uint64_t key = 0;  ///< of its noise for dwellings
    std::uint64_t last_rank = 0;
    std::uint64_t rank = 0;  ///< of this applicant for the candidate
    std::uint32_t block = 0;
    std::uint32_t next_try = 0;
    std::uint32_t candidate = no_row;
    std::uint32_t evaluations = 0;
    std::int8_t cls = nothing;
    bool scanned = false;  ///< last_rank holds the rank of a candidate of the scan

    static constexpr std::int8_t outside = -2;
    static constexpr std::int8_t nothing = -3;  ///< nothing feasible
};

std::size_t cell_of(const Progress& at) { return at.block * static_cast<std::size_t>(market_classes) + static_cast<std::size_t>(at.cls); }

/// The keys of a grain of searches, drawn side by side.
class Keys {
public:
    Keys(const Model& model, Month month, const HomeSearch* searches, std::size_t count) : luck_(&model.luck), count_(count) {
        for (std::size_t i = 0; i < count; ++i) lucks_[i] = searches[i].luck;
        // A declared share of searches is led by permanent taste: their noise for places does not change with the month.
        draw(Purpose::taste, month);
        const std::uint32_t permanent = threshold(model.assumptions().homes.permanent_taste_share);
        std::array<bool, grain> keeps{};
        for (std::size_t i = 0; i < count; ++i) keeps[i] = words_[0][i] < permanent;
        fill(Purpose::move_dwelling, month, dwelling);
        fill(Purpose::move_subdistrict, month, subdistrict);
        fill(Purpose::move_block, month, block);
        std::array<std::uint64_t, grain> lasting{};
        fill(Purpose::move_subdistrict, Month{}, lasting);
        for (std::size_t i = 0; i < count; ++i) subdistrict[i] = keeps[i] ? lasting[i] : subdistrict[i];
        fill(Purpose::move_block, Month{}, lasting);
        for (std::size_t i = 0; i < count; ++i) block[i] = keeps[i] ? lasting[i] : block[i];
    }
    std::array<std::uint64_t, grain> subdistrict{}, block{}, dwelling{};

private:
    void draw(Purpose purpose, Month month) {
        luck_->blocks(purpose, lucks_.data(), count_, month, words_[0].data(), words_[1].data(), words_[2].data(), words_[3].data());
    }
    void fill(Purpose purpose, Month month, std::array<std::uint64_t, grain>& keys) {
        draw(purpose, month);
        for (std::size_t i = 0; i < count_; ++i) keys[i] = key_of({words_[0][i], words_[1][i], 0, 0});
    }

    const Luck* luck_;
    std::size_t count_;
    std::array<std::uint64_t, grain> lucks_{};
    std::array<std::array<std::uint32_t, grain>, 4> words_{};
};

/// The upper two levels.
void choose_place(const HomeChoice& choice, const HomeSearch& search, std::uint64_t subdistrict_key, std::uint64_t block_key,
                  Progress& at) {
    const std::size_t places = choice.subdistricts + std::size_t{1};
    const std::size_t set = static_cast<std::size_t>(search.segment) * eligible_sets + search.set;
    const std::size_t from = std::min<std::size_t>(search.origin, choice.subdistricts);
    const std::uint32_t place =
        first_arrival(subdistrict_key, choice.place_luck.data(), choice.place_inverse.data() + (set * places + from) * places, places);
    at.evaluations += static_cast<std::uint32_t>(places);
    if (place == race::nobody) return;
    if (place == choice.subdistricts) {
        at.cls = Progress::outside;
        return;
    }
    // (block, class) by its weight in two races: the block by the sum over its classes, then the class.
    const std::size_t first = choice.first_block[place], blocks = choice.first_block[place + 1] - first;
    const std::uint32_t in_place =
        first_arrival(block_key, choice.block_luck.data() + first, choice.block_inverse.data() + set * choice.blocks + first, blocks);
    at.evaluations += static_cast<std::uint32_t>(blocks);
    if (in_place == race::nobody) return;
    at.block = choice.blocks_of[first + in_place];
    const ClassStretch stretch = class_stretch(search.set);
    const std::size_t row = (static_cast<std::size_t>(search.segment) * choice.blocks + at.block) * market_classes + stretch.first;
    const std::uint32_t in_block =
        first_arrival(block_key, choice.class_luck.data() + stretch.first, choice.class_inverse.data() + row, stretch.count);
    at.evaluations += static_cast<std::uint32_t>(stretch.count);
    if (in_block != race::nobody) at.cls = static_cast<std::int8_t>(class_order[stretch.first + in_block]);
}

/// Keyed rejection: try t of this applicant looks at one permanent slot of (block, type), whatever is vacant. What keeps
/// somebody with a smaller rank would refuse, so it is passed over. Then the vacant dwellings by the smallest hash of
/// applicant and dwelling: the same law, a longer way.
void next_dwelling(const World& world, const HomeChoice& choice, const Tenders& tenders, std::uint32_t tries, const HomeSearch& search,
                   Progress& at) {
    at.candidate = no_row;
    const auto apply_for = [&](std::uint32_t row, std::uint64_t luck) {
        ++at.evaluations;
        const std::uint64_t rank = contest_rank(luck, search.luck, world.month);
        if (!tenders.would_accept(row, rank, search.luck)) return false;
        at.candidate = row;
        at.rank = rank;
        return true;
    };
    const auto type = at.cls == bed_class ? DwellingType::dormitory : static_cast<DwellingType>(at.cls / 2);
    const SlotRange range = slot_range(world, at.block, type);
    while (at.next_try < tries) {
        const std::uint32_t slot = range.first + (race::word(at.key, ++at.next_try) & (range.size - 1));
        if (!choice.vacant_slot(at.cls, slot)) continue;
        const std::uint32_t row = world.housing.slots[slot];
        if (apply_for(row, world.dwellings.luck[row])) return;
    }
    const std::size_t cell = cell_of(at);
    const std::uint32_t first = choice.vacant_first[cell], end = choice.vacant_first[cell + 1];
    for (;;) {
        std::uint32_t best = no_row;
        std::uint64_t best_rank = ~std::uint64_t{0};
        const std::uint64_t after = at.scanned ? at.last_rank + 1 : 0;
        for (std::uint32_t i = first; i < end; ++i) {
            const std::uint64_t rank = (at.key ^ choice.vacant_luck[i]) * spread;  // both sides are well mixed already
            if (rank < after || rank >= best_rank) continue;
            best = i;
            best_rank = rank;
        }
        if (best == no_row) return;
        at.scanned = true;
        at.last_rank = best_rank;
        if (apply_for(choice.vacant_rows[best], choice.vacant_luck[best])) return;
    }
}

}  // namespace

std::vector<HomeFound> find_homes(const Model& model, const World& world, const HomeChoice& choice, const std::vector<HomeSearch>& searches,
                                  std::int64_t& evaluations) {
    std::vector<HomeFound> found(searches.size());
    std::vector<Progress> progress(searches.size());
    std::vector<std::uint32_t> waiting(searches.size());
    for (std::uint32_t i = 0; i < waiting.size(); ++i) waiting[i] = i;
    Tenders tenders(searches.size());
    const auto rounds = model.assumptions().homes.search_rounds;
    const auto tries = static_cast<std::uint32_t>(model.assumptions().homes.search_tries);
    for (std::int64_t round = 0; round < rounds && !waiting.empty(); ++round) {
        model.parallel.for_grains(waiting.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            if (round == 0) {  // all are waiting, in their own order
                const Keys keys(model, world.month, searches.data() + begin, end - begin);
                for (std::size_t i = begin; i < end; ++i) {
                    progress[i].key = keys.dwelling[i - begin];
                    choose_place(choice, searches[i], keys.subdistrict[i - begin], keys.block[i - begin], progress[i]);
                    if (progress[i].cls >= 0) __builtin_prefetch(&choice.vacant_luck[choice.vacant_first[cell_of(progress[i])]]);
                }
            }
            for (std::size_t i = begin; i < end; ++i) {
                Progress& at = progress[waiting[i]];
                if (at.cls >= 0) next_dwelling(world, choice, tenders, tries, searches[waiting[i]], at);
            }
        });
        std::vector<std::uint32_t> losers;
        for (const std::uint32_t i : waiting) {
            const Progress& at = progress[i];
            if (at.candidate == no_row) continue;
            const std::uint32_t loser = tenders.apply({at.rank, searches[i].luck, at.candidate, i});
            if (loser != Tenders::nobody) losers.push_back(loser);
        }
        waiting = std::move(losers);
    }
    for (const std::uint32_t i : waiting) progress[i].candidate = no_row;  // rounds are over
    for (std::size_t i = 0; i < found.size(); ++i) {
        const Progress& at = progress[i];
        evaluations += at.evaluations;
        if (at.cls == Progress::outside) found[i].result = HomeFound::Result::outside;
        if (at.candidate != no_row) found[i] = {HomeFound::Result::dwelling, at.candidate};
    }
    return found;
}

}  // namespace hutong
