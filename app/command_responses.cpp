// `hutong responses`: does the model answer to its levers with the right sign, does the effect vanish with its
// coefficient, and does each behaviour matter? On the bundled district, paired by seed.
#include <algorithm>
#include <cmath>
#include <map>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "analysis/responses.h"
#include "app/commands.h"
#include "app/many_runs.h"
#include "app/table.h"
#include "core/hash.h"
#include "core/safe_file.h"
#include "scenarios/scenario_edit.h"
#include "sim/ensemble_parts.h"

namespace hutong {
namespace {

constexpr std::int64_t default_replicates = 32;  // model.md, "Responses"
constexpr std::int64_t most_for_behaviours = 8;  // without a behaviour nothing is as it was: few pairs show it
constexpr std::string_view default_scale = "1/16";

struct ResponsesRequest {
    std::filesystem::path scenario, out = "responses";
    std::vector<int> only;  ///< numbers of model.md; empty: all
    bool behaviours = false, markdown = false;
    RunChoices choices;
    ManyChoices many;
};

/// One side of a comparison: what is set upon the scenario.
struct Arm {
    std::vector<std::string> set;
    std::vector<std::string> neutral;
    std::vector<std::string> decisions;
    auto operator<=>(const Arm&) const = default;
};

/// The sides of a response: base and changed, and the same two of the placebo (none: npos).
struct Sides {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t base = none, changed = none, placebo_base = none, placebo_changed = none;
};

/// The different sides of all responses; most share the base.
class Arms {
public:
    Sides sides_of(const Response& response) {
        Sides sides;
        sides.base = index_of(arm_of(response, false, false));
        sides.changed = index_of(arm_of(response, true, false));
        if (!response.has_placebo()) return sides;
        sides.placebo_base = index_of(arm_of(response, false, true));
        sides.placebo_changed = index_of(arm_of(response, true, true));
        return sides;
    }
    const std::vector<Arm>& all() const { return arms_; }

private:
    static Arm arm_of(const Response& response, bool changed, bool placebo) {
        Arm arm;
        std::vector<std::string> off;  // one entry for all clauses: a later one would replace it
        auto add = [&](const std::vector<std::string_view>& entries) {
            for (const auto entry : entries) {
                if (entry.starts_with("policy.off="))
                    off.emplace_back(entry.substr(entry.find('=') + 1));
                else if (entry.starts_with("neutral="))
                    arm.neutral.emplace_back(entry.substr(entry.find('=') + 1));
                else if (decision_of(entry))
                    arm.decisions.emplace_back(entry);
                else
                    arm.set.emplace_back(entry);
            }
        };
        add(response.both);
        add(changed ? response.changed : response.base);
        if (placebo) add(response.placebo);
        if (changed && !response.behaviour.empty()) arm.neutral.emplace_back(response.behaviour);
        std::string clauses;
        for (const std::string& one : off) clauses += (clauses.empty() ? "" : ",") + one;
        if (!clauses.empty()) arm.set.push_back("policy.off=" + clauses);
        return arm;
    }
    std::size_t index_of(const Arm& arm) {
        const auto at = std::find(arms_.begin(), arms_.end(), arm);
        if (at != arms_.end()) return static_cast<std::size_t>(at - arms_.begin());
        arms_.push_back(arm);
        return arms_.size() - 1;
    }
    std::vector<Arm> arms_;
};

/// A response with what came out.
struct Answer {
    const Response* response = nullptr;
    double base = 0;  ///< mean of the unchanged side
    Difference effect, placebo;
    bool good() const {
        const bool moves = response->number != 0 || effect.sure();  // a behaviour must matter
        return moves && holds(response->sign, effect) && (!response->has_placebo() || vanishes(placebo));
    }
};

/// Runs every arm with the same seeds and keeps the district's series in part files.
class Runs {
public:
    Runs(const ResponsesRequest& request, const std::vector<Arm>& arms, int months, const Parallel& parallel) {
        for (const Arm& arm : arms) {
            RunChoices choices = request.choices;
            choices.set.insert(choices.set.end(), arm.set.begin(), arm.set.end());
            choices.neutral.insert(choices.neutral.end(), arm.neutral.begin(), arm.neutral.end());
            choices.months = months;
            sessions_.push_back(std::make_unique<Session>(request.scenario, choices));
        }
        const Session& first = *sessions_.front();
        replicates_ = static_cast<std::size_t>(first.scenario().run.replicates);
        Hash design;
        std::vector<std::shared_ptr<const Scenario>> scenarios;
        for (std::size_t a = 0; a < arms.size(); ++a) {
            Scenario scenario = sessions_[a]->scenario();
            for (const std::string& entry : arms[a].decisions) scenario = with_decision(scenario, *decision_of(entry), first.district());
            design.number(scenario.hash);
            scenarios.push_back(std::make_shared<const Scenario>(std::move(scenario)));
        }
        tasks_.count = sessions_.size() * replicates_;
        tasks_.months = months;
        tasks_.lowest = Level::district;
        tasks_.folder = parts_folder(request.out);
        tasks_.key = runs_key(first.scenario(), first.district(), design.value());
        const auto population = start_population(first.district(), first.scenario(), parallel);
        tasks_.member = [scenarios, population, district = first.shared_district(), replicates = replicates_](std::size_t task) {
            return Member{scenarios[task / replicates], district, population, static_cast<std::uint32_t>(task % replicates)};
        };
        indicators_ = std::make_unique<IndicatorSet>(first.district());
    }
    const Tasks& tasks() const { return tasks_; }
    void open() { parts_ = std::make_unique<Parts>(tasks_.folder, 0, tasks_.count, tasks_.key, *indicators_, Level::district); }

