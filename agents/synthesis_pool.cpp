#include "agents/synthesis_pool.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "agents/synthesis_stream.h"

namespace hutong {
namespace {

constexpr std::uint64_t candidate_stream = 0x6361'6e64'6964'6174ULL;  // "candidat"

/// Bounds of the rules, in years. Documented in docs/synthesis.md; not levers.
struct Bounds {
    static constexpr double adult = 18, oldest = 100, child_home_latest = 45, mother_youngest = 16, mother_oldest = 49;
    static constexpr double couple_youngest = 22, couple_oldest = 95, elder_youngest = 45;
    static constexpr int most_members = 10, most_sharers = 6, tries = 8;
};

/// Age bands of heads by kind: mixtures of normals (share, mean, deviation), assumption. Weighting sets the level.
struct AgeBand {
    double share, mean, deviation;
};
constexpr std::array<AgeBand, 3> alone_ages{{{0.40, 32, 7}, {0.25, 52, 9}, {0.35, 76, 9}}};
constexpr std::array<AgeBand, 3> couple_ages{{{0.30, 33, 6}, {0.35, 60, 6}, {0.35, 74, 8}}};
constexpr std::array<AgeBand, 2> parent_ages{{{0.65, 38, 6}, {0.35, 52, 6}}};
constexpr std::array<AgeBand, 2> lone_parent_ages{{{0.55, 43, 8}, {0.45, 66, 12}}};
constexpr std::array<AgeBand, 2> middle_ages{{{0.75, 37, 5}, {0.25, 50, 6}}};
constexpr std::array<AgeBand, 1> grandparent_ages{{{1.0, 66, 7}}};
constexpr std::array<AgeBand, 3> collective_ages{{{0.60, 22, 4}, {0.385, 38, 12}, {0.015, 80, 8}}};
constexpr double outside_spread = 9;     // years around the median age of those registered outside
constexpr double even_age_share = 0.35;  // share of alone and couples whose age is drawn evenly, to reach every age
constexpr double even_low = 18, even_high = 99;
constexpr double outside_under_spread = 0.4;

/// One candidate while it is drawn.
class Maker {
public:
    Maker(const PoolRules& rules, const std::vector<double>& fertility, KeyedStream stream)
        : rules_(rules), a_(rules.assumptions), fertility_(fertility), draw_(stream) {}

    Candidate make(std::uint32_t number, std::vector<CandidatePerson>& out) {
        const std::array<double, household_kinds> weights{a_.pool_alone,
                                                          a_.pool_couple,
                                                          a_.pool_couple_child,
                                                          a_.pool_lone_parent,
                                                          a_.pool_three_generations,
                                                          a_.pool_skipped_generation,
                                                          a_.pool_sharers,
                                                          a_.pool_large,
                                                          a_.pool_collective};
        double total = 0;
        for (const double w : weights) total += w;
        kind_ = static_cast<HouseholdKind>(draw_.pick(weights, total));
        choose_registration();
        switch (kind_) {
            case HouseholdKind::alone:
                add(head_age(alone_ages), any_sex(), Role::head, own_);
                break;
            case HouseholdKind::couple:
                couple(head_age(couple_ages));
                break;
            case HouseholdKind::couple_child:
                couple_with_children(head_age(parent_ages));
                break;
            case HouseholdKind::lone_parent:
                lone_parent();
                break;
            case HouseholdKind::three_generations:
                three_generations();
                break;
            case HouseholdKind::skipped_generation:
                skipped_generation();
                break;
            case HouseholdKind::sharers:
                sharers();
                break;
            case HouseholdKind::large:
                large();
                break;
            default:
                add(head_age(collective_ages), any_sex(), Role::head, own_);
                break;
        }
        Candidate candidate;
        candidate.number = number;
        candidate.kind = kind_;
        candidate.size = static_cast<std::uint8_t>(members_.size());
        choose_home(candidate);
        out.insert(out.end(), members_.begin(), members_.end());
        return candidate;
    }

private:
    Sex any_sex() { return draw_.chance(even) ? Sex::male : Sex::female; }

