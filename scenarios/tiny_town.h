/// A town drawn in ASCII, for tests, goldens and benchmarks: small enough to work out by hand, complete enough for
/// every step of the month.
///
///     District town = draw_town(tiny_town_drawing, read_catalogue(folder, nullptr));
///
/// Every second character of every second line is a node, '-' and '|' between two nodes are streets of 100 m:
///
///     H apartments   C courtyard homes   D dormitory   S shops   F offices   G government   M wholesale market (a
///     space that is vacated)   B basement homes (a space)   Q courtyard (a space of public housing)   X corner land (a
///     space)   U a school that moved out (a space)   K kindergarten   P primary school   E elderly station   T park
///     + nothing
///
/// Four blocks: upper left historic, upper right living, lower left government, lower right business; the left half is
/// one sub-district, the right half another.
#pragma once

#include <string_view>

#include "scenarios/district.h"

namespace hutong {

inline constexpr std::string_view tiny_town_drawing =
    "C-C-Q-H-K-H-H-X\n"
    "| | | | | | | |\n"
    "C-S-C-E-H-S-H-H\n"
    "| |   | |   | |\n"
    "Q-C-T-H-P-H-B-H\n"
    "| | | | | | | |\n"
    "G-G-S-U-F-M-F-S\n"
    "| | | | | | | |\n"
    "G-H-H-D-F-F-M-H\n"
    "|   | | | |   |\n"
    "H-B-H-S-H-F-X-H";

/// Throws Error(bad_district) for a character it does not know.
District draw_town(std::string_view drawing, Catalogue catalogue);

}  // namespace hutong
