#include "scenarios/catalogue.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/csv.h"
#include "core/declare.h"
#include "scenarios/policy.h"

namespace hutong {
namespace {

constexpr std::array<std::string_view, zone_types> zone_names{"government", "historic", "living", "business"};
constexpr std::array<std::string_view, space_categories> category_names{"industrial",  "education",   "heritage", "public_housing",
                                                                        "residential", "corner_land", "temporary"};
constexpr std::array<std::string_view, space_forms> form_names{"floor_above", "floor_below", "courtyard_complete", "courtyard_partial",
                                                               "land"};
constexpr std::array<std::string_view, owner_types> owner_names{"central",       "municipal",      "military", "district_soe",
                                                                "private_owner", "direct_managed", "district"};
constexpr std::array<std::string_view, 4> grade_names{"none", "district", "municipal", "national"};
constexpr std::array<std::string_view, directions> direction_names{"service", "green", "convenience", "high_end", "other"};
constexpr std::array<std::string_view, 3> funding_names{"public", "public_private", "owner"};
constexpr std::array<std::string_view, 5> operator_names{"department", "professional", "chain", "tenants", "residents"};
constexpr std::array<std::string_view, 7> force_names{"never", "in_principle", "main", "first", "may", "limited", "encouraged"};
constexpr std::array<std::string_view, target_groups> group_names{"everyone",  "children_3_5",   "children_6_11", "children_12_14",
                                                                  "elders_65", "car_households", "workers"};

/// One table being read: collects problems, or throws the first when nobody collects.
class Reader {
public:
    Reader(const std::filesystem::path& path, std::vector<Error>* problems)
        : problems_(problems ? *problems : own_),
          throws_(problems == nullptr),
          before_(problems_.size()),
          table_(read_csv(path, problems_)) {
        check();
    }

    std::size_t rows() const { return table_.rows(); }
    bool has(std::string_view name) const { return table_.find_column(name).has_value(); }

    std::string text(std::size_t row, std::string_view name) {
        const std::size_t column = table_.column(name, problems_);
        check();
        return std::string(table_.text(row, column));
    }
    double number(std::size_t row, std::string_view name) {
        const double value = table_.number(row, table_.column(name, problems_), problems_);
        check();
        return value;
    }
    bool flag(std::size_t row, std::string_view name) {
        const bool value = table_.flag(row, table_.column(name, problems_), problems_);
        check();
        return value;
    }
    /// An enumerator by name.
    template <class Enum, std::size_t Count>
    Enum one_of(std::size_t row, std::string_view name, const std::array<std::string_view, Count>& names) {
        const std::string value = text(row, name);
        const auto found = std::find(names.begin(), names.end(), value);
        if (found != names.end()) return static_cast<Enum>(found - names.begin());
        unknown(row, name, value, std::vector<std::string>(names.begin(), names.end()));
        return Enum{};
    }
    template <class Enum, std::size_t Count>
    std::optional<Enum> maybe(std::size_t row, std::string_view name, const std::array<std::string_view, Count>& names) {
        if (text(row, name).empty()) return std::nullopt;
        return one_of<Enum>(row, name, names);
    }
    std::optional<bool> maybe_flag(std::size_t row, std::string_view name) {
        if (text(row, name).empty()) return std::nullopt;
        return flag(row, name);
    }
    /// A row of another table by code; an empty cell is no row.
    template <class IdType, class Rows>
    IdType row_of(std::size_t row, std::string_view name, const Rows& all) {
        const std::string code = text(row, name);
        return code.empty() ? IdType::none() : named<IdType>(row, name, code, all);
    }
    /// Several rows by their codes, separated by ';'.
    template <class IdType, class Rows>
    std::vector<IdType> rows_of(std::size_t row, std::string_view name, const Rows& all) {
        std::vector<IdType> ids;
        std::string rest = text(row, name);
        while (!rest.empty()) {
            const auto cut = rest.find(';');
            const std::string code = rest.substr(0, cut);
            rest = cut == std::string::npos ? std::string{} : rest.substr(cut + 1);
            if (code.empty()) continue;
            if (const IdType id = named<IdType>(row, name, code, all)) ids.push_back(id);
        }
        return ids;
    }
    template <class IdType, class Rows>
    IdType named(std::size_t row, std::string_view name, const std::string& code, const Rows& all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].code == code) return IdType(i);
        }
        std::vector<std::string> known;
        for (const auto& one : all) known.push_back(one.code);
        unknown(row, name, code, known);
        return IdType::none();
    }
    void unknown(std::size_t row, std::string_view name, const std::string& value, const std::vector<std::string>& known) {
        const std::string near = nearest_name(value, known);
        report(row, name, msg("'{}' is not known in column '{}'", value, name), {},
               near.empty() ? msg("use one of the known names") : msg("did you mean '{}'?", near));
    }
    void report(std::size_t row, std::string_view name, Message problem, Message why = {}, Message advice = {}) {
        const auto column = table_.find_column(name);
        problems_.emplace_back(ErrorKind::bad_district, std::move(problem), std::move(why), std::move(advice),
                               column ? table_.place(row, *column) : table_.place(row));
        check();
    }
    /// A number that must lie in a range.
    double within(std::size_t row, std::string_view name, double low, double high) {
        const double value = number(row, name);
        if (value < low || value > high)
            report(row, name, msg("{} = {} is out of range", name, value), msg("it lies between {} and {}", low, high),
                   msg("correct the value"));
        return value;
    }

