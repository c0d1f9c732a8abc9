/// Dwellings by type and tenure: households of make_population, plus homes on offer and homes held empty, spread over
/// blocks by fabric and over their nodes by luck.
#include <algorithm>
#include <cmath>

#include "core/hash.h"
#include "scenarios/generate_draft.h"

namespace hutong::generate {
namespace {

/// How much of a dwelling type a hectare of each zone carries, relative. Assumption.
constexpr double density[dwelling_types][zone_types] = {
    // government, historic, living, business
    {0.03, 1.00, 0.03, 0.03},  // courtyard
    {0.30, 1.50, 1.00, 0.40},  // simple
    {0.45, 0.25, 1.20, 0.60},  // apartment
    {0.45, 0.10, 1.20, 0.60},  // basement
    {1.50, 0.80, 1.00, 1.20},  // dormitory
};
/// Share of a block's nodes that have such homes at all. Assumption.
constexpr double node_share[dwelling_types][tenures] = {
    {0.30, 0.20, 0.75, 0.0, 0.0}, {0.12, 0.10, 0.20, 0.10, 0.0}, {0.45, 0.30, 0.06, 0.15, 0.0},
    {0.0, 0.01, 0.0, 0.0, 0.0},   {0.0, 0.0, 0.0, 0.0, 0.06},
};
/// [m2] Mean floor area. Courtyard public: 350 000 m2 / 15 663 tenancies in Shichahai; others assumption.
constexpr double mean_area_m2[dwelling_types][tenures] = {
    {45, 18, 22.35, 30, 0}, {32, 26, 26, 28, 0}, {70, 56, 46, 58, 0}, {30, 12, 12, 12, 0}, {0, 0, 0, 0, 6},
};

struct Stock {
    double vacancy = 0, held = 0;
};

Stock stock_of(const Draft& draft, DwellingType type, Tenure tenure) {
    if (type == DwellingType::dormitory) return {1 - draft.figure("bed_occupancy").value, 0};
    if (type == DwellingType::basement) return {draft.figure("market_vacancy").value, 0};
    if (tenure == Tenure::owned || tenure == Tenure::private_rent)
        return {draft.figure("market_vacancy").value, draft.figure("held_empty").value};
    return {draft.figure("public_vacancy").value, draft.figure("held_empty_public").value};
}

std::uint64_t code_key(std::string_view code) { return Hash{}.text(code).value(); }

/// The nodes of a block that have such homes: those with the smallest keys.
std::vector<std::pair<std::uint32_t, double>> home_nodes(const Draft& draft, const DraftBlock& block, int type, int tenure) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    for (const std::uint32_t node : block.nodes) {
        // Tenures of one type live on the same estates: the key has no tenure, so a smaller share is a subset.
        order.push_back({draft.chance.key("home node", code_key(block.block.code), static_cast<std::uint64_t>(type),
                                          luck_key(static_cast<std::uint64_t>(draft.nodes[node].x_m * 10 + 1e6),
                                                   static_cast<std::uint64_t>(draft.nodes[node].y_m * 10 + 1e6))),
                         node});
    }
    std::sort(order.begin(), order.end());
    const auto count =
        static_cast<std::size_t>(std::max(1.0, std::floor(node_share[type][tenure] * static_cast<double>(order.size()) + 0.5)));
    std::vector<std::pair<std::uint32_t, double>> nodes;
    for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
        nodes.push_back({order[i].second, 0.4 + 1.2 * unit_open(static_cast<std::uint32_t>(mix64(order[i].first)))});
    }
    return nodes;
}

void place(Draft& draft, const std::vector<std::size_t>& blocks, int type, int tenure, std::int64_t households) {
    if (households <= 0) return;
    const Stock stock = stock_of(draft, static_cast<DwellingType>(type), static_cast<Tenure>(tenure));
    const auto total =
        static_cast<std::int64_t>(std::floor(static_cast<double>(households) / ((1 - stock.vacancy) * (1 - stock.held)) + 0.5));
    std::vector<double> weights;
    for (const std::size_t b : blocks) {
        const Block& block = draft.blocks[b].block;
        weights.push_back(block.area_m2 * density[type][static_cast<int>(block.zone)] *
                          draft.chance.between(0.75, 1.25, "homes", code_key(block.code), static_cast<std::uint64_t>(type)));
    }
    const auto by_block = split(total, weights);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (by_block[i] == 0) continue;
        const DraftBlock& block = draft.blocks[blocks[i]];
        const auto nodes = home_nodes(draft, block, type, tenure);
        std::vector<double> node_weights;
        for (const auto& node : nodes) node_weights.push_back(node.second);
        const auto by_node = split(by_block[i], node_weights);
        for (std::size_t k = 0; k < nodes.size(); ++k) {
            if (by_node[k] == 0) continue;
            const double area = mean_area_m2[type][tenure] *
                                (type == static_cast<int>(DwellingType::dormitory) ? 1.0 : 0.8 + 0.25 * nodes[k].second * 4 / 5);
            draft.dwellings.push_back({nodes[k].first,
                                       static_cast<DwellingType>(type),
                                       static_cast<Tenure>(tenure),
                                       static_cast<std::uint32_t>(by_node[k]),
                                       std::floor(area * 10 + 0.5) / 10,
                                       stock.held,
                                       {}});
        }
    }
}

}  // namespace

void make_dwellings(Draft& draft) {
    for (std::size_t s = 0; s < draft.subdistricts.size(); ++s) {
        std::vector<std::size_t> blocks;
        for (std::size_t b = 0; b < draft.blocks.size(); ++b) {
            if (draft.blocks[b].block.subdistrict.value == s) blocks.push_back(b);
        }
        for (int type = 0; type < dwelling_types; ++type) {
            for (int tenure = 0; tenure < tenures; ++tenure) {
                const bool beds = type == static_cast<int>(DwellingType::dormitory) && tenure == static_cast<int>(Tenure::collective);
                place(draft, blocks, type, tenure, beds ? static_cast<std::int64_t>(draft.collective[s]) : draft.homes[s][type][tenure]);
            }
        }
    }
    std::stable_sort(draft.dwellings.begin(), draft.dwellings.end(),
                     [](const DraftDwelling& a, const DraftDwelling& b) { return a.node < b.node; });
    // People by node and block, for everything that is placed where people live.
    double family = 0, households = 0;
    for (std::size_t s = 0; s < draft.population.size(); ++s)
        family += draft.population[s] - draft.collective[s], households += draft.households[s];
    for (const DraftDwelling& one : draft.dwellings) {
        const Stock stock = stock_of(draft, one.type, one.tenure);
        const double people =
            one.count * (1 - stock.vacancy) * (1 - stock.held) * (one.type == DwellingType::dormitory ? 1.0 : family / households);
        draft.nodes[one.node].residents += people;
        draft.blocks[static_cast<std::size_t>(draft.nodes[one.node].block)].residents += people;
    }
}

}  // namespace hutong::generate
