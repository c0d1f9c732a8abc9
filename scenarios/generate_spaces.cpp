/// Vacated spaces: the known ones of vacated_spaces.csv and a synthetic rest that adds up to totals set by era and
/// category before anything is drawn (reconciliation.csv).
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/exact_math.h"
#include "core/hash.h"
#include "scenarios/generate_draft.h"

namespace hutong::generate {
namespace {

constexpr Month start = Month::of(2017, 7);

struct Era {
    SpaceEra era;
    const char* name;
    Month from, to;  ///< inclusive
};
constexpr Era eras[] = {
    {SpaceEra::before_start, "before_start", Month::of(2015, 1), Month::of(2017, 6)},
    {SpaceEra::campaign_2017_2020, "campaign_2017_2020", Month::of(2017, 7), Month::of(2020, 12)},
    {SpaceEra::from_2021_2025, "from_2021_2025", Month::of(2021, 1), Month::of(2025, 12)},
    {SpaceEra::assumed_later, "assumed_later", Month::of(2026, 1), Month::of(2034, 12)},
};
constexpr const char* category_names[] = {"industrial",  "education",   "heritage", "public_housing",
                                          "residential", "corner_land", "temporary"};

/// What a kind of space looks like. Shares and weights: assumption.
struct Kind {
    const char* prefix;
    const char* name_zh;
    const char* name_en;
    SpaceCategory category;
    SpaceForm form;
    double zone_weight[zone_types];   ///< government, historic, living, business
    bool by_residents;                ///< placed where people live (else by area)
    double owner_share[owner_types];  ///< central, municipal, military, district_soe, private, direct_managed, district
    double spread;                    ///< of the logarithm of size
    double street_front;
};
constexpr Kind industrial{"ind",
                          "产业腾退空间",
                          "Industrial space",
                          SpaceCategory::industrial,
                          SpaceForm::floor_above,
                          {0.2, 0.4, 1, 1.6},
                          false,
                          {0.10, 0.20, 0.05, 0.40, 0.25, 0, 0},
                          1.1,
                          0.6};
constexpr Kind education{"edu",
                         "教育腾退空间",
                         "Education space",
                         SpaceCategory::education,
                         SpaceForm::floor_above,
                         {0.5, 0.8, 1, 0.8},
                         true,
                         {0, 0.3, 0, 0, 0.1, 0, 0.6},
                         0.7,
                         0.3};
constexpr Kind heritage{"her",
                        "文物腾退空间",
                        "Heritage space",
                        SpaceCategory::heritage,
                        SpaceForm::courtyard_complete,
                        {0.15, 1, 0.08, 0.1},
                        false,
                        {0.3, 0.2, 0.1, 0, 0, 0, 0.4},
                        0.8,
                        0.4};
constexpr Kind shops{"shp",
                     "居住区腾退商铺",
                     "Residential-area shops",
                     SpaceCategory::residential,
                     SpaceForm::floor_above,
                     {0.4, 1.2, 1, 0.7},
                     true,
                     {0.15, 0.1, 0.05, 0.3, 0.3, 0.1, 0},
                     0.6,
                     0.95};
constexpr Kind ancillary{"anc",
                         "居住区腾退配套用房",
                         "Residential-area premises",
                         SpaceCategory::residential,
                         SpaceForm::floor_above,
                         {0.5, 1, 1, 0.8},
                         true,
                         {0.25, 0.15, 0.05, 0.35, 0, 0.1, 0.1},
                         0.7,
                         0.5};
constexpr Kind demolished{"dem",
                          "拆违地块",
                          "Plot of demolished construction",
                          SpaceCategory::residential,
                          SpaceForm::land,
                          {0.4, 1, 1, 0.6},
                          true,
                          {0.2, 0.15, 0.05, 0.2, 0.2, 0.1, 0.1},
                          0.9,
                          0.3};
constexpr Kind corner{
    "cor", "边角地", "Corner land", SpaceCategory::corner_land, SpaceForm::land, {0.6, 1.2, 1, 0.8}, false, {0, 0.2, 0, 0.1, 0, 0, 0.7},
    0.9,   0.5};
constexpr Kind temporary_land{"tmp",
                              "临时空间",
                              "Temporary land",
                              SpaceCategory::temporary,
                              SpaceForm::land,
                              {0.3, 0.6, 1, 1.2},
                              false,
                              {0.1, 0.2, 0, 0.3, 0, 0, 0.4},
                              0.9,
                              0.5};
constexpr Kind temporary_rooms{"tmr",
                               "临时房屋",
                               "Temporary rooms",
                               SpaceCategory::temporary,
                               SpaceForm::floor_above,
                               {0.3, 0.8, 1, 1},
                               false,
                               {0.1, 0.2, 0, 0.4, 0, 0, 0.3},
                               0.8,
                               0.5};

/// A synthetic lot: so many spaces with so many m2 together. Every figure is set here before anything is drawn.
struct Lot {
    const Kind* kind;
    int era;
    int count;
    double area_m2;
    const char* why;
};

std::vector<Lot> lots(const Draft& draft, double known_wholesale_m2) {
    const auto value = [&](const char* name) { return draft.figure(name).value; };
    const double unexplained = value("wholesale_vacated_2014_2020_m2") - known_wholesale_m2;
    const double wholesale = std::floor(unexplained * value("wholesale_generated_share") / 1000) * 1000;
    const double half_2017 = value("illegal_construction_2017_m2") / 2;
    return {
        {&industrial, 0, 26, 45000, "assumption: smaller markets and stores vacated before 2017-07 and still empty"},
        {&industrial, 1, 84, wholesale, "declared share of the unexplained part of 1.78 million m2 (definition unclear, flagged)"},
        {&industrial, 2, 36, 110000, "assumption: campaign's rest, markets and storage"},
        {&industrial, 3, 26, 80000, "assumption: low 0, middle 80 000, high 200 000"},
        {&education, 1, 10, 52000, "assumption: vocational and training campuses"},
        {&education, 2, 8, 40000, "assumption"},
        {&education, 3, 5, 25000, "assumption: low 0, middle 25 000, high 60 000"},
        {&heritage, 0, 8, 9000, "assumption: emptied and not yet reused at the start"},
        {&heritage, 1, 22, 25000, "assumption: at the pace of 2021-2025"},
        {&heritage, 2, 41, value("heritage_2021_2025_m2"), "41 sites, 47 000 m2, chinanews 2025-10-14"},
        {&heritage, 3, 18, 20000, "assumption: low 0, middle 20 000, high 47 000"},
        {&shops, 0, 30, 8800, "440 shops of 18 street segments 2016-07 to 2016-08 at 20 m2 (assumption)"},
        {&shops, 1, 90, 30000, "half of the 3000 premises of the plan for 2017 at 20 m2 (assumption)"},
        {&shops, 2, 40, 9000, "assumption: rest of the campaign"},
        {&shops, 3, 30, 7000, "assumption: low 0, middle 7000, high 20 000"},
        {&ancillary, 1, 80, 12000, "half of 161 premises let by agencies and enterprises in the plan for 2017 at 150 m2 (assumption)"},
        {&ancillary, 2, 30, 6000, "assumption"},
        {&ancillary, 3, 20, 4000, "assumption: low 0, middle 4000, high 12 000"},
        {&demolished, 0, 22, 16000,
         "assumption: demolished in 2017-01 to 2017-06 and still bare; the other plots of the first half are in use"},
        {&demolished, 1, 100, half_2017, "half of the plan for 2017 (150 000 m2, 7000 sites), about 35 sites to a plot"},
        {&demolished, 1, 55, 40000, "assumption: 2018-2020"},
        {&demolished, 2, 30, 20000, "assumption"},
        {&corner, 0, 20, 9000, "assumption"},
        {&corner, 1, 50, 24000, "assumption"},
        {&corner, 2, 30, 14000, "assumption"},
        {&corner, 3, 16, 8000, "assumption: low 0, middle 8000, high 20 000"},
        {&temporary_land, 0, 8, 48000, "assumption: cleared sites waiting for their plan"},
        {&temporary_land, 1, 14, 80000, "assumption"},
        {&temporary_land, 2, 8, 40000, "assumption"},
        {&temporary_land, 3, 4, 20000, "assumption: low 0, middle 20 000, high 60 000"},
        {&temporary_rooms, 1, 10, 12000, "assumption"},
        {&temporary_rooms, 2, 6, 7000, "assumption"},
    };
}

class SpaceMaker {
public:
    explicit SpaceMaker(Draft& draft) : draft_(draft) {}

