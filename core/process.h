/// Runs another program: an argument list (never a shell), a private folder as its home and place, a time limit.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hutong {

/// A folder that only this user may enter and that is gone at the end.
class PrivateFolder {
public:
    PrivateFolder();
    ~PrivateFolder();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct ProcessEnd {
    int code = -1;  ///< exit code, or -1 when it was killed
    bool too_slow = false;
    std::string output;  ///< the last of what it printed
};

/// Full path of a program on PATH, or empty.
std::filesystem::path find_program(std::string_view name);

/// Runs `argv` (the first is a full path) in `folder`, which is also its HOME; after `seconds` it and what it started
/// are killed. Standard input is empty, output goes to a file in the folder. Throws Error(internal) when it cannot start.
ProcessEnd run_process(const std::vector<std::string>& argv, const std::filesystem::path& folder, int seconds);

}  // namespace hutong
