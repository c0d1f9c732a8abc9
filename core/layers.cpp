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
        if (shape_ == LayerShape::points && type == wkbPoint && !geometry->IsEmpty()) {
            const auto* point = geometry->toPoint();
            count(1);
            feature.parts.push_back({{checked(point->getX(), point->getY())}, false});
        } else if (shape_ == LayerShape::lines && type == wkbLineString && !geometry->IsEmpty()) {
            feature.parts.push_back({points_of(geometry->toLineString()), false});
        } else if (shape_ == LayerShape::polygons && type == wkbPolygon && !geometry->IsEmpty()) {
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
    OGRLayer* source = nullptr;
    if (name.empty() && set->GetLayerCount() == 1) source = set->GetLayer(0);
    if (!name.empty()) source = set->GetLayerByName(std::string(name).c_str());
    if (source == nullptr) {
        fail(layer.file, msg("the file has no single layer of this name"), msg("it has {} layers", set->GetLayerCount()),
             msg("name one of them"));
    }

    const OGRSpatialReference* reference = source->GetSpatialRef();
    if (reference == nullptr || reference->IsEmpty() != 0 || std::string_view(reference->GetName()).starts_with("Undefined")) {
        fail(layer.file, msg("the layer has no coordinate reference system"), msg("its places on earth are unknown"),
             msg("set one, e.g. with 'ogr2ogr -a_srs EPSG:4326'"));
    }
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
        for (int i = 0; i < definition->GetFieldCount(); ++i) {
            std::string value = row->IsFieldSetAndNotNull(i) ? row->GetFieldAsString(i) : "";
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
        layer.features.push_back(std::move(feature));
    }
    if (CPLGetLastErrorType() >= CE_Failure) {  // a truncated file ends like a short one, but for this
        fail(layer.file, msg("the layer is damaged"), msg("the system reports: {}", Quiet::last()), msg("make the file again"));
    }
    return layer;
}

}  // namespace hutong
