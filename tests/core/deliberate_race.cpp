// A data race on purpose, inside a parallel loop: the test passes only when the thread sanitizer reports it, which
// shows that it would see a real one.
#include <cstdio>

#include "core/parallel.h"

int main() {
    const hutong::Parallel parallel(2);
    long shared = 0;
    parallel.for_grains(2000, 1, [&](std::size_t, std::size_t begin, std::size_t) { shared += static_cast<long>(begin); });
    std::printf("%ld\n", shared);
    return 0;
}
