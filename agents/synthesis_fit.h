/// From pool and controls to the households of every sub-district: weights by iterative proportional updating over
/// distinct signatures, then whole households.
#pragma once

#include "agents/synthesis_controls.h"
#include "agents/synthesis_integerise.h"
#include "agents/synthesis_ipu.h"

namespace hutong {

/// Candidates that count alike in every control share one row.
struct SignatureRows {
    ControlMatrix matrix;
    std::vector<std::uint32_t> first_member{0};  ///< by row, into `member`
    std::vector<std::uint32_t> member;           ///< candidates by row, by number inside a row
    std::vector<std::uint64_t> signature;        ///< by row, hash of its counts: permanent, content only

    std::size_t rows() const { return signature.size(); }
    std::uint32_t members(std::size_t row) const { return first_member[row + 1] - first_member[row]; }
};

SignatureRows group_by_signature(const Pool& pool, const std::vector<FitControl>& controls, const Parallel& parallel);

/// One synthetic household: a copy of a candidate.
struct ChosenHousehold {
    std::uint32_t candidate = 0;  ///< position in the pool
    std::uint32_t copy = 0;
};

/// How the weighting of a sub-district went.
struct FitSummary {
    int iterations = 0;
    IpuEnd end = IpuEnd::converged;
    double worst_gap = 0;                                          ///< of the weights, before rounding
    double least_weight = 0, mean_weight = 0, largest_weight = 0;  ///< per candidate, of those with weight
    double effective_sample = 0;                                   ///< (sum w)^2 / sum w^2
    std::uint32_t candidates_used = 0;
    std::uint32_t rounding_changes = 0;
    double worst_residual = 0;  ///< persons or households, after rounding
    std::vector<std::string> without_candidates;
};

struct FittedHouseholds {
    std::vector<std::vector<ChosenHousehold>> by_subdistrict;
    std::vector<FitSummary> summary;
    FitSummary district;  ///< the common start of all sub-districts
};

FittedHouseholds fit_households(const Pool& pool, const ControlPlan& plan, const District& district,
                                const SynthesisAssumptions& assumptions, const Luck& luck, const Parallel& parallel);

}  // namespace hutong
