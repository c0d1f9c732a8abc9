/// Writes vector layers and tables through GDAL: GeoPackage, GeoJSON, Shapefile, and a PostGIS database. With
/// core/layers the only place that knows GDAL. Values are bound, never pasted into SQL; statements and names come from
/// the program (identifiers are checked).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/layers.h"

namespace hutong {

enum class FieldType : std::uint8_t { text, integer, real, single };  ///< single: four bytes, as summaries are stored

struct LayerField {
    std::string name;
    FieldType type = FieldType::text;
    std::string label;  ///< what a reader sees instead of the name where the format keeps one (GeoPackage)
};

using LayerValue = std::variant<std::monostate, std::string, std::int64_t, double>;  ///< monostate and NaN: no value

struct LayerRow {
    std::vector<LayerValue> values;
    std::vector<LayerPart> parts;  ///< longitude and latitude; empty for tables without shapes
};

/// A name for a column or table made of small letters, digits and "_" ("jobs.retail" -> "jobs_retail").
std::string identifier(std::string_view name);

/// An open target. Throws Error(cannot_write) with GDAL's message when something fails.
class LayerFile {
public:
    enum class Kind : std::uint8_t { geopackage, geojson, shapefile };
    /// Creates a new file (a folder for a Shapefile); the caller moves it to its name when all is written.
    static LayerFile create(Kind kind, const std::filesystem::path& path);
    /// Opens a PostGIS database by its connection string, "PG:dbname=..."; passwords come from the environment.
    static LayerFile connect(const std::string& connection);
    LayerFile(LayerFile&&) noexcept;
    LayerFile& operator=(LayerFile&&) noexcept;
    ~LayerFile();

    bool has_table(std::string_view name) const;
    /// Names of the fields of a table.
    std::vector<std::string> fields(std::string_view name) const;
    void add_table(const std::string& name, std::optional<LayerShape> shape, const std::vector<LayerField>& fields);
    void add_field(const std::string& table, const LayerField& field);
    void append(const std::string& table, const std::vector<LayerField>& fields, const std::vector<LayerRow>& rows);
    /// One statement that the program wrote itself.
    void statement(const std::string& sql);
    /// The first value of the first row, or empty.
    std::string query(const std::string& sql) const;
    void begin();
    void commit();
    void rollback();
    /// Ends writing; throws when the last bytes cannot be written.
    void close();

private:
    struct Impl;
    explicit LayerFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace hutong
