/// Facilities with capacities, and the ring's facilities and demand.
#include <algorithm>
#include <cmath>

#include "core/exact_math.h"
#include "core/hash.h"
#include "scenarios/generate_draft.h"

namespace hutong::generate {
namespace {

/// A service's stock at the start: number of sites and capacity of a site in the service's unit.
struct Stock {
    const char* service;
    int sites;
    double capacity;  ///< of a site on average
    double area_m2;   ///< of a site on average
    double spread;    ///< of the logarithm of size
    double hutong;    ///< weight of a resident of a historic block against others
    double gap;       ///< share of blocks that have none whatever their population
    const char* source;
};
constexpr Stock stocks[] = {
    {"kindergarten", 75, 17923.0 / 75, 2600, 0.35, 0.8, 0.12, "service_stock.csv: 75 campuses, 17 923 pupils (undercount)"},
    {"primary_school", 95, 82251.0 / 95, 7000, 0.40, 0.9, 0.06, "service_stock.csv: 95 campuses, 82 251 pupils listed"},
    {"junior_school", 60, 46762.0 * 0.55 / 60, 9000, 0.40, 0.9, 0.10,
     "service_stock.csv: 60 campuses, 46 762 secondary pupils, 55 % of them junior (assumption)"},
    {"elderly_day_care", 60, 900, 900, 0.30, 1, 0.25, "assumption; size by the Beijing standard (>= 800 m2)"},
    {"elderly_station", 30, 420, 420, 0.35, 1, 0.30, "service_stock.csv default 30 in 2017; size assumption"},
    {"health_station", 80, 250, 250, 0.30, 1, 0.10, "service_stock.csv assumption 80; size assumption"},
    {"health_centre", 15, 5200, 5200, 0.25, 1, 0, "service_stock.csv: one per sub-district; size assumption"},
    {"fresh_food", 320, 190, 190, 0.50, 1, 0.04, "service_stock.csv default 320; size assumption"},
    {"convenience_shop", 1000, 82, 82, 0.35, 0.9, 0.02, "assumption"},
    {"breakfast", 650, 44, 44, 0.35, 1, 0.03, "assumption"},
    {"laundry", 430, 26, 26, 0.30, 0.8, 0.05, "assumption"},
    {"hairdresser", 700, 25, 25, 0.30, 1, 0.02, "assumption"},
    {"repair", 320, 20, 20, 0.30, 1.2, 0.12, "assumption"},
    {"parcel_point", 620, 14, 14, 0.30, 0.7, 0.03, "assumption"},
    {"culture_room", 259, 230, 230, 0.40, 1, 0.05, "one per community (259 in 2018); size assumption"},
    {"sports_ground", 320, 760, 760, 0.60, 0.4, 0.10, "assumption"},
    {"library", 40, 300, 300, 0.40, 1, 0, "assumption"},
    {"park", 70, 74000, 74000, 1.30, 0.8, 0.04,
     "service_stock.csv: 94 in 2025; 70 in 2017 and area by figure green_m2_per_resident (assumption)"},
    {"pocket_green", 340, 1150, 1150, 0.70, 0.6, 0.08, "assumption"},
    {"resident_parking", 1100, 0, 0, 0.70, 0.25, 0.02, "service_stock.csv: 0.62 spaces per car"},
    {"bicycle_parking", 1500, 84, 126, 0.50, 0.7, 0.02, "assumption"},
    {"community_service", 330, 350, 350, 0.30, 1, 0.03,
     "259 communities in 2018 and branches, 350 m2 (Beijing standard for older estates)"},
    {"public_toilet", 950, 5, 45, 0.35, 6, 0.05, "assumption: dense in hutong areas"},
    {"state_meeting_office", 24, 2600, 2600, 0.40, 1, 0, "assumption"},
};
constexpr double site_spacing = 0.6;   // of the mean distance of sites: two of a kind keep apart, assumption
constexpr double ring_density = 0.75;  // of the nearest sub-district, assumption
constexpr double ring_stock = 0.9;     // facilities per resident against the district, assumption
constexpr double ring_cell_m2 = 150.0 * 150.0;
constexpr double school_ground_m2 = 900;  // of a school, shared outside teaching hours (C3.2), assumption
constexpr double parking_space_m2 = 28;
constexpr double gate_m2 = 15000;  // of park for each gate, at most eight gates, assumption

std::uint64_t place_key(const DraftNode& node) {
    return luck_key(static_cast<std::uint64_t>(node.x_m * 10 + 1e6), static_cast<std::uint64_t>(node.y_m * 10 + 1e6));
}

class FacilityMaker {
public:
    explicit FacilityMaker(Draft& draft) : draft_(draft) {
        for (const double here : draft.population) people_ += here;
        for (const double here : draft.households) households_ += here;
    }

