#include "agents/synthesis_people.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/exact_math.h"

namespace hutong {
namespace {

constexpr std::uint64_t work_stream = 0x776f'726bULL, person_stream = 0x7065'7273ULL, income_stream = 0x696e'636fULL;
constexpr int first_pre_school = 3, first_primary = 6, first_junior = 12, first_senior = 15, first_adult = 18, last_student = 22;
constexpr int working_age = 16, last_unemployed_age = 59, adult_count_age = 15;
constexpr std::size_t grain = 8192;

/// A score and who has it: equal scores are told apart by luck, so a ranking never depends on rows.
struct Scored {
    double score;
    std::uint64_t luck;
    std::uint32_t row;
    bool operator<(const Scored& other) const { return score != other.score ? score < other.score : luck < other.luck; }
};

/// Keeps the `wanted` smallest.
void keep_smallest(std::vector<Scored>& all, double wanted) {
    const auto n = static_cast<std::size_t>(std::clamp(std::floor(wanted + 1.0 / 2), 0.0, static_cast<double>(all.size())));
    if (n < all.size()) std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), all.end());
    all.resize(n);
}

/// The share x of the population at which somebody with probability p under common odds would start to work: ranks
/// people so that taking the first n gives each probability k p / (1 - p + k p) for one common k.
double odds_score(double u, double p) { return u / (1 - u) * (1 - p) / p; }

class Starter {
public:
    Starter(const District& district, Month start, const SynthesisAssumptions& assumptions, const Luck& luck, World& world)
        : district_(district), start_(start), a_(assumptions), luck_(luck), world_(world) {}

    int age(std::uint32_t row) const { return (start_.index - world_.people.birth_month[row]) / 12; }

    /// School, skill, and the score by which residents of working age are taken into work.
    void begin_person(std::uint32_t row, std::vector<Scored>& candidates) {
        auto& p = world_.people;
        const int years = age(row);
        const Word4 words = luck_.block(Purpose::synthesis, luck_key(p.luck[row], person_stream), start_);
        p.skill[row] = skill_of(p.education[row], words[0]);
        p.activity[row] = Activity::inactive;
        if (years < first_pre_school)
            p.activity[row] = Activity::infant;
        else if (years < first_primary)
            p.activity[row] = Activity::pre_school;
        else if (years < first_junior)
            p.activity[row] = Activity::primary;
        else if (years < first_senior)
            p.activity[row] = Activity::junior;
        else if (years < first_adult)
            p.activity[row] = Activity::senior;
        else if (years <= last_student && words[1] < threshold(student_share(row)))
            p.activity[row] = Activity::student;
        else {
            const double limit = p.sex[row] == Sex::male ? a_.retirement_age_men : a_.retirement_age_women;
            if (years >= limit) p.activity[row] = Activity::retired;
        }
        if (years >= working_age && p.activity[row] != Activity::student && p.activity[row] != Activity::senior) {
            candidates.push_back({odds_score(unit_open(words[2]), work_propensity(row, years)), p.luck[row], row});
        }
    }

    Skill skill_of(Education education, std::uint32_t word) const {
        const auto& row = SynthesisAssumptions::skill_of_education[static_cast<std::size_t>(education)];
        const double u = unit_open(word);
        return u < row[0] ? Skill::low : u < row[0] + row[1] ? Skill::middle : Skill::high;
    }
    double student_share(std::uint32_t row) const {
        const auto household = world_.people.household[row];
        const bool collective = world_.households.flags[household] & household_flag::collective;
        if (world_.people.education[row] < Education::senior) return 0;
        return collective ? a_.student_share_collective : a_.student_share;
    }
    double work_propensity(std::uint32_t row, int years) const {
        const auto& p = world_.people;
        const auto& table = p.sex[row] == Sex::male ? SynthesisAssumptions::employed_men : SynthesisAssumptions::employed_women;
        const auto group = static_cast<std::size_t>((years - SynthesisAssumptions::employed_first_age) / SynthesisAssumptions::five_years);
        const double base = table[std::min(group, table.size() - 1)];
        double odds = base / (1 - base);
        if (p.registration[row] == Registration::outside) odds *= a_.employment_outside_odds;
        if (p.education[row] >= Education::college) odds *= a_.employment_university_odds;
        if (p.education[row] <= Education::junior) odds *= a_.employment_low_odds;
        return odds / (1 + odds);
    }

    /// Takes `employed` people into work, `here` of them in the district, and lets `unemployed` others look for work.
    void work(std::vector<Scored>& candidates, double employed, double here, double unemployed_per_employed) {
        auto& p = world_.people;
        keep_smallest(candidates, employed);
        for (const auto& one : candidates) p.activity[one.row] = Activity::employed_outside;
        const double total = static_cast<double>(candidates.size());
        for (auto& one : candidates) {
            const double u = luck_.uniform(Purpose::initial_job, luck_key(one.luck, work_stream), start_);
            const Skill skill = p.skill[one.row];
            one.score = odds_score(u, 1.0 / 2) / (skill == Skill::low    ? a_.work_here_low_odds
                                                  : skill == Skill::high ? a_.work_here_high_odds
                                                                         : 1);
        }
        keep_smallest(candidates, here * total);
        for (const auto& one : candidates) p.activity[one.row] = Activity::employed_here;
        unemployed_wanted_ = unemployed_per_employed * total;
    }
    void unemployment(std::vector<Scored>& idle) {
        keep_smallest(idle, unemployed_wanted_);
        for (const auto& one : idle) {
            const Word4 words = luck_.block(Purpose::initial_job, luck_key(one.luck, work_stream, 1), start_);
            const double months = a_.unemployed_months * -exact_log(unit_open(words[0]));
            world_.people.activity[one.row] = Activity::unemployed;
            world_.people.months_unemployed[one.row] = static_cast<std::uint8_t>(std::min(months, 255.0));
        }
    }
    bool may_be_unemployed(std::uint32_t row) const {
        const int years = age(row);
        return world_.people.activity[row] == Activity::inactive && years >= working_age && years <= last_unemployed_age;
    }