private:
    void check() const {
        if (throws_ && problems_.size() > before_) throw problems_[before_];
    }
    std::vector<Error> own_;
    std::vector<Error>& problems_;
    bool throws_;
    std::size_t before_;
    CsvTable table_;
};

template <class Rows>
void check_codes(Reader& table, const Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].code.empty()) table.report(i, "code", msg("the code is empty"), {}, msg("give every row a code of its own"));
        for (std::size_t j = 0; j < i; ++j) {
            if (rows[j].code == rows[i].code)
                table.report(i, "code", msg("the code '{}' stands twice", rows[i].code), {}, msg("give every row a code of its own"));
        }
    }
}

constexpr double any = 1e12;  // no upper limit but a finite number

void read_services(const std::filesystem::path& folder, std::vector<Error>* problems, Catalogue& catalogue) {
    Reader table(folder / "services.csv", problems);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Service s;
        s.code = table.text(row, "code");
        s.name_zh = table.text(row, "name_zh");
        s.name_en = table.text(row, "name_en");
        s.group = table.one_of<TargetGroup>(row, "group", group_names);
        s.distance_m = table.within(row, "distance_m", 1, 5000);
        s.capacity_unit = table.text(row, "capacity_unit");
        s.standard_per_1000 = table.within(row, "standard_per_1000", 0, any);
        s.standard_per_member = table.within(row, "standard_per_member", 0, any);
        s.convenience = table.flag(row, "convenience");
        s.green = table.flag(row, "green");
        s.in_composite = table.flag(row, "in_composite");
        s.undercounted = table.flag(row, "undercounted");
        s.off_hours_shareable = table.flag(row, "off_hours_shareable");
        s.capacity_per_m2 = table.within(row, "capacity_per_m2", 0, any);
        s.staff_per_1000_m2 = table.within(row, "staff_per_1000_m2", 0, 1000);
        catalogue.services.push_back(std::move(s));
    }
    check_codes(table, catalogue.services);
}

