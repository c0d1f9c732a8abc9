// Who loses, leaves or looks for a job. One pass over residents, one over in-commuters; every decision is a keyed word
// against a threshold, so the passes can be cut anywhere.
#include <algorithm>
#include <array>
#include <limits>

#include "agents/labour.h"
#include "agents/stocks.h"
#include "core/exact_math.h"
#include "core/scan.h"

namespace hutong {
namespace {

constexpr std::size_t chunk = 1024;            // rows whose words are drawn at once
constexpr std::size_t ahead = 16;              // rows between fetching and looking
constexpr std::size_t commuter_grain = 32768;  // in-commuters of a parallel task

/// What one grain finds and does. Posts and workers are the grain's own; what grains share is booked afterwards.
struct Found {
    std::vector<Seeker> seekers;
    std::vector<std::uint32_t> separations;  ///< by block of work
    std::vector<CommuterDraws::Likely> converts;
    PostBooks books;
};

struct Words {
    std::array<std::uint32_t, chunk> w0, w1, w2, w3;
    void draw(const Luck& luck, Purpose purpose, const std::uint64_t* lucks, std::size_t count, Month month) {
        luck.blocks(purpose, lucks, count, month, w0.data(), w1.data(), w2.data(), w3.data());
    }
};

struct Thresholds {
    std::vector<std::uint32_t> separation;  ///< by sector
    std::uint32_t any_separation = 0;       ///< the largest of them
    std::uint32_t outside_separation = 0;
    std::uint32_t employed_search = 0, commuter_search = 0, retirement = 0, conversion = 0;
    std::uint32_t search[2] = {0, 0};  ///< of the unemployed: short, long
    std::uint32_t search_down = 0;
    std::uint8_t long_months = 0;

    Thresholds(const Model& model, const World& world) {
        const LabourAssumptions& a = model.assumptions().labour;
        if (model.active(Behaviour::separations)) {
            for (const Sector& sector : model.district.catalogue.sectors) {
                separation.push_back(threshold(monthly_probability(a.separation_factor * sector.separation_per_year)));
                any_separation = std::max(any_separation, separation.back());
            }
            outside_separation = threshold(monthly_probability(a.separation_factor * a.outside_separation_per_year));
        }
        conversion = conversion_threshold(model);
        if (model.active(Behaviour::retirement)) retirement = threshold(a.retirement_per_month);
        if (!model.active(Behaviour::labour_search)) return;
        employed_search = threshold(monthly_probability(a.employed_search_per_year));
        commuter_search = threshold(monthly_probability(a.incommuter_search_per_year));
        const double scale = world.work.search_scale.empty() ? 1.0 : world.work.search_scale[0];
        search[0] = threshold(std::min(1.0, scale * a.unemployed_search));
        search[1] = threshold(std::min(1.0, scale * a.unemployed_search_long));
        search_down = threshold(a.search_down_share);
        long_months = static_cast<std::uint8_t>(a.long_unemployed_months);
    }
};

/// Memory decides the pace: the rows of those who leave are fetched while others are looked at.
void will_leave(const World& world, std::uint32_t post, std::vector<std::uint32_t>& leaving) {
    __builtin_prefetch(&world.jobs.worker[post]);
    __builtin_prefetch(&world.jobs.block[post]);
    __builtin_prefetch(&world.jobs.business[post]);
    leaving.push_back(post);
}

void leave_posts(World& world, std::vector<std::uint32_t>& leaving, Found& out) {
    for (const std::uint32_t post : leaving) {
        ++out.separations[world.jobs.block[post]];
        vacate_post(world, post, Activity::unemployed, out.books);
    }
    leaving.clear();
}

/// Workers whose word can mean that they lose, leave or change their job, then the unemployed.
class ResidentPass {
public:
    ResidentPass(const Model& model, World& world, const Thresholds& thresholds) : model_(model), world_(world), t_(thresholds) {}

