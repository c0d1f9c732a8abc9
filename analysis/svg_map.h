/// A map of the blocks as one SVG file: choropleth with legend, unit and the marks of the run.
#pragma once

#include <string>
#include <vector>

#include "core/text.h"
#include "sim/results.h"

namespace hutong {

struct MapPicture {
    std::string title, subtitle;
    std::string legend;              ///< what the colours mean, with the unit
    std::vector<std::string> notes;  ///< marks of the run, written under the map
    std::vector<double> values;      ///< [block], NaN: no value
    /// [block], 1: hatched grey instead of its colour, because an interval of the difference contains zero.
    std::vector<std::uint8_t> unsure;
    std::string interval;    ///< which one, in a word
    bool diverging = false;  ///< a change: two hues, middle at zero
    int decimals = 0;        ///< of the legend's figures
    double factor = 1;       ///< legend's figures are value * factor (100 for per cent)
};

std::string draw_map(const Results& results, const MapPicture& picture, const Text& text);

/// `&<>"'` as entities.
std::string escaped_xml(std::string_view text);

}  // namespace hutong
