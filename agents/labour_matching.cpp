// Seekers and posts. Everything that decides is keyed by lucks; positions in lists serve storage only.
#include <algorithm>
#include <array>
#include <limits>

#include "agents/hiring_rules.h"
#include "agents/keyed_race.h"
#include "agents/labour.h"

namespace hutong {
namespace {

constexpr std::size_t post_grain = 65536;
constexpr std::size_t open_chunk = 1024;
constexpr std::size_t seeker_grain = 512;
constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

/// Open posts by (block, skill), weighted as the two kinds of seekers see them, and what follows from them.
struct Weights {
    std::size_t blocks, subdistricts, homes;
    double largest_affinity = 0;
    std::vector<double> posts;        ///< [block * skills + skill] open posts
    std::vector<double> for_outside;  ///< same shape: times affinity of the sectors
    std::vector<double> inclusive;    ///< [(home * skills + skill) * subdistricts + s] of residents; home == blocks: the others
};

void weigh_blocks(const WorkState::Cache& cache, const Vacancies& vacancies, Weights& w) {
    w.posts.assign(w.blocks * skills, 0);
    w.for_outside.assign(w.blocks * skills, 0);
    for (std::size_t bk = 0; bk < w.blocks * skills; ++bk) {
        for (std::size_t s = 0; s < vacancies.sectors; ++s) {
            const auto live = static_cast<double>(vacancies.open[bk * vacancies.sectors + s]);
            w.posts[bk] += live;
            w.for_outside[bk] += live * static_cast<double>(cache.affinity[s]);
        }
    }
}

/// Inclusive values of the sub-districts, once a month for each home block and skill.
void weigh_subdistricts(const Model& model, const WorkState::Cache& cache, Weights& w) {
    const double nest = model.assumptions().labour.nest;
    w.inclusive.assign(w.homes * skills * w.subdistricts, 0);
    model.parallel.for_grains(w.homes, 8, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t home = begin; home < end; ++home) {
            const bool outside = home == w.blocks;
            for (std::size_t k = 0; k < skills; ++k) {
                for (std::size_t s = 0; s < w.subdistricts; ++s) {
                    double sum = 0;
                    for (std::uint32_t i = cache.first_block_of[s]; i < cache.first_block_of[s + 1]; ++i) {
                        const std::uint32_t b = cache.blocks_of[i];
                        sum += outside ? w.for_outside[b * skills + k]
                                       : w.posts[b * skills + k] * static_cast<double>(cache.attraction[home * w.blocks + b]);
                    }
                    w.inclusive[(home * skills + k) * w.subdistricts + s] = !(sum > 0) ? 0 : nest == 1.0 ? sum : exact_pow(sum, nest);
                }
            }
        }
    });
}

/// What a seeker applies for in one round.
struct Application {
    std::uint32_t vacancy = nothing;  ///< position in Vacancies
    std::uint32_t evaluations = 0;
    double arrival = 0;  ///< in the race for the post, smallest wins
};

/// The post of a place, by tries of its fixed slots; who finds none in time scans the place for the smallest hash.
Application find_post(const WorkState::Cache& cache, const WorkState& work, const Vacancies& v, std::size_t place, std::uint64_t key,
                      bool resident, double largest_affinity) {
    constexpr std::uint32_t tries = 48;
    Application found;
    const std::uint32_t first_slot = v.first_slot[place];
    const unsigned power = work.slots_log2[place];
    std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
    auto smallest = [&](std::uint32_t begin, std::uint32_t end) {
        std::uint32_t open = 0;
        best = std::numeric_limits<std::uint64_t>::max();
        for (std::uint32_t i = begin; i < end; ++i) {
            if (v.taken[i]) continue;
            ++open;
            const std::uint64_t h = mix64(v.luck[i] ^ key);
            if (h < best) {
                best = h;
                found.vacancy = i;
            }
        }
        return open;
    };
    for (std::uint32_t t = 0; t < tries; ++t) {
        ++found.evaluations;
        const std::uint64_t h = luck_key(key, t);
        const std::uint32_t slot = first_slot + (power == 0 ? 0U : static_cast<std::uint32_t>(h >> (64U - power)));
        if (v.first[slot] == v.first[slot + 1]) continue;
        const std::uint32_t open = smallest(v.first[slot], v.first[slot + 1]);
        if (open == 0) continue;
        // One open post in the slot is accepted half as often as two, so that posts are equally likely.
        double chance = power == 0 ? 1.0 : static_cast<double>(std::min(open, 2U)) / 2.0;
        if (!resident) chance *= static_cast<double>(cache.affinity[v.sector[found.vacancy]]) / largest_affinity;
        if (unit_open(static_cast<std::uint32_t>(h)) < chance) return found;
    }
    found.vacancy = nothing;
    found.evaluations += smallest(v.first[first_slot], v.first[v.first_slot[place + 1]]);
    return found;
}

/// What a seeker keeps for the month: taste for places, and the sub-district chosen by it.
struct Taste {
    std::uint64_t place_key = 0;
    std::uint32_t subdistrict = KeyedRace::nobody;
};