    void make() {
        known_markets();
        known_campuses();
        double wholesale = 0;
        for (const DraftSpace& one : draft_.spaces) {
            if (one.space.category == SpaceCategory::industrial) wholesale += one.space.area_m2;
        }
        for (const Lot& lot : lots(draft_, wholesale)) make_lot(lot);
        make_public_housing();
        make_basements();
        write_totals(wholesale);
    }

private:
    std::uint32_t nearest_node(Point p) const {
        std::uint32_t best = 0;
        double least = 1e18;
        for (std::uint32_t n = 0; n < draft_.nodes.size(); ++n) {
            const DraftNode& node = draft_.nodes[n];
            const double d2 = (node.x_m - p.x_m) * (node.x_m - p.x_m) + (node.y_m - p.y_m) * (node.y_m - p.y_m);
            if (node.block >= 0 && d2 < least) least = d2, best = n;
        }
        return best;
    }

    DraftSpace& add(std::string code, std::string name_zh, std::string name_en, SpaceCategory category, SpaceForm form, OwnerType owner,
                    std::uint32_t node, double area_m2, Month vacated, Status status, std::string source) {
        DraftSpace one;
        one.space.code = std::move(code), one.space.name_zh = std::move(name_zh), one.space.name_en = std::move(name_en);
        one.space.category = category, one.space.form = form, one.space.owner = owner;
        one.space.node = NodeId(static_cast<std::size_t>(node)), one.space.area_m2 = area_m2, one.space.vacated = vacated;
        one.space.status = status, one.space.source = std::move(source);
        for (const Era& era : eras) {
            if (vacated >= era.from) one.space.era = era.era;
        }
        if (vacated < start) one.space.era = SpaceEra::before_start;
        draft_.spaces.push_back(std::move(one));
        return draft_.spaces.back();
    }

