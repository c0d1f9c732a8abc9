#include "app/summary.h"

#include <cmath>

#include "app/table.h"

namespace hutong {

Form form_of(std::string_view unit) {
    if (unit == "share") return Form::share;
    if (unit == "m2") return Form::area;
    if (unit == "yuan" || unit == "yuan/month") return Form::yuan;
    if (unit == "1" || unit == "month" || unit == "yuan/m2/month") return Form::number;
    return Form::count;
}

std::string formatted(const Text& text, Form form, double value) {
    constexpr int decimals = 2;
    if (!std::isfinite(value)) return "–";
    switch (form) {
        case Form::count:
            return text.count(std::llround(value));
        case Form::share:
            return text.share(value);
        case Form::number:
            return text.number(value, decimals);
        case Form::area:
            return text.area_m2(value);
        case Form::yuan:
            return text.yuan(value);
    }
    return {};
}

std::string formatted_spread(const Text& text, Form form, double value) {
    constexpr double percent = 100;
    constexpr int decimals = 2;
    if (!std::isfinite(value)) return "–";
    return form == Form::share ? text(msg("{} points", text.number(value * percent, decimals))) : formatted(text, form, value);
}

std::string formatted_change(const Text& text, Form form, double value) {
    const std::string written = formatted_spread(text, form, value);
    const bool seen = written.find_first_of("123456789") != std::string::npos;  // not rounded to nothing
    return value > 0 && seen ? "+" + written : written;
}

const std::vector<std::string_view>& summary_indicators() {
    static const std::vector<std::string_view> names{"population",  "self_containment", "self_sufficiency", "jobs_housing", "local_staff",
                                                     "filled_jobs", "coverage",         "vacated_area",     "reused_area",  "headroom"};
    return names;
}

const std::vector<std::string_view>& decomposition_indicators() {
    static const std::vector<std::string_view> names{"collective_residents", "household_size",       "dwellings_occupied",
                                                     "dwellings_vacant",     "dwellings_held_empty", "dwellings_cleared",
                                                     "dwellings_demolished", "dwellings_merged"};
    return names;
}

namespace {

std::vector<SummaryRow> rows_of(const std::vector<std::string_view>& names, const IndicatorSet& indicators, const Series& series,
                                const Text& text) {
    std::vector<SummaryRow> rows;
    for (const std::string_view name : names) {
        const std::size_t i = indicators.find(name);
        const Indicator& one = indicators.all()[i];
        rows.push_back({std::string(name), indicator_label(text, one.label, one.kind_en, one.kind_zh), one.unit, series.district(i, 0),
                        series.district(i, series.rows() - 1)});
    }
    return rows;
}

}  // namespace

std::vector<SummaryRow> summary_rows(const IndicatorSet& indicators, const Series& series, const Text& text) {
    return rows_of(summary_indicators(), indicators, series, text);
}

std::vector<SummaryRow> decomposition_rows(const IndicatorSet& indicators, const Series& series, const Text& text) {
    std::vector<SummaryRow> rows = rows_of(decomposition_indicators(), indicators, series, text);
    for (SummaryRow& row : rows) {
        if (row.name == "household_size") row.unit = "1";  // a mean, to be shown with decimals
    }
    return rows;
}

std::string decomposition_line(const IndicatorSet& indicators, const Series& series, const Text& text) {
    const auto last = [&](std::string_view name) { return series.district(indicators.find(name), series.rows() - 1); };
    constexpr int decimals = 3;
    const double residents = last("population"), collective = last("collective_residents"), size = last("household_size");
    const double families = std::isfinite(size) && size > 0 ? (residents - collective) / size : 0.0;
    return text(msg("{} family households x {} persons + {} in collective quarters = {} residents", text.count(std::llround(families)),
                    text.number(size, decimals), text.count(std::llround(collective)), text.count(std::llround(residents))));
}

std::string summary_table(const std::vector<SummaryRow>& rows, std::string_view start, std::string_view end, const Text& text) {
    std::vector<std::vector<std::string>> cells{{"", std::string(start), std::string(end), text(tr("Change"))}};
    for (const SummaryRow& row : rows) {
        const Form form = form_of(row.unit);
        cells.push_back(
            {row.label, formatted(text, form, row.start), formatted(text, form, row.end), formatted_change(text, form, row.change())});
    }
    return format_table(cells);
}

}  // namespace hutong
