/// What a results file says about the spaces: every space, every stage of it, what the law let it become and who handled
/// it. Read from the file alone, checked before it is used; one replicate at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agents/spaces_state.h"
#include "core/calendar.h"
#include "scenarios/policy.h"
#include "sim/results.h"

namespace hutong {

struct SpaceRow {
    std::string code, name_zh, name_en, status;
    std::uint8_t category = 0, form = 0, owner = 0, heritage = 0;
    std::uint16_t block = 0;  ///< row of Results::blocks, or beyond for none
    double area_m2 = 0;
    std::uint8_t planned_use = no_use, known_use = no_use;
    Month planned_start, known_opening;
    // what became of it
    SpaceStage stage = SpaceStage::occupied;
    std::uint8_t use = no_use, route = 0, agency = 255, fixed = 0;
    Decider decider = Decider::decided;
    std::int64_t cost_yuan = 0, district_yuan = 0, public_dm2 = 0;
    Month vacated, opened;
};

struct UseRow {
    std::string code, name_zh, name_en, service;
    std::uint8_t direction = 0, operated_by = 0;
    double visitors_per_m2_day = 0;
};

struct AgencyRow {
    struct Name {
        std::string zh, en;
        Month from;
    };
    std::vector<Name> names;  ///< by month
    std::int32_t handled = 0, sent_back = 0, opened = 0, exceptions = 0, due = 0, due_in_use = 0;
    double mean_months = -1, score = -1;
    const Name& name_in(Month month) const;
};

/// Standing of a use in a space as /standing has it.
struct StandingRow {
    std::uint8_t standing = 0;  ///< Standing
    Clause clause = Clause::none;
    std::int32_t assessed_milli = 0;
};

class SpaceRecord {
public:
    /// Throws Error(bad_results | usage); `results` must be of the same file.
    SpaceRecord(const std::filesystem::path& path, const Results& results, std::size_t replicate);

    std::vector<SpaceRow> spaces;
    std::vector<UseRow> uses;
    std::vector<AgencyRow> agencies;
    std::vector<SpaceEvent> events;  ///< of this replicate, in order
    bool scored = false;             ///< the bodies were appraised (O3)
    std::size_t replicate() const { return replicate_; }

    /// Throws Error(usage) with the nearest code.
    std::size_t space(std::string_view code) const;
    std::vector<StandingRow> standings(std::size_t space) const;
    /// In how many replicates of the file the space has this use at the end.
    std::size_t replicates_with_use(std::size_t space, std::uint8_t use) const;

    struct CauseTotal {
        std::size_t month = 0;  ///< row of Results::months
        std::string cause;
        std::int64_t change = 0;
    };
    /// Booked changes of the population of a block.
    std::vector<CauseTotal> causes(std::size_t block) const;

private:
    void read_spaces(const Hdf5Reader& file, const Results& results);
    void read_outcome(const Hdf5Reader& file, std::size_t replicates);
    void read_kinds(const Hdf5Reader& file, std::size_t replicates);
    void read_events(const Hdf5Reader& file, std::size_t replicates);

    std::string path_;
    std::size_t replicate_ = 0, replicates_ = 1;
    std::vector<Clause> clauses_;  ///< by index of the file
    std::shared_ptr<Hdf5Reader> file_;
};

}  // namespace hutong