    /// Market halls: stalls and workers go with them if they are still open at the start.
    void fill_market(DraftSpace& one, double stalls, double workers) {
        if (one.space.vacated < start) return;
        one.sector = "wholesale_market";
        one.businesses = static_cast<std::uint32_t>(stalls);
        one.jobs = static_cast<std::uint32_t>(workers);
    }

    void known_markets() {
        const FactVacated& zoo = draft_.known("Zoo wholesale");
        const double per_job = zoo.area_m2 / zoo.workers;
        std::vector<double> weights;
        for (std::uint64_t i = 1; i <= 12; ++i) weights.push_back(draft_.chance.between(0.6, 1.4, "zoo market", i));
        // One third of the floor area belongs to the four that are still open at the start (figure zoo_open_share).
        const double open_share = draft_.figure("zoo_open_share").value;
        const auto area_shut =
            split(static_cast<std::int64_t>(std::floor(zoo.area_m2 * (1 - open_share) + 0.5)), {weights.begin(), weights.begin() + 8});
        const auto area_open =
            split(static_cast<std::int64_t>(zoo.area_m2) - static_cast<std::int64_t>(std::floor(zoo.area_m2 * (1 - open_share) + 0.5)),
                  {weights.begin() + 8, weights.end()});
        constexpr Month closing[] = {Month::of(2015, 1),  Month::of(2015, 12), Month::of(2016, 3),  Month::of(2016, 8),
                                     Month::of(2016, 12), Month::of(2016, 12), Month::of(2017, 3),  Month::of(2017, 6),
                                     Month::of(2017, 7),  Month::of(2017, 9),  Month::of(2017, 10), Month::of(2017, 11)};
        for (int i = 0; i < 12; ++i) {
            const double area =
                static_cast<double>(i < 8 ? area_shut[static_cast<std::size_t>(i)] : area_open[static_cast<std::size_t>(i - 8)]);
            const Point place{zoo.place.x_m + draft_.chance.between(-260, 260, "zoo x", static_cast<std::uint64_t>(i)),
                              zoo.place.y_m + draft_.chance.between(-160, 160, "zoo y", static_cast<std::uint64_t>(i))};
            constexpr OwnerType owners[] = {OwnerType::municipal, OwnerType::central, OwnerType::district_soe, OwnerType::private_owner};
            DraftSpace& one = add(fmt::format("zoo-market-{:02}", i + 1), fmt::format("动物园批发市场 {:02}", i + 1),
                                  fmt::format("Zoo wholesale market {:02}", i + 1), SpaceCategory::industrial, SpaceForm::floor_above,
                                  owners[i % 4], nearest_node(place), area, closing[i], Status::derived,
                                  zoo.source + "; split over 12 markets and months between 2015-01 and 2017-11 assumed");
            one.space.street_front = true;
            one.space.complex_ownership = true;
            fill_market(one, std::floor(area * zoo.units / zoo.area_m2), std::floor(area / per_job));
        }
        const auto market = [&](const char* start_of_name, const char* code, Month month, double area, double stalls, Status status,
                                OwnerType owner) {
            const FactVacated& fact = draft_.known(start_of_name);
            DraftSpace& one = add(code, fact.name_zh, fact.name_en, SpaceCategory::industrial, SpaceForm::floor_above, owner,
                                  nearest_node(fact.place), area, month, status, fact.source);
            one.space.street_front = true;
            fill_market(one, stalls, std::floor(area / per_job * 0.8));
        };
        const FactVacated &tianyi = draft_.known("Tianyi small"), &branch = draft_.known("Tianyi branch"),
                          &guanyuan = draft_.known("Guanyuan");
        market("Tianyi small", "tianyi", Month::of(2017, 9), tianyi.area_m2, tianyi.units, Status::sourced, OwnerType::municipal);
        market("Tianyi branch", "tianyi-dianmen", Month::of(2015, 12), branch.area_m2, 0, Status::sourced, OwnerType::district_soe);
        market("Wantong", "wantong", Month::of(2017, 8), draft_.figure("wantong_m2").value, 1100, Status::assumption,
               OwnerType::private_owner);
        market("Guanyuan", "guanyuan", Month::of(2018, 9), guanyuan.area_m2, guanyuan.units, Status::sourced, OwnerType::district_soe);
    }

