#include "core/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "core/error.h"
#include "core/safe_file.h"

extern char** environ;

namespace hutong {

namespace fs = std::filesystem;

PrivateFolder::PrivateFolder() {
    std::string pattern = (fs::temp_directory_path() / "hutong-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw Error(ErrorKind::cannot_write, msg("cannot write '{}'", pattern), msg("the system reports: {}", std::strerror(errno)),
                    msg("free some space or choose another target"));
    }
    path_ = pattern;
}

PrivateFolder::~PrivateFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

fs::path find_program(std::string_view name) {
    const char* const all = std::getenv("PATH");
    std::string_view rest = all != nullptr ? all : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        const fs::path candidate = fs::path(rest.substr(0, end)) / name;
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (candidate.is_absolute() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

ProcessEnd run_process(const std::vector<std::string>& argv, const fs::path& folder, int seconds) {
    const fs::path log = folder / "output.log";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);

    std::vector<std::string> settings{"HOME=" + folder.string(), "TMPDIR=" + folder.string(), "XDG_CONFIG_HOME=" + folder.string(),
                                      "XDG_CACHE_HOME=" + folder.string()};
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view one = *entry;
        if (!one.starts_with("HOME=") && !one.starts_with("TMPDIR=") && !one.starts_with("XDG_") && !one.starts_with("PG"))
            settings.emplace_back(one);
    }
    std::vector<char*> arguments, environment;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    for (const std::string& setting : settings) environment.push_back(const_cast<char*>(setting.c_str()));
    arguments.push_back(nullptr);
    environment.push_back(nullptr);

    pid_t child = 0;
    const int failed = posix_spawn(&child, argv.front().c_str(), &actions, &attributes, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        throw Error(ErrorKind::internal, msg("'{}' cannot be started", argv.front()), msg("the system reports: {}", std::strerror(failed)),
                    msg("install it again"));
    }
    ProcessEnd end;
    int status = 0;
    constexpr auto pause = std::chrono::milliseconds(20);
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    for (;;) {
        const pid_t done = ::waitpid(child, &status, WNOHANG);
        if (done == child) break;
        if (done < 0 && errno != EINTR) break;
        if (std::chrono::steady_clock::now() > limit) {
            end.too_slow = true;
            ::kill(-child, SIGKILL);
            ::waitpid(child, &status, 0);
            break;
        }
        std::this_thread::sleep_for(pause);
    }
    ::kill(-child, SIGKILL);  // whatever it left behind in its group
    if (!end.too_slow && WIFEXITED(status)) end.code = WEXITSTATUS(status);
    constexpr std::uint64_t most = std::uint64_t{16} << 20;
    constexpr std::size_t kept = 400;
    try {
        end.output = read_file(log, most);
    } catch (const Error&) {
        end.output.clear();  // a program may print nothing, or too much
    }
    if (end.output.size() > kept) end.output.erase(0, end.output.size() - kept);
    return end;
}

}  // namespace hutong
