/// Curves over time, drawn with ImGui's draw list: base, alternative, 5-95 % band, target lines; a click jumps to a month.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "viz/view_model.h"

namespace hutong {

struct Curve {
    std::string label;
    std::vector<double> values, low, high;  ///< by row; the band is empty without replicates
    std::vector<double> previous;           ///< by row, before the last change; empty where there is none
    std::size_t colour = 0;
    bool dashed = false;  ///< the base, or a target
    bool target = false;
};

struct Chart {
    std::string title, unit;
    std::vector<Curve> lines;
    bool zero = false;  ///< the axis begins at zero
    double factor = 1;
};

/// The charts of the charts' tab for the area in view (the selected block, else the district).
std::vector<Chart> charts_of(const ViewModel& view);

/// Lines kept while data, area, layer and language stay the same.
class ChartCache {
public:
    const std::vector<Chart>& charts(const ViewModel& view);

private:
    std::string key_;
    std::vector<Chart> charts_;
};

/// Every chart in a picture of this size, in one column or two; or one alone.
void draw_charts(const ViewModel& view, float width, float height, std::optional<std::size_t> one = {});
/// Draws one chart of this size at the cursor; the row that was clicked, if any.
std::optional<std::size_t> draw_chart(const ViewModel& view, const Chart& chart, float width, float height);

/// A table as text for the clipboard and CSV: what the charts' tab shows, by month.
std::vector<std::vector<std::string>> chart_table(const ViewModel& view);

}  // namespace hutong
