#include "analysis/report_data.h"

#include <algorithm>
#include <cmath>

#include "core/calendar.h"
#include "core/hash.h"
#include "scenarios/district_pack.h"
#include "sim/summary.h"

namespace hutong {
namespace {

constexpr std::uint64_t most_rows = std::uint64_t{1} << 27;
constexpr std::size_t mean_at = 0, low_at = 2, high_at = 3, error_at = 4;
static_assert(summary_names[mean_at] == "mean" && summary_names[low_at] == "p05" && summary_names[high_at] == "p95" &&
              summary_names[error_at] == "standard_error");

/// A quoted TOML text without its quotes and escapes; anything else as it is.
std::string unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
    std::string out;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
        if (value[i] != '\\' || i + 2 >= value.size()) {
            out += value[i];
            continue;
        }
        ++i;
        out += value[i] == 'n' ? '\n' : value[i] == 't' ? '\t' : value[i];
    }
    return out;
}

template <class T>
std::vector<T> column(const Hdf5Reader& file, const std::string& path, std::uint64_t rows = Hdf5Reader::any) {
    if (!file.exists(path)) return {};
    return file.data<T>(path, {rows}, most_rows);
}

template <class T>
std::vector<T> table(const Hdf5Reader& file, const std::string& path, std::size_t replicates, std::size_t rows) {
    return file.data<T>(path, {replicates, rows}, most_rows);
}

std::vector<std::string> words(const Hdf5Reader& file, const std::string& path) {
    return file.exists(path) ? file.texts(path) : std::vector<std::string>();
}

std::string word_at(const std::vector<std::string>& all, std::size_t row) { return row < all.size() ? all[row] : std::string(); }

/// Rows of an array that a damaged file may have shorter: all or nothing.
void check_rows(const std::filesystem::path& path, std::string_view group, std::initializer_list<std::size_t> sizes) {
    for (const std::size_t size : sizes) {
        if (size == *sizes.begin()) continue;
        throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path.string()), msg("the columns of '{}' differ in length", group),
                    msg("make the file again with this version of hutong"));
    }
}

/// The scenario without the line that says how long it runs, and what the replicates differ by.
std::string hash_of_series(std::string_view text, Interval interval) {
    const std::string_view start = "run.months = ";
    std::string kept;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (!line.starts_with(start)) kept.append(line).append("\n");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return hex(Hash().text(kept).text(interval_name(interval)).value());
}

}  // namespace

std::string ScenarioText::value(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? std::string() : found->second;
}

ScenarioText parse_scenario_text(std::string_view text) {
    ScenarioText out;
    ScenarioText::Entry* entry = nullptr;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line == "[[change]]") {
            entry = &out.changes.emplace_back();
        } else if (line == "[[decision]]") {
            entry = &out.decisions.emplace_back();
        } else if (const auto at = line.find(" = "); at != line.npos) {
            const std::string key(line.substr(0, at)), value = unquoted(line.substr(at + 3));
            if (entry == nullptr) {
                out.values[key] = value;
            } else if (key == "month") {
                entry->month = value;
            } else {
                entry->values.emplace_back(key, value);
            }
        }
    }
    return out;
}

ReportData::ReportData(const std::filesystem::path& path)
    : results(path), file_name(path.filename().string()), file_(std::make_shared<Hdf5Reader>(path)) {
    const Hdf5Reader& f = *file_;
    auto meta = [&](std::string_view name) { return f.has_attribute("/meta", name) ? f.attribute_text("/meta", name) : std::string(); };
    scenario_hash = meta("scenario_hash");
    district_hash = meta("district_hash");
    district_zh = meta("district_zh");
    district_en = meta("district_en");
    scenario_text = f.text("/meta/scenario_text");
    scenario = parse_scenario_text(scenario_text);
    series_hash = hash_of_series(scenario_text, results.interval);
    state_hashes = words(f, "/meta/state_hash");
    if (f.has_attribute("/meta", "origin_lon")) {
        origin_lon = f.attribute_number("/meta", "origin_lon");
        origin_lat = f.attribute_number("/meta", "origin_lat");
    }
    const std::size_t n = results.indicators.size(), rows = results.months.size(), areas = results.subdistricts.size();
    for (std::size_t i = 0; i < n; ++i) index_[results.indicators[i].name] = i;
    district_ = f.data<float>("/summary/district", {summary_names.size(), n, rows});
    subdistrict_ = f.data<float>("/summary/subdistrict", {summary_names.size(), n, rows, areas});
    for (std::size_t row = 0; row < rows; ++row) {
        const auto month = Month::parse(results.months[row]);
        if (row == 0 || row + 1 == rows || (month && month->month_of_year() == 12)) years.push_back(row);
    }
    read_background();
    check_rows(path, "/events",
               {events.month.size(), events.replicate.size(), events.space.size(), events.stage.size(), events.decision.size(),
                events.clause.size(), events.agency.size(), events.use.size(), events.votes_for.size(), events.votes_against.size(),
                events.yuan.size()});
    check_rows(path, "/projects",
               {projects.month.size(), projects.replicate.size(), projects.block.size(), projects.space.size(), projects.heritage.size(),
                projects.posts.size(), projects.filled.size(), projects.residents.size(), projects.registered_here.size()});
}

