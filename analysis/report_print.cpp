#include "analysis/report_print.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "analysis/report_markdown.h"
#include "analysis/svg_chart.h"
#include "analysis/svg_map.h"
#include "core/process.h"
#include "core/safe_file.h"
#include "core/zip_bytes.h"

namespace hutong {

// Embedded by analysis/CMakeLists.txt.
extern const unsigned char* const docx_styles;
extern const std::size_t docx_styles_size;

namespace {

namespace fs = std::filesystem;

constexpr int most_seconds = 120;
constexpr std::size_t columns_on_paper = 10;  // a section with wider tables stands on pages turned sideways (PDF)
constexpr std::size_t columns_in_word_processor = 8;
constexpr std::size_t columns_on_wide_paper = 17;  // wider tables are cut into parts that repeat the columns that name a row
constexpr const char* style =
    "@page wide{size:A4 landscape;margin:13mm 12mm 14mm;@bottom-right{content:counter(page) ' / ' "
    "counter(pages);font-size:8pt;color:#586474}}"
    ".wide{page:wide}.wide table{font-size:7pt}"
    "@page{size:A4;margin:15mm 13mm 16mm;@bottom-right{content:counter(page) ' / ' counter(pages);font-size:8pt;color:#586474}}"
    "body{font-family:'Noto Sans CJK SC','Noto Sans',sans-serif;font-size:9.5pt;color:#1c2430;line-height:1.45}"
    "h1{font-size:20pt;margin:0 0 4pt}h2{font-size:14pt;border-bottom:1.5pt solid #8c2f1b;padding-bottom:2pt;margin-top:20pt}"
    "h3{font-size:11pt;margin:12pt 0 3pt}h2,h3,.note{break-after:avoid}"
    "table{border-collapse:collapse;font-size:7.6pt;line-height:1.3;width:100%;margin:3pt 0 9pt}"
    "th,td{border-bottom:.4pt solid #c9d0da;padding:1.6pt 3pt;text-align:left;vertical-align:top}th{background:#f1f3f6}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}tr{break-inside:avoid}thead{display:table-header-group}"
    ".s{white-space:nowrap}img{max-width:100%;break-inside:avoid}.maps{margin:0}img.map{width:49%}.note{color:#586474;font-size:8pt;margin:"
    "2pt 0}"
    ".warning,.mark{background:#fff3e0;padding:3pt 6pt}";

/// The page and its pictures, written into a folder.
class PaperPage {
public:
    PaperPage(const Report& report, const Results& results, const Text& text, const fs::path& folder, bool for_pandoc)
        : report_(report), results_(results), text_(text), folder_(folder), for_pandoc_(for_pandoc) {}

