#include "scenarios/rules.h"

#include <algorithm>

#include "scenarios/purposes.h"

namespace hutong {
namespace {

constexpr std::uint8_t bit(ZoneType zone) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(zone)); }

bool speaks_of(const Rule& rule, UseId id, const Use& use) {
    if (rule.uses.empty() && !rule.direction) return true;
    if (rule.direction && *rule.direction == use.direction) return true;
    return std::find(rule.uses.begin(), rule.uses.end(), id) != rule.uses.end();
}

bool applies(const Rule& rule, const Space& space, std::uint8_t zones, bool large) {
    if (rule.category && *rule.category != space.category) return false;
    if (rule.zone && !(zones & bit(*rule.zone))) return false;
    if (rule.form && *rule.form != space.form) return false;
    if (rule.owner && *rule.owner != space.owner) return false;
    if (rule.min_heritage && space.heritage < *rule.min_heritage) return false;
    if (rule.large && *rule.large != large) return false;
    if (rule.street_front && *rule.street_front != space.street_front) return false;
    return true;
}

/// Where zones overlap, of their main rules only those of the first in this order hold (policy.md, "Force").
int zone_rank(ZoneType zone) {
    switch (zone) {
        case ZoneType::government:
            return 0;
        case ZoneType::historic:
            return 1;
        case ZoneType::business:
            return 2;
        case ZoneType::living:
            return 3;
    }
    return 3;
}

/// The rules that speak about this space, with the leading zone among those with main rules settled.
struct Applicable {
    std::vector<const Rule*> rules;
    bool any_main = false;
    Clause main_clause = Clause::none;
};

Applicable applicable(const Space& space, const District& district, const Levers& levers) {
    Applicable result;
    const std::uint8_t zones = zones_of(district, district.block_of(space.node));
    const bool large = space.area_m2 > levers.control.large_area_m2;
    int leading = zone_types;
    const bool differentiated = levers.on(Clause::G2);
    for (const Rule& rule : district.catalogue.rules) {
        if (!levers.on(clause_named(rule.clause)) || !applies(rule, space, zones, large)) continue;
        // without G2 nothing differs by zone, size or frontage: only what is said of a category everywhere
        if (!differentiated && (rule.zone || rule.large || rule.street_front)) continue;
        if (rule.force == Force::main && rule.zone) leading = std::min(leading, zone_rank(*rule.zone));
        result.rules.push_back(&rule);
    }
    std::erase_if(result.rules,
                  [&](const Rule* rule) { return rule->force == Force::main && rule->zone && zone_rank(*rule->zone) > leading; });
    for (const Rule* rule : result.rules) {
        if (rule->force != Force::main || result.any_main) continue;
        result.any_main = true;
        result.main_clause = clause_named(rule->clause);
    }
    return result;
}

void exclude(Verdict& verdict, Clause clause) {
    if (verdict.standing == Standing::excluded) return;  // the first exclusion is the one that is told
    verdict.standing = Standing::excluded;
    verdict.clause = clause;
}

/// What the use needs and the space is: area, form, catalogue, ties. `named`: a rule of a category or zone names the use.
void exclude_by_nature(Verdict& verdict, const Use& use, const Space& space, const District& district, const Levers& levers, bool named) {
    if (levers.on(Clause::G1) && use.sector && district.catalogue.sectors[use.sector.value].prohibited) return exclude(verdict, Clause::G1);
    // 'other, named by clause' (G4): only where a rule speaks for it
    const Clause naming = clause_named(use.other_clause);
    if (use.direction == Direction::other && !use.residential && !named && levers.on(naming)) return exclude(verdict, naming);
    // by size and form (G2): nothing that the space physically is not
    const bool differentiated = levers.on(Clause::G2);
    if (differentiated && (space.area_m2 < use.min_area_m2 || space.area_m2 > use.max_area_m2)) return exclude(verdict, Clause::G2);
    const bool land = space.form == SpaceForm::land;
    if (differentiated && use.demolish && land && use.other_clause.empty()) return exclude(verdict, Clause::G2);  // nothing to take down
    if (use.indoor && land && use.area_per_job_m2 > 0 && use.min_area_m2 > 0) {
        // a building on land is new floor area: in principle not (C1)
        if (levers.on(Clause::C1)) return exclude(verdict, Clause::C1);
    }
    if (!differentiated || use.indoor) return;
    if ((!land && !named) || space.form == SpaceForm::floor_below) return exclude(verdict, Clause::G2);
}

