/// Ctrl-C: the first asks the running task to stop cleanly, the second ends the program at once.
#pragma once

#include <atomic>

namespace hutong {

/// From now on SIGINT and SIGTERM set the flag, and writing beyond a file-size limit is an error, not a death.
void catch_interrupts();
/// Set by the first interrupt.
const std::atomic<bool>& interrupted();
/// Throws Error(interrupted) when the flag is set.
void check_interrupted();

}  // namespace hutong
