/// Premises, businesses and jobs: sector totals from the resident industry shares, workers of the function areas, both
/// fitted together (iterative proportional fitting), then spread over blocks by fabric and over nodes by luck.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/exact_math.h"
#include "core/hash.h"
#include "scenarios/generate_draft.h"

namespace hutong::generate {
namespace {

constexpr int areas = 7;  // six function areas and the rest
/// Named area (start of its Chinese name in zones.csv) and its workers in 2017. Source: functional_areas.csv defaults.
struct FunctionArea {
    const char* name_zh;
    double workers;
};
constexpr FunctionArea function_areas[areas - 1] = {{"金融街", 200000}, {"中关村西城园", 120000}, {"西单", 40000},
                                                    {"马连道", 25000},  {"大栅栏琉璃厂", 15000},  {"天桥演艺区", 15000}};

/// How a sector's jobs are placed. Shares of census industries, sizes and affinities: assumption.
struct Trade {
    const char* code;
    std::vector<std::pair<const char*, double>> census;  ///< industry shares of resident workers that make it up
    double mean_jobs, area_per_job_m2;
    PremisesUse use;
    double public_share;      ///< share of its premises that are publicly funded
    double follows_people;    ///< 1: placed where residents are, 0: by floor space of the zone
    double zone[zone_types];  ///< government, historic, living, business
    double affinity[areas];   ///< Financial Street, Zhongguancun, Xidan, Maliandao, Dashilar-Liulichang, Tianqiao, rest
};

const std::vector<Trade>& trades() {
    using enum PremisesUse;
    static const std::vector<Trade> all = {
        {"manufacturing",
         {{"EMPL_INDU_MANU", 1}, {"EMPL_INDU_MINI", 1}, {"EMPL_INDU_AGHU", 1}},
         18,
         35,
         workshop,
         0,
         0,
         {0.3, 0.4, 1, 0.8},
         {0.1, 1.5, 0.1, 0.3, 0.2, 0.2, 1}},
        {"utilities", {{"EMPL_INDU_UTIL", 1}}, 60, 45, office, 0, 0, {1, 0.3, 1, 1}, {1, 0.7, 0.3, 0.3, 0.1, 0.3, 1}},
        {"construction", {{"EMPL_INDU_CONS", 1}}, 35, 15, office, 0, 0, {0.7, 0.3, 1, 1}, {0.3, 1, 0.2, 0.5, 0.1, 0.3, 1}},
        {"wholesale_market", {{"EMPL_INDU_SALE", 0.34}}, 3, 12, market, 0, 0, {0.05, 0.3, 1, 1.5}, {0.02, 0.6, 0.6, 8, 2, 0.3, 1}},
        {"retail", {{"EMPL_INDU_SALE", 0.44}}, 6, 25, shop, 0, 0.6, {0.5, 1, 1, 1.4}, {0.4, 0.5, 9, 2, 5, 1, 1}},
        {"convenience_chain", {{"EMPL_INDU_SALE", 0.065}}, 6, 18, shop, 0, 0.9, {0.7, 0.8, 1, 1.2}, {0.5, 0.7, 1.2, 1, 1, 1, 1}},
        {"fresh_food", {{"EMPL_INDU_SALE", 0.115}}, 5, 20, shop, 0, 1, {0.6, 1, 1, 0.7}, {0.2, 0.5, 0.5, 1, 1, 1, 1}},
        {"class_e_storage", {{"EMPL_INDU_SALE", 0.04}}, 4, 120, storage, 0, 0, {0.1, 0.3, 1, 0.5}, {0.02, 0.4, 0.1, 2, 0.3, 0.3, 1}},
        {"transport_post", {{"EMPL_INDU_TRMA", 1}}, 25, 40, office, 0, 0.4, {0.5, 0.6, 1, 1}, {0.2, 0.6, 0.5, 0.8, 0.6, 0.6, 1}},
        {"hotel", {{"EMPL_INDU_ACCA", 0.3}}, 40, 55, shop, 0, 0.1, {0.8, 1.2, 0.8, 1.3}, {0.7, 0.7, 1.5, 0.6, 4, 2, 1}},
        {"catering", {{"EMPL_INDU_ACCA", 0.7}}, 12, 14, shop, 0, 0.6, {0.6, 1.2, 1, 1.3}, {0.8, 0.8, 3, 0.8, 3, 1.2, 1}},
        {"it_services", {{"EMPL_INDU_ITSE", 1}}, 30, 14, office, 0, 0, {0.5, 0.2, 0.8, 1.5}, {1, 5, 0.4, 0.4, 0.1, 0.5, 1}},
        {"finance", {{"EMPL_INDU_FINA", 1}}, 60, 20, office, 0, 0.1, {0.8, 0.2, 0.5, 1.5}, {30, 2, 1, 0.4, 0.3, 0.5, 1}},
        {"real_estate", {{"EMPL_INDU_REES", 1}}, 20, 20, office, 0, 0.6, {0.6, 0.5, 1, 1}, {1, 0.8, 0.6, 0.8, 0.4, 0.8, 1}},
        {"business_services", {{"EMPL_INDU_LEBS", 1}}, 18, 16, office, 0, 0, {0.7, 0.4, 0.8, 1.5}, {4, 2, 1, 0.8, 0.4, 0.8, 1}},
        {"research", {{"EMPL_INDU_RSRC", 1}}, 28, 18, office, 0, 0, {0.8, 0.2, 1, 1.4}, {0.5, 5, 0.2, 0.3, 0.1, 0.3, 1}},
        {"environment", {{"EMPL_INDU_ENVI", 1}}, 40, 20, institution, 0.6, 0.6, {1, 1, 1, 0.8}, {0.3, 0.4, 0.4, 0.6, 0.8, 0.8, 1}},
        {"resident_services", {{"EMPL_INDU_RESI", 1}}, 5, 18, shop, 0, 1, {0.6, 1, 1, 0.9}, {0.3, 0.5, 0.8, 1, 1.2, 1, 1}},
        {"education", {{"EMPL_INDU_EDUC", 1}}, 60, 30, institution, 1, 0.9, {0.8, 0.9, 1, 0.7}, {0.4, 0.6, 0.5, 0.6, 0.6, 0.8, 1}},
        {"health_social", {{"EMPL_INDU_HESO", 1}}, 60, 28, institution, 0.8, 0.7, {1, 0.8, 1, 0.8}, {0.5, 0.6, 0.4, 0.4, 0.4, 1, 1}},
        {"community_services", {{"EMPL_INDU_PMNG", 0.2}}, 12, 22, institution, 1, 1, {1, 1, 1, 1}, {0.5, 0.6, 0.6, 0.9, 1, 1, 1}},
        {"culture_sport", {{"EMPL_INDU_CSEN", 1}}, 30, 30, office, 0, 0.2, {0.8, 1.2, 0.8, 1}, {0.5, 1.2, 0.8, 0.4, 2, 6, 1}},
        {"public_admin", {{"EMPL_INDU_PMNG", 0.35}}, 60, 25, institution, 0, 0.1, {2.5, 0.5, 0.8, 0.8}, {0.8, 0.5, 0.3, 0.3, 0.4, 0.5, 1}},
        {"state_hq",
         {{"EMPL_INDU_PMNG", 0.45}, {"EMPL_INDU_INTO", 1}},
         180,
         28,
         institution,
         0,
         0,
         {6, 0.2, 0.4, 0.6},
         {1, 0.3, 0.3, 0.05, 0.05, 0.1, 1}},
        {"military",
         {{nullptr, 0.012}},
         120,
         30,
         institution,
         0,
         0,
         {5, 0.2, 0.6, 0.1},
         {0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 1}},  // share of posts: assumption, no census row
    };
    return all;
}

std::uint64_t code_key(std::string_view code) { return Hash{}.text(code).value(); }

int area_of(const Draft& draft, const DraftBlock& one) {
    for (int a = 0; a < areas - 1; ++a) {
        for (std::size_t z = 0; z < draft.zones.size(); ++z) {
            if ((one.block.named_areas >> z & 1) && draft.zones[z].zone == ZoneType::business &&
                draft.zones[z].name_zh.starts_with(function_areas[a].name_zh))
                return a;
        }
    }
    return areas - 1;
}

/// Posts by sector and area, fitted to both margins.
std::vector<std::array<double, areas>> fit_posts(const Draft& draft, double posts, const std::vector<double>& taken) {
    const auto& all = trades();
    std::vector<double> rows;
    double sum = 0;
    for (const Trade& trade : all) {
        double share = 0;
        for (const auto& [variable, part] : trade.census) share += variable ? draft.census.at(variable) * part : part;
        rows.push_back(share);
        sum += share;
    }
    double left = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
        rows[k] = std::max(rows[k] / sum * posts - taken[k], 500.0);  // what sits in spaces that will be vacated is placed already
        left += rows[k];
    }
    std::array<double, areas> columns{};
    columns[areas - 1] = left;
    for (int a = 0; a < areas - 1; ++a)
        columns[static_cast<std::size_t>(a)] = function_areas[a].workers, columns[areas - 1] -= function_areas[a].workers;
    std::vector<std::array<double, areas>> cells(all.size());
    for (std::size_t k = 0; k < all.size(); ++k) {
        for (std::size_t a = 0; a < areas; ++a) cells[k][a] = rows[k] * columns[a] * all[k].affinity[a];
    }
    for (int round = 0; round < 60; ++round) {
        for (std::size_t k = 0; k < all.size(); ++k) {
            double row = 0;
            for (double cell : cells[k]) row += cell;
            for (double& cell : cells[k]) cell *= rows[k] / row;
        }
        for (std::size_t a = 0; a < areas; ++a) {
            double column = 0;
            for (const auto& row : cells) column += row[a];
            for (auto& row : cells) row[a] *= columns[a] / column;
        }
    }
    return cells;
}

/// One sector in one block: so many posts in so many businesses, over a few nodes.
void place_block(Draft& draft, const Trade& trade, DraftBlock& block, std::int64_t posts, double size_factor) {
    if (posts <= 0) return;
    const std::uint64_t block_code = code_key(block.block.code), sector = code_key(trade.code);
    const auto businesses = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(std::floor(static_cast<double>(posts) / (trade.mean_jobs * size_factor) + 0.5)), 1, posts);
    std::vector<std::pair<double, std::uint32_t>> order;
    for (const std::uint32_t node : block.nodes) {
        const std::uint64_t place = luck_key(static_cast<std::uint64_t>(draft.nodes[node].x_m * 10 + 1e6),
                                             static_cast<std::uint64_t>(draft.nodes[node].y_m * 10 + 1e6));
        const double weight =
            trade.follows_people * (draft.nodes[node].residents + 5) / (block.residents / static_cast<double>(block.nodes.size()) + 5) +
            1.05 - trade.follows_people;
        order.push_back({-exact_log(draft.chance.uniform("premises node", block_code, sector, place)) / weight, node});
    }
    std::sort(order.begin(), order.end());
    const auto rows = static_cast<std::size_t>(std::clamp<std::int64_t>((businesses + 2) / 3, 1, static_cast<std::int64_t>(order.size())));
    std::vector<double> weights;
    for (std::size_t i = 0; i < rows; ++i) {  // a few large, many small
        const double luck = draft.chance.uniform("business size", block_code, sector, i);
        weights.push_back(std::min(exact_pow(luck, -0.5), 6.0));
    }
    const auto by_row = split(posts, weights);
    const auto counts = split(businesses, std::vector<double>(rows, 1.0));
    for (std::size_t i = 0; i < rows; ++i) {
        const std::int64_t jobs = by_row[i];
        const std::int64_t count = std::min(counts[i], jobs);
        if (count == 0) continue;
        const double area = std::floor(static_cast<double>(jobs) * trade.area_per_job_m2 *
                                           draft.chance.between(0.8, 1.2, "premises area", block_code, sector, i) +
                                       0.5);
        const bool funded = draft.chance.uniform("public funds", block_code, sector, i) < trade.public_share;
        draft.premises.push_back({order[i].second,
                                  trade.use,
                                  trade.code,
                                  static_cast<std::uint32_t>(count),
                                  static_cast<std::uint32_t>(jobs),
                                  area,
                                  funded,
                                  {}});
        block.floor_m2 += area;
        block.jobs += static_cast<double>(jobs);
    }
}

