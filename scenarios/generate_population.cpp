/// Population at the start and what the synthesis is fitted to: the census of 2020 moved back to 2017-07.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/exact_math.h"
#include "scenarios/generate_draft.h"

namespace hutong::generate {
namespace {

constexpr int oldest = 85;                      // 85 stands for 85 and over
constexpr double years_back = 3.0 + 1.0 / 3.0;  // 2020-11-01 to 2017-07-01
constexpr double years_2010_2017 = 6.0 + 2.0 / 3.0;

/// Persons by single year of age and sex (0 M, 1 F).
using Ages = std::array<std::array<double, oldest + 1>, 2>;

double rate(const Draft& draft, std::string_view type, char sex, int age) {
    for (const VitalRate& one : draft.vital_rates) {
        if (one.type == type && one.sex == sex && age >= one.age_low && age <= one.age_high) return one.per_year;
    }
    return 0;
}

/// The census's age groups spread evenly over their years, sexes by births and survival, fitted to the sex ratio.
Ages census_ages(const Draft& draft) {
    Ages ages{};
    const double people = draft.census.at("POPU");
    double survive[2] = {1, 1}, men = 0, women = 0;
    double men_share[oldest + 1] = {};
    const double at_birth = draft.figure("sex_ratio_at_birth").value;
    for (int age = 0; age <= oldest; ++age) {
        men_share[age] = at_birth * survive[0] / (at_birth * survive[0] + survive[1]);
        for (int sex = 0; sex < 2; ++sex) survive[sex] *= 1 - rate(draft, "mortality", sex == 0 ? 'M' : 'F', age);
    }
    for (int age = 0; age <= oldest; ++age) {
        const std::string variable = age == 0        ? "AGES_0"
                                     : age < 5       ? "AGES_1-4"
                                     : age == oldest ? "AGES_85P"
                                                     : fmt::format("AGES_{}-{}", age / 5 * 5, age / 5 * 5 + 4);
        const double width = age == 0 || age == oldest ? 1 : age < 5 ? 4 : 5;
        ages[0][age] = people * draft.census.at(variable) / width * men_share[age];
        ages[1][age] = people * draft.census.at(variable) / width * (1 - men_share[age]);
        men += ages[0][age], women += ages[1][age];
    }
    // One odds factor on the men's share at every age from 15 on reproduces the census's sex ratio.
    double low = 0.3, high = 3;
    const double target = draft.census.at("POPU_WM") / 100;
    for (int i = 0; i < 60; ++i) {
        const double factor = (low + high) / 2;
        men = women = 0;
        for (int age = 0; age <= oldest; ++age) {
            const double all = ages[0][age] + ages[1][age],
                         odds = age < 15 ? ages[0][age] / ages[1][age] : factor * ages[0][age] / ages[1][age];
            men += all * odds / (1 + odds), women += all / (1 + odds);
        }
        (men / women < target ? low : high) = factor;
    }
    for (int age = 15; age <= oldest; ++age) {
        const double all = ages[0][age] + ages[1][age], odds = low * ages[0][age] / ages[1][age];
        ages[0][age] = all * odds / (1 + odds), ages[1][age] = all / (1 + odds);
    }
    return ages;
}

/// Declared schedule of net out-migration 2017-2020 by age at the start: young workers, with their small children.
double leaving_weight(int age) {
    if (age < 5) return 0.5;
    if (age < 15) return 0.35;
    if (age < 20) return 1.0;
    if (age < 35) return 2.4;
    if (age < 45) return 1.5;
    if (age < 60) return 0.7;
    return 0.25;
}

/// Cohorts moved back: survivors divided by their survival, plus those who have since left.
Ages move_back(const Draft& draft, const Ages& census) {
    Ages start{};
    const double people = draft.figure("population_start").value;
    double alive = 0, weights = 0;
    for (int sex = 0; sex < 2; ++sex) {
        const char letter = sex == 0 ? 'M' : 'F';
        for (int age = 0; age <= oldest; ++age) {
            // Who is `age` at the start is age + 3 1/3 at the census: two thirds in one year of age, one third in the next.
            double later = 0;
            const int a = age + 3, b = age + 4;
            if (age < oldest - 3) {
                later = census[sex][a] * 2 / 3 + (b < oldest ? census[sex][b] / 3 : 0);
                if (b == oldest) later += census[sex][oldest - 1] / 3;  // the open group is no single year
            } else if (age < oldest) {
                later = census[sex][oldest - 1] * 0.9;  // 82 to 84: as the youngest of the open group
            } else {
                later = std::max(0.0, census[sex][oldest] - 3 * 0.9 * census[sex][oldest - 1]);
            }
            const double survival = exact_exp(-rate(draft, "mortality", letter, std::min(age + 2, oldest)) * years_back);
            start[sex][age] = later / survival;
            alive += start[sex][age];
        }
    }
    const auto exposure = [&](int sex, int age) { return start[sex][age] * leaving_weight(age); };
    for (int sex = 0; sex < 2; ++sex) {
        for (int age = 0; age <= oldest; ++age) weights += exposure(sex, age);
    }
    const double left = people - alive;
    for (int sex = 0; sex < 2; ++sex) {
        for (int age = 0; age <= oldest; ++age) start[sex][age] += left * exposure(sex, age) / weights;
    }
    return start;
}

std::vector<double> as_double(const std::vector<std::int64_t>& values) { return {values.begin(), values.end()}; }

void add_control(Draft& draft, std::string table, std::string category, bool persons, std::vector<double> totals, Status status,
                 bool independent, std::string source) {
    draft.controls.push_back({std::move(table), std::move(category), persons, std::move(totals), status, independent, std::move(source)});
}

/// Splits every sub-district's total by the same shares, or by shares tilted per sub-district.
void split_control(Draft& draft, const std::string& table, const std::vector<std::string>& categories,
                   const std::vector<std::vector<double>>& shares, bool persons, const std::vector<double>& totals, Status status,
                   bool independent, const std::string& source) {
    std::vector<std::vector<double>> columns(categories.size());
    for (std::size_t s = 0; s < totals.size(); ++s) {
        const auto parts = split(static_cast<std::int64_t>(totals[s]), shares[s]);
        for (std::size_t c = 0; c < categories.size(); ++c) columns[c].push_back(static_cast<double>(parts[c]));
    }
    for (std::size_t c = 0; c < categories.size(); ++c)
        add_control(draft, table, categories[c], persons, columns[c], status, independent, source);
}

void reconcile(Draft& draft, std::string subject, std::string category, std::string measure, double value, std::string unit,
               std::string treatment, std::string source, Status status) {
    draft.reconciled.push_back({std::move(subject), "start", std::move(category), std::move(measure), value, std::move(unit),
                                std::move(treatment), std::move(source), status});
}

/// Share of a sub-district's homes in historic blocks, by area.
std::vector<double> historic_share(const Draft& draft) {
    std::vector<double> historic(draft.subdistricts.size(), 0), all(draft.subdistricts.size(), 0);
    for (const DraftBlock& one : draft.blocks) {
        all[one.block.subdistrict.value] += one.block.area_m2;
        if (one.block.zone == ZoneType::historic) historic[one.block.subdistrict.value] += one.block.area_m2;
    }
    for (std::size_t s = 0; s < all.size(); ++s) historic[s] /= all[s];
    return historic;
}

/// Registration: the census shares plus those who have since left; more people from outside in hutong areas.
void make_registration(Draft& draft) {
    const double people = draft.figure("population_start").value, census = draft.census.at("POPU");
    const double left = people - census;  // births and deaths nearly cancel
    const double outside = census * draft.census.at("POPU_REG_O") + left * draft.figure("out_migrant_share_outside").value;
    const double other = census * draft.census.at("POPU_REG_P") + left * draft.figure("out_migrant_share_other_district").value;
    const auto historic = historic_share(draft);
    double tilted = 0;
    const auto tilt = [&](std::size_t s) { return 0.9 + 0.4 * historic[s]; };
    for (std::size_t s = 0; s < draft.population.size(); ++s) tilted += draft.population[s] * tilt(s);
    std::vector<std::vector<double>> shares;
    for (std::size_t s = 0; s < draft.population.size(); ++s) {
        const double o = outside / tilted * tilt(s), p = other / people;
        shares.push_back({1 - o - p, p, o});
    }
    split_control(draft, "registration", {"registered_here", "registered_beijing", "registered_outside"}, shares, true, draft.population,
                  Status::derived, true,
                  "census2020.csv POPU_REG_P, POPU_REG_O moved back with declared shares of net out-migration; tilt 0.9 + 0.4 x historic "
                  "share by sub-district is an assumption");
    reconcile(draft, "registration", "registered_outside", "persons", outside, "persons",
              "census share x census population + 0.60 of the net loss since", "census2020.csv", Status::derived);
    reconcile(draft, "registration", "registered_beijing", "persons", other, "persons",
              "census share x census population + 0.10 of the net loss since", "census2020.csv", Status::derived);
}

void make_households(Draft& draft) {
    const double weight = years_2010_2017 / 10;
    std::vector<double> shares(6, 0);
    double mean = 0, mean_6 = 0;
    for (std::size_t k = 0; k < draft.size_shares.size(); ++k) {
        const double share = draft.size_shares[k].first * (1 - weight) + draft.size_shares[k].second * weight;
        shares[std::min<std::size_t>(k, 5)] += share;
        mean += share * static_cast<double>(k + 1);
        if (k >= 5) mean_6 += share * static_cast<double>(k + 1);
    }
    double sum = 0;
    for (double share : shares) sum += share;
    mean /= sum;
    mean_6 /= shares[5];
    std::vector<double> family, members_6;
    for (std::size_t s = 0; s < draft.population.size(); ++s) {
        family.push_back(draft.population[s] - draft.collective[s]);
        draft.households.push_back(std::floor(family[s] / mean + 0.5));
    }
    split_control(draft, "household_size", {"1", "2", "3", "4", "5", "6+"}, std::vector<std::vector<double>>(family.size(), shares), false,
                  draft.households, Status::derived, true,
                  "household_size.csv 2010 and 2020 interpolated to 2017-07; the same shares in every sub-district");
    const std::size_t first = draft.controls.size() - 6;
    for (std::size_t s = 0; s < family.size(); ++s) {
        double rest = family[s];
        for (std::size_t k = 0; k < 5; ++k) rest -= static_cast<double>(k + 1) * draft.controls[first + k].totals[s];
        members_6.push_back(rest);
    }
    add_control(draft, "household_members", "6+", true, members_6, Status::derived, false,
                "members of households of six and more, so that size x households + collective = population");
    add_control(draft, "quarters", "family", true, family, Status::derived, true, "population - collective");
    add_control(draft, "quarters", "collective", true, draft.collective, Status::assumption, true, "figure collective_share");
    draft.figures.push_back({"household_size_start", mean, 2.37, 2.46, "persons per family household",
                             "household_size.csv 2010 and 2020 interpolated to 2017-07", Status::derived});
    draft.figures.push_back(
        {"household_size_6plus", mean_6, 6, 8, "persons per household of six and more", "household_size.csv", Status::derived});
    reconcile(draft, "households", "all", "mean size", mean, "persons",
              "interpolated; households = family population / mean size, sizes 6+ closed to the population", "household_size.csv",
              Status::derived);
}

void make_ages(Draft& draft) {
    const Ages census = census_ages(draft), start = move_back(draft, census);
    draft.ages.assign(oldest + 1, 0);
    double people = 0;
    std::vector<std::string> categories;
    std::vector<double> shares;
    for (int sex = 0; sex < 2; ++sex) {
        for (int group = 0; group < 18; ++group) {
            double sum = 0;
            for (int age = group * 5; age <= std::min(group * 5 + 4, oldest); ++age) sum += start[sex][age];
            categories.push_back(group == 17 ? fmt::format("{} 85+", sex == 0 ? 'M' : 'F')
                                             : fmt::format("{} {}-{}", sex == 0 ? 'M' : 'F', group * 5, group * 5 + 4));
            shares.push_back(sum);
            people += sum;
        }
        for (int age = 0; age <= oldest; ++age) draft.ages[static_cast<std::size_t>(age)] += start[sex][age];
    }
    for (double& age : draft.ages) age /= people;
    split_control(draft, "age_sex", categories, std::vector<std::vector<double>>(draft.population.size(), shares), true, draft.population,
                  Status::derived, true,
                  "census2020.csv moved back to 2017-07 with vital_rates.csv and one declared schedule of net out-migration; the same "
                  "shares in every sub-district");
    const double adults = draft.age_share(15, oldest);
    std::vector<double> employed, of_15;
    for (double here : draft.population) {
        of_15.push_back(std::floor(here * adults + 0.5));
        employed.push_back(std::floor(here * adults * draft.figure("employed_share_15plus").value + 0.5));
    }
    add_control(draft, "employed", "employed", true, employed, Status::derived, true,
                "figure employed_share_15plus x population 15 and over");
    const std::vector<std::string> levels = {"none", "primary", "junior", "senior", "college", "university"};
    const auto of = [&](const char* variable) { return draft.census.at(variable); };
    const std::vector<double> education = {
        of("EDUC_NULL") + of("EDUC_PRES"), of("EDUC_PRIM"), of("EDUC_JRHI"), of("EDUC_SRHI"), of("EDUC_COLL"), of("EDUC_UNIP")};
    std::vector<double> of_3;
    for (double here : draft.population) of_3.push_back(std::floor(here * draft.age_share(3, oldest) + 0.5));
    split_control(draft, "education", levels, std::vector<std::vector<double>>(draft.population.size(), education), true, of_3,
                  Status::derived, false, "census2020.csv EDUC_*, taken as shares of the population of 3 and over; not moved back");
    reconcile(draft, "ages", "0-14", "share", draft.age_share(0, 14), "share", "census 2020: 0.1427", "census2020.csv", Status::derived);
    reconcile(draft, "ages", "65+", "share", draft.age_share(65, oldest), "share", "census 2020: 0.1817", "census2020.csv",
              Status::derived);
}

/// Households by dwelling type and tenure in each sub-district; see docs/district-pack.md.
void make_tenures(Draft& draft) {
    const std::size_t n = draft.subdistricts.size();
    const auto value = [&](const char* name) { return draft.figure(name).value; };
    const auto historic = historic_share(draft);
    enum { C = 0, S = 1, A = 2, B = 3 };
    enum { owned = 0, rent = 1, pub = 2, employer = 3 };
    std::vector<double> courtyard(n, 0), courtyard_weight(n), simple_weight(n), basement_weight(n);
    std::size_t shichahai = 0;
    for (std::size_t s = 0; s < n; ++s) {
        if (draft.subdistricts[s].code == "110102012") shichahai = s;
        courtyard_weight[s] = draft.households[s] * (historic[s] + (historic[s] > 0 ? 0.03 : 0.01));
        simple_weight[s] = draft.households[s] * (0.6 + historic[s]);
        basement_weight[s] = draft.households[s] * (1.05 - historic[s]);
    }
    courtyard[shichahai] = std::floor(value("shichahai_public_courtyards") / value("courtyard_public_share") + 0.5);
    courtyard_weight[shichahai] = 0;
    const auto rest = split(static_cast<std::int64_t>(value("courtyard_households") - courtyard[shichahai]), courtyard_weight);
    for (std::size_t s = 0; s < n; ++s) {
        if (s != shichahai) courtyard[s] = std::min(static_cast<double>(rest[s]), std::floor(0.75 * draft.households[s]));
    }
    const auto simple = split(static_cast<std::int64_t>(value("simple_building_households")), simple_weight);
    const auto basement = split(static_cast<std::int64_t>(value("basement_households")), basement_weight);
    draft.homes.assign(n, {});
    double all = 0, sum[tenures] = {};
    for (std::size_t s = 0; s < n; ++s) {
        Draft::Homes& homes = draft.homes[s];
        const double public_share = value("courtyard_public_share"), owned_share = value("courtyard_owned_share");
        auto parts = split(static_cast<std::int64_t>(courtyard[s]), {owned_share, 1 - owned_share - public_share, public_share});
        if (s == shichahai)
            parts[pub] = static_cast<std::int64_t>(value("shichahai_public_courtyards")),
            parts[owned] = static_cast<std::int64_t>(courtyard[s]) - parts[pub] - parts[rent];
        for (int t = 0; t < 3; ++t) homes[C][t] = parts[t];
        parts = split(simple[s], {0.2, 0.15, 0.5, 0.15});
        for (int t = 0; t < 4; ++t) homes[S][t] = parts[t];
        homes[B][rent] = basement[s];
        all += draft.households[s];
        for (int t = 0; t < 4; ++t) sum[t] += static_cast<double>(homes[C][t] + homes[S][t] + homes[B][t]);
    }
    const double public_apartments = value("public_apartment_households");
    const std::vector<double> apartments = {all * value("owned_share") - sum[owned],
                                            all * value("renting_share") - sum[rent] - sum[pub] - public_apartments, public_apartments,
                                            all * value("other_tenure_share") - sum[employer]};
    for (std::size_t s = 0; s < n; ++s) {
        std::int64_t left = static_cast<std::int64_t>(draft.households[s]);
        for (int type : {C, S, B}) {
            for (int t = 0; t < 4; ++t) left -= draft.homes[s][type][t];
        }
        const auto parts = split(left, apartments);
        for (int t = 0; t < 4; ++t) draft.homes[s][A][t] = parts[t];
    }
    const char* types[] = {"courtyard", "simple", "apartment", "basement"};
    const char* names[] = {"owned", "private_rent", "public_housing", "employer"};
    for (int type = 0; type < 4; ++type) {
        std::vector<double> totals(n, 0);
        for (std::size_t s = 0; s < n; ++s) {
            for (int t = 0; t < 4; ++t) totals[s] += static_cast<double>(draft.homes[s][type][t]);
        }
        add_control(draft, "dwelling_type", types[type], false, totals, Status::assumption, false,
                    "figures of the pack; Shichahai's public tenancies sourced");
    }
    for (int t = 0; t < 4; ++t) {
        std::vector<double> totals(n, 0);
        for (std::size_t s = 0; s < n; ++s) {
            for (int type = 0; type < 4; ++type) totals[s] += static_cast<double>(draft.homes[s][type][t]);
        }
        add_control(draft, "tenure", names[t], false, totals, Status::derived, true,
                    "census2020.csv HOUS_SAMP_*; split of renting into public and private, and by sub-district, is an assumption");
    }
}

}  // namespace

double Draft::age_share(int low, int high) const {
    double sum = 0;
    for (int age = low; age <= high && age < static_cast<int>(ages.size()); ++age) sum += ages[static_cast<std::size_t>(age)];
    return sum;
}

void make_population(Draft& draft) {
    // Half a year before the estimates of end 2017 along each sub-district's own trend to 2020, scaled to the district.
    std::vector<double> weights, people;
    for (const FactSubdistrict& one : draft.subdistricts)
        weights.push_back(one.pop_2017 * exact_pow(one.pop_2017 / one.pop_2020, 0.5 / (2 + 10.0 / 12)));
    const auto total = static_cast<std::int64_t>(draft.figure("population_start").value);
    draft.population = as_double(split(total, weights));
    draft.collective =
        as_double(split(static_cast<std::int64_t>(std::floor(static_cast<double>(total) * draft.figure("collective_share").value + 0.5)),
                        draft.population));
    reconcile(draft, "population", "all", "persons", static_cast<double>(total), "persons",
              "sub-district estimates of end 2017 moved back half a year and scaled to the district's total",
              "subdistricts.csv, district_totals.csv", Status::derived);
    // The same total in every sub-district: what age_sex and household_size must add up to.
    add_control(draft, "population", "all", true, draft.population, Status::derived, true,
                "subdistricts.csv pop_2017 (estimates), scaled to the district at 2017-07");
    make_ages(draft);
    make_registration(draft);
    make_households(draft);
    make_tenures(draft);
}

}  // namespace hutong::generate
