#include "core/layers_write.h"

#include <cmath>

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "core/safe_file.h"

namespace hutong {
namespace {

void start_drivers(bool database) {
    static const bool started = [] {
        RegisterOGRGeoJSON();
        RegisterOGRGeoPackage();
        RegisterOGRShape();
        OSRSetPROJEnableNetwork(FALSE);
        return true;
    }();
    static_cast<void>(started);
    if (!database) return;
    static const bool with_database = [] {
        RegisterOGRPG();
        return true;
    }();
    static_cast<void>(with_database);
}

thread_local std::string first_words;  // of the call that runs: what follows a failure is mostly its echo

void keep_first(CPLErr kind, CPLErrorNum, const char* words) {
    if (kind == CE_Failure && first_words.empty()) first_words = words;
}

class Quiet {
public:
    Quiet() {
        first_words.clear();
        CPLPushErrorHandler(keep_first);
        CPLErrorReset();
    }
    ~Quiet() { CPLPopErrorHandler(); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    static bool failed() { return !first_words.empty(); }
};

/// What GDAL says, on one line.
std::string said() {
    std::string words;
    for (const char c : first_words) {
        const bool space = c == '\n' || c == '\r' || c == '\t' || c == ' ';
        if (!space) {
            words += c;
        } else if (!words.empty() && words.back() != ' ') {
            words += ' ';
        }
    }
    while (words.ends_with(' ')) words.pop_back();
    return words.empty() ? "-" : words;
}

OGRwkbGeometryType geometry_type(std::optional<LayerShape> shape) {
    if (!shape) return wkbNone;
    switch (*shape) {
        case LayerShape::points:
            return wkbPoint;
        case LayerShape::lines:
            return wkbLineString;
        case LayerShape::polygons:
        case LayerShape::places:
            return wkbMultiPolygon;
    }
    return wkbNone;
}

OGRFieldType field_type(FieldType type) {
    return type == FieldType::text ? OFTString : type == FieldType::integer ? OFTInteger64 : OFTReal;
}

std::unique_ptr<OGRGeometry> geometry_of(const std::vector<LayerPart>& parts, OGRwkbGeometryType type) {
    if (parts.empty()) return nullptr;
    if (wkbFlatten(type) == wkbPoint) return std::make_unique<OGRPoint>(parts.front().points.front().x, parts.front().points.front().y);
    auto all = std::make_unique<OGRMultiPolygon>();
    std::unique_ptr<OGRPolygon> polygon;
    for (const LayerPart& part : parts) {
        auto ring = std::make_unique<OGRLinearRing>();
        for (const LayerPoint& p : part.points) ring->addPoint(p.x, p.y);
        ring->closeRings();
        if (!part.hole || polygon == nullptr) {
            if (polygon) all->addGeometryDirectly(polygon.release());
            polygon = std::make_unique<OGRPolygon>();
        }
        polygon->addRingDirectly(ring.release());
    }
    if (polygon) all->addGeometryDirectly(polygon.release());
    return all;
}

}  // namespace

struct LayerFile::Impl {
    GDALDataset* set = nullptr;
    std::string name;  ///< for messages; never a password
    Kind kind = Kind::geopackage;
    bool database = false;
    std::string memory;  ///< GeoJSON is made in memory: GDAL does not tell when a disk fills up under it

