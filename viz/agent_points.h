/// Homes and work places of agents as points of a picture: one point each while they are few, by area where they are
/// many. Pure; the numbers by node come from sim/agent_places.
#pragma once

#include "sim/agent_places.h"
#include "viz/map_frame.h"

namespace hutong {

inline constexpr std::uint64_t most_agent_points = 20'000;  ///< in view; more are put together

struct AgentPoint {
    Pixel at;
    float radius = 0;
    bool work = false;
};

struct AgentPoints {
    std::vector<AgentPoint> points;
    std::uint64_t homes = 0, posts = 0;  ///< in view
    bool together = false;               ///< a point stands for several agents, its area for their number
};

/// Which of the two kinds are wanted.
struct AgentKinds {
    bool homes = true, posts = true;
};

/// `nodes` are the places of PlaceCounts. An agent's point lies beside its node and stays there while the agents before
/// it do; a picture of `width` by `height` pixels is looked at.
AgentPoints agent_points(const std::vector<Point>& nodes, const PlaceCounts& counts, AgentKinds wanted, const MapFrame& frame, float width,
                         float height, float scale = 1);

}  // namespace hutong
