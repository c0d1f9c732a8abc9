/// What is known to have been done with spaces up to the data date: `history.toml` of a pack. The baseline follows it;
/// `hindcast` drops it (`history = false`) and lets the rules choose.
#pragma once

#include <filesystem>
#include <vector>

#include "core/error.h"
#include "scenarios/district.h"

namespace hutong {

/// Writes known uses and openings into the district's spaces. A pack without the file has no known history. Every
/// problem (unknown space or use with the nearest code, an opening before the space is vacated or after the data
/// date) is appended to `problems`, or the first is thrown when that is null.
void read_history(const std::filesystem::path& file, District& district, std::vector<Error>* problems = nullptr);

}  // namespace hutong
