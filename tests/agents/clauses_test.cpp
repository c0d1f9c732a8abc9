// Every clause of the guideline: with it on its invariant holds, with `policy.off` it is broken, and the table that
// scenarios/clauses.h names differs. A clause with no observable difference fails.
#include "scenarios/clauses.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "agents/allocation.h"
#include "agents/appraisal.h"
#include "agents/hiring_rules.h"
#include "agents/workflow.h"
#include "scenarios/purposes.h"
#include "small_world.h"
#include "tests/agents/spaces_world.h"

namespace hutong {
namespace {

/// What a run leaves for the test: how often the invariant was broken, and the table of the results file.
struct Finding {
    std::int64_t broken = 0;
    std::vector<std::int64_t> table;
};

using Levels = std::function<void(Scenario&)>;
using Make = std::function<void(Space&, std::size_t)>;

void lever(Scenario& s, const char* path, const ParameterValue& value) { SpacesWorld::lever(s, path, value); }

/// A town of spaces of every kind with people who lack services, one clause perhaps off.
struct Town : SpacesWorld {
    Town(Clause clause, bool on, std::size_t count, const Levels& levels = {}, const Make& make = {})
        : SpacesWorld(
              count,
              [&](Scenario& s) {
                  if (levels) levels(s);
                  if (!on) {
                      Levers levers = s.policy.at(Month{});
                      levers.off.set(static_cast<std::size_t>(clause));
                      s.policy = Policy(levers);
                  }
              },
              make) {
        const std::size_t nodes = district.network.nodes();
        world.services.members.assign(target_groups * nodes, 20);
        world.services.served_permille.assign(district.catalogue.services.size() * nodes, 300);
    }
    bool approved(std::uint32_t s, SpaceStage stage) const {
        return std::any_of(world.spaces.events.begin(), world.spaces.events.end(),
                           [&](const SpaceEvent& e) { return e.space == s && e.stage == stage && e.decision == SpaceDecision::approved; });
    }
    /// Spaces that opened though this stage never approved them.
    template <class Which>
    std::int64_t opened_without(SpaceStage stage, const Which& which) const {
        std::int64_t n = 0;
        for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
            const bool blank = world.spaces.use[s] != no_use && leaves_blank(district.catalogue.uses[world.spaces.use[s]]);
            if (world.spaces.opened[s] != 0 && !blank && which(s) && !approved(s, stage)) ++n;
        }
        return n;
    }
    std::int64_t events_with(Clause clause, SpaceDecision decision) const {
        return std::count_if(world.spaces.events.begin(), world.spaces.events.end(),
                             [&](const SpaceEvent& e) { return e.clause == static_cast<std::uint16_t>(clause) && e.decision == decision; });
    }
    std::int64_t plans_begun() const {
        return std::count_if(world.spaces.events.begin(), world.spaces.events.end(), [](const SpaceEvent& e) {
            return e.stage == SpaceStage::proposal && e.decision == SpaceDecision::entered &&
                   e.clause != static_cast<std::uint16_t>(Clause::P0);
        });
    }
    const Levers& levers() const { return model.levers(world.month); }
    Verdict verdict(std::uint32_t s, const char* code) const { return permitted(space(s), use(code), district, levers()); }
    /// A node in a block of this zone and no other.
    NodeId node_in(ZoneType zone) const {
        for (std::size_t n = 0; n < district.network.nodes(); ++n) {
            const BlockId block = district.block_of(NodeId(n));
            if (block && zones_of(district, block) == 1U << static_cast<unsigned>(zone)) return NodeId(n);
        }
        ADD_FAILURE() << "the town has no block of this zone alone";
        return NodeId(0);
    }
};

/// A table of the results file, by the name scenarios/clauses.h gives.
std::vector<std::int64_t> table_of(const Town& w, std::string_view name) {
    const SpacesState& s = w.world.spaces;
    std::vector<std::int64_t> t;
    auto all = [&](const auto& column) {
        for (const auto v : column) t.push_back(static_cast<std::int64_t>(v));
    };
    if (name == "/permitted" || name == "/standing" || name == "/standing_clause") {
        for (const Space& space : w.district.spaces) {
            for (const Verdict& v : permitted(space, w.district, w.levers())) {
                if (name == "/permitted") t.push_back(v.allowed() ? 0 : static_cast<std::int64_t>(v.clause));
                if (name == "/standing") t.push_back(static_cast<std::int64_t>(v.standing));
                if (name == "/standing_clause") t.push_back(static_cast<std::int64_t>(v.standing == Standing::plain ? v.favour : v.clause));
            }
        }
    } else if (name == "/events") {
        for (const SpaceEvent& e : s.events) {
            for (const std::int64_t v : {std::int64_t{e.month}, std::int64_t{e.space}, static_cast<std::int64_t>(e.stage),
                                         static_cast<std::int64_t>(e.decision), std::int64_t{e.agency}, std::int64_t{e.use}})
                t.push_back(v);
        }
    } else if (name == "/spaces/use") {
        all(s.use);
    } else if (name == "/spaces/decider") {
        for (const Decider d : s.decider) t.push_back(static_cast<std::int64_t>(d));
    } else if (name == "/spaces/agency") {
        all(s.agency);
    } else if (name == "/spaces/route") {
        all(s.route);
    } else if (name == "/spaces/opened") {
        all(s.opened);
    } else if (name == "/spaces/public_dm2") {
        all(s.public_dm2);
    } else if (name == "/indicator/opened_area.*") {
        all(s.opened_dm2);
    } else if (name == "/district/capital_spent_yuan") {
        t.push_back(w.world.governance.capital_spent_yuan);
    } else if (name == "/agencies/score") {
        for (const DepartmentScore& score : appraise(w.model, s, w.world.month - 1)) t.push_back(std::llround(score.score));
    }
    return t;
}

std::string_view table_name(Clause clause) { return clause_homes()[static_cast<std::size_t>(clause) - 1].table; }

/// A town run for some months; `check` counts how often the invariant is broken.
Finding governed(Clause clause, bool on, int months, const Levels& levels, const Make& make,
                 const std::function<std::int64_t(Town&)>& check, const std::function<void(Town&)>& prepare = {}, std::size_t count = 90) {
    Town w(clause, on, count, levels, make);
    if (prepare) prepare(w);
    w.run(months);
    Finding finding;
    finding.broken = check(w);
    finding.table = table_of(w, table_name(clause));
    return finding;
}

/// What the rules say of one space in one zone; the table is that of all spaces of the mixed town.
Finding ruled(Clause clause, bool on, ZoneType zone, const Make& make, const std::function<bool(const Town&)>& broken) {
    Town w(clause, on, 1, {}, make);
    w.district.spaces[0].node = w.node_in(zone);
    Finding finding;
    finding.broken = broken(w) ? 1 : 0;
    finding.table = table_of(w, table_name(clause));
    return finding;
}

Make space_of(SpaceCategory category, SpaceForm form, double area_m2, OwnerType owner = OwnerType::district) {
    return [=](Space& s, std::size_t) {
        s.category = category;
        s.form = form;
        s.area_m2 = area_m2;
        s.owner = owner;
        s.vacated = Month::of(2017, 1);
    };
}

void ample(Scenario& s) {
    lever(s, "governance.capacity_factor", 10.0);
    lever(s, "money.capital_budget_yuan", 1e11);
    lever(s, "money.operating_budget_yuan", 1e11);
}

void everybody_decides_alike(Town& w, const char* use) {
    for (const Space& space : w.district.spaces) w.scenario.decisions.push_back({.space = space.code, .use = use});
}

std::int64_t proposals(Clause clause, bool on, OwnerType owner, const char* path, double value) {
    Town w(
        clause, on, 60, [&](Scenario& s) { lever(s, path, value); },
        space_of(SpaceCategory::industrial, SpaceForm::floor_above, 900, owner));
    w.run(24);
    return w.plans_begun();
}

/// Hiring in publicly funded projects: how often non-local staff exceed what the clause leaves, and the local share.
Finding hiring(Clause clause, bool on, Funding funding, double cap) {
    SmallSetting setting;
    setting.unemployed = 0.02;
    setting.open_posts = 0.15;
    SmallWorld w(setting);
    w.set_levers([&](Levers& l) { l.off.set(static_cast<std::size_t>(clause), !on); });
    auto& b = w.world.businesses;
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (!b.alive(row) || b.sector[row] != small_sector::community) continue;
        b.funding[row] = funding;
        for (std::uint32_t post = b.first_job[row]; post != no_row; post = w.world.jobs.next_job[post]) {
            if (!w.world.jobs.open(post)) vacate_post(w.world, post);
        }
    }
    Finding finding;
    for (int month = 0; month < 24; ++month) {
        w.begin_month();
        update_labour(w.model(), w.world);
        ++w.world.month;
        for (std::uint32_t row = 0; row < b.rows(); ++row) {
            if (b.alive(row) && b.funding[row] == funding && b.non_local[row] > non_local_cap(cap, b.posts[row])) ++finding.broken;
        }
    }
    for (std::uint32_t row = 0; row < b.rows(); ++row) {
        if (!b.alive(row) || b.funding[row] != funding) continue;
        finding.table.push_back(b.filled[row]);
        finding.table.push_back(b.non_local[row]);
    }
    return finding;
}