    void choose_registration() {
        double outside = a_.outside_household, beijing = a_.beijing_household;
        if (kind_ == HouseholdKind::lone_parent || kind_ == HouseholdKind::three_generations ||
            kind_ == HouseholdKind::skipped_generation || kind_ == HouseholdKind::large) {
            outside *= outside_with_elders;
        }
        if (kind_ == HouseholdKind::sharers) outside = a_.outside_sharers;
        if (kind_ == HouseholdKind::collective) outside = a_.outside_collective;
        const double u = draw_.uniform();
        own_ = u < outside ? Registration::outside : u < outside + beijing ? Registration::beijing : Registration::here;
    }

    template <std::size_t N>
    double head_age(const std::array<AgeBand, N>& bands) {
        const bool open_age = kind_ == HouseholdKind::alone || kind_ == HouseholdKind::couple;
        if (open_age && own_ == Registration::outside) {
            // Skewed to the young: the median, with a longer tail above.
            const double z = draw_.normal();
            return clamp_age(a_.outside_age_years + outside_spread * (z > 0 ? z : outside_under_spread * z), Bounds::adult);
        }
        if (open_age && draw_.chance(even_age_share)) return even_low + (even_high - even_low) * draw_.uniform();
        const double u = draw_.uniform();
        double sum = 0;
        for (const AgeBand& band : bands) {
            sum += band.share;
            if (u < sum) return clamp_age(draw_.normal(band.mean, band.deviation), Bounds::adult);
        }
        return clamp_age(draw_.normal(bands.back().mean, bands.back().deviation), Bounds::adult);
    }
    static double clamp_age(double years, double low) { return std::clamp(years, low, Bounds::oldest); }

    /// Mother's age at a birth `years_ago` years before the start: today's fertility by age, shifted to younger mothers.
    double mother_age(double years_ago) {
        double total = 0;
        for (const double rate : fertility_) total += rate;
        const double age = static_cast<double>(draw_.pick(fertility_, total)) + draw_.uniform();
        const double shift = std::min(a_.mother_age_trend * std::max(years_ago, 0.0), a_.mother_age_trend_max_years);
        return std::clamp(age - shift, Bounds::mother_youngest, Bounds::mother_oldest);
    }
    /// Age of a child of a mother of this age; negative when not born yet.
    double child_age(double mother) {
        double age = mother - mother_age(0);
        if (age > 0) age = mother - mother_age(age);  // once again with the shift of that birth year
        return age;
    }
    double partner_of(double wife) {
        const double gap =
            std::clamp(draw_.normal(a_.partner_gap_years, a_.partner_gap_sd_years), -a_.partner_gap_max_years, a_.partner_gap_max_years);
        return clamp_age(wife + gap, Bounds::adult + 2);
    }
    bool still_home(double age) {
        return age < Bounds::adult ||
               age < std::min(draw_.normal(a_.child_leaves_age, a_.child_leaves_sd_years), Bounds::child_home_latest);
    }

    /// Wife and husband; one of them is registered as head.
    double couple(double wife_age) {
        wife_age = std::clamp(wife_age, Bounds::couple_youngest - 2, Bounds::couple_oldest);
        const Registration other = draw_.chance(a_.mixed_registration) ? different(own_) : own_;
        const bool wife_heads = draw_.chance(wife_heads_share);
        add(wife_age, Sex::female, wife_heads ? Role::head : Role::partner, wife_heads ? own_ : other);
        add(partner_of(wife_age), Sex::male, wife_heads ? Role::partner : Role::head, wife_heads ? other : own_);
        return wife_age;
    }
    Registration different(Registration than) {
        if (than != Registration::here) return Registration::here;
        return draw_.chance(outside_among_different) ? Registration::outside : Registration::beijing;
    }
    Registration child_registration() {
        // A child is registered with one of the parents; here where either is (assumption: the school term).
        for (const auto& member : members_) {
            if (member.registration == Registration::here) return Registration::here;
        }
        return own_;
    }

