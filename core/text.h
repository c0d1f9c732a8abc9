/// Texts and number formats in the language of the reader. English in the code is the id of a text; the Chinese
/// catalogue (po/zh.po) is compiled into the program, so no file is looked for and the global locale stays untouched.
///
///     const Text text(Language::chinese);
///     fmt::print("{}\n", text.error(error));
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"

namespace hutong {

enum class Language : std::uint8_t { english, chinese };

/// Marks a text for the catalogue where it is not translated on the spot: `tr("Population")` is its id.
constexpr std::string_view tr(std::string_view id) { return id; }

/// "zh", "zh_CN.UTF-8", "en", "en-GB"...; nothing for other languages.
std::optional<Language> parse_language(std::string_view name);
/// "en" or "zh".
std::string_view language_code(Language language);
/// The language the environment asks for (LC_ALL, LC_MESSAGES, LANG: the first that is set decides); English else.
Language language_from_environment();
Language language_from(const char* lc_all, const char* lc_messages, const char* lang);

class Text {
public:
    explicit Text(Language language);
    Language language() const { return language_; }

    /// The text of an id in this language; the id itself where the catalogue has none.
    std::string operator()(std::string_view id) const;
    /// Translated, with the arguments filled in.
    std::string operator()(const Message& message) const;
    /// One line: place, problem, why, what to do.
    std::string error(const Error& error) const;

    std::string count(std::int64_t value) const;               ///< "1,234,567"
    std::string number(double value, int decimals = 1) const;  ///< "1,234.6"
    std::string share(double value, int decimals = 1) const;   ///< 0.5059 -> "50.6 %" ("50.6%" in Chinese)
    std::string area_m2(double value) const;                   ///< "1,234 m²" ("1,234 平方米")
    std::string yuan(double value) const;                      ///< "1.2 million yuan" ("120 万元"): rounded to 3 figures
    std::string seconds(double value) const;                   ///< "3.2 s", "2 min 5 s"

private:
    struct Catalogue;
    Language language_;
    std::shared_ptr<const Catalogue> catalogue_;
};

}  // namespace hutong
