#include "scenarios/marginals.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/csv.h"
#include "scenarios/pack_words.h"

namespace hutong {
namespace {

Control read_control(const CsvTable& table, std::size_t row, const std::vector<std::size_t>& columns, std::vector<Error>& problems) {
    Control one;
    one.table = table.text(row, table.column("table"));
    one.category = table.text(row, table.column("category"));
    one.persons = table.flag(row, table.column("persons"), problems);
    one.independent = table.flag(row, table.column("independent"), problems);
    one.source = table.text(row, table.column("source"));
    const std::string_view status = table.text(row, table.column("status"));
    const auto found = std::find(status_words.begin(), status_words.end(), status);
    if (found != status_words.end()) {
        one.status = static_cast<Status>(found - status_words.begin());
    } else {
        problems.push_back(Error(ErrorKind::bad_district, msg("unknown status '{}'", status), {},
                                 msg("write sourced, derived, synthetic, assumption or fitted"), table.place(row, table.column("status"))));
    }
    for (const std::size_t column : columns) {
        const double total = table.number(row, column, problems);
        if (total < 0)
            problems.push_back(Error(ErrorKind::bad_district, msg("a control total is negative: {}", total), {}, msg("write 0 or more"),
                                     table.place(row, column)));
        one.totals.push_back(total);
    }
    return one;
}

/// Sums of a table's categories by sub-district; empty when the pack does not have it.
std::vector<double> sums(const Marginals& marginals, std::string_view table) {
    std::vector<double> totals;
    for (const Control& one : marginals.controls) {
        if (one.table != table) continue;
        totals.resize(one.totals.size(), 0);
        for (std::size_t s = 0; s < one.totals.size(); ++s) totals[s] += one.totals[s];
    }
    return totals;
}

/// Reports every sub-district where two sums that must agree differ by more than one.
void must_agree(const std::vector<double>& left, std::string_view left_name, const std::vector<double>& right, std::string_view right_name,
                const std::vector<std::string>& subdistricts, const std::string& file, std::vector<Error>& problems) {
    for (std::size_t s = 0; s < std::min(left.size(), right.size()); ++s) {
        if (std::fabs(left[s] - right[s]) <= 1) continue;
        problems.push_back(
            Error(ErrorKind::bad_district,
                  msg("controls do not add up in {}: {} is {}, {} is {}", subdistricts[s], left_name, left[s], right_name, right[s]),
                  msg("the synthetic population is fitted to both"),
                  msg("reconcile the tables, or run 'hutong district generate' for the bundled pack"), {file, 0, 0}));
    }
}

void check_sums(const Marginals& marginals, const std::vector<std::string>& subdistricts, const std::string& file,
                std::vector<Error>& problems) {
    must_agree(sums(marginals, "age_sex"), "age_sex", marginals.population, "population", subdistricts, file, problems);
    must_agree(sums(marginals, "registration"), "registration", marginals.population, "population", subdistricts, file, problems);
    must_agree(sums(marginals, "quarters"), "quarters", marginals.population, "population", subdistricts, file, problems);
    must_agree(sums(marginals, "tenure"), "tenure", sums(marginals, "household_size"), "household_size", subdistricts, file, problems);
    must_agree(sums(marginals, "dwelling_type"), "dwelling_type", sums(marginals, "household_size"), "household_size", subdistricts, file,
               problems);
    const Control* large = marginals.control("household_members", "6+");
    const Control* family = marginals.control("quarters", "family");
    if (!large || !family) return;
    std::vector<double> members = large->totals;
    for (int size = 1; size <= 5; ++size) {
        const Control* one = marginals.control("household_size", std::to_string(size));
        if (!one) return;
        for (std::size_t s = 0; s < members.size(); ++s) members[s] += size * one->totals[s];
    }
    must_agree(members, "size x households", family->totals, "quarters family", subdistricts, file, problems);
}

}  // namespace

const Control* Marginals::control(std::string_view table, std::string_view category) const {
    for (const Control& one : controls) {
        if (one.table == table && one.category == category) return &one;
    }
    return nullptr;
}

double Marginals::rate(std::string_view type, char sex, int age) const {
    for (const VitalRate& one : vital_rates) {
        if (one.type == type && one.sex == sex && age >= one.age_low && age <= one.age_high) return one.per_year;
    }
    return 0;
}

Marginals read_marginals(const std::filesystem::path& pack, const std::vector<std::string>& subdistricts, std::vector<Error>& problems) {
    Marginals marginals;
    const std::size_t before = problems.size();
    const CsvTable table = read_csv(pack / "controls.csv", problems);
    for (const char* name : {"table", "category", "persons", "independent", "status", "source"}) table.column(name, problems);
    std::vector<std::size_t> columns;
    for (const std::string& code : subdistricts) columns.push_back(table.column(code, problems));
    if (problems.size() == before) {
        std::set<std::pair<std::string, std::string>> seen;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            marginals.controls.push_back(read_control(table, row, columns, problems));
            const Control& one = marginals.controls.back();
            if (!seen.insert({one.table, one.category}).second) {
                problems.push_back(Error(ErrorKind::bad_district, msg("the control {} {} stands twice", one.table, one.category), {},
                                         msg("remove one of the rows"), table.place(row)));
            }
        }
        const Control *people = marginals.control("population", "all"), *collective = marginals.control("quarters", "collective");
        if (!people || !collective) {
            problems.push_back(Error(ErrorKind::bad_district,
                                     msg("controls.csv has no row '{}'", people ? "quarters, collective" : "population, all"),
                                     msg("the population is made from it"), msg("add the row"), {table.file(), 0, 0}));
        } else {
            marginals.population = people->totals;
            marginals.collective = collective->totals;
            check_sums(marginals, subdistricts, table.file(), problems);
        }
    }
    const std::size_t before_rates = problems.size();
    const CsvTable rates = read_csv(pack / "vital_rates.csv", problems);
    for (const char* name : {"type", "sex", "age_low", "age_high", "per_year"}) rates.column(name, problems);
    if (problems.size() != before_rates) return marginals;
    for (std::size_t row = 0; row < rates.rows(); ++row) {
        VitalRate one;
        one.type = rates.text(row, rates.column("type"));
        const std::string_view sex = rates.text(row, rates.column("sex"));
        one.sex = sex.empty() ? '?' : sex[0];
        one.age_low = static_cast<int>(rates.integer(row, rates.column("age_low"), problems));
        one.age_high = static_cast<int>(rates.integer(row, rates.column("age_high"), problems));
        one.per_year = rates.number(row, rates.column("per_year"), problems);
        if (sex != "F" && sex != "M")
            problems.push_back(Error(ErrorKind::bad_district, msg("unknown sex '{}'", sex), {}, msg("write F or M"),
                                     rates.place(row, rates.column("sex"))));
        if (one.per_year < 0 || one.per_year > 1 || one.age_low < 0 || one.age_high < one.age_low) {
            problems.push_back(Error(ErrorKind::bad_district, msg("a rate or its ages are out of range"), {},
                                     msg("write rates between 0 and 1 and ages from low to high"), rates.place(row)));
        }
        marginals.vital_rates.push_back(std::move(one));
    }
    return marginals;
}

}  // namespace hutong
