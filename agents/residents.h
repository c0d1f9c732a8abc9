/// Step 6: ageing, birth, death, schooling, retirement, leaving home, couples, separation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// Monthly event thresholds by age in months (tables of core/draw thresholds), computed once a step.
struct LifeHazards {
    static constexpr int ages = 130 * 12;
    std::vector<std::uint32_t> death[2];  ///< [sex][age in months]
    std::vector<std::uint32_t> birth;     ///< women, [age in months]
    std::uint32_t max_death = 0, max_birth = 0;
    /// Of one word: below `couple` a single finds a partner, in the `leave_home` values from there on a grown child leaves;
    /// below `separation` a partner goes.
    std::uint32_t leave_home = 0, couple = 0, separation = 0;
    std::uint32_t bound_home() const { return std::max(couple + leave_home, separation); }
};

/// Rates of facts/vital_rates.csv (through the pack) and the assumptions as monthly thresholds.
LifeHazards life_hazards(const Model& model);

/// Age in months, at least 0 and below LifeHazards::ages.
inline int age_months(const PersonTable& people, std::uint32_t row, Month now) {
    const int age = now.index - people.birth_month[row];
    return age < 0 ? 0 : (age >= LifeHazards::ages ? LifeHazards::ages - 1 : age);
}

/// Skill that education gives (assumption of the model: university high, senior and college middle, else low).
Skill skill_of(Education education);

/// True when the household has a head and a partner.
bool has_partner(const World& world, std::uint32_t household);

}  // namespace hutong
