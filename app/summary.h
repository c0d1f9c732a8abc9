/// The closing summary of a run: start, end and change of the indicators that answer the program's question.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "sim/series.h"

namespace hutong {

/// How a value is written.
enum class Form : std::uint8_t { count, share, number, area, yuan };
Form form_of(std::string_view unit);
std::string formatted(const Text& text, Form form, double value);
/// A difference or an error: of shares in percentage points, never in per cent of the share.
std::string formatted_spread(const Text& text, Form form, double value);
/// A difference with its sign, "+1,234"; no change is "0".
std::string formatted_change(const Text& text, Form form, double value);

/// Names of the summary's indicators in order.
const std::vector<std::string_view>& summary_indicators();

struct SummaryRow {
    std::string name, label, unit;
    double start = 0, end = 0;
    double change() const { return end - start; }
};

/// Rows for one replicate (`reports` labels in the reader's language).
std::vector<SummaryRow> summary_rows(const IndicatorSet& indicators, const Series& series, const Text& text);

/// The summary as a table.
std::string summary_table(const std::vector<SummaryRow>& rows, std::string_view start, std::string_view end, const Text& text);

/// Population into homes, first and last month: residents = households outside collective quarters x mean size + collective
/// residents; and every dwelling by what it is.
const std::vector<std::string_view>& decomposition_indicators();
std::vector<SummaryRow> decomposition_rows(const IndicatorSet& indicators, const Series& series, const Text& text);
/// The product at the end, in words.
std::string decomposition_line(const IndicatorSet& indicators, const Series& series, const Text& text);

}  // namespace hutong
