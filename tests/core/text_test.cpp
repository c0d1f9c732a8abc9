#include "core/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <locale>

namespace hutong {
namespace {

TEST(Text, TranslatesAndFills) {
    const Text english(Language::english);
    const Text chinese(Language::chinese);
    EXPECT_EQ(english("no such file"), "no such file");
    EXPECT_EQ(chinese("no such file"), "没有这个文件");
    EXPECT_EQ(english(msg("cannot write '{}'", "a.h5")), "cannot write 'a.h5'");
    EXPECT_EQ(chinese(msg("cannot write '{}'", "a.h5")), "无法写入“a.h5”");
    EXPECT_EQ(chinese("a text that no catalogue has"), "a text that no catalogue has");
    EXPECT_EQ(chinese(""), "");
    EXPECT_EQ(chinese(Message{}), "");
}

TEST(Text, WritesErrorsOnOneLine) {
    const Error error(ErrorKind::bad_district, msg("'{}' is not a number", "x"), msg("column '{}' holds finite numbers", "area_m2"),
                      msg("correct the cell"), {"homes.csv", 3, 7});
    EXPECT_EQ(Text(Language::english).error(error),
              "homes.csv:3:7: 'x' is not a number (column 'area_m2' holds finite numbers), correct the cell");
    EXPECT_EQ(Text(Language::english).error(error), error.what());
    EXPECT_EQ(Text(Language::chinese).error(error), "homes.csv:3:7: “x”不是数（“area_m2”列须为有限数值），请更正该单元格");
    EXPECT_EQ(Text(Language::english).error(Error(ErrorKind::usage, msg("it is a folder"))), "it is a folder");
}

TEST(Text, ArgumentsWithBracesAreLeftAlone) {
    EXPECT_EQ(Text(Language::english)(msg("cannot write '{}'", "{0}{x}")), "cannot write '{0}{x}'");
    EXPECT_EQ(Text(Language::chinese)(msg("cannot write '{}'", "{0}{x}")), "无法写入“{0}{x}”");
}

TEST(Text, WritesNumbers) {
    const Text english(Language::english);
    const Text chinese(Language::chinese);
    EXPECT_EQ(english.count(0), "0");
    EXPECT_EQ(english.count(999), "999");
    EXPECT_EQ(english.count(1234567), "1,234,567");
    EXPECT_EQ(chinese.count(-1234567), "-1,234,567");
    EXPECT_EQ(english.count(-123), "-123");
    EXPECT_EQ(english.number(1234.56), "1,234.6");
    EXPECT_EQ(english.number(-0.01), "0.0") << "no minus before zero";
    EXPECT_EQ(english.number(std::nan("")), "–");
    EXPECT_EQ(english.share(0.5059), "50.6 %");
    EXPECT_EQ(chinese.share(0.5059), "50.6%");
    EXPECT_EQ(english.area_m2(12345.6), "12,346 m²");
    EXPECT_EQ(chinese.area_m2(12345.6), "12,346平方米");
    EXPECT_EQ(english.yuan(950), "950 yuan");
    EXPECT_EQ(english.yuan(1'200'000), "1.20 million yuan");
    EXPECT_EQ(english.yuan(-2.5e9), "-2.50 billion yuan");
    EXPECT_EQ(chinese.yuan(1'200'000), "120万元");
    EXPECT_EQ(chinese.yuan(2.5e9), "25.0亿元");
    EXPECT_EQ(chinese.yuan(9999), "9,999元");
    EXPECT_EQ(english.seconds(3.21), "3.2 s");
    EXPECT_EQ(english.seconds(125), "2 min 5 s");
    EXPECT_EQ(english.seconds(59.97), "1 min 0 s");
    EXPECT_EQ(chinese.seconds(3720), "1小时2分");
}

TEST(Text, ReadsTheEnvironmentAsPosixDoes) {
    EXPECT_EQ(language_from(nullptr, nullptr, "zh_CN.UTF-8"), Language::chinese);
    EXPECT_EQ(language_from(nullptr, "en_GB.UTF-8", "zh_CN.UTF-8"), Language::english);
    EXPECT_EQ(language_from("zh_CN", "en_GB.UTF-8", "en_GB"), Language::chinese);
    EXPECT_EQ(language_from("", "", "zh"), Language::chinese) << "empty is as good as not set";
    EXPECT_EQ(language_from("C", nullptr, "zh_CN.UTF-8"), Language::english);
    EXPECT_EQ(language_from("fr_FR", nullptr, "zh_CN.UTF-8"), Language::english);
    EXPECT_EQ(language_from(nullptr, nullptr, nullptr), Language::english);
}

TEST(Text, KnowsItsLanguages) {
    EXPECT_EQ(parse_language("zh"), Language::chinese);
    EXPECT_EQ(parse_language("zh-Hans"), Language::chinese);
    EXPECT_EQ(parse_language("en"), Language::english);
    EXPECT_EQ(parse_language("POSIX"), Language::english);
    EXPECT_FALSE(parse_language("zhx").has_value());
    EXPECT_FALSE(parse_language("").has_value());
    EXPECT_EQ(language_code(Language::chinese), "zh");
    EXPECT_EQ(language_code(Language::english), "en");
}

TEST(Text, LeavesTheGlobalLocaleAlone) {
    const std::string before = std::locale().name();
    const Text chinese(Language::chinese);
    const Text copy = chinese;
    EXPECT_EQ(copy("no such file"), "没有这个文件");
    EXPECT_EQ(std::locale().name(), before);
    EXPECT_STREQ(std::setlocale(LC_ALL, nullptr), "C");
}

TEST(Text, MarksKeepTheirId) { static_assert(tr("Population") == "Population"); }

}  // namespace
}  // namespace hutong
