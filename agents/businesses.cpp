#include "agents/businesses.h"

#include <algorithm>
#include <cmath>

#include "agents/labour.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr double two_to_32 = 4294967296.0;
constexpr int months_per_year = 12;

/// Residents by block. Step 8 keeps them by node; before its first run they are counted.
std::vector<double> residents_by_block(const Model& model, const World& world) {
    const District& district = model.district;
    std::vector<std::int64_t> count(district.blocks.size(), 0);
    auto add = [&](std::size_t node, std::int64_t n) {
        const BlockId block = district.block_of(NodeId{node});
        if (block) count[block.value] += n;
    };
    const std::size_t nodes = district.network.nodes();
    const std::size_t group = static_cast<std::size_t>(TargetGroup::everyone) * nodes;
    if (world.services.members.size() >= group + nodes) {
        for (std::size_t node = 0; node < nodes; ++node) add(node, world.services.members[group + node]);
    } else {
        for (std::uint32_t row = 0; row < world.people.rows(); ++row) {
            if (world.people.alive(row) && world.people.home_node[row] != no_node) add(world.people.home_node[row], 1);
        }
    }
    return {count.begin(), count.end()};
}

/// Sum over the blocks in reach, weighted by nearness.
double sum_in_reach(const WorkState::Cache& cache, std::size_t block, const double* values) {
    double total = 0;
    for (std::uint32_t i = cache.first_near[block]; i < cache.first_near[block + 1]; ++i)
        total += cache.near_weight[i] * values[cache.near[i]];
    return total;
}

std::vector<double> posts_by_sector_and_block(const Model& model, const World& world) {
    const std::size_t blocks = model.district.blocks.size();
    std::vector<std::int64_t> posts(model.district.catalogue.sectors.size() * blocks, 0);
    const auto& b = world.businesses;
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (b.alive(row)) posts[b.sector[row] * blocks + b.block[row]] += b.posts[row];
    }
    return {posts.begin(), posts.end()};
}

/// Ages as the exit hazards make them in the long run, so that closures and openings balance from the start; one table
/// serves all of a sector and size class.
void draw_ages(const Model& model, World& world, const ExitHazard& hazard) {
    auto& b = world.businesses;
    struct Wanted {
        std::uint8_t sector;
        std::uint32_t size_class, row;
    };
    std::vector<Wanted> wanted;
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (!b.alive(row) || model.district.catalogue.sectors[b.sector[row]].exogenous) continue;
        std::uint32_t size_class = 1;
        while (size_class * 2 <= b.posts[row]) size_class *= 2;
        wanted.push_back({b.sector[row], size_class, row});
    }
    std::sort(wanted.begin(), wanted.end(), [](const Wanted& x, const Wanted& y) {
        return x.sector != y.sector ? x.sector < y.sector : x.size_class != y.size_class ? x.size_class < y.size_class : x.row < y.row;
    });
    for (std::size_t i = 0; i < wanted.size();) {
        // In the long run ages are distributed as survival is: density S(age) / sum S.
        const Sector& sector = model.district.catalogue.sectors[wanted[i].sector];
        constexpr int oldest = 100 * months_per_year;
        std::vector<double> cumulative(oldest);
        double survival = 1, sum = 0;
        for (int m = 0; m < oldest; ++m) {
            sum += survival;
            cumulative[static_cast<std::size_t>(m)] = sum;
            survival *= 1.0 - hazard.monthly(sector, m, wanted[i].size_class, 0, 0);
        }
        const std::size_t first = i;
        for (; i < wanted.size() && wanted[i].sector == wanted[first].sector && wanted[i].size_class == wanted[first].size_class; ++i) {
            const double u = model.luck.uniform(Purpose::business_entry, b.luck[wanted[i].row], Month{});
            const auto at = std::lower_bound(cumulative.begin(), cumulative.end(), u * sum) - cumulative.begin();
            b.founded[wanted[i].row] = static_cast<std::int16_t>(std::max<std::ptrdiff_t>(0, world.month.index - 1 - at));
        }
    }
}

}  // namespace

