#include "core/layers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <system_error>

#include <cpl_conv.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "core/csv.h"

namespace hutong {
namespace {

constexpr const char* drivers[] = {"GeoJSON", "GPKG", "FlatGeobuf", "ESRI Shapefile", nullptr};
/// What an import never opens: networks, databases, and files that name other files.
constexpr std::string_view refused_drivers[] = {"WFS",
                                                "OAPIF",
                                                "WCS",
                                                "WMS",
                                                "HTTP",
                                                "CSW",
                                                "PostgreSQL",
                                                "MySQL",
                                                "MSSQLSpatial",
                                                "OCI",
                                                "ODBC",
                                                "PGeo",
                                                "HANA",
                                                "Elasticsearch",
                                                "CARTO",
                                                "AmigoCloud",
                                                "NGW",
                                                "MongoDBv3",
                                                "PLScenes",
                                                "EEDA",
                                                "Memory",
                                                "GMLAS",
                                                "SQLite_GeoPackage_URL"};

/// Only these drivers are ever registered, so no file can pull in another one; PROJ's network stays off.
void start_gdal() {
    static const bool started = [] {
        RegisterOGRGeoJSON();
        RegisterOGRGeoPackage();
        RegisterOGRFlatGeobuf();
        RegisterOGRShape();
        OSRSetPROJEnableNetwork(FALSE);
        return true;
    }();
    static_cast<void>(started);
}

/// GDAL's messages are kept for ours instead of being printed.
class Quiet {
public:
    Quiet() {
        CPLPushErrorHandler(CPLQuietErrorHandler);
        CPLErrorReset();
    }
    ~Quiet() { CPLPopErrorHandler(); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    static std::string last() { return CPLGetLastErrorMsg(); }
};

struct CloseDataset {
    void operator()(GDALDataset* set) const { GDALClose(set); }
};

[[noreturn]] void fail(const std::string& file, Message problem, Message why, Message advice) {
    throw Error(ErrorKind::bad_district, std::move(problem), std::move(why), std::move(advice), Place{file, 0, 0});
}

void check_name(const std::filesystem::path& path, const LayerLimits& limits) {
    const std::string name = path.string();
    if (name.find(':') != std::string::npos || name.starts_with("/vsi")) {
        fail(name, msg("the layer cannot be opened"), msg("names with ':' or '/vsi' are refused"), msg("rename the file"));
    }
    std::error_code code;
    if (!std::filesystem::is_regular_file(path, code)) {
        throw Error(ErrorKind::missing_file, msg("cannot read '{}'", name), msg("no such file"), msg("check the path"));
    }
    const auto size = std::filesystem::file_size(path, code);
    if (code || size > limits.bytes) {
        throw Error(ErrorKind::too_large, msg("'{}' is too large", name), msg("more than {} bytes", limits.bytes),
                    msg("give a smaller file"));
    }
}

std::string_view shape_name(LayerShape shape) {
    switch (shape) {
        case LayerShape::points:
            return "points";
        case LayerShape::lines:
            return "lines";
        case LayerShape::polygons:
            return "polygons";
        case LayerShape::places:
            return "points or polygons";
    }
    return "";
}

/// Twice the signed area: positive when the ring runs counter-clockwise.
double turning(const std::vector<LayerPoint>& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const LayerPoint& a = ring[i];
        const LayerPoint& b = ring[(i + 1) % ring.size()];
        sum += (a.x - ring[0].x) * (b.y - ring[0].y) - (b.x - ring[0].x) * (a.y - ring[0].y);
    }
    return sum;
}

/// Takes the shapes of one layer apart into parts.
class Taker {
public:
    Taker(Layer& layer, LayerShape shape, const LayerLimits& limits) : layer_(layer), shape_(shape), limits_(limits) {}