    // The same word from both ends: low values separate, high values search, so both hazards only add events.
    void pass_employed(const std::vector<LifeDraws::AtWork>& drawn, Found& out) {
        auto& people = world_.people;
        // Sorted without a branch, which could not be guessed: half of them do not work here.
        working_.resize(drawn.size() + 1);
        lost_.resize(drawn.size() + 1);
        std::size_t working = 0, lost = 0;
        for (const LifeDraws::AtWork& hit : drawn) {
            const Activity activity = people.activity[hit.row];
            working_[working] = hit;
            working += static_cast<std::size_t>(activity == Activity::employed_here);
            lost_[lost] = hit.row;
            lost += static_cast<std::size_t>(static_cast<unsigned>(activity == Activity::employed_outside) &
                                             static_cast<unsigned>(hit.word < t_.outside_separation));
        }
        for (std::size_t i = 0; i < lost; ++i) {
            if (!people.alive(lost_[i])) continue;
            people.activity[lost_[i]] = Activity::unemployed;
            people.months_unemployed[lost_[i]] = 0;
        }
        for (std::size_t i = 0; i < working; ++i) {
            if (i + ahead < working) __builtin_prefetch(&people.job[working_[i + ahead].row]);
            if (i + ahead / 2 < working) __builtin_prefetch(&world_.jobs.sector[people.job[working_[i + ahead / 2].row]]);
            const LifeDraws::AtWork& hit = working_[i];
            const std::uint32_t post = people.job[hit.row];
            if (hit.word < t_.any_separation && hit.word < t_.separation[world_.jobs.sector[post]]) {
                will_leave(world_, post, leaving_);
            } else if (~hit.word < t_.employed_search) {
                out.seekers.push_back(seeker(hit.row, SeekerKind::employed, people.skill[hit.row]));
            }
        }
        leave_posts(world_, leaving_, out);
    }

    /// Those who were out of work before this month; who lost a job now searches from the next month on.
    void pass_unemployed(std::size_t begin, std::size_t end, Found& out) {
        auto& people = world_.people;
        const auto* activities = reinterpret_cast<const std::uint8_t*>(people.activity.data());
        scan_equal(activities, begin, end, static_cast<std::uint8_t>(Activity::unemployed), [&](std::size_t i) {
            const auto row = static_cast<std::uint32_t>(i);
            if (!people.alive(row)) return;
            if (people.months_unemployed[row] != std::numeric_limits<std::uint8_t>::max()) ++people.months_unemployed[row];
            unemployed_.push(people.luck[row], row);
            if (unemployed_.count == chunk) flush_unemployed(out);
        });
        flush_unemployed(out);
    }

private:
    struct Batch {
        std::array<std::uint64_t, chunk> luck;
        std::array<std::uint32_t, chunk> row;
        std::size_t count = 0;
        void push(std::uint64_t l, std::uint32_t r) {
            luck[count] = l;
            row[count++] = r;
        }
    };

    void flush_unemployed(Found& out) {
        words_.draw(model_.luck, Purpose::job_search, unemployed_.luck.data(), unemployed_.count, world_.month);
        const auto& people = world_.people;
        for (std::size_t i = 0; i < unemployed_.count; ++i) {
            const std::uint32_t row = unemployed_.row[i];
            if (words_.w0[i] >= t_.search[people.months_unemployed[row] > t_.long_months ? 1 : 0]) continue;
            Skill skill = people.skill[row];
            if (skill != Skill::low && words_.w1[i] < t_.search_down) skill = static_cast<Skill>(static_cast<int>(skill) - 1);
            out.seekers.push_back(seeker(row, SeekerKind::unemployed, skill));
        }
        unemployed_.count = 0;
    }

    Seeker seeker(std::uint32_t row, SeekerKind kind, Skill skill) const {
        const auto blocks = static_cast<std::uint8_t>(model_.district.blocks.size());
        const std::uint16_t node = world_.people.home_node[row];
        const BlockId block = node == no_node ? BlockId::none() : model_.district.block_of(NodeId{std::uint32_t{node}});
        return {world_.people.luck[row], row, kind, skill, block ? static_cast<std::uint8_t>(block.value) : blocks, 0};
    }

