// Seekers and posts. Everything that decides is keyed by lucks; positions in lists serve storage only.
#include <algorithm>
#include <array>
#include <limits>

#include "agents/hiring_rules.h"
#include "agents/keyed_race.h"
#include "agents/labour.h"
#include "core/scan.h"

namespace hutong {
namespace {

constexpr std::size_t post_grain = 32768;
constexpr std::size_t ahead = 16;  // posts between fetching and reading
constexpr std::size_t place_grain = 16;
constexpr std::size_t seeker_grain = 512;
constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

/// Who weighs places alike: residents by block of home, those of no known home, and the others (in-commuters, outside).
std::size_t row_of(const Seeker& seeker, std::size_t blocks) { return seeker.resident() ? seeker.home : blocks + 1; }

/// Inverse weights (agents/keyed_race.h) of places of work as the kinds of seekers see them.
struct Weights {
    std::size_t blocks, subdistricts, rows;
    float largest_affinity = 0;
    std::vector<std::uint64_t> block_luck;  ///< as WorkState::Cache::blocks_of: by sub-district
    std::vector<float> posts;               ///< [(skill * 2 + others) * blocks + block] open posts; others: times affinity of the sectors
    std::vector<float> subdistrict;         ///< [(row * skills + skill) * subdistricts + s] inverse inclusive values
    std::vector<float> block;               ///< [(row * skills + skill) * blocks + place among blocks_of] inverse
};

void weigh_posts(const WorkState::Cache& cache, const Vacancies& vacancies, Weights& w) {
    w.posts.assign(skills * 2 * w.blocks, 0);
    for (std::size_t b = 0; b < w.blocks; ++b) {
        for (std::size_t k = 0; k < skills; ++k) {
            const std::uint32_t* open = vacancies.open.data() + (b * skills + k) * vacancies.sectors;
            std::uint32_t posts = 0;
            float for_others = 0;
            for (std::size_t s = 0; s < vacancies.sectors; ++s) {
                posts += open[s];
                for_others += static_cast<float>(open[s]) * cache.affinity[s];
            }
            w.posts[(k * 2) * w.blocks + b] = static_cast<float>(posts);
            w.posts[(k * 2 + 1) * w.blocks + b] = for_others;
        }
    }
}

/// Blocks by posts times nearness. Once a round, as posts are taken.
void weigh_blocks(const Model& model, const WorkState::Cache& cache, Weights& w) {
    std::vector<float> inverse(w.posts.size());
    for (std::size_t i = 0; i < inverse.size(); ++i) inverse[i] = race::inverse_weight(static_cast<double>(w.posts[i]));
    w.block.resize(w.rows * skills * w.blocks);
    model.parallel.for_grains(w.rows, place_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            const std::size_t others = row > w.blocks ? 1 : 0;
            const float* far = cache.farness.data() + std::min(row, w.blocks) * w.blocks;
            for (std::size_t k = 0; k < skills; ++k) {
                const float* of_posts = inverse.data() + (k * 2 + others) * w.blocks;
                float* out = w.block.data() + (row * skills + k) * w.blocks;
                for (std::size_t i = 0; i < w.blocks; ++i) {
                    const std::uint32_t b = cache.blocks_of[i];
                    out[i] = std::min(of_posts[b] * far[b], race::never);
                }
            }
        }
    });
}

/// Inclusive values of the sub-districts, once a month.
void weigh_subdistricts(const Model& model, const WorkState::Cache& cache, Weights& w) {
    const double nest = model.assumptions().labour.nest;
    w.subdistrict.resize(w.rows * skills * w.subdistricts);
    model.parallel.for_grains(w.rows, place_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            const std::size_t others = row > w.blocks ? 1 : 0;
            const float* near = cache.attraction.data() + std::min(row, w.blocks) * w.blocks;
            for (std::size_t k = 0; k < skills; ++k) {
                const float* posts = w.posts.data() + (k * 2 + others) * w.blocks;
                for (std::size_t s = 0; s < w.subdistricts; ++s) {
                    double sum = 0;
                    for (std::uint32_t i = cache.first_block_of[s]; i < cache.first_block_of[s + 1]; ++i) {
                        const std::uint32_t b = cache.blocks_of[i];
                        sum += static_cast<double>(posts[b]) * static_cast<double>(near[b]);
                    }
                    const double inclusive = !(sum > 0) ? 0 : nest == 1.0 ? sum : exact_pow(sum, nest);
                    w.subdistrict[(row * skills + k) * w.subdistricts + s] = race::inverse_weight(inclusive);
                }
            }
        }
    });
}

