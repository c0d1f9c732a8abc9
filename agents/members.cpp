/// Who lives where, by target group: one pass over the tables each month (agents/services.h, count_members).
#include <algorithm>
#include <array>

#include "agents/own_services.h"
#include "agents/services.h"

namespace hutong {
namespace {

/// The tables are cut into this many parts whatever the number of threads; each part counts into its own columns.
constexpr std::size_t parts = 8;
constexpr std::size_t nodes_per_grain = 2048;

/// Residents of one node in one part by age need; eight columns, so that a node takes half a cache line.
constexpr std::size_t need_columns = 8;
static_assert(age_needs <= need_columns);

/// AgeNeed by age in months.
using NeedByAge = std::array<std::uint8_t, years_of_age * months_in_year>;

struct Part {
    std::vector<std::uint32_t> residents;  ///< [node * need_columns + need], one node more for who lives nowhere
    std::vector<std::int32_t> cars, posts;
};

void count_residents(const World& world, std::size_t begin, std::size_t end, std::size_t nodes, const NeedByAge& need_of, Part& part) {
    const std::int16_t* birth_month = world.people.birth_month.data();
    const std::uint16_t* home_node = world.people.home_node.data();
    std::uint32_t* residents = part.residents.data();
    const int now = world.month.index, oldest = static_cast<int>(need_of.size()) - 1;
    for (std::size_t row = begin; row < end; ++row) {
        // Free rows (free_person_row takes their node) and displaced households without a home go to the node more.
        const std::size_t node = home_node[row] == no_node ? nodes : home_node[row];
        ++residents[node * need_columns + need_of[static_cast<std::size_t>(std::clamp(now - birth_month[row], 0, oldest))]];
    }
}

/// Without a branch: whether a home is let, and to somebody with a car, is past foreseeing.
void count_cars(const World& world, std::size_t begin, std::size_t end, Part& part) {
    if (world.households.rows() == 0) return;
    const std::uint32_t* households = world.dwellings.household.data();
    const std::uint16_t* nodes = world.dwellings.node.data();
    const std::uint8_t* cars = world.households.cars.data();
    std::int32_t* counts = part.cars.data();
    for (std::size_t row = begin; row < end; ++row) {
        const bool let = households[row] != no_row;
        const std::size_t household = let ? households[row] : 0;
        counts[nodes[row]] += static_cast<std::int32_t>(let & (cars[household] > 0));
    }
}

void count_posts(const World& world, std::size_t begin, std::size_t end, Part& part) {
    const BusinessTable& businesses = world.businesses;
    for (std::size_t row = begin; row < end; ++row) {
        if (!businesses.alive(static_cast<std::uint32_t>(row))) continue;
        part.posts[world.premises.node[businesses.premises[row]]] += static_cast<std::int32_t>(businesses.filled[row]);
    }
}

}  // namespace

void count_members(const Model& model, World& world) {
    const std::size_t nodes = model.district.network.nodes();
    NeedByAge need_of;
    for (std::size_t months = 0; months < need_of.size(); ++months) {
        need_of[months] = static_cast<std::uint8_t>(need_at(months / months_in_year));
    }

    const std::size_t people = world.people.rows(), dwellings = world.dwellings.rows(), businesses = world.businesses.rows();
    std::vector<Part> counted(parts);
    const auto cut = [](std::size_t rows, std::size_t part) { return rows * part / parts; };
    model.parallel.for_grains(parts, 1, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t p = first; p < last; ++p) {
            Part& part = counted[p];
            part.residents.resize((nodes + 1) * need_columns);
            part.cars.resize(nodes, 0);
            part.posts.resize(nodes, 0);
            count_residents(world, cut(people, p), cut(people, p + 1), nodes, need_of, part);
            count_cars(world, cut(dwellings, p), cut(dwellings, p + 1), part);
            count_posts(world, cut(businesses, p), cut(businesses, p + 1), part);
        }
    });

    auto& members = world.services.members;
    members.resize(target_groups * nodes);
    model.parallel.for_grains(nodes, nodes_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        const auto column = [&](TargetGroup group) { return members.data() + static_cast<std::size_t>(group) * nodes; };
        for (std::size_t node = begin; node < end; ++node) {
            std::array<std::uint32_t, age_needs> residents{};
            std::int32_t cars = 0, posts = 0;
            for (const Part& part : counted) {
                const std::uint32_t* here = part.residents.data() + node * need_columns;
                for (std::size_t need = 0; need < age_needs; ++need) residents[need] += here[need];
                cars += part.cars[node];
                posts += part.posts[node];
            }
            const auto of = [&](AgeNeed need) { return static_cast<std::int32_t>(residents[static_cast<std::size_t>(need)]); };
            std::uint32_t everyone = 0;
            for (const std::uint32_t some : residents) everyone += some;
            column(TargetGroup::everyone)[node] = static_cast<std::int32_t>(everyone);
            column(TargetGroup::children_3_5)[node] = of(AgeNeed::children_3_5);
            column(TargetGroup::children_6_11)[node] = of(AgeNeed::children_6_11);
            column(TargetGroup::children_12_14)[node] = of(AgeNeed::children_12_14);
            column(TargetGroup::elders_65)[node] = of(AgeNeed::elders_65);
            column(TargetGroup::car_households)[node] = cars;
            column(TargetGroup::workers)[node] = posts;
        }
    });
}

}  // namespace hutong
