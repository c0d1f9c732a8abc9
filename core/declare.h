/// One declaration per parameter. A section of parameters is a plain struct with a static `declare(self, visitor)`
/// that hands every field to the visitor with its Declaration; the same declaration serves TOML, `--set`, HDF5
/// attributes, the parameter table of the documentation, sliders and sensitivity ranges.
///
///     struct PeopleAssumptions {
///         double fertility_factor = 1.0;
///         template <class Self, class Visitor>
///         static void declare(Self& s, Visitor&& visit) {
///             visit(s.fertility_factor, {.name = "fertility_factor", .unit = "1", .label = "Factor on birth rates",
///                                        .low = 0, .high = 3, .status = Status::assumption, .source = "..."});
///         }
///     };
///
/// Fields are double, std::int64_t, bool or std::string (one of `choices`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/error.h"

namespace hutong {

/// How a number is known. Every parameter and every column of the pack says which.
enum class Status : std::uint8_t { sourced, derived, synthetic, assumption, fitted };
std::string_view status_name(Status status);  ///< "sourced", ...

struct Declaration {
    std::string_view name = {};   ///< key in TOML and `--set`, snake_case
    std::string_view unit = {};   ///< "1", "1/yr", "m2", "month", "yuan/m2", ...
    std::string_view label = {};  ///< English, the catalogue id of its title
    double low = 0;               ///< inclusive range of lawful values (numbers only)
    double high = 0;
    Status status = Status::assumption;
    std::string_view source = {};                ///< source of the default, or why it is assumed
    std::string_view clause = {};                ///< clause of policy.md a lever belongs to, or empty
    std::vector<std::string_view> choices = {};  ///< for std::string fields: the lawful values
    double draw_low = 0;                         ///< declared range for sensitivity; low..high when both are 0
    double draw_high = 0;
};

using ParameterValue = std::variant<double, std::int64_t, bool, std::string>;

/// One parameter as seen from outside: its full path ("assumption.people.fertility_factor") and value.
struct ParameterRow {
    std::string path;
    Declaration declaration;
    ParameterValue value;
};

/// All parameters of a section (or of a struct of sections), in order of declaration.
template <class Section>
std::vector<ParameterRow> list_parameters(const Section& section, std::string_view prefix = {}) {
    std::vector<ParameterRow> rows;
    Section::declare(section, [&](const auto& field, Declaration declaration) {
        using Field = std::remove_cvref_t<decltype(field)>;
        std::string path = prefix.empty() ? std::string(declaration.name) : std::string(prefix) + "." + std::string(declaration.name);
        if constexpr (requires { Field::declare(field, [](auto&&...) {}); }) {
            auto nested = list_parameters(field, path);
            rows.insert(rows.end(), nested.begin(), nested.end());
        } else {
            rows.push_back({std::move(path), std::move(declaration), ParameterValue(field)});
        }
    });
    return rows;
}

/// Checks type and range of `value` against the declaration; throws Error(bad_scenario) naming the parameter.
/// An integer is accepted where a double is declared.
ParameterValue checked_value(const ParameterRow& row, const ParameterValue& value, const Place& place = {});

/// The known name nearest to `name` by edit distance, or empty when nothing is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// Reads the text of `--set path=text` as the type the row declares.
ParameterValue parse_value(const ParameterRow& row, std::string_view text, const Place& place = {});

namespace detail {
[[noreturn]] void unknown_parameter(std::string_view path, const std::vector<std::string>& known, const Place& place);
}

/// Sets one parameter by path relative to the section; throws Error(bad_scenario) for an unknown path (with the
/// nearest known one), a wrong type or a value out of range.
template <class Section>
void set_parameter(Section& section, std::string_view path, const ParameterValue& value, const Place& place = {}) {
    const auto rows = list_parameters(section);
    std::vector<std::string> known;
    for (const auto& row : rows) {
        if (row.path != path) {
            known.push_back(row.path);
            continue;
        }
        const ParameterValue good = checked_value(row, value, place);
        std::size_t index = static_cast<std::size_t>(&row - rows.data());
        auto assign = [&](auto& self, auto&& recurse) -> void {
            using S = std::remove_cvref_t<decltype(self)>;
            S::declare(self, [&](auto& field, const Declaration&) {
                using Field = std::remove_cvref_t<decltype(field)>;
                if constexpr (requires { Field::declare(field, [](auto&&...) {}); }) {
                    recurse(field, recurse);
                } else {
                    if (index == 0) field = std::get<Field>(good);
                    --index;
                }
            });
        };
        assign(section, assign);
        return;
    }
    detail::unknown_parameter(path, known, place);
}

}  // namespace hutong
