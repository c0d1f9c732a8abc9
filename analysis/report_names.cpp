// Names of what results files keep as numbers, in the reader's language.
#include <array>

#include "analysis/report_sections.h"

namespace hutong {
namespace {

template <std::size_t N>
std::string named(const Text& text, const std::array<std::string_view, N>& names, std::size_t index) {
    return index < N ? text(names[index]) : std::string("–");
}

}  // namespace

std::string category_name(const Text& text, std::size_t category) {
    static constexpr std::array<std::string_view, 7> names{
        tr("Industrial (C3.1)"),       tr("Education (C3.2)"),   tr("Heritage (C3.3)"),       tr("Direct-managed public housing (C3.4)"),
        tr("Residential area (C3.5)"), tr("Corner land (C3.6)"), tr("Temporary space (C3.7)")};
    return named(text, names, category);
}

std::string owner_name(const Text& text, std::size_t owner) {
    static constexpr std::array<std::string_view, 7> names{tr("Central"), tr("Municipal"),      tr("Military"), tr("District enterprise"),
                                                           tr("Private"), tr("Direct-managed"), tr("District")};
    return named(text, names, owner);
}

std::string direction_name(const Text& text, std::size_t direction) {
    static constexpr std::array<std::string_view, 5> names{tr("Service shortfalls"), tr("Green"), tr("Convenience services"),
                                                           tr("High-end industry"), tr("Other, named by clause")};
    return named(text, names, direction);
}

std::string stage_name(const Text& text, std::string_view stage) {
    for (const SpaceStageLabel& row : space_stage_labels()) {
        if (row.name == stage) return text(row.label);
    }
    return std::string(stage);
}

std::string decider_name(const Text& text, std::size_t decider) {
    static constexpr std::array<std::string_view, 3> names{tr("Decided by the district"), tr("Approved"), tr("Informed only")};
    return named(text, names, decider);
}

std::string status_word(const Text& text, std::string_view status) {
    static constexpr std::string_view words[] = {tr("sourced"), tr("derived"), tr("synthetic"), tr("assumption"), tr("fitted")};
    for (const std::string_view word : words) {
        if (word == status) return text(word);
    }
    return std::string(status);
}

}  // namespace hutong
