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

/// Homes and members lie anywhere in their tables.
void fetch_ahead(const World& world, std::uint32_t household) {
    const std::uint32_t dwelling = world.households.dwelling[household], person = world.households.first_member[household];
    if (dwelling != no_row) __builtin_prefetch(world.dwellings.node.data() + dwelling);
    if (person == no_row) return;
    __builtin_prefetch(world.people.next_member.data() + person);
    __builtin_prefetch(world.people.birth_month.data() + person);
}

std::int16_t mean_own_share(const World& world, std::uint32_t household) {
    const HouseholdTable& households = world.households;
    const std::uint32_t dwelling = households.dwelling[household];
    if (dwelling == no_row || households.size[household] == 0) return 0;
    const std::int16_t* own_share = world.services.own_share.data() + std::size_t{world.dwellings.node[dwelling]} * need_profiles;
    const std::size_t car = households.cars[household] > 0 ? age_needs : 0;
    std::int32_t sum = 0, count = 0;
    for (std::uint32_t person = households.first_member[household]; person != no_row; person = world.people.next_member[person]) {
        const AgeNeed need = need_at(age_years(world.month, world.people.birth_month[person]));
        sum += own_share[car + static_cast<std::size_t>(need)];
        ++count;
    }
    return static_cast<std::int16_t>(count == 0 ? 0 : sum / count);
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
    update_coverage(model, world);
}

void update_services(const Model& model, World& world) {
    count_members(model, world);
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
    const std::uint32_t turn = static_cast<std::uint32_t>(world.month.index) % turns;
    model.parallel.for_grains(households.rows(), households_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<std::uint32_t> due;
        due.reserve(end - begin);
        for (std::size_t row = begin; row < end; ++row) {
            if (!all && Luck::below(static_cast<std::uint32_t>(households.luck[row] >> half_word), turns) != turn) continue;
            if (households.alive(static_cast<std::uint32_t>(row))) due.push_back(static_cast<std::uint32_t>(row));
        }
        for (std::size_t i = 0; i < due.size(); ++i) {
            if (active && i + households_ahead < due.size()) fetch_ahead(world, due[i + households_ahead]);
            households.satisfaction[due[i]] = active ? mean_own_share(world, due[i]) : neutral;
        }
    });
}

}  // namespace hutong
