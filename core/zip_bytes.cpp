#include "core/zip_bytes.h"

#include <array>
#include <cstdint>

namespace hutong {
namespace {

constexpr std::uint32_t reversed_polynomial = 0xEDB88320U;  // CRC-32 of the ZIP format
constexpr std::uint16_t version = 20, first_of_1980 = 0x21;

std::uint32_t crc32(std::string_view bytes) {
    static const auto table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t n = 0; n < made.size(); ++n) {
            std::uint32_t value = n;
            for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? reversed_polynomial ^ (value >> 1U) : value >> 1U;
            made[n] = value;
        }
        return made;
    }();
    std::uint32_t crc = ~0U;
    for (const char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
    return ~crc;
}

void put(std::string& out, std::uint32_t value, int bytes) {
    for (int k = 0; k < bytes; ++k) out += static_cast<char>((value >> (8 * k)) & 0xFFU);
}

/// What the local header and the directory's entry have in common, from the version on.
void put_entry(std::string& out, const std::pair<std::string, std::string>& file) {
    const auto size = static_cast<std::uint32_t>(file.second.size());
    put(out, version, 2);
    put(out, 0, 4);  // no flags, stored
    put(out, 0, 2);  // midnight
    put(out, first_of_1980, 2);
    put(out, crc32(file.second), 4);
    put(out, size, 4);
    put(out, size, 4);
    put(out, static_cast<std::uint32_t>(file.first.size()), 2);
    put(out, 0, 2);  // no extra field
}

}  // namespace

std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string out, directory;
    for (const auto& file : files) {
        directory += "PK\x01\x02";
        put(directory, version, 2);
        put_entry(directory, file);
        put(directory, 0, 2);  // comment
        put(directory, 0, 2);  // disk
        put(directory, 0, 2);  // attributes inside
        put(directory, 0, 4);  // attributes outside
        put(directory, static_cast<std::uint32_t>(out.size()), 4);
        directory += file.first;
        out += "PK\x03\x04";
        put_entry(out, file);
        out += file.first + file.second;
    }
    const auto start = static_cast<std::uint32_t>(out.size());
    out += directory;
    out += "PK\x05\x06";
    put(out, 0, 4);
    put(out, static_cast<std::uint32_t>(files.size()), 2);
    put(out, static_cast<std::uint32_t>(files.size()), 2);
    put(out, static_cast<std::uint32_t>(directory.size()), 4);
    put(out, start, 4);
    put(out, 0, 2);
    return out;
}

}  // namespace hutong
