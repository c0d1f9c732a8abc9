// Who loses, leaves or looks for a job. One pass over residents, one over in-commuters; every decision is a keyed word
// against a threshold, so the passes can be cut anywhere.
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "agents/labour.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t chunk = 1024;        // rows whose words are drawn at once
constexpr std::size_t grain = 16 * chunk;  // rows of a parallel task
constexpr std::size_t ahead = 16;          // posts between fetching and vacating

struct Found {
    std::vector<std::uint32_t> left_posts;    ///< posts whose worker separates or retires
    std::vector<std::uint32_t> left_outside;  ///< residents who lose a job outside
    std::vector<Seeker> seekers;
};

struct Words {
    std::array<std::uint32_t, chunk> w0, w1, w2, w3;
    void draw(const Luck& luck, Purpose purpose, const std::uint64_t* lucks, std::size_t count, Month month) {
        luck.blocks(purpose, lucks, count, month, w0.data(), w1.data(), w2.data(), w3.data());
    }
};

struct Thresholds {
    std::vector<std::uint32_t> separation;  ///< by sector
    std::uint32_t any_separation = 0;       ///< the largest of them
    std::uint32_t outside_separation = 0;
    std::uint32_t employed_search = 0, commuter_search = 0, retirement = 0;
    std::uint32_t search[2] = {0, 0};  ///< of the unemployed: short, long
    std::uint32_t search_down = 0;
    std::uint8_t long_months = 0;

    Thresholds(const Model& model, const World& world) {
        const LabourAssumptions& a = model.assumptions().labour;
        if (model.active(Behaviour::separations)) {
            for (const Sector& sector : model.district.catalogue.sectors) {
                separation.push_back(threshold(monthly_probability(a.separation_factor * sector.separation_per_year)));
                any_separation = std::max(any_separation, separation.back());
            }
            outside_separation = threshold(monthly_probability(a.separation_factor * a.outside_separation_per_year));
        }
        if (model.active(Behaviour::retirement)) retirement = threshold(a.retirement_per_month);
        if (!model.active(Behaviour::labour_search)) return;
        employed_search = threshold(monthly_probability(a.employed_search_per_year));
        commuter_search = threshold(monthly_probability(a.incommuter_search_per_year));
        const double scale = world.work.search_scale.empty() ? 1.0 : world.work.search_scale[0];
        search[0] = threshold(std::min(1.0, scale * a.unemployed_search));
        search[1] = threshold(std::min(1.0, scale * a.unemployed_search_long));
        search_down = threshold(a.search_down_share);
        long_months = static_cast<std::uint8_t>(a.long_unemployed_months);
    }
};

// The serial part waits for memory only: rows are fetched ahead, first those of posts, then what they lead to.
void fetch_post(const World& world, std::uint32_t post) {
    __builtin_prefetch(&world.jobs.worker[post]);
    __builtin_prefetch(&world.jobs.business[post]);
    __builtin_prefetch(&world.jobs.block[post]);
    __builtin_prefetch(&world.jobs.months_open[post]);
}

void fetch_worker(const World& world, std::uint32_t post) {
    const std::uint32_t worker = world.jobs.worker[post];
    __builtin_prefetch(&world.businesses.filled[world.jobs.business[post]]);
    if (worker & JobTable::in_commuter_bit) {
        __builtin_prefetch(&world.in_commuters.job[worker & ~JobTable::in_commuter_bit]);
        __builtin_prefetch(&world.in_commuters.luck[worker & ~JobTable::in_commuter_bit]);
        __builtin_prefetch(&world.businesses.non_local[world.jobs.business[post]]);
    } else {
        __builtin_prefetch(&world.people.job[worker]);
        __builtin_prefetch(&world.people.activity[worker]);
    }
}

/// Lists where test(i) is 1; groups without a hit, most of them, are passed over side by side.
template <class Test>
std::size_t find_hits(std::size_t count, std::array<std::uint32_t, chunk>& hit, const Test& test) {
    constexpr std::size_t group = 16;
    std::size_t hits = 0;
    for (std::size_t first = 0; first < count; first += group) {
        const std::size_t end = std::min(first + group, count);
        if (end - first == group) {
            std::uint32_t any = 0;
            for (std::size_t i = 0; i < group; ++i) any |= test(first + i);
            if (any == 0) continue;
        }
        for (std::size_t i = first; i < end; ++i) {
            hit[hits] = static_cast<std::uint32_t>(i);
            hits += test(i);
        }
    }
    return hits;
}

