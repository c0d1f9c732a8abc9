// Homes and work places as points: one each while few are in view, together above twenty thousand.
#include "viz/agent_points.h"

#include <cmath>

#include <gtest/gtest.h>

namespace hutong {
namespace {

MapFrame frame_of_a_square(double zoom = 1) {
    MapBounds box;
    box.add({0, 0});
    box.add({1000, 1000});
    return {box, {500, 500, zoom, false}, 600, 600};
}

TEST(AgentPoints, AreOneEachWhileFew) {
    const std::vector<Point> nodes{{200, 500}, {800, 500}};
    const PlaceCounts counts{{30, 0}, {5, 12}};
    const AgentPoints all = agent_points(nodes, counts, {}, frame_of_a_square(), 600, 600);
    EXPECT_FALSE(all.together);
    EXPECT_EQ(all.homes, 30U);
    EXPECT_EQ(all.posts, 17U);
    ASSERT_EQ(all.points.size(), 47U);
    const MapFrame frame = frame_of_a_square();
    std::size_t work = 0;
    for (std::size_t i = 0; i < all.points.size(); ++i) {
        work += all.points[i].work;
        const Pixel left = frame.pixel(nodes[0]), right = frame.pixel(nodes[1]), at = all.points[i].at;
        EXPECT_LT(std::min(std::hypot(at.x - left.x, at.y - left.y), std::hypot(at.x - right.x, at.y - right.y)), 25) << "beside its node";
        for (std::size_t k = 0; k < i; ++k) EXPECT_FALSE(all.points[k].at.x == at.x && all.points[k].at.y == at.y) << "one over another";
    }
    EXPECT_EQ(work, 17U);
    EXPECT_EQ(agent_points(nodes, counts, {true, false}, frame, 600, 600).points.size(), 30U);
    EXPECT_EQ(agent_points(nodes, counts, {false, true}, frame, 600, 600).points.size(), 17U);
}

TEST(AgentPoints, StayWhereTheyAreWhenAnotherComesOrGoes) {
    const std::vector<Point> nodes{{200, 500}};
    const MapFrame frame = frame_of_a_square();
    const auto before = agent_points(nodes, {{10}, {4}}, {}, frame, 600, 600),
               after = agent_points(nodes, {{11}, {3}}, {}, frame, 600, 600);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(before.points[i].at.x, after.points[i].at.x);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(before.points[10 + i].at.y, after.points[11 + i].at.y);
}

TEST(AgentPoints, AreTogetherWhenManyAndApartAgainWhenZoomedIn) {
    std::vector<Point> nodes;
    PlaceCounts counts;
    for (int y = 0; y < 50; ++y) {
        for (int x = 0; x < 50; ++x) {
            nodes.push_back({20.0 * x + 10, 20.0 * y + 10});
            counts.homes.push_back(x == 25 && y == 25 ? 160 : 40);
            counts.posts.push_back(10);
        }
    }
    const AgentPoints far = agent_points(nodes, counts, {}, frame_of_a_square(), 600, 600);
    EXPECT_TRUE(far.together);
    EXPECT_EQ(far.homes, 2500U * 40 + 120);
    EXPECT_EQ(far.posts, 25000U);
    EXPECT_LE(far.points.size(), most_agent_points);
    EXPECT_GT(far.points.size(), 500U);
    float largest = 0, least = 1e9F;
    for (const AgentPoint& p : far.points) {
        largest = std::max(largest, p.radius);
        least = std::min(least, p.radius);
    }
    EXPECT_GT(largest, 1.2F * least) << "the area tells the number";
    const AgentPoints near = agent_points(nodes, counts, {}, frame_of_a_square(8), 600, 600);
    EXPECT_FALSE(near.together);
    EXPECT_EQ(near.points.size(), near.homes + near.posts);
    EXPECT_LT(near.homes, far.homes) << "only what is in view";
    EXPECT_GT(near.homes, 0U);
}

TEST(AgentPoints, NothingKnownIsNoPoint) {
    EXPECT_TRUE(agent_points({}, {}, {}, frame_of_a_square(), 600, 600).points.empty());
    EXPECT_TRUE(agent_points({{0, 0}, {1, 1}}, {{1}, {1}}, {}, frame_of_a_square(), 0, 0).points.empty());
}

}  // namespace
}  // namespace hutong
