/// CSV tables as RFC 4180 has them, in UTF-8: reading is strict (a ragged row, a stray quote, a byte that is no UTF-8
/// is an error with file, line and column) and limited in size; writing quotes where needed.
///
///     const CsvTable table = read_csv("homes.csv");
///     const auto area = table.column("area_m2");
///     for (std::size_t row = 0; row < table.rows(); ++row) total += table.number(row, area);
///
/// Every reader exists twice: one throws the first problem, the other appends every problem to a list and goes on
/// (what `district check` needs); a cell that could not be read is then 0 or empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace hutong {

/// What a table may measure at most; above it is Error(too_large).
struct CsvLimits {
    std::size_t bytes = std::size_t{512} << 20;  ///< of the file (also below 4 GiB)
    std::size_t rows = 5'000'000;
    std::size_t columns = 256;
    std::size_t field_bytes = 65'536;
};

class CsvTable {
public:
    /// Position of a column that is not there (collecting mode only); its cells read as empty and 0.
    static constexpr std::size_t no_column = std::numeric_limits<std::size_t>::max();

    const std::string& file() const { return file_; }
    std::size_t rows() const { return lines_.size(); }
    std::size_t columns() const { return header_.size(); }
    const std::vector<std::string>& header() const { return header_; }

    /// Position of a column; Error(bad_district) naming column and file when it is missing.
    std::size_t column(std::string_view name) const;
    std::size_t column(std::string_view name, std::vector<Error>& problems) const;
    std::optional<std::size_t> find_column(std::string_view name) const;

    /// The cell without its quotes; valid as long as the table lives.
    std::string_view text(std::size_t row, std::size_t column) const;
    /// A finite number; empty, infinite and not-a-number cells are refused.
    double number(std::size_t row, std::size_t column) const { return number_in(row, column, nullptr); }
    double number(std::size_t row, std::size_t column, std::vector<Error>& problems) const { return number_in(row, column, &problems); }
    std::int64_t integer(std::size_t row, std::size_t column) const { return integer_in(row, column, nullptr); }
    std::int64_t integer(std::size_t row, std::size_t column, std::vector<Error>& problems) const {
        return integer_in(row, column, &problems);
    }
    /// 0 or 1.
    bool flag(std::size_t row, std::size_t column) const { return flag_in(row, column, nullptr); }
    bool flag(std::size_t row, std::size_t column, std::vector<Error>& problems) const { return flag_in(row, column, &problems); }

    /// Line of the file (1 is the header) on which a row begins.
    int line(std::size_t row) const { return static_cast<int>(lines_[row]); }
    /// File, line and column (in characters) of a cell, for messages.
    Place place(std::size_t row, std::size_t column) const;
    /// File and line of a row.
    Place place(std::size_t row) const { return {file_, line(row), 0}; }

private:
    friend class CsvParser;
    struct Cell {
        std::uint32_t begin = 0;  ///< in data_; where the field also began in the file
        std::uint32_t size = 0;
    };
    double number_in(std::size_t row, std::size_t column, std::vector<Error>* problems) const;
    std::int64_t integer_in(std::size_t row, std::size_t column, std::vector<Error>* problems) const;
    bool flag_in(std::size_t row, std::size_t column, std::vector<Error>* problems) const;

    std::string file_;
    std::string data_;  ///< the file, quoted fields unescaped in place
    std::vector<std::string> header_;
    std::vector<Cell> cells_;  ///< rows * columns
    std::vector<std::uint32_t> lines_, row_begin_;
};

/// Reads a file; the first problem is thrown.
CsvTable read_csv(const std::filesystem::path& path, const CsvLimits& limits = {});
/// Reads what can be read and appends all problems; bad rows are left out.
CsvTable read_csv(const std::filesystem::path& path, std::vector<Error>& problems, const CsvLimits& limits = {});
/// The same from memory; `name` stands for the file in messages.
CsvTable parse_csv(std::string bytes, std::string name, const CsvLimits& limits = {});
CsvTable parse_csv(std::string bytes, std::string name, std::vector<Error>& problems, const CsvLimits& limits = {});

/// True when the bytes are well-formed UTF-8.
bool is_utf8(std::string_view bytes);

/// Builds a CSV text row by row. Numbers are written in the shortest form that reads back to the same bits.
class CsvWriter {
public:
    explicit CsvWriter(const std::vector<std::string>& header);
    CsvWriter& text(std::string_view value);
    CsvWriter& number(double value);
    CsvWriter& integer(std::int64_t value);
    CsvWriter& flag(bool value) { return integer(value ? 1 : 0); }
    /// Ends the row; its cells must be as many as the header's.
    void end_row();
    const std::string& bytes() const { return bytes_; }

private:
    void separate();
    std::string bytes_;
    std::size_t columns_ = 0;
    std::size_t cells_ = 0;
};

}  // namespace hutong
