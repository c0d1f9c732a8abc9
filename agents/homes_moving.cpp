// Which households look for another home this month, and which leave at once.

#include <algorithm>
#include <array>

#include "agents/homes.h"
#include "agents/residents.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 16384;  // households per task
constexpr std::size_t ahead = 8;      // rows asked for before they are needed

double base_hazard(const HomesAssumptions& a, Tenure tenure) {
    switch (tenure) {
        case Tenure::owned:
            return a.move_owned_per_year;
        case Tenure::private_rent:
            return a.move_private_rent_per_year;
        case Tenure::public_housing:
            return a.move_public_per_year;
        case Tenure::employer:
            return a.move_employer_per_year;
        case Tenure::collective:
            return a.move_collective_per_year;
    }
    return 0.0;
}

double household_income(const HomesAssumptions& a, std::uint8_t group) {
    switch (group) {
        case 0:
            return a.income_1_yuan;
        case 1:
            return a.income_2_yuan;
        case 2:
            return a.income_3_yuan;
        case 3:
            return a.income_4_yuan;
        default:
            return a.income_5_yuan;
    }
}

/// Yearly hazard of looking for another home, from what the household is and has.
double moving_rate(const HomesAssumptions& a, const World& world, std::uint32_t household, std::uint32_t head) {
    const auto& households = world.households;
    const std::uint32_t dwelling = households.dwelling[household];
    const double base = base_hazard(a, world.dwellings.tenure[dwelling]);
    double rate = base;
    const int age = age_months(world.people, head, world.month);
    if (age < a.young_below_age * 12)
        rate *= a.young_factor;
    else if (age >= a.old_from_age * 12)
        rate *= a.old_factor;
    const double area = world.dwellings.area_m2(dwelling);
    const bool bed = world.dwellings.type[dwelling] == DwellingType::dormitory;
    if (!bed && area < a.crowded_below_m2 * households.size[household]) rate *= a.crowding_factor;
    rate *= 1.0 + a.dissatisfaction_factor * (1.0 - households.satisfaction[household] * 0.001);
    if (households.flags[household] & household_flag::improved) rate *= a.improved_factor;
    if (households.flags[household] & household_flag::school_refused) rate *= a.school_refused_factor;
    if (world.dwellings.tenure[dwelling] == Tenure::private_rent) {
        const int cls = market_class(world.dwellings.type[dwelling], Tenure::private_rent);
        const double burden =
            class_rent(world, world.dwellings.block[dwelling], cls) * area / household_income(a, households.income[household]);
        if (burden > a.burden_limit) rate *= 1.0 + a.burden_factor * std::min(burden - a.burden_limit, 1.0);
    }
    return std::min(rate, base * a.most_moving_factor);
}

/// The hazards of a month as thresholds, with bounds that no household's exceeds.
struct MovingHazards {
    std::array<std::uint32_t, tenures> bound_of{};  ///< by tenure of the present home
    std::uint32_t bound_move = 0;
    std::uint32_t out_floating = 0, out_registered = 0, bound_out = 0;  ///< campaign
    std::uint32_t displaced_leave = 0;

    MovingHazards(const Model& model, Month month) {
        const HomesAssumptions& a = model.assumptions().homes;
        displaced_leave = threshold(a.displaced_leave_share);
        if (!model.active(Behaviour::moving)) return;
        for (int t = 0; t < tenures; ++t) {
            const auto bound = threshold(monthly_probability(a.most_moving_factor * base_hazard(a, static_cast<Tenure>(t))));
            bound_of[static_cast<std::size_t>(t)] = bound;
            bound_move = std::max(bound_move, bound);
        }
        if (!campaign_runs(a, month)) return;
        out_floating = threshold(monthly_probability(a.campaign_out_per_year));
        out_registered = threshold(monthly_probability(a.campaign_out_registered_per_year));
        bound_out = std::max(out_floating, out_registered);
    }
};

/// A household whose words may mean something.
struct Candidate {
    std::uint32_t household, dwelling;
    std::uint32_t move, out;  ///< its words
};