/// Draws the words of all rows side by side and looks at a resident only where a word can mean an event.
class ResidentPass {
public:
    ResidentPass(const Model& model, World& world, const Thresholds& thresholds) : model_(model), world_(world), t_(thresholds) {}

    void run(std::size_t begin, std::size_t end, Found& out) {
        for (std::size_t first = begin; first < end; first += chunk) {
            const std::size_t count = std::min(chunk, end - first);
            pass_employed(first, count, out);
            list_unemployed(first, count, out);
        }
        flush_unemployed(out);
    }

private:
    // The same word from both ends: low values separate, high values search, so both hazards only add events.
    void pass_employed(std::size_t first, std::size_t count, Found& out) {
        const auto& people = world_.people;
        words_.draw(model_.luck, Purpose::life_event, people.luck.data() + first, count, world_.month);
        const std::uint32_t low = std::max(t_.any_separation, t_.outside_separation);
        const std::uint32_t* w = words_.w2.data();
        const std::uint32_t high = t_.employed_search;
        const std::size_t hits =
            find_hits(count, hit_, [&](std::size_t i) { return static_cast<std::uint32_t>((w[i] < low) | (~w[i] < high)); });
        for (std::size_t h = 0; h < hits; ++h) {
            const std::uint32_t word = words_.w2[hit_[h]];
            const auto row = static_cast<std::uint32_t>(first + hit_[h]);
            const Activity activity = people.activity[row];
            if ((activity != Activity::employed_here && activity != Activity::employed_outside) || !people.alive(row)) continue;
            if (activity == Activity::employed_outside) {
                if (word < t_.outside_separation) out.left_outside.push_back(row);
                continue;
            }
            if (word < t_.any_separation && word < t_.separation[world_.jobs.sector[people.job[row]]]) {
                out.left_posts.push_back(people.job[row]);
            } else if (~word < t_.employed_search) {
                out.seekers.push_back(seeker(row, SeekerKind::employed, people.skill[row]));
            }
        }
    }

    void list_unemployed(std::size_t first, std::size_t count, Found& out) {
        auto& people = world_.people;
        const Activity* at = people.activity.data() + first;
        const Activity* const end = at + count;
        for (;; ++at) {
            at = static_cast<const Activity*>(std::memchr(at, static_cast<int>(Activity::unemployed), static_cast<std::size_t>(end - at)));
            if (at == nullptr) return;
            const auto row = static_cast<std::uint32_t>(at - people.activity.data());
            if (!people.alive(row)) continue;
            if (people.months_unemployed[row] != std::numeric_limits<std::uint8_t>::max()) ++people.months_unemployed[row];
            unemployed_.push(people.luck[row], row);
            if (unemployed_.count == chunk) flush_unemployed(out);
        }
    }

    struct Batch {
        std::array<std::uint64_t, chunk> luck;
        std::array<std::uint32_t, chunk> row;
        std::size_t count = 0;
        void push(std::uint64_t l, std::uint32_t r) {
            luck[count] = l;
            row[count++] = r;
        }
    };

    void flush_unemployed(Found& out) {
        words_.draw(model_.luck, Purpose::job_search, unemployed_.luck.data(), unemployed_.count, world_.month);
        const auto& people = world_.people;
        for (std::size_t i = 0; i < unemployed_.count; ++i) {
            const std::uint32_t row = unemployed_.row[i];
            if (words_.w0[i] >= t_.search[people.months_unemployed[row] > t_.long_months ? 1 : 0]) continue;
            Skill skill = people.skill[row];
            if (skill != Skill::low && words_.w1[i] < t_.search_down) skill = static_cast<Skill>(static_cast<int>(skill) - 1);
            out.seekers.push_back(seeker(row, SeekerKind::unemployed, skill));
        }
        unemployed_.count = 0;
    }

    Seeker seeker(std::uint32_t row, SeekerKind kind, Skill skill) const {
        const auto blocks = static_cast<std::uint8_t>(model_.district.blocks.size());
        const std::uint16_t node = world_.people.home_node[row];
        const BlockId block = node == no_node ? BlockId::none() : model_.district.block_of(NodeId{std::uint32_t{node}});
        return {world_.people.luck[row], row, kind, skill, block ? static_cast<std::uint8_t>(block.value) : blocks, 0};
    }

    const Model& model_;
    World& world_;
    const Thresholds& t_;
    Words words_;
    std::array<std::uint32_t, chunk> hit_;  // rows of the chunk that deserve a look
    Batch unemployed_;
};

