/// Mutable state of the bodies of M1-M4: queues, capacity used, records, and the year's money.
#pragma once

#include <cstdint>
#include <vector>

namespace hutong {

struct GovernanceState {
    std::vector<std::uint32_t> queue_length;     ///< [agency] cases waiting at the end of the month
    std::vector<std::uint32_t> handled;          ///< [agency] cases handled since the start
    std::vector<std::uint32_t> sent_back;        ///< [agency]
    std::vector<std::uint32_t> months_waited;    ///< [agency] summed waiting time of handled cases
    std::int64_t capital_left_yuan = 0;          ///< of this year's district capital budget (P3)
    std::int64_t capital_spent_yuan = 0;         ///< since the start
    std::int64_t operating_spent_yuan = 0;       ///< since the start
    std::int64_t headroom_committed_persons = 0; ///< assessed population effect of approved plans (C4.1)

    template <class F>
    void columns(F&& f) {
        f(queue_length); f(handled); f(sent_back); f(months_waited);
    }
};

}  // namespace hutong
