#include "scenarios/tiny_town.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/hash.h"

namespace hutong {
namespace {

constexpr double step_m = 100.0;
constexpr std::uint32_t step_dm = 1000;

// What a symbol stands for, in dwellings, posts and m2. Round figures: a town to reckon with, not a real one.
constexpr std::uint32_t apartments_owned = 14, apartments_let = 10, courtyards_public = 8, courtyards_let = 4, beds = 24, basements = 6;
constexpr double mean_persons = 2.4;
constexpr double bed_share_used = 0.9, homes_share_used = 0.95;

struct Town {
    District district;
    std::vector<double> x, y;
    std::vector<BlockId> block;
    std::vector<WalkingLink> links;
    std::array<double, 2> homes{}, used_beds{};
    std::array<std::array<double, dwelling_types * tenures>, 2> stock{};
    int spaces = 0;
};

Space make_space(Town& town, NodeId node, SpaceCategory category, SpaceForm form, OwnerType owner, double area_m2, Month vacated) {
    Space space;
    space.code = "space-" + std::to_string(++town.spaces);
    space.name_en = "Space " + std::to_string(town.spaces);
    space.name_zh = "空间" + std::to_string(town.spaces);
    space.category = category;
    space.form = form;
    space.owner = owner;
    space.node = node;
    space.area_m2 = area_m2;
    space.street_front = true;
    space.vacated = vacated;
    return space;
}

class Builder {
public:
    Builder(std::string_view drawing, Catalogue catalogue) {
        town_.district.catalogue = std::move(catalogue);
        std::size_t at = 0;
        while (at <= drawing.size()) {
            const std::size_t end = std::min(drawing.find('\n', at), drawing.size());
            lines_.emplace_back(drawing.substr(at, end - at));
            at = end + 1;
        }
        rows_ = (lines_.size() + 1) / 2;
        for (const auto& line : lines_) columns_ = std::max(columns_, (line.size() + 1) / 2);
    }

    District build() {
        make_places();
        make_nodes();
        make_contents();
        make_marginals();
        make_figures();
        Hash hash;
        for (const auto& line : lines_) hash.text(line);
        town_.district.hash = hash.value();
        return std::move(town_.district);
    }

private:
    char symbol(std::size_t row, std::size_t column) const {
        const std::string& line = lines_[2 * row];
        return 2 * column < line.size() ? line[2 * column] : ' ';
    }
    std::size_t block_at(std::size_t row, std::size_t column) const { return (row < rows_ / 2 ? 0 : 2) + (column < columns_ / 2 ? 0 : 1); }

    void make_places() {
        District& d = town_.district;
        d.name_en = "Tiny town";
        d.name_zh = "小城";
        const double width = static_cast<double>(columns_) * step_m, height = static_cast<double>(rows_) * step_m;
        const auto ring = [&](double x, double y) {
            const double w = width / 2, h = height / 2;
            return std::vector<std::vector<Point>>{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}};
        };
        for (int s = 0; s < 2; ++s) {
            Subdistrict one;
            one.code = s == 0 ? "west" : "east";
            one.name_en = s == 0 ? "West" : "East";
            one.name_zh = s == 0 ? "西街道" : "东街道";
            one.area_m2 = width * height / 2;
            one.centre = {width * (s == 0 ? 0.25 : 0.75), height / 2};
            one.rent_yuan_m2_month = s == 0 ? 110 : 125;
            const double x = s == 0 ? 0 : width / 2;
            one.rings = {{{x, 0}, {x + width / 2, 0}, {x + width / 2, height}, {x, height}}};
            d.subdistricts.push_back(one);
        }
        constexpr std::array<ZoneType, 4> zones{ZoneType::historic, ZoneType::living, ZoneType::government, ZoneType::business};
        for (std::size_t b = 0; b < zones.size(); ++b) {
            Block one;
            one.code = "b" + std::to_string(b + 1);
            one.name_en = "Block " + std::to_string(b + 1);
            one.name_zh = "街区" + std::to_string(b + 1);
            one.subdistrict = SubdistrictId(b % 2);
            one.zone = zones[b];
            one.function_area = zones[b] == ZoneType::business;
            one.conservation_area = zones[b] == ZoneType::historic;
            one.area_m2 = width * height / 4;
            const double x = b % 2 == 0 ? 0 : width / 2, y = b < 2 ? height / 2 : 0;
            one.centre = {x + width / 4, y + height / 4};
            one.rings = ring(x, y);
            d.blocks.push_back(one);
        }
    }

