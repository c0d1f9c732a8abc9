/// Changes to a scenario that is open: a lever from a month on, an assumption, a decision; and its text as a file that
/// `hutong run` reproduces. The scenario given stays as it is.
#pragma once

#include "scenarios/scenario.h"

namespace hutong {

/// From `month` on the lever ("control.enforcement") has this value. Throws Error(bad_scenario).
Scenario with_lever(const Scenario& scenario, Month month, std::string_view lever, const ParameterValue& value);
/// The assumption ("people.fertility_factor") has this value, from the start. Throws Error(bad_scenario).
Scenario with_assumption(const Scenario& scenario, std::string_view assumption, const ParameterValue& value);
/// With one more decision, which must be lawful in this district. Decisions on the same space from an earlier month on end where this
/// one begins. Throws Error(bad_scenario) with the excluding clause.
Scenario with_decision(const Scenario& scenario, const Decision& decision, const District& district);

/// Writes the scenario as TOML: what differs from `base_file`, which it extends, or everything when that does not give
/// the same scenario. Reads it back and throws Error(internal) unless it is the same scenario (equal canonical text).
/// `remark` stands as a comment in its first line, unless empty.
void save_scenario(const Scenario& scenario, const std::filesystem::path& base_file, const std::filesystem::path& out,
                   const std::string& remark = {});

}  // namespace hutong