ExitHazard::ExitHazard(const BusinessAssumptions& a) : factor_(a.exit_factor), exit_demand_(a.exit_demand), exit_rent_(a.exit_rent) {
    constexpr int oldest = 60 * months_per_year;  // the hazard is flat beyond
    constexpr int largest = 1024;                 // posts; flat beyond
    for (int age = 0; age <= oldest; ++age) {
        const double years = std::max(a.exit_age_floor_years, static_cast<double>(age) / months_per_year);
        by_age_.push_back(exact_pow(years / a.exit_age_reference_years, -a.exit_age_power));
    }
    for (int posts = 0; posts <= largest; ++posts) {
        by_size_.push_back(exact_pow(std::max(1.0, static_cast<double>(posts)) / a.exit_size_reference_posts, -a.exit_size_power));
    }
}

double ExitHazard::rate(double exit_per_year, int age_months, std::uint32_t posts) const {
    const auto age = static_cast<std::size_t>(std::clamp(age_months, 0, static_cast<int>(by_age_.size()) - 1));
    const std::size_t size = std::min<std::size_t>(posts, by_size_.size() - 1);
    return factor_ * exit_per_year * by_age_[age] * by_size_[size];
}

double ExitHazard::monthly(const Sector& sector, int age_months, std::uint32_t posts, double demand, double rent) const {
    return monthly_probability(rate(sector.exit_per_year, age_months, posts) * exact_exp(exit_rent_ * rent - exit_demand_ * demand));
}

bool in_vacated_space(const World& world, std::uint32_t premises) {
    const std::uint32_t space = world.premises.space[premises];
    return space != no_row && (space >= world.spaces.rows() || world.spaces.stage[space] != SpaceStage::occupied);
}

std::uint8_t flags_in_reused_space(const Model& model, const World& world, std::uint32_t space) {
    std::uint8_t flags = business_flag::in_reused_space | business_flag::in_vacated_space;
    const std::uint8_t use = space < world.spaces.rows() ? world.spaces.use[space] : no_use;
    const auto& uses = model.district.catalogue.uses;
    if (use < uses.size() && uses[use].operated_by == OperatedBy::chain && model.levers(world.month).on(Clause::C3_5))
        flags |= business_flag::chain;
    return flags;
}

std::vector<double> vacant_share(const Model& model, const World& world) {
    const auto& premises = world.premises;
    std::vector<std::int64_t> vacant(model.district.blocks.size(), 0), all(vacant);
    for (std::uint32_t row = 0; row < premises.rows(); ++row) {
        if (premises.state[row] != PremisesState::on_market) continue;
        all[premises.block[row]] += premises.area_dm2_100[row];
        if (premises.business[row] == no_row) vacant[premises.block[row]] += premises.area_dm2_100[row];
    }
    std::vector<double> share(vacant.size(), 0);
    for (std::size_t b = 0; b < share.size(); ++b) {
        if (all[b] > 0) share[b] = static_cast<double>(vacant[b]) / static_cast<double>(all[b]);
    }
    return share;
}

