/// The part of the results file about the policy: how every use stands in every space and by which clause, what the
/// district paid, the names of the bodies by month and their scores, what history knows of a space.
///
///     /standing, /standing_clause, /assessed   [space, use]
///     /agency_names                            official names of the bodies, each from a month on
///     /agencies/score and the counts behind it [replicate, agency]; not there while O3 is off
#pragma once

#include <vector>

#include "sim/results.h"

namespace hutong {

void write_policy_record(Hdf5Writer& file, const Model& model, const ReplicateSource& replicates);

}  // namespace hutong
