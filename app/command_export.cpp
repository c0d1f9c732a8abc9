// `hutong export RESULTS --to ...`: tables and layers for other programs.
#include <algorithm>

#include <CLI/CLI.hpp>

#include "analysis/export_database.h"
#include "analysis/export_layers.h"
#include "analysis/export_tables.h"
#include "analysis/report_content.h"
#include "analysis/report_workbook.h"
#include "app/commands.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

struct ExportRequest {
    fs::path results, comparison;
    std::string to, table;
    bool labels = false, force = false;
};

constexpr std::string_view kinds[] = {".csv", ".geojson", ".gpkg", ".shp", ".xlsx"};

void check_kind(const ExportRequest& request, const std::string& kind) {
    if (kind == ".parquet") {
        throw Error(ErrorKind::usage, msg("Parquet cannot be written"), msg("Debian's GDAL comes without it"), msg("choose .gpkg or .csv"));
    }
    if (std::find(std::begin(kinds), std::end(kinds), kind) == std::end(kinds)) {
        throw Error(ErrorKind::usage, msg("'{}' is no target of exports", request.to),
                    msg("the targets are: {}", "FILE.csv, FILE.geojson, FILE.gpkg, FILE.shp, FILE.xlsx, PG:..."),
                    msg("choose one with --to"));
    }
}

/// The table asked for; the formats that hold all tables take none.
std::string table_of(const ExportRequest& request, const std::string& kind) {
    const bool one = kind == ".csv" || kind == ".geojson" || kind == ".shp";
    if (!one && !request.table.empty()) {
        throw Error(ErrorKind::usage, msg("'--table' does not go with '{}'", request.to), msg("this target holds all tables"),
                    msg("leave --table out"));
    }
    if (!request.table.empty()) return request.table;
    return kind == ".csv" ? "district_month" : "blocks";
}

/// The workbook of the report: one sheet a table, with native charts.
std::string workbook(const fs::path& results, const Text& text) {
    std::vector<ReportData> files;
    files.emplace_back(results);
    const ReportInput input = arrange(files);  // refuses what is no plain results file
    return write_workbook(compose_report(input, text, report_date()), input, text);
}

void check_target(const ExportRequest& request, const std::string& kind) {
    for (const fs::path& part : kind == ".shp" ? shapefile_parts(request.to) : std::vector<fs::path>{request.to}) {
        check_writable(part);
        std::error_code none;
        if (request.force || !fs::exists(part, none)) continue;
        throw Error(ErrorKind::cannot_write, msg("'{}' is not written", part.string()), msg("a file stands there"),
                    msg("choose another target, or add --force"));
    }
}

/// Differences go into tables and layers; the workbook with them is the report's.
void check_comparison(const ExportRequest& request, bool possible) {
    if (request.comparison.empty() || possible) return;
    throw Error(ErrorKind::usage, msg("'--comparison' does not go with '{}'", request.to), msg("it is for .csv, .geojson and .gpkg"),
                msg("a workbook with differences is made by 'hutong report BASE ALTERNATIVE --comparison FILE --out FILE.xlsx'"));
}

void execute(const ExportRequest& request, const Text& text) {
    if (names_database(request.to)) {
        table_of(request, "");
        check_comparison(request, false);
        const ReportData data(request.results);
        const std::size_t months = write_postgis({data, text}, request.to);
        fmt::print("{}\n", text(msg("database: {} months of scenario {} written", months, data.results.scenario_name)));
        return;
    }
    const fs::path target(request.to);
    const std::string kind = target.extension().string();
    check_kind(request, kind);
    const std::string table = table_of(request, kind);
    check_comparison(request, kind == ".csv" || kind == ".geojson" || kind == ".gpkg");
    check_target(request, kind);
    if (kind == ".xlsx") {
        write_safely(target, workbook(request.results, text));
    } else {
        const ReportData data(request.results);
        std::optional<ComparisonFile> comparison;
        if (!request.comparison.empty()) check_base(comparison.emplace(request.comparison), data);
        const ExportSource from{data, text, comparison ? &*comparison : nullptr};
        if (kind == ".csv") write_safely(target, csv_with_mark(table_named(from, table), request.labels));
        if (kind == ".geojson") write_geojson(from, table, target);
        if (kind == ".gpkg") write_geopackage(from, target);
        if (kind == ".shp") write_shapefile(from, table, target);
    }
    constexpr double megabyte = 1e6;
    std::error_code none;
    fmt::print("{}\n",
               text(msg("export: {} ({} MB)", request.to, text.number(static_cast<double>(fs::file_size(target, none)) / megabyte, 2))));
}

}  // namespace

void add_export_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ExportRequest>();
    CLI::App* command = app.add_subcommand("export", context.t(tr("Write results as tables or layers for other programs")));
    command->add_option("RESULTS", request->results, context.t(tr("Results file")))->required();
    command->add_option("--to", request->to, context.t(tr("FILE.csv, .geojson, .gpkg, .shp or .xlsx, or a PostGIS connection 'PG:...'")))
        ->type_name("TARGET")
        ->required();
    command
        ->add_option("--table", request->table,
                     context.text(msg("Table of a CSV file: {} (default: district_month); of GeoJSON and Shapefile: blocks (default) or "
                                      "spaces; of GeoJSON also block_difference",
                                      table_names())))
        ->type_name("NAME");
    command
        ->add_option(
            "--comparison", request->comparison,
            context.t(tr("File of 'hutong compare --out' with RESULTS as its base: tables of differences, each with its interval")))
        ->type_name("FILE");
    command->add_flag("--labels", request->labels, context.t(tr("Heads of a CSV file in words instead of the names of the schema")));
    command->add_flag("--force", request->force, context.t(tr("Replace an existing file")));
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
