#include "analysis/report_content.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>

#include "analysis/report_sections.h"

namespace hutong {
namespace {

[[noreturn]] void refuse(Message problem, Message why, Message advice) {
    throw Error(ErrorKind::usage, std::move(problem), std::move(why), std::move(advice));
}

void check_same_district(const ReportData& base, const ReportData& other) {
    if (base.district_hash != other.district_hash) {
        refuse(msg("'{}' and '{}' cannot be reported together", base.file_name, other.file_name), msg("their districts differ"),
               msg("run both scenarios on the same district pack"));
    }
    if (base.results.months != other.results.months) {
        refuse(msg("'{}' and '{}' cannot be reported together", base.file_name, other.file_name), msg("their months differ"),
               msg("run both scenarios over the same months"));
    }
    if (base.results.marks.scale != other.results.marks.scale) {
        refuse(msg("'{}' and '{}' cannot be reported together", base.file_name, other.file_name), msg("their scales differ"),
               msg("run both scenarios at the same scale"));
    }
    std::vector<std::string> a, b;
    for (const auto& one : base.results.indicators) a.push_back(one.name);
    for (const auto& one : other.results.indicators) b.push_back(one.name);
    if (a != b) {
        refuse(msg("'{}' and '{}' cannot be reported together", base.file_name, other.file_name), msg("their indicators differ"),
               msg("make both files with the same version of hutong"));
    }
}

bool any_mark(const ReportInput& input, bool RunMarks::*mark) {
    bool found = input.base->results.marks.*mark;
    for (const ReportData* one : input.alternatives) found = found || one->results.marks.*mark;
    return found;
}

bool is_empty(const ReportChart& chart) {
    return std::all_of(chart.lines.begin(), chart.lines.end(), [](const ChartLine& line) {
        return line.reference || std::none_of(line.values.begin(), line.values.end(), [](double v) { return std::isfinite(v); });
    });
}

}  // namespace

ReportInput arrange(const std::vector<ReportData>& files) {
    ReportInput input;
    for (const ReportData& one : files) {
        if (one.results.interval == Interval::chance) {
            if (input.base == nullptr) {
                input.base = &one;
            } else {
                input.alternatives.push_back(&one);
            }
        }
    }
    if (input.base == nullptr) {
        refuse(msg("there is no plain results file among them"), msg("every file varies assumptions or data"),
               msg("give the results of 'hutong run' or 'hutong ensemble' first"));
    }
    for (const ReportData& one : files) {
        check_same_district(*input.base, one);
        if (one.results.interval == Interval::chance) continue;
        if (one.results.scenario_name != input.base->results.scenario_name) {
            refuse(msg("'{}' is no interval of '{}'", one.file_name, input.base->file_name), msg("their scenarios differ"),
                   msg("draw assumptions or data for the base scenario"));
        }
        const ReportData*& place = one.results.interval == Interval::data ? input.data : input.assumptions;
        if (place != nullptr)
            refuse(msg("'{}' gives an interval that '{}' gives already", one.file_name, place->file_name), {}, msg("leave one out"));
        place = &one;
    }
    for (std::size_t i = 0; i < input.alternatives.size(); ++i) {
        const ReportData& one = *input.alternatives[i];
        for (std::size_t k = 0; k <= i; ++k) {
            const ReportData& other = k == 0 ? *input.base : *input.alternatives[k - 1];
            if (one.scenario_hash == other.scenario_hash) {
                refuse(msg("'{}' and '{}' hold the same scenario", other.file_name, one.file_name), msg("a comparison needs two scenarios"),
                       msg("give the base and one or more other scenarios, each once"));
            }
        }
    }
    return input;
}

std::string Composer::scenario_name(const ReportData& data) const {
    const std::string title = data.scenario.value(chinese() ? "title_zh" : "title_en");
    return title.empty() ? data.results.scenario_name : title;
}

std::string Composer::label(std::string_view indicator) const {
    if (!base().has(indicator)) return std::string(indicator);
    const IndicatorInfo& info = base().results.indicator(indicator);
    return indicator_label(text, info.label, info.kind_en, info.kind_zh);
}

Form Composer::form(std::string_view indicator) const {
    return base().has(indicator) ? form_of_unit(base().results.indicator(indicator).unit) : Form::count;
}

std::string Composer::unit(std::string_view indicator) const {
    return base().has(indicator) ? text(base().results.indicator(indicator).unit) : std::string();
}

std::string Composer::block_name(std::size_t block) const {
    const auto& blocks = base().results.blocks;
    return block < blocks.size() ? pick(blocks[block].name_zh, blocks[block].name_en) : std::string();
}

ReportChart Composer::chart(std::string id, std::string title, const std::vector<std::string_view>& indicators) const {
    ReportChart chart;
    chart.id = std::move(id);
    chart.title = std::move(title);
    chart.months = base().results.months;
    bool first = true;
    std::size_t colour = 0;
    for (const std::string_view name : indicators) {
        if (!base().has(name)) continue;
        if (first) {
            chart.form = form(name);
            chart.unit = unit(name);
            first = false;
        }
        auto add = [&](const ReportData& data, bool named) {
            ChartLine line;
            line.name = indicators.size() == 1 ? scenario_name(data)
                        : named                ? t(msg("{}: {}", label(name), scenario_name(data)))
                                               : label(name);
            for (std::size_t row = 0; row < chart.months.size(); ++row) {
                const Estimate e = data.district(name, row);
                line.values.push_back(e.mean);
                if (data.results.replicates > 1) {
                    line.low.push_back(e.low);
                    line.high.push_back(e.high);
                }
            }
            // One indicator: a colour for every scenario. Several: a colour for every indicator, alternatives dashed.
            line.colour = colour;
            line.dashed = indicators.size() > 1 && &data != &base();
            chart.lines.push_back(std::move(line));
            if (indicators.size() == 1) ++colour;
        };
        add(base(), !input.alternatives.empty());
        for (const ReportData* one : input.alternatives) add(*one, true);
        if (indicators.size() > 1) ++colour;
    }
    return chart;
}

Report compose_report(const ReportInput& input, const Text& text, const std::string& date) {
    const Composer c{input, text, date};
    const ReportData& base = *input.base;
    Report report;
    report.language = text.language();
    report.title = text(msg("Evaluation report: {}", c.scenario_name(base)));
    std::string others;
    for (const ReportData* one : input.alternatives) others += (others.empty() ? "" : ", ") + c.scenario_name(*one);
    const std::string district = c.pick(base.district_zh, base.district_en);
    const std::string& first = base.results.months[base.results.months.size() > 1 ? 1 : 0];  // after the state at the start
    report.subtitle = others.empty() ? text(msg("{}, {} to {}", district, first, base.results.months.back()))
                                     : text(msg("{}, {} to {}, compared with: {}", district, first, base.results.months.back(), others));
    report.generator = "hutong " + std::string(program_version());
    report.date = date;
    RunMarks marks = base.results.marks;
    marks.schematic_blocks = any_mark(input, &RunMarks::schematic_blocks);
    marks.experiment = any_mark(input, &RunMarks::experiment);
    for (const ReportData* one : input.alternatives) {
        for (const auto& name : one->results.marks.neutral) {
            if (std::find(marks.neutral.begin(), marks.neutral.end(), name) == marks.neutral.end()) marks.neutral.push_back(name);
        }
    }
    report.marks = mark_texts(marks, text);
    report.blocks = base.results.blocks;
    report.subdistricts = base.results.subdistricts;
    for (const auto section : {purpose_section, scenario_section, key_section, map_section, population_section, employment_section,
                               service_section, ledger_section, green_section, money_section, department_section, spaces_section,
                               dependence_section, fit_section, glossary_section, stamp_section}) {
        report.sections.push_back(section(c));
        // A chart without any figure (nothing opened in a short run) is told in words.
        for (ReportPart& part : report.sections.back().parts) {
            if (const auto* chart = std::get_if<ReportChart>(&part); chart != nullptr && is_empty(*chart))
                part = Paragraph{text(msg("{}: no figure in any month of this run.", chart->title)), false};
        }
    }
    return report;
}

std::string report_date() {
    std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"); fixed != nullptr && *fixed != '\0') now = std::strtoll(fixed, nullptr, 10);
    std::tm day{};
    gmtime_r(&now, &day);
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", &day);
    return text;
}

}  // namespace hutong
