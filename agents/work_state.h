/// What steps 4 and 5 measure change against: values taken once from the World of the start (init_businesses_market,
/// init_labour_market) and constant afterwards, and a cache of what follows from the district alone.
#pragma once

#include <cstdint>
#include <vector>

namespace hutong {

struct WorkState {
    // Businesses
    std::vector<double> customers_start;      ///< [block] residents within reach (weighted)
    std::vector<double> posts_start;          ///< [sector * blocks + block] established posts
    std::vector<double> exits_start;          ///< [sector * blocks + block] expected exits a month: what entries replace
    std::vector<double> entry_posts;          ///< [sector] mean posts of what leaves at the start: the size entrants look for
    std::vector<double> area_per_post;        ///< [sector] m2 of premises for each post at the start
    std::vector<double> vacancy_start;        ///< [block] vacant share of premises by floor area
    std::vector<std::uint8_t> sector_in_use;  ///< [sector * premises_uses + use] 1: such premises serve the sector

    // Labour
    std::vector<double> open_start;        ///< [skill] open posts expected at the start
    std::vector<std::uint8_t> slots_log2;  ///< [block * skills + skill] slots of the place, as a power of 2
    std::vector<double> search_scale;      ///< [1] factor on the search of the unemployed that balances the start
    std::vector<double> outside_share;     ///< [1] share of job seekers who look outside the district at the start

    /// Follows from district and assumptions; built when empty, no part of the state.
    struct Cache {
        std::vector<float> attraction;  ///< [home * blocks + block] exp(-distance); home == blocks: unknown, 1
        std::vector<float> farness;     ///< same shape: 1 / attraction
        std::vector<float> preference;  ///< same shape: employers' odds for a resident from there, without subsidy
        std::vector<float> affinity;    ///< [sector] outside pool
        std::vector<std::uint64_t> subdistrict_luck, block_luck, sector_luck;
        std::vector<std::uint64_t> entry_stream;    ///< [sector * blocks + block] permanent keys of entrants
        std::vector<std::uint32_t> first_near;      ///< [block + 1] into near
        std::vector<std::uint32_t> near;            ///< blocks within reach of customers, itself among them
        std::vector<double> near_weight;            ///< 1 at the place itself, 0 at the reach
        std::vector<std::uint32_t> blocks_of;       ///< blocks sorted by sub-district
        std::vector<std::uint32_t> first_block_of;  ///< [subdistrict + 1] into blocks_of
    } cache;

    template <class F>
    void columns(F&& f) {
        f(customers_start);
        f(posts_start);
        f(exits_start);
        f(entry_posts);
        f(area_per_post);
        f(vacancy_start);
        f(sector_in_use);
        f(open_start);
        f(slots_log2);
        f(search_scale);
        f(outside_share);
    }
};

}  // namespace hutong
