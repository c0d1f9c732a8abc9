#include "agents/synthesis_controls.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::array<std::string_view, dwelling_types> type_names{"courtyard", "simple", "apartment", "basement", "dormitory"};
constexpr std::array<std::string_view, tenures> tenure_names{"owned", "private_rent", "public_housing", "employer", "collective"};
constexpr std::array<std::string_view, 6> education_names{"none", "primary", "junior", "senior", "college", "university"};
constexpr int open_end = 1000;
constexpr double worth_a_note = 0.002;  ///< relative difference of district totals that the report names
constexpr int fit_rounds = 200, halvings = 60, school_age = 6, largest_household = 10;

template <std::size_t N>
std::optional<int> position(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == name) return static_cast<int>(i);
    }
    return std::nullopt;
}

/// "30-34", "85+", "0" at the end of a category.
bool read_range(std::string_view text, int& low, int& high) {
    const std::size_t at = text.find_first_of("0123456789");
    if (at == std::string_view::npos) return false;
    const char* p = text.data() + at;
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(p, end, low);
    if (first.ec != std::errc{}) return false;
    high = low;
    if (first.ptr == end) return true;
    if (*first.ptr == '+') {
        high = open_end;
        return first.ptr + 1 == end;
    }
    if (*first.ptr != '-' && *first.ptr != '_') return false;
    const auto second = std::from_chars(first.ptr + 1, end, high);
    return second.ec == std::errc{} && second.ptr == end;
}

bool read_sex(std::string_view category, int& sex) {
    if (category.empty()) return false;
    if (category[0] == 'F' || category[0] == 'f')
        sex = static_cast<int>(Sex::female);
    else if (category[0] == 'M' || category[0] == 'm')
        sex = static_cast<int>(Sex::male);
    else
        return false;
    return true;
}

/// Fills kind and predicate from table and category; false when not understood.
bool read_category(FitControl& control) {
    const std::string& category = control.category;
    const auto coded = [&](ControlKind kind, std::optional<int> code) {
        control.kind = kind;
        control.code = code.value_or(0);
        return code.has_value();
    };
    if (control.table == "household_size") {
        control.kind = ControlKind::household_size;
        return read_range(category, control.low, control.high);
    }
    if (control.table == "age_sex" || control.table == "sex") {
        control.kind = ControlKind::age_sex;
        control.high = open_end;
        if (!read_sex(category, control.sex)) return false;
        return control.table == "sex" || read_range(category, control.low, control.high);
    }
    if (control.table == "age") {
        control.kind = ControlKind::age_sex;
        return read_range(category, control.low, control.high);
    }
    if (control.table == "registration") {
        const bool outside = category.find("outside") != std::string::npos, beijing = category.find("beijing") != std::string::npos;
        const bool here = category.find("here") != std::string::npos || category.find("this") != std::string::npos;
        control.kind = ControlKind::registration;
        control.code = static_cast<int>(outside ? Registration::outside : beijing ? Registration::beijing : Registration::here);
        return outside || beijing || here;
    }
    if (control.table == "tenure") return coded(ControlKind::tenure, position(tenure_names, category));
    if (control.table == "dwelling_type") return coded(ControlKind::dwelling_type, position(type_names, category));
    if (control.table == "education") return coded(ControlKind::education, position(education_names, category));
    if (control.table == "quarters") {
        control.kind = ControlKind::quarters;
        control.code = category == "collective";
        return category == "collective" || category == "family";
    }
    if (control.table == "household_members") {
        control.kind = ControlKind::members;
        return read_range(category, control.low, control.high);
    }
    if (control.table == "employed") return coded(ControlKind::employed, 0);
    if (control.table == "households") return coded(ControlKind::households, 0);
    if (control.table == "population") return coded(ControlKind::population, 0);
    return false;
}

double sum_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) sum += v;
    return sum;
}

class Planner {
public:
    Planner(const District& district, const HomeStock& stock) : district_(district), stock_(stock), places_(district.subdistricts.size()) {}

    ControlPlan make(double scale) {
        read();
        fit_collective();
        fit_persons();
        fit_sizes();
        fit_homes();
        for (auto& control : plan_.reported) {
            for (double& t : control.targets) t *= scale;
            for (double& g : control.given) g *= scale;
        }
        for (auto& control : plan_.fitted) {
            for (double& t : control.targets) t *= scale;
        }
        return std::move(plan_);
    }

private:
    void read() {
        for (const Control& given : district_.marginals.controls) {
            FitControl control;
            control.table = given.table;
            control.category = given.category;
            control.persons = given.persons;
            control.independent = given.independent;
            control.status = given.status;
            control.given = control.targets = given.totals;
            if (read_category(control)) {
                plan_.reported.push_back(std::move(control));
            } else {
                throw Error(ErrorKind::bad_district, msg("control '{}' '{}' is not understood", given.table, given.category),
                            msg("the population synthesis does not know what to count"),
                            msg("name a table and category of docs/synthesis.md"));
            }
        }
    }

