#include "viz/map_view.h"

#include <algorithm>
#include <cmath>

#include <SFML/Graphics/Image.hpp>
#include <SFML/Graphics/Sprite.hpp>

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
    bool per_area = false, streets = false, spaces = false, categories = false, facilities = false, homes = false, work_places = false;
    Camera camera;
    std::optional<std::size_t> block, space;
    unsigned width = 0, height = 0;
    float scale = 1;
    bool operator==(const Key&) const = default;
};

/// What the lines depend on.
struct MapView::LinesKey {
    const DatasetFrame* frame = nullptr;
    Camera camera;
    Theme theme{};
    bool streets = false, facilities = false;
    unsigned width = 0, height = 0;
    float scale = 1;
    bool operator==(const LinesKey&) const = default;
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

constexpr unsigned disc_px = 64;

/// White inside, transparent outside, two pixels of rim between.
sf::Image disc_image() {
    sf::Image image;
    image.create(disc_px, disc_px, sf::Color(255, 255, 255, 0));
    constexpr float middle = (disc_px - 1) / 2.0F, rim = 3, full = 255;
    for (unsigned y = 0; y < disc_px; ++y) {
        for (unsigned x = 0; x < disc_px; ++x) {
            const float d = std::hypot(static_cast<float>(x) - middle, static_cast<float>(y) - middle);
            const float inside = std::clamp((middle - d) / rim, 0.0F, 1.0F);
            image.setPixel(x, y, sf::Color(255, 255, 255, static_cast<std::uint8_t>(full * inside)));
        }
    }
    return image;
}

void add_disc(sf::VertexArray& out, Pixel at, float radius, sf::Color c) {
    const float r = radius * 1.05F;  // the rim lies half inside
    constexpr auto side = static_cast<float>(disc_px);
    out.append({{at.x - r, at.y - r}, c, {0, 0}});
    out.append({{at.x + r, at.y - r}, c, {side, 0}});
    out.append({{at.x + r, at.y + r}, c, {side, side}});
    out.append({{at.x - r, at.y + r}, c, {0, side}});
}

/// The transform from metres to pixels of a frame.
sf::Transform metre_transform(const MapFrame& frame) {
    const Pixel origin = frame.pixel({0, 0});
    const auto s = static_cast<float>(frame.pixels_per_metre());
    return {s, 0, origin.x, 0, -s, origin.y, 0, 0, 1};
}

}  // namespace

MapView::MapView() : blocks_(sf::Triangles) {
    disc_.loadFromImage(disc_image());
    disc_.setSmooth(true);
    disc_.generateMipmap();
}
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
    lines_drawn_.reset();
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
}

void MapView::draw_spaces(const ViewModel& view, const Dataset& run, const MapFrame& frame) {
    const SpaceLog& log = run.space_log();
    if (space_points_.size() != log.spaces.size()) space_points_ = space_points(run.frame(), log);
    const auto& now = run.spaces_in(std::min(view.state.row, last_row(run)));
    const Palette& p = palette(view.state.theme);
    const float grow = std::clamp(static_cast<float>(std::sqrt(view.state.camera.zoom)) * 0.75F, 0.75F, 3.0F) * view.state.scale;
    sf::VertexArray dots(sf::Quads);
    for (std::size_t i = 0; i < now.size(); ++i) {
        const bool chosen = view.state.space == i;
        if (now[i].stage == SpaceStage::occupied && !chosen) continue;
        const Pixel at = frame.pixel(space_points_[i]);
        const auto size = static_cast<float>(std::sqrt(log.spaces[i].area_m2) / 12);
        const float radius = std::clamp(size, space_least_px, space_most_px) / 2 * grow + 0.6F;
        if (at.x < -radius || at.y < -radius || at.x > static_cast<float>(target_.getSize().x) + radius ||
            at.y > static_cast<float>(target_.getSize().y) + radius) {
            continue;
        }
        const int direction = now[i].use < log.use_direction.size() ? log.use_direction[now[i].use] : -1;
        const float rim = chosen ? 3.0F : view.state.camera.zoom < 2 ? 0.5F : 0.8F;
        add_disc(dots, at, radius + rim, colour(chosen ? p.selection : Colour{30, 30, 30}, chosen ? 255 : 190));
        add_disc(dots, at, radius,
                 colour(view.state.categories ? category_colour(log.spaces[i].category, view.state.theme)
                                              : space_colour(now[i].stage, direction, view.state.theme)));
    }
    target_.draw(dots, sf::RenderStates(&disc_));
}

