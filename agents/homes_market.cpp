#include "agents/homes_market.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "agents/homes.h"
#include "agents/keyed_race.h"
#include "core/exact_math.h"
#include "core/hash.h"
#include "core/sixteen_rows.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 32768;
constexpr std::size_t chunk = Hits::most;
constexpr std::uint64_t class_noise = 0x636c617373ULL;  // "class": dwelling classes have a noise of their own

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

/// A dwelling on offer.
struct Vacancy {
    std::uint64_t luck;
    std::uint32_t row, slot;
    std::uint32_t cell;  ///< block * market_classes + class
};

struct Counts {
    std::vector<std::uint32_t> vacant, offered;  ///< [block * market_classes + class]
    std::vector<std::int64_t> area_dm2_100;      ///< same shape, of vacant dwellings
    std::vector<Vacancy> vacancies;

    explicit Counts(std::size_t cells) : vacant(cells, 0), offered(cells, 0), area_dm2_100(cells, 0) {}
};

/// What changes the use of vacant homes: owner-occupied ones come to the rental market; owners, employers, the public and,
/// more rarely, landlords keep homes empty; held ones come back; beds vacated during the campaign are closed. A
/// dwelling's own luck decides. Words: 0 let, 1 held empty or closed, 2 comes back.
struct UseChanges {
    std::uint32_t let, hold, hold_let, back, close_bed;

    UseChanges(const HomesAssumptions& a, Month month)
        : let(threshold(monthly_probability(a.let_vacant_owned_per_year))),
          hold(threshold(monthly_probability(a.hold_vacant_per_year))),
          hold_let(threshold(monthly_probability(a.hold_vacant_let_per_year))),
          back(threshold(monthly_probability(a.return_held_per_year))),
          close_bed(campaign_runs(a, month) ? threshold(monthly_probability(a.close_bed_per_year)) : 0) {}

    /// Whose words can mean a change at all.
    WordTests tests() const {
        WordTests t;
        t.bound = {let, std::max({hold, hold_let, close_bed}), back, 0};
        return t;
    }

    void decide(DwellingTable& dwellings, std::uint32_t row, std::uint32_t word0, std::uint32_t word1, std::uint32_t word2) const {
        DwellingState& state = dwellings.state[row];
        if (state == DwellingState::held_empty) {
            if (word2 < back) state = DwellingState::market;
            return;
        }
        switch (dwellings.tenure[row]) {
            case Tenure::owned:
                if (word0 < let)
                    dwellings.tenure[row] = Tenure::private_rent;
                else if (word1 < hold)
                    state = DwellingState::held_empty;
                break;
            case Tenure::employer:
            case Tenure::public_housing:
                if (word1 < hold) state = DwellingState::held_empty;
                break;
            case Tenure::private_rent:
                if (word1 < hold_let) state = DwellingState::held_empty;
                break;
            case Tenure::collective:
                if (word1 < close_bed) state = DwellingState::cleared;
                break;
        }
    }
};

/// Class by type and tenure, and whether its occupied homes belong to the open market.
struct ClassTable {
    std::array<std::uint8_t, static_cast<std::size_t>(dwelling_types) * 8> cls{}, open{};

    ClassTable() {
        for (std::size_t type = 0; type < dwelling_types; ++type) {
            for (std::size_t tenure = 0; tenure < tenures; ++tenure) {
                const int c = market_class(static_cast<DwellingType>(type), static_cast<Tenure>(tenure));
                cls[type * 8 + tenure] = static_cast<std::uint8_t>(c);
                open[type * 8 + tenure] = c == bed_class || (c & 1) != 0 ? 1 : 0;
            }
        }
    }
    static std::size_t at(DwellingType type, Tenure tenure) {
        return static_cast<std::size_t>(type) * 8 + static_cast<std::size_t>(tenure);
    }
};

