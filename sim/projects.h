/// Staff of publicly funded projects, one row per project and year end: what C4.4 (80 %) and C4.5 (50 %) ask for,
/// project by project and under both readings of "local".
#pragma once

#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// A project is what runs in one vacated space; what stood before the start is taken together by block.
struct ProjectRow {
    std::uint16_t month = 0;       ///< row of the series
    std::uint16_t block = 0;       ///< where it stands
    std::uint32_t space = no_row;  ///< vacated space it runs in, or no_row: stock of the start
    bool heritage = false;         ///< C4.5 instead of C4.4
    std::uint32_t posts = 0, filled = 0;
    std::uint32_t residents = 0;        ///< of the filled posts: held by people who live in the district
    std::uint32_t registered_here = 0;  ///< of the filled posts: held by people registered in the district
};

/// The rows as columns, for files.
struct ProjectColumns {
    ProjectColumns() = default;
    explicit ProjectColumns(const std::vector<ProjectRow>& rows);
    std::vector<ProjectRow> rows() const;

    std::vector<std::uint16_t> month, block;
    std::vector<std::uint32_t> space;
    std::vector<std::uint8_t> heritage;
    std::vector<std::uint32_t> posts, filled, residents, registered_here;
    template <class F>
    void columns(F&& f) {
        f(month);
        f(block);
        f(space);
        f(heritage);
        f(posts);
        f(filled);
        f(residents);
        f(registered_here);
    }
};

/// The rows of one month, in the order of clause, block and space.
std::vector<ProjectRow> project_rows(const World& world, std::uint16_t month);

}  // namespace hutong
