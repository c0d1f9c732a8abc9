/// Step 5: separations, search, the outside pool, and matching of seekers with posts (model.md, "Labour").
///
/// A seeker chooses sub-district -> block -> post; weights are open posts times exp(-distance) for residents and open
/// posts times exp(affinity of the sector) for the outside pool; noise is keyed by (seeker, alternative). Each post takes
/// the applicant who arrives first in a race keyed by (post, applicant), in which residents run faster by the employers'
/// preference (information distance, reward P5). Losers apply again, in bounded rounds. Nothing depends on rows.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/steps.h"
#include "agents/world.h"

namespace hutong {

/// Fixes the start values of labour in World::work. Called once, when workers have their first jobs, after
/// init_businesses_market.
void init_labour_market(const Model& model, World& world);

enum class SeekerKind : std::uint8_t { unemployed, employed, in_commuter, outside };

struct Seeker {
    std::uint64_t luck = 0;
    std::uint32_t row = no_row;  ///< of PersonTable or InCommuterTable; number in its stream for SeekerKind::outside
    SeekerKind kind = SeekerKind::outside;
    Skill skill = Skill::low;      ///< of the posts sought
    std::uint8_t home = no_block;  ///< block of the home; the number of blocks when unknown or outside
    std::uint8_t subdistrict = 0;  ///< of SeekerKind::outside: the sub-district of work of the stream
    bool resident() const { return kind == SeekerKind::unemployed || kind == SeekerKind::employed; }
};

/// Open posts. A place is (block, skill); every place has a fixed number of slots, set at the start, and every post an
/// address among them by its luck. Seekers try slots by keyed draws, so a post that goes moves only who would have got it.
struct Vacancies {
    std::vector<std::uint32_t> post, business;
    std::vector<std::uint64_t> luck;
    std::vector<std::uint32_t> room;  ///< index into `rooms`, or no_row where no hiring rule binds
    std::vector<std::uint16_t> place_of;
    std::vector<std::uint8_t> sector;
    std::vector<std::uint8_t> rewarded;  ///< P5
    std::vector<std::uint8_t> refused;   ///< a non-local applicant was refused this month
    std::vector<std::uint8_t> taken;
    std::vector<std::uint32_t> first_slot;  ///< [place + 1] into `first`
    std::vector<std::uint32_t> first;       ///< [slot + 1] vacancies of a slot
    std::vector<std::uint64_t> occupied;    ///< a bit for every slot, in words by place: it has vacancies
    std::vector<std::uint32_t> first_word;  ///< [place] into `occupied`
    std::vector<std::uint32_t> open;        ///< [place * sectors + sector] still open
    std::vector<std::int64_t> rooms;        ///< non-local hires still allowed, by regulated business
    std::vector<std::uint64_t> room_luck;   ///< luck of that business
    std::uint32_t blocks = 0, sectors = 0;

    std::size_t place(std::size_t block, Skill skill) const { return block * skills + static_cast<std::size_t>(skill); }
    std::uint32_t open_at(std::size_t place) const {
        std::uint32_t sum = 0;
        for (std::size_t s = 0; s < sectors; ++s) sum += open[place * sectors + s];
        return sum;
    }
};

struct Match {
    std::uint32_t post = no_row;
    std::uint32_t seeker = 0;         ///< index into the seekers
    std::uint32_t business = no_row;  ///< of the post, as are the others
    std::uint16_t place = 0;
    std::uint8_t rewarded = 0;  ///< P5
};

struct Matching {
    std::vector<Match> matches;
    std::vector<std::uint32_t> waiting_posts;  ///< open only because C4.4 or C4.5 forbade the candidates
    std::uint64_t evaluations = 0;             ///< alternatives evaluated
};

/// One-way minutes of someone who comes to work from outside: a clipped normal by a word of luck.
std::uint8_t incommute_minutes(const LabourAssumptions& assumed, std::uint32_t word);

/// Workers lose or leave their jobs; returns who searches among residents and in-commuters.
std::vector<Seeker> separate_and_search(const Model& model, World& world);
/// Lists the open posts.
Vacancies list_vacancies(const Model& model, const World& world);
/// Residents who look outside the district leave the list; those who succeed work outside from now on.
void search_outside(const Model& model, World& world, const Vacancies& vacancies, std::vector<Seeker>& seekers);
/// Candidates from outside: a stream by (sub-district of work, skill, month) that is the same in every scenario; how
/// many come answers the vacancies.
void add_outside_candidates(const Model& model, const World& world, const Vacancies& vacancies, std::vector<Seeker>& seekers);
/// Who gets which post. Reads the World only.
Matching match(const Model& model, const World& world, const std::vector<Seeker>& seekers, Vacancies vacancies);
/// Hires those who matched and counts the flows.
void hire(const Model& model, World& world, const std::vector<Seeker>& seekers, const Matching& matching);

/// Registration of a candidate of the outside stream, from its luck alone.
Registration outside_registration(const Model& model, std::uint64_t luck, Month month);

/// Fills WorkState::cache when it is empty.
void fill_work_cache(const Model& model, World& world);

}  // namespace hutong
