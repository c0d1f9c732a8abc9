/// The vacated spaces of one run as a reader sees them: what each is, what happened to it, and where it stands in any
/// month. Read from a results file, or made from a district and a World's events.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agents/spaces_state.h"
#include "core/calendar.h"
#include "scenarios/district.h"

namespace hutong {

struct SpaceInfo {
    std::string code, name_zh, name_en;
    SpaceCategory category = SpaceCategory::industrial;
    SpaceForm form = SpaceForm::floor_above;
    OwnerType owner = OwnerType::private_owner;
    HeritageGrade heritage = HeritageGrade::none;
    std::uint16_t block = 0;
    double area_m2 = 0;
    Month vacated;        ///< month it empties
    std::string status;   ///< of its row in the pack: "synthetic", ...
    Point at{};           ///< local metres, when `placed`
    bool placed = false;  ///< `at` is known (results files know the block only)
};

struct PlaceName {
    std::string zh, en;
};

/// A body's name from a month on (agencies.csv).
struct DatedName {
    std::uint8_t agency = 0;
    Month from;
    PlaceName name;
};

struct SpaceLog {
    std::vector<SpaceInfo> spaces;
    std::vector<PlaceName> uses, agencies;  ///< agencies by the names they bear at the start
    std::vector<DatedName> agency_names;    ///< names that change
    std::vector<std::string> use_codes;
    std::vector<std::uint8_t> use_direction;  ///< Direction; empty when not known
    std::vector<std::string> clauses;         ///< names by index
    std::vector<SpaceEvent> events;           ///< in order of time
    std::vector<std::uint8_t> permitted;      ///< [space * uses + use] excluding clause or 0; empty when not known

    /// The name a body bears in this month; null for none (255).
    const PlaceName* agency_in(std::uint8_t agency, Month month) const;
};

/// Where a space stands at the end of a month.
struct SpaceNow {
    SpaceStage stage = SpaceStage::occupied;
    std::uint8_t use = no_use;
    std::uint8_t agency = 255;  ///< body that holds it now, or 255
    std::uint16_t clause = 0;   ///< that gives the stage its place, or 0
    Month since;                ///< month in which the stage began
};

/// Reads spaces and the events of one replicate. Throws Error(bad_results).
SpaceLog read_space_log(const std::filesystem::path& results, std::size_t replicate = 0);
/// Spaces of a district, with no events yet.
SpaceLog space_log(const District& district);

/// Every space at the end of `month`, from the events up to then.
std::vector<SpaceNow> spaces_at(const SpaceLog& log, Month month);

/// Catalogue id of what a decision says ("approved", "sent back").
std::string_view decision_label(SpaceDecision decision);

}  // namespace hutong
