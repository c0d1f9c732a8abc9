/// Primary school places: each September the children who enter are given places of their catchment (学区, schematic:
/// the sub-district) by priority: registered here and living in an owned home, registered here, others; distance to
/// the nearest school ranks inside a class. Who gets none goes to school elsewhere, the household looks for another
/// home more often until it moves or a year has passed, and families avoid catchments that refuse many.
#pragma once

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

void allot_school_places(const Model& model, World& world);

}  // namespace hutong