    /// Collective residents live in beds: no more than there are.
    void fit_collective() {
        collective_ = district_.marginals.collective;
        collective_.resize(places_, 0.0);
        const double given = sum_of(collective_);
        for (std::size_t s = 0; s < places_; ++s) {
            const double beds = stock_.lettable[s][static_cast<std::size_t>(home_class(DwellingType::dormitory, Tenure::collective))];
            collective_[s] = std::min({collective_[s], beds, district_.marginals.population[s]});
        }
        note(msg("residents of collective quarters"), given, sum_of(collective_), msg("no more than beds in collective quarters"));
        FitControl control;
        control.kind = ControlKind::home;
        control.table = "home";
        control.category = "dormitory collective";
        control.code = home_class(DwellingType::dormitory, Tenure::collective);
        control.targets = collective_;
        homes_.push_back(control);
    }

    /// Every table of persons is scaled to the sub-district's population; education to those of school age and over,
    /// because younger children have none by definition and the census table counts from the age of three.
    void fit_persons() {
        for (const auto& [table, members] : person_tables()) {
            const bool schooled = plan_.reported[members.front()].kind == ControlKind::education;
            double before = 0, after = 0;
            for (std::size_t s = 0; s < places_; ++s) {
                const double wanted = schooled ? of_school_age(s) : district_.marginals.population[s];
                double sum = 0;
                for (const std::size_t c : members) sum += plan_.reported[c].given[s];
                before += sum;
                after += wanted;
                for (const std::size_t c : members) plan_.reported[c].targets[s] = sum > 0 ? plan_.reported[c].given[s] * wanted / sum : 0;
            }
            note(msg("sum of table {}", table), before, after,
                 schooled ? msg("scaled to the residents of school age and over") : msg("scaled to the population of each sub-district"));
            for (const std::size_t c : members) {
                if (plan_.reported[c].kind != ControlKind::population) plan_.fitted.push_back(plan_.reported[c]);
            }
        }
        // The total itself, so that the roundings of many categories cannot add up.
        FitControl all;
        all.kind = ControlKind::population;
        all.table = "population";
        all.category = "all";
        all.persons = true;
        all.targets = district_.marginals.population;
        plan_.fitted.push_back(all);
    }

    /// Residents old enough for primary school, from the age table (even inside a group), or everybody without one.
    double of_school_age(std::size_t s) const {
        double all = 0, young = 0;
        for (const FitControl& control : plan_.reported) {
            if (control.kind != ControlKind::age_sex) continue;
            all += control.given[s];
            if (control.low >= school_age) continue;
            const int years = std::min(control.high, school_age - 1) - control.low + 1;
            young += control.high >= open_end ? 0 : control.given[s] * years / (control.high - control.low + 1);
        }
        return district_.marginals.population[s] * (all > 0 ? 1 - young / all : 1);
    }

    /// The distribution of household sizes is tilted (n t^k) until its members are the residents outside collective quarters.
    void fit_sizes() {
        families_.assign(places_, 0.0);
        std::vector<std::size_t> sizes;
        for (std::size_t c = 0; c < plan_.reported.size(); ++c) {
            if (plan_.reported[c].kind == ControlKind::household_size) sizes.push_back(c);
        }
        double before = 0, after = 0;
        for (std::size_t s = 0; s < places_; ++s) {
            double count = 0, members = 0;
            for (const std::size_t c : sizes) {
                count += plan_.reported[c].given[s];
                members += plan_.reported[c].given[s] * mean_size(c, s);
            }
            const double wanted = district_.marginals.population[s] - collective_[s];
            families_[s] = count > 0 ? count : wanted / usual_size_;
            double homes = 0;
            for (std::size_t h = 0; h < stock_.lettable[s].size(); ++h) {
                if (h != static_cast<std::size_t>(home_class(DwellingType::dormitory, Tenure::collective))) homes += stock_.lettable[s][h];
            }
            if (families_[s] > homes) {
                note(msg("households"), families_[s], homes, msg("no more than lettable homes"), s);
                families_[s] = homes;
            }
            before += members;
            after += wanted;
            if (count > 0) tilt(sizes, s, families_[s], wanted);
        }
        if (!sizes.empty())
            note(msg("residents in households by size"), before, after, msg("sizes tilted to the residents outside collective quarters"));
        for (const std::size_t c : sizes) {
            if (plan_.reported[c].high < open_end)
                plan_.fitted.push_back(plan_.reported[c]);
            else
                fit_open_size(c);
        }
        for (const std::size_t m : of_kind(ControlKind::members)) {
            auto& control = plan_.reported[m];
            for (std::size_t s = 0; s < places_; ++s) {
                for (const std::size_t c : sizes) {
                    const auto& size = plan_.reported[c];
                    if (size.low == control.low && size.high == control.high) control.targets[s] = size.targets[s] * mean_size(c, s);
                }
            }
        }
    }