    void known_campuses() {
        const FactVacated& fact = draft_.known("Vocational campuses");
        const auto campus = [&](const char* code, const char* zh, const char* en, const char* subdistrict, double area) {
            const DraftBlock* home = nullptr;  // the first living block of its sub-district: the address is known by street only
            for (const DraftBlock& one : draft_.blocks) {
                if (one.block.code.starts_with(subdistrict) &&
                    (!home || (home->block.zone != ZoneType::living && one.block.zone == ZoneType::living)))
                    home = &one;
            }
            add(code, zh, en, SpaceCategory::education, SpaceForm::floor_above, OwnerType::district, nearest_node(home->block.centre), area,
                Month::of(2016, 12), Status::assumption, fact.source + "; floor area and block assumed");
        };
        campus("vocational-ande", "实美职校安德路校区", "Shimei Vocational School, Ande Road", "110102010", 9000);
        campus("vocational-nanxianli", "实验职校南线里校区", "Experimental Vocational School, Nanxianli", "110102017", 6000);
    }

    std::uint32_t pick_node(const Kind& kind, std::uint64_t key) {
        std::vector<double>& sums = cumulative_[&kind];
        if (sums.empty()) {
            double sum = 0;
            for (const DraftBlock& one : draft_.blocks) {
                sum += (kind.by_residents ? one.residents : one.block.area_m2) * kind.zone_weight[static_cast<int>(one.block.zone)];
                sums.push_back(sum);
            }
        }
        const double at = draft_.chance.uniform("space block", key) * sums.back();
        const std::size_t b = static_cast<std::size_t>(std::lower_bound(sums.begin(), sums.end(), at) - sums.begin());
        const auto& nodes = draft_.blocks[std::min(b, draft_.blocks.size() - 1)].nodes;
        return nodes[static_cast<std::size_t>(draft_.chance.uniform("space node", key) * static_cast<double>(nodes.size()))];
    }