    const Model& model_;
    World& world_;
    const Thresholds& t_;
    Words words_;
    Batch unemployed_;
    std::vector<LifeDraws::AtWork> working_;
    std::vector<std::uint32_t> lost_, leaving_;
};

/// Draws the words of all rows side by side and looks at an in-commuter only where a word can mean an event.
void pass_in_commuters(const Model& model, World& world, const Thresholds& t, std::size_t begin, std::size_t end, Found& out) {
    auto& table = world.in_commuters;
    const LabourAssumptions& a = model.assumptions().labour;
    constexpr double months_per_year = 12;
    const int age_limit[2] = {static_cast<int>(a.retirement_age_women * months_per_year),
                              static_cast<int>(a.retirement_age_men * months_per_year)};
    const auto blocks = static_cast<std::uint8_t>(model.district.blocks.size());
    WordTests tests;
    tests.bound = {t.any_separation, t.conversion, t.commuter_search, t.retirement};
    Hits hits;
    std::vector<std::uint32_t> leaving;
    for (std::size_t first = begin; first < end; first += Hits::most) {
        const std::size_t count = std::min(Hits::most, end - first);
        model.luck.hits(Purpose::incommuter_event, table.luck.data() + first, count, world.month, tests, hits);
        for (std::size_t h = 0; h < hits.count; ++h) {
            const std::uint32_t post = table.job[first + hits.at[h]];
            if (post != no_row) __builtin_prefetch(&world.jobs.sector[post]);
        }
        for (std::size_t h = 0; h < hits.count; ++h) {
            const auto row = static_cast<std::uint32_t>(first + hits.at[h]);
            if (!table.alive(row)) continue;
            if (hits.words[1][h] < t.conversion) out.converts.push_back({table.luck[row], row});
            const std::uint32_t post = table.job[row];
            const std::uint32_t w0 = hits.words[0][h];
            const bool retires = hits.words[3][h] < t.retirement &&
                                 world.month.index - table.birth_month[row] >= age_limit[static_cast<std::size_t>(table.sex[row])];
            if (retires || (w0 < t.any_separation && w0 < t.separation[world.jobs.sector[post]])) {
                will_leave(world, post, leaving);
            } else if (hits.words[2][h] < t.commuter_search) {
                out.seekers.push_back({table.luck[row], row, SeekerKind::in_commuter, table.skill[row], blocks, 0});
            }
        }
        leave_posts(world, leaving, out);
    }
}

/// Share of a sector's posts that go in a month at the start, with businesses that close or shrink.
std::vector<double> monthly_closures(const Model& model, const World& world) {
    const BusinessAssumptions& a = model.assumptions().businesses;
    const auto& sectors = model.district.catalogue.sectors;
    const WorkState& work = world.work;
    const std::size_t blocks = model.district.blocks.size();
    std::vector<double> share(sectors.size(), 0);
    if (work.exits_start.size() != sectors.size() * blocks) return share;
    constexpr double months_per_year = 12;
    for (std::size_t s = 0; s < sectors.size(); ++s) {
        double exits = 0, posts = 0;
        for (std::size_t b = 0; b < blocks; ++b) {
            exits += work.exits_start[s * blocks + b];
            posts += work.posts_start[s * blocks + b];
        }
        if (sectors[s].exogenous || !(posts > 0)) continue;
        share[s] = exits * work.entry_posts[s] / posts + a.post_turnover_per_year / months_per_year;
    }
    return share;
}

}  // namespace

WordTests tests_at_work(const Model& model) {
    const LabourAssumptions& a = model.assumptions().labour;
    std::uint32_t separation = 0;
    if (model.active(Behaviour::separations)) {
        separation = threshold(monthly_probability(a.separation_factor * a.outside_separation_per_year));
        for (const Sector& sector : model.district.catalogue.sectors)
            separation = std::max(separation, threshold(monthly_probability(a.separation_factor * sector.separation_per_year)));
    }
    WordTests tests;
    const bool search = model.active(Behaviour::labour_search);
    tests.both_ends(2, separation, search ? threshold(monthly_probability(a.employed_search_per_year)) : 0);
    return tests;
}

std::vector<Seeker> separate_and_search(const Model& model, World& world) {
    const Thresholds thresholds(model, world);
    const std::vector<std::uint32_t> none(model.district.blocks.size(), 0);
    world.life_draws.rows = 0;
    draw_lives(model, world);
    std::vector<Found> residents(world.life_draws.parts.size());
    model.parallel.for_grains(world.people.rows(), LifeDraws::grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        residents[g].separations = none;
        ResidentPass pass(model, world, thresholds);
        pass.pass_unemployed(begin, end, residents[g]);
        pass.pass_employed(world.life_draws.parts[g].work, residents[g]);
    });
    std::vector<Found> commuters(Parallel::grains(world.in_commuters.rows(), commuter_grain));
    model.parallel.for_grains(world.in_commuters.rows(), commuter_grain, [&](std::size_t g, std::size_t begin, std::size_t end) {
        commuters[g].separations = none;
        pass_in_commuters(model, world, thresholds, begin, end, commuters[g]);
    });

    CommuterDraws& draws = world.commuter_draws;
    draws.month = world.month;
    draws.drawn = true;
    draws.hired.clear();
    draws.likely.clear();
    for (const Found& part : commuters) draws.likely.insert(draws.likely.end(), part.converts.begin(), part.converts.end());

    std::vector<Seeker> seekers;
    for (const auto* found : {&residents, &commuters}) {
        for (const Found& part : *found) {
            for (std::uint32_t b = 0; b < part.separations.size(); ++b) {
                if (part.separations[b] != 0) world.flows.add(Flow::separations, b, part.separations[b]);
            }
            book(world, part.books);
            seekers.insert(seekers.end(), part.seekers.begin(), part.seekers.end());
        }
    }
    return seekers;
}

