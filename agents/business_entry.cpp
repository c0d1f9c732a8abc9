// Openings. Candidates come in a stream by (sector, block, month) that is the same in every scenario; how many of them
// open answers demand, rents, premises on offer, the pull of function areas and rewards. They look for premises by
// keyed races and contend for them as seekers do for posts.
#include <algorithm>
#include <cmath>

#include "agents/businesses.h"
#include "agents/keyed_race.h"
#include "agents/resolve.h"
#include "agents/stocks.h"
#include "core/exact_math.h"
#include "core/sixteen_rows.h"

namespace hutong {
namespace {

constexpr std::uint8_t any_sector = 255;
constexpr double reward_unit_yuan = 10000;
constexpr std::size_t person_grain = 32768;
constexpr std::size_t entrant_grain = 64;

struct Entrant {
    std::uint64_t luck = 0;
    std::uint32_t block = 0;
    std::uint8_t sector = 0;
    std::uint32_t founder = no_row;  ///< a resident who becomes self-employed (P5)
};

/// Posts that premises of this area give work to in the sector, as at the start.
double posts_in(const World& world, std::size_t sector, std::uint32_t premises) {
    return world.premises.area_m2(premises) / world.work.area_per_post[sector];
}

/// Pull of a function area on high-end sectors in reused space (C2.4) and of rewards for hires there (P5).
double pull_of_reused_space(const Model& model, const World& world, std::size_t sector, bool function_area) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const Levers& levers = model.levers(world.month);
    double v = 0;
    if (levers.on(Clause::C2_4) && function_area) v += a.entry_pull * model.district.catalogue.sectors[sector].high_end_pull;
    if (levers.on(Clause::P5)) v += a.entry_subsidy * levers.employment.subsidy_per_local_hire_yuan / reward_unit_yuan;
    return exact_exp(v);
}

Funding funding_in(const Model& model, const World& world, std::uint32_t premises) {
    const std::uint32_t space = world.premises.space[premises];
    if (space == no_row || space >= world.spaces.rows()) return Funding::private_capital;
    const std::uint8_t use = world.spaces.use[space];
    if (use >= model.district.catalogue.uses.size()) return Funding::private_capital;
    const Use& u = model.district.catalogue.uses[use];
    if (!u.public_funded) return Funding::private_capital;
    return u.heritage_like ? Funding::heritage_project : Funding::livelihood_project;
}

std::vector<Entrant> admit_from_streams(const Model& model, const World& world, const BusinessConditions& c) {
    const std::vector<double> expected = expected_entries(model, world, c);
    const std::vector<std::uint64_t>& keys = world.work.cache.entry_stream;
    std::vector<std::uint32_t> w0(keys.size()), w1(w0), w2(w0), w3(w0);
    model.luck.blocks(Purpose::business_entry, keys.data(), keys.size(), world.month, w0.data(), w1.data(), w2.data(), w3.data());
    std::vector<Entrant> entrants;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::uint32_t count = poisson_count(expected[i], unit_open(w0[i]));
        for (std::uint32_t n = 0; n < count; ++n) {
            const std::uint64_t luck = luck_key(keys[i], static_cast<std::uint64_t>(world.month.index), n);
            entrants.push_back({luck, static_cast<std::uint32_t>(i % c.blocks), static_cast<std::uint8_t>(i / c.blocks), no_row});
        }
    }
    return entrants;
}

/// [node, no_node among them] 1: in a block where reused premises are on offer.
std::vector<std::uint8_t> offers_by_node(const District& district, const std::vector<std::uint8_t>& on_offer) {
    std::vector<std::uint8_t> at_node(static_cast<std::size_t>(no_node) + 1, 0);
    for (std::size_t node = 0; node < district.network.nodes(); ++node) {
        const BlockId block = district.block_of(NodeId{node});
        if (block) at_node[node] = on_offer[block.value];
    }
    return at_node;
}