    void make_nodes() {
        node_.assign(rows_ * columns_, NodeId::none());
        for (std::size_t r = 0; r < rows_; ++r) {
            for (std::size_t c = 0; c < columns_; ++c) {
                if (symbol(r, c) == ' ') continue;
                node_[r * columns_ + c] = NodeId(town_.x.size());
                town_.x.push_back((static_cast<double>(c) + 0.5) * step_m);
                town_.y.push_back((static_cast<double>(rows_ - r) - 0.5) * step_m);
                town_.block.push_back(BlockId(block_at(r, c)));
            }
        }
        const auto link = [&](std::size_t a, std::size_t b) { town_.links.push_back({node_[a], node_[b], step_dm}); };
        for (std::size_t r = 0; r < rows_; ++r) {
            for (std::size_t c = 0; c < columns_; ++c) {
                const std::string& line = lines_[2 * r];
                if (2 * c + 1 < line.size() && line[2 * c + 1] == '-') link(r * columns_ + c, r * columns_ + c + 1);
                if (2 * r + 1 < lines_.size() && 2 * c < lines_[2 * r + 1].size() && lines_[2 * r + 1][2 * c] == '|') {
                    link(r * columns_ + c, (r + 1) * columns_ + c);
                }
            }
        }
        town_.district.network = WalkingNetwork(town_.x, town_.y, town_.block, town_.links);
    }

    void homes(NodeId node, DwellingType type, Tenure tenure, std::uint32_t count, double area, SpaceId space = {}) {
        town_.district.dwellings.push_back({node, type, tenure, count, area, 0.0, space});
        const std::size_t s = town_.district.subdistrict_of(town_.block[node.value]).value;
        if (tenure == Tenure::collective) {
            town_.used_beds[s] += std::floor(count * bed_share_used);
        } else {
            town_.stock[s][static_cast<std::size_t>(type) * tenures + static_cast<std::size_t>(tenure)] +=
                std::floor(count * homes_share_used);
            town_.homes[s] += std::floor(count * homes_share_used);
        }
    }
    void premises(NodeId node, PremisesUse use, const char* sector, std::uint32_t count, std::uint32_t jobs, double area,
                  SpaceId space = {}) {
        PremisesGroup group;
        group.node = node;
        group.use = use;
        group.sector = sector ? town_.district.catalogue.sector(sector) : SectorId::none();
        group.count = count;
        group.jobs = jobs;
        group.area_m2 = area;
        group.space = space;
        group.public_funded = sector && std::string_view(sector) == "community_services";
        town_.district.premises.push_back(group);
    }
    void facility(NodeId node, const char* service, double capacity) {
        FacilitySite site;
        site.service = town_.district.catalogue.service(service);
        site.node = node;
        site.capacity = capacity;
        if (site.service.valid()) town_.district.facilities.push_back(site);
    }
    SpaceId space(Space one) {
        town_.district.spaces.push_back(std::move(one));
        return SpaceId(town_.district.spaces.size() - 1);
    }

    void make_contents() {
        for (std::size_t r = 0; r < rows_; ++r) {
            for (std::size_t c = 0; c < columns_; ++c) {
                if (node_[r * columns_ + c].valid()) place(symbol(r, c), node_[r * columns_ + c]);
            }
        }
    }

