#include "analysis/explain.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "scenarios/clauses.h"
#include "scenarios/rules.h"

namespace hutong {
namespace {

class Story {
public:
    Story(const Results& results, const SpaceRecord& record, std::size_t space, const Text& text)
        : results_(results), record_(record), index_(space), space_(record.spaces[space]), text_(text) {
        for (const SpaceEvent& event : record.events) {
            if (event.space == space) events_.push_back(event);
        }
    }

    std::vector<std::string> tell() {
        introduce();
        possible();
        happened();
        decided();
        cost();
        durations();
        nearby();
        return std::move(lines_);
    }

private:
    bool chinese() const { return text_.language() == Language::chinese; }
    void say(const Message& message) { lines_.push_back(text_(message)); }
    void heading(std::string_view id) { lines_.push_back("# " + text_(id)); }
    std::string list(const std::vector<std::string>& items) const {
        std::string all;
        for (const std::string& one : items) all += (all.empty() ? "" : chinese() ? "、" : ", ") + one;
        return all;
    }
    std::string use(std::uint8_t u) const {
        if (u >= record_.uses.size()) return text_(tr("no use"));
        return chinese() ? record_.uses[u].name_zh : record_.uses[u].name_en;
    }
    std::string agency(std::uint8_t a, Month month) const {
        if (a >= record_.agencies.size()) return text_(tr("nobody"));
        const auto& name = record_.agencies[a].name_in(month);
        return chinese() ? name.zh : name.en;
    }
    /// "C4.2, managing people through housing".
    std::string clause(Clause one) const {
        if (one == Clause::none) return {};
        const std::string_view title = clause_title(one);
        return std::string(clause_name(one)) + (chinese() ? " " : ", ") + text_(title);
    }
    static Month month_of(const SpaceEvent& event) { return Month{event.month}; }

    void introduce() {
        const std::string name = chinese() ? space_.name_zh : space_.name_en;
        lines_.push_back(name + " (" + space_.code + ")");
        const bool placed = space_.block < results_.blocks.size();
        const BlockInfo* block = placed ? &results_.blocks[space_.block] : nullptr;
        const std::string where =
            !block
                ? text_(tr("outside the blocks"))
                : (chinese() ? block->name_zh : block->name_en) + " (" + block->code + ")" + (chinese() ? "，" : ", ") +
                      (chinese() ? results_.subdistricts[block->subdistrict].name_zh : results_.subdistricts[block->subdistrict].name_en);
        say(msg("{}, {}, {}; owner: {}; {}", text_(category_label(space_.category)), text_(form_label(space_.form)),
                text_.area_m2(space_.area_m2), text_(owner_label(space_.owner)), where));
        if (space_.status != "sourced")
            say(msg("In the pack this space is marked '{}': do not read it as a real address.", text_(space_.status)));
        if (space_.planned_use != no_use) say(msg("Planned: {} from {} on.", use(space_.planned_use), space_.planned_start.text()));
        say(msg("State at the end of {}: {}{}.", results_.months.back(), text_(stage_label(space_.stage)),
                space_.use == no_use ? "" : (chinese() ? "，" : ", ") + use(space_.use)));
    }

    /// What each use may be, grouped by standing and clause.
    void possible() {
        const auto standings = record_.standings(index_);
        std::map<std::pair<int, int>, std::vector<std::string>> groups;
        for (std::size_t u = 0; u < standings.size(); ++u)
            groups[{standings[u].standing, static_cast<int>(standings[u].clause)}].push_back(use(static_cast<std::uint8_t>(u)));
        heading(tr("What was possible"));
        bool excluded = false;
        for (const auto& [key, uses] : groups) {
            const auto standing = static_cast<Standing>(key.first);
            const auto one = static_cast<Clause>(key.second);
            if (standing == Standing::excluded && !excluded) {
                heading(tr("What was excluded, and by which clause"));
                excluded = true;
            }
            switch (standing) {
                case Standing::plain:
                    one == Clause::none ? say(msg("Nothing speaks against: {}", list(uses)))
                                        : say(msg("Asked for or named by {}: {}", clause(one), list(uses)));
                    break;
                case Standing::with_reason:
                    say(msg("Only with a written reason, through the joint meeting ({}): {}", clause(one), list(uses)));
                    break;
                case Standing::exception:
                    say(msg("In principle not, only as an exception of the joint meeting ({}): {}", clause(one), list(uses)));
                    break;
                case Standing::excluded:
                    say(msg("{}: {}", clause(one), list(uses)));
                    break;
            }
        }
    }

