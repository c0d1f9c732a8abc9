#include "agents/homes_market.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "agents/homes.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 32768;

double type_factor(const HomesAssumptions& a, DwellingType type) {
    switch (type) {
        case DwellingType::courtyard:
            return a.rent_courtyard_factor;
        case DwellingType::simple:
            return a.rent_simple_factor;
        case DwellingType::apartment:
            return 1.0;
        case DwellingType::basement:
            return a.rent_basement_factor;
        case DwellingType::dormitory:
            return a.rent_bed_factor;
    }
    return 1.0;
}

DwellingType class_type(int cls) { return cls == bed_class ? DwellingType::dormitory : static_cast<DwellingType>(cls / 2); }

struct Counts {
    std::vector<std::uint32_t> vacant, offered;  ///< [block * market_classes + class]
    std::vector<std::int64_t> area_dm2_100;      ///< same shape, of vacant dwellings
    std::vector<std::uint32_t> vacant_rows;
};

Counts count_dwellings(const Model& model, const World& world) {
    const auto& dwellings = world.dwellings;
    const std::size_t cells = model.district.blocks.size() * market_classes;
    const std::size_t parts = Parallel::grains(dwellings.rows(), grain);
    std::vector<Counts> part(parts);
    model.parallel.for_grains(dwellings.rows(), grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        Counts& c = part[g];
        c.vacant.assign(cells, 0);
        c.offered.assign(cells, 0);
        c.area_dm2_100.assign(cells, 0);
        for (std::size_t i = begin; i < end; ++i) {
            if (dwellings.state[i] != DwellingState::market) continue;
            const bool empty = dwellings.household[i] == no_row;
            const int cls = market_class(dwellings.type[i], dwellings.tenure[i]);
            const bool open_market = cls == bed_class || (cls & 1) != 0;
            if (!empty && !open_market) continue;
            const std::size_t cell = dwellings.block[i] * static_cast<std::size_t>(market_classes) + static_cast<std::size_t>(cls);
            ++c.offered[cell];
            if (!empty) continue;
            ++c.vacant[cell];
            c.area_dm2_100[cell] += dwellings.area_dm2_100[i];
            c.vacant_rows.push_back(static_cast<std::uint32_t>(i));
        }
    });
    Counts all{std::vector<std::uint32_t>(cells, 0), std::vector<std::uint32_t>(cells, 0), std::vector<std::int64_t>(cells, 0), {}};
    for (const Counts& c : part) {
        for (std::size_t i = 0; i < cells; ++i) {
            all.vacant[i] += c.vacant[i];
            all.offered[i] += c.offered[i];
            all.area_dm2_100[i] += c.area_dm2_100[i];
        }
        all.vacant_rows.insert(all.vacant_rows.end(), c.vacant_rows.begin(), c.vacant_rows.end());
    }
    return all;
}

/// Vacant homes change their use: owner-occupied ones come to the rental market; owners, employers, the public and, more
/// rarely, landlords keep homes empty; held ones come back; beds vacated during the campaign are closed. A dwelling's
/// own luck decides.
void change_use_of_vacant(const Model& model, World& world, const Counts& counts) {
    const HomesAssumptions& a = model.assumptions().homes;
    auto& dwellings = world.dwellings;
    const std::uint32_t let = threshold(monthly_probability(a.let_vacant_owned_per_year));
    const std::uint32_t hold = threshold(monthly_probability(a.hold_vacant_per_year));
    const std::uint32_t hold_let = threshold(monthly_probability(a.hold_vacant_let_per_year));
    const std::uint32_t back = threshold(monthly_probability(a.return_held_per_year));
    const std::uint32_t close_bed = campaign_runs(a, world.month) ? threshold(monthly_probability(a.close_bed_per_year)) : 0;
    for (const std::uint32_t row : counts.vacant_rows) {
        const Word4 words = model.luck.block(Purpose::dwelling_event, dwellings.luck[row], world.month);
        switch (dwellings.tenure[row]) {
            case Tenure::owned:
                if (words[0] < let)
                    dwellings.tenure[row] = Tenure::private_rent;
                else if (words[1] < hold)
                    dwellings.state[row] = DwellingState::held_empty;
                break;
            case Tenure::employer:
            case Tenure::public_housing:
                if (words[1] < hold) dwellings.state[row] = DwellingState::held_empty;
                break;
            case Tenure::private_rent:
                if (words[1] < hold_let) dwellings.state[row] = DwellingState::held_empty;
                break;
            case Tenure::collective:
                if (words[1] < close_bed) dwellings.state[row] = DwellingState::cleared;
                break;
        }
    }
    const auto returning = model.parallel.collect<std::uint32_t>(
        dwellings.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& out) {
            for (std::size_t i = begin; i < end; ++i) {
                if (dwellings.state[i] != DwellingState::held_empty) continue;
                if (model.luck.block(Purpose::dwelling_event, dwellings.luck[i], world.month)[2] < back)
                    out.push_back(static_cast<std::uint32_t>(i));
            }
        });
    for (const std::uint32_t row : returning) dwellings.state[row] = DwellingState::market;
}

