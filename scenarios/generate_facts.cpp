/// Reading the tables of facts.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/exact_math.h"
#include "scenarios/district_pack.h"
#include "scenarios/generate_draft.h"

namespace hutong::generate {
namespace {

constexpr double metres_per_degree = pack_metres_per_degree;

Point local(const Draft& draft, double lon, double lat) {
    return {(lon - draft.origin_lon) * metres_per_degree * exact_cos_degrees(draft.origin_lat),
            (lat - draft.origin_lat) * metres_per_degree};
}

double read_number(std::string_view text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string without(std::string text, std::string_view tail) {
    if (text.size() > tail.size() && text.ends_with(tail)) text.resize(text.size() - tail.size());
    return text;
}

void read_subdistricts(Draft& draft, const std::filesystem::path& facts) {
    const CsvTable table = read_csv(facts / "subdistricts.csv");
    const CsvTable rents = read_csv(facts / "rents.csv");
    const auto rent_code = rents.column("subdistrict_code"), rent = rents.column("implied_rent_cny_m2_month_at_1.25pct_yield");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        FactSubdistrict one;
        one.code = table.text(row, table.column("code"));
        one.name_zh = table.text(row, table.column("name_zh"));
        one.name_en = without(std::string(table.text(row, table.column("name_en"))), " Subdistrict");
        one.area_m2 = table.number(row, table.column("area_km2")) * 1e6;
        one.communities = static_cast<int>(table.integer(row, table.column("communities")));
        one.pop_2010 = table.number(row, table.column("pop_2010"));
        one.pop_2017 = table.number(row, table.column("pop_2017"));
        one.pop_2020 = table.number(row, table.column("pop_2020"));
        one.pop_2017_status = table.text(row, table.column("pop_2017_status"));
        for (std::size_t r = 0; r < rents.rows(); ++r) {
            if (rents.text(r, rent_code) == one.code) one.rent = rents.number(r, rent);
        }
        std::string_view corners = table.text(row, table.column("corners_lon_lat"));
        while (!corners.empty()) {
            const std::size_t space = std::min(corners.find(' '), corners.size());
            const std::string_view corner = corners.substr(0, space);
            const std::size_t comma = corner.find(',');
            one.ring.push_back(local(draft, read_number(corner.substr(0, comma)), read_number(corner.substr(comma + 1))));
            corners.remove_prefix(std::min(space + 1, corners.size()));
        }
        if (one.ring.size() > 1 && one.ring.front().x_m == one.ring.back().x_m && one.ring.front().y_m == one.ring.back().y_m)
            one.ring.pop_back();
        double twice = 0;
        for (std::size_t i = 0; i < one.ring.size(); ++i) {
            const Point &a = one.ring[i], &b = one.ring[(i + 1) % one.ring.size()];
            twice += a.x_m * b.y_m - b.x_m * a.y_m;
        }
        if (twice < 0) std::reverse(one.ring.begin(), one.ring.end());
        draft.subdistricts.push_back(std::move(one));
    }
}

void read_zones(Draft& draft, const std::filesystem::path& facts) {
    const CsvTable table = read_csv(facts / "zones.csv");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        FactZone one;
        one.type_zh = table.text(row, table.column("zone_type_zh"));
        one.coordination = one.type_zh.starts_with("风貌协调区");
        one.zone = one.type_zh.starts_with("政务")   ? ZoneType::government
                   : one.type_zh.starts_with("特色") ? ZoneType::business
                                                     : ZoneType::historic;
        one.name_zh = table.text(row, table.column("name_zh"));
        one.name_en = table.text(row, table.column("name_en"));
        one.subdistrict = table.text(row, table.column("subdistrict_code"));
        one.centre = local(draft, table.number(row, table.column("lon_wgs84_approx")), table.number(row, table.column("lat_wgs84_approx")));
        one.radius_m = table.number(row, table.column("radius_m_approx"));
        draft.zones.push_back(std::move(one));
    }
}

void read_rates(Draft& draft, const std::filesystem::path& facts) {
    const CsvTable table = read_csv(facts / "vital_rates.csv");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view age = table.text(row, table.column("age"));
        VitalRate one;
        one.type = table.text(row, table.column("type"));
        one.sex = table.text(row, table.column("sex"))[0];
        const std::size_t dash = age.find('-');
        one.age_low = static_cast<int>(read_number(age));
        one.age_high = dash != age.npos ? static_cast<int>(read_number(age.substr(dash + 1))) : age.ends_with("+") ? 110 : one.age_low;
        one.per_year = table.number(row, table.column("rate"));
        draft.vital_rates.push_back(std::move(one));
    }
}

void read_vacated(Draft& draft, const std::filesystem::path& facts) {
    const CsvTable table = read_csv(facts / "vacated_spaces.csv");
    const auto optional = [&](std::size_t row, std::string_view column) { return read_number(table.text(row, table.column(column))); };
    for (std::size_t row = 0; row < table.rows(); ++row) {
        FactVacated one;
        one.name_zh = table.text(row, table.column("name_zh"));
        one.name_en = table.text(row, table.column("name_en"));
        one.source = table.text(row, table.column("source"));
        one.area_m2 = optional(row, "floor_area_m2");
        one.units = optional(row, "units_or_stalls");
        one.workers = optional(row, "workers");
        one.placed = !table.text(row, table.column("lon_wgs84_approx")).empty();
        if (one.placed) one.place = local(draft, optional(row, "lon_wgs84_approx"), optional(row, "lat_wgs84_approx"));
        draft.vacated.push_back(std::move(one));
    }
}

}  // namespace

const FactVacated& Draft::known(std::string_view name_en_start) const {
    for (const FactVacated& one : vacated) {
        if (one.name_en.starts_with(name_en_start)) return one;
    }
    throw Error(ErrorKind::bad_district, msg("vacated_spaces.csv has no row '{}'", name_en_start));
}

void read_facts(Draft& draft, const std::filesystem::path& facts) {
    read_subdistricts(draft, facts);
    read_zones(draft, facts);
    read_rates(draft, facts);
    read_vacated(draft, facts);
    const CsvTable census = read_csv(facts / "census2020.csv");
    for (std::size_t row = 0; row < census.rows(); ++row) {
        draft.census[std::string(census.text(row, census.column("variable")))] = census.number(row, census.column("value"));
    }
    const CsvTable sizes = read_csv(facts / "household_size.csv");
    for (std::size_t row = 0; row < sizes.rows(); ++row) {
        draft.size_shares.push_back({sizes.number(row, sizes.column("share_2010")), sizes.number(row, sizes.column("share_2020_est"))});
    }
}

}  // namespace hutong::generate
