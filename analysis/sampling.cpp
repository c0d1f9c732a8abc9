#include "analysis/sampling.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/draw.h"
#include "core/hash.h"

namespace hutong {
namespace {

constexpr std::string_view policy = "policy.", assumption = "assumption.";

std::uint64_t key_of(const Varied& parameter) { return Hash().text(parameter.path).value(); }

double uniform(std::uint64_t seed, const Varied& parameter, std::uint64_t point, std::uint64_t stream) {
    return unit_open(static_cast<std::uint32_t>(luck_key(seed, key_of(parameter), point, stream) >> 32));
}

std::vector<ParameterRow> all_parameters(const Scenario& scenario) {
    auto rows = list_parameters(scenario.policy.entries().front().second, "policy");
    const auto assumed = list_parameters(scenario.assumptions, "assumption");
    rows.insert(rows.end(), assumed.begin(), assumed.end());
    return rows;
}

/// With the declared range, and what the declaration allows at most.
Varied varied_of(const ParameterRow& row) {
    Varied one{.path = row.path};
    const Declaration& d = row.declaration;
    const bool has_draw_range = d.draw_low != 0 || d.draw_high != 0;
    one.low = has_draw_range ? d.draw_low : d.low;
    one.high = has_draw_range ? d.draw_high : d.high;
    one.whole = !std::holds_alternative<double>(row.value);
    if (std::holds_alternative<bool>(row.value)) {
        one.low = 0;
        one.high = 1;
    }
    if (std::holds_alternative<std::string>(row.value)) {
        for (const auto choice : d.choices) one.choices.emplace_back(choice);
        one.low = 0;
        one.high = one.choices.empty() ? 0 : static_cast<double>(one.choices.size() - 1);
    }
    return one;
}

double number(std::string_view text, const std::string& whole) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        throw Error(ErrorKind::usage, msg("'{}' is no range of a parameter", whole), {},
                    msg("write PATH, PATH=LOW:HIGH or PATH=LOW:HIGH:LEVELS"));
    }
    return value;
}

}  // namespace

Varied parse_varied(const Scenario& scenario, const std::string& text) {
    const auto equal = text.find('=');
    const std::string path = text.substr(0, equal);
    std::vector<std::string> known;
    for (const ParameterRow& row : all_parameters(scenario)) {
        known.push_back(row.path);
        if (row.path != path) continue;
        Varied one = varied_of(row);
        const Varied allowed = one;
        if (equal != std::string::npos) {
            std::vector<std::string> fields{""};
            for (const char c : text.substr(equal + 1)) {
                if (c == ':') {
                    fields.emplace_back();
                } else {
                    fields.back() += c;
                }
            }
            if (fields.size() < 2 || fields.size() > 3) number("", text);
            one.low = number(fields[0], text);
            one.high = number(fields[1], text);
            if (fields.size() == 3) {
                const double levels = number(fields[2], text);
                constexpr double most_levels = 1000;
                if (!(levels >= 1 && levels <= most_levels)) number("", text);
                one.levels = static_cast<std::size_t>(levels);
            }
            const bool text_or_flag = !allowed.choices.empty() || std::holds_alternative<bool>(row.value);
            const double lowest = text_or_flag ? allowed.low : row.declaration.low,
                         highest = text_or_flag ? allowed.high : row.declaration.high;
            if (one.low < lowest || one.high > highest) {
                throw Error(ErrorKind::usage, msg("'{}' goes beyond what is allowed", text),
                            msg("'{}' lies between {} and {}", path, lowest, highest), msg("give a range inside"));
            }
        }
        if (!(one.low < one.high)) {
            throw Error(ErrorKind::usage, msg("'{}' has no range to vary in", path), {}, msg("write {}=LOW:HIGH", path));
        }
        return one;
    }
    const std::string near = nearest_name(path, known);
    throw Error(ErrorKind::usage, msg("there is no parameter '{}'", path), {},
                near.empty() ? msg("look it up with 'hutong parameters'") : msg("did you mean '{}'?", near));
}

