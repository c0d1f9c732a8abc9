/// Part files and checkpoints: columns of numbers one after another, each with its length and checksum, so that a file
/// is proved whole before anything in it is used. Large columns are written from where they stand and read where the
/// file is mapped. Files of one machine for a while, no format for exchange: results are (sim/results.h).
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/error.h"

namespace hutong {

class ArchiveWriter {
public:
    /// `mark` of 8 characters tells kinds and versions of files apart.
    explicit ArchiveWriter(std::string_view mark);

    template <class T>
    void column(const std::vector<T>& values) {
        static_assert(std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);
        add(values.data(), values.size(), sizeof(T), true);
    }
    /// The same without a copy when the column is large: it must then live until write().
    template <class T>
    void lasting_column(const std::vector<T>& values) {
        static_assert(std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);
        add(values.data(), values.size(), sizeof(T), false);
    }
    void number(std::uint64_t value) { add(&value, 1, sizeof value, true); }
    void text(std::string_view value) { add(value.data(), value.size(), 1, true); }

    /// Throws Error(cannot_write); whatever stood there then stands there still.
    void write(const std::filesystem::path& path);

private:
    void add(const void* data, std::uint64_t count, std::uint64_t bytes_each, bool copy);
    void keep(std::string bytes);

    std::deque<std::string> kept_;
    std::vector<std::string_view> pieces_;
    std::uint64_t columns_ = 0, check_ = 0;
};

class ArchiveReader {
public:
    /// Maps the file and checks length and checksum of every column. Throws Error(missing_file), or Error(bad_results)
    /// when it is another kind of file or damaged.
    ArchiveReader(const std::filesystem::path& path, std::string_view mark);

    std::size_t columns() const { return columns_.size(); }
    /// A column by its number, in place; throws Error(bad_results) when there is none or its elements are of another size.
    template <class T>
    std::span<const T> at(std::size_t column) const {
        const Column& found = checked(column, sizeof(T));
        return {reinterpret_cast<const T*>(found.data), static_cast<std::size_t>(found.count)};
    }
    /// The next column in order, copied.
    template <class T>
    void next(std::vector<T>& out) {
        const auto values = at<T>(next_++);
        out.assign(values.begin(), values.end());
    }
    std::uint64_t number();
    std::string text();
    std::size_t position() const { return next_; }
    /// The whole file has been read.
    bool at_end() const { return next_ == columns_.size(); }
    [[noreturn]] void damaged() const;

private:
    struct Column {
        const char* data = nullptr;
        std::uint64_t count = 0, bytes_each = 0;
    };
    const Column& checked(std::size_t column, std::uint64_t bytes_each) const;

    std::filesystem::path path_;
    std::shared_ptr<const char> mapped_;
    std::vector<Column> columns_;
    std::size_t next_ = 0;
};

}  // namespace hutong
