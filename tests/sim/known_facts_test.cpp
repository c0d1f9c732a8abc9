// Published figures and a run held against them: what was fitted is called so, what was kept out is a prediction or, where the
// start was cast back from the same census, consistency; months that were not seen make no line.
#include "sim/known_facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scenarios/district_pack.h"

namespace hutong {
namespace {

struct KnownFactsTest : ::testing::Test {
    static std::filesystem::path folder() { return std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"; }
    KnownFactsTest() : district(read_district(folder())), facts(district, folder(), 0.5) {}

    Snapshot at(int year, int month, std::int64_t residents) const {
        Snapshot s;
        s.month = Month::of(year, month);
        s.residents = residents;
        s.by_subdistrict.assign(district.subdistricts.size(), 1000);
        s.households = 100;
        s.family_members = 250;
        s.one_person = 20;
        return s;
    }
    const HeldFact* find(const std::vector<HeldFact>& held, std::string_view part) const {
        const auto one = std::find_if(held.begin(), held.end(), [&](const HeldFact& f) { return f.what.find(part) != std::string::npos; });
        return one == held.end() ? nullptr : &*one;
    }

    District district;
    KnownFacts facts;
    Text text{Language::english};
};

TEST_F(KnownFactsTest, NamesWhatWasFittedAndWhatWasKeptOut) {
    ASSERT_TRUE(facts.complete());
    std::vector<Snapshot> seen{at(2017, 9, 0),        at(2017, 12, 610'000), at(2018, 9, 0),       at(2018, 12, 600'000),
                               at(2019, 12, 500'000), at(2020, 10, 553'107), at(2020, 12, 550'000)};
    seen[0].first_graders = 100;
    seen[2].first_graders = 110;
    const auto held = hold_against_facts(facts, district, seen, text);
    std::size_t fitted = 0;
    for (const HeldFact& fact : held) {
        const bool year_end_of_the_fit = fact.what.find("2017-12") != std::string::npos || fact.what.find("2018-12") != std::string::npos ||
                                         fact.what.find("2019-12") != std::string::npos;
        EXPECT_EQ(fact.kind == FactKind::fitted, year_end_of_the_fit) << fact.what;
        fitted += fact.kind == FactKind::fitted;
        const bool cast_back = fact.what.find("household") != std::string::npos;
        EXPECT_EQ(fact.kind == FactKind::consistency, cast_back) << fact.what;
    }
    EXPECT_EQ(fitted, 3U);
    const HeldFact* first = find(held, "2017-12");
    ASSERT_NE(first, nullptr);
    EXPECT_DOUBLE_EQ(first->known, 610'000);  // half of 1.22 million: the scale
    EXPECT_DOUBLE_EQ(first->error(), 0);
    ASSERT_NE(find(held, "2019-12"), nullptr);
    EXPECT_NEAR(find(held, "2019-12")->error(), 1e6 / 1.137e6 - 1, 1e-12);
    ASSERT_NE(find(held, "Niujie"), nullptr);
    EXPECT_DOUBLE_EQ(find(held, "Niujie")->known, 51'410 / 2.0);
    const HeldFact* intake = find(held, "primary intake 2018");
    ASSERT_NE(intake, nullptr);
    EXPECT_DOUBLE_EQ(intake->model, 1.1);
    EXPECT_NEAR(intake->known, 1.119, 0.001);
    EXPECT_EQ(find(held, "primary intake 2019"), nullptr) << "that September was not seen";
}

TEST_F(KnownFactsTest, MonthsThatWereNotSeenMakeNoLine) {
    EXPECT_TRUE(hold_against_facts(facts, district, {}, text).empty());
    const auto held = hold_against_facts(facts, district, {at(2018, 12, 600'000)}, text);
    ASSERT_EQ(held.size(), 1U);
    EXPECT_EQ(held[0].kind, FactKind::fitted);
    for (const auto& [year, month, wanted] : {std::tuple{2017, 12, true}, {2020, 10, true}, {2018, 9, true}, {2019, 5, false}})
        EXPECT_EQ(holds_facts(Month::of(year, month)), wanted) << year << '-' << month;
}

TEST_F(KnownFactsTest, AgesAreHeldGroupByGroup) {
    const auto known = facts.ages();
    double sum = 0;
    for (const double share : known) sum += share;
    EXPECT_NEAR(sum, 1, 0.01);
    Snapshot census = at(2020, 10, 1'000'000);
    for (std::size_t i = 0; i < census_ages; ++i) census.ages[i] = std::llround(known[i] * 1e6);
    EXPECT_NEAR(hold_ages(known, census).sum, 0, 1e-4);
    EXPECT_EQ(hold_ages(known, census).beyond, 0);
    census.ages[0] += 10'000;  // from 0-4 to 85 and over, a point each
    census.ages[census_ages - 1] -= 10'000;
    EXPECT_NEAR(hold_ages(known, census).sum, 0.02, 1e-4);
    EXPECT_EQ(hold_ages(known, census).beyond, 2);
}

TEST_F(KnownFactsTest, APackWithoutTheFiguresIsNotHeldAgainstThem) {
    EXPECT_FALSE(KnownFacts(district, folder() / "nowhere", 1).complete());
    District other = district;
    other.figures.clear();
    EXPECT_FALSE(KnownFacts(other, folder(), 1).complete());
}

}  // namespace
}  // namespace hutong