    /// Income of the members, shared with economies of scale (square root of size), with noise.
    double income(std::uint32_t household) const {
        const auto& p = world_.people;
        double sum = 0;
        for (std::uint32_t m = world_.households.first_member[household]; m != no_row; m = p.next_member[m]) {
            const Activity activity = p.activity[m];
            if (activity == Activity::employed_here || activity == Activity::employed_outside) {
                sum += SynthesisAssumptions::income_of_skill[static_cast<std::size_t>(p.skill[m])];
            } else {
                sum += activity == Activity::retired ? SynthesisAssumptions::income_retired : SynthesisAssumptions::income_other;
            }
        }
        const double z =
            exact_normal_quantile(luck_.uniform(Purpose::synthesis, luck_key(world_.households.luck[household], income_stream), start_));
        return sum / std::sqrt(static_cast<double>(world_.households.size[household])) * exact_exp(a_.income_sigma * z);
    }

    void cars() {
        auto& h = world_.households;
        std::vector<Scored> families;
        families.reserve(h.rows());
        for (std::uint32_t row = 0; row < h.rows(); ++row) {
            if (h.flags[row] & household_flag::collective) continue;
            const Word4 words = luck_.block(Purpose::synthesis, luck_key(h.luck[row], income_stream, 1), start_);
            const double odds = exact_exp(exact_log(a_.car_income_odds) * h.income[row]) * (h.size[row] > 1 ? 2 : 1);
            families.push_back({odds_score(unit_open(words[0]), 1.0 / 2) / odds, h.luck[row], row});
        }
        const double owners = district_.figure("household_car_share") * static_cast<double>(families.size());
        keep_smallest(families, owners);
        for (const auto& one : families) {
            const Word4 words = luck_.block(Purpose::synthesis, luck_key(one.luck, income_stream, 1), start_);
            h.cars[one.row] = words[1] < threshold(a_.second_car) ? 2 : 1;
        }
    }

private:
    const District& district_;
    Month start_;
    const SynthesisAssumptions& a_;
    const Luck& luck_;
    World& world_;
    double unemployed_wanted_ = 0;
};

}  // namespace

void set_start_state(const District& district, const ControlPlan& plan, Month start, const SynthesisAssumptions& assumptions,
                     const Luck& luck, const Parallel& parallel, World& world) {
    const std::size_t places = district.subdistricts.size();
    auto& h = world.households;
    const double employed_share = district.figure("employed_share_15plus"), here = district.figure("self_containment");
    const double unemployment = district.figure("unemployment_rate");
    const FitControl* employed_control = nullptr;
    for (const auto& control : plan.reported) {
        if (control.kind == ControlKind::employed) employed_control = &control;
    }
    // Households of each sub-district in row order; every task below owns the rows of its sub-district.
    std::vector<std::vector<std::uint32_t>> households(places);
    for (std::uint32_t row = 0; row < h.rows(); ++row) {
        const auto block = BlockId(static_cast<std::uint32_t>(world.dwellings.block[h.dwelling[row]]));
        households[district.subdistrict_of(block).value].push_back(row);
    }
    parallel.for_grains(places, 1, [&](std::size_t s, std::size_t, std::size_t) {
        Starter starter(district, start, assumptions, luck, world);
        std::vector<Scored> candidates;
        std::vector<std::uint32_t> members;
        double adults = 0;
        for (const std::uint32_t row : households[s]) {
            for (std::uint32_t m = h.first_member[row]; m != no_row; m = world.people.next_member[m]) {
                members.push_back(m);
                starter.begin_person(m, candidates);
                adults += starter.age(m) >= adult_count_age ? 1 : 0;
            }
        }
        const double employed = employed_control ? employed_control->targets[s] : employed_share * adults;
        starter.work(candidates, employed, here, unemployment / (1 - unemployment));
        std::vector<Scored> idle;
        for (const std::uint32_t m : members) {
            if (!starter.may_be_unemployed(m)) continue;
            const double u = luck.uniform(Purpose::initial_job, luck_key(world.people.luck[m], work_stream, 2), start);
            idle.push_back({odds_score(u, starter.work_propensity(m, starter.age(m))), world.people.luck[m], m});
        }
        starter.unemployment(idle);
    });

    // Income fifths over the whole district.
    std::vector<double> income(h.rows());
    Starter starter(district, start, assumptions, luck, world);
    parallel.for_grains(h.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) income[row] = starter.income(static_cast<std::uint32_t>(row));
    });
    constexpr std::size_t fifths = 5;
    std::vector<double> sorted = income;
    std::vector<double> limits;
    auto from = sorted.begin();
    for (std::size_t k = 1; k < fifths && !sorted.empty(); ++k) {
        const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * k / fifths);
        if (at == sorted.end()) break;
        std::nth_element(from, at, sorted.end());
        limits.push_back(*at);
        from = at;
    }
    for (std::size_t row = 0; row < h.rows(); ++row) {
        h.income[row] = static_cast<std::uint8_t>(std::upper_bound(limits.begin(), limits.end(), income[row]) - limits.begin());
    }
    starter.cars();
}

}  // namespace hutong