/// Unemployed residents who would work for themselves in reused space near their home (P5).
void admit_self_employed(const Model& model, const World& world, const BusinessConditions& c, std::vector<Entrant>& entrants) {
    const Levers& levers = model.levers(world.month);
    if (!levers.on(Clause::P5)) return;
    std::vector<std::uint8_t> on_offer(c.blocks, 0);
    bool any = false;
    for (const std::uint32_t premises : c.vacant) {
        if (!in_vacated_space(world, premises)) continue;
        on_offer[world.premises.block[premises]] = 1;
        any = true;
    }
    if (!any) return;
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const std::uint32_t limit = threshold(
        std::min(1.0, a.self_employment_per_month *
                          exact_exp(a.self_employment_subsidy * levers.employment.subsidy_per_self_employed_yuan / reward_unit_yuan)));
    const auto& people = world.people;
    const std::vector<std::uint8_t> at_node = offers_by_node(model.district, on_offer);
    const auto founders = model.parallel.collect<Entrant>(
        people.rows(), person_grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<Entrant>& out) {
            // The unemployed who live near such premises.
            std::vector<std::uint32_t> rows(end - begin);
            std::size_t found = 0, near = 0;
            const auto* activity = reinterpret_cast<const std::uint8_t*>(people.activity.data());
            sixteen_rows::for_each_equal(activity, begin, end, static_cast<std::uint8_t>(Activity::unemployed),
                                         [&](std::size_t row) { rows[found++] = static_cast<std::uint32_t>(row); });
            for (std::size_t i = 0; i < found; ++i) {  // written always, kept when near: no branch to guess
                const std::uint32_t row = rows[i];
                rows[near] = row;
                near += at_node[people.home_node[row]];
            }
            std::vector<std::uint64_t> lucks(near);
            for (std::size_t i = 0; i < near; ++i) lucks[i] = people.luck[rows[i]];
            std::vector<std::uint32_t> w0(near), w1(near), w2(near), w3(near);
            model.luck.blocks(Purpose::business_entry, lucks.data(), near, world.month, w0.data(), w1.data(), w2.data(), w3.data());
            for (std::size_t i = 0; i < near; ++i) {
                if (w0[i] >= limit) continue;
                const std::uint32_t row = rows[i];
                const BlockId block = model.district.block_of(NodeId{std::uint32_t{people.home_node[row]}});
                // Trades for residents, as common as they are here.
                KeyedRace race(key_of({w1[i], w2[i], 0, 0}));
                for (std::uint32_t s = 0; s < sectors.size(); ++s) {
                    if (sectors[s].consumer && !sectors[s].prohibited)
                        race.enter(s, world.work.cache.sector_luck[s], world.work.exits_start[c.at(s, block.value)]);
                }
                if (race.winner() == KeyedRace::nobody) continue;
                out.push_back({luck_key(people.luck[row], static_cast<std::uint64_t>(world.month.index)), block.value,
                               static_cast<std::uint8_t>(race.winner()), row});
            }
        });
    entrants.insert(entrants.end(), founders.begin(), founders.end());
}

/// Vacant premises by kind.
struct VacantCounts {
    std::vector<double> reserved;  ///< [sector * blocks + block]
    std::vector<double> reused;    ///< [use * blocks + block] in a space once vacated, not reserved
    std::vector<double> open;      ///< [use * blocks + block] not reserved

    VacantCounts(const World& world, const BusinessConditions& c)
        : reserved(c.sectors * c.blocks, 0), reused(premises_uses * c.blocks, 0), open(premises_uses * c.blocks, 0) {
        for (const std::uint32_t premises : c.vacant) {
            const std::size_t block = world.premises.block[premises];
            const std::uint8_t only = world.premises.only_sector[premises];
            if (only != any_sector) {
                if (only < c.sectors) reserved[c.at(only, block)] += 1;
                continue;
            }
            const std::size_t at = static_cast<std::size_t>(world.premises.use[premises]) * c.blocks + block;
            open[at] += 1;
            if (in_vacated_space(world, premises)) reused[at] += 1;
        }
    }
};

/// The premises an entrant applies for: likelier the nearer their size is to the one looked for.
std::uint32_t choose_site(const Model& model, const World& world, const BusinessConditions& c, const std::vector<std::uint8_t>& taken,
                          const Entrant& entrant, std::size_t block, std::uint32_t round) {
    const double wanted = entrant.founder != no_row ? 1.0 : world.work.entry_posts[entrant.sector];
    const EntryRule rule(model, world, entrant.sector);
    KeyedRace race(key_of(model.luck.block(Purpose::business_site, entrant.luck, world.month, round)));
    for (std::uint32_t i = c.first_vacant[block]; i < c.first_vacant[block + 1]; ++i) {
        const std::uint32_t premises = c.vacant[i];
        if (taken[i] || race.cannot_win(world.premises.luck[premises], 1.0) || !world.premises.vacant(premises)) continue;
        if (entrant.founder != no_row && !in_vacated_space(world, premises)) continue;
        if (!rule.allows(world, premises)) continue;
        const double ratio = std::max(1.0, posts_in(world, entrant.sector, premises)) / wanted;
        race.enter(i, world.premises.luck[premises], std::min(ratio, 1.0 / ratio));
    }
    return race.winner();
}

