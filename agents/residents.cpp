#include "agents/residents.h"

#include <algorithm>
#include <array>

#include "agents/couples.h"
#include "agents/schools.h"
#include "agents/steps.h"
#include "agents/stocks.h"
#include "core/exact_math.h"
#include "core/scan.h"

namespace hutong {
namespace {

constexpr std::size_t grain = 16384;  // persons per task
constexpr std::size_t ahead = 12;     // rows asked for before they are needed

enum class LifeEvent : std::uint8_t { death, birth, couple, separation, leave_home };

struct Happening {
    std::uint32_t person;
    LifeEvent event;
};

bool single_adult(const World& world, std::uint32_t person, const PeopleAssumptions& a, int age) {
    const Role role = world.people.role[person];
    if (age < a.couple_from_age * 12 || age >= a.couple_to_age * 12) return false;
    if (role == Role::partner) return false;
    return role != Role::head || !has_partner(world, world.people.household[person]);
}

bool may_leave_home(const World& world, std::uint32_t person, const PeopleAssumptions& a, int age) {
    const Role role = world.people.role[person];
    return (role == Role::child || role == Role::other) && age >= a.leave_home_from_age * 12 && age < a.leave_home_to_age * 12;
}

/// Those whose words can mean an event, compared exactly with the hazards of their age and place in the household.
std::vector<Happening> happenings(const Model& model, World& world, const LifeHazards& hazards) {
    const PeopleAssumptions& a = model.assumptions().people;
    const std::uint32_t bound_home = hazards.bound_home();
    draw_lives(model, world);
    const auto& people = world.people;
    const auto& parts = world.life_draws.parts;
    return model.parallel.collect<Happening>(parts.size(), 1, [&](std::size_t part, std::size_t, std::size_t, std::vector<Happening>& out) {
        const std::vector<LifeDraws::AtHome>& drawn = parts[part].home;
        for (std::size_t k = 0; k < drawn.size(); ++k) {
            // Memory is slower than the comparison: rows are asked for ahead.
            if (k + ahead < drawn.size()) {
                const std::uint32_t later = drawn[k + ahead].row;
                __builtin_prefetch(&people.household[later]);
                __builtin_prefetch(&people.birth_month[later]);
                __builtin_prefetch(&people.sex[later]);
                __builtin_prefetch(&people.role[later]);
            }
            const auto& [person, death, birth, home] = drawn[k];
            if (!people.alive(person)) continue;
            const int age = age_months(people, person, world.month);
            const auto sex = people.sex[person];
            if (death < hazards.death[static_cast<int>(sex)][static_cast<std::size_t>(age)]) {
                out.push_back({person, LifeEvent::death});
                continue;  // the dead have no other event
            }
            // Both sides are looked at: half are women, and a branch on that could not be guessed.
            if (static_cast<unsigned>(birth < hazards.birth[static_cast<std::size_t>(age)]) & static_cast<unsigned>(sex == Sex::female)) {
                out.push_back({person, LifeEvent::birth});
            }
            if (home >= bound_home) continue;
            if (home < hazards.separation && people.role[person] == Role::partner) {
                out.push_back({person, LifeEvent::separation});
            } else if (home < hazards.couple && single_adult(world, person, a, age)) {
                out.push_back({person, LifeEvent::couple});
            } else if (home - hazards.couple < hazards.leave_home && may_leave_home(world, person, a, age)) {
                out.push_back({person, LifeEvent::leave_home});
            }
        }
    });
}

// Events touch a handful of columns of rows far apart: what they need is asked for ahead, first of the person, then of
// the household and the post.
void fetch_person(const World& world, std::uint32_t person) {
    const auto& people = world.people;
    __builtin_prefetch(&people.household[person]);
    __builtin_prefetch(&people.next_member[person]);
    __builtin_prefetch(&people.job[person]);
    __builtin_prefetch(&people.home_node[person]);
    __builtin_prefetch(&people.role[person]);
    __builtin_prefetch(&people.luck[person]);
}

void fetch_links(const World& world, std::uint32_t person) {
    const auto& households = world.households;
    const std::uint32_t household = world.people.household[person], post = world.people.job[person];
    __builtin_prefetch(&households.first_member[household]);
    __builtin_prefetch(&households.size[household]);
    __builtin_prefetch(&households.flags[household]);
    __builtin_prefetch(&households.dwelling[household]);
    if (post == no_row) return;
    __builtin_prefetch(&world.jobs.worker[post]);
    __builtin_prefetch(&world.jobs.business[post]);
}

void fetch_members(const World& world, std::uint32_t person) {
    const std::uint32_t first = world.households.first_member[world.people.household[person]];
    __builtin_prefetch(&world.people.next_member[first]);
    __builtin_prefetch(&world.people.role[first]);
}

/// Calls act for each person, fetching what the later ones need.
template <class Act>
void for_each_fetched(const World& world, const std::vector<std::uint32_t>& persons, const Act& act) {
    for (std::size_t i = 0; i < persons.size(); ++i) {
        if (i + ahead < persons.size()) fetch_person(world, persons[i + ahead]);
        // Somebody may have moved meanwhile, or died: fetching the wrong row is no harm, reading past the end would be.
        if (i + ahead * 2 / 3 < persons.size() && world.people.alive(persons[i + ahead * 2 / 3]))
            fetch_links(world, persons[i + ahead * 2 / 3]);
        if (i + ahead / 3 < persons.size() && world.people.alive(persons[i + ahead / 3])) fetch_members(world, persons[i + ahead / 3]);
        act(persons[i]);
    }
}

void give_birth(const Model& model, World& world, std::uint32_t mother) {
    const PeopleAssumptions& a = model.assumptions().people;
    const std::uint64_t mother_luck = world.people.luck[mother];
    const std::uint32_t household = world.people.household[mother];
    if (world.households.flags[household] & household_flag::collective) return;  // leaves the dormitory to give birth: booked there
    const Word4 words = model.luck.block(Purpose::newborn, mother_luck, world.month);
    const std::uint64_t children = words[1] < threshold(a.twin_share) ? 2 : 1;
    for (std::uint64_t order = 0; order < children; ++order) {
        NewPerson child;
        child.luck = luck_key(mother_luck, static_cast<std::uint64_t>(world.month.index), order);
        child.birth = world.month;
        child.sex = words[order == 0 ? 0 : 2] < threshold(a.boy_share) ? Sex::male : Sex::female;
        child.registration = world.people.registration[mother];
        if (world.households.size[household] == 255) return;
        add_person(world, household, child);
        world.flows.add(Flow::births, model.district.network.block(NodeId(world.people.home_node[mother])).value);
    }
}

/// The school year begins: who is old enough enters the next stage.
void advance_schooling(const Model& model, World& world) {
    const PeopleAssumptions& a = model.assumptions().people;
    auto& people = world.people;
    const std::uint32_t to_senior = threshold(a.senior_share);
    const std::uint32_t to_student = threshold(a.student_share);
    const std::uint32_t to_university = threshold(a.university_share);
    const std::uint32_t to_work = threshold(a.graduate_active_share);
    const std::uint32_t to_registration = model.active(Behaviour::registration) ? threshold(a.registration_share) : 0;
    model.parallel.for_grains(people.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const auto row = static_cast<std::uint32_t>(i);
            if (people.activity[row] > Activity::student || !people.alive(row)) continue;
            const int age = age_months(people, row, world.month);
            const auto old_enough = [age](std::int64_t years) { return age >= years * 12; };
            const auto leave_school = [&](Education education, std::uint32_t word) {
                people.education[row] = education;
                people.skill[row] = skill_of(education);
                people.activity[row] = word < to_work ? Activity::unemployed : Activity::inactive;
                people.months_unemployed[row] = 0;
            };
            switch (people.activity[row]) {
                case Activity::infant:
                    if (old_enough(a.primary_age))
                        people.activity[row] = Activity::primary;
                    else if (old_enough(a.pre_school_age))
                        people.activity[row] = Activity::pre_school;
                    break;
                case Activity::pre_school:
                    if (!old_enough(a.primary_age)) break;
                    people.activity[row] = Activity::primary;
                    if (people.registration[row] != Registration::here &&
                        model.luck.word(Purpose::school, people.luck[row], world.month) < to_registration) {
                        people.registration[row] = Registration::here;  // registered for school with a home here
                    }
                    break;
                case Activity::primary:
                    if (old_enough(a.junior_age)) {
                        people.activity[row] = Activity::junior;
                        people.education[row] = Education::primary;
                    }
                    break;
                case Activity::junior: {
                    if (!old_enough(a.senior_age)) break;
                    const Word4 words = model.luck.block(Purpose::schooling, people.luck[row], world.month);
                    people.education[row] = Education::junior;
                    if (words[0] < to_senior)
                        people.activity[row] = Activity::senior;
                    else
                        leave_school(Education::junior, words[1]);
                    break;
                }
                case Activity::senior: {
                    if (!old_enough(a.student_age)) break;
                    const Word4 words = model.luck.block(Purpose::schooling, people.luck[row], world.month);
                    people.education[row] = Education::senior;
                    if (words[0] < to_student)
                        people.activity[row] = Activity::student;
                    else
                        leave_school(Education::senior, words[1]);
                    break;
                }
                case Activity::student: {
                    if (!old_enough(a.graduate_age)) break;
                    const Word4 words = model.luck.block(Purpose::schooling, people.luck[row], world.month);
                    leave_school(words[0] < to_university ? Education::university : Education::college, words[1]);
                    break;
                }
                default:
                    break;
            }
        }
    });
}

