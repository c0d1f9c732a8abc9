#include "scenarios/street_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace hutong {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
constexpr double cell_m = 100;  // of the grid of edges

double distance_m(const Point& a, const Point& b) {
    const double dx = a.x_m - b.x_m, dy = a.y_m - b.y_m;
    return std::sqrt(dx * dx + dy * dy);
}

/// Projection on a segment: metres from its first point, and the distance to it.
std::pair<double, double> project(const Point& p, const Point& a, const Point& b) {
    const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m, square = dx * dx + dy * dy;
    const double share = square > 0 ? std::clamp(((p.x_m - a.x_m) * dx + (p.y_m - a.y_m) * dy) / square, 0.0, 1.0) : 0.0;
    return {share * std::sqrt(square), distance_m(p, {a.x_m + share * dx, a.y_m + share * dy})};
}

std::uint32_t root(std::vector<std::uint32_t>& of, std::uint32_t node) {
    while (of[node] != node) node = of[node] = of[of[node]];
    return node;
}

}  // namespace

StreetGraph::StreetGraph(const WalkingNetwork& network) {
    for (std::size_t node = 0; node < network.nodes(); ++node)
        add_node({network.x_m(NodeId(node)), network.y_m(NodeId(node))}, network.block(NodeId(node)), true);
    for (std::uint32_t node = 0; node < network.nodes(); ++node) {
        for (const auto& arc : network.arcs(NodeId(node))) {
            if (arc.to > node) edges_.push_back({node, arc.to, arc.length_dm * 0.1});
        }
    }
    cuts_.resize(edges_.size());
}

StreetGraph::StreetGraph(const std::vector<std::vector<Point>>& lines, double snap_m, StreetRepairs& repairs) {
    // Vertices in a grid of the snapping distance: a new one looks for an earlier one in the nine cells around it.
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::uint32_t>> cells;
    const double side = std::max(snap_m, 0.05);
    const auto vertex = [&](const Point& p) {
        const auto cx = static_cast<std::int64_t>(std::floor(p.x_m / side)), cy = static_cast<std::int64_t>(std::floor(p.y_m / side));
        std::uint32_t best = none;
        for (std::int64_t x = cx - 1; x <= cx + 1; ++x) {
            for (std::int64_t y = cy - 1; y <= cy + 1; ++y) {
                const auto cell = cells.find({x, y});
                if (cell == cells.end()) continue;
                for (const std::uint32_t node : cell->second) {
                    const double away = distance_m(nodes_[node], p);
                    if (away <= side && (best == none || away < distance_m(nodes_[best], p))) best = node;
                }
            }
        }
        if (best != none) {
            repairs.merged += distance_m(nodes_[best], p) > 0 ? 1 : 0;
            return best;
        }
        cells[{cx, cy}].push_back(static_cast<std::uint32_t>(nodes_.size()));
        return add_node(p, BlockId::none(), false);
    };
    for (const std::vector<Point>& line : lines) {
        for (std::size_t i = 1; i < line.size(); ++i) {
            const std::uint32_t from = vertex(line[i - 1]), to = vertex(line[i]);
            if (from == to) {
                ++repairs.without_length;
                continue;
            }
            edges_.push_back({from, to, distance_m(nodes_[from], nodes_[to])});
        }
    }
    cuts_.resize(edges_.size());
}

