#include "scenarios/scenario.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include <toml++/toml.h>

#include "core/hash.h"

namespace hutong {
namespace {

/// What a scenario file can say with one value per key, as one declared section.
struct RunSection {
    std::string start = "2017-07";
    std::int64_t months = 222;
    std::int64_t replicates = 1;
    std::int64_t seed = 1;
    double scale = 1;
    std::string district = "xicheng";
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.start, Declaration{.name = "start", .unit = "month", .label = "First month"});
        visit(s.months, Declaration{.name = "months", .unit = "month", .label = "Months simulated", .low = 0, .high = 1200});
        visit(s.replicates, Declaration{.name = "replicates", .unit = "1", .label = "Replicates", .low = 1, .high = 100000});
        visit(s.seed, Declaration{.name = "seed", .unit = "1", .label = "Seed", .low = 0, .high = 9e15});
        visit(s.scale, Declaration{.name = "scale", .unit = "1", .label = "Fraction of the people simulated", .low = 0.0001, .high = 16});
        visit(s.district, Declaration{.name = "district", .unit = "", .label = "District pack"});
    }
};

struct Settings {
    std::string title_zh, title_en, purpose_zh, purpose_en;
    bool history = true;
    RunSection run;
    Levers policy;
    Assumptions assumption;
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.title_zh, Declaration{.name = "title_zh", .label = "Title in Chinese"});
        visit(s.title_en, Declaration{.name = "title_en", .label = "Title in English"});
        visit(s.purpose_zh, Declaration{.name = "purpose_zh", .label = "Purpose in Chinese"});
        visit(s.purpose_en, Declaration{.name = "purpose_en", .label = "Purpose in English"});
        visit(s.history, Declaration{.name = "history", .label = "What is known to have happened is fixed"});
        visit(s.run, Declaration{.name = "run", .label = "Run"});
        visit(s.policy, Declaration{.name = "policy", .label = "Policy"});
        visit(s.assumption, Declaration{.name = "assumption", .label = "Assumptions"});
    }
};

struct Change {
    Month month;
    std::string lever;  ///< "control.enforcement" or "off"
    ParameterValue value;
    std::vector<std::string> off;
    Place place;
};

/// A scenario while its files are read, oldest ancestor first.
struct Draft {
    Settings settings;
    std::vector<std::string> off, neutral;
    Place off_place;
    std::vector<Change> changes;
    std::vector<Decision> decisions;
    std::filesystem::path district_folder;  ///< folder of the file that names the district
    std::vector<std::string> known;
};

constexpr std::string_view policy_section = "policy.";
constexpr std::string_view lists[] = {"extends", "neutral", "policy.off", "change", "decision"};

[[noreturn]] void fail(Message problem, Message why, Message advice, const Place& place) {
    throw Error(ErrorKind::bad_scenario, std::move(problem), std::move(why), std::move(advice), place);
}

Message nearest_advice(std::string_view name, const std::vector<std::string>& known) {
    const std::string near = nearest_name(name, known);
    return near.empty() ? msg("remove it, or look it up with 'hutong policy'") : msg("did you mean '{}'?", near);
}

void require_known(std::string_view path, const std::vector<std::string>& known, const Place& place) {
    if (std::find(known.begin(), known.end(), path) != known.end()) return;
    fail(msg("unknown key '{}'", path), {}, nearest_advice(path, known), place);
}

double fraction(const std::string& text, const Place& place) {
    const auto slash = text.find('/');
    auto number = [&](std::string_view part) {
        double value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc{} || end != part.data() + part.size()) {
            fail(msg("'{}' cannot be '{}'", "run.scale", text), msg("it takes a number or a fraction"), msg("write 1/16 or 0.0625"), place);
        }
        return value;
    };
    if (slash == std::string::npos) return number(text);
    const double below = number(std::string_view(text).substr(slash + 1));
    return below > 0 ? number(std::string_view(text).substr(0, slash)) / below : -1;
}

