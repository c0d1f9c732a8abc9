// The ready scenarios on the bundled district at 1/16 of the people: each runs, and differs from the baseline where its
// purpose says. The baseline varies where a policy in earnest must (scenarios/variation.h).
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <set>

#include "analysis/explain.h"
#include "program.h"
#include "scenarios/rules.h"
#include "scenarios/variation.h"

namespace hutong {
namespace {

namespace fs = std::filesystem;

constexpr const char* months = "66";

/// A run of a scenario and its results.
struct Ran {
    Ran(const Program& program, const std::string& scenario, const std::vector<std::string>& more = {})
        : path(program.folder() / (scenario + ".h5")) {
        std::vector<std::string> args{"run",      Program::source("scenarios/" + scenario + ".toml").string(),
                                      "--scale",  "1/16",
                                      "--months", months,
                                      "--quiet",  "--audit",
                                      "--out",    path.string()};
        args.insert(args.end(), more.begin(), more.end());
        const Ended ended = program.run(args);
        if (ended.code != 0) throw std::runtime_error(scenario + ": " + ended.err);
        results = std::make_unique<Results>(path);
        record = std::make_unique<SpaceRecord>(path, *results, 0);
    }
    double last(const char* name) const { return results->values(results->indicator(name), Level::district).back(); }
    double sum(const char* name) const {
        const auto values = results->values(results->indicator(name), Level::district);
        return std::accumulate(values.begin() + 1, values.end(), 0.0);
    }
    /// Share of the m2 opened in the run that is booked to a direction.
    double share(const char* direction) const {
        double all = 0;
        for (const char* one : {"service", "green", "convenience", "high_end", "other"}) all += opened(one);
        return opened(direction) / all;
    }
    double opened(const std::string& direction) const {
        const auto values = results->values(results->indicator("opened_area." + direction), Level::district);
        return values.back() - values.front();
    }
    std::int64_t count(const std::function<bool(const SpaceRow&)>& which) const {
        return std::count_if(record->spaces.begin(), record->spaces.end(), which);
    }
    /// Spaces that opened in the run by choice of the model.
    std::int64_t chosen_open(const std::function<bool(const SpaceRow&)>& which = {}) const {
        const Month start = *Month::parse(results->months.front());
        return count([&](const SpaceRow& s) { return s.fixed == 0 && s.opened > start && (!which || which(s)); });
    }
    fs::path path;
    std::unique_ptr<Results> results;
    std::unique_ptr<SpaceRecord> record;
};

struct Purpose {
    const char* scenario;
    std::function<bool(const Ran& base, const Ran& alternative)> shows;
};

const std::vector<Purpose>& purposes() {
    static const std::vector<Purpose> all{
        {"no-policy",
         [](const Ran& b, const Ran& a) {
             return a.sum("votes_held") == 0 && b.sum("votes_held") > 0 && a.last("capital_spent_yuan") == 0 &&
                    b.last("capital_spent_yuan") > 0;
         }},
        {"markets-stay",
         [](const Ran& b, const Ran& a) {
             return a.last("jobs.wholesale_market") > b.last("jobs.wholesale_market") &&
                    a.sum("workers_displaced") < b.sum("workers_displaced");
         }},
        {"early-start",
         [](const Ran& b, const Ran& a) {
             // 20,000 more workers in eight more markets, displaced with the others within the first months
             const double more = 20000.0 / 16;
             const auto traded = [](const Ran& r) {
                 return r.results->values(r.results->indicator("jobs.wholesale_market"), Level::district).front();
             };
             return std::abs(traded(a) - traded(b) - more) < 0.03 * more &&
                    a.sum("workers_displaced") - b.sum("workers_displaced") > 0.8 * more;
         }},
        {"early-start-stays",
         [](const Ran& b, const Ran& a) {
             return a.last("jobs.wholesale_market") > b.last("jobs.wholesale_market") + 20000.0 / 16 &&
                    a.sum("workers_displaced") < b.sum("workers_displaced");
         }},
        {"services-first", [](const Ran& b, const Ran& a) { return a.share("service") > b.share("service"); }},
        {"green-first", [](const Ran& b, const Ran& a) { return a.share("green") > b.share("green"); }},
        {"high-end-first", [](const Ran& b, const Ran& a) { return a.share("high_end") > b.share("high_end"); }},
        {"strict-red-line",
         [](const Ran& b, const Ran& a) {
             auto drawing = [](const Ran& r) {
                 std::int64_t n = 0;
                 for (std::size_t s = 0; s < r.record->spaces.size(); ++s) {
                     const SpaceRow& row = r.record->spaces[s];
                     if (row.fixed != 0 || row.use == no_use || row.stage <= SpaceStage::agreement) continue;
                     n += r.record->standings(s)[row.use].assessed_milli > 0 ? 1 : 0;
                 }
                 return n;
             };
             return drawing(a) < drawing(b);
         }},
        {"strong-local-hiring",
         [](const Ran& b, const Ran& a) {
             auto share = [](const Ran& r) {
                 return r.sum("hires_subsidised_resident") / (r.sum("hires_subsidised_resident") + r.sum("hires_subsidised_outside"));
             };
             return share(a) > share(b) && a.sum("subsidy_yuan") > 2 * b.sum("subsidy_yuan");
         }},
        {"green-channel", [](const Ran& b, const Ran& a) { return a.chosen_open() > b.chosen_open(); }},
        {"low-budget",
         [](const Ran& b, const Ran& a) {
             const auto paid = [](const SpaceRow& s) { return s.district_yuan > 0; };
             return a.chosen_open(paid) < b.chosen_open(paid) && a.last("capital_spent_yuan") < b.last("capital_spent_yuan") / 2;
         }},
        {"first-come",
         [](const Ran& b, const Ran& a) {
             std::int64_t differ = 0;
             for (std::size_t s = 0; s < b.record->spaces.size(); ++s) differ += a.record->spaces[s].use != b.record->spaces[s].use ? 1 : 0;
             return differ > 20;
         }},
        {"market-to-offices",
         [](const Ran& b, const Ran& a) {
             return a.opened("high_end") > b.opened("high_end") && a.share("high_end") > b.share("high_end");
         }},
        {"self-upgrade",
         [](const Ran& b, const Ran& a) {
             const auto own = [](const SpaceRow& s) { return s.decider == Decider::approved; };
             return a.chosen_open(own) > b.chosen_open(own);
         }},
        {"experiment-residential-reuse",
         [](const Ran& b, const Ran& a) {
             auto homes = [](const Ran& r) {
                 return r.count([&](const SpaceRow& s) {
                     return s.use != no_use &&
                            (r.record->uses[s.use].code == "residential_rental" || r.record->uses[s.use].code == "dormitory" ||
                             r.record->uses[s.use].code == "commodity_housing") &&
                            s.category != static_cast<std::uint8_t>(SpaceCategory::public_housing);
                 });
             };
             return homes(a) > 0 && homes(b) == 0 && a.results->marks.experiment && !b.results->marks.experiment;
         }},
    };
    return all;
}

class ReadyScenario : public testing::TestWithParam<std::size_t> {};

TEST_P(ReadyScenario, RunsAndDiffersWhereItsPurposeSays) {
    const Purpose& purpose = purposes()[GetParam()];
    const Program program;
    const Ran base(program, "baseline"), alternative(program, purpose.scenario);
    EXPECT_TRUE(purpose.shows(base, alternative)) << purpose.scenario;
}

INSTANTIATE_TEST_SUITE_P(Ready, ReadyScenario, testing::Range(std::size_t{0}, purposes().size()),
                         [](const testing::TestParamInfo<std::size_t>& one) {
                             std::string name = purposes()[one.param].scenario;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(ReadyScenarios, EveryFileHasItsTest) {
    // hindcast: tests/app/command_explain_test.cpp, and there the variants of net migration
    std::set<std::string> tested{"baseline", "hindcast", "migration-low", "migration-high"};
    for (const Purpose& purpose : purposes()) tested.insert(purpose.scenario);
    std::set<std::string> files;
    for (const auto& entry : fs::directory_iterator(Program::source("scenarios"))) {
        if (entry.path().extension() == ".toml") files.insert(entry.path().stem().string());
    }
    EXPECT_EQ(files, tested);
}

TEST(Baseline, VariesAtLeastAsDeclared) {
    const Program program;
    const Ran run(program, "baseline");
    std::map<std::string, double> seen;
    seen["noes"] = run.sum("votes_against") / run.sum("votes_held");
    double longest = 0;
    std::int64_t bodies = 0;
    for (std::size_t a = 0; a < run.record->agencies.size(); ++a) {
        const std::string name = "queue.agency_" + std::to_string(a);
        const auto queue = run.results->values(run.results->indicator(name), Level::district);
        const double most = *std::max_element(queue.begin(), queue.end());
        longest = std::max(longest, most);
        bodies += most > 0 ? 1 : 0;
    }
    seen["queue"] = longest;
    seen["bodies"] = static_cast<double>(bodies);
    double decisions = 0, sent_back = 0;
    for (const SpaceEvent& e : run.record->events) {
        const bool in_workflow = e.stage >= SpaceStage::residents_vote && e.stage <= SpaceStage::acceptance;
        decisions += in_workflow && (e.decision == SpaceDecision::approved || e.decision == SpaceDecision::sent_back) ? 1 : 0;
        sent_back += e.decision == SpaceDecision::sent_back ? 1 : 0;
    }
    seen["sent_back"] = sent_back / decisions;
    std::set<Clause> clauses;
    for (std::size_t s = 0; s < run.record->spaces.size(); ++s) {
        for (const StandingRow& row : run.record->standings(s)) {
            if (static_cast<Standing>(row.standing) != Standing::excluded) continue;
            clauses.insert(row.clause);
            ASSERT_NE(row.clause, Clause::none) << "an exclusion without a clause";
        }
    }
    seen["excluded"] = static_cast<double>(clauses.size());
    // inspections are as many at every scale, the cases to be found fewer
    seen["findings"] = run.sum("misuse_found") / run.results->marks.scale / run.sum("inspections");
    for (const LeastVariation& one : least_variations) {
        ASSERT_TRUE(seen.contains(std::string(one.name))) << one.name;
        EXPECT_GE(seen[std::string(one.name)], one.least) << one.label;
        RecordProperty(std::string(one.name), std::to_string(seen[std::string(one.name)]));
    }
}

}  // namespace
}  // namespace hutong