    /// [replicate] of one arm.
    std::vector<double> sample(const Measure& measure, std::size_t arm) const {
        std::vector<double> values;
        for (std::size_t r = 0; r < replicates_; ++r) {
            std::map<std::string_view, std::vector<double>> series;
            values.push_back(measured(measure, [&](std::string_view indicator, int month) {
                auto& own = series[indicator];
                if (own.empty()) own = parts_->values(arm * replicates_ + r, indicators_->find(indicator), Level::district);
                return own.at(static_cast<std::size_t>(month));  // row 0 is the start
            }));
        }
        return values;
    }

private:
    std::vector<std::unique_ptr<Session>> sessions_;
    std::unique_ptr<IndicatorSet> indicators_;
    std::size_t replicates_ = 0;
    Tasks tasks_;
    std::unique_ptr<const Parts> parts_;
};

std::string short_number(double value) { return std::isfinite(value) ? fmt::format("{:.4g}", value + 0.0) : "–"; }

std::string with_interval(const Difference& d) {
    if (d.has_interval() && d.low == d.high) return fmt::format("{:+.3g}", d.mean + 0.0);
    if (!d.has_interval()) return short_number(d.mean);
    return fmt::format("{:+.3g} [{:+.3g}, {:+.3g}]", d.mean, d.low, d.high);
}

std::string wanted_text(const Response& one, const Text& text) {
    if (one.number == 0) return text(tr("moves"));
    switch (one.sign) {
        case Sign::up:
            return text(tr("up"));
        case Sign::down:
            return text(tr("down"));
        case Sign::none:
            return text(tr("no effect"));
        case Sign::either:
            break;
    }
    return text(tr("reported only"));
}

std::string joined(const std::vector<std::string_view>& entries) {
    std::string all;
    for (const auto one : entries) all += (all.empty() ? "" : ", ") + std::string(one);
    return all;
}

std::vector<std::vector<std::string>> rows_of(const std::vector<Answer>& answers, bool behaviours, const Text& text) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> head{text(behaviours ? tr("Behaviour switched off") : tr("What is changed")), text(tr("Figure")),
                                  text(tr("Months")), text(tr("Base")), text(tr("Effect [95 %]"))};
    if (!behaviours) head.push_back(text(tr("Placebo's effect")));
    head.push_back(text(tr("Must be")));
    head.push_back(text(tr("Is")));
    rows.push_back(std::move(head));
    for (const Answer& one : answers) {
        const Response& r = *one.response;
        if ((r.number == 0) != behaviours) continue;
        const Measure& m = r.measure;
        std::vector<std::string> row{behaviours ? std::string(r.behaviour) : fmt::format("{} {}", r.number, text(r.title)), text(m.name),
                                     m.from == m.until ? std::to_string(m.until) : fmt::format("{}–{}", m.from, m.until),
                                     short_number(one.base), with_interval(one.effect)};
        if (!behaviours) row.push_back(r.has_placebo() ? with_interval(one.placebo) : "–");
        row.push_back(wanted_text(r, text));
        const bool no_sign = !behaviours && r.sign == Sign::either && one.good();
        row.push_back(no_sign ? "–" : text(one.good() ? tr("as it must be") : tr("NOT as it must be")));
        rows.push_back(std::move(row));
    }
    return rows;
}

void print_markdown_table(const std::vector<std::vector<std::string>>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string line = "|";
        for (const std::string& cell : rows[i]) line += " " + cell + " |";
        fmt::print("{}\n", line);
        if (i == 0)
            fmt::print("|{}\n", [&] {
                std::string rule;
                for (std::size_t c = 0; c < rows[0].size(); ++c) rule += " --- |";
                return rule;
            }());
    }
}

