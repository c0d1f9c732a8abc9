#include "analysis/report_markdown.h"

#include <algorithm>
#include <cstring>

namespace hutong {
namespace {

class Document {
public:
    Document(const Report& report, const Text& text) : report_(report), text_(text) {}

    std::string write() {
        out_ = "# " + escaped_markdown(report_.title) + "\n\n" + escaped_markdown(report_.subtitle) + "\n\n" +
               escaped_markdown(report_.date) + " · " + escaped_markdown(report_.generator) + "\n\n";
        for (const std::string& mark : report_.marks) out_ += "> **" + escaped_markdown(mark) + "**\n>\n";
        out_ += "\n";
        for (const ReportSection& section : report_.sections) {
            out_ += "## " + escaped_markdown(section.title) + "\n\n";
            for (const ReportPart& part : section.parts) std::visit([this](const auto& one) { add(one); }, part);
        }
        return out_;
    }

private:
    void add(const Paragraph& one) { out_ += (one.warning ? "> " : "") + escaped_markdown(one.text) + "\n\n"; }

    void add(const Bullets& one) {
        for (const std::string& item : one.items) out_ += "- " + escaped_markdown(item) + "\n";
        out_ += "\n";
    }

    void add(const ReportTable& table) {
        out_ += "### " + escaped_markdown(table.title) + "\n\n";
        if (!table.note.empty()) out_ += escaped_markdown(table.note) + "\n\n";
        std::string rule = "|";
        out_ += "|";
        for (const TableColumn& column : table.columns) {
            out_ += " " + escaped_markdown(column.title) + " |";
            rule += column.form == Form::text ? "---|" : "--:|";
        }
        out_ += "\n" + rule + "\n";
        const std::size_t rows = std::min(table.rows.size(), table.shown);
        for (std::size_t r = 0; r < rows; ++r) {
            out_ += "|";
            for (std::size_t k = 0; k < table.columns.size(); ++k) out_ += " " + escaped_markdown(shown_cell(table, r, k, text_)) + " |";
            out_ += "\n";
        }
        if (rows < table.rows.size()) {
            out_ += "\n" + escaped_markdown(text_(msg("{} of {} rows; the rest is in the HTML report.", rows, table.rows.size()))) + "\n";
        }
        out_ += "\n";
    }

    void add(const ReportChart& chart) { add(yearly_figures(chart, text_)); }

    void add(const ReportMap& map) {
        out_ += "### " + escaped_markdown(map.title) + "\n\n" +
                escaped_markdown(text_(tr("Markdown carries no maps: see the HTML report."))) + "\n\n";
        for (const MapLayer& layer : map.layers) out_ += "- " + escaped_markdown(layer.label) + "\n";
        out_ += "\n";
    }

    const Report& report_;
    const Text& text_;
    std::string out_;
};

}  // namespace

std::string write_markdown(const Report& report, const Text& text) { return Document(report, text).write(); }

std::string escaped_markdown(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) {
            out += ' ';
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '&') {
            out += "&amp;";
        } else {
            if (std::strchr("\\`*_{}[]#|~$", c) != nullptr) out += '\\';
            out += c;
        }
    }
    return out;
}

std::string shown_cell(const ReportTable& table, std::size_t row, std::size_t column, const Text& text) {
    if (column >= table.rows[row].size()) return {};
    const Cell& cell = table.rows[row][column];
    if (!cell.is_number) return cell.text;
    const Form form = table.form(row, column);
    return table.columns[column].change ? written_change(text, form, cell.value) : written(text, form, cell.value);
}

ReportTable yearly_figures(const ReportChart& chart, const Text& text) {
    ReportTable table;
    table.id = chart.id + "-figures";
    table.title = chart.title;
    table.columns.push_back({text(tr("Month")), Form::text, false});
    for (const ChartLine& line : chart.lines) {
        table.columns.push_back({line.name, chart.form, false});
        if (line.low.empty()) continue;
        table.columns.push_back({text(msg("{}, 5 %", line.name)), chart.form, false});
        table.columns.push_back({text(msg("{}, 95 %", line.name)), chart.form, false});
    }
    for (std::size_t row = 0; row < chart.months.size(); ++row) {
        if (!chart.months[row].ends_with("-12") && row != 0 && row + 1 != chart.months.size()) continue;
        std::vector<Cell> cells{chart.months[row]};
        for (const ChartLine& line : chart.lines) {
            cells.emplace_back(line.values[row]);
            if (line.low.empty()) continue;
            cells.emplace_back(line.low[row]);
            cells.emplace_back(line.high[row]);
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

}  // namespace hutong
