/// Text with Chinese: Noto Sans CJK's simplified-Chinese face, with exactly the glyphs that may be shown. The stock
/// ranges lack characters of this district (椿, 阜), so the set is gathered from both catalogues, the pack and the
/// scenario, and rebuilt when a new character comes.
#pragma once

#include <filesystem>
#include <set>
#include <string_view>

#include <imgui.h>

#include "viz/dataset.h"

namespace hutong {

/// The characters of UTF-8 texts that are drawn.
class GlyphSet {
public:
    /// Latin, punctuation, arrows, and every character of the Chinese catalogue.
    GlyphSet();
    /// True when a character was new.
    bool add(std::string_view utf8);
    bool add(const Dataset& run);
    const std::set<char32_t>& characters() const { return characters_; }

private:
    std::set<char32_t> characters_;
};

/// The font file: $HUTONG_FONT, or Noto Sans CJK where Debian, Fedora and Arch put it. Throws Error(missing_file)
/// that says which package to install.
std::filesystem::path font_file();

/// Makes ImGui's font atlas of this size in pixels; the current ImGui context must exist. Throws Error(missing_file).
ImFont* load_font(const GlyphSet& glyphs, float pixels);

/// Characters of the set that the font has no glyph for (control characters apart).
std::vector<char32_t> missing_glyphs(const ImFont& font, const GlyphSet& glyphs);

}  // namespace hutong