void MapView::draw_agents(const ViewModel& view, const Dataset& run, const MapFrame& frame) {
    agents_ = {};
    const ViewState& s = view.state;
    if (!s.homes && !s.work_places) return;
    const auto counts = run.places_in(std::min(s.row, last_row(run)));
    if (!counts) return;
    agents_ = agent_points(run.frame().nodes, *counts, {s.homes, s.work_places}, frame, static_cast<float>(target_.getSize().x),
                           static_cast<float>(target_.getSize().y), s.scale);
    // Homes are squares, work places stand on a corner: told apart without colour. A light rim makes both readable on any class.
    sf::VertexArray quads(sf::Quads);
    // Opaque, so that software drawing need not blend thousands of them.
    const sf::Color rim(240, 240, 240), home = colour(home_colour()), work = colour(work_colour());
    auto add = [&](const AgentPoint& p, float r, sf::Color c) {
        const float x = p.at.x, y = p.at.y, q = r * 1.3F;
        if (p.work) {
            for (const sf::Vector2f v : {sf::Vector2f{x - q, y}, {x, y - q}, {x + q, y}, {x, y + q}}) quads.append({v, c});
        } else {
            for (const sf::Vector2f v : {sf::Vector2f{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}}) quads.append({v, c});
        }
    };
    for (const AgentPoint& p : agents_.points) {
        add(p, p.radius + 0.7F * s.scale, rim);
        add(p, p.radius, p.work ? work : home);
    }
    target_.draw(quads, sf::RenderStates(sf::BlendNone));
    agents_.points.clear();
    agents_.points.shrink_to_fit();
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
    auto key = std::make_unique<Key>(Key{&run,         view.base,    run.version(), view.base ? view.base->version() : 0,
                                         s.row,        s.layer,      s.shown,       s.level,
                                         s.theme,      s.per_area,   s.streets,     s.spaces,
                                         s.categories, s.facilities, s.homes,       s.work_places,
                                         s.camera,     s.block,      s.space,       width,
                                         height,       s.scale});
    if (drawn_ && *drawn_ == *key) return false;
    if (target_.getSize().x != width || target_.getSize().y != height) {
        sf::ContextSettings smooth;
        smooth.antialiasingLevel = std::min(4U, sf::RenderTexture::getMaximumAntialiasingLevel());
        if (!target_.create(width, height) || !lines_.create(width, height, smooth))
            throw Error(ErrorKind::internal, msg("the map cannot be drawn"), msg("OpenGL gave no texture of {} x {}", width, height),
                        msg("make the window smaller"));
        target_.setSmooth(false);
        lines_drawn_.reset();
    }
    const MapFrame frame(bounds_of(run.frame().blocks), s.camera, static_cast<float>(width), static_cast<float>(height));
    draw_lines(view, run, frame);
    colour_blocks(view, run);
    target_.setActive(true);
    target_.resetGLStates();
    target_.clear(colour(palette(s.theme).ground));
    target_.draw(blocks_, sf::RenderStates(metre_transform(frame)));
    // What was drawn over nothing holds colours already weighted by their opacity.
    const sf::Sprite lines(lines_.getTexture());
    target_.draw(lines, sf::RenderStates(sf::BlendMode(sf::BlendMode::One, sf::BlendMode::OneMinusSrcAlpha)));
    draw_agents(view, run, frame);
    draw_outline(view, frame);
    if (s.spaces) draw_spaces(view, run, frame);
    target_.display();
    drawn_ = std::move(key);
    return true;
}

void MapView::draw_lines(const ViewModel& view, const Dataset& run, const MapFrame& frame) {
    const ViewState& s = view.state;
    const auto size = lines_.getSize();
    auto key = std::make_unique<LinesKey>(LinesKey{&run.frame(), s.camera, s.theme, s.streets, s.facilities, size.x, size.y, s.scale});
    if (lines_drawn_ && *lines_drawn_ == *key) return;
    const Palette& p = palette(s.theme);
    constexpr std::uint8_t outline_alpha = 170, street_alpha = 150;
    if (has_streets_ && (streets_.getVertexCount() == 0 || street_theme_ != s.theme)) {
        std::vector<sf::Vertex> lines;
        for (const auto& [a, b] : run.frame().streets) {
            lines.emplace_back(metres(a), colour(p.street, street_alpha));
            lines.emplace_back(metres(b), colour(p.street, street_alpha));
        }
        streets_.create(lines.size());
        streets_.update(lines.data());
        street_theme_ = s.theme;
    }
    for (std::size_t i = 0; i < outlines_.getVertexCount(); ++i) outlines_[i].color = colour(p.outline, outline_alpha);
    lines_.setActive(true);
    lines_.resetGLStates();
    lines_.clear(sf::Color::Transparent);
    const sf::RenderStates in_metres(metre_transform(frame));
    lines_.draw(outlines_, in_metres);
    if (has_streets_ && s.streets && s.camera.zoom >= street_zoom) lines_.draw(streets_, in_metres);
    borders_.clear();
    for (const auto& [a, b] : run.frame().borders) add_thick(borders_, frame.pixel(a), frame.pixel(b), 1.8F * s.scale, colour(p.border));
    lines_.draw(borders_);
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
        lines_.draw(squares);
    }
    lines_.display();
    lines_drawn_ = std::move(key);
}

}  // namespace hutong
