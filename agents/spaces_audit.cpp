// The books of the spaces: every m2 in one state and one direction, one use at a time, no money spent that was not
// there, nobody housed where C4.2 forbids it, no addition of floor area without its tie.
#include <algorithm>

#include <fmt/format.h>

#include "agents/spaces.h"
#include "agents/surrender.h"
#include "agents/workflow.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

constexpr std::size_t most_findings = 20;

struct Findings {
    std::vector<std::string> texts;
    template <class... Args>
    void add(fmt::format_string<Args...> text, Args&&... args) {
        if (texts.size() < most_findings) texts.push_back(fmt::format(text, std::forward<Args>(args)...));
    }
};

void audit_area(const Model& model, const World& world, Findings& findings) {
    const SpacesState& spaces = world.spaces;
    const std::size_t blocks = model.district.blocks.size();
    std::vector<std::int64_t> booked(directions * blocks, 0);
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        const Space& space = model.district.spaces[s];
        const bool planned = spaces.stage[s] >= SpaceStage::proposal;
        if (planned != (spaces.use[s] != no_use)) findings.add("space {}: stage and use disagree", space.code);
        if (spaces.opened[s] != 0 && spaces.stage[s] < SpaceStage::open)
            findings.add("space {} is open and on its way at once", space.code);
        if (spaces.opened[s] == 0 || spaces.use[s] == no_use) continue;  // the latter is reported above
        const BlockId block = model.district.block_of(space.node);
        if (!block) continue;
        const Use& use = model.district.catalogue.uses[spaces.use[s]];
        booked[static_cast<std::size_t>(direction_of(use)) * blocks + block.value] += area_dm2(space.area_m2) - spaces.public_dm2[s];
        booked[static_cast<std::size_t>(Direction::service) * blocks + block.value] += spaces.public_dm2[s];
    }
    const auto& entries = model.scenario.policy.entries();
    const bool kept = std::all_of(entries.begin(), entries.end(), [](const auto& entry) { return entry.second.on(Clause::G4); });
    for (std::size_t i = 0; kept && i < booked.size(); ++i) {
        if (booked[i] != spaces.opened_dm2[i])
            findings.add("opened m2 of direction {} in block {}: {} booked, {} open", i / blocks, i % blocks, spaces.opened_dm2[i],
                         booked[i]);
    }
}

void audit_premises(const Model& model, const World& world, Findings& findings) {
    const SpacesState& spaces = world.spaces;
    std::vector<std::int64_t> let(spaces.rows(), 0);  // in 0.1 m2
    for (std::uint32_t p = 0; p < world.premises.rows(); ++p) {
        const std::uint32_t s = world.premises.space[p];
        if (s == no_row || s >= spaces.rows() || world.premises.state[p] != PremisesState::on_market) continue;
        const bool misuse =
            world.premises.business[p] != no_row && (world.businesses.flags[world.premises.business[p]] & business_flag::unauthorised) != 0;
        if (spaces.stage[s] != SpaceStage::occupied && spaces.opened[s] == 0 && !misuse)
            findings.add("premises {} are on the market in space {} that is not open", p, model.district.spaces[s].code);
        if (spaces.opened[s] != 0) let[s] += world.premises.area_dm2_100[p];
    }
    constexpr double unit_m2 = 0.1;
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        if (spaces.opened[s] == 0 || spaces.use[s] == no_use) continue;  // the latter is reported above
        const Space& space = model.district.spaces[s];
        const Use& use = model.district.catalogue.uses[spaces.use[s]];
        const double most = space.area_m2 * (1 + use.adds_floor) * model.scenario.run.scale;
        if (static_cast<double>(let[s]) * unit_m2 > most + 1)
            findings.add("space {} offers {} m2 of premises and has {}", space.code, static_cast<double>(let[s]) * unit_m2, most);
    }
}

