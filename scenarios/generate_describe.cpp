/// district.toml of the bundled pack.
#include <fmt/format.h>

#include "scenarios/generate_draft.h"
#include "scenarios/pack_tables.h"

namespace hutong::generate {

std::string describe_pack(double origin_lon, double origin_lat) {
    std::string out =
        "# The bundled district: Xicheng, Beijing. Made by `hutong district generate` from facts/; do not edit tables by hand.\n"
        "# The block outlines are schematic: 101 blocks are known by number only (docs/district-pack.md).\n"
        "name_zh = \"西城区\"\n"
        "name_en = \"Xicheng\"\n"
        "schematic_blocks = true\n"
        "start = \"2017-07\"\n";
    out += fmt::format("origin_lon = {}  # WGS 84, degrees; x_m runs east, y_m north (equirectangular)\norigin_lat = {}\n", origin_lon,
                       origin_lat);
    out +=
        "licence = \"Apache-2.0 for the pack; figures from public sources as named, facts/README.md\"\n"
        "confidence = \"levels are known roughly: the pack is for differences between scenarios\"\n"
        "catalogue = [\"sectors.csv\", \"services.csv\", \"uses.csv\", \"rules.csv\"]  # status and source by row\n"
        "reconciliation = \"reconciliation.csv\"  # what was made to agree, by era and category\n"
        "facts = \"facts\"\n";
    for (const PackTable& table : pack_tables()) {
        const std::string_view name = table.file.substr(0, table.file.find('.'));
        out += fmt::format("\n[table.{}]\nfile = \"{}\"\nwhat = \"{}\"\nyear = \"{}\"\nsource = \"{}\"\nlicence = \"Apache-2.0\"\n", name,
                           table.file, table.what, table.year, table.source);
        out += fmt::format("[table.{}.columns]\n", name);
        for (const PackColumn& one : table.columns) {
            out += fmt::format("{} = {{ unit = \"{}\", status = \"{}\", confidence = \"{}\", what = \"{}\" }}\n", one.name, one.unit,
                               one.status, one.confidence, one.what);
        }
    }
    return out;
}

}  // namespace hutong::generate
