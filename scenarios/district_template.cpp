/// An empty pack to fill in: `hutong district template`.
#include <fmt/format.h>

#include "core/csv.h"
#include "core/safe_file.h"
#include "scenarios/district_pack.h"
#include "scenarios/pack_tables.h"

namespace hutong {
namespace {

/// Headers of the catalogue, as scenarios/catalogue.h names the fields.
struct CatalogueHeader {
    const char* file;
    std::vector<std::string> columns;
};

std::vector<CatalogueHeader> catalogue_headers() {
    return {
        {"sectors.csv",
         {"code",
          "name_zh",
          "name_en",
          "gbt_section",
          "prohibited",
          "high_end",
          "consumer",
          "exogenous",
          "chain",
          "area_per_job_m2",
          "mean_jobs",
          "skill_low",
          "skill_middle",
          "skill_high",
          "separation_per_year",
          "exit_per_year",
          "rent_share",
          "resident_worker_share",
          "high_end_pull",
          "in_commuter_affinity",
          "service",
          "status",
          "source"}},
        {"services.csv",
         {"code", "name_zh", "name_en", "group", "distance_m", "capacity_unit", "standard_per_1000", "standard_per_member", "convenience",
          "green", "in_composite", "undercounted", "off_hours_shareable", "capacity_per_m2", "staff_per_1000_m2", "status", "source"}},
        {"uses.csv",
         {"code",
          "name_zh",
          "name_en",
          "direction",
          "other_clause",
          "service",
          "also",
          "shares",
          "sector",
          "residential",
          "green",
          "parking",
          "indoor",
          "funded_by",
          "operated_by",
          "visitors_per_m2_day",
          "public_funded",
          "heritage_like",
          "temporary",
          "min_area_m2",
          "max_area_m2",
          "area_per_job_m2",
          "capacity_per_m2",
          "residents_per_m2",
          "residents_per_job",
          "conversion_yuan_per_m2",
          "operating_yuan_per_m2_year",
          "revenue_yuan_per_m2_year",
          "works_months_small",
          "works_months_large",
          "adds_floor",
          "nuisance",
          "demolish",
          "status",
          "source"}},
        {"rules.csv",
         {"clause", "force", "category", "zone", "form", "owner", "min_heritage", "large", "street_front", "uses", "direction",
          "ceiling_share", "source"}},
    };
}

std::string explain() {
    std::string out =
        "# A district pack. Fill in the tables and run `hutong district check` on this folder.\n"
        "# Enumerations, codes and rules between tables: docs/district-pack.md. Cells are RFC 4180 CSV in UTF-8.\n"
        "name_zh = \"\"\n"
        "name_en = \"\"\n"
        "schematic_blocks = true  # false once the block outlines are surveyed\n"
        "origin_lon = 0.0  # WGS 84, degrees: origin of the local metres\n"
        "origin_lat = 0.0\n"
        "licence = \"\"\n";
    for (const PackTable& table : pack_tables()) {
        out += fmt::format("\n# {}: {}\n[table.{}]\nfile = \"{}\"\nyear = \"\"\nsource = \"\"\nlicence = \"\"\n", table.file, table.what,
                           table.file.substr(0, table.file.find('.')), table.file);
        for (const PackColumn& column : table.columns)
            out += fmt::format("# {}{}: {}\n", column.name, column.unit.empty() ? "" : fmt::format(" [{}]", column.unit), column.what);
    }
    return out;
}

}  // namespace

void write_district_template(const std::filesystem::path& out) {
    std::error_code failed;
    if (std::filesystem::exists(out / "district.toml", failed)) {
        throw Error(ErrorKind::cannot_write, msg("'{}' already holds a district pack", out.string()), msg("a template would overwrite it"),
                    msg("choose an empty folder"));
    }
    std::filesystem::create_directories(out, failed);
    if (failed)
        throw Error(ErrorKind::cannot_write, msg("cannot make the folder '{}'", out.string()), msg("{}", failed.message()),
                    msg("choose another folder"));
    for (const PackTable& table : pack_tables()) {
        std::vector<std::string> header;
        for (const PackColumn& column : table.columns) header.emplace_back(column.name);
        write_safely(out / table.file, CsvWriter(header).bytes());
    }
    for (const char* layer : {"subdistricts.geojson", "blocks.geojson"})
        write_safely(out / layer, "{\"type\":\"FeatureCollection\",\"features\":[]}\n");
    for (const CatalogueHeader& one : catalogue_headers()) write_safely(out / one.file, CsvWriter(one.columns).bytes());
    write_safely(out / "district.toml", explain());
}

}  // namespace hutong