    /// A first child, perhaps a second; false when the first is not born or has left.
    bool children(double mother) {
        double first = -1;
        for (int i = 0; i < Bounds::tries && first < 0; ++i) first = child_age(mother);
        if (first < 0 || !still_home(first)) return false;
        const Registration registration = child_registration();
        add(first, any_sex(), Role::child, registration);
        double age = first;
        for (int more = 0; more < 2 && draw_.chance(a_.second_child); ++more) {
            age -= std::max(1.0, draw_.normal(a_.second_child_gap_years, 2));
            if (age < 0) break;
            add(age, any_sex(), Role::child, registration);
        }
        return true;
    }
    void couple_with_children(double wife) {
        wife = couple(wife);
        if (!children(wife)) kind_ = HouseholdKind::couple;
    }
    void lone_parent() {
        const bool mother = draw_.chance(mothers_among_lone_parents);
        const double age = head_age(lone_parent_ages);
        add(age, mother ? Sex::female : Sex::male, Role::head, own_);
        // A lone parent of an adult child: common among the widowed; the leaving age does not bind here.
        double child = -1;
        for (int i = 0; i < Bounds::tries && child < 0; ++i) child = child_age(age);
        if (child < 0) {
            kind_ = HouseholdKind::alone;
            return;
        }
        add(child, any_sex(), Role::child, child_registration());
    }
    void elders(double child_of_age) {
        const double mother = clamp_age(child_of_age + mother_age(child_of_age), Bounds::elder_youngest);
        const Registration registration = elder_registration();
        const bool pair = draw_.chance(a_.elder_pair);
        const bool widow = draw_.chance(widows_among_single_elders);
        if (pair || widow) add(mother, Sex::female, Role::elder, registration);
        if (pair || !widow) add(partner_of(mother), Sex::male, Role::elder, registration);
    }
    Registration elder_registration() { return own_ == Registration::outside ? Registration::outside : Registration::here; }

    void three_generations() {
        const double wife = couple(head_age(middle_ages));
        children(wife);
        elders(draw_.chance(even) ? wife : members_[1].age_months / 12.0);
    }
    void skipped_generation() {
        const double grandmother = head_age(grandparent_ages);
        if (draw_.chance(a_.elder_pair)) {
            couple(grandmother);
        } else {
            add(grandmother, Sex::female, Role::head, own_);
        }
        // A grandchild: two generations of mothers younger; a teenager at most, else the pair lives by itself.
        double age = -1;
        for (int i = 0; i < Bounds::tries && !(age >= 0 && age < Bounds::adult); ++i) {
            const double parent = child_age(grandmother);
            age = parent > 0 ? child_age(parent) : -1;
        }
        if (age < 0 || age >= Bounds::adult) {
            kind_ = members_.size() > 1 ? HouseholdKind::couple : HouseholdKind::alone;
            return;
        }
        add(age, any_sex(), Role::other, child_registration());
    }
    void sharers() {
        int n = 2;
        while (n < Bounds::most_sharers && draw_.chance(one_more_sharer)) ++n;
        const double centre = clamp_age(a_.outside_age_years + outside_spread * draw_.normal(), Bounds::adult);
        const Sex sex = any_sex();
        for (int i = 0; i < n; ++i) {
            const Registration registration = i == 0 || draw_.chance(a_.outside_sharers) ? own_ : different(own_);
            add(clamp_age(draw_.normal(centre, outside_spread / 2), Bounds::adult), draw_.chance(sharers_of_one_sex) ? sex : any_sex(),
                i == 0 ? Role::head : Role::other, registration);
        }
    }
    /// Two related families or four generations under one roof: a couple with children, elders, and a brother's family.
    void large() {
        const double wife = couple(head_age(middle_ages));
        children(wife);
        elders(wife);
        if (draw_.chance(one_more_relative)) elders(members_[1].age_months / 12.0);
        while (static_cast<int>(members_.size()) < Bounds::most_members && draw_.chance(one_more_relative)) {
            const double relative = std::clamp(draw_.normal(wife, outside_spread), Bounds::adult, Bounds::child_home_latest);
            const Sex sex = any_sex();
            add(relative, sex, Role::other, own_);
            if (sex == Sex::female && static_cast<int>(members_.size()) < Bounds::most_members) {
                const double child = child_age(relative);
                if (child >= 0 && child < Bounds::adult) add(child, any_sex(), Role::other, own_);
            }
        }
    }

