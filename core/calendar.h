/// Calendar months. One step of the simulation is one month.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hutong {

/// A calendar month as the number of months since 1900-01; fits 16 bits until the year 4630.
struct Month {
    std::int16_t index = 0;

    static constexpr Month of(int year, int month_1_to_12) {
        return Month{static_cast<std::int16_t>((year - 1900) * 12 + month_1_to_12 - 1)};
    }
    /// Reads "YYYY-MM" (also "YYYY-MM-DD", the day is dropped); nothing when the text is no such month.
    static std::optional<Month> parse(std::string_view text);

    constexpr int year() const { return 1900 + (index >= 0 ? index / 12 : (index - 11) / 12); }
    constexpr int month_of_year() const { return index - (year() - 1900) * 12 + 1; }  ///< 1 to 12
    std::string text() const;                                                         ///< "2017-07"

    // clang-tidy 14 takes the 0 that a rewritten < compares with for a null pointer.
    constexpr auto operator<=>(const Month&) const = default;  // NOLINT(modernize-use-nullptr)
    constexpr Month operator+(int months) const { return Month{static_cast<std::int16_t>(index + months)}; }
    constexpr Month operator-(int months) const { return Month{static_cast<std::int16_t>(index - months)}; }
    constexpr int operator-(Month other) const { return index - other.index; }
    constexpr Month& operator++() {
        ++index;
        return *this;
    }
};

}  // namespace hutong