    void place(char what, NodeId node) {
        switch (what) {
            case '+':
                break;
            case 'H':
                homes(node, DwellingType::apartment, Tenure::owned, apartments_owned, 70);
                homes(node, DwellingType::apartment, Tenure::private_rent, apartments_let, 55);
                facility(node, "resident_parking", 12);
                break;
            case 'C':
                homes(node, DwellingType::courtyard, Tenure::public_housing, courtyards_public, 28);
                homes(node, DwellingType::courtyard, Tenure::private_rent, courtyards_let, 24);
                facility(node, "public_toilet", 40);
                break;
            case 'D':
                homes(node, DwellingType::dormitory, Tenure::collective, beds, 8);
                break;
            case 'S':
                premises(node, PremisesUse::shop, "retail", 3, 9, 180);
                premises(node, PremisesUse::shop, "catering", 2, 12, 160);
                premises(node, PremisesUse::shop, "community_services", 1, 10, 200);
                premises(node, PremisesUse::shop, nullptr, 1, 0, 60);
                facility(node, "fresh_food", 60);
                facility(node, "convenience_shop", 80);
                break;
            case 'F':
                premises(node, PremisesUse::office, "finance", 2, 60, 1500);
                premises(node, PremisesUse::office, "it_services", 2, 30, 700);
                premises(node, PremisesUse::office, nullptr, 1, 0, 300);
                break;
            case 'G':
                premises(node, PremisesUse::institution, "public_admin", 1, 50, 1500);
                break;
            case 'M': {
                const SpaceId market = space(make_space(town_, node, SpaceCategory::industrial, SpaceForm::floor_above,
                                                        OwnerType::private_owner, 2400, Month::of(2017, 9)));
                premises(node, PremisesUse::market, "wholesale_market", 20, 50, 2400, market);
                break;
            }
            case 'B': {
                const SpaceId basement = space(make_space(town_, node, SpaceCategory::residential, SpaceForm::floor_below,
                                                          OwnerType::district_soe, 300, Month::of(2017, 8)));
                homes(node, DwellingType::basement, Tenure::private_rent, basements, 14, basement);
                homes(node, DwellingType::apartment, Tenure::owned, apartments_owned, 65);
                break;
            }
            case 'Q': {
                Space court = make_space(town_, node, SpaceCategory::public_housing, SpaceForm::courtyard_complete,
                                         OwnerType::direct_managed, 260, Month::of(2018, 3));
                const SpaceId id = space(std::move(court));
                homes(node, DwellingType::courtyard, Tenure::public_housing, courtyards_public, 26, id);
                break;
            }
            case 'X':
                space(make_space(town_, node, SpaceCategory::corner_land, SpaceForm::land, OwnerType::district, 700, Month::of(2017, 1)));
                break;
            case 'U':
                space(make_space(town_, node, SpaceCategory::education, SpaceForm::floor_above, OwnerType::district, 1800,
                                 Month::of(2017, 6)));
                break;
            case 'K':
                facility(node, "kindergarten", 20);
                break;
            case 'P':
                facility(node, "primary_school", 60);
                premises(node, PremisesUse::institution, "education", 1, 14, 900);
                break;
            case 'E':
                facility(node, "elderly_station", 30);
                break;
            case 'T':
                facility(node, "park", 2500);
                break;
            default:
                throw Error(ErrorKind::bad_district, msg("'{}' stands for nothing in a drawn town", what), {},
                            msg("use the symbols of scenarios/tiny_town.h"));
        }
    }

    void control(const char* table, std::string category, bool persons, std::array<double, 2> totals, bool independent = true) {
        town_.district.marginals.controls.push_back(
            {table, std::move(category), persons, {totals[0], totals[1]}, Status::synthetic, independent, "drawn town"});
    }
    /// Largest-remainder split of a total by shares, so that categories add up.
    static std::vector<double> split(double total, const std::vector<double>& shares) {
        std::vector<double> parts;
        double cumulative = 0, given = 0;
        for (const double share : shares) {
            cumulative += share;
            parts.push_back(std::floor(total * cumulative + 0.5) - given);
            given += parts.back();
        }
        return parts;
    }
    void split_control(const char* table, const std::vector<std::string>& categories, const std::vector<double>& shares, bool persons,
                       std::array<double, 2> totals) {
        const auto west = split(totals[0], shares), east = split(totals[1], shares);
        for (std::size_t i = 0; i < categories.size(); ++i) control(table, categories[i], persons, {west[i], east[i]});
    }