/// Workers who reach the age of retirement this month leave their posts.
void retire(const Model& model, World& world) {
    const PeopleAssumptions& a = model.assumptions().people;
    auto& people = world.people;
    const auto born = [&](std::int64_t age) { return static_cast<std::int16_t>(world.month.index - age * 12); };
    const std::int16_t men = born(a.retire_age_men);
    const std::int16_t women_high = born(a.retire_age_women_high);
    const std::int16_t women = born(a.retire_age_women);
    const std::int16_t latest = std::max({men, women_high, women});
    // Who reaches an age of retirement was born in one of three months; once a year everybody is looked at, for workers
    // who came or were trained at an age beyond it.
    const bool everybody = world.month.month_of_year() == 1 || world.month == model.scenario.run.start;
    const auto due = model.parallel.collect<std::uint32_t>(
        people.rows(), grain, [&](std::size_t, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& out) {
            const auto look = [&](std::size_t i) {
                const auto row = static_cast<std::uint32_t>(i);
                const Activity activity = people.activity[row];
                if (activity < Activity::employed_here || activity > Activity::inactive || !people.alive(row)) return;
                const std::int16_t limit = people.sex[row] == Sex::male ? men : (people.skill[row] == Skill::high ? women_high : women);
                if (people.birth_month[row] <= limit) out.push_back(row);
            };
            const std::int16_t* birth = people.birth_month.data();
            if (everybody) {
                const auto* activity = reinterpret_cast<const std::uint8_t*>(people.activity.data());
                // Nearly all of that age are retired already; activity and age are compared side by side.
                scan(
                    begin, end,
                    [&](std::size_t i) {
                        unsigned mask = 0;
                        for (Activity one : {Activity::employed_here, Activity::employed_outside, Activity::unemployed, Activity::inactive})
                            mask |= equal_mask(activity + i, static_cast<std::uint8_t>(one));
                        return mask & at_most_mask(birth + i, latest);
                    },
                    [&](std::size_t i) { return birth[i] <= latest; }, look);
                return;
            }
            scan(
                begin, end,
                [&](std::size_t i) {
                    return equal_mask(birth + i, men) | equal_mask(birth + i, women_high) | equal_mask(birth + i, women);
                },
                [&](std::size_t i) { return birth[i] == men || birth[i] == women_high || birth[i] == women; }, look);
        });
    for_each_fetched(world, due, [&](std::uint32_t person) {
        if (people.job[person] != no_row) vacate_post(world, people.job[person], Activity::retired);
        people.activity[person] = Activity::retired;
    });
}

}  // namespace