PremisesUse use_of(std::string_view sector) {
    for (const Trade& trade : trades()) {
        if (trade.code == sector) return trade.use;
    }
    return PremisesUse::shop;
}

/// Premises inside spaces that are still to be vacated.
void place_in_spaces(Draft& draft, std::vector<double>& taken) {
    for (const DraftSpace& one : draft.spaces) {
        if (one.sector.empty()) continue;
        draft.premises.push_back(
            {one.space.node.value, use_of(one.sector), one.sector, one.businesses, one.jobs, one.space.area_m2, false, one.space.code});
        for (std::size_t k = 0; k < taken.size(); ++k) {
            if (trades()[k].code == one.sector) taken[k] += one.jobs;
        }
    }
}

void place_vacant(Draft& draft) {
    const double share = draft.figure("vacant_premises_share").value;
    for (const DraftBlock& block : draft.blocks) {
        const std::uint64_t code = code_key(block.block.code);
        const double vacant = block.floor_m2 * share / (1 - share) * draft.chance.between(0.6, 1.4, "vacant", code);
        struct Part {
            PremisesUse use;
            double share, size_m2;
        };
        for (const Part part : {Part{PremisesUse::shop, 0.35, 70}, Part{PremisesUse::office, 0.65, 450}}) {
            const auto use = static_cast<std::uint64_t>(part.use);
            const auto count = static_cast<std::int64_t>(vacant * part.share / part.size_m2 + 0.5);
            const auto rows = std::clamp<std::int64_t>(count / 3, 1, 12);
            const auto by_row = split(count, std::vector<double>(static_cast<std::size_t>(rows), 1.0));
            for (std::size_t i = 0; i < by_row.size(); ++i) {
                if (by_row[i] == 0) continue;
                const std::uint32_t node = block.nodes[static_cast<std::size_t>(draft.chance.uniform("vacant node", code, use, i) *
                                                                                static_cast<double>(block.nodes.size()))];
                draft.premises.push_back({node,
                                          part.use,
                                          "",
                                          static_cast<std::uint32_t>(by_row[i]),
                                          0,
                                          std::floor(static_cast<double>(by_row[i]) * part.size_m2),
                                          false,
                                          {}});
            }
        }
    }
}

}  // namespace

