#include "agents/synthesis_fit.h"

#include <algorithm>
#include <cmath>

#include "core/hash.h"

namespace hutong {
namespace {

constexpr std::uint64_t rounding_stream = 0x726f'756e'6469'6e67ULL;  // "rounding"
constexpr int oldest_listed = 127;

/// Which controls a person or household counts in, looked up instead of asked one by one.
class Counter {
public:
    explicit Counter(const std::vector<FitControl>& controls) : controls_(controls), by_age_(2 * (oldest_listed + 1)) {
        CandidatePerson person;
        const std::span<const CandidatePerson> alone{&person, 1};
        for (std::uint32_t c = 0; c < controls.size(); ++c) {
            switch (controls[c].kind) {
                case ControlKind::age_sex:
                    for (int sex = 0; sex < 2; ++sex) {
                        for (int age = 0; age <= oldest_listed; ++age) {
                            person.sex = static_cast<Sex>(sex);
                            person.age_months = static_cast<std::int16_t>(age * 12);
                            if (count_in(controls[c], {.members = alone}) > 0) by_age_[age_row(person)].push_back(c);
                        }
                    }
                    break;
                case ControlKind::registration:
                case ControlKind::education:
                    by_person_.push_back(c);
                    break;
                default:
                    by_household_.push_back(c);
                    break;
            }
        }
    }

    void count(const HouseholdView& household, std::vector<std::uint8_t>& counts) const {
        std::fill(counts.begin(), counts.end(), std::uint8_t{0});
        for (const std::uint32_t c : by_household_) counts[c] = static_cast<std::uint8_t>(count_in(controls_[c], household));
        for (const auto& person : household.members) {
            for (const std::uint32_t c : by_age_[age_row(person)]) ++counts[c];
            for (const std::uint32_t c : by_person_) {
                counts[c] = static_cast<std::uint8_t>(counts[c] + count_in(controls_[c], {.members = {&person, 1}}));
            }
        }
    }

private:
    static std::size_t age_row(const CandidatePerson& person) {
        return static_cast<std::size_t>(person.sex) * (oldest_listed + 1) + static_cast<std::size_t>(std::min(person.age(), oldest_listed));
    }
    const std::vector<FitControl>& controls_;
    std::vector<std::vector<std::uint32_t>> by_age_;
    std::vector<std::uint32_t> by_person_, by_household_;
};

HouseholdView view_of(const Pool& pool, const Candidate& candidate) {
    return {candidate.type, candidate.tenure, candidate.kind == HouseholdKind::collective, pool.members(candidate)};
}

struct Signed {
    std::uint32_t order;  ///< class of home and size: neighbours in the systematic sample are alike
    std::uint32_t number;
    std::uint64_t signature;
    std::uint32_t candidate;
};

FitSummary summarise(const SignatureRows& rows, const IpuFit& fit, const std::vector<FitControl>& controls) {
    FitSummary summary;
    summary.iterations = fit.iterations;
    summary.end = fit.end;
    summary.worst_gap = fit.worst_gap;
    double sum = 0, squares = 0, used = 0;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
        if (!(fit.weights[r] > 0)) continue;
        const double members = rows.members(r), each = fit.weights[r] / members;
        summary.least_weight = used > 0 ? std::min(summary.least_weight, each) : each;
        summary.largest_weight = std::max(summary.largest_weight, each);
        sum += fit.weights[r];
        squares += each * each * members;
        used += members;
    }
    summary.mean_weight = used > 0 ? sum / used : 0;
    summary.effective_sample = squares > 0 ? sum * sum / squares : 0;
    summary.candidates_used = static_cast<std::uint32_t>(used);
    for (const std::uint32_t c : fit.without_candidates)
        summary.without_candidates.push_back(controls[c].table + " " + controls[c].category);
    return summary;
}

}  // namespace