    OwnerType pick_owner(const double (&shares)[owner_types], std::uint64_t key) const {
        double at = draft_.chance.uniform("space owner", key);
        for (int owner = 0; owner < owner_types; ++owner) {
            if (at < shares[owner]) return static_cast<OwnerType>(owner);
            at -= shares[owner];
        }
        return OwnerType::district_soe;
    }

    Month pick_month(const Era& era, std::uint64_t key, bool first_half_year) const {
        const int months = first_half_year ? 6 : era.to - era.from + 1;
        return era.from + static_cast<int>(draft_.chance.uniform("space month", key) * months);
    }

    void make_lot(const Lot& lot) {
        const Kind& kind = *lot.kind;
        const Era& era = eras[lot.era];
        const bool of_2017 = &kind == &demolished && lot.era == 1 && lot.count == 100;
        int& number = numbers_[kind.prefix];
        std::vector<double> sizes;
        std::vector<std::uint64_t> keys;
        for (int i = 0; i < lot.count; ++i) {
            keys.push_back(
                luck_key(Hash{}.text(kind.prefix).value(), static_cast<std::uint64_t>(lot.era), of_2017, static_cast<std::uint64_t>(i)));
            sizes.push_back(
                std::min(exact_exp(kind.spread * exact_normal_quantile(draft_.chance.uniform("space size", keys.back()))), 8.0));
        }
        const auto areas = split(static_cast<std::int64_t>(lot.area_m2), sizes);
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const std::uint64_t key = keys[i];
            ++number;
            const Month month = pick_month(era, key, of_2017);
            DraftSpace& one =
                add(fmt::format("{}-{:03}", kind.prefix, number), fmt::format("{} {:03}", kind.name_zh, number),
                    fmt::format("{} {:03}", kind.name_en, number), kind.category, kind.form, pick_owner(kind.owner_share, key),
                    pick_node(kind, key), static_cast<double>(std::max<std::int64_t>(areas[i], 8)), month,
                    &kind == &heritage && lot.era == 2 ? Status::derived : Status::synthetic, lot.why);
            one.space.street_front = draft_.chance.uniform("street front", key) < kind.street_front;
            one.space.complex_ownership = draft_.chance.uniform("complex ownership", key) < 0.06;
            one.space.legacy = lot.era == 0 && draft_.chance.uniform("legacy", key) < 0.12;
            if (&kind == &heritage) {
                const double grade = draft_.chance.uniform("grade", key);
                one.space.heritage = grade < 0.2   ? HeritageGrade::national
                                     : grade < 0.5 ? HeritageGrade::municipal
                                                   : HeritageGrade::district;
                if (draft_.chance.uniform("courtyard", key) < 0.4) one.space.form = SpaceForm::courtyard_partial;
            }
            if (kind.category == SpaceCategory::temporary) {
                one.planned_use = kind.form == SpaceForm::land
                                      ? (draft_.chance.uniform("planned", key) < 0.5 ? planned_uses[0] : planned_uses[1])
                                      : planned_uses[2];
                one.space.planned_start = month + 24 + static_cast<int>(draft_.chance.uniform("planned start", key) * 72);
            }
            fill(one, kind, key);
        }
        draft_.reconciled.push_back({kind.name_en, era.name, category_names[static_cast<int>(kind.category)], "synthetic area", lot.area_m2,
                                     "m2", fmt::format("{} spaces", lot.count), lot.why,
                                     &kind == &heritage && lot.era == 2 ? Status::sourced : Status::assumption});
    }