Verdict judge(const Space& space, UseId id, const District& district, const Levers& levers, const Applicable& rules) {
    const Use& use = district.catalogue.uses[id.value];
    Verdict verdict;
    bool named = false;
    Clause in_principle = Clause::none;
    for (const Rule* rule : rules.rules) {
        if (!speaks_of(*rule, id, use)) continue;
        const Clause clause = clause_named(rule->clause);
        auto favour = [&] {
            named = true;
            if (verdict.favour == Clause::none) verdict.favour = clause;
        };
        switch (rule->force) {
            case Force::never:
                exclude(verdict, clause);
                break;
            case Force::in_principle:
                in_principle = in_principle == Clause::none ? clause : in_principle;
                break;
            case Force::main:
                verdict.main = true;
                favour();
                break;
            case Force::first:
                verdict.first = true;
                favour();
                break;
            case Force::may:
                favour();
                break;
            case Force::limited:
                if (rule->ceiling_share < verdict.ceiling_share) {
                    verdict.ceiling_share = rule->ceiling_share;
                    verdict.ceiling_clause = clause;
                }
                favour();
                break;
            case Force::encouraged:
                verdict.encouraged = true;
                favour();
                break;
        }
    }
    exclude_by_nature(verdict, use, space, district, levers, named);
    if (!verdict.allowed()) return verdict;
    if (in_principle != Clause::none) {
        verdict.standing = Standing::exception;
        verdict.clause = in_principle;
    } else if (rules.any_main && !verdict.main && !verdict.first) {
        verdict.standing = Standing::with_reason;
        verdict.clause = rules.main_clause;
    }
    return verdict;
}

}  // namespace

std::uint8_t zones_of(const District& district, BlockId id) {
    if (!id) return 0;
    const Block& block = district.block(id);
    std::uint8_t zones = bit(block.zone);
    for (std::size_t i = 0; i < district.named_areas.size(); ++i) {
        if (block.named_areas >> i & 1) zones |= bit(district.named_areas[i].zone);
    }
    if (block.conservation_area) zones |= bit(ZoneType::historic);
    if (block.function_area) zones |= bit(ZoneType::business);
    return zones;
}

std::vector<Verdict> permitted(const Space& space, const District& district, const Levers& levers) {
    const Applicable rules = applicable(space, district, levers);
    std::vector<Verdict> verdicts(district.catalogue.uses.size());
    for (std::size_t i = 0; i < verdicts.size(); ++i) verdicts[i] = judge(space, UseId(i), district, levers, rules);
    return verdicts;
}

Verdict permitted(const Space& space, UseId use, const District& district, const Levers& levers) {
    return judge(space, use, district, levers, applicable(space, district, levers));
}

Route route_of(const Space& space, const Levers& levers) {
    if (!levers.on(Clause::W1)) return Route::scattered;
    const bool large = space.area_m2 > levers.control.large_area_m2;
    const bool any = levers.governance.key_rule == "any";
    const bool key = any ? large || space.complex_ownership : large && space.complex_ownership;
    if (!key) return Route::scattered;
    return space.area_m2 > levers.governance.major_area_m2 ? Route::major : Route::key;
}

std::vector<std::string> clause_names() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Clause::count); ++i) names.emplace_back(clause_name(static_cast<Clause>(i)));
    return names;
}

std::vector<std::string> spaces_without_use(const District& district, const Levers& levers) {
    std::vector<std::string> codes;
    for (const Space& space : district.spaces) {
        const auto verdicts = permitted(space, district, levers);
        if (std::none_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return verdict.allowed(); }))
            codes.push_back(space.code);
    }
    return codes;
}

}  // namespace hutong