    void make() {
        ring_people();
        for (const Stock& stock : stocks) {
            inside(stock);
            ring(stock);
        }
    }

private:
    double cars() const { return households_ * draft_.figure("household_car_share").value; }

    /// Mean capacity of a site: parking is set by cars, parks by the figure of green.
    double mean_capacity(const Stock& stock) const {
        const std::string_view service = stock.service;
        if (service == "resident_parking") return cars() * draft_.figure("parking_per_car").value / stock.sites;
        if (service == "park") return people_ * draft_.figure("green_m2_per_resident").value / stock.sites;
        return stock.capacity;
    }

    double size(const Stock& stock, std::uint64_t key) const {
        return std::min(exact_exp(stock.spread * exact_normal_quantile(draft_.chance.uniform("facility size", key))), 12.0);
    }

    /// Sites: over blocks by residents (some blocks have none), inside a block by luck, weighted by residents.
    std::vector<std::uint32_t> choose_nodes(const Stock& stock) const {
        const std::uint64_t service = Hash{}.text(stock.service).value();
        std::vector<double> weights;
        for (const DraftBlock& one : draft_.blocks) {
            const std::uint64_t block = Hash{}.text(one.block.code).value();
            const bool none = draft_.chance.uniform("gap", service, block) < stock.gap;
            weights.push_back(none ? 0
                                   : (one.residents + 500) * (one.block.zone == ZoneType::historic ? stock.hutong : 1) *
                                         draft_.chance.between(0.6, 1.4, "facility block", service, block));
        }
        if (stock.sites == static_cast<int>(draft_.subdistricts.size())) return one_for_each(stock);
        const auto counts = split(stock.sites, weights);
        double land_m2 = 0;
        for (const FactSubdistrict& one : draft_.subdistricts) land_m2 += one.area_m2;
        const double spacing = site_spacing * std::sqrt(land_m2 / stock.sites);
        std::vector<std::uint32_t> nodes;
        for (std::size_t b = 0; b < counts.size(); ++b) {
            const DraftBlock& block = draft_.blocks[b];
            std::vector<std::pair<double, std::uint32_t>> order;
            for (const std::uint32_t node : block.nodes) {
                const double weight = draft_.nodes[node].residents + 0.25 * block.residents / static_cast<double>(block.nodes.size()) + 0.1;
                order.push_back(
                    {-exact_log(draft_.chance.uniform("facility node", service, place_key(draft_.nodes[node]))) / weight, node});
            }
            std::sort(order.begin(), order.end());
            take_apart(order, static_cast<std::size_t>(counts[b]), spacing, nodes);
        }
        return nodes;
    }

    /// Takes `count` nodes in order of luck, leaving out those near a site already taken; where the block is too small
    /// for that, half the distance will do, and then none.
    void take_apart(const std::vector<std::pair<double, std::uint32_t>>& order, std::size_t count, double spacing,
                    std::vector<std::uint32_t>& nodes) const {
        const std::size_t wanted = nodes.size() + count;
        for (const double least : {spacing, spacing / 2, 0.0}) {
            for (std::size_t i = 0; i < order.size() && nodes.size() < wanted; ++i) {
                const DraftNode& here = draft_.nodes[order[i].second];
                const bool near = std::any_of(nodes.begin(), nodes.end(), [&](std::uint32_t other) {
                    const double dx = draft_.nodes[other].x_m - here.x_m, dy = draft_.nodes[other].y_m - here.y_m;
                    return other == order[i].second || dx * dx + dy * dy < least * least;
                });
                if (!near) nodes.push_back(order[i].second);
            }
        }
        for (std::size_t i = 0; nodes.size() < wanted; i = (i + 1) % order.size()) nodes.push_back(order[i].second);
    }

    /// One site in each sub-district, in its most populous block.
    std::vector<std::uint32_t> one_for_each(const Stock& stock) const {
        std::vector<std::uint32_t> nodes;
        for (std::size_t s = 0; s < draft_.subdistricts.size(); ++s) {
            const DraftBlock* best = nullptr;
            for (const DraftBlock& one : draft_.blocks) {
                if (one.block.subdistrict.value == s && (!best || one.residents > best->residents)) best = &one;
            }
            const std::uint64_t key = Hash{}.text(stock.service).text(best->block.code).value();
            nodes.push_back(best->nodes[static_cast<std::size_t>(draft_.chance.uniform("centre node", key, s) *
                                                                 static_cast<double>(best->nodes.size()))]);
        }
        return nodes;
    }