    void tell_event(const SpaceEvent& e) {
        const std::string month = month_of(e).text();
        const auto one = static_cast<Clause>(e.clause);
        const std::string who = agency(e.agency, month_of(e)), stage = text_(stage_label(e.stage));
        switch (e.decision) {
            case SpaceDecision::vacated:
                if (one == Clause::C3_4) return say(msg("{}: the call ended; the courtyard was free for reuse ({}).", month, clause(one)));
                return say(msg("{}: the space was vacated.", month));
            case SpaceDecision::entered:
                if (one == Clause::P0) return say(msg("{}: taken into the year's reuse plan (P0).", month));
                if (e.stage == SpaceStage::proposal) return say(msg("{}: a plan was begun: {}.", month, use(e.use)));
                return;
            case SpaceDecision::approved:
                if (one == Clause::P2)
                    return say(msg("{}: taken back by the district for {} (P2).", month, text_.yuan(static_cast<double>(e.yuan))));
                if (e.stage == SpaceStage::residents_vote)
                    return say(msg("{}: the residents agreed, {} for and {} against ({}).", month, text_.count(e.votes_for),
                                   text_.count(e.votes_against), clause(one)));
                return say(msg("{}: {}: approved by {} ({}).", month, stage, who, clause(one)));
            case SpaceDecision::sent_back:
                return say(msg("{}: {}: sent back by {} ({}).", month, stage, who, clause(one)));
            case SpaceDecision::rejected_by_vote:
                return say(msg("{}: the residents rejected the plan, {} for and {} against ({}).", month, text_.count(e.votes_for),
                               text_.count(e.votes_against), clause(one)));
            case SpaceDecision::refused:
                if (e.stage == SpaceStage::vacant) return say(msg("{}: the decision of the user was refused ({}).", month, clause(one)));
                return say(msg("{}: {}: refused by {} ({}).", month, stage, who, clause(one)));
            case SpaceDecision::opened:
                if (one == Clause::P1) return say(msg("{}: a share of it was given to public use (P1).", month));
                return say(msg("{}: opened as {} ({}).", month, use(e.use), clause(one)));
            case SpaceDecision::closed:
                return say(msg("{}: the use ended ({}).", month, clause(one)));
            case SpaceDecision::started:
            case SpaceDecision::measured:
            case SpaceDecision::count:
                return;
            case SpaceDecision::called:
                return say(msg("{}: {} households were asked to apply to surrender their leases ({}).", month, text_.count(e.votes_for),
                               clause(one)));
            case SpaceDecision::surrendered:
                return say(msg("{}: leases surrendered: {}, for {}; leases left: {} ({}).", month, text_.count(e.votes_for),
                               text_.yuan(static_cast<double>(e.yuan)), text_.count(e.votes_against), clause(one)));
        }
    }

    void happened() {
        heading(tr("What happened"));
        if (events_.empty()) return say(msg("Nothing within the months simulated."));
        for (const SpaceEvent& event : events_) tell_event(event);
        const SpaceEvent* last = nullptr;
        for (const SpaceEvent& event : events_) {
            if (event.decision != SpaceDecision::measured) last = &event;
        }
        const bool waits = last && last->decision == SpaceDecision::entered && space_.stage >= SpaceStage::proposal &&
                           space_.stage <= SpaceStage::acceptance && last->stage == space_.stage;
        if (waits) say(msg("Since {} it is at this stage: {}.", month_of(*last).text(), text_(stage_label(space_.stage))));
    }

