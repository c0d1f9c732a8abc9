#include "analysis/report_content.h"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/report_html.h"
#include "analysis/report_markdown.h"
#include "report_results.h"

namespace hutong {
namespace {

const TinyResults& base_file() {
    static const TinyResults file;
    return file;
}
const TinyResults& other_file() {
    static const TinyResults file(14, 2, "stricter", 2);
    return file;
}

/// All texts and numbers of a report, part by part.
template <class Part, class F>
void each(const Report& report, F&& f) {
    for (const ReportSection& section : report.sections) {
        for (const ReportPart& part : section.parts) {
            if (const auto* one = std::get_if<Part>(&part)) f(section, *one);
        }
    }
}

TEST(ReportContent, HasEverySectionInBothLanguages) {
    const ReportData data(base_file().path());
    ReportInput input;
    input.base = &data;
    for (const Language language : {Language::english, Language::chinese}) {
        const Report report = compose_report(input, Text(language), "2026-11-22");
        std::vector<std::string> ids;
        for (const ReportSection& section : report.sections) {
            ids.push_back(section.id);
            EXPECT_FALSE(section.title.empty());
            EXPECT_FALSE(section.parts.empty()) << section.id;
        }
        EXPECT_EQ(ids, (std::vector<std::string>{"purpose", "scenario", "key", "map", "population", "employment", "services", "ledger",
                                                 "green", "money", "departments", "spaces", "dependence", "fit", "glossary", "stamp"}));
        each<ReportTable>(report, [](const auto&, const ReportTable& table) {
            for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.id;
        });
    }
}

TEST(ReportContent, FiguresAreThoseOfTheFile) {
    const ReportData data(base_file().path());
    const Results& results = data.results;
    ReportInput input;
    input.base = &data;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    bool found = false;
    each<ReportTable>(report, [&](const auto&, const ReportTable& table) {
        if (table.id != "subdistricts_population") return;
        found = true;
        const IndicatorInfo& info = results.indicator("population");
        for (std::size_t s = 0; s < results.subdistricts.size(); ++s) {
            double sum = 0;
            for (std::size_t r = 0; r < results.replicates; ++r) {
                sum += results.values(info, Level::subdistrict, r)[data.last() * results.subdistricts.size() + s];
            }
            EXPECT_FLOAT_EQ(static_cast<float>(table.rows[s][2].value), static_cast<float>(sum / static_cast<double>(results.replicates)));
        }
    });
    EXPECT_TRUE(found);
    each<ReportMap>(report, [&](const auto&, const ReportMap& map) {
        EXPECT_LE(map.layers.size(), 12U);
        for (const MapLayer& layer : map.layers) EXPECT_EQ(layer.values.size(), map.months.size());
    });
}

TEST(ReportContent, ScoresAreThoseOfTheFileAndStagesUseTheSameThreshold) {
    const ReportData data(base_file().path());
    ReportInput input;
    input.base = &data;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    const std::size_t agencies = data.agencies.size(), replicates = data.results.replicates;
    const auto scores = data.file().data<double>("/agencies/score", {replicates, agencies}, 1U << 20U);
    std::vector<double> wanted;
    for (std::size_t a = 0; a < agencies; ++a) {
        double sum = 0, known = 0;
        for (std::size_t r = 0; r < replicates; ++r) {
            if (scores[r * agencies + a] < 0) continue;
            sum += scores[r * agencies + a];
            ++known;
        }
        if (known > 0) wanted.push_back(sum / known);
    }
    ASSERT_FALSE(wanted.empty());
    std::vector<double> shown;
    bool threshold = false;
    each<ReportTable>(report, [&](const auto&, const ReportTable& table) {
        if (table.id == "stage_times")
            for (const TableColumn& column : table.columns) threshold = threshold || column.title == "Within 4 months";
        if (table.id != "scores") return;
        constexpr std::size_t score = 7;
        for (const auto& row : table.rows) shown.push_back(row[score].value);
    });
    EXPECT_TRUE(threshold) << "assumption.governance.appraisal_months";
    ASSERT_EQ(shown.size(), wanted.size());
    for (std::size_t k = 0; k < shown.size(); ++k) EXPECT_NEAR(shown[k], wanted[k], 1e-9);
}

TEST(ReportContent, LedgerAddsUpToAllSpaces) {
    const ReportData data(base_file().path());
    ReportInput input;
    input.base = &data;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    double area = 0;
    for (const SpaceRow& space : data.spaces) area += space.area_m2;
    each<ReportTable>(report, [&](const auto&, const ReportTable& table) {
        if (table.id != "ledger") return;
        constexpr std::size_t total = 2, first_direction = 3, used = 8, last = 12;
        for (std::size_t r = 0; r + 1 < table.rows.size(); ++r) {
            const auto& row = table.rows[r];
            double directions_sum = 0, all = 0;
            for (std::size_t k = first_direction; k < used; ++k) directions_sum += row[k].value;
            for (std::size_t k = used; k <= last; ++k) all += row[k].value;
            EXPECT_NEAR(directions_sum, row[used].value, 1e-6);
            EXPECT_NEAR(all, row[total].value, 1e-6);
        }
        EXPECT_NEAR(table.rows[table.rows.size() - 2][total].value, area, 1e-6);
    });
}

TEST(ReportContent, OneReplicateHasNoIntervalAndSaysSo) {
    const TinyResults one(3, 1, "single");
    const ReportData data(one.path());
    ReportInput input;
    input.base = &data;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    each<ReportTable>(report, [](const auto&, const ReportTable& table) {
        if (table.id != "key_results") return;
        EXPECT_NE(table.note.find("One replicate only"), std::string::npos);
        for (const TableColumn& column : table.columns) EXPECT_EQ(column.title.find("Chance"), std::string::npos);
    });
    each<ReportChart>(report, [](const auto&, const ReportChart& chart) {
        for (const ChartLine& line : chart.lines) EXPECT_TRUE(line.low.empty());
    });
}

TEST(ReportContent, DifferencesAreTheAlternativeLessTheBase) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(other_file().path());
    const ReportInput input = arrange(files);
    ASSERT_EQ(input.alternatives.size(), 1U);
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    std::size_t marked = 0;
    each<ReportTable>(report, [&](const auto&, const ReportTable& table) {
        if (table.id == "levers") {
            for (const auto& row : table.rows) marked += row[0].text.empty() ? 0 : 1;
        }
        if (table.id != "key_results") return;
        const std::size_t end = table.columns.size() - 3;
        for (const auto& row : table.rows) {
            if (std::isnan(row[end].value) || std::isnan(row[2].value)) continue;
            EXPECT_NEAR(row[end + 1].value, row[end].value - row[2].value, 1e-9 + 1e-6 * std::fabs(row[2].value));
        }
    });
    EXPECT_EQ(marked, 1U);  // only enforcement differs
}

TEST(ReportContent, MapsCarryTwelveIndicatorsByYearAndChartsEveryMonth) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(other_file().path());
    ReportInput alone;
    alone.base = &files.front();
    const ReportInput compared = arrange(files);
    for (const ReportInput& input : {alone, compared}) {
        const Report report = compose_report(input, Text(Language::english), "2026-11-22");
        // The start, every December, the last month.
        std::vector<std::string> years;
        for (std::size_t m = 0; m < input.base->results.months.size(); ++m) {
            const std::string& month = input.base->results.months[m];
            if (m == 0 || m == input.base->last() || month.ends_with("-12")) years.push_back(month);
        }
        std::size_t maps = 0, charts = 0;
        each<ReportMap>(report, [&](const auto&, const ReportMap& map) {
            ++maps;
            EXPECT_LE(map.layers.size(), 12U);
            EXPECT_GE(map.layers.size(), 10U);
            EXPECT_EQ(map.months, years);
        });
        each<ReportChart>(report, [&](const auto&, const ReportChart& chart) {
            ++charts;
            EXPECT_EQ(chart.months, input.base->results.months) << chart.id;
            for (const ChartLine& line : chart.lines) EXPECT_EQ(line.values.size(), chart.months.size()) << chart.id;
        });
        EXPECT_EQ(maps, 1U);
        EXPECT_GE(charts, 8U);
    }
}