Finding subsidised(bool on) {
    SmallSetting setting;
    setting.unemployed = 0.1;
    setting.open_posts = 0.15;
    SmallWorld w(setting);
    w.set_levers([&](Levers& l) { l.off.set(static_cast<std::size_t>(Clause::P5), !on); });
    for (auto& flags : w.world.businesses.flags) flags |= business_flag::in_reused_space;
    Finding finding;
    std::int64_t yuan = 0;
    for (int month = 0; month < 6; ++month) {
        w.step();
        yuan += w.world.flows.total(Flow::subsidy_yuan);
    }
    finding.broken = yuan == 0 ? 1 : 0;
    finding.table.push_back(yuan);
    return finding;
}

/// Unauthorised trade, or unauthorised dwelling in a vacated space, and what a year of inspections finds.
Finding inspected(Clause clause, bool on, bool dwellings) {
    Town w(clause, on, 1);
    const auto node = static_cast<std::uint16_t>(w.space(0).node.value);
    constexpr std::uint32_t n = 200;
    w.world.housing.space_dwelling_first = {0, 0};
    for (std::uint32_t i = 0; i < n; ++i) {
        if (dwellings) {
            const std::uint32_t home = add_dwelling(w.world, mix64(i), node, 0, DwellingType::apartment, Tenure::private_rent, 20, 0);
            const std::uint32_t household = add_household(w.world, mix64(i + n), home, w.world.month, 1, 0, household_flag::unauthorised);
            add_person(w.world, household, {.luck = mix64(i + 2 * n), .birth = Month::of(1985, 1), .role = Role::head});
            w.world.housing.space_dwellings.push_back(home);
            ++w.world.housing.space_dwelling_first[1];
        } else {
            const std::uint32_t premises = add_premises(w.world, i, node, 0, PremisesUse::shop, 50, no_row, 255);
            add_business(w.world, luck_key(7, i), 0, premises, w.world.month, Funding::private_capital, business_flag::unauthorised);
        }
    }
    std::int64_t found = 0;
    for (int m = 0; m < 12; ++m) {
        w.world.flows.reset(static_cast<std::uint32_t>(w.district.blocks.size()));
        inspect(w.model, w.world);
        found += w.world.flows.total(Flow::misuse_found);
        ++w.world.month;
    }
    return {found == 0 ? 1 : 0, {found}};
}

