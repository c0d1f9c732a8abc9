/// The policy's clauses that own levers, in one line each, as the levers' groups show them.
#pragma once

#include <string_view>

namespace hutong {

/// Catalogue id of the title of a clause ("C4.2"); empty for a clause without one.
std::string_view clause_title(std::string_view clause);

}  // namespace hutong
