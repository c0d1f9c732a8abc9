#include "viz/png.h"

#include <stb_image_write.h>

#include "core/error.h"

namespace hutong {

std::string png_bytes(const sf::Image& image) {
    std::string bytes;
    const auto append = [](void* out, void* data, int size) {
        static_cast<std::string*>(out)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
    };
    const auto width = static_cast<int>(image.getSize().x), height = static_cast<int>(image.getSize().y);
    constexpr int channels = 4;
    if (!stbi_write_png_to_func(append, &bytes, width, height, channels, image.getPixelsPtr(), width * channels))
        throw Error(ErrorKind::internal, msg("the picture cannot be encoded"), {}, msg("choose a smaller size"));
    return bytes;
}

}  // namespace hutong
