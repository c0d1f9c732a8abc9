#include "agents/homes.h"

#include <algorithm>
#include <array>

#include "agents/residents.h"
#include "agents/steps.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 16384;  // households per task
constexpr std::size_t chunk = 1024;
constexpr std::size_t ahead = 8;  // rows asked for before they are needed

std::uint32_t block_of_household(const Model& model, const World& world, std::uint32_t household) {
    return model.district.network.block(NodeId(world.people.home_node[world.households.first_member[household]])).value;
}

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
double moving_rate(const Model& model, const World& world, std::uint32_t household) {
    const HomesAssumptions& a = model.assumptions().homes;
    const auto& households = world.households;
    const std::uint32_t dwelling = households.dwelling[household];
    if (dwelling == no_row) return 0.0;
    const double base = base_hazard(a, world.dwellings.tenure[dwelling]);
    double rate = base;
    const int age = age_months(world.people, head_of(world, household), world.month);
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

/// No household's rate can exceed this: words above its threshold need no closer look.
double largest_moving_rate(const HomesAssumptions& a) {
    return a.most_moving_factor * std::max({a.move_owned_per_year, a.move_private_rent_per_year, a.move_public_per_year,
                                            a.move_employer_per_year, a.move_collective_per_year});
}

enum class Wish : std::uint8_t { move, must_move, campaign };
struct HouseholdWish {
    std::uint32_t household;
    Wish wish;
};

std::vector<HouseholdWish> household_wishes(const Model& model, const World& world) {
    const HomesAssumptions& a = model.assumptions().homes;
    const auto& households = world.households;
    const bool moving = model.active(Behaviour::moving);
    const bool campaign = moving && campaign_runs(a, world.month);
    const std::uint32_t bound_move = moving ? threshold(monthly_probability(largest_moving_rate(a))) : 0;
    const std::uint32_t out_floating = campaign ? threshold(monthly_probability(a.campaign_out_per_year)) : 0;
    const std::uint32_t out_registered = campaign ? threshold(monthly_probability(a.campaign_out_registered_per_year)) : 0;
    const std::uint32_t bound_out = std::max(out_floating, out_registered);
    std::uint32_t bound_of[tenures];  // most homes are owned, and their people move seldom: a quick second look
    for (int t = 0; t < tenures; ++t) {
        bound_of[t] = moving ? threshold(monthly_probability(a.most_moving_factor * base_hazard(a, static_cast<Tenure>(t)))) : 0;
    }
    return model.parallel.collect<HouseholdWish>(
        households.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<HouseholdWish>& out) {
            std::uint32_t words[4][chunk];
            for (std::size_t first = begin; first < end; first += chunk) {
                const std::size_t count = std::min(chunk, end - first);
                model.luck.blocks(Purpose::household_event, households.luck.data() + first, count, world.month, words[0], words[1],
                                  words[2], words[3]);
                // Few are looked at; their rows, then their dwellings, are asked for ahead.
                std::array<std::uint32_t, chunk> close;
                std::size_t found = 0;
                for (std::size_t i = 0; i < count; ++i) {
                    close[found] = static_cast<std::uint32_t>(i);
                    found += (words[0][i] < bound_move) | (words[3][i] < bound_out) |
                             ((households.flags[first + i] & household_flag::must_move) != 0);
                }
                for (std::size_t k = 0; k < found; ++k) {
                    if (k + 2 * ahead < found) {
                        __builtin_prefetch(&households.dwelling[first + close[k + 2 * ahead]]);
                        __builtin_prefetch(&households.first_member[first + close[k + 2 * ahead]]);
                    }
                    if (k + ahead < found) {
                        const std::uint32_t later = households.dwelling[first + close[k + ahead]];
                        if (later != no_row) __builtin_prefetch(&world.dwellings.tenure[later]);
                    }
                    const std::size_t i = close[k];
                    const auto row = static_cast<std::uint32_t>(first + i);
                    const bool flagged = (households.flags[row] & household_flag::must_move) != 0;
                    if (!households.alive(row)) continue;
                    if (flagged) {
                        out.push_back({row, Wish::must_move});
                        continue;
                    }
                    if (words[3][i] < bound_out) {
                        const bool floating = world.people.registration[head_of(world, row)] == Registration::outside;
                        if (words[3][i] < (floating ? out_floating : out_registered)) {
                            out.push_back({row, Wish::campaign});
                            continue;
                        }
                    }
                    const std::uint32_t dwelling = households.dwelling[row];
                    if (dwelling == no_row || words[0][i] >= bound_of[static_cast<std::size_t>(world.dwellings.tenure[dwelling])]) continue;
                    if (words[0][i] < threshold(monthly_probability(moving_rate(model, world, row)))) out.push_back({row, Wish::move});
                }
            }
        });
}

