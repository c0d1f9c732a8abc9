/// Runs the built program as a user does, with its output and exit code.
#pragma once

#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace hutong {

struct Ended {
    int code = -1;  ///< exit code, or 1000 + signal
    std::string out, err;
};

class Program {
public:
    Program() : folder_(std::filesystem::temp_directory_path() / ("hutong_app_test_" + std::to_string(getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~Program() { std::filesystem::remove_all(folder_); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    const std::filesystem::path& folder() const { return folder_; }
    static std::filesystem::path source(std::string_view path) { return std::filesystem::path(HUTONG_SOURCE_DIR) / path; }

    /// `in_child` runs in the child before the program; `meanwhile` in the parent while the child runs.
    Ended run(const std::vector<std::string>& args, const std::function<void()>& in_child = {},
              const std::function<void(pid_t)>& meanwhile = {}) const {
        const auto out = folder_ / "stdout", err = folder_ / "stderr";
        const std::string program = (std::filesystem::path(HUTONG_BINARY_DIR) / "hutong").string();
        const pid_t child = fork();
        if (child == 0) {
            if (!std::freopen(out.c_str(), "w", stdout) || !std::freopen(err.c_str(), "w", stderr)) _exit(126);
            if (chdir(folder_.c_str()) != 0) _exit(126);
            setenv("LC_ALL", "C.UTF-8", 1);
            setenv("XDG_CACHE_HOME", HUTONG_BINARY_DIR "/cache", 1);
            std::vector<char*> argv{const_cast<char*>(program.c_str())};
            for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
            argv.push_back(nullptr);
            if (in_child) in_child();
            execv(program.c_str(), argv.data());
            _exit(127);
        }
        if (meanwhile) meanwhile(child);
        int status = 0;
        waitpid(child, &status, 0);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), text(out), text(err)};
    }

    static std::string text(const std::filesystem::path& path) {
        std::ifstream file(path);
        std::stringstream all;
        all << file.rdbuf();
        return all.str();
    }

private:
    std::filesystem::path folder_;
};

inline std::size_t lines(const std::string& text) {
    std::size_t n = 0;
    for (const char c : text) n += c == '\n';
    return n;
}

}  // namespace hutong
