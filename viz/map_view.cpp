#include "viz/map_view.h"

#include <algorithm>
#include <cmath>

#include <SFML/Graphics/CircleShape.hpp>

namespace hutong {

/// Everything the picture depends on.
struct MapView::Key {
    const Dataset* run = nullptr;
    const Dataset* base = nullptr;
    std::uint64_t version = 0, base_version = 0;
    std::size_t row = 0;
    std::string layer;
    Shown shown{};
    Level level{};
    Theme theme{};
    bool per_area = false, streets = false, spaces = false, facilities = false;
    Camera camera;
    std::optional<std::size_t> block, space;
    unsigned width = 0, height = 0;
    float scale = 1;
    bool operator==(const Key&) const = default;
};

namespace {

constexpr double street_zoom = 1.6;  ///< from this zoom on streets are drawn
constexpr float space_least_px = 3.0F, space_most_px = 9.0F;

sf::Color colour(Colour c, std::uint8_t alpha = 255) { return {c.red, c.green, c.blue, alpha}; }
sf::Vector2f vector(Pixel p) { return {p.x, p.y}; }
sf::Vector2f metres(const Point& p) { return {static_cast<float>(p.x_m), static_cast<float>(p.y_m)}; }

/// A line of this width as two triangles.
void add_thick(sf::VertexArray& out, Pixel a, Pixel b, float width, sf::Color c) {
    const float dx = b.x - a.x, dy = b.y - a.y, length = std::max(1e-3F, std::sqrt(dx * dx + dy * dy));
    const sf::Vector2f n{-dy / length * width / 2, dx / length * width / 2}, along{dx / length * width / 2, dy / length * width / 2};
    const sf::Vector2f p = vector(a) - along, q = vector(b) + along;
    for (const sf::Vector2f v : {p + n, q + n, q - n, p + n, q - n, p - n}) out.append({v, c});
}

/// The transform from metres to pixels of a frame.
sf::Transform metre_transform(const MapFrame& frame) {
    const Pixel origin = frame.pixel({0, 0});
    const auto s = static_cast<float>(frame.pixels_per_metre());
    return {s, 0, origin.x, 0, -s, origin.y, 0, 0, 1};
}

}  // namespace

MapView::MapView() : blocks_(sf::Triangles) {}
MapView::~MapView() = default;

std::uint64_t MapView::texture() const { return target_.getTexture().getNativeHandle(); }

void MapView::build_geometry(const DatasetFrame& frame) {
    blocks_.clear();
    area_of_vertex_.clear();
    outlines_.clear();
    for (std::size_t b = 0; b < frame.blocks.size(); ++b) {
        for (const auto& ring : frame.blocks[b].rings) {
            for (const std::uint32_t i : triangulated(ring)) {
                blocks_.append({metres(ring[i])});
                area_of_vertex_.push_back(static_cast<std::uint32_t>(b));
            }
            for (std::size_t i = 0; i < ring.size(); ++i) {
                outlines_.append({metres(ring[i])});
                outlines_.append({metres(ring[(i + 1) % ring.size()])});
            }
        }
    }
    has_streets_ = !frame.streets.empty() && sf::VertexBuffer::isAvailable();
    built_for_ = &frame;
    drawn_.reset();
}

void MapView::colour_blocks(const ViewModel& view, const Dataset& run) {
    const LayerValues layer = layer_values(view, run);
    const std::size_t classes = layer.edges.size() > 1 ? layer.edges.size() - 1 : 0;
    const Palette& p = palette(view.state.theme);
    for (std::size_t i = 0; i < area_of_vertex_.size(); ++i) {
        std::size_t area = area_of_vertex_[i];
        if (view.state.level == Level::subdistrict) area = run.frame().blocks[area].subdistrict;
        if (view.state.level == Level::district) area = 0;
        const double v = area < layer.values.size() ? layer.values[area] : no_value();
        blocks_[i].color =
            colour(std::isfinite(v) && classes > 0 ? class_colour(class_of(v, layer.edges), classes, layer.diverging) : p.no_value);
    }
    for (std::size_t i = 0; i < outlines_.getVertexCount(); ++i) outlines_[i].color = colour(p.outline, 170);
}

void MapView::draw_spaces(const ViewModel& view, const Dataset& run, const MapFrame& frame) {
    const SpaceLog& log = run.space_log();
    if (space_points_.size() != log.spaces.size()) space_points_ = space_points(run.frame(), log);
    const auto& now = run.spaces_in(std::min(view.state.row, last_row(run)));
    const Palette& p = palette(view.state.theme);
    const float grow = std::clamp(static_cast<float>(std::sqrt(view.state.camera.zoom)) * 0.75F, 0.75F, 3.0F) * view.state.scale;
    sf::CircleShape dot;
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i].stage == SpaceStage::occupied && view.state.space != i) continue;
        const Pixel at = frame.pixel(space_points_[i]);
        const auto size = static_cast<float>(std::sqrt(log.spaces[i].area_m2) / 12);
        const float radius = std::clamp(size, space_least_px, space_most_px) / 2 * grow + 0.6F;
        if (at.x < -radius || at.y < -radius || at.x > static_cast<float>(target_.getSize().x) + radius ||
            at.y > static_cast<float>(target_.getSize().y) + radius) {
            continue;
        }
        const int direction = now[i].use < log.use_direction.size() ? log.use_direction[now[i].use] : -1;
        dot.setRadius(radius);
        dot.setPointCount(radius > 4 ? 20 : 10);
        dot.setOrigin(radius, radius);
        dot.setPosition(vector(at));
        dot.setFillColor(colour(space_colour(now[i].stage, direction, view.state.theme)));
        const bool chosen = view.state.space == i;
        dot.setOutlineColor(colour(chosen ? p.selection : Colour{30, 30, 30}, chosen ? 255 : 190));
        dot.setOutlineThickness(chosen ? 3.0F : view.state.camera.zoom < 2 ? 0.5F : 0.8F);
        target_.draw(dot);
    }
}

