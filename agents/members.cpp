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

/// Residents of one node in one part: four age groups share two words, so that a person costs two additions. A part
/// has fewer than 2^21 rows (checked), so no field can run into the next.
struct Counts {
    std::uint64_t residents_elders = 0;  ///< everyone; elders from bit 32
    std::uint64_t children = 0;          ///< 3-5; 6-11 from bit 21; 12-14 from bit 42
};
constexpr int elder_bit = 32, primary_bit = 21, junior_bit = 42;
constexpr std::uint64_t child_mask = (std::uint64_t{1} << primary_bit) - 1;

Counts counts_of(AgeNeed need) {
    switch (need) {
        case AgeNeed::children_3_5: return {1, 1};
        case AgeNeed::children_6_11: return {1, std::uint64_t{1} << primary_bit};
        case AgeNeed::children_12_14: return {1, std::uint64_t{1} << junior_bit};
        case AgeNeed::elders_65: return {1 | (std::uint64_t{1} << elder_bit), 0};
        default: return {1, 0};
    }
}

/// By age in months.
using CountsByAge = std::array<Counts, years_of_age * months_in_year>;

struct Part {
    std::vector<Counts> residents;
    std::vector<std::int32_t> cars, posts;
};

void count_residents(const World& world, std::size_t begin, std::size_t end, const CountsByAge& of_age, Part& part) {
    const std::uint32_t* household = world.people.household.data();
    const std::int16_t* birth_month = world.people.birth_month.data();
    const std::uint16_t* home_node = world.people.home_node.data();
    Counts* residents = part.residents.data();
    const int now = world.month.index;
    for (std::size_t row = begin; row < end; ++row) {
        // free row, or a displaced household that has no home at present
        if (household[row] == no_row || home_node[row] == no_node) continue;
        const Counts& add = of_age[std::min(static_cast<std::size_t>(std::max(0, now - birth_month[row])), of_age.size() - 1)];
        Counts& here = residents[home_node[row]];
        here.residents_elders += add.residents_elders;
        here.children += add.children;
    }
}

void count_cars(const World& world, std::size_t begin, std::size_t end, Part& part) {
    const DwellingTable& dwellings = world.dwellings;
    for (std::size_t row = begin; row < end; ++row) {
        const std::uint32_t household = dwellings.household[row];
        if (household != no_row && world.households.cars[household] > 0) ++part.cars[dwellings.node[row]];
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
    CountsByAge of_age;
    for (std::size_t months = 0; months < of_age.size(); ++months) of_age[months] = counts_of(need_at(months / months_in_year));

    const std::size_t people = world.people.rows(), dwellings = world.dwellings.rows(), businesses = world.businesses.rows();
    const std::size_t cuts = std::max(parts, people / child_mask + 1);
    std::vector<Part> counted(cuts);
    const auto cut = [cuts](std::size_t rows, std::size_t part) { return rows * part / cuts; };
    model.parallel.for_grains(cuts, 1, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t p = first; p < last; ++p) {
            Part& part = counted[p];
            part.residents.resize(nodes);
            part.cars.resize(nodes, 0);
            part.posts.resize(nodes, 0);
            count_residents(world, cut(people, p), cut(people, p + 1), of_age, part);
            count_cars(world, cut(dwellings, p), cut(dwellings, p + 1), part);
            count_posts(world, cut(businesses, p), cut(businesses, p + 1), part);
        }
    });

    auto& members = world.services.members;
    members.resize(target_groups * nodes);
    model.parallel.for_grains(nodes, nodes_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        const auto column = [&](TargetGroup group) { return members.data() + static_cast<std::size_t>(group) * nodes; };
        for (std::size_t node = begin; node < end; ++node) {
            std::uint64_t everyone = 0, elders = 0, small = 0, primary = 0, junior = 0;
            std::int32_t cars = 0, posts = 0;
            for (const Part& part : counted) {
                const Counts& here = part.residents[node];
                everyone += static_cast<std::uint32_t>(here.residents_elders);
                elders += here.residents_elders >> elder_bit;
                small += here.children & child_mask;
                primary += (here.children >> primary_bit) & child_mask;
                junior += here.children >> junior_bit;
                cars += part.cars[node];
                posts += part.posts[node];
            }
            column(TargetGroup::everyone)[node] = static_cast<std::int32_t>(everyone);
            column(TargetGroup::children_3_5)[node] = static_cast<std::int32_t>(small);
            column(TargetGroup::children_6_11)[node] = static_cast<std::int32_t>(primary);
            column(TargetGroup::children_12_14)[node] = static_cast<std::int32_t>(junior);
            column(TargetGroup::elders_65)[node] = static_cast<std::int32_t>(elders);
            column(TargetGroup::car_households)[node] = cars;
            column(TargetGroup::workers)[node] = posts;
        }
    });
}

}  // namespace hutong
