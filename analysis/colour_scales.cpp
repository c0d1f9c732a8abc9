#include "analysis/colour_scales.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

namespace hutong {
namespace {

Colour between(std::span<const Colour> stops, double share) {
    const double position = std::clamp(share, 0.0, 1.0) * static_cast<double>(stops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(position), stops.size() - 2);
    const double part = position - static_cast<double>(below);
    auto mix = [part](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(std::lround(a + part * (b - a))); };
    const Colour &a = stops[below], &b = stops[below + 1];
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

}  // namespace

std::string Colour::hex() const { return fmt::format("#{:02x}{:02x}{:02x}", red, green, blue); }

Colour viridis(double share) {
    static constexpr Colour stops[] = {{68, 1, 84},    {72, 40, 120},  {62, 74, 137},  {49, 104, 142}, {38, 130, 142},
                                       {31, 158, 137}, {53, 183, 121}, {109, 205, 89}, {180, 222, 44}, {253, 231, 37}};
    return between(stops, share);
}

Colour blue_red(double share) {
    static constexpr Colour stops[] = {{5, 48, 97},     {33, 102, 172},  {67, 147, 195}, {146, 197, 222}, {209, 229, 240}, {247, 247, 247},
                                       {253, 219, 199}, {244, 165, 130}, {214, 96, 77},  {178, 24, 43},   {103, 0, 31}};
    return between(stops, share);
}

std::vector<double> round_edges(double low, double high, int bins) {
    if (!(high > low)) high = low + (low == 0 ? 1 : std::fabs(low) * 0.01);
    const double rough = (high - low) / bins;
    const double decade = std::pow(10.0, std::floor(std::log10(rough)));
    double width = decade;
    for (const double step : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        width = step * decade;
        if (width >= rough * 0.999) break;
    }
    std::vector<double> edges;
    const double first = std::floor(low / width + 1e-9);
    const double last = std::ceil(high / width - 1e-9);
    for (double k = first; k <= last; ++k) edges.push_back(k * width);
    return edges;
}

}  // namespace hutong