Skill skill_of(Education education) {
    if (education >= Education::university) return Skill::high;
    return education >= Education::senior ? Skill::middle : Skill::low;
}

bool has_partner(const World& world, std::uint32_t household) {
    for (std::uint32_t m = world.households.first_member[household]; m != no_row; m = world.people.next_member[m]) {
        if (world.people.role[m] == Role::partner) return true;
    }
    return false;
}

WordTests tests_at_home(const Model& model) {
    const LifeHazards hazards = life_hazards(model);
    WordTests tests;
    tests.bound = {hazards.max_death, hazards.max_birth, 0, hazards.bound_home()};
    return tests;
}

LifeHazards life_hazards(const Model& model) {
    const PeopleAssumptions& a = model.assumptions().people;
    LifeHazards h;
    for (auto& table : h.death) table.assign(LifeHazards::ages, 0);
    h.birth.assign(LifeHazards::ages, 0);
    const bool deaths = model.active(Behaviour::deaths);
    const bool births = model.active(Behaviour::births);
    for (const VitalRate& rate : model.district.marginals.vital_rates) {
        const bool is_birth = rate.type == "fertility_xicheng_2020" && births;
        const bool is_death = rate.type == "mortality" && deaths;
        if (!is_birth && !is_death) continue;
        const double factor = is_birth ? a.fertility_factor : a.mortality_factor;
        const std::uint32_t limit = threshold(monthly_probability(rate.per_year * factor));
        auto& table = is_birth ? h.birth : h.death[rate.sex == 'F' ? static_cast<int>(Sex::female) : static_cast<int>(Sex::male)];
        const int last = rate.age_high >= 85 ? LifeHazards::ages - 1 : rate.age_high * 12 + 11;
        for (int age = rate.age_low * 12; age <= last && age < LifeHazards::ages; ++age) table[static_cast<std::size_t>(age)] = limit;
    }
    for (const auto& table : h.death) h.max_death = std::max(h.max_death, *std::max_element(table.begin(), table.end()));
    h.max_birth = *std::max_element(h.birth.begin(), h.birth.end());
    if (model.active(Behaviour::couples)) {
        h.couple = threshold(monthly_probability(a.couple_per_year));
        h.separation = threshold(monthly_probability(a.separation_per_year));
    }
    if (model.active(Behaviour::leaving_home)) h.leave_home = threshold(monthly_probability(a.leave_home_per_year));
    return h;
}