/// Rents move towards the target vacancy: piecewise linear in the vacancy of the block and type.
void update_rents(const Model& model, World& world, const Counts& counts) {
    const HomesAssumptions& a = model.assumptions().homes;
    const bool react = model.active(Behaviour::rents);
    for (std::size_t cell = 0; cell < world.housing.rent_yuan_m2_month.size(); ++cell) {
        const std::size_t block = cell / dwelling_types;
        const auto type = static_cast<DwellingType>(cell % dwelling_types);
        const std::size_t open = block * market_classes + static_cast<std::size_t>(market_class(type, Tenure::private_rent));
        world.housing.vacant[cell] = counts.vacant[open];
        world.housing.offered[cell] = counts.offered[open];
        if (!react || counts.offered[open] == 0 || !(a.target_vacancy > 0.0)) continue;
        const double vacancy = static_cast<double>(counts.vacant[open]) / static_cast<double>(counts.offered[open]);
        const double gap = std::clamp((a.target_vacancy - vacancy) / a.target_vacancy, -1.0, 1.0);
        world.housing.rent_yuan_m2_month[cell] *= 1.0 + gap * (gap > 0.0 ? a.rent_up_per_year : a.rent_down_per_year) / 12.0;
    }
}

/// Mean satisfaction of the households of each block, from the dwellings they live in; read anew each quarter.
void update_block_satisfaction(const Model& model, World& world) {
    if (world.month.month_of_year() % 3 != 1 && !world.housing.satisfaction.empty()) return;
    const auto& dwellings = world.dwellings;
    const std::size_t blocks = model.district.blocks.size();
    std::vector<std::vector<std::int64_t>> part(Parallel::grains(dwellings.rows(), grain));
    model.parallel.for_grains(dwellings.rows(), grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        part[g].assign(2 * blocks, 0);
        for (std::size_t i = begin; i < end; ++i) {
            if (dwellings.household[i] == no_row) continue;
            part[g][dwellings.block[i]] += world.households.satisfaction[dwellings.household[i]];
            ++part[g][blocks + dwellings.block[i]];
        }
    });
    world.housing.satisfaction.assign(blocks, 1000);
    for (std::size_t b = 0; b < blocks; ++b) {
        std::int64_t sum = 0, count = 0;
        for (const auto& p : part) {
            sum += p[b];
            count += p[blocks + b];
        }
        if (count > 0) world.housing.satisfaction[b] = static_cast<std::int32_t>(sum / count);
    }
}

void cache_weights(const Model& model, const World& world, const Counts& counts, HomeChoice& choice) {
    const HomesAssumptions& a = model.assumptions().homes;
    const std::array<double, 5> income{a.income_1_yuan, a.income_2_yuan, a.income_3_yuan, a.income_4_yuan, a.income_5_yuan};
    const std::array<double, families> persons{1.0, 2.0, 3.0};
    choice.weight.assign(static_cast<std::size_t>(home_segments) * choice.blocks * market_classes, 0.0F);
    choice.inclusive.assign(static_cast<std::size_t>(home_segments) * eligible_sets * choice.subdistricts, 0.0);
    choice.block_weight.assign(static_cast<std::size_t>(home_segments) * eligible_sets * choice.blocks, 0.0F);
    model.parallel.for_grains(home_segments, 1, [&](std::size_t segment, std::size_t, std::size_t) {
        const double money = income[segment / families];
        const double heads = persons[segment % families];
        std::vector<double> sum(static_cast<std::size_t>(eligible_sets) * choice.subdistricts, 0.0);
        for (std::uint32_t block = 0; block < choice.blocks; ++block) {
            const std::uint32_t s = model.district.blocks[block].subdistrict.value;
            const bool school =
                segment % families == static_cast<std::size_t>(Family::young_child) && s < world.school_refused_permille.size();
            const double refused = school ? world.school_refused_permille[s] * 0.001 : 0.0;
            const double served = world.housing.satisfaction[block] * 0.001;
            std::array<double, eligible_sets> in_block{};
            for (int cls = 0; cls < market_classes; ++cls) {
                const std::size_t cell = block * static_cast<std::size_t>(market_classes) + static_cast<std::size_t>(cls);
                if (counts.vacant[cell] == 0) continue;
                const double n = static_cast<double>(counts.vacant[cell]);
                const double area = static_cast<double>(counts.area_dm2_100[cell]) * 0.1 / n;
                const bool rented = cls == bed_class || (cls & 1) != 0;
                const double burden = class_rent(world, block, cls) * area * (rented ? 1.0 : a.price_burden_share) / money;
                const double per_person = std::max(area, 1.0) / heads;
                const double gap = std::fabs(exact_log(per_person / a.ideal_m2_per_person));
                const double v = -a.cost_weight * burden - a.size_weight * gap + a.service_weight * served - a.school_weight * refused;
                const double w = n * exact_exp(v);
                choice.weight[(segment * choice.blocks + block) * market_classes + static_cast<std::size_t>(cls)] = static_cast<float>(w);
                for (int set = 0; set < eligible_sets; ++set) {
                    if (class_eligible(set, cls)) in_block[static_cast<std::size_t>(set)] += w;
                }
            }
            for (std::size_t set = 0; set < eligible_sets; ++set) {
                choice.block_weight[(segment * eligible_sets + set) * choice.blocks + block] = static_cast<float>(in_block[set]);
                sum[set * choice.subdistricts + s] += in_block[set];
            }
        }
        for (std::size_t i = 0; i < sum.size(); ++i) {
            choice.inclusive[segment * eligible_sets * choice.subdistricts + i] = sum[i] > 0.0 ? exact_pow(sum[i], a.nest_scale) : 0.0;
        }
    });
}