void read_sectors(const std::filesystem::path& folder, std::vector<Error>* problems, Catalogue& catalogue) {
    Reader table(folder / "sectors.csv", problems);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Sector s;
        s.code = table.text(row, "code");
        s.name_zh = table.text(row, "name_zh");
        s.name_en = table.text(row, "name_en");
        s.gbt_section = table.text(row, "gbt_section");
        s.prohibited = table.flag(row, "prohibited");
        s.high_end = table.flag(row, "high_end");
        s.consumer = table.flag(row, "consumer");
        s.exogenous = table.flag(row, "exogenous");
        s.chain = table.flag(row, "chain");
        s.area_per_job_m2 = table.within(row, "area_per_job_m2", 1, 10000);
        s.mean_jobs = table.within(row, "mean_jobs", 1, 100000);
        double shares = 0;
        constexpr std::array<std::string_view, skills> columns{"skill_low", "skill_middle", "skill_high"};
        for (std::size_t k = 0; k < columns.size(); ++k) shares += s.skill_share[k] = table.within(row, columns[k], 0, 1);
        if (std::fabs(shares - 1) > 1e-6)
            table.report(row, "skill_low", msg("the three skill shares add up to {}", shares), {}, msg("make them add up to 1"));
        s.separation_per_year = table.within(row, "separation_per_year", 0, 10);
        s.exit_per_year = table.within(row, "exit_per_year", 0, 10);
        s.rent_share = table.within(row, "rent_share", 0, 1);
        s.resident_worker_share = table.within(row, "resident_worker_share", 0, 1);
        s.high_end_pull = table.within(row, "high_end_pull", -100, 100);
        s.in_commuter_affinity = table.within(row, "in_commuter_affinity", -100, 100);
        s.service = table.row_of<ServiceId>(row, "service", catalogue.services);
        catalogue.sectors.push_back(std::move(s));
    }
    check_codes(table, catalogue.sectors);
}

void read_uses(const std::filesystem::path& folder, std::vector<Error>* problems, Catalogue& catalogue) {
    Reader table(folder / "uses.csv", problems);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Use u;
        u.code = table.text(row, "code");
        u.name_zh = table.text(row, "name_zh");
        u.name_en = table.text(row, "name_en");
        u.direction = table.one_of<Direction>(row, "direction", direction_names);
        u.other_clause = table.text(row, "other_clause");
        if ((u.direction == Direction::other) != (clause_named(u.other_clause) != Clause::none)) {
            table.report(row, "other_clause", msg("'{}' names no clause", u.other_clause),
                         msg("a use of direction 'other' is named by a clause, and only such a use (G4)"),
                         msg("write a clause id such as C3.4, or leave it empty"));
        }
        u.service = table.row_of<ServiceId>(row, "service", catalogue.services);
        u.also = table.rows_of<ServiceId>(row, "also", catalogue.services);
        u.shares = table.row_of<ServiceId>(row, "shares", catalogue.services);
        u.sector = table.row_of<SectorId>(row, "sector", catalogue.sectors);
        u.residential = table.flag(row, "residential");
        u.green = table.flag(row, "green");
        u.parking = table.flag(row, "parking");
        u.indoor = table.flag(row, "indoor");
        u.funded_by = table.one_of<FundedBy>(row, "funded_by", funding_names);
        u.operated_by = table.one_of<OperatedBy>(row, "operated_by", operator_names);
        u.visitors_per_m2_day = table.within(row, "visitors_per_m2_day", 0, 100);
        u.public_funded = table.flag(row, "public_funded");
        if (u.public_funded == (u.funded_by == FundedBy::owner)) {
            table.report(row, "funded_by", msg("use '{}' says two things about who funds it", u.code),
                         msg("public_funded and funded_by disagree"), msg("write public_funded = 0 and funded_by = owner, or neither"));
        }
        u.heritage_like = table.flag(row, "heritage_like");
        u.temporary = table.flag(row, "temporary");
        u.min_area_m2 = table.within(row, "min_area_m2", 0, any);
        u.max_area_m2 = table.within(row, "max_area_m2", u.min_area_m2, any);
        u.area_per_job_m2 = table.within(row, "area_per_job_m2", 0, 100000);
        u.capacity_per_m2 = table.within(row, "capacity_per_m2", 0, any);
        u.residents_per_m2 = table.within(row, "residents_per_m2", 0, 1);
        u.residents_per_job = table.within(row, "residents_per_job", -10, 10);
        u.conversion_yuan_per_m2 = table.within(row, "conversion_yuan_per_m2", 0, any);
        u.operating_yuan_per_m2_year = table.within(row, "operating_yuan_per_m2_year", 0, any);
        u.revenue_yuan_per_m2_year = table.within(row, "revenue_yuan_per_m2_year", 0, any);
        u.works_months_small = table.within(row, "works_months_small", 0, 120);
        u.works_months_large = table.within(row, "works_months_large", 0, 240);
        u.adds_floor = table.within(row, "adds_floor", 0, 20);
        u.nuisance = table.within(row, "nuisance", 0, 1);
        u.demolish = table.flag(row, "demolish");
        u.status = table.text(row, "status");
        u.source = table.text(row, "source");
        catalogue.uses.push_back(std::move(u));
    }
    check_codes(table, catalogue.uses);
    if (catalogue.uses.size() > 250) {
        table.report(250, "code", msg("the catalogue has more than 250 uses"), msg("a use is kept in one byte"), msg("remove uses"));
    }
}

