/// The sections of the report, one function each; compose_report puts them in order.
#pragma once

#include "analysis/report_content.h"

namespace hutong {

/// What every section needs.
struct Composer {
    const ReportInput& input;
    const Text& text;
    std::string date;

    const ReportData& base() const { return *input.base; }
    bool chinese() const { return text.language() == Language::chinese; }
    std::string t(std::string_view id) const { return text(id); }
    std::string t(const Message& message) const { return text(message); }
    std::string pick(const std::string& zh, const std::string& en) const { return chinese() || en.empty() ? zh : en; }
    std::string scenario_name(const ReportData& data) const;
    std::string label(std::string_view indicator) const;
    Form form(std::string_view indicator) const;
    std::string unit(std::string_view indicator) const;
    std::string block_name(std::size_t block) const;
    /// Two sentences one after another: with a space between them, in Chinese without.
    std::string joined(const std::string& a, const std::string& b) const {
        return a.empty() || b.empty() || chinese() ? a + b : a + " " + b;
    }
    std::string parameter_label(const std::string& path) const;
    /// Monthly lines of an indicator: the base with its band, then every alternative.
    ReportChart chart(std::string id, std::string title, const std::vector<std::string_view>& indicators) const;
};

/// Indicators of the district at the start and the end, with every interval and every alternative.
ReportTable indicator_table(const Composer& c, std::string id, std::string title, const std::vector<std::string_view>& indicators);
/// Rows are years, columns are indicators of the district, with the chance interval where there is one.
ReportTable yearly_table(const Composer& c, std::string id, std::string title, const std::vector<std::string_view>& indicators);
const std::vector<std::string_view>& key_indicators();

ReportSection purpose_section(const Composer& c);
ReportSection scenario_section(const Composer& c);
ReportSection key_section(const Composer& c);
ReportSection map_section(const Composer& c);
ReportSection population_section(const Composer& c);
ReportSection employment_section(const Composer& c);
ReportSection service_section(const Composer& c);
ReportSection ledger_section(const Composer& c);
ReportSection green_section(const Composer& c);
ReportSection money_section(const Composer& c);
ReportSection department_section(const Composer& c);
ReportSection spaces_section(const Composer& c);
ReportSection dependence_section(const Composer& c);
/// What `hutong sensitivity` found, or how to find it.
void add_sensitivity(const Composer& c, ReportSection& section);
/// Shares of the levers in the differences, where `hutong compare --attribute` told them.
void add_levers(const Composer& c, ReportSection& section);
ReportSection fit_section(const Composer& c);
ReportSection glossary_section(const Composer& c);
ReportSection stamp_section(const Composer& c);

// Names of what results files keep as numbers.
std::string category_name(const Text& text, std::size_t category);
std::string owner_name(const Text& text, std::size_t owner);
std::string direction_name(const Text& text, std::size_t direction);
std::string stage_name(const Text& text, std::string_view stage);
std::string decider_name(const Text& text, std::size_t decider);
std::string status_word(const Text& text, std::string_view status);

}  // namespace hutong