HomeSearch search_of(const Model& model, const World& world, std::uint32_t household, bool must_move) {
    const HomesAssumptions& a = model.assumptions().homes;
    HomeSearch search;
    search.luck = world.households.luck[household];
    search.row = household;
    search.segment = static_cast<std::uint8_t>(segment_of(world, household));
    search.set = static_cast<std::uint8_t>(eligible_set_of(world, household));
    search.must_move = must_move;
    const std::uint32_t block = block_of_household(model, world, household);
    search.origin = static_cast<std::uint8_t>(model.district.blocks[block].subdistrict.value);
    search.persons = world.households.size[household];
    const bool floating = world.people.registration[head_of(world, household)] == Registration::outside;
    search.outside_odds = floating ? a.outside_odds_floating : a.outside_odds_registered;
    return search;
}

HomeSearch search_of_leaver(const Model& model, const World& world, std::uint32_t person) {
    const HomesAssumptions& a = model.assumptions().homes;
    const std::uint32_t household = world.people.household[person];
    HomeSearch search;
    search.kind = HomeSearch::Kind::leaver;
    search.luck = luck_key(world.people.luck[person], static_cast<std::uint64_t>(world.month.index));
    search.row = person;
    search.segment = static_cast<std::uint8_t>(home_segment(world.households.income[household], Family::single));
    const bool floating = world.people.registration[person] == Registration::outside;
    search.set = static_cast<std::uint8_t>(eligible_set(!floating, true));
    const std::uint32_t block = model.district.network.block(NodeId(world.people.home_node[person])).value;
    search.origin = static_cast<std::uint8_t>(model.district.blocks[block].subdistrict.value);
    search.outside_odds = floating ? a.outside_odds_floating : a.outside_odds_registered;
    return search;
}

/// Asks for the rows that booking household `far` and, nearer in time, `near` will touch: they lie all over memory.
void ask_for(const World& world, std::uint32_t far, std::uint32_t near) {
    const auto& households = world.households;
    if (far != no_row) {
        __builtin_prefetch(&households.first_member[far]);
        __builtin_prefetch(&households.dwelling[far]);
        __builtin_prefetch(&households.size[far]);
    }
    if (near == no_row || households.first_member[near] == no_row) return;
    const std::uint32_t member = households.first_member[near];
    __builtin_prefetch(&world.people.home_node[member]);
    __builtin_prefetch(&world.people.next_member[member]);
    __builtin_prefetch(&world.people.job[member]);
    __builtin_prefetch(&world.people.household[member]);
    if (households.dwelling[near] != no_row) __builtin_prefetch(&world.dwellings.household[households.dwelling[near]]);
}

/// A household takes the dwelling it found; the move is counted in both blocks.
void apply_move(const Model& model, World& world, std::uint32_t household, std::uint32_t dwelling) {
    const std::uint32_t from = block_of_household(model, world, household);
    const std::int64_t persons = world.households.size[household];
    auto& flags = world.households.flags[household];
    flags = static_cast<std::uint8_t>(flags & ~(household_flag::must_move | household_flag::unauthorised | household_flag::improved |
                                                household_flag::collective | household_flag::school_refused));
    if (world.dwellings.tenure[dwelling] == Tenure::collective) flags |= household_flag::collective;
    move_household(world, household, dwelling, world.month);
    world.flows.add(Flow::moves_within_out, from, persons);
    world.flows.add(Flow::moves_within_in, world.dwellings.block[dwelling], persons);
}

