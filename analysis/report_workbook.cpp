#include "analysis/report_workbook.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "analysis/colour_scales.h"
#include "analysis/svg_chart.h"
#include "core/process.h"
#include "core/safe_file.h"

#ifdef HUTONG_XLSX
#include <xlsxwriter.h>
#endif

namespace hutong {

#ifdef HUTONG_XLSX

namespace {

constexpr std::size_t longest_name = 31;  // characters of a sheet's name

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The first characters of a UTF-8 text.
std::string cut(std::string text, std::size_t most) {
    while (characters(text) > most) {
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
        text.pop_back();
    }
    return text;
}

class Workbook {
public:
    Workbook(const Report& report, const ReportInput& input, const Text& text) : report_(report), input_(input), text_(text) {
        std::string folder = folder_.path().string();
        lxw_workbook_options options{};
        options.tmpdir = folder.data();
        book_ = workbook_new_opt((folder_.path() / "report.xlsx").c_str(), &options);
        if (book_ == nullptr) throw Error(ErrorKind::internal, msg("the workbook cannot be made"));
        properties();
        title_ = workbook_add_format(book_);
        format_set_bold(title_);
        format_set_font_size(title_, 16);
        head_ = workbook_add_format(book_);
        format_set_bold(head_);
        format_set_bg_color(head_, 0xE8ECF2);
        format_set_text_wrap(head_);
        format_set_align(head_, LXW_ALIGN_VERTICAL_TOP);
        small_ = workbook_add_format(book_);
        format_set_font_color(small_, 0x586474);
        words_ = workbook_add_format(book_);
        format_set_text_wrap(words_);
        format_set_align(words_, LXW_ALIGN_VERTICAL_TOP);
    }
    ~Workbook() {
        if (book_ != nullptr) lxw_workbook_free(book_);
    }
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;

    std::string write() {
        cover();
        for (const ReportSection& section : report_.sections) {
            for (const ReportPart& part : section.parts) {
                if (const auto* table = std::get_if<ReportTable>(&part)) add(*table);
            }
        }
        charts();
        district_months(*input_.base, text_(tr("District by month")));
        for (const ReportData* one : input_.alternatives)
            district_months(*one, text_(msg("{}: {}", text_(tr("District by month")), title_of(*one))));
        block_years(*input_.base, text_(tr("Blocks by year")));
        for (const ReportData* one : input_.alternatives)
            block_years(*one, text_(msg("{}: {}", text_(tr("Blocks by year")), title_of(*one))));
        lxw_workbook* book = std::exchange(book_, nullptr);  // closing frees it
        if (const lxw_error failed = workbook_close(book); failed != LXW_NO_ERROR) {
            throw Error(ErrorKind::cannot_write, msg("the workbook cannot be made"), msg("the system reports: {}", lxw_strerror(failed)),
                        msg("free some space or choose another target"));
        }
        return read_file(folder_.path() / "report.xlsx");
    }

private:
    void properties() {
        std::string title = report_.title, author = report_.generator;
        lxw_doc_properties about{};
        about.title = title.data();
        about.author = author.data();
        // The day of the report, so that the same report has the same bytes.
        std::tm day{};
        constexpr int first_year = 1900;
        if (std::sscanf(report_.date.c_str(), "%d-%d-%d", &day.tm_year, &day.tm_mon, &day.tm_mday) == 3) {
            day.tm_year -= first_year;
            --day.tm_mon;
            about.created = timegm(&day);
        }
        workbook_set_properties(book_, &about);
    }

