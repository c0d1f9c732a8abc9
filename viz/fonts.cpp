#include "viz/fonts.h"

#include <cstdlib>
#include <optional>

#include "core/safe_file.h"
#include "core/text_catalogue.h"

namespace hutong {
namespace {

constexpr int simplified_chinese = 2;  // face of NotoSansCJK-Regular.ttc
constexpr char32_t first_printable = 0x20, last_ascii = 0x7e, first_latin1 = 0xa0, last_latin1 = 0xff;

constexpr const char* known_places[] = {
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",   "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/local/share/fonts/NotoSansCJK-Regular.ttc",
};

/// Code points of UTF-8; broken bytes are left out.
std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
        if (length == 0 || i + length > text.size()) {
            ++i;
            continue;
        }
        char32_t c = length == 1 ? lead : lead & (0xffU >> (length + 1));
        bool good = true;
        for (std::size_t k = 1; k < length; ++k) {
            const auto byte = static_cast<unsigned char>(text[i + k]);
            good = good && (byte & 0xc0U) == 0x80;
            c = (c << 6U) | (byte & 0x3fU);
        }
        if (good) out.push_back(c);
        i += good ? length : 1;
    }
    return out;
}

}  // namespace

GlyphSet::GlyphSet() {
    for (char32_t c = first_printable; c <= last_ascii; ++c) characters_.insert(c);
    for (char32_t c = first_latin1; c <= last_latin1; ++c) characters_.insert(c);
    add("–—‘’“”…·•←↑→↓▶◀■□▲▼●○◆×÷±≤≥²³‰，。、；：？！（）《》〔〕【】％￥");
    for (const std::string& text : chinese_texts_of_the_catalogue()) add(text);
}

bool GlyphSet::add(std::string_view utf8) {
    const std::size_t before = characters_.size();
    for (const char32_t c : code_points(utf8)) {
        if (c >= first_printable && c <= IM_UNICODE_CODEPOINT_MAX) characters_.insert(c);
    }
    return characters_.size() > before;
}

bool GlyphSet::add(const Dataset& run) {
    const std::size_t before = characters_.size();
    const DatasetFrame& frame = run.frame();
    add(frame.district_zh);
    add(frame.district_en);
    add(run.name());
    for (const BlockInfo& b : frame.blocks) {
        add(b.code);
        add(b.name_zh);
        add(b.name_en);
    }
    for (const SubdistrictInfo& s : frame.subdistricts) {
        add(s.name_zh);
        add(s.name_en);
    }
    for (const IndicatorInfo& i : frame.indicators) {
        add(i.kind_zh);
        add(i.kind_en);
        add(i.label);
        add(i.definition);
    }
    for (const PlaceName& s : frame.services) {
        add(s.zh);
        add(s.en);
    }
    const SpaceLog& log = run.space_log();
    for (const SpaceInfo& s : log.spaces) {
        add(s.name_zh);
        add(s.name_en);
    }
    for (const auto* names : {&log.uses, &log.agencies}) {
        for (const PlaceName& name : *names) {
            add(name.zh);
            add(name.en);
        }
    }
    for (const DatedName& one : log.agency_names) {
        add(one.name.zh);
        add(one.name.en);
    }
    return characters_.size() > before;
}

std::filesystem::path font_file() {
    std::error_code none;
    if (const char* own = std::getenv("HUTONG_FONT"); own && *own) {
        if (std::filesystem::is_regular_file(own, none)) return own;
        throw Error(ErrorKind::missing_file, msg("the font '{}' cannot be read", own), msg("HUTONG_FONT names it"),
                    msg("correct HUTONG_FONT, or unset it"));
    }
    for (const char* place : known_places) {
        if (std::filesystem::is_regular_file(place, none)) return place;
    }
    throw Error(ErrorKind::missing_file, msg("no font with Chinese was found"), msg("the viewer draws all text with Noto Sans CJK"),
                msg("install the package fonts-noto-cjk, or name a font file in HUTONG_FONT"));
}

namespace {

/// The number of the face to use, when its tables lie inside the file: the reader of fonts ends the program otherwise.
std::optional<int> usable_face(std::string_view bytes) {
    auto number = [&](std::size_t at, int size) -> std::size_t {
        std::size_t value = 0;
        for (int i = 0; i < size; ++i)
            value = value * 256 + (at + static_cast<std::size_t>(i) < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0);
        return value;
    };
    const bool collection = bytes.starts_with("ttcf");
    const int face = collection ? simplified_chinese : 0;
    constexpr std::size_t faces_at = 8, offsets_at = 12, directory_at = 12, record = 16;
    if (collection && number(faces_at, 4) <= static_cast<std::size_t>(face)) return std::nullopt;
    const std::size_t start = collection ? number(offsets_at + 4 * static_cast<std::size_t>(face), 4) : 0;
    const std::size_t kind = number(start, 4), tables = number(start + 4, 2);
    constexpr std::size_t true_type = 0x00010000, open_type = 0x4F54544F, apple = 0x74727565;
    if ((kind != true_type && kind != open_type && kind != apple) || tables == 0) return std::nullopt;
    for (std::size_t t = 0; t < tables; ++t) {
        const std::size_t at = start + directory_at + t * record;
        if (number(at + 8, 4) + number(at + 12, 4) > bytes.size()) return std::nullopt;
    }
    return face;
}

}  // namespace

ImFont* load_font(const GlyphSet& glyphs, float pixels) {
    const std::filesystem::path file = font_file();
    auto unusable = [&] {
        return Error(ErrorKind::missing_file, msg("the font '{}' cannot be read", file.string()),
                     msg("it is damaged or of an unknown kind"),
                     msg("install the package fonts-noto-cjk, or name a font file in HUTONG_FONT"));
    };
    const std::string bytes = read_file(file);
    const std::optional<int> face = usable_face(bytes);
    if (!face) throw unusable();
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    ImFontGlyphRangesBuilder builder;
    for (const char32_t c : glyphs.characters()) builder.AddChar(static_cast<ImWchar>(c));
    static ImVector<ImWchar> ranges;  // must outlive the atlas' build
    ranges.clear();
    builder.BuildRanges(&ranges);
    ImFontConfig config;
    config.FontNo = *face;
    config.FontDataOwnedByAtlas = false;  // the atlas is built before this function ends, and then needs them no more
    config.OversampleH = 1;
    config.OversampleV = 1;
    config.PixelSnapH = true;
    ImFont* font =
        io.Fonts->AddFontFromMemoryTTF(const_cast<char*>(bytes.data()), static_cast<int>(bytes.size()), pixels, &config, ranges.Data);
    if (!font || !io.Fonts->Build()) throw unusable();
    io.Fonts->ClearInputData();
    io.FontDefault = font;
    return font;
}

std::vector<char32_t> missing_glyphs(const ImFont& font, const GlyphSet& glyphs) {
    std::vector<char32_t> missing;
    for (const char32_t c : glyphs.characters()) {
        if (!font.FindGlyphNoFallback(static_cast<ImWchar>(c))) missing.push_back(c);
    }
    return missing;
}

}  // namespace hutong
