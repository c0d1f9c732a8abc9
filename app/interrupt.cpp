#include "app/interrupt.h"

#include <unistd.h>
#include <csignal>

#include "core/error.h"

namespace hutong {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) {
    if (flag.exchange(true)) _exit(static_cast<int>(ErrorKind::interrupted));
}

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGXFSZ, SIG_IGN);
}

const std::atomic<bool>& interrupted() { return flag; }

void check_interrupted() {
    if (flag) throw Error(ErrorKind::interrupted, msg("interrupted"), msg("nothing was written"));
}

}  // namespace hutong
