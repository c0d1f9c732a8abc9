#include "scenarios/rules.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>

#include "scenarios/purposes.h"
#include "scenarios/tiny_town.h"

namespace hutong {
namespace {

class Rules : public testing::Test {
protected:
    static const District& town() {
        static const District district =
            draw_town(tiny_town_drawing, read_catalogue(std::filesystem::path(HUTONG_SOURCE_DIR) / "scenarios/xicheng"));
        return district;
    }
    /// A node in a block of this zone and, where there is one, of no other.
    static NodeId node_in(ZoneType zone) {
        for (std::size_t n = 0; n < town().network.nodes(); ++n) {
            const BlockId block = town().block_of(NodeId(n));
            if (block && zones_of(town(), block) == 1U << static_cast<unsigned>(zone)) return NodeId(n);
        }
        return NodeId::none();
    }
    static Space space(SpaceCategory category, SpaceForm form, double area, ZoneType zone = ZoneType::living) {
        Space s;
        s.code = "test";
        s.category = category;
        s.form = form;
        s.area_m2 = area;
        s.node = node_in(zone);
        return s;
    }
    static Verdict verdict(const Space& s, const char* use, const Levers& levers = {}) {
        const UseId id = town().catalogue.use(use);
        EXPECT_TRUE(id) << use;
        return permitted(s, id, town(), levers);
    }
    static Levers without(Clause clause) {
        Levers levers;
        levers.off.set(static_cast<std::size_t>(clause));
        return levers;
    }
    static void expect_excluded(const Space& s, const char* use, Clause clause) {
        const Verdict v = verdict(s, use);
        EXPECT_FALSE(v.allowed()) << use;
        EXPECT_EQ(v.clause, clause) << use << ": " << clause_name(v.clause);
    }
};

TEST_F(Rules, CatalogueUsesAreNeverOpen) {
    for (int category = 0; category < space_categories; ++category) {
        for (const auto form : {SpaceForm::floor_above, SpaceForm::land}) {
            const Space s = space(static_cast<SpaceCategory>(category), form, 3000);
            EXPECT_FALSE(verdict(s, "wholesale_market").allowed());
        }
    }
    const Space hall = space(SpaceCategory::industrial, SpaceForm::floor_above, 3000);
    expect_excluded(hall, "wholesale_market", Clause::G1);
    expect_excluded(hall, "workshop", Clause::G1);
    EXPECT_TRUE(verdict(hall, "wholesale_market", without(Clause::G1)).allowed());
}

TEST_F(Rules, NoResidentsInVacatedSpace) {
    for (const auto category : {SpaceCategory::industrial, SpaceCategory::education, SpaceCategory::heritage, SpaceCategory::residential}) {
        const Space s = space(category, SpaceForm::floor_above, 1000);
        for (const char* homes : {"residential_rental", "commodity_housing", "dormitory"}) {
            expect_excluded(s, homes, Clause::C4_2);
            EXPECT_TRUE(verdict(s, homes, without(Clause::C4_2)).allowed()) << homes;
        }
    }
    // the exception of C3.4, limited
    const Verdict rental = verdict(space(SpaceCategory::public_housing, SpaceForm::courtyard_complete, 400), "residential_rental");
    EXPECT_TRUE(rental.allowed());
    EXPECT_LT(rental.ceiling_share, 1);
    EXPECT_EQ(rental.ceiling_clause, Clause::C3_4);
}

TEST_F(Rules, SizeDecides) {
    const Space large = space(SpaceCategory::industrial, SpaceForm::floor_above, 2001);
    const Space small = space(SpaceCategory::industrial, SpaceForm::floor_above, 2000);
    EXPECT_TRUE(verdict(large, "office_technology").main);
    EXPECT_EQ(verdict(large, "office_technology").favour, Clause::C3_1);
    EXPECT_FALSE(verdict(small, "office_technology").main);
    EXPECT_EQ(verdict(small, "office_technology").standing, Standing::with_reason);
    EXPECT_EQ(verdict(small, "office_technology").clause, Clause::C3_1);
    EXPECT_TRUE(verdict(small, "elderly_day_care").allowed());
    Levers levers;
    levers.control.large_area_m2 = 3000;
    EXPECT_FALSE(verdict(large, "office_technology", levers).main);
    expect_excluded(small, "primary_school", Clause::G2);  // too small for a school
    EXPECT_TRUE(verdict(space(SpaceCategory::industrial, SpaceForm::floor_above, 4000), "primary_school").allowed());
}

TEST_F(Rules, ZoneDecides) {
    const auto category = SpaceCategory::education;
    EXPECT_TRUE(verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::government), "government_office").main);
    EXPECT_EQ(verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::government), "government_office").favour, Clause::C2_1);
    EXPECT_FALSE(verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::living), "government_office").main);
    EXPECT_TRUE(verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::living), "elderly_day_care").first);
    EXPECT_TRUE(verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::business), "office_finance").main);
    EXPECT_EQ(verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::business), "office_finance").favour, Clause::C2_4);
    const Verdict historic = verdict(space(category, SpaceForm::floor_above, 3000, ZoneType::historic), "office_finance");
    EXPECT_EQ(historic.standing, Standing::exception);
    EXPECT_EQ(historic.clause, Clause::C2_2);
    expect_excluded(space(SpaceCategory::public_housing, SpaceForm::courtyard_complete, 300, ZoneType::historic), "demolish_to_green",
                    Clause::C2_2);
    EXPECT_NE(
        verdict(space(SpaceCategory::public_housing, SpaceForm::courtyard_complete, 300, ZoneType::living), "demolish_to_green").clause,
        Clause::C2_2);
}

