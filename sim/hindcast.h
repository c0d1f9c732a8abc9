/// How often the rules chose what is known to have been done with a space, in a run that leaves known history out
/// (`history = false`, scenarios/hindcast.toml). A prediction, never a fit.
#pragma once

#include "agents/spaces_state.h"
#include "core/calendar.h"
#include "scenarios/district.h"

namespace hutong {

struct Hindcast {
    int known = 0;          ///< spaces with a known use that stood empty by the last month
    int chosen = 0;         ///< of them: the rules have chosen a use
    int same_use = 0;       ///< of the chosen: the known one
    double by_chance = 0;   ///< same_use to be expected if each drew a use as often as the rules chose it anywhere
    int dated = 0;          ///< spaces whose month of opening is known too
    int opened = 0;         ///< of the dated: open by the last month
    int within_a_year = 0;  ///< of the opened: within twelve months of the known one
};

/// `last` is the last month simulated.
Hindcast hold_against_history(const District& district, const SpacesState& spaces, Month last);

}  // namespace hutong