void ReportData::read_background() {
    const Hdf5Reader& f = *file_;
    const auto code = words(f, "/spaces/code"), zh = words(f, "/spaces/name_zh"), en = words(f, "/spaces/name_en"),
               status = words(f, "/spaces/status"), source = words(f, "/spaces/source");
    const std::size_t n = code.size(), r = results.replicates;
    const auto category = column<std::uint8_t>(f, "/spaces/category", n), form = column<std::uint8_t>(f, "/spaces/form", n),
               owner = column<std::uint8_t>(f, "/spaces/owner", n), heritage = column<std::uint8_t>(f, "/spaces/heritage", n);
    const auto block = column<std::uint16_t>(f, "/spaces/block", n);
    const auto area = column<double>(f, "/spaces/area_m2", n), x = column<double>(f, "/spaces/x_m", n),
               y = column<double>(f, "/spaces/y_m", n);
    for (std::size_t s = 0; s < n; ++s) {
        spaces.push_back({code[s], word_at(zh, s), word_at(en, s), word_at(status, s), word_at(source, s), category[s], form[s], owner[s],
                          heritage[s], block[s], area[s], s < x.size() ? x[s] : 0, s < y.size() ? y[s] : 0});
        if (block[s] >= results.blocks.size()) {
            throw Error(ErrorKind::bad_results, msg("cannot read '{}'", file_name),
                        msg("a space stands in block {} of {}", block[s], results.blocks.size()),
                        msg("make the file again with this version of hutong"));
        }
    }
    if (n > 0) {
        outcomes.stage = table<std::uint8_t>(f, "/spaces/stage", r, n);
        outcomes.use = table<std::uint8_t>(f, "/spaces/use", r, n);
        outcomes.route = table<std::uint8_t>(f, "/spaces/route", r, n);
        outcomes.agency = table<std::uint8_t>(f, "/spaces/agency", r, n);
        outcomes.decider = table<std::uint8_t>(f, "/spaces/decider", r, n);
        outcomes.cost_yuan = table<std::int64_t>(f, "/spaces/cost_yuan", r, n);
        outcomes.vacated = table<std::int32_t>(f, "/spaces/vacated", r, n);
        outcomes.opened = table<std::int32_t>(f, "/spaces/opened", r, n);
    }
    stages = words(f, "/stages");
    clauses = words(f, "/clauses");
    const auto agency_zh = words(f, "/agencies/name_zh"), agency_en = words(f, "/agencies/name_en");
    for (std::size_t a = 0; a < agency_zh.size(); ++a) agencies.emplace_back(agency_zh[a], word_at(agency_en, a));
    auto appraised = [&](const std::string& name) {
        const std::string path = "/agencies/" + name;
        if (!f.exists(path)) return std::vector<double>();
        if (name != "handled") return table<double>(f, path, r, agencies.size());
        const auto counts = table<std::int32_t>(f, path, r, agencies.size());
        return std::vector<double>(counts.begin(), counts.end());
    };
    appraisal = {appraised("handled"), appraised("mean_months"), appraised("speed"), appraised("quality"),
                 appraised("rules"),   appraised("results"),     appraised("score")};
    const auto use_code = words(f, "/uses/code"), use_zh = words(f, "/uses/name_zh"), use_en = words(f, "/uses/name_en"),
               use_clause = words(f, "/uses/other_clause");
    const auto direction = column<std::uint8_t>(f, "/uses/direction");
    for (std::size_t u = 0; u < use_code.size(); ++u) {
        uses.push_back({use_code[u], word_at(use_zh, u), word_at(use_en, u), word_at(use_clause, u),
                        u < direction.size() ? direction[u] : std::uint8_t{255}});
    }
    const auto service = words(f, "/services/code");
    const auto group = column<std::uint8_t>(f, "/services/group"), under = column<std::uint8_t>(f, "/services/undercounted");
    const auto distance = column<double>(f, "/services/distance_m");
    for (std::size_t s = 0; s < service.size() && s < group.size() && s < under.size() && s < distance.size(); ++s) {
        services.push_back({service[s], group[s], distance[s], under[s] != 0});
    }
    events.replicate = column<std::uint16_t>(f, "/events/replicate");
    events.month = column<std::int32_t>(f, "/events/month");
    events.space = column<std::int32_t>(f, "/events/space");
    events.stage = column<std::uint8_t>(f, "/events/stage");
    events.decision = column<std::uint8_t>(f, "/events/decision");
    events.clause = column<std::uint16_t>(f, "/events/clause");
    events.agency = column<std::uint8_t>(f, "/events/agency");
    events.use = column<std::uint8_t>(f, "/events/use");
    events.votes_for = column<std::int32_t>(f, "/events/votes_for");
    events.votes_against = column<std::int32_t>(f, "/events/votes_against");
    events.yuan = column<std::int64_t>(f, "/events/yuan");
    projects.replicate = column<std::uint16_t>(f, "/projects/replicate");
    projects.month = column<std::uint16_t>(f, "/projects/month");
    projects.block = column<std::uint16_t>(f, "/projects/block");
    projects.space = column<std::int32_t>(f, "/projects/space");
    projects.heritage = column<std::uint8_t>(f, "/projects/heritage");
    projects.posts = column<std::int32_t>(f, "/projects/posts");
    projects.filled = column<std::int32_t>(f, "/projects/filled");
    projects.residents = column<std::int32_t>(f, "/projects/residents");
    projects.registered_here = column<std::int32_t>(f, "/projects/registered_here");
    const auto name = words(f, "/figures/name"), unit = words(f, "/figures/unit"), known = words(f, "/figures/status"),
               from = words(f, "/figures/source");
    const auto value = column<double>(f, "/figures/value"), low = column<double>(f, "/figures/low"),
               high = column<double>(f, "/figures/high");
    for (std::size_t i = 0; i < name.size() && i < value.size() && i < low.size() && i < high.size(); ++i) {
        figures.push_back({name[i], word_at(unit, i), word_at(known, i), word_at(from, i), value[i], low[i], high[i]});
    }
    const auto source_table = words(f, "/sources/table"), what = words(f, "/sources/what"), year = words(f, "/sources/year"),
               origin = words(f, "/sources/source"), licence = words(f, "/sources/licence"), state = words(f, "/sources/status"),
               confidence = words(f, "/sources/confidence");
    for (std::size_t i = 0; i < source_table.size(); ++i) {
        sources.push_back({source_table[i], word_at(what, i), word_at(year, i), word_at(origin, i), word_at(licence, i), word_at(state, i),
                           word_at(confidence, i)});
    }
}

