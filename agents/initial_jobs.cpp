#include "agents/initial_jobs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/hiring_rules.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::uint64_t post_stream = 0x706f'7374ULL, open_stream = 0x6f70'656eULL, commuter_stream = 0x636f'6d6dULL;
constexpr std::size_t grain = 8192;
constexpr double youngest = 18, oldest = 59;

/// A post residents may take: reserved ones first, then by an exponential race with the sector's affinity as rate.
struct Offer {
    float score;
    std::uint32_t job;
    std::uint64_t luck;
    bool operator<(const Offer& other) const { return score != other.score ? score < other.score : luck < other.luck; }
};

struct Worker {
    std::uint64_t luck;
    std::uint32_t person;
    std::uint8_t block;
    Skill skill;
};

double local_share_at_start(Funding funding, const SynthesisAssumptions& assumptions) {
    if (funding == Funding::livelihood_project) return assumptions.start_livelihood_local;
    if (funding == Funding::heritage_project) return assumptions.start_heritage_local;
    return 0;
}

/// How much likelier a resident holds a post of this sector than of an average one: industry shares of resident
/// workers (census) over the sector's share of posts.
std::vector<double> sector_affinity(const District& district, const World& world, const SynthesisAssumptions& assumptions) {
    const auto& sectors = district.catalogue.sectors;
    std::vector<double> posts(sectors.size(), 0.0), affinity(sectors.size(), 1.0);
    double all = 0, residents = 0;
    for (std::uint32_t row = 0; row < world.jobs.rows(); ++row) posts[world.jobs.sector[row]] += 1;
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        all += posts[s];
        residents += sectors[s].resident_worker_share;
    }
    if (!(residents > 0)) return affinity;
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        if (!(posts[s] > 0)) continue;
        const double ratio = sectors[s].resident_worker_share / residents / (posts[s] / all);
        affinity[s] = std::clamp(ratio, assumptions.affinity_floor, assumptions.affinity_cap);
    }
    return affinity;
}

bool stays_open(const JobsSetting& setting, std::uint64_t job_luck, std::uint32_t share) {
    return setting.luck.word(Purpose::initial_job, luck_key(job_luck, open_stream), Month{}) < share;
}

class Assignment {
public:
    Assignment(const JobsSetting& setting, World& world)
        : setting_(setting),
          world_(world),
          blocks_(setting.district.blocks.size()),
          cells_(blocks_ * skills),
          offers_(cells_),
          taken_(cells_, 0),
          weight_left_(cells_, 0.0) {}

    JobsSummary run() {
        JobsSummary summary;
        collect_offers();
        std::vector<Worker> waiting = collect_workers();
        summary.wanted = waiting.size();
        const auto rounds = static_cast<std::uint32_t>(setting_.assumptions.job_rounds);
        const auto fallback = static_cast<std::uint32_t>(setting_.assumptions.skill_fallback_rounds);
        for (std::uint32_t round = 0; round < rounds && !waiting.empty(); ++round) {
            waiting = one_round(waiting, round, round + fallback >= rounds);
        }
        summary.placed = summary.wanted - waiting.size();
        summary.other_skill = other_skill_;
        for (const Worker& worker : waiting) world_.people.activity[worker.person] = Activity::employed_outside;
        return summary;
    }

private:
    std::size_t cell(std::size_t block, Skill skill) const { return block * skills + static_cast<std::size_t>(skill); }

