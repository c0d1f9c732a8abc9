/// A progress bar on stderr: share done, what is counted, time left. Silent when stderr is no terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/text.h"

namespace hutong {

enum class ShowProgress : std::uint8_t { never, on_terminal, always };

class Progress {
public:
    Progress(const Text& text, ShowProgress show);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// A line of its own kind: "Reading the district", replaced by the next.
    void stage(std::string_view name);
    void months(int done, int all, std::string_view label);
    /// Many runs at once begin now.
    void begin();
    /// Months and runs done of all that were to do, by this process out of `processes` that do the same.
    void runs(std::int64_t months_done, std::int64_t months, std::size_t runs_done, std::size_t runs, int processes);
    /// Wipes the line.
    void clear();

private:
    void print(const std::string& line);

    const Text& text_;
    bool show_;
    bool dirty_ = false;
    std::chrono::steady_clock::time_point start_, last_;
};

/// "[#####.....] 42 %": `width` characters between the brackets.
std::string progress_bar(double share, int width);

}  // namespace hutong