    void take(const OGRGeometry* geometry, LayerFeature& feature) {
        const OGRwkbGeometryType type = geometry == nullptr ? wkbUnknown : wkbFlatten(geometry->getGeometryType());
        const bool many = type == wkbMultiPoint || type == wkbMultiLineString || type == wkbMultiPolygon;
        if (many) {
            const auto* collection = geometry->toGeometryCollection();
            for (int i = 0; i < collection->getNumGeometries(); ++i) take(collection->getGeometryRef(i), feature);
            return;
        }
        const bool points = shape_ == LayerShape::points || shape_ == LayerShape::places;
        const bool polygons = shape_ == LayerShape::polygons || shape_ == LayerShape::places;
        if (points && type == wkbPoint && !geometry->IsEmpty()) {
            const auto* point = geometry->toPoint();
            count(1);
            feature.parts.push_back({{checked(point->getX(), point->getY())}, false});
        } else if (shape_ == LayerShape::lines && type == wkbLineString && !geometry->IsEmpty()) {
            feature.parts.push_back({points_of(geometry->toLineString()), false});
        } else if (polygons && type == wkbPolygon && !geometry->IsEmpty()) {
            const auto* polygon = geometry->toPolygon();
            take_ring(polygon->getExteriorRing(), false, feature);
            for (int i = 0; i < polygon->getNumInteriorRings(); ++i) take_ring(polygon->getInteriorRing(i), true, feature);
        } else {
            fail(layer_.file, msg("feature {} has another shape than {}", layer_.features.size() + 1, shape_name(shape_)),
                 msg("it is {}", geometry == nullptr ? "empty" : geometry->getGeometryName()), msg("remove or convert it"));
        }
    }

private:
    void count(int points) {
        vertices_ += static_cast<std::size_t>(points);
        if (vertices_ > limits_.vertices) {
            throw Error(ErrorKind::too_large, msg("'{}' is too large", layer_.file), msg("more than {} vertices", limits_.vertices),
                        msg("give a smaller file"));
        }
    }

    LayerPoint checked(double x, double y) const {
        if (!std::isfinite(x) || !std::isfinite(y)) {
            fail(layer_.file, msg("feature {} has a coordinate that is not finite", layer_.features.size() + 1), msg("places are numbers"),
                 msg("correct the layer"));
        }
        return {x, y};
    }

    std::vector<LayerPoint> points_of(const OGRSimpleCurve* line) {
        count(line->getNumPoints());
        std::vector<LayerPoint> points;
        points.reserve(static_cast<std::size_t>(line->getNumPoints()));
        for (int i = 0; i < line->getNumPoints(); ++i) points.push_back(checked(line->getX(i), line->getY(i)));
        return points;
    }

    void take_ring(const OGRLinearRing* line, bool hole, LayerFeature& feature) {
        std::vector<LayerPoint> ring = points_of(line);
        if (ring.size() > 1 && ring.front().x == ring.back().x && ring.front().y == ring.back().y) ring.pop_back();
        const double area = turning(ring);
        if (ring.size() < 3 || area == 0) {
            fail(layer_.file, msg("feature {} has a ring without area", layer_.features.size() + 1), msg("a ring needs three corners"),
                 msg("correct the layer"));
        }
        if ((area > 0) == hole) std::reverse(ring.begin() + 1, ring.end());
        feature.parts.push_back({std::move(ring), hole});
    }

