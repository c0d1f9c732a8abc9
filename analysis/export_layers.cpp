#include "analysis/export_layers.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "analysis/compare.h"
#include "analysis/export_views.h"
#include "analysis/svg_map.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr const char* no_clock = "1970-01-01T00:00:00.000Z";  // the same results give the same file

/// A folder beside the target that is gone at the end, whatever happens.
class Workshop {
public:
    explicit Workshop(const fs::path& target) {
        const fs::path parent = target.parent_path().empty() ? fs::path(".") : target.parent_path();
        folder_ = parent / ("." + target.filename().string() + ".part-" + std::to_string(getpid()));
        std::error_code failed;
        fs::remove_all(folder_, failed);
        if (!fs::create_directory(folder_, failed)) {
            throw Error(ErrorKind::cannot_write, msg("cannot write '{}'", target.string()), msg("the system reports: {}", failed.message()),
                        msg("choose another target"));
        }
    }
    ~Workshop() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;
    fs::path file(const std::string& name) const { return folder_ / name; }
    void move(const std::string& name, const fs::path& target) const {
        std::error_code failed;
        fs::rename(folder_ / name, target, failed);
        if (failed) {
            throw Error(ErrorKind::cannot_write, msg("cannot write '{}'", target.string()), msg("the system reports: {}", failed.message()),
                        msg("choose another target"));
        }
    }

private:
    fs::path folder_;
};

/// A table with its rows, in one transaction where the format has them.
void add(LayerFile& file, const ExportTable& table) {
    file.add_table(table.name, table.shape, table.fields);
    file.begin();
    file.append(table.name, table.fields, table.rows);
    file.commit();
}

/// A QGIS style: blocks without fill pattern, spaces by their direction.
std::string style_of_blocks() {
    return "<!DOCTYPE qgis><qgis version=\"3.22\"><renderer-v2 type=\"singleSymbol\"><symbols><symbol type=\"fill\" name=\"0\" alpha=\"1\">"
           "<layer class=\"SimpleFill\" enabled=\"1\"><Option type=\"Map\"><Option name=\"color\" type=\"QString\" "
           "value=\"240,240,235,255\"/>"
           "<Option name=\"outline_color\" type=\"QString\" value=\"90,90,90,255\"/><Option name=\"outline_width\" type=\"QString\" "
           "value=\"0.2\"/></Option></layer></symbol></symbols></renderer-v2></qgis>";
}

std::string symbol(const std::string& kind, const std::string& layer, std::size_t number, const std::string& colour,
                   const std::string& more) {
    return fmt::format(
        "<symbol type=\"{}\" name=\"{}\" alpha=\"1\"><layer class=\"{}\" enabled=\"1\"><Option type=\"Map\"><Option name=\"color\" "
        "type=\"QString\" value=\"{}\"/>{}</Option></layer></symbol>",
        kind, number, layer, colour, more);
}

std::string style_of_spaces() {
    static constexpr std::pair<const char*, const char*> kinds[] = {{"service", "29,79,145,255"},     {"green", "47,133,90,255"},
                                                                    {"convenience", "200,85,61,255"}, {"high_end", "138,90,158,255"},
                                                                    {"other", "110,110,110,255"},     {"", "200,200,200,255"}};
    std::string categories, symbols;
    for (std::size_t k = 0; k < std::size(kinds); ++k) {
        categories += fmt::format("<category value=\"{0}\" symbol=\"{1}\" label=\"{0}\" render=\"true\"/>", kinds[k].first, k);
        symbols += symbol("marker", "SimpleMarker", k, kinds[k].second, "<Option name=\"size\" type=\"QString\" value=\"2\"/>");
    }
    return "<!DOCTYPE qgis><qgis version=\"3.22\"><renderer-v2 type=\"categorizedSymbol\" attr=\"direction\"><categories>" + categories +
           "</categories><symbols>" + symbols + "</symbols></renderer-v2></qgis>";
}