/// C3.4: compensation is booked once and never above what was granted, and that never above the year's budget.
void audit_compensation(const Model& model, const World& world, Findings& findings) {
    const GovernanceState& governance = world.governance;
    constexpr int year = 12;
    std::int64_t paid = 0, most = 0;
    for (const std::int64_t yuan : world.spaces.compensation_yuan) paid += yuan;
    for (int back = 0; back < year; ++back) most = std::max(most, surrender_grant_yuan(model, world.month - back));
    if (paid != governance.surrender_spent_yuan)
        findings.add("compensation for leases: {} yuan booked, {} paid at spaces", governance.surrender_spent_yuan, paid);
    if (governance.surrender_left_yuan < 0) findings.add("leases were compensated beyond the budget");
    if (governance.surrender_granted_yuan > year * most)
        findings.add("{} yuan granted for leases this year, budget {}", governance.surrender_granted_yuan, year * most);
}

void audit_money(const Model& model, const World& world, Findings& findings) {
    const GovernanceState& governance = world.governance;
    // a cut within the year can leave spending above the new budget, never above what the year began with
    std::int64_t most = capital_budget_yuan(model, world.month);
    for (Month month = Month::of(world.month.year(), 1); month < world.month; ++month) {
        if (month >= model.scenario.run.start) most = std::max(most, capital_budget_yuan(model, month));
    }
    if (governance.capital_year_yuan > most) findings.add("{} yuan spent this year, budget {}", governance.capital_year_yuan, most);
    if (governance.buy_back_left_yuan < 0) findings.add("space was taken back beyond the budget");
    audit_compensation(model, world, findings);
    if (governance.tie_pool_dm2 < 0) findings.add("floor area was added without a tied reduction (C1)");
    std::int64_t committed = 0;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        committed += world.spaces.assessed_milli[s];
        if (world.spaces.owed_yuan[s] < 0) findings.add("space {} was paid for twice", model.district.spaces[s].code);
        if (world.spaces.stage[s] == SpaceStage::open && world.spaces.owed_yuan[s] > 0)
            findings.add("space {} opened before it was paid for", model.district.spaces[s].code);
    }
    if (committed != governance.committed_milli_persons)
        findings.add("assessed population committed: {} booked, {} in plans", governance.committed_milli_persons, committed);
}

/// C4.2: whoever lives in a vacated space is there without permission and counted apart, unless the space is lawfully homes.
void audit_homes(const Model& model, const World& world, Findings& findings) {
    if (!model.levers(world.month).on(Clause::C4_2)) return;
    for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
        const std::uint32_t s = world.dwellings.space[d];
        const std::uint32_t household = world.dwellings.household[d];
        const bool called = s != no_row && s < world.spaces.rows() && world.spaces.call[s] == LeaseCall::open;
        if (household != no_row && (world.households.flags[household] & household_flag::applied) && !called)
            findings.add("household {} waits for compensation where nobody called", household);
        if (s == no_row || s >= world.spaces.rows() || household == no_row || world.spaces.stage[s] == SpaceStage::occupied) continue;
        const bool stays = world.spaces.call[s] == LeaseCall::partial && world.dwellings.state[d] == DwellingState::market;
        if (stays) continue;  // its lease was not surrendered (C3.4)
        const std::uint8_t use = world.spaces.use[s];
        if (use != no_use && model.district.catalogue.uses[use].residential && world.spaces.opened[s] != 0) continue;
        if (world.households.flags[household] & (household_flag::unauthorised | household_flag::must_move)) continue;
        findings.add("household {} lives in space {} that takes no residents", household, model.district.spaces[s].code);
    }
}

}  // namespace

std::vector<std::string> audit_spaces(const Model& model, const World& world) {
    Findings findings;
    if (world.spaces.rows() != model.district.spaces.size())
        findings.add("{} spaces in the books, {} in the district", world.spaces.rows(), model.district.spaces.size());
    audit_area(model, world, findings);
    audit_premises(model, world, findings);
    audit_money(model, world, findings);
    audit_homes(model, world, findings);
    return std::move(findings.texts);
}

}  // namespace hutong