    Layer& layer_;
    LayerShape shape_;
    const LayerLimits& limits_;
    std::size_t vertices_ = 0;
};

/// The conversion to longitude and latitude, or nothing when the layer has them already.
std::unique_ptr<OGRCoordinateTransformation> conversion(const OGRSpatialReference& from, const std::string& file) {
    OGRSpatialReference wgs84;
    wgs84.SetWellKnownGeogCS("WGS84");
    wgs84.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    const char* const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", nullptr};
    if (from.IsSame(&wgs84, options) != 0) return nullptr;
    std::unique_ptr<OGRCoordinateTransformation> made(OGRCreateCoordinateTransformation(&from, &wgs84));
    if (made == nullptr)
        fail(file, msg("the layer cannot be converted to WGS 84"), msg("the system reports: {}", Quiet::last()),
             msg("convert it with ogr2ogr"));
    return made;
}

/// The layer of this name, or the only one.
OGRLayer* pick(GDALDataset& set, const std::string& file, std::string_view name) {
    OGRLayer* source = nullptr;
    if (name.empty() && set.GetLayerCount() == 1) source = set.GetLayer(0);
    if (!name.empty()) source = set.GetLayerByName(std::string(name).c_str());
    if (source == nullptr) {
        fail(file, msg("the file has no single layer of this name"), msg("it has {} layers", set.GetLayerCount()), msg("name one of them"));
    }
    return source;
}

void need_reference(const OGRSpatialReference* reference, const std::string& file) {
    if (reference == nullptr || reference->IsEmpty() != 0 || std::string_view(reference->GetName()).starts_with("Undefined")) {
        fail(file, msg("the layer has no coordinate reference system"), msg("its places on earth are unknown"),
             msg("set one, e.g. with 'ogr2ogr -a_srs EPSG:4326'"));
    }
}

void take_fields(const OGRFeature& row, const OGRFeatureDefn& definition, std::size_t number, const LayerLimits& limits, const Layer& layer,
                 LayerFeature& feature) {
    for (int i = 0; i < definition.GetFieldCount(); ++i) {
        std::string value = row.IsFieldSetAndNotNull(i) ? row.GetFieldAsString(i) : "";
        if (value.size() > limits.field_bytes) {
            throw Error(ErrorKind::too_large,
                        msg("field '{}' of feature {} is too long", layer.fields[static_cast<std::size_t>(i)], number),
                        msg("more than {} bytes", limits.field_bytes), msg("shorten it"), Place{layer.file, 0, 0});
        }
        if (!is_utf8(value)) {
            fail(layer.file, msg("field '{}' of feature {} is not UTF-8", layer.fields[static_cast<std::size_t>(i)], number),
                 msg("names are read as UTF-8"), msg("save the layer as UTF-8"));
        }
        feature.values.push_back(std::move(value));
    }
}

void refuse_damaged(const std::string& file) {
    if (CPLGetLastErrorType() < CE_Failure) return;  // a truncated file ends like a short one, but for this
    fail(file, msg("the layer is damaged"), msg("the system reports: {}", Quiet::last()), msg("make the file again"));
}

/// Every driver but those of networks and databases.
std::vector<const char*> import_drivers(bool allow_vrt) {
    static const std::vector<std::string> names = [] {
        GDALAllRegister();
        OSRSetPROJEnableNetwork(FALSE);
        std::vector<std::string> all;
        GDALDriverManager* manager = GetGDALDriverManager();
        for (int i = 0; i < manager->GetDriverCount(); ++i) {
            GDALDriver* driver = manager->GetDriver(i);
            if (driver->GetMetadataItem(GDAL_DCAP_VECTOR) == nullptr || driver->GetMetadataItem(GDAL_DMD_CONNECTION_PREFIX) != nullptr)
                continue;
            const std::string name = driver->GetDescription();
            if (std::find(std::begin(refused_drivers), std::end(refused_drivers), name) == std::end(refused_drivers)) all.push_back(name);
        }
        for (const char* wanted : {"GPKG", "OSM", "GeoJSON"}) {  // known to be files, whatever prefix they also take
            if (manager->GetDriverByName(wanted) != nullptr && std::find(all.begin(), all.end(), wanted) == all.end())
                all.emplace_back(wanted);
        }
        return all;
    }();
    std::vector<const char*> list;
    for (const std::string& name : names) {
        if (allow_vrt || name != "OGR_VRT") list.push_back(name.c_str());
    }
    list.push_back(nullptr);
    return list;
}

bool fits(OGRwkbGeometryType type, LayerShape shape) {
    const bool point = type == wkbPoint || type == wkbMultiPoint, polygon = type == wkbPolygon || type == wkbMultiPolygon;
    switch (shape) {
        case LayerShape::points:
            return point;
        case LayerShape::lines:
            return type == wkbLineString || type == wkbMultiLineString;
        case LayerShape::polygons:
            return polygon;
        case LayerShape::places:
            return point || polygon;
    }
    return false;
}

}  // namespace

std::optional<std::size_t> Layer::find_field(std::string_view name) const {
    const auto found = std::find(fields.begin(), fields.end(), name);
    if (found == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
}

std::size_t Layer::field(std::string_view name) const {
    if (const auto found = find_field(name)) return *found;
    fail(file, msg("field '{}' is missing", name), msg("the layer is read by the names of its fields"), msg("add it"));
}

double Layer::number(std::size_t feature, std::size_t field) const {
    const std::string& text = features[feature].values[field];
    double value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && stop == text.data() + text.size() && std::isfinite(value)) return value;
    fail(file, msg("'{}' is not a number", text), msg("field '{}' of feature {} holds a finite number", fields[field], feature + 1),
         msg("correct the layer"));
}

Layer read_layer(const std::filesystem::path& path, LayerShape shape, std::string_view name, bool to_wgs84, const LayerLimits& limits) {
    check_name(path, limits);
    start_gdal();
    const Quiet quiet;
    Layer layer;
    layer.file = path.string();

    const std::unique_ptr<GDALDataset, CloseDataset> set(
        GDALDataset::Open(layer.file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, nullptr, nullptr));
    if (set == nullptr) {
        fail(layer.file, msg("the layer cannot be opened"), msg("it is no GeoJSON, GPKG, FlatGeobuf or Shapefile"),
             msg("convert it with ogr2ogr"));
    }
    OGRLayer* source = pick(*set, layer.file, name);
    const OGRSpatialReference* reference = source->GetSpatialRef();
    need_reference(reference, layer.file);
    layer.reference = reference->GetName();
    const auto convert = to_wgs84 ? conversion(*reference, layer.file) : nullptr;

    const OGRFeatureDefn* definition = source->GetLayerDefn();
    for (int i = 0; i < definition->GetFieldCount(); ++i) layer.fields.emplace_back(definition->GetFieldDefn(i)->GetNameRef());

    Taker taker(layer, shape, limits);
    source->ResetReading();
    while (const OGRFeatureUniquePtr row{source->GetNextFeature()}) {
        const std::size_t number = layer.features.size() + 1;
        if (number > limits.features) {
            throw Error(ErrorKind::too_large, msg("'{}' is too large", layer.file), msg("more than {} features", limits.features),
                        msg("give a smaller file"));
        }
        OGRGeometry* geometry = row->GetGeometryRef();
        if (convert != nullptr && geometry != nullptr && geometry->transform(convert.get()) != OGRERR_NONE) {
            fail(layer.file, msg("feature {} cannot be converted to WGS 84", number), msg("its coordinates are out of range"),
                 msg("correct the layer"));
        }
        LayerFeature feature;
        taker.take(geometry, feature);
        take_fields(*row, *definition, number, limits, layer, feature);
        layer.features.push_back(std::move(feature));
    }
    refuse_damaged(layer.file);
    return layer;
}

Layer import_layer(const std::filesystem::path& path, LayerShape shape, std::string_view name, std::vector<LayerRemark>& remarks,
                   bool allow_vrt, const LayerLimits& limits) {
    check_name(path, limits);
    const Quiet quiet;
    const std::vector<const char*> allowed = import_drivers(allow_vrt);
    Layer layer;
    layer.file = path.string();
    const std::unique_ptr<GDALDataset, CloseDataset> set(
        GDALDataset::Open(layer.file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, allowed.data(), nullptr, nullptr));
    if (set == nullptr) {
        fail(layer.file, msg("the layer cannot be opened"),
             path.extension() == ".vrt" ? msg("a VRT may name any other file") : msg("the system reports: {}", Quiet::last()),
             path.extension() == ".vrt" ? msg("give the file itself, or --allow-vrt") : msg("give a vector file that GDAL reads"));
    }
    const bool osm = std::string_view(set->GetDriverName()) == "OSM";
    if (osm && name.empty()) name = shape == LayerShape::lines ? "lines" : shape == LayerShape::points ? "points" : "multipolygons";
    // OpenStreetMap files are read in one pass; only the layer asked for is built.
    if (osm) set->ReleaseResultSet(set->ExecuteSQL(("SET interest_layers = " + std::string(name)).c_str(), nullptr, nullptr));
    OGRLayer* source = pick(*set, layer.file, name);
    need_reference(source->GetSpatialRef(), layer.file);
    layer.reference = source->GetSpatialRef()->GetName();
    const auto convert = conversion(*source->GetSpatialRef(), layer.file);
    const OGRFeatureDefn* definition = source->GetLayerDefn();
    for (int i = 0; i < definition->GetFieldCount(); ++i) layer.fields.emplace_back(definition->GetFieldDefn(i)->GetNameRef());

    Taker taker(layer, shape, limits);
    source->ResetReading();
    std::size_t number = 0, others = 0;
    std::string other;
    while (const OGRFeatureUniquePtr row{source->GetNextFeature()}) {
        if (++number > limits.features) {
            throw Error(ErrorKind::too_large, msg("'{}' is too large", layer.file), msg("more than {} features", limits.features),
                        msg("give a smaller file"));
        }
        LayerFeature feature;
        take_fields(*row, *definition, number, limits, layer, feature);
        std::unique_ptr<OGRGeometry> geometry(row->StealGeometry());
        const auto drop = [&](Message why) { remarks.push_back({number, true, std::move(why)}); };
        if (geometry == nullptr || geometry->IsEmpty()) {
            drop(msg("it has no shape"));
            continue;
        }
        geometry->flattenTo2D();
        if (geometry->hasCurveGeometry()) geometry.reset(geometry->getLinearGeometry());
        if (!fits(geometry->getGeometryType(), shape)) {
            other = geometry->getGeometryName(), ++others;
            drop(msg("it is a {}, not {}", other, shape_name(shape)));
            continue;
        }
        if (fits(geometry->getGeometryType(), LayerShape::polygons) && !geometry->IsValid()) {
            std::unique_ptr<OGRGeometry> valid(geometry->MakeValid());
            if (valid == nullptr || valid->IsEmpty()) {
                drop(msg("its outline is broken and cannot be repaired"));
                continue;
            }
            if (!fits(wkbFlatten(valid->getGeometryType()), LayerShape::polygons)) {  // a collection with stray lines: its polygons
                auto polygons = std::make_unique<OGRMultiPolygon>();
                if (wkbFlatten(valid->getGeometryType()) == wkbGeometryCollection) {
                    for (const OGRGeometry* part : *valid->toGeometryCollection()) {
                        if (wkbFlatten(part->getGeometryType()) == wkbPolygon) polygons->addGeometry(part);
                    }
                }
                if (polygons->IsEmpty()) {
                    drop(msg("its outline is broken and cannot be repaired"));
                    continue;
                }
                valid = std::move(polygons);
            }
            geometry = std::move(valid);
            remarks.push_back({number, false, msg("its outline crossed itself")});
        }
        if (convert != nullptr && geometry->transform(convert.get()) != OGRERR_NONE) {
            drop(msg("its coordinates are out of range"));
            CPLErrorReset();
            continue;
        }
        try {
            taker.take(geometry.get(), feature);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::bad_district) throw;
            drop(error.why());
            continue;
        }
        layer.features.push_back(std::move(feature));
    }
    refuse_damaged(layer.file);
    if (layer.features.empty() && others > 0) {
        fail(layer.file, msg("the layer holds no {}", shape_name(shape)), msg("it holds {} features such as {}", others, other),
             msg("give a layer of {}", shape_name(shape)));
    }
    return layer;
}

}  // namespace hutong
