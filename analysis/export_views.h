/// The monitoring database's views: the three subjects that W4 has monitored, and blocks by month as a map.
#pragma once

#include <string>
#include <vector>

#include "analysis/export_tables.h"

namespace hutong {

/// How a database wants its views: GeoPackage and PostGIS differ in the names of tables and of the row number.
struct ViewDialect {
    std::string prefix;  ///< of tables and views
    std::string number;  ///< the row number in front of the columns, or empty
};

struct ExportView {
    std::string name;  ///< with the prefix
    std::string sql;   ///< CREATE VIEW ...
};

/// Population, space use, industry: columns of block_month with the names of blocks and scenario.
std::vector<ExportView> subject_views(const ExportTable& block_month, const ViewDialect& dialect);
/// Blocks with their shapes and every column of a month.
ExportView map_view(const ExportTable& block_month, const ViewDialect& dialect);

}  // namespace hutong