/// Plans that all reach a body of one case a month together: the first handled should be the legacy projects.
Finding legacy(bool on) {
    Town w(
        Clause::P4, on, 40,
        [](Scenario& s) {
            s.assumptions.governance.capacity_planning_and_land = 1;
            lever(s, "governance.coordination", 1.0);
        },
        [](Space& s, std::size_t i) {
            s.category = SpaceCategory::industrial;
            s.area_m2 = 4000;
            s.owner = OwnerType::private_owner;
            s.vacated = Month::of(2017, 1);
            s.legacy = i % 8 == 0;
        });
    for (std::uint32_t s = 0; s < 40; ++s) {
        start_plan(w.model, w.world, s, w.use("office_research"), 0, Decider::decided, Verdict{});
        w.world.spaces.in_plan[s] = 1;
        w.world.spaces.submitted[s] = w.world.month.index;
        enter(w.model, w.world, s, SpaceStage::consultation);
        w.world.spaces.ready[s] = w.world.month.index;
    }
    w.run(5);
    Finding finding;
    for (const SpaceEvent& e : w.world.spaces.events) {
        if (e.stage == SpaceStage::consultation && e.decision == SpaceDecision::approved && e.space % 8 != 0) ++finding.broken;
    }
    finding.table = table_of(w, "/events");
    return finding;
}