/// First by the words and the largest bounds alone, then by the tenure of the home; who must move looks whatever its words.
void list_candidates(const Model& model, const World& world, const MovingHazards& hazards, std::size_t begin, std::size_t end,
                     std::vector<Candidate>& candidates) {
    const auto& households = world.households;
    WordTests tests;
    tests.bound = {hazards.bound_move, 0, 0, hazards.bound_out};
    WordTests everybody;
    everybody.bound = {~0U, ~0U, ~0U, ~0U};
    Hits hits;
    std::array<Candidate, Hits::most> near;
    std::size_t kept = 0;
    for (std::size_t first = begin; first < end; first += Hits::most) {
        const std::size_t count = std::min(Hits::most, end - first);
        std::uint8_t flags = 0;
        for (std::size_t i = 0; i < count; ++i) flags = static_cast<std::uint8_t>(flags | households.flags[first + i]);
        const bool flagged = (flags & household_flag::must_move) != 0;  // hardly ever anybody
        model.luck.hits(Purpose::household_event, households.luck.data() + first, count, world.month, flagged ? everybody : tests, hits);
        // Both loops write always and keep where it counts: no branch to guess. The tenures are asked for meanwhile.
        std::size_t close = 0;
        for (std::size_t h = 0; h < hits.count; ++h) {
            const std::uint32_t row = static_cast<std::uint32_t>(first + hits.at[h]), dwelling = households.dwelling[row];
            near[close] = {row, dwelling, hits.words[0][h], hits.words[3][h]};
            __builtin_prefetch(&world.dwellings.tenure[dwelling == no_row ? 0 : dwelling]);
            close += static_cast<std::size_t>(dwelling != no_row);  // else a free row
        }
        candidates.resize(kept + close);
        for (std::size_t k = 0; k < close; ++k) {
            const Candidate& candidate = near[k];
            candidates[kept] = candidate;
            const auto tenure = static_cast<std::size_t>(world.dwellings.tenure[candidate.dwelling]);
            const bool moves = candidate.move < hazards.bound_of[tenure], goes = candidate.out < hazards.bound_out;
            kept += static_cast<std::size_t>(moves | goes | ((households.flags[candidate.household] & household_flag::must_move) != 0));
        }
    }
    candidates.resize(kept);
}

/// Asks for what the closer look at a candidate reads; the members of `near` were asked for as the first of `far` before.
void ask_for(const World& world, const Candidate& far, const Candidate& near) {
    const auto member = [&](std::uint32_t person) {
        if (person == no_row) return;
        __builtin_prefetch(&world.people.next_member[person]);
        __builtin_prefetch(&world.people.role[person]);
        __builtin_prefetch(&world.people.birth_month[person]);
        __builtin_prefetch(&world.people.registration[person]);
        __builtin_prefetch(&world.people.activity[person]);
    };
    member(world.households.first_member[far.household]);
    __builtin_prefetch(&world.dwellings.area_dm2_100[far.dwelling]);
    member(world.people.next_member[world.households.first_member[near.household]]);
}

void describe(const Model& model, const World& world, const Candidate& candidate, std::uint32_t head, HomeSearch& search) {
    const bool floating = world.people.registration[head] == Registration::outside;
    search.luck = world.households.luck[candidate.household];
    search.row = candidate.household;
    search.segment = static_cast<std::uint8_t>(segment_of(world, candidate.household));
    search.set = static_cast<std::uint8_t>(eligible_set(!floating, world.households.size[candidate.household] == 1));
    search.block = world.dwellings.block[candidate.dwelling];
    search.origin = static_cast<std::uint8_t>(model.district.blocks[search.block].subdistrict.value);
    search.persons = world.households.size[candidate.household];
}

}  // namespace

bool campaign_runs(const HomesAssumptions& a, Month month) {
    const auto from = Month::parse(a.campaign_from);
    const auto until = Month::parse(a.campaign_until);
    return from && until && month >= *from && month <= *until;
}

bool after_data_date(const HomesAssumptions& a, Month month) {
    const auto from = Month::parse(a.later_from);
    return from && month >= *from;
}

std::uint32_t head_of(const World& world, std::uint32_t household) {
    std::uint32_t member = world.households.first_member[household];
    while (world.people.role[member] != Role::head && world.people.next_member[member] != no_row) member = world.people.next_member[member];
    return member;
}

int segment_of(const World& world, std::uint32_t household) {
    Family family = world.households.size[household] == 1 ? Family::single : Family::several;
    for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = world.people.next_member[m]) {
        if (world.people.activity[m] <= Activity::pre_school) family = Family::young_child;
    }
    return home_segment(std::min<int>(world.households.income[household], 4), family);
}

std::vector<HomeSearch> households_searching(const Model& model, const World& world) {
    const HomesAssumptions& a = model.assumptions().homes;
    const MovingHazards hazards(model, world.month);
    return model.parallel.collect<HomeSearch>(
        world.households.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<HomeSearch>& out) {
            std::vector<Candidate> candidates;
            list_candidates(model, world, hazards, begin, end, candidates);
            for (std::size_t k = 0; k < candidates.size(); ++k) {
                const std::size_t last = candidates.size() - 1;
                ask_for(world, candidates[std::min(k + 2 * ahead, last)], candidates[std::min(k + ahead, last)]);
                const Candidate& candidate = candidates[k];
                const std::uint32_t row = candidate.household;
                const std::uint32_t head = head_of(world, row);
                const bool floating = world.people.registration[head] == Registration::outside;
                HomeSearch search;
                if (world.households.flags[row] & household_flag::must_move) {
                    search.must_move = true;
                    search.leaves =
                        floating && model.luck.word(Purpose::displaced, world.households.luck[row], world.month) < hazards.displaced_leave;
                } else if (candidate.out < (floating ? hazards.out_floating : hazards.out_registered)) {
                    search.leaves = true;
                } else if (candidate.move >= hazards.bound_of[static_cast<std::size_t>(world.dwellings.tenure[candidate.dwelling])] ||
                           candidate.move >= threshold(monthly_probability(moving_rate(a, world, row, head)))) {
                    continue;
                }
                describe(model, world, candidate, head, search);
                out.push_back(search);
            }
        });
}

}  // namespace hutong