void pass_in_commuters(const Model& model, const World& world, const Thresholds& t, std::size_t begin, std::size_t end, Found& out) {
    const auto& table = world.in_commuters;
    const LabourAssumptions& a = model.assumptions().labour;
    constexpr double months_per_year = 12;
    const int age_limit[2] = {static_cast<int>(a.retirement_age_women * months_per_year),
                              static_cast<int>(a.retirement_age_men * months_per_year)};
    const auto blocks = static_cast<std::uint8_t>(model.district.blocks.size());
    Words words;
    std::array<std::uint32_t, chunk> hit;
    for (std::size_t first = begin; first < end; first += chunk) {
        const std::size_t count = std::min(chunk, end - first);
        words.draw(model.luck, Purpose::incommuter_event, table.luck.data() + first, count, world.month);
        const std::uint32_t separation = t.any_separation, search = t.commuter_search, retirement = t.retirement;
        const std::size_t hits = find_hits(count, hit, [&](std::size_t i) {
            return static_cast<std::uint32_t>((words.w0[i] < separation) | (words.w2[i] < search) | (words.w3[i] < retirement));
        });
        for (std::size_t h = 0; h < hits; ++h) {
            const std::size_t i = hit[h];
            const bool may_separate = words.w0[i] < t.any_separation;
            const bool may_search = words.w2[i] < t.commuter_search;
            const auto row = static_cast<std::uint32_t>(first + i);
            if (!table.alive(row)) continue;
            const std::uint32_t post = table.job[row];
            const int age = world.month.index - table.birth_month[row];
            if ((words.w3[i] < t.retirement && age >= age_limit[static_cast<std::size_t>(table.sex[row])]) ||
                (may_separate && words.w0[i] < t.separation[world.jobs.sector[post]])) {
                out.left_posts.push_back(post);
            } else if (may_search) {
                out.seekers.push_back({table.luck[row], row, SeekerKind::in_commuter, table.skill[row], blocks, 0});
            }
        }
    }
}

/// Share of a sector's posts that go in a month at the start, with businesses that close or shrink.
std::vector<double> monthly_closures(const Model& model, const World& world) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const WorkState& work = world.work;
    const std::size_t blocks = model.district.blocks.size();
    std::vector<double> share(sectors.size(), 0);
    if (work.exits_start.size() != sectors.size() * blocks) return share;
    constexpr double months_per_year = 12;
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        double exits = 0, posts = 0;
        for (std::size_t b = 0; b < blocks; ++b) {
            exits += work.exits_start[s * blocks + b];
            posts += work.posts_start[s * blocks + b];
        }
        if (sectors[s].exogenous || !(posts > 0)) continue;
        share[s] = exits * work.entry_posts[s] / posts + a.post_turnover_per_year / months_per_year;
    }
    return share;
}

}  // namespace

std::vector<Seeker> separate_and_search(const Model& model, World& world) {
    const Thresholds thresholds(model, world);
    std::vector<Found> residents(Parallel::grains(world.people.rows(), grain));
    model.parallel.for_grains(world.people.rows(), grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        ResidentPass(model, world, thresholds).run(begin, end, residents[g]);
    });
    std::vector<Found> commuters(Parallel::grains(world.in_commuters.rows(), grain));
    model.parallel.for_grains(world.in_commuters.rows(), grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        pass_in_commuters(model, world, thresholds, begin, end, commuters[g]);
    });

    std::vector<Seeker> seekers;
    for (const auto* parts : {&residents, &commuters}) {
        for (const Found& part : *parts) {
            for (std::size_t i = 0; i < part.left_posts.size(); ++i) {
                if (i + ahead < part.left_posts.size()) fetch_post(world, part.left_posts[i + ahead]);
                if (i + ahead / 2 < part.left_posts.size()) fetch_worker(world, part.left_posts[i + ahead / 2]);
                world.flows.add(Flow::separations, world.jobs.block[part.left_posts[i]]);
                vacate_post(world, part.left_posts[i]);
            }
            for (const std::uint32_t person : part.left_outside) {
                world.people.activity[person] = Activity::unemployed;
                world.people.months_unemployed[person] = 0;
            }
            seekers.insert(seekers.end(), part.seekers.begin(), part.seekers.end());
        }
    }
    return seekers;
}

