/// Which of the levers two scenarios differ by made the difference: each switched alone, and its Shapley value (the mean
/// of what it adds, over all orders in which the levers can be switched; Shapley 1953). The values add up to the whole.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace hutong {

/// Exact up to this many levers (2^6 = 64 combinations), sampled orders above.
inline constexpr std::size_t most_exact_levers = 6;
/// An order of levers and its reverse are one sample, and a standard error needs two samples.
inline constexpr std::size_t least_sampled_orders = 4;

/// Names of what can be switched: "policy.allocation.mode" (with all its changes over time), "policy.off",
/// "assumption.people.x", "decision S012", "history", "neutral".
std::vector<std::string> changed_levers(const Scenario& base, const Scenario& alternative);

/// The base with those of the changed levers taken from the alternative where `on` is true.
Scenario with_levers(const Scenario& base, const Scenario& alternative, const std::vector<std::string>& levers,
                     const std::vector<bool>& on);

/// Combinations of levers whose outcome is needed, each once; the first is none of them, the second all.
struct Coalitions {
    std::size_t levers = 0;
    std::vector<std::vector<bool>> sets;
    std::vector<std::vector<std::size_t>> orders;  ///< sampled orders; empty when exact
    std::size_t index(const std::vector<bool>& set) const;
};
/// `sampled_orders`, for more than most_exact_levers: even, at least least_sampled_orders.
Coalitions coalitions_of(std::size_t levers, std::size_t sampled_orders, std::uint64_t seed);

struct Share {
    double alone = 0;  ///< this lever switched, all others as in the base
    double shapley = 0;
    double sampling_error = 0;  ///< standard error from the sampled orders; 0 when exact
};
/// Shares of all levers from the outcome of every combination, [combination].
std::vector<Share> shares(const Coalitions& coalitions, const std::vector<double>& outcome);

}  // namespace hutong
