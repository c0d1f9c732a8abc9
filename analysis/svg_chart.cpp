#include "analysis/svg_chart.h"

#include <algorithm>
#include <cmath>

#include "analysis/colour_scales.h"
#include "analysis/svg_map.h"

namespace hutong {
namespace {

constexpr double width = 920, plot_height = 248, left = 110, right = 24, legend_top = 42, legend_row = 20, bottom = 36;
constexpr const char* fonts = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','Noto Sans',sans-serif";
constexpr const char* colours[] = {"#1d4f91", "#c8553d", "#2f855a", "#8a5a9e", "#b7791f", "#4a5568", "#0e7490", "#9d174d"};

struct Plane {
    double low = 0, high = 1;
    std::size_t months = 1;
    double top = 0;
    double x(std::size_t row) const {
        return left + (width - left - right) * static_cast<double>(row) / static_cast<double>(std::max<std::size_t>(months - 1, 1));
    }
    double y(double value) const { return top + plot_height * (high - value) / (high - low); }
};

/// Points of a line; it is broken where there is no value.
std::string path_of(const std::vector<double>& values, const Plane& plane) {
    std::string path;
    bool pen_up = true;
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (!std::isfinite(values[row])) {
            pen_up = true;
            continue;
        }
        path += fmt::format("{}{:.1f} {:.1f}", pen_up ? "M" : "L", plane.x(row), plane.y(values[row]));
        pen_up = false;
    }
    return path;
}

std::string band_of(const ChartLine& line, const Plane& plane) {
    std::string path;
    for (std::size_t row = 0; row < line.high.size(); ++row) {
        if (std::isfinite(line.high[row]))
            path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", plane.x(row), plane.y(line.high[row]));
    }
    for (std::size_t row = line.low.size(); row-- > 0;) {
        if (std::isfinite(line.low[row]) && !path.empty()) path += fmt::format("L{:.1f} {:.1f}", plane.x(row), plane.y(line.low[row]));
    }
    return path.empty() ? path : path + "Z";
}

/// Where each line's name stands: rows from the left, as many as needed.
struct LegendPlace {
    double x = 0, y = 0;
};
std::vector<LegendPlace> legend_of(const std::vector<ChartLine>& lines) {
    constexpr double mark = 44, letter = 7.4;
    std::vector<LegendPlace> places;
    double x = left, y = legend_top;
    for (const ChartLine& line : lines) {
        const double wide = mark + letter * text_width(line.name);
        if (x > left && x + wide > width - right) {
            x = left;
            y += legend_row;
        }
        places.push_back({x, y});
        x += wide;
    }
    return places;
}

}  // namespace

double text_width(std::string_view text) {
    double columns = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) columns += byte >= 0xE0U ? 1.75 : 1;
    }
    return columns;
}

std::string draw_chart(const ReportChart& chart, const Text& text) {
    double low = chart.from_zero ? 0 : 1e300, high = -1e300;
    auto reach = [&](const std::vector<double>& values) {
        for (const double v : values) {
            if (!std::isfinite(v)) continue;
            low = std::min(low, v);
            high = std::max(high, v);
        }
    };
    for (const ChartLine& line : chart.lines) {
        reach(line.values);
        reach(line.low);
        reach(line.high);
    }
    if (!(low <= high)) low = 0, high = 1;
    constexpr int marks = 5;
    const auto edges = round_edges(low, high, marks);
    const auto legend = legend_of(chart.lines);
    const double top = (legend.empty() ? legend_top : legend.back().y) + 14, height = top + plot_height + bottom;
    const Plane plane{edges.front(), edges.back(), chart.months.size(), top};
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" font-family=\"{2}\" "
        "font-size=\"13\">\n"
        "<title>{3}</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
        width, height, fonts, escaped_xml(chart.title));
    auto label = [&](double x, double y, const std::string& words, const char* more) {
        svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>\n", x, y, more, escaped_xml(words));
    };
    label(12, 18, chart.title + (chart.unit.empty() || chart.form == Form::share ? "" : " (" + chart.unit + ")"),
          " font-weight=\"bold\" font-size=\"15\"");
    for (const double edge : edges) {
        svg += fmt::format("<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"#dddddd\"/>\n", left, plane.y(edge), width - right);
        label(left - 8, plane.y(edge) + 4, written(text, chart.form, edge), " text-anchor=\"end\" fill=\"#444444\"");
    }
    constexpr std::size_t months_between = 24;
    for (std::size_t row = 0; row < chart.months.size(); row += months_between)
        label(plane.x(row), height - bottom + 20, chart.months[row], " text-anchor=\"middle\" fill=\"#444444\"");
    for (std::size_t k = 0; k < chart.lines.size(); ++k) {
        const ChartLine& line = chart.lines[k];
        const char* colour = line.reference ? "#111111" : colours[line.colour % std::size(colours)];
        const char* dashes = line.reference || line.dashed ? " stroke-dasharray=\"6 4\"" : "";
        if (!line.low.empty()) svg += fmt::format("<path d=\"{}\" fill=\"{}\" opacity=\"0.18\"/>\n", band_of(line, plane), colour);
        svg +=
            fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", path_of(line.values, plane), colour, dashes);
        svg += fmt::format("<path d=\"M{:.1f} {:.1f}h22\" stroke=\"{}\" stroke-width=\"3\"{}/>\n", legend[k].x, legend[k].y - 5, colour,
                           dashes);
        label(legend[k].x + 27, legend[k].y, line.name, "");
    }
    return svg + "</svg>\n";
}

}  // namespace hutong
