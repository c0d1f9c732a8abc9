/// A monitoring database in PostGIS that grows with every export. Schema and views: docs/monitoring-database.md.
#pragma once

#include <string>

#include "analysis/export_tables.h"

namespace hutong {

/// True for "PG:..." and for addresses of databases, which are refused with advice.
bool names_database(const std::string& target);

/// Adds the results to a PostGIS database in one transaction: all or nothing. Tables and columns that are missing are
/// made; a month of the same scenario and replicate that is there already is replaced. Returns the months written.
std::size_t write_postgis(const ExportSource& from, const std::string& connection);

}  // namespace hutong