    void decided() {
        heading(tr("Who decided"));
        if (space_.stage == SpaceStage::occupied || space_.stage == SpaceStage::vacant)
            return say(msg("Nobody yet. Its responsible department is {} (M3).", agency(space_.agency, space_.vacated)));
        if (space_.fixed == 1) {
            say(msg("History: the use is known and was not chosen by the model."));
        } else if (space_.fixed == 2) {
            say(msg("The user of the program, by a decision in the scenario."));
        } else if (space_.decider == Decider::decided) {
            say(msg("The district decided, by need over all spaces it may decide (G3)."));
        } else if (space_.decider == Decider::approved) {
            say(msg("The owner proposed; the responsible department approved or sent back (M3, W2)."));
        } else {
            say(msg("The owner decided; the district was informed only (Authority)."));
        }
        const std::string_view routes[] = {tr("scattered project"), tr("key project"), tr("major project")};
        say(msg("Responsible department: {}. Route: {} (W1).", agency(space_.agency, space_.vacated),
                text_(routes[std::min<std::size_t>(space_.route, 2)])));
        if (results_.replicates > 1 && space_.use != no_use) {
            say(msg("In {} of {} replicates the space ends with this use.", record_.replicates_with_use(index_, space_.use),
                    results_.replicates));
        }
    }

    void cost() {
        if (space_.use == no_use || space_.stage < SpaceStage::procurement) return;
        heading(tr("What it cost"));
        if (space_.fixed == 1 && space_.cost_yuan == 0) return say(msg("Not known for a use fixed by history."));
        say(msg("Works: {}, of them {} paid by the district (P3).", text_.yuan(static_cast<double>(space_.cost_yuan)),
                text_.yuan(static_cast<double>(space_.district_yuan))));
        const UseRow& row = record_.uses[space_.use];
        const std::string_view operators[] = {tr("a department"), tr("a professional body"), tr("a chain or brand operator"), tr("tenants"),
                                              tr("residents")};
        say(msg("Run by {}.", text_(operators[std::min<std::size_t>(row.operated_by, 4)])));
        if (space_.public_dm2 > 0) {
            constexpr double dm2_per_m2 = 100;
            say(msg("Given to public use: {} (P1).", text_.area_m2(static_cast<double>(space_.public_dm2) / dm2_per_m2)));
        }
        say(msg("Costs and times rest on assumptions: compare scenarios by them, never read them as forecasts."));
    }

    void durations() {
        struct Time {
            int months = 0, times = 0;
            std::uint8_t agency = 255;
            Month when;
        };
        std::map<SpaceStage, Time> stages;
        const SpaceEvent* begun = nullptr;
        for (const SpaceEvent& event : events_) {
            const bool timed = event.stage >= SpaceStage::proposal && event.stage <= SpaceStage::acceptance;
            const bool enters = event.decision == SpaceDecision::entered && timed && static_cast<Clause>(event.clause) != Clause::P0;
            const bool ends = enters || event.decision == SpaceDecision::opened || event.decision == SpaceDecision::refused ||
                              event.decision == SpaceDecision::rejected_by_vote;
            if (!ends) continue;
            if (begun) {
                Time& time = stages[begun->stage];
                time.months += event.month - begun->month;
                ++time.times;
                time.agency = begun->agency;
                time.when = month_of(*begun);
            }
            begun = enters ? &event : nullptr;
        }
        if (stages.empty()) return;
        heading(tr("How long each stage took"));
        int sum = 0;
        for (const auto& [stage, time] : stages) {
            sum += time.months;
            const std::string name = text_(stage_label(stage));
            const std::string who = time.agency == 255 ? "" : (chinese() ? "，" : ", ") + agency(time.agency, time.when);
            time.times == 1 ? say(msg("{}{}: {} months", name, who, time.months))
                            : say(msg("{}{}: {} months in {} attempts", name, who, time.months, time.times));
        }
        if (space_.opened.index > 0 && space_.vacated.index > 0)
            say(msg("From vacating ({}) to opening ({}): {} months, of them {} in these stages.", space_.vacated.text(),
                    space_.opened.text(), space_.opened - space_.vacated, sum));
    }

