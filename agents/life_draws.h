/// The four life_event words of every resident are drawn once a month, for step 5 (work) and step 6 (home): one pass over
/// all lucks that keeps only those whose words can mean an event at the largest hazard of any age or sector. The steps
/// then compare exactly. What is kept is no part of the state: step 6 empties it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/calendar.h"
#include "core/draw.h"

namespace hutong {

struct Model;
struct World;

struct LifeDraws {
    static constexpr std::size_t grain = 16 * Hits::most;  ///< rows of a part
    struct AtHome {
        std::uint32_t row, death, birth, home;  ///< person; words 0, 1 and 3
    };
    struct AtWork {
        std::uint32_t row, word;  ///< person; word 2
    };
    /// Of one grain of rows; free rows are among them.
    struct Part {
        std::vector<AtHome> home;
        std::vector<AtWork> work;
    };
    std::vector<Part> parts;
    Month month;
    std::size_t rows = 0;  ///< of PersonTable when they were drawn; 0: not drawn
};

/// In-commuters who may look for a home here this month: step 5, which draws the words of all of them, lists those whose
/// word 1 says so, and whom it hires afterwards. Step 7 uses the list and empties it; no part of the state.
struct CommuterDraws {
    struct Likely {
        std::uint64_t luck;  ///< the row may have another in-commuter by now
        std::uint32_t row;
    };
    std::vector<Likely> likely;
    std::vector<std::uint32_t> hired;  ///< rows taken since; not drawn for yet
    Month month;
    bool drawn = false;
};

/// The bound of that word.
std::uint32_t conversion_threshold(const Model& model);

/// Bounds of the words that count at home (words 0, 1, 3) or at work (word 2), none where behaviours are switched off.
WordTests tests_at_home(const Model& model);
WordTests tests_at_work(const Model& model);

/// This month's draws in World::life_draws: drawn now, unless step 5 has drawn them.
void draw_lives(const Model& model, World& world);
/// Empties them; what they occupied is used again next month.
void clear(LifeDraws& draws);

}  // namespace hutong