    /// An open category becomes single sizes with geometric shares of the right mean: its households and its members as
    /// two controls over the same few rows would pull against each other for hundreds of rounds.
    void fit_open_size(std::size_t c) {
        const FitControl& open = plan_.reported[c];
        const int kinds = std::max(1, largest_household - open.low + 1);
        std::vector<FitControl> single(static_cast<std::size_t>(kinds), open);
        for (int k = 0; k < kinds; ++k) {
            single[static_cast<std::size_t>(k)].low = open.low + k;
            single[static_cast<std::size_t>(k)].high = k + 1 < kinds ? open.low + k : open_end;
            single[static_cast<std::size_t>(k)].category = std::to_string(open.low + k);
        }
        for (std::size_t s = 0; s < places_; ++s) {
            const double above = mean_size(c, s) - open.low;
            double low = 0, high = 1, sum = 1;
            for (int i = 0; i < halvings; ++i) {
                const double t = (low + high) / 2;
                double power = 1, mean = 0;
                sum = 0;
                for (int k = 0; k < kinds; ++k) {
                    single[static_cast<std::size_t>(k)].targets[s] = power;
                    sum += power;
                    mean += power * k;
                    power *= t;
                }
                (mean < above * sum ? low : high) = t;
            }
            for (auto& one : single) one.targets[s] *= open.targets[s] / sum;
        }
        plan_.fitted.insert(plan_.fitted.end(), single.begin(), single.end());
    }

    /// Members per household of a size category: of an open one from the table household_members where the pack has it.
    double mean_size(std::size_t c, std::size_t s) const {
        const auto& size = plan_.reported[c];
        if (size.low == size.high || !(size.given[s] > 0)) return size.low;
        for (const FitControl& control : plan_.reported) {
            if (control.kind == ControlKind::members && control.low == size.low && control.high == size.high) {
                return std::max(control.given[s] / size.given[s], static_cast<double>(size.low));
            }
        }
        return size.low;
    }

    void tilt(const std::vector<std::size_t>& sizes, std::size_t s, double count, double members) {
        // x in (0, 1) -> t = x / (1 - x); more weight on larger households as x rises.
        double low = 0, high = 1;
        std::vector<double> made(sizes.size());
        for (int i = 0; i < halvings; ++i) {
            const double x = (low + high) / 2, step = exact_log(x) - exact_log(1 - x);
            double weights = 0, sum = 0;
            for (std::size_t k = 0; k < sizes.size(); ++k) {
                made[k] = plan_.reported[sizes[k]].given[s] * exact_exp(step * (mean_size(sizes[k], s) - 1));
                weights += made[k];
                sum += made[k] * mean_size(sizes[k], s);
            }
            for (double& m : made) m *= count / weights;
            (sum * count < members * weights ? low : high) = x;
        }
        for (std::size_t k = 0; k < sizes.size(); ++k) plan_.reported[sizes[k]].targets[s] = made[k];
    }