    /// Businesses that leave with the space. Areas per business and job: assumption.
    void fill(DraftSpace& one, const Kind& kind, std::uint64_t key) {
        if (one.space.vacated < start) return;
        const double area = one.space.area_m2, luck = draft_.chance.uniform("trade", key);
        const auto set = [&](const char* sector, double per_business, double per_job) {
            one.sector = sector;
            one.businesses = static_cast<std::uint32_t>(std::max(1.0, std::floor(area / per_business + 0.5)));
            one.jobs = std::max(one.businesses, static_cast<std::uint32_t>(area / per_job));
        };
        if (&kind == &industrial) {
            if (luck < 0.45)
                set("wholesale_market", 30, 14);
            else if (luck < 0.7)
                set("class_e_storage", 400, 70);
            else if (luck < 0.8)
                set("manufacturing", 1200, 45);
            else if (luck < 0.9)
                set("transport_post", 500, 40);
            else
                set("retail", 90, 22);
        } else if (&kind == &shops) {
            if (luck < 0.4)
                set("retail", 20, 10);
            else if (luck < 0.75)
                set("catering", 20, 8);
            else
                set("resident_services", 20, 10);
        } else if (&kind == &ancillary) {
            if (luck < 0.5)
                set("retail", 60, 20);
            else if (luck < 0.8)
                set("hotel", 120, 30);
            else
                set("class_e_storage", 120, 60);
        } else if (&kind == &education) {
            set("education", area, 70);
        }
    }