    void nearby() {
        const SpaceEvent* opening = nullptr;
        std::vector<const SpaceEvent*> measured;
        for (const SpaceEvent& event : events_) {
            if (event.decision == SpaceDecision::opened && static_cast<Clause>(event.clause) != Clause::P1) {
                opening = &event;
                measured.clear();
            }
            if (event.decision == SpaceDecision::measured) measured.push_back(&event);
        }
        if (!opening) return;
        heading(tr("What it changed nearby"));
        const UseRow& row = record_.uses[opening->use];
        if (row.visitors_per_m2_day > 0)
            say(msg("Visitors on an ordinary day: about {} (assumption).",
                    text_.count(std::llround(row.visitors_per_m2_day * space_.area_m2))));
        const auto& standing = record_.standings(index_)[opening->use];
        constexpr double milli = 1000;
        say(msg("Assessed population effect of the use: {} persons (W1, C4.1).", text_.number(standing.assessed_milli / milli)));
        for (const SpaceEvent* event : measured) {
            const int since = event->month - opening->month;
            const double people = static_cast<double>(event->votes_for) + static_cast<double>(event->votes_against);
            if (people <= 0) continue;
            const std::string share = text_.share(event->votes_for / people), all = text_.count(std::llround(people));
            if (since == 0) {
                say(msg("Within its distance {} people are of the group it serves; before it opened {} of them were served at standard.",
                        all, share));
            } else {
                say(msg("{} months after: {} of {}.", since, share, all));
            }
        }
        block_changes(month_of(*opening));
    }

    /// The block a month before the opening and a year after; other things happened there as well.
    void block_changes(Month opening) {
        if (space_.block >= results_.blocks.size()) return;
        constexpr int year = 12;
        const auto first = Month::parse(results_.months.front());
        if (!first) return;
        const int rows = static_cast<int>(results_.months.size());
        const int before = std::clamp(opening - *first - 1, 0, rows - 1), after = std::clamp(opening - *first + year, 0, rows - 1);
        if (after <= before) return;
        say(msg("The block from {} to {} (whatever else happened there included):", results_.months[static_cast<std::size_t>(before)],
                results_.months[static_cast<std::size_t>(after)]));
        std::vector<std::string> names{"population", "filled_jobs", "floating", "coverage"};
        const std::string& service = record_.uses[space_.use == no_use ? 0 : space_.use].service;
        if (!service.empty() && space_.use != no_use) names.push_back("coverage." + service);
        for (const std::string& name : names) {
            const auto found = std::find_if(results_.indicators.begin(), results_.indicators.end(),
                                            [&](const IndicatorInfo& i) { return i.name == name; });
            if (found == results_.indicators.end() || found->lowest != Level::block) continue;
            const auto values = results_.values(*found, Level::block, record_.replicate());
            const std::size_t blocks = results_.blocks.size();
            const double a = values[static_cast<std::size_t>(before) * blocks + space_.block],
                         b = values[static_cast<std::size_t>(after) * blocks + space_.block];
            if (!std::isfinite(a) || !std::isfinite(b)) continue;
            const bool share = found->unit == "share";
            auto written = [&](double v) { return share ? text_.share(v) : text_.count(std::llround(v)); };
            lines_.push_back("  " + text_(msg("{}: {} to {}", indicator_label(text_, found->label, found->kind_en, found->kind_zh),
                                              written(a), written(b))));
        }
    }

    const Results& results_;
    const SpaceRecord& record_;
    std::size_t index_;
    const SpaceRow& space_;
    const Text& text_;
    std::vector<SpaceEvent> events_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> explain_space(const Results& results, const SpaceRecord& record, std::size_t space, const Text& text) {
    return Story(results, record, space, text).tell();
}

HistoryMatch match_history(const SpaceRecord& record, Month last) {
    HistoryMatch out;
    std::vector<HindcastSpace> rows;
    std::vector<std::uint8_t> direction;
    for (const UseRow& use : record.uses) direction.push_back(use.direction);
    for (std::size_t s = 0; s < record.spaces.size(); ++s) {
        const SpaceRow& space = record.spaces[s];
        HindcastSpace row;
        if (space.known_use < record.uses.size()) row.known = space.known_use;
        if (space.stage >= SpaceStage::proposal) row.chosen = space.use;
        row.empty = space.stage != SpaceStage::occupied;
        row.fixed = space.fixed != 0;
        row.known_opening = space.known_opening;
        row.opened = space.opened;
        if (row.known != no_use && row.empty && !row.fixed)
            out.lawful += static_cast<Standing>(record.standings(s)[row.known].standing) != Standing::excluded ? 1 : 0;
        rows.push_back(row);
    }
    out.hindcast = hold_against_history(rows, direction, last);
    return out;
}

}  // namespace hutong
