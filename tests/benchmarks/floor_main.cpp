// hutong_floor: runs the floor for some months and prints its seconds as JSON (bench.py compares them with the engine).
#include <cstdio>
#include <cstdlib>
#include <string>

#include "floor.h"

int main(int argc, char** argv) {
    using namespace hutong;
    bench::Load load;
    int months = 222;
    int threads = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        const auto number = static_cast<std::size_t>(std::atoll(argv[i + 1]));
        if (name == "--people")
            load.people = number;
        else if (name == "--in-commuters")
            load.in_commuters = number;
        else if (name == "--events")
            load.events = number;
        else if (name == "--home-searches")
            load.home_searches = number;
        else if (name == "--job-searches")
            load.job_searches = number;
        else if (name == "--months")
            months = static_cast<int>(number);
        else if (name == "--threads")
            threads = static_cast<int>(number);
        else {
            std::fprintf(stderr, "unknown option %s\n", argv[i]);
            return 2;
        }
    }
    bench::Floor floor(load, threads);
    bench::FloorSeconds seconds;
    bench::FloorSeconds warm_up;
    floor.month(Month::of(2017, 6), warm_up);
    for (int m = 0; m < months; ++m) floor.month(Month::of(2017, 7) + m, seconds);
    const double triad = bench::triad_bytes_per_second(threads);
    const double bytes = static_cast<double>(floor.bytes_read_per_month()) * months;
    std::printf(
        "{\"months\": %d, \"threads\": %d, \"people\": %zu, \"in_commuters\": %zu, \"events\": %zu, \"home_searches\": %zu, "
        "\"job_searches\": %zu, \"seconds\": {\"chance_and_sums\": %.4f, \"in_commuters\": %.4f, \"events\": %.4f, \"choice\": %.4f, "
        "\"total\": %.4f}, \"triad_bytes_per_second\": %.0f, \"bytes_read\": %.0f, \"bandwidth_bound_seconds\": %.4f, "
        "\"checksum\": %llu}\n",
        months, floor.threads(), load.people, load.in_commuters, load.events, load.home_searches, load.job_searches,
        seconds.chance_and_sums, seconds.in_commuters, seconds.events, seconds.choice, seconds.total(), triad, bytes,
        triad > 0 ? bytes / triad : 0, static_cast<unsigned long long>(floor.checksum()));
}
