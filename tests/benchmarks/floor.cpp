#include "floor.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "agents/keyed_race.h"
#include "core/exact_math.h"

namespace hutong::bench {
namespace {

constexpr std::size_t grain = 8192;  // lucks and words of a grain stay in the second-level cache
constexpr std::size_t batch = 512;   // words of a batch stay in the first-level cache
constexpr std::size_t nodes = 10'000;
constexpr std::size_t segments = 64;
constexpr std::size_t age_columns = 32;  // five-year groups, as a power of two
const Month first = Month::of(2017, 7);

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct GrainResult {
    std::vector<std::uint32_t> hits;
    std::array<std::uint32_t, 256 * age_columns> sums{};
};

}  // namespace

Floor::Floor(const Load& load, int threads) : load_(load), parallel_(threads) {
    const auto word = [](std::size_t i, std::uint64_t what) { return luck_key(i, what); };
    people_.luck.resize(load.people);
    people_.birth_month.resize(load.people);
    people_.home_node.resize(load.people);
    people_.sex.resize(load.people);
    people_.household.resize(load.people);
    people_.job.resize(load.people);
    people_.activity.resize(load.people);
    for (std::size_t i = 0; i < load.people; ++i) {
        people_.luck[i] = word(i, 1);
        people_.birth_month[i] = static_cast<std::int16_t>(first.index - static_cast<int>(word(i, 2) % (90 * 12)));
        people_.home_node[i] = static_cast<std::uint16_t>(word(i, 3) % nodes);
        people_.sex[i] = static_cast<Sex>(word(i, 4) & 1);
    }
    in_commuters_.luck.resize(load.in_commuters);
    in_commuters_.skill.resize(load.in_commuters);
    in_commuters_.job.resize(load.in_commuters);
    for (std::size_t i = 0; i < load.in_commuters; ++i) {
        in_commuters_.luck[i] = word(i, 5);
        in_commuters_.skill[i] = static_cast<Skill>(word(i, 6) % 3);
    }
    block_of_node_.resize(nodes);
    for (std::size_t i = 0; i < nodes; ++i) block_of_node_[i] = static_cast<std::uint8_t>(i * load.blocks / nodes);
    class_of_age_months_.resize(140 * 12);
    for (std::size_t i = 0; i < class_of_age_months_.size(); ++i)
        class_of_age_months_[i] = static_cast<std::uint8_t>(std::min<std::size_t>(i / 12, age_classes - 1));
    thresholds_.resize(2 * age_classes);
    for (std::size_t i = 0; i < thresholds_.size(); ++i) {
        const double age = static_cast<double>(i % age_classes) / age_classes;
        thresholds_[i] = {threshold(0.02 * age * age * age), threshold(0.004 * (1 - age)), threshold(0.012 * (1 - age)), threshold(0.002)};
    }
    commuter_thresholds_ = {threshold(0.02), threshold(0.015), threshold(0.01)};
    inverse_weights_.resize(segments * alternatives);
    for (std::size_t i = 0; i < inverse_weights_.size(); ++i) {
        inverse_weights_[i] = race::inverse_weight(exact_exp(2 * unit_open(static_cast<std::uint32_t>(word(i, 7)))));
    }
    for (std::size_t i = 0; i < alternatives; ++i) alternative_lucks_.push_back(word(i, 8));
}

void Floor::month(Month month, FloorSeconds& seconds) {
    seconds.chance_and_sums += seconds_of([&] { pass_over_people(month); });
    seconds.in_commuters += seconds_of([&] { pass_over_in_commuters(month); });
    seconds.events += seconds_of([&] { update_random_rows(month); });
    seconds.choice += seconds_of([&] {
        choose(month, Purpose::move_block, load_.home_searches);
        choose(month, Purpose::job_block, load_.job_searches);
    });
}

void Floor::pass_over_people(Month month) {
    std::vector<GrainResult> results(Parallel::grains(load_.people, grain));
    parallel_.for_grains(load_.people, grain, [&](std::size_t number, std::size_t begin, std::size_t end) {
        GrainResult& result = results[number];
        alignas(64) std::array<std::uint32_t, batch> w0, w1, w2, w3;
        std::array<std::uint32_t, batch> found;
        for (std::size_t from = begin; from < end; from += batch) {
            const std::size_t count = std::min(batch, end - from);
            luck_.blocks(Purpose::life_event, people_.luck.data() + from, count, month, w0.data(), w1.data(), w2.data(), w3.data());
            std::size_t hits = 0;
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t row = from + i;
                const std::size_t age = class_of_age_months_[static_cast<std::size_t>(month.index - people_.birth_month[row])];
                const Word4& t = thresholds_[static_cast<std::size_t>(people_.sex[row]) * age_classes + age];
                ++result.sums[block_of_node_[people_.home_node[row]] * age_columns + age / 5];
                found[hits] = static_cast<std::uint32_t>(row);  // written always, kept when something happens: no branch to guess
                hits += (w0[i] < t[0]) | (w1[i] < t[1]) | (w2[i] < t[2]) | (w3[i] < t[3]);
            }
            result.hits.insert(result.hits.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(hits));
        }
    });
    std::array<std::uint64_t, 256 * age_columns> sums{};
    for (const auto& result : results) {
        for (std::size_t i = 0; i < load_.blocks * age_columns; ++i) sums[i] += result.sums[i];
        checksum_ += result.hits.size();
    }
    checksum_ ^= sums[7];
}

