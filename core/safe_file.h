/// Files that are never half-written: bytes go to a temporary beside the target, are synced, and only then take its
/// name. Whatever fails, the target stays as it was and the temporary is removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"

namespace hutong {

/// Writes `bytes` as `path`, replacing it whole. Throws Error(cannot_write): no such folder, not permitted, disk full.
void write_safely(const std::filesystem::path& path, std::string_view bytes);
/// The same from pieces, one after the other.
void write_safely(const std::filesystem::path& path, std::span<const std::string_view> pieces);

/// Throws the Error(cannot_write) that write_safely would meet at once (folder missing or not writable, target a
/// folder, `bytes` more than is free), so that a long run need not end with it. Leaves nothing behind.
void check_writable(const std::filesystem::path& path, std::uint64_t bytes = 0);

/// The Error(cannot_write) for what errno says: disk full, no such folder, not permitted ...
[[noreturn]] void refuse_to_write(const std::filesystem::path& path, int code);

/// Reads a whole file. Throws Error(missing_file), or Error(too_large) above `limit` bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit = std::uint64_t{4} << 30);

/// Appends a trailer of 24 bytes: a mark, the size and the hash of what stands before it.
void append_checksum(std::string& bytes);
/// The trailer alone, for write_safely from pieces.
std::string checksum_trailer(std::string_view bytes);
/// What stands before a sound trailer; throws Error(bad_results) when it is missing or does not match.
std::string_view checked_payload(std::string_view bytes, const std::filesystem::path& path);

}  // namespace hutong