std::vector<Varied> assumptions_with_ranges(const Scenario& scenario) {
    std::vector<Varied> found;
    for (const ParameterRow& row : list_parameters(scenario.assumptions, "assumption")) {
        if (row.path.starts_with("assumption.synthesis.")) continue;
        if (row.declaration.draw_low == 0 && row.declaration.draw_high == 0) continue;
        Varied one = varied_of(row);
        if (one.low < one.high) found.push_back(std::move(one));
    }
    return found;
}

Points grid(const std::vector<Varied>& parameters, std::size_t default_levels) {
    Points points{{}};
    for (const Varied& one : parameters) {
        std::size_t count = one.levels > 0 ? one.levels : default_levels;
        if (one.levels == 0 && one.whole) count = std::min(count, static_cast<std::size_t>(one.high - one.low) + 1);
        Points longer;
        for (const auto& point : points) {
            for (std::size_t k = 0; k < count; ++k) {
                auto next = point;
                next.push_back(count == 1 ? 0.5 : static_cast<double>(k) / static_cast<double>(count - 1));
                longer.push_back(std::move(next));
            }
        }
        points = std::move(longer);
    }
    return points;
}

Points latin_hypercube(const std::vector<Varied>& parameters, std::size_t count, std::uint64_t seed) {
    constexpr std::uint64_t order_stream = 101, inside_stream = 102;
    Points points(count, std::vector<double>(parameters.size()));
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        std::vector<std::pair<std::uint64_t, std::size_t>> order;
        for (std::size_t i = 0; i < count; ++i) order.emplace_back(luck_key(seed, key_of(parameters[p]), i, order_stream), i);
        std::sort(order.begin(), order.end());
        for (std::size_t stratum = 0; stratum < count; ++stratum) {
            const std::size_t i = order[stratum].second;
            points[i][p] = (static_cast<double>(stratum) + uniform(seed, parameters[p], i, inside_stream)) / static_cast<double>(count);
        }
    }
    return points;
}

Points random_points(const std::vector<Varied>& parameters, std::size_t count, std::uint64_t seed, std::uint64_t stream) {
    Points points(count, std::vector<double>(parameters.size()));
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t p = 0; p < parameters.size(); ++p) points[i][p] = uniform(seed, parameters[p], i, stream);
    }
    return points;
}

double value_at(const Varied& parameter, double coordinate) {
    if (!parameter.whole) return parameter.low + coordinate * (parameter.high - parameter.low);
    // Each whole value takes an equal share of [0, 1].
    const double values = std::floor(parameter.high - parameter.low) + 1;
    return parameter.low + std::min(values - 1, std::floor(coordinate * values));
}

Scenario at_point(const Scenario& scenario, const std::vector<Varied>& parameters, const std::vector<double>& point) {
    Scenario moved = scenario;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        const Varied& one = parameters[p];
        const double value = value_at(one, point[p]);
        const bool lever = one.path.starts_with(policy);
        const std::string path = one.path.substr(lever ? policy.size() : assumption.size());
        for (const ParameterRow& row : all_parameters(scenario)) {
            if (row.path != one.path) continue;
            ParameterValue given = value;
            if (std::holds_alternative<std::int64_t>(row.value)) given = static_cast<std::int64_t>(std::llround(value));
            if (std::holds_alternative<bool>(row.value)) given = value >= 1;
            if (!one.choices.empty()) given = one.choices.at(static_cast<std::size_t>(value));
            if (lever) {
                // From the start on and through all later changes: a sweep varies the lever, not its first value alone.
                Policy schedule;
                for (const auto& [month, levers] : moved.policy.entries()) {
                    Levers changed = levers;
                    set_parameter(changed, path, given);
                    schedule.from(month, std::move(changed));
                }
                moved.policy = std::move(schedule);
            } else {
                set_parameter(moved.assumptions, path, given);
            }
        }
    }
    moved.text = canonical_text(moved);
    moved.hash = Hash().text(moved.text).value();
    return moved;
}

}  // namespace hutong