/// Lists the rows of [begin, end) that are empty and on the market or held, and counts those let on the open market by
/// cell. Sixteen rows side by side mostly are of one block and type: their masks are enough.
std::size_t list_empty(const DwellingTable& dwellings, std::size_t begin, std::size_t end, const ClassTable& classes, std::uint32_t* empty,
                       std::uint32_t* let) {
    using namespace sixteen_rows;
    const auto is = [](const auto* column, auto value) { return _mm_cmpeq_epi8(load(column), _mm_set1_epi8(static_cast<char>(value))); };
    const auto cell_of = [&](std::size_t row, std::size_t at) {
        return dwellings.block[row] * static_cast<std::size_t>(market_classes) + classes.cls[at];
    };
    const auto one_by_one = [&](std::size_t row) {
        const std::size_t at = ClassTable::at(dwellings.type[row], dwellings.tenure[row]);
        const bool taken = dwellings.household[row] != no_row, on_market = dwellings.state[row] == DwellingState::market;
        let[cell_of(row, at)] += static_cast<std::uint32_t>(on_market & taken) & classes.open[at];
    };
    std::size_t found = 0, row = begin;
    for (; row + side_by_side <= end; row += side_by_side) {
        const std::uint32_t vacant = bits(equal_to(dwellings.household.data() + row, no_row));
        const std::uint32_t market = bits(is(dwellings.state.data() + row, DwellingState::market));
        const std::uint32_t held = bits(is(dwellings.state.data() + row, DwellingState::held_empty));
        for (std::uint32_t rest = vacant & (market | held); rest != 0; rest &= rest - 1)
            empty[found++] = static_cast<std::uint32_t>(row + static_cast<std::size_t>(std::countr_zero(rest)));
        const DwellingType type = dwellings.type[row];
        const __m128i alike = both(is(dwellings.block.data() + row, dwellings.block[row]), is(dwellings.type.data() + row, type));
        if (bits(alike) != 0xffffU) {
            for (std::size_t i = row; i < row + side_by_side; ++i) one_by_one(i);
            continue;
        }
        const std::size_t rented = ClassTable::at(type, Tenure::private_rent);  // beds are of one class whatever the tenure
        const std::uint32_t open =
            type == DwellingType::dormitory ? 0xffffU : bits(is(dwellings.tenure.data() + row, Tenure::private_rent));
        let[cell_of(row, rented)] += static_cast<std::uint32_t>(std::popcount(~vacant & market & open));
    }
    for (; row < end; ++row) {
        one_by_one(row);
        empty[found] = static_cast<std::uint32_t>(row);
        found += static_cast<std::size_t>(dwellings.household[row] == no_row && (dwellings.state[row] == DwellingState::market ||
                                                                                 dwellings.state[row] == DwellingState::held_empty));
    }
    return found;
}