Clause checked_clause(const std::string& name, const Place& place) {
    const Clause clause = clause_named(name);
    if (clause != Clause::none) return clause;
    std::vector<std::string> known;
    for (std::size_t i = 1; i < static_cast<std::size_t>(Clause::count); ++i) known.emplace_back(clause_name(static_cast<Clause>(i)));
    fail(msg("'{}' names no clause", name), {}, nearest_advice(name, known), place);
}

Month checked_month(const std::string& key, const std::string& text, const Place& place) {
    const auto month = Month::parse(text);
    if (!month) fail(msg("'{}' cannot be '{}'", key, text), msg("it takes a month"), msg("write it as YYYY-MM"), place);
    return *month;
}

/// Reads one file; `stack` are the files that extend it.
class FileReader {
public:
    FileReader(std::filesystem::path file, Draft& draft) : file_(std::move(file)), draft_(draft) {}

    void read(std::vector<std::filesystem::path>& stack) {
        std::error_code error;
        const auto canonical = std::filesystem::weakly_canonical(file_, error);
        stack.push_back(error ? file_ : canonical);
        const toml::table table = parse();
        if (const auto* parent = table.get("extends")) extend(*parent, stack);
        stack.pop_back();
        read_table(table, "");
    }

private:
    Place place(const toml::source_region& region) const {
        return {file_.string(), static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
    }

    toml::table parse() const {
        std::error_code error;
        if (!std::filesystem::is_regular_file(file_, error)) {
            throw Error(ErrorKind::missing_file, msg("the scenario '{}' cannot be read", file_.string()), msg("there is no such file"),
                        msg("check the name"));
        }
        try {
            return toml::parse_file(file_.string());
        } catch (const toml::parse_error& problem) {
            fail(msg("the scenario is not valid TOML"), msg("{}", problem.description()), msg("correct the line"), place(problem.source()));
        }
    }

    void extend(const toml::node& node, std::vector<std::filesystem::path>& stack) {
        const Place at = place(node.source());
        const auto name = node.value<std::string>();
        if (!name || name->empty()) fail(msg("'extends' takes the name of a scenario"), {}, msg("write extends = \"baseline\""), at);
        std::filesystem::path parent = file_.parent_path() / *name;
        if (parent.extension() != ".toml") parent += ".toml";
        std::error_code error;
        if (!std::filesystem::is_regular_file(parent, error)) {
            std::vector<std::string> known;
            for (const auto& entry :
                 std::filesystem::directory_iterator(parent.parent_path().empty() ? "." : parent.parent_path(), error)) {
                if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
            }
            std::sort(known.begin(), known.end());
            const std::string near = nearest_name(parent.stem().string(), known);
            fail(msg("the scenario '{}' that is extended is not there", *name), {},
                 near.empty() ? msg("check the name") : msg("did you mean '{}'?", near), at);
        }
        const auto canonical = std::filesystem::weakly_canonical(parent, error);
        if (std::find(stack.begin(), stack.end(), canonical) != stack.end()) {
            fail(msg("'extends' goes in a circle through '{}'", parent.filename().string()), msg("a scenario cannot inherit from itself"),
                 msg("remove one 'extends'"), at);
        }
        FileReader(parent, draft_).read(stack);
    }

    void read_table(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            const std::string path = prefix + std::string(key.str());
            if (path == "extends") continue;
            if (path == "change" || path == "decision") {
                read_list(path, node, place(key.source()));
            } else if (path == "neutral") {
                draft_.neutral = strings(path, node);
            } else if (path == "policy.off") {
                draft_.off = strings(path, node);
                draft_.off_place = place(node.source());
            } else if (node.is_table() && path.starts_with(policy_section) &&
                       std::find(draft_.known.begin(), draft_.known.end(), path) != draft_.known.end()) {
                read_dated(path, *node.as_table());
            } else if (const auto* below = node.as_table()) {
                const std::string section = path + ".";
                const bool known =
                    std::any_of(draft_.known.begin(), draft_.known.end(), [&](const std::string& one) { return one.starts_with(section); });
                if (!known) unknown_section(path, place(key.source()));
                read_table(*below, section);
            } else {
                require_known(path, draft_.known, place(key.source()));
                set(path, value(path, node), place(node.source()));
            }
        }
    }

