#include "sim/calibration.h"

#include <algorithm>
#include <cmath>

#include "core/exact_math.h"
#include "sim/step.h"

namespace hutong {
namespace {

constexpr double small_step = 0.1;  // of the logarithm of a constant, for differences

Model with_scenario(const Model& model, const Scenario& scenario) {
    return {model.district, scenario, model.parallel, model.luck, model.neutral};
}

/// Solves the symmetric system of Gauss-Newton, slightly damped, by elimination: it has at most four unknowns.
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b) {
    const std::size_t n = b.size();
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, a[i][i]);
    constexpr double damping = 1e-3;  // what the data cannot tell apart stays where it is
    for (std::size_t i = 0; i < n; ++i) a[i][i] += damping * largest;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = i + 1; k < n; ++k) {
            const double factor = a[i][i] != 0.0 ? a[k][i] / a[i][i] : 0.0;
            for (std::size_t j = i; j < n; ++j) a[k][j] -= factor * a[i][j];
            b[k] -= factor * b[i];
        }
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
        b[i] = a[i][i] != 0.0 ? b[i] / a[i][i] : 0.0;
    }
    return b;
}

}  // namespace

Snapshot snapshot(const Model& model, const World& world, Month month) {
    Snapshot s;
    s.month = month;
    s.by_subdistrict.assign(model.district.subdistricts.size(), 0);
    const auto& people = world.people;
    constexpr int years = 5;
    const int primary = static_cast<int>(model.assumptions().people.primary_age);
    for (std::uint32_t p = 0; p < people.rows(); ++p) {
        if (!people.alive(p)) continue;
        ++s.residents;
        const int age = (month.index + 1 - people.birth_month[p]) / 12;  // at the end of the month
        ++s.ages[std::min(static_cast<std::size_t>(std::max(age, 0) / years), census_ages - 1)];
        const BlockId block = model.district.block_of(NodeId(people.home_node[p]));
        if (block.valid()) ++s.by_subdistrict[model.district.subdistrict_of(block).value];
        s.first_graders += people.activity[p] == Activity::primary && month.index - people.birth_month[p] < (primary + 1) * 12 ? 1 : 0;
    }
    const auto& households = world.households;
    for (std::uint32_t h = 0; h < households.rows(); ++h) {
        if (!households.alive(h) || (households.flags[h] & household_flag::collective) != 0) continue;
        ++s.households;
        s.family_members += households.size[h];
        s.one_person += households.size[h] == 1 ? 1 : 0;
    }
    std::int64_t vacant = 0, occupied = 0;
    for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
        vacant += world.dwellings.vacant(d) ? 1 : 0;
        occupied += world.dwellings.household[d] != no_row ? 1 : 0;
    }
    s.vacancy = vacant + occupied > 0 ? static_cast<double>(vacant) / static_cast<double>(vacant + occupied) : 0.0;
    return s;
}

std::vector<Snapshot> watch(const Model& model, World world, Month last, const std::function<bool(Month)>& wanted) {
    std::vector<Snapshot> seen;
    while (world.month <= last) {
        const Month month = world.month;
        step(model, world);
        if (wanted(month)) seen.push_back(snapshot(model, world, month));
    }
    return seen;
}

Scenario with_constants(const Scenario& scenario, const std::vector<FittedConstant>& constants) {
    Scenario changed = scenario;
    for (const FittedConstant& constant : constants) set_parameter(changed.assumptions, constant.path, constant.value, Place{});
    return changed;
}

double Fit::likeness(std::size_t a, std::size_t b) const {
    double ab = 0, aa = 0, bb = 0;
    for (const CalibrationTarget& target : targets) {
        ab += target.elasticities[a] * target.elasticities[b];
        aa += target.elasticities[a] * target.elasticities[a];
        bb += target.elasticities[b] * target.elasticities[b];
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0.0;
}

std::vector<std::pair<std::size_t, std::size_t>> Fit::not_told_apart() const {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t a = 0; a < constants.size(); ++a) {
        for (std::size_t b = a + 1; b < constants.size(); ++b) {
            if (std::fabs(likeness(a, b)) >= alike) pairs.emplace_back(a, b);
        }
    }
    return pairs;
}

bool Fit::met() const {
    return std::all_of(targets.begin(), targets.end(), [](const CalibrationTarget& t) { return std::fabs(t.error()) <= fit_tolerance; });
}

double largest_vacancy(const std::vector<Snapshot>& path) {
    double largest = 0;
    for (const Snapshot& s : path) largest = std::max(largest, s.vacancy);
    return largest;
}

bool vacancy_rejects(const std::vector<Snapshot>& path) { return largest_vacancy(path) > vacancy_limit; }

Fit fit_totals(const Model& model, const World& start, std::vector<FittedConstant> constants, std::size_t fitted,
               std::vector<CalibrationTarget> targets, int rounds, const std::function<void(int)>& progress) {
    Fit fit{std::move(constants), fitted, std::move(targets)};
    Month last = fit.targets.front().month;
    for (const CalibrationTarget& target : fit.targets) last = std::max(last, target.month);
    const auto totals = [&](const std::vector<FittedConstant>& with) {
        const Scenario scenario = with_constants(model.scenario, with);
        std::vector<double> reached;
        const auto wanted = [&](Month month) {
            return std::any_of(fit.targets.begin(), fit.targets.end(), [&](const CalibrationTarget& t) { return t.month == month; });
        };
        for (const Snapshot& s : watch(with_scenario(model, scenario), start, last, wanted))
            reached.push_back(static_cast<double>(s.residents));
        progress(++fit.runs);
        return reached;
    };
    const auto derive = [&](const std::vector<double>& at, std::size_t count) {
        for (CalibrationTarget& target : fit.targets) target.elasticities.assign(count, 0.0);
        for (std::size_t c = 0; c < count; ++c) {
            auto moved = fit.constants;
            moved[c].value *= 1.0 + small_step;
            const auto there = totals(moved);
            for (std::size_t t = 0; t < fit.targets.size(); ++t)
                fit.targets[t].elasticities[c] = (there[t] / at[t] - 1.0) / exact_log(1.0 + small_step);
        }
    };
    std::vector<double> at = totals(fit.constants);
    for (std::size_t t = 0; t < fit.targets.size(); ++t) fit.targets[t].declared = at[t];
    for (int round = 0; round < rounds; ++round) {
        derive(at, fitted);
        std::vector<std::vector<double>> normal(fitted, std::vector<double>(fitted, 0.0));
        std::vector<double> right(fitted, 0.0);
        for (std::size_t t = 0; t < fit.targets.size(); ++t) {
            const auto& e = fit.targets[t].elasticities;
            const double gap = exact_log(fit.targets[t].residents / at[t]);
            for (std::size_t i = 0; i < fitted; ++i) {
                right[i] += e[i] * gap;
                for (std::size_t j = 0; j < fitted; ++j) normal[i][j] += e[i] * e[j];
            }
        }
        const auto change = solve(normal, right);
        constexpr double most = 0.7;  // a factor of two at most in one round
        for (std::size_t i = 0; i < fitted; ++i) fit.constants[i].value *= exact_exp(std::clamp(change[i], -most, most));
        at = totals(fit.constants);
    }
    derive(at, fit.constants.size());
    for (std::size_t t = 0; t < fit.targets.size(); ++t) fit.targets[t].reached = at[t];
    return fit;
}

}  // namespace hutong
