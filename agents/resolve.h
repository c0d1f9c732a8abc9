/// Resolving proposals: each good (dwelling, post, premises) takes the applicant with the smallest
/// hash(good, applicant, month) (deferred acceptance in bounded rounds: the losers propose again). The outcome
/// depends on permanent keys only, never on rows, order of arrival or threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/draw.h"

namespace hutong {

struct Proposal {
    std::uint64_t rank = 0;       ///< smallest wins; usually contest_rank()
    std::uint64_t applicant = 0;  ///< luck key, decides equal ranks
    std::uint32_t good = 0;       ///< row of what is competed for
    std::uint32_t who = 0;        ///< index of the applicant in the caller's list
};

inline std::uint64_t contest_rank(std::uint64_t good_luck, std::uint64_t applicant_luck, Month month) {
    return luck_key(good_luck, applicant_luck, static_cast<std::uint64_t>(month.index));
}

/// Sorts the proposals by good, then rank; the first of each good wins. Calls accept(proposal) for winners and
/// reject(proposal) for the others, in that order.
template <class Accept, class Reject>
void resolve(std::vector<Proposal>& proposals, const Accept& accept, const Reject& reject) {
    std::sort(proposals.begin(), proposals.end(), [](const Proposal& a, const Proposal& b) {
        if (a.good != b.good) return a.good < b.good;
        if (a.rank != b.rank) return a.rank < b.rank;
        return a.applicant < b.applicant;
    });
    for (std::size_t i = 0; i < proposals.size(); ++i) {
        if (i == 0 || proposals[i].good != proposals[i - 1].good) {
            accept(proposals[i]);
        } else {
            reject(proposals[i]);
        }
    }
}

}  // namespace hutong