/// The block of this round: first one's own, then one in reach by a keyed race over premises on offer.
std::size_t block_of_round(const Model& model, const World& world, const BusinessConditions& c, const Entrant& entrant,
                           std::uint32_t round) {
    if (round == 0) return entrant.block;
    const WorkState::Cache& cache = world.work.cache;
    KeyedRace race(luck_key(key_of(model.luck.block(Purpose::business_site, entrant.luck, world.month, round)), round));
    for (std::uint32_t i = cache.first_near[entrant.block]; i < cache.first_near[entrant.block + 1]; ++i) {
        const std::uint32_t b = cache.near[i];
        race.enter(b, cache.block_luck[b], static_cast<double>(c.first_vacant[b + 1] - c.first_vacant[b]));
    }
    return race.winner() == KeyedRace::nobody ? entrant.block : race.winner();
}

void open_business(const Model& model, World& world, const Entrant& entrant, std::uint32_t premises) {
    const Levers& levers = model.levers(world.month);
    std::uint8_t flags = 0;
    if (in_vacated_space(world, premises)) flags |= flags_in_reused_space(model, world, world.premises.space[premises]);
    if (entrant.founder != no_row) flags |= business_flag::self_employed;
    const std::uint32_t business =
        add_business(world, entrant.luck, entrant.sector, premises, world.month, funding_in(model, world, premises), flags);
    const std::uint32_t block = world.businesses.block[business];
    world.flows.add(Flow::business_entries, block);
    open_facility_of(model, world, business);
    if (entrant.founder == no_row) {
        constexpr double half = 0.5;  // rounding
        open_posts(model, world, business,
                   static_cast<std::uint32_t>(std::max(1.0, std::floor(posts_in(world, entrant.sector, premises) + half))));
        return;
    }
    const std::uint32_t post = add_post(world, business, world.people.skill[entrant.founder]);
    hire_resident(world, post, entrant.founder);
    world.flows.add(Flow::posts_opened, block);
    world.flows.add(Flow::subsidy_yuan, block, static_cast<std::int64_t>(std::floor(levers.employment.subsidy_per_self_employed_yuan)));
}

}  // namespace

std::uint32_t poisson_count(double mean, double u) {
    constexpr double largest = 600;  // expectation of one stream in one month
    double p = exact_exp(-std::min(mean, largest));
    double cumulative = p;
    std::uint32_t count = 0;
    while (cumulative < u && p > 0) {
        ++count;
        p *= mean / static_cast<double>(count);
        cumulative += p;
    }
    return count;
}

EntryRule::EntryRule(const Model& model, const World& world, std::size_t sector) : sector_(static_cast<std::uint8_t>(sector)) {
    const Sector& s = model.district.catalogue.sectors[sector];
    lawful_ = !s.exogenous && !(s.prohibited && model.levers(world.month).on(Clause::G1));
}

bool EntryRule::allows(const World& world, std::uint32_t premises) const {
    if (!lawful_) return false;
    const std::uint8_t only = world.premises.only_sector[premises];
    if (only != any_sector) return only == sector_;
    return world.work.sector_in_use[sector_ * premises_uses + static_cast<std::size_t>(world.premises.use[premises])] != 0;
}

bool may_enter(const Model& model, const World& world, std::size_t sector, std::uint32_t premises) {
    return EntryRule(model, world, sector).allows(world, premises);
}

