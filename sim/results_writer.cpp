#include <algorithm>
#include <cmath>

#include "agents/governance.h"
#include "scenarios/rules.h"
#include "sim/results.h"
#include "sim/results_background.h"
#include "sim/results_policy.h"
#include "sim/summary.h"

namespace hutong {
namespace {

constexpr std::string_view level_groups[levels] = {"/indicator", "/subdistrict", "/district"};

std::string zone_name(ZoneType zone) {
    constexpr std::string_view names[] = {"government", "historic", "living", "business"};
    return std::string(names[static_cast<std::size_t>(zone)]);
}

/// The columns of a table, one data set each.
template <class Row, class Rows, class F>
void column(Hdf5Writer& file, const std::string& path, const Rows& rows, F&& field) {
    std::vector<Row> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(static_cast<Row>(field(row)));
    if constexpr (std::is_same_v<Row, std::string>) {
        file.texts(path, values);
    } else {
        file.data(path, values);
    }
}

class InMemory : public ReplicateSource {
public:
    explicit InMemory(const std::vector<Replicate>& replicates) : all_(replicates) {}
    std::size_t count() const override { return all_.size(); }
    std::size_t rows() const override { return all_.front().series.rows(); }
    std::uint32_t number(std::size_t r) const override { return all_[r].number; }
    std::uint64_t state_hash(std::size_t r) const override { return all_[r].state_hash; }
    std::span<const float> reals(std::size_t r, std::size_t i, Level level) const override { return all_[r].series.reals(i, level); }
    std::span<const std::int64_t> money(std::size_t r, std::size_t i, Level level) const override { return all_[r].series.money(i, level); }
    std::vector<CauseRow> causes(std::size_t r) const override { return all_[r].series.causes(); }
    std::vector<ProjectRow> projects(std::size_t r) const override { return all_[r].series.projects(); }
    SpacesState spaces(std::size_t r) const override { return all_[r].spaces; }

private:
    const std::vector<Replicate>& all_;
};

class Writer {
public:
    Writer(const Model& model, const IndicatorSet& indicators, const ReplicateSource& replicates, Interval interval)
        : model_(model),
          district_(model.district),
          indicators_(indicators),
          replicates_(replicates),
          interval_(interval),
          count_(replicates.count()),
          rows_(replicates.rows()) {}

    std::string build() {
        meta();
        places();
        for (std::size_t i = 0; i < indicators_.size(); ++i) values(i);
        summary();
        spaces();
        events();
        permissions();
        causes();
        write_background(file_, model_, replicates_);
        write_policy_record(file_, model_, replicates_);
        return file_.finish();
    }

private:
    void meta() {
        const Scenario& scenario = model_.scenario;
        file_.group("/meta");
        auto set = [&](std::string_view name, const auto& value) { file_.attribute("/meta", name, value); };
        const RunMarks marks = marks_of(model_);
        std::string neutral;
        for (const auto& name : marks.neutral) neutral += (neutral.empty() ? "" : " ") + name;
        set("format", "hutong results");
        set("schema", results_schema);
        set("version", program_version());
        set("scenario", std::string_view(scenario.name));
        set("scenario_hash", std::string_view(hex(scenario.hash)));
        set("district_hash", std::string_view(hex(district_.hash)));
        set("district_zh", std::string_view(district_.name_zh));
        set("district_en", std::string_view(district_.name_en));
        set("start", std::string_view(scenario.run.start.text()));
        set("months", static_cast<std::int64_t>(rows_) - 1);
        set("replicates", static_cast<std::int64_t>(count_));
        set("seed", static_cast<std::int64_t>(scenario.run.seed));
        set("scale", marks.scale);
        set("schematic_blocks", std::int64_t{marks.schematic_blocks});
        set("experiment", std::int64_t{marks.experiment});
        set("neutral", std::string_view(neutral));
        set("interval", interval_text(interval_));
        file_.text("/meta/scenario_text", scenario.text);
        std::vector<std::string> hashes, months;
        std::vector<std::int64_t> numbers;
        for (std::size_t r = 0; r < count_; ++r) {
            hashes.push_back(hex(replicates_.state_hash(r)));
            numbers.push_back(replicates_.number(r));
        }
        file_.texts("/meta/state_hash", hashes);
        file_.data("/meta/replicate", numbers);
        for (std::size_t row = 0; row < rows_; ++row) months.push_back((scenario.run.start + (static_cast<int>(row) - 1)).text());
        file_.texts("/months", months);
        file_.attribute("/months", "definition", "end of the month; the first is the state at the start, before the first step");
    }