void MapView::draw_outline(const ViewModel& view, const MapFrame& frame) {
    if (!view.state.block || *view.state.block >= built_for_->blocks.size()) return;
    sf::VertexArray lines(sf::Triangles);
    const sf::Color c = colour(palette(view.state.theme).selection);
    for (const auto& ring : built_for_->blocks[*view.state.block].rings) {
        for (std::size_t i = 0; i < ring.size(); ++i)
            add_thick(lines, frame.pixel(ring[i]), frame.pixel(ring[(i + 1) % ring.size()]), 3 * view.state.scale, c);
    }
    target_.draw(lines);
}

bool MapView::update(const ViewModel& view, const Dataset& run, unsigned width, unsigned height) {
    if (width == 0 || height == 0) return false;
    if (built_for_ != &run.frame()) build_geometry(run.frame());
    const ViewState& s = view.state;
    auto key = std::make_unique<Key>(Key{&run, view.base, run.version(), view.base ? view.base->version() : 0, s.row, s.layer, s.shown,
                                         s.level, s.theme, s.per_area, s.streets, s.spaces, s.facilities, s.camera, s.block, s.space, width,
                                         height, s.scale});
    if (drawn_ && *drawn_ == *key) return false;
    if (target_.getSize().x != width || target_.getSize().y != height) {
        sf::ContextSettings settings;
        settings.antialiasingLevel = std::min(4U, sf::RenderTexture::getMaximumAntialiasingLevel());
        if (!target_.create(width, height, settings))
            throw Error(ErrorKind::internal, msg("the map cannot be drawn"), msg("OpenGL gave no texture of {} x {}", width, height),
                        msg("make the window smaller"));
        target_.setSmooth(false);
    }
    const Palette& p = palette(s.theme);
    if (has_streets_ && (streets_.getVertexCount() == 0 || street_theme_ != s.theme)) {
        std::vector<sf::Vertex> lines;
        for (const auto& [a, b] : run.frame().streets) {
            lines.emplace_back(metres(a), colour(p.street, 150));
            lines.emplace_back(metres(b), colour(p.street, 150));
        }
        streets_.create(lines.size());
        streets_.update(lines.data());
        street_theme_ = s.theme;
    }
    const MapFrame frame(bounds_of(run.frame().blocks), s.camera, static_cast<float>(width), static_cast<float>(height));
    colour_blocks(view, run);
    target_.setActive(true);
    target_.resetGLStates();
    target_.clear(colour(p.ground));
    const sf::RenderStates in_metres(metre_transform(frame));
    target_.draw(blocks_, in_metres);
    target_.draw(outlines_, in_metres);
    if (has_streets_ && s.streets && s.camera.zoom >= street_zoom) target_.draw(streets_, in_metres);
    borders_.clear();
    for (const auto& [a, b] : run.frame().borders) add_thick(borders_, frame.pixel(a), frame.pixel(b), 1.8F * s.scale, colour(p.border));
    target_.draw(borders_);
    if (s.facilities) {
        sf::VertexArray squares(sf::Quads);
        const float half = std::clamp(static_cast<float>(s.camera.zoom), 1.0F, 4.0F) * s.scale;
        for (const auto& [at, service] : run.frame().facility_sites) {
            const Pixel q = frame.pixel(at);
            const sf::Color c = colour(line_colour(service, s.theme));
            squares.append({{q.x - half, q.y - half}, c});
            squares.append({{q.x + half, q.y - half}, c});
            squares.append({{q.x + half, q.y + half}, c});
            squares.append({{q.x - half, q.y + half}, c});
        }
        target_.draw(squares);
    }
    draw_outline(view, frame);
    if (s.spaces) draw_spaces(view, run, frame);
    target_.display();
    drawn_ = std::move(key);
    return true;
}

}  // namespace hutong
