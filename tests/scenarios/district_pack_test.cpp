#include "scenarios/district_pack.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/safe_file.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

const fs::path bundled = fs::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng";

/// A copy of the bundled pack to break.
class Pack : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() /
                  fs::path(std::string("hutong_pack_") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        for (const auto& entry : fs::directory_iterator(bundled)) {
            if (entry.is_regular_file()) fs::copy_file(entry.path(), folder_ / entry.path().filename());
        }
    }
    void TearDown() override { fs::remove_all(folder_); }

    /// Replaces the first occurrence of `from` after `line` lines.
    void edit(const char* name, const std::string& from, const std::string& to) {
        std::string bytes = read_file(folder_ / name);
        const std::size_t at = bytes.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        bytes.replace(at, from.size(), to);
        write_safely(folder_ / name, bytes);
    }
    /// Replaces a whole line (1 is the header).
    void replace_line(const char* name, int line, const std::string& text) {
        std::string bytes = read_file(folder_ / name);
        std::size_t begin = 0;
        for (int i = 1; i < line; ++i) begin = bytes.find('\n', begin) + 1;
        bytes.replace(begin, bytes.find('\n', begin) - begin, text);
        write_safely(folder_ / name, bytes);
    }
    std::vector<std::string> problems() const {
        std::vector<std::string> texts;
        for (const Error& one : check_district(folder_)) texts.emplace_back(one.what());
        return texts;
    }
    /// Exactly one problem, holding these words.
    void expect_one(std::initializer_list<const char*> words) const {
        const auto found = problems();
        ASSERT_EQ(found.size(), 1U) << (found.empty() ? "" : found[0]) << (found.size() > 1 ? found[1] : "");
        for (const char* one : words) EXPECT_NE(found[0].find(one), std::string::npos) << found[0];
        EXPECT_THROW(read_district(folder_), Error);
    }
    fs::path folder_;
};

TEST_F(Pack, BundledOneIsSound) {
    EXPECT_TRUE(problems().empty());
    const District copy = read_district(folder_), original = read_district(bundled);
    EXPECT_EQ(copy.hash, original.hash);
    EXPECT_EQ(copy.name_en, "Xicheng");
    EXPECT_TRUE(copy.schematic_blocks);
    EXPECT_TRUE(std::any_of(copy.spaces.begin(), copy.spaces.end(), [](const Space& one) { return one.known_use.valid(); }))
        << "history.toml is part of the pack";
}

TEST_F(Pack, HashFollowsTheBytes) {
    const auto before = read_district(folder_).hash;
    edit("figures.csv", "2017 (year-end)", "2017 (year-End)");
    EXPECT_NE(read_district(folder_).hash, before);
}

TEST_F(Pack, MissingFile) {
    fs::remove(folder_ / "ring.csv");
    bool named = false;
    for (const auto& one : problems()) named = named || one.find("ring.csv") != std::string::npos;
    EXPECT_TRUE(named);
    EXPECT_THROW(read_district(folder_), Error);
}

TEST_F(Pack, MissingColumn) {
    edit("premises.csv", "node,use,sector,count,jobs", "node,use,sector,count,posts");
    expect_one({"premises.csv", "'jobs'"});
}

TEST_F(Pack, UnknownSectorWithLine) {
    replace_line("premises.csv", 5, "3,shop,retale,2,5,100,0,");
    expect_one({"premises.csv:5", "retale", "sectors.csv"});
}

TEST_F(Pack, UnknownWordNamesTheNearest) {
    replace_line("dwellings.csv", 3, "0,apartmant,owned,5,70,0.08,");
    expect_one({"dwellings.csv:3", "apartmant", "apartment"});
}

TEST_F(Pack, NegativeNumber) {
    replace_line("facilities.csv", 2, "kindergarten,0,-5,0,100,0");
    expect_one({"facilities.csv:2", "negative"});
}

TEST_F(Pack, NumbersMustBeFinite) {
    replace_line("facilities.csv", 2, "kindergarten,0,nan,0,100,0");
    expect_one({"facilities.csv:2"});
}

TEST_F(Pack, NodeOutOfRange) {
    replace_line("premises.csv", 2, "64999,shop,retail,2,5,100,0,");
    expect_one({"premises.csv:2", "64999", "nodes.csv"});
}

TEST_F(Pack, DwellingInTheRing) {
    const std::size_t last = read_district(bundled).network.nodes() - 1;
    replace_line("dwellings.csv", 2, std::to_string(last) + ",apartment,owned,1,70,0.08,");
    expect_one({"dwellings.csv:2", "ring"});
}

TEST_F(Pack, UnconnectedNetwork) {
    std::string bytes = read_file(folder_ / "links.csv"), kept;
    for (std::size_t begin = 0; begin < bytes.size();) {  // node 0 loses all its links
        const std::size_t end = bytes.find('\n', begin) + 1;
        if (bytes.compare(begin, 2, "0,") != 0) kept.append(bytes, begin, end - begin);
        begin = end;
    }
    write_safely(folder_ / "links.csv", kept);
    expect_one({"links.csv", "2 parts"});
}

