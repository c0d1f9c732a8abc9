#include <algorithm>

#include "sim/results.h"
#include "sim/summary.h"

namespace hutong {
namespace {

constexpr std::uint64_t most_blocks = 10'000;
constexpr std::uint64_t most_months = 12'000;
constexpr std::uint64_t most_replicates = 100'000;
constexpr std::uint64_t most_points = 10'000'000;
constexpr std::string_view level_groups[levels] = {"/indicator", "/subdistrict", "/district"};

[[noreturn]] void foreign(const std::string& path, Message why) {
    throw Error(ErrorKind::bad_results, msg("cannot read '{}'", path), std::move(why),
                msg("make the file again with this version of hutong"));
}

void read_blocks(const Hdf5Reader& file, const std::string& path, std::vector<BlockInfo>& blocks) {
    const auto code = file.texts("/blocks/code", most_blocks), zh = file.texts("/blocks/name_zh", most_blocks),
               en = file.texts("/blocks/name_en", most_blocks), zone = file.texts("/blocks/zone", most_blocks);
    const std::uint64_t n = code.size();
    const auto subdistrict = file.data<std::uint16_t>("/blocks/subdistrict", {n});
    const auto area = file.data<double>("/blocks/area_m2", {n});
    if (zh.size() != n || en.size() != n || zone.size() != n) foreign(path, msg("the columns of '{}' differ in length", "/blocks"));
    for (std::size_t b = 0; b < n; ++b) blocks.push_back({code[b], zh[b], en[b], zone[b], subdistrict[b], area[b], {}});
    const auto ring_block = file.data<std::int32_t>("/blocks/ring_block", {Hdf5Reader::any}, most_points);
    const auto ring_points = file.data<std::int32_t>("/blocks/ring_points", {ring_block.size()}, most_points);
    const auto x = file.data<double>("/blocks/outline_x_m", {Hdf5Reader::any}, most_points);
    const auto y = file.data<double>("/blocks/outline_y_m", {x.size()}, most_points);
    std::size_t next = 0;
    for (std::size_t r = 0; r < ring_block.size(); ++r) {
        const std::int64_t points = ring_points[r];
        if (ring_block[r] < 0 || static_cast<std::uint64_t>(ring_block[r]) >= n || points < 0 ||
            static_cast<std::uint64_t>(points) > x.size() - next) {
            foreign(path, msg("the outlines of '{}' are damaged", "/blocks"));
        }
        auto& ring = blocks[static_cast<std::size_t>(ring_block[r])].rings.emplace_back();
        for (std::int64_t p = 0; p < points; ++p, ++next) ring.push_back({x[next], y[next]});
    }
}

}  // namespace

Results::Results(const std::filesystem::path& path) : path_(path.string()), file_(std::make_shared<Hdf5Reader>(path)) {
    const Hdf5Reader& file = *file_;
    if (!file.exists("/meta") || !file.has_attribute("/meta", "format") || file.attribute_text("/meta", "format") != "hutong results") {
        foreign(path_, msg("it is not a results file of hutong"));
    }
    if (const auto schema = file.attribute_integer("/meta", "schema"); schema != results_schema) {
        foreign(path_, msg("its layout is version {}, this program reads version {}", schema, results_schema));
    }
    scenario_name = file.attribute_text("/meta", "scenario");
    version = file.attribute_text("/meta", "version");
    scenario_text = file.text("/meta/scenario_text");
    scenario_hash = file.attribute_text("/meta", "scenario_hash");
    district_hash = file.attribute_text("/meta", "district_hash");
    interval = interval_named(file.attribute_text("/meta", "interval"));
    seed = static_cast<std::uint64_t>(file.attribute_integer("/meta", "seed"));
    marks.scale = file.attribute_number("/meta", "scale");
    marks.schematic_blocks = file.attribute_integer("/meta", "schematic_blocks") != 0;
    marks.experiment = file.attribute_integer("/meta", "experiment") != 0;
    const std::string neutral = file.attribute_text("/meta", "neutral");
    for (std::size_t at = 0; at < neutral.size();) {
        const std::size_t end = std::min(neutral.find(' ', at), neutral.size());
        marks.neutral.push_back(neutral.substr(at, end - at));
        at = end + 1;
    }
    const auto count = file.attribute_integer("/meta", "replicates");
    if (count < 1 || count > static_cast<std::int64_t>(most_replicates)) foreign(path_, msg("it has {} replicates", count));
    replicates = static_cast<std::size_t>(count);
    months = file.texts("/months", most_months);
    if (months.empty()) foreign(path_, msg("it has no months"));
    read_blocks(file, path_, blocks);
    const auto code = file.texts("/subdistricts/code", most_blocks), zh = file.texts("/subdistricts/name_zh", most_blocks),
               en = file.texts("/subdistricts/name_en", most_blocks);
    if (zh.size() != code.size() || en.size() != code.size()) foreign(path_, msg("the columns of '{}' differ in length", "/subdistricts"));
    for (std::size_t s = 0; s < code.size(); ++s) subdistricts.push_back({code[s], zh[s], en[s]});
    for (const BlockInfo& block : blocks) {
        if (block.subdistrict >= subdistricts.size()) foreign(path_, msg("the columns of '{}' differ in length", "/subdistricts"));
    }
    for (const std::string& name : file.texts("/summary/indicators")) {
        const std::string at = "/district/" + name;
        auto text = [&](std::string_view attribute) {
            return file.has_attribute(at, attribute) ? file.attribute_text(at, attribute) : std::string();
        };
        if (!file.exists(at)) foreign(path_, msg("'{}' is missing", at));
        IndicatorInfo info{name,         text("label"),      text("kind_en"), text("kind_zh"),
                           text("unit"), text("definition"), text("status"),  Level::district,
                           false};
        if (file.exists("/subdistrict/" + name)) info.lowest = Level::subdistrict;
        if (file.exists("/indicator/" + name)) info.lowest = Level::block;
        info.money = info.unit.starts_with("yuan") && !info.unit.starts_with("yuan/m2");
        indicators.push_back(std::move(info));
    }
}

const IndicatorInfo& Results::indicator(std::string_view name) const {
    std::vector<std::string> known;
    for (const IndicatorInfo& info : indicators) {
        if (info.name == name) return info;
        known.push_back(info.name);
    }
    const std::string near = nearest_name(name, known);
    throw Error(ErrorKind::usage, msg("there is no indicator '{}'", name), {},
                near.empty() ? msg("see the names under /indicator in the results file") : msg("did you mean '{}'?", near));
}

std::size_t Results::month(std::string_view label) const {
    const auto found = std::find(months.begin(), months.end(), label);
    if (found == months.end()) {
        throw Error(ErrorKind::usage, msg("the results have no month '{}'", label), {},
                    msg("choose one from {} to {}", months.front(), months.back()));
    }
    return static_cast<std::size_t>(found - months.begin());
}

std::vector<double> Results::values(const IndicatorInfo& info, Level level, std::size_t replicate) const {
    if (level < info.lowest) return {};
    const std::string at = std::string(level_groups[static_cast<std::size_t>(level)]) + "/" + info.name;
    Extent whole{replicates, months.size()};
    if (level != Level::district) whole.push_back(level == Level::block ? blocks.size() : subdistricts.size());
    if (file_->extent(at) != whole) foreign(path_, msg("'{}' has another extent than the rest of the file", at));
    Extent offset(whole.size(), 0), one = whole;
    offset[0] = replicate;
    one[0] = 1;
    std::vector<double> out;
    if (info.money) {
        for (const auto v : file_->part<std::int64_t>(at, offset, one)) out.push_back(static_cast<double>(v));
    } else {
        for (const auto v : file_->part<float>(at, offset, one)) out.push_back(static_cast<double>(v));
    }
    return out;
}

std::vector<double> Results::summary(const IndicatorInfo& info, Level level, std::string_view statistic) const {
    const auto found = std::find(summary_names.begin(), summary_names.end(), statistic);
    if (found == summary_names.end()) {
        throw Error(ErrorKind::usage, msg("there is no statistic '{}'", statistic), {},
                    msg("choose mean, median, p05, p95 or standard_error"));
    }
    if (level < info.lowest) return {};
    if (replicates == 1) {
        auto own = values(info, level);
        if (statistic != "mean" && statistic != "median") std::fill(own.begin(), own.end(), no_value());
        return own;
    }
    const std::size_t areas = level == Level::block ? blocks.size() : level == Level::subdistrict ? subdistricts.size() : 1;
    const std::string at = level == Level::block         ? "/summary/block"
                           : level == Level::subdistrict ? "/summary/subdistrict"
                                                         : "/summary/district";
    Extent whole{summary_names.size(), indicators.size(), months.size()};
    if (level != Level::district) whole.push_back(areas);
    if (!file_->exists(at) || file_->extent(at) != whole) foreign(path_, msg("'{}' has another extent than the rest of the file", at));
    Extent offset(whole.size(), 0), one = whole;
    offset[0] = static_cast<std::uint64_t>(found - summary_names.begin());
    offset[1] = static_cast<std::uint64_t>(
        std::find_if(indicators.begin(), indicators.end(), [&](const IndicatorInfo& other) { return other.name == info.name; }) -
        indicators.begin());
    one[0] = one[1] = 1;
    const auto read = file_->part<float>(at, offset, one);
    return {read.begin(), read.end()};
}

}  // namespace hutong