    void places() {
        const auto& blocks = district_.blocks;
        column<std::string>(file_, "/blocks/code", blocks, [](const Block& b) { return b.code; });
        column<std::string>(file_, "/blocks/name_zh", blocks, [](const Block& b) { return b.name_zh; });
        column<std::string>(file_, "/blocks/name_en", blocks, [](const Block& b) { return b.name_en; });
        column<std::string>(file_, "/blocks/zone", blocks, [](const Block& b) { return zone_name(b.zone); });
        column<std::uint16_t>(file_, "/blocks/subdistrict", blocks, [](const Block& b) { return b.subdistrict.value; });
        column<double>(file_, "/blocks/area_m2", blocks, [](const Block& b) { return b.area_m2; });
        column<double>(file_, "/blocks/centre_x_m", blocks, [](const Block& b) { return b.centre.x_m; });
        column<double>(file_, "/blocks/centre_y_m", blocks, [](const Block& b) { return b.centre.y_m; });
        std::vector<std::int32_t> ring_block, ring_points;
        std::vector<double> x, y;
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            for (const auto& ring : blocks[b].rings) {
                ring_block.push_back(static_cast<std::int32_t>(b));
                ring_points.push_back(static_cast<std::int32_t>(ring.size()));
                for (const Point& point : ring) {
                    x.push_back(point.x_m);
                    y.push_back(point.y_m);
                }
            }
        }
        file_.data("/blocks/ring_block", ring_block);
        file_.data("/blocks/ring_points", ring_points);
        file_.data("/blocks/outline_x_m", x);
        file_.data("/blocks/outline_y_m", y);
        if (district_.schematic_blocks) file_.attribute("/blocks", "mark", "schematic blocks: their shapes are not the official ones");
        const auto& subdistricts = district_.subdistricts;
        column<std::string>(file_, "/subdistricts/code", subdistricts, [](const Subdistrict& s) { return s.code; });
        column<std::string>(file_, "/subdistricts/name_zh", subdistricts, [](const Subdistrict& s) { return s.name_zh; });
        column<std::string>(file_, "/subdistricts/name_en", subdistricts, [](const Subdistrict& s) { return s.name_en; });
    }

    std::size_t areas(Level level) const {
        return level == Level::block ? district_.blocks.size() : level == Level::subdistrict ? district_.subdistricts.size() : 1;
    }

    void values(std::size_t index) {
        const Indicator& one = indicators_.all()[index];
        for (std::size_t l = static_cast<std::size_t>(one.lowest); l < levels; ++l) {
            const auto level = static_cast<Level>(l);
            const std::string path = std::string(level_groups[l]) + "/" + one.name;
            Extent extent{count_, rows_};
            Extent chunk{1, rows_};
            if (level != Level::district) {
                extent.push_back(areas(level));
                chunk.push_back(areas(level));
            }
            if (one.money) {
                write<std::int64_t>(path, extent, chunk, [&](std::size_t r) { return replicates_.money(r, index, level); });
            } else {
                write<float>(path, extent, chunk, [&](std::size_t r) { return replicates_.reals(r, index, level); });
            }
            describe(path, one);
        }
    }

    template <class T, class F>
    void write(const std::string& path, const Extent& extent, const Extent& chunk, F&& column_of) {
        if (count_ == 1) {
            file_.data<T>(path, column_of(0), extent, chunk);
            return;
        }
        file_.declare<T>(path, extent, chunk);
        for (std::size_t r = 0; r < count_; ++r) {
            Extent offset(extent.size(), 0);
            offset[0] = r;
            file_.part<T>(path, column_of(r), offset, chunk);
        }
    }

