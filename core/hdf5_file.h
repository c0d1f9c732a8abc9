/// HDF5 files through the official C API. A file is built in memory and handed over as bytes for write_safely (HDF5
/// 1.10 crashes when a disk fills up under it); the same calls give the same bytes. Reading checks rank, type and
/// extent against what the caller expects before anything is allocated. Everything can be read by h5py.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace hutong {

/// Lengths of a data set along its dimensions; empty for a scalar.
using Extent = std::vector<std::uint64_t>;

/// Element types: float, double and the integers of 8 to 64 bits but std::int8_t.
class Hdf5Writer {
public:
    Hdf5Writer();
    ~Hdf5Writer();
    Hdf5Writer(const Hdf5Writer&) = delete;
    Hdf5Writer& operator=(const Hdf5Writer&) = delete;

    /// Makes a group; the groups above it are made when missing, an existing group is left as it is.
    void group(std::string_view path);

    /// Writes a data set, chunked (by `chunk`, default: whole, but at most about 1 MiB), shuffled, deflated, with
    /// fletcher32 checksums. An extent with a 0 is stored without chunks.
    template <class T>
    void data(std::string_view path, std::span<const T> values, const Extent& extent, const Extent& chunk = {});
    template <class T>
    void data(std::string_view path, const std::vector<T>& values) {
        data<T>(path, std::span<const T>(values), Extent{values.size()});
    }
    /// Makes a data set filled with 0, to be written in parts.
    template <class T>
    void declare(std::string_view path, const Extent& extent, const Extent& chunk = {});
    template <class T>
    void part(std::string_view path, std::span<const T> values, const Extent& offset, const Extent& count);

    /// A column of UTF-8 texts (fixed length, padded with 0), or one text as a scalar.
    void texts(std::string_view path, const std::vector<std::string>& values);
    void text(std::string_view path, std::string_view value);

    /// Attributes of a group or data set ("/" for the file). Texts above 60 000 bytes belong into a data set.
    void attribute(std::string_view object, std::string_view name, std::string_view value);
    void attribute(std::string_view object, std::string_view name, const char* value) { attribute(object, name, std::string_view(value)); }
    void attribute(std::string_view object, std::string_view name, double value);
    void attribute(std::string_view object, std::string_view name, std::int64_t value);

    /// Closes the file and returns its bytes; the writer is empty afterwards.
    std::string finish();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class Hdf5Reader {
public:
    /// In an expected extent: any length along this dimension (up to the limit of `data`).
    static constexpr std::uint64_t any = ~std::uint64_t{0};

    /// Throws Error(missing_file) when the file cannot be opened, Error(bad_results) when it is no HDF5 file.
    explicit Hdf5Reader(const std::filesystem::path& path);
    ~Hdf5Reader();
    Hdf5Reader(const Hdf5Reader&) = delete;
    Hdf5Reader& operator=(const Hdf5Reader&) = delete;

    bool exists(std::string_view path) const;
    /// Names in a group, sorted by their bytes.
    std::vector<std::string> children(std::string_view group) const;
    Extent extent(std::string_view path) const;

    /// Reads a data set of exactly this element type and extent (`any` where the caller takes what is there, at most
    /// `limit` elements in all).
    template <class T>
    std::vector<T> data(std::string_view path, const Extent& expected, std::uint64_t limit = std::uint64_t{1} << 28) const;
    /// Reads a box of a data set of this type and rank.
    template <class T>
    std::vector<T> part(std::string_view path, const Extent& offset, const Extent& count) const;
    /// Reads a column of texts, fixed or variable in length, at most `limit` of them with at most `bytes` each.
    std::vector<std::string> texts(std::string_view path, std::uint64_t limit = 1U << 20, std::uint64_t bytes = 4096) const;
    std::string text(std::string_view path, std::uint64_t bytes = 1U << 24) const;

    bool has_attribute(std::string_view object, std::string_view name) const;
    std::string attribute_text(std::string_view object, std::string_view name) const;
    double attribute_number(std::string_view object, std::string_view name) const;
    std::int64_t attribute_integer(std::string_view object, std::string_view name) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hutong
