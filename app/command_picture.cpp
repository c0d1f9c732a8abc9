// `hutong picture RESULTS`: a map of one indicator in one month, or of its change, as SVG.
#include <CLI/CLI.hpp>

#include "analysis/svg_map.h"
#include "app/commands.h"
#include "app/session.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

struct PictureRequest {
    std::filesystem::path results, out;
    std::string indicator = "population";
    std::string month;  ///< empty: the last
    bool change = false;
    bool per_area = false;  ///< per square kilometre
};

std::string unit_text(const Text& text, const std::string& unit, bool per_area) {
    if (unit == "share") return text(tr("per cent"));
    if (unit == "1") return {};
    return per_area ? text(msg("{} per km²", text(unit))) : text(unit);
}

void execute(const PictureRequest& request, const Text& text) {
    constexpr double m2_per_km2 = 1e6;
    const Results results(request.results);
    const IndicatorInfo& one = results.indicator(request.indicator);
    if (one.lowest != Level::block)
        throw Error(ErrorKind::usage, msg("'{}' has no values by block", one.name), msg("it is defined for larger areas only"),
                    msg("choose another indicator"));
    const std::size_t month = request.month.empty() ? results.months.size() - 1 : results.month(request.month);
    const auto values = results.values(one, Level::block);
    const std::size_t blocks = results.blocks.size();
    MapPicture picture;
    for (std::size_t b = 0; b < blocks; ++b) {
        double v = values[month * blocks + b];
        if (request.change) v -= values[b];
        if (request.per_area) v *= m2_per_km2 / results.blocks[b].area_m2;
        picture.values.push_back(v);
    }
    const std::string label = indicator_label(text, one.label, one.kind_en, one.kind_zh);
    const std::string unit =
        one.unit == "share" && request.change ? text(tr("percentage points")) : unit_text(text, one.unit, request.per_area);
    picture.title = request.change ? text(msg("{}: change by block", label)) : text(msg("{} by block", label));
    picture.subtitle =
        request.change
            ? text(msg("scenario {}, from {} to the end of {}", results.scenario_name, results.months.front(), results.months[month]))
            : text(msg("scenario {}, end of {}", results.scenario_name, results.months[month]));
    picture.legend = unit.empty() ? label : unit;
    picture.notes = mark_texts(results.marks, text);
    picture.diverging = request.change;
    picture.factor = one.unit == "share" ? 100 : 1;
    picture.decimals = one.unit == "1" || one.unit == "month" ? 2 : one.unit == "share" ? 1 : 0;
    write_safely(request.out, draw_map(results, picture, text));
}

}  // namespace

void add_picture_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<PictureRequest>();
    CLI::App* command = app.add_subcommand("picture", context.t(tr("Draw a map of an indicator as SVG")));
    command->add_option("RESULTS", request->results, context.t(tr("Results file")))->required();
    command->add_option("--indicator", request->indicator, context.t(tr("Indicator (default: population)")))->type_name("NAME");
    command->add_option("--month", request->month, context.t(tr("Month such as 2035-12 (default: the last)")))->type_name("YYYY-MM");
    command->add_flag("--change", request->change, context.t(tr("Show the change since the start")));
    command->add_flag("--per-area", request->per_area, context.t(tr("Divide by the area of the block")));
    command->add_option("--out", request->out, context.t(tr("SVG file to write")))->required()->type_name("FILE");
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
