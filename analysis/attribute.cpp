#include "analysis/attribute.h"

#include <algorithm>
#include <cmath>

#include "core/draw.h"
#include "core/hash.h"

namespace hutong {
namespace {

constexpr std::string_view policy = "policy.", assumption = "assumption.", decision = "decision ";

bool same_decision(const Decision& a, const Decision& b) {
    return a.space == b.space && a.use == b.use && a.vacated == b.vacated && a.from == b.from && a.until == b.until &&
           a.experiment == b.experiment;
}

std::vector<Decision> on_space(const Scenario& scenario, const std::string& space) {
    std::vector<Decision> found;
    for (const Decision& one : scenario.decisions) {
        if (one.space == space) found.push_back(one);
    }
    return found;
}

bool same_decisions(const std::vector<Decision>& a, const std::vector<Decision>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_decision);
}

std::vector<Month> change_months(const Scenario& a, const Scenario& b) {
    std::vector<Month> months;
    for (const Scenario* one : {&a, &b}) {
        for (const auto& entry : one->policy.entries()) months.push_back(entry.first);
    }
    std::sort(months.begin(), months.end(), [](Month x, Month y) { return x - y < 0; });
    months.erase(std::unique(months.begin(), months.end()), months.end());
    return months;
}

}  // namespace

std::vector<std::string> changed_levers(const Scenario& base, const Scenario& alternative) {
    std::vector<std::string> changed;
    const auto add = [&](std::string name) {
        if (std::find(changed.begin(), changed.end(), name) == changed.end()) changed.push_back(std::move(name));
    };
    for (const Month month : change_months(base, alternative)) {
        const auto a = list_parameters(base.policy.at(month)), b = list_parameters(alternative.policy.at(month));
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (a[i].value != b[i].value) add(std::string(policy) + a[i].path);
        }
        if (base.policy.at(month).off != alternative.policy.at(month).off) add("policy.off");
    }
    const auto a = list_parameters(base.assumptions), b = list_parameters(alternative.assumptions);
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].value != b[i].value) add(std::string(assumption) + a[i].path);
    }
    for (const Scenario* one : {&base, &alternative}) {
        for (const Decision& fixed : one->decisions) {
            if (!same_decisions(on_space(base, fixed.space), on_space(alternative, fixed.space))) add(std::string(decision) + fixed.space);
        }
    }
    if (base.use_history != alternative.use_history) add("history");
    if (base.neutral != alternative.neutral) add("neutral");
    return changed;
}

Scenario with_levers(const Scenario& base, const Scenario& alternative, const std::vector<std::string>& levers,
                     const std::vector<bool>& on) {
    Scenario mixed = base;
    const auto wanted = [&](std::size_t i) { return on[i]; };
    Policy schedule(base.policy.entries().front().second);
    for (const Month month : change_months(base, alternative)) {
        Levers at = base.policy.at(month);
        const auto others = list_parameters(alternative.policy.at(month));
        for (std::size_t i = 0; i < levers.size(); ++i) {
            if (!wanted(i) || !levers[i].starts_with(policy)) continue;
            if (levers[i] == "policy.off") {
                at.off = alternative.policy.at(month).off;
                continue;
            }
            const std::string path = levers[i].substr(policy.size());
            for (const ParameterRow& row : others) {
                if (row.path == path) set_parameter(at, path, row.value);
            }
        }
        schedule.from(month, std::move(at));
    }
    mixed.policy = std::move(schedule);
    const auto assumed = list_parameters(alternative.assumptions);
    for (std::size_t i = 0; i < levers.size(); ++i) {
        if (!wanted(i)) continue;
        if (levers[i] == "history") mixed.use_history = alternative.use_history;
        if (levers[i] == "neutral") mixed.neutral = alternative.neutral;
        if (levers[i].starts_with(assumption)) {
            const std::string path = levers[i].substr(assumption.size());
            for (const ParameterRow& row : assumed) {
                if (row.path == path) set_parameter(mixed.assumptions, path, row.value);
            }
        }
        if (levers[i].starts_with(decision)) {
            const std::string space = levers[i].substr(decision.size());
            std::erase_if(mixed.decisions, [&](const Decision& one) { return one.space == space; });
            for (Decision& one : on_space(alternative, space)) mixed.decisions.push_back(std::move(one));
        }
    }
    mixed.experiment = base.experiment || alternative.experiment;
    mixed.text = canonical_text(mixed);
    mixed.hash = Hash().text(mixed.text).value();
    return mixed;
}

