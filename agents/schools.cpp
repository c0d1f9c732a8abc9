#include "agents/schools.h"

#include <algorithm>
#include <cmath>

#include "agents/residents.h"
#include "agents/services.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 16384;

struct Applicant {
    std::uint32_t person = 0;
    std::uint32_t subdistrict = 0;
    std::uint32_t priority = 0;
    std::uint32_t distance_dm = 0;
    std::uint64_t luck = 0;
};

std::uint32_t priority_of(const World& world, std::uint32_t person) {
    if (world.people.registration[person] != Registration::here) return 2;
    const std::uint32_t dwelling = world.households.dwelling[world.people.household[person]];
    return dwelling != no_row && world.dwellings.tenure[dwelling] == Tenure::owned ? 0 : 1;
}

/// Places of a year's intake by sub-district: all places of its primary schools over the years of primary school,
/// less what pupils from outside hold.
std::vector<std::int64_t> intake(const Model& model, const World& world, ServiceId service) {
    const PeopleAssumptions& a = model.assumptions().people;
    std::vector<std::int64_t> capacity_milli(model.district.subdistricts.size(), 0);
    const auto& facilities = world.services.facilities;
    for (std::uint32_t f = 0; f < facilities.rows(); ++f) {
        if (facilities.service[f] != service.value || !facilities.open[f] || facilities.ring[f]) continue;
        const BlockId block = model.district.block_of(NodeId(facilities.node[f]));
        if (block.valid()) capacity_milli[model.district.subdistrict_of(block).value] += facilities.capacity_milli[f];
    }
    const double years = static_cast<double>(a.junior_age - a.primary_age);
    for (auto& places : capacity_milli) {
        places = static_cast<std::int64_t>(std::floor(static_cast<double>(places) / 1000.0 / years * (1.0 - a.outside_pupil_share)));
    }
    return capacity_milli;
}

}  // namespace

void allot_school_places(const Model& model, World& world) {
    const PeopleAssumptions& a = model.assumptions().people;
    const ServiceId service = model.district.catalogue.service("primary_school");
    world.school_refused_permille.assign(model.district.subdistricts.size(), 0);
    for (auto& flags : world.households.flags) flags = static_cast<std::uint8_t>(flags & ~household_flag::school_refused);
    if (!service.valid()) return;
    const auto distance = distance_to_nearest_dm(model, world, service, a.school_ranking_distance_m);
    auto applicants = model.parallel.collect<Applicant>(
        world.people.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<Applicant>& out) {
            for (std::size_t i = begin; i < end; ++i) {
                const auto row = static_cast<std::uint32_t>(i);
                if (world.people.activity[row] != Activity::primary || !world.people.alive(row)) continue;
                if (age_months(world.people, row, world.month) >= (a.primary_age + 1) * 12) continue;
                const NodeId home(world.people.home_node[row]);
                out.push_back({row, model.district.subdistrict_of(model.district.block_of(home)).value, priority_of(world, row),
                               distance[home.value], world.people.luck[row]});
            }
        });
    std::sort(applicants.begin(), applicants.end(), [](const Applicant& x, const Applicant& y) {
        if (x.subdistrict != y.subdistrict) return x.subdistrict < y.subdistrict;
        if (x.priority != y.priority) return x.priority < y.priority;
        if (x.distance_dm != y.distance_dm) return x.distance_dm < y.distance_dm;
        return x.luck < y.luck;
    });
    const auto places = intake(model, world, service);
    std::vector<std::int64_t> given(places.size(), 0), refused(places.size(), 0);
    for (const Applicant& child : applicants) {
        if (given[child.subdistrict] < places[child.subdistrict]) {
            ++given[child.subdistrict];
            continue;
        }
        ++refused[child.subdistrict];
        world.households.flags[world.people.household[child.person]] |= household_flag::school_refused;
        world.flows.add(Flow::school_places_refused, model.district.block_of(NodeId(world.people.home_node[child.person])).value);
    }
    for (std::size_t s = 0; s < places.size(); ++s) {
        const std::int64_t all = given[s] + refused[s];
        if (all > 0) world.school_refused_permille[s] = static_cast<std::int32_t>(refused[s] * 1000 / all);
    }
}

}  // namespace hutong
