#include "analysis/report_document.h"

#include <cmath>

namespace hutong {

Form form_of_unit(std::string_view unit) {
    if (unit.starts_with("share")) return Form::share;
    if (unit == "m2") return Form::area;
    if (unit.starts_with("yuan") && !unit.starts_with("yuan/m2")) return Form::yuan;
    if (unit == "1" || unit == "month" || unit.starts_with("yuan/m2") || unit.starts_with("m2 ")) return Form::number;
    return Form::count;
}

Form form_of_change(Form form) { return form == Form::share ? Form::points : form; }

std::string written(const Text& text, Form form, double value) {
    constexpr int decimals = 2, fine = 4;
    constexpr double tiny = 0.1;
    constexpr double ten_thousand = 1e4, percent = 100, small_area = 100;
    if (!std::isfinite(value)) return "–";
    switch (form) {
        case Form::count:
            return text.count(std::llround(value));
        case Form::share:
            return text.share(value);
        case Form::points:
            return text(msg("{} points", text.number(value * percent, decimals)));
        case Form::text:
        case Form::number:
            return text.number(value, value != 0 && std::fabs(value) < tiny ? fine : decimals);
        case Form::area:
            if (text.language() == Language::chinese && std::fabs(value) >= ten_thousand)
                return text(msg("{} ten thousand m²", text.number(value / ten_thousand, decimals)));
            if (value != 0 && std::fabs(value) < small_area) return text(msg("{} m²", text.number(value, decimals)));  // an area a person
            return text.area_m2(value);
        case Form::yuan:
            return text.yuan(value);
    }
    return {};
}

std::string written_change(const Text& text, Form form, double value) {
    const std::string all = written(text, form, value);
    return value > 0 ? "+" + all : all;
}

}  // namespace hutong
