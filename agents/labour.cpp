#include "agents/labour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "agents/hiring_rules.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t hire_grain = 1024;  // matches of a parallel task
constexpr std::size_t ahead = 16;         // matches between fetching and hiring

/// What the hires of one grain count, by block of work, and what they leave to book.
struct Hired {
    std::vector<std::uint32_t> separations, residents, others, rewarded_residents, rewarded_others;
    PostBooks books;
    explicit Hired(std::size_t blocks)
        : separations(blocks, 0), residents(blocks, 0), others(blocks, 0), rewarded_residents(blocks, 0), rewarded_others(blocks, 0) {}
};

Registration registration_of(const LabourAssumptions& a, const Word4& outside_worker) {
    const double u = unit_open(outside_worker[3]);
    if (u < a.incommuter_registered_here) return Registration::here;
    return u < a.incommuter_registered_here + a.incommuter_registered_beijing ? Registration::beijing : Registration::outside;
}

void fetch_ends(const World& world, const Match& m, const Seeker& seeker) {
    __builtin_prefetch(&world.jobs.worker[m.post]);
    if (seeker.resident()) {
        __builtin_prefetch(&world.people.job[seeker.row]);
        __builtin_prefetch(&world.people.activity[seeker.row]);
        __builtin_prefetch(&world.people.months_unemployed[seeker.row]);
    } else if (seeker.kind == SeekerKind::in_commuter) {
        __builtin_prefetch(&world.in_commuters.job[seeker.row]);
    }
}

void fetch_in_commuter(const World& world, std::uint32_t row) {
    __builtin_prefetch(&world.in_commuters.luck[row], 1);
    __builtin_prefetch(&world.in_commuters.job[row], 1);
    __builtin_prefetch(&world.in_commuters.birth_month[row], 1);
    __builtin_prefetch(&world.in_commuters.commute_min[row], 1);
    __builtin_prefetch(&world.in_commuters.sex[row], 1);
    __builtin_prefetch(&world.in_commuters.skill[row], 1);
    __builtin_prefetch(&world.in_commuters.registration[row], 1);
}

void fetch_old_post(const World& world, const Seeker& seeker) {
    std::uint32_t old = no_row;
    if (seeker.kind == SeekerKind::employed) old = world.people.job[seeker.row];
    if (seeker.kind == SeekerKind::in_commuter) old = world.in_commuters.job[seeker.row];
    if (old == no_row) return;
    __builtin_prefetch(&world.jobs.worker[old]);
    __builtin_prefetch(&world.jobs.business[old]);
    __builtin_prefetch(&world.jobs.block[old]);
}

void hire_from_outside(const LabourAssumptions& a, World& world, std::uint32_t row, const Match& match, const Seeker& seeker,
                       const Word4& draw, PostBooks& books) {
    constexpr double months_per_year = 12;
    const double age = a.incommuter_age_low + unit_open(draw[0]) * (a.incommuter_age_high - a.incommuter_age_low);
    const Month birth = world.month - static_cast<int>(std::floor(age * months_per_year));
    const Sex sex = unit_open(draw[1]) < a.incommuter_women_share ? Sex::female : Sex::male;
    hire_in_commuter(world, row, match.post, match.business, seeker.luck, birth, sex, seeker.skill, registration_of(a, draw),
                     incommute_minutes(a, draw[2]), books);
}

}  // namespace

std::uint8_t incommute_minutes(const LabourAssumptions& a, std::uint32_t word) {
    const double normal = std::clamp(exact_normal_quantile(unit_open(word)), -2.0, 2.0);
    constexpr double longest = std::numeric_limits<std::uint8_t>::max();
    return static_cast<std::uint8_t>(std::clamp(a.incommute_minutes_mean + a.incommute_minutes_spread * normal, 1.0, longest));
}

void update_labour(const Model& model, World& world) {
    fill_work_cache(model, world);
    std::vector<Seeker> seekers = separate_and_search(model, world);
    Vacancies vacancies = list_vacancies(model, world);
    if (!model.active(Behaviour::labour_search)) return;
    search_outside(model, world, vacancies, seekers);
    add_outside_candidates(model, world, vacancies, seekers);
    hire(model, world, seekers, match(model, world, seekers, std::move(vacancies)));
}

