/// Resolving proposals: each good (dwelling, post, premises) takes the applicant with the smallest
/// hash(good, applicant, month), in bounded rounds: the losers propose again. The outcome depends on permanent keys
/// only, never on rows, order of arrival or threads.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
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

/// Deferred acceptance: each good keeps the best applicant so far, whoever comes in whatever order (Gale and Shapley 1962).
/// A table of open addressing over the goods applied for; only its answers matter, never its layout.
class Tenders {
public:
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

    /// For at most `applicants` of them.
    explicit Tenders(std::size_t applicants) : kept_(std::bit_ceil(2 * applicants + 2), {0, 0, nobody, nobody}) {}

    bool would_accept(std::uint32_t good, std::uint64_t rank, std::uint64_t applicant) const {
        const Proposal& kept = kept_[place_of(good)];
        return kept.good == nobody || before({rank, applicant, good, nobody}, kept);
    }
    /// Who goes without: the applicant or the one it replaces; nobody where the good was free.
    std::uint32_t apply(const Proposal& proposal) {
        Proposal& kept = kept_[place_of(proposal.good)];
        if (kept.good == nobody) {
            kept = proposal;
            return nobody;
        }
        if (!before(proposal, kept)) return proposal.who;
        const std::uint32_t replaced = kept.who;
        kept = proposal;
        return replaced;
    }

private:
    static bool before(const Proposal& a, const Proposal& b) { return a.rank != b.rank ? a.rank < b.rank : a.applicant < b.applicant; }
    std::size_t place_of(std::uint32_t good) const {
        std::size_t at = mix64(good) & (kept_.size() - 1);
        while (kept_[at].good != nobody && kept_[at].good != good) at = (at + 1) & (kept_.size() - 1);
        return at;
    }

    std::vector<Proposal> kept_;
};

}  // namespace hutong
