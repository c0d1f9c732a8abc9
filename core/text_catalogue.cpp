#include "core/text_catalogue.h"

#include <cstdint>
#include <cstring>

namespace hutong {

extern const unsigned char catalogue_zh[];
extern const std::size_t catalogue_zh_size;

std::vector<std::string> chinese_texts_of_the_catalogue() {
    // GNU MO file: number of texts at byte 8, place of the table of translations at byte 16; its rows are (length, place).
    constexpr std::size_t count_at = 8, table_at = 16, row = 8;
    auto number = [](std::size_t at) {
        std::uint32_t value = 0;
        if (at + sizeof value <= catalogue_zh_size) std::memcpy(&value, catalogue_zh + at, sizeof value);
        return static_cast<std::size_t>(value);
    };
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < number(count_at); ++i) {
        const std::size_t length = number(number(table_at) + i * row), place = number(number(table_at) + i * row + sizeof(std::uint32_t));
        if (place + length <= catalogue_zh_size) texts.emplace_back(reinterpret_cast<const char*>(catalogue_zh) + place, length);
    }
    return texts;
}

}  // namespace hutong
