#include "scenarios/district.h"

#include "core/error.h"

namespace hutong {

double District::figure(std::string_view name) const {
    for (const NamedFigure& one : figures) {
        if (one.name == name) return one.value;
    }
    std::vector<std::string> known;
    for (const NamedFigure& one : figures) known.push_back(one.name);
    const std::string near = nearest_name(name, known);
    throw Error(ErrorKind::bad_district, msg("the district has no figure '{}'", name), {},
                near.empty() ? msg("add the row to figures.csv") : msg("add the row to figures.csv; did you mean '{}'?", near));
}

}  // namespace hutong