/// Uses of two spaces, one short of the service and one not.
Finding shortfall(bool on) {
    Town w(Clause::C2_0, on, 40, {}, space_of(SpaceCategory::residential, SpaceForm::floor_above, 900));
    auto score = [&](int served) {
        auto& permille = w.world.services.served_permille;
        std::fill(permille.begin(), permille.end(), static_cast<std::remove_reference_t<decltype(permille[0])>>(served));
        return Allocation(w.model, w.world).score(0, w.use("kindergarten"), w.verdict(0, "kindergarten")).total;
    };
    Finding finding;
    finding.broken = score(0) > score(1000) ? 0 : 1;
    score(300);
    w.run(30);
    finding.table = table_of(w, table_name(Clause::C2_0));
    return finding;
}

Finding population_weighs(bool on) {
    auto total = [&](double weight) {
        Town w(
            Clause::C4_3, on, 1, [&](Scenario& s) { lever(s, "allocation.population_weight", weight); },
            space_of(SpaceCategory::residential, SpaceForm::floor_above, 400));
        return Allocation(w.model, w.world).score(0, w.use("menu_complex"), w.verdict(0, "menu_complex")).total;
    };
    Town w(Clause::C4_3, on, 90, [](Scenario& s) { lever(s, "allocation.population_weight", 10.0); });
    w.run(40);
    return {total(10) < total(0) ? 0 : 1, table_of(w, table_name(Clause::C4_3))};
}

/// The same space in other zones and sizes: 1 when nothing differs.
Finding differentiated(bool on) {
    Town w(Clause::G2, on, 1, {}, space_of(SpaceCategory::industrial, SpaceForm::floor_above, 1500));
    std::set<std::vector<std::int64_t>> sets;
    std::vector<std::int64_t> all;
    for (const ZoneType zone : {ZoneType::government, ZoneType::historic, ZoneType::living, ZoneType::business}) {
        for (const double area : {150.0, 1500.0, 9000.0}) {
            w.district.spaces[0].node = w.node_in(zone);
            w.district.spaces[0].area_m2 = area;
            sets.insert(table_of(w, "/standing"));
            const auto one = table_of(w, "/permitted");
            all.insert(all.end(), one.begin(), one.end());
        }
    }
    return {sets.size() > 1 ? 0 : 1, all};
}

Finding no_headroom(bool on) {
    return governed(
        Clause::C4_1, on, 50, {},
        [](Space& s, std::size_t i) {
            s.owner = i % 2 ? OwnerType::district : OwnerType::private_owner;
            s.vacated = Month::of(2017, 1);
        },
        [](Town& w) {
            std::int64_t n = 0;
            for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
                if (w.world.spaces.stage[s] <= SpaceStage::agreement || w.world.spaces.use[s] == no_use) continue;
                n += assessed_milli_persons(w.district.catalogue.uses[w.world.spaces.use[s]], w.space(s).area_m2) > 0 ? 1 : 0;
            }
            return n;
        },
        [](Town& w) { w.world.governance.committed_milli_persons = w.world.governance.headroom_committed_persons = 3'000'000'000; });
}

Finding tied(bool on) {
    return governed(
        Clause::C1, on, 80, ample, space_of(SpaceCategory::corner_land, SpaceForm::land, 800),
        [](Town& w) {
            std::int64_t added = 0;
            for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
                if (w.world.spaces.opened[s] == 0) continue;
                const Use& use = w.district.catalogue.uses[w.world.spaces.use[s]];
                added += static_cast<std::int64_t>(static_cast<double>(area_dm2(w.space(s).area_m2)) * use.adds_floor);
            }
            return std::max<std::int64_t>(0, added - w.world.governance.reduced_dm2);
        },
        [](Town& w) { everybody_decides_alike(w, "parking_multilevel"); }, 3);
}