TEST_F(Pack, CodesStandOnce) {
    std::string bytes = read_file(folder_ / "spaces.csv");
    const std::size_t first = bytes.find('\n') + 1;
    bytes += bytes.substr(first, bytes.find('\n', first) + 1 - first);
    write_safely(folder_ / "spaces.csv", bytes);
    expect_one({"spaces.csv", "zoo-market-01", "twice"});
}

TEST_F(Pack, TotalsMustAddUp) {
    edit("controls.csv", "registration,registered_here,1,", "registration,registered_here,1,9");
    expect_one({"controls.csv", "110102001", "registration"});
}

TEST_F(Pack, HomesForEveryHousehold) {
    std::string bytes = read_file(folder_ / "dwellings.csv"), kept;
    for (std::size_t begin = 0; begin < bytes.size();) {
        const std::size_t end = bytes.find('\n', begin) + 1;
        if (bytes.substr(begin, end - begin).find("apartment,owned") == std::string::npos) kept.append(bytes, begin, end - begin);
        begin = end;
    }
    write_safely(folder_ / "dwellings.csv", kept);
    EXPECT_EQ(problems().size(), 15U);
}

TEST_F(Pack, LinksMayNotLeadOut) {
    const fs::path outside = fs::temp_directory_path() / "hutong_pack_outside.csv";
    fs::copy_file(folder_ / "ring.csv", outside, fs::copy_options::overwrite_existing);
    fs::remove(folder_ / "ring.csv");
    fs::create_symlink(outside, folder_ / "ring.csv");
    expect_one({"leads out of the pack"});
    fs::remove(outside);
}

TEST_F(Pack, DeclaredFilesMayNotLeadOut) {
    edit("district.toml", "file = \"ring.csv\"", "file = \"../ring.csv\"");
    expect_one({"district.toml", "leads out of the pack"});
}

TEST_F(Pack, BrokenToml) {
    edit("district.toml", "name_zh = ", "name_zh == ");
    const auto found = problems();
    ASSERT_FALSE(found.empty());
    EXPECT_NE(found[0].find("district.toml"), std::string::npos);
}

TEST_F(Pack, EveryProblemInOnePass) {
    replace_line("facilities.csv", 2, "kindergarden,0,5,0,100,0");
    replace_line("premises.csv", 5, "3,shop,retale,2,5,100,0,");
    replace_line("premises.csv", 9, "3,shop,retail,0,5,-1,0,");
    replace_line("spaces.csv", 4, "x,甲,X,industrial,floor_above,municipal,none,0,500,0,0,0,2017-13,,,before_start,derived,none");
    const auto found = problems();
    const auto has = [&](const char* text) {
        return std::any_of(found.begin(), found.end(), [&](const std::string& one) { return one.find(text) != std::string::npos; });
    };
    EXPECT_TRUE(has("facilities.csv:2"));
    EXPECT_TRUE(has("premises.csv:5"));
    EXPECT_TRUE(has("premises.csv:9"));
    EXPECT_TRUE(has("spaces.csv:4"));
    EXPECT_GE(found.size(), 5U);
    try {
        read_district(folder_);
        FAIL() << "a broken pack must not be read";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_district);
        EXPECT_NE(std::string(error.what()).find(std::to_string(found.size()) + " problems"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("hutong district check"), std::string::npos);
    }
}

TEST_F(Pack, TruncatedTable) {
    const std::string bytes = read_file(folder_ / "nodes.csv");
    write_safely(folder_ / "nodes.csv", bytes.substr(0, bytes.size() / 2));
    EXPECT_FALSE(problems().empty());
}

TEST(PackTemplate, HasTheHeadersOfTheBundledPackAndIsRefusedAsItIs) {
    const fs::path out = fs::temp_directory_path() / "hutong_pack_template";
    fs::remove_all(out);
    write_district_template(out);
    const auto header = [](const fs::path& file) {
        const std::string bytes = read_file(file);
        return bytes.substr(0, bytes.find('\n'));
    };
    for (const auto& entry : fs::directory_iterator(out)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".csv" || name == "controls.csv") continue;  // controls have one column per sub-district
        EXPECT_EQ(header(entry.path()), header(bundled / name)) << name;
    }
    EXPECT_FALSE(check_district(out).empty());
    EXPECT_THROW(write_district_template(out), Error) << "a pack is never overwritten by a template";
    fs::remove_all(out);
}

TEST(PackFolder, MissingFolderIsOneProblem) {
    const auto found = check_district("/nowhere/at/all");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind(), ErrorKind::missing_file);
}

}  // namespace
}  // namespace hutong
