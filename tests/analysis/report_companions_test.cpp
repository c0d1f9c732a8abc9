// Files of `hutong sensitivity` and `hutong compare --out` in the report: what is shown of them, and what is refused.
#include "analysis/report_companions.h"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/compare.h"
#include "analysis/report_html.h"
#include "analysis/report_markdown.h"
#include "analysis/statistics.h"
#include "core/hdf5_file.h"
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

/// A file that is gone with its object.
class Written {
public:
    Written(const std::string& name, Hdf5Writer& writer)
        : path_(std::filesystem::temp_directory_path() / ("hutong_companions_" + std::to_string(getpid()) + "_" + name)) {
        write_safely(path_, writer.finish());
    }
    ~Written() { std::filesystem::remove(path_); }
    Written(const Written&) = delete;
    Written& operator=(const Written&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

constexpr const char* first = "assumption.people.fertility_factor";
constexpr const char* second = "assumption.people.mortality_factor";
constexpr const char* third = "policy.control.enforcement";

void write_sensitivity_meta(Hdf5Writer& file, const ReportData& base) {
    file.group("/meta");
    file.attribute("/meta", "format", "hutong sensitivity");
    file.attribute("/meta", "scenario", std::string_view(base.results.scenario_name));
    file.attribute("/meta", "scenario_hash", std::string_view(base.scenario_hash));
    file.attribute("/meta", "district_hash", std::string_view(base.district_hash));
    file.attribute("/meta", "replicates", std::int64_t{4});
    file.attribute("/meta", "scale", base.results.marks.scale);
    file.texts("/months", base.results.months);
}

/// Three parameters: the second matters most, the first moves no more than chance, the third does nothing.
void write_effects(Hdf5Writer& file) {
    file.texts("/morris/parameters/path", {first, second, third});
    file.data<double>("/morris/parameters/low", std::vector<double>{0.5, 0.8, 0});
    file.data<double>("/morris/parameters/high", std::vector<double>{1.5, 1.2, 2});
    file.texts("/morris/parameters/choices", {"", "", ""});
    file.data<double>("/morris/points", std::vector<double>(5 * 4 * 3, 0.5), {20, 3});
    // mu, mu*, its standard error, sigma, mu* of noise
    file.data<double>("/morris/effects/population", std::vector<double>{20, 20, 5, 1, 30, -100, 100, 10, 2, 30, 0, 0, 0, 0, 30}, {3, 5});
    file.texts("/sobol/parameters/path", {second});
    file.data<double>("/sobol/parameters/low", std::vector<double>{0.8});
    file.data<double>("/sobol/parameters/high", std::vector<double>{1.2});
    file.texts("/sobol/parameters/choices", {""});
    file.data<double>("/sobol/points", std::vector<double>(6, 0.5), {6, 1});
    file.data<double>("/sobol/indices/population", std::vector<double>{0.8, 0.7, 0.9, 0.85, 0.75, 0.95}, {1, 6});
    file.attribute("/sobol/indices/population", "noise_share", 0.1);
    file.data<double>("/sobol/indices/jobs", std::vector<double>{3, -2, 9, 4, -5, 12}, {1, 6});
    file.attribute("/sobol/indices/jobs", "noise_share", 0.9);
}

const ReportTable* table_named(const Report& report, std::string_view id) {
    for (const ReportSection& section : report.sections) {
        for (const ReportPart& part : section.parts) {
            if (const auto* table = std::get_if<ReportTable>(&part); table != nullptr && table->id == id) return table;
        }
    }
    return nullptr;
}

TEST(ReportCompanions, ShowsTheMainParametersWithEffectsAndIntervals) {
    const ReportData base(base_file().path());
    Hdf5Writer writer;
    write_sensitivity_meta(writer, base);
    write_effects(writer);
    const Written file("effects.h5", writer);
    const SensitivityFile sensitivity(file.path());
    check_belongs(sensitivity, base);
    ReportInput input;
    input.base = &base;
    input.sensitivity = &sensitivity;
    for (const Language language : {Language::english, Language::chinese}) {
        const Text text(language);
        const Report report = compose_report(input, text, "2026-11-22");
        const ReportTable* table = table_named(report, "sensitivity");
        ASSERT_NE(table, nullptr);
        ASSERT_EQ(table->rows.size(), 2U) << "two parameters move the population, none of low noise the jobs";
        const auto& top = table->rows[0];
        ASSERT_EQ(top.size(), table->columns.size());
        EXPECT_EQ(top[1].text, text("Factor on death rates by age and sex"));
        EXPECT_EQ(top[2].text, "0.8 … 1.2");
        EXPECT_EQ(top[3].value, -100);
        EXPECT_EQ(top[4].value, 100);
        const double half = student_975(4) * 10;  // five trajectories
        EXPECT_NEAR(top[5].value, 100 - half, 1e-9);
        EXPECT_NEAR(top[6].value, 100 + half, 1e-9);
        EXPECT_EQ(top[7].value, 30);
        EXPECT_EQ(top[8].text, text("yes"));
        EXPECT_EQ(top[9].text, text.share(0.8, 0));
        EXPECT_EQ(top[12].text, text.share(0.75, 0) + " … " + text.share(0.95, 0));
        EXPECT_EQ(table->rows[1][8].text, text("not sure"));
        const std::string words = write_markdown(report, text);
        EXPECT_NE(words.find(escaped_markdown(text("Main parameters by indicator"))), std::string::npos);
    }
}

TEST(ReportCompanions, WithoutAFileTheReportNamesTheCommand) {
    const ReportData base(base_file().path());
    ReportInput input;
    input.base = &base;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    EXPECT_EQ(table_named(report, "sensitivity"), nullptr);
    bool named = false;
    for (const ReportPart& part : report.sections[12].parts) {
        const auto* words = std::get_if<Paragraph>(&part);
        named = named || (words != nullptr && words->text.find("'hutong sensitivity tiny.toml'") != std::string::npos);
    }
    EXPECT_TRUE(named);
}

void expect_refused(ErrorKind kind, std::string_view words, const std::function<void()>& f) {
    try {
        f();
        FAIL() << words;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind) << error.what();
        EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
    }
}

TEST(ReportCompanions, RefusesFilesThatDoNotBelong) {
    const ReportData base(base_file().path()), other(other_file().path());
    expect_refused(ErrorKind::missing_file, "nowhere.h5", [] { const SensitivityFile none("nowhere.h5"); });
    expect_refused(ErrorKind::bad_results, "hutong sensitivity", [] { const SensitivityFile results(base_file().path()); });
    expect_refused(ErrorKind::bad_results, "hutong compare", [] { const ComparisonFile results(base_file().path()); });
    Hdf5Writer writer;
    write_sensitivity_meta(writer, other);
    const Written of_other("other.h5", writer);
    expect_refused(ErrorKind::usage, "scenarios differ", [&] { check_belongs(SensitivityFile(of_other.path()), base); });
    Hdf5Writer cut;
    write_sensitivity_meta(cut, base);
    cut.texts("/morris/parameters/path", {first});
    cut.data<double>("/morris/parameters/low", std::vector<double>{0, 1});
    cut.data<double>("/morris/parameters/high", std::vector<double>{0, 1});
    cut.texts("/morris/parameters/choices", {""});
    cut.group("/morris/effects");
    const Written wrong("cut.h5", cut);
    expect_refused(ErrorKind::bad_results, "low", [&] { const SensitivityFile none(wrong.path()); });
}

/// A comparison of the two files with invented intervals.
void write_comparison(Hdf5Writer& file, const ReportData& base, const std::string& base_text, const std::string& text,
                      Interval interval = Interval::chance, std::int64_t replicates = 2) {
    file.group("/meta");
    file.attribute("/meta", "format", "hutong comparison");
    file.attribute("/meta", "district_hash", std::string_view(base.district_hash));
    file.attribute("/meta", "replicates", replicates);
    file.attribute("/meta", "scale", base.results.marks.scale);
    file.attribute("/meta", "interval", interval_text(interval));
    file.text("/meta/base_text", base_text);
    file.texts("/months", base.results.months);
    std::vector<std::string> codes;
    for (const auto& one : base.results.blocks) codes.push_back(one.code);
    file.texts("/blocks/code", codes);
    std::vector<std::string> places;
    for (const auto& one : base.results.subdistricts) places.push_back(one.name_en);
    file.texts("/subdistricts/name", places);
    file.group("/alternative_1");
    file.attribute("/alternative_1", "scenario", "stricter");
    file.text("/alternative_1/scenario_text", text);
    const std::size_t months = base.results.months.size(), areas = places.size();
    std::vector<float> district(5 * months), subdistrict(5 * months * areas);
    for (std::size_t k = 0; k < district.size(); ++k) district[k] = static_cast<float>(k);
    for (std::size_t k = 0; k < subdistrict.size(); ++k) subdistrict[k] = static_cast<float>(1000 + k);
    file.data<float>("/alternative_1/district/population", district, {5, months});
    file.data<float>("/alternative_1/subdistrict/population", subdistrict, {5, months, areas});
    // Every second cell of the blocks has zero in its interval; the last block has none in any month.
    const std::size_t blocks = codes.size();
    std::vector<float> block(5 * months * blocks);
    for (std::size_t k = 0; k < block.size(); ++k) block[k] = static_cast<float>(k % 97);
    std::vector<std::uint8_t> sure(months * blocks);
    for (std::size_t m = 0; m < months; ++m) {
        for (std::size_t b = 0; b < blocks; ++b)
            sure[m * blocks + b] = replicates < 2 ? 2 : b + 1 == blocks ? 1 : static_cast<std::uint8_t>((m + b) % 2);
    }
    file.data<float>("/alternative_1/block/population", block, {5, months, blocks});
    file.data<std::uint8_t>("/alternative_1/block_sure/population", sure, {months, blocks});
    file.data<double>("/alternative_1/levers/0000", std::vector<double>{1, 0.5, 1.5, 2, 1.5, 2.5, 0});
    file.attribute("/alternative_1/levers/0000", "lever", third);
    file.attribute("/alternative_1/levers/0000", "indicator", "population");
}

TEST(ReportCompanions, PairedIntervalsStandBesideTheUnpairedOnes) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(other_file().path());
    ReportInput input = arrange(files);
    Hdf5Writer writer;
    // A comparison of more replicates than the report's own files have is of the same scenario.
    const auto with_32 = [](std::string text) {
        const auto at = text.find("run.replicates = ") + std::string("run.replicates = ").size();
        return text.replace(at, text.find('\n', at) - at, "32");
    };
    ASSERT_NE(with_32(input.base->scenario_text), input.base->scenario_text);
    write_comparison(writer, *input.base, with_32(input.base->scenario_text), with_32(input.alternatives[0]->scenario_text));
    const Written file("compared.h5", writer);
    const ComparisonFile comparison(file.path());
    check_belongs(comparison, *input.base, input.alternatives);
    input.comparison = &comparison;
    const Text text(Language::english);
    const Report report = compose_report(input, text, "2026-11-22");
    const ReportTable* table = table_named(report, "key_results");
    ASSERT_NE(table, nullptr);
    const std::size_t columns = table->columns.size(), months = input.base->results.months.size();
    EXPECT_EQ(table->columns[columns - 3].title, "Difference, from (95 %, paired)");
    EXPECT_EQ(table->columns[columns - 1].title, "Difference ± (95 %, as if unpaired)");
    // [statistic, month]: low is the fourth statistic, high the fifth.
    EXPECT_EQ(table->rows[0][columns - 3].value, static_cast<double>(3 * months + months - 1));
    EXPECT_EQ(table->rows[0][columns - 2].value, static_cast<double>(4 * months + months - 1));
    EXPECT_TRUE(std::isnan(table->rows[1][columns - 3].value)) << "the file has the population only";
    const ReportTable* places = table_named(report, "subdistricts_population");
    ASSERT_NE(places, nullptr);
    const std::size_t areas = places->rows.size();
    EXPECT_EQ(places->rows[areas - 1][columns - 2].value, static_cast<double>(1000 + (4 * months + months - 1) * areas + areas - 1));
    const ReportTable* levers = table_named(report, "lever_shares");
    ASSERT_NE(levers, nullptr);
    EXPECT_EQ(levers->rows[0][6].value, 2);
    Hdf5Writer foreign;
    write_comparison(foreign, *input.base, "another scenario", input.alternatives[0]->scenario_text);
    const Written of_another("another.h5", foreign);
    expect_refused(ErrorKind::usage, "scenarios differ",
                   [&] { check_belongs(ComparisonFile(of_another.path()), *input.base, input.alternatives); });
    expect_refused(ErrorKind::usage, "none of the alternatives", [&] { check_belongs(comparison, *input.base, {}); });
}