/// What a seeker applies for in one round.
struct Application {
    std::uint32_t vacancy = nothing;  ///< position in Vacancies
    float arrival = 0;                ///< in the race for the post, smallest wins
};

/// What a seeker keeps for the month: taste for places and posts, and the sub-district chosen by it.
struct Taste {
    std::uint64_t place_key = 0, post_key = 0;
    std::uint32_t subdistrict = race::nobody;
};

/// The post of a place, by tries of its fixed slots; who finds none in time scans the place for the smallest hash.
/// Memory decides the pace: making and look() of many ask for what their find() reads.
class PostSearch {
public:
    PostSearch() = default;
    /// Goes to the first try that meets an occupied slot.
    PostSearch(const WorkState& work, const Vacancies& v, std::size_t place, std::uint64_t key)
        : first_(v.first.data() + v.first_slot[place]),
          occupied_(v.occupied.data() + v.first_word[place]),
          key_(key),
          power_(work.slots_log2[place]) {
        advance();
        __builtin_prefetch(first_ + slot_);
    }
    void look(const Vacancies& v) const {
        const std::uint32_t at = first_[slot_];
        __builtin_prefetch(v.luck.data() + at);
        __builtin_prefetch(v.taken.data() + at);
        __builtin_prefetch(v.sector.data() + at);
    }
    std::uint32_t find(const WorkState::Cache& cache, const Vacancies& v, bool resident, float largest_affinity,
                       std::uint64_t& evaluations) {
        for (; try_ <= tries; advance()) {
            // One open post in the slot is accepted half as often as two, so that posts are equally likely.
            const double accepts = unit_open(static_cast<std::uint32_t>(hash_));
            if (power_ != 0 && first_[slot_ + 1] - first_[slot_] == 1 && accepts >= 1.0 / 2.0) continue;  // whatever is there
            const std::uint32_t open = smallest(v, first_[slot_], first_[slot_ + 1]);
            if (open == 0) continue;
            double chance = power_ == 0 ? 1.0 : static_cast<double>(std::min(open, 2U)) / 2.0;
            if (!resident) chance *= static_cast<double>(cache.affinity[v.sector[found_]] / largest_affinity);
            if (accepts < chance) {
                evaluations += try_;
                return found_;
            }
        }
        evaluations += tries;
        found_ = nothing;
        const std::size_t slots = std::size_t{1} << power_;
        evaluations += smallest(v, first_[0], first_[slots]);
        return found_;
    }

private:
    static constexpr std::uint64_t tries = 48;

    void advance() {
        constexpr std::uint64_t apart = 0x9e3779b97f4a7c15ULL;  // odd: tries never meet
        constexpr std::size_t bits = 64;
        while (++try_ <= tries) {
            hash_ = mix64(key_ + try_ * apart);
            slot_ = power_ == 0 ? 0U : static_cast<std::size_t>(hash_ >> (64U - power_));
            if ((occupied_[slot_ / bits] >> (slot_ % bits) & 1) != 0) return;
        }
    }
    /// How many are open of the vacancies [begin, end), and which of them has the smallest hash.
    std::uint32_t smallest(const Vacancies& v, std::uint32_t begin, std::uint32_t end) {
        std::uint32_t open = 0;
        std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
        for (std::uint32_t i = begin; i < end; ++i) {
            if (v.taken[i]) continue;
            ++open;
            const std::uint64_t h = mix64(v.luck[i] ^ key_);
            if (h < best) {
                best = h;
                found_ = i;
            }
        }
        return open;
    }

