/// The floor of a month: the least that any engine of this design must do for this many people, in the fastest form
/// known to us, with the engine's own draws, key scheme, tables, flags and threads (issue: "Speed and memory"):
///
///     chance     keyed draws against hazard thresholds, every resident and every in-commuter, every month
///     sums       residents by block and age group (done in the same pass over the residents)
///     events     as many updates of random rows as the engine has events
///     choice     one exponential race over 30 alternatives for each home search and each job search
///
/// It decides nothing and is no model: its only use is to be compared with the engine on the same machine.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/world.h"
#include "core/draw.h"
#include "core/parallel.h"

namespace hutong::bench {

/// Work of one month, as counted in a run of the engine.
struct Load {
    std::size_t people = 1'240'000;
    std::size_t in_commuters = 780'000;
    std::size_t events = 40'000;         ///< births, deaths, moves, hires, separations ... per month
    std::size_t home_searches = 15'000;  ///< per month
    std::size_t job_searches = 40'000;   ///< per month
    std::size_t blocks = 101;
};

struct FloorSeconds {
    double chance_and_sums = 0, in_commuters = 0, events = 0, choice = 0;
    double total() const { return chance_and_sums + in_commuters + events + choice; }
};

inline constexpr int age_classes = 111;  ///< single years, 110 and over together
inline constexpr std::size_t alternatives = 30;

/// Tables with the engine's columns and a plausible spread of values.
class Floor {
public:
    Floor(const Load& load, int threads);

    /// One month; adds to `seconds`.
    void month(Month month, FloorSeconds& seconds);
    /// What must be read at least once a month: the columns that the hazards need.
    std::size_t bytes_read_per_month() const;
    std::uint64_t checksum() const { return checksum_; }  ///< keeps the compiler from dropping the work
    int threads() const { return parallel_.threads(); }

private:
    void pass_over_people(Month month);
    void pass_over_in_commuters(Month month);
    void update_random_rows(Month month);
    void choose(Month month, Purpose purpose, std::size_t searches);

    Load load_;
    Parallel parallel_;
    Luck luck_{1, 0};
    PersonTable people_;
    InCommuterTable in_commuters_;
    std::vector<std::uint8_t> block_of_node_;
    std::vector<std::uint8_t> class_of_age_months_;   ///< age class by age in months
    std::vector<Word4> thresholds_;                   ///< [sex * age_classes + age class]
    std::vector<std::uint32_t> commuter_thresholds_;  ///< by skill
    std::vector<float> inverse_weights_;              ///< [segment * alternatives + alternative]
    std::vector<std::uint64_t> alternative_lucks_;
    std::uint64_t checksum_ = 0;
};

/// Bytes a second of the triad a = b + s * c (McCalpin's STREAM) over arrays far larger than the caches.
double triad_bytes_per_second(int threads);

}  // namespace hutong::bench