/// One pass over all dwellings: vacant ones may change their use (with `changes`), then what is on offer is counted and
/// listed. Each grain changes rows of its own only.
Counts survey_dwellings(const Model& model, World& world, const UseChanges* changes) {
    auto& dwellings = world.dwellings;
    const std::size_t cells = model.district.blocks.size() * market_classes;
    const ClassTable classes;
    const WordTests tests = changes != nullptr ? changes->tests() : WordTests{};
    std::vector<Counts> part(Parallel::grains(dwellings.rows(), grain), Counts(0));
    model.parallel.for_grains(dwellings.rows(), grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        Counts c(cells);
        constexpr std::size_t mostly_let = 16;
        c.vacancies.reserve(grain / mostly_let);
        std::array<std::uint32_t, chunk> empty;
        std::array<std::uint64_t, chunk> luck;
        Hits hits;
        std::vector<std::uint32_t> let(cells, 0);
        for (std::size_t first = begin; first < end; first += chunk) {
            const std::size_t last = std::min(first + chunk, end);
            const std::size_t found = list_empty(dwellings, first, last, classes, empty.data(), let.data());
            if (changes != nullptr) {
                for (std::size_t k = 0; k < found; ++k) luck[k] = dwellings.luck[empty[k]];
                model.luck.hits(Purpose::dwelling_event, luck.data(), found, world.month, tests, hits);
                for (std::size_t h = 0; h < hits.count; ++h)
                    changes->decide(dwellings, empty[hits.at[h]], hits.words[0][h], hits.words[1][h], hits.words[2][h]);
            }
            for (std::size_t k = 0; k < found; ++k) {
                const std::uint32_t row = empty[k];
                if (dwellings.state[row] != DwellingState::market) continue;
                const std::size_t cell = dwellings.block[row] * static_cast<std::size_t>(market_classes) +
                                         classes.cls[ClassTable::at(dwellings.type[row], dwellings.tenure[row])];
                ++c.offered[cell];
                ++c.vacant[cell];
                c.area_dm2_100[cell] += dwellings.area_dm2_100[row];
                c.vacancies.push_back({dwellings.luck[row], row, world.housing.slot_of[row], static_cast<std::uint32_t>(cell)});
            }
        }
        for (std::size_t cell = 0; cell < cells; ++cell) c.offered[cell] += let[cell];
        part[g] = std::move(c);
    });
    Counts all(cells);
    std::size_t total = 0;
    for (const Counts& c : part) {
        for (std::size_t i = 0; i < cells; ++i) {
            all.vacant[i] += c.vacant[i];
            all.offered[i] += c.offered[i];
            all.area_dm2_100[i] += c.area_dm2_100[i];
        }
        total += c.vacancies.size();
    }
    all.vacancies.reserve(total);
    for (const Counts& c : part) all.vacancies.insert(all.vacancies.end(), c.vacancies.begin(), c.vacancies.end());
    return all;
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

