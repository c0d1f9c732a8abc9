// Who comes from outside: a stream of candidate households that is the same in every scenario (admission is the
// scenario's), in-commuters who look for a home here, and unauthorised dwelling.

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/homes.h"
#include "agents/residents.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 16384;
constexpr std::uint64_t arrival_stream = 0x6172726976616cULL;     // "arrival"
constexpr std::uint64_t unauthorised_stream = 0x6d6973757365ULL;  // "misuse"

/// An age in months, uniform over the span.
int drawn_age(std::uint32_t word, std::int64_t from_years, std::int64_t to_years) {
    return static_cast<int>(from_years * 12 +
                            Luck::below(word, static_cast<std::uint32_t>(std::max<std::int64_t>(to_years - from_years, 1) * 12)));
}

std::uint64_t candidate_luck(Month month, std::uint32_t number) {
    return luck_key(arrival_stream, static_cast<std::uint64_t>(month.index), number);
}

std::uint8_t income_of(std::uint32_t word) { return static_cast<std::uint8_t>(Luck::below(word, income_groups)); }
Skill skill_from(std::uint32_t word) { return static_cast<Skill>(Luck::below(word, skills)); }

Education education_for(Skill skill) {
    switch (skill) {
        case Skill::high:
            return Education::university;
        case Skill::middle:
            return Education::college;
        case Skill::low:
            break;
    }
    return Education::junior;
}

double mean_rent_ratio(const World& world) {
    double now = 0, start = 0;
    for (std::size_t i = 0; i < world.housing.rent_yuan_m2_month.size(); ++i) {
        now += world.housing.rent_yuan_m2_month[i] * world.housing.offered[i];
        start += world.housing.rent_at_start[i] * world.housing.offered[i];
    }
    return start > 0.0 ? now / start : 1.0;
}

double open_post_ratio(const World& world) {
    const auto& start = world.housing.open_posts_at_start;
    if (start.empty() || !(start[0] > 0.0) || world.jobs.count() == 0) return 1.0;
    std::int64_t posts = 0, filled = 0;
    for (std::size_t b = 0; b < world.businesses.rows(); ++b) {
        posts += world.businesses.posts[b];
        filled += world.businesses.filled[b];
    }
    if (posts == 0) return 1.0;
    return std::max(static_cast<double>(posts - filled) / static_cast<double>(posts) / start[0], 0.01);
}

}  // namespace

ArrivalCandidate arrival_candidate(const Model& model, Month month, std::uint32_t number) {
    ArrivalCandidate c;
    c.luck = candidate_luck(month, number);
    c.words = model.luck.block(Purpose::arrival, c.luck, month, 0);
    c.more = model.luck.block(Purpose::arrival, c.luck, month, 1);
    return c;
}

std::vector<HomeSearch> admitted_arrivals(const Model& model, const World& world) {
    const HomesAssumptions& a = model.assumptions().homes;
    const auto candidates = static_cast<std::uint32_t>(std::floor(a.arrivals_per_year * model.scenario.run.scale / 12.0 + 0.5));
    const double later = after_data_date(a, world.month) ? a.later_arrivals_factor : 1.0;
    const double admission = later * a.arrival_admission * exact_pow(mean_rent_ratio(world), -a.arrival_rent_elasticity) *
                             exact_pow(open_post_ratio(world), a.arrival_job_elasticity);
    const std::uint32_t limit = threshold(admission);
    std::vector<std::uint64_t> lucks(candidates);
    for (std::uint32_t number = 0; number < candidates; ++number) lucks[number] = candidate_luck(world.month, number);
    std::array<std::vector<std::uint32_t>, 4> words;
    for (auto& column : words) column.resize(candidates);
    model.luck.blocks(Purpose::arrival, lucks.data(), candidates, world.month, words[0].data(), words[1].data(), words[2].data(),
                      words[3].data());
    std::vector<HomeSearch> searches;
    for (std::uint32_t number = 0; number < candidates; ++number) {
        if (words[0][number] >= limit) continue;
        const ArrivalCandidate c{lucks[number], {words[0][number], words[1][number], words[2][number], words[3][number]}};
        const bool floating = c.words[1] < threshold(a.arrival_floating_share);
        const bool couple = c.words[2] < threshold(a.arrival_couple_share);
        const bool child = c.words[2] < threshold(a.arrival_couple_share * a.arrival_child_share);
        HomeSearch search;
        search.kind = HomeSearch::Kind::arrival;
        search.luck = c.luck;
        search.row = number;
        search.persons = child ? 3 : (couple ? 2 : 1);
        search.segment = static_cast<std::uint8_t>(
            home_segment(income_of(c.words[3]), child ? Family::young_child : (couple ? Family::several : Family::single)));
        search.set = static_cast<std::uint8_t>(eligible_set(!floating, !couple));
        search.must_move = true;
        searches.push_back(search);
    }
    return searches;
}

