#include "core/hdf5_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Hdf5 : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "hutong_hdf5_XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }
    fs::path put(const std::string& bytes, const char* name = "a.h5") const {
        write_safely(folder_ / name, bytes);
        return folder_ / name;
    }
    fs::path folder_;
};

std::string sample() {
    Hdf5Writer file;
    file.attribute("/", "version", "0.1");
    file.attribute("/", "seed", std::int64_t{-7});
    std::vector<float> population(2 * 3 * 4);
    for (std::size_t i = 0; i < population.size(); ++i) population[i] = static_cast<float>(i) * 0.5F;
    file.data<float>("/indicator/population", population, {2, 3, 4}, {1, 3, 4});
    file.attribute("/indicator/population", "label", "常住人口");
    file.attribute("/indicator/population", "share", 0.25);
    file.data("/money", std::vector<std::int64_t>{1, -9'000'000'000'000'000'000, 3});
    file.data("/small", std::vector<std::int32_t>{-1, 2});
    file.data("/bytes", std::vector<std::uint8_t>{0, 255});
    file.data("/empty", std::vector<float>{});
    file.texts("/blocks/name", {"什刹海", "Dashilar", ""});
    file.text("/meta/scenario", "title = \"基线\"\n");
    return file.finish();
}

template <class Action>
std::string error_of(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_TRUE(error.kind() == ErrorKind::bad_results || error.kind() == ErrorKind::missing_file) << error.what();
        return error.what();
    }
    return "no error";
}

TEST_F(Hdf5, ReadsWhatItWrites) {
    const Hdf5Reader file(put(sample()));
    EXPECT_EQ(file.attribute_text("/", "version"), "0.1");
    EXPECT_EQ(file.attribute_integer("/", "seed"), -7);
    EXPECT_EQ(file.attribute_text("/indicator/population", "label"), "常住人口");
    EXPECT_EQ(file.attribute_number("/indicator/population", "share"), 0.25);
    EXPECT_EQ(file.extent("/indicator/population"), (Extent{2, 3, 4}));
    const auto population = file.data<float>("/indicator/population", {Hdf5Reader::any, 3, 4});
    ASSERT_EQ(population.size(), 24U);
    EXPECT_EQ(population[23], 11.5F);
    EXPECT_THAT(file.part<float>("/indicator/population", {1, 0, 2}, {1, 2, 2}), ElementsAre(7.0F, 7.5F, 9.0F, 9.5F));
    EXPECT_THAT(file.data<std::int64_t>("/money", {3}), ElementsAre(1, -9'000'000'000'000'000'000, 3));
    EXPECT_THAT(file.data<std::int32_t>("/small", {2}), ElementsAre(-1, 2));
    EXPECT_THAT(file.data<std::uint8_t>("/bytes", {2}), ElementsAre(0, 255));
    EXPECT_TRUE(file.data<float>("/empty", {Hdf5Reader::any}).empty());
    EXPECT_THAT(file.texts("/blocks/name"), ElementsAre("什刹海", "Dashilar", ""));
    EXPECT_EQ(file.text("/meta/scenario"), "title = \"基线\"\n");
    EXPECT_THAT(file.children("/"), ElementsAre("blocks", "bytes", "empty", "indicator", "meta", "money", "small"));
    EXPECT_TRUE(file.exists("/indicator/population"));
    EXPECT_FALSE(file.exists("/indicator/nothing"));
    EXPECT_FALSE(file.exists("/nothing/at/all"));
    EXPECT_TRUE(file.has_attribute("/", "seed"));
    EXPECT_FALSE(file.has_attribute("/", "sown"));
}

TEST_F(Hdf5, SameContentSameBytes) {
    const std::string first = sample();
    ::sleep(1);  // a time stamp would differ now
    EXPECT_EQ(sample(), first);
}