TEST(ReportContent, TheListOfSpacesIsCutOnPaperOnly) {
    const ReportData data(base_file().path());
    ReportInput input;
    input.base = &data;
    const Text text(Language::english);
    Report report = compose_report(input, text, "2026-11-22");
    bool found = false;
    for (ReportSection& section : report.sections) {
        for (ReportPart& part : section.parts) {
            auto* table = std::get_if<ReportTable>(&part);
            if (table == nullptr || table->id != "spaces") continue;
            found = true;
            EXPECT_EQ(table->shown, 300U);
            EXPECT_EQ(table->rows.size(), data.spaces.size());
            const auto row = table->rows.front();
            table->rows.assign(450, row);
            for (std::size_t k = 0; k < table->rows.size(); ++k) table->rows[k][0].text = "nr" + std::to_string(1000 + k);
        }
    }
    ASSERT_TRUE(found);
    const std::string markdown = write_markdown(report, text), page = write_html(report, text);
    EXPECT_NE(markdown.find("nr1299"), std::string::npos);
    EXPECT_EQ(markdown.find("nr1300"), std::string::npos);
    EXPECT_NE(markdown.find("300 of 450 rows"), std::string::npos);
    EXPECT_NE(page.find("nr1449"), std::string::npos);
}

TEST(ReportContent, AChartWithoutFiguresIsToldInWords) {
    const TinyResults brief(2, 1, "brief");
    const ReportData data(brief.path());
    ReportInput input;
    input.base = &data;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    each<ReportChart>(report, [](const auto&, const ReportChart& chart) {
        bool any = false;
        for (const ChartLine& line : chart.lines) {
            for (const double value : line.values) any = any || std::isfinite(value);
        }
        EXPECT_TRUE(any) << chart.id;
    });
    bool told = false;
    each<Paragraph>(report, [&](const auto&, const Paragraph& one) {
        told = told || one.text.find("Months from vacating to opening: no figure") != std::string::npos;
    });
    EXPECT_TRUE(told);
}

TEST(ReportContent, RefusesOneScenarioTwice) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(base_file().path());
    try {
        arrange(files);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_NE(std::string(error.what()).find("two scenarios"), std::string::npos) << error.what();
    }
}

TEST(ReportContent, HostileNamesStayText) {
    const ReportData data(base_file().path());
    ReportInput input;
    input.base = &data;
    const Text text(Language::english);
    const Report report = compose_report(input, text, "2026-11-22");
    const std::string page = write_html(report, text);
    EXPECT_EQ(page.find("drop table x; --<script>"), std::string::npos);
    EXPECT_NE(page.find("&quot;&#39;); drop table x; --&lt;script&gt;=1+1"), std::string::npos);
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    const std::string markdown = write_markdown(report, text);
    EXPECT_EQ(markdown.find("<script>"), std::string::npos);
    EXPECT_NE(markdown.find("&lt;script&gt;"), std::string::npos);
    EXPECT_EQ(safe_json_text("</script><!--"), "\\u003c/script\\u003e\\u003c!--");
}

}  // namespace
}  // namespace hutong
