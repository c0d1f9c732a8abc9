/// Draws the map of one run into a texture by vertex buffers: blocks as choropleth, streets, borders, facilities,
/// spaces. Drawn again only when what it shows has changed.
#pragma once

#include <memory>

#include <SFML/Graphics/RenderTexture.hpp>
#include <SFML/Graphics/VertexArray.hpp>
#include <SFML/Graphics/VertexBuffer.hpp>

#include "viz/agent_points.h"
#include "viz/map_frame.h"
#include "viz/theme.h"

namespace hutong {

class MapView {
public:
    MapView();
    ~MapView();
    /// Brings the texture of this size up to date with the view; true when it was drawn anew.
    bool update(const ViewModel& view, const Dataset& run, unsigned width, unsigned height);
    std::uint64_t texture() const;
    /// Homes and posts of the last picture, without their points.
    const AgentPoints& agents() const { return agents_; }

private:
    struct Key;
    struct LinesKey;
    void build_geometry(const DatasetFrame& frame);
    void colour_blocks(const ViewModel& view, const Dataset& run);
    void draw_lines(const ViewModel& view, const Dataset& run, const MapFrame& frame);
    void draw_spaces(const ViewModel& view, const Dataset& run, const MapFrame& frame);
    void draw_agents(const ViewModel& view, const Dataset& run, const MapFrame& frame);
    void draw_outline(const ViewModel& view, const MapFrame& frame);

    sf::RenderTexture target_;
    /// Outlines, streets, borders, facilities: smooth lines are dear, and stay the same while months pass.
    sf::RenderTexture lines_;
    sf::Texture disc_;        ///< a white disc with a soft rim, for dots
    sf::VertexArray blocks_;  ///< triangles in metres, coloured by value
    std::vector<std::uint32_t> area_of_vertex_;
    sf::VertexBuffer streets_{sf::Lines, sf::VertexBuffer::Static};
    sf::VertexArray outlines_{sf::Lines}, borders_{sf::Triangles};
    const DatasetFrame* built_for_ = nullptr;
    AgentPoints agents_;
    std::vector<Point> space_points_;
    Theme street_theme_ = Theme::light;
    bool has_streets_ = false;
    std::unique_ptr<Key> drawn_;
    std::unique_ptr<LinesKey> lines_drawn_;
};

}  // namespace hutong