/// Mean satisfaction of the households of each block; read anew each quarter.
void update_block_satisfaction(const Model& model, World& world) {
    if (world.month.month_of_year() % 3 != 1 && !world.housing.satisfaction.empty()) return;
    const auto& households = world.households;
    const std::size_t blocks = model.district.blocks.size();
    std::vector<std::vector<std::int64_t>> part(Parallel::grains(households.rows(), grain));
    model.parallel.for_grains(households.rows(), grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        std::vector<std::int64_t> sums(2 * blocks, 0);
        for (std::size_t i = begin; i < end; ++i) {
            if (households.size[i] == 0 || households.dwelling[i] == no_row) continue;
            const std::size_t block = world.dwellings.block[households.dwelling[i]];
            sums[block] += households.satisfaction[i];
            ++sums[blocks + block];
        }
        part[g] = std::move(sums);
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

/// The parts of V that several segments share, as factors exp(part).
struct Factors {
    std::array<double, income_groups> cost{};  ///< by income
    std::array<double, families> size{};       ///< by family

    Factors(const HomesAssumptions& a, double rent, double area, bool rented) {
        const std::array<double, income_groups> income{a.income_1_yuan, a.income_2_yuan, a.income_3_yuan, a.income_4_yuan, a.income_5_yuan};
        const std::array<double, families> persons{1.0, 2.0, 3.0};
        const double yuan = rent * area * (rented ? 1.0 : a.price_burden_share);
        for (std::size_t i = 0; i < cost.size(); ++i) cost[i] = exact_exp(-a.cost_weight * yuan / income[i]);
        for (std::size_t f = 0; f < size.size(); ++f) {
            size[f] = exact_exp(-a.size_weight * std::fabs(exact_log(std::max(area, 1.0) / persons[f] / a.ideal_m2_per_person)));
        }
    }
};

void cache_weights(const Model& model, const World& world, const Counts& counts, HomeChoice& choice) {
    const HomesAssumptions& a = model.assumptions().homes;
    const std::size_t sets = static_cast<std::size_t>(home_segments) * eligible_sets;
    choice.weight.assign(static_cast<std::size_t>(home_segments) * choice.blocks * market_classes, 0.0F);
    choice.inclusive.assign(sets * choice.subdistricts, 0.0);
    std::vector<double> block_weight(sets * choice.blocks, 0.0);  // sums over eligible classes
    model.parallel.for_grains(choice.blocks, 16, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t block = begin; block < end; ++block) {
            const std::uint32_t s = model.district.blocks[block].subdistrict.value;
            const double refused = s < world.school_refused_permille.size() ? world.school_refused_permille[s] * 0.001 : 0.0;
            const double served = exact_exp(a.service_weight * (world.housing.satisfaction[block] * 0.001));
            const double school = exact_exp(-a.school_weight * refused);
            for (int cls = 0; cls < market_classes; ++cls) {
                const std::size_t cell = block * static_cast<std::size_t>(market_classes) + static_cast<std::size_t>(cls);
                if (counts.vacant[cell] == 0) continue;
                const double n = static_cast<double>(counts.vacant[cell]);
                const double area = static_cast<double>(counts.area_dm2_100[cell]) * 0.1 / n;
                const Factors factors(a, class_rent(world, static_cast<std::uint32_t>(block), cls), area,
                                      cls == bed_class || (cls & 1) != 0);
                for (std::size_t segment = 0; segment < home_segments; ++segment) {
                    const std::size_t family = segment % families;
                    double w = n * served * factors.cost[segment / families] * factors.size[family];
                    if (family == static_cast<std::size_t>(Family::young_child)) w *= school;
                    choice.weight[(segment * choice.blocks + block) * market_classes + static_cast<std::size_t>(cls)] =
                        static_cast<float>(w);
                    for (std::size_t set = 0; set < eligible_sets; ++set) {
                        if (class_eligible(static_cast<int>(set), cls))
                            block_weight[(segment * eligible_sets + set) * choice.blocks + block] += w;
                    }
                }
            }
        }
    });
    choice.block_inverse.resize(sets * choice.blocks);
    model.parallel.for_grains(home_segments, 2, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t at = begin * eligible_sets; at < end * eligible_sets; ++at) {
            for (std::uint32_t s = 0; s < choice.subdistricts; ++s) {
                double sum = 0.0;
                for (std::uint32_t i = choice.first_block[s]; i < choice.first_block[s + 1]; ++i) {
                    const double w = block_weight[at * choice.blocks + choice.blocks_of[i]];
                    sum += w;
                    choice.block_inverse[at * choice.blocks + i] = race::inverse_weight(w);
                }
                choice.inclusive[at * choice.subdistricts + s] = sum > 0.0 ? exact_pow(sum, a.nest_scale) : 0.0;
            }
        }
    });
}

/// The weights as the races of agents/homes_search want them.
void cache_races(const Model& model, const World& world, HomeChoice& choice) {
    const HomesAssumptions& a = model.assumptions().homes;
    const std::size_t places = choice.subdistricts + std::size_t{1};
    for (const Subdistrict& s : model.district.subdistricts) choice.place_luck.push_back(Hash{}.text("subdistrict").text(s.code).value());
    choice.place_luck.push_back(Hash{}.text("outside").value());
    for (const std::uint32_t b : choice.blocks_of)
        choice.block_luck.push_back(Hash{}.text("block").text(model.district.blocks[b].code).value());
    for (const int cls : class_order) choice.class_luck.push_back(luck_key(class_noise, static_cast<std::uint64_t>(cls)));
    // Seen from each sub-district and, last, from outside: how near each other one is, and all on the mean.
    std::vector<double> near(places * choice.subdistricts, 1.0), near_mean(places, 1.0);
    for (std::size_t from = 0; from < choice.subdistricts; ++from) {
        double sum = 0.0;
        for (std::size_t to = 0; to < choice.subdistricts; ++to) {
            near[from * choice.subdistricts + to] = choice.nearness[from * choice.subdistricts + to];
            sum += near[from * choice.subdistricts + to];
        }
        near_mean[from] = sum / static_cast<double>(choice.subdistricts);
    }
    const std::size_t sets = static_cast<std::size_t>(home_segments) * eligible_sets;
    const double later = after_data_date(a, world.month) ? a.later_departures_factor : 1.0;
    choice.place_inverse.resize(sets * places * places);
    choice.class_inverse.resize(choice.weight.size());
    model.parallel.for_grains(home_segments, 2, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t at = begin * eligible_sets; at < end * eligible_sets; ++at) {
            const bool registered = (at & 1) != 0;
            const double outside = later * (registered ? a.outside_odds_registered : a.outside_odds_floating) * world.housing.reference[at];
            for (std::size_t from = 0; from < places; ++from) {
                float* inverse = choice.place_inverse.data() + (at * places + from) * places;
                for (std::size_t to = 0; to < choice.subdistricts; ++to) {
                    inverse[to] =
                        race::inverse_weight(choice.inclusive[at * choice.subdistricts + to] * near[from * choice.subdistricts + to]);
                }
                inverse[choice.subdistricts] = race::inverse_weight(outside * near_mean[from]);
            }
        }
        for (std::size_t row = begin * choice.blocks; row < end * choice.blocks; ++row) {
            for (std::size_t i = 0; i < market_classes; ++i) {
                choice.class_inverse[row * market_classes + i] =
                    race::inverse_weight(choice.weight[row * market_classes + static_cast<std::size_t>(class_order[i])]);
            }
        }
    });
}