    const std::uint32_t* first_ = nullptr;
    const std::uint64_t* occupied_ = nullptr;
    std::uint64_t key_ = 0, hash_ = 0, try_ = 0;
    std::size_t slot_ = 0;
    unsigned power_ = 0;
    std::uint32_t found_ = nothing;
};

/// Draws the keys of a grain of seekers side by side.
void draw_tastes(const Model& model, const World& world, const std::vector<Seeker>& seekers, std::size_t begin, std::size_t end,
                 std::vector<Taste>& tastes) {
    std::array<std::uint64_t, seeker_grain> lucks{};
    std::array<std::uint32_t, seeker_grain> w0, w1, w2, w3;
    for (std::size_t i = begin; i < end; ++i) lucks[i - begin] = seekers[i].luck;
    model.luck.blocks(Purpose::job_block, lucks.data(), end - begin, world.month, w0.data(), w1.data(), w2.data(), w3.data());
    for (std::size_t i = begin; i < end; ++i) {
        const std::size_t n = i - begin;
        tastes[i].place_key = key_of({w0[n], w1[n], 0, 0});
        tastes[i].post_key = key_of({w2[n], w3[n], 0, 0});
    }
}

/// The same for all seekers of one round.
struct Terms {
    std::uint32_t round = 0;
    float reward = 1;  ///< factor on the odds of residents where their hire is rewarded (P5)
};

float odds_of_reward(const Model& model, const World& world) {
    constexpr double reward_unit_yuan = 10000;
    const Levers& levers = model.levers(world.month);
    return static_cast<float>(
        exact_exp(model.assumptions().labour.subsidy_weight * levers.employment.subsidy_per_local_hire_yuan / reward_unit_yuan));
}

/// The block of work chosen in this round, or race::nobody.
std::uint32_t choose_block(const World& world, const Seeker& seeker, const Weights& w, const Terms& terms, Taste& taste,
                           std::uint64_t& evaluations) {
    const WorkState::Cache& cache = world.work.cache;
    const std::size_t row = row_of(seeker, w.blocks) * skills + static_cast<std::size_t>(seeker.skill);

    // Taste for places holds for the month, that for posts for the round.
    if (terms.round == 0) {
        taste.subdistrict = seeker.subdistrict;
        if (seeker.kind != SeekerKind::outside) {
            taste.subdistrict =
                first_arrival(taste.place_key, cache.subdistrict_luck.data(), w.subdistrict.data() + row * w.subdistricts, w.subdistricts);
            evaluations += w.subdistricts;
        }
    }
    if (taste.subdistrict == race::nobody) return race::nobody;
    const std::uint32_t first = cache.first_block_of[taste.subdistrict];
    const std::uint32_t some = cache.first_block_of[taste.subdistrict + 1] - first;
    const std::uint32_t at = first_arrival(taste.place_key, w.block_luck.data() + first, w.block.data() + row * w.blocks + first, some);
    evaluations += some;
    return at == race::nobody ? race::nobody : cache.blocks_of[first + at];
}

Application apply_for_post(const World& world, const Seeker& seeker, const Vacancies& v, const Weights& w, const Terms& terms,
                           const Taste& taste, std::uint32_t block, PostSearch& search, std::uint64_t& evaluations) {
    const WorkState::Cache& cache = world.work.cache;
    const bool resident = seeker.resident();
    Application application;
    application.vacancy = search.find(cache, v, resident, w.largest_affinity, evaluations);
    if (application.vacancy == nothing) return application;

    float weight = 1;
    if (resident) {
        weight = cache.preference[seeker.home * w.blocks + block];
        if (v.rewarded[application.vacancy]) weight *= terms.reward;
    }
    // Keyed by post and seeker; the key of places serves, as posts are no places.
    const std::uint32_t word = race::word(taste.place_key, v.luck[application.vacancy]);
    application.arrival = fast_exponential(word) / weight;
    return application;
}

