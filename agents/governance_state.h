/// Mutable state of the bodies of M1-M4: queues, capacity used, records, and the year's money.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace hutong {

/// Which dwellings stand at which node: permanent facts, shared by all copies of a World until one adds dwellings.
struct DwellingsByNode {
    std::vector<std::uint32_t> first;  ///< [node + 1] into rows
    std::vector<std::uint32_t> rows;   ///< rows of DwellingTable, ascending at each node
};

struct GovernanceState {
    std::vector<std::uint32_t> queue_length;      ///< [agency] cases waiting at the end of the month
    std::vector<std::uint32_t> handled;           ///< [agency] cases handled since the start
    std::vector<std::uint32_t> sent_back;         ///< [agency]
    std::vector<std::uint32_t> months_waited;     ///< [agency] summed waiting time of handled cases
    std::int64_t capital_left_yuan = 0;           ///< of this year's district capital budget (P3)
    std::int64_t capital_spent_yuan = 0;          ///< since the start
    std::int64_t capital_year_yuan = 0;           ///< spent this year
    std::int64_t buy_back_left_yuan = 0;          ///< of this year's budget for taking space back (P2)
    std::int64_t buy_back_spent_yuan = 0;         ///< since the start
    std::int64_t surrender_granted_yuan = 0;      ///< for surrendered leases, granted this year so far (C3.4)
    std::int64_t surrender_left_yuan = 0;         ///< of it
    std::int64_t surrender_spent_yuan = 0;        ///< since the start
    std::int64_t courtyards_complete = 0;         ///< whole courtyards freed by surrender, since the start
    std::int64_t operating_committed_yuan = 0;    ///< a year, for public facilities open or agreed (P3)
    std::int64_t operating_spent_yuan = 0;        ///< since the start
    std::int64_t headroom_committed_persons = 0;  ///< assessed population effect of approved plans not yet open (C4.1)
    std::int64_t committed_milli_persons = 0;     ///< the same in thousandths
    std::int64_t start_persons = 0;               ///< residents at the start: where the red-line path begins
    std::int64_t tie_pool_dm2 = 0;                ///< C1: floor area taken down and not yet tied to an addition
    std::int64_t reduced_dm2 = 0;                 ///< C1: floor area taken down since the start
    std::int64_t added_dm2 = 0;                   ///< C1: floor area added since the start
    std::uint32_t votes_held = 0;                 ///< C3.5, since the start
    std::uint32_t votes_rejected = 0;

    std::shared_ptr<const DwellingsByNode> dwellings_by_node;  ///< derived, no part of the state; kept by govern()

    template <class F>
    void columns(F&& f) {
        f(queue_length);
        f(handled);
        f(sent_back);
        f(months_waited);
        std::vector<std::int64_t> sums{capital_left_yuan,
                                       capital_spent_yuan,
                                       capital_year_yuan,
                                       buy_back_left_yuan,
                                       buy_back_spent_yuan,
                                       operating_committed_yuan,
                                       operating_spent_yuan,
                                       headroom_committed_persons,
                                       committed_milli_persons,
                                       start_persons,
                                       tie_pool_dm2,
                                       reduced_dm2,
                                       added_dm2,
                                       surrender_granted_yuan,
                                       surrender_left_yuan,
                                       surrender_spent_yuan,
                                       courtyards_complete,
                                       votes_held,
                                       votes_rejected};
        f(sums);
        std::size_t i = 0;  // a reader may have filled the column: take the numbers back
        for (std::int64_t* field : {&capital_left_yuan, &capital_spent_yuan, &capital_year_yuan, &buy_back_left_yuan, &buy_back_spent_yuan,
                                    &operating_committed_yuan, &operating_spent_yuan, &headroom_committed_persons, &committed_milli_persons,
                                    &start_persons, &tie_pool_dm2, &reduced_dm2, &added_dm2, &surrender_granted_yuan, &surrender_left_yuan,
                                    &surrender_spent_yuan, &courtyards_complete}) {
            *field = sums[i++];
        }
        votes_held = static_cast<std::uint32_t>(sums[i++]);
        votes_rejected = static_cast<std::uint32_t>(sums[i]);
    }
};

}  // namespace hutong