void search_outside(const Model& model, World& world, const Vacancies& vacancies, std::vector<Seeker>& seekers) {
    if (world.work.outside_share.empty()) return;
    const LabourAssumptions& a = model.assumptions().labour;
    const double share = world.work.outside_share[0];
    std::array<std::uint32_t, skills> looks_outside{};
    std::array<std::uint64_t, skills> open{};
    for (std::size_t c = 0; c < vacancies.open.size(); ++c) open[c / vacancies.sectors % skills] += vacancies.open[c];
    for (std::size_t k = 0; k < skills; ++k) {
        // Odds of looking here rise with the open posts here, 1 at the start.
        const double tightness =
            exact_pow((static_cast<double>(open[k]) + 1.0) / (world.work.open_start[k] + 1.0), a.outside_work_vacancies);
        looks_outside[k] = threshold(share / (share + (1.0 - share) * tightness));
    }
    const std::uint32_t success = threshold(a.outside_work_success);
    const auto month = world.month;
    auto& people = world.people;
    // Batches: the words are the seekers' own, whoever is drawn beside them.
    std::size_t kept = 0;
    Words words;
    std::array<std::uint64_t, chunk> lucks;
    for (std::size_t first = 0; first < seekers.size(); first += chunk) {
        const std::size_t count = std::min(chunk, seekers.size() - first);
        for (std::size_t i = 0; i < count; ++i) lucks[i] = seekers[first + i].luck;
        words.draw(model.luck, Purpose::job_search, lucks.data(), count, month);
        for (std::size_t i = 0; i < count; ++i) {
            const Seeker& seeker = seekers[first + i];
            if (seeker.kind == SeekerKind::unemployed && words.w2[i] < looks_outside[static_cast<std::size_t>(seeker.skill)]) {
                if (words.w3[i] < success) {
                    people.activity[seeker.row] = Activity::employed_outside;
                    people.months_unemployed[seeker.row] = 0;
                }
                continue;
            }
            seekers[kept++] = seeker;
        }
    }
    seekers.resize(kept);
}

void init_labour_market(const Model& model, World& world) {
    fill_work_cache(model, world);
    const LabourAssumptions& a = model.assumptions().labour;
    const auto& people = world.people;
    std::vector<double> separation;
    for (const Sector& sector : model.district.catalogue.sectors)
        separation.push_back(monthly_probability(a.separation_factor * sector.separation_per_year) +
                             monthly_probability(a.entrants_per_year));
    const double outside =
        monthly_probability(a.separation_factor * a.outside_separation_per_year) + monthly_probability(a.entrants_per_year);

    // Counts by kind first, so that the sums do not depend on the order of rows.
    std::vector<std::int64_t> here(separation.size(), 0);
    std::int64_t employed_outside = 0, looking[2] = {0, 0};
    for (std::uint32_t row = 0; row < people.rows(); ++row) {
        if (!people.alive(row)) continue;
        if (people.activity[row] == Activity::employed_here) ++here[world.jobs.sector[people.job[row]]];
        if (people.activity[row] == Activity::employed_outside) ++employed_outside;
        if (people.activity[row] == Activity::unemployed) ++looking[people.months_unemployed[row] > a.long_unemployed_months ? 1 : 0];
    }
    std::array<std::int64_t, skills> posts{};
    std::vector<std::int64_t> posts_at(model.district.blocks.size() * skills, 0);
    for (std::uint32_t row = 0; row < world.jobs.rows(); ++row) {
        if (!world.jobs.alive(row)) continue;
        const auto skill = static_cast<std::size_t>(world.jobs.skill[row]);
        ++posts[skill];
        ++posts_at[world.jobs.block[row] * std::size_t{skills} + skill];
    }
    double lost_here = 0;
    const std::vector<double> closures = monthly_closures(model, world);
    for (std::size_t s = 0; s < separation.size(); ++s) lost_here += static_cast<double>(here[s]) * (separation[s] + closures[s]);
    const double applications_here = lost_here / a.success_start;
    const double applications_outside =
        a.outside_work_success > 0 ? static_cast<double>(employed_outside) * outside / a.outside_work_success : 0.0;
    const double applications = applications_here + applications_outside;
    const double searches =
        a.unemployed_search * static_cast<double>(looking[0]) + a.unemployed_search_long * static_cast<double>(looking[1]);

    // A slot for every few posts: few open posts then share one, and a try finds one soon.
    constexpr std::int64_t posts_per_slot = 16;
    world.work.slots_log2.clear();
    for (const std::int64_t n : posts_at) {
        std::uint8_t power = 0;
        while ((std::int64_t{1} << power) * posts_per_slot < n) ++power;
        world.work.slots_log2.push_back(power);
    }
    world.work.search_scale.assign(1, searches > 0 && applications > 0 ? applications / searches : 1.0);
    world.work.outside_share.assign(1, applications > 0 ? applications_outside / applications : 0.0);
    world.work.open_start.clear();
    for (const std::int64_t n : posts) world.work.open_start.push_back(a.vacancy_share_start * static_cast<double>(n));
}

}  // namespace hutong