std::size_t ReportData::index(std::string_view indicator) const {
    const auto found = index_.find(indicator);
    return found == index_.end() ? results.indicators.size() : found->second;
}

bool ReportData::has(std::string_view indicator) const { return index(indicator) < results.indicators.size(); }

Estimate ReportData::district(std::string_view indicator, std::size_t month) const {
    const std::size_t i = index(indicator), n = results.indicators.size(), rows = results.months.size();
    if (i >= n || month >= rows) return {};
    auto at = [&](std::size_t statistic) { return static_cast<double>(district_[(statistic * n + i) * rows + month]); };
    return {at(mean_at), at(low_at), at(high_at), at(error_at)};
}

Estimate ReportData::subdistrict(std::string_view indicator, std::size_t subdistrict, std::size_t month) const {
    const std::size_t i = index(indicator), n = results.indicators.size(), rows = results.months.size(),
                      areas = results.subdistricts.size();
    if (i >= n || month >= rows || subdistrict >= areas) return {};
    auto at = [&](std::size_t statistic) {
        return static_cast<double>(subdistrict_[((statistic * n + i) * rows + month) * areas + subdistrict]);
    };
    return {at(mean_at), at(low_at), at(high_at), at(error_at)};
}

const std::vector<double>& ReportData::blocks(std::string_view indicator) const {
    if (const auto found = blocks_.find(indicator); found != blocks_.end()) return found->second;
    auto& means = blocks_[std::string(indicator)];
    const std::size_t i = index(indicator);
    if (i >= results.indicators.size() || results.indicators[i].lowest != Level::block) return means;
    means = results.summary(results.indicators[i], Level::block, "mean");
    return means;
}

double ReportData::district_sum(std::string_view indicator, std::size_t from, std::size_t to) const {
    double sum = 0;
    for (std::size_t row = from; row <= to; ++row) {
        const double value = district(indicator, row).mean;
        if (std::isfinite(value)) sum += value;
    }
    return sum;
}

std::pair<double, double> ReportData::lon_lat(double x_m, double y_m) const {
    constexpr double radians = 0.017453292519943295;
    const double per_y = pack_metres_per_degree, per_x = pack_metres_per_degree * std::cos(origin_lat * radians);
    return {origin_lon + x_m / per_x, origin_lat + y_m / per_y};
}

}  // namespace hutong
