#include <array>
#include <cmath>

#include "agents/governance.h"

namespace hutong {
namespace {

struct BodyRow {
    const char* zh;
    const char* en;
    Clause clause;
};

constexpr std::array<BodyRow, bodies> table{{
    {"联席会议", "Joint meeting", Clause::M1},
    {"区发展改革委", "Development and Reform Commission", Clause::M2},
    {"区政府", "District government", Clause::W2},
    {"市级审批部门", "Municipal approval", Clause::W3},
    {"区产业发展局", "Industry Development Bureau", Clause::M3},
    {"区教委", "Education Commission", Clause::M3},
    {"区国资委", "SASAC", Clause::M3},
    {"区文化委", "Culture Commission", Clause::M3},
    {"区房管局", "Housing Administration", Clause::M3},
    {"区重大办、区市政市容委", "Major Projects Office and Municipal Administration Commission", Clause::M3},
    {"规划国土部门", "Planning and land", Clause::W1},
    {"行业监管部门", "Trade regulators", Clause::C3_0},
    {"采购与施工单位", "Procurement and contractors", Clause::W3},
}};

double cases_a_month(const GovernanceAssumptions& a, Body body) {
    switch (body) {
        case Body::development_and_reform:
            return a.capacity_development_and_reform;
        case Body::district_government:
            return a.capacity_district_government;
        case Body::municipality:
            return a.capacity_municipality;
        case Body::industry_bureau:
            return a.capacity_industry_bureau;
        case Body::education_commission:
            return a.capacity_education_commission;
        case Body::sasac:
            return a.capacity_sasac;
        case Body::culture_commission:
            return a.capacity_culture_commission;
        case Body::housing_administration:
            return a.capacity_housing_administration;
        case Body::major_projects_and_municipal:
            return a.capacity_major_projects;
        case Body::planning_and_land:
            return a.capacity_planning_and_land;
        case Body::trade_regulator:
            return a.capacity_trade_regulator;
        case Body::contractors:
            return a.capacity_contractors;
        case Body::joint_meeting:
        case Body::count:
            break;
    }
    return 0;
}

std::uint8_t index_of(Body body) { return static_cast<std::uint8_t>(body); }

}  // namespace

std::vector<AgencyName> agency_names(const District& district, Month month) {
    const Month guideline = Month::of(2017, 6);
    static_assert(std::size(body_words) == bodies);
    std::vector<AgencyName> names;
    for (const BodyRow& row : table) names.push_back({row.zh, row.en, row.clause, guideline});
    for (std::size_t body = 0; body < bodies; ++body) {
        const BodyName* latest = nullptr;
        for (const BodyName& one : district.body_names) {
            if (one.body == body && one.valid_from <= month && (!latest || latest->valid_from < one.valid_from)) latest = &one;
        }
        if (latest) names[body] = {latest->name_zh, latest->name_en, table[body].clause, latest->valid_from};
    }
    for (const Subdistrict& one : district.subdistricts)
        names.push_back({one.name_zh + "办事处", one.name_en + " office", Clause::M3, guideline});
    return names;
}

std::uint8_t agency_of_subdistrict(SubdistrictId subdistrict) { return static_cast<std::uint8_t>(bodies + subdistrict.value); }

std::uint8_t responsible_agency(const District& district, const Space& space, bool taken_back, const Levers& levers) {
    if (!levers.on(Clause::M3)) return index_of(Body::development_and_reform);  // tasks are not split
    // where two fit: category before owner, but the property of district SOEs stays with SASAC (assumption)
    if (space.owner == OwnerType::district_soe && !taken_back) return index_of(Body::sasac);
    const BlockId block = district.block_of(space.node);
    const bool small = space.area_m2 <= levers.control.large_area_m2;
    switch (space.category) {
        case SpaceCategory::industrial:
            if (small && block) return agency_of_subdistrict(district.subdistrict_of(block));
            return index_of(Body::industry_bureau);
        case SpaceCategory::education:
            return index_of(Body::education_commission);
        case SpaceCategory::heritage:
            return index_of(Body::culture_commission);
        case SpaceCategory::public_housing:
            return index_of(Body::housing_administration);
        case SpaceCategory::residential:
            return block ? agency_of_subdistrict(district.subdistrict_of(block)) : index_of(Body::major_projects_and_municipal);
        case SpaceCategory::corner_land:
        case SpaceCategory::temporary:
            return index_of(Body::major_projects_and_municipal);
    }
    return index_of(Body::development_and_reform);
}

std::uint32_t capacity_of(const Model& model, std::uint8_t agency, Month month) {
    constexpr std::uint32_t no_limit = 1U << 30;
    if (!model.active(Behaviour::departments)) return no_limit;  // bodies that react to nothing pass everything on
    const Levers& levers = model.levers(month);
    const GovernanceAssumptions& a = model.assumptions().governance;
    if (agency == index_of(Body::joint_meeting)) {
        // sittings of a quarter fall on its last months
        constexpr int quarter = 3;
        const int to_end = (quarter - month.month_of_year() % quarter) % quarter;
        if (to_end >= levers.governance.sittings_per_quarter) return 0;
        return static_cast<std::uint32_t>(levers.governance.agenda_per_sitting);
    }
    const double cases =
        (agency < bodies ? cases_a_month(a, static_cast<Body>(agency)) : a.capacity_subdistrict_office) * levers.governance.capacity_factor;
    // a body that handles 2.5 cases a month handles two and three in turn
    const double now = std::floor(cases * (month.index + 1)) - std::floor(cases * month.index);
    return static_cast<std::uint32_t>(now);
}

}  // namespace hutong