/// The applications of the active seekers [begin, end), in batches.
void apply_for_posts(const World& world, const std::vector<Seeker>& seekers, const std::vector<std::uint32_t>& active, std::size_t begin,
                     std::size_t end, const Vacancies& v, const Weights& w, const Terms& terms, std::vector<Taste>& tastes,
                     std::vector<Application>& applications, std::uint64_t& evaluations) {
    constexpr std::size_t batch = 32;
    std::array<PostSearch, batch> search;
    std::array<std::uint32_t, batch> block;
    for (std::size_t first = begin; first < end; first += batch) {
        const std::size_t count = std::min(batch, end - first);
        for (std::size_t i = 0; i < count; ++i) {
            const Seeker& seeker = seekers[active[first + i]];
            Taste& taste = tastes[active[first + i]];
            block[i] = choose_block(world, seeker, w, terms, taste, evaluations);
            if (block[i] == race::nobody) continue;
            const std::size_t place = block[i] * std::size_t{skills} + static_cast<std::size_t>(seeker.skill);
            search[i] = PostSearch(world.work, v, place, mix64(taste.post_key + terms.round));
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (block[i] != race::nobody) search[i].look(v);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t who = active[first + i];
            applications[first + i] = block[i] == race::nobody
                                          ? Application{}
                                          : apply_for_post(world, seekers[who], v, w, terms, tastes[who], block[i], search[i], evaluations);
        }
    }
}

/// Settles one round: winner[vacancy] is the seeker who gets it, or nothing.
class Round {
public:
    Round(const Model& model, const World& world, const std::vector<Seeker>& seekers, const std::vector<std::uint32_t>& active,
          const std::vector<Application>& applications, Vacancies& vacancies)
        : model_(model), world_(world), seekers_(seekers), active_(active), applications_(applications), v_(vacancies) {}

    /// Fills `winners` (position in `active_` by vacancy); returns the vacancies taken.
    std::vector<std::uint32_t> settle(std::vector<std::uint32_t>& winners) {
        std::vector<std::uint32_t> taken;
        std::vector<std::uint32_t> regulated;
        for (std::uint32_t i = 0; i < active_.size(); ++i) {
            if (i + ahead < active_.size()) {
                const std::uint32_t later = applications_[i + ahead].vacancy == nothing ? 0 : applications_[i + ahead].vacancy;
                __builtin_prefetch(v_.room.data() + later);
                __builtin_prefetch(winners.data() + later, 1);
            }
            const std::uint32_t vacancy = applications_[i].vacancy;
            if (vacancy == nothing) continue;
            if (v_.room[vacancy] != no_row) {
                regulated.push_back(i);
            } else if (winners[vacancy] == nothing) {
                winners[vacancy] = i;
                taken.push_back(vacancy);
            } else if (comes_before(i, winners[vacancy])) {
                winners[vacancy] = i;
            }
        }
        settle_regulated(regulated, winners, taken);
        return taken;
    }

private:
    bool comes_before(std::uint32_t a, std::uint32_t b) const {
        if (applications_[a].arrival != applications_[b].arrival) return applications_[a].arrival < applications_[b].arrival;
        return seekers_[active_[a]].luck < seekers_[active_[b]].luck;
    }

    /// Employers under a rule look at their applicants one by one, first come first, while the rule has room.
    void settle_regulated(std::vector<std::uint32_t>& order, std::vector<std::uint32_t>& winners, std::vector<std::uint32_t>& taken) {
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            const std::uint64_t business_a = v_.room_luck[v_.room[applications_[a].vacancy]];
            const std::uint64_t business_b = v_.room_luck[v_.room[applications_[b].vacancy]];
            return business_a != business_b ? business_a < business_b : comes_before(a, b);
        });
        const EmploymentLevers& levers = model_.levers(world_.month).employment;
        for (const std::uint32_t i : order) {
            const std::uint32_t vacancy = applications_[i].vacancy;
            if (winners[vacancy] != nothing) continue;
            const Seeker& seeker = seekers_[active_[i]];
            if (!counts_as_local(levers, seeker.resident(), registration(seeker))) {
                std::int64_t& room = v_.rooms[v_.room[vacancy]];
                if (room <= 0) {
                    v_.refused[vacancy] = 1;
                    continue;
                }
                --room;
            }
            winners[vacancy] = i;
            taken.push_back(vacancy);
        }
    }

    Registration registration(const Seeker& seeker) const {
        switch (seeker.kind) {
            case SeekerKind::in_commuter:
                return world_.in_commuters.registration[seeker.row];
            case SeekerKind::outside:
                return outside_registration(model_, seeker.luck, world_.month);
            default:
                return world_.people.registration[seeker.row];
        }
    }

    const Model& model_;
    const World& world_;
    const std::vector<Seeker>& seekers_;
    const std::vector<std::uint32_t>& active_;
    const std::vector<Application>& applications_;
    Vacancies& v_;
};

}  // namespace

