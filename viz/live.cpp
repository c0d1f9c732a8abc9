#include "viz/live.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "analysis/report_content.h"
#include "analysis/report_html.h"
#include "core/hash.h"
#include "core/process.h"
#include "core/safe_file.h"
#include "scenarios/clauses.h"
#include "scenarios/rules.h"
#include "sim/rerun.h"
#include "sim/summary.h"
#include "viz/table.h"

namespace hutong {
namespace {

constexpr std::string_view policy_prefix = "policy.", assumption_prefix = "assumption.";

std::string value_name(const ParameterValue& value) {
    struct Writer {
        std::string operator()(double v) const { return fmt::format("{:g}", v); }
        std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
        std::string operator()(bool v) const { return v ? "on" : "off"; }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Writer{}, value);
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::shared_ptr<DatasetFrame> frame_of(const District& district, const Scenario& scenario, const IndicatorSet& indicators) {
    auto frame = std::make_shared<DatasetFrame>();
    describe_district(district, *frame);
    for (const Indicator& one : indicators.all()) {
        frame->indicators.push_back({});
        IndicatorInfo& info = frame->indicators.back();
        info.name = one.name;
        info.label = one.label;
        info.kind_en = one.kind_en;
        info.kind_zh = one.kind_zh;
        info.unit = one.unit;
        info.definition = one.definition;
        info.status = std::string(status_name(one.status));
        info.lowest = one.lowest;
        info.money = one.money;
    }
    for (int row = 0; row <= scenario.run.months; ++row) frame->months.push_back((scenario.run.start - 1 + row).text());
    frame->marks.schematic_blocks = district.schematic_blocks;
    frame->marks.experiment = scenario.experiment;
    frame->marks.scale = scenario.run.scale;
    frame->marks.neutral = scenario.neutral;
    return frame;
}

std::string_view standing_text(Standing standing) {
    static constexpr std::string_view texts[] = {tr("permitted"), tr("with a reason, by the joint meeting"),
                                                 tr("by exception of the joint meeting"), tr("excluded")};
    return texts[static_cast<std::size_t>(standing)];
}

}  // namespace

ForkDataset::ForkDataset(const District& district, const Timeline& timeline, std::size_t fork, std::shared_ptr<const DatasetFrame> frame)
    : timeline_(timeline), fork_(fork), frame_(std::move(frame)), log_(hutong::space_log(district)) {
    for (const Decision& d : timeline.scenario(fork)->decisions) {
        for (SpaceInfo& s : log_.spaces) {
            if (s.code == d.space && d.vacated) s.vacated = *d.vacated;
        }
    }
    catch_up();
}

void ForkDataset::catch_up() {
    while (auto row = timeline_.row(fork_, rows_.size())) {
        log_.events.insert(log_.events.end(), row->events.begin(), row->events.end());
        rows_.push_back(std::move(row));
    }
    replicates_ = std::max<std::size_t>(timeline_.status(fork_).replicates, 1);
}

double ForkDataset::value(std::size_t indicator, Level level, std::size_t row, std::size_t area) const {
    if (indicator >= frame_->indicators.size() || level < frame_->indicators[indicator].lowest || row >= rows_.size()) return no_value();
    return static_cast<double>(rows_[row]->values[timeline_.cell(indicator, level, area)]);
}

std::shared_ptr<const PlaceCounts> ForkDataset::places_in(std::size_t row) const {
    if (!places_ || places_row_ != row) places_ = timeline_.places(fork_, row);
    places_row_ = row;
    return places_;
}

Band ForkDataset::band(std::size_t indicator, Level level, std::size_t row, std::size_t area) const {
    Band band{value(indicator, level, row, area), no_value(), no_value()};
    if (replicates_ < 2 || !std::isfinite(band.mean)) return band;
    std::vector<double> sample{band.mean};
    for (std::size_t r = 1; r < replicates_; ++r) {
        const auto other = timeline_.row_of_replicate(fork_, r, row);
        const double v = other ? static_cast<double>(other->values[timeline_.cell(indicator, level, area)]) : no_value();
        if (std::isfinite(v)) sample.push_back(v);
    }
    std::sort(sample.begin(), sample.end());
    constexpr double low = 0.05, high = 0.95;
    band.low = quantile(sample, low);
    band.high = quantile(sample, high);
    return band;
}

LiveSource::LiveSource(std::shared_ptr<const District> district, Scenario scenario, std::filesystem::path scenario_file,
                       std::filesystem::path folder, Text text, TimelineLimits limits)
    : district_(std::move(district)),
      scenario_file_(std::move(scenario_file)),
      folder_(std::move(folder)),
      threads_(limits.threads),
      text_(std::move(text)),
      timeline_(*district_, std::move(scenario), limits),
      frame_(frame_of(*district_, *timeline_.scenario(0), timeline_.indicators())) {
    data_.push_back(std::make_unique<ForkDataset>(*district_, timeline_, 0, frame_));
}

Month LiveSource::month_after(const ViewState& state) const {
    const Month start = timeline_.scenario(shown_)->run.start;
    return start + static_cast<int>(std::min(state.row, last_row(run())));
}

void LiveSource::refresh() {
    data_[shown_]->catch_up();
    if (compared_) data_[*compared_]->catch_up();
}

const LiveView* LiveSource::live(const ViewState& state) {
    if (text_.language() != state.language) text_ = Text(state.language);
    view_.fork = shown_;
    view_.compared = compared_;
    view_.forks.clear();
    for (std::size_t f = 0; f < timeline_.forks(); ++f) {
        const ForkStatus s = timeline_.status(f);
        view_.forks.push_back({s.name, s.parent, f == 0 ? "" : s.from.text(), s.rows, frame_->months.size(), s.running, s.finished,
                               s.finished ? hex(s.state_hash) : "", s.failure});
    }
    view_.can_undo = shown_ != 0;
    view_.can_redo = !redo_.empty();
    fill_levers(state);
    fill_options(state);
    fill_previews(state);
    return &view_;
}

void LiveSource::fill_levers(const ViewState& state) {
    const Month month = month_after(state);
    const std::string key = fmt::format("{} {} {}", shown_, month.index, static_cast<int>(state.language));
    if (key == levers_key_) return;
    levers_key_ = key;
    view_.levers.clear();
    const auto scenario = timeline_.scenario(shown_), base = timeline_.scenario(0);
    auto add = [&](const std::vector<ParameterRow>& now, const std::vector<ParameterRow>& then, const std::vector<ParameterRow>& normal,
                   bool policy) {
        for (std::size_t i = 0; i < now.size(); ++i) {
            LeverRow row{now[i], then[i].value, normal[i].value, {}, {}, policy};
            const Clause clause = policy ? clause_named(now[i].declaration.clause) : Clause::none;
            for (const ClauseHome& home : clause_homes()) {
                if (clause == Clause::none || home.clause != clause) continue;
                row.clause_text = text_(home.title);
                row.clause_holds = text_(home.holds);
            }
            view_.levers.push_back(std::move(row));
        }
    };
    add(list_parameters(scenario->policy.at(month), "policy"), list_parameters(base->policy.at(month), "policy"),
        list_parameters(Levers{}, "policy"), true);
    add(list_parameters(scenario->assumptions, "assumption"), list_parameters(base->assumptions, "assumption"),
        list_parameters(Assumptions{}, "assumption"), false);
}

void LiveSource::fill_options(const ViewState& state) {
    const Month month = month_after(state);
    const std::string key = state.space ? fmt::format("{} {} {} {}", shown_, month.index, *state.space, run().rows()) : "";
    if (key == options_key_) return;
    options_key_ = key;
    view_.options.clear();
    if (!state.space) return;
    const Space& space = district_->spaces[*state.space];
    const auto verdicts = permitted(space, *district_, timeline_.scenario(shown_)->policy.at(month));
    for (std::size_t u = 0; u < verdicts.size(); ++u) {
        UseOption option;
        option.use = u;
        option.permitted = verdicts[u].allowed();
        option.clause = std::string(clause_name(verdicts[u].clause));
        option.standing = std::string(standing_text(verdicts[u].standing));
        view_.options.push_back(std::move(option));
    }
}

/// What the uses would do, from the World kept last before the month in view: made in the background, one at a time.
void LiveSource::fill_previews(const ViewState& state) {
    using namespace std::chrono_literals;
    if (making_previews_.valid()) {
        if (making_previews_.wait_for(0s) != std::future_status::ready) return;
        previews_ = making_previews_.get();
    }
    const std::shared_ptr<const World> world = state.space ? timeline_.snapshot(shown_, month_after(state)) : nullptr;
    const std::string key = world ? fmt::format("{} {} {}", shown_, world->month.index, *state.space) : "";
    view_.options_as_of = world ? (world->month - 1).text() : "";
    if (key != previews_key_) {
        previews_key_ = key;
        previews_.clear();
        if (world) {
            const auto scenario = timeline_.scenario(shown_);
            making_previews_ = std::async(std::launch::async, [this, world, scenario, space = static_cast<std::uint32_t>(*state.space)] {
                const Parallel one(1);
                const Model model{
                    .district = *district_, .scenario = *scenario, .parallel = one, .luck = Luck(scenario->run.seed, 0), .neutral = {}};
                std::vector<UsePreview> made;
                try {
                    made = preview_uses(model, *world, space);
                } catch (const std::exception&) {
                    made.clear();  // too little memory for a copy of the World: the columns stay open
                }
                ++previews_made_;
                return made;
            });
        }
    }
    for (UseOption& option : view_.options) {
        option.previewed = option.use < previews_.size();
        if (!option.previewed) continue;
        const UsePreview& preview = previews_[option.use];
        option.serves = preview.serves;
        option.newly_served = preview.newly_served;
        const double voters = static_cast<double>(preview.ayes) + static_cast<double>(preview.noes);
        option.ayes = voters > 0 ? preview.ayes / voters : no_value();
    }
}

void LiveSource::wait_for_previews() {
    if (making_previews_.valid()) making_previews_.wait();
}

void LiveSource::add_fork(std::size_t parent, Month from, Scenario scenario, std::string name, bool afresh) {
    const std::size_t fork = timeline_.fork(parent, from, std::move(scenario), std::move(name), afresh);
    data_.push_back(std::make_unique<ForkDataset>(*district_, timeline_, fork, frame_));
    redo_.clear();
    if (!compared_) compared_ = 0;
    show(fork);
}

void LiveSource::show(std::size_t fork) {
    if (fork >= data_.size()) return;
    shown_ = fork;
    if (compared_ == shown_) compared_ = shown_ == 0 ? std::nullopt : std::optional<std::size_t>(timeline_.status(shown_).parent);
    frame_->marks.experiment = timeline_.scenario(fork)->experiment;
    timeline_.resume(fork);
    data_[fork]->catch_up();
}

void LiveSource::change(const ChangeLever& command, const ViewState& state) {
    const Month month = month_after(state);
    const auto scenario = timeline_.scenario(shown_);
    const std::string name = text_(msg("{} = {}", last_part(command.path), value_name(command.value)));
    if (command.path.starts_with(policy_prefix)) {
        add_fork(shown_, month, with_lever(*scenario, month, command.path.substr(policy_prefix.size()), command.value), name, false);
    } else if (command.path.starts_with(assumption_prefix)) {
        add_fork(shown_, scenario->run.start, with_assumption(*scenario, command.path.substr(assumption_prefix.size()), command.value),
                 name, true);
    }
}

void LiveSource::decide(const DecideUse& command, const ViewState& state) {
    const Space& space = district_->spaces.at(command.space);
    const Month month = std::max(month_after(state), run().space_log().spaces[command.space].vacated);
    Decision decision;
    decision.space = space.code;
    decision.use = command.use;
    decision.from = month;
    decision.decided = month_after(state);  // before the month in view nobody knows of it: the past stays
    const auto scenario = timeline_.scenario(shown_);
    add_fork(shown_, month_after(state), with_decision(*scenario, decision, *district_), text_(msg("{}: {}", space.code, command.use)),
             false);
}

void LiveSource::save(ViewState& state) {
    std::filesystem::path path = folder_ / (file_name(scenario_file_.stem().string()) + "-" + file_name(run().name()) + ".toml");
    std::error_code none;
    for (int n = 2; std::filesystem::exists(path, none); ++n)
        path = folder_ / (file_name(scenario_file_.stem().string()) + "-" + file_name(run().name()) + "-" + std::to_string(n) + ".toml");
    const ForkStatus status = timeline_.status(shown_);
    const std::string remark =
        status.finished ? fmt::format("Saved by hutong view; state hash at the end: {}", hex(status.state_hash)) : "";
    save_scenario(*timeline_.scenario(shown_), scenario_file_, path, remark);
    state.message = text_(msg("saved: {}", path.string()));
    state.message_is_error = false;
}

/// The futures as `hutong run` would make them, and the report of their results: in the background, for a run takes its
/// time. The timeline keeps what is drawn, not all that a report needs.
ViewSource::ReportJob LiveSource::report(Language language) const {
    std::vector<Scenario> scenarios;
    if (compared_) scenarios.push_back(*timeline_.scenario(*compared_));
    scenarios.push_back(*timeline_.scenario(shown_));
    std::vector<std::size_t> forks;
    if (compared_) forks.push_back(*compared_);
    forks.push_back(shown_);
    std::vector<std::uint64_t> known;  // state hashes at the end, 0 where it was not simulated so far
    for (std::size_t k = 0; k < forks.size(); ++k) {
        const ForkStatus status = timeline_.status(forks[k]);
        known.push_back(status.finished ? status.state_hash : 0);
        if (forks[k] == 0) continue;
        scenarios[k].name = scenarios[k].title_zh = scenarios[k].title_en = status.name;
        scenarios[k].text = canonical_text(scenarios[k]);
        scenarios[k].hash = Hash().text(scenarios[k].text).value();
    }
    auto make = [district = district_, scenarios, known, threads = threads_, language](const std::atomic<bool>& cancelled) {
        const Text text(language);
        const PrivateFolder folder;
        std::vector<ReportData> data;
        for (std::size_t k = 0; k < scenarios.size(); ++k) {
            std::uint64_t state = 0;
            const std::string bytes = rerun_results(*district, scenarios[k], threads, cancelled, state);
            if (known[k] != 0 && state != known[k])
                throw Error(ErrorKind::internal, msg("the run for the report ended otherwise than the future in view"),
                            msg("{} is not {}", hex(state), hex(known[k])), msg("save the scenario and report it"));
            const auto file = folder.path() / (std::to_string(k) + ".h5");
            write_safely(file, bytes);
            data.emplace_back(file);
        }
        return write_html(compose_report(arrange(data), text, report_date()), text);
    };
    return {std::move(make), true};
}

void LiveSource::handle(const Command& command, ViewState& state) {
    if (const auto* c = std::get_if<ChangeLever>(&command)) change(*c, state);
    if (const auto* c = std::get_if<DecideUse>(&command)) decide(*c, state);
    if (const auto* c = std::get_if<ShowFork>(&command)) show(c->fork);
    if (const auto* c = std::get_if<CompareWith>(&command)) {
        compared_ = c->fork && *c->fork < data_.size() && *c->fork != shown_ ? c->fork : std::nullopt;
        if (compared_) {
            data_[*compared_]->catch_up();
        } else if (state.shown == Shown::difference) {
            state.shown = Shown::value;
        }
    }
    if (const auto* c = std::get_if<RenameFork>(&command)) timeline_.rename(c->fork, c->name);
    if (std::holds_alternative<SaveScenario>(command)) save(state);
    if (std::holds_alternative<Undo>(command) && shown_ != 0) {
        redo_.push_back(shown_);
        show(timeline_.status(shown_).parent);
    }
    if (std::holds_alternative<Redo>(command) && !redo_.empty()) {
        const std::size_t fork = redo_.back();
        redo_.pop_back();
        show(fork);
    }
}

}  // namespace hutong