    ~Impl() {
        const Quiet quiet;
        if (set != nullptr) GDALClose(set);
        if (!memory.empty()) VSIUnlink(memory.c_str());
    }
    [[noreturn]] void fail() const {
        throw Error(ErrorKind::cannot_write, msg("cannot write '{}'", name), msg("the system reports: {}", said()),
                    database ? msg("check the server, the name of the database and your rights there") : msg("choose another target"));
    }
    void add_field(OGRLayer* layer, const LayerField& field) const {
        OGRFieldDefn definition(field.name.c_str(), field_type(field.type));
        if (field.type == FieldType::single) definition.SetSubType(OFSTFloat32);
        if (!field.label.empty()) definition.SetAlternativeName(field.label.c_str());
        if (layer->CreateField(&definition) != OGRERR_NONE) fail();
    }
    OGRLayer* layer(const std::string& table) const {
        OGRLayer* found = set->GetLayerByName(table.c_str());
        if (found == nullptr) fail();
        return found;
    }
};

std::string identifier(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        out += plain ? c : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : '_';
    }
    if (out.empty() || (out.front() >= '0' && out.front() <= '9')) out.insert(0, "_");
    return out;
}

LayerFile::LayerFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LayerFile::LayerFile(LayerFile&&) noexcept = default;
LayerFile& LayerFile::operator=(LayerFile&&) noexcept = default;
LayerFile::~LayerFile() = default;

LayerFile LayerFile::create(Kind kind, const std::filesystem::path& path) {
    start_drivers(false);
    const Quiet quiet;
    auto impl = std::make_unique<Impl>();
    impl->name = path.string();
    impl->kind = kind;
    const char* const driver = kind == Kind::geopackage ? "GPKG" : kind == Kind::geojson ? "GeoJSON" : "ESRI Shapefile";
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");  // the file takes its name only when it is whole,
    CPLSetThreadLocalConfigOption("OGR_SQLITE_JOURNAL", "OFF");      // and is thrown away otherwise
    CPLSetThreadLocalConfigOption("OGR_SQLITE_CACHE", "128");        // MB
    GDALDriver* found = GetGDALDriverManager()->GetDriverByName(driver);
    if (found == nullptr) impl->fail();
    if (kind == Kind::geojson) impl->memory = fmt::format("/vsimem/hutong-{}", static_cast<const void*>(impl.get()));
    impl->set = found->Create(impl->memory.empty() ? impl->name.c_str() : impl->memory.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
    if (impl->set == nullptr) impl->fail();
    return LayerFile(std::move(impl));
}

LayerFile LayerFile::connect(const std::string& connection) {
    start_drivers(true);
    const Quiet quiet;
    auto impl = std::make_unique<Impl>();
    impl->name = connection;
    impl->database = true;
    CPLSetThreadLocalConfigOption("PG_USE_COPY", "YES");
    CPLSetThreadLocalConfigOption("OGR_PG_DEFERRED_CREATION", "NO");  // statements follow at once
    const char* const drivers[] = {"PostgreSQL", nullptr};
    impl->set = GDALDataset::Open(connection.c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, drivers, nullptr, nullptr);
    if (impl->set == nullptr) impl->fail();
    return LayerFile(std::move(impl));
}

bool LayerFile::has_table(std::string_view name) const {
    const Quiet quiet;
    return impl_->set->GetLayerByName(std::string(name).c_str()) != nullptr;
}

std::vector<std::string> LayerFile::fields(std::string_view name) const {
    const Quiet quiet;
    const OGRFeatureDefn* definition = impl_->layer(std::string(name))->GetLayerDefn();
    std::vector<std::string> names;
    for (int f = 0; f < definition->GetFieldCount(); ++f) names.emplace_back(definition->GetFieldDefn(f)->GetNameRef());
    return names;
}

void LayerFile::add_table(const std::string& name, std::optional<LayerShape> shape, const std::vector<LayerField>& fields) {
    const Quiet quiet;
    OGRSpatialReference wgs84;
    wgs84.importFromEPSG(4326);
    wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    char** options = nullptr;
    if (impl_->kind == Kind::shapefile && !impl_->database) options = CSLSetNameValue(options, "ENCODING", "UTF-8");
    if (impl_->kind == Kind::geojson && !impl_->database) options = CSLSetNameValue(options, "RFC7946", "YES");
    if (impl_->database) {
        options = CSLSetNameValue(options, "LAUNDER", "NO");
        options = CSLSetNameValue(options, "GEOMETRY_NAME", "geom");
    }
    OGRLayer* layer = impl_->set->CreateLayer(name.c_str(), shape ? &wgs84 : nullptr, geometry_type(shape), options);
    CSLDestroy(options);
    if (layer == nullptr) impl_->fail();
    for (const LayerField& field : fields) impl_->add_field(layer, field);
}

void LayerFile::add_field(const std::string& table, const LayerField& field) {
    const Quiet quiet;
    impl_->add_field(impl_->layer(table), field);
}

void LayerFile::append(const std::string& table, const std::vector<LayerField>& fields, const std::vector<LayerRow>& rows) {
    const Quiet quiet;
    OGRLayer* layer = impl_->layer(table);
    OGRFeatureDefn* definition = layer->GetLayerDefn();
    std::vector<int> place;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        // A Shapefile cuts names; its fields stand in the order in which they were made.
        const int found =
            impl_->kind == Kind::shapefile && !impl_->database ? static_cast<int>(f) : definition->GetFieldIndex(fields[f].name.c_str());
        if (found < 0) impl_->fail();
        place.push_back(found);
    }
    OGRFeature feature(definition);
    const OGRwkbGeometryType type = definition->GetGeomType();
    for (const LayerRow& row : rows) {
        feature.SetFID(OGRNullFID);
        for (std::size_t f = 0; f < place.size(); ++f) {
            const LayerValue& value = row.values[f];
            if (const auto* text = std::get_if<std::string>(&value)) {
                feature.SetField(place[f], text->c_str());
            } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
                feature.SetField(place[f], static_cast<GIntBig>(*whole));
            } else if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isfinite(*real)) {
                feature.SetField(place[f], *real);
            } else {
                feature.SetFieldNull(place[f]);
            }
        }
        if (type != wkbNone) feature.SetGeometryDirectly(geometry_of(row.parts, type).release());
        if (layer->CreateFeature(&feature) != OGRERR_NONE) impl_->fail();
    }
    if (layer->SyncToDisk() != OGRERR_NONE || Quiet::failed()) impl_->fail();
}

