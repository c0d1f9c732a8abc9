/// A scenario: TOML with `extends`, `[run]`, `[policy.*]`, `[[change]]`, `[[decision]]`, `[assumption.*]`.
/// A lever of `[policy.*]` may carry its month: `enforcement = { value = 2, from = "2020-01" }`. Unknown keys are errors
/// with the nearest known key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "scenarios/assumptions.h"
#include "scenarios/district.h"
#include "scenarios/policy.h"

namespace hutong {

/// A use (or a date) of one space fixed by the user. The use passes through the workflow like any other, from
/// `from` on (or as soon as the space is empty), but nobody chooses another one; at `until` it ends.
struct Decision {
    std::string space;                  ///< code
    std::string use = {};               ///< code; empty: only the date is moved
    std::optional<Month> vacated = {};  ///< moved vacating month
    std::optional<Month> from = {}, until = {};
    std::optional<Month> decided = {};  ///< nobody knows of it before this month; from the start when not given
    bool experiment = false;            ///< unlawful on purpose: marks every output
    Place place = {};                   ///< where in the file it stands
};

struct RunSettings {
    Month start = Month::of(2017, 7);
    int months = 222;
    int replicates = 1;
    std::uint64_t seed = 1;
    double scale = 1.0;                          ///< fraction of the people simulated
    std::filesystem::path district = "xicheng";  ///< pack folder; written relative to the scenario file, resolved by read_scenario
};

struct Scenario {
    std::string name;  ///< file stem
    std::string title_zh, title_en, purpose_zh, purpose_en;
    RunSettings run;
    Policy policy;
    Assumptions assumptions;
    std::vector<Decision> decisions;
    bool use_history = true;           ///< history.toml fixes what is known; false in hindcast
    bool experiment = false;           ///< some clause is off or some decision unlawful: marks every output
    std::vector<std::string> neutral;  ///< behaviours switched off
    std::string text;                  ///< canonical text after inheritance, what /meta stores
    std::uint64_t hash = 0;            ///< of `text`
};

/// Reads a scenario with its ancestors and applies `--set` entries ("policy.employment.subsidy_per_local_hire_yuan=0",
/// "assumption.people.fertility_factor=1.1", "run.months=24"). Throws Error(bad_scenario | missing_file).
Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& set = {});

/// Holds every decision against the district: unknown space or use (with the nearest code), a date before the space
/// is vacated, an unlawful use (with the excluding clause) unless the decision says `experiment = true`. Returns all
/// problems; none when the scenario may run.
std::vector<Error> check_scenario(const Scenario& scenario, const District& district);

/// The canonical text of a scenario as it will run: every value, in order of declaration.
std::string canonical_text(const Scenario& scenario);

}  // namespace hutong