    /// Surrendered tenancies: homes are taken out of the public stock of one node each.
    void make_public_housing() {
        struct Plan {
            int era, spaces;
            double homes;
            const char* why;
        };
        const double surrendered = draft_.figure("surrendered_2021_2025").value;
        const Plan plans[] = {
            {0, 16, 150, "assumption: recovered sub-let tenancies in the hands of the housing administration and empty at the start"},
            {1, 120, 1500,
             "assumption: share of the 3500 recovered sub-let tenancies of the plan for 2017, and surrenders to 2020, that leaves rooms to "
             "reuse"},
            {2, 190, surrendered, "4713 households, chinanews 2025-10-14"},
            {3, 60, 1500, "assumption: low 0, middle 1500, high 4700"}};
        std::vector<std::size_t> rows;  // groups of public homes to take from
        std::vector<double> weights;
        for (std::size_t i = 0; i < draft_.dwellings.size(); ++i) {
            const DraftDwelling& one = draft_.dwellings[i];
            if (one.tenure != Tenure::public_housing || one.count < 6 || !one.space.empty()) continue;
            if (one.type == DwellingType::courtyard || (one.type == DwellingType::simple && one.count >= 10))
                rows.push_back(i), weights.push_back(one.count * (one.type == DwellingType::simple ? 0.4 : 1.0));
        }
        // Groups by luck weighted with size; each group gives one space.
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const std::uint64_t place = luck_key(static_cast<std::uint64_t>(draft_.nodes[draft_.dwellings[rows[k]].node].x_m * 10 + 1e6),
                                                 static_cast<std::uint64_t>(draft_.nodes[draft_.dwellings[rows[k]].node].y_m * 10 + 1e6));
            order.push_back(
                {-exact_log(draft_.chance.uniform("public group", place, static_cast<std::uint64_t>(draft_.dwellings[rows[k]].type))) /
                     weights[k],
                 rows[k]});
        }
        std::sort(order.begin(), order.end());
        std::size_t next = 0;
        int number = 0;
        for (const Plan& plan : plans) {
            std::vector<double> sizes;
            const auto spaces = static_cast<std::size_t>(plan.spaces);
            for (std::size_t i = 0; i < spaces; ++i)
                sizes.push_back(draft_.dwellings[order[next + i].second].count *
                                draft_.chance.between(0.3, 1.0, "public size", static_cast<std::uint64_t>(plan.era), i));
            auto homes = split(static_cast<std::int64_t>(plan.homes), sizes);
            for (std::size_t i = 0; i < spaces; ++i) {  // never more than the group has; the excess goes to the next
                const auto most = static_cast<std::int64_t>(draft_.dwellings[order[next + i].second].count);
                if (homes[i] > most && i + 1 < spaces) homes[i + 1] += homes[i] - most;
                homes[i] = std::clamp<std::int64_t>(homes[i], 1, most);
            }
            std::int64_t placed = 0;
            for (const auto h : homes) placed += h;
            for (std::size_t pass = 0; placed < static_cast<std::int64_t>(plan.homes) && pass < 2; ++pass) {
                for (std::size_t i = 0; i < spaces && placed < static_cast<std::int64_t>(plan.homes); ++i) {
                    const auto most = static_cast<std::int64_t>(draft_.dwellings[order[next + i].second].count);
                    const std::int64_t more = std::min(most - homes[i], static_cast<std::int64_t>(plan.homes) - placed);
                    homes[i] += more, placed += more;
                }
            }
            double area = 0;
            for (std::size_t i = 0; i < spaces; ++i, ++next) {
                const std::size_t row = order[next].second;
                const DraftDwelling group = draft_.dwellings[row];
                const auto count = static_cast<std::uint32_t>(homes[i]);
                const std::uint64_t key = luck_key(Hash{}.text("pub").value(), static_cast<std::uint64_t>(plan.era), i);
                ++number;
                const bool simple = group.type == DwellingType::simple;
                DraftSpace& one =
                    add(fmt::format("pub-{:03}", number), fmt::format("直管公房腾退空间 {:03}", number),
                        fmt::format("Public housing space {:03}", number), SpaceCategory::public_housing,
                        simple                 ? SpaceForm::floor_above
                        : count == group.count ? SpaceForm::courtyard_complete
                                               : SpaceForm::courtyard_partial,
                        OwnerType::direct_managed, group.node, std::floor(count * group.mean_area_m2 + 0.5),
                        pick_month(eras[plan.era], key, false), plan.era == 2 ? Status::derived : Status::synthetic, plan.why);
                one.space.street_front = draft_.chance.uniform("street front", key) < 0.15;
                area += one.space.area_m2;
                if (one.space.vacated < start) continue;  // already empty: its homes are gone from the stock
                one.dwellings = count;
                take_homes(row, count, one.space.code);
            }
            draft_.reconciled.push_back({"Surrendered public tenancies", eras[plan.era].name, "public_housing", "households",
                                         static_cast<double>(placed), "households", fmt::format("{} spaces, {:.0f} m2", plan.spaces, area),
                                         plan.why, plan.era == 2 ? Status::sourced : Status::assumption});
        }
    }

