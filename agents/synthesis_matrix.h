/// Which candidate counts how much in which control: a sparse matrix kept both by row (a distinct signature of
/// candidates) and by control, because fitting walks controls and rounding walks rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hutong {

struct ControlMatrix {
    struct Entry {
        std::uint32_t index = 0;  ///< control in a row, row in a control
        std::uint8_t count = 0;   ///< households or persons of one candidate
    };

    std::size_t rows() const { return row_first.size() - 1; }
    std::size_t controls() const { return control_first.size() - 1; }
    std::span<const Entry> row(std::size_t r) const { return {by_row.data() + row_first[r], by_row.data() + row_first[r + 1]}; }
    std::span<const Entry> control(std::size_t c) const {
        return {by_control.data() + control_first[c], by_control.data() + control_first[c + 1]};
    }

    /// Adds a row; entries sorted by control. Call finish() after the last.
    void add_row(std::span<const Entry> entries) {
        by_row.insert(by_row.end(), entries.begin(), entries.end());
        row_first.push_back(static_cast<std::uint32_t>(by_row.size()));
    }
    void finish(std::size_t control_count);

    std::vector<std::uint32_t> row_first{0}, control_first{0};
    std::vector<Entry> by_row, by_control;
};

}  // namespace hutong
