#include "agents/synthesis_report.h"

#include <algorithm>
#include <cmath>

namespace hutong {
namespace {

constexpr int child_below = 18, elder_from = 65, mother_first = 15, five_years = 5;
constexpr std::array<int, report_age_bands> band_from{0, 15, 30, 45, 60, 75};

/// A household of the World as controls see it, and who works.
class WorldHousehold {
public:
    WorldHousehold(const Model& model, const World& world) : start_(model.scenario.run.start), world_(world) {}

    HouseholdView read(std::uint32_t row) {
        const auto& h = world_.households;
        members_.clear();
        employed_ = 0;
        for (std::uint32_t m = h.first_member[row]; m != no_row; m = world_.people.next_member[m]) {
            const auto& p = world_.people;
            members_.push_back(
                {static_cast<std::int16_t>(start_.index - p.birth_month[m]), p.sex[m], p.registration[m], p.education[m], p.role[m]});
            employed_ += p.activity[m] == Activity::employed_here || p.activity[m] == Activity::employed_outside;
        }
        const std::uint32_t dwelling = h.dwelling[row];
        return {world_.dwellings.type[dwelling], world_.dwellings.tenure[dwelling], (h.flags[row] & household_flag::collective) != 0,
                members_};
    }
    int employed() const { return employed_; }

private:
    Month start_;
    const World& world_;
    std::vector<CandidatePerson> members_;
    int employed_ = 0;
};

std::vector<std::vector<std::uint32_t>> households_by_place(const Model& model, const World& world) {
    std::vector<std::vector<std::uint32_t>> rows(model.district.subdistricts.size());
    for (std::uint32_t row = 0; row < world.households.rows(); ++row) {
        if (!world.households.alive(row)) continue;
        const auto block = BlockId(static_cast<std::uint32_t>(world.dwellings.block[world.households.dwelling[row]]));
        rows[model.district.subdistrict_of(block).value].push_back(row);
    }
    return rows;
}

ControlFit fit_of(const FitControl& control, const std::vector<double>& made) {
    ControlFit fit{control.table, control.category, control.persons, control.independent, control.status};
    double squares = 0, compared = 0;
    for (std::size_t s = 0; s < made.size(); ++s) {
        const double target = control.targets[s];
        fit.target += target;
        fit.made += made[s];
        squares += (made[s] - target) * (made[s] - target);
        if (!(target > 0)) continue;
        const double error = std::fabs(made[s] / target - 1);
        fit.mean_error += error;
        compared += 1;
        if (error > fit.worst_error) {
            fit.worst_error = error;
            fit.worst_place = s;
        }
    }
    const double places = static_cast<double>(made.size());
    fit.district_error = fit.target > 0 ? fit.made / fit.target - 1 : 0;
    fit.mean_error = compared > 0 ? fit.mean_error / compared : 0;
    fit.srmse = fit.target > 0 ? std::sqrt(squares / places) / (fit.target / places) : 0;
    return fit;
}

void check_households(const Model& model, const World& world, UncontrolledChecks& checks) {
    WorldHousehold reader(model, world);
    double children = 0, mothers = 0, mother_age = 0, couples = 0, gaps = 0, alone = 0, pair = 0, younger = 0, collective = 0, cars = 0,
           families = 0;
    for (std::uint32_t row = 0; row < world.households.rows(); ++row) {
        if (!world.households.alive(row)) continue;
        const HouseholdView home = reader.read(row);
        const CandidatePerson *mother = nullptr, *head = nullptr, *partner = nullptr;
        int elders = 0;
        for (const auto& person : home.members) {
            if (person.role == Role::head) head = &person;
            if (person.role == Role::partner) partner = &person;
            if ((person.role == Role::head || person.role == Role::partner) && person.sex == Sex::female) mother = &person;
            elders += person.age() >= elder_from;
            const auto band =
                static_cast<std::size_t>(std::upper_bound(band_from.begin(), band_from.end(), person.age()) - band_from.begin() - 1);
            checks.registration_by_age[band][static_cast<std::size_t>(person.registration)] += 1;
        }
        checks.elders += elders;
        if (home.collective)
            collective += elders;
        else if (home.members.size() == 1)
            alone += elders;
        else if (elders == static_cast<int>(home.members.size()))
            pair += elders;
        else
            younger += elders;
        if (!home.collective) {
            families += 1;
            cars += world.households.cars[row] > 0;
        }
        if (head && partner) {
            couples += 1;
            const double gap = (head->age_months - partner->age_months) / 12.0;
            gaps += head->sex == Sex::male ? gap : -gap;
        }
        for (const auto& person : home.members) {
            if (person.role != Role::child || person.age() >= child_below) continue;
            children += 1;
            if (!mother) continue;
            const double at_birth = (mother->age_months - person.age_months) / 12.0;
            const auto band =
                std::clamp((static_cast<int>(at_birth) - mother_first) / five_years, 0, static_cast<int>(mother_age_bands) - 1);
            checks.mother_age_share[static_cast<std::size_t>(band)] += 1;
            mother_age += at_birth;
            mothers += 1;
        }
    }
    for (double& share : checks.mother_age_share) share /= std::max(mothers, 1.0);
    checks.mother_age_mean = mother_age / std::max(mothers, 1.0);
    checks.children_without_mother = children > 0 ? 1 - mothers / children : 0;
    checks.partner_gap_mean = gaps / std::max(couples, 1.0);
    checks.elders_alone_share = alone / std::max(checks.elders, 1.0);
    checks.elders_pair_share = pair / std::max(checks.elders, 1.0);
    checks.elders_with_younger_share = younger / std::max(checks.elders, 1.0);
    checks.elders_collective_share = collective / std::max(checks.elders, 1.0);
    checks.car_share = cars / std::max(families, 1.0);
}

void check_fertility(const Marginals& marginals, UncontrolledChecks& checks) {
    const std::vector<double> rates = fertility_by_age(marginals);
    double total = 0;
    for (std::size_t band = 0; band < mother_age_bands; ++band) {
        for (std::size_t age = mother_first + band * five_years; age < mother_first + (band + 1) * five_years && age < rates.size();
             ++age) {
            checks.fertility_share[band] += rates[age];
            total += rates[age];
        }
    }
    for (double& share : checks.fertility_share) share *= total > 0 ? 1 / total : 0;
}

void check_work(const World& world, UncontrolledChecks& checks) {
    for (std::uint32_t row = 0; row < world.people.rows(); ++row) {
        const Activity activity = world.people.activity[row];
        checks.employed += activity == Activity::employed_here || activity == Activity::employed_outside;
        checks.employed_here += activity == Activity::employed_here;
        checks.unemployed += activity == Activity::unemployed;
    }
    for (std::uint32_t row = 0; row < world.jobs.rows(); ++row) {
        if (!world.jobs.alive(row)) continue;
        checks.posts += 1;
        checks.filled_posts += !world.jobs.open(row);
        checks.by_residents += world.jobs.by_resident(row);
    }
}

}  // namespace

SynthesisReport report_synthesis(const Model& model, const SynthesisRecord& record, const World& world) {
    const auto& controls = record.plan.reported;
    const std::size_t places = model.district.subdistricts.size();
    const auto rows = households_by_place(model, world);
    std::vector<std::vector<double>> made(places, std::vector<double>(controls.size(), 0.0));
    model.parallel.for_grains(places, 1, [&](std::size_t s, std::size_t, std::size_t) {
        WorldHousehold reader(model, world);
        for (const std::uint32_t row : rows[s]) {
            const HouseholdView home = reader.read(row);
            for (std::size_t c = 0; c < controls.size(); ++c) {
                made[s][c] += controls[c].kind == ControlKind::employed ? reader.employed() : count_in(controls[c], home);
            }
        }
    });

    SynthesisReport report;
    for (const Subdistrict& place : model.district.subdistricts) report.places.push_back(place.name_en);
    std::vector<double> squares, targets, cells;
    for (std::size_t c = 0; c < controls.size(); ++c) {
        std::vector<double> column;
        for (std::size_t s = 0; s < places; ++s) column.push_back(made[s][c]);
        report.controls.push_back(fit_of(controls[c], column));
        const ControlFit& fit = report.controls.back();
        if (report.tables.empty() || report.tables.back().table != fit.table) {
            report.tables.push_back({fit.table, fit.persons, 0, 0, 0});
            squares.push_back(0);
            targets.push_back(0);
            cells.push_back(0);
        }
        TableFit& table = report.tables.back();
        for (std::size_t s = 0; s < places; ++s)
            squares.back() += (column[s] - controls[c].targets[s]) * (column[s] - controls[c].targets[s]);
        targets.back() += fit.target;
        cells.back() += static_cast<double>(places);
        table.worst_district_error = std::max(table.worst_district_error, std::fabs(fit.district_error));
        table.worst_error = std::max(table.worst_error, fit.worst_error);
    }
    for (std::size_t t = 0; t < report.tables.size(); ++t) {
        report.tables[t].srmse = targets[t] > 0 ? std::sqrt(squares[t] / cells[t]) / (targets[t] / cells[t]) : 0;
    }
    report.persons = static_cast<double>(world.people.count());
    report.households = static_cast<double>(world.households.count());
    check_households(model, world, report.checks);
    check_fertility(model.district.marginals, report.checks);
    check_work(world, report.checks);
    return report;
}

}  // namespace hutong
