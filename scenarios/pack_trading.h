/// A pack that stands on another one and says which spaces, vacated before the start there, still trade when the run starts:
/// district.toml with `extends` (the name of a folder beside it) and a list of `[[trading]]`. For experiments on a start that
/// the data do not describe; every entry says that it is an assumption.
#pragma once

#include <filesystem>
#include <vector>

#include "core/error.h"
#include "scenarios/district.h"

namespace hutong {

/// The folder that the pack stands on; empty when it stands on none.
std::filesystem::path pack_below(const std::filesystem::path& pack);

/// Applies the entries of [[trading]] to `district`, which is that of the pack below; adds what is wrong to `problems`.
void let_spaces_trade(const std::filesystem::path& pack, District& district, std::vector<Error>& problems);

}  // namespace hutong
