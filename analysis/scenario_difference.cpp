#include "analysis/scenario_difference.h"

#include <algorithm>

namespace hutong {
namespace {

struct Entry {
    std::string key, value;
};

bool is_description(std::string_view key) {
    for (const std::string_view one : {"title_zh", "title_en", "purpose_zh", "purpose_en", "run.replicates"}) {
        if (key == one) return true;
    }
    return false;
}

/// Entries of a canonical text: a change is keyed by its month and lever, a decision is one entry keyed by its space.
std::vector<Entry> entries_of(std::string_view text) {
    std::vector<Entry> entries;
    enum class Inside { settings, change, decision } inside = Inside::settings;
    std::string month;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line == "[[change]]") {
            inside = Inside::change;
            month.clear();
            continue;
        }
        if (line == "[[decision]]") {
            inside = Inside::decision;
            entries.push_back({"decision", ""});
            continue;
        }
        const std::size_t equal = line.find(" = ");
        if (equal == std::string_view::npos) continue;
        const std::string key(line.substr(0, equal)), value(line.substr(equal + 3));
        if (inside == Inside::settings) {
            if (!is_description(key)) entries.push_back({key, value});
        } else if (inside == Inside::change) {
            if (key == "month") {
                month = value.size() > 2 ? value.substr(1, value.size() - 2) : value;
            } else {
                entries.push_back({month + " policy." + key, value});
            }
        } else if (key == "space") {
            entries.back().key += " " + (value.size() > 2 ? value.substr(1, value.size() - 2) : value);
        } else {
            entries.back().value += (entries.back().value.empty() ? "" : ", ") + key + " = " + value;
        }
    }
    return entries;
}

/// Takes the entry with this key (and, for several decisions on one space, preferably this value) out of the list.
bool take(std::vector<Entry>& entries, const Entry& wanted, std::string& value) {
    auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& one) { return one.key == wanted.key && one.value == wanted.value; });
    if (found == entries.end())
        found = std::find_if(entries.begin(), entries.end(), [&](const Entry& one) { return one.key == wanted.key; });
    if (found == entries.end()) return false;
    value = found->value;
    entries.erase(found);
    return true;
}

}  // namespace

std::vector<ScenarioDifference> scenario_difference(std::string_view base_text, std::string_view other_text) {
    std::vector<ScenarioDifference> differences;
    std::vector<Entry> left = entries_of(other_text);
    for (const Entry& entry : entries_of(base_text)) {
        std::string value;
        if (!take(left, entry, value)) {
            differences.push_back({entry.key, entry.value, ""});
        } else if (value != entry.value) {
            differences.push_back({entry.key, entry.value, value});
        }
    }
    for (const Entry& entry : left) differences.push_back({entry.key, "", entry.value});
    return differences;
}

}  // namespace hutong