std::uint32_t StreetGraph::add_node(const Point& at, BlockId block, bool taken) {
    nodes_.push_back(at);
    block_.push_back(block);
    taken_.push_back(taken ? 1 : 0);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

double StreetGraph::straight_m(const Edge& edge) const { return distance_m(nodes_[edge.from], nodes_[edge.to]); }

void StreetGraph::index() {
    if (indexed_) return;
    cuts_.resize(edges_.size());
    low_ = {std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
    Point high{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest()};
    for (const Edge& edge : edges_) {
        for (const std::uint32_t node : {edge.from, edge.to}) {
            low_ = {std::min(low_.x_m, nodes_[node].x_m), std::min(low_.y_m, nodes_[node].y_m)};
            high = {std::max(high.x_m, nodes_[node].x_m), std::max(high.y_m, nodes_[node].y_m)};
        }
    }
    wide_ = static_cast<std::int64_t>((high.x_m - low_.x_m) / cell_m) + 1;
    high_ = static_cast<std::int64_t>((high.y_m - low_.y_m) / cell_m) + 1;
    first_.assign(static_cast<std::size_t>(wide_ * high_) + 1, 0);
    const auto cells_of = [&](const Edge& edge, const auto& f) {
        const Point &a = nodes_[edge.from], &b = nodes_[edge.to];
        const auto column = [&](double x) { return static_cast<std::int64_t>((x - low_.x_m) / cell_m); };
        const auto line = [&](double y) { return static_cast<std::int64_t>((y - low_.y_m) / cell_m); };
        for (std::int64_t y = line(std::min(a.y_m, b.y_m)); y <= line(std::max(a.y_m, b.y_m)); ++y) {
            for (std::int64_t x = column(std::min(a.x_m, b.x_m)); x <= column(std::max(a.x_m, b.x_m)); ++x)
                f(static_cast<std::size_t>(y * wide_ + x));
        }
    };
    for (const Edge& edge : edges_) cells_of(edge, [&](std::size_t cell) { ++first_[cell + 1]; });
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    listed_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (std::uint32_t e = 0; e < edges_.size(); ++e) cells_of(edges_[e], [&](std::size_t cell) { listed_[next[cell]++] = e; });
    indexed_ = true;
}

/// Calls f(edge) for the edges listed in the cells of a rectangle (some more than once).
template <class F>
void StreetGraph::near(const Point& low, const Point& high, const F& f) const {
    const auto at = [](double from, double to, std::int64_t most) {
        return std::clamp(static_cast<std::int64_t>(std::floor((to - from) / cell_m)), std::int64_t{0}, most - 1);
    };
    for (std::int64_t y = at(low_.y_m, low.y_m, high_); y <= at(low_.y_m, high.y_m, high_); ++y) {
        for (std::int64_t x = at(low_.x_m, low.x_m, wide_); x <= at(low_.x_m, high.x_m, wide_); ++x) {
            const auto cell = static_cast<std::size_t>(y * wide_ + x);
            for (std::uint32_t i = first_[cell]; i < first_[cell + 1]; ++i) f(listed_[i]);
        }
    }
}

StreetGraph::Access StreetGraph::nearest(const Point& place) {
    index();
    Access best{none, 0, std::numeric_limits<double>::max()};
    // Rings of cells, wider and wider, until nothing nearer can lie outside.
    const double whole =
        cell_m * static_cast<double>(wide_ + high_) + std::max(std::fabs(place.x_m - low_.x_m), std::fabs(place.y_m - low_.y_m));
    for (double radius = cell_m;; radius *= 2) {
        near({place.x_m - radius, place.y_m - radius}, {place.x_m + radius, place.y_m + radius}, [&](std::uint32_t e) {
            const auto [along, away] = project(place, nodes_[edges_[e].from], nodes_[edges_[e].to]);
            if (away < best.away_m || (away == best.away_m && e < best.edge)) best = {e, along, away};
        });
        if (best.away_m <= radius || radius > 2 * whole) return best;
    }
}

std::uint32_t StreetGraph::stand(const Access& access, BlockId block, double merge_m) {
    const Edge& edge = edges_[access.edge];
    const double straight = straight_m(edge);
    const auto fits = [&](std::uint32_t node) { return !taken_[node] || block_[node] == block; };
    const auto take = [&](std::uint32_t node) {
        taken_[node] = 1;
        block_[node] = block;
        return node;
    };
    if (access.along_m <= merge_m && access.along_m <= straight - access.along_m && fits(edge.from)) return take(edge.from);
    if (straight - access.along_m <= merge_m && fits(edge.to)) return take(edge.to);
    std::uint32_t best = none;
    double gap = merge_m;
    for (const Cut& cut : cuts_[access.edge]) {
        const double apart = std::fabs(cut.along_m - access.along_m);
        if (apart <= gap && block_[cut.node] == block) best = cut.node, gap = apart;
    }
    if (best != none) return best;
    const double share = straight > 0 ? access.along_m / straight : 0;
    const Point &a = nodes_[edge.from], &b = nodes_[edge.to];
    const Point at{a.x_m + share * (b.x_m - a.x_m), a.y_m + share * (b.y_m - a.y_m)};
    const std::uint32_t node = add_node(at, block, true);
    cuts_[access.edge].push_back({access.edge, access.along_m, node});
    return node;
}

void StreetGraph::cut_edges() {
    std::vector<Edge> all;
    cuts_.resize(edges_.size());
    for (std::size_t e = 0; e < edges_.size(); ++e) {
        const Edge edge = edges_[e];
        std::vector<Cut>& cuts = cuts_[e];
        std::stable_sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.along_m < b.along_m; });
        const double straight = straight_m(edge), factor = straight > 0 ? edge.length_m / straight : 1;
        std::uint32_t from = edge.from;
        double at = 0;
        for (const Cut& cut : cuts) {
            all.push_back({from, cut.node, (cut.along_m - at) * factor});
            from = cut.node, at = cut.along_m;
        }
        all.push_back({from, edge.to, (straight - at) * factor});
        if (cuts.empty()) all.back().length_m = edge.length_m;
    }
    edges_ = std::move(all);
    cuts_.assign(edges_.size(), {});
    indexed_ = false;
}