    /// A lever that carries its month: `enforcement = { value = 2, from = "2020-01" }`, short for a [[change]].
    void read_dated(const std::string& path, const toml::table& table) {
        const std::vector<std::string> keys{"value", "from"};
        for (const auto& [key, node] : table) require_known(key.str(), keys, place(key.source()));
        const auto *given = table.get("value"), *from = table.get("from");
        if (!given || !from)
            fail(msg("'{}' needs both a value and a month", path), {}, msg("write {{ value = ..., from = \"YYYY-MM\" }}"),
                 place(table.source()));
        const ParameterValue month = value("from", *from);
        const std::string text = std::holds_alternative<std::string>(month) ? std::get<std::string>(month) : "";
        draft_.changes.push_back({checked_month("from", text, place(from->source())),
                                  path.substr(policy_section.size()),
                                  value(path, *given),
                                  {},
                                  place(given->source())});
    }

    [[noreturn]] void unknown_section(const std::string& path, const Place& at) const {
        std::vector<std::string> sections;
        for (const std::string& one : draft_.known) {
            const auto dot = one.rfind('.');
            if (dot != std::string::npos && std::find(sections.begin(), sections.end(), one.substr(0, dot)) == sections.end())
                sections.push_back(one.substr(0, dot));
        }
        for (const char* one : {"policy", "assumption", "change", "decision"}) sections.emplace_back(one);
        fail(msg("unknown key '{}'", path), {}, nearest_advice(path, sections), at);
    }

    void set(const std::string& path, ParameterValue value, const Place& at) {
        if (path == "run.scale" && std::holds_alternative<std::string>(value)) value = fraction(std::get<std::string>(value), at);
        if (path == "run.start") checked_month(path, std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "", at);
        set_parameter(draft_.settings, path, value, at);
        if (path == "run.district") draft_.district_folder = file_.parent_path();
    }

    ParameterValue value(const std::string& path, const toml::node& node) const {
        if (const auto v = node.as_floating_point()) return v->get();
        if (const auto v = node.as_integer()) return v->get();
        if (const auto v = node.as_boolean()) return v->get();
        if (const auto v = node.as_string()) return v->get();
        if (const auto v = node.as_date()) return fmt::format("{:04}-{:02}", v->get().year, v->get().month);
        fail(msg("'{}' takes one value", path), {}, msg("write a number, true, false or a text"), place(node.source()));
    }

    std::vector<std::string> strings(const std::string& path, const toml::node& node) const {
        std::vector<std::string> texts;
        const auto* array = node.as_array();
        if (!array) fail(msg("'{}' takes a list of texts", path), {}, msg("write [\"...\"]"), place(node.source()));
        for (const auto& one : *array) {
            const auto text = one.value<std::string>();
            if (!text) fail(msg("'{}' takes a list of texts", path), {}, msg("write [\"...\"]"), place(one.source()));
            if (path == "policy.off" || path == "off") checked_clause(*text, place(one.source()));
            texts.push_back(*text);
        }
        return texts;
    }

    void read_list(const std::string& path, const toml::node& node, const Place& at) {
        const auto* array = node.as_array();
        if (!array) fail(msg("'{}' is a list of tables", path), {}, msg("write [[{}]]", path), at);
        for (const auto& one : *array) {
            const auto* table = one.as_table();
            if (!table) fail(msg("'{}' is a list of tables", path), {}, msg("write [[{}]]", path), place(one.source()));
            if (path == "change") {
                read_change(*table);
            } else {
                read_decision(*table);
            }
        }
    }

    void read_change(const toml::table& table) {
        const auto* month_node = table.get("month");
        if (!month_node) fail(msg("a change has no month"), {}, msg("add month = \"YYYY-MM\""), place(table.source()));
        const ParameterValue text = value("month", *month_node);
        const Month month = checked_month("month", std::holds_alternative<std::string>(text) ? std::get<std::string>(text) : "",
                                          place(month_node->source()));
        std::vector<std::string> levers{"off", "month"};
        for (const auto& row : list_parameters(draft_.settings.policy)) levers.push_back(row.path);
        read_levers(table, "", month, levers);
    }

