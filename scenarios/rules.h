/// Which uses a vacated space may be put to: the catalogue filtered by the rule rows and by the clauses that are
/// code (G1, C1, C4.2), every exclusion with its clause. Forces as policy.md grades them: only `never` excludes;
/// `in_principle` leaves an exception to the joint meeting; where a `main` rule speaks, another lawful use needs a
/// written reason and goes to the joint meeting.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/district.h"
#include "scenarios/policy.h"

namespace hutong {

/// How a use stands in a space, from best to worst.
enum class Standing : std::uint8_t {
    plain,        ///< permitted
    with_reason,  ///< departs from what the space is mainly for: joint meeting
    exception,    ///< in principle not: only by exception of the joint meeting
    excluded,
};

struct Verdict {
    Standing standing = Standing::plain;
    Clause clause = Clause::none;  ///< of the exclusion, exception or departure
    bool main = false;             ///< a main rule asks for it
    bool first = false;            ///< considered before others
    bool encouraged = false;       ///< counts in the score
    double ceiling_share = 1;      ///< limited: most it may have of the reused m2 of its block
    Clause favour = Clause::none;  ///< clause of the strongest rule in favour
    Clause ceiling_clause = Clause::none;
    bool allowed() const { return standing != Standing::excluded; }
};

/// Zones a block lies in: its own and those of the named areas over it; bit = ZoneType.
std::uint8_t zones_of(const District& district, BlockId block);

/// The verdict on every use of the catalogue, in its order.
std::vector<Verdict> permitted(const Space& space, const District& district, const Levers& levers);
/// The verdict on one use.
Verdict permitted(const Space& space, UseId use, const District& district, const Levers& levers);

/// Route of a project (W1-W3).
enum class Route : std::uint8_t { scattered, key, major };
Route route_of(const Space& space, const Levers& levers);

/// Clause names by index, as events and /permitted store them.
std::vector<std::string> clause_names();

/// Problems of the rule table with this district: spaces that no use is open to. Empty when there are none.
std::vector<std::string> spaces_without_use(const District& district, const Levers& levers);

}  // namespace hutong
