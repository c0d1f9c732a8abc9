/// Where every clause of the guideline lives in the program, and which table shows it: one list for docs/policy.md, for
/// `hutong explain` and for the test that runs over every clause (tests/sim/clauses_test.cpp).
#pragma once

#include <string_view>
#include <vector>

#include "scenarios/policy.h"

namespace hutong {

struct ClauseHome {
    Clause clause = Clause::none;
    std::string_view title;  ///< English, the catalogue id
    std::string_view code;   ///< files and data
    std::string_view holds;  ///< English: what holds while the clause is on, and not without it
    std::string_view table;  ///< table of the results file that differs with `policy.off`
};

/// One entry for every clause, in their order.
const std::vector<ClauseHome>& clause_homes();
/// Title of a clause, empty for Clause::none.
std::string_view clause_title(Clause clause);

}  // namespace hutong
