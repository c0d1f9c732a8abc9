/// Plain-text tables for the terminal, aligned also where characters take two columns (Chinese).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hutong {

/// Columns a UTF-8 text takes on a terminal: East Asian wide and fullwidth characters count two, combining marks none.
std::size_t display_width(std::string_view text);

/// The text with spaces before (right = true) or after it up to `width` columns.
std::string padded(std::string_view text, std::size_t width, bool right);

/// First row is the head; the first column is aligned left, the others right. Each line ends with a line break.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace hutong
