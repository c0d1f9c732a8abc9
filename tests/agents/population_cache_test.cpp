#include "agents/population_cache.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "core/safe_file.h"
#include "synthesis_town.h"

namespace hutong {
namespace {

class PopulationCache : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(::testing::TempDir()) /
                  ("hutong-cache-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder_);
        setenv("XDG_CACHE_HOME", folder_.c_str(), 1);
    }
    void TearDown() override {
        unsetenv("XDG_CACHE_HOME");
        std::error_code ignore;
        std::filesystem::remove_all(folder_, ignore);
    }
    std::filesystem::path file() { return population_file(*cache_folder(), population_key(town_.model)); }
    std::uint64_t load() {
        World world;
        world.month = town_.start();
        return load_population(file(), population_key(town_.model), world) ? hash(world) : 0;
    }

    SynthesisTown town_{2};
    std::filesystem::path folder_;
};

TEST_F(PopulationCache, RoundTrip) {
    World first, second;
    first.month = second.month = town_.start();
    EXPECT_FALSE(make_population(town_.model, first));
    EXPECT_TRUE(std::filesystem::exists(file()));
    EXPECT_TRUE(make_population(town_.model, second));
    EXPECT_EQ(hash(first), hash(second));
}

TEST_F(PopulationCache, EveryBrokenByteIsFoundAndTheFileMadeAnew) {
    World world;
    world.month = town_.start();
    make_population(town_.model, world);
    const std::string bytes = read_file(file());
    const auto write = [&](const std::string& content) {
        std::ofstream(file(), std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    };
    for (std::size_t k = 0; k < 40; ++k) {
        std::string broken = bytes;
        broken[broken.size() * k / 40] = static_cast<char>(broken[broken.size() * k / 40] ^ 0x10);
        write(broken);
        EXPECT_EQ(load(), 0U) << "byte " << broken.size() * k / 40;
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, bytes.size() / 2, bytes.size() - 1}) {
        write(bytes.substr(0, size));
        EXPECT_EQ(load(), 0U) << size << " bytes";
    }
    World again;
    again.month = town_.start();
    EXPECT_FALSE(make_population(town_.model, again));
    EXPECT_EQ(hash(again), hash(world));
    EXPECT_EQ(load(), hash(world));
}

TEST_F(PopulationCache, KeyCoversWhatThePopulationDependsOn) {
    const std::uint64_t key = population_key(town_.model);
    town_.scenario.run.seed = 7;
    EXPECT_EQ(population_key(town_.model), key);
    town_.scenario.assumptions.synthesis.seed = 7;
    const std::uint64_t seed = population_key(town_.model);
    EXPECT_NE(seed, key);
    town_.scenario.run.scale = 0.5;
    const std::uint64_t scale = population_key(town_.model);
    EXPECT_NE(scale, seed);
    town_.district.hash ^= 1;
    EXPECT_NE(population_key(town_.model), scale);
}

TEST_F(PopulationCache, WithoutAFolderToWriteToTheRunGoesOn) {
    std::ofstream(folder_.string()) << "a file where the folder should be";
    World world;
    world.month = town_.start();
    EXPECT_FALSE(make_population(town_.model, world));
    EXPECT_GT(world.people.count(), 0U);
}

TEST_F(PopulationCache, OnlyAFewPopulationsAreKept) {
    World world;
    world.month = town_.start();
    make_population(town_.model, world);
    for (std::uint64_t key = 1; key <= 12; ++key) save_population(population_file(*cache_folder(), key), key, world);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(*cache_folder())) ++files;
    EXPECT_LE(files, 6U);
}

}  // namespace
}  // namespace hutong
