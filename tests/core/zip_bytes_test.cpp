#include "core/zip_bytes.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

std::uint32_t number_at(const std::string& bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int k = size - 1; k >= 0; --k) value = (value << 8U) | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(k)]);
    return value;
}

TEST(ZipBytes, HoldsTheFilesAsTheyAre) {
    // "123456789" is the known answer of CRC-32; that a reader takes the archive is tested with the DOCX report.
    const std::string zip = zip_bytes({{"a.txt", "123456789"}, {"b/c.txt", ""}});
    EXPECT_TRUE(zip.starts_with("PK\x03\x04"));
    EXPECT_EQ(number_at(zip, 14, 4), 0xCBF43926U);
    EXPECT_EQ(number_at(zip, 18, 4), 9U);
    EXPECT_EQ(zip.substr(30, 14), "a.txt123456789");
    const std::size_t end = zip.size() - 22;
    EXPECT_EQ(zip.substr(end, 4), "PK\x05\x06");
    EXPECT_EQ(number_at(zip, end + 10, 2), 2U) << "files";
    const std::size_t directory = number_at(zip, end + 16, 4);
    EXPECT_EQ(directory + number_at(zip, end + 12, 4), end);
    EXPECT_EQ(zip.substr(directory, 4), "PK\x01\x02");
    EXPECT_EQ(number_at(zip, directory + 42, 4), 0U) << "where the first file begins";
    EXPECT_EQ(zip, zip_bytes({{"a.txt", "123456789"}, {"b/c.txt", ""}}));
}

}  // namespace
}  // namespace hutong
