#include "agents/services.h"

#include "agents/coverage.h"
#include "agents/own_services.h"
#include "agents/steps.h"
#include "agents/stocks.h"

namespace hutong {
namespace {

constexpr std::size_t households_per_grain = 8192;
constexpr int half_word = 32;
/// Memory is asked for this many households before they are worked.
constexpr std::size_t households_ahead = 8;

/// Facilities of the pack; their luck comes from service, node and order among the same at the same node.
void place_facilities(const Model& model, World& world) {
    constexpr std::uint64_t origin = 0x666163696c697479ULL;  // "facility"
    std::vector<std::uint32_t> ordinal(model.district.catalogue.services.size() * model.district.network.nodes(), 0);
    for (const FacilitySite& site : model.district.facilities) {
        std::uint32_t& order = ordinal[site.service.value * model.district.network.nodes() + site.node.value];
        add_facility(world, luck_key(origin, site.service.value, site.node.value, order++), static_cast<std::uint8_t>(site.service.value),
                     static_cast<std::uint16_t>(site.node.value), site.capacity, site.off_hours_capacity, no_row, no_row, site.ring);
    }
}

/// Members of a household that is not packed are looked up one by one.
std::uint64_t sum_of_members(const World& world, std::uint32_t household, const std::int16_t* own_share) {
    std::uint64_t sum = 0;
    for (std::uint32_t person = world.households.first_member[household]; person != no_row; person = world.people.next_member[person])
        sum += static_cast<std::uint64_t>(
            own_share[static_cast<std::size_t>(need_at(age_years(world.month, world.people.birth_month[person])))]);
    return sum;
}

std::int16_t mean_own_share(const World& world, std::uint32_t household) {
    const HouseholdTable& households = world.households;
    const std::uint32_t dwelling = households.dwelling[household];
    const std::uint32_t size = households.size[household];
    if (dwelling == no_row || size == 0) return 0;
    const std::size_t car = households.cars[household] > 0 ? age_needs : 0;
    const std::int16_t* own_share = world.services.own_share.data() + std::size_t{world.dwellings.node[dwelling]} * need_profiles + car;
    const MemberBook& book = world.services.book;
    if (!book.kept || book.as_of != world.month || size > packed_most)
        return static_cast<std::int16_t>(sum_of_members(world, household, own_share) / size);
    const std::uint32_t packed = book.needs[household];
    std::uint32_t sum = 0;
    for (std::size_t need = 0; need < age_needs; ++need) sum += need_count(packed, need) * static_cast<std::uint32_t>(own_share[need]);
    return static_cast<std::int16_t>(sum / size);
}

/// The month of the round in which each household notices, by its luck key. Months are at most 60, so a byte holds them.
const std::vector<std::uint8_t>& take_turns(const Model& model, World& world, std::uint32_t turns) {
    MemberBook& book = world.services.book;
    const HouseholdTable& households = world.households;
    const auto turn_at = [&](std::size_t row) {
        return static_cast<std::uint8_t>(Luck::below(static_cast<std::uint32_t>(households.luck[row] >> half_word), turns));
    };
    if (!book.kept || book.turn.empty()) {
        book.turn.resize(households.rows());
        model.parallel.for_grains(households.rows(), households_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t row = begin; row < end; ++row) book.turn[row] = turn_at(row);
        });
    } else {
        book.turn.resize(households.rows());
        for (const std::uint32_t row : book.new_households) book.turn[row] = turn_at(row);
    }
    book.new_households.clear();
    return book.turn;
}

}  // namespace

void init_services(const Model& model, World& world) {
    if (world.services.facilities.rows() == 0) place_facilities(model, world);
    world.services.cache = CoverageCache{};
    count_members(model, world);
    update_coverage(model, world);
    update_satisfaction(model, world, true);
}

void restore_services(const Model& model, World& world) {
    world.services.cache = CoverageCache{};
    world.services.book = MemberBook{};  // members stay as they are; the next update counts
    update_coverage(model, world);
}

void update_services(const Model& model, World& world) {
    update_members(model, world);
    update_coverage(model, world);
    update_satisfaction(model, world);
}

std::int16_t household_satisfaction(const Model& model, const World& world, std::uint32_t household) {
    if (!model.active(Behaviour::satisfaction)) return static_cast<std::int16_t>(coverage::plan_of(world).neutral_satisfaction);
    return mean_own_share(world, household);
}

void update_satisfaction(const Model& model, World& world, bool all) {
    HouseholdTable& households = world.households;
    const CoveragePlan& plan = coverage::plan_of(world);
    const bool active = model.active(Behaviour::satisfaction);
    const auto neutral = static_cast<std::int16_t>(plan.neutral_satisfaction);
    const std::uint32_t turns = plan.satisfaction_months;
    const auto turn = static_cast<std::uint8_t>(static_cast<std::uint32_t>(world.month.index) % turns);
    const std::vector<std::uint8_t>& turn_of = take_turns(model, world, turns);
    model.parallel.for_grains(households.rows(), households_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<std::uint32_t> due(end - begin);
        std::size_t found = 0;
        for (std::size_t row = begin; row < end; ++row) {
            due[found] = static_cast<std::uint32_t>(row);
            found += all | (turn_of[row] == turn);
        }
        for (std::size_t i = 0; i < found; ++i) {
            if (active && i + households_ahead < found) {  // homes lie anywhere in their table
                const std::uint32_t dwelling = households.dwelling[due[i + households_ahead]];
                if (dwelling != no_row) __builtin_prefetch(world.dwellings.node.data() + dwelling);
            }
            if (!households.alive(due[i])) continue;
            households.satisfaction[due[i]] = active ? mean_own_share(world, due[i]) : neutral;
        }
    });
}

}  // namespace hutong