/// Draws the keys of a grain of seekers side by side.
void draw_tastes(const Model& model, const World& world, const std::vector<Seeker>& seekers, std::size_t begin, std::size_t end,
                 std::vector<Taste>& tastes) {
    std::array<std::uint64_t, seeker_grain> lucks{};
    std::array<std::uint32_t, seeker_grain> w0, w1, w2, w3;
    for (std::size_t i = begin; i < end; ++i) lucks[i - begin] = seekers[i].luck;
    model.luck.blocks(Purpose::job_block, lucks.data(), end - begin, world.month, w0.data(), w1.data(), w2.data(), w3.data());
    for (std::size_t i = begin; i < end; ++i) tastes[i].place_key = key_of({w0[i - begin], w1[i - begin], w2[i - begin], w3[i - begin]});
}

/// The same for all seekers of one round.
struct Terms {
    std::uint32_t round = 0;
    double reward = 1;  ///< factor on the odds of residents where their hire is rewarded (P5)
};

double odds_of_reward(const Model& model, const World& world) {
    constexpr double reward_unit_yuan = 10000;
    const Levers& levers = model.levers(world.month);
    return exact_exp(model.assumptions().labour.subsidy_weight * levers.employment.subsidy_per_local_hire_yuan / reward_unit_yuan);
}

Application apply_for_post(const Model& model, const World& world, const Seeker& seeker, const Vacancies& v, const Weights& w,
                           const Terms& terms, Taste& taste) {
    const WorkState::Cache& cache = world.work.cache;
    const auto k = static_cast<std::size_t>(seeker.skill);
    const bool resident = seeker.resident();
    const std::vector<double>& posts = resident ? w.posts : w.for_outside;
    Application application;

    // Taste for places holds for the month, that for posts for the round.
    if (terms.round == 0) {
        taste.subdistrict = seeker.subdistrict;
        if (seeker.kind != SeekerKind::outside) {
            KeyedRace race(taste.place_key);
            const double* inclusive =
                w.inclusive.data() + (static_cast<std::size_t>(resident ? seeker.home : w.blocks) * skills + k) * w.subdistricts;
            for (std::uint32_t s = 0; s < w.subdistricts; ++s) race.enter(s, cache.subdistrict_luck[s], inclusive[s]);
            application.evaluations += static_cast<std::uint32_t>(w.subdistricts);
            taste.subdistrict = race.winner();
        }
    }
    const std::uint32_t subdistrict = taste.subdistrict;
    if (subdistrict == KeyedRace::nobody) return application;
    KeyedRace block_race(taste.place_key);
    for (std::uint32_t i = cache.first_block_of[subdistrict]; i < cache.first_block_of[subdistrict + 1]; ++i) {
        const std::uint32_t b = cache.blocks_of[i];
        const double attraction = resident ? static_cast<double>(cache.attraction[seeker.home * w.blocks + b]) : 1.0;
        block_race.enter(b, cache.block_luck[b], posts[b * skills + k] * attraction);
        ++application.evaluations;
    }
    const std::uint32_t block = block_race.winner();
    if (block == KeyedRace::nobody) return application;

    const std::uint64_t post_key = key_of(model.luck.block(Purpose::job_post, seeker.luck, world.month, terms.round));
    const Application found = find_post(cache, world.work, v, block * skills + k, post_key, resident, w.largest_affinity);
    application.vacancy = found.vacancy;
    application.evaluations += found.evaluations;
    if (application.vacancy == nothing) return application;

    double weight = 1;
    if (resident) {
        weight = static_cast<double>(cache.preference[seeker.home * w.blocks + block]);
        if (v.rewarded[application.vacancy]) weight *= terms.reward;
    }
    const auto word =
        static_cast<std::uint32_t>(luck_key(v.luck[application.vacancy], seeker.luck, static_cast<std::uint64_t>(world.month.index)) >> 32);
    application.arrival = static_cast<double>(fast_exponential(word)) / weight;
    return application;
}