    void make_marginals() {
        Marginals& m = town_.district.marginals;
        std::array<double, 2> family{}, population{};
        const std::vector<double> sizes{0.27, 0.29, 0.31, 0.08, 0.05};
        for (std::size_t s = 0; s < 2; ++s) {
            const auto parts = split(town_.homes[s], sizes);
            for (std::size_t k = 0; k < parts.size(); ++k) family[s] += parts[k] * static_cast<double>(k + 1);
            population[s] = family[s] + town_.used_beds[s];
            m.population.push_back(population[s]);
            m.collective.push_back(town_.used_beds[s]);
        }
        split_control("household_size", {"1", "2", "3", "4", "5"}, sizes, false, town_.homes);
        control("quarters", "family", true, family);
        control("quarters", "collective", true, town_.used_beds);
        split_control(
            "age_sex",
            {"F 0-14", "F 15-29", "F 30-44", "F 45-59", "F 60-74", "F 75+", "M 0-14", "M 15-29", "M 30-44", "M 45-59", "M 60-74", "M 75+"},
            {0.068, 0.075, 0.14, 0.11, 0.085, 0.037, 0.072, 0.07, 0.13, 0.105, 0.08, 0.028}, true, population);
        split_control("registration", {"registered_here", "registered_beijing", "registered_outside"}, {0.66, 0.08, 0.26}, true,
                      population);
        constexpr std::array<const char*, tenures> names{"owned", "private_rent", "public_housing", "employer", "collective"};
        constexpr std::array<const char*, dwelling_types> types{"courtyard", "simple", "apartment", "basement", "dormitory"};
        for (std::size_t t = 0; t + 1 < names.size(); ++t) {
            std::array<double, 2> totals{};
            for (std::size_t s = 0; s < 2; ++s) {
                for (std::size_t d = 0; d < types.size(); ++d) totals[s] += town_.stock[s][d * tenures + t];
            }
            if (totals[0] + totals[1] > 0) control("tenure", names[t], false, totals);
        }
        for (std::size_t d = 0; d + 1 < types.size(); ++d) {
            std::array<double, 2> totals{};
            for (std::size_t s = 0; s < 2; ++s) {
                for (std::size_t t = 0; t < names.size(); ++t) totals[s] += town_.stock[s][d * tenures + t];
            }
            if (totals[0] + totals[1] > 0) control("dwelling_type", types[d], false, totals);
        }
        const auto rate = [&](const char* type, char sex, int low, int high, double per_year) {
            m.vital_rates.push_back({type, sex, low, high, per_year});
        };
        for (const char sex : {'F', 'M'}) {
            rate("mortality", sex, 0, 54, 0.001);
            rate("mortality", sex, 55, 74, 0.012);
            rate("mortality", sex, 75, 84, 0.05);
            rate("mortality", sex, 85, 110, 0.12);
        }
        rate("fertility_xicheng_2020", 'F', 22, 29, 0.05);
        rate("fertility_xicheng_2020", 'F', 30, 39, 0.055);
    }

    void make_figures() {
        const auto add = [&](const char* name, double value, const char* unit) {
            town_.district.figures.push_back({name, value, value, value, unit, "drawn town", Status::synthetic});
        };
        double residents = 0, posts = 0;
        for (const double p : town_.district.marginals.population) residents += p;
        for (const PremisesGroup& group : town_.district.premises) posts += group.jobs;
        add("population_start", residents, "persons");
        add("population_2016", residents * 1.01, "persons");
        add("population_2017", residents * 0.99, "persons");
        add("red_line", residents * 0.98, "persons");
        add("jobs_total", posts, "filled jobs");
        add("jobs_open_share", 0.02, "share");
        add("self_containment", 0.60, "share");
        add("employed_share_15plus", 0.5059, "share");
        add("unemployment_rate", 0.02, "share");
        add("household_car_share", 0.49, "share");
        add("commute_minutes_inside", 22, "min");
        add("commute_minutes_in_commuters", 54, "min");
        add("collective_share", 0.1, "share");
        add("household_size_start", mean_persons, "persons");
        add("walking_m_per_min", 75, "m/min");
        add("walking_elders_m_per_min", 48, "m/min");
    }

    Town town_;
    std::vector<std::string> lines_;
    std::size_t rows_ = 0, columns_ = 0;
    std::vector<NodeId> node_;
};

}  // namespace

District draw_town(std::string_view drawing, Catalogue catalogue) { return Builder(drawing, std::move(catalogue)).build(); }

}  // namespace hutong
