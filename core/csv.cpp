#include "core/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/safe_file.h"

namespace hutong {
namespace {

constexpr std::size_t most_bytes = 0xffff'ffffU;  // cells hold 32-bit positions

/// Length of the well-formed UTF-8 sequence at p, 0 when there is none (RFC 3629: no surrogates, no overlong forms).
std::size_t sequence_length(const unsigned char* p, std::size_t left) {
    const unsigned char first = p[0];
    if (first < 0x80) return 1;
    const auto follows = [&](std::size_t i, unsigned char low, unsigned char high) { return i < left && p[i] >= low && p[i] <= high; };
    if (first >= 0xC2 && first <= 0xDF) return follows(1, 0x80, 0xBF) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned char low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned char high = first == 0xED ? 0x9F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned char low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned char high = first == 0xF4 ? 0x8F : 0xBF;
        return follows(1, low, high) && follows(2, 0x80, 0xBF) && follows(3, 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

/// Position of the first byte that is no UTF-8; the size when all is well.
std::size_t first_bad_byte(std::string_view bytes) {
    const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t i = 0;
    while (i < bytes.size()) {
        if (i + 8 <= bytes.size()) {
            std::uint64_t word;
            std::memcpy(&word, p + i, sizeof word);
            if ((word & 0x8080808080808080ULL) == 0) {
                i += 8;
                continue;
            }
        }
        const std::size_t length = sequence_length(p + i, bytes.size() - i);
        if (length == 0) return i;
        i += length;
    }
    return bytes.size();
}

/// Where a byte of `data` stands for a reader: column in characters from the start of its line.
int column_of(std::string_view data, std::size_t line_begin, std::size_t position) {
    int column = 1;
    for (std::size_t i = line_begin; i < position && i < data.size(); ++i) {
        if ((static_cast<unsigned char>(data[i]) & 0xC0) != 0x80) ++column;
    }
    return column;
}

/// Throws the error or keeps it, as the caller wants.
void report(std::vector<Error>* problems, Error error) {
    if (problems == nullptr) throw error;
    problems->push_back(std::move(error));
}

}  // namespace

bool is_utf8(std::string_view bytes) { return first_bad_byte(bytes) == bytes.size(); }

/// One pass over the bytes. Quoted fields are unescaped in place; what their doubled quotes leave over is filled with
/// blanks, so that positions before and after stay those of the file.
class CsvParser {
public:
    CsvParser(std::string bytes, std::string name, std::vector<Error>* problems, const CsvLimits& limits)
        : problems_(problems), limits_(limits) {
        table_.file_ = std::move(name);
        table_.data_ = std::move(bytes);
    }

    CsvTable parse() {
        std::string& data = table_.data_;
        if (data.size() > std::min(limits_.bytes, most_bytes)) {
            fail(ErrorKind::too_large, msg("'{}' is too large", table_.file_),
                 msg("more than {} bytes", std::min(limits_.bytes, most_bytes)), msg("split the table"), 0);
            return std::move(table_);
        }
        if (data.starts_with("\xEF\xBB\xBF")) position_ = line_begin_ = 3;
        if (const std::size_t bad = first_bad_byte(data); bad < data.size()) {
            for (std::size_t i = 0; i < bad; ++i) {
                if (data[i] == '\n') {
                    ++line_;
                    line_begin_ = i + 1;
                }
            }
            problem(msg("the text is not UTF-8"), msg("byte {} of the file", bad + 1), msg("save the table as UTF-8"), bad);
            return std::move(table_);
        }
        read_header();
        if (table_.header_.empty()) return std::move(table_);
        while (position_ < data.size()) {
            if (!read_row()) break;
        }
        return std::move(table_);
    }

private:
    using Cell = CsvTable::Cell;

    void fail(ErrorKind kind, Message problem, Message why, Message advice, std::size_t position) {
        report(problems_, Error(kind, std::move(problem), std::move(why), std::move(advice),
                                Place{table_.file_, line_, column_of(table_.data_, line_begin_, position)}));
    }
    void problem(Message problem, Message why, Message advice, std::size_t position) {
        fail(ErrorKind::bad_district, std::move(problem), std::move(why), std::move(advice), position);
    }

    void read_header() {
        std::vector<Cell> cells;
        const bool good = position_ < table_.data_.size() && read_record(cells, limits_.columns);
        if (!good || (cells.size() == 1 && cells[0].size == 0)) {
            if (good || position_ >= table_.data_.size()) {
                problem(msg("the table is empty"), msg("its first line names the columns"), msg("add the header"), 0);
            }
            return;
        }
        std::vector<std::string> header;
        for (const Cell& cell : cells) {
            std::string name(table_.data_, cell.begin, cell.size);
            if (std::find(header.begin(), header.end(), name) != header.end()) {
                problem(msg("column '{}' is there twice", name), msg("a name stands for one column"), msg("remove or rename one"),
                        line_begin_);
            }
            header.push_back(std::move(name));
        }
        table_.header_ = std::move(header);
    }

    /// False when reading cannot go on.
    bool read_row() {
        const std::size_t columns = table_.header_.size();
        const std::size_t first = table_.cells_.size();
        const int line = line_;
        const std::size_t begin = position_;
        if (table_.lines_.size() >= limits_.rows) {
            fail(ErrorKind::too_large, msg("'{}' has too many rows", table_.file_), msg("more than {}", limits_.rows),
                 msg("split the table"), begin);
            return false;
        }
        if (!read_record(table_.cells_, columns)) {
            table_.cells_.resize(first);
            return resynchronise(begin);
        }
        const std::size_t found = record_cells_;
        if (found == columns) {
            table_.lines_.push_back(static_cast<std::uint32_t>(line));
            table_.row_begin_.push_back(static_cast<std::uint32_t>(begin));
            return true;
        }
        table_.cells_.resize(first);
        report(problems_,
               Error(ErrorKind::bad_district, msg("the row has {} cells", found), msg("the header has {}", columns),
                     found == 1 ? msg("remove the blank line or fill the row") : msg("add or remove cells, quote cells that hold commas"),
                     Place{table_.file_, line, 1}));
        return true;
    }

    /// After a broken record: goes on with the next line after the one where it began.
    bool resynchronise(std::size_t begin) {
        if (stop_) return false;
        const std::size_t end = table_.data_.find('\n', std::max(begin, position_));
        if (end == std::string::npos) return false;
        position_ = line_begin_ = end + 1;
        ++line_;
        return true;
    }

    /// Reads the cells of one record; cells above `keep` are counted only. False after a reported problem.
    bool read_record(std::vector<Cell>& cells, std::size_t keep) {
        std::string& data = table_.data_;
        const std::size_t size = data.size();
        record_cells_ = 0;
        for (;;) {
            Cell cell;
            const std::size_t begin = position_;
            const bool quoted = position_ < size && data[position_] == '"';
            if (quoted ? !read_quoted(cell) : !read_plain(cell)) return false;
            if (cell.size > limits_.field_bytes) {
                fail(ErrorKind::too_large, msg("the cell is too long"), msg("more than {} bytes", limits_.field_bytes), msg("shorten it"),
                     begin);
                return false;
            }
            if (record_cells_ < keep) cells.push_back(cell);
            if (++record_cells_ > limits_.columns) {
                fail(ErrorKind::too_large, msg("the table has too many columns"), msg("more than {}", limits_.columns),
                     msg("remove columns"), begin);
                stop_ = true;
                return false;
            }
            if (position_ >= size) return true;
            const char c = data[position_++];
            if (c == ',') continue;
            if (c == '\r') ++position_;  // checked by the readers of fields: a line feed follows
            ++line_;
            line_begin_ = position_;
            return true;
        }
    }

    bool at_line_end() const {
        const std::string& data = table_.data_;
        return data[position_] == '\n' || (data[position_] == '\r' && position_ + 1 < data.size() && data[position_ + 1] == '\n');
    }

    bool read_plain(Cell& cell) {
        std::string& data = table_.data_;
        const std::size_t begin = position_;
        for (; position_ < data.size(); ++position_) {
            const char c = data[position_];
            if (c == ',' || c == '\n') break;
            if (static_cast<unsigned char>(c) > '"') continue;
            if (c == '\r' && at_line_end()) break;
            if (c == '"' || c == '\r' || c == '\0') {
                problem(c == '"' ? msg("a quote stands inside a cell that is not quoted") : msg("a control character stands in the cell"),
                        msg("RFC 4180 allows it in quoted cells only"), msg("quote the cell and double its quotes"), position_);
                return false;
            }
        }
        cell = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(position_ - begin)};
        return true;
    }

    bool read_quoted(Cell& cell) {
        std::string& data = table_.data_;
        const std::size_t opening = position_++;
        const int opening_line = line_;
        const std::size_t opening_line_begin = line_begin_;
        std::size_t out = opening + 1;
        while (position_ < data.size()) {
            const char c = data[position_];
            if (c != '"') {
                if (c == '\n') {
                    ++line_;
                    line_begin_ = position_ + 1;
                }
                data[out++] = c;
                ++position_;
                continue;
            }
            if (position_ + 1 < data.size() && data[position_ + 1] == '"') {
                data[out++] = '"';
                position_ += 2;
                continue;
            }
            cell = {static_cast<std::uint32_t>(opening + 1), static_cast<std::uint32_t>(out - opening - 1)};
            std::fill(data.begin() + static_cast<std::ptrdiff_t>(out), data.begin() + static_cast<std::ptrdiff_t>(position_), ' ');
            ++position_;
            if (position_ >= data.size() || data[position_] == ',' || at_line_end()) return true;
            problem(msg("text follows the closing quote of a cell"), msg("a quote inside a quoted cell is written twice"),
                    msg("double the quote"), position_);
            return false;
        }
        line_ = opening_line;
        line_begin_ = opening_line_begin;
        problem(msg("the cell is never closed"), msg("its opening quote has no partner"), msg("add the closing quote"), opening);
        stop_ = true;
        return false;
    }

    std::vector<Error>* problems_;
    CsvLimits limits_;
    CsvTable table_;
    std::size_t position_ = 0;
    std::size_t line_begin_ = 0;
    std::size_t record_cells_ = 0;
    int line_ = 1;
    bool stop_ = false;
};

CsvTable parse_csv(std::string bytes, std::string name, const CsvLimits& limits) {
    return CsvParser(std::move(bytes), std::move(name), nullptr, limits).parse();
}

CsvTable parse_csv(std::string bytes, std::string name, std::vector<Error>& problems, const CsvLimits& limits) {
    return CsvParser(std::move(bytes), std::move(name), &problems, limits).parse();
}

CsvTable read_csv(const std::filesystem::path& path, const CsvLimits& limits) {
    return parse_csv(read_file(path, std::min(limits.bytes, most_bytes)), path.string(), limits);
}

CsvTable read_csv(const std::filesystem::path& path, std::vector<Error>& problems, const CsvLimits& limits) {
    std::string bytes;
    try {
        bytes = read_file(path, std::min(limits.bytes, most_bytes));
    } catch (const Error& error) {
        problems.push_back(error);
        return CsvTable();
    }
    return parse_csv(std::move(bytes), path.string(), problems, limits);
}

std::optional<std::size_t> CsvTable::find_column(std::string_view name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvTable::column(std::string_view name) const {
    if (const auto found = find_column(name)) return *found;
    throw Error(ErrorKind::bad_district, msg("column '{}' is missing", name), msg("the table is read by the names of its columns"),
                msg("add it, or write a template with 'hutong district template'"), Place{file_, 1, 0});
}

std::size_t CsvTable::column(std::string_view name, std::vector<Error>& problems) const {
    if (header_.empty()) return no_column;  // the table itself has been reported
    try {
        return column(name);
    } catch (const Error& error) {
        problems.push_back(error);
        return no_column;
    }
}

std::string_view CsvTable::text(std::size_t row, std::size_t column) const {
    if (column == no_column) return {};
    const Cell cell = cells_[row * columns() + column];
    return std::string_view(data_).substr(cell.begin, cell.size);
}

Place CsvTable::place(std::size_t row, std::size_t column) const {
    if (column == no_column) return place(row);
    const std::size_t position = cells_[row * columns() + column].begin;
    int line = static_cast<int>(lines_[row]);
    std::size_t line_begin = row_begin_[row];
    for (std::size_t i = line_begin; i < position; ++i) {
        if (data_[i] == '\n') {
            ++line;
            line_begin = i + 1;
        }
    }
    return {file_, line, column_of(data_, line_begin, position)};
}

double CsvTable::number_in(std::size_t row, std::size_t column, std::vector<Error>* problems) const {
    if (column == no_column) return 0;
    const std::string_view cell = text(row, column);
    double value = 0;
    const auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc{} && stop == cell.data() + cell.size() && std::isfinite(value)) return value;
    report(problems, Error(ErrorKind::bad_district, msg("'{}' is not a number", cell),
                           msg("column '{}' holds finite numbers", header_[column]), msg("correct the cell"), place(row, column)));
    return 0;
}

std::int64_t CsvTable::integer_in(std::size_t row, std::size_t column, std::vector<Error>* problems) const {
    if (column == no_column) return 0;
    const std::string_view cell = text(row, column);
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc{} && stop == cell.data() + cell.size()) return value;
    report(problems, Error(ErrorKind::bad_district, msg("'{}' is not a whole number", cell),
                           msg("column '{}' holds whole numbers", header_[column]), msg("correct the cell"), place(row, column)));
    return 0;
}

bool CsvTable::flag_in(std::size_t row, std::size_t column, std::vector<Error>* problems) const {
    if (column == no_column) return false;
    const std::string_view cell = text(row, column);
    if (cell == "1") return true;
    if (cell == "0") return false;
    report(problems, Error(ErrorKind::bad_district, msg("'{}' is neither 0 nor 1", cell),
                           msg("column '{}' says yes or no", header_[column]), msg("write 0 or 1"), place(row, column)));
    return false;
}

CsvWriter::CsvWriter(const std::vector<std::string>& header) : columns_(header.size()) {
    for (const std::string& name : header) text(name);
    end_row();
}

void CsvWriter::separate() {
    if (cells_++ > 0) bytes_ += ',';
}

CsvWriter& CsvWriter::text(std::string_view value) {
    separate();
    // a lone empty cell is quoted too: its line would read as blank
    if (value.find_first_of(",\"\r\n") == std::string_view::npos && value.find('\0') == std::string_view::npos &&
        !(value.empty() && columns_ == 1)) {
        bytes_ += value;
        return *this;
    }
    bytes_ += '"';
    for (const char c : value) {
        if (c == '"') bytes_ += '"';
        bytes_ += c;
    }
    bytes_ += '"';
    return *this;
}

CsvWriter& CsvWriter::number(double value) {
    separate();
    fmt::format_to(std::back_inserter(bytes_), "{}", value);
    return *this;
}

CsvWriter& CsvWriter::integer(std::int64_t value) {
    separate();
    fmt::format_to(std::back_inserter(bytes_), "{}", value);
    return *this;
}

void CsvWriter::end_row() {
    HUTONG_EXPECT(cells_ == columns_);
    bytes_ += '\n';
    cells_ = 0;
}

}  // namespace hutong