void Floor::pass_over_in_commuters(Month month) {
    std::vector<std::vector<std::uint32_t>> results(Parallel::grains(load_.in_commuters, grain));
    parallel_.for_grains(load_.in_commuters, grain, [&](std::size_t number, std::size_t begin, std::size_t end) {
        alignas(64) std::array<std::uint32_t, batch> w0, w1, w2, w3;
        std::array<std::uint32_t, batch> found;
        const std::uint32_t converts = threshold(0.0005);
        for (std::size_t from = begin; from < end; from += batch) {
            const std::size_t count = std::min(batch, end - from);
            luck_.blocks(Purpose::incommuter_event, in_commuters_.luck.data() + from, count, month, w0.data(), w1.data(), w2.data(),
                         w3.data());
            std::size_t hits = 0;
            for (std::size_t i = 0; i < count; ++i) {
                found[hits] = static_cast<std::uint32_t>(from + i);
                hits += (w0[i] < commuter_thresholds_[static_cast<std::size_t>(in_commuters_.skill[from + i])]) | (w1[i] < converts);
            }
            results[number].insert(results[number].end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(hits));
        }
    });
    for (const auto& result : results) checksum_ += result.size();
}

void Floor::update_random_rows(Month month) {
    // Events are applied one after another, as in the engine: two of them may touch the same row.
    const auto count = static_cast<std::uint32_t>(load_.people);
    if (count == 0) return;
    constexpr std::size_t ahead = 16;  // rows are fetched before they are needed
    const auto random = [&](std::size_t event) { return luck_key(event, static_cast<std::uint64_t>(month.index)); };
    const auto row_of = [&](std::size_t event) { return Luck::below(static_cast<std::uint32_t>(random(event)), count); };
    for (std::size_t event = 0; event < load_.events; ++event) {
        const std::uint32_t next = row_of(event + ahead);
        __builtin_prefetch(&people_.household[next], 1);
        __builtin_prefetch(&people_.job[next], 1);
        __builtin_prefetch(&people_.home_node[next], 1);
        __builtin_prefetch(&people_.activity[next], 1);
        const std::uint32_t row = row_of(event);
        people_.household[row] = static_cast<std::uint32_t>(event);
        people_.job[row] ^= row;
        people_.home_node[row] = static_cast<std::uint16_t>((random(event) >> 32) % nodes);
        people_.activity[row] = static_cast<Activity>((random(event) >> 60) & 7);
    }
}

void Floor::choose(Month month, Purpose purpose, std::size_t searches) {
    std::vector<std::uint64_t> results(Parallel::grains(searches, 256));
    parallel_.for_grains(searches, 256, [&](std::size_t number, std::size_t begin, std::size_t end) {
        std::uint64_t sum = 0;
        for (std::size_t search = begin; search < end; ++search) {
            const std::uint64_t chooser = people_.luck[search % people_.luck.size()];
            sum += first_arrival(key_of(luck_.block(purpose, chooser, month)), alternative_lucks_.data(),
                                 inverse_weights_.data() + (chooser % segments) * alternatives, alternatives);
        }
        results[number] = sum;
    });
    for (const std::uint64_t sum : results) checksum_ += sum;
}

std::size_t Floor::bytes_read_per_month() const {
    const std::size_t person =
        sizeof(people_.luck[0]) + sizeof(people_.birth_month[0]) + sizeof(people_.home_node[0]) + sizeof(people_.sex[0]);
    const std::size_t commuter = sizeof(in_commuters_.luck[0]) + sizeof(in_commuters_.skill[0]);
    return load_.people * person + load_.in_commuters * commuter;
}

double triad_bytes_per_second(int threads) {
    constexpr std::size_t size = 16'000'000;  // 128 MB an array
    const Parallel parallel(threads);
    std::vector<double> a(size, 0.0), b(size, 1.0), c(size, 2.0);
    double best = 1e9;
    for (int repeat = 0; repeat < 5; ++repeat) {
        best = std::min(best, seconds_of([&] {
                            parallel.for_grains(size, 1 << 16, [&](std::size_t, std::size_t begin, std::size_t end) {
                                for (std::size_t i = begin; i < end; ++i) a[i] = b[i] + 3.0 * c[i];
                            });
                        }));
    }
    return a[size / 2] == 7.0 ? 3.0 * sizeof(double) * static_cast<double>(size) / best : 0.0;
}

}  // namespace hutong::bench
