#include "app/table.h"

#include <algorithm>
#include <cstdint>

namespace hutong {
namespace {

/// Decodes one character and moves on; a byte that is no UTF-8 counts as one character.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    int follow = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    std::uint32_t code = follow == 3 ? lead & 0x07U : follow == 2 ? lead & 0x0FU : follow == 1 ? lead & 0x1FU : lead;
    for (; follow > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; --follow) {
        code = code << 6 | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    }
    return code;
}

/// East Asian width W or F of Unicode's EastAsianWidth.txt, as ranges that cover the scripts the program writes.
bool wide(std::uint32_t code) {
    struct Range {
        std::uint32_t first, last;
    };
    static constexpr Range ranges[] = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
    return std::any_of(std::begin(ranges), std::end(ranges), [code](const Range& r) { return code >= r.first && code <= r.last; });
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t code = next_character(text, at);
        if (code < 0x20 || (code >= 0x300 && code <= 0x36F)) continue;
        width += wide(code) ? 2 : 1;
    }
    return width;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    const std::size_t taken = display_width(text);
    const std::string space(width > taken ? width - taken : 0, ' ');
    return right ? space + std::string(text) : std::string(text) + space;
}

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], display_width(row[c]));
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (c > 0) line += "  ";
            line += padded(row[c], widths[c], c > 0);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace hutong