    void inside(const Stock& stock) {
        const auto nodes = choose_nodes(stock);
        std::vector<double> sizes;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            sizes.push_back(size(stock, luck_key(Hash{}.text(stock.service).value(), place_key(draft_.nodes[nodes[i]]), i)));
        const double mean = mean_capacity(stock);
        const auto capacity = split(static_cast<std::int64_t>(std::floor(mean * stock.sites + 0.5)), sizes);
        const bool school = std::string_view(stock.service) == "primary_school" || std::string_view(stock.service) == "junior_school";
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (capacity[i] == 0) continue;
            const auto places = static_cast<double>(capacity[i]);
            if (std::string_view(stock.service) == "park") {
                park(nodes[i], places);
                continue;
            }
            draft_.facilities.push_back({stock.service, nodes[i], places, 0, area(stock, places, mean), false});
            if (school) draft_.facilities.push_back({"sports_ground", nodes[i], 0, school_ground_m2, school_ground_m2, false});
        }
    }

    /// A park is entered at gates around it, each with its part of the area.
    void park(std::uint32_t centre, double area_m2) {
        const int gates = static_cast<int>(std::clamp(std::floor(area_m2 / gate_m2), 1.0, 8.0));
        const double radius = gates > 1 ? std::sqrt(area_m2 / 3.14159265) : 0;
        for (int g = 0; g < gates; ++g) {
            const double angle = 360.0 * g / gates, x = draft_.nodes[centre].x_m + radius * exact_cos_degrees(angle),
                         y = draft_.nodes[centre].y_m + radius * exact_sin_degrees(angle);
            std::uint32_t nearest = centre;
            double least = 1e18;
            for (std::uint32_t n = 0; n < draft_.nodes.size(); ++n) {
                const double dx = draft_.nodes[n].x_m - x, dy = draft_.nodes[n].y_m - y;
                if (draft_.nodes[n].block >= 0 && dx * dx + dy * dy < least) least = dx * dx + dy * dy, nearest = n;
            }
            const double part = std::floor(area_m2 / gates);
            draft_.facilities.push_back({"park", nearest, part, 0, part, false});
        }
    }

    static double area(const Stock& stock, double capacity, double mean) {
        if (std::string_view(stock.service) == "park") return capacity;
        if (stock.area_m2 <= 0) return std::floor(capacity * parking_space_m2);
        return std::floor(capacity / mean * stock.area_m2 + 0.5);
    }

    void ring_people() {
        const double adult_workers = draft_.age_share(15, 85) * draft_.figure("employed_share_15plus").value;
        for (std::uint32_t n = 0; n < draft_.nodes.size(); ++n) {
            DraftNode& node = draft_.nodes[n];
            if (node.block >= 0) continue;
            const auto s = static_cast<std::size_t>(node.subdistrict);
            const double density = draft_.population[s] / draft_.subdistricts[s].area_m2;
            node.residents =
                std::floor(density * ring_density * ring_cell_m2 * draft_.chance.between(0.5, 1.5, "ring people", place_key(node)));
            ring_people_ += node.residents;
            DraftRing one;
            one.node = n;
            const double shares[target_groups] = {1,
                                                  draft_.age_share(3, 5),
                                                  draft_.age_share(6, 11),
                                                  draft_.age_share(12, 14),
                                                  draft_.age_share(65, 85),
                                                  cars() / people_,
                                                  adult_workers};
            for (int g = 0; g < target_groups; ++g)
                one.persons[g] = static_cast<std::uint32_t>(
                    node.residents * shares[g] + draft_.chance.uniform("ring group", place_key(node), static_cast<std::uint64_t>(g)));
            draft_.ring.push_back(one);
        }
    }

    void ring(const Stock& stock) {
        const std::uint64_t service = Hash{}.text(stock.service).value();
        const double mean = mean_capacity(stock);
        const auto sites = static_cast<std::size_t>(std::floor(stock.sites * ring_people_ / people_ * ring_stock + 0.5));
        std::vector<std::pair<double, std::uint32_t>> order;
        for (std::uint32_t n = 0; n < draft_.nodes.size(); ++n) {
            if (draft_.nodes[n].block < 0)
                order.push_back(
                    {-exact_log(draft_.chance.uniform("ring node", service, place_key(draft_.nodes[n]))) / (draft_.nodes[n].residents + 1),
                     n});
        }
        std::sort(order.begin(), order.end());
        for (std::size_t i = 0; i < std::min(sites, order.size()); ++i) {
            const double capacity =
                std::max(1.0, std::floor(mean * size(stock, luck_key(service, place_key(draft_.nodes[order[i].second]), 1)) + 0.5));
            draft_.facilities.push_back({stock.service, order[i].second, capacity, 0, area(stock, capacity, mean), true});
        }
    }

    Draft& draft_;
    double people_ = 0, households_ = 0, ring_people_ = 0;
};

}  // namespace

void make_facilities(Draft& draft) { FacilityMaker(draft).make(); }

}  // namespace hutong::generate
