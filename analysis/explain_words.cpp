// Plain words for the enumerators of spaces, stages and directions.
#include <array>

#include "analysis/explain.h"

namespace hutong {

std::string_view category_label(std::uint8_t category) {
    static constexpr std::array<std::string_view, space_categories> labels{
        tr("industrial space"),       tr("education space"), tr("heritage space"), tr("direct-managed public housing"),
        tr("residential-area space"), tr("corner land"),     tr("temporary space")};
    return labels[category < labels.size() ? category : 0];
}

std::string_view form_label(std::uint8_t form) {
    static constexpr std::array<std::string_view, space_forms> labels{tr("floor space above ground"), tr("basement"),
                                                                      tr("complete courtyard"), tr("part of a courtyard"), tr("land")};
    return labels[form < labels.size() ? form : 0];
}

std::string_view owner_label(std::uint8_t owner) {
    static constexpr std::array<std::string_view, owner_types> labels{
        tr("central owner"), tr("municipal owner"),      tr("military owner"), tr("district state-owned enterprise"),
        tr("private owner"), tr("direct-managed owner"), tr("district")};
    return labels[owner < labels.size() ? owner : 0];
}

std::string_view direction_label(std::uint8_t direction) {
    static constexpr std::array<std::string_view, directions> labels{
        tr("service shortfalls"), tr("blank and green"), tr("convenience services"), tr("high-end industry"), tr("other, named by clause")};
    return labels[direction < labels.size() ? direction : 0];
}

std::string_view stage_label(SpaceStage stage) {
    static constexpr std::array<std::string_view, space_stages> labels{
        tr("still in its old use"), tr("empty"),
        tr("making the plan"),      tr("residents' vote"),
        tr("consultation"),         tr("review by the responsible department"),
        tr("joint meeting"),        tr("decision of the district government"),
        tr("municipal approval"),   tr("agreement and money"),
        tr("procurement"),          tr("works"),
        tr("acceptance"),           tr("in use"),
        tr("in temporary use"),     tr("left blank")};
    return labels[static_cast<std::size_t>(stage) < labels.size() ? static_cast<std::size_t>(stage) : 0];
}

}  // namespace hutong