TEST_F(Rules, CategoryDecides) {
    EXPECT_TRUE(verdict(space(SpaceCategory::education, SpaceForm::floor_above, 4000), "primary_school").main);
    EXPECT_EQ(verdict(space(SpaceCategory::education, SpaceForm::floor_above, 4000), "office_research").standing, Standing::with_reason);
    const Space corner = space(SpaceCategory::corner_land, SpaceForm::land, 300);
    EXPECT_TRUE(verdict(corner, "pocket_green").main);
    expect_excluded(corner, "kindergarten", Clause::G2);
    expect_excluded(space(SpaceCategory::corner_land, SpaceForm::land, 700), "kindergarten", Clause::C1);  // would be new floor area
    Space street = corner;
    street.street_front = true;
    EXPECT_TRUE(verdict(street, "bicycle_parking").first);
    const Space basement = space(SpaceCategory::residential, SpaceForm::floor_below, 600);
    EXPECT_TRUE(verdict(basement, "bicycle_store").allowed());
    expect_excluded(basement, "library", Clause::C3_5);
    expect_excluded(basement, "office_technology", Clause::C3_5);
    expect_excluded(basement, "elderly_station", Clause::G2);
    EXPECT_LT(verdict(space(SpaceCategory::residential, SpaceForm::floor_above, 100), "class_e_storage").ceiling_share, 1);
}

TEST_F(Rules, CourtyardMustBeComplete) {
    const Space complete = space(SpaceCategory::public_housing, SpaceForm::courtyard_complete, 400);
    const Space partial = space(SpaceCategory::public_housing, SpaceForm::courtyard_partial, 400);
    EXPECT_TRUE(verdict(complete, "elderly_station").allowed());
    expect_excluded(partial, "elderly_station", Clause::C3_4);
    EXPECT_TRUE(verdict(partial, "courtyard_homes").first);
    expect_excluded(space(SpaceCategory::industrial, SpaceForm::floor_above, 400), "courtyard_homes", Clause::C3_4);
    EXPECT_TRUE(verdict(partial, "elderly_station", without(Clause::C3_4)).allowed());
}

TEST_F(Rules, HeritageGradeDecides) {
    Space temple = space(SpaceCategory::heritage, SpaceForm::courtyard_complete, 600, ZoneType::historic);
    temple.heritage = HeritageGrade::district;
    EXPECT_TRUE(verdict(temple, "heritage_display").main);
    EXPECT_EQ(verdict(temple, "soho").standing, Standing::with_reason);
    expect_excluded(temple, "parking_indoor", Clause::C3_3);
    temple.heritage = HeritageGrade::municipal;
    EXPECT_EQ(verdict(temple, "soho").standing, Standing::exception);
    temple.heritage = HeritageGrade::national;
    expect_excluded(temple, "soho", Clause::C3_3);
}

TEST_F(Rules, RouteFollowsSizeAndOwnership) {
    Levers levers;
    Space s = space(SpaceCategory::industrial, SpaceForm::floor_above, 2000);
    EXPECT_EQ(route_of(s, levers), Route::scattered);
    s.complex_ownership = true;
    EXPECT_EQ(route_of(s, levers), Route::key);
    levers.governance.key_rule = "all";
    EXPECT_EQ(route_of(s, levers), Route::scattered);
    s.area_m2 = 2001;
    EXPECT_EQ(route_of(s, levers), Route::key);
    s.area_m2 = 30000;
    EXPECT_EQ(route_of(s, levers), Route::major);
    EXPECT_EQ(route_of(s, without(Clause::W1)), Route::scattered);
}

