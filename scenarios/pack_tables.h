/// What the tables of a pack are: one list for district.toml of the bundled pack, for the template and for the docs.
#pragma once

#include <string_view>
#include <vector>

namespace hutong {

struct PackColumn {
    std::string_view name, unit, what;
    std::string_view status;  ///< of the bundled pack: sourced, derived, synthetic, assumption, or "row" (a column of the table says it)
    std::string_view confidence;  ///< high, medium, low
};

struct PackTable {
    std::string_view file, what;
    std::string_view year, source;  ///< of the bundled pack
    std::vector<PackColumn> columns;
};

/// Every table that district_pack reads, but for the catalogue (sectors, services, uses, rules), which says status and
/// source row by row; columns in the order of the files.
const std::vector<PackTable>& pack_tables();

}  // namespace hutong