TEST(ReportCompanions, BlocksWhoseIntervalContainsZeroAreGreyUnderItsName) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(other_file().path());
    for (const Interval interval : {Interval::chance, Interval::assumptions, Interval::data}) {
        ReportInput input = arrange(files);
        Hdf5Writer writer;
        write_comparison(writer, *input.base, input.base->scenario_text, input.alternatives[0]->scenario_text, interval);
        const Written file("grey.h5", writer);
        const ComparisonFile comparison(file.path());
        EXPECT_EQ(comparison.interval, interval);
        input.comparison = &comparison;
        for (const Language language : {Language::english, Language::chinese}) {
            const Text text(language);
            const Report report = compose_report(input, text, "2026-11-22");
            const std::string word = text(interval_word(interval));
            const auto& years = input.base->years;
            const std::size_t blocks = input.base->results.blocks.size();
            const ReportMap* map = nullptr;
            for (const ReportSection& section : report.sections) {
                for (const ReportPart& part : section.parts) {
                    if (const auto* one = std::get_if<ReportMap>(&part)) map = one;
                }
            }
            ASSERT_NE(map, nullptr);
            const MapLayer& layer = map->layers.front();  // the difference of the population
            ASSERT_TRUE(layer.diverging);
            EXPECT_EQ(layer.interval, word);
            ASSERT_EQ(layer.unsure.size(), years.size());
            for (std::size_t y = 0; y < years.size(); ++y) {
                for (std::size_t b = 0; b + 1 < blocks; ++b)
                    EXPECT_EQ(layer.unsure[y][b], (years[y] + b) % 2 == 0 ? 1 : 0) << y << " " << b;
                EXPECT_EQ(layer.unsure[y][blocks - 1], 0) << y;
            }
            for (const MapLayer& one : map->layers) {
                EXPECT_TRUE(one.diverging || one.unsure.empty()) << one.label << ": a level is not held against zero";
            }
            const std::string page = write_html(report, text);
            EXPECT_NE(page.find(text(msg("grey: the 95 % interval ({}) of the difference contains 0", word))), std::string::npos);
            const ReportTable* table = table_named(report, "block_differences_1");
            ASSERT_NE(table, nullptr);
            ASSERT_EQ(table->rows.size(), blocks);
            EXPECT_EQ(table->columns.size(), 3U) << "the file has the population only";
            EXPECT_NE(table->columns[2].title.find(word), std::string::npos);
            EXPECT_EQ(table->rows[0][2].text, text(years.back() % 2 == 0 ? "no" : "yes"));
            EXPECT_EQ(table->rows[blocks - 1][2].text, text("yes"));
        }
    }
}

