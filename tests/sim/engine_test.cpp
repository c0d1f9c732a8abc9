// The promises of the engine on the drawn town: same bits for any number of threads, a copied World continues exactly,
// permuted rows change no indicator, nothing is lost, and the golden.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "agents/services.h"
#include "core/hash.h"
#include "sim/observe.h"
#include "sim/step.h"
#include "tests/agents/permute.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

constexpr int months = 30;

void run_months(const Model& model, World& world, int count) {
    for (int i = 0; i < count; ++i) hutong::step(model, world);
}

/// All tallies of a month in one list.
std::vector<std::int64_t> observed(const Model& model, const World& world) {
    const TallyLayout layout(model.district);
    Observer observer(model, layout);
    return observer.observe(world, world.month - 1, true).values;
}

TEST(Engine, SameBitsForAnyNumberOfThreads) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        TinyWorld one(seed, 1);
        run_months(one.model, one.world, months);
        for (const int threads : {2, 3, 8}) {
            TinyWorld other(seed, threads);
            run_months(other.model, other.world, months);
            EXPECT_EQ(hash(one.world), hash(other.world)) << threads << " threads, seed " << seed;
        }
    }
}

TEST(Engine, DifferentSeedsGiveDifferentFutures) {
    TinyWorld one(1), two(2);
    run_months(one.model, one.world, 12);
    run_months(two.model, two.world, 12);
    EXPECT_NE(hash(one.world), hash(two.world));
    EXPECT_NE(observed(one.model, one.world), observed(two.model, two.world));
}

TEST(Engine, ACopiedWorldContinuesExactly) {
    TinyWorld tiny;
    run_months(tiny.model, tiny.world, 10);
    World fork = tiny.world;
    EXPECT_EQ(hash(fork), hash(tiny.world));
    run_months(tiny.model, tiny.world, 14);
    run_months(tiny.model, fork, 14);
    EXPECT_EQ(hash(fork), hash(tiny.world));
}

TEST(Engine, PermutingAllRowsAtTheStartChangesNoIndicator) {
    for (std::uint64_t key = 1; key <= 3; ++key) {
        TinyWorld plain, permuted;
        permute_rows(permuted.world, key);
        restore_services(permuted.model, permuted.world);
        const auto problems = audit(permuted.model, permuted.world);
        ASSERT_TRUE(problems.empty()) << problems.front();
        for (int month = 0; month < months; ++month) {
            hutong::step(plain.model, plain.world);
            hutong::step(permuted.model, permuted.world);
            ASSERT_EQ(observed(plain.model, plain.world), observed(permuted.model, permuted.world)) << "month " << month << ", key " << key;
        }
    }
}

TEST(Engine, NothingIsLostInAnyMonth) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        TinyWorld tiny(seed, 2);
        for (int month = 0; month < 60; ++month) {
            hutong::step(tiny.model, tiny.world);
            const auto problems = audit(tiny.model, tiny.world);
            ASSERT_TRUE(problems.empty()) << problems.front() << " in month " << month << " of seed " << seed;
        }
    }
}

TEST(Engine, EveryBehaviourCanBeSwitchedOffAndTheTownLivesOn) {
    for (int b = 0; b < static_cast<int>(Behaviour::count); ++b) {
        TinyWorld tiny;
        tiny.neutral(static_cast<Behaviour>(b));
        for (int month = 0; month < 14; ++month) hutong::step(tiny.model, tiny.world);
        const auto problems = audit(tiny.model, tiny.world);
        EXPECT_TRUE(problems.empty()) << behaviour_name(static_cast<Behaviour>(b)) << ": " << problems.front();
    }
}

TEST(Engine, TheAuditSeesBrokenBooks) {
    TinyWorld tiny;
    ASSERT_TRUE(audit(tiny.model, tiny.world).empty());
    World twice = tiny.world;
    std::uint32_t vacant = 0;
    while (!twice.dwellings.vacant(vacant)) ++vacant;
    std::uint32_t lived_in = 0;
    while (twice.dwellings.household[lived_in] == no_row) ++lived_in;
    twice.dwellings.household[vacant] = twice.dwellings.household[lived_in];  // one household, two dwellings
    EXPECT_FALSE(audit(tiny.model, twice).empty());
    World stolen = tiny.world;
    for (std::uint32_t j = 0; j < stolen.jobs.rows(); ++j) {
        if (stolen.jobs.alive(j) && stolen.jobs.by_resident(j)) {
            stolen.people.job[stolen.jobs.worker[j]] = no_row;  // a worker who does not know of the post
            break;
        }
    }
    EXPECT_FALSE(audit(tiny.model, stolen).empty());
    World lost = tiny.world;
    lost.households.size[lost.people.household[0]] = static_cast<std::uint8_t>(lost.households.size[lost.people.household[0]] + 1);
    EXPECT_FALSE(audit(tiny.model, lost).empty());
}

/// ./dev golden --update rewrites the file and shows the difference.
TEST(Engine, GoldenOfTheTinyTown) {
    std::ostringstream now;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        TinyWorld tiny(seed);
        now << "seed " << seed << " start " << hex(hash(tiny.world));
        for (const int until : {1, 12, 36}) {
            while (tiny.world.month < tiny.scenario.run.start + until) hutong::step(tiny.model, tiny.world);
            now << " | month " << until << " residents " << tiny.world.people.count() << " posts " << tiny.world.jobs.count()
                << " in-commuters " << tiny.world.in_commuters.count() << " state " << hex(hash(tiny.world));
        }
        now << "\n";
    }
    const std::string path = std::string(HUTONG_SOURCE_DIR) + "/tests/golden/tiny_town.txt";
    if (std::getenv("HUTONG_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << now.str();
    std::ifstream file(path);
    std::ostringstream golden;
    golden << file.rdbuf();
    EXPECT_EQ(now.str(), golden.str()) << "if the change is meant: ./dev golden --update";
}

}  // namespace
}  // namespace hutong