/// Lists what is vacant by block and class, and marks its slots.
void list_vacant(const Model& model, const World& world, const Counts& counts, HomeChoice& choice) {
    const std::size_t cells = counts.vacant.size();
    choice.vacant_first.assign(cells + 1, 0);
    for (std::size_t cell = 0; cell < cells; ++cell) choice.vacant_first[cell + 1] = choice.vacant_first[cell] + counts.vacant[cell];
    const auto list = [&] {
        choice.vacant_rows.resize(counts.vacancies.size());
        choice.vacant_luck.resize(counts.vacancies.size());
        std::vector<std::uint32_t> next(choice.vacant_first.begin(), choice.vacant_first.end() - 1);
        for (const Vacancy& vacancy : counts.vacancies) {
            const std::uint32_t at = next[vacancy.cell]++;
            choice.vacant_rows[at] = vacancy.row;
            choice.vacant_luck[at] = vacancy.luck;
        }
    };
    const auto mark = [&] {
        for (auto& bits : choice.vacant_slots) bits.assign(world.housing.slots.size() / 64 + 1, 0);
        for (const Vacancy& vacancy : counts.vacancies) {
            choice.vacant_slots[(vacancy.cell % market_classes) & 1][vacancy.slot >> 6] |= std::uint64_t{1} << (vacancy.slot & 63);
        }
    };
    model.parallel.invoke({list, mark});
}

/// Blocks by sub-district, and how near the sub-districts are to each other.
void lay_out_places(const Model& model, HomeChoice& choice) {
    choice.blocks = static_cast<std::uint32_t>(model.district.blocks.size());
    choice.subdistricts = static_cast<std::uint32_t>(model.district.subdistricts.size());
    choice.first_block.push_back(0);
    for (std::uint32_t s = 0; s < choice.subdistricts; ++s) {
        for (std::uint32_t b = 0; b < choice.blocks; ++b) {
            if (model.district.blocks[b].subdistrict.value == s) choice.blocks_of.push_back(b);
        }
        choice.first_block.push_back(static_cast<std::uint32_t>(choice.blocks_of.size()));
    }
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
}

