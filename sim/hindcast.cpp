#include "sim/hindcast.h"

#include <array>
#include <cstdlib>

namespace hutong {

Hindcast hold_against_history(std::span<const HindcastSpace> spaces, const std::vector<std::uint8_t>& direction, Month last) {
    Hindcast result;
    std::array<int, 256> chosen_uses{};
    int chosen = 0;
    for (const HindcastSpace& space : spaces) {
        if (space.chosen == no_use) continue;
        ++chosen_uses[space.chosen];
        ++chosen;
    }
    constexpr int year = 12;
    for (const HindcastSpace& space : spaces) {
        if (space.known == no_use || !space.empty || space.fixed) continue;
        ++result.known;
        if (space.chosen != no_use) {
            ++result.chosen;
            result.same_use += space.chosen == space.known ? 1 : 0;
            result.same_direction += direction.at(space.chosen) == direction.at(space.known) ? 1 : 0;
            result.by_chance += static_cast<double>(chosen_uses[space.known]) / chosen;
        }
        if (space.known_opening.index == 0 || space.known_opening > last) continue;
        ++result.dated;
        if (space.opened.index == 0) continue;
        ++result.opened;
        const int late = space.opened - space.known_opening;
        result.within_a_year += std::abs(late) <= year ? 1 : 0;
        result.mean_months += late;
        result.mean_absolute_months += std::abs(late);
    }
    if (result.opened > 0) {
        result.mean_months /= result.opened;
        result.mean_absolute_months /= result.opened;
    }
    return result;
}

Hindcast hold_against_history(const District& district, const SpacesState& spaces, Month last) {
    std::vector<HindcastSpace> rows;
    for (std::size_t s = 0; s < spaces.rows(); ++s) {
        const Space& space = district.spaces[s];
        HindcastSpace row;
        if (space.known_use) row.known = static_cast<std::uint8_t>(space.known_use.value);
        if (spaces.stage[s] >= SpaceStage::proposal) row.chosen = spaces.use[s];
        row.empty = spaces.stage[s] != SpaceStage::occupied;
        row.fixed = spaces.fixed[s] != 0;
        row.known_opening = space.known_opening;
        row.opened = Month{spaces.opened[s]};
        rows.push_back(row);
    }
    std::vector<std::uint8_t> direction;
    for (const Use& use : district.catalogue.uses) direction.push_back(static_cast<std::uint8_t>(use.direction));
    return hold_against_history(rows, direction, last);
}

}  // namespace hutong
