#include "sim/archive.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/draw.h"
#include "core/hash.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

constexpr std::size_t mark_size = 8;
constexpr std::uint64_t alignment = 8;           // of every column, so that it can be used where it is mapped
constexpr std::uint64_t copied_bytes = 1 << 16;  // smaller columns are always copied
constexpr std::uint64_t end_of_columns = ~std::uint64_t{0};

/// Stands before every column; the last one, without a column, has the sum of all.
struct Header {
    std::uint64_t count = 0;  ///< elements, or end_of_columns
    std::uint64_t bytes_each = 0;
    std::uint64_t check = 0;
};

std::uint64_t padding(std::uint64_t bytes) { return (alignment - bytes % alignment) % alignment; }

std::uint64_t check_of(const Header& header, const void* data, std::uint64_t bytes) {
    return hash_buffer(data, bytes, mix64(header.count) ^ header.bytes_each);
}

std::string bytes_of(const Header& header) { return {reinterpret_cast<const char*>(&header), sizeof header}; }

}  // namespace

ArchiveWriter::ArchiveWriter(std::string_view mark) {
    HUTONG_EXPECT(mark.size() == mark_size);
    keep(std::string(mark));
}

void ArchiveWriter::keep(std::string bytes) {
    kept_.push_back(std::move(bytes));
    pieces_.push_back(kept_.back());
}

void ArchiveWriter::add(const void* data, std::uint64_t count, std::uint64_t bytes_each, bool copy) {
    const std::uint64_t bytes = count * bytes_each;
    Header header{count, bytes_each, 0};
    header.check = check_of(header, data, bytes);
    check_ = mix64(check_ ^ header.check);
    ++columns_;
    keep(bytes_of(header));
    const auto* begin = static_cast<const char*>(data);
    if (copy || bytes < copied_bytes) {
        if (bytes > 0) keep(std::string(begin, begin + bytes));
    } else {
        pieces_.emplace_back(begin, bytes);
    }
    if (padding(bytes) > 0) keep(std::string(padding(bytes), '\0'));
}

void ArchiveWriter::write(const std::filesystem::path& path) {
    keep(bytes_of({end_of_columns, columns_, check_}));
    write_safely(path, pieces_);
}

ArchiveReader::ArchiveReader(const std::filesystem::path& path, std::string_view mark) : path_(path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (file < 0 || ::fstat(file, &info) != 0) {
        const int code = errno;
        if (file >= 0) ::close(file);
        throw Error(ErrorKind::missing_file, msg("cannot read '{}'", path.string()), msg("the system reports: {}", std::strerror(code)),
                    msg("check the path"));
    }
    const auto size = S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
    if (size < mark_size + sizeof(Header)) {
        ::close(file);
        damaged();
    }
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
    if (memory == MAP_FAILED) damaged();
    mapped_ = std::shared_ptr<const char>(static_cast<const char*>(memory),
                                          [size](const char* start) { ::munmap(const_cast<char*>(start), size); });
    const char* const start = mapped_.get();
    if (std::string_view(start, mark_size) != mark) {
        throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path.string()),
                    msg("it was written by another version, or is another kind of file"), msg("remove it and make it again"));
    }
    std::uint64_t position = mark_size, sum = 0;
    for (;;) {
        Header header;
        if (size - position < sizeof header) damaged();
        std::memcpy(&header, start + position, sizeof header);
        position += sizeof header;
        if (header.count == end_of_columns) {
            if (header.bytes_each != columns_.size() || header.check != sum || position != size) damaged();
            return;
        }
        // Sizes are believed only as far as the file is long.
        const std::uint64_t left = size - position;
        if (header.bytes_each == 0 || header.bytes_each > left + 1 || header.count > left / header.bytes_each) damaged();
        const std::uint64_t bytes = header.count * header.bytes_each;
        if (padding(bytes) > left - bytes || check_of(header, start + position, bytes) != header.check) damaged();
        columns_.push_back({start + position, header.count, header.bytes_each});
        sum = mix64(sum ^ header.check);
        position += bytes + padding(bytes);
    }
}

void ArchiveReader::damaged() const {
    throw Error(ErrorKind::bad_results, msg("'{}' is damaged", path_.string()), msg("its checksum does not match"),
                msg("remove it and make it again"));
}

const ArchiveReader::Column& ArchiveReader::checked(std::size_t column, std::uint64_t bytes_each) const {
    if (column >= columns_.size() || columns_[column].bytes_each != bytes_each) damaged();
    return columns_[column];
}

std::uint64_t ArchiveReader::number() {
    const auto value = at<std::uint64_t>(next_++);
    if (value.size() != 1) damaged();
    return value[0];
}

std::string ArchiveReader::text() {
    const auto value = at<char>(next_++);
    return {value.begin(), value.end()};
}

}  // namespace hutong
