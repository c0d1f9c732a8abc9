#include "scenarios/history.h"

#include <algorithm>

#include <toml++/toml.h>

namespace hutong {
namespace {

class HistoryReader {
public:
    HistoryReader(const std::filesystem::path& file, District& district, std::vector<Error>* problems)
        : file_(file.string()), district_(district), problems_(problems) {}

    void read() {
        toml::table table;
        try {
            table = toml::parse_file(file_);
        } catch (const toml::parse_error& error) {
            return report(msg("the history is not valid TOML"), msg("{}", error.description()), msg("correct the line"), error.source());
        }
        const auto date = month(table, "data_date");
        if (!date) report(msg("the history has no data date"), {}, msg("add data_date = \"YYYY-MM\""), table.source());
        for (const auto& [key, node] : table) {
            if (key.str() == "data_date") continue;
            if (key.str() != "known") {
                report(msg("unknown key '{}'", key.str()), {}, msg("did you mean '{}'?", "known"), key.source());
                continue;
            }
            const auto* list = node.as_array();
            if (!list) {
                report(msg("'{}' is a list of tables", "known"), {}, msg("write [[{}]]", "known"), key.source());
                continue;
            }
            for (const auto& one : *list) {
                if (const auto* entry = one.as_table()) read_entry(*entry, date.value_or(Month{}));
            }
        }
    }

private:
    void report(Message problem, Message why, Message advice, const toml::source_region& where) {
        Error error(ErrorKind::bad_district, std::move(problem), std::move(why), std::move(advice),
                    {file_, static_cast<int>(where.begin.line), static_cast<int>(where.begin.column)});
        if (!problems_) throw error;
        problems_->push_back(std::move(error));
    }

    std::optional<Month> month(const toml::table& table, std::string_view key) {
        const auto text = table[key].value<std::string>();
        if (!text) return std::nullopt;
        const auto value = Month::parse(*text);
        if (!value)
            report(msg("'{}' cannot be '{}'", key, *text), msg("it takes a month"), msg("write it as YYYY-MM"),
                   table[key].node()->source());
        return value;
    }

    template <class Rows>
    std::size_t find(const toml::table& entry, std::string_view key, const Rows& rows) {
        const std::string code = entry[key].value_or(std::string{});
        std::vector<std::string> known;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i].code == code) return i;
            known.push_back(rows[i].code);
        }
        const std::string near = nearest_name(code, known);
        report(msg("there is no {} '{}'", key, code), {},
               near.empty() ? msg("use one of the known names") : msg("did you mean '{}'?", near), entry.source());
        return rows.size();
    }

    void read_entry(const toml::table& entry, Month data_date) {
        for (const auto& [key, node] : entry) {
            constexpr std::string_view known[] = {"space", "use", "opening", "status", "source"};
            if (std::find(std::begin(known), std::end(known), key.str()) == std::end(known)) {
                report(msg("unknown key '{}'", key.str()), {}, msg("use space, use, opening, status and source"), key.source());
            }
        }
        const std::size_t s = find(entry, "space", district_.spaces);
        const std::size_t u = find(entry, "use", district_.catalogue.uses);
        if (entry["source"].value_or(std::string{}).empty())
            report(msg("a known use has no source"), {}, msg("say where it is known from"), entry.source());
        if (s == district_.spaces.size() || u == district_.catalogue.uses.size()) return;
        Space& space = district_.spaces[s];
        space.known_use = UseId(u);
        const auto opening = month(entry, "opening");
        if (!opening) return;
        if (*opening < space.vacated) {
            return report(msg("space '{}' opens before it is vacated", space.code), msg("it is vacated in {}", space.vacated.text()),
                          msg("correct the opening"), entry.source());
        }
        if (*opening > data_date) {
            return report(msg("space '{}' opens after the data date", space.code), msg("history ends in {}", data_date.text()),
                          msg("leave the opening out"), entry.source());
        }
        space.known_opening = *opening;
    }

    std::string file_;
    District& district_;
    std::vector<Error>* problems_;
};

}  // namespace

void read_history(const std::filesystem::path& file, District& district, std::vector<Error>* problems) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return;
    HistoryReader(file, district, problems).read();
}

}  // namespace hutong
