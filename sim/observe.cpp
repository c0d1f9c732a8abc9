#include "sim/observe.h"

#include <algorithm>
#include <cmath>

#include "agents/appraisal.h"
#include "agents/governance.h"
#include "agents/hiring_rules.h"
#include "core/sixteen_rows.h"

namespace hutong {
namespace {

constexpr std::size_t grain_rows = 1U << 15;
constexpr int months_per_year = 12;
constexpr int reagglomeration_months = 24;   // model.md, "Indicators"
constexpr std::int64_t dm2_per_tenth = 10;   // 0.01 m2 in 0.1 m2
constexpr std::size_t oldest_months = 1536;  // 128 years

std::int64_t tenths(double area_m2) { return std::llround(area_m2 * 10.0); }

std::vector<std::uint8_t> blocks_of_nodes(const WalkingNetwork& network, std::size_t blocks) {
    std::vector<std::uint8_t> block_of(network.nodes());
    for (std::size_t n = 0; n < network.nodes(); ++n) {
        const BlockId block = network.block(NodeId(n));
        block_of[n] = static_cast<std::uint8_t>(block.valid() ? block.value : blocks);
    }
    return block_of;
}

}  // namespace

std::int32_t restricted_mean_milli(const std::int32_t* opened, const std::int32_t* waiting) {
    std::int64_t at_risk = 0;
    for (int t = 0; t <= opening_horizon_months; ++t) at_risk += opened[t] + waiting[t];
    if (at_risk == 0) return -1;
    double still = 1, area = 0;
    for (int t = 0; t < opening_horizon_months; ++t) {
        if (at_risk <= 0) {
            if (still > 0) return -1;  // nobody was followed so far
            break;
        }
        still *= 1.0 - static_cast<double>(opened[t]) / static_cast<double>(at_risk);
        area += still;
        at_risk -= opened[t] + waiting[t];
    }
    return static_cast<std::int32_t>(std::llround(area * 1000.0));
}

Observer::Observer(const Model& model, const TallyLayout& layout)
    : model_(model),
      layout_(layout),
      tallies_(layout),
      node_block_(blocks_of_nodes(model.district.network, layout.blocks)),
      people_(node_block_, layout.blocks),
      households_(layout.blocks) {
    for (std::size_t n = 0; n < node_block_.size(); ++n) {
        if (node_block_[n] >= layout.blocks) continue;
        if (node_runs_.empty() || node_runs_.back().end != n || node_runs_.back().block != node_block_[n])
            node_runs_.push_back({n, n, node_block_[n]});
        node_runs_.back().end = n + 1;
    }
    const auto& services = model.district.catalogue.services;
    first_of_group_.assign(static_cast<std::size_t>(target_groups), services.size());
    for (std::size_t s = services.size(); s-- > 0;) first_of_group_[static_cast<std::size_t>(services[s].group)] = s;
    for (const Space& space : model.district.spaces) space_area_.push_back(tenths(space.area_m2));
    opened_.assign(space_area_.size(), 0);
    due_.assign(space_area_.size(), 0);
    const LabourAssumptions& labour = model.assumptions().labour;
    minutes_.resize(std::size_t{layout.blocks} * layout.blocks);
    for (std::size_t home = 0; home < layout.blocks; ++home) {
        for (std::size_t work = 0; work < layout.blocks; ++work) {
            const Point &a = model.district.blocks[home].centre, &b = model.district.blocks[work].centre;
            const double km = std::sqrt((a.x_m - b.x_m) * (a.x_m - b.x_m) + (a.y_m - b.y_m) * (a.y_m - b.y_m)) * 0.001;
            const double minutes = labour.commute_fixed_min + labour.commute_min_per_km * km;
            minutes_[home * layout.blocks + work] = static_cast<std::uint8_t>(std::min(255.0, std::floor(minutes + 0.5)));
        }
    }
    age_group_.resize(oldest_months);
    for (std::size_t months = 0; months < oldest_months; ++months) {
        const auto years = static_cast<int>(months) / months_per_year;
        const auto after = std::upper_bound(age_bounds.begin(), age_bounds.end(), years);
        age_group_[months] = static_cast<std::uint8_t>(after - age_bounds.begin() - 1);
    }
}

const MonthTallies& Observer::observe(const World& world, Month month, bool flows) {
    std::fill(tallies_.values.begin(), tallies_.values.end(), 0);
    const Month last = model_.scenario.run.start + (model_.scenario.run.months - 1);
    tallies_.yearly_counted = !flows || month == last || month.month_of_year() == months_per_year;
    // Each task fills tallies of its own; spaces come before what needs to know which are due.
    model_.parallel.invoke({[&] { count_people(world, month); }, [&] { count_households(world); }, [&] { count_services(world); },
                            [&] { count_dwellings(world); },
                            [&] {
                                count_spaces(world, month);
                                count_premises(world);
                                count_openings(world, month);
                                count_businesses(world);
                                count_projects(world, month);
                                if (flows) copy_flows(world);
                            }});
    count_reagglomeration(world);
    count_yearly(world, month);
    tallies_.queue_length.assign(world.governance.queue_length.begin(), world.governance.queue_length.end());
    tallies_.handled.assign(world.governance.handled.begin(), world.governance.handled.end());
    tallies_.sent_back.assign(world.governance.sent_back.begin(), world.governance.sent_back.end());
    tallies_.months_waited.assign(world.governance.months_waited.begin(), world.governance.months_waited.end());
    tallies_.reduced_dm2 = world.governance.reduced_dm2;
    tallies_.added_dm2 = world.governance.added_dm2;
    tallies_.tie_pool_dm2 = world.governance.tie_pool_dm2;
    tallies_.red_line_persons = std::llround(static_cast<double>(red_line_path(model_, world, month)) * model_.scenario.run.scale);
    tallies_.capital_spent_yuan = world.governance.capital_spent_yuan;
    tallies_.operating_spent_yuan = world.governance.operating_spent_yuan;
    tallies_.buy_back_spent_yuan = world.governance.buy_back_spent_yuan;
    tallies_.surrender_spent_yuan = world.governance.surrender_spent_yuan;
    tallies_.courtyards_complete = world.governance.courtyards_complete;
    tallies_.headroom_committed = world.governance.headroom_committed_persons;
    tallies_.add_up();
    return tallies_;
}

void Observer::count_people(const World& world, Month month) {
    people_.update(model_.parallel, world.people, month);
    const std::size_t blocks = layout_.blocks;
    const auto ages = people_.by_age(month, age_group_, static_cast<std::size_t>(age_groups));
    for (std::size_t g = 0; g < static_cast<std::size_t>(age_groups); ++g) {
        for (std::size_t b = 0; b < blocks; ++b) at(layout_.ages + g, b) = ages[g * blocks + b];
    }
    constexpr Tally registration[] = {Tally::registered_here, Tally::registered_beijing, Tally::registered_outside};
    for (std::size_t b = 0; b < blocks; ++b) {
        for (std::size_t r = 0; r < registrations; ++r) {
            auto of = [&](Activity activity) { return people_.of(b, static_cast<Registration>(r), activity); };
            for (std::size_t a = 0; a < activities; ++a) at(layout_.at(registration[r]), b) += of(static_cast<Activity>(a));
            at(layout_.at(Tally::employed_here), b) += of(Activity::employed_here);
            at(layout_.at(Tally::employed_outside), b) += of(Activity::employed_outside);
            at(layout_.at(Tally::unemployed), b) += of(Activity::unemployed);
        }
    }
}

void Observer::count_households(const World& world) {
    households_.update(model_.parallel, world.households, world.dwellings);
    struct Pair {
        Tally tally;
        HouseholdCounts::Count count;
    };
    constexpr Pair pairs[] = {{Tally::households, HouseholdCounts::all},
                              {Tally::collective_households, HouseholdCounts::collective},
                              {Tally::collective_residents, HouseholdCounts::collective_persons},
                              {Tally::unauthorised_residents, HouseholdCounts::unauthorised_persons},
                              {Tally::satisfaction_permille, HouseholdCounts::satisfaction},
                              {Tally::cars, HouseholdCounts::cars}};
    for (const Pair& pair : pairs) {
        for (std::size_t b = 0; b < layout_.blocks; ++b) at(layout_.at(pair.tally), b) = households_.of(b, pair.count);
    }
}

void Observer::count_dwellings(const World& world) {
    const auto& dwellings = world.dwellings;
    // Empty ones by state, occupied ones, floor area not demolished.
    constexpr std::size_t states = 5, occupied = states, area = states + 1, width = states + 2;
    static_assert(static_cast<std::size_t>(DwellingState::merged) + 1 == states);
    const std::size_t blocks = layout_.blocks, rows = dwellings.rows();
    const std::uint32_t* household = dwellings.household.data();
    const std::uint8_t* block = dwellings.block.data();
    const DwellingState* state = dwellings.state.data();
    const std::uint16_t* tenths = dwellings.area_dm2_100.data();
    std::vector<std::vector<std::int64_t>> parts(Parallel::grains(rows, grain_rows));
    model_.parallel.for_grains(rows, grain_rows, [&](std::size_t grain, std::size_t begin, std::size_t end) {
        parts[grain].assign(blocks * width, 0);
        std::int64_t* bins = parts[grain].data();
        auto one_by_one = [&](std::size_t from, std::size_t to) {
            for (std::size_t row = from; row < to; ++row) {
                std::int64_t* own = bins + block[row] * width;
                ++own[household[row] != no_row ? occupied : static_cast<std::size_t>(state[row])];
                own[area] += state[row] != DwellingState::demolished ? tenths[row] : 0;
            }
        };
        // Rows side by side mostly stand in one block: they are counted as vectors, with counters of a byte.
        constexpr std::size_t tile = 64;
        using namespace sixteen_rows;
        std::size_t from = begin;
        for (; from + tile <= end; from += tile) {
            const __m128i first = _mm_set1_epi8(static_cast<char>(block[from]));
            __m128i same = _mm_cmpeq_epi8(first, first);
            for (std::size_t i = from; i < from + tile; i += 16) same = both(same, _mm_cmpeq_epi8(load(block + i), first));
            if (bits(same) != 0xFFFF) {
                one_by_one(from, from + tile);
                continue;
            }
            const __m128i zero = _mm_setzero_si128();
            __m128i kinds[occupied + 1] = {zero, zero, zero, zero, zero, zero}, sums = zero;
            for (std::size_t i = from; i < from + tile; i += 16) {
                const __m128i empty = equal_to(household + i, no_row), states_16 = load(state + i);
                const __m128i kind = _mm_or_si128(both(empty, states_16), _mm_andnot_si128(empty, _mm_set1_epi8(occupied)));
                for (std::size_t k = 0; k <= occupied; ++k)  // a match is -1
                    kinds[k] = _mm_sub_epi8(kinds[k], _mm_cmpeq_epi8(kind, _mm_set1_epi8(static_cast<char>(k))));
                const __m128i gone = _mm_cmpeq_epi8(states_16, _mm_set1_epi8(static_cast<char>(DwellingState::demolished)));
                const __m128i low = _mm_andnot_si128(_mm_unpacklo_epi8(gone, gone), load(tenths + i));
                const __m128i high = _mm_andnot_si128(_mm_unpackhi_epi8(gone, gone), load(tenths + i + 8));
                for (const __m128i eight : {low, high})
                    sums = _mm_add_epi32(sums, _mm_add_epi32(_mm_unpacklo_epi16(eight, zero), _mm_unpackhi_epi16(eight, zero)));
            }
            std::int64_t* own = bins + block[from] * width;
            for (std::size_t k = 0; k <= occupied; ++k) own[k] += sum(kinds[k]);
            alignas(16) std::uint32_t four[4];
            _mm_store_si128(reinterpret_cast<__m128i*>(four), sums);
            for (const std::uint32_t one : four) own[area] += one;
        }
        one_by_one(from, end);
    });
    constexpr Tally tallies[width] = {Tally::dwellings_vacant,     Tally::dwellings_held_empty, Tally::dwellings_cleared,
                                      Tally::dwellings_demolished, Tally::dwellings_merged,     Tally::dwellings_occupied,
                                      Tally::dwelling_area};
    for (const auto& part : parts) {
        for (std::size_t b = 0; b < blocks; ++b) {
            for (std::size_t k = 0; k < width; ++k) at(layout_.at(tallies[k]), b) += part[b * width + k];
        }
    }
    const auto& market = world.housing;
    for (std::size_t b = 0; b < blocks; ++b) {
        for (std::size_t type = 0; type < static_cast<std::size_t>(dwelling_types); ++type) {
            const std::size_t cell = b * static_cast<std::size_t>(dwelling_types) + type;
            if (cell >= market.rent_yuan_m2_month.size() || cell >= market.offered.size()) continue;
            at(layout_.at(Tally::rent_fen), b) += std::llround(market.rent_yuan_m2_month[cell] * 100.0) * market.offered[cell];
            at(layout_.at(Tally::rent_dwellings), b) += market.offered[cell];
        }
    }
}

void Observer::count_businesses(const World& world) {
    const auto& businesses = world.businesses;
    const auto& blocks = model_.district.blocks;
    const auto& sectors = model_.district.catalogue.sectors;
    for (std::size_t row = 0; row < businesses.rows(); ++row) {
        if (businesses.premises[row] == no_row) continue;
        const std::size_t b = businesses.block[row];
        ++at(layout_.businesses + businesses.sector[row], b);
        at(layout_.posts + businesses.sector[row], b) += businesses.posts[row];
        const Funding funding = businesses.funding[row];
        const std::int64_t filled = businesses.filled[row], local = filled - static_cast<std::int64_t>(businesses.non_local[row]);
        at(layout_.filled + businesses.sector[row], b) += filled;
        // agents/conservation: non_local are the in-commuters, the others live here
        at(layout_.at(Tally::filled_by_residents), b) += local;
        at(layout_.filled_residents + businesses.sector[row], b) += local;
        at(layout_.funding_filled + static_cast<std::size_t>(funding), b) += filled;
        at(layout_.funding_residents + static_cast<std::size_t>(funding), b) += local;
        if (blocks[b].function_area) {
            at(layout_.at(Tally::function_filled), b) += filled;
            if (sectors[businesses.sector[row]].high_end) at(layout_.at(Tally::function_high_end), b) += filled;
        }
        if (funding == Funding::livelihood_project) {
            at(layout_.at(Tally::livelihood_filled), b) += filled;
            at(layout_.at(Tally::livelihood_local), b) += local;
        } else if (funding == Funding::heritage_project) {
            at(layout_.at(Tally::heritage_filled), b) += filled;
            at(layout_.at(Tally::heritage_local), b) += local;
        }
    }
}

void Observer::count_premises(const World& world) {
    const auto& premises = world.premises;
    const auto& sectors = model_.district.catalogue.sectors;
    for (std::size_t row = 0; row < premises.rows(); ++row) {
        const std::size_t b = premises.block[row];
        const std::int64_t area = premises.area_dm2_100[row];
        const std::uint32_t business = premises.business[row];
        if (premises.state[row] == PremisesState::on_market) {
            at(static_cast<std::size_t>(layout_.premises_area) + static_cast<std::size_t>(premises.use[row]), b) += area;
            if (business == no_row) at(layout_.at(Tally::premises_vacant_area), b) += area;
        }
        const std::uint32_t space = premises.space[row];
        if (space < due_.size() && due_[space] && business != no_row && sectors[world.businesses.sector[business]].prohibited) {
            at(layout_.at(Tally::reagglomeration_catalogue), b) += area;
        }
    }
}

void Observer::count_services(const World& world) {
    if (world.services.members.empty()) return;
    composite_by_block(model_, world, circle_);
    const auto& services = model_.district.catalogue.services;
    const std::size_t nodes = node_block_.size();
    // Node by node: the shares missing of the services wanted there, and how many these are.
    std::vector<std::uint32_t> missing(nodes, 0), wanted(nodes, 0);
    for (std::size_t s = 0; s < services.size(); ++s) {
        const auto group = static_cast<std::size_t>(services[s].group);
        const std::int32_t* members = world.services.members.data() + group * nodes;
        const std::int32_t* served = world.services.served_permille.data() + s * nodes;
        const std::uint8_t* reached = world.services.reached.data() + s * nodes;
        for (const NodeRun& run : node_runs_) {
            std::uint64_t all = 0, served_milli = 0, in_reach = 0;
            for (std::size_t n = run.begin; n < run.end; ++n) {
                const auto m = static_cast<std::uint32_t>(members[n]);
                all += m;
                served_milli += std::uint64_t{m} * static_cast<std::uint32_t>(served[n]);
                in_reach += reached[n] != 0 ? m : 0U;
            }
            at(layout_.served + s, run.block) += static_cast<std::int64_t>(served_milli);
            at(layout_.reached + s, run.block) += static_cast<std::int64_t>(in_reach);
            if (first_of_group_[group] == s) at(layout_.members + group, run.block) += static_cast<std::int64_t>(all);
        }
        for (std::size_t n = 0; n < nodes; ++n) {
            const std::uint32_t any = members[n] > 0 ? 1 : 0;
            missing[n] += any * static_cast<std::uint32_t>(1000 - served[n]);
            wanted[n] += any;
        }
    }
    for (std::size_t b = 0; b < layout_.blocks; ++b) {
        at(layout_.at(Tally::circle_residents), b) = circle_[b].residents;
        at(layout_.at(Tally::circle_complete), b) = circle_[b].inside;
    }
    // Shortfall of a node: mean over the services wanted there of the share not served.
    const std::int32_t* everyone = world.services.members.data() + static_cast<std::size_t>(TargetGroup::everyone) * nodes;
    for (const NodeRun& run : node_runs_) {
        std::int64_t weight = 0, sum = 0, squares = 0;
        for (std::size_t n = run.begin; n < run.end; ++n) {
            if (everyone[n] == 0 || wanted[n] == 0) continue;
            const std::int64_t shortfall = missing[n] / wanted[n];
            weight += everyone[n];
            sum += everyone[n] * shortfall;
            squares += everyone[n] * shortfall * shortfall;
        }
        at(layout_.at(Tally::shortfall_weight), run.block) += weight;
        at(layout_.at(Tally::shortfall_sum), run.block) += sum;
        at(layout_.at(Tally::shortfall_squares), run.block) += squares;
    }
    const auto& facilities = world.services.facilities;
    for (std::size_t f = 0; f < facilities.rows(); ++f) {
        const std::size_t b = node_block_[facilities.node[f]];
        if (!facilities.open[f] || facilities.ring[f] || b >= layout_.blocks) continue;
        const Service& service = services[facilities.service[f]];
        if (service.green) at(layout_.at(Tally::green_capacity), b) += facilities.capacity_milli[f];
        if (service.group == TargetGroup::car_households) at(layout_.at(Tally::parking_capacity), b) += facilities.capacity_milli[f];
    }
}

/// What is not worth every month's time: at the start, each December and at the end of the run.
void Observer::count_yearly(const World& world, Month month) {
    tallies_.agency_score.clear();
    if (!tallies_.yearly_counted) return;
    for (const DepartmentScore& one : appraise(model_, world.spaces, month)) tallies_.agency_score.push_back(one.score);
    if (!world.services.members.empty()) count_services_without_ring(world);
    count_ways_to_work(world);
}

/// A second view for the report: how much of coverage rests on the ring.
void Observer::count_services_without_ring(const World& world) {
    coverage_without_ring(model_, world, without_ring_, circle_);
    for (std::size_t s = 0; s < layout_.services; ++s) {
        for (std::size_t b = 0; b < layout_.blocks; ++b) {
            const CoverageSums& sums = without_ring_[s * layout_.blocks + b];
            at(layout_.served_without_ring + s, b) = sums.served_milli;
            at(layout_.reached_without_ring + s, b) = sums.reached;
        }
    }
    for (std::size_t b = 0; b < layout_.blocks; ++b) at(layout_.at(Tally::circle_without_ring), b) = circle_[b].inside;
}

void Observer::count_ways_to_work(const World& world) {
    const std::size_t blocks = layout_.blocks;
    const JobTable& jobs = world.jobs;
    struct Sum {
        std::int64_t workers = 0, minutes = 0, residents = 0, resident_minutes = 0;
    };
    std::vector<std::vector<Sum>> parts(Parallel::grains(jobs.rows(), grain_rows));
    model_.parallel.for_grains(jobs.rows(), grain_rows, [&](std::size_t grain, std::size_t begin, std::size_t end) {
        std::vector<Sum>& sums = parts[grain];
        sums.resize(blocks);
        for (std::size_t post = begin; post < end; ++post) {
            const auto row = static_cast<std::uint32_t>(post);
            if (!jobs.alive(row) || jobs.open(row)) continue;
            Sum& work = sums[jobs.block[row]];
            ++work.workers;
            if (jobs.by_in_commuter(row)) {
                work.minutes += world.in_commuters.commute_min[jobs.worker[row] & ~JobTable::in_commuter_bit];
                continue;
            }
            const std::size_t home = node_block_[world.people.home_node[jobs.worker[row]]];
            if (home >= blocks) continue;
            const std::uint8_t minutes = minutes_[home * blocks + jobs.block[row]];
            work.minutes += minutes;
            ++sums[home].residents;
            sums[home].resident_minutes += minutes;
        }
    });
    for (const auto& part : parts) {
        for (std::size_t b = 0; b < blocks; ++b) {
            at(layout_.at(Tally::commute_workers), b) += part[b].workers;
            at(layout_.at(Tally::commute_minutes), b) += part[b].minutes;
            at(layout_.at(Tally::commute_residents), b) += part[b].residents;
            at(layout_.at(Tally::commute_resident_minutes), b) += part[b].resident_minutes;
        }
    }
}

/// C4.4 and C4.5, business by business, under the reading of "local" in force.
void Observer::count_projects(const World& world, Month month) {
    const Levers& levers = model_.levers(month);
    const auto& businesses = world.businesses;
    for (std::uint32_t row = 0; row < businesses.rows(); ++row) {
        if (businesses.premises[row] == no_row || businesses.filled[row] == 0) continue;
        const bool livelihood = businesses.funding[row] == Funding::livelihood_project;
        if (!livelihood && businesses.funding[row] != Funding::heritage_project) continue;
        const std::size_t b = businesses.block[row];
        ++at(layout_.at(Tally::projects), b);
        const double share = livelihood ? levers.employment.livelihood_local_share : levers.employment.heritage_local_share;
        const std::int64_t non_local = count_non_local(levers.employment, world, row);
        if (non_local > non_local_cap(share, businesses.posts[row])) {
            ++at(layout_.at(Tally::projects_above_cap), b);
        } else if (non_local > non_local_cap(share, businesses.filled[row])) {
            ++at(layout_.at(Tally::projects_below_vacant), b);
        }
    }
}

void Observer::count_spaces(const World& world, Month month) {
    const auto& spaces = world.spaces;
    const auto& given = model_.district.spaces;
    for (; events_seen_ < spaces.events.size(); ++events_seen_) {
        const SpaceEvent& event = spaces.events[events_seen_];
        if (event.decision == SpaceDecision::opened && opened_[event.space] == 0) opened_[event.space] = event.month;
    }
    for (std::size_t direction = 0; direction < static_cast<std::size_t>(directions) && !spaces.opened_dm2.empty(); ++direction) {
        for (std::size_t b = 0; b < layout_.blocks; ++b) {
            at(layout_.direction_area + direction, b) = spaces.opened_dm2[direction * layout_.blocks + b] / dm2_per_tenth;
        }
    }
    for (std::size_t s = 0; s < spaces.rows(); ++s) {
        const std::size_t b = node_block_[given[s].node.value];
        if (b >= layout_.blocks) continue;
        const SpaceStage stage = spaces.stage[s];
        at(static_cast<std::size_t>(layout_.stage_area) + static_cast<std::size_t>(stage), b) += space_area_[s];
        due_[s] = stage != SpaceStage::occupied && month.index - spaces.vacated[s] >= reagglomeration_months;
        if (due_[s]) at(layout_.at(Tally::reagglomeration_due), b) += space_area_[s];
        if (s < spaces.tie_dm2.size()) at(layout_.at(Tally::tie_area), b) += spaces.tie_dm2[s] / dm2_per_tenth;
        if (s < spaces.cost_yuan.size()) at(layout_.at(Tally::committed_yuan), b) += spaces.cost_yuan[s];
        if (spaces.opened[s] == 0 || spaces.use[s] == no_use) continue;
        at(static_cast<std::size_t>(Tally::open_decided) + static_cast<std::size_t>(spaces.decider[s]), b) += space_area_[s];
        const Use& use = model_.district.catalogue.uses[spaces.use[s]];
        if (!use.public_funded)
            at(layout_.at(Tally::taxed_revenue_yuan), b) += std::llround(use.revenue_yuan_per_m2_year * given[s].area_m2);
    }
}

/// Unauthorised homes in spaces vacated long enough ago; after households and spaces are counted.
void Observer::count_reagglomeration(const World& world) {
    const auto& dwellings = world.dwellings;
    for (const std::uint32_t household : households_.unauthorised()) {
        const std::uint32_t d = world.households.dwelling[household];
        if (d == no_row || dwellings.space[d] >= due_.size() || !due_[dwellings.space[d]]) continue;
        at(layout_.at(Tally::reagglomeration_unauthorised), dwellings.block[d]) += dwellings.area_dm2_100[d];
    }
}

void Observer::count_openings(const World& world, Month month) {
    const auto& spaces = world.spaces;
    const auto& given = model_.district.spaces;
    const std::size_t areas = layout_.areas(), agencies = world.governance.queue_length.size();
    constexpr std::size_t durations = static_cast<std::size_t>(opening_horizon_months) + 1;
    // Counts of openings and of waiting spaces by duration: [group][area], then one row per agency.
    const std::size_t rows = (1 + routes) * areas + agencies;
    std::vector<std::int32_t> opened(rows * durations, 0), waiting(rows * durations, 0);
    const Month start = model_.scenario.run.start;
    for (std::size_t s = 0; s < spaces.rows(); ++s) {
        const std::size_t b = node_block_[given[s].node.value];
        if (spaces.stage[s] == SpaceStage::occupied || spaces.vacated[s] < start.index || b >= layout_.blocks) continue;
        const bool done = opened_[s] != 0;
        const int duration = std::clamp((done ? opened_[s] : month.index) - spaces.vacated[s], 0, opening_horizon_months);
        auto& counts = done ? opened : waiting;
        auto count = [&](std::size_t row) { ++counts[row * durations + static_cast<std::size_t>(duration)]; };
        for (const std::size_t group : {std::size_t{0}, std::size_t{1} + std::min<std::size_t>(spaces.route[s], routes - 1)}) {
            count(group * areas + b);
            count(group * areas + layout_.blocks + layout_.subdistrict_of[b]);
            count(group * areas + layout_.district_area());
        }
        if (spaces.agency[s] < agencies) count((1 + routes) * areas + spaces.agency[s]);
    }
    tallies_.agency_milli_months.assign(agencies, -1);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::int32_t mean = restricted_mean_milli(&opened[row * durations], &waiting[row * durations]);
        if (row < (1 + routes) * areas) {
            tallies_.opening_milli_months[row] = mean;
        } else {
            tallies_.agency_milli_months[row - (1 + routes) * areas] = mean;
        }
    }
}

void Observer::copy_flows(const World& world) {
    if (world.flows.blocks != layout_.blocks) return;
    for (std::size_t flow = 0; flow < flow_count; ++flow) {
        for (std::size_t b = 0; b < layout_.blocks; ++b) {
            at(layout_.flows + flow, b) = world.flows.of(static_cast<Flow>(flow), static_cast<std::uint32_t>(b));
        }
    }
}

}  // namespace hutong
