#include "analysis/report_companions.h"

#include <algorithm>
#include <cmath>

namespace hutong {
namespace {

constexpr std::uint64_t most_rows = std::uint64_t{1} << 24;
constexpr std::size_t base_at = 0, alternative_at = 1, difference_at = 2, low_at = 3, high_at = 4, statistics = 5;

/// Refuses a file of another kind by name of the command that makes the right one.
void check_format(const Hdf5Reader& file, const std::filesystem::path& path, std::string_view format, std::string_view command) {
    const std::string found = file.has_attribute("/meta", "format") ? file.attribute_text("/meta", "format") : std::string();
    if (found == format) return;
    throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path.string()), msg("it is no file of '{}'", command),
                msg("make it with '{}'", command));
}

std::string text_attribute(const Hdf5Reader& file, std::string_view object, std::string_view name) {
    return file.has_attribute(object, name) ? file.attribute_text(object, name) : std::string();
}
double number_attribute(const Hdf5Reader& file, std::string_view object, std::string_view name, double otherwise) {
    return file.has_attribute(object, name) ? file.attribute_number(object, name) : otherwise;
}
/// A mark under the wrong name would be worse than none.
Interval interval_of(const Hdf5Reader& file, const std::filesystem::path& path) {
    const std::string found = text_attribute(file, "/meta", "interval");
    for (const Interval one : {Interval::chance, Interval::assumptions, Interval::data}) {
        if (found == interval_text(one)) return one;
    }
    throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path.string()),
                msg("it does not say what its intervals come from: '{}' is neither chance, assumptions nor data", found),
                msg("make it with '{}'", "hutong compare --out"));
}
std::size_t replicates_of(const Hdf5Reader& file) {
    return file.has_attribute("/meta", "replicates")
               ? static_cast<std::size_t>(std::max<std::int64_t>(file.attribute_integer("/meta", "replicates"), 0))
               : 0;
}

MorrisEffect as_effect(const double* row, const MorrisEffect*) { return {row[0], row[1], row[2], row[3], row[4]}; }
SobolIndex as_effect(const double* row, const SobolIndex*) { return {row[0], row[1], row[2], row[3], row[4], row[5]}; }
constexpr std::uint64_t columns_of(const MorrisEffect*) { return 5; }
constexpr std::uint64_t columns_of(const SobolIndex*) { return 6; }

template <class Effect>
EffectTable<Effect> read_effects(const Hdf5Reader& file, const std::string& root, const std::string& group) {
    EffectTable<Effect> table;
    const std::string effects = root + "/" + group;
    if (!file.exists(effects)) return table;
    const auto paths = file.texts(root + "/parameters/path"), choices = file.texts(root + "/parameters/choices", most_rows);
    const std::size_t n = paths.size();
    const auto low = file.data<double>(root + "/parameters/low", {n}), high = file.data<double>(root + "/parameters/high", {n});
    for (std::size_t p = 0; p < n; ++p) table.parameters.push_back({paths[p], low[p], high[p], p < choices.size() ? choices[p] : ""});
    const Extent points = file.extent(root + "/points");
    table.points = points.empty() ? 0 : points.front();
    const Effect* kind = nullptr;
    for (const std::string& name : file.children(effects)) {
        const std::string path = effects + "/" + name;
        const std::uint64_t columns = columns_of(kind);
        const auto values = file.data<double>(path, {n, columns}, most_rows);
        auto& rows = table.by_indicator[name];
        for (std::size_t p = 0; p < n; ++p) rows.push_back(as_effect(values.data() + p * columns, kind));
        table.noise_share[name] = number_attribute(file, path, "noise_share", no_value());
    }
    return table;
}

/// Canonical scenario texts that differ by nothing but how many replicates were run: an interval may come from more than the report shows.
bool same_scenario(const std::string& a, const std::string& b) {
    const auto plain = [](const std::string& text) {
        constexpr std::string_view line = "run.replicates = ";
        const auto at = text.starts_with(line) ? 0 : text.find("\n" + std::string(line));
        return at == std::string::npos ? text : text.substr(0, at) + text.substr(std::min(text.find('\n', at + 1), text.size()));
    };
    return plain(a) == plain(b);
}

[[noreturn]] void refuse(const std::string& file, const std::string& base, Message why, Message advice) {
    throw Error(ErrorKind::usage, msg("'{}' does not belong to '{}'", file, base), std::move(why), std::move(advice));
}

}  // namespace

SensitivityFile::SensitivityFile(const std::filesystem::path& path) : file_name(path.filename().string()) {
    const Hdf5Reader file(path);
    check_format(file, path, "hutong sensitivity", "hutong sensitivity");
    scenario = text_attribute(file, "/meta", "scenario");
    scenario_hash = text_attribute(file, "/meta", "scenario_hash");
    district_hash = text_attribute(file, "/meta", "district_hash");
    scale = number_attribute(file, "/meta", "scale", 1);
    replicates = replicates_of(file);
    months = file.texts("/months");
    screening = read_effects<MorrisEffect>(file, "/morris", "effects");
    indices = read_effects<SobolIndex>(file, "/sobol", "indices");
}

