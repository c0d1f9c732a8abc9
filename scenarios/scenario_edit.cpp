#include "scenarios/scenario_edit.h"

#include <algorithm>

#include "core/hash.h"
#include "core/safe_file.h"

namespace hutong {
namespace {

/// What follows from a change: the marks, the canonical text and its hash.
Scenario refreshed(Scenario s) {
    const auto& entries = s.policy.entries();
    s.experiment = std::any_of(entries.begin(), entries.end(),
                               [](const auto& e) { return e.second.off.any() || e.second.allocation.authority == "full"; }) ||
                   std::any_of(s.decisions.begin(), s.decisions.end(), [](const Decision& d) { return d.experiment; });
    s.text = canonical_text(s);
    s.hash = Hash().text(s.text).value();
    return s;
}

bool same_levers(const Levers& a, const Levers& b) {
    const auto mine = list_parameters(a), theirs = list_parameters(b);
    return a.off == b.off && std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                                        [](const auto& x, const auto& y) { return x.value == y.value; });
}

/// The schedule without its entry of this month where that changes nothing (a lever was set back).
Policy without_empty_entry(const Policy& policy, Month month) {
    const auto& entries = policy.entries();
    Policy out(entries.front().second);
    for (std::size_t i = 1; i < entries.size(); ++i) {
        if (entries[i].first != month || !same_levers(entries[i].second, entries[i - 1].second))
            out.from(entries[i].first, entries[i].second);
    }
    return out;
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// Canonical text cut into its head (one line per value) and its tables ([[change]], [[decision]]).
struct Parts {
    std::vector<std::string> head, tables;
};

Parts parts_of(const std::string& canonical) {
    Parts parts;
    for (const std::string& line : lines_of(canonical)) {
        if (line.starts_with("[[")) {
            parts.tables.push_back(line + "\n");
        } else if (parts.tables.empty()) {
            parts.head.push_back(line);
        } else {
            parts.tables.back() += line + "\n";
        }
    }
    return parts;
}

std::filesystem::path relative_to(const std::filesystem::path& target, const std::filesystem::path& folder) {
    std::error_code none;
    const auto absolute = std::filesystem::absolute(target, none).lexically_normal();
    const auto from = std::filesystem::absolute(folder.empty() ? "." : folder, none).lexically_normal();
    const auto relative = absolute.lexically_relative(from);
    return relative.empty() ? absolute : relative;
}

std::string district_line(const Scenario& scenario, const std::filesystem::path& folder) {
    return "run.district = " + quoted(relative_to(scenario.run.district, folder).generic_string()) + "\n";
}

/// Only what the base does not say; the district where a file in this folder would look for it elsewhere.
std::string short_text(const Scenario& scenario, const std::filesystem::path& base_file, const std::filesystem::path& folder,
                       bool with_district) {
    const Parts mine = parts_of(canonical_text(scenario)), theirs = parts_of(canonical_text(read_scenario(base_file)));
    std::string text = "extends = " + quoted(relative_to(base_file, folder).generic_string()) + "\n";
    if (with_district) text += district_line(scenario, folder);
    for (std::size_t i = 0; i < mine.head.size(); ++i) {
        if (i < theirs.head.size() && mine.head[i] == theirs.head[i]) continue;
        if (!mine.head[i].starts_with("run.district")) text += mine.head[i] + "\n";
    }
    for (const std::string& table : mine.tables) {
        if (std::find(theirs.tables.begin(), theirs.tables.end(), table) == theirs.tables.end()) text += "\n" + table;
    }
    return text;
}

std::string full_text(const Scenario& scenario, const std::filesystem::path& folder) {
    std::string text;
    const Parts parts = parts_of(canonical_text(scenario));
    for (const std::string& line : parts.head) text += line.starts_with("run.district") ? district_line(scenario, folder) : line + "\n";
    for (const std::string& table : parts.tables) text += "\n" + table;
    return text;
}

bool reads_as(const std::filesystem::path& file, const Scenario& scenario) {
    try {
        const Scenario back = read_scenario(file);
        std::error_code none;
        return back.text == scenario.text &&
               std::filesystem::weakly_canonical(back.run.district, none) == std::filesystem::weakly_canonical(scenario.run.district, none);
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

Scenario with_lever(const Scenario& scenario, Month month, std::string_view lever, const ParameterValue& value) {
    Scenario s = scenario;
    const Month from = month <= s.run.start ? s.policy.entries().front().first : month;
    s.policy.change(from, lever, value);
    s.policy = without_empty_entry(s.policy, from);
    return refreshed(std::move(s));
}

Scenario with_assumption(const Scenario& scenario, std::string_view assumption, const ParameterValue& value) {
    Scenario s = scenario;
    set_parameter(s.assumptions, assumption, value);
    return refreshed(std::move(s));
}

Scenario with_decision(const Scenario& scenario, const Decision& decision, const District& district) {
    Scenario s = scenario;
    std::erase_if(s.decisions,
                  [&](const Decision& d) { return d.space == decision.space && d.from && decision.from && *d.from >= *decision.from; });
    for (Decision& d : s.decisions) {
        if (d.space == decision.space && !d.use.empty() && decision.from && (!d.until || *d.until > *decision.from))
            d.until = decision.from;
    }
    s.decisions.push_back(decision);
    s = refreshed(std::move(s));
    if (const auto problems = check_scenario(s, district); !problems.empty()) throw problems.front();
    return s;
}

void save_scenario(const Scenario& scenario, const std::filesystem::path& base_file, const std::filesystem::path& out,
                   const std::string& remark) {
    std::error_code none;
    if (std::filesystem::equivalent(base_file, out, none))
        throw Error(ErrorKind::cannot_write, msg("'{}' is not written", out.string()), msg("it is the scenario that was opened"),
                    msg("choose another name"));
    const std::string head = remark.empty() ? "" : "# " + remark + "\n";
    for (const bool with_district : {false, true}) {
        write_safely(out, head + short_text(scenario, base_file, out.parent_path(), with_district));
        if (reads_as(out, scenario)) return;
    }
    write_safely(out, head + full_text(scenario, out.parent_path()));
    if (reads_as(out, scenario)) return;
    throw Error(ErrorKind::internal, msg("the scenario could not be saved as it is"), msg("'{}' reads differently", out.string()),
                msg("please report this as a bug"));
}

}  // namespace hutong