void update_people(const Model& model, World& world) {
    const LifeHazards hazards = life_hazards(model);
    const auto events = happenings(model, world, hazards);
    clear(world.life_draws);
    std::vector<std::uint32_t> seekers, mothers, dead;
    world.home_leavers.clear();
    for (const Happening& h : events) {
        switch (h.event) {
            case LifeEvent::birth:
                mothers.push_back(h.person);
                break;
            case LifeEvent::death:
                dead.push_back(h.person);
                break;
            case LifeEvent::couple:
                seekers.push_back(h.person);
                break;
            case LifeEvent::separation:
            case LifeEvent::leave_home:
                world.home_leavers.push_back(h.person);
                break;
        }
    }
    for_each_fetched(world, mothers, [&](std::uint32_t person) { give_birth(model, world, person); });
    for_each_fetched(world, dead, [&](std::uint32_t person) {
        world.flows.add(Flow::deaths, model.district.network.block(NodeId(world.people.home_node[person])).value);
        remove_person(world, person);
    });
    form_couples(model, world, seekers);
    if (model.active(Behaviour::schooling) && world.month.month_of_year() == model.assumptions().people.school_month) {
        advance_schooling(model, world);
        allot_school_places(model, world);
    }
    if (model.active(Behaviour::retirement)) retire(model, world);
}

}  // namespace hutong
