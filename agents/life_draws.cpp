#include "agents/life_draws.h"

#include <algorithm>
#include <array>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {
namespace {

/// Sorts the hits of one batch; written always, kept where the words say so: no branch to guess.
void sort_hits(const Hits& hits, const WordTests& tests, std::size_t first, LifeDraws::Part& part) {
    std::array<LifeDraws::AtHome, Hits::most + 1> home;
    std::array<LifeDraws::AtWork, Hits::most + 1> work;
    std::size_t at_home = 0, at_work = 0;
    const auto passes = [&](std::size_t w, std::uint32_t word) {
        return static_cast<std::size_t>(word + tests.offset[w] < tests.bound[w]);
    };
    for (std::size_t h = 0; h < hits.count; ++h) {
        const auto row = static_cast<std::uint32_t>(first + hits.at[h]);
        const std::uint32_t w0 = hits.words[0][h], w1 = hits.words[1][h], w2 = hits.words[2][h], w3 = hits.words[3][h];
        home[at_home] = {row, w0, w1, w3};
        at_home += passes(0, w0) | passes(1, w1) | passes(3, w3);
        work[at_work] = {row, w2};
        at_work += passes(2, w2);
    }
    part.home.insert(part.home.end(), home.begin(), home.begin() + static_cast<std::ptrdiff_t>(at_home));
    part.work.insert(part.work.end(), work.begin(), work.begin() + static_cast<std::ptrdiff_t>(at_work));
}

}  // namespace

void draw_lives(const Model& model, World& world) {
    LifeDraws& draws = world.life_draws;
    const auto& people = world.people;
    if (draws.month == world.month && draws.rows == people.rows()) return;
    draws.month = world.month;
    draws.rows = people.rows();
    WordTests tests = tests_at_home(model);
    const WordTests work = tests_at_work(model);
    tests.offset[2] = work.offset[2];
    tests.bound[2] = work.bound[2];
    draws.parts.resize(Parallel::grains(people.rows(), LifeDraws::grain));
    model.parallel.for_grains(people.rows(), LifeDraws::grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        LifeDraws::Part& part = draws.parts[g];
        part.home.clear();
        part.work.clear();
        Hits hits;
        for (std::size_t first = begin; first < end; first += Hits::most) {
            const std::size_t count = std::min(Hits::most, end - first);
            model.luck.hits(Purpose::life_event, people.luck.data() + first, count, world.month, tests, hits);
            sort_hits(hits, tests, first, part);
        }
    });
}

void clear(LifeDraws& draws) {
    // Months are alike: room for a quarter more than this one is held, not what growing by doubling or a rare month left.
    const auto empty = []<class T>(std::vector<T>& hits) {
        const std::size_t size = hits.size();
        hits.clear();
        if (hits.capacity() <= size + size / 4) return;
        std::vector<T>().swap(hits);
        hits.reserve(size + size / 8);
    };
    draws.rows = 0;
    for (LifeDraws::Part& part : draws.parts) {
        empty(part.home);
        empty(part.work);
    }
}

}  // namespace hutong
