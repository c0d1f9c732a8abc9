/// The report as Markdown (GitHub's tables): the same text and tables; charts as yearly figures, maps as a note.
#pragma once

#include <string>
#include <string_view>

#include "analysis/report_document.h"

namespace hutong {

std::string write_markdown(const Report& report, const Text& text);

/// Text that Markdown takes literally, also inside a table.
std::string escaped_markdown(std::string_view text);

/// The chart's figures once a year, as the formats without interactive charts show them.
ReportTable yearly_figures(const ReportChart& chart, const Text& text);

/// The cell as the reader sees it.
std::string shown_cell(const ReportTable& table, std::size_t row, std::size_t column, const Text& text);

}  // namespace hutong