std::uint32_t settle_arrival(const Model& model, World& world, const HomeSearch& search, std::uint32_t dwelling) {
    const HomesAssumptions& a = model.assumptions().homes;
    const ArrivalCandidate c = arrival_candidate(model, world.month, search.row);
    const bool bed = world.dwellings.tenure[dwelling] == Tenure::collective;
    const std::uint32_t household =
        add_household(world, c.luck, dwelling, world.month, income_of(c.words[3]), 0, bed ? household_flag::collective : 0);
    const Registration registration = c.words[1] < threshold(a.arrival_floating_share) ? Registration::outside : Registration::beijing;
    NewPerson person;
    person.registration = registration;
    const int age = drawn_age(c.more[0], a.arrival_from_age, a.arrival_to_age);
    for (std::uint8_t order = 0; order < std::min<std::uint8_t>(search.persons, 2); ++order) {
        person.luck = luck_key(c.luck, order);
        person.birth = world.month - age;
        const bool head_male = (c.more[1] & 1) != 0;
        person.sex = head_male == (order == 0) ? Sex::male : Sex::female;
        const Word4 words = model.luck.block(Purpose::arrival, person.luck, world.month, 2);
        person.skill = skill_from(words[0]);
        person.education = education_for(person.skill);
        person.activity = words[1] < threshold(a.arrival_seeks_work_share) ? Activity::unemployed : Activity::employed_outside;
        person.role = order == 0 ? Role::head : Role::partner;
        add_person(world, household, person);
    }
    if (search.persons == 3) {
        NewPerson child;
        child.luck = luck_key(c.luck, 2);
        child.birth = world.month - drawn_age(c.more[2], 0, model.assumptions().people.primary_age);
        child.sex = (c.more[1] & 2) != 0 ? Sex::male : Sex::female;
        child.registration = registration;
        const std::int64_t months = world.month - child.birth;
        child.activity = months >= model.assumptions().people.pre_school_age * 12 ? Activity::pre_school : Activity::infant;
        add_person(world, household, child);
    }
    return search.persons;
}

std::uint32_t conversion_threshold(const Model& model) {
    if (!model.active(Behaviour::commuter_conversion)) return 0;
    return threshold(monthly_probability(model.assumptions().homes.commuter_conversion_per_year));
}

std::vector<HomeSearch> commuters_searching(const Model& model, const World& world) {
    const auto& commuters = world.in_commuters;
    const CommuterDraws& draws = world.commuter_draws;
    WordTests tests;
    tests.bound[1] = conversion_threshold(model);
    std::vector<HomeSearch> searches;
    const auto search = [&](std::uint32_t row, std::vector<HomeSearch>& out) {
        const bool floating = commuters.registration[row] == Registration::outside;
        HomeSearch one;
        one.kind = HomeSearch::Kind::commuter;
        one.luck = commuters.luck[row];
        one.row = row;
        // Skill stands for income: the worker's own is not known before the household exists.
        one.segment = static_cast<std::uint8_t>(home_segment(1 + static_cast<int>(commuters.skill[row]), Family::single));
        one.set = static_cast<std::uint8_t>(eligible_set(!floating, true));
        out.push_back(one);
    };
    if (draws.drawn && draws.month == world.month) {
        for (const auto& [luck, row] : draws.likely) {
            if (commuters.luck[row] == luck && commuters.alive(row)) search(row, searches);
        }
        std::vector<std::uint64_t> lucks;
        for (const std::uint32_t row : draws.hired) lucks.push_back(commuters.luck[row]);
        Hits hits;
        for (std::size_t first = 0; first < lucks.size(); first += Hits::most) {
            const std::size_t count = std::min(Hits::most, lucks.size() - first);
            model.luck.hits(Purpose::incommuter_event, lucks.data() + first, count, world.month, tests, hits);
            for (std::size_t h = 0; h < hits.count; ++h) {
                const std::uint32_t row = draws.hired[first + hits.at[h]];
                if (commuters.alive(row)) search(row, searches);
            }
        }
        return searches;
    }
    return model.parallel.collect<HomeSearch>(
        commuters.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<HomeSearch>& out) {
            Hits hits;
            for (std::size_t first = begin; first < end; first += Hits::most) {
                const std::size_t count = std::min(Hits::most, end - first);
                model.luck.hits(Purpose::incommuter_event, commuters.luck.data() + first, count, world.month, tests, hits);
                for (std::size_t h = 0; h < hits.count; ++h) {
                    const auto row = static_cast<std::uint32_t>(first + hits.at[h]);
                    if (commuters.alive(row)) search(row, out);
                }
            }
        });
}

