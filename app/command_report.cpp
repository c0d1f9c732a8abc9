// `hutong report RESULTS...`: the evaluation report in one of several formats.
#include <optional>

#include <CLI/CLI.hpp>

#include "analysis/report_content.h"
#include "analysis/report_html.h"
#include "analysis/report_markdown.h"
#include "analysis/report_print.h"
#include "analysis/report_workbook.h"
#include "app/commands.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

constexpr std::string_view formats[] = {"html", "pdf", "docx", "xlsx", "md"};

struct ReportRequest {
    std::vector<std::filesystem::path> results;
    std::string format;
    std::filesystem::path out, sensitivity, comparison;
    bool force = false;
};

/// The format asked for, or the one that the file's name ends with.
std::string format_of(const ReportRequest& request) {
    std::string all, wanted = request.format;
    if (wanted.empty() && request.out.has_extension()) wanted = request.out.extension().string().substr(1);
    for (const std::string_view format : formats) {
        if (format == wanted) return wanted;
        all += (all.empty() ? "" : ", ") + std::string(format);
    }
    throw Error(ErrorKind::usage, msg("'{}' is no format of reports", wanted), msg("the formats are: {}", all),
                msg("choose one with --format"));
}

void check_target(const ReportRequest& request) {
    check_writable(request.out);
    std::error_code none;
    if (!request.force && std::filesystem::exists(request.out, none)) {
        throw Error(ErrorKind::cannot_write, msg("'{}' is not written", request.out.string()), msg("a file stands there"),
                    msg("choose another --out, or add --force"));
    }
}

void execute(const ReportRequest& request, const Text& text) {
    const std::string format = format_of(request);
    check_target(request);
    std::vector<ReportData> files;
    files.reserve(request.results.size());
    for (const auto& path : request.results) files.emplace_back(path);
    ReportInput input = arrange(files);
    std::optional<SensitivityFile> sensitivity;
    if (!request.sensitivity.empty()) {
        check_belongs(sensitivity.emplace(request.sensitivity), *input.base);
        input.sensitivity = &*sensitivity;
    }
    std::optional<ComparisonFile> comparison;
    if (!request.comparison.empty()) {
        check_belongs(comparison.emplace(request.comparison), *input.base, input.alternatives);
        input.comparison = &*comparison;
    }
    const Report report = compose_report(input, text, report_date());
    std::string bytes;
    if (format == "html") bytes = write_html(report, text);
    if (format == "md") bytes = write_markdown(report, text);
    if (format == "xlsx") bytes = write_workbook(report, input, text);
    if (format == "pdf") bytes = print_pdf(report, input.base->results, text);
    if (format == "docx") bytes = print_docx(report, input.base->results, text);
    write_safely(request.out, bytes);
    fmt::print("{}\n", text(msg("report: {} ({} MB)", request.out.string(), text.number(static_cast<double>(bytes.size()) / 1e6, 2))));
}

}  // namespace

void add_report_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ReportRequest>();
    CLI::App* command = app.add_subcommand("report", context.t(tr("Write an evaluation report from results files")));
    command
        ->add_option("RESULTS", request->results,
                     context.t(tr("Results files: the base first, then alternatives; also the base with assumptions or data drawn")))
        ->required();
    command->add_option("--format", request->format, context.t(tr("html, pdf, docx, xlsx or md (default: as --out ends)")))
        ->type_name("NAME");
    command->add_option("--out", request->out, context.t(tr("File to write")))->type_name("FILE")->required();
    command->add_option("--sensitivity", request->sensitivity, context.t(tr("File of 'hutong sensitivity': which parameters matter")))
        ->type_name("FILE");
    command->add_option("--comparison", request->comparison, context.t(tr("File of 'hutong compare --out': differences paired by seed")))
        ->type_name("FILE");
    command->add_flag("--force", request->force, context.t(tr("Replace an existing file")));
    command->callback([request, &context] { execute(*request, context.text); });
}

}  // namespace hutong
