#include "scenarios/catalogue.h"

#include <gtest/gtest.h>
#include <fstream>

#include "scenarios/policy.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

fs::path bundled() { return fs::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"; }

TEST(Catalogue, TheBundledOneIsSoundAndWideEnough) {
    std::vector<Error> problems;
    const Catalogue catalogue = read_catalogue(bundled(), &problems);
    for (const Error& error : problems) ADD_FAILURE() << error.what();
    EXPECT_GE(catalogue.uses.size(), 30U);
    EXPECT_GE(catalogue.services.size(), 20U);
    bool seen[directions] = {};
    for (const Use& use : catalogue.uses) {
        seen[static_cast<int>(use.direction)] = true;
        EXPECT_FALSE(use.name_zh.empty() || use.name_en.empty()) << use.code;
        EXPECT_FALSE(use.source.empty()) << use.code;
        EXPECT_GE(use.works_months_large, use.works_months_small) << use.code;
        if (use.direction == Direction::other) {
            EXPECT_NE(clause_named(use.other_clause), Clause::none) << use.code;
        }
    }
    for (const bool one : seen) EXPECT_TRUE(one);
    for (const char* clause : {"C2.1", "C2.2", "C2.3", "C2.4", "C3.0", "C3.1", "C3.2", "C3.3", "C3.4", "C3.5", "C3.6", "C3.7", "C4.2"}) {
        int rows = 0;
        for (const Rule& rule : catalogue.rules) rows += rule.clause == clause ? 1 : 0;
        EXPECT_GT(rows, 0) << clause;
    }
}

TEST(Catalogue, FindsRowsByCode) {
    const Catalogue catalogue = read_catalogue(bundled());
    ASSERT_TRUE(catalogue.use("kindergarten"));
    EXPECT_EQ(catalogue.services[catalogue.uses[catalogue.use("kindergarten").value].service.value].code, "kindergarten");
    EXPECT_FALSE(catalogue.use("kindergardens"));
    EXPECT_FALSE(catalogue.uses[catalogue.use("office_finance").value].service);
    EXPECT_EQ(catalogue.uses[catalogue.use("menu_complex").value].also.size(), 6U);
}

class BrokenCatalogue : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            fs::temp_directory_path() / ("hutong-catalogue-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        for (const char* name : {"sectors.csv", "services.csv", "uses.csv", "rules.csv"}) fs::copy_file(bundled() / name, folder_ / name);
    }
    void TearDown() override { fs::remove_all(folder_); }
    void replace(const char* file, const std::string& from, const std::string& to) const {
        std::ifstream in(folder_ / file);
        std::string text((std::istreambuf_iterator<char>(in)), {});
        in.close();
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        std::ofstream(folder_ / file) << text;
    }
    fs::path folder_;
};

TEST_F(BrokenCatalogue, EveryProblemIsReportedInOnePassWithItsPlace) {
    replace("uses.csv", "Kindergarten,service,", "Kindergarten,servise,");
    replace("rules.csv", "C2.1,main", "C9.1,main");
    std::vector<Error> problems;
    read_catalogue(folder_, &problems);
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_NE(std::string(problems[0].what()).find("did you mean 'service'"), std::string::npos) << problems[0].what();
    EXPECT_EQ(problems[0].place().line, 2);
    EXPECT_NE(std::string(problems[1].what()).find("names no clause"), std::string::npos) << problems[1].what();
    EXPECT_THROW(read_catalogue(folder_), Error);
}

TEST_F(BrokenCatalogue, ARuleOnAnUnknownUseNamesTheNearest) {
    replace("rules.csv", "government_office;", "goverment_office;");
    std::vector<Error> problems;
    read_catalogue(folder_, &problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(std::string(problems[0].what()).find("government_office"), std::string::npos);
}

}  // namespace
}  // namespace hutong
