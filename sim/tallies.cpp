#include "sim/tallies.h"

#include <algorithm>

namespace hutong {

TallyLayout::TallyLayout(const District& district) {
    sectors = static_cast<std::uint16_t>(district.catalogue.sectors.size());
    services = static_cast<std::uint16_t>(district.catalogue.services.size());
    blocks = static_cast<std::uint16_t>(district.blocks.size());
    subdistricts = static_cast<std::uint16_t>(district.subdistricts.size());
    for (const Block& block : district.blocks) subdistrict_of.push_back(static_cast<std::uint16_t>(block.subdistrict.value));
    std::uint16_t next = static_cast<std::uint16_t>(Tally::count);
    auto take = [&](std::size_t columns) {
        const std::uint16_t first = next;
        next = static_cast<std::uint16_t>(next + columns);
        return first;
    };
    ages = take(static_cast<std::size_t>(age_groups));
    posts = take(sectors);
    filled = take(sectors);
    filled_residents = take(sectors);
    funding_filled = take(static_cast<std::size_t>(fundings));
    funding_residents = take(static_cast<std::size_t>(fundings));
    businesses = take(sectors);
    members = take(static_cast<std::size_t>(target_groups));
    served = take(services);
    reached = take(services);
    served_without_ring = take(services);
    reached_without_ring = take(services);
    premises_area = take(static_cast<std::size_t>(premises_uses));
    stage_area = take(static_cast<std::size_t>(space_stages));
    direction_area = take(static_cast<std::size_t>(directions));
    flows = take(flow_count);
    count = next;
}

MonthTallies::MonthTallies(const TallyLayout& tally_layout)
    : layout(&tally_layout),
      values(static_cast<std::size_t>(tally_layout.count) * tally_layout.areas(), 0),
      opening_milli_months(static_cast<std::size_t>(1 + routes) * tally_layout.areas(), -1) {}

void MonthTallies::add_up() {
    const std::size_t blocks = layout->blocks;
    for (std::size_t tally = 0; tally < layout->count; ++tally) {
        std::int64_t* row = &values[tally * layout->areas()];
        std::fill(row + blocks, row + layout->areas(), 0);
        for (std::size_t block = 0; block < blocks; ++block) {
            row[blocks + layout->subdistrict_of[block]] += row[block];
            row[layout->district_area()] += row[block];
        }
    }
}

}  // namespace hutong