    void describe(const std::string& path, const Indicator& one) {
        auto set = [&](std::string_view name, std::string_view value) { file_.attribute(path, name, value); };
        set("unit", one.unit);
        set("label", one.label);
        set("definition", one.definition);
        set("denominator", one.denominator);
        set("empty_set", one.empty_rule);
        set("interval", interval_name(interval_));
        set("status", status_name(one.status));
        if (!one.kind_en.empty()) {
            set("kind_en", one.kind_en);
            set("kind_zh", one.kind_zh);
        }
    }

    /// Mean, median, p05, p95 and standard error over the replicates. One replicate is its own mean and median at its
    /// level, without quantiles and error; /summary/block is then left out.
    void summary() {
        std::vector<std::string> names, statistics(summary_names.begin(), summary_names.end());
        for (const Indicator& one : indicators_.all()) names.push_back(one.name);
        file_.texts("/summary/indicators", names);
        file_.texts("/summary/statistics", statistics);
        summary_of(Level::district, "/summary/district");
        summary_of(Level::subdistrict, "/summary/subdistrict");
        if (count_ > 1) summary_of(Level::block, "/summary/block");
    }

    void summary_of(Level level, const std::string& path) {
        const std::size_t plane = rows_ * areas(level), of_statistic = indicators_.size();
        Extent extent{summary_names.size(), of_statistic, rows_}, chunk{1, of_statistic, rows_};
        if (level != Level::district) {
            extent.push_back(areas(level));
            chunk = {1, 1, rows_, areas(level)};
        }
        if (level == Level::district) {  // small: one chunk for each statistic
            std::vector<float> all(summary_names.size() * of_statistic * plane);
            std::vector<float> five;
            for (std::size_t i = 0; i < of_statistic; ++i) {
                summarise_cells(i, level, plane, five);
                for (std::size_t k = 0; k < summary_names.size(); ++k)
                    std::copy_n(five.begin() + static_cast<std::ptrdiff_t>(k * plane), plane,
                                all.begin() + static_cast<std::ptrdiff_t>((k * of_statistic + i) * plane));
            }
            file_.data<float>(path, all, extent, chunk);
        } else {
            file_.declare<float>(path, extent, chunk);
            constexpr std::size_t at_once = 16;  // indicators: bounds the memory and feeds every core
            for (std::size_t first = 0; first < of_statistic; first += at_once) {
                std::vector<std::vector<float>> five(std::min(at_once, of_statistic - first));
                model_.parallel.for_grains(five.size(), 1, [&](std::size_t grain, std::size_t, std::size_t) {
                    summarise_cells(first + grain, level, plane, five[grain]);
                });
                for (std::size_t i = 0; i < five.size(); ++i) {
                    for (std::size_t k = 0; k < summary_names.size(); ++k)
                        file_.part<float>(path, std::span(five[i]).subspan(k * plane, plane), {k, first + i, 0, 0}, chunk);
                }
            }
        }
        file_.attribute(path, "interval", interval_name(interval_));
    }

    /// [statistic * plane + cell] of one indicator.
    void summarise_cells(std::size_t index, Level level, std::size_t plane, std::vector<float>& five) const {
        const auto none = static_cast<float>(no_value());
        five.assign(summary_names.size() * plane, none);
        const Indicator& one = indicators_.all()[index];
        if (level < one.lowest) return;
        std::vector<std::span<const float>> reals;
        std::vector<std::span<const std::int64_t>> money;
        for (std::size_t r = 0; r < count_; ++r) {
            if (one.money) {
                money.push_back(replicates_.money(r, index, level));
            } else {
                reals.push_back(replicates_.reals(r, index, level));
            }
        }
        std::vector<double> sample;
        for (std::size_t cell = 0; cell < plane; ++cell) {
            sample.clear();
            for (std::size_t r = 0; r < count_; ++r)
                sample.push_back(one.money ? static_cast<double>(money[r][cell]) : static_cast<double>(reals[r][cell]));
            const Summary s = summarise(sample);
            const double values[] = {s.mean, s.median, s.p05, s.p95, s.standard_error};
            for (std::size_t k = 0; k < std::size(values); ++k) five[k * plane + cell] = static_cast<float>(values[k]);
        }
    }