Vacancies list_vacancies(const Model& model, const World& world) {
    const auto& jobs = world.jobs;
    Vacancies v;
    v.blocks = static_cast<std::uint32_t>(model.district.blocks.size());
    v.sectors = static_cast<std::uint32_t>(model.district.catalogue.sectors.size());
    const std::size_t places = static_cast<std::size_t>(v.blocks) * skills;
    v.first_slot.assign(1, 0);
    for (std::size_t p = 0; p < places; ++p) v.first_slot.push_back(v.first_slot[p] + (1U << world.work.slots_log2[p]));

    struct Open {
        std::uint64_t luck;
        std::uint32_t post, business;
        std::uint16_t place;
        std::uint8_t sector, rewarded, ruled;  // ruled: C4.4 or C4.5 may bind
    };
    const Levers& levers = model.levers(world.month);
    const auto note = [&](std::uint32_t row) {
        const std::uint32_t business = jobs.business[row];
        const Funding funding = world.businesses.funding[business];
        const bool ruled = funding == Funding::livelihood_project || funding == Funding::heritage_project;
        return Open{jobs.luck[row],
                    row,
                    business,
                    static_cast<std::uint16_t>(v.place(jobs.block[row], jobs.skill[row])),
                    jobs.sector[row],
                    static_cast<std::uint8_t>(hires_are_rewarded(levers, world, business)),
                    static_cast<std::uint8_t>(ruled)};
    };
    // Only the column of workers is read for all posts.
    struct Part {
        std::vector<Open> open;
        std::vector<std::uint32_t> next;  // by place: how many, then where the next one goes
    };
    std::vector<Part> parts(Parallel::grains(jobs.rows(), post_grain));
    model.parallel.for_grains(jobs.rows(), post_grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        Part& part = parts[g];
        std::vector<std::uint32_t> rows;
        scan_equal(jobs.worker.data(), begin, end, no_row, [&](std::size_t row) { rows.push_back(static_cast<std::uint32_t>(row)); });
        // Free rows have no worker either; dropped without a branch, which could not be guessed.
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i + ahead < rows.size()) __builtin_prefetch(&jobs.business[rows[i + ahead]]);
            const std::uint32_t row = rows[i];
            rows[kept] = row;
            kept += static_cast<std::size_t>(jobs.business[row] != no_row);
        }
        part.open.reserve(kept);
        for (std::size_t i = 0; i < kept; ++i) {
            if (i + ahead < kept) {
                __builtin_prefetch(&jobs.luck[rows[i + ahead]]);
                __builtin_prefetch(&jobs.block[rows[i + ahead]]);
                __builtin_prefetch(&jobs.skill[rows[i + ahead]]);
                __builtin_prefetch(&jobs.sector[rows[i + ahead]]);
            }
            part.open.push_back(note(rows[i]));
        }
        part.next.assign(places, 0);
        for (const Open& o : part.open) ++part.next[o.place];
    });
    // By place, in the order of rows.
    std::vector<std::uint32_t> first_of(places + 1, 0);
    std::uint32_t total = 0;
    for (std::size_t p = 0; p < places; ++p) {
        first_of[p] = total;
        for (Part& part : parts) {
            const std::uint32_t some = part.next[p];
            part.next[p] = total;
            total += some;
        }
    }
    first_of[places] = total;
    std::vector<Open> open(total);
    model.parallel.for_grains(parts.size(), 1, [&](std::size_t g, std::size_t, std::size_t) {
        for (const Open& o : parts[g].open) open[parts[g].next[o.place]++] = o;
    });
    // By slot within the place; places share nothing.
    v.first.resize(v.first_slot.back() + std::size_t{1});
    v.first.back() = total;
    v.open.assign(places * v.sectors, 0);
    constexpr std::size_t bits = 64;
    std::uint32_t words = 0;
    for (std::size_t p = 0; p < places; ++p) {
        v.first_word.push_back(words);
        words += static_cast<std::uint32_t>(((std::size_t{1} << world.work.slots_log2[p]) + bits - 1) / bits);
    }
    v.occupied.assign(words, 0);
    v.post.resize(total);
    v.business.resize(total);
    v.luck.resize(total);
    v.place_of.resize(total);
    v.sector.resize(total);
    v.rewarded.resize(total);
    v.room.assign(total, no_row);
    v.refused.assign(total, 0);
    v.taken.assign(total, 0);
    using Regulated = std::pair<std::uint32_t, std::uint32_t>;  // business, vacancy
    std::vector<Regulated> regulated =
        model.parallel.collect<Regulated>(places, place_grain, [&](std::size_t, std::size_t begin, std::size_t end, auto& out) {
            std::vector<std::uint32_t> next;
            for (std::size_t p = begin; p < end; ++p) {
                const unsigned power = world.work.slots_log2[p];
                const auto slot = [power](std::uint64_t luck) {
                    return power == 0 ? std::size_t{0} : static_cast<std::size_t>(mix64(luck) >> (64U - power));
                };
                next.assign(std::size_t{1} << power, 0);
                for (std::uint32_t i = first_of[p]; i < first_of[p + 1]; ++i) ++next[slot(open[i].luck)];
                std::uint32_t at = first_of[p];
                for (std::size_t s = 0; s < next.size(); ++s) {
                    v.first[v.first_slot[p] + s] = at;
                    const std::uint32_t some = next[s];
                    next[s] = at;
                    at += some;
                    v.occupied[v.first_word[p] + s / bits] |= static_cast<std::uint64_t>(some != 0) << (s % bits);
                }
                for (std::uint32_t i = first_of[p]; i < first_of[p + 1]; ++i) {
                    const Open& o = open[i];
                    const std::uint32_t to = next[slot(o.luck)]++;
                    ++v.open[p * v.sectors + o.sector];
                    v.post[to] = o.post;
                    v.business[to] = o.business;
                    v.luck[to] = o.luck;
                    v.place_of[to] = o.place;
                    v.sector[to] = o.sector;
                    v.rewarded[to] = o.rewarded;
                    if (o.ruled) out.emplace_back(o.business, to);
                }
            }
        });
    std::sort(regulated.begin(), regulated.end());
    for (std::size_t i = 0; i < regulated.size(); ++i) {
        const auto [business, vacancy] = regulated[i];
        if (i == 0 || business != regulated[i - 1].first) {
            v.rooms.push_back(non_local_room(levers, world, business));
            v.room_luck.push_back(world.businesses.luck[business]);
        }
        if (v.rooms.back() != unlimited_room) v.room[vacancy] = static_cast<std::uint32_t>(v.rooms.size() - 1);
    }
    return v;
}

