#include "agents/couples.h"

#include <algorithm>
#include <cstdlib>

#include "agents/keyed_race.h"
#include "agents/residents.h"
#include "agents/resolve.h"
#include "agents/stocks.h"

namespace hutong {
namespace {

constexpr std::int64_t moments = 65536;  // of a month
constexpr std::uint32_t free_man = 0xffffffffU;

/// The birth that a woman looks for: her own plus the sum of two uniforms, which has its peak at no difference.
std::int64_t wanted_birth(const Single& woman, std::uint64_t key, std::uint64_t round, int gap_months) {
    const std::uint32_t word = race::word(key, round + 1);
    const std::int64_t both = std::int64_t{word & 0xffffU} + std::int64_t{word >> 16};
    return woman.birth + (both - (moments - 1)) * gap_months;
}

void move_in(const Model& model, World& world, std::uint32_t woman, std::uint32_t man) {
    auto& people = world.people;
    std::uint32_t host = man, guest = woman;
    std::uint32_t host_home = people.household[host], guest_home = people.household[guest];
    const auto collective = [&](std::uint32_t h) { return (world.households.flags[h] & household_flag::collective) != 0; };
    const bool swap = collective(host_home) != collective(guest_home)
                          ? collective(host_home)
                          : world.households.size[guest_home] > world.households.size[host_home];
    if (swap) {
        std::swap(host, guest);
        std::swap(host_home, guest_home);
    }
    // Two beds in dormitories make no home, and a dwelling takes a couple only where its head is single.
    if (collective(host_home) || has_partner(world, host_home)) return;
    if (people.role[host] != Role::head) return;  // an adult child brings nobody into the parents' home
    const std::uint32_t block = model.district.network.block(NodeId(people.home_node[guest])).value;
    const std::uint32_t to_block = model.district.network.block(NodeId(people.home_node[host])).value;
    std::vector<std::uint32_t> movers;
    if (people.role[guest] == Role::head) {  // children come along, elders and flat-sharers stay
        for (std::uint32_t k = world.households.first_member[guest_home]; k != no_row; k = people.next_member[k]) {
            if (people.role[k] == Role::child) movers.push_back(k);
        }
    }
    movers.push_back(guest);  // last: who stays behind then gets a new head, not one who leaves too
    if (world.households.size[host_home] + movers.size() > 255) return;
    for (const std::uint32_t mover : movers) change_household(world, mover, host_home);
    people.role[guest] = Role::partner;
    world.flows.add(Flow::couples_formed, to_block);
    world.flows.add(Flow::moves_within_out, block, static_cast<std::int64_t>(movers.size()));
    world.flows.add(Flow::moves_within_in, to_block, static_cast<std::int64_t>(movers.size()));
}

}  // namespace

std::int64_t birth_moment(std::int16_t birth_month, std::uint64_t luck) {
    return birth_month * moments + static_cast<std::int64_t>(mix64(luck) >> 48);
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> pair_singles(const Luck& luck, Month month, const std::vector<Single>& women,
                                                                  const std::vector<Single>& men, int gap_months, std::int64_t rounds) {
    const auto in_order = [](const std::vector<Single>& singles) {
        std::vector<std::uint32_t> order(singles.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return singles[a].birth != singles[b].birth ? singles[a].birth < singles[b].birth : singles[a].luck < singles[b].luck;
        });
        return order;
    };
    const std::vector<std::uint32_t> women_by_birth = in_order(women);
    std::vector<std::uint32_t> waiting = women_by_birth, free_men = in_order(men);
    std::vector<std::uint64_t> keys(women.size());
    for (std::size_t i = 0; i < women.size(); ++i) keys[i] = key_of(luck.block(Purpose::partner, women[i].luck, month));
    std::vector<std::uint32_t> partner(women.size(), free_man);
    std::vector<char> taken(men.size(), 0);
    std::vector<Proposal> proposals;
    for (std::uint64_t round = 0; round < static_cast<std::uint64_t>(rounds) && !waiting.empty() && !free_men.empty(); ++round) {
        proposals.clear();
        for (const std::uint32_t w : waiting) {
            const std::int64_t wanted = wanted_birth(women[w], keys[w], round, gap_months);
            const auto distance = [&](auto man) { return std::llabs(men[*man].birth - wanted); };
            auto nearest = std::lower_bound(free_men.begin(), free_men.end(), wanted,
                                            [&](std::uint32_t man, std::int64_t birth) { return men[man].birth < birth; });
            if (nearest == free_men.end() || (nearest != free_men.begin() && distance(nearest - 1) < distance(nearest))) --nearest;
            const Single& man = men[*nearest];
            if (man.household == women[w].household || std::llabs(man.birth - women[w].birth) > gap_months * moments) continue;
            proposals.push_back({static_cast<std::uint64_t>(distance(nearest)), women[w].luck, *nearest, w});
        }
        resolve(
            proposals,
            [&](const Proposal& accepted) {
                partner[accepted.who] = accepted.good;
                taken[accepted.good] = 1;
            },
            [](const Proposal&) {});
        std::erase_if(waiting, [&](std::uint32_t w) { return partner[w] != free_man; });
        std::erase_if(free_men, [&](std::uint32_t m) { return taken[m] != 0; });
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const std::uint32_t w : women_by_birth) {
        if (partner[w] != free_man) pairs.emplace_back(w, partner[w]);
    }
    return pairs;
}

void form_couples(const Model& model, World& world, const std::vector<std::uint32_t>& seekers) {
    const auto& people = world.people;
    std::vector<Single> women, men;
    std::vector<std::uint32_t> woman_rows, man_rows;
    for (const std::uint32_t person : seekers) {
        const bool female = people.sex[person] == Sex::female;
        (female ? women : men)
            .push_back({birth_moment(people.birth_month[person], people.luck[person]), people.luck[person], people.household[person]});
        (female ? woman_rows : man_rows).push_back(person);
    }
    const int gap = static_cast<int>(model.assumptions().people.couple_age_gap_years * 12.0);
    for (const auto& [w, m] : pair_singles(model.luck, world.month, women, men, gap, model.assumptions().people.couple_rounds)) {
        if (people.household[woman_rows[w]] != people.household[man_rows[m]]) move_in(model, world, woman_rows[w], man_rows[m]);
    }
}

}  // namespace hutong