Finding find(Clause clause, bool on) {
    const auto everything = [](std::uint32_t) { return true; };
    const auto run = [&](const std::function<std::int64_t(Town&)>& check, const Levels& levels = {}, const Make& make = {}) {
        return governed(clause, on, 100, levels, make, check);
    };
    switch (clause) {
        case Clause::G1:
            return run([](Town& w) {
                std::int64_t n = 0;
                for (const Space& space : w.district.spaces) {
                    const auto verdicts = permitted(space, w.district, w.levers());
                    for (std::size_t u = 0; u < verdicts.size(); ++u) {
                        const Use& use = w.district.catalogue.uses[u];
                        n += verdicts[u].allowed() && use.sector && w.district.catalogue.sectors[use.sector.value].prohibited ? 1 : 0;
                    }
                }
                return n;
            });
        case Clause::G2:
            return differentiated(on);
        case Clause::G3:
            return run([](Town& w) {
                std::int64_t n = 0;
                for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
                    const bool own = w.space(s).owner == OwnerType::district || w.space(s).owner == OwnerType::direct_managed;
                    n += own && w.world.spaces.stage[s] >= SpaceStage::proposal && w.world.spaces.decider[s] != Decider::decided ? 1 : 0;
                }
                return n;
            });
        case Clause::G4:
            return run([](Town& w) {
                std::int64_t booked = 0, open = 0;
                for (const auto dm2 : w.world.spaces.opened_dm2) booked += dm2;
                for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s)
                    open += w.world.spaces.opened[s] != 0 ? area_dm2(w.space(s).area_m2) : 0;
                return std::abs(booked - open);
            });
        case Clause::G5: {
            const auto p = [&](double uptake) {
                return proposals(clause, on, OwnerType::private_owner, "owners.self_upgrade_uptake", uptake);
            };
            Finding finding = run([](Town&) { return std::int64_t{0}; });
            finding.broken = p(4) > p(0.5) ? 0 : 1;
            return finding;
        }
        case Clause::G6:
            return run([](Town& w) {
                std::int64_t n = 0;
                for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s)
                    n += w.space(s).vacated < w.world.month && w.world.spaces.stage[s] == SpaceStage::occupied ? 1 : 0;
                return n;
            });
        case Clause::C1:
            return tied(on);
        case Clause::C2_0:
            return shortfall(on);
        case Clause::C2_1:
            return ruled(clause, on, ZoneType::government, space_of(SpaceCategory::public_housing, SpaceForm::courtyard_complete, 300),
                         [](const Town& w) { return w.verdict(0, "retail_district").standing == Standing::plain; });
        case Clause::C2_2:
            return ruled(clause, on, ZoneType::historic, space_of(SpaceCategory::industrial, SpaceForm::floor_above, 5000),
                         [](const Town& w) { return w.verdict(0, "office_technology").standing != Standing::exception; });
        case Clause::C2_3:
            return ruled(clause, on, ZoneType::living, space_of(SpaceCategory::education, SpaceForm::floor_above, 400),
                         [](const Town& w) { return !w.verdict(0, "fresh_food_shop").first; });
        case Clause::C2_4:
            return ruled(clause, on, ZoneType::business, space_of(SpaceCategory::public_housing, SpaceForm::courtyard_complete, 400),
                         [](const Town& w) { return w.verdict(0, "elderly_day_care").standing == Standing::plain; });
        case Clause::C3_0:
            return run([&](Town& w) { return w.opened_without(SpaceStage::acceptance, everything); });
        case Clause::C3_1:
            return ruled(clause, on, ZoneType::living, space_of(SpaceCategory::industrial, SpaceForm::floor_above, 900),
                         [](const Town& w) { return w.verdict(0, "office_technology").standing == Standing::plain; });
        case Clause::C3_2:
            return ruled(clause, on, ZoneType::living, space_of(SpaceCategory::education, SpaceForm::floor_above, 900),
                         [](const Town& w) { return w.verdict(0, "cultural_creative").standing == Standing::plain; });
        case Clause::C3_3:
            return ruled(clause, on, ZoneType::living, space_of(SpaceCategory::heritage, SpaceForm::floor_above, 1200),
                         [](const Town& w) { return w.verdict(0, "parking_indoor").allowed(); });
        case Clause::C3_4:
            return ruled(clause, on, ZoneType::living, space_of(SpaceCategory::public_housing, SpaceForm::courtyard_partial, 300),
                         [](const Town& w) { return w.verdict(0, "community_service").allowed(); });
        case Clause::C3_5:
            return run([](Town& w) {
                return w.opened_without(SpaceStage::residents_vote,
                                        [&](std::uint32_t s) { return w.space(s).category == SpaceCategory::residential; });
            });
        case Clause::C3_6:
            return ruled(clause, on, ZoneType::historic, space_of(SpaceCategory::corner_land, SpaceForm::land, 900),
                         [](const Town& w) { return w.verdict(0, "parking_surface").standing == Standing::plain; });
        case Clause::C3_7:
            return governed(
                clause, on, 80, ample, space_of(SpaceCategory::temporary, SpaceForm::land, 5000),
                [](Town& w) {
                    std::int64_t n = 0;
                    for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
                        const bool planned = w.world.spaces.use[s] == w.use("park").value;
                        n += planned && w.world.spaces.stage[s] == SpaceStage::open ? 1 : 0;
                    }
                    return n;
                },
                [](Town& w) {
                    for (Space& space : w.district.spaces) {
                        space.planned_use = w.use("park");
                        space.planned_start = Month::of(2025, 1);
                    }
                },
                6);
        case Clause::C4_1:
            return no_headroom(on);
        case Clause::C4_2:
            return run([](Town& w) {
                std::int64_t n = 0;
                for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
                    for (const char* code : {"residential_rental", "dormitory"})
                        n += w.space(s).category != SpaceCategory::public_housing && w.verdict(s, code).allowed() ? 1 : 0;
                }
                return n;
            });
        case Clause::C4_3:
            return population_weighs(on);
        case Clause::C4_4:
            return hiring(clause, on, Funding::livelihood_project, 0.8);
        case Clause::C4_5:
            return hiring(clause, on, Funding::heritage_project, 0.5);
        case Clause::M1:
            return run(
                [](Town& w) {
                    return w.opened_without(SpaceStage::joint_meeting, [&](std::uint32_t s) {
                        return w.world.spaces.route[s] != 0 && w.world.spaces.decider[s] != Decider::informed;
                    });
                },
                ample);
        case Clause::M2:
            return run([](Town& w) {
                return std::count_if(w.world.spaces.events.begin(), w.world.spaces.events.end(), [](const SpaceEvent& e) {
                    return e.stage == SpaceStage::agreement && e.decision == SpaceDecision::approved &&
                           e.agency != static_cast<std::uint8_t>(Body::development_and_reform);
                });
            });
        case Clause::M3:
            return run([](Town& w) {
                std::int64_t n = 0;
                for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) {
                    const bool heritage = w.space(s).category == SpaceCategory::heritage && w.space(s).owner != OwnerType::district_soe;
                    n += heritage && w.world.spaces.agency[s] != static_cast<std::uint8_t>(Body::culture_commission) ? 1 : 0;
                }
                return n;
            });
        case Clause::M4: {
            const auto p = [&](double follow_up) { return proposals(clause, on, OwnerType::central, "owners.follow_up", follow_up); };
            Finding finding = run([](Town&) { return std::int64_t{0}; });
            finding.broken = p(1) > p(0) ? 0 : 1;
            return finding;
        }
        case Clause::W1:
            return run([](Town& w) {
                std::int64_t n = 0;
                for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s)
                    n += w.space(s).area_m2 > 2000 && w.world.spaces.use[s] != no_use && w.world.spaces.route[s] == 0 ? 1 : 0;
                return n;
            });
        case Clause::W2:
            return run([](Town& w) {
                return w.opened_without(SpaceStage::review,
                                        [&](std::uint32_t s) { return w.world.spaces.decider[s] != Decider::informed; });
            });
        case Clause::W3:
            return governed(clause, on, 100, ample, {}, [](Town& w) {
                return w.opened_without(SpaceStage::municipal_approval, [&](std::uint32_t s) { return w.world.spaces.route[s] == 2; });
            });
        case Clause::W4:
            return inspected(clause, on, true);
        case Clause::P0:
            return run(
                [](Town& w) {
                    return std::count_if(w.world.spaces.in_plan.begin(), w.world.spaces.in_plan.end(), [](auto in) { return in != 0; });
                },
                [](Scenario& s) { lever(s, "governance.plan_share", 0.0); });
        case Clause::P1:
            return governed(
                clause, on, 60, ample, space_of(SpaceCategory::industrial, SpaceForm::floor_above, 9000, OwnerType::private_owner),
                [](Town& w) {
                    std::int64_t n = 0;
                    for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s)
                        n += w.world.spaces.opened[s] != 0 && w.world.spaces.public_dm2[s] == 0 ? 1 : 0;
                    return n;
                },
                [](Town& w) { everybody_decides_alike(w, "office_technology"); }, 6);
        case Clause::P2:
            return run([](Town& w) { return w.events_with(Clause::P2, SpaceDecision::approved) == 0 ? 1 : 0; },
                       [](Scenario& s) {
                           lever(s, "money.buy_back_yuan_per_m2", 500000.0);
                           lever(s, "money.buy_back_budget_yuan", 1e11);
                           lever(s, "governance.plan_share", 1.0);
                           lever(s, "owners.self_upgrade_uptake", 0.2);
                       });
        case Clause::P3:
            return run([](Town& w) { return w.world.governance.capital_spent_yuan > 0 ? 0 : 1; });
        case Clause::P4:
            return legacy(on);
        case Clause::P5:
            return subsidised(on);
        case Clause::O1:
            return run(
                [](Town& w) {
                    std::int64_t n = 0;
                    for (const auto sent_back : w.world.governance.sent_back) n += sent_back;
                    return n;
                },
                [](Scenario& s) { lever(s, "governance.coordination", 1.0); });
        case Clause::O2:
            return inspected(clause, on, false);
        case Clause::O3:
            return run([](Town& w) { return appraise(w.model, w.world.spaces, w.world.month - 1).empty() ? 1 : 0; });
        case Clause::none:
        case Clause::count:
            break;
    }
    ADD_FAILURE() << "no case for " << clause_name(clause);
    return {};
}