void init_businesses_market(const Model& model, World& world) {
    const auto& sectors = model.district.catalogue.sectors;
    const std::size_t blocks = model.district.blocks.size();
    const auto& b = world.businesses;
    WorkState& work = world.work;
    fill_work_cache(model, world);
    const ExitHazard hazard(model.assumptions().businesses);
    draw_ages(model, world, hazard);

    work.vacancy_start = vacant_share(model, world);
    world.premises_market.vacancy_share = work.vacancy_start;
    world.premises_market.rent_index.assign(blocks, 1);
    work.posts_start = posts_by_sector_and_block(model, world);
    const std::vector<double> residents = residents_by_block(model, world);
    work.customers_start.clear();
    for (std::size_t block = 0; block < blocks; ++block) work.customers_start.push_back(sum_in_reach(work.cache, block, residents.data()));

    // Hazards are summed as integers of 2^-32, so that the sums do not depend on the order of rows.
    std::vector<std::int64_t> exits(sectors.size() * blocks, 0), exits_of(sectors.size(), 0), posts_lost(sectors.size(), 0);
    std::vector<std::int64_t> posts(sectors.size(), 0), area(sectors.size(), 0);
    work.sector_in_use.assign(sectors.size() * premises_uses, 0);
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (!b.alive(row) || (b.flags[row] & business_flag::unauthorised)) continue;
        const std::size_t s = b.sector[row];
        const std::uint32_t premises = b.premises[row];
        work.sector_in_use[s * premises_uses + static_cast<std::size_t>(world.premises.use[premises])] = 1;
        posts[s] += b.posts[row];
        area[s] += world.premises.area_dm2_100[premises];
        if (sectors[s].exogenous) continue;
        const std::int64_t p = threshold(hazard.monthly(sectors[s], world.month.index - b.founded[row], b.posts[row], 0, 0));
        exits[s * blocks + b.block[row]] += p;
        exits_of[s] += p;
        posts_lost[s] += p * b.posts[row];
    }
    work.exits_start.clear();
    for (const std::int64_t sum : exits) work.exits_start.push_back(static_cast<double>(sum) / two_to_32);
    work.entry_posts.clear();
    work.area_per_post.clear();
    constexpr double m2_per_unit = 0.1;  // of PremisesTable::area_dm2_100
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        work.entry_posts.push_back(exits_of[s] > 0 ? static_cast<double>(posts_lost[s]) / static_cast<double>(exits_of[s])
                                                   : sectors[s].mean_jobs);
        work.area_per_post.push_back(posts[s] > 0 && area[s] > 0
                                         ? static_cast<double>(area[s]) * m2_per_unit / static_cast<double>(posts[s])
                                         : sectors[s].area_per_job_m2);
    }

    // Facilities of the start are run by a business of their block that provides the service, where there is one.
    auto& facilities = world.services.facilities;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;  // luck, business
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (b.alive(row) && sectors[b.sector[row]].service) order.emplace_back(b.luck[row], row);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::pair<std::uint64_t, std::uint32_t>> free;  // luck, facility
    for (std::uint32_t row = 0; row < facilities.rows(); ++row) {
        if (facilities.open[row] && !facilities.ring[row] && facilities.business[row] == no_row)
            free.emplace_back(facilities.luck[row], row);
    }
    std::sort(free.begin(), free.end());
    for (const bool same_node : {true, false}) {
        for (auto& [luck, business] : order) {
            if (business == no_row) continue;
            const std::uint16_t node = world.premises.node[b.premises[business]];
            for (auto& [facility_luck, facility] : free) {
                if (facility == no_row || facilities.service[facility] != sectors[b.sector[business]].service.value) continue;
                const bool fits =
                    same_node ? facilities.node[facility] == node
                              : model.district.block_of(NodeId{std::uint32_t{facilities.node[facility]}}).value == b.block[business];
                if (!fits) continue;
                facilities.business[facility] = business;
                facility = no_row;
                business = no_row;
                break;
            }
        }
    }
}