std::vector<double> expected_entries(const Model& model, const World& world, const BusinessConditions& c) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const WorkState& work = world.work;
    const bool catalogue_in_force = model.levers(world.month).on(Clause::G1);
    std::vector<double> expected(c.sectors * c.blocks, 0);

    std::vector<double> vacancy;
    for (std::size_t b = 0; b < c.blocks; ++b) vacancy.push_back(exact_pow(c.vacancy[b], a.entry_vacancy));
    std::vector<double> common(c.sectors, 0);  // how common entries of the sector are in the district
    for (std::size_t s = 0; s < c.sectors; ++s) {
        if (sectors[s].exogenous || (sectors[s].prohibited && catalogue_in_force)) continue;
        for (std::size_t b = 0; b < c.blocks; ++b) {
            const std::size_t at = c.at(s, b);
            common[s] += work.exits_start[at];
            if (work.exits_start[at] > 0)
                expected[at] = work.exits_start[at] * vacancy[b] * exact_exp(a.entry_demand * c.demand[at] - a.entry_rent * c.rent[at]);
        }
    }

    // Premises on offer that draw entrants of their own: reserved ones, other reused ones, and, were the catalogue
    // relaxed, whatever suits its sectors. Counted first: sums must not depend on the order of rows.
    const VacantCounts vacant(world, c);
    std::vector<double> offers(c.sectors * c.blocks, 0);
    for (std::size_t s = 0; s < c.sectors; ++s) {
        if (sectors[s].exogenous || (sectors[s].prohibited && catalogue_in_force)) continue;
        for (std::size_t b = 0; b < c.blocks; ++b) offers[c.at(s, b)] = a.entry_reserved_per_month * vacant.reserved[c.at(s, b)];
    }
    for (std::size_t use = 0; use < premises_uses; ++use) {
        double sum = 0;
        for (std::size_t s = 0; s < c.sectors; ++s) sum += work.sector_in_use[s * premises_uses + use] ? common[s] : 0.0;
        for (std::size_t s = 0; s < c.sectors; ++s) {
            if (!work.sector_in_use[s * premises_uses + use]) continue;
            for (std::size_t b = 0; b < c.blocks; ++b) {
                const std::size_t at = use * c.blocks + b;
                if (sum > 0) offers[c.at(s, b)] += a.entry_reserved_per_month * vacant.reused[at] * common[s] / sum;
                if (sectors[s].prohibited && !catalogue_in_force)
                    expected[c.at(s, b)] += a.prohibited_entry_per_premises_month * vacant.open[at];
            }
        }
    }
    for (std::size_t s = 0; s < c.sectors; ++s) {
        const double pull[2] = {pull_of_reused_space(model, world, s, false), pull_of_reused_space(model, world, s, true)};
        for (std::size_t b = 0; b < c.blocks; ++b) {
            const std::size_t at = c.at(s, b);
            if (offers[at] > 0) expected[at] += offers[at] * pull[model.district.blocks[b].function_area ? 1 : 0];
            expected[at] *= a.entry_factor;
        }
    }
    return expected;
}

void enter_businesses(const Model& model, World& world, const BusinessConditions& conditions) {
    // Premises left this month are on offer too; conditions are those of the month's beginning.
    BusinessConditions c = conditions;
    list_vacant_premises(world, c);
    std::vector<Entrant> looking = admit_from_streams(model, world, c);
    admit_self_employed(model, world, c, looking);

    std::vector<std::uint8_t> taken(c.vacant.size(), 0);
    std::int64_t evaluations = 0;
    const auto rounds = static_cast<std::uint32_t>(model.assumptions().businesses.site_rounds);
    for (std::uint32_t round = 0; round < rounds && !looking.empty(); ++round) {
        std::vector<Proposal> proposals;
        std::vector<Entrant> again;
        struct Choice {
            std::uint32_t site, block;
        };
        std::vector<Choice> choices(looking.size());
        model.parallel.for_grains(looking.size(), entrant_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const std::size_t block =
                    looking[i].founder != no_row ? looking[i].block : block_of_round(model, world, c, looking[i], round);
                choices[i] = {choose_site(model, world, c, taken, looking[i], block, round), static_cast<std::uint32_t>(block)};
            }
        });
        for (std::uint32_t i = 0; i < looking.size(); ++i) {
            const auto [site, block] = choices[i];
            evaluations += c.first_vacant[block + std::size_t{1}] - c.first_vacant[block];
            if (site == KeyedRace::nobody) {
                again.push_back(looking[i]);
                continue;
            }
            const std::uint64_t premises_luck = world.premises.luck[c.vacant[site]];
            proposals.push_back({contest_rank(premises_luck, looking[i].luck, world.month), looking[i].luck, site, i});
        }
        resolve(
            proposals,
            [&](const Proposal& p) {
                taken[p.good] = 1;
                open_business(model, world, looking[p.who], c.vacant[p.good]);
            },
            [&](const Proposal& p) { again.push_back(looking[p.who]); });
        looking = std::move(again);
    }
    world.flows.add(Flow::choice_evaluations, 0, evaluations);
}

}  // namespace hutong
