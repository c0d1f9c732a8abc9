#include "scenarios/pack_trading.h"

#include <algorithm>

#include <toml++/toml.h>

#include "core/hash.h"
#include "core/safe_file.h"
#include "scenarios/pack_words.h"

namespace hutong {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 20;
constexpr std::int64_t most_jobs = 1'000'000;

class TradingReader {
public:
    TradingReader(const std::filesystem::path& pack, District& district, std::vector<Error>& problems)
        : file_((pack / "district.toml").string()), district_(district), problems_(problems) {}

    void read() {
        toml::table table;
        try {
            table = toml::parse_file(file_);
        } catch (const toml::parse_error& error) {
            return report(msg("the district pack is not valid TOML"), msg("{}", error.description()), msg("correct the line"),
                          error.source());
        }
        for (const auto& [key, node] : table) {
            if (key.str() == "extends") continue;
            const auto* list = node.as_array();
            if (key.str() != "trading" || !list) {
                report(msg("unknown key '{}'", key.str()), msg("a pack that stands on another one says only which spaces trade"),
                       msg("use extends and [[trading]]"), key.source());
                continue;
            }
            for (const auto& one : *list) {
                if (const auto* entry = one.as_table()) read_entry(*entry);
            }
        }
        district_.hash = Hash().number(district_.hash).text(read_file(file_, most_bytes)).value();
    }

private:
    void report(Message problem, Message why, Message advice, const toml::source_region& where) {
        problems_.emplace_back(ErrorKind::bad_district, std::move(problem), std::move(why), std::move(advice),
                               Place{file_, static_cast<int>(where.begin.line), static_cast<int>(where.begin.column)});
    }

    /// Index of the row with the code that the entry gives under `key`; rows.size() with a problem when there is none.
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

    std::uint32_t amount(const toml::table& entry, std::string_view key) {
        const auto value = entry[key].value<std::int64_t>();
        if (value && *value >= 1 && *value <= most_jobs) return static_cast<std::uint32_t>(*value);
        report(msg("'{}' must be a whole number from 1 to {}", key, most_jobs), {}, msg("correct the value"), entry.source());
        return 1;
    }

    void read_entry(const toml::table& entry) {
        for (const auto& [key, node] : entry) {
            constexpr std::string_view known[] = {"space", "vacated", "use", "sector", "businesses", "jobs", "status", "source"};
            if (std::find(std::begin(known), std::end(known), key.str()) == std::end(known))
                report(msg("unknown key '{}'", key.str()), {}, msg("use space, vacated, use, sector, businesses, jobs, status and source"),
                       key.source());
        }
        if (entry["status"].value_or(std::string{}) != "assumption" || entry["source"].value_or(std::string{}).empty())
            report(msg("a trading space does not say where it is known from"), msg("the pack below has it empty"),
                   msg("write status = \"assumption\" and a source"), entry.source());
        const std::size_t before = problems_.size();
        const std::size_t s = find(entry, "space", district_.spaces);
        const std::size_t sector = find(entry, "sector", district_.catalogue.sectors);
        const auto use = std::find(premises_use_words.begin(), premises_use_words.end(), entry["use"].value_or(std::string{}));
        if (use == premises_use_words.end())
            report(msg("'{}' cannot be '{}'", "use", entry["use"].value_or(std::string{})), {},
                   msg("use shop, office, market, storage, workshop or institution"), entry.source());
        const std::string text = entry["vacated"].value_or(std::string{});
        const auto vacated = Month::parse(text);
        if (!vacated)
            report(msg("'{}' cannot be '{}'", "vacated", text), msg("it takes a month"), msg("write it as YYYY-MM"), entry.source());
        const std::uint32_t businesses = amount(entry, "businesses"), jobs = amount(entry, "jobs");
        if (problems_.size() > before) return;
        Space& space = district_.spaces[s];
        const bool lets = std::any_of(district_.premises.begin(), district_.premises.end(),
                                      [&](const PremisesGroup& group) { return group.space == SpaceId(s); });
        if (lets || *vacated - space.vacated <= 0) {
            return report(msg("space '{}' cannot trade longer", space.code),
                          lets ? msg("it has premises of its own") : msg("it is vacated in {}", space.vacated.text()),
                          msg("move its date by a [[decision]] of the scenario, or choose a later month"), entry.source());
        }
        if (jobs < businesses)
            return report(msg("space '{}' has fewer posts than businesses", space.code), {}, msg("correct jobs or businesses"),
                          entry.source());
        space.vacated = *vacated;
        space.era = SpaceEra::campaign_2017_2020;
        district_.premises.push_back({.node = space.node,
                                      .use = static_cast<PremisesUse>(use - premises_use_words.begin()),
                                      .sector = SectorId(sector),
                                      .count = businesses,
                                      .jobs = jobs,
                                      .area_m2 = space.area_m2,
                                      .public_funded = false,
                                      .space = SpaceId(s)});
    }

    std::string file_;
    District& district_;
    std::vector<Error>& problems_;
};

}  // namespace

std::filesystem::path pack_below(const std::filesystem::path& pack) {
    const std::filesystem::path file = pack / "district.toml";
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return {};
    toml::table table;
    try {
        table = toml::parse_file(file.string());
    } catch (const toml::parse_error&) {
        return {};  // the reader of the pack reports it
    }
    const auto* node = table.get("extends");
    if (!node) return {};
    const auto name = node->value<std::string>();
    const std::filesystem::path below = name ? std::filesystem::path(*name) : std::filesystem::path();
    if (below.empty() || below.has_parent_path() || *name == "." || *name == "..") {
        throw Error(ErrorKind::bad_district, msg("'extends' takes the name of a folder beside the pack"),
                    msg("a pack may not lead out of its folder"), msg("write extends = \"xicheng\""),
                    Place{file.string(), static_cast<int>(node->source().begin.line), static_cast<int>(node->source().begin.column)});
    }
    const std::filesystem::path whole = std::filesystem::weakly_canonical(pack, error);
    return (error ? pack : whole).parent_path() / below;
}

void let_spaces_trade(const std::filesystem::path& pack, District& district, std::vector<Error>& problems) {
    TradingReader(pack, district, problems).read();
}

}  // namespace hutong