    /// Basements lived in: every group is one space, emptied in the campaign or later.
    void make_basements() {
        int number = 0;
        double area = 0;
        const std::size_t rows = draft_.dwellings.size();
        for (std::size_t row = 0; row < rows; ++row) {
            const DraftDwelling group = draft_.dwellings[row];
            if (group.type != DwellingType::basement || !group.space.empty()) continue;
            const std::uint64_t key =
                luck_key(Hash{}.text("bas").value(), static_cast<std::uint64_t>(draft_.nodes[group.node].x_m * 10 + 1e6),
                         static_cast<std::uint64_t>(draft_.nodes[group.node].y_m * 10 + 1e6));
            const double when = draft_.chance.uniform("basement era", key);
            const int era = when < 0.75 ? 1 : when < 0.92 ? 2 : 3;
            ++number;
            constexpr double owners[owner_types] = {0.25, 0.2, 0.05, 0.3, 0.2, 0, 0};
            DraftSpace& one = add(fmt::format("bas-{:03}", number), fmt::format("居住区地下空间 {:03}", number),
                                  fmt::format("Residential basement {:03}", number), SpaceCategory::residential, SpaceForm::floor_below,
                                  pick_owner(owners, key), group.node, std::floor(group.count * group.mean_area_m2 * 1.4 + 0.5),
                                  pick_month(eras[era], key, false), Status::synthetic,
                                  "assumption: rooms let in residential basements, 1.4 m2 of floor per m2 of room");
            one.dwellings = group.count;
            area += one.space.area_m2;
            take_homes(row, group.count, one.space.code);
        }
        draft_.reconciled.push_back({"Residential basements", "campaign_2017_2020", "residential", "synthetic area", area, "m2",
                                     fmt::format("{} spaces; three quarters in the campaign, the rest later", number),
                                     "figure basement_households", Status::assumption});
    }

    /// Moves `count` homes of a group into a group of their own that goes with the space.
    void take_homes(std::size_t row, std::uint32_t count, const std::string& space) {
        DraftDwelling part = draft_.dwellings[row];
        part.count = count;
        part.space = space;
        draft_.dwellings[row].count -= count;
        draft_.dwellings.push_back(std::move(part));
    }

    void write_totals(double wholesale) {
        for (int category = 0; category < space_categories; ++category) {
            for (const Era& era : eras) {
                double area = 0;
                int count = 0;
                for (const DraftSpace& one : draft_.spaces) {
                    if (one.space.era == era.era && static_cast<int>(one.space.category) == category) area += one.space.area_m2, ++count;
                }
                if (count == 0) continue;
                draft_.reconciled.push_back({"All spaces", era.name, category_names[category], "area", area, "m2",
                                             fmt::format("{} spaces, known and synthetic", count), "spaces.csv", Status::derived});
            }
        }
        const double total = draft_.figure("wholesale_vacated_2014_2020_m2").value,
                     share = draft_.figure("wholesale_generated_share").value;
        draft_.reconciled.push_back({"Regional wholesale markets, cumulative 2014-2020", "to_2020", "industrial", "area", total, "m2",
                                     fmt::format("definition unclear, flagged: {:.0f} m2 are known markets, {:.0f} m2 generated in the "
                                                 "campaign (declared share {:.2f}), the rest not generated",
                                                 wholesale, std::floor((total - wholesale) * share / 1000) * 1000, share),
                                     "vacated_spaces.csv", Status::sourced});
        const FactVacated& estates = draft_.known("Old-estate renovation");
        draft_.reconciled.push_back({"Old-estate renovation 2021-2025", "from_2021_2025", "residential", "area", estates.area_m2, "m2",
                                     "not vacated space: not generated", estates.source, Status::sourced});
        const FactVacated& stock = draft_.known("Shichahai directly managed");
        draft_.reconciled.push_back({"Shichahai public housing stock", "start", "public_housing", "tenancies", stock.units, "tenancies",
                                     "stock, not vacated: in dwellings.csv", stock.source, Status::sourced});
    }

    static constexpr const char* planned_uses[3] = {"park", "pocket_green", "community_service"};
    Draft& draft_;
    std::map<std::string, int> numbers_;
    std::map<const Kind*, std::vector<double>> cumulative_;
};

}  // namespace

void make_spaces(Draft& draft) {
    SpaceMaker(draft).make();
    std::erase_if(draft.dwellings, [](const DraftDwelling& one) { return one.count == 0; });
    std::stable_sort(draft.dwellings.begin(), draft.dwellings.end(),
                     [](const DraftDwelling& a, const DraftDwelling& b) { return a.node < b.node; });
}

}  // namespace hutong::generate