void add_outside_candidates(const Model& model, const World& world, const Vacancies& v, std::vector<Seeker>& seekers) {
    const WorkState::Cache& cache = world.work.cache;
    const double ratio = model.assumptions().labour.outside_candidates_per_vacancy;
    const auto home = static_cast<std::uint8_t>(v.blocks);
    const auto month = static_cast<std::uint64_t>(world.month.index);
    for (std::uint32_t s = 0; s + 1 < cache.first_block_of.size(); ++s) {
        for (std::uint32_t k = 0; k < skills; ++k) {
            std::uint64_t open = 0;
            for (std::uint32_t i = cache.first_block_of[s]; i < cache.first_block_of[s + 1]; ++i) {
                open += v.open_at(v.place(cache.blocks_of[i], static_cast<Skill>(k)));
            }
            const std::uint64_t stream = luck_key(cache.subdistrict_luck[s], k, month);
            const auto count = static_cast<std::uint32_t>(static_cast<double>(open) * ratio +
                                                          model.luck.uniform(Purpose::outside_worker, stream, world.month));
            for (std::uint32_t n = 0; n < count; ++n) {
                seekers.push_back({luck_key(stream, n), n, SeekerKind::outside, static_cast<Skill>(k), home, static_cast<std::uint8_t>(s)});
            }
        }
    }
}

