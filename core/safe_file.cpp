#include "core/safe_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/hash.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "HUTONG01";
constexpr std::size_t trailer_size = 24;
constexpr int attempts = 100;  // names tried for the temporary

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    /// Closes now and reports failure: some file systems say only here that the disk is full.
    bool close() {
        const int result = ::close(number_);
        number_ = -1;
        return result == 0;
    }

private:
    int number_;
};

fs::path folder_of(const fs::path& path) {
    const fs::path parent = path.parent_path();
    return parent.empty() ? fs::path(".") : parent;
}

/// errno of the first obstacle, or 0.
int obstacle(const fs::path& path, std::uint64_t bytes) {
    struct stat info {};
    const fs::path folder = folder_of(path);
    if (::stat(folder.c_str(), &info) != 0) return errno;
    if (!S_ISDIR(info.st_mode)) return ENOTDIR;
    if (::access(folder.c_str(), W_OK | X_OK) != 0) return errno;
    if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return EISDIR;
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) == 0 && disk.f_blocks > 0) {
        const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
        if (free < bytes) return ENOSPC;
    }
    return 0;
}

int write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        constexpr std::size_t most = std::size_t{1} << 30;  // Linux writes at most 2 GiB at once
        const ssize_t written = ::write(file, bytes.data(), std::min(bytes.size(), most));
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        if (written == 0) return ENOSPC;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

void append_number(std::string& bytes, std::uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 255));
}

}  // namespace

void refuse_to_write(const fs::path& path, int code) {
    Message why;
    Message advice = msg("choose another target");
    switch (code) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            why = msg("the disk is full");
            advice = msg("free some space or choose another target");
            break;
        case ENOENT:
        case ENOTDIR:
            why = msg("its folder does not exist");
            advice = msg("make the folder or choose another target");
            break;
        case EACCES:
        case EPERM:
        case EROFS:
            why = msg("not permitted");
            break;
        case EISDIR:
            why = msg("it is a folder");
            break;
        default:
            why = msg("the system reports: {}", std::strerror(code));
            break;
    }
    throw Error(ErrorKind::cannot_write, msg("cannot write '{}'", path.string()), std::move(why), std::move(advice));
}

void check_writable(const fs::path& path, std::uint64_t bytes) {
    if (const int code = obstacle(path, bytes); code != 0) refuse_to_write(path, code);
}

void write_safely(const fs::path& path, std::string_view bytes) { write_safely(path, std::span(&bytes, 1)); }

void write_safely(const fs::path& path, std::span<const std::string_view> pieces) {
    std::uint64_t size = 0;
    for (const std::string_view piece : pieces) size += piece.size();
    check_writable(path, size);

    const fs::path folder = folder_of(path);
    std::string temporary;
    int opened = -1;
    for (int attempt = 0; opened < 0 && attempt < attempts; ++attempt) {
        temporary = fmt::format("{}.{}.{}.part", path.string(), ::getpid(), attempt);
        opened = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (opened < 0 && errno != EEXIST) break;
    }
    if (opened < 0) refuse_to_write(path, errno);
    Descriptor file(opened);

    int code = 0;
    for (const std::string_view piece : pieces) {
        code = write_all(file.number(), piece);
        if (code != 0) break;
    }
    if (code == 0 && ::fsync(file.number()) != 0) code = errno;
    if (!file.close() && code == 0) code = errno;
    if (code == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) code = errno;
    if (code != 0) {
        ::unlink(temporary.c_str());
        refuse_to_write(path, code);
    }
    // The name is durable only once the folder is; some file systems cannot sync a folder, the file is whole anyway.
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.number() >= 0) ::fsync(directory.number());
}

std::string read_file(const fs::path& path, std::uint64_t limit) {
    const auto cannot_read = [&](int code) {
        Message why = code == ENOENT || code == ENOTDIR ? msg("no such file")
                      : code == EACCES                  ? msg("not permitted")
                      : code == EISDIR                  ? msg("it is a folder")
                                                        : msg("the system reports: {}", std::strerror(code));
        return Error(ErrorKind::missing_file, msg("cannot read '{}'", path.string()), std::move(why), msg("check the path"));
    };
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) throw cannot_read(errno);
    struct stat info {};
    if (::fstat(file.number(), &info) != 0) throw cannot_read(errno);
    if (S_ISDIR(info.st_mode)) throw cannot_read(EISDIR);

    const auto too_large = [&] {
        return Error(ErrorKind::too_large, msg("'{}' is too large", path.string()), msg("more than {} bytes", limit),
                     msg("give a smaller file"));
    };
    const auto announced = static_cast<std::uint64_t>(std::max<off_t>(info.st_size, 0));
    if (announced > limit) throw too_large();
    std::string bytes(static_cast<std::size_t>(announced), '\0');
    std::size_t have = 0;
    for (;;) {  // not by the announced size alone: a pipe has none, a growing file a wrong one
        if (have == bytes.size()) {
            char more[4096];
            const ssize_t got = ::read(file.number(), more, sizeof more);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw cannot_read(errno);
            if (got == 0) break;
            bytes.append(more, static_cast<std::size_t>(got));
            have = bytes.size();
        } else {
            const ssize_t got = ::read(file.number(), bytes.data() + have, std::min(bytes.size() - have, std::size_t{1} << 30));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw cannot_read(errno);
            if (got == 0) break;
            have += static_cast<std::size_t>(got);
        }
        if (have > limit) throw too_large();
    }
    bytes.resize(have);
    return bytes;
}

std::string checksum_trailer(std::string_view bytes) {
    std::string trailer(mark);
    append_number(trailer, bytes.size());
    append_number(trailer, hash_buffer(bytes.data(), bytes.size(), 0));
    return trailer;
}

void append_checksum(std::string& bytes) { bytes += checksum_trailer(bytes); }

std::string_view checked_payload(std::string_view bytes, const fs::path& path) {
    if (bytes.size() >= trailer_size) {
        const std::string_view payload = bytes.substr(0, bytes.size() - trailer_size);
        if (bytes.substr(payload.size()) == checksum_trailer(payload)) return payload;
    }
    throw Error(ErrorKind::bad_results, msg("'{}' is damaged", path.string()), msg("its checksum does not match"),
                msg("remove it and make it again"));
}

}  // namespace hutong