BusinessConditions business_conditions(const Model& model, const World& world) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const WorkState& work = world.work;
    BusinessConditions c;
    c.blocks = model.district.blocks.size();
    c.sectors = sectors.size();
    c.demand.assign(c.sectors * c.blocks, 0);
    c.rent.assign(c.sectors * c.blocks, 0);

    const std::vector<double> residents = residents_by_block(model, world);
    const std::vector<double> posts = posts_by_sector_and_block(model, world);
    std::vector<double> customers, rent_log;
    for (std::size_t b = 0; b < c.blocks; ++b) {
        customers.push_back(exact_log((sum_in_reach(work.cache, b, residents.data()) + 1.0) / (work.customers_start[b] + 1.0)));
        rent_log.push_back(exact_log(world.premises_market.rent_index[b]));
        c.vacancy.push_back((world.premises_market.vacancy_share[b] + a.vacancy_reference) / (work.vacancy_start[b] + a.vacancy_reference));
    }
    for (std::size_t s = 0; s < c.sectors; ++s) {
        const double* now = posts.data() + s * c.blocks;
        const double* start = work.posts_start.data() + s * c.blocks;
        double district_now = 0, district_start = 0;
        for (std::size_t b = 0; b < c.blocks; ++b) {
            district_now += now[b];
            district_start += start[b];
        }
        const double crowding = a.crowding_other * exact_log((district_now + 1.0) / (district_start + 1.0));
        for (std::size_t b = 0; b < c.blocks; ++b) {
            const double x =
                sectors[s].consumer
                    ? customers[b] - exact_log((sum_in_reach(work.cache, b, now) + 1.0) / (sum_in_reach(work.cache, b, start) + 1.0))
                    : -crowding;
            c.demand[c.at(s, b)] = std::clamp(x, -a.demand_limit, a.demand_limit);
            c.rent[c.at(s, b)] = sectors[s].rent_share * rent_log[b];
        }
    }

    list_vacant_premises(world, c);
    return c;
}

std::vector<std::uint32_t> untenanted_premises(const World& world) {
    const auto& tenant = world.premises.business;
    std::vector<std::uint32_t> rows(tenant.size());
    std::size_t found = 0;
    for (std::uint32_t row = 0; row < tenant.size(); ++row) {  // written always, kept when empty: no branch to guess
        rows[found] = row;
        found += tenant[row] == no_row ? 1U : 0U;
    }
    rows.resize(found);
    return rows;
}

void list_vacant_premises(const World& world, BusinessConditions& c) {
    const auto& premises = world.premises;
    std::vector<std::uint32_t> rows = untenanted_premises(world);
    std::erase_if(rows, [&](std::uint32_t row) { return !premises.vacant(row); });
    c.first_vacant.assign(c.blocks + 1, 0);
    for (const std::uint32_t row : rows) ++c.first_vacant[premises.block[row] + std::size_t{1}];
    for (std::size_t b = 0; b < c.blocks; ++b) c.first_vacant[b + 1] += c.first_vacant[b];
    c.vacant.resize(rows.size());
    std::vector<std::uint32_t> next(c.first_vacant.begin(), c.first_vacant.end() - 1);
    for (const std::uint32_t row : rows) c.vacant[next[premises.block[row]]++] = row;
}

void update_premises_rents(const Model& model, World& world) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    PremisesMarket& market = world.premises_market;
    market.vacancy_share = vacant_share(model, world);
    if (!model.active(Behaviour::rents)) return;
    for (std::size_t b = 0; b < market.rent_index.size(); ++b) {
        // At rest within the band around the start; beyond it the pace grows with the distance, up to its limit.
        const double change = market.vacancy_share[b] - world.work.vacancy_start[b];
        const double beyond = std::max(0.0, std::fabs(change) - a.rent_band);
        const double pace = std::min(1.0, beyond / a.rent_reference);
        const double factor = change < 0 ? 1.0 + a.rent_rise_per_month * pace : 1.0 - a.rent_fall_per_month * pace;
        market.rent_index[b] = std::clamp(market.rent_index[b] * factor, a.rent_index_low, a.rent_index_high);
    }
}

void update_businesses(const Model& model, World& world) {
    fill_work_cache(model, world);
    update_premises_rents(model, world);
    const BusinessConditions conditions = business_conditions(model, world);
    if (model.active(Behaviour::business_exit)) exit_businesses(model, world, conditions);
    if (model.active(Behaviour::business_growth)) resize_businesses(model, world, conditions);
    if (model.active(Behaviour::business_entry)) enter_businesses(model, world, conditions);
    start_misuse(model, world);
}

}  // namespace hutong
