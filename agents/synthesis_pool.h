/// The pool of candidate households, made from documented demographic rules because there is no microdata
/// (docs/synthesis.md). A candidate is drawn from its number alone, so the pool's order never matters.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agents/world.h"
#include "core/draw.h"
#include "core/parallel.h"
#include "scenarios/assumptions_synthesis.h"
#include "scenarios/marginals.h"

namespace hutong {

/// Kinds of candidate households.
enum class HouseholdKind : std::uint8_t {
    alone,
    couple,
    couple_child,
    lone_parent,
    three_generations,
    skipped_generation,
    sharers,
    large,
    collective,
    count
};
inline constexpr std::size_t household_kinds = static_cast<std::size_t>(HouseholdKind::count);

struct CandidatePerson {
    std::int16_t age_months = 0;
    Sex sex = Sex::female;
    Registration registration = Registration::here;
    Education education = Education::none;
    Role role = Role::head;

    int age() const { return age_months / 12; }
    bool operator==(const CandidatePerson&) const = default;
};

struct Candidate {
    std::uint32_t number = 0;  ///< permanent: the candidate's origin
    std::uint32_t first_person = 0;
    std::uint8_t size = 0;
    HouseholdKind kind = HouseholdKind::alone;
    DwellingType type = DwellingType::apartment;
    Tenure tenure = Tenure::owned;
};

struct Pool {
    std::vector<Candidate> households;  ///< by number, all distinct in content
    std::vector<CandidatePerson> persons;

    std::span<const CandidatePerson> members(const Candidate& candidate) const {
        return {persons.data() + candidate.first_person, candidate.size};
    }
};

/// Share of the district's lettable stock by dwelling type and tenure: homes the pool's households live in.
using HomeShares = std::vector<double>;  ///< [type * tenures + tenure]

struct PoolRules {
    const SynthesisAssumptions& assumptions;
    const Marginals& marginals;
    HomeShares homes;
    Month start;
};

/// Births per woman by single year of age, 0 to 49: the district's own schedule where the pack has it.
std::vector<double> fertility_by_age(const Marginals& marginals);

/// Draws `count` distinct candidates (fewer only when the rules cannot make as many).
Pool make_pool(const PoolRules& rules, const Luck& luck, const Parallel& parallel, std::size_t count);

/// Hash of what a candidate is, without its number.
std::uint64_t content_hash(const Pool& pool, const Candidate& candidate);

}  // namespace hutong