    void spaces() {
        const auto& given = district_.spaces;
        column<std::string>(file_, "/spaces/code", given, [](const Space& s) { return s.code; });
        column<std::string>(file_, "/spaces/name_zh", given, [](const Space& s) { return s.name_zh; });
        column<std::string>(file_, "/spaces/name_en", given, [](const Space& s) { return s.name_en; });
        column<std::uint8_t>(file_, "/spaces/category", given, [](const Space& s) { return s.category; });
        column<std::uint8_t>(file_, "/spaces/form", given, [](const Space& s) { return s.form; });
        column<std::uint8_t>(file_, "/spaces/owner", given, [](const Space& s) { return s.owner; });
        column<std::uint8_t>(file_, "/spaces/heritage", given, [](const Space& s) { return s.heritage; });
        column<std::uint16_t>(file_, "/spaces/block", given, [&](const Space& s) { return district_.block_of(s.node).value; });
        column<double>(file_, "/spaces/area_m2", given, [](const Space& s) { return s.area_m2; });
        column<std::string>(file_, "/spaces/status", given, [](const Space& s) { return std::string(status_name(s.status)); });
        file_.attribute("/spaces/category", "values",
                        "industrial education heritage public_housing residential corner_land temporary (C3.1-C3.7)");
        file_.attribute("/spaces/form", "values", "floor_above floor_below courtyard_complete courtyard_partial land");
        file_.attribute("/spaces/owner", "values", "central municipal military district_soe private_owner direct_managed district");
        file_.attribute("/spaces/heritage", "values", "none district municipal national");
        // What became of them, by replicate.
        for (std::size_t r = 0; r < count_; ++r) states_.push_back(replicates_.spaces(r));
        by_replicate<std::uint8_t>("/spaces/stage",
                                   [](const SpacesState& s, std::size_t i) { return static_cast<std::uint8_t>(s.stage[i]); });
        by_replicate<std::uint8_t>("/spaces/use", [](const SpacesState& s, std::size_t i) { return s.use[i]; });
        by_replicate<std::uint8_t>("/spaces/route", [](const SpacesState& s, std::size_t i) { return s.route[i]; });
        by_replicate<std::uint8_t>("/spaces/agency", [](const SpacesState& s, std::size_t i) { return s.agency[i]; });
        by_replicate<std::uint8_t>("/spaces/decider",
                                   [](const SpacesState& s, std::size_t i) { return static_cast<std::uint8_t>(s.decider[i]); });
        by_replicate<std::int64_t>("/spaces/cost_yuan", [](const SpacesState& s, std::size_t i) { return s.cost_yuan[i]; });
        by_replicate<std::int32_t>("/spaces/vacated", [](const SpacesState& s, std::size_t i) { return s.vacated[i]; });
        by_replicate<std::int32_t>("/spaces/opened", [](const SpacesState& s, std::size_t i) { return s.opened[i]; });
        for (const char* path : {"/spaces/vacated", "/spaces/opened"}) {
            file_.attribute(path, "unit", "months since 1900-01; 0: not yet");
        }
        file_.attribute("/spaces/decider", "values", "decided approved informed (policy.md, Authority)");
        file_.attribute("/spaces/route", "values", "scattered key major (W1-W3)");
        file_.texts("/stages", stage_names());
        column<std::string>(file_, "/uses/code", district_.catalogue.uses, [](const Use& u) { return u.code; });
        column<std::string>(file_, "/uses/name_zh", district_.catalogue.uses, [](const Use& u) { return u.name_zh; });
        column<std::string>(file_, "/uses/name_en", district_.catalogue.uses, [](const Use& u) { return u.name_en; });
        file_.texts("/clauses", clause_names());
        const auto agencies = agency_names(district_);
        column<std::string>(file_, "/agencies/name_zh", agencies, [](const AgencyName& a) { return a.zh; });
        column<std::string>(file_, "/agencies/name_en", agencies, [](const AgencyName& a) { return a.en; });
    }