    fs::path write() {
        out_ = fmt::format(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title><style>{}</style></head><body>\n",
            text_.language() == Language::chinese ? "zh-CN" : "en", escaped_xml(report_.title), style);
        if (!for_pandoc_) out_ += "<h1>" + escaped_xml(report_.title) + "</h1>\n";  // pandoc writes the title itself
        paragraph("note", escaped_xml(report_.subtitle) + "<br>" + escaped_xml(report_.date) + " · " + escaped_xml(report_.generator));
        for (const std::string& mark : report_.marks) paragraph("warning", "<strong>" + escaped_xml(mark) + "</strong>");
        for (const ReportSection& section : report_.sections) {
            wide_ = !for_pandoc_ && std::any_of(section.parts.begin(), section.parts.end(), [](const ReportPart& part) {
                const auto* table = std::get_if<ReportTable>(&part);
                return table != nullptr && table->columns.size() > columns_on_paper;
            });
            if (wide_) out_ += "<div class=\"wide\">\n";
            heading(2, section.title);
            for (const ReportPart& part : section.parts) std::visit([this](const auto& one) { add(one); }, part);
            if (wide_) out_ += "</div>\n";
        }
        out_ += "</body></html>\n";
        write_safely(folder_ / "report.html", out_);
        return folder_ / "report.html";
    }

private:
    std::string picture(const std::string& svg) {
        const std::string name = fmt::format("picture{}.svg", ++pictures_);
        write_safely(folder_ / name, svg);
        return name;
    }
    /// Pandoc turns the first level into the title, so its levels are one higher.
    void heading(int level, const std::string& words) {
        const int shown = for_pandoc_ ? level - 1 : level;
        out_ += fmt::format("<h{0}>{1}</h{0}>\n", shown, escaped_xml(words));
    }
    /// A paragraph of a kind of its own: a class for the browser, a style for the word processor.
    void paragraph(const char* kind, const std::string& markup) {
        if (for_pandoc_) {
            out_ +=
                fmt::format("<div custom-style=\"{}\"><p>{}</p></div>\n", std::string_view(kind) == "note" ? "Note" : "Warning", markup);
        } else {
            out_ += fmt::format("<p class=\"{}\">{}</p>\n", kind, markup);
        }
    }
    void add(const Paragraph& one) {
        if (one.warning) {
            paragraph("warning", escaped_xml(one.text));
        } else {
            out_ += "<p>" + escaped_xml(one.text) + "</p>\n";
        }
    }
    void add(const Bullets& one) {
        out_ += "<ul>";
        for (const std::string& item : one.items) out_ += "<li><p>" + escaped_xml(item) + "</p></li>\n";
        out_ += "</ul>\n";
    }
    void add(const ReportTable& table) {
        const std::size_t columns = table.columns.size(), keys = std::min(table.keys, columns);
        heading(3, table.title);
        if (!table.note.empty()) paragraph("note", escaped_xml(table.note));
        // Parts of about the same width.
        const std::size_t most = (for_pandoc_ ? columns_in_word_processor
                                  : wide_     ? columns_on_wide_paper
                                              : columns_on_paper) -
                                 keys,
                          others = columns - keys;
        const std::size_t parts = std::max<std::size_t>((others + most - 1) / most, 1), each = (others + parts - 1) / parts;
        for (std::size_t k = 0; k < parts; ++k) part(table, keys, keys + k * each, std::min(columns, keys + (k + 1) * each));
        if (table.shown < table.rows.size())
            paragraph("note", escaped_xml(text_(msg("{} of {} rows; all are in the workbook (XLSX) and in the HTML report.", table.shown,
                                                    table.rows.size()))));
    }
    void part(const ReportTable& table, std::size_t keys, std::size_t first, std::size_t end) {
        std::vector<std::size_t> columns;
        for (std::size_t k = 0; k < keys; ++k) columns.push_back(k);
        for (std::size_t k = first; k < end; ++k) columns.push_back(k);
        const std::size_t rows = std::min(table.rows.size(), table.shown);
        out_ += "<table>";
        if (for_pandoc_) out_ += widths(table, columns, rows);
        auto cell = [&](const char* tag, std::size_t column, const std::string& words) {
            const bool number = table.columns[column].form != Form::text;
            constexpr double short_words = 10;  // a date or a code is not broken
            const bool whole = text_width(words) <= short_words || (number && *(tag + 1) == 'd');
            const char* kind = number && whole ? " class=\"n s\"" : number ? " class=\"n\"" : whole ? " class=\"s\"" : "";
            if (for_pandoc_) kind = number ? " style=\"text-align:right\"" : "";
            out_ += fmt::format("<{0}{1}>{2}</{0}>", tag, kind, escaped_xml(words));
        };
        out_ += "<thead><tr>";
        for (const std::size_t k : columns) cell("th", k, table.columns[k].title);
        out_ += "</tr></thead><tbody>\n";
        for (std::size_t r = 0; r < rows; ++r) {
            out_ += "<tr>";
            for (const std::size_t k : columns) cell("td", k, shown_cell(table, r, k, text_));
            out_ += "</tr>\n";
        }
        out_ += "</tbody></table>\n";
    }
    /// Width of the longest piece that is not broken; Chinese may be broken anywhere.
    static double longest_word(std::string_view words) {
        double longest = 0;
        while (!words.empty()) {
            const std::size_t end = std::min(words.find(' '), words.size());
            constexpr double chinese = 8;
            const bool latin = static_cast<unsigned char>(words.front()) < 0x80U;
            longest = std::max(longest, latin ? text_width(words.substr(0, end)) : std::min(text_width(words.substr(0, end)), chinese));
            words.remove_prefix(std::min(end + 1, words.size()));
        }
        return longest;
    }
    /// Shares of the columns by what stands in them; a word processor does not find them itself.
    std::string widths(const ReportTable& table, const std::vector<std::size_t>& columns, std::size_t rows) const {
        constexpr double least = 8, most = 30, bold = 1.2, margin = 1.5, percent = 100;
        constexpr std::size_t sampled = 60;
        std::vector<double> wide;
        double sum = 0;
        for (const std::size_t k : columns) {
            double widest = bold * longest_word(table.columns[k].title);
            for (std::size_t r = 0; r < std::min(rows, sampled); ++r) widest = std::max(widest, text_width(shown_cell(table, r, k, text_)));
            wide.push_back(std::clamp(widest + margin, least, most));
            sum += wide.back();
        }
        std::string out = "<colgroup>";
        for (const double one : wide) out += fmt::format("<col style=\"width:{:.1f}%\">", percent * one / sum);
        return out + "</colgroup>";
    }
    void add(const ReportChart& chart) {
        out_ +=
            fmt::format("<p><img width=\"640\" src=\"{}\" alt=\"{}\"></p>\n", picture(draw_chart(chart, text_)), escaped_xml(chart.title));
    }
    void add(const ReportMap& map) {
        heading(3, map.title);
        out_ += for_pandoc_ ? "<table><colgroup><col style=\"width:50%\"><col style=\"width:50%\"></colgroup><tbody><tr>"
                            : "<p class=\"maps\">";
        for (std::size_t k = 0; k < map.layers.size(); ++k) {
            if (for_pandoc_) out_ += k > 0 && k % 2 == 0 ? "</tr><tr><td>" : "<td>";
            picture_of(map.layers[k], map.months.back());
            if (for_pandoc_) out_ += "</td>";
        }
        out_ += for_pandoc_ ? "</tr></tbody></table>\n" : "</p>\n";
    }
    void picture_of(const MapLayer& layer, const std::string& month) {
        constexpr double percent = 100;
        const bool share = layer.form == Form::share || layer.form == Form::points;
        double far = 0;
        for (const double v : layer.values.back()) far = std::isfinite(v) ? std::max(far, std::fabs(v)) : far;
        const MapPicture drawn{.title = layer.label,
                               .subtitle = month,
                               .legend = share ? "%" : layer.unit,
                               .notes = report_.marks,
                               .values = layer.values.back(),
                               .unsure = layer.unsure.empty() ? std::vector<std::uint8_t>() : layer.unsure.back(),
                               .interval = layer.interval,
                               .diverging = layer.diverging,
                               .decimals = share           ? 1
                                           : far < percent ? 2
                                                           : 0,
                               .factor = share ? percent : 1};
        out_ += fmt::format("<img class=\"map\" width=\"320\" src=\"{}\" alt=\"{}\">\n", picture(draw_map(results_, drawn, text_)),
                            escaped_xml(text_(msg("{}, {}", layer.label, month))));
    }