void make_premises(Draft& draft) {
    const auto& all = trades();
    const double posts = std::floor(draft.figure("jobs_total").value / (1 - draft.figure("jobs_open_share").value));
    std::vector<double> taken(all.size(), 0);
    place_in_spaces(draft, taken);
    const auto cells = fit_posts(draft, posts, taken);
    std::vector<int> area(draft.blocks.size());
    for (std::size_t b = 0; b < draft.blocks.size(); ++b) area[b] = area_of(draft, draft.blocks[b]);
    // Businesses: mean sizes of the sectors, scaled so that together they are the published number of legal entities.
    double expected = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
        for (double cell : cells[k]) expected += cell / all[k].mean_jobs;
    }
    const double size_factor = expected / draft.figure("businesses_total").value;
    for (std::size_t k = 0; k < all.size(); ++k) {
        std::vector<double> weights(draft.blocks.size(), 0);
        for (int a = 0; a < areas; ++a) {
            double people = 0, floor = 0;
            for (std::size_t b = 0; b < draft.blocks.size(); ++b) {
                if (area[b] != a) continue;
                people += draft.blocks[b].residents;
                floor += draft.blocks[b].block.area_m2 * all[k].zone[static_cast<int>(draft.blocks[b].block.zone)];
            }
            for (std::size_t b = 0; b < draft.blocks.size(); ++b) {
                if (area[b] != a) continue;
                const DraftBlock& one = draft.blocks[b];
                const double by_floor = one.block.area_m2 * all[k].zone[static_cast<int>(one.block.zone)] *
                                        draft.chance.between(0.6, 1.4, "sector block", code_key(one.block.code), code_key(all[k].code));
                weights[b] = cells[k][static_cast<std::size_t>(a)] *
                             (all[k].follows_people * one.residents / people + (1 - all[k].follows_people) * by_floor / floor);
            }
        }
        double total = 0;
        for (double cell : cells[k]) total += cell;
        const auto by_block = split(static_cast<std::int64_t>(std::floor(total + 0.5)), weights);
        for (std::size_t b = 0; b < draft.blocks.size(); ++b) place_block(draft, all[k], draft.blocks[b], by_block[b], size_factor);
        draft.reconciled.push_back({all[k].code, "start", "jobs", "posts", std::floor(total + 0.5) + taken[k], "posts",
                                    "census industry shares of residents scaled to the posts of the district, fitted to function areas",
                                    "census2020.csv, functional_areas.csv", Status::derived});
    }
    place_vacant(draft);
    std::stable_sort(draft.premises.begin(), draft.premises.end(),
                     [](const DraftPremises& a, const DraftPremises& b) { return a.node < b.node; });
}

}  // namespace hutong::generate