bool earlier(const Application& a, std::uint64_t luck_a, const Application& b, std::uint64_t luck_b) {
    return a.arrival != b.arrival ? a.arrival < b.arrival : luck_a < luck_b;
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
        return earlier(applications_[a], seekers_[active_[a]].luck, applications_[b], seekers_[active_[b]].luck);
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

Vacancies list_vacancies(const Model& model, World& world) {
    auto& jobs = world.jobs;
    Vacancies v;
    v.blocks = static_cast<std::uint32_t>(model.district.blocks.size());
    v.sectors = static_cast<std::uint32_t>(model.district.catalogue.sectors.size());
    const std::size_t places = static_cast<std::size_t>(v.blocks) * skills;
    v.first_slot.assign(1, 0);
    for (std::size_t p = 0; p < places; ++p) v.first_slot.push_back(v.first_slot[p] + (1U << world.work.slots_log2[p]));

    struct Open {
        std::uint64_t luck;
        std::uint32_t post, slot, business;
        std::uint16_t place;
        std::uint8_t sector, rewarded, ruled;  // ruled: C4.4 or C4.5 may bind
    };
    const Levers& levers = model.levers(world.month);
    const auto note = [&](std::uint32_t row, std::vector<Open>& out) {
        const std::uint32_t business = jobs.business[row];
        if (business == no_row) return;
        if (jobs.months_open[row] != std::numeric_limits<std::uint8_t>::max()) ++jobs.months_open[row];
        const std::uint64_t luck = jobs.luck[row];
        const std::size_t p = v.place(jobs.block[row], jobs.skill[row]);
        const unsigned power = world.work.slots_log2[p];
        const std::uint32_t slot = v.first_slot[p] + (power == 0 ? 0U : static_cast<std::uint32_t>(mix64(luck) >> (64U - power)));
        const Funding funding = world.businesses.funding[business];
        const bool ruled = funding == Funding::livelihood_project || funding == Funding::heritage_project;
        out.push_back({luck, row, slot, business, static_cast<std::uint16_t>(p), jobs.sector[row],
                       static_cast<std::uint8_t>(hires_are_rewarded(levers, world, business)), static_cast<std::uint8_t>(ruled)});
    };
    const std::vector<Open> open =
        model.parallel.collect<Open>(jobs.rows(), post_grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<Open>& out) {
            // Only the column of workers is read for all posts.
            std::array<std::uint32_t, open_chunk> rows;
            for (std::size_t first = begin; first < end; first += open_chunk) {
                std::size_t count = 0;
                for (std::size_t row = first; row < std::min(first + open_chunk, end); ++row) {
                    rows[count] = static_cast<std::uint32_t>(row);
                    count += static_cast<std::size_t>(jobs.worker[row] == no_row);
                }
                for (std::size_t i = 0; i < count; ++i) note(rows[i], out);
            }
        });
    v.first.assign(v.first_slot.back() + std::size_t{1}, 0);
    for (const Open& o : open) ++v.first[o.slot + std::size_t{1}];
    for (std::size_t s = 0; s + 1 < v.first.size(); ++s) v.first[s + 1] += v.first[s];
    v.open.assign(places * v.sectors, 0);
    v.post.resize(open.size());
    v.luck.resize(open.size());
    v.place_of.resize(open.size());
    v.sector.resize(open.size());
    v.room.assign(open.size(), no_row);
    v.rewarded.assign(open.size(), 0);
    v.refused.assign(open.size(), 0);
    v.taken.assign(open.size(), 0);
    std::vector<std::uint32_t> next(v.first.begin(), v.first.end() - 1);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> regulated;  // business, vacancy
    for (const Open& o : open) {
        const std::uint32_t at = next[o.slot]++;
        ++v.open[std::size_t{o.place} * v.sectors + o.sector];
        v.post[at] = o.post;
        v.luck[at] = o.luck;
        v.place_of[at] = o.place;
        v.sector[at] = o.sector;
        v.rewarded[at] = o.rewarded;
        if (o.ruled) regulated.emplace_back(o.business, at);
    }
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
    w.homes = v.blocks + std::size_t{1};
    w.subdistricts = cache.subdistrict_luck.size();
    for (const float affinity : cache.affinity) w.largest_affinity = std::max(w.largest_affinity, static_cast<double>(affinity));
    weigh_blocks(cache, v, w);
    weigh_subdistricts(model, cache, w);

    Matching result;
    std::vector<std::uint32_t> active(seekers.size());
    for (std::uint32_t i = 0; i < active.size(); ++i) active[i] = i;
    std::vector<Taste> tastes(seekers.size());
    Terms terms{0, odds_of_reward(model, world)};
    std::vector<Application> applications;
    std::vector<std::uint32_t> winners;
    const auto rounds = static_cast<std::uint32_t>(model.assumptions().labour.rounds);
    for (; terms.round < rounds && !active.empty(); ++terms.round) {
        if (terms.round > 0) weigh_blocks(cache, v, w);
        applications.assign(active.size(), Application{});
        model.parallel.for_grains(active.size(), seeker_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            if (terms.round == 0) draw_tastes(model, world, seekers, begin, end, tastes);
            for (std::size_t i = begin; i < end; ++i) {
                applications[i] = apply_for_post(model, world, seekers[active[i]], v, w, terms, tastes[active[i]]);
            }
        });
        winners.assign(v.post.size(), nothing);
        std::vector<std::uint32_t> taken = Round(model, world, seekers, active, applications, v).settle(winners);
        std::vector<std::uint8_t> placed(active.size(), 0);
        for (const std::uint32_t vacancy : taken) {
            placed[winners[vacancy]] = 1;
            result.matches.push_back({v.post[vacancy], active[winners[vacancy]]});
            v.taken[vacancy] = 1;
            --v.open[v.place_of[vacancy] * v.sectors + v.sector[vacancy]];
        }
        std::size_t left = 0;
        for (std::size_t i = 0; i < active.size(); ++i) {
            result.evaluations += applications[i].evaluations;
            if (placed[i] == 0) active[left++] = active[i];
        }
        active.resize(left);
    }
    for (std::size_t i = 0; i < v.post.size(); ++i) {
        if (v.refused[i] && !v.taken[i]) result.waiting_posts.push_back(v.post[i]);
    }
    return result;
}

}  // namespace hutong
