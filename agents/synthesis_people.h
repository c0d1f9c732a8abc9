/// What synthetic residents do at the start: school, work, unemployment, retirement, skill; and their households'
/// income and cars. Totals are met exactly by ranking keyed scores, never by drawing until they fit.
#pragma once

#include "agents/synthesis_controls.h"
#include "agents/world.h"
#include "core/parallel.h"

namespace hutong {

/// Sets activity, skill and months_unemployed of everybody, income and cars of every household. Employed residents are
/// all marked employed_outside or employed_here; those employed_here have no post yet (agents/initial_jobs).
void set_start_state(const District& district, const ControlPlan& plan, Month start, const SynthesisAssumptions& assumptions,
                     const Luck& luck, const Parallel& parallel, World& world);

}  // namespace hutong