    void read_levers(const toml::table& table, const std::string& prefix, Month month, const std::vector<std::string>& levers) {
        for (const auto& [key, node] : table) {
            std::string path = prefix + std::string(key.str());
            if (path == "month") continue;
            if (path == "policy" && node.is_table()) {
                read_levers(*node.as_table(), "", month, levers);
            } else if (path == "off") {
                draft_.changes.push_back({month, path, {}, strings(path, node), place(node.source())});
            } else if (const auto* below = node.as_table()) {
                read_levers(*below, path + ".", month, levers);
            } else {
                require_known(path, levers, place(key.source()));
                draft_.changes.push_back({month, path, value(path, node), {}, place(node.source())});
            }
        }
    }

    void read_decision(const toml::table& table) {
        static const std::vector<std::string> keys{"space", "use", "vacated", "from", "until", "decided", "experiment"};
        Decision decision;
        decision.place = place(table.source());
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            require_known(name, keys, place(key.source()));
            const Place at = place(node.source());
            if (name == "experiment") {
                const auto flag = node.value_exact<bool>();
                if (!flag) fail(msg("'{}' cannot be '{}'", name, "?"), msg("it takes true or false"), msg("correct the value"), at);
                decision.experiment = *flag;
                continue;
            }
            const ParameterValue given = value(name, node);
            if (!std::holds_alternative<std::string>(given)) fail(msg("'{}' takes a text", name), {}, msg("put it in quotes"), at);
            const std::string& text = std::get<std::string>(given);
            if (name == "space") decision.space = text;
            if (name == "use") decision.use = text;
            if (name == "vacated") decision.vacated = checked_month(name, text, at);
            if (name == "from") decision.from = checked_month(name, text, at);
            if (name == "until") decision.until = checked_month(name, text, at);
            if (name == "decided") decision.decided = checked_month(name, text, at);
        }
        if (decision.space.empty()) fail(msg("a decision names no space"), {}, msg("add space = \"CODE\""), decision.place);
        if (decision.use.empty() && !decision.vacated) {
            fail(msg("a decision on space '{}' decides nothing", decision.space), msg("it has neither a use nor a date of vacating"),
                 msg("add use or vacated"), decision.place);
        }
        if (decision.from && decision.until && *decision.until <= *decision.from) {
            fail(msg("a decision on space '{}' ends before it begins", decision.space), {}, msg("let 'until' lie after 'from'"),
                 decision.place);
        }
        if (decision.decided && (!decision.from || *decision.decided > *decision.from)) {
            fail(msg("a decision on space '{}' begins before it is taken", decision.space),
                 msg("'decided' lies after 'from', or there is no 'from'"), msg("let 'from' be the month of 'decided' or later"),
                 decision.place);
        }
        draft_.decisions.push_back(std::move(decision));
    }

    std::filesystem::path file_;
    Draft& draft_;
};

void apply_set(Draft& draft, const std::string& entry) {
    const Place place{"--set " + entry, 0, 0};
    const auto equal = entry.find('=');
    if (equal == std::string::npos)
        throw Error(ErrorKind::usage, msg("'--set {}' has no '='", entry), {}, msg("write --set policy.control.enforcement=2"));
    const std::string path = entry.substr(0, equal);
    const std::string text = entry.substr(equal + 1);
    if (path == "policy.off" || path == "neutral") {
        std::vector<std::string> values;
        std::stringstream stream(text);
        for (std::string one; std::getline(stream, one, ',');) {
            if (path == "policy.off") checked_clause(one, place);
            values.push_back(one);
        }
        (path == "neutral" ? draft.neutral : draft.off) = values;
        return;
    }
    require_known(path, draft.known, place);
    if (path == "run.start") checked_month(path, text, place);
    for (const auto& row : list_parameters(draft.settings)) {
        if (row.path != path) continue;
        const ParameterValue value = path == "run.scale" ? ParameterValue(fraction(text, place)) : parse_value(row, text, place);
        set_parameter(draft.settings, path, value, place);
        if (path == "run.district") draft.district_folder.clear();
    }
}