void LayerFile::statement(const std::string& sql) {
    const Quiet quiet;
    OGRLayer* answer = impl_->set->ExecuteSQL(sql.c_str(), nullptr, nullptr);
    if (answer != nullptr) impl_->set->ReleaseResultSet(answer);
    if (Quiet::failed()) impl_->fail();
}

std::string LayerFile::query(const std::string& sql) const {
    const Quiet quiet;
    OGRLayer* answer = impl_->set->ExecuteSQL(sql.c_str(), nullptr, nullptr);
    if (answer == nullptr) {
        if (Quiet::failed()) impl_->fail();
        return {};
    }
    std::string value;
    if (const OGRFeatureUniquePtr row(answer->GetNextFeature()); row != nullptr && row->GetFieldCount() > 0)
        value = row->GetFieldAsString(0);
    impl_->set->ReleaseResultSet(answer);
    return value;
}

void LayerFile::begin() {
    const Quiet quiet;
    if (impl_->set->StartTransaction() != OGRERR_NONE) impl_->fail();
}

void LayerFile::commit() {
    const Quiet quiet;
    if (impl_->set->CommitTransaction() != OGRERR_NONE) impl_->fail();
}

void LayerFile::rollback() {
    const Quiet quiet;
    impl_->set->RollbackTransaction();
}

void LayerFile::close() {
    const Quiet quiet;
    if (impl_->set == nullptr) return;
    GDALClose(impl_->set);
    impl_->set = nullptr;
    if (Quiet::failed()) impl_->fail();
    if (impl_->memory.empty()) return;
    vsi_l_offset size = 0;
    const GByte* bytes = VSIGetMemFileBuffer(impl_->memory.c_str(), &size, FALSE);
    if (bytes == nullptr) impl_->fail();
    write_safely(impl_->name, std::string_view(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)));
}

}  // namespace hutong