TEST_F(Hdf5, PartsGiveTheWhole) {
    std::vector<float> whole(5 * 7);
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<float>(i);
    Hdf5Writer file;
    file.declare<float>("/g/x", {5, 7}, {1, 7});
    for (std::uint64_t row : {3U, 0U, 4U, 1U}) file.part<float>("/g/x", std::span(whole).subspan(row * 7, 7), {row, 0}, {1, 7});
    const Hdf5Reader reader(put(file.finish()));
    auto expected = whole;
    std::fill(expected.begin() + 14, expected.begin() + 21, 0.0F);  // row 2 was never written
    EXPECT_EQ(reader.data<float>("/g/x", {5, 7}), expected);
}

TEST_F(Hdf5, AnyNumbersRoundTrip) {
    rc::check([&](const std::vector<double>& numbers, const std::vector<std::uint16_t>& small) {
        Hdf5Writer file;
        file.data("/numbers", numbers);
        file.data("/small", small);
        const Hdf5Reader reader(put(file.finish()));
        RC_ASSERT(reader.data<double>("/numbers", {numbers.size()}) == numbers);
        RC_ASSERT(reader.data<std::uint16_t>("/small", {Hdf5Reader::any}) == small);
    });
}

TEST_F(Hdf5, LargeDataIsCutIntoChunksAndCompressed) {
    const std::vector<float> zeros(3'000'000);
    Hdf5Writer file;
    file.data("/zeros", zeros);
    const std::string bytes = file.finish();
    EXPECT_LT(bytes.size(), 200'000U);
    EXPECT_EQ(Hdf5Reader(put(bytes)).data<float>("/zeros", {3'000'000}), zeros);
}

TEST_F(Hdf5, RefusesWhatTheCallerDoesNotExpect) {
    const Hdf5Reader file(put(sample()));
    EXPECT_THAT(error_of([&] { file.data<float>("/nothing", {1}); }), HasSubstr("it is missing"));
    EXPECT_THAT(error_of([&] { file.data<float>("/indicator", {1}); }), HasSubstr("it is not a data set"));
    EXPECT_THAT(error_of([&] { file.data<double>("/indicator/population", {2, 3, 4}); }), HasSubstr("another type"));
    EXPECT_THAT(error_of([&] { file.data<std::uint32_t>("/small", {2}); }), HasSubstr("another type"));
    EXPECT_THAT(error_of([&] { file.data<float>("/blocks/name", {3}); }), HasSubstr("another type"));
    EXPECT_THAT(error_of([&] { file.data<float>("/indicator/population", {2, 3}); }), HasSubstr("its extent is [2, 3, 4], not [2, 3]"));
    EXPECT_THAT(error_of([&] { file.data<float>("/indicator/population", {2, 3, 5}); }), HasSubstr("its extent is"));
    EXPECT_THAT(error_of([&] { file.data<float>("/indicator/population", {2, 3, Hdf5Reader::any}, 23); }), HasSubstr("larger than 23"));
    EXPECT_THAT(error_of([&] { file.part<float>("/indicator/population", {1, 0, 0}, {2, 3, 4}); }), HasSubstr("too small"));
    EXPECT_THAT(error_of([&] { file.part<float>("/indicator/population", {0, 0, ~0ULL}, {1, 1, 2}); }), HasSubstr("too small"));
    EXPECT_THAT(error_of([&] { file.texts("/money"); }), HasSubstr("it holds no texts"));
    EXPECT_THAT(error_of([&] { file.texts("/blocks/name", 2); }), HasSubstr("more than 2 texts"));
    EXPECT_THAT(error_of([&] { file.texts("/blocks/name", 3, 5); }), HasSubstr("longer than 5 bytes"));
    EXPECT_THAT(error_of([&] { file.attribute_text("/", "seed"); }), HasSubstr("another type"));
    EXPECT_THAT(error_of([&] { file.attribute_integer("/", "version"); }), HasSubstr("another type"));
    EXPECT_THAT(error_of([&] { file.attribute_number("/", "none"); }), HasSubstr("its attribute 'none' is missing"));
}

TEST_F(Hdf5, RefusesForeignAndBrokenFiles) {
    EXPECT_THAT(error_of([&] { Hdf5Reader(folder_ / "none.h5"); }), HasSubstr("no such file"));
    EXPECT_THAT(error_of([&] { const Hdf5Reader reader(put("not HDF5 at all", "b.h5")); }), HasSubstr("not a whole HDF5 file"));
    const std::string bytes = sample();
    EXPECT_THAT(error_of([&] { const Hdf5Reader reader(put(bytes.substr(0, bytes.size() / 2), "c.h5")); }),
                HasSubstr("not a whole HDF5 file"));
    EXPECT_THAT(error_of([&] { const Hdf5Reader reader(put("", "d.h5")); }), HasSubstr("not a whole HDF5 file"));
}

TEST_F(Hdf5, FindsADamagedByte) {
    std::vector<std::int64_t> noise(1000);
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::int64_t>(i * 0x9e3779b97f4a7c15ULL);
    Hdf5Writer file;
    file.data("/noise", noise);
    std::string bytes = file.finish();
    bytes[bytes.size() - 2000] ^= 0x40;  // inside the one chunk, which is the last and largest thing in the file
    const Hdf5Reader reader(put(bytes));
    EXPECT_THAT(error_of([&] { reader.data<std::int64_t>("/noise", {1000}); }), HasSubstr("it is damaged"));
}

/// Debian's h5py, without any of our code.
TEST_F(Hdf5, H5pyReadsIt) {
    const fs::path file = put(sample());
    std::ofstream(folder_ / "read.py") << R"(
import sys, h5py
with h5py.File(sys.argv[1], "r") as f:
    p = f["indicator/population"]
    assert p.shape == (2, 3, 4) and p.dtype == "float32" and p[1, 2, 3] == 11.5, p
    assert p.chunks == (1, 3, 4) and p.shuffle and p.fletcher32 and p.compression == "gzip" and p.compression_opts == 1
    assert p.attrs["label"] == "常住人口" and p.attrs["share"] == 0.25, dict(p.attrs)
    assert f.attrs["version"] == "0.1" and f.attrs["seed"] == -7
    assert f["money"].dtype == "int64" and list(f["money"]) == [1, -9000000000000000000, 3]
    assert f["small"].dtype == "int32" and f["bytes"].dtype == "uint8" and f["empty"].shape == (0,)
    assert list(f["blocks/name"].asstr()) == ["什刹海", "Dashilar", ""]
    assert f["meta/scenario"].asstr()[()] == 'title = "基线"\n'
)";
    const std::string command = "PYTHONIOENCODING=utf-8 /usr/bin/python3 " + (folder_ / "read.py").string() + " " + file.string();
    EXPECT_EQ(std::system(command.c_str()), 0);
}

/// What h5py writes of its own accord: texts of variable length.
TEST_F(Hdf5, ReadsTextsOfVariableLength) {
    std::ofstream(folder_ / "write.py") << R"(
import sys, h5py
with h5py.File(sys.argv[1], "w") as f:
    f.create_dataset("names", data=["什刹海", "", "x" * 100], dtype=h5py.string_dtype())
    f.attrs["title"] = "基线"
    f.attrs["fixed"] = b"abc"
)";
    const fs::path file = folder_ / "v.h5";
    ASSERT_EQ(std::system(("/usr/bin/python3 " + (folder_ / "write.py").string() + " " + file.string()).c_str()), 0);
    const Hdf5Reader reader(file);
    EXPECT_THAT(reader.texts("/names"), ElementsAre("什刹海", "", std::string(100, 'x')));
    EXPECT_THAT(error_of([&] { reader.texts("/names", 3, 99); }), HasSubstr("longer than 99 bytes"));
    EXPECT_EQ(reader.attribute_text("/", "title"), "基线");
    EXPECT_EQ(reader.attribute_text("/", "fixed"), "abc");
}

}  // namespace
}  // namespace hutong
