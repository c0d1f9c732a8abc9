#include "scenarios/marginals.h"

#include <cmath>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "core/safe_file.h"
#include "scenarios/district_pack.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

const fs::path bundled = fs::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng";

const District& xicheng() {
    static const District district = read_district(bundled);
    return district;
}

double total(const Control& one) {
    double sum = 0;
    for (const double here : one.totals) sum += here;
    return sum;
}

TEST(Marginals, PersonsAndHouseholdsAgreeInEverySubdistrict) {
    const Marginals& m = xicheng().marginals;
    for (std::size_t s = 0; s < m.population.size(); ++s) {
        double ages = 0, members = m.control("household_members", "6+")->totals[s], households = 0, tenure = 0, types = 0, registered = 0;
        for (const Control& one : m.controls) {
            if (one.table == "age_sex") ages += one.totals[s];
            if (one.table == "registration") registered += one.totals[s];
            if (one.table == "tenure") tenure += one.totals[s];
            if (one.table == "dwelling_type") types += one.totals[s];
            if (one.table == "household_size") {
                households += one.totals[s];
                if (one.category != "6+") members += std::stod(one.category) * one.totals[s];
            }
        }
        EXPECT_EQ(ages, m.population[s]);
        EXPECT_EQ(registered, m.population[s]);
        EXPECT_EQ(members + m.collective[s], m.population[s]);
        EXPECT_EQ(households, tenure);
        EXPECT_EQ(households, types);
        const double large = m.control("household_members", "6+")->totals[s] / m.control("household_size", "6+")->totals[s];
        EXPECT_GE(large, 6) << "closing the sizes must leave a possible mean in " << xicheng().subdistricts[s].name_en;
        EXPECT_LE(large, 7.5);
    }
}

TEST(Marginals, MovedBackFromTheCensus) {
    const District& d = xicheng();
    double people = 0, old = 0, children = 0, households = 0, single = 0, family = 0, outside = 0;
    for (const Control& one : d.marginals.controls) {
        if (one.table == "age_sex") {
            people += total(one);
            const int low = std::stoi(one.category.substr(2));
            if (low >= 65) old += total(one);
            if (low < 15) children += total(one);
        }
        if (one.table == "household_size") {
            households += total(one);
            if (one.category == "1") single += total(one);
        }
        if (one.table == "quarters" && one.category == "family") family += total(one);
        if (one.category == "registered_outside") outside += total(one);
    }
    // Before the census the district was larger, younger and had more people from outside and larger households.
    EXPECT_LT(old / people, 0.1817);
    EXPECT_GT(old / people, 0.13);
    EXPECT_LT(children / people, 0.1427);
    EXPECT_GT(outside / people, 0.2207);
    EXPECT_LT(outside / people, 0.32);
    EXPECT_GT(family / households, 2.37);
    EXPECT_LT(family / households, 2.46);
    EXPECT_LT(single / households, 0.2835);
    EXPECT_GT(single / households, 0.2326);
}

TEST(Marginals, EmployedResidentsFollowTheCensusShareOfAdults) {
    const Marginals& m = xicheng().marginals;
    double adults = 0;
    for (const Control& one : m.controls) {
        if (one.table == "age_sex" && std::stoi(one.category.substr(2)) >= 15) adults += total(one);
    }
    EXPECT_NEAR(total(*m.control("employed", "employed")) / adults, 0.5059, 0.0005);
}

TEST(Marginals, RatesByAge) {
    const Marginals& m = xicheng().marginals;
    EXPECT_DOUBLE_EQ(m.rate("fertility", 'F', 32), 0.06749);
    EXPECT_DOUBLE_EQ(m.rate("fertility", 'F', 60), 0);
    EXPECT_DOUBLE_EQ(m.rate("mortality", 'M', 0), 0.002);
    EXPECT_DOUBLE_EQ(m.rate("mortality", 'M', 99), 0.130407);
}

class BrokenMarginals : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() /
                  fs::path(std::string("hutong_marginals_") + testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        write("controls.csv",
              "table,category,persons,a,b,independent,status,source\npopulation,all,1,100,50,1,derived,x\nquarters,family,1,90,50,1,"
              "derived,x\nquarters,collective,1,10,0,1,derived,x\n");
        write("vital_rates.csv", "type,sex,age_low,age_high,per_year\nmortality,F,0,110,0.01\n");
    }
    void TearDown() override { fs::remove_all(folder_); }
    void write(const char* name, const std::string& bytes) { write_safely(folder_ / name, bytes); }
    std::vector<Error> problems() {
        std::vector<Error> found;
        read_marginals(folder_, {"a", "b"}, found);
        return found;
    }
    fs::path folder_;
};

TEST_F(BrokenMarginals, SoundOnesPass) { EXPECT_TRUE(problems().empty()); }

TEST_F(BrokenMarginals, SumsThatDisagreeAreReportedByPlace) {
    write("controls.csv",
          "table,category,persons,a,b,independent,status,source\npopulation,all,1,100,50,1,derived,x\nquarters,family,1,80,50,1,derived,"
          "x\nquarters,collective,1,10,0,1,derived,x\n");
    const auto found = problems();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(std::string(found[0].what()).find("controls do not add up in a"), std::string::npos) << found[0].what();
}

TEST_F(BrokenMarginals, BadRowsAreAllReported) {
    write("vital_rates.csv", "type,sex,age_low,age_high,per_year\nmortality,X,0,110,0.01\nmortality,F,9,3,0.01\nmortality,F,0,110,7\n");
    EXPECT_EQ(problems().size(), 3U);
}

TEST_F(BrokenMarginals, MissingColumnOfASubdistrict) {
    write("controls.csv", "table,category,persons,a,independent,status,source\npopulation,all,1,100,1,derived,x\n");
    ASSERT_FALSE(problems().empty());
    EXPECT_NE(std::string(problems()[0].what()).find("b"), std::string::npos);
}

}  // namespace
}  // namespace hutong