void settle_commuter(const Model& model, World& world, const HomeSearch& search, std::uint32_t dwelling) {
    (void)model;
    const auto& commuters = world.in_commuters;
    const std::uint32_t row = search.row;
    const std::uint32_t post = commuters.job[row];
    NewPerson person;
    person.luck = commuters.luck[row];
    person.birth = Month{commuters.birth_month[row]};
    person.sex = commuters.sex[row];
    person.registration = commuters.registration[row];
    person.skill = commuters.skill[row];
    person.education = education_for(person.skill);
    person.activity = Activity::unemployed;  // for the moment between the two books
    person.role = Role::head;
    const bool bed = world.dwellings.tenure[dwelling] == Tenure::collective;
    const auto income = static_cast<std::uint8_t>(1 + static_cast<int>(person.skill));
    const std::uint32_t household = add_household(world, luck_key(person.luck, static_cast<std::uint64_t>(world.month.index)), dwelling,
                                                  world.month, income, 0, bed ? household_flag::collective : 0);
    const std::uint32_t resident = add_person(world, household, person);
    settle_in_commuter(world, row, resident);
    world.flows.add(Flow::moves_in, world.dwellings.block[dwelling]);
    world.flows.add(Flow::in_commuters_converted, world.jobs.block[post]);
}

void start_unauthorised_dwelling(const Model& model, World& world) {
    const HomesAssumptions& a = model.assumptions().homes;
    const double enforcement = model.levers(world.month).control.enforcement;
    // Deterrence beside detection.
    const double deterred = std::max(0.0, 1.0 + a.unauthorised_deterrence * (enforcement - 1.0) / 2.0);
    const std::uint32_t limit = deterred > 0 ? threshold(monthly_probability(a.unauthorised_per_space_year / deterred)) : ~0U;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        const Space& space = model.district.spaces[s];
        const SpaceStage stage = world.spaces.stage[s];
        if (space.form == SpaceForm::land || stage < SpaceStage::vacant || stage >= SpaceStage::works) continue;
        const std::uint64_t luck = luck_key(unauthorised_stream, world.spaces.luck[s], static_cast<std::uint64_t>(world.month.index));
        const Word4 words = model.luck.block(Purpose::arrival, luck, world.month, 3);
        if (words[0] >= limit) continue;
        const BlockId block = model.district.block_of(space.node);
        // A place once lived in is lived in again before another one appears in the books.
        std::uint32_t dwelling = no_row;
        for (std::uint32_t i = world.housing.space_dwelling_first[s]; i < world.housing.space_dwelling_first[s + 1] && dwelling == no_row;
             ++i) {
            const std::uint32_t row = world.housing.space_dwellings[i];
            if (world.dwellings.household[row] == no_row && world.dwellings.state[row] == DwellingState::cleared) dwelling = row;
        }
        if (dwelling == no_row) continue;  // nothing there that could be lived in
        const std::uint32_t household = add_household(world, luck, dwelling, world.month, 0, 0, household_flag::unauthorised);
        NewPerson person;
        person.luck = luck_key(luck, 0);
        person.birth = world.month - drawn_age(words[1], a.arrival_from_age, a.arrival_to_age);
        person.sex = (words[2] & 1) != 0 ? Sex::male : Sex::female;
        person.registration = Registration::outside;
        person.education = Education::junior;
        person.activity = Activity::unemployed;
        person.role = Role::head;
        add_person(world, household, person);
        world.flows.add(Flow::misuse_started, block.value);
        world.flows.add(Flow::moves_in, block.value);
    }
}

}  // namespace hutong