    void add(double years, Sex sex, Role role, Registration registration) {
        if (static_cast<int>(members_.size()) >= Bounds::most_members) return;
        CandidatePerson person;
        person.age_months = static_cast<std::int16_t>(std::clamp(years, 0.0, Bounds::oldest) * 12);
        person.sex = sex;
        person.role = role;
        person.registration = registration;
        person.education = education(person);
        members_.push_back(person);
    }

    /// Of pupils the school they attend, of adults what their cohort reached.
    Education education(const CandidatePerson& person) {
        const int age = person.age();
        if (age < first_primary) return Education::none;
        if (age < first_junior) return Education::primary;
        if (age < first_senior) return Education::junior;
        if (age < first_adult) return Education::senior;
        const int decade =
            (rules_.start.year() - age - SynthesisAssumptions::education_first_decade) / SynthesisAssumptions::education_decade;
        const auto& table =
            person.registration == Registration::outside ? SynthesisAssumptions::education_outside : SynthesisAssumptions::education_here;
        const auto& row = table[static_cast<std::size_t>(std::clamp(decade, 0, static_cast<int>(table.size()) - 1))];
        double total = 0;
        for (const double share : row) total += share;
        return static_cast<Education>(draw_.pick(row, total));
    }

    /// A home of a kind that exists in the district; registration shifts the odds of its tenure.
    void choose_home(Candidate& candidate) {
        if (kind_ == HouseholdKind::collective) {
            candidate.type = DwellingType::dormitory;
            candidate.tenure = Tenure::collective;
            return;
        }
        std::array<double, dwelling_types * tenures> weights{};
        double total = 0;
        for (std::size_t c = 0; c < weights.size(); ++c) {
            const auto type = static_cast<DwellingType>(c / tenures);
            const auto tenure = static_cast<Tenure>(c % tenures);
            if (type == DwellingType::dormitory || tenure == Tenure::collective) continue;
            double odds = 1;
            if (own_ == Registration::outside) {
                odds = tenure == Tenure::private_rent ? a_.outside_rents : tenure == Tenure::owned ? a_.outside_owns : a_.outside_public;
            }
            weights[c] = rules_.homes[c] * odds;
            total += weights[c];
        }
        if (!(total > 0)) return;
        const std::size_t chosen = draw_.pick(weights, total);
        candidate.type = static_cast<DwellingType>(chosen / tenures);
        candidate.tenure = static_cast<Tenure>(chosen % tenures);
    }

    // Shares of the rules; assumption, see docs/synthesis.md.
    static constexpr double wife_heads_share = 0.35, outside_among_different = 0.6, mothers_among_lone_parents = 0.75;
    static constexpr double widows_among_single_elders = 0.78, one_more_sharer = 0.4, sharers_of_one_sex = 0.6;
    static constexpr double one_more_relative = 0.55, even = 0.5, outside_with_elders = 0.4;
    static constexpr int first_primary = 6, first_junior = 12, first_senior = 15, first_adult = 18;

