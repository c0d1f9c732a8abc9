#include "core/hash.h"

#include <cstring>

#include "core/draw.h"

namespace hutong {
namespace {

constexpr std::uint64_t prime1 = 0x9e3779b185ebca87ULL;
constexpr std::uint64_t prime2 = 0xc2b2ae3d27d4eb4fULL;

std::uint64_t lane_round(std::uint64_t lane, std::uint64_t input) {
    lane += input * prime2;
    lane = (lane << 31) | (lane >> 33);
    return lane * prime1;
}

std::uint64_t read64(const unsigned char* p) {
    std::uint64_t value;
    std::memcpy(&value, p, sizeof value);
    return value;
}

}  // namespace

std::uint64_t hash_buffer(const void* data, std::size_t size, std::uint64_t seed) {
    const auto* p = static_cast<const unsigned char*>(data);
    std::uint64_t lanes[4] = {seed + prime1 + prime2, seed + prime2, seed, seed - prime1};
    std::size_t left = size;
    for (; left >= 32; left -= 32, p += 32) {
        for (int i = 0; i < 4; ++i) lanes[i] = lane_round(lanes[i], read64(p + 8 * i));
    }
    std::uint64_t h = size;
    for (const std::uint64_t lane : lanes) h = mix64(h ^ lane);
    for (; left >= 8; left -= 8, p += 8) h = mix64(h ^ read64(p));
    if (left > 0) {
        std::uint64_t tail = 0;
        std::memcpy(&tail, p, left);
        h = mix64(h ^ tail ^ (static_cast<std::uint64_t>(left) << 56));
    }
    return h;
}

Hash& Hash::bytes(const void* data, std::size_t size) {
    state_ = hash_buffer(data, size, state_);
    length_ += size;
    return *this;
}

Hash& Hash::number(std::uint64_t value) {
    state_ = mix64(state_ ^ value);
    length_ += 8;
    return *this;
}

std::uint64_t Hash::value() const { return mix64(state_ ^ length_); }

std::string hex(std::uint64_t value) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(16, '0');
    for (int i = 15; i >= 0; --i, value >>= 4) text[static_cast<std::size_t>(i)] = digits[value & 15];
    return text;
}

}  // namespace hutong