    const Report& report_;
    const Results& results_;
    const Text& text_;
    fs::path folder_;
    bool for_pandoc_;
    bool wide_ = false;  ///< the section stands on pages turned sideways
    std::string out_;
    int pictures_ = 0;
};

/// A4, narrow margins and the styles of analysis/page/docx_styles.xml, for pandoc to take.
std::string template_document() {
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
                      relations = "http://schemas.openxmlformats.org/package/2006/relationships",
                      office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                      word = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
    const std::string types =
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"" +
        word + "document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"" + word + "styles+xml\"/></Types>";
    auto one = [&](const char* kind, const char* target) {
        return "<Relationships xmlns=\"" + relations + "\"><Relationship Id=\"rId1\" Type=\"" + office + "/" + kind + "\" Target=\"" +
               target + "\"/></Relationships>";
    };
    const std::string body =
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:sectPr>"
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"850\" w:right=\"794\" w:bottom=\"850\" w:left=\"794\" "
        "w:header=\"400\" w:footer=\"400\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";
    return zip_bytes({{"[Content_Types].xml", head + types},
                      {"_rels/.rels", head + one("officeDocument", "word/document.xml")},
                      {"word/document.xml", head + body},
                      {"word/_rels/document.xml.rels", head + one("styles", "styles.xml")},
                      {"word/styles.xml", std::string(reinterpret_cast<const char*>(docx_styles), docx_styles_size)}});
}

fs::path converter(const char* name, const char* package) {
    const fs::path found = find_program(name);
    if (found.empty()) {
        throw Error(ErrorKind::usage, msg("this report needs the program '{}'", name), msg("it is not on PATH"),
                    msg("install it: apt-get install {}", package));
    }
    return found;
}

std::string converted(const std::vector<std::string>& argv, const fs::path& folder, const fs::path& out, std::string_view magic) {
    const ProcessEnd end = run_process(argv, folder, most_seconds);
    std::string bytes;
    if (std::error_code none; !end.too_slow && fs::is_regular_file(out, none)) bytes = read_file(out);
    if (end.code == 0 && bytes.starts_with(magic)) return bytes;
    std::string words = end.output;
    std::replace(words.begin(), words.end(), '\n', ' ');
    throw Error(ErrorKind::cannot_write, msg("'{}' did not make the report", argv.front()),
                end.too_slow ? msg("it took more than {} seconds", most_seconds) : msg("it says: {}", words.empty() ? "-" : words),
                msg("try another format, or install it again"));
}

}  // namespace

std::string print_pdf(const Report& report, const Results& results, const Text& text) {
    const fs::path chromium = converter("chromium", "chromium");
    const PrivateFolder folder;
    const fs::path page = PaperPage(report, results, text, folder.path(), false).write(), out = folder.path() / "report.pdf";
    std::vector<std::string> argv{chromium.string(),
                                  "--headless=new",
                                  "--disable-gpu",
                                  "--disable-dev-shm-usage",
                                  "--disable-background-networking",
                                  "--no-first-run",
                                  "--no-pdf-header-footer",
                                  "--generate-pdf-document-outline",
                                  "--user-data-dir=" + (folder.path() / "profile").string(),
                                  "--print-to-pdf=" + out.string()};
    if (::geteuid() == 0) argv.emplace_back("--no-sandbox");  // Chromium refuses root without it
    argv.push_back("file://" + page.string());
    return converted(argv, folder.path(), out, "%PDF");
}

std::string print_docx(const Report& report, const Results& results, const Text& text) {
    const fs::path pandoc = converter("pandoc", "pandoc");
    converter("rsvg-convert", "librsvg2-bin");  // pandoc calls it for the pictures
    const PrivateFolder folder;
    const fs::path page = PaperPage(report, results, text, folder.path(), true).write(), out = folder.path() / "report.docx",
                   look = folder.path() / "look.docx";
    write_safely(look, template_document());
    return converted({pandoc.string(), "--from=html", "--to=docx", "--reference-doc=" + look.string(),
                      "--resource-path=" + folder.path().string(), "--output=" + out.string(), page.string()},
                     folder.path(), out, "PK");
}

}  // namespace hutong
