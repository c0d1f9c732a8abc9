#include "analysis/report_html.h"

#include <cmath>

#include "analysis/map_geometry.h"
#include "analysis/report_markdown.h"
#include "analysis/svg_map.h"

namespace hutong {

// Embedded by analysis/CMakeLists.txt: the files and the SHA-256 of the scripts, in base 64.
extern const unsigned char* const echarts_js;
extern const std::size_t echarts_js_size;
extern const unsigned char* const report_js;
extern const std::size_t report_js_size;
extern const unsigned char* const report_css;
extern const std::size_t report_css_size;
extern const char* const echarts_js_hash;
extern const char* const report_js_hash;

namespace {

std::string_view embedded(const unsigned char* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

/// Shortest text that reads back to the stored float; null where there is none.
std::string json_number(double value) {
    if (!std::isfinite(value)) return "null";
    return fmt::format("{}", static_cast<float>(value));
}

std::string json_text(std::string_view text) { return "\"" + safe_json_text(text) + "\""; }

std::string json_numbers(const std::vector<double>& values) {
    std::string out = "[";
    for (std::size_t i = 0; i < values.size(); ++i) out += (i > 0 ? "," : "") + json_number(values[i]);
    return out + "]";
}

std::string json_texts(const std::vector<std::string>& values) {
    std::string out = "[";
    for (std::size_t i = 0; i < values.size(); ++i) out += (i > 0 ? "," : "") + json_text(values[i]);
    return out + "]";
}

std::string_view form_name(Form form) {
    switch (form) {
        case Form::share:
            return "share";
        case Form::points:
            return "points";
        case Form::number:
            return "number";
        case Form::area:
            return "area";
        case Form::yuan:
            return "yuan";
        case Form::text:
        case Form::count:
            break;
    }
    return "count";
}

class Page {
public:
    Page(const Report& report, const Text& text) : report_(report), text_(text) {}

    std::string write() {
        body();
        const std::string_view css = embedded(report_css, report_css_size), own = embedded(report_js, report_js_size),
                               echarts = embedded(echarts_js, echarts_js_size);
        std::string page;
        page.reserve(echarts.size() + css.size() + own.size() + out_.size() + charts_.size() + maps_.size() + 16'384);
        page += fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'sha256-{}' 'sha256-{}'; style-src "
            "'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"{}\">\n"
            "<title>{}</title>\n<style>\n",
            text_.language() == Language::chinese ? "zh-CN" : "en", echarts_js_hash, report_js_hash, escaped_xml(report_.generator),
            escaped_xml(report_.title));
        page += css;
        page += "</style>\n</head>\n<body>\n";
        page += out_;
        page += "<script type=\"application/json\" id=\"report-data\">";
        page += data();
        page += "</script>\n<script>";
        page += echarts;
        page += "</script>\n<script>";
        page += own;
        page += "</script>\n</body>\n</html>\n";
        return page;
    }

private:
    std::string t(std::string_view id) const { return escaped_xml(text_(id)); }

    void body() {
        out_ += fmt::format("<a class=\"skip\" href=\"#content\">{}</a>\n<header>\n<h1>{}</h1>\n<p>{}</p>\n<p>{} · {}</p>\n",
                            t(tr("Skip to the content")), escaped_xml(report_.title), escaped_xml(report_.subtitle),
                            escaped_xml(report_.date), escaped_xml(report_.generator));
        if (!report_.marks.empty()) {
            out_ += fmt::format("<ul class=\"marks\" aria-label=\"{}\">", t(tr("Marks of these results")));
            for (const std::string& mark : report_.marks) out_ += "<li>" + escaped_xml(mark) + "</li>";
            out_ += "</ul>\n";
        }
        out_ += fmt::format("</header>\n<div class=\"page\">\n<nav aria-label=\"{}\"><ol>\n", t(tr("Contents")));
        for (const ReportSection& section : report_.sections)
            out_ += fmt::format("<li><a href=\"#part-{}\">{}</a></li>\n", section.id, escaped_xml(section.title));
        out_ += "</ol></nav>\n<main id=\"content\">\n";
        out_ += fmt::format("<noscript><p class=\"warning\">{}</p></noscript>\n",
                            t(tr("Charts, map and sorting need JavaScript; all tables can be read without it.")));
        for (const ReportSection& section : report_.sections) {
            out_ += fmt::format("<section id=\"part-{0}\" aria-labelledby=\"part-{0}-title\">\n<h2 id=\"part-{0}-title\">{1}</h2>\n",
                                section.id, escaped_xml(section.title));
            for (const ReportPart& part : section.parts) std::visit([this](const auto& one) { add(one); }, part);
            out_ += "</section>\n";
        }
        out_ += "</main>\n</div>\n<footer>" + escaped_xml(report_.generator) + " · " + escaped_xml(report_.date);
        for (const std::string& mark : report_.marks) out_ += " · " + escaped_xml(mark);
        out_ += "</footer>\n";
    }

    void add(const Paragraph& one) { out_ += fmt::format("<p{}>{}</p>\n", one.warning ? " class=\"warning\"" : "", escaped_xml(one.text)); }

    void add(const Bullets& one) {
        out_ += "<ul>\n";
        for (const std::string& item : one.items) out_ += "<li>" + escaped_xml(item) + "</li>\n";
        out_ += "</ul>\n";
    }

    void add(const ReportTable& table) {
        out_ += fmt::format("<h3 id=\"{0}-title\">{1}</h3>\n", table.id, escaped_xml(table.title));
        if (!table.note.empty()) out_ += "<p class=\"note\">" + escaped_xml(table.note) + "</p>\n";
        if (table.folded) {
            out_ +=
                fmt::format("<details><summary>{}</summary>\n",
                            escaped_xml(text_(msg("Show the table ({} rows)", text_.count(static_cast<std::int64_t>(table.rows.size()))))));
        }
        rows_of(table);
        if (table.folded) out_ += "</details>\n";
    }

    void rows_of(const ReportTable& table) {
        out_ += fmt::format(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}-title\">\n<table class=\"sortable\" id=\"{0}\" "
            "aria-labelledby=\"{0}-title\">\n<thead><tr>",
            table.id);
        for (const TableColumn& column : table.columns) {
            const bool number = column.form != Form::text;
            if (column.title.empty()) {
                out_ += "<td></td>";
            } else {
                out_ += fmt::format("<th scope=\"col\"{}><button type=\"button\">{}</button></th>", number ? " class=\"n\"" : "",
                                    escaped_xml(column.title));
            }
        }
        out_ += "</tr></thead>\n<tbody>\n";
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            out_ += "<tr>";
            for (std::size_t k = 0; k < table.columns.size(); ++k) {
                const Cell empty;
                const Cell& cell = k < table.rows[r].size() ? table.rows[r][k] : empty;
                if (cell.is_number) {
                    const std::string shown = table.columns[k].change ? written_change(text_, table.form(r, k), cell.value)
                                                                      : written(text_, table.form(r, k), cell.value);
                    out_ += fmt::format("<td class=\"n\" data-v=\"{}\">{}</td>",
                                        std::isfinite(cell.value) ? fmt::format("{}", cell.value) : "", escaped_xml(shown));
                } else if (k == 0 && !cell.text.empty()) {
                    out_ += "<th scope=\"row\">" + escaped_xml(cell.text) + "</th>";
                } else {
                    out_ += "<td>" + escaped_xml(cell.text) + "</td>";
                }
            }
            out_ += "</tr>\n";
        }
        out_ += "</tbody>\n</table>\n</div>\n";
    }