    /// Tenure and dwelling type become classes of homes that exist: iterative proportional fitting of the stock to both.
    void fit_homes() {
        const auto types = of_kind(ControlKind::dwelling_type), owners = of_kind(ControlKind::tenure);
        std::array<std::vector<double>, dwelling_types * tenures> targets;
        for (auto& t : targets) t.assign(places_, 0.0);
        double lost = 0, all = 0;
        for (std::size_t s = 0; s < places_; ++s) {
            auto cells = stock_.lettable[s];
            cells[static_cast<std::size_t>(home_class(DwellingType::dormitory, Tenure::collective))] = 0;
            const auto by_type = wanted(types, s, static_cast<int>(DwellingType::dormitory));
            const auto by_tenure = wanted(owners, s, static_cast<int>(Tenure::collective));
            for (int round = 0; round < fit_rounds; ++round) {
                if (!by_type.empty()) adjust(cells, by_type, true);
                if (!by_tenure.empty()) adjust(cells, by_tenure, false);
                if (by_type.empty() && by_tenure.empty()) break;
            }
            lost += cap(cells, stock_.lettable[s], families_[s]);
            all += families_[s];
            for (std::size_t h = 0; h < cells.size(); ++h) targets[h][s] = cells[h];
        }
        note(msg("households by class of home"), all, all - lost,
             msg("no more than lettable homes of the class; the rest moved to other classes"));
        for (std::size_t h = 0; h < targets.size(); ++h) {
            if (h == static_cast<std::size_t>(home_class(DwellingType::dormitory, Tenure::collective))) continue;
            FitControl control;
            control.kind = ControlKind::home;
            control.table = "home";
            control.category = std::string(type_names[h / tenures]) + " " + std::string(tenure_names[h % tenures]);
            control.code = static_cast<int>(h);
            control.targets = targets[h];
            homes_.push_back(control);
        }
        for (const std::size_t c : types) set_from_homes(plan_.reported[c], true);
        for (const std::size_t c : owners) set_from_homes(plan_.reported[c], false);
        for (auto& control : plan_.reported) {
            if (control.kind == ControlKind::quarters) {
                for (std::size_t s = 0; s < places_; ++s) {
                    control.targets[s] = control.code ? collective_[s] : district_.marginals.population[s] - collective_[s];
                }
            }
            if (control.kind == ControlKind::households) control.targets = families_;
        }
        // Last in the list: what is adjusted last is met best, and homes must hold their households.
        plan_.fitted.insert(plan_.fitted.end(), homes_.begin(), homes_.end());
    }

    std::vector<double> wanted(const std::vector<std::size_t>& controls, std::size_t s, int collective_code) {
        std::vector<double> totals;
        double sum = 0;
        for (const std::size_t c : controls) {
            const auto& control = plan_.reported[c];
            if (control.code == collective_code) continue;
            totals.resize(std::max(totals.size(), static_cast<std::size_t>(control.code) + 1), 0.0);
            totals[static_cast<std::size_t>(control.code)] += control.given[s];
            sum += control.given[s];
        }
        for (double& t : totals) t *= sum > 0 ? families_[s] / sum : 0;
        return totals;
    }

    using Cells = std::array<double, dwelling_types * tenures>;
    static void adjust(Cells& cells, const std::vector<double>& totals, bool by_type) {
        for (std::size_t k = 0; k < static_cast<std::size_t>(by_type ? dwelling_types : tenures); ++k) {
            const double want = k < totals.size() ? totals[k] : 0;
            double sum = 0;
            for (std::size_t h = 0; h < cells.size(); ++h) {
                if ((by_type ? h / tenures : h % tenures) == k) sum += cells[h];
            }
            for (std::size_t h = 0; h < cells.size(); ++h) {
                if ((by_type ? h / tenures : h % tenures) == k) cells[h] *= sum > 0 ? want / sum : 0;
            }
        }
    }

    /// Brings the cells to `total` without exceeding the stock; returns what had to move.
    static double cap(Cells& cells, const Cells& stock, double total) {
        double moved = 0;
        for (int round = 0; round < fit_rounds; ++round) {
            double sum = 0, room = 0;
            for (std::size_t h = 0; h < cells.size(); ++h) {
                if (h == static_cast<std::size_t>(home_class(DwellingType::dormitory, Tenure::collective))) continue;
                if (cells[h] > stock[h]) {
                    moved += cells[h] - stock[h];
                    cells[h] = stock[h];
                }
                sum += cells[h];
                room += stock[h] - cells[h];
            }
            const double missing = total - sum;
            if (std::fabs(missing) < worth_a_note || !(room > 0)) break;
            for (std::size_t h = 0; h < cells.size(); ++h) {
                if (h == static_cast<std::size_t>(home_class(DwellingType::dormitory, Tenure::collective))) continue;
                cells[h] += missing > 0 ? missing * (stock[h] - cells[h]) / room : missing * cells[h] / sum;
            }
        }
        return moved;
    }

    void set_from_homes(FitControl& control, bool by_type) {
        for (std::size_t s = 0; s < places_; ++s) {
            double sum = 0;
            for (const FitControl& home : homes_) {
                if ((by_type ? home.code / tenures : home.code % tenures) == control.code) sum += home.targets[s];
            }
            control.targets[s] = sum;
        }
    }