void print_markdown(const std::vector<Answer>& answers, const ResponsesRequest& request, const Text& text) {
    fmt::print("# {}\n\n", text(tr("Responses of the model")));
    fmt::print(
        "{}\n\n",
        text(msg("Made by `hutong responses --behaviours --markdown`: the bundled district with {} of its people, {} pairs of runs with "
                 "the same seeds each; effect and placebo are mean paired differences with their 95 % interval (Student's t). "
                 "They show wiring and sign; they are no evidence of credibility.",
                 request.choices.scale.empty() ? default_scale : request.choices.scale, *request.choices.replicates)));
    fmt::print(
        "{}\n\n",
        text(tr("The placebo sets the coefficient behind the effect to 0, or switches the clause off, on both sides: the effect must "
                "vanish. Scattered projects (12) are reported only although a sign is asked for: their histories are alike only where "
                "decisions are fixed (tests/agents). Responses 3, 5, 11 and 14 need a town made for them, and so does the sign of 9 "
                "(tests/agents).")));
    print_markdown_table(rows_of(answers, false, text));
    fmt::print("\n{}\n\n", text(tr("What is set:")));
    const Response* before = nullptr;
    for (const Answer& one : answers) {
        const Response& r = *one.response;
        if (r.number == 0 || (before && before->number == r.number && before->base == r.base)) continue;
        before = &r;
        fmt::print("- {}: {} `{}`", r.number, text(tr("changed")), joined(r.changed));
        if (!r.scale.empty() && request.choices.scale.empty()) fmt::print("; {}", text(msg("with {} of the people", r.scale)));
        if (!r.base.empty()) fmt::print("; {} `{}`", text(tr("base")), joined(r.base));
        if (!r.both.empty()) fmt::print("; {} `{}`", text(tr("both sides")), joined(r.both));
        if (r.has_placebo()) fmt::print("; {} `{}`", text(tr("placebo")), joined(r.placebo));
        fmt::print("\n");
    }
    const bool any = std::any_of(answers.begin(), answers.end(), [](const Answer& one) { return one.response->number == 0; });
    if (!any) return;
    fmt::print("\n## {}\n\n", text(tr("Every behaviour matters")));
    fmt::print(
        "{}\n\n",
        text(tr("`--neutral NAME` switches a behaviour off: agents of that kind then react to nothing. Each moves the figure beside it by "
                "more than its interval, at most eight pairs (`history=false` on both sides).")));
    print_markdown_table(rows_of(answers, true, text));
}

void print_json(const std::vector<Answer>& answers) {
    auto number = [](double v) { return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json(nullptr); };
    auto difference = [&](const Difference& d) {
        return nlohmann::ordered_json{{"mean", number(d.mean)}, {"low", number(d.low)}, {"high", number(d.high)}, {"pairs", d.pairs}};
    };
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const Answer& one : answers) {
        nlohmann::ordered_json entry;
        entry["response"] = one.response->number;
        entry["behaviour"] = one.response->behaviour;
        entry["figure"] = one.response->measure.name;
        entry["base"] = number(one.base);
        entry["effect"] = difference(one.effect);
        entry["placebo"] = one.response->has_placebo() ? difference(one.placebo) : nlohmann::ordered_json(nullptr);
        entry["good"] = one.good();
        all.push_back(std::move(entry));
    }
    fmt::print("{}\n", all.dump(2));
}

/// What was asked for on the command line, else the response's own.
std::string scale_of(const Response& one, const ResponsesRequest& request) {
    if (!request.choices.scale.empty()) return request.choices.scale;
    return std::string(one.scale.empty() ? default_scale : one.scale);
}

/// What the runs of a response must have in common.
struct Setting {
    std::string scale;
    std::int64_t replicates = 0;
    bool operator==(const Setting&) const = default;
};

Setting setting_of(const Response& one, const ResponsesRequest& request) {
    const std::int64_t asked = request.choices.replicates.value_or(default_replicates);
    return {scale_of(one, request), one.number == 0 ? std::min(asked, most_for_behaviours) : asked};
}

