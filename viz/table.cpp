#include "viz/table.h"

#include <cmath>

#include <fmt/format.h>

#include "viz/charts.h"

namespace hutong {
namespace {

std::string number(double v) { return std::isfinite(v) ? fmt::format("{}", v) : std::string(); }

/// Spreadsheets take cells that begin so for formulas; numbers may begin with a sign.
std::string harmless(const std::string& cell) {
    if (cell.empty() || std::string_view("=+-@\t\r").find(cell[0]) == std::string_view::npos) return cell;
    char* end = nullptr;
    std::strtod(cell.c_str(), &end);
    return end && *end == 0 && cell[0] != '\t' && cell[0] != '\r' ? cell : "'" + cell;
}

}  // namespace

Table shown_table(const ViewModel& view) {
    if (view.state.tab == Tab::charts) return chart_table(view);
    Table table;
    const DatasetFrame& frame = view.run.frame();
    const std::size_t index = view.run.find(view.state.layer);
    if (index >= frame.indicators.size()) return table;
    const IndicatorInfo& one = frame.indicators[index];
    const std::size_t row = std::min(view.state.row, last_row(view.run));
    const std::string unit = view.text(one.unit);
    table.push_back({view.text(tr("Code")), view.text(view.state.level == Level::block ? tr("Block") : tr("Sub-district")),
                     view.text(tr("Month")), view.text(msg("{} ({})", label_of(view.text, one), unit)), view.text(tr("Since the start"))});
    if (view.base) table[0].push_back(view.text(tr("Against the base")));
    for (std::size_t a = 0; a < view.run.areas(view.state.level); ++a) {
        const double v = view.run.value(index, view.state.level, row, a);
        const bool block = view.state.level == Level::block;
        const std::string& code = block ? frame.blocks[a].code : frame.subdistricts[a].code;
        const std::string& name = block ? name_in(view.state.language, frame.blocks[a].name_zh, frame.blocks[a].name_en)
                                        : name_in(view.state.language, frame.subdistricts[a].name_zh, frame.subdistricts[a].name_en);
        auto& cells = table.emplace_back(
            std::vector<std::string>{code, name, frame.months[row], number(v), number(v - view.run.value(index, view.state.level, 0, a))});
        if (view.base) cells.push_back(number(v - view.base->value(view.base->find(one.name), view.state.level, row, a)));
    }
    return table;
}

std::string table_csv(const Table& table) {
    std::string out;
    for (const auto& row : table) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string cell = harmless(row[c]);
            if (c > 0) out += ',';
            if (cell.find_first_of(",\"\r\n") == std::string::npos) {
                out += cell;
                continue;
            }
            out += '"';
            for (const char ch : cell) out += ch == '"' ? std::string("\"\"") : std::string(1, ch);
            out += '"';
        }
        out += "\r\n";
    }
    return out;
}

std::string table_tabs(const Table& table) {
    std::string out;
    for (const auto& row : table) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (c > 0) out += '\t';
            for (const char ch : harmless(row[c])) out += ch == '\t' || ch == '\n' || ch == '\r' ? ' ' : ch;
        }
        out += '\n';
    }
    return out;
}

std::string file_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || (c & 0x80);
        out += plain ? c : '_';
    }
    return out.empty() || out[0] == '.' ? "_" + out : out;
}

}  // namespace hutong
