/// The only functions that add, remove or relink rows of the World's tables. Behaviours decide; these keep the
/// books: linked lists, free rows, counters and both ends of every link. None of them draws.
#pragma once

#include <span>

#include "agents/world.h"

namespace hutong {

struct NewPerson {
    std::uint64_t luck = 0;
    Month birth;
    Sex sex = Sex::female;
    Registration registration = Registration::here;
    Education education = Education::none;
    Activity activity = Activity::infant;
    Role role = Role::child;
    Skill skill = Skill::low;
};

std::uint32_t add_household(World& world, std::uint64_t luck, std::uint32_t dwelling, Month month, std::uint8_t income, std::uint8_t cars,
                            std::uint8_t flags);
std::uint32_t add_person(World& world, std::uint32_t household, const NewPerson& person);
/// Takes the person out of job and household; a household left empty frees its dwelling and its row.
void remove_person(World& world, std::uint32_t person);
/// Moves one person between households (both stay consistent; an emptied one is removed).
void change_household(World& world, std::uint32_t person, std::uint32_t to_household);
/// Moves a household into a vacant dwelling.
void move_household(World& world, std::uint32_t household, std::uint32_t dwelling, Month month);
/// What the moves of one grain of a parallel loop leave to book(): nodes are shared, households and dwellings are not.
struct MoveBooks {
    struct Line {
        std::uint32_t entry;  ///< of MemberBook::count
        std::int32_t change;
    };
    std::vector<Line> lines;
};
/// As above, for grains that share neither household nor dwelling.
void move_household(World& world, std::uint32_t household, std::uint32_t dwelling, Month month, MoveBooks& books);
void book(World& world, const MoveBooks& books);
/// Removes a household with all its members (leaves the district or dies out).
void remove_household(World& world, std::uint32_t household);

/// Adds one dwelling on the market (rows of dwellings are never removed).
std::uint32_t add_dwelling(World& world, std::uint64_t luck, std::uint16_t node, std::uint8_t block, DwellingType type, Tenure tenure,
                           double area_m2, std::uint32_t space);

std::uint32_t add_premises(World& world, std::uint64_t luck, std::uint16_t node, std::uint8_t block, PremisesUse use, double area_m2,
                           std::uint32_t space, std::uint8_t only_sector);
std::uint32_t add_business(World& world, std::uint64_t luck, std::uint8_t sector, std::uint32_t premises, Month month, Funding funding,
                           std::uint8_t flags);
/// Adds one open post; its luck key is luck_key(business, ordinal).
std::uint32_t add_post(World& world, std::uint32_t business, Skill skill);
/// Removes a post; its worker, if any, loses it (unemployed resident, or in-commuter who goes).
void remove_post(World& world, std::uint32_t post);
/// The same for several posts of one business, in this order; its list is walked through once.
void remove_posts(World& world, std::uint32_t business, std::span<const std::uint32_t> posts);
/// Removes a business with all its posts; the premises become vacant.
void remove_business(World& world, std::uint32_t business);
/// Puts a business into other vacant premises.
void relocate_business(World& world, std::uint32_t business, std::uint32_t premises);

void hire_resident(World& world, std::uint32_t post, std::uint32_t person);
std::uint32_t hire_in_commuter(World& world, std::uint32_t post, std::uint64_t luck, Month birth, Sex sex, Skill skill,
                               Registration registration, std::uint8_t commute_min);
/// An in-commuter changes to another open post; the old one becomes open.
void transfer_in_commuter(World& world, std::uint32_t commuter, std::uint32_t post);
/// An in-commuter has become the resident `person` and keeps the post.
void settle_in_commuter(World& world, std::uint32_t commuter, std::uint32_t person);
/// The resident, about to leave the district, keeps the post and comes to it from outside from now on; the row of the
/// in-commuter has the person's luck key. Person and household stay for the caller to remove.
std::uint32_t keep_post_from_outside(World& world, std::uint32_t person, std::uint8_t commute_min);
/// The worker leaves; the post stays open. An in-commuter's row is freed, a resident's activity is set to `then`.
void vacate_post(World& world, std::uint32_t post, Activity then = Activity::unemployed);

/// What the grain of a parallel loop over posts leaves to book: the grain changes rows that are its own, the businesses and
/// the free rows that grains share are changed by book(), one grain after the other.
struct PostBooks {
    struct Line {
        std::uint32_t business;
        std::int8_t filled, non_local;
    };
    std::vector<Line> lines;
    std::vector<std::uint32_t> freed;  ///< rows of in-commuters
};
/// As the functions of the same names above, for grains that share neither post nor worker; `business` is that of the post.
void vacate_post(World& world, std::uint32_t post, Activity then, PostBooks& books);
void hire_resident(World& world, std::uint32_t post, std::uint32_t business, std::uint32_t person, PostBooks& books);
void transfer_in_commuter(World& world, std::uint32_t commuter, std::uint32_t post, std::uint32_t business, PostBooks& books);
/// Fills a row of take_in_commuter_rows().
void hire_in_commuter(World& world, std::uint32_t row, std::uint32_t post, std::uint32_t business, std::uint64_t luck, Month birth, Sex sex,
                      Skill skill, Registration registration, std::uint8_t commute_min, PostBooks& books);
/// Room for the rows of the first months, column after column: tables that grow all at once leave holes as large as they were.
void leave_room(World& world);
/// Rows for so many new in-commuters; each must be filled before the next audit.
std::vector<std::uint32_t> take_in_commuter_rows(World& world, std::size_t count);
void book(World& world, const PostBooks& books);

std::uint32_t add_facility(World& world, std::uint64_t luck, std::uint8_t service, std::uint16_t node, double capacity, double off_hours,
                           std::uint32_t space, std::uint32_t business, bool ring);
void close_facility(World& world, std::uint32_t facility);

}  // namespace hutong
