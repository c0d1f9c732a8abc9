#include "analysis/export_tables.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "analysis/export_views.h"
#include "core/csv.h"
#include "report_results.h"

namespace hutong {
namespace {

const TinyResults& two_replicates() {
    static const TinyResults file;
    return file;
}

double number_in(const LayerValue& value) {
    const auto* real = std::get_if<double>(&value);
    return real ? *real : no_value();
}

std::size_t place_of(const ExportTable& table, std::string_view name) {
    for (std::size_t f = 0; f < table.fields.size(); ++f) {
        if (table.fields[f].name == name) return f;
    }
    ADD_FAILURE() << name;
    return 0;
}

TEST(ExportTables, EveryTableHasItsColumnsAndAKeyThatNamesOneRow) {
    const ReportData data(two_replicates().path());
    for (const Language language : {Language::english, Language::chinese}) {
        const Text text(language);
        const ExportSource from{data, text};
        std::string names = table_names() + ", ";
        while (!names.empty()) {
            const std::string name = names.substr(0, names.find(", "));
            names.erase(0, name.size() + 2);
            if (name == "block_difference" || name == "block_year_difference") {
                EXPECT_THROW(table_named(from, name), Error) << "results alone have no differences";
                continue;
            }
            const ExportTable table = table_named(from, name);
            EXPECT_EQ(table.name, name);
            EXPECT_FALSE(table.rows.empty() && name != "projects") << name;
            std::set<std::string> columns, labels, keys;
            for (const LayerField& field : table.fields) {
                EXPECT_TRUE(columns.insert(field.name).second) << name << ": " << field.name;
                EXPECT_TRUE(labels.insert(field.label).second) << name << ": " << field.label;
                EXPECT_EQ(field.name, identifier(field.name));
            }
            for (const LayerRow& row : table.rows) {
                ASSERT_EQ(row.values.size(), table.fields.size()) << name;
                if (table.key.empty()) continue;
                std::string key;
                for (const std::string& column : table.key) {
                    const LayerValue& value = row.values[place_of(table, column)];
                    const auto* words = std::get_if<std::string>(&value);
                    key += (words ? *words : std::to_string(std::get<std::int64_t>(value))) + "|";
                }
                EXPECT_TRUE(keys.insert(key).second) << name << ": " << key;
            }
        }
    }
}

TEST(ExportTables, MonthsHoldTheMeansOfTheReplicates) {
    const ReportData data(two_replicates().path());
    const Text text(Language::english);
    const ExportTable layout = block_month_layout({data, text});
    const std::size_t population = place_of(layout, "population"), last = data.last(), blocks = data.results.blocks.size();
    const auto rows = block_month_rows({data, text}, last);
    ASSERT_EQ(rows.size(), blocks);
    const IndicatorInfo& info = data.results.indicator("population");
    const auto first = data.results.values(info, Level::block, 0), second = data.results.values(info, Level::block, 1);
    for (std::size_t b = 0; b < blocks; ++b) {
        EXPECT_EQ(std::get<std::int64_t>(rows[b].values[1]), mean_of_replicates);
        EXPECT_FLOAT_EQ(static_cast<float>(number_in(rows[b].values[population])),
                        static_cast<float>((first[last * blocks + b] + second[last * blocks + b]) / 2));
    }
    const ExportTable intervals = block_year_interval_table({data, text});
    const std::size_t low = place_of(intervals, "population_p05"), high = place_of(intervals, "population_p95");
    for (const LayerRow& row : intervals.rows) EXPECT_LE(number_in(row.values[low]), number_in(row.values[high]));
}

TEST(ExportTables, TheSeriesOfAScenarioDoesNotDependOnTheLengthOfItsRun) {
    const TinyResults same(8, 1, "length"), other(8, 1, "enforced", 2);
    const ReportData a(same.path()), b(other.path());
    EXPECT_NE(a.series_hash, b.series_hash);
    EXPECT_NE(a.series_hash, a.scenario_hash) << "the run's hash holds its length";
    EXPECT_NE(a.scenario_text.find("run.months = "), std::string::npos);
}

TEST(ExportTables, CsvIsMarkedAsUtf8AndHoldsNoFormula) {
    ExportTable table{"t", std::nullopt, {{"name", FieldType::text, "=Label"}, {"value", FieldType::real, "Value"}}, {}, {}};
    for (const char* words : {"=1+1", "+1", "-1", "@x", "\tx", hostile_name, "中文"}) table.rows.push_back({{std::string(words), 0.1}, {}});
    table.rows.push_back({{std::monostate(), no_value()}, {}});
    const std::string bytes = csv_with_mark(table, false);
    ASSERT_TRUE(bytes.starts_with("\xEF\xBB\xBF"));
    const CsvTable read = parse_csv(bytes.substr(3), "t.csv");
    ASSERT_EQ(read.rows(), 8U);
    EXPECT_EQ(read.header(), (std::vector<std::string>{"name", "value"}));
    for (std::size_t row = 0; row < 5; ++row) EXPECT_EQ(read.text(row, 0).front(), '\'');
    EXPECT_EQ(read.text(5, 0), hostile_name);
    EXPECT_EQ(read.text(6, 0), "中文");
    EXPECT_EQ(read.number(0, 1), 0.1);
    EXPECT_EQ(read.text(7, 1), "");
    EXPECT_EQ(parse_csv(csv_with_mark(table, true).substr(3), "t.csv").header(), (std::vector<std::string>{"'=Label", "Value"}));
}

TEST(ExportTables, ViewsShowColumnsThatAreThere) {
    const ReportData data(two_replicates().path());
    const Text text(Language::english);
    const ExportTable layout = block_month_layout({data, text});
    const auto views = subject_views(layout, {"p_", ""});
    ASSERT_EQ(views.size(), 3U);
    for (const ExportView& view : views) {
        EXPECT_TRUE(view.name.starts_with("p_monitor_"));
        std::size_t columns = 0;
        for (std::size_t at = view.sql.find("m.\""); at != std::string::npos; at = view.sql.find("m.\"", at + 1), ++columns) {
            const std::string name = view.sql.substr(at + 3, view.sql.find('"', at + 3) - at - 3);
            EXPECT_NO_THROW(static_cast<void>(place_of(layout, name)));
        }
        EXPECT_GE(columns, 8U) << view.sql;
    }
}

TEST(ExportTables, AnUnknownTableIsRefusedWithTheNames) {
    const ReportData data(two_replicates().path());
    const Text text(Language::english);
    try {
        static_cast<void>(table_named({data, text}, "x"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_NE(std::string(error.what()).find("block_month"), std::string::npos);
    }
}

}  // namespace
}  // namespace hutong