    static std::vector<std::string> stage_names() {
        return {"occupied",           "vacant",    "proposal",       "residents_vote",
                "consultation",       "review",    "joint_meeting",  "district_government",
                "municipal_approval", "agreement", "procurement",    "works",
                "acceptance",         "open",      "temporary_open", "left_blank"};
    }

    template <class T, class F>
    void by_replicate(const std::string& path, F&& field) {
        std::vector<T> values;
        const std::size_t spaces = district_.spaces.size();
        for (const SpacesState& state : states_) {
            for (std::size_t i = 0; i < spaces; ++i) values.push_back(field(state, i));
        }
        file_.data<T>(path, values, {count_, spaces});
    }

    void events() {
        struct Row {
            std::uint16_t replicate;
            SpaceEvent event;
        };
        std::vector<Row> rows;
        for (std::size_t r = 0; r < count_; ++r) {
            for (const SpaceEvent& event : states_[r].events) rows.push_back({static_cast<std::uint16_t>(r), event});
        }
        column<std::uint16_t>(file_, "/events/replicate", rows, [](const Row& r) { return r.replicate; });
        column<std::int32_t>(file_, "/events/month", rows, [](const Row& r) { return r.event.month; });
        column<std::int32_t>(file_, "/events/space", rows, [](const Row& r) { return r.event.space; });
        column<std::uint8_t>(file_, "/events/stage", rows, [](const Row& r) { return r.event.stage; });
        column<std::uint8_t>(file_, "/events/decision", rows, [](const Row& r) { return r.event.decision; });
        column<std::uint16_t>(file_, "/events/clause", rows, [](const Row& r) { return r.event.clause; });
        column<std::uint8_t>(file_, "/events/agency", rows, [](const Row& r) { return r.event.agency; });
        column<std::uint8_t>(file_, "/events/use", rows, [](const Row& r) { return r.event.use; });
        column<std::int32_t>(file_, "/events/votes_for", rows, [](const Row& r) { return r.event.votes_for; });
        column<std::int32_t>(file_, "/events/votes_against", rows, [](const Row& r) { return r.event.votes_against; });
        column<std::int64_t>(file_, "/events/yuan", rows, [](const Row& r) { return r.event.yuan; });
        file_.attribute("/events/month", "unit", "months since 1900-01");
        file_.attribute("/events/stage", "values", "index into /stages");
        file_.attribute("/events/decision", "values",
                        "entered approved sent_back rejected_by_vote refused opened closed vacated started measured called surrendered");
        file_.attribute("/events/votes_for", "definition",
                        "ayes; where measured: people of the use's target group within its distance served at standard, last month");
        file_.attribute("/events/votes_against", "definition", "noes; where measured: the same people not served at standard");
    }

    /// What the law of the first month lets every space become.
    void permissions() {
        const auto& uses = district_.catalogue.uses;
        const Levers& levers = model_.levers(model_.scenario.run.start);
        std::vector<std::uint8_t> clauses(district_.spaces.size() * uses.size(), 0);
        model_.parallel.for_grains(district_.spaces.size(), 64, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t s = begin; s < end; ++s) {
                const auto verdicts = permitted(district_.spaces[s], district_, levers);
                for (std::size_t u = 0; u < uses.size(); ++u) {
                    if (!verdicts[u].allowed()) clauses[s * uses.size() + u] = static_cast<std::uint8_t>(verdicts[u].clause);
                }
            }
        });
        file_.data<std::uint8_t>("/permitted", clauses, {district_.spaces.size(), uses.size()});
        file_.attribute("/permitted", "definition",
                        "[space, use]: index into /clauses of the excluding clause, 0 where the use is permitted");
    }

    void causes() {
        struct Row {
            std::uint16_t replicate;
            CauseRow cause;
        };
        std::vector<Row> rows;
        for (std::size_t r = 0; r < count_; ++r) {
            for (const CauseRow& cause : replicates_.causes(r)) rows.push_back({static_cast<std::uint16_t>(r), cause});
        }
        column<std::uint16_t>(file_, "/causes/replicate", rows, [](const Row& r) { return r.replicate; });
        column<std::uint16_t>(file_, "/causes/month", rows, [](const Row& r) { return r.cause.month; });
        column<std::uint16_t>(file_, "/causes/block", rows, [](const Row& r) { return r.cause.block; });
        column<std::uint16_t>(file_, "/causes/indicator", rows, [](const Row&) { return 0; });
        column<std::uint8_t>(file_, "/causes/cause", rows, [](const Row& r) { return r.cause.cause; });
        column<std::int32_t>(file_, "/causes/change", rows, [](const Row& r) { return r.cause.change; });
        std::vector<std::string> names;
        for (std::size_t c = 0; c < static_cast<std::size_t>(Cause::count); ++c) names.emplace_back(cause_name(static_cast<Cause>(c)));
        file_.texts("/causes/causes", names);
        file_.texts("/causes/indicators", {"population"});
        file_.attribute("/causes", "definition", "booked changes of an indicator by row of /months and block; they add up to its change");
    }

    const Model& model_;
    const District& district_;
    const IndicatorSet& indicators_;
    const ReplicateSource& replicates_;
    Interval interval_;
    std::size_t count_, rows_;
    std::vector<SpacesState> states_;  ///< [replicate] of the spaces at the end
    Hdf5Writer file_;
};

}  // namespace

