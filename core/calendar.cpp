#include "core/calendar.h"

#include <charconv>

namespace hutong {
namespace {

bool read_digits(std::string_view text, int& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<Month> Month::parse(std::string_view text) {
    if (text.size() != 7 && text.size() != 10) return std::nullopt;
    int year = 0;
    int month = 0;
    if (text[4] != '-' || !read_digits(text.substr(0, 4), year) || !read_digits(text.substr(5, 2), month)) {
        return std::nullopt;
    }
    constexpr int last_year = 4629;  // what 16 bits of months reach
    if (year < 1900 || year > last_year || month < 1 || month > 12) return std::nullopt;
    if (text.size() == 10) {
        int day = 0;
        if (text[7] != '-' || !read_digits(text.substr(8, 2), day) || day < 1 || day > 31) return std::nullopt;
    }
    return Month::of(year, month);
}

std::string Month::text() const {
    const int m = month_of_year();
    return std::to_string(year()) + (m < 10 ? "-0" : "-") + std::to_string(m);
}

}  // namespace hutong