void put_into_slots(World& world, std::uint32_t row) {
    auto& slots = world.housing.slots.change();
    auto& slot_of = world.housing.slot_of.change();
    const SlotRange range = slot_range(world, world.dwellings.block[row], world.dwellings.type[row]);
    std::uint32_t at = static_cast<std::uint32_t>(mix64(world.dwellings.luck[row])) & (range.size - 1);
    while (slots[range.first + at] != no_row) at = (at + 1) & (range.size - 1);
    slots[range.first + at] = row;
    slot_of[row] = range.first + at;
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

/// Larger tables for blocks and types that have more dwellings by now than slots; the other tables stay as they are.
void widen_full_tables(World& world) {
    auto& housing = world.housing;
    const std::size_t cells = housing.slot_first.size() - 1;
    const auto cell_of = [&](std::size_t row) {
        return world.dwellings.block[row] * static_cast<std::size_t>(dwelling_types) + static_cast<std::size_t>(world.dwellings.type[row]);
    };
    std::vector<std::uint32_t> count(cells, 0);
    for (std::size_t row = 0; row < world.dwellings.rows(); ++row) ++count[cell_of(row)];
    const auto size = [&](std::size_t c) { return housing.slot_first[c + 1] - housing.slot_first[c]; };
    const auto full = [&](std::size_t c) { return count[c] > size(c); };
    bool any = false;
    for (std::size_t c = 0; c < cells; ++c) any = any || full(c);
    if (!any) return;
    std::vector<std::uint32_t> first(cells + 1, 0), slots;
    std::vector<std::uint8_t> widened(cells, 0);
    for (std::size_t c = 0; c < cells; ++c) {
        widened[c] = full(c) ? 1 : 0;
        first[c + 1] = first[c] + (widened[c] ? std::bit_ceil(2 * count[c]) : size(c));
    }
    slots.assign(first[cells], no_row);
    for (std::size_t c = 0; c < cells; ++c) {
        if (widened[c]) continue;
        for (std::uint32_t i = 0; i < size(c); ++i) {
            const std::uint32_t row = housing.slots[housing.slot_first[c] + i];
            slots[first[c] + i] = row;
            if (row != no_row) housing.slot_of.change()[row] = first[c] + i;
        }
    }
    housing.slot_first = std::move(first);
    housing.slots.change() = std::move(slots);
    std::vector<std::uint32_t> rows;  // in the order of luck, as at the start
    for (std::uint32_t row = 0; row < housing.slot_of.size(); ++row) {
        if (widened[cell_of(row)]) rows.push_back(row);
    }
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
    lay_out_places(model, choice);
    index_new_dwellings(world);
    const UseChanges changes(model.assumptions().homes, world.month);
    const Counts counts = survey_dwellings(model, world, &changes);
    update_rents(model, world, counts);
    update_block_satisfaction(model, world);
    cache_weights(model, world, counts, choice);
    cache_races(model, world, choice);
    list_vacant(model, world, counts, choice);
    return choice;
}

void index_dwellings(const Model& model, World& world) {
    if (world.housing.slot_of.empty()) build_slots(model, world);
    index_new_dwellings(world);
}

void index_new_dwellings(World& world) {
    if (world.housing.slot_of.size() == world.dwellings.rows()) return;
    widen_full_tables(world);
    for (auto row = static_cast<std::uint32_t>(world.housing.slot_of.size()); row < world.dwellings.rows(); ++row) {
        world.housing.slot_of.change().push_back(no_row);
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
    index_dwellings(model, world);
    index_spaces(model, world);
    update_block_satisfaction(model, world);
    std::size_t open = 0;
    for (std::uint32_t i = 0; i < world.jobs.rows(); ++i) open += world.jobs.alive(i) && world.jobs.open(i) ? 1 : 0;
    housing.open_posts_at_start.assign(1,
                                       world.jobs.count() > 0 ? static_cast<double>(open) / static_cast<double>(world.jobs.count()) : 0.0);
    // The outside option is worth as much as the district is at the start, so that its odds are the declared ones then.
    HomeChoice choice;
    lay_out_places(model, choice);
    cache_weights(model, world, survey_dwellings(model, world, nullptr), choice);
    housing.reference.assign(static_cast<std::size_t>(home_segments) * eligible_sets, 0.0);
    for (std::size_t i = 0; i < choice.inclusive.size(); ++i) housing.reference[i / choice.subdistricts] += choice.inclusive[i];
}

}  // namespace hutong
