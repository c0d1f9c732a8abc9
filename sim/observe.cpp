#include "sim/observe.h"

#include <algorithm>
#include <cmath>

#include "agents/governance.h"

namespace hutong {
namespace {

constexpr std::size_t grain_rows = 1U << 16;
constexpr std::size_t rows_ahead = 24;  // memory in another table is asked for this many rows before it is read
constexpr int months_per_year = 12;
constexpr int reagglomeration_months = 24;   // model.md, "Indicators"
constexpr std::int64_t dm2_per_tenth = 10;   // 0.01 m2 in 0.1 m2
constexpr std::size_t oldest_months = 1536;  // 128 years

std::int64_t tenths(double area_m2) { return std::llround(area_m2 * 10.0); }

/// Counts every row into bins with body(row, histogram): one pair of histograms per grain, for even and odd rows (rows
/// side by side mostly meet the same bin, and a processor waits for its own last store), added in order.
template <class Body>
std::vector<std::int64_t> histogram(const Parallel& parallel, std::size_t rows, std::size_t bins, const Body& body) {
    std::vector<std::vector<std::uint32_t>> parts(Parallel::grains(rows, grain_rows));
    parallel.for_grains(rows, grain_rows, [&](std::size_t grain, std::size_t begin, std::size_t end) {
        parts[grain].assign(2 * bins, 0);
        std::uint32_t *even = parts[grain].data(), *odd = even + bins;
        std::size_t row = begin;
        for (; row + 1 < end; row += 2) {
            body(row, even);
            body(row + 1, odd);
        }
        if (row < end) body(row, even);
    });
    std::vector<std::int64_t> all(bins, 0);
    for (const auto& part : parts) {
        for (std::size_t i = 0; i < bins; ++i) all[i] += static_cast<std::int64_t>(part[i]) + static_cast<std::int64_t>(part[i + bins]);
    }
    return all;
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

Observer::Observer(const Model& model, const TallyLayout& layout) : model_(model), layout_(layout), tallies_(layout) {
    const auto& network = model.district.network;
    node_block_.resize(network.nodes());
    for (std::size_t n = 0; n < network.nodes(); ++n) {
        const BlockId block = network.block(NodeId(n));
        node_block_[n] = static_cast<std::uint8_t>(block.valid() ? block.value : layout.blocks);
    }
    for (const Space& space : model.district.spaces) space_area_.push_back(tenths(space.area_m2));
    opened_.assign(space_area_.size(), 0);
    due_.assign(space_area_.size(), 0);
    age_group_.resize(oldest_months);
    for (std::size_t months = 0; months < oldest_months; ++months) {
        const auto years = static_cast<int>(months) / months_per_year;
        const auto after = std::upper_bound(age_bounds.begin(), age_bounds.end(), years);
        age_group_[months] = static_cast<std::uint8_t>(after - age_bounds.begin() - 1);
    }
}

const MonthTallies& Observer::observe(const World& world, Month month, bool flows) {
    std::fill(tallies_.values.begin(), tallies_.values.end(), 0);
    // Each task fills tallies of its own; spaces come before what needs to know which are due.
    model_.parallel.invoke({[&] { count_people(world, month); }, [&] { count_jobs(world); }, [&] { count_households(world); },
                            [&] { count_services(world); }, [&] { count_dwellings(world); },
                            [&] {
                                count_spaces(world, month);
                                count_premises(world);
                                count_openings(world, month);
                                count_businesses(world);
                                if (flows) copy_flows(world);
                            }});
    tallies_.queue_length.assign(world.governance.queue_length.begin(), world.governance.queue_length.end());
    tallies_.red_line_persons = std::llround(static_cast<double>(red_line_path(model_, world, month)) * model_.scenario.run.scale);
    tallies_.capital_spent_yuan = world.governance.capital_spent_yuan;
    tallies_.operating_spent_yuan = world.governance.operating_spent_yuan;
    tallies_.buy_back_spent_yuan = world.governance.buy_back_spent_yuan;
    tallies_.headroom_committed = world.governance.headroom_committed_persons;
    tallies_.add_up();
    return tallies_;
}

void Observer::count_people(const World& world, Month month) {
    const auto& people = world.people;
    // One row of bins per block: age groups, then registration and activity together.
    constexpr std::size_t activities = 11, status_bin = 24, width = status_bin + 3 * activities + 3;
    static_assert(age_groups <= static_cast<int>(status_bin) && static_cast<std::size_t>(Activity::retired) + 1 == activities);
    const std::size_t blocks = layout_.blocks;
    const auto bins = histogram(model_.parallel, people.rows(), (blocks + 1) * width, [&](std::size_t row, std::uint32_t* h) {
        const std::uint32_t alive = people.household[row] != no_row ? 1 : 0;
        std::uint32_t* block = h + node_block_[alive ? people.home_node[row] : 0] * width;
        const auto months =
            static_cast<std::size_t>(std::clamp(month.index - people.birth_month[row], 0, static_cast<int>(oldest_months) - 1));
        block[age_group_[months]] += alive;
        block[status_bin + static_cast<std::size_t>(people.registration[row]) * activities +
              static_cast<std::size_t>(people.activity[row])] += alive;
    });
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::int64_t* row = &bins[b * width];
        for (std::size_t g = 0; g < static_cast<std::size_t>(age_groups); ++g) at(layout_.ages + g, b) = row[g];
        constexpr Tally registration[] = {Tally::registered_here, Tally::registered_beijing, Tally::registered_outside};
        for (std::size_t r = 0; r < std::size(registration); ++r) {
            const std::int64_t* active = row + status_bin + r * activities;
            for (std::size_t a = 0; a < activities; ++a) at(layout_.at(registration[r]), b) += active[a];
            at(layout_.at(Tally::employed_here), b) += active[static_cast<std::size_t>(Activity::employed_here)];
            at(layout_.at(Tally::employed_outside), b) += active[static_cast<std::size_t>(Activity::employed_outside)];
            at(layout_.at(Tally::unemployed), b) += active[static_cast<std::size_t>(Activity::unemployed)];
        }
    }
}

void Observer::count_households(const World& world) {
    const auto& households = world.households;
    enum Bin : std::size_t { all, collective, collective_persons, unauthorised_persons, satisfaction, cars, spare_1, spare_2, width };
    const std::size_t blocks = layout_.blocks;
    const auto bins = histogram(model_.parallel, households.rows(), (blocks + 1) * width, [&](std::size_t row, std::uint32_t* h) {
        const std::size_t later = row + rows_ahead;
        if (later < households.rows() && households.dwelling[later] != no_row) {
            __builtin_prefetch(world.dwellings.block.data() + households.dwelling[later]);
        }
        const std::uint32_t size = households.size[row];
        if (size == 0) return;
        // A household without a dwelling (displaced this month) is still counted where its members are.
        const std::uint32_t dwelling = households.dwelling[row];
        const std::size_t where =
            dwelling != no_row ? world.dwellings.block[dwelling] : node_block_[world.people.home_node[households.first_member[row]]];
        std::uint32_t* block = h + where * width;
        const std::uint8_t flags = households.flags[row];
        ++block[all];
        if (flags & household_flag::collective) {
            ++block[collective];
            block[collective_persons] += size;
        }
        if (flags & household_flag::unauthorised) block[unauthorised_persons] += size;
        block[satisfaction] += static_cast<std::uint32_t>(std::max<std::int16_t>(households.satisfaction[row], 0)) * size;
        block[cars] += households.cars[row];
    });
    constexpr Tally tallies[] = {Tally::households,
                                 Tally::collective_households,
                                 Tally::collective_residents,
                                 Tally::unauthorised_residents,
                                 Tally::satisfaction_permille,
                                 Tally::cars};
    for (std::size_t b = 0; b < blocks; ++b) {
        for (std::size_t i = 0; i < std::size(tallies); ++i) at(layout_.at(tallies[i]), b) = bins[b * width + i];
    }
}

void Observer::count_dwellings(const World& world) {
    const auto& dwellings = world.dwellings;
    // Bins: five states without a household, then with one; floor area not demolished.
    constexpr std::size_t states = 5, area = 2 * states, width = area + 1;
    const std::size_t blocks = layout_.blocks;
    const auto bins = histogram(model_.parallel, dwellings.rows(), blocks * width, [&](std::size_t row, std::uint32_t* h) {
        std::uint32_t* block = h + dwellings.block[row] * width;
        const DwellingState state = dwellings.state[row];
        ++block[static_cast<std::size_t>(state) + (dwellings.household[row] != no_row ? states : 0)];
        block[area] += state != DwellingState::demolished ? dwellings.area_dm2_100[row] : 0U;
    });
    constexpr Tally empty[] = {Tally::dwellings_vacant, Tally::dwellings_held_empty, Tally::dwellings_cleared, Tally::dwellings_demolished,
                               Tally::dwellings_merged};
    static_assert(std::size(empty) == states && static_cast<std::size_t>(DwellingState::merged) + 1 == states);
    const auto& market = world.housing;
    for (std::size_t b = 0; b < blocks; ++b) {
        const std::int64_t* row = &bins[b * width];
        for (std::size_t s = 0; s < states; ++s) {
            at(layout_.at(empty[s]), b) = row[s];
            at(layout_.at(Tally::dwellings_occupied), b) += row[states + s];
        }
        at(layout_.at(Tally::dwelling_area), b) = row[area];
        for (std::size_t type = 0; type < static_cast<std::size_t>(dwelling_types); ++type) {
            const std::size_t cell = b * static_cast<std::size_t>(dwelling_types) + type;
            if (cell >= market.rent_yuan_m2_month.size() || cell >= market.offered.size()) continue;
            at(layout_.at(Tally::rent_fen), b) += std::llround(market.rent_yuan_m2_month[cell] * 100.0) * market.offered[cell];
            at(layout_.at(Tally::rent_dwellings), b) += market.offered[cell];
        }
    }
}

/// Posts and filled posts are counted by business (count_businesses); only who fills them is read here.
void Observer::count_jobs(const World& world) {
    const auto& jobs = world.jobs;
    static_assert((no_row & JobTable::in_commuter_bit) != 0, "an open or free post has the top bit set, as one with an in-commuter");
    const auto bins = histogram(model_.parallel, jobs.rows(), layout_.blocks, [&](std::size_t row, std::uint32_t* h) {
        h[jobs.block[row]] += jobs.worker[row] & JobTable::in_commuter_bit ? 0U : 1U;
    });
    for (std::size_t b = 0; b < layout_.blocks; ++b) at(layout_.at(Tally::filled_by_residents), b) = bins[b];
}

void Observer::count_businesses(const World& world) {
    const auto& businesses = world.businesses;
    for (std::size_t row = 0; row < businesses.rows(); ++row) {
        if (businesses.premises[row] == no_row) continue;
        const std::size_t b = businesses.block[row];
        ++at(layout_.businesses + businesses.sector[row], b);
        at(layout_.posts + businesses.sector[row], b) += businesses.posts[row];
        at(layout_.filled + businesses.sector[row], b) += businesses.filled[row];
        const Funding funding = businesses.funding[row];
        const std::int64_t filled = businesses.filled[row], local = filled - static_cast<std::int64_t>(businesses.non_local[row]);
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
    coverage_by_block(model_, world, coverage_);
    composite_by_block(model_, world, circle_);
    const auto& services = model_.district.catalogue.services;
    const std::size_t blocks = layout_.blocks, nodes = node_block_.size();
    for (std::size_t s = 0; s < services.size(); ++s) {
        const std::size_t group = static_cast<std::size_t>(layout_.members) + static_cast<std::size_t>(services[s].group);
        for (std::size_t b = 0; b < blocks; ++b) {
            const CoverageSums& sums = coverage_[s * blocks + b];
            at(group, b) = sums.members;
            at(layout_.served + s, b) = sums.served_milli;
            at(layout_.reached + s, b) = sums.reached;
        }
    }
    for (std::size_t b = 0; b < blocks; ++b) {
        at(layout_.at(Tally::circle_residents), b) = circle_[b].residents;
        at(layout_.at(Tally::circle_complete), b) = circle_[b].inside;
    }
    // Shortfall of a node: mean over the services wanted there of the share not served.
    const auto everyone = static_cast<std::size_t>(TargetGroup::everyone);
    for (std::size_t n = 0; n < nodes; ++n) {
        const std::int64_t residents = world.services.members[everyone * nodes + n];
        const std::size_t b = node_block_[n];
        if (residents == 0 || b >= blocks) continue;
        std::int64_t shortfall = 0, wanted = 0;
        for (std::size_t s = 0; s < services.size(); ++s) {
            if (world.services.members[static_cast<std::size_t>(services[s].group) * nodes + n] == 0) continue;
            shortfall += 1000 - world.services.served_permille[s * nodes + n];
            ++wanted;
        }
        if (wanted == 0) continue;
        shortfall /= wanted;
        at(layout_.at(Tally::shortfall_weight), b) += residents;
        at(layout_.at(Tally::shortfall_sum), b) += residents * shortfall;
        at(layout_.at(Tally::shortfall_squares), b) += residents * shortfall * shortfall;
    }
    const auto& facilities = world.services.facilities;
    for (std::size_t f = 0; f < facilities.rows(); ++f) {
        const std::size_t b = node_block_[facilities.node[f]];
        if (!facilities.open[f] || facilities.ring[f] || b >= blocks) continue;
        const Service& service = services[facilities.service[f]];
        if (service.green) at(layout_.at(Tally::green_capacity), b) += facilities.capacity_milli[f];
        if (service.group == TargetGroup::car_households) at(layout_.at(Tally::parking_capacity), b) += facilities.capacity_milli[f];
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
    }
    const auto& dwellings = world.dwellings;
    for (std::size_t d = 0; d < dwellings.rows(); ++d) {
        const std::uint32_t space = dwellings.space[d];
        if (space >= due_.size() || !due_[space]) continue;
        const std::uint32_t household = dwellings.household[d];
        if (household != no_row && world.households.flags[household] & household_flag::unauthorised) {
            at(layout_.at(Tally::reagglomeration_unauthorised), dwellings.block[d]) += dwellings.area_dm2_100[d];
        }
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
