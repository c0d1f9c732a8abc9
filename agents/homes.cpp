#include "agents/homes.h"

#include <algorithm>
#include <bit>
#include <span>

#include "agents/labour.h"
#include "agents/residents.h"
#include "agents/steps.h"
#include "agents/stocks.h"

namespace hutong {
namespace {

constexpr std::size_t move_grain = 256;  // moves of a parallel task

std::uint32_t block_of_household(const Model& model, const World& world, std::uint32_t household) {
    return model.district.network.block(NodeId(world.people.home_node[world.households.first_member[household]])).value;
}

HomeSearch search_of_leaver(const Model& model, const World& world, std::uint32_t person) {
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
    return search;
}

/// Asks for the rows that settling searches, one after the other, will touch, in three stages: they lie all over memory.
class AskAhead {
public:
    AskAhead(const World& world, const std::vector<HomeSearch>& searches, const std::vector<HomeFound>& found,
             std::span<const std::uint32_t> order)
        : world_(world), searches_(searches), found_(found), order_(order) {}
    void before(std::size_t place) const {
        std::uint32_t dwelling = no_row;
        if (const std::uint32_t row = household(place + 3 * ahead, dwelling); row != no_row) own_rows(row, dwelling);
        if (const std::uint32_t row = household(place + 2 * ahead, dwelling); row != no_row) first_member(row);
        if (const std::uint32_t row = household(place + ahead, dwelling); row != no_row) others(row, dwelling == no_row);
    }

private:
    static constexpr std::size_t ahead = 6;

    std::uint32_t household(std::size_t place, std::uint32_t& dwelling) const {
        if (place >= order_.size()) return no_row;
        const std::uint32_t i = order_[place];
        dwelling = found_[i].dwelling;
        return searches_[i].kind == HomeSearch::Kind::household ? searches_[i].row : no_row;
    }
    void own_rows(std::uint32_t row, std::uint32_t dwelling) const {
        const auto& h = world_.households;
        __builtin_prefetch(&h.first_member[row]);
        __builtin_prefetch(&h.dwelling[row], 1);
        __builtin_prefetch(&h.size[row]);
        __builtin_prefetch(&h.flags[row], 1);
        __builtin_prefetch(&h.moved_in[row], 1);
        if (dwelling == no_row) return;
        __builtin_prefetch(&world_.dwellings.household[dwelling], 1);
        __builtin_prefetch(&world_.dwellings.node[dwelling]);
    }
    void first_member(std::uint32_t row) const {
        if (world_.households.dwelling[row] != no_row) __builtin_prefetch(&world_.dwellings.household[world_.households.dwelling[row]], 1);
        if (world_.households.first_member[row] != no_row) member(world_.households.first_member[row]);
    }
    void member(std::uint32_t person) const {
        __builtin_prefetch(&world_.people.home_node[person], 1);
        __builtin_prefetch(&world_.people.next_member[person], 1);
        __builtin_prefetch(&world_.people.job[person], 1);
    }
    void others(std::uint32_t row, bool goes) const {
        std::uint32_t person = world_.households.first_member[row];
        if (person == no_row) return;
        if (goes) {
            __builtin_prefetch(&world_.people.household[person], 1);
            __builtin_prefetch(&world_.people.luck[person], 1);
            if (const std::uint32_t post = world_.people.job[person]; post != no_row) {
                __builtin_prefetch(&world_.jobs.worker[post], 1);
                __builtin_prefetch(&world_.jobs.business[post]);
            }
        }
        person = world_.people.next_member[person];
        if (person != no_row) member(person);
    }