void search_outside(const Model& model, World& world, const Vacancies& vacancies, std::vector<Seeker>& seekers) {
    if (world.work.outside_share.empty()) return;
    const LabourAssumptions& a = model.assumptions().labour;
    const double share = world.work.outside_share[0];
    std::array<std::uint32_t, skills> looks_outside{};
    std::array<std::uint64_t, skills> open{};
    for (std::size_t c = 0; c < vacancies.open.size(); ++c) open[c / vacancies.sectors % skills] += vacancies.open[c];
    for (std::size_t k = 0; k < skills; ++k) {
        // Odds of looking here rise with the open posts here, 1 at the start.
        const double tightness =
            exact_pow((static_cast<double>(open[k]) + 1.0) / (world.work.open_start[k] + 1.0), a.outside_work_vacancies);
        looks_outside[k] = threshold(share / (share + (1.0 - share) * tightness));
    }
    const std::uint32_t success = threshold(a.outside_work_success);
    std::erase_if(seekers, [&](const Seeker& seeker) {
        if (seeker.kind != SeekerKind::unemployed) return false;
        const Word4 draw = model.luck.block(Purpose::job_search, seeker.luck, world.month);
        if (draw[2] >= looks_outside[static_cast<std::size_t>(seeker.skill)]) return false;
        if (draw[3] < success) {
            world.people.activity[seeker.row] = Activity::employed_outside;
            world.people.months_unemployed[seeker.row] = 0;
        }
        return true;
    });
}

void init_labour_market(const Model& model, World& world) {
    fill_work_cache(model, world);
    const LabourAssumptions& a = model.assumptions().labour;
    const auto& people = world.people;
    std::vector<double> separation;
    for (const Sector& sector : model.district.catalogue.sectors)
        separation.push_back(monthly_probability(a.separation_factor * sector.separation_per_year) +
                             monthly_probability(a.entrants_per_year));
    const double outside =
        monthly_probability(a.separation_factor * a.outside_separation_per_year) + monthly_probability(a.entrants_per_year);

    // Counts by kind first, so that the sums do not depend on the order of rows.
    std::vector<std::int64_t> here(separation.size(), 0);
    std::int64_t employed_outside = 0, looking[2] = {0, 0};
    for (std::uint32_t row = 0; row < people.rows(); ++row) {
        if (!people.alive(row)) continue;
        if (people.activity[row] == Activity::employed_here) ++here[world.jobs.sector[people.job[row]]];
        if (people.activity[row] == Activity::employed_outside) ++employed_outside;
        if (people.activity[row] == Activity::unemployed) ++looking[people.months_unemployed[row] > a.long_unemployed_months ? 1 : 0];
    }
    std::array<std::int64_t, skills> posts{};
    std::vector<std::int64_t> posts_at(model.district.blocks.size() * skills, 0);
    for (std::uint32_t row = 0; row < world.jobs.rows(); ++row) {
        if (!world.jobs.alive(row)) continue;
        const auto skill = static_cast<std::size_t>(world.jobs.skill[row]);
        ++posts[skill];
        ++posts_at[world.jobs.block[row] * std::size_t{skills} + skill];
    }
    double lost_here = 0;
    const std::vector<double> closures = monthly_closures(model, world);
    for (std::size_t s = 0; s < separation.size(); ++s) lost_here += static_cast<double>(here[s]) * (separation[s] + closures[s]);
    const double applications_here = lost_here / a.success_start;
    const double applications_outside =
        a.outside_work_success > 0 ? static_cast<double>(employed_outside) * outside / a.outside_work_success : 0.0;
    const double applications = applications_here + applications_outside;
    const double searches =
        a.unemployed_search * static_cast<double>(looking[0]) + a.unemployed_search_long * static_cast<double>(looking[1]);

    // A slot for every few posts: few open posts then share one, and a try finds one soon.
    constexpr std::int64_t posts_per_slot = 16;
    world.work.slots_log2.clear();
    for (const std::int64_t n : posts_at) {
        std::uint8_t power = 0;
        while ((std::int64_t{1} << power) * posts_per_slot < n) ++power;
        world.work.slots_log2.push_back(power);
    }
    world.work.search_scale.assign(1, searches > 0 && applications > 0 ? applications / searches : 1.0);
    world.work.outside_share.assign(1, applications > 0 ? applications_outside / applications : 0.0);
    world.work.open_start.clear();
    for (const std::int64_t n : posts) world.work.open_start.push_back(a.vacancy_share_start * static_cast<double>(n));
}

}  // namespace hutong
