#include "agents/model.h"

#include <array>

namespace hutong {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Behaviour::count)> names{
    "births", "deaths",       "moving",         "arrivals",      "couples",         "leaving-home",  "schooling",   "retirement",
    "rents",  "registration", "business-entry", "business-exit", "business-growth", "labour-search", "separations", "commuter-conversion",
    "owners", "departments",  "vote",           "enforcement",   "allocation",      "satisfaction",  "surrender"};

}  // namespace

std::string_view behaviour_name(Behaviour behaviour) { return names[static_cast<std::size_t>(behaviour)]; }

Behaviour behaviour_named(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return static_cast<Behaviour>(i);
    }
    return Behaviour::count;
}

}  // namespace hutong