    void collect_offers() {
        const auto affinity = sector_affinity(setting_.district, world_, setting_.assumptions);
        const auto& jobs = world_.jobs;
        const std::uint32_t open = threshold(setting_.district.figure("jobs_open_share"));
        std::vector<Offer> offer(jobs.rows());
        setting_.parallel.for_grains(world_.businesses.rows(), grain / 8, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (auto b = static_cast<std::uint32_t>(begin); b < end; ++b) {
                const double local = local_share_at_start(world_.businesses.funding[b], setting_.assumptions);
                const std::uint32_t posts = world_.businesses.posts[b];
                auto reserved = local > 0 ? posts - static_cast<std::uint32_t>(non_local_cap(local, posts)) : 0;
                for (std::uint32_t job = world_.businesses.first_job[b]; job != no_row; job = jobs.next_job[job]) {
                    offer[job] = {-1, job, jobs.luck[job]};
                    if (stays_open(setting_, jobs.luck[job], open)) continue;
                    const float race =
                        fast_exponential(setting_.luck.word(Purpose::initial_job, luck_key(jobs.luck[job], post_stream), Month{}));
                    offer[job].score = reserved > 0 ? 0 : race / static_cast<float>(affinity[jobs.sector[job]]);
                    if (reserved > 0) --reserved;
                }
            }
        });
        for (const Offer& one : offer) {
            if (one.score < 0) continue;
            const std::size_t c = cell(jobs.block[one.job], jobs.skill[one.job]);
            offers_[c].push_back(one);
            weight_left_[c] += affinity[jobs.sector[one.job]];
        }
        setting_.parallel.for_grains(cells_, 1,
                                     [&](std::size_t c, std::size_t, std::size_t) { std::sort(offers_[c].begin(), offers_[c].end()); });
        mean_weight_.resize(cells_);
        for (std::size_t c = 0; c < cells_; ++c)
            mean_weight_[c] = offers_[c].empty() ? 0 : weight_left_[c] / static_cast<double>(offers_[c].size());
        distance_factor_.resize(blocks_ * blocks_);
        for (std::size_t h = 0; h < blocks_; ++h) {
            for (std::size_t w = 0; w < blocks_; ++w) {
                const Point a = setting_.district.blocks[h].centre, b = setting_.district.blocks[w].centre;
                const double east = a.x_m - b.x_m, north = a.y_m - b.y_m;
                const double metres = h == w ? setting_.assumptions.commute_own_block_m : std::sqrt(east * east + north * north);
                distance_factor_[h * blocks_ + w] = exact_exp(-metres / setting_.assumptions.commute_decay_m);
            }
        }
    }

    std::vector<Worker> collect_workers() {
        const auto& people = world_.people;
        return setting_.parallel.collect<Worker>(
            people.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<Worker>& out) {
                for (auto row = static_cast<std::uint32_t>(begin); row < end; ++row) {
                    if (people.activity[row] != Activity::employed_here) continue;
                    const auto block = world_.dwellings.block[world_.households.dwelling[people.household[row]]];
                    out.push_back({people.luck[row], row, block, people.skill[row]});
                }
            });
    }

    double left(std::size_t c) const { return mean_weight_[c] * static_cast<double>(offers_[c].size() - taken_[c]); }

    /// Everybody names one block (and skill); a cell gives its posts to the smallest keys and turns the others away.
    std::vector<Worker> one_round(const std::vector<Worker>& waiting, std::uint32_t round, bool any_skill) {
        const std::size_t width = any_skill ? cells_ : blocks_;
        const std::size_t tables = any_skill ? blocks_ : blocks_ * skills;
        std::vector<double> sums(tables * width, 0.0);  // cumulative attraction by home block (and skill)
        for (std::size_t t = 0; t < tables; ++t) {
            double sum = 0;
            for (std::size_t k = 0; k < width; ++k) {
                const std::size_t home = any_skill ? t : t / skills, work = any_skill ? k / skills : k;
                const std::size_t c = any_skill ? k : k * skills + t % skills;
                sum += left(c) * distance_factor_[home * blocks_ + work];
                sums[t * width + k] = sum;
            }
        }
        std::vector<std::uint32_t> choice(waiting.size());
        setting_.parallel.for_grains(waiting.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const Worker& worker = waiting[i];
                const std::size_t t = any_skill ? worker.block : cell(worker.block, worker.skill);
                const auto first = sums.begin() + static_cast<std::ptrdiff_t>(t * width), last = first + static_cast<std::ptrdiff_t>(width);
                const double total = *(last - 1);
                const double u = setting_.luck.uniform(Purpose::initial_job, worker.luck, setting_.start, round) * total;
                const auto k = static_cast<std::size_t>(std::min(std::upper_bound(first, last, u), last - 1) - first);
                choice[i] = !(total > 0) ? no_row : static_cast<std::uint32_t>(any_skill ? k : cell(k, worker.skill));
            }
        });
        std::vector<std::vector<std::pair<std::uint64_t, std::uint32_t>>> proposals(cells_);
        std::vector<Worker> rejected;
        for (std::uint32_t i = 0; i < waiting.size(); ++i) {
            if (choice[i] == no_row)
                rejected.push_back(waiting[i]);
            else
                proposals[choice[i]].emplace_back(luck_key(waiting[i].luck, post_stream, round), i);
        }
        std::vector<std::uint64_t> other(cells_, 0);
        setting_.parallel.for_grains(cells_, 1, [&](std::size_t c, std::size_t, std::size_t) {
            auto& list = proposals[c];
            std::sort(list.begin(), list.end());
            const std::size_t room = offers_[c].size() - taken_[c], hired = std::min(room, list.size());
            for (std::size_t k = 0; k < hired; ++k) {
                const Worker& worker = waiting[list[k].second];
                const std::uint32_t job = offers_[c][taken_[c] + k].job;
                world_.jobs.worker[job] = worker.person;
                world_.people.job[worker.person] = job;
                other[c] += world_.jobs.skill[job] != worker.skill;
            }
            taken_[c] += hired;
            list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(hired));
        });
        for (std::size_t c = 0; c < cells_; ++c) {
            other_skill_ += other[c];
            for (const auto& [key, i] : proposals[c]) rejected.push_back(waiting[i]);
        }
        return rejected;
    }

    const JobsSetting& setting_;
    World& world_;
    std::size_t blocks_, cells_;
    std::vector<std::vector<Offer>> offers_;
    std::vector<std::size_t> taken_;
    std::vector<double> weight_left_, mean_weight_, distance_factor_;
    std::uint64_t other_skill_ = 0;
};