void read_rules(const std::filesystem::path& folder, std::vector<Error>* problems, Catalogue& catalogue) {
    Reader table(folder / "rules.csv", problems);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Rule r;
        r.clause = table.text(row, "clause");
        if (clause_named(r.clause) == Clause::none) {
            table.report(row, "clause", msg("'{}' names no clause", r.clause), {}, msg("write a clause id such as C3.4"));
        }
        r.force = table.one_of<Force>(row, "force", force_names);
        r.category = table.maybe<SpaceCategory>(row, "category", category_names);
        r.zone = table.maybe<ZoneType>(row, "zone", zone_names);
        r.form = table.maybe<SpaceForm>(row, "form", form_names);
        r.owner = table.maybe<OwnerType>(row, "owner", owner_names);
        r.min_heritage = table.maybe<HeritageGrade>(row, "min_heritage", grade_names);
        r.large = table.maybe_flag(row, "large");
        r.street_front = table.maybe_flag(row, "street_front");
        r.uses = table.rows_of<UseId>(row, "uses", catalogue.uses);
        r.direction = table.maybe<Direction>(row, "direction", direction_names);
        r.ceiling_share = table.within(row, "ceiling_share", 0, 1);
        r.source = table.text(row, "source");
        catalogue.rules.push_back(std::move(r));
    }
}

template <class IdType, class Rows>
IdType find_code(const Rows& rows, std::string_view code) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].code == code) return IdType(i);
    }
    return IdType::none();
}

}  // namespace

SectorId Catalogue::sector(std::string_view code) const { return find_code<SectorId>(sectors, code); }
ServiceId Catalogue::service(std::string_view code) const { return find_code<ServiceId>(services, code); }
UseId Catalogue::use(std::string_view code) const { return find_code<UseId>(uses, code); }

Catalogue read_catalogue(const std::filesystem::path& folder, std::vector<Error>* problems) {
    Catalogue catalogue;
    // in this order: sectors name services, uses name both, rules name uses
    read_services(folder, problems, catalogue);
    read_sectors(folder, problems, catalogue);
    read_uses(folder, problems, catalogue);
    read_rules(folder, problems, catalogue);
    return catalogue;
}

std::string_view name_of(ZoneType zone) { return zone_names[static_cast<std::size_t>(zone)]; }
std::string_view name_of(SpaceCategory category) { return category_names[static_cast<std::size_t>(category)]; }
std::string_view name_of(SpaceForm form) { return form_names[static_cast<std::size_t>(form)]; }
std::string_view name_of(OwnerType owner) { return owner_names[static_cast<std::size_t>(owner)]; }
std::string_view name_of(HeritageGrade grade) { return grade_names[static_cast<std::size_t>(grade)]; }
std::string_view name_of(Direction direction) { return direction_names[static_cast<std::size_t>(direction)]; }
std::string_view name_of(Force force) { return force_names[static_cast<std::size_t>(force)]; }
std::string_view name_of(FundedBy funds) { return funding_names[static_cast<std::size_t>(funds)]; }
std::string_view name_of(OperatedBy operates) { return operator_names[static_cast<std::size_t>(operates)]; }
std::string_view name_of(TargetGroup group) { return group_names[static_cast<std::size_t>(group)]; }

}  // namespace hutong
