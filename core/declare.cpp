#include "core/declare.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace hutong {
namespace {

std::string value_text(const ParameterValue& value) {
    struct Write {
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Write{}, value);
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string text;
    for (const std::string_view word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

[[noreturn]] void wrong_type(const ParameterRow& row, const ParameterValue& value, const Place& place) {
    Message why;
    switch (row.value.index()) {
        case 0:
            why = msg("it takes a number");
            break;
        case 1:
            why = msg("it takes a whole number");
            break;
        case 2:
            why = msg("it takes true or false");
            break;
        default:
            why = msg("it takes one of: {}", joined(row.declaration.choices));
            break;
    }
    throw Error(ErrorKind::bad_scenario, msg("'{}' cannot be '{}'", row.path, value_text(value)), std::move(why), msg("correct the value"),
                place);
}

void check_range(const ParameterRow& row, double number, const ParameterValue& value, const Place& place) {
    const Declaration& declaration = row.declaration;
    if (!std::isfinite(number)) wrong_type(row, value, place);
    if (!(declaration.low < declaration.high)) return;
    if (number >= declaration.low && number <= declaration.high) return;
    std::string unit(declaration.unit == "1" ? std::string_view{} : declaration.unit);
    if (!unit.empty()) unit.insert(0, 1, ' ');
    throw Error(ErrorKind::bad_scenario, msg("'{}' cannot be '{}'", row.path, value_text(value)),
                msg("it lies between {} and {}{}", declaration.low, declaration.high, unit), msg("choose a value in this range"), place);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string_view last_part(std::string_view path) {
    const auto dot = path.rfind('.');
    return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

}  // namespace

std::string_view status_name(Status status) {
    switch (status) {
        case Status::sourced:
            return "sourced";
        case Status::derived:
            return "derived";
        case Status::synthetic:
            return "synthetic";
        case Status::assumption:
            return "assumption";
        case Status::fitted:
            return "fitted";
    }
    return "assumption";
}

ParameterValue checked_value(const ParameterRow& row, const ParameterValue& value, const Place& place) {
    if (std::holds_alternative<double>(row.value)) {
        double number = 0;
        if (const auto* real = std::get_if<double>(&value)) {
            number = *real;
        } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            number = static_cast<double>(*whole);
        } else {
            wrong_type(row, value, place);
        }
        check_range(row, number, value, place);
        return number;
    }
    if (row.value.index() != value.index()) wrong_type(row, value, place);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) check_range(row, static_cast<double>(*whole), value, place);
    if (const auto* text = std::get_if<std::string>(&value)) {
        const auto& choices = row.declaration.choices;
        if (!choices.empty() && std::find(choices.begin(), choices.end(), *text) == choices.end()) wrong_type(row, value, place);
    }
    return value;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
    const std::string* nearest = nullptr;
    // a third of the letters may differ; the first of equals wins, so the answer depends on the order given only
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best) {
            best = distance;
            nearest = &candidate;
        }
    }
    if (nearest == nullptr) {  // the right key under a wrong section
        for (const std::string& candidate : known) {
            if (last_part(candidate) == last_part(name)) return candidate;
        }
        return {};
    }
    return *nearest;
}

ParameterValue parse_value(const ParameterRow& row, std::string_view text, const Place& place) {
    const char* const end = text.data() + text.size();
    switch (row.value.index()) {
        case 0: {
            double number = 0;
            const auto [stop, error] = std::from_chars(text.data(), end, number);
            if (error != std::errc{} || stop != end) wrong_type(row, std::string(text), place);
            return checked_value(row, number, place);
        }
        case 1: {
            std::int64_t number = 0;
            const auto [stop, error] = std::from_chars(text.data(), end, number);
            if (error != std::errc{} || stop != end) wrong_type(row, std::string(text), place);
            return checked_value(row, number, place);
        }
        case 2:
            if (text == "true" || text == "1") return true;
            if (text == "false" || text == "0") return false;
            wrong_type(row, std::string(text), place);
        default:
            return checked_value(row, std::string(text), place);
    }
}

namespace detail {

void unknown_parameter(std::string_view path, const std::vector<std::string>& known, const Place& place) {
    const std::string nearest = nearest_name(path, known);
    Message advice =
        nearest.empty() ? msg("remove it, or look it up with 'hutong policy --parameters'") : msg("did you mean '{}'?", nearest);
    throw Error(ErrorKind::bad_scenario, msg("unknown key '{}'", path), msg("no such parameter is declared"), std::move(advice), place);
}

}  // namespace detail
}  // namespace hutong