void switch_off(Levers& levers, const std::vector<std::string>& off) {
    levers.off.reset();
    for (const std::string& name : off) levers.off.set(static_cast<std::size_t>(clause_named(name)));
}

Policy schedule(Draft& draft) {
    switch_off(draft.settings.policy, draft.off);
    Policy policy(draft.settings.policy);
    std::stable_sort(draft.changes.begin(), draft.changes.end(), [](const Change& a, const Change& b) { return a.month < b.month; });
    for (const Change& change : draft.changes) {
        if (change.lever == "off") {
            Levers levers = policy.at(change.month);
            switch_off(levers, change.off);
            policy.from(change.month, std::move(levers));
        } else {
            policy.change(change.month, change.lever, change.value, change.place);
        }
    }
    return policy;
}

/// Two decisions on one space only where their periods do not overlap.
void check_periods(const std::vector<Decision>& decisions) {
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const Decision& a = decisions[j];
            const Decision& b = decisions[i];
            if (a.space != b.space || a.use.empty() || b.use.empty()) continue;
            const bool a_first = a.until && b.from && *a.until <= *b.from;
            const bool b_first = b.until && a.from && *b.until <= *a.from;
            if (a_first || b_first) continue;
            fail(msg("two decisions on space '{}' overlap", b.space), msg("the other one stands in line {}", a.place.line),
                 msg("give the first an 'until' not after the 'from' of the second"), b.place);
        }
    }
}

/// What no single range can say: texts that stand for months, and spans whose ends belong together.
void check_months_and_spans(const Settings& settings, const Place& place) {
    for (const ParameterRow& row : list_parameters(settings)) {
        if (row.declaration.unit == "YYYY-MM") checked_month(row.path, std::get<std::string>(row.value), place);
    }
    const HomesAssumptions& homes = settings.assumption.homes;
    const auto after = [&](bool holds, const char* later, const char* earlier) {
        if (!holds)
            fail(msg("'{}' lies before '{}'", later, earlier), msg("nobody could be chosen from such a span"), msg("change one of the two"),
                 place);
    };
    after(homes.arrival_to_age > homes.arrival_from_age, "assumption.homes.arrival_to_age", "assumption.homes.arrival_from_age");
    after(homes.campaign_until >= homes.campaign_from, "assumption.homes.campaign_until", "assumption.homes.campaign_from");
}

std::string value_text(const ParameterValue& value) {
    struct Write {
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(const std::string& v) const { return quoted(v); }
        static std::string quoted(std::string_view v) {
            std::string text = "\"";
            for (const char c : v) {
                if (c == '"' || c == '\\') text += '\\';
                if (static_cast<unsigned char>(c) < 0x20) {
                    text += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
                } else {
                    text += c;
                }
            }
            return text + "\"";
        }
    };
    return std::visit(Write{}, value);
}

std::string text_list(const std::vector<std::string>& values) {
    std::string text = "[";
    for (const std::string& value : values) text += (text.size() > 1 ? ", " : "") + value_text(value);
    return text + "]";
}

std::vector<std::string> clauses_off(const Levers& levers) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Clause::count); ++i) {
        if (levers.off[i]) names.emplace_back(clause_name(static_cast<Clause>(i)));
    }
    return names;
}

bool is_experiment(const Scenario& scenario) {
    const auto& entries = scenario.policy.entries();
    return std::any_of(entries.begin(), entries.end(),
                       [](const auto& entry) { return entry.second.off.any() || entry.second.allocation.authority == "full"; }) ||
           std::any_of(scenario.decisions.begin(), scenario.decisions.end(), [](const Decision& one) { return one.experiment; });
}

}  // namespace

