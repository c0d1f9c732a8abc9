/// `hutong district`: check a pack, make the bundled one from facts, or write an empty one to fill in.
#pragma once

#include <filesystem>

#include "core/text.h"

namespace hutong {

/// Prints every problem of the pack to stdout and a closing line; returns the exit code.
int check_pack(const std::filesystem::path& pack, const Text& text);

}  // namespace hutong
