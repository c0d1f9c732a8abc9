/// Who lives where, by target group (agents/services.h): counted once over the tables, then kept by the bookings of
/// agents/stocks.cpp; each month only those who pass an age limit are looked at. Filled posts are added up by business.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "agents/member_book.h"
#include "agents/services.h"

namespace hutong {
namespace {

/// The tables are cut into this many parts whatever the number of threads; each part counts into its own columns.
constexpr std::size_t parts = 8;
constexpr std::size_t nodes_per_grain = 2048;
constexpr std::size_t households_per_grain = 32'768;
constexpr std::size_t people_per_grain = 65'536;
/// So many rows are first asked together whether any of them passes an age limit: few do.
constexpr std::size_t people_together = 32;
constexpr std::size_t businesses_ahead = 16;

static_assert(age_needs <= MemberBook::cars && MemberBook::cars < MemberBook::columns);

/// AgeNeed by age in months.
using NeedByAge = std::array<std::uint8_t, years_of_age * months_in_year>;

struct Part {
    std::vector<std::int32_t> count;  ///< as MemberBook::count, one node more for who lives nowhere
};

void count_residents(const World& world, Month month, std::size_t begin, std::size_t end, std::size_t nodes, const NeedByAge& need_of,
                     Part& part) {
    const std::int16_t* birth_month = world.people.birth_month.data();
    const std::uint16_t* home_node = world.people.home_node.data();
    std::int32_t* count = part.count.data();
    const int now = month.index, oldest = static_cast<int>(need_of.size()) - 1;
    for (std::size_t row = begin; row < end; ++row) {
        // Free rows (free_person_row takes their node) and displaced households without a home go to the node more.
        const std::size_t node = home_node[row] == no_node ? nodes : home_node[row];
        ++count[node * MemberBook::columns + need_of[static_cast<std::size_t>(std::clamp(now - birth_month[row], 0, oldest))]];
    }
}

/// Without a branch: whether a home is let, and to somebody with a car, is past foreseeing.
void count_cars(const World& world, std::size_t begin, std::size_t end, Part& part) {
    if (world.households.rows() == 0) return;
    const std::uint32_t* households = world.dwellings.household.data();
    const std::uint16_t* nodes = world.dwellings.node.data();
    const std::uint8_t* cars = world.households.cars.data();
    std::int32_t* counts = part.count.data() + MemberBook::cars;
    for (std::size_t row = begin; row < end; ++row) {
        const bool let = households[row] != no_row;
        const std::size_t household = let ? households[row] : 0;
        counts[nodes[row] * MemberBook::columns] += static_cast<std::int32_t>(let & (cars[household] > 0));
    }
}

void count_anew(const Model& model, const World& world, Month month, MemberBook& book) {
    const std::size_t nodes = model.district.network.nodes();
    NeedByAge need_of;
    for (std::size_t months = 0; months < need_of.size(); ++months) {
        need_of[months] = static_cast<std::uint8_t>(need_at(months / months_in_year));
    }
    const std::size_t people = world.people.rows(), dwellings = world.dwellings.rows();
    std::vector<Part> counted(parts);
    const auto cut = [](std::size_t rows, std::size_t part) { return rows * part / parts; };
    model.parallel.for_grains(parts, 1, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t p = first; p < last; ++p) {
            counted[p].count.resize((nodes + 1) * MemberBook::columns, 0);
            count_residents(world, month, cut(people, p), cut(people, p + 1), nodes, need_of, counted[p]);
            count_cars(world, cut(dwellings, p), cut(dwellings, p + 1), counted[p]);
        }
    });
    book.count.assign(nodes * MemberBook::columns, 0);
    for (const Part& part : counted) {
        for (std::size_t i = 0; i < book.count.size(); ++i) book.count[i] += part.count[i];
    }
    book.needs.assign(world.households.rows(), 0);
    model.parallel.for_grains(world.households.rows(), households_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t household = begin; household < end; ++household) {
            for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = world.people.next_member[m])
                book.needs[household] += need_unit(need_at(age_years(month, world.people.birth_month[m])));
        }
    });
    book.as_of = month;
}