SignatureRows group_by_signature(const Pool& pool, const std::vector<FitControl>& controls, const Parallel& parallel) {
    constexpr std::size_t grain = 8192;
    const std::size_t n = pool.households.size();
    const Counter counter(controls);
    std::vector<Signed> order(n);
    std::vector<std::vector<ControlMatrix::Entry>> entries(Parallel::grains(n, grain));
    std::vector<std::uint32_t> first(n + 1, 0);  // inside the grain
    parallel.for_grains(n, grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        std::vector<std::uint8_t> counts(controls.size());
        for (std::size_t i = begin; i < end; ++i) {
            const Candidate& candidate = pool.households[i];
            counter.count(view_of(pool, candidate), counts);
            first[i] = static_cast<std::uint32_t>(entries[g].size());
            std::uint64_t h = 0;
            for (std::uint32_t c = 0; c < counts.size(); ++c) {
                if (counts[c] == 0) continue;
                entries[g].push_back({c, counts[c]});
                h = mix64(h ^ (static_cast<std::uint64_t>(c) << 8 | counts[c]));
            }
            const auto neighbours = static_cast<std::uint32_t>(home_class(candidate.type, candidate.tenure)) << 8 | candidate.size;
            order[i] = {neighbours, candidate.number, h, static_cast<std::uint32_t>(i)};
        }
    });
    std::sort(order.begin(), order.end(), [](const Signed& a, const Signed& b) {
        if (a.order != b.order) return a.order < b.order;
        if (a.signature != b.signature) return a.signature < b.signature;
        return a.number < b.number;
    });
    SignatureRows rows;
    rows.member.reserve(n);
    for (std::size_t k = 0; k < n; ++k) {
        const bool fresh = k == 0 || order[k].order != order[k - 1].order || order[k].signature != order[k - 1].signature;
        if (fresh) {
            const std::size_t g = order[k].candidate / grain;
            const std::uint32_t begin = first[order[k].candidate];
            const bool last = (order[k].candidate + 1) % grain == 0 || order[k].candidate + 1 == n;
            const std::size_t end = last ? entries[g].size() : first[order[k].candidate + 1];
            rows.matrix.add_row({entries[g].data() + begin, end - begin});
            rows.signature.push_back(order[k].signature);
            if (k > 0) rows.first_member.push_back(static_cast<std::uint32_t>(rows.member.size()));
        }
        rows.member.push_back(order[k].candidate);
    }
    rows.first_member.push_back(static_cast<std::uint32_t>(rows.member.size()));
    rows.matrix.finish(controls.size());
    return rows;
}

FittedHouseholds fit_households(const Pool& pool, const ControlPlan& plan, const District& district,
                                const SynthesisAssumptions& assumptions, const Luck& luck, const Parallel& parallel) {
    const SignatureRows rows = group_by_signature(pool, plan.fitted, parallel);
    const std::size_t places = district.subdistricts.size(), controls = plan.fitted.size();
    const IpuLimits limits{static_cast<int>(assumptions.fit_iterations), assumptions.fit_tolerance, assumptions.fit_stall};
    const RoundingLimits rounding{static_cast<int>(assumptions.rounding_passes), assumptions.rounding_floor};

    // The whole district first: its weights are a near start for every sub-district.
    std::vector<double> district_targets(controls, 0.0), start(rows.rows());
    double population = 0;
    for (std::size_t c = 0; c < controls; ++c) {
        for (const double t : plan.fitted[c].targets) district_targets[c] += t;
    }
    for (std::size_t r = 0; r < rows.rows(); ++r) start[r] = rows.members(r);
    const IpuFit common = fit_weights(rows.matrix, district_targets, start, limits);
    for (const double p : district.marginals.population) population += p;

    FittedHouseholds fitted;
    fitted.district = summarise(rows, common, plan.fitted);
    fitted.by_subdistrict.resize(places);
    fitted.summary.resize(places);
    parallel.for_grains(places, 1, [&](std::size_t s, std::size_t, std::size_t) {
        std::vector<double> targets(controls), initial(rows.rows());
        for (std::size_t c = 0; c < controls; ++c) targets[c] = plan.fitted[c].targets[s];
        const double share = population > 0 ? district.marginals.population[s] / population : 0;
        for (std::size_t r = 0; r < rows.rows(); ++r) initial[r] = common.weights[r] * share;
        const IpuFit fit = fit_weights(rows.matrix, targets, initial, limits);

        const std::uint64_t place = Hash{}.text(district.subdistricts[s].code).value();
        std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed(rows.rows());
        for (std::uint32_t r = 0; r < rows.rows(); ++r) keyed[r] = {luck_key(rounding_stream, place, rows.signature[r]), r};
        std::sort(keyed.begin(), keyed.end());
        std::vector<std::uint32_t> order(rows.rows());
        for (std::size_t k = 0; k < keyed.size(); ++k) order[k] = keyed[k].second;
        const double first = luck.uniform(Purpose::synthesis, luck_key(rounding_stream, place), Month{});
        const Rounding rounded = round_weights(rows.matrix, targets, fit.weights, first, order, rounding);

        auto& summary = fitted.summary[s];
        summary = summarise(rows, fit, plan.fitted);
        summary.rounding_changes = rounded.changes;
        for (const double residual : rounded.residual) summary.worst_residual = std::max(summary.worst_residual, std::fabs(residual));
        auto& chosen = fitted.by_subdistrict[s];
        for (std::size_t r = 0; r < rows.rows(); ++r) {
            const std::uint32_t members = rows.members(r);
            const auto offset = Luck::below(static_cast<std::uint32_t>(luck_key(place, rows.signature[r]) >> 32), members);
            for (std::uint32_t k = 0; k < rounded.copies[r]; ++k) {
                chosen.push_back({rows.member[rows.first_member[r] + (offset + k) % members], k / members});
            }
        }
    });
    return fitted;
}

}  // namespace hutong
