/// Step 7: who wants to move, where to, who leaves and who arrives.
///
/// Choice is nested (model.md, "Homes"): sub-district or outside -> block and class -> dwelling. The two upper levels
/// are exponential races over cached weights, keyed by household and sub-district or block; the dwelling is found by
/// keyed rejection in the permanent slot table of block and type. Each dwelling keeps the applicant with the smallest
/// hash(dwelling, household, month); losers try on, in bounded rounds.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/homes_market.h"

namespace hutong {

/// Somebody who looks for a home this month.
struct HomeSearch {
    enum class Kind : std::uint8_t { household, leaver, arrival, commuter };
    std::uint64_t luck = 0;      ///< of the household, leaver, candidate or in-commuter
    std::uint32_t row = no_row;  ///< household, person, candidate number or in-commuter row
    Kind kind = Kind::household;
    std::uint8_t segment = 0;   ///< home_segment()
    std::uint8_t set = 0;       ///< eligible_set()
    bool must_move = false;     ///< has lost its home: no feasible dwelling means leaving
    std::uint8_t origin = 255;  ///< sub-district of the present home, 255: from outside
    std::uint8_t persons = 1;
    bool leaves = false;            ///< goes without looking (campaign, displacement)
    std::uint8_t block = no_block;  ///< of the present home, where a household searches
};

/// Where the search ended.
struct HomeFound {
    enum class Result : std::uint8_t { none, outside, dwelling };
    Result result = Result::none;
    std::uint32_t dwelling = no_row;
};

/// Runs all searches against the month's choice sets; order of `searches` does not matter.
/// `evaluations` receives the number of alternatives evaluated.
std::vector<HomeFound> find_homes(const Model& model, const World& world, const HomeChoice& choice, const std::vector<HomeSearch>& searches,
                                  std::int64_t& evaluations);

/// Every household meets its hazards: those who look for another home or leave at once.
std::vector<HomeSearch> households_searching(const Model& model, const World& world);

int segment_of(const World& world, std::uint32_t household);
std::uint32_t head_of(const World& world, std::uint32_t household);

/// The whole household leaves the district, counted in its block.
void leave_district(const Model& model, World& world, std::uint32_t household);

/// One candidate household from outside; the stream is the same in every scenario.
struct ArrivalCandidate {
    std::uint64_t luck = 0;
    Word4 words{};  ///< 0 admission, 1 registration, 2 couple and child, 3 income
    Word4 more{};   ///< 0 age, 1 sex, 2 skill, 3 work
};
ArrivalCandidate arrival_candidate(const Model& model, Month month, std::uint32_t number);
/// Candidates admitted this month by rent and open posts, as searches.
std::vector<HomeSearch> admitted_arrivals(const Model& model, const World& world);
/// Settles an arrival in its dwelling; returns the number of persons.
std::uint32_t settle_arrival(const Model& model, World& world, const HomeSearch& search, std::uint32_t dwelling);
/// In-commuters who look for a home here this month.
std::vector<HomeSearch> commuters_searching(const Model& model, const World& world);
void settle_commuter(const Model& model, World& world, const HomeSearch& search, std::uint32_t dwelling);
/// Misuse: people who live in vacated indoor space without authorisation (M4), counted apart.
void start_unauthorised_dwelling(const Model& model, World& world);

}  // namespace hutong