void make_in_commuter(const JobsSetting& setting, World& world, double minutes, std::uint32_t row, std::uint32_t job) {
    const auto& a = setting.assumptions;
    auto& c = world.in_commuters;
    const std::uint64_t key = luck_key(world.jobs.luck[job], commuter_stream);
    const Word4 words = setting.luck.block(Purpose::outside_worker, key, setting.start);
    const Skill skill = world.jobs.skill[job];
    const double age = std::clamp(a.in_commuter_age + a.in_commuter_age_sd * exact_normal_quantile(unit_open(words[0])), youngest, oldest);
    const double sigma = a.in_commuter_minutes_sigma;
    const double travel = minutes * exact_exp(sigma * exact_normal_quantile(unit_open(words[1])) - sigma * sigma / 2);
    const double outside = skill == Skill::low      ? a.in_commuter_outside_low
                           : skill == Skill::middle ? a.in_commuter_outside_middle
                                                    : a.in_commuter_outside_high;
    c.luck[row] = key;
    c.job[row] = job;
    c.birth_month[row] = static_cast<std::int16_t>(setting.start.index - static_cast<int>(age * 12));
    c.commute_min[row] = static_cast<std::uint8_t>(std::clamp(travel, a.in_commuter_minutes_min, a.in_commuter_minutes_max));
    c.sex[row] = words[2] < threshold(a.in_commuter_women) ? Sex::female : Sex::male;
    c.skill[row] = skill;
    c.registration[row] = words[3] < threshold(outside) ? Registration::outside : Registration::beijing;
    world.jobs.worker[job] = row | JobTable::in_commuter_bit;
}

}  // namespace

JobsSummary fill_posts(const JobsSetting& setting, World& world) {
    JobsSummary summary = Assignment(setting, world).run();
    fill_with_in_commuters(setting, world, 0);
    summary.in_commuters = world.in_commuters.count();
    for (std::uint32_t b = 0; b < world.businesses.rows(); ++b)
        summary.open_posts += world.businesses.posts[b] - world.businesses.filled[b];
    return summary;
}

void fill_with_in_commuters(const JobsSetting& setting, World& world, std::uint32_t first) {
    const double minutes = setting.district.figure("commute_minutes_in_commuters");
    const std::uint32_t open = threshold(setting.district.figure("jobs_open_share"));
    auto& businesses = world.businesses;
    const auto& jobs = world.jobs;
    // Which posts they take: first decided by business (its counters and the cap of C4.4 and C4.5), then numbered.
    std::vector<std::uint8_t> take(jobs.rows(), 0);
    setting.parallel.for_grains(businesses.rows(), grain / 8, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (auto b = static_cast<std::uint32_t>(begin); b < end; ++b) {
            if (!businesses.alive(b)) continue;
            const double local = local_share_at_start(businesses.funding[b], setting.assumptions);
            const std::int64_t cap = local > 0 ? non_local_cap(local, businesses.posts[b]) : unlimited_room;
            std::uint32_t filled = 0;
            std::int64_t commuters = 0;
            for (std::uint32_t job = businesses.first_job[b]; job != no_row; job = jobs.next_job[job]) {
                if (jobs.open(job)) continue;
                ++filled;
                commuters += jobs.by_in_commuter(job);
            }
            for (std::uint32_t job = businesses.first_job[b]; job != no_row; job = jobs.next_job[job]) {
                if (job < first || !jobs.open(job) || commuters >= cap || stays_open(setting, jobs.luck[job], open)) continue;
                take[job] = 1;
                ++filled;
                ++commuters;
            }
            businesses.filled[b] = filled;
            businesses.non_local[b] = static_cast<std::uint32_t>(commuters);
        }
    });
    std::vector<std::uint32_t> posts;
    for (std::uint32_t job = first; job < jobs.rows(); ++job) {
        if (take[job]) posts.push_back(job);
    }
    auto& commuters = world.in_commuters;
    const std::size_t before = commuters.rows();
    commuters.columns([&](auto& column) {
        column.reserve(before + posts.size());
        column.resize(before + posts.size());
    });
    setting.parallel.for_grains(posts.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            make_in_commuter(setting, world, minutes, static_cast<std::uint32_t>(before + i), posts[i]);
    });
}

}  // namespace hutong
