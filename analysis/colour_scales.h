/// Colours for values, shared by pictures, report and viewer; readable for the colour-blind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hutong {

struct Colour {
    std::uint8_t red = 0, green = 0, blue = 0;
    std::string hex() const;  ///< "#440154"
};

/// Viridis (van der Walt and Smith 2015, CC0), share 0 (dark) to 1 (light).
Colour viridis(double share);
/// ColorBrewer's RdBu turned round: 0 blue (less), 0.5 nearly white, 1 red (more).
Colour blue_red(double share);

/// Edges of about `bins` classes of equal, round width that cover low..high; at least two edges.
std::vector<double> round_edges(double low, double high, int bins);

}  // namespace hutong