    const PoolRules& rules_;
    const SynthesisAssumptions& a_;
    const std::vector<double>& fertility_;
    KeyedStream draw_;
    HouseholdKind kind_ = HouseholdKind::alone;
    Registration own_ = Registration::here;
    std::vector<CandidatePerson> members_;
};

constexpr std::string_view district_fertility = "fertility_xicheng_2020", general_fertility = "fertility";

struct Part {
    std::vector<Candidate> households;
    std::vector<CandidatePerson> persons;
};

}  // namespace

std::vector<double> fertility_by_age(const Marginals& marginals) {
    const auto has = [&](std::string_view type) {
        return std::any_of(marginals.vital_rates.begin(), marginals.vital_rates.end(),
                           [&](const VitalRate& rate) { return rate.type == type; });
    };
    const std::string_view kind = has(district_fertility) ? district_fertility : general_fertility;
    std::vector<double> rates(static_cast<std::size_t>(Bounds::mother_oldest) + 1, 0.0);
    for (const VitalRate& rate : marginals.vital_rates) {
        if (rate.type != kind) continue;
        for (int age = std::max(0, rate.age_low); age <= rate.age_high && age < static_cast<int>(rates.size()); ++age) {
            rates[static_cast<std::size_t>(age)] = rate.per_year;
        }
    }
    double total = 0;
    for (const double rate : rates) total += rate;
    if (!(total > 0)) {
        throw Error(ErrorKind::bad_district, msg("the district pack has no fertility rates"),
                    msg("the population synthesis needs them for mothers' ages"), msg("add rows of type 'fertility' to vital_rates.csv"));
    }
    return rates;
}

std::uint64_t content_hash(const Pool& pool, const Candidate& candidate) {
    std::uint64_t h = mix64(static_cast<std::uint64_t>(candidate.type) * tenures + static_cast<std::uint64_t>(candidate.tenure));
    for (const auto& p : pool.members(candidate)) {
        const std::uint64_t packed = static_cast<std::uint64_t>(p.age_months) | static_cast<std::uint64_t>(p.sex) << 16 |
                                     static_cast<std::uint64_t>(p.registration) << 24 | static_cast<std::uint64_t>(p.education) << 32 |
                                     static_cast<std::uint64_t>(p.role) << 40;
        h = mix64(h ^ packed);
    }
    return h;
}

Pool make_pool(const PoolRules& rules, const Luck& luck, const Parallel& parallel, std::size_t count) {
    const std::vector<double> fertility = fertility_by_age(rules.marginals);
    constexpr std::size_t grain = 4096;
    constexpr int most_rounds = 6;
    Pool pool;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> seen;  // content and number of the candidates kept, by content
    std::uint32_t first = 0;
    for (int round = 0; round < most_rounds && pool.households.size() < count; ++round) {
        const std::size_t missing = count - pool.households.size();
        const std::size_t drawn = missing + missing / 16 + 64;  // some will be alike
        std::vector<Part> parts(Parallel::grains(drawn, grain));
        parallel.for_grains(drawn, grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const auto number = static_cast<std::uint32_t>(first + i);
                Maker maker(rules, fertility, KeyedStream(luck, Purpose::synthesis, luck_key(candidate_stream, number)));
                const auto at = static_cast<std::uint32_t>(parts[g].persons.size());
                parts[g].households.push_back(maker.make(number, parts[g].persons));
                parts[g].households.back().first_person = at;
            }
        });
        first += static_cast<std::uint32_t>(drawn);
        Pool fresh;
        for (const Part& part : parts) {
            const auto shift = static_cast<std::uint32_t>(fresh.persons.size());
            for (Candidate candidate : part.households) {
                candidate.first_person += shift;
                fresh.households.push_back(candidate);
            }
            fresh.persons.insert(fresh.persons.end(), part.persons.begin(), part.persons.end());
        }
        // Of candidates alike the one with the lowest number stays.
        std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
        for (std::uint32_t i = 0; i < fresh.households.size(); ++i) keys.emplace_back(content_hash(fresh, fresh.households[i]), i);
        std::sort(keys.begin(), keys.end());
        std::vector<std::uint32_t> keep;
        for (std::size_t k = 0; k < keys.size(); ++k) {
            if (k > 0 && keys[k].first == keys[k - 1].first) continue;
            const auto known = std::lower_bound(seen.begin(), seen.end(), std::pair{keys[k].first, std::uint32_t{0}});
            if (known != seen.end() && known->first == keys[k].first) continue;
            keep.push_back(keys[k].second);
        }
        std::sort(keep.begin(), keep.end());
        if (keep.size() > missing) keep.resize(missing);
        for (const std::uint32_t i : keep) {
            Candidate candidate = fresh.households[i];
            const auto members = fresh.members(candidate);
            candidate.first_person = static_cast<std::uint32_t>(pool.persons.size());
            pool.persons.insert(pool.persons.end(), members.begin(), members.end());
            pool.households.push_back(candidate);
            seen.emplace_back(content_hash(pool, candidate), candidate.number);
        }
        std::sort(seen.begin(), seen.end());
    }
    return pool;
}

}  // namespace hutong
