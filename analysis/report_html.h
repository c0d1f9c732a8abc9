/// The report as one HTML file that works offline: Apache ECharts, style, script and data are inside, and a
/// Content-Security-Policy lets nothing else run and nothing go out to a network.
#pragma once

#include <string>
#include <string_view>

#include "analysis/report_document.h"

namespace hutong {

/// Throws Error(usage) when the program was built without Apache ECharts.
std::string write_html(const Report& report, const Text& text);

/// JSON for a <script> element: no "<", so it can never end the element.
std::string safe_json_text(std::string_view text);

}  // namespace hutong