/// The leaver founds a household of its own in the dwelling it found.
void apply_leaving(const Model& model, World& world, const HomeSearch& search, std::uint32_t dwelling) {
    const std::uint32_t person = search.row;
    const std::uint32_t from = model.district.network.block(NodeId(world.people.home_node[person])).value;
    const std::uint8_t income = world.households.income[world.people.household[person]];
    const bool bed = world.dwellings.tenure[dwelling] == Tenure::collective;
    const std::uint32_t household =
        add_household(world, search.luck, dwelling, world.month, income, 0, bed ? household_flag::collective : 0);
    change_household(world, person, household);
    const bool separates = world.people.role[person] == Role::partner;
    world.people.role[person] = Role::head;
    world.flows.add(separates ? Flow::couples_separated : Flow::left_home, from);
    world.flows.add(Flow::moves_within_out, from);
    world.flows.add(Flow::moves_within_in, world.dwellings.block[dwelling]);
}

}  // namespace

bool campaign_runs(const HomesAssumptions& a, Month month) {
    const auto from = Month::parse(a.campaign_from);
    const auto until = Month::parse(a.campaign_until);
    return from && until && month >= *from && month <= *until;
}

std::uint32_t head_of(const World& world, std::uint32_t household) {
    std::uint32_t member = world.households.first_member[household];
    while (world.people.role[member] != Role::head && world.people.next_member[member] != no_row) member = world.people.next_member[member];
    return member;
}

int eligible_set_of(const World& world, std::uint32_t household) {
    const bool registered = world.people.registration[head_of(world, household)] != Registration::outside;
    return eligible_set(registered, world.households.size[household] == 1);
}

int segment_of(const World& world, std::uint32_t household) {
    Family family = world.households.size[household] == 1 ? Family::single : Family::several;
    for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = world.people.next_member[m]) {
        if (world.people.activity[m] <= Activity::pre_school) family = Family::young_child;
    }
    return home_segment(std::min<int>(world.households.income[household], 4), family);
}

void leave_district(const Model& model, World& world, std::uint32_t household) {
    world.flows.add(Flow::moves_out, block_of_household(model, world, household), world.households.size[household]);
    remove_household(world, household);
}

void displace_households(const Model& model, World& world, std::uint32_t space) {
    auto& dwellings = world.dwellings;
    const bool courtyard = model.district.spaces[space].category == SpaceCategory::public_housing;
    for (std::uint32_t i = world.housing.space_dwelling_first[space]; i < world.housing.space_dwelling_first[space + 1]; ++i) {
        const std::uint32_t row = world.housing.space_dwellings[i];
        dwellings.state[row] = DwellingState::cleared;
        const std::uint32_t household = dwellings.household[row];
        if (household == no_row) continue;
        world.households.flags[household] |= household_flag::must_move;
        world.flows.add(Flow::households_displaced, dwellings.block[row]);
        if (courtyard) world.flows.add(Flow::surrendered_leases, dwellings.block[row]);
    }
}