class EveryClause : public testing::TestWithParam<int> {};

TEST_P(EveryClause, HoldsOnAndIsMissedOff) {
    const auto clause = static_cast<Clause>(GetParam());
    const Finding on = find(clause, true), off = find(clause, false);
    EXPECT_EQ(on.broken, 0) << "with " << clause_name(clause) << " on";
    EXPECT_GT(off.broken, 0) << "without " << clause_name(clause) << " nothing is missed";
    EXPECT_NE(on.table, off.table) << table_name(clause) << " is the same without " << clause_name(clause);
}

INSTANTIATE_TEST_SUITE_P(Clauses, EveryClause, testing::Range(1, static_cast<int>(Clause::count)),
                         [](const testing::TestParamInfo<int>& one) {
                             std::string name(clause_name(static_cast<Clause>(one.param)));
                             std::replace(name.begin(), name.end(), '.', '_');
                             return name;
                         });

TEST(ClauseHomes, NameEveryClauseOnceInOrder) {
    const auto& homes = clause_homes();
    ASSERT_EQ(homes.size() + 1, static_cast<std::size_t>(Clause::count));
    for (std::size_t i = 0; i < homes.size(); ++i) {
        EXPECT_EQ(homes[i].clause, static_cast<Clause>(i + 1));
        EXPECT_FALSE(homes[i].title.empty() || homes[i].code.empty() || homes[i].holds.empty() || homes[i].table.empty());
    }
}

}  // namespace
}  // namespace hutong
