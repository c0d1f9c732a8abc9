#include "sim/hindcast.h"

#include <array>
#include <cstdlib>

namespace hutong {

Hindcast hold_against_history(const District& district, const SpacesState& spaces, Month last) {
    Hindcast result;
    std::array<int, 256> chosen_uses{};
    int chosen = 0;
    const auto has_use = [&](std::size_t s) { return spaces.stage[s] >= SpaceStage::proposal && spaces.use[s] != no_use; };
    for (std::size_t s = 0; s < spaces.rows(); ++s) {
        if (!has_use(s)) continue;
        ++chosen_uses[spaces.use[s]];
        ++chosen;
    }
    constexpr int year = 12;
    for (std::size_t s = 0; s < spaces.rows(); ++s) {
        const Space& space = district.spaces[s];
        if (!space.known_use || spaces.stage[s] == SpaceStage::occupied) continue;
        ++result.known;
        if (has_use(s)) {
            ++result.chosen;
            result.same_use += spaces.use[s] == space.known_use.value ? 1 : 0;
            result.by_chance += static_cast<double>(chosen_uses[space.known_use.value]) / chosen;
        }
        if (space.known_opening.index == 0 || space.known_opening > last) continue;
        ++result.dated;
        if (spaces.opened[s] == 0) continue;
        ++result.opened;
        result.within_a_year += std::abs(spaces.opened[s] - space.known_opening.index) <= year ? 1 : 0;
    }
    return result;
}

}  // namespace hutong