/// Moves who passed an age limit since the month of the book, one month ago, to the next column.
void let_age(const Model& model, const World& world, MemberBook& book) {
    // Born in one of these months, a person is of another group now than a month ago.
    std::array<std::int16_t, age_limits.size()> born;
    for (std::size_t i = 0; i < born.size(); ++i) born[i] = static_cast<std::int16_t>(world.month.index - age_limits[i] * months_in_year);
    const std::int16_t* birth_month = world.people.birth_month.data();
    const auto passes = [&](std::int16_t birth) {
        bool one = false;
        for (const std::int16_t month : born) one |= birth == month;
        return one;
    };
    const auto rows = model.parallel.collect<std::uint32_t>(
        world.people.rows(), people_per_grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& out) {
            std::size_t row = begin;
            for (; row + people_together <= end; row += people_together) {
                std::int16_t any = 0;
                for (std::size_t i = 0; i < people_together; ++i) {
                    std::int16_t one = 0;
                    for (const std::int16_t month : born) one = static_cast<std::int16_t>(one | (birth_month[row + i] == month ? 1 : 0));
                    any = static_cast<std::int16_t>(any | one);
                }
                if (any == 0) continue;
                for (std::size_t i = row; i < row + people_together; ++i) {
                    if (passes(birth_month[i])) out.push_back(static_cast<std::uint32_t>(i));
                }
            }
            for (; row < end; ++row) {
                if (passes(birth_month[row])) out.push_back(static_cast<std::uint32_t>(row));
            }
        });
    for (const std::uint32_t row : rows) {
        const std::size_t node = world.people.home_node[row];
        const std::uint32_t household = world.people.household[row];
        if (household == no_row) continue;
        const AgeNeed before = need_at(age_years(book.as_of, birth_month[row])), now = need_at(age_years(world.month, birth_month[row]));
        book.needs[household] += need_unit(now) - need_unit(before);
        if (node == no_node) continue;
        std::int32_t* here = book.count.data() + node * MemberBook::columns;
        --here[static_cast<std::size_t>(before)];
        ++here[static_cast<std::size_t>(now)];
    }
    book.as_of = world.month;
}

void count_posts(const World& world, std::size_t nodes, std::int32_t* posts) {
    std::fill(posts, posts + nodes, 0);
    const BusinessTable& businesses = world.businesses;
    const std::size_t rows = businesses.rows();
    for (std::size_t row = 0; row < rows; ++row) {
        if (row + businesses_ahead < rows && businesses.premises[row + businesses_ahead] != no_row)
            __builtin_prefetch(world.premises.node.data() + businesses.premises[row + businesses_ahead]);
        if (!businesses.alive(static_cast<std::uint32_t>(row))) continue;
        posts[world.premises.node[businesses.premises[row]]] += static_cast<std::int32_t>(businesses.filled[row]);
    }
}

/// Writes the groups of residents and cars from the book.
void publish(const MemberBook& book, std::size_t nodes, std::vector<std::int32_t>& members) {
    const auto column = [&](TargetGroup group) { return members.data() + static_cast<std::size_t>(group) * nodes; };
    const auto need = [](AgeNeed of) { return static_cast<std::size_t>(of); };
    for (std::size_t node = 0; node < nodes; ++node) {
        const std::int32_t* here = book.count.data() + node * MemberBook::columns;
        std::int32_t everyone = 0;
        for (std::size_t k = 0; k < age_needs; ++k) everyone += here[k];
        column(TargetGroup::everyone)[node] = everyone;
        column(TargetGroup::children_3_5)[node] = here[need(AgeNeed::children_3_5)];
        column(TargetGroup::children_6_11)[node] = here[need(AgeNeed::children_6_11)];
        column(TargetGroup::children_12_14)[node] = here[need(AgeNeed::children_12_14)];
        column(TargetGroup::elders_65)[node] = here[need(AgeNeed::elders_65)];
        column(TargetGroup::car_households)[node] = here[MemberBook::cars];
    }
}

void write_members(const Model& model, World& world) {
    const std::size_t nodes = model.district.network.nodes();
    auto& members = world.services.members;
    members.resize(target_groups * nodes);
    model.parallel.invoke({[&] { count_posts(world, nodes, members.data() + static_cast<std::size_t>(TargetGroup::workers) * nodes); },
                           [&] { publish(world.services.book, nodes, members); }});
}

}  // namespace

void count_members(const Model& model, World& world) {
    MemberBook& book = world.services.book;
    book = MemberBook{};
    count_anew(model, world, world.month, book);
    book.kept = true;
    write_members(model, world);
}

void update_members(const Model& model, World& world) {
    MemberBook& book = world.services.book;
    const int months = world.month.index - book.as_of.index;
    if (!book.kept || months < 0 || months > 1) return count_members(model, world);
    if (months == 1) let_age(model, world, book);
    write_members(model, world);
}

std::vector<std::string> audit_members(const Model& model, const World& world) {
    const MemberBook& book = world.services.book;
    std::vector<std::string> problems;
    if (!book.kept) return problems;
    MemberBook counted;
    count_anew(model, world, book.as_of, counted);
    for (std::size_t i = 0; i < counted.count.size() && problems.empty(); ++i) {
        if (counted.count[i] != book.count[i])
            problems.push_back(fmt::format("node {}, column {}: {} booked, {} live there", i / MemberBook::columns, i % MemberBook::columns,
                                           book.count[i], counted.count[i]));
    }
    for (std::size_t h = 0; h < counted.needs.size() && problems.empty(); ++h) {
        if (world.households.size[h] != 0 && counted.needs[h] != book.needs[h])
            problems.push_back(fmt::format("household {}: needs {:#x} booked, {:#x} of its members", h, book.needs[h], counted.needs[h]));
    }
    return problems;
}

}  // namespace hutong
