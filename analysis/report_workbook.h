/// The report as a workbook (XLSX): one sheet a table with frozen heads and number formats, native charts over monthly
/// figures of the district, every indicator of the district by month and of the blocks by year.
#pragma once

#include <string>

#include "analysis/report_content.h"
#include "analysis/report_document.h"

namespace hutong {

/// Bytes of the workbook. Throws Error(usage) when the program was built without libxlsxwriter.
std::string write_workbook(const Report& report, const ReportInput& input, const Text& text);

}  // namespace hutong