    const World& world_;
    const std::vector<HomeSearch>& searches_;
    const std::vector<HomeFound>& found_;
    std::span<const std::uint32_t> order_;
};

/// A row set free this month may hold somebody else by now.
bool still_there(const World& world, const HomeSearch& search) {
    return world.households.alive(search.row) && world.households.luck[search.row] == search.luck;
}

/// By luck: rows are given out in this order, so that the tables do not depend on the order of rows. Lucks are spread evenly:
/// buckets by their upper bits leave little to sort.
void sort_by_luck(std::vector<HomeSearch>& searches) {
    const auto bits = static_cast<unsigned>(std::bit_width(searches.size())) + 1U;
    const auto bucket = [&](const HomeSearch& search) { return static_cast<std::size_t>(search.luck >> (64 - bits)); };
    std::vector<std::uint32_t> next((std::size_t{1} << bits) + 1, 0);
    for (const HomeSearch& search : searches) ++next[bucket(search) + 1];
    for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
    std::vector<HomeSearch> sorted(searches.size());
    for (const HomeSearch& search : searches) sorted[next[bucket(search)]++] = search;
    const auto before = [](const HomeSearch& x, const HomeSearch& y) { return x.luck != y.luck ? x.luck < y.luck : x.kind < y.kind; };
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        for (std::size_t k = i; k > 0 && before(sorted[k], sorted[k - 1]); --k) std::swap(sorted[k], sorted[k - 1]);
    }
    searches = std::move(sorted);
}

/// A household takes the dwelling it found.
void apply_move(World& world, std::uint32_t household, std::uint32_t dwelling, MoveBooks& books) {
    auto& flags = world.households.flags[household];
    flags = static_cast<std::uint8_t>(flags & ~(household_flag::must_move | household_flag::unauthorised | household_flag::improved |
                                                household_flag::collective | household_flag::school_refused | household_flag::applied));
    if (world.dwellings.tenure[dwelling] == Tenure::collective) flags |= household_flag::collective;
    move_household(world, household, dwelling, world.month, books);
}

/// Households that stay in the district: no two share a dwelling or a row, so grains move them side by side. Moves are
/// counted in both blocks.
void apply_moves(const Model& model, World& world, const std::vector<HomeSearch>& searches, const std::vector<HomeFound>& found,
                 std::span<const std::uint32_t> moving) {
    struct Moved {
        MoveBooks books;
        std::vector<std::uint32_t> out, in;  // persons by block
    };
    const std::size_t blocks = model.district.blocks.size();
    std::vector<Moved> moved(Parallel::grains(moving.size(), move_grain));
    model.parallel.for_grains(moving.size(), move_grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        Moved& part = moved[g];
        part.out.assign(blocks, 0);
        part.in.assign(blocks, 0);
        const auto own = moving.subspan(begin, end - begin);
        const AskAhead ask(world, searches, found, own);
        for (std::size_t k = 0; k < own.size(); ++k) {
            ask.before(k);
            const HomeSearch& search = searches[own[k]];
            const std::uint32_t dwelling = found[own[k]].dwelling;
            const std::uint32_t persons = world.households.size[search.row];
            apply_move(world, search.row, dwelling, part.books);
            part.out[search.block] += persons;
            part.in[world.dwellings.block[dwelling]] += persons;
        }
    });
    for (const Moved& part : moved) {
        book(world, part.books);
        for (std::uint32_t b = 0; b < blocks; ++b) {
            world.flows.add(Flow::moves_within_out, b, part.out[b]);
            world.flows.add(Flow::moves_within_in, b, part.in[b]);
        }
    }
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

/// Who moves away may keep the post, as an in-commuter from now on (C4.4: not local from this month).
void may_keep_post(const Model& model, World& world, std::uint32_t person) {
    const std::uint32_t post = world.people.job[person];
    if (post == no_row) return;
    const LabourAssumptions& a = model.assumptions().labour;
    const Word4 draw = model.luck.block(Purpose::leave_district, world.people.luck[person], world.month);
    if (draw[0] >= threshold(a.keeps_post_on_leaving)) return;
    const std::uint32_t block = world.jobs.block[post];
    const Funding funding = world.businesses.funding[world.jobs.business[post]];
    keep_post_from_outside(world, person, incommute_minutes(a, draw[1]));
    world.flows.add(Flow::residents_became_commuters, block);
    if (funding == Funding::livelihood_project || funding == Funding::heritage_project)
        world.flows.add(Flow::project_staff_moved_away, block);
}

}  // namespace

void leave_district(const Model& model, World& world, std::uint32_t household) {
    for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = world.people.next_member[m])
        may_keep_post(model, world, m);
    world.flows.add(Flow::moves_out, block_of_household(model, world, household), world.households.size[household]);
    remove_household(world, household);
}

void displace_households(const Model& /*model*/, World& world, std::uint32_t space) {
    auto& dwellings = world.dwellings;
    for (std::uint32_t i = world.housing.space_dwelling_first[space]; i < world.housing.space_dwelling_first[space + 1]; ++i) {
        const std::uint32_t row = world.housing.space_dwellings[i];
        dwellings.state[row] = DwellingState::cleared;
        const std::uint32_t household = dwellings.household[row];
        if (household == no_row) continue;
        world.households.flags[household] |= household_flag::must_move;
        world.flows.add(Flow::households_displaced, dwellings.block[row]);
    }
}

void update_homes(const Model& model, World& world) {
    start_unauthorised_dwelling(model, world);
    const HomeChoice choice = prepare_home_choice(model, world);

    std::vector<HomeSearch> searches = households_searching(model, world);
    const auto staying = std::stable_partition(searches.begin(), searches.end(), [](const HomeSearch& search) { return !search.leaves; });
    const std::vector<HomeSearch> leaving(staying, searches.end());
    searches.erase(staying, searches.end());
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
    world.commuter_draws.drawn = false;
    sort_by_luck(searches);

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
            may_keep_post(model, world, person);
            remove_person(world, person);
        }
    }
    // Moves within the district first: they take no row and free none, so it is all one when they happen.
    std::vector<std::uint32_t> moving, others;
    for (std::uint32_t i = 0; i < searches.size(); ++i) {
        const HomeSearch& search = searches[i];
        const bool got = found[i].result == HomeFound::Result::dwelling;
        if (search.kind == HomeSearch::Kind::household) {
            if (!still_there(world, search)) continue;  // its only member left above
            world.flows.add(Flow::home_searches, search.block);
            const bool none = found[i].result == HomeFound::Result::none;
            if (none) world.flows.add(Flow::homes_not_found, search.block);
            if (got)
                moving.push_back(i);
            else if (!none || search.must_move)
                others.push_back(i);
        } else if (got && search.kind != HomeSearch::Kind::leaver) {
            others.push_back(i);
        }
    }
    apply_moves(model, world, searches, found, moving);
    const AskAhead ask(world, searches, found, others);
    for (std::size_t k = 0; k < others.size(); ++k) {
        ask.before(k);
        const HomeSearch& search = searches[others[k]];
        const std::uint32_t dwelling = found[others[k]].dwelling;
        switch (search.kind) {
            case HomeSearch::Kind::leaver:
                break;
            case HomeSearch::Kind::household:
                leave_district(model, world, search.row);
                break;
            case HomeSearch::Kind::arrival:
                world.flows.add(Flow::moves_in, world.dwellings.block[dwelling], settle_arrival(model, world, search, dwelling));
                break;
            case HomeSearch::Kind::commuter:
                settle_commuter(model, world, search, dwelling);
                break;
        }
    }
    for (const HomeSearch& one : leaving) {
        if (still_there(world, one)) leave_district(model, world, one.row);
    }
    world.flows.add(Flow::choice_evaluations, 0, evaluations);
}

}  // namespace hutong
