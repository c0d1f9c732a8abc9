#include "app/progress.h"

#include <unistd.h>
#include <algorithm>
#include <cstdio>

namespace hutong {
namespace {

constexpr int bar_width = 30;
constexpr std::chrono::milliseconds shortest_gap{100};

}  // namespace

std::string progress_bar(double share, int width) {
    const int full = std::clamp(static_cast<int>(share * width), 0, width);
    return "[" + std::string(static_cast<std::size_t>(full), '#') + std::string(static_cast<std::size_t>(width - full), '.') + "] " +
           fmt::format("{:3d} %", static_cast<int>(share * 100));
}

Progress::Progress(const Text& text, ShowProgress show)
    : text_(text),
      show_(show == ShowProgress::always || (show == ShowProgress::on_terminal && isatty(STDERR_FILENO))),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() { clear(); }

void Progress::stage(std::string_view name) {
    print(text_(name) + " ...");
    start_ = std::chrono::steady_clock::now();
    last_ = {};
}

void Progress::months(int done, int all, std::string_view label) {
    if (!show_ || all <= 0) return;
    const auto now = std::chrono::steady_clock::now();
    if (done < all && now - last_ < shortest_gap) return;
    last_ = now;
    const double passed = std::chrono::duration<double>(now - start_).count();
    const double left = done > 0 ? passed / done * (all - done) : 0;
    print(fmt::format("{} {}  {}", progress_bar(static_cast<double>(done) / all, bar_width), label,
                      text_(msg("month {} of {}, {} left", done, all, text_.seconds(left)))));
}

void Progress::begin() {
    start_ = std::chrono::steady_clock::now();
    last_ = {};
}

void Progress::runs(std::int64_t months_done, std::int64_t months, std::size_t runs_done, std::size_t runs, int processes) {
    if (!show_ || months <= 0) return;
    const auto now = std::chrono::steady_clock::now();
    const double share = std::min(1.0, static_cast<double>(months_done) * processes / static_cast<double>(months));
    if (share < 1 && now - last_ < shortest_gap) return;
    last_ = now;
    const double passed = std::chrono::duration<double>(now - start_).count();
    const double left = share > 0 ? passed / share * (1 - share) : 0;
    print(fmt::format("{} {}", progress_bar(share, bar_width),
                      text_(msg("run {} of {}, {} left", std::min(runs_done + 1, runs), runs, text_.seconds(left)))));
}

void Progress::print(const std::string& line) {
    if (!show_) return;
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
    dirty_ = true;
}

void Progress::clear() {
    if (!dirty_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    dirty_ = false;
}

}  // namespace hutong
