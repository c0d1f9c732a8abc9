/// How often the rules chose what is known to have been done with a space, in a run that leaves known history out
/// (`history = false`, scenarios/hindcast.toml). A prediction, never a fit.
#pragma once

#include <span>
#include <vector>

#include "agents/spaces_state.h"
#include "core/calendar.h"
#include "scenarios/district.h"

namespace hutong {

struct Hindcast {
    int known = 0;           ///< spaces with a known use that stood empty by the last month and were left to the rules
    int chosen = 0;          ///< of them: the rules have chosen a use
    int same_use = 0;        ///< of the chosen: the known one
    int same_direction = 0;  ///< of the chosen: one of the same direction (G4)
    double by_chance = 0;    ///< same_use to be expected if each drew a use as often as the rules chose it anywhere
    int dated = 0;           ///< of the known: spaces whose month of opening is known too, and within the run
    int opened = 0;          ///< of the dated: open by the last month
    int within_a_year = 0;   ///< of the opened: within twelve months of the known one
    double mean_months = 0;  ///< of the opened: simulated less known month
    double mean_absolute_months = 0;
};

/// What is compared of a space.
struct HindcastSpace {
    std::uint8_t known = no_use, chosen = no_use;  ///< uses; chosen: planned or open at the end
    bool empty = false;                            ///< vacated by the last month
    bool fixed = false;                            ///< by history or a decision: not left to the rules
    Month known_opening, opened;                   ///< index 0: not known, not open
};

/// `direction` [use]; `last` is the last month simulated.
Hindcast hold_against_history(std::span<const HindcastSpace> spaces, const std::vector<std::uint8_t>& direction, Month last);

/// The same of a run just simulated.
Hindcast hold_against_history(const District& district, const SpacesState& spaces, Month last);

}  // namespace hutong
