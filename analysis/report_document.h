/// A report as a document: sections of paragraphs, tables, charts and maps, in one language, with every figure already
/// chosen. Composed once (analysis/report_content.h); each format writes the same document.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "core/text.h"
#include "sim/results.h"

namespace hutong {

/// How a figure is written.
enum class Form : std::uint8_t {
    text,
    count,   ///< whole number
    share,   ///< share of one, written in per cent
    points,  ///< difference of shares, written in percentage points
    number,  ///< two decimals
    area,    ///< m2
    yuan,
};

/// Form of the figures of an indicator, from its unit as results files have it.
Form form_of_unit(std::string_view unit);
/// Form of a difference of such figures.
Form form_of_change(Form form);
/// The figure in the reader's language: "1,107,000", "59.3 %", "12.3 million m²"; "–" where there is none.
std::string written(const Text& text, Form form, double value);
/// The same with its sign.
std::string written_change(const Text& text, Form form, double value);

struct Cell {
    Cell() = default;
    Cell(std::string words) : text(std::move(words)) {}                                // NOLINT: a cell is made of what it holds
    Cell(const char* words) : text(words) {}                                           // NOLINT
    Cell(double figure) : value(figure), is_number(true) {}                            // NOLINT
    Cell(std::size_t figure) : value(static_cast<double>(figure)), is_number(true) {}  // NOLINT
    std::string text;
    double value = std::numeric_limits<double>::quiet_NaN();
    bool is_number = false;
};

struct TableColumn {
    std::string title;
    Form form = Form::text;  ///< of its numbers
    bool change = false;     ///< numbers carry their sign
};

struct ReportTable {
    std::string id;     ///< of anchors and sheets: "subdistricts_population"
    std::string title;  ///< also the sheet's name where it fits
    std::string note;
    std::vector<TableColumn> columns;
    std::vector<std::vector<Cell>> rows;
    std::size_t shown = std::numeric_limits<std::size_t>::max();  ///< rows in Markdown; all are in HTML
    bool folded = false;                                          ///< long: closed at first in HTML
    std::size_t keys = 1;  ///< columns from the left that say what a row is: repeated where a wide table is cut

    Form form(std::size_t row, std::size_t column) const {
        return row < row_forms.size() && columns[column].form != Form::text ? of_row(row, column) : columns[column].form;
    }
    /// Form by row, for tables whose rows are indicators of different units; empty: the column decides.
    std::vector<Form> row_forms;

private:
    Form of_row(std::size_t row, std::size_t column) const {
        return columns[column].change ? form_of_change(row_forms[row]) : row_forms[row];
    }
};

struct ChartLine {
    std::string name;
    std::vector<double> values;     ///< [month]
    std::vector<double> low, high;  ///< band, or empty
    bool reference = false;         ///< a limit rather than a result: dashed, black
    std::size_t colour = 0;         ///< place in the row of colours
    bool dashed = false;            ///< of an alternative, in the colour of the base's line
};

struct ReportChart {
    std::string id, title, note;
    std::string unit;
    Form form = Form::count;
    std::vector<std::string> months;
    std::vector<ChartLine> lines;
    bool from_zero = false;
};

/// One indicator of the block map by year.
struct MapLayer {
    std::string label, unit;
    Form form = Form::count;
    bool diverging = false;                   ///< a difference: two hues, middle at zero
    std::vector<std::vector<double>> values;  ///< [year][block]
    /// [year][block], 1: the interval of the difference contains zero, drawn grey; empty: no interval is known.
    std::vector<std::vector<std::uint8_t>> unsure;
    std::string interval;  ///< by which interval, in a word of the reader's language
};

struct ReportMap {
    std::string id, title, note;
    std::vector<std::string> months;  ///< labels of the years shown
    std::vector<MapLayer> layers;
};

struct Paragraph {
    std::string text;
    bool warning = false;
};
struct Bullets {
    std::vector<std::string> items;
};

using ReportPart = std::variant<Paragraph, Bullets, ReportTable, ReportChart, ReportMap>;

struct ReportSection {
    std::string id, title;
    std::vector<ReportPart> parts;
};

struct Report {
    Language language = Language::english;
    std::string title, subtitle, generator;  ///< generator: program and version
    std::string date;
    std::vector<std::string> marks;  ///< what every output must say
    std::vector<ReportSection> sections;
    std::vector<BlockInfo> blocks;              ///< outlines for maps
    std::vector<SubdistrictInfo> subdistricts;  ///< of the blocks
};

}  // namespace hutong
