#include "viz/map_frame.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/viz/hand_made_run.h"

namespace hutong {
namespace {

double area_of(const std::vector<Point>& ring) {
    double twice = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        twice += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    return std::fabs(twice) / 2;
}

double area_of_triangles(const std::vector<Point>& ring) {
    double sum = 0;
    const auto t = triangulated(ring);
    for (std::size_t i = 0; i + 2 < t.size(); i += 3) sum += area_of({ring[t[i]], ring[t[i + 1]], ring[t[i + 2]]});
    return sum;
}

TEST(MapFrame, TrianglesCoverAConcavePolygonWhicheverWayItRuns) {
    std::vector<Point> ring{{0, 0}, {4, 0}, {4, 4}, {2, 1}, {0, 4}};
    EXPECT_NEAR(area_of_triangles(ring), area_of(ring), 1e-9);
    std::reverse(ring.begin(), ring.end());
    EXPECT_NEAR(area_of_triangles(ring), area_of(ring), 1e-9);
    EXPECT_TRUE(triangulated({}).empty());
    EXPECT_TRUE(triangulated({{0, 0}, {1, 1}}).empty());
}

RC_GTEST_PROP(MapFrame, TrianglesCoverEveryStar, ()) {
    const auto radii = *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(3, 30), rc::gen::inRange(1, 1000));
    std::vector<Point> ring;
    for (std::size_t i = 0; i < radii.size(); ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(radii.size());
        ring.push_back({radii[i] * std::cos(angle), radii[i] * std::sin(angle)});
    }
    RC_ASSERT(std::fabs(area_of_triangles(ring) - area_of(ring)) <= 1e-6 * std::max(1.0, area_of(ring)));
}

RC_GTEST_PROP(MapFrame, PixelsAndPointsAreInverse, ()) {
    const double x = *rc::gen::inRange(-100'000, 100'000), y = *rc::gen::inRange(-100'000, 100'000);
    MapBounds box;
    box.add({0, 0});
    box.add({5000, 8000});
    const MapFrame frame(box, {x, y, 3, false}, 800, 600);
    const Point there = frame.point({123, 456});
    RC_ASSERT(std::fabs(frame.pixel(there).x - 123) < 0.05 && std::fabs(frame.pixel(there).y - 456) < 0.05);
}

TEST(MapFrame, FitsTheDistrictInThePicture) {
    const testing::HandMadeRun run;
    const MapFrame frame(bounds_of(run.frame().blocks), {}, 800, 600);
    for (const Point& p : {Point{0, 0}, Point{2000, 1000}}) {
        EXPECT_GE(frame.pixel(p).x, 0);
        EXPECT_LE(frame.pixel(p).x, 800);
        EXPECT_GE(frame.pixel(p).y, 0);
        EXPECT_LE(frame.pixel(p).y, 600);
    }
    EXPECT_LT(frame.pixel({0, 1000}).y, frame.pixel({0, 0}).y) << "north is up";
}

TEST(MapFrame, FindsTheBlockUnderAPoint) {
    const testing::HandMadeRun run;
    EXPECT_EQ(block_at(run.frame().blocks, {500, 500}), std::optional<std::size_t>(0));
    EXPECT_EQ(block_at(run.frame().blocks, {1500, 500}), std::optional<std::size_t>(1));
    EXPECT_FALSE(block_at(run.frame().blocks, {5000, 500}));
}

TEST(MapFrame, SpacesWithoutAPlaceAreSpreadInsideTheirBlock) {
    const testing::HandMadeRun run;
    SpaceLog log;
    for (int i = 0; i < 50; ++i)
        log.spaces.push_back({"X", "", "", {}, {}, {}, {}, static_cast<std::uint16_t>(i % 2), 1, {}, "", {}, false});
    const auto points = space_points(run.frame(), log);
    for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(block_at(run.frame().blocks, points[i]), std::optional<std::size_t>(i % 2));
    EXPECT_NE(points[0].x_m, points[2].x_m);
}

}  // namespace
}  // namespace hutong