    void add(const ReportChart& chart) {
        out_ += fmt::format(
            "<figure id=\"{0}\"><figcaption id=\"{0}-title\">{1}</figcaption>\n"
            "<div class=\"plot\" id=\"{0}-plot\" role=\"img\" aria-labelledby=\"{0}-title\"></div>\n"
            "<details><summary>{2}</summary>\n",
            chart.id, escaped_xml(chart.title), t(tr("Figures of the chart")));
        const ReportTable table = yearly_figures(chart, text_);
        out_ += fmt::format("<p class=\"note\" id=\"{}-title\">{}</p>\n", table.id, t(tr("Once a year; the workbook holds every month.")));
        rows_of(table);
        out_ += "</details></figure>\n";

        charts_ += charts_.empty() ? "" : ",\n";
        charts_ += fmt::format("{{\"id\":\"{}\",\"form\":\"{}\",\"unit\":{},\"scale\":{},\"months\":{},\"lines\":[", chart.id,
                               form_name(chart.form), json_text(chart.unit), chart.from_zero ? "false" : "true", json_texts(chart.months));
        for (std::size_t k = 0; k < chart.lines.size(); ++k) {
            const ChartLine& line = chart.lines[k];
            charts_ +=
                fmt::format("{}{{\"name\":{},\"reference\":{},\"dashed\":{},\"colour\":{},\"values\":{},\"low\":{},\"high\":{}}}",
                            k > 0 ? "," : "", json_text(line.name), line.reference ? "true" : "false", line.dashed ? "true" : "false",
                            line.colour, json_numbers(line.values), json_numbers(line.low), json_numbers(line.high));
        }
        charts_ += "]}";
    }