/// Marks the slots of what is vacant and lists it by block and class.
void list_vacant(const World& world, const Counts& counts, HomeChoice& choice) {
    const auto cell_of = [&](std::uint32_t row) {
        return world.dwellings.block[row] * static_cast<std::size_t>(market_classes) +
               static_cast<std::size_t>(market_class(world.dwellings.type[row], world.dwellings.tenure[row]));
    };
    choice.vacant_slot.assign(world.housing.slots.size(), 0);
    choice.vacant_first.assign(choice.vacant.size() + 1, 0);
    std::vector<std::uint32_t> rows;
    rows.reserve(counts.vacant_rows.size());
    for (const std::uint32_t row : counts.vacant_rows) {
        if (!world.dwellings.vacant(row)) continue;  // held empty since the count
        const std::size_t cell = cell_of(row);
        choice.vacant_slot[world.housing.slot_of[row]] = static_cast<std::uint8_t>(cell % market_classes + 1);
        ++choice.vacant_first[cell + 1];
        rows.push_back(row);
    }
    for (std::size_t cell = 0; cell < choice.vacant.size(); ++cell) choice.vacant_first[cell + 1] += choice.vacant_first[cell];
    choice.vacant_rows.assign(rows.size(), no_row);
    std::vector<std::uint32_t> next(choice.vacant_first.begin(), choice.vacant_first.end() - 1);
    for (const std::uint32_t row : rows) choice.vacant_rows[next[cell_of(row)]++] = row;
    choice.vacant_luck.reserve(rows.size());
    for (const std::uint32_t row : choice.vacant_rows) choice.vacant_luck.push_back(world.dwellings.luck[row]);
}

void put_into_slots(World& world, std::uint32_t row) {
    auto& housing = world.housing;
    const SlotRange range = slot_range(world, world.dwellings.block[row], world.dwellings.type[row]);
    std::uint32_t at = static_cast<std::uint32_t>(mix64(world.dwellings.luck[row])) & (range.size - 1);
    while (housing.slots[range.first + at] != no_row) at = (at + 1) & (range.size - 1);
    housing.slots[range.first + at] = row;
    housing.slot_of[row] = range.first + at;
}

/// Tables of keyed rejection: per block and type a power of two of slots, half of them empty, filled in the order
/// of luck keys so that the layout does not depend on rows.
void build_slots(const Model& model, World& world) {
    auto& housing = world.housing;
    const std::size_t cells = model.district.blocks.size() * dwelling_types;
    std::vector<std::uint32_t> count(cells, 0);
    for (std::size_t i = 0; i < world.dwellings.rows(); ++i) {
        ++count[world.dwellings.block[i] * static_cast<std::size_t>(dwelling_types) + static_cast<std::size_t>(world.dwellings.type[i])];
    }
    housing.slot_first.assign(cells + 1, 0);
    constexpr std::uint32_t spare = 32;  // room for dwellings that open later, in blocks that have none of the type
    for (std::size_t c = 0; c < cells; ++c) housing.slot_first[c + 1] = housing.slot_first[c] + std::bit_ceil(2 * count[c] + spare);
    housing.slots.assign(housing.slot_first[cells], no_row);
    housing.slot_of.assign(world.dwellings.rows(), no_row);
    std::vector<std::uint32_t> rows(world.dwellings.rows());
    for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
    std::sort(rows.begin(), rows.end(),
              [&](std::uint32_t a, std::uint32_t b) { return world.dwellings.luck[a] < world.dwellings.luck[b]; });
    for (const std::uint32_t row : rows) put_into_slots(world, row);
}

