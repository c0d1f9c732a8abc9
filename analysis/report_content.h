/// Composes the evaluation report from results files: one document for every format.
#pragma once

#include <string>
#include <vector>

#include "analysis/report_companions.h"
#include "analysis/report_data.h"
#include "analysis/report_document.h"

namespace hutong {

/// What the report is about: the base, the alternatives, and the base's other intervals where they were computed.
struct ReportInput {
    const ReportData* base = nullptr;
    std::vector<const ReportData*> alternatives;
    const ReportData* assumptions = nullptr;  ///< the base with assumptions drawn, or none
    const ReportData* data = nullptr;         ///< the base with the pack drawn again, or none
    const SensitivityFile* sensitivity = nullptr;
    const ComparisonFile* comparison = nullptr;
};

/// Sorts files into base, alternatives and intervals. Throws Error(usage): the same scenario twice, other districts,
/// months or scales, intervals without their base.
ReportInput arrange(const std::vector<ReportData>& files);

/// `date` is the day of the report, "2026-11-22".
Report compose_report(const ReportInput& input, const Text& text, const std::string& date);

/// Today in UTC; SOURCE_DATE_EPOCH fixes it for reproducible reports.
std::string report_date();

}  // namespace hutong
