/// Hashes for identity (state, scenario, pack, cache), not for security. Same bits everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hutong {

/// Running 64-bit hash; the order of what is added matters.
class Hash {
public:
    Hash& bytes(const void* data, std::size_t size);
    Hash& text(std::string_view value) { return number(value.size()).bytes(value.data(), value.size()); }
    Hash& number(std::uint64_t value);
    template <class T>
    Hash& column(const std::vector<T>& values) {
        static_assert(std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);
        return number(values.size()).bytes(values.data(), values.size() * sizeof(T));
    }
    std::uint64_t value() const;

private:
    std::uint64_t state_ = 0x243f6a8885a308d3ULL;
    std::uint64_t length_ = 0;
};

/// "0123456789abcdef"
std::string hex(std::uint64_t value);

/// Hash of a large buffer in four independent lanes (several GB/s); used by Hash::bytes.
std::uint64_t hash_buffer(const void* data, std::size_t size, std::uint64_t seed);

}  // namespace hutong