void index_spaces(const Model& model, World& world) {
    auto& housing = world.housing;
    housing.space_dwelling_first.assign(model.district.spaces.size() + 1, 0);
    for (const std::uint32_t space : world.dwellings.space) {
        if (space != no_row) ++housing.space_dwelling_first[space + 1];
    }
    for (std::size_t s = 0; s < model.district.spaces.size(); ++s) housing.space_dwelling_first[s + 1] += housing.space_dwelling_first[s];
    housing.space_dwellings.assign(housing.space_dwelling_first.back(), no_row);
    std::vector<std::uint32_t> next(housing.space_dwelling_first.begin(), housing.space_dwelling_first.end() - 1);
    for (std::uint32_t row = 0; row < world.dwellings.rows(); ++row) {
        if (world.dwellings.space[row] != no_row) housing.space_dwellings[next[world.dwellings.space[row]]++] = row;
    }
}

}  // namespace

double class_rent(const World& world, std::uint32_t block, int cls) {
    return world.housing.rent_yuan_m2_month[block * static_cast<std::size_t>(dwelling_types) + static_cast<std::size_t>(class_type(cls))];
}

HomeChoice prepare_home_choice(const Model& model, World& world) {
    HomeChoice choice;
    choice.blocks = static_cast<std::uint32_t>(model.district.blocks.size());
    choice.subdistricts = static_cast<std::uint32_t>(model.district.subdistricts.size());
    index_new_dwellings(world);
    const Counts counts = count_dwellings(model, world);
    update_rents(model, world, counts);
    change_use_of_vacant(model, world, counts);
    update_block_satisfaction(model, world);
    choice.vacant = counts.vacant;
    cache_weights(model, world, counts, choice);
    list_vacant(world, counts, choice);
    choice.blocks_of.resize(choice.subdistricts);
    for (std::uint32_t b = 0; b < choice.blocks; ++b) choice.blocks_of[model.district.blocks[b].subdistrict.value].push_back(b);
    choice.nearness.assign(static_cast<std::size_t>(choice.subdistricts) * choice.subdistricts, 1.0);
    for (std::uint32_t i = 0; i < choice.subdistricts; ++i) {
        for (std::uint32_t j = 0; j < choice.subdistricts; ++j) {
            const Point& p = model.district.subdistricts[i].centre;
            const Point& q = model.district.subdistricts[j].centre;
            const double km = std::sqrt((p.x_m - q.x_m) * (p.x_m - q.x_m) + (p.y_m - q.y_m) * (p.y_m - q.y_m)) / 1000.0;
            choice.nearness[i * static_cast<std::size_t>(choice.subdistricts) + j] =
                exact_exp(-model.assumptions().homes.distance_weight_per_km * km);
        }
    }
    return choice;
}

void index_new_dwellings(World& world) {
    for (auto row = static_cast<std::uint32_t>(world.housing.slot_of.size()); row < world.dwellings.rows(); ++row) {
        world.housing.slot_of.push_back(no_row);
        put_into_slots(world, row);
    }
}

void init_housing_market(const Model& model, World& world) {
    const HomesAssumptions& a = model.assumptions().homes;
    auto& housing = world.housing;
    const std::size_t cells = model.district.blocks.size() * dwelling_types;
    housing.rent_yuan_m2_month.assign(cells, 0.0);
    housing.vacant.assign(cells, 0);
    housing.offered.assign(cells, 0);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const Block& block = model.district.blocks[cell / dwelling_types];
        housing.rent_yuan_m2_month[cell] = model.district.subdistricts[block.subdistrict.value].rent_yuan_m2_month *
                                           type_factor(a, static_cast<DwellingType>(cell % dwelling_types));
    }
    housing.rent_at_start = housing.rent_yuan_m2_month;
    build_slots(model, world);
    index_spaces(model, world);
    update_block_satisfaction(model, world);
    std::size_t open = 0;
    for (std::uint32_t i = 0; i < world.jobs.rows(); ++i) open += world.jobs.alive(i) && world.jobs.open(i) ? 1 : 0;
    housing.open_posts_at_start = world.jobs.count() > 0 ? static_cast<double>(open) / static_cast<double>(world.jobs.count()) : 0.0;
    // The outside option is worth as much as the district is at the start, so that its odds are the declared ones then.
    HomeChoice choice;
    choice.blocks = static_cast<std::uint32_t>(model.district.blocks.size());
    choice.subdistricts = static_cast<std::uint32_t>(model.district.subdistricts.size());
    cache_weights(model, world, count_dwellings(model, world), choice);
    housing.reference.assign(static_cast<std::size_t>(home_segments) * eligible_sets, 0.0);
    for (std::size_t i = 0; i < choice.inclusive.size(); ++i) housing.reference[i / choice.subdistricts] += choice.inclusive[i];
}

}  // namespace hutong
