/// A run made by hand: two blocks side by side in two sub-districts, a few months, three indicators, two spaces.
#pragma once

#include "analysis/map_geometry.h"
#include "viz/dataset.h"

namespace hutong::testing {

class HandMadeRun : public Dataset {
public:
    explicit HandMadeRun(double shift = 0, std::size_t rows = 25) : shift_(shift), rows_(rows) {
        frame_.district_zh = frame_.district_en = "Town";
        frame_.blocks = {{"B1", "甲街区", "Block one", "living", 0, 1e6, {{{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}}}},
                         {"B2", "乙街区", "Block two", "living", 1, 1e6, {{{1000, 0}, {2000, 0}, {2000, 1000}, {1000, 1000}}}}};
        frame_.subdistricts = {{"S1", "椿树街道", "Chunshu"}, {"S2", "阜成街道", "Fucheng"}};
        auto indicator = [&](const char* name, const char* label, const char* unit, Level lowest) {
            frame_.indicators.push_back({name, label, "", "", unit, "", "derived", lowest, false});
        };
        indicator("population", "Population", "persons", Level::block);
        indicator("coverage", "Served at standard, all services", "share", Level::block);
        indicator("headroom", "Red-line headroom", "persons", Level::district);
        for (int m = 0; m < 25; ++m) frame_.months.push_back((Month::of(2017, 6) + m).text());
        frame_.marks.schematic_blocks = true;
        frame_.nodes = {{700, 800}, {1700, 800}};
        frame_.borders = subdistrict_borders(frame_.blocks);
        log_.spaces = {{"X1",
                        "甲空间",
                        "Space one",
                        SpaceCategory::industrial,
                        SpaceForm::floor_above,
                        OwnerType::district,
                        HeritageGrade::none,
                        0,
                        500,
                        Month::of(2017, 9),
                        "synthetic",
                        {500, 500},
                        true},
                       {"X2",
                        "乙空间",
                        "Space two",
                        SpaceCategory::corner_land,
                        SpaceForm::land,
                        OwnerType::district,
                        HeritageGrade::none,
                        1,
                        300,
                        Month::of(2016, 1),
                        "synthetic",
                        {1500, 500},
                        true}};
        log_.uses = {{"幼儿园", "Kindergarten"}, {"绿地", "Pocket green"}};
        log_.use_codes = {"kindergarten", "pocket_green"};
        log_.use_direction = {0, 1};
        log_.clauses = {"", "G6", "W2"};
        log_.agencies = {{"教委", "Education Commission"}};
        log_.permitted = {0, 1, 2, 0};
        auto event = [&](Month month, std::uint32_t space, SpaceStage stage, SpaceDecision decision, std::uint8_t use) {
            log_.events.push_back(
                {.month = month.index, .clause = 2, .space = space, .stage = stage, .decision = decision, .agency = 0, .use = use});
        };
        event(Month::of(2017, 8), 1, SpaceStage::review, SpaceDecision::entered, 1);
        event(Month::of(2017, 9), 0, SpaceStage::vacant, SpaceDecision::vacated, no_use);
        event(Month::of(2017, 10), 1, SpaceStage::review, SpaceDecision::approved, 1);
        event(Month::of(2017, 12), 1, SpaceStage::open, SpaceDecision::opened, 1);
    }

    const DatasetFrame& frame() const override { return frame_; }
    std::string name() const override { return "hand-made"; }
    std::size_t rows() const override { return rows_; }
    std::size_t replicates() const override { return 1; }
    double value(std::size_t indicator, Level level, std::size_t row, std::size_t area) const override {
        if (indicator >= frame_.indicators.size() || level < frame_.indicators[indicator].lowest) return no_value();
        const double base = indicator == 1 ? 0.25 : 1000;
        return base * (1 + static_cast<double>(area)) + (indicator == 1 ? 0.01 : 10) * static_cast<double>(row) + shift_;
    }
    Band band(std::size_t i, Level l, std::size_t r, std::size_t a) const override { return {value(i, l, r, a), no_value(), no_value()}; }
    const SpaceLog& space_log() const override { return log_; }
    std::uint64_t version() const override { return version_; }
    std::shared_ptr<const PlaceCounts> places_in(std::size_t row) const override {
        const auto more = static_cast<std::uint32_t>(row);
        return std::make_shared<const PlaceCounts>(PlaceCounts{{5 + more, 0}, {0, 3}});
    }
    void change() { ++version_; }

private:
    std::uint64_t version_ = 1;
    double shift_;
    std::size_t rows_;
    DatasetFrame frame_;
    SpaceLog log_;
};

}  // namespace hutong::testing