void StreetGraph::split_crossings(StreetRepairs& repairs) {
    index();
    const std::size_t before = edges_.size();
    for (std::uint32_t e = 0; e < before; ++e) {
        const Edge one = edges_[e];
        const Point a = nodes_[one.from], b = nodes_[one.to];
        std::vector<std::uint32_t> others;
        near({std::min(a.x_m, b.x_m), std::min(a.y_m, b.y_m)}, {std::max(a.x_m, b.x_m), std::max(a.y_m, b.y_m)}, [&](std::uint32_t other) {
            if (other > e) others.push_back(other);
        });
        std::sort(others.begin(), others.end());
        others.erase(std::unique(others.begin(), others.end()), others.end());
        for (const std::uint32_t other : others) {
            const Edge two = edges_[other];
            if (one.from == two.from || one.from == two.to || one.to == two.from || one.to == two.to) continue;
            const Point c = nodes_[two.from], d = nodes_[two.to];
            const double rx = b.x_m - a.x_m, ry = b.y_m - a.y_m, sx = d.x_m - c.x_m, sy = d.y_m - c.y_m, cross = rx * sy - ry * sx;
            if (cross == 0) continue;
            const double t = ((c.x_m - a.x_m) * sy - (c.y_m - a.y_m) * sx) / cross,
                         u = ((c.x_m - a.x_m) * ry - (c.y_m - a.y_m) * rx) / cross;
            if (!(t > 0 && t < 1 && u > 0 && u < 1)) continue;
            const std::uint32_t node = add_node({a.x_m + t * rx, a.y_m + t * ry}, BlockId::none(), false);
            cuts_[e].push_back({e, t * straight_m(one), node});
            cuts_[other].push_back({other, u * straight_m(two), node});
            ++repairs.crossings;
        }
    }
    cut_edges();
}

