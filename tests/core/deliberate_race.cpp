// A data race on purpose, inside a parallel loop: the test passes only when the thread sanitizer reports it, which
// shows that it would see a real one.
#include <atomic>
#include <cstdio>
#include <thread>

#include "core/parallel.h"

int main() {
    const hutong::Parallel parallel(2);
    std::atomic<int> arrived{0};
    long shared = 0;
    // Each of two grains waits for the other, so that two threads are in the loop; relaxed, so that nothing orders them.
    parallel.for_grains(2, 1, [&](std::size_t, std::size_t begin, std::size_t) {
        arrived.fetch_add(1, std::memory_order_relaxed);
        while (arrived.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
        // More than once: of two accesses at the very same moment the sanitizer may see neither.
        for (int i = 0; i < 1000; ++i) {
            shared += static_cast<long>(begin) + i;
            std::this_thread::yield();
        }
    });
    std::printf("%ld\n", shared);
    return 0;
}
