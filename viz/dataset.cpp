#include "viz/dataset.h"

#include <algorithm>
#include <cmath>

#include "analysis/map_geometry.h"
#include "sim/summary.h"

namespace hutong {
namespace {

constexpr double quantile_low = 0.05, quantile_high = 0.95;

Point node_point(const District& district, NodeId node) { return {district.network.x_m(node), district.network.y_m(node)}; }

void add_streets(const District& district, DatasetFrame& frame) {
    const WalkingNetwork& network = district.network;
    frame.streets.clear();
    frame.nodes.clear();
    for (std::size_t n = 0; n < network.nodes(); ++n) frame.nodes.push_back(node_point(district, NodeId(n)));
    for (std::size_t n = 0; n < network.nodes(); ++n) {
        const NodeId from(n);
        if (!network.block(from)) continue;  // the ring around the district is not drawn
        for (const auto& arc : network.arcs(from)) {
            const NodeId to(arc.to);
            if (arc.to > n || !network.block(to)) frame.streets.emplace_back(node_point(district, from), node_point(district, to));
        }
    }
    frame.facility_sites.clear();
    for (const FacilitySite& site : district.facilities) {
        if (!site.ring) frame.facility_sites.emplace_back(node_point(district, site.node), static_cast<std::uint8_t>(site.service.value));
    }
    frame.services.clear();
    for (const Service& service : district.catalogue.services) frame.services.push_back({service.name_zh, service.name_en});
}

}  // namespace

std::size_t Dataset::find(std::string_view name) const {
    const auto& all = frame().indicators;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name == name) return i;
    }
    return all.size();
}

std::size_t Dataset::areas(Level level) const {
    if (level == Level::district) return 1;
    return level == Level::block ? frame().blocks.size() : frame().subdistricts.size();
}

Month Dataset::month(std::size_t row) const {
    const auto& months = frame().months;
    return months.empty() ? Month{} : Month::parse(months[std::min(row, months.size() - 1)]).value_or(Month{});
}

const std::vector<SpaceNow>& Dataset::spaces_in(std::size_t row) const {
    if (row != spaces_row_ || version() != spaces_version_) {
        spaces_ = spaces_at(space_log(), month(row));
        spaces_row_ = row;
        spaces_version_ = version();
    }
    return spaces_;
}

ResultsDataset::ResultsDataset(const std::filesystem::path& path) : results_(path), log_(read_space_log(path)) {
    frame_.blocks = results_.blocks;
    frame_.subdistricts = results_.subdistricts;
    frame_.indicators = results_.indicators;
    frame_.months = results_.months;
    frame_.marks = results_.marks;
    frame_.borders = subdistrict_borders(frame_.blocks);
    const Hdf5Reader file(path);
    if (file.has_attribute("/meta", "district_zh")) frame_.district_zh = file.attribute_text("/meta", "district_zh");
    if (file.has_attribute("/meta", "district_en")) frame_.district_en = file.attribute_text("/meta", "district_en");
}

void ResultsDataset::add_district(const District& district) {
    bool same = district.blocks.size() == frame_.blocks.size() && district.spaces.size() == log_.spaces.size();
    for (std::size_t b = 0; same && b < frame_.blocks.size(); ++b) same = district.blocks[b].code == frame_.blocks[b].code;
    if (!same) {
        throw Error(ErrorKind::usage, msg("the district pack is not the one of the results"), msg("its blocks or spaces differ"),
                    msg("choose the pack that the results were made with"));
    }
    add_streets(district, frame_);
    const SpaceLog given = hutong::space_log(district);
    for (std::size_t i = 0; i < log_.spaces.size(); ++i) {
        log_.spaces[i].at = given.spaces[i].at;
        log_.spaces[i].placed = true;
    }
    log_.use_direction = given.use_direction;
}

const ResultsDataset::Column& ResultsDataset::column(std::size_t indicator, Level level) const {
    const auto key = std::make_pair(indicator, level);
    const auto found = columns_.find(key);
    if (found != columns_.end()) return found->second;
    Column column;
    for (std::size_t r = 0; r < results_.replicates; ++r) {
        const auto values = results_.values(frame_.indicators[indicator], level, r);
        column.emplace_back(values.begin(), values.end());
    }
    return columns_.emplace(key, std::move(column)).first->second;
}

double ResultsDataset::value(std::size_t indicator, Level level, std::size_t row, std::size_t area) const {
    if (indicator >= frame_.indicators.size() || level < frame_.indicators[indicator].lowest || row >= rows()) return no_value();
    double sum = 0;
    int count = 0;
    for (const auto& values : column(indicator, level)) {
        const double v = values[row * areas(level) + area];
        if (!std::isfinite(v)) continue;
        sum += v;
        ++count;
    }
    return count > 0 ? sum / count : no_value();
}

Band ResultsDataset::band(std::size_t indicator, Level level, std::size_t row, std::size_t area) const {
    Band band{value(indicator, level, row, area), no_value(), no_value()};
    if (results_.replicates < 2 || !std::isfinite(band.mean)) return band;
    std::vector<double> sample;
    for (const auto& values : column(indicator, level)) {
        const double v = values[row * areas(level) + area];
        if (std::isfinite(v)) sample.push_back(v);
    }
    std::sort(sample.begin(), sample.end());
    band.low = quantile(sample, quantile_low);
    band.high = quantile(sample, quantile_high);
    return band;
}

void describe_district(const District& district, DatasetFrame& frame) {
    frame.district_zh = district.name_zh;
    frame.district_en = district.name_en;
    frame.blocks.clear();
    frame.subdistricts.clear();
    for (const Block& b : district.blocks) {
        frame.blocks.push_back({b.code, b.name_zh, b.name_en, std::string(name_of(b.zone)), static_cast<std::uint16_t>(b.subdistrict.value),
                                b.area_m2, b.rings});
    }
    for (const Subdistrict& s : district.subdistricts) frame.subdistricts.push_back({s.code, s.name_zh, s.name_en});
    frame.borders = subdistrict_borders(frame.blocks);
    add_streets(district, frame);
}

}  // namespace hutong
