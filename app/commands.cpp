#include "app/commands.h"

#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "app/command_view.h"
#include "app/table.h"
#include "sim/results.h"

namespace hutong {
namespace {

/// `--lang` anywhere on the command line decides before anything is said, so that help comes in the right language.
Language wanted_language(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        std::optional<Language> language;
        if (arg == "--lang" && i + 1 < argc) language = parse_language(argv[i + 1]);
        if (arg.starts_with("--lang=")) language = parse_language(arg.substr(7));
        if (language) return *language;
    }
    return language_from_environment();
}

/// The commonest details of CLI11 are sentences of it; the others are shown as they are.
Message detail_of(const std::string& detail) {
    constexpr std::string_view required = " is required", unexpected = "not expected: ", conversion = "Could not convert: ";
    if (detail == "A subcommand is required") return msg("name a sub-command");
    if (detail.ends_with(required)) return msg("{} is required", detail.substr(0, detail.size() - required.size()));
    if (const auto at = detail.find(unexpected); at != std::string::npos)
        return msg("not expected: {}", detail.substr(at + unexpected.size()));
    if (detail.starts_with(conversion)) return msg("cannot be read: {}", detail.substr(conversion.size()));
    return msg("{}", detail);
}

/// What is wrong with a command line, as an error of ours.
Error as_error(const CLI::ParseError& error) {
    const Message advice = msg("see --help");
    const std::string name = error.get_name();
    Message problem = msg("the command line cannot be understood");
    if (name == "RequiredError") problem = msg("something is missing on the command line");
    if (name == "ExtrasError") problem = msg("there is something on the command line that no command takes");
    if (name == "ConversionError" || name == "ValidationError") problem = msg("a value on the command line cannot be used");
    if (name == "ArgumentMismatch") problem = msg("an option has too few or too many values");
    return Error(ErrorKind::usage, problem, detail_of(error.what()), advice);
}

int report(const Text& text, const Error& error) {
    std::fprintf(stderr, "hutong: %s\n", text.error(error).c_str());
    return static_cast<int>(error.kind());
}

/// CLI11 takes the names of groups as they are; they are translated where they are printed.
class HelpFormatter : public CLI::Formatter {
public:
    explicit HelpFormatter(const Text& text) : text_(text) {
        for (const std::string_view word :
             {tr("Usage"), tr("OPTIONS"), tr("SUBCOMMAND"), tr("Positionals"), tr("REQUIRED"), tr("TEXT"), tr("UINT"), tr("Options")}) {
            label(std::string(word), text_(word));
        }
    }
    std::string make_group(std::string group, bool positional, std::vector<const CLI::Option*> options) const override {
        return CLI::Formatter::make_group(text_(group), positional, std::move(options));
    }
    /// As the original, but with columns counted as the terminal shows them.
    std::string make_option(const CLI::Option* option, bool positional) const override {
        const std::string name = "  " + make_option_name(option, positional) + make_option_opts(option), words = make_option_desc(option);
        if (words.empty()) return name + "\n";
        const std::string gap = display_width(name) < column_width_ ? "" : "\n" + padded("", column_width_, false);
        return padded(name, column_width_, false) + gap + words + "\n";
    }
    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override {
        const std::string all = CLI::Formatter::make_subcommands(app, mode), head = "\nSubcommands:\n";
        return all.starts_with(head) ? "\n" + text_(tr("Subcommands")) + ":\n" + all.substr(head.size()) : all;
    }

private:
    Text text_;
};

void translate_help(CLI::App& app, const CommandContext& context) {
    auto formatter = std::make_shared<HelpFormatter>(context.text);
    formatter->column_width(34);
    app.formatter(formatter);
    app.set_help_flag("-h,--help", context.t(tr("Print this help and leave")));
}

int parse(CLI::App& app, int argc, char** argv, CommandContext& context) {
    try {
        app.parse(argc, argv);
        return context.exit_code;
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);  // of the innermost command that was named
        return 0;
    } catch (const CLI::CallForVersion& version) {
        std::printf("%s\n", version.what());
        return 0;
    } catch (const CLI::ParseError& error) {
        return report(context.text, as_error(error));
    }
}

}  // namespace

int run_command(int argc, char** argv) {
    CommandContext context{Text(wanted_language(argc, argv))};
    const Text& text = context.text;
    try {
        CLI::App app(
            context.t(tr("Hutong: what becomes of a district's population, local employment and services when vacated space is reused")),
            "hutong");
        translate_help(app, context);
        app.set_version_flag("--version", "hutong " + std::string(program_version()), context.t(tr("Print the version and leave")));
        std::string language;
        app.add_option("--lang", language, context.t(tr("Language of messages: zh or en")))
            ->type_name("zh|en")
            ->check([&](const std::string& name) {
                return parse_language(name) ? std::string() : context.text(msg("'{}' is not a language of the program", name));
            });
        app.fallthrough();
        app.require_subcommand(0, 1);
        add_run_command(app, context);
        add_calibrate_command(app, context);
        add_ensemble_command(app, context);
        add_resume_command(app, context);
        add_compare_command(app, context);
        add_sweep_command(app, context);
        add_sensitivity_command(app, context);
        add_picture_command(app, context);
        add_report_command(app, context);
        add_export_command(app, context);
        add_district_command(app, context);
        add_synth_command(app, context);
        add_policy_command(app, context);
        add_coverage_command(app, context);
        add_explain_command(app, context);
        add_responses_command(app, context);
        add_view_command(app, context);
        add_parameters_command(app, context);
        const int code = parse(app, argc, argv, context);
        if (app.get_subcommands().empty() && argc <= 1) std::fputs(app.help().c_str(), stdout);
        return code;
    } catch (const Error& error) {
        return report(text, error);
    } catch (const std::bad_alloc&) {
        return report(text, Error(ErrorKind::too_large, msg("there is not enough memory"), {},
                                  msg("close other programs, or simulate a fraction with --scale")));
    } catch (const std::exception& error) {
        return report(text,
                      Error(ErrorKind::internal, msg("the program failed: {}", error.what()), {}, msg("please report this as a bug")));
    }
}

}  // namespace hutong