    /// A new sheet with a name that a workbook takes: short, unique whatever the case, without []:*?/\ .
    lxw_worksheet* sheet(std::string name) {
        for (char& c : name) c = std::string_view("[]:*?/\\'").find(c) != std::string_view::npos ? ' ' : c;
        constexpr std::size_t number_digits = 4;
        name = cut(std::move(name), longest_name);
        const std::string stem = cut(name, longest_name - number_digits);
        for (int k = 2; names_.contains(lower(name)); ++k) name = stem + " " + std::to_string(k);
        names_.insert(lower(name));
        last_name_ = name;
        lxw_worksheet* made = workbook_add_worksheet(book_, name.c_str());
        if (made == nullptr) throw Error(ErrorKind::internal, msg("the workbook cannot be made"), msg("'{}' is no name of a sheet", name));
        constexpr std::uint8_t a4 = 9;
        worksheet_set_paper(made, a4);
        worksheet_set_landscape(made);
        worksheet_fit_to_pages(made, 1, 0);
        return made;
    }
    static std::string lower(std::string name) {
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return name;
    }
    static const char* pattern_of(Form form) {
        if (form == Form::share) return "0.0%";
        if (form == Form::points) return "0.00%";
        if (form == Form::number) return "#,##0.00";
        if (form == Form::area) return "#,##0.0";
        return "#,##0";
    }
    lxw_format* format(Form form, bool change) {
        auto& made = formats_[{form, change}];
        if (made != nullptr) return made;
        made = workbook_add_format(book_);
        const char* const pattern = pattern_of(form);
        const std::string signed_pattern = std::string("+") + pattern + ";-" + pattern + ";" + pattern;
        format_set_num_format(made, change ? signed_pattern.c_str() : pattern);
        return made;
    }
    static void write(lxw_worksheet* sheet, std::size_t row, std::size_t column, const std::string& words, lxw_format* format) {
        // Always as a text: a name that begins with "=" never becomes a formula.
        worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), words.c_str(), format);
    }
    static void write(lxw_worksheet* sheet, std::size_t row, std::size_t column, double value, lxw_format* format) {
        if (!std::isfinite(value)) return;
        // What was stored in four bytes needs no seventeen figures: half the time and two thirds of the size.
        if (const auto single = static_cast<float>(value); static_cast<double>(single) == value) {
            char figures[32];
            const auto end = std::to_chars(std::begin(figures), std::end(figures), single).ptr;
            std::from_chars(std::begin(figures), end, value);
        }
        worksheet_write_number(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column), value, format);
    }
    static void widths(lxw_worksheet* sheet, double first, double others) {
        worksheet_set_column(sheet, 0, 0, first, nullptr);
        worksheet_set_column(sheet, 1, LXW_COL_MAX - 1, others, nullptr);
    }

    void cover() {
        lxw_worksheet* page = sheet(text_(tr("Report")));
        constexpr double wide = 120, letters_a_line = 100, line_height = 15;
        worksheet_set_column(page, 0, 0, wide, nullptr);
        std::size_t row = 0;
        auto paragraph = [&](const std::string& words) {
            const double lines = std::ceil(text_width(words) / letters_a_line);
            worksheet_set_row(page, static_cast<lxw_row_t>(row), line_height * std::max(lines, 1.0), nullptr);
            write(page, row++, 0, words, words_);
        };
        write(page, row++, 0, report_.title, title_);
        write(page, row++, 0, report_.subtitle, nullptr);
        write(page, row++, 0, report_.date + " · " + report_.generator, small_);
        for (const std::string& mark : report_.marks) write(page, row++, 0, mark, head_);
        for (const ReportSection& section : report_.sections) {
            write(page, ++row, 0, section.title, head_);
            ++row;
            for (const ReportPart& part : section.parts) {
                if (const auto* one = std::get_if<Paragraph>(&part)) paragraph(one->text);
                if (const auto* one = std::get_if<Bullets>(&part)) {
                    for (const std::string& item : one->items) paragraph("· " + item);
                }
                if (const auto* one = std::get_if<ReportTable>(&part))
                    paragraph(text_(msg("Table: {}", one->title)) + (one->note.empty() ? "" : " · " + one->note));
            }
        }
    }

    void add(const ReportTable& table) {
        lxw_worksheet* page = sheet(table.title);
        constexpr double slim = 4, narrow = 16, wide = 36;
        for (std::size_t k = 0; k < table.columns.size(); ++k) {
            write(page, 0, k, table.columns[k].title, head_);
            bool words = k == 0;
            for (const auto& row : table.rows) words = words || (k < row.size() && text_width(row[k].text) > narrow);
            worksheet_set_column(page, static_cast<lxw_col_t>(k), static_cast<lxw_col_t>(k),
                                 table.columns[k].title.empty() ? slim
                                 : words                        ? wide
                                                                : narrow,
                                 nullptr);
        }
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            for (std::size_t k = 0; k < table.rows[r].size(); ++k) {
                const Cell& cell = table.rows[r][k];
                if (cell.is_number) {
                    write(page, r + 1, k, cell.value, format(table.form(r, k), table.columns[k].change));
                } else if (!cell.text.empty()) {
                    write(page, r + 1, k, cell.text, nullptr);
                }
            }
        }
        worksheet_freeze_panes(page, 1, 1);
        worksheet_repeat_rows(page, 0, 0);
        if (!table.rows.empty() && !table.columns.empty())
            worksheet_autofilter(page, 0, 0, static_cast<lxw_row_t>(table.rows.size()), static_cast<lxw_col_t>(table.columns.size() - 1));
    }

    /// The scenario's title in the reader's language; its name where it has none.
    std::string title_of(const ReportData& data) const {
        const std::string title = data.scenario.value(text_.language() == Language::chinese ? "title_zh" : "title_en");
        return title.empty() ? data.results.scenario_name : title;
    }
    std::string label_of(const IndicatorInfo& info) const { return indicator_label(text_, info.label, info.kind_en, info.kind_zh); }

    /// The report's charts, and a sheet with the figures they draw.
    void charts() {
        lxw_worksheet* pictures = sheet(text_(tr("Charts")));
        lxw_worksheet* page = sheet(text_(tr("Figures of the charts")));
        const std::string name = last_name_;
        widths(page, 10, 14);
        const auto& months = input_.base->results.months;
        const auto first = lxw_row_t{2}, last = static_cast<lxw_row_t>(months.size() + 1);
        write(page, 1, 0, text_(tr("Month")), head_);
        for (std::size_t m = 0; m < months.size(); ++m) write(page, m + first, 0, months[m], nullptr);
        worksheet_freeze_panes(page, first, 1);
        std::size_t column = 1, drawn = 0;
        for (const ReportSection& section : report_.sections) {
            for (const ReportPart& part : section.parts) {
                if (const auto* chart = std::get_if<ReportChart>(&part)) add(*chart, pictures, page, name, first, last, column, drawn++);
            }
        }
    }
    void add(const ReportChart& chart, lxw_worksheet* pictures, lxw_worksheet* page, const std::string& figures, lxw_row_t first,
             lxw_row_t last, std::size_t& column, std::size_t number) {
        constexpr lxw_row_t rows_a_chart = 27;
        static constexpr lxw_color_t colours[] = {0x1d4f91, 0xc8553d, 0x2f855a, 0x8a5a9e, 0xb7791f, 0x4a5568, 0x0e7490, 0x9d174d};
        lxw_chart* drawn = workbook_add_chart(book_, LXW_CHART_LINE);
        write(page, 0, column, chart.title, head_);
        std::vector<std::int16_t> nameless;  // bands have no entry of their own in the legend
        std::int16_t drawn_series = 0;
        for (std::size_t k = 0; k < chart.lines.size(); ++k) {
            const ChartLine& line = chart.lines[k];
            auto series = [&](const std::vector<double>& values, const std::string& name, float width, bool dashed) {
                if (values.empty()) return;
                write(page, 1, column, name, head_);
                for (std::size_t m = 0; m < values.size(); ++m) write(page, m + first, column, values[m], format(chart.form, false));
                lxw_chart_series* one = chart_add_series(drawn, nullptr, nullptr);
                chart_series_set_categories(one, figures.c_str(), first, 0, last, 0);
                chart_series_set_values(one, figures.c_str(), first, static_cast<lxw_col_t>(column), last, static_cast<lxw_col_t>(column));
                chart_series_set_name(one, name.c_str());
                lxw_chart_line look{};
                look.color = line.reference ? lxw_color_t{0x111111} : colours[line.colour % std::size(colours)];
                look.width = width;
                look.dash_type = static_cast<std::uint8_t>(dashed ? LXW_CHART_LINE_DASH_DASH : LXW_CHART_LINE_DASH_SOLID);
                chart_series_set_line(one, &look);
                if (&values != &line.values) nameless.push_back(drawn_series);
                ++drawn_series;
                ++column;
            };
            constexpr float thick = 2, thin = 0.75;
            series(line.values, line.name, thick, line.reference || line.dashed);
            series(line.low, text_(msg("{}, 5 %", line.name)), thin, true);
            series(line.high, text_(msg("{}, 95 %", line.name)), thin, true);
        }
        chart_title_set_name(drawn, chart.title.c_str());
        lxw_chart_font plain{};
        plain.bold = LXW_EXPLICIT_FALSE;
        plain.size = 13;
        chart_title_set_name_font(drawn, &plain);
        chart_legend_set_position(drawn, LXW_CHART_LEGEND_BOTTOM);
        if (!nameless.empty()) {
            nameless.push_back(-1);  // the list's end
            chart_legend_delete_series(drawn, nameless.data());
        }
        chart_axis_set_num_format(drawn->y_axis, pattern_of(chart.form));
        constexpr std::uint16_t months_between = 24;
        chart_axis_set_interval_unit(drawn->x_axis, months_between);
        chart_axis_set_interval_tick(drawn->x_axis, months_between);
        chart_axis_set_label_position(drawn->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
        if (!chart.unit.empty() && chart.form != Form::share) chart_axis_set_name(drawn->y_axis, chart.unit.c_str());
        chart_axis_set_name_font(drawn->y_axis, &plain);
        set_floor(drawn, chart);
        lxw_chart_options options{};
        options.x_scale = 2;
        options.y_scale = 1.8;
        worksheet_insert_chart_opt(pictures, static_cast<lxw_row_t>(number) * rows_a_chart, 0, drawn, &options);
    }
    /// An axis that begins near the figures where they are far from zero.
    static void set_floor(lxw_chart* drawn, const ReportChart& chart) {
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (const ChartLine& line : chart.lines) {
            for (const auto* values : {&line.values, &line.low, &line.high}) {
                for (const double v : *values) {
                    if (!std::isfinite(v)) continue;
                    low = std::min(low, v);
                    high = std::max(high, v);
                }
            }
        }
        constexpr int marks = 5;
        if (chart.from_zero || !(low < high) || low <= 0 || high - low > low) return;
        chart_axis_set_min(drawn->y_axis, round_edges(low, high, marks).front());
    }

    /// Every indicator of the district by month.
    void district_months(const ReportData& data, const std::string& title) {
        lxw_worksheet* page = sheet(title);
        widths(page, 10, 14);
        const auto& indicators = data.results.indicators;
        const auto& months = data.results.months;
        write(page, 0, 0, text_(tr("Month")), head_);
        for (std::size_t i = 0; i < indicators.size(); ++i) {
            write(page, 0, i + 1, label_of(indicators[i]), head_);
            write(page, 1, i + 1, indicators[i].name, small_);
        }
        for (std::size_t m = 0; m < months.size(); ++m) {
            write(page, m + 2, 0, months[m], nullptr);
            for (std::size_t i = 0; i < indicators.size(); ++i)
                write(page, m + 2, i + 1, data.district(indicators[i].name, m).mean, format(form_of_unit(indicators[i].unit), false));
        }
        worksheet_freeze_panes(page, 2, 1);
    }

    /// Every indicator by block at the end of every year.
    void block_years(const ReportData& data, const std::string& title) {
        lxw_worksheet* page = sheet(title);
        widths(page, 10, 14);
        const auto& blocks = data.results.blocks;
        const bool chinese = text_.language() == Language::chinese;
        for (std::size_t k = 0; const std::string_view head : {tr("Month"), tr("Code"), tr("Block")})
            write(page, 0, k++, text_(head), head_);
        constexpr std::size_t first = 3, heads = 2;
        for (std::size_t y = 0; y < data.years.size(); ++y) {
            for (std::size_t b = 0; b < blocks.size(); ++b) {
                const std::size_t row = heads + y * blocks.size() + b;
                write(page, row, 0, data.results.months[data.years[y]], nullptr);
                write(page, row, 1, blocks[b].code, nullptr);
                write(page, row, 2, chinese ? blocks[b].name_zh : blocks[b].name_en, nullptr);
            }
        }
        std::size_t column = first;
        for (const IndicatorInfo& info : data.results.indicators) {
            if (info.lowest != Level::block) continue;
            write(page, 0, column, label_of(info), head_);
            write(page, 1, column, info.name, small_);
            const auto& values = data.blocks(info.name);
            lxw_format* shape = format(form_of_unit(info.unit), false);
            for (std::size_t y = 0; y < data.years.size(); ++y) {
                for (std::size_t b = 0; b < blocks.size(); ++b)
                    write(page, heads + y * blocks.size() + b, column, values[data.years[y] * blocks.size() + b], shape);
            }
            ++column;
        }
        worksheet_freeze_panes(page, heads, first);
    }

    const Report& report_;
    const ReportInput& input_;
    const Text& text_;
    PrivateFolder folder_;
    lxw_workbook* book_ = nullptr;
    lxw_format *title_ = nullptr, *head_ = nullptr, *small_ = nullptr, *words_ = nullptr;
    std::map<std::pair<Form, bool>, lxw_format*> formats_;
    std::set<std::string> names_;
    std::string last_name_;
};

}  // namespace

std::string write_workbook(const Report& report, const ReportInput& input, const Text& text) {
    return Workbook(report, input, text).write();
}

#else

std::string write_workbook(const Report&, const ReportInput&, const Text&) {
    throw Error(ErrorKind::usage, msg("this program cannot write workbooks"), msg("it was built without libxlsxwriter"),
                msg("install it: apt-get install {}", "libxlsxwriter-dev"));
}

#endif

}  // namespace hutong
