#include "sim/known_facts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/csv.h"

namespace hutong {
namespace {

const Month census_month = Month::of(2020, 10);  // the census is of 1 November
constexpr std::array fitted_years{2017, 2018, 2019};
constexpr const char* totals_file = "district_totals.csv";
constexpr const char* census_file = "census2020.csv";
constexpr const char* subdistricts_file = "subdistricts.csv";

const Snapshot* find(const std::vector<Snapshot>& seen, Month month) {
    const auto at = std::find_if(seen.begin(), seen.end(), [&](const Snapshot& s) { return s.month == month; });
    return at == seen.end() ? nullptr : &*at;
}

}  // namespace

bool KnownFacts::complete() const {
    const auto has_figure = [&](std::string_view name) {
        return std::any_of(district_.figures.begin(), district_.figures.end(), [&](const NamedFigure& f) { return f.name == name; });
    };
    for (const char* name : {"population_2017", "population_2018", "population_2019", "population_2020", "population_census_2020",
                             "household_size_2020", "one_person_share_2020"}) {
        if (!has_figure(name)) return false;
    }
    std::error_code error;
    for (const char* file : {totals_file, census_file, subdistricts_file}) {
        if (!std::filesystem::is_regular_file(folder_ / file, error)) return false;
    }
    return true;
}

double KnownFacts::figure(std::string_view name) const {
    for (const NamedFigure& figure : district_.figures) {
        if (figure.name == name) return figure.value;
    }
    throw Error(ErrorKind::bad_district, msg("the pack has no figure '{}'", name), msg("a calibration is held against it"),
                msg("add it to figures.csv"));
}

std::array<double, census_ages> KnownFacts::ages() const {
    const CsvTable table = read_csv(folder_ / census_file);
    const auto variable = table.column("variable"), value = table.column("value");
    const auto share = [&](std::string_view name) {
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (table.text(row, variable) == name) return table.number(row, value);
        }
        throw Error(ErrorKind::bad_district, msg("the pack has no figure '{}'", name), msg("a calibration is held against it"),
                    msg("add it to {}", "facts/census2020.csv"));
    };
    std::array<double, census_ages> ages{};
    ages[0] = share("AGES_0") + share("AGES_1-4");
    for (std::size_t i = 1; i + 1 < census_ages; ++i) ages[i] = share(fmt::format("AGES_{}-{}", 5 * i, 5 * i + 4));
    ages[census_ages - 1] = share("AGES_85P");
    return ages;
}

double KnownFacts::total(int year, std::string_view indicator) const {
    const CsvTable table = read_csv(folder_ / totals_file);
    const auto years = table.column("year"), names = table.column("indicator"), value = table.column("value");
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (table.integer(row, years) == year && table.text(row, names) == indicator) return table.number(row, value);
    }
    return std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::pair<std::uint32_t, double>> KnownFacts::sourced_subdistricts() const {
    const CsvTable table = read_csv(folder_ / subdistricts_file);
    const auto code = table.column("code"), population = table.column("pop_2020"), status = table.column("pop_2020_status");
    std::vector<std::pair<std::uint32_t, double>> found;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (table.text(row, status) != "sourced") continue;
        for (std::uint32_t s = 0; s < district_.subdistricts.size(); ++s) {
            if (district_.subdistricts[s].code == table.text(row, code)) found.emplace_back(s, scale_ * table.number(row, population));
        }
    }
    return found;
}

std::string_view name_of(FactKind kind) {
    constexpr std::array<std::string_view, 3> names{tr("fitted"), tr("prediction"), tr("consistency")};
    return names[static_cast<std::size_t>(kind)];
}

bool holds_facts(Month month) {
    constexpr int december = 12, school_year = 9;
    return month == census_month || month.month_of_year() == december || month.month_of_year() == school_year;
}

std::vector<HeldFact> hold_against_facts(const KnownFacts& facts, const District& district, const std::vector<Snapshot>& seen,
                                         const Text& text) {
    using Form = HeldFact::Form;
    std::vector<HeldFact> held;
    for (const int year : fitted_years) {
        const Month month = Month::of(year, 12);
        if (const Snapshot* s = find(seen, month))
            held.push_back({text(msg("residents, end of {}", month.text())), FactKind::fitted, Form::persons,
                            facts.people(fmt::format("population_{}", year)), static_cast<double>(s->residents)});
    }
    const Snapshot* census = find(seen, census_month);
    const auto predicted = [&](std::string what, double known, std::int64_t model) {
        held.push_back({std::move(what), FactKind::prediction, Form::persons, known, static_cast<double>(model)});
    };
    if (census) predicted(text(msg("residents, census of {}", "2020-11-01")), facts.people("population_census_2020"), census->residents);
    if (const Snapshot* s = find(seen, Month::of(2020, 12)))
        predicted(text(msg("residents, end of {}", "2020-12")), facts.people("population_2020"), s->residents);
    if (census) {
        for (const auto& [s, known] : facts.sourced_subdistricts()) {
            const Subdistrict& place = district.subdistricts[s];
            const std::string& name = text.language() == Language::chinese ? place.name_zh : place.name_en;
            predicted(text(msg("residents of {}, census of {}", name, "2020-11-01")), known, census->by_subdistrict[s]);
        }
    }
    const auto first_graders = [&](int year) {
        const Snapshot* s = find(seen, Month::of(year, 9));
        return s ? static_cast<double>(s->first_graders) : 0.0;
    };
    for (const int year : {2018, 2019}) {
        if (first_graders(2017) <= 0 || first_graders(year) <= 0) continue;
        held.push_back({text(msg("primary intake {}, 2017 = 1", year)), FactKind::prediction, Form::ratio,
                        facts.total(year, "primary_school_intake") / facts.total(2017, "primary_school_intake"),
                        first_graders(year) / first_graders(2017)});
    }
    if (census) {
        held.push_back({text(tr("mean size of family households, 2020")), FactKind::consistency, Form::ratio,
                        facts.figure("household_size_2020"), census->household_size()});
        held.push_back({text(tr("share of one-person households, 2020")), FactKind::consistency, Form::share,
                        facts.figure("one_person_share_2020"), census->one_person_share()});
    }
    return held;
}

AgesHeld hold_ages(const std::array<double, census_ages>& known, const Snapshot& census) {
    constexpr double far = 0.1;
    AgesHeld held;
    for (std::size_t i = 0; i < census_ages; ++i) {
        const double model = static_cast<double>(census.ages[i]) / static_cast<double>(census.residents);
        held.sum += std::fabs(model - known[i]);
        held.beyond += std::fabs(model / known[i] - 1.0) > far ? 1 : 0;
    }
    return held;
}

}  // namespace hutong
