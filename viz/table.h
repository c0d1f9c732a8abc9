/// What is shown, as a table: for the clipboard and for CSV files.
#pragma once

#include <string>
#include <vector>

#include "viz/view_model.h"

namespace hutong {

using Table = std::vector<std::vector<std::string>>;  ///< rows of cells, the first the header

/// The values on the map by area, in the Table tab's columns; the charts by month when the charts are shown.
Table shown_table(const ViewModel& view);

/// CSV (RFC 4180, UTF-8); a cell that a spreadsheet would take for a formula is kept as text.
std::string table_csv(const Table& table);
/// Cells between tabs, for pasting into a spreadsheet.
std::string table_tabs(const Table& table);

/// A name as part of a file name: letters, digits, '-', '_' and '.' as they are, other ASCII characters as '_'.
std::string file_name(std::string_view name);

}  // namespace hutong
