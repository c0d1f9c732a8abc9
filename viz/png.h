/// A picture as the bytes of a PNG file.
#pragma once

#include <string>

#include <SFML/Graphics/Image.hpp>

namespace hutong {

/// Throws Error(internal) when SFML cannot encode it.
std::string png_bytes(const sf::Image& image);

}  // namespace hutong