void hire(const Model& model, World& world, const std::vector<Seeker>& seekers, const Matching& matching) {
    const Levers& levers = model.levers(world.month);
    const LabourAssumptions& a = model.assumptions().labour;
    const std::vector<Match>& matches = matching.matches;
    const std::size_t blocks = model.district.blocks.size();
    // No two matches share a post or a worker. In-commuters from outside get their rows beforehand, in order of matches.
    std::vector<std::uint32_t> outside_before(Parallel::grains(matches.size(), hire_grain) + 1, 0);
    model.parallel.for_grains(matches.size(), hire_grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        std::uint32_t count = 0;
        for (std::size_t i = begin; i < end; ++i)
            count += static_cast<std::uint32_t>(seekers[matches[i].seeker].kind == SeekerKind::outside);
        outside_before[g + 1] = count;
    });
    for (std::size_t g = 1; g < outside_before.size(); ++g) outside_before[g] += outside_before[g - 1];
    std::vector<std::uint32_t> rows = take_in_commuter_rows(world, outside_before.back());

    std::vector<Hired> hired(outside_before.size() - 1, Hired(blocks));
    model.parallel.for_grains(matches.size(), hire_grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        std::array<std::uint64_t, hire_grain> lucks{};
        std::array<std::uint32_t, hire_grain> w0, w1, w2, w3;
        std::size_t outside = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const Seeker& seeker = seekers[matches[i].seeker];
            lucks[outside] = seeker.luck;
            outside += static_cast<std::size_t>(seeker.kind == SeekerKind::outside);
        }
        model.luck.blocks(Purpose::outside_worker, lucks.data(), outside, world.month, w0.data(), w1.data(), w2.data(), w3.data());
        outside = 0;
        Hired& out = hired[g];
        for (std::size_t i = begin; i < end; ++i) {
            // Memory decides the pace: posts and people are fetched ahead, then what they lead to.
            if (i + ahead < end) fetch_ends(world, matches[i + ahead], seekers[matches[i + ahead].seeker]);
            if (i + ahead / 2 < end) fetch_old_post(world, seekers[matches[i + ahead / 2].seeker]);
            const Match& m = matches[i];
            const Seeker& seeker = seekers[m.seeker];
            switch (seeker.kind) {
                case SeekerKind::employed:
                    ++out.separations[world.jobs.block[world.people.job[seeker.row]]];
                    [[fallthrough]];
                case SeekerKind::unemployed:
                    hire_resident(world, m.post, m.business, seeker.row, out.books);
                    break;
                case SeekerKind::in_commuter:
                    ++out.separations[world.jobs.block[world.in_commuters.job[seeker.row]]];
                    transfer_in_commuter(world, seeker.row, m.post, m.business, out.books);
                    break;
                case SeekerKind::outside: {
                    if (outside_before[g] + outside + ahead / 2 < rows.size())
                        fetch_in_commuter(world, rows[outside_before[g] + outside + ahead / 2]);
                    const Word4 draw{w0[outside], w1[outside], w2[outside], w3[outside]};
                    hire_from_outside(a, world, rows[outside_before[g] + outside], m, seeker, draw, out.books);
                    ++outside;
                    break;
                }
            }
            const std::size_t block = m.place / skills;
            const bool resident = seeker.resident();
            ++(resident ? out.residents : out.others)[block];
            if (m.rewarded) ++(resident ? out.rewarded_residents : out.rewarded_others)[block];
        }
    });
    const auto reward = static_cast<std::int64_t>(std::floor(levers.employment.subsidy_per_local_hire_yuan));
    for (const Hired& part : hired) {
        book(world, part.books);
        for (std::uint32_t b = 0; b < blocks; ++b) {
            world.flows.add(Flow::separations, b, part.separations[b]);
            world.flows.add(Flow::hires_resident, b, part.residents[b]);
            world.flows.add(Flow::hires_outside, b, part.others[b]);
            world.flows.add(Flow::hires_subsidised_resident, b, part.rewarded_residents[b]);
            world.flows.add(Flow::hires_subsidised_outside, b, part.rewarded_others[b]);
            world.flows.add(Flow::subsidy_yuan, b, part.rewarded_residents[b] * reward);
        }
    }
    world.commuter_draws.hired = std::move(rows);
    for (const std::uint32_t post : matching.waiting_posts) world.flows.add(Flow::posts_waiting_rule, world.jobs.block[post]);
    world.flows.add(Flow::choice_evaluations, 0, static_cast<std::int64_t>(matching.evaluations));
}