void StreetGraph::join_dead_ends(double join_m, StreetRepairs& repairs) {
    std::vector<std::uint32_t> degree(nodes_.size(), 0), only(nodes_.size(), 0);
    for (std::uint32_t e = 0; e < edges_.size(); ++e) {
        for (const std::uint32_t node : {edges_[e].from, edges_[e].to}) ++degree[node], only[node] = e;
    }
    index();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> joints;
    for (std::uint32_t node = 0; node < degree.size(); ++node) {
        if (degree[node] != 1) continue;
        const Point at = nodes_[node];
        Access best{none, 0, join_m};
        near({at.x_m - join_m, at.y_m - join_m}, {at.x_m + join_m, at.y_m + join_m}, [&](std::uint32_t e) {
            const Edge& edge = edges_[e];
            const Edge& own = edges_[only[node]];
            if (e == only[node] || edge.from == own.from || edge.from == own.to || edge.to == own.from || edge.to == own.to) return;
            const auto [along, away] = project(at, nodes_[edge.from], nodes_[edge.to]);
            if (away < best.away_m || (away == best.away_m && e < best.edge)) best = {e, along, away};
        });
        if (best.edge == none) continue;
        joints.emplace_back(node, stand(best, BlockId::none(), join_m));
        ++repairs.joined;
    }
    cut_edges();
    for (const auto& [from, to] : joints) {
        if (from != to) edges_.push_back({from, to, distance_m(nodes_[from], nodes_[to])});
        taken_[to] = 0;
    }
    cuts_.resize(edges_.size());
    indexed_ = false;
}

void StreetGraph::keep_largest_part(StreetRepairs& repairs) {
    std::vector<std::uint32_t> part(nodes_.size());
    std::iota(part.begin(), part.end(), 0U);
    for (const Edge& edge : edges_) {
        const std::uint32_t a = root(part, edge.from), b = root(part, edge.to);
        part[std::max(a, b)] = std::min(a, b);
    }
    std::map<std::uint32_t, double> length;
    for (const Edge& edge : edges_) length[root(part, edge.from)] += edge.length_m;
    if (length.size() < 2) return;
    const auto longest =
        std::max_element(length.begin(), length.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
    repairs.islands += length.size() - 1;
    for (const auto& [of, metres] : length) repairs.island_m += of == longest ? 0 : metres;
    std::erase_if(edges_, [&](const Edge& edge) { return root(part, edge.from) != longest; });
    cuts_.assign(edges_.size(), {});
    indexed_ = false;
}

std::vector<std::uint32_t> StreetGraph::simplify() {
    std::vector<std::vector<std::uint32_t>> edges_at(nodes_.size());
    for (std::uint32_t e = 0; e < edges_.size(); ++e) {
        edges_at[edges_[e].from].push_back(e);
        edges_at[edges_[e].to].push_back(e);
    }
    std::vector<std::uint8_t> gone(edges_.size(), 0);
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
        if (taken_[node] || edges_at[node].size() != 2) continue;
        const std::uint32_t first = edges_at[node][0], second = edges_at[node][1];
        const auto other = [&](std::uint32_t e) { return edges_[e].from == node ? edges_[e].to : edges_[e].from; };
        const std::uint32_t a = other(first), b = other(second);
        if (first == second || a == b || a == node || b == node) continue;  // a loop or a doubled street keeps its shape
        edges_[first] = {a, b, edges_[first].length_m + edges_[second].length_m};
        gone[second] = 1;
        std::replace(edges_at[b].begin(), edges_at[b].end(), second, first);
        edges_at[node].clear();
    }
    std::vector<Edge> left;
    for (std::size_t e = 0; e < edges_.size(); ++e) {
        if (!gone[e]) left.push_back(edges_[e]);
    }
    std::vector<std::uint32_t> number(nodes_.size(), none);
    for (const Edge& edge : left) number[edge.from] = number[edge.to] = 0;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
        if (taken_[node]) number[node] = 0;
    }
    std::uint32_t count = 0;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
        if (number[node] == none) continue;
        nodes_[count] = nodes_[node], block_[count] = block_[node], taken_[count] = taken_[node];
        number[node] = count++;
    }
    nodes_.resize(count), block_.resize(count), taken_.resize(count);
    for (Edge& edge : left) edge.from = number[edge.from], edge.to = number[edge.to];
    edges_ = std::move(left);
    cuts_.assign(edges_.size(), {});
    indexed_ = false;
    return number;
}

}  // namespace hutong