    void add(const ReportMap& map) {
        const std::size_t last = map.months.empty() ? 0 : map.months.size() - 1;
        out_ += fmt::format(
            "<figure id=\"{0}\" class=\"map\"><figcaption id=\"{0}-title\">{1}</figcaption>\n<div class=\"controls\">\n"
            "<label for=\"{0}-indicator\">{2}</label> <select id=\"{0}-indicator\">",
            map.id, escaped_xml(map.title), t(tr("Indicator")));
        for (std::size_t k = 0; k < map.layers.size(); ++k)
            out_ += fmt::format("<option value=\"{}\">{}</option>", k, escaped_xml(map.layers[k].label));
        out_ += fmt::format(
            "</select>\n<label for=\"{0}-month\">{1}</label> <input type=\"range\" id=\"{0}-month\" min=\"0\" max=\"{2}\" value=\"{2}\" "
            "step=\"1\">\n"
            "<output id=\"{0}-shown\" for=\"{0}-month\">{3}</output>\n<button type=\"button\" id=\"{0}-play\">{4}</button>\n</div>\n"
            "<p class=\"grey\" id=\"{0}-grey\" hidden></p>\n"
            "<div class=\"plot\" id=\"{0}-plot\" role=\"img\" aria-labelledby=\"{0}-title\"></div>\n"
            "<details><summary>{5}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}-title\">"
            "<table class=\"sortable\" id=\"{0}-figures\" aria-labelledby=\"{0}-title\"><thead><tr><th scope=\"col\"><button "
            "type=\"button\">{6}</button></th>"
            "<th scope=\"col\" class=\"n\"><button "
            "type=\"button\">{7}</button></th>{9}</tr></thead><tbody>{8}</tbody></table></div></details></figure>\n",
            map.id, t(tr("Month")), last, map.months.empty() ? "" : escaped_xml(map.months.back()), t(tr("Play")),
            t(tr("Figures of the map")), t(tr("Block")), t(tr("Value")), figures_of(map),
            marked(map) ? fmt::format("<th scope=\"col\"><button type=\"button\">{}</button></th>", t(tr("Sure"))) : std::string());

        const bool chinese = text_.language() == Language::chinese;
        maps_ += maps_.empty() ? "" : ",\n";
        maps_ += fmt::format("{{\"id\":\"{}\",\"months\":{},\"blocks\":[", map.id, json_texts(map.months));
        for (std::size_t b = 0; b < report_.blocks.size(); ++b) {
            const BlockInfo& block = report_.blocks[b];
            maps_ += fmt::format("{}{{\"code\":{},\"name\":{},\"rings\":[", b > 0 ? "," : "", json_text(block.code),
                                 json_text(chinese ? block.name_zh : block.name_en));
            for (std::size_t r = 0; r < block.rings.size(); ++r) {
                maps_ += r > 0 ? ",[" : "[";
                for (const Point& p : block.rings[r]) maps_ += fmt::format("[{:.1f},{:.1f}],", p.x_m, p.y_m);
                if (!block.rings[r].empty())
                    maps_ += fmt::format("[{:.1f},{:.1f}]", block.rings[r].front().x_m, block.rings[r].front().y_m);
                maps_ += "]";
            }
            maps_ += "]}";
        }
        maps_ += "],\"borders\":[";
        bool first = true;
        for (const auto& [a, b] : subdistrict_borders(report_.blocks)) {
            maps_ += fmt::format("{}[[{:.1f},{:.1f}],[{:.1f},{:.1f}]]", first ? "" : ",", a.x_m, a.y_m, b.x_m, b.y_m);
            first = false;
        }
        maps_ += "],\"places\":[";
        for (std::size_t s = 0; s < report_.subdistricts.size(); ++s) {
            const Point at = subdistrict_middle(report_.blocks, s);
            const SubdistrictInfo& place = report_.subdistricts[s];
            maps_ += fmt::format("{}{{\"name\":{},\"at\":[{:.1f},{:.1f}]}}", s > 0 ? "," : "",
                                 json_text(chinese ? place.name_zh : short_place_name(place.name_en)), at.x_m, at.y_m);
        }
        maps_ += "],\"layers\":[";
        for (std::size_t k = 0; k < map.layers.size(); ++k) {
            const MapLayer& layer = map.layers[k];
            maps_ += fmt::format("{}{{\"label\":{},\"form\":\"{}\",\"diverging\":{},\"grey\":{},\"values\":[", k > 0 ? "," : "",
                                 json_text(layer.label), form_name(layer.form), layer.diverging ? "true" : "false",
                                 json_text(layer.unsure.empty() ? std::string() : grey_words(layer)));
            for (std::size_t y = 0; y < layer.values.size(); ++y) maps_ += (y > 0 ? "," : "") + json_numbers(layer.values[y]);
            maps_ += "],\"unsure\":[";
            for (std::size_t y = 0; y < layer.unsure.size(); ++y)
                maps_ += fmt::format("{}[{}]", y > 0 ? "," : "", fmt::join(layer.unsure[y], ","));
            maps_ += "]}";
        }
        maps_ += "]}";
    }