TEST_F(Rules, EveryExclusionHasAClauseAndNothingIsSilentlyBlank) {
    rc::check([] {
        Space s = space(static_cast<SpaceCategory>(*rc::gen::inRange(0, space_categories)),
                        static_cast<SpaceForm>(*rc::gen::inRange(0, space_forms)), *rc::gen::inRange(10, 60000),
                        static_cast<ZoneType>(*rc::gen::inRange(0, zone_types)));
        s.owner = static_cast<OwnerType>(*rc::gen::inRange(0, owner_types));
        s.heritage = static_cast<HeritageGrade>(*rc::gen::inRange(0, 4));
        s.street_front = *rc::gen::arbitrary<bool>();
        const auto verdicts = permitted(s, town(), Levers{});
        bool some = false;
        for (std::size_t u = 0; u < verdicts.size(); ++u) {
            if (!verdicts[u].allowed()) RC_ASSERT(verdicts[u].clause != Clause::none);
            if (verdicts[u].standing == Standing::exception || verdicts[u].standing == Standing::with_reason)
                RC_ASSERT(verdicts[u].clause != Clause::none);
            const Use& use = town().catalogue.uses[u];
            if (use.sector && town().catalogue.sectors[use.sector.value].prohibited) RC_ASSERT(!verdicts[u].allowed());
            some = some || verdicts[u].allowed();
        }
        RC_ASSERT(some);
    });
}

TEST_F(Rules, ARemovedClauseNeverShrinksWhatIsAllowed) {
    rc::check([] {
        const Space s = space(static_cast<SpaceCategory>(*rc::gen::inRange(0, space_categories)),
                              static_cast<SpaceForm>(*rc::gen::inRange(0, space_forms)), *rc::gen::inRange(10, 60000),
                              static_cast<ZoneType>(*rc::gen::inRange(0, zone_types)));
        // clauses that only exclude or grade; those that name a land use for a building also permit
        const auto clause = *rc::gen::element(Clause::G1, Clause::C1, Clause::C4_2, Clause::C3_3, Clause::C3_0);
        const auto with = permitted(s, town(), Levers{});
        const auto off = permitted(s, town(), without(clause));
        for (std::size_t u = 0; u < with.size(); ++u) RC_ASSERT(!with[u].allowed() || off[u].allowed());
    });
}

TEST(Purposes, FiguresFollowTheCatalogue) {
    Use use;
    use.area_per_job_m2 = 50;
    use.residents_per_job = 0.1;
    use.residents_per_m2 = 0.02;
    use.conversion_yuan_per_m2 = 1000;
    EXPECT_EQ(posts_of(use, 1000), 20);
    EXPECT_EQ(assessed_milli_persons(use, 1000), 22000);
    EXPECT_EQ(works_yuan(use, 1000), 1000000);
    use.public_funded = true;
    Levers levers;
    levers.money.ppp_share = 0.25;
    EXPECT_EQ(district_yuan(use, OwnerType::district, 1000, false, levers), 1000000);  // the public purse alone
    use.funded_by = FundedBy::public_private;
    EXPECT_EQ(district_yuan(use, OwnerType::district, 1000, false, levers), 750000);
    levers.money.equity_pooling = 0.2;  // in historic blocks only
    EXPECT_EQ(district_yuan(use, OwnerType::district, 1000, false, levers, true), 600000);
    EXPECT_EQ(district_yuan(use, OwnerType::district, 1000, false, levers, false), 750000);
    EXPECT_EQ(district_yuan(use, OwnerType::central, 1000, true, levers), 0);
    use.public_funded = false;
    use.direction = Direction::high_end;
    EXPECT_EQ(district_yuan(use, OwnerType::private_owner, 1000, false, levers), 0);
    EXPECT_EQ(district_yuan(use, OwnerType::private_owner, 1000, true, levers), 100000);
    Space space;
    space.area_m2 = 100;
    use.adds_floor = 2;
    EXPECT_EQ(added_dm2(use, space, levers), 20000);
    levers.control.scale_tie_ratio = 0.5;
    EXPECT_EQ(added_dm2(use, space, levers), 10000);
    use.demolish = true;
    EXPECT_EQ(reduced_dm2(use, space), 10000);
    space.form = SpaceForm::land;
    EXPECT_EQ(reduced_dm2(use, space), 0);
}

}  // namespace
}  // namespace hutong
