// Closures, growth and decline of businesses; opening and closing of posts and of the facilities businesses run.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "agents/businesses.h"
#include "agents/stocks.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 4096;
constexpr std::size_t changes_grain = 128;

bool premises_needed_for_works(const World& world, std::uint32_t premises) {
    const std::uint32_t space = world.premises.space[premises];
    return world.premises.state[premises] == PremisesState::closed && space != no_row && space < world.spaces.rows() &&
           world.spaces.stage[space] >= SpaceStage::works;
}

std::uint32_t step_of(double posts, double share) { return static_cast<std::uint32_t>(std::max(1.0, std::floor(posts * share))); }

/// A business that opens (posts > 0) or closes posts.
struct Change {
    std::uint32_t business;
    std::int32_t posts;
};

/// Of the posts of a shrinking business those that close, in order: open ones first, then by luck of the month.
class ClosingOrder {
public:
    explicit ClosingOrder(const World& world) : world_(world) {}
    void first(const std::vector<std::uint32_t>& posts, std::uint32_t count, std::vector<std::uint32_t>& closing) {
        ranks_.clear();
        for (const std::uint32_t post : posts) {
            const std::uint64_t key = luck_key(world_.jobs.luck[post], static_cast<std::uint64_t>(world_.month.index));
            ranks_.push_back({!world_.jobs.open(post), key, post});
        }
        std::partial_sort(ranks_.begin(), ranks_.begin() + count, ranks_.end());
        for (std::uint32_t i = 0; i < count; ++i) closing.push_back(ranks_[i].post);
    }

private:
    struct Rank {
        bool filled;
        std::uint64_t key;
        std::uint32_t post;
        bool operator<(const Rank& o) const { return filled != o.filled ? !filled : key < o.key; }
    };
    const World& world_;
    std::vector<Rank> ranks_;
};

/// Chooses the posts that close, one shrinking business after the other. Lists of posts run through memory by links:
/// those of several businesses are followed in step, so that one waits for memory while the others go on.
std::vector<std::uint32_t> closing_posts(const World& world, std::span<const Change> changes) {
    constexpr std::size_t in_step = 16;
    std::vector<const Change*> shrinking;
    for (const Change& change : changes) {
        if (change.posts < 0) shrinking.push_back(&change);
    }
    ClosingOrder order(world);
    std::vector<std::uint32_t> closing;
    std::array<std::vector<std::uint32_t>, in_step> posts;
    std::array<std::uint32_t, in_step> next;
    for (std::size_t first = 0; first < shrinking.size(); first += in_step) {
        const std::size_t count = std::min(in_step, shrinking.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            posts[i].clear();
            next[i] = world.businesses.first_job[shrinking[first + i]->business];
        }
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < count; ++i) {
                if (next[i] == no_row) continue;
                posts[i].push_back(next[i]);
                next[i] = world.jobs.next_job[next[i]];
                more = true;
            }
        }
        for (std::size_t i = 0; i < count; ++i) order.first(posts[i], static_cast<std::uint32_t>(-shrinking[first + i]->posts), closing);
    }
    return closing;
}

void close_posts(World& world, std::uint32_t business, std::span<const std::uint32_t> posts) {
    const std::uint32_t block = world.businesses.block[business];
    for (const std::uint32_t post : posts) {
        if (!world.jobs.open(post)) world.flows.add(Flow::separations, block);
    }
    remove_posts(world, business, posts);
    world.flows.add(Flow::posts_closed, block, static_cast<std::int64_t>(posts.size()));
}

}  // namespace

void close_facility_of(const Model& model, World& world, std::uint32_t business) {
    if (!model.district.catalogue.sectors[world.businesses.sector[business]].service) return;
    auto& facilities = world.services.facilities;
    // Hardly any facility is its: groups without one are passed over side by side.
    constexpr std::uint32_t group = 32;
    const auto rows = static_cast<std::uint32_t>(facilities.rows());
    for (std::uint32_t from = 0; from < rows; from += group) {
        const std::uint32_t* owner = facilities.business.data() + from;
        const std::uint32_t size = std::min(group, rows - from);
        std::uint32_t any = 0;
        for (std::uint32_t i = 0; i < size; ++i) any |= static_cast<std::uint32_t>(owner[i] == business);
        if (any == 0) continue;
        for (std::uint32_t row = from; row < from + size; ++row) {
            if (facilities.business[row] != business || !facilities.open[row]) continue;
            close_facility(world, row);
            facilities.business[row] = no_row;  // the business row may be used again
        }
    }
}

void open_facility_of(const Model& model, World& world, std::uint32_t business) {
    const ServiceId service = model.district.catalogue.sectors[world.businesses.sector[business]].service;
    if (!service) return;
    const std::uint32_t premises = world.businesses.premises[business];
    const double capacity = world.premises.area_m2(premises) * model.district.catalogue.services[service.value].capacity_per_m2;
    const std::uint64_t luck = luck_key(world.businesses.luck[business], service.value, static_cast<std::uint64_t>(world.month.index));
    add_facility(world, luck, static_cast<std::uint8_t>(service.value), world.premises.node[premises], capacity, 0, no_row, business,
                 false);
}

void close_business(const Model& model, World& world, std::uint32_t business) {
    close_facility_of(model, world, business);
    const std::uint32_t block = world.businesses.block[business];
    world.flows.add(Flow::separations, block, world.businesses.filled[business]);
    world.flows.add(Flow::posts_closed, block, world.businesses.posts[business]);
    remove_business(world, business);
}

