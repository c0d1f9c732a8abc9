/// The report for paper: a plain page with the program's own pictures, turned into PDF by headless Chromium or into
/// DOCX by pandoc. A missing or failing converter is an Error(usage) that says how to install it.
#pragma once

#include <string>

#include "analysis/report_document.h"

namespace hutong {

/// Bytes of the PDF or DOCX.
std::string print_pdf(const Report& report, const Results& results, const Text& text);
std::string print_docx(const Report& report, const Results& results, const Text& text);

}  // namespace hutong
