/// A small district made by hand, for tests of work: blocks in two sub-districts on a line, one person to a household,
/// businesses of six sectors, in-commuters in what residents leave. No file is read; every figure is in the setting.
#pragma once

#include <memory>
#include <string>

#include "agents/businesses.h"
#include "agents/labour.h"
#include "agents/model.h"
#include "agents/stocks.h"
#include "agents/world.h"

namespace hutong {

namespace small_sector {
inline constexpr std::uint8_t office = 0;      ///< high-end, pulled by function areas
inline constexpr std::uint8_t retail = 1;      ///< consumer
inline constexpr std::uint8_t market = 2;      ///< on the catalogue
inline constexpr std::uint8_t government = 3;  ///< exogenous
inline constexpr std::uint8_t community = 4;   ///< residents preferred by affinity
inline constexpr std::uint8_t craft = 5;
}  // namespace small_sector

struct SmallSetting {
    int blocks = 6;
    int businesses = 30;          ///< let premises of a block
    int vacant_premises = 3;      ///< of a block
    int posts = 8;                ///< mean posts of a business
    int residents = 400;          ///< of a block
    double employed_here = 0.22;  ///< of residents
    double employed_outside = 0.14;
    double unemployed = 0.02;
    double open_posts = 0.02;  ///< of all
    double market_share = 0;   ///< businesses of the catalogue sector
    std::uint64_t seed = 1;
    int threads = 1;
};

class SmallWorld {
public:
    explicit SmallWorld(const SmallSetting& given = {}) : setting(given), parallel(given.threads), district(make_district(given)) {
        scenario.run.start = start;
        build();
    }
    SmallWorld(const SmallWorld&) = delete;
    SmallWorld& operator=(const SmallWorld&) = delete;

    Model model() const {
        Model m{district, scenario, parallel, Luck(setting.seed, 0), {}};
        m.neutral = neutral;
        return m;
    }
    /// Changes the levers from the start on.
    template <class Change>
    void set_levers(const Change& change) {
        Levers levers = scenario.policy.at(start);
        change(levers);
        scenario.policy = Policy(std::move(levers));
    }
    void begin_month() { world.flows.reset(static_cast<std::uint32_t>(district.blocks.size())); }
    /// Steps 4 and 5.
    void step() {
        begin_month();
        update_businesses(model(), world);
        update_labour(model(), world);
        ++world.month;
    }
    std::int64_t filled() const {
        std::int64_t n = 0;
        for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) n += world.jobs.alive(j) && !world.jobs.open(j) ? 1 : 0;
        return n;
    }
    std::int64_t filled_by_residents() const {
        std::int64_t n = 0;
        for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) n += world.jobs.alive(j) && world.jobs.by_resident(j) ? 1 : 0;
        return n;
    }
    std::int64_t count(Activity activity) const {
        std::int64_t n = 0;
        for (std::uint32_t p = 0; p < world.people.rows(); ++p) n += world.people.alive(p) && world.people.activity[p] == activity ? 1 : 0;
        return n;
    }
    std::int64_t businesses_of(std::uint8_t sector) const {
        std::int64_t n = 0;
        for (std::uint32_t b = 0; b < world.businesses.rows(); ++b)
            n += world.businesses.alive(b) && world.businesses.sector[b] == sector ? 1 : 0;
        return n;
    }
    std::int64_t posts_of(std::uint8_t sector) const {
        std::int64_t n = 0;
        for (std::uint32_t b = 0; b < world.businesses.rows(); ++b)
            n += world.businesses.alive(b) && world.businesses.sector[b] == sector ? world.businesses.posts[b] : 0;
        return n;
    }

    SmallSetting setting;
    Scenario scenario;
    Parallel parallel;
    District district;
    std::bitset<static_cast<std::size_t>(Behaviour::count)> neutral;
    World world;
    static constexpr Month start = Month::of(2017, 7);