/// Population in five classes of equal width over the whole run.
std::string style_of_months(const ReportData& data) {
    double high = 1;
    for (const double value : data.blocks("population")) high = std::max(high, value == value ? value : 0);
    static constexpr const char* colours[] = {"68,1,84,255", "59,82,139,255", "33,145,140,255", "94,201,98,255", "253,231,37,255"};
    std::string ranges, symbols;
    const std::size_t classes = std::size(colours);
    for (std::size_t k = 0; k < classes; ++k) {
        const double from = high * static_cast<double>(k) / static_cast<double>(classes),
                     to = high * static_cast<double>(k + 1) / static_cast<double>(classes);
        ranges += fmt::format("<range lower=\"{:.1f}\" upper=\"{:.1f}\" symbol=\"{}\" label=\"{:.0f} - {:.0f}\" render=\"true\"/>", from,
                              to, k, from, to);
        symbols += symbol("fill", "SimpleFill", k, colours[k], "");
    }
    return "<!DOCTYPE qgis><qgis version=\"3.22\"><renderer-v2 type=\"graduatedSymbol\" attr=\"population\"><ranges>" + ranges +
           "</ranges><symbols>" + symbols + "</symbols></renderer-v2></qgis>";
}

/// Change of the population; grey where its interval contains zero, and the legend says which interval.
std::string style_of_differences(const ExportSource& from) {
    const std::string interval = from.text(interval_word(from.comparison->interval));
    struct Rule {
        const char *filter, *colour;
        std::string label;
    };
    const Rule rules[] = {{"population_sure = 'no'", "154,154,154,255",
                           from.text(msg("grey: the 95 % interval ({}) of the difference contains 0", interval))},
                          {"population_sure &lt;&gt; 'no' AND population_difference &lt; 0", "33,102,172,255",
                           from.text(tr("fewer residents than the base"))},
                          {"population_sure &lt;&gt; 'no' AND population_difference &gt;= 0", "178,24,43,255",
                           from.text(tr("more residents than the base"))}};
    std::string list, symbols;
    for (std::size_t k = 0; k < std::size(rules); ++k) {
        list += fmt::format("<rule key=\"r{0}\" symbol=\"{0}\" filter=\"{1}\" label=\"{2}\"/>", k, rules[k].filter,
                            escaped_xml(rules[k].label));
        symbols += symbol("fill", "SimpleFill", k, rules[k].colour, "");
    }
    return "<!DOCTYPE qgis><qgis version=\"3.22\"><renderer-v2 type=\"RuleRenderer\"><rules key=\"all\">" + list + "</rules><symbols>" +
           symbols + "</symbols></renderer-v2></qgis>";
}

/// A style with the labels of its layer's columns, which QGIS then shows instead of their names.
std::string with_labels(std::string style, const std::vector<LayerField>& fields) {
    std::string aliases = "<aliases>";
    for (const LayerField& field : fields)
        aliases += fmt::format("<alias field=\"{}\" name=\"{}\"/>", field.name, escaped_xml(field.label));
    const std::string end = "</qgis>";
    return style.insert(style.size() - end.size(), aliases + "</aliases>");
}

/// The table in which QGIS looks for styles.
ExportTable style_table(const ExportSource& from) {
    ExportTable table{"layer_styles",
                      std::nullopt,
                      {{"f_table_catalog", FieldType::text, {}},
                       {"f_table_schema", FieldType::text, {}},
                       {"f_table_name", FieldType::text, {}},
                       {"f_geometry_column", FieldType::text, {}},
                       {"styleName", FieldType::text, {}},
                       {"styleQML", FieldType::text, {}},
                       {"styleSLD", FieldType::text, {}},
                       {"useAsDefault", FieldType::integer, {}},
                       {"description", FieldType::text, {}},
                       {"owner", FieldType::text, {}},
                       {"ui", FieldType::text, {}},
                       {"update_time", FieldType::text, {}}},
                      {},
                      {}};
    auto row = [&](const std::string& layer, const std::string& style) {
        const std::string none;
        table.rows.push_back({{none, none, layer, std::string("geom"), layer, style, none, std::int64_t{1}, std::string("hutong"), none,
                               none, std::string(no_clock)},
                              {}});
    };
    row("blocks", with_labels(style_of_blocks(), block_table(from).fields));
    row("spaces", with_labels(style_of_spaces(), space_table(from).fields));
    row("block_month_map", with_labels(style_of_months(from.data), block_month_layout(from).fields));
    if (from.comparison != nullptr) row("block_difference", with_labels(style_of_differences(from), block_difference_table(from).fields));
    return table;
}

