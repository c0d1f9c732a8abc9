/// What a results file carries beside its figures so that reports and exports need nothing else: where places are, what
/// direction a use counts to, the sources of the district's tables, and the staff of every publicly funded project.
#pragma once

#include <vector>

#include "core/hdf5_file.h"
#include "sim/results.h"

namespace hutong {

void write_background(Hdf5Writer& file, const Model& model, const ReplicateSource& replicates);

}  // namespace hutong