private:
    static Sector sector(const char* code, double low, double middle, double separation, double exit, double area) {
        Sector s;
        s.code = s.name_en = s.name_zh = code;
        s.skill_share[0] = low;
        s.skill_share[1] = middle;
        s.skill_share[2] = 1 - low - middle;
        s.separation_per_year = separation;
        s.exit_per_year = exit;
        s.area_per_job_m2 = area;
        s.mean_jobs = 8;
        return s;
    }

    static District make_district(const SmallSetting& setting) {
        District d;
        d.name_en = d.name_zh = "small";
        for (int s = 0; s < 2; ++s) {
            Subdistrict sub;
            sub.code = "s" + std::to_string(s);
            d.subdistricts.push_back(sub);
        }
        std::vector<double> x, y;
        std::vector<BlockId> of;
        std::vector<WalkingLink> links;
        for (int b = 0; b < setting.blocks; ++b) {
            Block block;
            block.code = "b" + std::to_string(b);
            block.subdistrict = SubdistrictId(b * 2 / setting.blocks);
            block.centre = {600.0 * b, 0};
            block.zone = b % 2 ? ZoneType::business : ZoneType::living;
            block.function_area = b % 2 == 1;
            d.blocks.push_back(block);
            x.push_back(600.0 * b);
            y.push_back(0);
            of.push_back(BlockId(b));
            if (b > 0) links.push_back({NodeId(b - 1), NodeId(b), 6000});
        }
        d.network = WalkingNetwork(x, y, of, links);
        auto& sectors = d.catalogue.sectors;
        sectors = {sector("office", 0.1, 0.3, 0.2, 0.09, 15),     sector("retail", 0.5, 0.4, 0.28, 0.11, 25),
                   sector("market", 0.7, 0.28, 0.3, 0.12, 12),    sector("government", 0.1, 0.4, 0.04, 0.01, 25),
                   sector("community", 0.4, 0.5, 0.16, 0.04, 22), sector("craft", 0.45, 0.4, 0.14, 0.09, 35)};
        sectors[small_sector::office].high_end = true;
        sectors[small_sector::office].high_end_pull = 1;
        sectors[small_sector::retail].consumer = true;
        sectors[small_sector::market].prohibited = true;
        sectors[small_sector::government].exogenous = true;
        sectors[small_sector::community].in_commuter_affinity = -0.5;
        return d;
    }

    void add_residents() {
        for (int b = 0; b < setting.blocks; ++b) {
            for (int i = 0; i < setting.residents; ++i) {
                const std::uint64_t luck = luck_key(11, static_cast<std::uint64_t>(b), static_cast<std::uint64_t>(i));
                const auto node = static_cast<std::uint16_t>(b);
                const std::uint32_t dwelling = add_dwelling(world, luck_key(luck, 1), node, static_cast<std::uint8_t>(b),
                                                            DwellingType::apartment, Tenure::owned, 60, no_row);
                const std::uint32_t household = add_household(world, luck_key(luck, 2), dwelling, start, 2, 0, 0);
                NewPerson person;
                person.luck = luck;
                person.birth = start - 12 * (25 + static_cast<int>(luck % 35));
                person.role = Role::head;
                person.skill = static_cast<Skill>(luck / 64 % 3);
                person.registration = luck / 256 % 5 < 3 ? Registration::here : Registration::outside;
                person.activity = Activity::retired;
                add_person(world, household, person);
            }
        }
    }

    void add_businesses() {
        const std::uint8_t sectors[] = {small_sector::office, small_sector::retail,     small_sector::office,    small_sector::craft,
                                        small_sector::retail, small_sector::government, small_sector::community, small_sector::retail};
        for (int b = 0; b < setting.blocks; ++b) {
            for (int i = 0; i < setting.businesses + setting.vacant_premises; ++i) {
                const std::uint64_t luck = luck_key(13, static_cast<std::uint64_t>(b), static_cast<std::uint64_t>(i));
                std::uint8_t kind = sectors[i % 8];
                if (unit_open(static_cast<std::uint32_t>(luck)) < setting.market_share) kind = small_sector::market;
                const int posts = 1 + static_cast<int>((luck >> 32) % static_cast<std::uint64_t>(2 * setting.posts - 1));
                const PremisesUse use = kind == small_sector::office       ? PremisesUse::office
                                        : kind == small_sector::government ? PremisesUse::institution
                                                                           : PremisesUse::shop;
                const std::uint32_t premises =
                    add_premises(world, luck_key(luck, 3), static_cast<std::uint16_t>(b), static_cast<std::uint8_t>(b), use,
                                 posts * district.catalogue.sectors[kind].area_per_job_m2, no_row, 255);
                if (i >= setting.businesses) continue;
                const std::uint32_t business = add_business(world, luck, kind, premises, start, Funding::private_capital, 0);
                begin_month();
                open_posts(model(), world, business, static_cast<std::uint32_t>(posts));
            }
        }
    }

    void fill() {
        // Residents take posts in an order of luck, whatever the row; the rest is filled from outside.
        std::vector<std::pair<std::uint64_t, std::uint32_t>> people, posts;
        for (std::uint32_t p = 0; p < world.people.rows(); ++p) people.emplace_back(mix64(world.people.luck[p]), p);
        for (std::uint32_t j = 0; j < world.jobs.rows(); ++j) posts.emplace_back(mix64(world.jobs.luck[j]), j);
        std::sort(people.begin(), people.end());
        std::sort(posts.begin(), posts.end());
        const auto total = static_cast<double>(people.size());
        const auto here = static_cast<std::size_t>(setting.employed_here * total);
        const auto outside = here + static_cast<std::size_t>(setting.employed_outside * total);
        const auto unemployed = outside + static_cast<std::size_t>(setting.unemployed * total);
        const auto open = static_cast<std::size_t>(setting.open_posts * static_cast<double>(posts.size()));
        std::size_t next = open;
        for (std::size_t i = 0; i < unemployed; ++i) {
            const std::uint32_t person = people[i].second;
            if (i < here && next < posts.size()) {
                hire_resident(world, posts[next++].second, person);
            } else {
                world.people.activity[person] = i < outside ? Activity::employed_outside : Activity::unemployed;
            }
        }
        for (; next < posts.size(); ++next) {
            const std::uint32_t post = posts[next].second;
            const std::uint64_t luck = luck_key(17, posts[next].first);
            hire_in_commuter(world, post, luck, start - 12 * (22 + static_cast<int>(luck % 30)), luck & 64 ? Sex::male : Sex::female,
                             world.jobs.skill[post], Registration::beijing, 50);
        }
    }

    void build() {
        world.month = start;
        world.seed = setting.seed;
        add_residents();
        add_businesses();
        fill();
        begin_month();
        init_businesses_market(model(), world);
        init_labour_market(model(), world);
    }
};

}  // namespace hutong