TEST(ReportCompanions, OnePairGreysNothingAndAnUnnamedIntervalIsRefused) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(other_file().path());
    ReportInput input = arrange(files);
    Hdf5Writer writer;
    write_comparison(writer, *input.base, input.base->scenario_text, input.alternatives[0]->scenario_text, Interval::data, 1);
    const Written file("pair.h5", writer);
    const ComparisonFile comparison(file.path());
    input.comparison = &comparison;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    for (const ReportSection& section : report.sections) {
        for (const ReportPart& part : section.parts) {
            if (const auto* map = std::get_if<ReportMap>(&part)) {
                for (const MapLayer& layer : map->layers) EXPECT_TRUE(layer.unsure.empty()) << layer.label;
            }
        }
    }
    const ReportTable* table = table_named(report, "block_differences_1");
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->rows[0][2].text, "–");
    Hdf5Writer foreign;
    foreign.group("/meta");
    foreign.attribute("/meta", "format", "hutong comparison");
    foreign.attribute("/meta", "interval", "weather");
    foreign.text("/meta/base_text", "");
    const Written of_weather("weather.h5", foreign);
    expect_refused(ErrorKind::bad_results, "weather", [&] { const ComparisonFile none(of_weather.path()); });
}

TEST(ReportCompanions, AComparisonAtAnotherScaleIsRefused) {
    std::vector<ReportData> files;
    files.emplace_back(base_file().path());
    files.emplace_back(other_file().path());
    const ReportInput input = arrange(files);
    Hdf5Writer writer;
    write_comparison(writer, *input.base, input.base->scenario_text, input.alternatives[0]->scenario_text);
    const Written file("scale.h5", writer);
    ComparisonFile comparison(file.path());
    check_belongs(comparison, *input.base, input.alternatives);
    comparison.scale /= 2;
    expect_refused(ErrorKind::usage, "fractions", [&] { check_belongs(comparison, *input.base, input.alternatives); });
}

TEST(ReportCompanions, StageTimesAndMoneyHaveIntervalsOverTheReplicates) {
    const ReportData base(base_file().path());
    ReportInput input;
    input.base = &base;
    const Report report = compose_report(input, Text(Language::english), "2026-11-22");
    const ReportTable* stages = table_named(report, "stage_times");
    ASSERT_NE(stages, nullptr);
    ASSERT_EQ(stages->columns[5].title, "Mean months, 5 %");
    std::size_t seen = 0;
    for (const auto& row : stages->rows) {
        if (std::isnan(row[5].value)) continue;  // one replicate only handled a case
        EXPECT_LE(row[5].value, row[6].value);
        ++seen;
    }
    EXPECT_GT(seen, 0U);
    const ReportTable* money = table_named(report, "money_years");
    ASSERT_NE(money, nullptr);
    const Estimate end = base.district("capital_spent_yuan", base.last());
    EXPECT_EQ(money->rows.back()[1].value, end.mean);
    EXPECT_EQ(money->rows.back()[2].value, end.low);
    EXPECT_EQ(money->rows.back()[3].value, end.high);
}

}  // namespace
}  // namespace hutong