std::string canonical_text(const Scenario& scenario) {
    std::string text;
    auto line = [&](std::string_view key, const std::string& value) { text += fmt::format("{} = {}\n", key, value); };
    line("title_zh", value_text(scenario.title_zh));
    line("title_en", value_text(scenario.title_en));
    line("purpose_zh", value_text(scenario.purpose_zh));
    line("purpose_en", value_text(scenario.purpose_en));
    line("history", value_text(scenario.use_history));
    line("neutral", text_list(scenario.neutral));
    line("run.start", value_text(scenario.run.start.text()));
    line("run.months", value_text(static_cast<std::int64_t>(scenario.run.months)));
    line("run.replicates", value_text(static_cast<std::int64_t>(scenario.run.replicates)));
    line("run.seed", value_text(static_cast<std::int64_t>(scenario.run.seed)));
    line("run.scale", value_text(scenario.run.scale));
    line("run.district", value_text(scenario.run.district.filename().string()));  // no path of this machine in a result
    const auto& entries = scenario.policy.entries();
    for (const auto& row : list_parameters(entries.front().second, "policy")) line(row.path, value_text(row.value));
    line("policy.off", text_list(clauses_off(entries.front().second)));
    for (const auto& row : list_parameters(scenario.assumptions, "assumption")) line(row.path, value_text(row.value));
    for (std::size_t i = 1; i < entries.size(); ++i) {
        text += "[[change]]\n";
        line("month", value_text(entries[i].first.text()));
        const auto before = list_parameters(entries[i - 1].second);
        const auto after = list_parameters(entries[i].second);
        for (std::size_t k = 0; k < after.size(); ++k) {
            if (before[k].value != after[k].value) line(after[k].path, value_text(after[k].value));
        }
        if (entries[i].second.off != entries[i - 1].second.off) line("off", text_list(clauses_off(entries[i].second)));
    }
    for (const Decision& decision : scenario.decisions) {
        text += "[[decision]]\n";
        line("space", value_text(decision.space));
        if (!decision.use.empty()) line("use", value_text(decision.use));
        if (decision.vacated) line("vacated", value_text(decision.vacated->text()));
        if (decision.from) line("from", value_text(decision.from->text()));
        if (decision.until) line("until", value_text(decision.until->text()));
        if (decision.decided) line("decided", value_text(decision.decided->text()));
        if (decision.experiment) line("experiment", "true");
    }
    return text;
}

Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& set) {
    Draft draft;
    draft.district_folder = file.parent_path();
    for (const auto& row : list_parameters(draft.settings)) draft.known.push_back(row.path);
    for (const std::string_view list : lists) draft.known.emplace_back(list);
    std::vector<std::filesystem::path> stack;
    FileReader(file, draft).read(stack);
    for (const std::string& entry : set) apply_set(draft, entry);
    check_periods(draft.decisions);
    check_months_and_spans(draft.settings, {file.string(), 0, 0});

    Scenario scenario;
    const Settings& s = draft.settings;
    scenario.name = file.stem().string();
    scenario.title_zh = s.title_zh;
    scenario.title_en = s.title_en;
    scenario.purpose_zh = s.purpose_zh;
    scenario.purpose_en = s.purpose_en;
    scenario.run.start = *Month::parse(s.run.start);
    scenario.run.months = static_cast<int>(s.run.months);
    scenario.run.replicates = static_cast<int>(s.run.replicates);
    scenario.run.seed = static_cast<std::uint64_t>(s.run.seed);
    scenario.run.scale = s.run.scale;
    scenario.run.district = (draft.district_folder / s.run.district).lexically_normal();
    scenario.policy = schedule(draft);
    scenario.assumptions = s.assumption;
    scenario.decisions = std::move(draft.decisions);
    scenario.use_history = s.history;
    scenario.neutral = std::move(draft.neutral);
    scenario.experiment = is_experiment(scenario);
    scenario.text = canonical_text(scenario);
    scenario.hash = Hash().text(scenario.text).value();
    return scenario;
}

}  // namespace hutong
