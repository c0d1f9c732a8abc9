#include "core/text.h"

#include <cmath>
#include <cstdlib>
#include <locale>

#include <boost/locale/gnu_gettext.hpp>
#include <boost/locale/message.hpp>

namespace hutong {

// po/zh.po as msgfmt compiled it, written into the build folder by po/embed.cmake
extern const unsigned char catalogue_zh[];
extern const std::size_t catalogue_zh_size;

namespace {

namespace gettext = boost::locale::gnu_gettext;

std::locale chinese_texts() {
    gettext::messages_info info;
    info.language = std::string("zh");
    info.country = std::string("CN");
    info.encoding = std::string("UTF-8");
    info.paths.emplace_back("embedded");
    info.domains.emplace_back("hutong");
    info.callback = [](const std::string&, const std::string&) {
        const char* bytes = reinterpret_cast<const char*>(catalogue_zh);
        return std::vector<char>(bytes, bytes + catalogue_zh_size);
    };
    return std::locale(std::locale::classic(), gettext::create_messages_facet<char>(info));
}

std::string with_thousands(std::string digits) {
    const auto point = digits.find('.');
    std::size_t place = point == std::string::npos ? digits.size() : point;
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    while (place > first + 3) {
        place -= 3;
        digits.insert(place, 1, ',');
    }
    return digits;
}

std::string fixed(double value, int decimals) {
    std::string digits = fmt::format("{:.{}f}", value, decimals);
    if (digits.find_first_not_of("-0.") == std::string::npos && digits.starts_with('-')) digits.erase(0, 1);  // no "-0.0"
    return digits;
}

/// Three figures, as a person would say an amount.
std::string three_figures(double value) {
    const double size = std::fabs(value);
    return with_thousands(fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2));
}

}  // namespace

struct Text::Catalogue {
    std::locale texts = chinese_texts();
    const boost::locale::message_format<char>& messages = std::use_facet<boost::locale::message_format<char>>(texts);
};

Text::Text(Language language) : language_(language) {
    if (language == Language::chinese) catalogue_ = std::make_shared<const Catalogue>();
}

std::string Text::operator()(std::string_view id) const {
    std::string key(id);
    if (catalogue_ == nullptr || key.empty()) return key;
    const char* found = catalogue_->messages.get(0, nullptr, key.c_str());
    return found == nullptr ? key : std::string(found);
}

std::string Text::operator()(const Message& message) const {
    if (message.id.empty()) return {};
    return fill((*this)(message.id), message.args);
}

std::string Text::error(const Error& error) const {
    std::string line;
    const Place& place = error.place();
    if (!place.file.empty()) {
        line = place.file;
        if (place.line > 0) line += fmt::format(":{}", place.line);
        if (place.column > 0) line += fmt::format(":{}", place.column);
        line += ": ";
    }
    line += (*this)(error.problem());
    if (!error.why().id.empty()) line += (*this)(msg(" ({})", (*this)(error.why())));
    if (!error.advice().id.empty()) line += (*this)(msg(", {}", (*this)(error.advice())));
    return line;
}

std::string Text::count(std::int64_t value) const { return with_thousands(fmt::format("{}", value)); }

std::string Text::number(double value, int decimals) const {
    if (!std::isfinite(value)) return "–";
    return with_thousands(fixed(value, decimals));
}

std::string Text::share(double value, int decimals) const {
    if (!std::isfinite(value)) return "–";
    return (*this)(msg("{} %", number(value * 100.0, decimals)));
}

std::string Text::area_m2(double value) const {
    if (!std::isfinite(value)) return "–";
    return (*this)(msg("{} m²", number(value, 0)));
}

std::string Text::yuan(double value) const {
    if (!std::isfinite(value)) return "–";
    const double size = std::fabs(value);
    if (language_ == Language::chinese) {
        if (size >= 1e8) return (*this)(msg("{} hundred million yuan", three_figures(value / 1e8)));
        if (size >= 1e4) return (*this)(msg("{} ten thousand yuan", three_figures(value / 1e4)));
    } else {
        if (size >= 1e9) return (*this)(msg("{} billion yuan", three_figures(value / 1e9)));
        if (size >= 1e6) return (*this)(msg("{} million yuan", three_figures(value / 1e6)));
    }
    return (*this)(msg("{} yuan", number(value, 0)));
}

std::string Text::seconds(double value) const {
    if (!std::isfinite(value)) return "–";
    if (value < 59.95) return (*this)(msg("{} s", fixed(value, 1)));
    const auto whole = static_cast<std::int64_t>(value + 0.5);
    if (whole < 3600) return (*this)(msg("{} min {} s", whole / 60, whole % 60));
    const std::int64_t minutes = (whole + 30) / 60;
    return (*this)(msg("{} h {} min", minutes / 60, minutes % 60));
}

std::optional<Language> parse_language(std::string_view name) {
    const std::string_view code = name.substr(0, name.find_first_of("_-.@"));
    if (code == "zh") return Language::chinese;
    if (code == "en" || code == "C" || code == "POSIX") return Language::english;
    return std::nullopt;
}

std::string_view language_code(Language language) { return language == Language::chinese ? "zh" : "en"; }

Language language_from(const char* lc_all, const char* lc_messages, const char* lang) {
    for (const char* const name : {lc_all, lc_messages, lang}) {
        if (name != nullptr && *name != '\0') return parse_language(name).value_or(Language::english);
    }
    return Language::english;
}

Language language_from_environment() { return language_from(std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG")); }

}  // namespace hutong
