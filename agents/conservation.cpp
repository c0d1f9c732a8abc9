// The audit: people, households, dwellings, posts and floor area are conserved. It reads the World and changes
// nothing; sim/run calls it every month in tests and with --audit.

#include <fmt/format.h>

#include "agents/services.h"
#include "agents/spaces.h"
#include "agents/steps.h"

namespace hutong {
namespace {

/// Problems found, at most a few of each kind: the first ones tell what is wrong.
class Findings {
public:
    template <class... Args>
    void add(fmt::format_string<Args...> text, Args&&... args) {
        if (problems_.size() < limit) problems_.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
    std::vector<std::string> take() { return std::move(problems_); }

private:
    static constexpr std::size_t limit = 20;
    std::vector<std::string> problems_;
};

void audit_households(const World& world, Findings& findings) {
    const auto& people = world.people;
    const auto& households = world.households;
    std::vector<std::uint8_t> seen(people.rows(), 0);
    for (std::uint32_t h = 0; h < households.rows(); ++h) {
        if (!households.alive(h)) continue;
        std::uint32_t members = 0, heads = 0;
        for (std::uint32_t m = households.first_member[h]; m != no_row; m = people.next_member[m]) {
            if (people.household[m] != h) findings.add("person {} is listed in household {} but belongs to {}", m, h, people.household[m]);
            if (seen[m]++) findings.add("person {} is listed in two households", m);
            heads += people.role[m] == Role::head ? 1 : 0;
            if (++members > households.size[h]) break;
        }
        if (members != households.size[h]) findings.add("household {} says {} members and lists {}", h, households.size[h], members);
        if (heads != 1) findings.add("household {} has {} heads", h, heads);
        const std::uint32_t d = households.dwelling[h];
        if (d == no_row) {
            findings.add("household {} has no dwelling", h);
            continue;
        }
        if (world.dwellings.household[d] != h)
            findings.add("household {} lives in dwelling {} that is let to {}", h, d, world.dwellings.household[d]);
        if (people.home_node[households.first_member[h]] != world.dwellings.node[d])
            findings.add("household {} is not at its dwelling's node", h);
    }
    std::size_t alive = 0;
    for (std::uint32_t p = 0; p < people.rows(); ++p) {
        if (!people.alive(p)) continue;
        ++alive;
        if (!seen[p]) findings.add("person {} is in no household's list", p);
        const bool at_work = people.activity[p] == Activity::employed_here;
        if (at_work != (people.job[p] != no_row)) findings.add("person {}: activity and post disagree", p);
        if (people.job[p] != no_row && world.jobs.worker[people.job[p]] != p)
            findings.add("person {} holds post {} that somebody else fills", p, people.job[p]);
    }
    if (alive != people.count()) findings.add("{} residents counted, {} booked", alive, people.count());
}

void audit_dwellings(const Model& model, const World& world, Findings& findings) {
    const auto& dwellings = world.dwellings;
    for (std::uint32_t d = 0; d < dwellings.rows(); ++d) {
        const std::uint32_t h = dwellings.household[d];
        if (h == no_row) continue;
        if (!world.households.alive(h) || world.households.dwelling[h] != d) {
            findings.add("dwelling {} is let to household {} that does not live there", d, h);
            continue;
        }
        // C4.2: only misuse may live in a cleared dwelling, and it is counted apart; whoever was displaced has gone by the
        // end of the month.
        const bool unauthorised = (world.households.flags[h] & household_flag::unauthorised) != 0;
        if (dwellings.state[d] != DwellingState::market && !unauthorised)
            findings.add("household {} lives in dwelling {} that is not a home any more", h, d);
        if (model.levers(world.month).on(Clause::C4_2) && dwellings.state[d] == DwellingState::market && unauthorised) {
            findings.add("household {} is booked as unauthorised in a lawful dwelling", h);
        }
    }
}

void audit_jobs(const World& world, Findings& findings) {
    const auto& jobs = world.jobs;
    const auto& businesses = world.businesses;
    std::vector<std::uint8_t> commuter_seen(world.in_commuters.rows(), 0);
    std::size_t listed = 0;
    for (std::uint32_t b = 0; b < businesses.rows(); ++b) {
        if (!businesses.alive(b)) continue;
        std::uint32_t posts = 0, filled = 0, non_local = 0;
        for (std::uint32_t j = businesses.first_job[b]; j != no_row; j = jobs.next_job[j]) {
            ++posts;
            if (jobs.business[j] != b) findings.add("post {} is listed in business {} but belongs to {}", j, b, jobs.business[j]);
            if (jobs.block[j] != businesses.block[b]) findings.add("post {} is booked in another block than its business {}", j, b);
            if (jobs.by_resident(j)) {
                ++filled;
                if (world.people.job[jobs.worker[j]] != j)
                    findings.add("post {} is filled by person {} who holds another", j, jobs.worker[j]);
            } else if (jobs.by_in_commuter(j)) {
                ++filled;
                ++non_local;
                const std::uint32_t c = jobs.worker[j] & ~JobTable::in_commuter_bit;
                if (world.in_commuters.job[c] != j) findings.add("post {} is filled by in-commuter {} who holds another", j, c);
                if (commuter_seen[c]++) findings.add("in-commuter {} fills two posts", c);
            }
            if (posts > businesses.posts[b]) break;
        }
        listed += posts;
        if (posts != businesses.posts[b] || filled != businesses.filled[b] || non_local != businesses.non_local[b]) {
            findings.add("business {} says {} posts, {} filled, {} non-local and lists {}, {}, {}", b, businesses.posts[b],
                         businesses.filled[b], businesses.non_local[b], posts, filled, non_local);
        }
        const std::uint32_t p = businesses.premises[b];
        if (world.premises.business[p] != b) findings.add("business {} sits in premises {} let to {}", b, p, world.premises.business[p]);
        // Unauthorised trade is misuse of a space that is closed (M4); it is counted apart.
        const bool misuse = (businesses.flags[b] & business_flag::unauthorised) != 0;
        if (world.premises.state[p] != PremisesState::on_market && !misuse) findings.add("business {} sits in closed premises {}", b, p);
    }
    if (listed != jobs.count()) findings.add("{} posts listed, {} booked", listed, jobs.count());
    for (std::uint32_t c = 0; c < world.in_commuters.rows(); ++c) {
        if (world.in_commuters.alive(c) && !commuter_seen[c]) findings.add("in-commuter {} fills no post", c);
    }
    for (std::uint32_t p = 0; p < world.premises.rows(); ++p) {
        const std::uint32_t b = world.premises.business[p];
        if (b != no_row && (!businesses.alive(b) || businesses.premises[b] != p))
            findings.add("premises {} are let to business {} that is elsewhere", p, b);
    }
}

}  // namespace

std::vector<std::string> audit(const Model& model, const World& world) {
    Findings findings;
    audit_households(world, findings);
    audit_dwellings(model, world, findings);
    audit_jobs(world, findings);
    auto problems = findings.take();
    for (auto& problem : audit_spaces(model, world)) problems.push_back(std::move(problem));
    for (auto& problem : audit_members(model, world)) problems.push_back(std::move(problem));
    return problems;
}

}  // namespace hutong
