// Google Benchmark on the parts that decide the speed of a month: draws, choice, contests, hashing.
#include <benchmark/benchmark.h>

#include <vector>

#include "agents/keyed_race.h"
#include "agents/resolve.h"
#include "core/draw.h"
#include "core/exact_math.h"
#include "core/hash.h"
#include "floor.h"

namespace {

using namespace hutong;
const Month month = Month::of(2020, 1);
const Luck luck(1, 0);

std::vector<std::uint64_t> lucks(std::size_t count) {
    std::vector<std::uint64_t> keys(count);
    for (std::size_t i = 0; i < count; ++i) keys[i] = luck_key(i, 1);
    return keys;
}

void blocks_of_many_agents(benchmark::State& state) {
    const auto keys = lucks(4096);
    std::vector<std::uint32_t> w0(4096), w1(4096), w2(4096), w3(4096);
    for (auto _ : state) {
        luck.blocks(Purpose::test, keys.data(), keys.size(), month, w0.data(), w1.data(), w2.data(), w3.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(blocks_of_many_agents);

void block_of_one_agent(benchmark::State& state) {
    std::uint64_t key = 1;
    for (auto _ : state) benchmark::DoNotOptimize(luck.block(Purpose::test, ++key, month));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(block_of_one_agent);

void race_over_thirty(benchmark::State& state) {
    const auto alternatives = lucks(30);
    std::vector<float> inverse(30);
    for (std::size_t i = 0; i < inverse.size(); ++i) inverse[i] = race::inverse_weight(1.0 + static_cast<double>(i % 7));
    std::uint64_t key = 1;
    for (auto _ : state) benchmark::DoNotOptimize(first_arrival(mix64(++key), alternatives.data(), inverse.data(), inverse.size()));
    state.SetItemsProcessed(state.iterations() * 30);
}
BENCHMARK(race_over_thirty);

void exact_exponential(benchmark::State& state) {
    double x = -3.0;
    for (auto _ : state) benchmark::DoNotOptimize(exact_exp(x = x < 3.0 ? x + 1e-3 : -3.0));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(exact_exponential);

void contest(benchmark::State& state) {
    const auto keys = lucks(static_cast<std::size_t>(state.range(0)));
    std::vector<Proposal> proposals;
    for (auto _ : state) {
        proposals.clear();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto good = static_cast<std::uint32_t>(keys[i] % (keys.size() / 2 + 1));
            proposals.push_back({contest_rank(good, keys[i], month), keys[i], good, static_cast<std::uint32_t>(i)});
        }
        std::size_t winners = 0;
        resolve(
            proposals, [&](const Proposal&) { ++winners; }, [](const Proposal&) {});
        benchmark::DoNotOptimize(winners);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(contest)->Arg(1000)->Arg(20000);

void hash_of_a_buffer(benchmark::State& state) {
    const std::vector<std::uint64_t> data(1 << 20, 3);
    for (auto _ : state) benchmark::DoNotOptimize(hash_buffer(data.data(), data.size() * sizeof(data[0]), 1));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.size() * sizeof(data[0])));
}
BENCHMARK(hash_of_a_buffer);

/// A month of the floor, by population in units of 155 000 (an eighth of the district).
void month_of_the_floor(benchmark::State& state) {
    const auto eighths = static_cast<std::size_t>(state.range(0));
    bench::Load load;
    load.people = load.people * eighths / 8;
    load.in_commuters = load.in_commuters * eighths / 8;
    load.events = load.events * eighths / 8;
    load.home_searches = load.home_searches * eighths / 8;
    load.job_searches = load.job_searches * eighths / 8;
    bench::Floor floor(load, 0);
    bench::FloorSeconds seconds;
    Month now = month;
    for (auto _ : state) {
        floor.month(now, seconds);
        ++now;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(load.people));
}
BENCHMARK(month_of_the_floor)->Arg(1)->Arg(8)->UseRealTime()->Iterations(50);

}  // namespace