/// Simulates and answers for the responses of one setting.
void answer_at(const Setting& setting, ResponsesRequest request, const std::vector<const Response*>& wanted, const Parallel& parallel,
               Ranks& ranks, const Text& text, std::vector<Answer>& answers) {
    Arms arms;
    std::vector<Sides> sides(wanted.size());
    int months = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (setting_of(*wanted[i], request) != setting) continue;
        sides[i] = arms.sides_of(*wanted[i]);
        months = std::max(months, wanted[i]->measure.last_month());
    }
    request.choices.scale = setting.scale;
    request.choices.replicates = setting.replicates;
    Runs runs(request, arms.all(), months, parallel);
    request.many.quiet = request.many.quiet || request.markdown;
    simulate_all(runs.tasks(), request.choices, request.many, ranks, text);
    if (!ranks.first()) return;
    runs.open();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (sides[i].base == Sides::none) continue;
        const Measure& measure = wanted[i]->measure;
        const auto base = runs.sample(measure, sides[i].base);
        answers[i].response = wanted[i];
        answers[i].base = mean_of(base);
        answers[i].effect = paired_difference(base, runs.sample(measure, sides[i].changed));
        if (wanted[i]->has_placebo())
            answers[i].placebo =
                paired_difference(runs.sample(measure, sides[i].placebo_base), runs.sample(measure, sides[i].placebo_changed));
    }
    if (!request.many.keep_parts) remove_parts(runs.tasks());
}

void execute(ResponsesRequest request, Ranks& ranks, CommandContext& context) {
    const Text& text = context.text;
    if (!request.choices.replicates) request.choices.replicates = default_replicates;
    std::vector<const Response*> wanted;
    for (const Response& one : district_responses()) {
        if (request.only.empty() || std::find(request.only.begin(), request.only.end(), one.number) != request.only.end())
            wanted.push_back(&one);
    }
    if (wanted.empty() && !request.behaviours) {
        throw Error(ErrorKind::usage, msg("there is no such response"), {}, msg("see docs/responses.md for those with a number"));
    }
    if (request.behaviours) {
        for (const Response& one : behaviour_responses()) wanted.push_back(&one);
    }
    const Parallel parallel(threads_of(request.choices, ranks));
    std::vector<Answer> answers(wanted.size());
    std::vector<Setting> settings;
    for (const Response* one : wanted) {
        const Setting setting = setting_of(*one, request);
        if (std::find(settings.begin(), settings.end(), setting) == settings.end()) settings.push_back(setting);
    }
    for (const Setting& setting : settings) answer_at(setting, request, wanted, parallel, ranks, text, answers);
    if (!ranks.first()) return;
    if (request.many.json) {
        print_json(answers);
    } else if (request.markdown) {
        print_markdown(answers, request, text);
    } else {
        for (const bool behaviours : {false, true}) {
            const auto rows = rows_of(answers, behaviours, text);
            if (rows.size() > 1) fmt::print("{}\n", format_table(rows));
        }
    }
    if (!std::all_of(answers.begin(), answers.end(), [](const Answer& one) { return one.good(); }))
        context.exit_code = static_cast<int>(ErrorKind::audit);
}

}  // namespace

void add_responses_command(CLI::App& app, CommandContext& context) {
    auto request = std::make_shared<ResponsesRequest>();
    request->scenario = "scenarios/baseline.toml";
    CLI::App* command =
        app.add_subcommand("responses", context.t(tr("Check that levers act with the right sign, and vanish with their placebos")));
    command->add_option("SCENARIO", request->scenario, context.t(tr("Scenario that is changed (default: scenarios/baseline.toml)")));
    command->add_option("--only", request->only, context.t(tr("Number of a response (may be repeated; default: all)")))
        ->type_name("N")
        ->allow_extra_args(false);
    command->add_flag("--behaviours", request->behaviours, context.t(tr("Also switch off every behaviour, one after the other")));
    command->add_flag("--markdown", request->markdown, context.t(tr("As the page docs/responses.md")));
    add_run_choices(*command, request->choices, context.text);
    command->add_option("--replicates", request->choices.replicates, context.t(tr("Pairs of runs for each response (default: 32)")))
        ->type_name("N");
    command->add_option("--work", request->out, context.t(tr("Name of the folder for the runs' part files")))->type_name("PATH");
    add_many_choices(*command, request->many, context.text);
    command->callback([request, &context] { on_all_ranks(context.text, [&](Ranks& ranks) { execute(*request, ranks, context); }); });
}

}  // namespace hutong
