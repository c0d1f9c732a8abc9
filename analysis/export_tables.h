/// Tables of a results file as exports write them: the same rows for CSV, GeoJSON, Shapefile, GeoPackage and PostGIS.
/// docs/monitoring-database.md describes the schema.
#pragma once

#include <string>
#include <vector>

#include "analysis/report_companions.h"
#include "analysis/report_data.h"
#include "core/layers_write.h"
#include "core/text.h"

namespace hutong {

struct ExportTable {
    std::string name;
    std::optional<LayerShape> shape;
    std::vector<LayerField> fields;
    std::vector<LayerRow> rows;
    /// Columns that name a row; a database refuses a second one with the same.
    std::vector<std::string> key;
};

/// Results and the language of the columns' labels.
struct ExportSource {
    const ReportData& data;
    const Text& text;
    const ComparisonFile* comparison = nullptr;  ///< with these results as its base, or none
};

/// Replicate number under which means over several replicates are kept.
inline constexpr std::int64_t mean_of_replicates = -1;

ExportTable block_table(const ExportSource& from);         ///< geometry once
ExportTable block_month_layout(const ExportSource& from);  ///< fields only
std::vector<LayerRow> block_month_rows(const ExportSource& from, std::size_t month);
ExportTable block_last_table(const ExportSource& from, bool short_names);  ///< blocks with their last month (GeoJSON, Shapefile)
ExportTable block_year_interval_table(const ExportSource& from);
/// Differences of the comparison at the ends of years, one row a block and indicator; no rows without a comparison.
ExportTable block_year_difference_table(const ExportSource& from);
/// Blocks with the differences of the last month, one row a block and alternative; no rows without a comparison.
ExportTable block_difference_table(const ExportSource& from);
ExportTable subdistrict_month_table(const ExportSource& from);
ExportTable subdistrict_year_interval_table(const ExportSource& from);
ExportTable district_month_table(const ExportSource& from);
ExportTable district_year_interval_table(const ExportSource& from);
ExportTable space_table(const ExportSource& from);
ExportTable event_table(const ExportSource& from);
ExportTable project_table(const ExportSource& from);
ExportTable indicator_table(const ExportSource& from);
ExportTable scenario_table(const ExportSource& from);

/// One of the tables by name for CSV; throws Error(usage) with the names.
ExportTable table_named(const ExportSource& from, const std::string& name);
/// The names that `table_named` takes.
std::string table_names();

/// UTF-8 with a byte-order mark; texts that a spreadsheet would take for a formula get an apostrophe in front. The head
/// holds the names of the columns, or their labels.
std::string csv_with_mark(const ExportTable& table, bool labels);

}  // namespace hutong