ComparisonFile::ComparisonFile(const std::filesystem::path& path)
    : file_name(path.filename().string()), file_(std::make_shared<Hdf5Reader>(path)) {
    const Hdf5Reader& file = *file_;
    check_format(file, path, "hutong comparison", "hutong compare --out");
    base_text = file.text("/meta/base_text");
    district_hash = text_attribute(file, "/meta", "district_hash");
    scale = number_attribute(file, "/meta", "scale", 1);
    replicates = replicates_of(file);
    interval = interval_of(file, path);
    months = file.texts("/months");
    blocks = file.texts("/blocks/code");
    subdistricts_ = file.texts("/subdistricts/name").size();
    for (std::size_t k = 1;; ++k) {
        const std::string root = "/alternative_" + std::to_string(k);
        if (!file.exists(root)) break;
        Alternative one{text_attribute(file, root, "scenario"), file.text(root + "/scenario_text"), {}};
        const auto rows = file.exists(root + "/levers") ? file.children(root + "/levers") : std::vector<std::string>();
        for (const std::string& row : rows) {
            const std::string at = (root + "/levers/").append(row);
            const auto v = file.data<double>(at, {7});
            one.levers.push_back(
                {text_attribute(file, at, "lever"), text_attribute(file, at, "indicator"), {v[0], v[1], v[2]}, {v[3], v[4], v[5]}});
        }
        alternatives.push_back(std::move(one));
    }
}

std::optional<std::size_t> ComparisonFile::alternative_of(const ReportData& data) const {
    for (std::size_t k = 0; k < alternatives.size(); ++k) {
        if (same_scenario(alternatives[k].scenario_text, data.scenario_text)) return k;
    }
    return std::nullopt;
}

PairedEstimate ComparisonFile::difference(std::size_t alternative, std::string_view indicator, std::size_t month,
                                          std::optional<std::size_t> subdistrict) const {
    const std::string path = fmt::format("/alternative_{}/{}/{}", alternative + 1, subdistrict ? "subdistrict" : "district", indicator);
    const std::uint64_t areas = subdistrict ? subdistricts_ : 1, rows = months.size();
    const std::vector<float>& values = statistics_of(path, subdistrict ? Extent{statistics, rows, areas} : Extent{statistics, rows});
    const std::size_t area = subdistrict.value_or(0);
    if (values.empty() || month >= rows || area >= areas) return {};
    auto at = [&](std::size_t statistic) { return static_cast<double>(values[(statistic * rows + month) * areas + area]); };
    return {at(difference_at), at(low_at), at(high_at)};
}

const std::vector<float>& ComparisonFile::statistics_of(const std::string& path, const Extent& extent) const {
    auto found = read_.find(path);
    if (found == read_.end()) {
        std::vector<float> values;
        if (file_->exists(path)) values = file_->data<float>(path, extent, most_rows);
        found = read_.emplace(path, std::move(values)).first;
    }
    return found->second;
}

std::optional<std::size_t> ComparisonFile::row_of(const std::string& month) const {
    const auto found = std::find(months.begin(), months.end(), month);
    if (found == months.end()) return std::nullopt;
    return static_cast<std::size_t>(found - months.begin());
}

std::vector<BlockDifference> ComparisonFile::block_differences(std::size_t alternative, std::string_view indicator,
                                                               std::size_t month) const {
    const std::uint64_t areas = blocks.size(), rows = months.size();
    const auto path = [&](std::string_view group) { return fmt::format("/alternative_{}/{}/{}", alternative + 1, group, indicator); };
    const std::vector<float>& values = statistics_of(path("block"), {statistics, rows, areas});
    if (values.empty() || month >= rows) return {};
    const std::string at_marks = path("block_sure");
    auto marks = read_marks_.find(at_marks);
    if (marks == read_marks_.end())
        marks = read_marks_.emplace(at_marks, file_->data<std::uint8_t>(at_marks, {rows, areas}, most_rows)).first;
    std::vector<BlockDifference> out(areas);
    for (std::size_t b = 0; b < areas; ++b) {
        auto at = [&](std::size_t statistic) { return static_cast<double>(values[(statistic * rows + month) * areas + b]); };
        const std::uint8_t mark = marks->second[month * areas + b];
        out[b] = {{at(difference_at), at(low_at), at(high_at)},
                  at(base_at),
                  at(alternative_at),
                  mark == 0   ? Told::no
                  : mark == 1 ? Told::yes
                              : Told::unknown};
    }
    return out;
}

void check_belongs(const SensitivityFile& file, const ReportData& base) {
    if (file.district_hash != base.district_hash)
        refuse(file.file_name, base.file_name, msg("their districts differ"), msg("run 'hutong sensitivity' on the same district pack"));
    if (file.scenario != base.results.scenario_name)
        refuse(file.file_name, base.file_name, msg("their scenarios differ"), msg("run 'hutong sensitivity' on the base scenario"));
}

void check_base(const ComparisonFile& file, const ReportData& base) {
    if (file.district_hash != base.district_hash)
        refuse(file.file_name, base.file_name, msg("their districts differ"), msg("compare the files that the report is about"));
    if (!same_scenario(file.base_text, base.scenario_text))
        refuse(file.file_name, base.file_name, msg("their scenarios differ"), msg("compare the files that the report is about"));
    if (file.scale != base.results.marks.scale)
        refuse(file.file_name, base.file_name, msg("they simulate different fractions of the people"), msg("give both the same --scale"));
}

void check_belongs(const ComparisonFile& file, const ReportData& base, const std::vector<const ReportData*>& alternatives) {
    check_base(file, base);
    const bool any =
        std::any_of(alternatives.begin(), alternatives.end(), [&](const ReportData* one) { return file.alternative_of(*one).has_value(); });
    if (!any)
        refuse(file.file_name, base.file_name, msg("it holds none of the alternatives"), msg("compare the files that the report is about"));
}

}  // namespace hutong