Matching match(const Model& model, const World& world, const std::vector<Seeker>& seekers, Vacancies v) {
    const WorkState::Cache& cache = world.work.cache;
    Weights w;
    w.blocks = v.blocks;
    w.rows = v.blocks + std::size_t{2};
    w.subdistricts = cache.subdistrict_luck.size();
    for (const float affinity : cache.affinity) w.largest_affinity = std::max(w.largest_affinity, affinity);
    for (const std::uint32_t b : cache.blocks_of) w.block_luck.push_back(cache.block_luck[b]);
    weigh_posts(cache, v, w);
    weigh_subdistricts(model, cache, w);

    Matching result;
    std::vector<std::uint32_t> active(seekers.size());
    for (std::uint32_t i = 0; i < active.size(); ++i) active[i] = i;
    std::vector<Taste> tastes(seekers.size());
    Terms terms{0, odds_of_reward(model, world)};
    std::vector<Application> applications;
    std::vector<std::uint32_t> winners(v.post.size(), nothing);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> placed;  // vacancy, seeker
    placed.reserve(std::min(seekers.size(), v.post.size()));
    const auto rounds = static_cast<std::uint32_t>(model.assumptions().labour.rounds);
    for (; terms.round < rounds && !active.empty(); ++terms.round) {
        if (terms.round > 0) weigh_posts(cache, v, w);
        weigh_blocks(model, cache, w);
        applications.resize(active.size());
        std::vector<std::uint64_t> evaluations(Parallel::grains(active.size(), seeker_grain), 0);
        model.parallel.for_grains(active.size(), seeker_grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
            if (terms.round == 0) draw_tastes(model, world, seekers, begin, end, tastes);
            apply_for_posts(world, seekers, active, begin, end, v, w, terms, tastes, applications, evaluations[g]);
        });
        for (const std::uint64_t some : evaluations) result.evaluations += some;
        const std::vector<std::uint32_t> taken = Round(model, world, seekers, active, applications, v).settle(winners);
        for (std::size_t i = 0; i < taken.size(); ++i) {
            if (i + ahead < taken.size()) {
                const std::uint32_t later = taken[i + ahead];
                __builtin_prefetch(winners.data() + later, 1);
                __builtin_prefetch(v.taken.data() + later, 1);
                __builtin_prefetch(v.place_of.data() + later);
                __builtin_prefetch(v.sector.data() + later);
            }
            const std::uint32_t vacancy = taken[i];
            std::uint32_t& winner = active[winners[vacancy]];
            placed.emplace_back(vacancy, winner);
            winner = nothing;
            winners[vacancy] = nothing;
            v.taken[vacancy] = 1;
            --v.open[v.place_of[vacancy] * v.sectors + v.sector[vacancy]];
        }
        std::erase(active, nothing);
    }
    result.matches.resize(placed.size());
    model.parallel.for_grains(placed.size(), seeker_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto [vacancy, seeker] = placed[i];
            result.matches[i] = {v.post[vacancy], seeker, v.business[vacancy], v.place_of[vacancy], v.rewarded[vacancy]};
        }
    });
    for (std::size_t i = 0; i < v.post.size(); ++i) {
        if (v.refused[i] && !v.taken[i]) result.waiting_posts.push_back(v.post[i]);
    }
    return result;
}

}  // namespace hutong