void open_posts(const Model& model, World& world, std::uint32_t business, std::uint32_t posts) {
    const Sector& sector = model.district.catalogue.sectors[world.businesses.sector[business]];
    for (std::uint32_t i = 0; i < posts; ++i) {
        const std::uint64_t post_luck = luck_key(world.businesses.luck[business], world.businesses.next_ordinal[business]);
        const double u = model.luck.uniform(Purpose::business_entry, post_luck, Month{});
        const Skill skill = u < sector.skill_share[0]                           ? Skill::low
                            : u < sector.skill_share[0] + sector.skill_share[1] ? Skill::middle
                                                                                : Skill::high;
        add_post(world, business, skill);
    }
    world.flows.add(Flow::posts_opened, world.businesses.block[business], posts);
}

void exit_businesses(const Model& model, World& world, const BusinessConditions& c) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const auto& b = world.businesses;
    const ExitHazard hazard(a);
    std::vector<double> answer(c.demand.size());
    for (std::size_t i = 0; i < answer.size(); ++i) answer[i] = exact_exp(a.exit_rent * c.rent[i] - a.exit_demand * c.demand[i]);

    const auto leaving = model.parallel.collect<std::uint32_t>(
        b.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& out) {
            std::vector<std::uint32_t> w0(end - begin), w1(w0), w2(w0), w3(w0);
            model.luck.blocks(Purpose::business_event, b.luck.data() + begin, end - begin, world.month, w0.data(), w1.data(), w2.data(),
                              w3.data());
            for (std::size_t i = begin; i < end; ++i) {
                const auto row = static_cast<std::uint32_t>(i);
                if (!b.alive(row)) continue;
                const Sector& sector = sectors[b.sector[row]];
                if (sector.exogenous) continue;
                if ((b.flags[row] & business_flag::unauthorised) && premises_needed_for_works(world, b.premises[row])) {
                    out.push_back(row);
                    continue;
                }
                // The rate of a sector of chains is that of chains already.
                const bool chain = (b.flags[row] & business_flag::chain) != 0 && !sector.chain;
                const double yearly = hazard.rate(sector.exit_per_year, world.month.index - b.founded[row], b.posts[row]) *
                                      answer[c.at(b.sector[row], b.block[row])] * (chain ? a.chain_exit_factor : 1.0);
                constexpr double months_per_year = 12;
                const std::uint32_t word = w0[i - begin];
                // 1 - exp(-x) <= x: most need no exponential
                if (word < threshold(yearly / months_per_year) && word < threshold(monthly_probability(yearly))) out.push_back(row);
            }
        });
    for (const std::uint32_t row : leaving) {
        if (!(b.flags[row] & business_flag::unauthorised)) world.flows.add(Flow::business_exits, b.block[row]);
        close_business(model, world, row);
    }
}

void resize_businesses(const Model& model, World& world, const BusinessConditions& c) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const auto& b = world.businesses;
    std::vector<double> up(c.demand.size()), down(c.demand.size());
    constexpr double months_per_year = 12;
    for (std::size_t i = 0; i < up.size(); ++i) {
        const double answer = exact_exp(a.growth_demand * c.demand[i] - a.growth_rent * c.rent[i]);
        up[i] = a.post_turnover_per_year / months_per_year * answer;
        down[i] = a.post_turnover_per_year / months_per_year / answer;
    }
    // No business takes more steps than 2 / share (a step is a whole number of posts): most need no division.
    const double most = a.growth_step_share > 0 ? 2.0 / a.growth_step_share : std::numeric_limits<double>::max();
    const std::uint32_t any_up = threshold(most * *std::max_element(up.begin(), up.end()));
    const std::uint32_t any_down = threshold(most * *std::max_element(down.begin(), down.end()));
    const auto changes =
        model.parallel.collect<Change>(b.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<Change>& out) {
            std::vector<std::uint32_t> w0(end - begin), w1(w0), w2(w0), w3(w0);
            model.luck.blocks(Purpose::business_event, b.luck.data() + begin, end - begin, world.month, w0.data(), w1.data(), w2.data(),
                              w3.data());
            for (std::size_t i = begin; i < end; ++i) {
                const auto row = static_cast<std::uint32_t>(i);
                if (w1[i - begin] >= any_up && w2[i - begin] >= any_down) continue;
                if (!b.alive(row) || (b.flags[row] & business_flag::unauthorised)) continue;
                const Sector& sector = sectors[b.sector[row]];
                if (sector.exogenous || b.founded[row] == world.month.index) continue;
                const double posts = b.posts[row];
                const std::uint32_t step = step_of(posts, a.growth_step_share);
                const double steps = posts / static_cast<double>(step);
                const std::size_t at = c.at(b.sector[row], b.block[row]);
                // Expected change is turnover * posts up and down; a business keeps its last post until it closes.
                std::int32_t change = 0;
                if (w1[i - begin] < threshold(up[at] * steps) && !sector.prohibited) change += static_cast<std::int32_t>(step);
                if (w2[i - begin] < threshold(down[at] * steps)) change -= static_cast<std::int32_t>(std::min(step, b.posts[row] - 1));
                if (change != 0) out.push_back({row, change});
            }
        });
    // One business changes nothing of another's posts: which close is chosen for all before the first one does.
    std::vector<std::vector<std::uint32_t>> closing(Parallel::grains(changes.size(), changes_grain));
    model.parallel.for_grains(changes.size(), changes_grain, [&](std::size_t part, std::size_t begin, std::size_t end) {
        closing[part] = closing_posts(world, std::span(changes).subspan(begin, end - begin));
    });
    std::size_t used = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (i % changes_grain == 0) used = 0;
        const Change& change = changes[i];
        if (change.posts > 0) {
            open_posts(model, world, change.business, static_cast<std::uint32_t>(change.posts));
        } else {
            const auto count = static_cast<std::size_t>(-change.posts);
            close_posts(world, change.business, std::span(closing[i / changes_grain]).subspan(used, count));
            used += count;
        }
    }
}

}  // namespace hutong