void update_homes(const Model& model, World& world) {
    const HomesAssumptions& a = model.assumptions().homes;
    start_unauthorised_dwelling(model, world);
    HomeChoice choice = prepare_home_choice(model, world);

    std::vector<HomeSearch> searches;
    std::vector<std::uint32_t> leaving;
    const std::uint32_t displaced_leave = threshold(a.displaced_leave_share);
    for (const HouseholdWish& wish : household_wishes(model, world)) {
        const bool must = wish.wish == Wish::must_move;
        const bool goes = wish.wish == Wish::campaign ||
                          (must && world.people.registration[head_of(world, wish.household)] == Registration::outside &&
                           model.luck.word(Purpose::displaced, world.households.luck[wish.household], world.month) < displaced_leave);
        if (goes)
            leaving.push_back(wish.household);
        else
            searches.push_back(search_of(model, world, wish.household, must));
    }
    for (const std::uint32_t person : world.home_leavers) {
        if (world.people.alive(person)) searches.push_back(search_of_leaver(model, world, person));
    }
    world.home_leavers.clear();
    if (model.active(Behaviour::arrivals)) {
        const auto arrivals = admitted_arrivals(model, world);
        searches.insert(searches.end(), arrivals.begin(), arrivals.end());
    }
    if (model.active(Behaviour::commuter_conversion)) {
        const auto commuters = commuters_searching(model, world);
        searches.insert(searches.end(), commuters.begin(), commuters.end());
    }
    // Rows are given out in the order of application: by luck, so that the tables do not depend on the order of rows.
    std::sort(searches.begin(), searches.end(),
              [](const HomeSearch& x, const HomeSearch& y) { return x.luck != y.luck ? x.luck < y.luck : x.kind < y.kind; });

    std::int64_t evaluations = 0;
    const auto found = find_homes(model, world, choice, searches, evaluations);

    // Leavers first: their old households must still stand where they stood when the searches were made.
    for (std::size_t i = 0; i < searches.size(); ++i) {
        if (searches[i].kind != HomeSearch::Kind::leaver) continue;
        const std::uint32_t person = searches[i].row;
        const std::uint32_t block = model.district.network.block(NodeId(world.people.home_node[person])).value;
        world.flows.add(Flow::home_searches, block);
        if (found[i].result == HomeFound::Result::dwelling) {
            apply_leaving(model, world, searches[i], found[i].dwelling);
        } else if (found[i].result == HomeFound::Result::outside) {
            world.flows.add(Flow::moves_out, block);
            remove_person(world, person);
        }
    }
    const auto household_at = [&](std::size_t i) {
        return i < searches.size() && searches[i].kind == HomeSearch::Kind::household ? searches[i].row : no_row;
    };
    for (std::size_t i = 0; i < searches.size(); ++i) {
        ask_for(world, household_at(i + 2 * ahead), household_at(i + ahead));
        const HomeSearch& search = searches[i];
        const bool got = found[i].result == HomeFound::Result::dwelling;
        switch (search.kind) {
            case HomeSearch::Kind::leaver:
                break;
            case HomeSearch::Kind::household: {
                if (!world.households.alive(search.row)) break;  // its only member left above
                const std::uint32_t block = block_of_household(model, world, search.row);
                world.flows.add(Flow::home_searches, block);
                if (got) {
                    apply_move(model, world, search.row, found[i].dwelling);
                } else if (found[i].result == HomeFound::Result::outside || search.must_move) {
                    if (found[i].result == HomeFound::Result::none) world.flows.add(Flow::homes_not_found, block);
                    leave_district(model, world, search.row);
                } else {
                    world.flows.add(Flow::homes_not_found, block);
                }
                break;
            }
            case HomeSearch::Kind::arrival:
                if (got)
                    world.flows.add(Flow::moves_in, world.dwellings.block[found[i].dwelling],
                                    settle_arrival(model, world, search, found[i].dwelling));
                break;
            case HomeSearch::Kind::commuter:
                if (got) settle_commuter(model, world, search, found[i].dwelling);
                break;
        }
    }
    for (std::size_t i = 0; i < leaving.size(); ++i) {
        ask_for(world, i + 2 * ahead < leaving.size() ? leaving[i + 2 * ahead] : no_row,
                i + ahead < leaving.size() ? leaving[i + ahead] : no_row);
        if (world.households.alive(leaving[i])) leave_district(model, world, leaving[i]);
    }
    world.flows.add(Flow::choice_evaluations, 0, evaluations);
}

}  // namespace hutong