/// Views, and their entries in the GeoPackage's own tables, without which no program lists them.
void add_views(LayerFile& file, const ExportTable& layout) {
    const ViewDialect dialect{"", "m.fid AS OGC_FID, "};
    const ExportView map = map_view(layout, dialect);
    file.statement(map.sql);
    file.statement(
        "INSERT INTO gpkg_contents (table_name, identifier, data_type, srs_id, min_x, min_y, max_x, max_y, last_change) SELECT '" +
        map.name + "', '" + map.name +
        "', 'features', srs_id, min_x, min_y, max_x, max_y, last_change FROM gpkg_contents WHERE table_name = 'blocks'");
    file.statement("INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) SELECT '" + map.name +
                   "', 'geom', geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns WHERE table_name = 'blocks'");
    for (const ExportView& view : subject_views(layout, dialect)) {
        file.statement(view.sql);
        file.statement("INSERT INTO gpkg_contents (table_name, identifier, data_type) VALUES ('" + view.name + "', '" + view.name +
                       "', 'attributes')");
    }
}

void add_key(LayerFile& file, const ExportTable& table) {
    std::string columns;
    for (const std::string& one : table.key) columns += (columns.empty() ? "" : ", ") + one;
    if (!columns.empty()) file.statement("CREATE UNIQUE INDEX " + table.name + "_key ON " + table.name + " (" + columns + ")");
}

/// A table that has shapes.
ExportTable layer_named(const ExportSource& from, const std::string& name, bool short_names) {
    if (name == "blocks") return block_last_table(from, short_names);
    if (name == "spaces") return space_table(from);
    // A Shapefile's short names have no room for four columns an indicator.
    if (name == "block_difference" && !short_names) return table_named(from, name);
    throw Error(ErrorKind::usage, msg("'{}' is no layer", name),
                msg("the tables with shapes are: {}", short_names ? "blocks, spaces" : "blocks, spaces, block_difference"),
                msg("choose one with --table"));
}

}  // namespace

void write_geopackage(const ExportSource& from, const fs::path& path) {
    const Workshop workshop(path);
    LayerFile file = LayerFile::create(LayerFile::Kind::geopackage, workshop.file("new.gpkg"));
    const ExportTable layout = block_month_layout(from);
    file.add_table(layout.name, std::nullopt, layout.fields);
    file.begin();
    for (std::size_t m = 0; m < from.data.results.months.size(); ++m) file.append(layout.name, layout.fields, block_month_rows(from, m));
    file.commit();
    add_key(file, layout);
    for (const auto make :
         {block_table, space_table, event_table, project_table, subdistrict_month_table, district_month_table, block_year_interval_table,
          subdistrict_year_interval_table, district_year_interval_table, indicator_table, scenario_table}) {
        const ExportTable table = make(from);
        add(file, table);
        add_key(file, table);
    }
    if (from.comparison != nullptr) {
        for (const auto make : {block_difference_table, block_year_difference_table}) {
            const ExportTable table = make(from);
            add(file, table);
            add_key(file, table);
        }
    }
    add_views(file, layout);
    add(file, style_table(from));
    file.close();
    workshop.move("new.gpkg", path);
}

void write_geojson(const ExportSource& from, const std::string& name, const fs::path& path) {
    const ExportTable table = layer_named(from, name, false);
    const Workshop workshop(path);
    LayerFile file = LayerFile::create(LayerFile::Kind::geojson, workshop.file("new.geojson"));
    file.add_table(table.name, table.shape, table.fields);
    file.append(table.name, table.fields, table.rows);
    file.close();
    workshop.move("new.geojson", path);
}

void write_shapefile(const ExportSource& from, const std::string& name, const fs::path& path) {
    ExportTable table = layer_named(from, name, true);
    const Workshop workshop(path);
    const std::string stem = path.stem().string();
    table.name = stem;
    LayerFile file = LayerFile::create(LayerFile::Kind::shapefile, workshop.file("shape"));
    file.add_table(table.name, table.shape, table.fields);
    file.append(table.name, table.fields, table.rows);
    file.close();
    for (const fs::path& part : shapefile_parts(path)) workshop.move("shape/" + stem + part.extension().string(), part);
}

std::vector<fs::path> shapefile_parts(const fs::path& path) {
    std::vector<fs::path> parts;
    for (const char* extension : {".dbf", ".shx", ".prj", ".cpg", ".shp"}) {
        parts.push_back(path);
        parts.back().replace_extension(extension);
    }
    return parts;
}

}  // namespace hutong