    static bool marked(const ReportMap& map) {
        return std::any_of(map.layers.begin(), map.layers.end(), [](const MapLayer& layer) { return !layer.unsure.empty(); });
    }
    std::string grey_words(const MapLayer& layer) const {
        return text_(msg("grey: the 95 % interval ({}) of the difference contains 0", layer.interval));
    }

    /// The map's figures as its script shows them first: the first indicator in the last month.
    std::string figures_of(const ReportMap& map) const {
        std::string rows;
        if (map.layers.empty() || map.layers.front().values.empty()) return rows;
        const MapLayer& layer = map.layers.front();
        const bool chinese = text_.language() == Language::chinese;
        for (std::size_t b = 0; b < report_.blocks.size() && b < layer.values.back().size(); ++b) {
            const std::string sure = layer.unsure.empty()          ? std::string("–")
                                     : layer.unsure.back()[b] != 0 ? text_(tr("no"))
                                                                   : text_(tr("yes"));
            rows += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>{}</tr>\n",
                                escaped_xml(chinese ? report_.blocks[b].name_zh : report_.blocks[b].name_en),
                                escaped_xml(written(text_, layer.form, layer.values.back()[b])),
                                marked(map) ? "<td>" + escaped_xml(sure) + "</td>" : std::string());
        }
        return rows;
    }

    std::string data() const {
        struct Word {
            const char* key;
            std::string_view id;
        };
        static constexpr Word words[] = {{"tenThousand", tr(" ten thousand")},
                                         {"hundredMillion", tr(" hundred million")},
                                         {"million", tr(" million")},
                                         {"billion", tr(" billion")},
                                         {"percent", tr(" %")},
                                         {"points", tr(" points")},
                                         {"m2", tr(" m²")},
                                         {"yuan", tr(" yuan")},
                                         {"comma", tr(", ")},
                                         {"yes", tr("yes")},
                                         {"no", tr("no")},
                                         {"play", tr("Play")},
                                         {"stop", tr("Stop")}};
        std::string out = fmt::format("{{\"language\":\"{}\",\"words\":{{", language_code(text_.language()));
        for (std::size_t k = 0; k < std::size(words); ++k)
            out += fmt::format("{}\"{}\":{}", k > 0 ? "," : "", words[k].key, json_text(text_(words[k].id)));
        return out + "},\n\"charts\":[" + charts_ + "],\n\"maps\":[" + maps_ + "]}";
    }

    const Report& report_;
    const Text& text_;
    std::string out_, charts_, maps_;
};

}  // namespace

std::string safe_json_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || c == '<' || c == '>' || c == '&' || c == '\'') {
            out += fmt::format("\\u{:04x}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

std::string write_html(const Report& report, const Text& text) {
    if (echarts_js_size == 0) {
        throw Error(ErrorKind::usage, msg("this program cannot write HTML reports"), msg("it was built without Apache ECharts"),
                    msg("configure the build again with npm and a network, or choose another format"));
    }
    return Page(report, text).write();
}

}  // namespace hutong