std::string_view program_version() { return HUTONG_VERSION; }

RunMarks marks_of(const Model& model) {
    RunMarks marks;
    marks.schematic_blocks = model.district.schematic_blocks;
    marks.experiment = model.scenario.experiment;
    marks.scale = model.scenario.run.scale;
    for (std::size_t b = 0; b < static_cast<std::size_t>(Behaviour::count); ++b) {
        if (model.neutral[b]) marks.neutral.emplace_back(behaviour_name(static_cast<Behaviour>(b)));
    }
    return marks;
}

std::vector<std::string> mark_texts(const RunMarks& marks, const Text& text) {
    std::vector<std::string> out;
    if (marks.schematic_blocks) out.push_back(text(tr("schematic blocks: their shapes are not the official ones")));
    if (marks.scale != 1) {
        constexpr double nearly = 1e-9;
        const double inverse = 1 / marks.scale;
        const bool fraction = std::fabs(inverse - std::round(inverse)) < nearly;
        out.push_back(text(msg("scale {}: counts are of the simulated fraction",
                               fraction ? fmt::format("1/{:.0f}", inverse) : fmt::format("{}", marks.scale))));
    }
    if (marks.experiment) out.push_back(text(tr("experiment: clauses of the policy are off or a decision is unlawful")));
    if (!marks.neutral.empty()) {
        std::string names;
        for (const auto& name : marks.neutral) names += (names.empty() ? "" : ", ") + name;
        out.push_back(text(msg("behaviour switched off: {}", names)));
    }
    return out;
}

std::string_view interval_name(Interval interval) {
    constexpr std::string_view names[] = {"chance", "assumptions", "data"};
    return names[static_cast<std::size_t>(interval)];
}

std::string_view interval_text(Interval interval) {
    constexpr std::string_view texts[] = {tr("chance: replicates differ by their draws alone"),
                                          tr("assumptions: drawn from their declared ranges, the same seed throughout"),
                                          tr("data: the district drawn again within its ranges, the same seed throughout")};
    return texts[static_cast<std::size_t>(interval)];
}

Interval interval_named(std::string_view name) {
    for (const Interval one : {Interval::chance, Interval::assumptions, Interval::data}) {
        if (name == interval_name(one) || name == interval_text(one)) return one;
    }
    throw Error(ErrorKind::bad_results, msg("'{}' is no kind of interval", name), {}, msg("choose chance, assumptions or data"));
}

std::string build_results(const Model& model, const IndicatorSet& indicators, const std::vector<Replicate>& replicates) {
    return build_results(model, indicators, InMemory(replicates), Interval::chance);
}

std::string build_results(const Model& model, const IndicatorSet& indicators, const ReplicateSource& replicates, Interval interval) {
    return Writer(model, indicators, replicates, interval).build();
}

}  // namespace hutong
