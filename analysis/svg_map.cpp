#include "analysis/svg_map.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/colour_scales.h"
#include "analysis/map_geometry.h"

namespace hutong {
namespace {

constexpr double width = 860, height = 1080, margin = 36, top = 96, bottom = 70, legend_width = 230;
constexpr const char* fonts = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei','Noto Sans',sans-serif";
constexpr const char* no_value_colour = "#d0d0d0";
constexpr const char* unsure_fill = "url(#unsure)";

struct Frame {
    double low_x = 1e18, high_x = -1e18, low_y = 1e18, high_y = -1e18, scale = 1;

    explicit Frame(const std::vector<BlockInfo>& blocks) {
        const MapBounds box = bounds_of(blocks);
        low_x = box.low_x;
        high_x = box.high_x;
        low_y = box.low_y;
        high_y = box.high_y;
        if (high_x > low_x && high_y > low_y) {
            scale = std::min((width - 2 * margin - legend_width) / (high_x - low_x), (height - top - bottom) / (high_y - low_y));
        }
    }
    double x(double x_m) const { return margin + (x_m - low_x) * scale; }
    double y(double y_m) const { return top + (high_y - y_m) * scale; }
};

std::string outline(const BlockInfo& block, const Frame& frame) {
    std::string path;
    for (const auto& ring : block.rings) {
        for (std::size_t i = 0; i < ring.size(); ++i)
            path += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", frame.x(ring[i].x_m), frame.y(ring[i].y_m));
        path += "Z";
    }
    return path;
}

std::string border_path(const std::vector<BlockInfo>& blocks, const Frame& frame) {
    std::string path;
    for (const auto& [a, b] : subdistrict_borders(blocks))
        path += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", frame.x(a.x_m), frame.y(a.y_m), frame.x(b.x_m), frame.y(b.y_m));
    return path;
}

std::string label_at(double x, double y, int size, std::string_view text, std::string_view more = {}) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\"{}>{}</text>\n", x, y, size, more, escaped_xml(text));
}

}  // namespace

std::string escaped_xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) out += c;  // control characters are not XML
        }
    }
    return out;
}

std::string draw_map(const Results& results, const MapPicture& picture, const Text& text) {
    const Frame frame(results.blocks);
    std::vector<double> shown;
    for (const double v : picture.values) shown.push_back(v * picture.factor);
    const auto edges = class_edges(shown, picture.diverging);
    const std::size_t count = edges.size() > 1 ? edges.size() - 1 : 0;
    auto class_colour = [&](std::size_t k) {
        const double share = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0.5;
        return (picture.diverging ? blue_red(share) : viridis(share)).hex();
    };
    auto colour_of = [&](double value) -> std::string {
        if (!std::isfinite(value) || count == 0) return no_value_colour;
        return class_colour(class_of(value * picture.factor, edges));
    };
    const bool chinese = text.language() == Language::chinese;
    auto unsure = [&](std::size_t b) { return b < picture.unsure.size() && picture.unsure[b] != 0; };
    const bool any_unsure = std::find(picture.unsure.begin(), picture.unsure.end(), 1) != picture.unsure.end();
    const std::string interval = text(msg("95 % interval ({})", picture.interval)), contains = text(tr("contains 0"));

    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" font-family=\"{2}\" "
        "fill=\"#222222\">\n",
        width, height, fonts);
    svg +=
        fmt::format("<title>{}</title>\n<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n", escaped_xml(picture.title), width, height);
    if (any_unsure) {
        svg +=
            "<defs><pattern id=\"unsure\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" "
            "fill=\"#b8b8b8\"/><path d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\" stroke=\"#8c8c8c\" stroke-width=\"1.2\"/></pattern></defs>\n";
    }
    svg += label_at(margin, 46, 28, picture.title, " font-weight=\"bold\"");
    svg += label_at(margin, 76, 16, picture.subtitle, " fill=\"#555555\"");
    svg += "<g stroke=\"#ffffff\" stroke-width=\"0.8\">\n";
    for (std::size_t b = 0; b < results.blocks.size(); ++b) {
        const double value = b < picture.values.size() ? picture.values[b] : no_value();
        const BlockInfo& block = results.blocks[b];
        const std::string tip = fmt::format("{} {}: {}{}", block.code, chinese ? block.name_zh : block.name_en,
                                            text.number(value * picture.factor, picture.decimals),
                                            unsure(b) ? fmt::format(" ({} {})", interval, contains) : std::string());
        svg += fmt::format("<path d=\"{}\" fill=\"{}\"><title>{}</title></path>\n", outline(block, frame),
                           unsure(b) ? unsure_fill : colour_of(value), escaped_xml(tip));
    }
    svg += fmt::format("</g>\n<path d=\"{}\" fill=\"none\" stroke=\"#222222\" stroke-width=\"1.6\" stroke-linecap=\"round\"/>\n",
                       border_path(results.blocks, frame));
    svg += "<g text-anchor=\"middle\" paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3.5\" stroke-linejoin=\"round\">\n";
    for (std::size_t s = 0; s < results.subdistricts.size(); ++s) {
        const Point at = subdistrict_middle(results.blocks, s);
        const auto& place = results.subdistricts[s];
        svg += label_at(frame.x(at.x_m), frame.y(at.y_m) + 5, chinese ? 14 : 12, chinese ? place.name_zh : short_place_name(place.name_en));
    }
    svg += "</g>\n";

    // The legend: one box per class, the largest on top.
    const double left = width - margin - legend_width + 24;
    double y = top + 20;
    svg += label_at(left, y, 15, picture.legend, " font-weight=\"bold\"");
    y += 16;
    for (std::size_t k = count; k-- > 0;) {
        svg += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"30\" height=\"22\" fill=\"{}\" stroke=\"#888888\" stroke-width=\"0.5\"/>\n", left, y,
            class_colour(k));
        svg += label_at(left + 40, y + 16, 14,
                        fmt::format("{} – {}", text.number(edges[k], picture.decimals), text.number(edges[k + 1], picture.decimals)));
        y += 26;
    }
    if (std::any_of(picture.values.begin(), picture.values.end(), [](double v) { return !std::isfinite(v); })) {
        svg += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"30\" height=\"22\" fill=\"{}\" stroke=\"#888888\" stroke-width=\"0.5\"/>\n", left, y,
            no_value_colour);
        svg += label_at(left + 40, y + 16, 14, text(tr("no value")));
        y += 26;
    }
    if (any_unsure) {
        svg += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"30\" height=\"28\" fill=\"{}\" stroke=\"#888888\" stroke-width=\"0.5\"/>\n", left, y,
            unsure_fill);
        svg += label_at(left + 40, y + 11, 12, interval);  // two lines: the words do not fit beside the box
        svg += label_at(left + 40, y + 26, 12, contains);
    }
    // Scale bar of one kilometre.
    constexpr double kilometre = 1000;
    const double bar = kilometre * frame.scale, bar_y = height - bottom + 8;
    svg += fmt::format("<path d=\"M{0:.1f} {1:.1f}v6h{2:.1f}v-6\" fill=\"none\" stroke=\"#222222\" stroke-width=\"1.5\"/>\n", left, bar_y,
                       bar);
    svg += label_at(left + bar + 8, bar_y + 8, 13, text(tr("1 km")));
    y = height - bottom + 30;
    for (const std::string& note : picture.notes) {
        svg += label_at(margin, y, 13, note, " fill=\"#a03000\"");
        y += 18;
    }
    svg += "</svg>\n";
    return svg;
}

}  // namespace hutong