std::size_t Coalitions::index(const std::vector<bool>& set) const {
    return static_cast<std::size_t>(std::find(sets.begin(), sets.end(), set) - sets.begin());
}

Coalitions coalitions_of(std::size_t levers, std::size_t sampled_orders, std::uint64_t seed) {
    Coalitions all;
    all.levers = levers;
    const auto add = [&](const std::vector<bool>& set) {
        if (all.index(set) == all.sets.size()) all.sets.push_back(set);
    };
    add(std::vector<bool>(levers, false));
    add(std::vector<bool>(levers, true));
    for (std::size_t i = 0; i < levers; ++i) {  // each alone
        std::vector<bool> one(levers, false);
        one[i] = true;
        add(one);
    }
    if (levers <= most_exact_levers) {
        for (std::size_t bits = 0; bits < std::size_t{1} << levers; ++bits) {
            std::vector<bool> set(levers);
            for (std::size_t i = 0; i < levers; ++i) set[i] = (bits >> i & 1) != 0;
            add(set);
        }
        return all;
    }
    HUTONG_EXPECT(sampled_orders >= least_sampled_orders && sampled_orders % 2 == 0);
    for (std::size_t k = 0; k < sampled_orders; ++k) {
        std::vector<std::pair<std::uint64_t, std::size_t>> keyed;
        for (std::size_t i = 0; i < levers; ++i) keyed.emplace_back(luck_key(seed, k / 2, i), i);
        std::sort(keyed.begin(), keyed.end());
        std::vector<std::size_t> order;
        for (const auto& [key, i] : keyed) order.push_back(i);
        if (k % 2 == 1) std::reverse(order.begin(), order.end());  // antithetic: an order and its reverse
        std::vector<bool> set(levers, false);
        for (const std::size_t i : order) {
            set[i] = true;
            add(set);
        }
        all.orders.push_back(std::move(order));
    }
    return all;
}

std::vector<Share> shares(const Coalitions& coalitions, const std::vector<double>& outcome) {
    const std::size_t n = coalitions.levers;
    std::vector<Share> out(n);
    const double nothing = outcome[coalitions.index(std::vector<bool>(n, false))];
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<bool> one(n, false);
        one[i] = true;
        out[i].alone = outcome[coalitions.index(one)] - nothing;
    }
    if (coalitions.orders.empty()) {
        std::vector<double> weight(n, 1);  // of a set of s others: s! (n - s - 1)! / n!
        for (std::size_t s = 0; s < n; ++s) {
            double choose = 1;
            for (std::size_t k = 1; k <= s; ++k) choose = choose * static_cast<double>(n - k) / static_cast<double>(k);
            weight[s] = 1 / (static_cast<double>(n) * choose);
        }
        for (std::size_t k = 0; k < coalitions.sets.size(); ++k) {
            std::vector<bool> set = coalitions.sets[k];
            const auto size = static_cast<std::size_t>(std::count(set.begin(), set.end(), true));
            for (std::size_t i = 0; i < n; ++i) {
                if (set[i]) continue;
                set[i] = true;
                out[i].shapley += weight[size] * (outcome[coalitions.index(set)] - outcome[k]);
                set[i] = false;
            }
        }
        return out;
    }
    // An order and its reverse are one sample: their mean is what varies independently.
    const std::size_t samples = coalitions.orders.size() / 2;
    std::vector<std::vector<double>> added(n, std::vector<double>(samples, 0));
    for (std::size_t k = 0; k < coalitions.orders.size(); ++k) {
        std::vector<bool> set(n, false);
        double before = nothing;
        for (const std::size_t i : coalitions.orders[k]) {
            set[i] = true;
            const double after = outcome[coalitions.index(set)];
            added[i][k / 2] += (after - before) / 2;
            before = after;
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        double sum = 0, squares = 0;
        for (const double v : added[i]) sum += v;
        out[i].shapley = sum / static_cast<double>(samples);
        for (const double v : added[i]) squares += (v - out[i].shapley) * (v - out[i].shapley);
        out[i].sampling_error = std::sqrt(squares / static_cast<double>(samples - 1) / static_cast<double>(samples));
    }
    return out;
}

}  // namespace hutong