Registration outside_registration(const Model& model, std::uint64_t luck, Month month) {
    return registration_of(model.assumptions().labour, model.luck.block(Purpose::outside_worker, luck, month));
}

void fill_work_cache(const Model& model, World& world) {
    WorkState::Cache& cache = world.work.cache;
    const District& district = model.district;
    const std::size_t blocks = district.blocks.size();
    if (cache.attraction.size() == (blocks + 1) * blocks) return;
    const LabourAssumptions& a = model.assumptions().labour;
    constexpr double metres_per_km = 1000;
    cache.attraction.assign((blocks + 1) * blocks, 1.0F);
    cache.farness.assign((blocks + 1) * blocks, 1.0F);
    cache.preference.assign((blocks + 1) * blocks, static_cast<float>(exact_exp(a.local_preference)));
    for (std::size_t home = 0; home < blocks; ++home) {
        for (std::size_t work = 0; work < blocks; ++work) {
            const double dx = district.blocks[home].centre.x_m - district.blocks[work].centre.x_m;
            const double dy = district.blocks[home].centre.y_m - district.blocks[work].centre.y_m;
            const double km = std::sqrt(dx * dx + dy * dy) / metres_per_km;
            cache.attraction[home * blocks + work] = static_cast<float>(exact_exp(-a.distance_per_km * km));
            cache.farness[home * blocks + work] = static_cast<float>(exact_exp(a.distance_per_km * km));
            cache.preference[home * blocks + work] = static_cast<float>(exact_exp(a.local_preference - a.information_per_km * km));
        }
    }
    cache.affinity.clear();
    cache.sector_luck.clear();
    for (const Sector& sector : district.catalogue.sectors) {
        cache.affinity.push_back(static_cast<float>(exact_exp(a.affinity_weight * sector.in_commuter_affinity)));
        cache.sector_luck.push_back(Hash{}.text("sector").text(sector.code).value());
    }
    cache.block_luck.clear();
    for (const Block& block : district.blocks) cache.block_luck.push_back(Hash{}.text("block").text(block.code).value());
    cache.subdistrict_luck.clear();
    for (const Subdistrict& s : district.subdistricts) cache.subdistrict_luck.push_back(Hash{}.text("subdistrict").text(s.code).value());
    cache.entry_stream.clear();
    for (const std::uint64_t sector : cache.sector_luck) {
        for (const std::uint64_t block : cache.block_luck) cache.entry_stream.push_back(luck_key(sector, block));
    }
    const double reach_m = model.assumptions().businesses.reach_km * metres_per_km;
    cache.near.clear();
    cache.near_weight.clear();
    cache.first_near.assign(1, 0);
    for (std::size_t here = 0; here < blocks; ++here) {
        for (std::size_t there = 0; there < blocks; ++there) {
            const double dx = district.blocks[here].centre.x_m - district.blocks[there].centre.x_m;
            const double dy = district.blocks[here].centre.y_m - district.blocks[there].centre.y_m;
            const double weight = here == there ? 1.0 : reach_m > 0 ? 1.0 - std::sqrt(dx * dx + dy * dy) / reach_m : 0.0;
            if (!(weight > 0)) continue;
            cache.near.push_back(static_cast<std::uint32_t>(there));
            cache.near_weight.push_back(weight);
        }
        cache.first_near.push_back(static_cast<std::uint32_t>(cache.near.size()));
    }
    cache.blocks_of.clear();
    cache.first_block_of.assign(1, 0);
    for (std::size_t s = 0; s < district.subdistricts.size(); ++s) {
        for (std::size_t b = 0; b < blocks; ++b) {
            if (district.blocks[b].subdistrict.value == s) cache.blocks_of.push_back(static_cast<std::uint32_t>(b));
        }
        cache.first_block_of.push_back(static_cast<std::uint32_t>(cache.blocks_of.size()));
    }
}

}  // namespace hutong