    std::vector<std::size_t> of_kind(ControlKind kind) const {
        std::vector<std::size_t> found;
        for (std::size_t c = 0; c < plan_.reported.size(); ++c) {
            if (plan_.reported[c].kind == kind) found.push_back(c);
        }
        return found;
    }

    /// Tables that count every person once, with their controls, in order of appearance.
    std::vector<std::pair<std::string, std::vector<std::size_t>>> person_tables() const {
        std::vector<std::pair<std::string, std::vector<std::size_t>>> found;
        for (std::size_t c = 0; c < plan_.reported.size(); ++c) {
            const auto kind = plan_.reported[c].kind;
            const bool everybody = kind == ControlKind::age_sex || kind == ControlKind::registration || kind == ControlKind::education ||
                                   kind == ControlKind::population;
            if (!everybody) continue;
            if (found.empty() || found.back().first != plan_.reported[c].table)
                found.emplace_back(plan_.reported[c].table, std::vector<std::size_t>{});
            found.back().second.push_back(c);
        }
        return found;
    }

    void note(Message subject, double given, double used, Message treatment, std::optional<std::size_t> subdistrict = {}) {
        if (std::fabs(given - used) <= worth_a_note * std::max(std::fabs(given), 1.0)) return;
        plan_.notes.push_back({std::move(subject), given, used, std::move(treatment), subdistrict});
    }

    static constexpr double usual_size_ = 2.5;
    const District& district_;
    const HomeStock& stock_;
    std::size_t places_;
    ControlPlan plan_;
    std::vector<FitControl> homes_;
    std::vector<double> collective_, families_;
};

}  // namespace

int count_in(const FitControl& control, const HouseholdView& household) {
    const auto persons = [&](auto&& is) {
        int n = 0;
        for (const auto& person : household.members) n += is(person) ? 1 : 0;
        return n;
    };
    const int size = static_cast<int>(household.members.size());
    switch (control.kind) {
        case ControlKind::household_size:
            return !household.collective && size >= control.low && size <= control.high;
        case ControlKind::tenure:
            return static_cast<int>(household.tenure) == control.code;
        case ControlKind::dwelling_type:
            return static_cast<int>(household.type) == control.code;
        case ControlKind::home:
            return home_class(household.type, household.tenure) == control.code;
        case ControlKind::age_sex:
            return persons([&](const CandidatePerson& p) {
                const int age = p.age();
                return age >= control.low && age <= control.high && (control.sex < 0 || static_cast<int>(p.sex) == control.sex);
            });
        case ControlKind::registration:
            return persons([&](const CandidatePerson& p) { return static_cast<int>(p.registration) == control.code; });
        case ControlKind::education:
            return persons(
                [&](const CandidatePerson& p) { return p.age() >= school_age && static_cast<int>(p.education) == control.code; });
        case ControlKind::quarters:
            return household.collective == (control.code != 0) ? size : 0;
        case ControlKind::members:
            return !household.collective && size >= control.low && size <= control.high ? size : 0;
        case ControlKind::employed:
            return 0;
        case ControlKind::households:
            return !household.collective;
        case ControlKind::population:
            return size;
    }
    return 0;
}

HomeStock home_stock(const District& district, Month start) {
    HomeStock stock;
    stock.lettable.resize(district.subdistricts.size());
    for (auto& cells : stock.lettable) cells.fill(0.0);
    for (const DwellingGroup& group : district.dwellings) {
        const BlockId block = district.block_of(group.node);
        if (!block.valid()) continue;
        if (group.space.valid() && district.spaces[group.space.value].vacated < start) continue;
        auto& cells = stock.lettable[district.subdistrict_of(block).value];
        cells[static_cast<std::size_t>(home_class(group.type, group.tenure))] += group.count * (1 - group.held_empty_share);
    }
    return stock;
}

HomeShares home_shares(const HomeStock& stock) {
    HomeShares shares(dwelling_types * tenures, 0.0);
    double total = 0;
    for (const auto& cells : stock.lettable) {
        for (std::size_t h = 0; h < cells.size(); ++h) {
            shares[h] += cells[h];
            total += cells[h];
        }
    }
    for (double& share : shares) share *= total > 0 ? 1 / total : 0;
    return shares;
}

ControlPlan plan_controls(const District& district, const HomeStock& stock, double scale) { return Planner(district, stock).make(scale); }

}  // namespace hutong
