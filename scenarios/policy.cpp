#include "scenarios/policy.h"

#include <algorithm>
#include <array>

namespace hutong {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Clause::count)> names{
    "",     "G1",   "G2",   "G3",   "G4",   "G5",   "G6",   "C1",   "C2.0", "C2.1", "C2.2", "C2.3", "C2.4", "C3.0", "C3.1",
    "C3.2", "C3.3", "C3.4", "C3.5", "C3.6", "C3.7", "C4.1", "C4.2", "C4.3", "C4.4", "C4.5", "M1",   "M2",   "M3",   "M4",
    "W1",   "W2",   "W3",   "W4",   "P0",   "P1",   "P2",   "P3",   "P4",   "P5",   "O1",   "O2",   "O3"};
static_assert(names.back() == "O3");

ParameterValue value_of(const Levers& levers, std::string_view lever) {
    for (auto& row : list_parameters(levers)) {
        if (row.path == lever) return row.value;
    }
    return {};
}

}  // namespace

std::string_view clause_name(Clause clause) { return clause < Clause::count ? names[static_cast<std::size_t>(clause)] : names[0]; }

Clause clause_named(std::string_view name) {
    const auto found = std::find(names.begin() + 1, names.end(), name);
    return found == names.end() ? Clause::none : static_cast<Clause>(found - names.begin());
}

void Policy::from(Month month, Levers levers) {
    const auto place =
        std::lower_bound(entries_.begin(), entries_.end(), month, [](const auto& entry, Month value) { return entry.first < value; });
    if (place != entries_.end() && place->first == month) {
        place->second = std::move(levers);
    } else {
        entries_.insert(place, {month, std::move(levers)});
    }
}

const Levers& Policy::at(Month month) const {
    const auto after =
        std::upper_bound(entries_.begin(), entries_.end(), month, [](Month value, const auto& entry) { return value < entry.first; });
    return after == entries_.begin() ? entries_.front().second : std::prev(after)->second;
}

void Policy::change(Month month, std::string_view lever, const ParameterValue& value, const Place& place) {
    Levers changed = at(month);
    const ParameterValue before = value_of(changed, lever);
    set_parameter(changed, lever, value, place);
    from(month, std::move(changed));
    // a later entry that only carried the old value on carries the new one; the first that said something else ends it
    for (auto& entry : entries_) {
        if (entry.first <= month) continue;
        if (value_of(entry.second, lever) != before) break;
        set_parameter(entry.second, lever, value, place);
    }
}

}  // namespace hutong
