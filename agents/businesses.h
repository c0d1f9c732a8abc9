/// Step 4: businesses close, shrink, grow, open, move when their space is vacated, and trade without permission
/// (model.md, "Businesses"). Government, state headquarters and military (Sector::exogenous) do none of it.
///
/// Demand per supply of a sector in a block is x = log(customers now / start) - log(posts in reach now / start) for
/// consumer sectors and -crowding * log(posts in the district now / start) for the others; rent burden is
/// rent share * log(rent index). Hazards and entries are rates times exp(answer * x - answer * burden).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agents/model.h"
#include "agents/steps.h"
#include "agents/world.h"

namespace hutong {

/// Fixes the start values of businesses in World::work and the rents of premises. Called once, when businesses have
/// their posts and people their homes. Ages are drawn anew from those a sector with its exit hazard has in the long run
/// (density of age = survival), so that closures do not change without a cause.
void init_businesses_market(const Model& model, World& world);

/// What businesses answer to, as of one month.
struct BusinessConditions {
    std::size_t blocks = 0, sectors = 0;
    std::vector<double> demand;               ///< [sector * blocks + block] x above, limited
    std::vector<double> rent;                 ///< [sector * blocks + block] rent burden
    std::vector<double> vacancy;              ///< [block] vacant share now per share at the start (softened)
    std::vector<std::uint32_t> vacant;        ///< vacant premises on the market, by block
    std::vector<std::uint32_t> first_vacant;  ///< [block + 1] into `vacant`

    std::size_t at(std::size_t sector, std::size_t block) const { return sector * blocks + block; }
};
BusinessConditions business_conditions(const Model& model, const World& world);
/// Fills `vacant` and `first_vacant` anew.
void list_vacant_premises(const World& world, BusinessConditions& conditions);

/// Monthly probability that a business closes, from its age, posts, demand and rent burden.
class ExitHazard {
public:
    explicit ExitHazard(const BusinessAssumptions& assumptions);
    double monthly(const Sector& sector, int age_months, std::uint32_t posts, double demand, double rent) const;
    /// A bound that needs no exponential: monthly() is never above it times `conditions`.
    double rate(double exit_per_year, int age_months, std::uint32_t posts) const;

private:
    std::vector<double> by_age_, by_size_;
    double factor_, exit_demand_, exit_rent_;
};

void exit_businesses(const Model& model, World& world, const BusinessConditions& conditions);
void resize_businesses(const Model& model, World& world, const BusinessConditions& conditions);
void enter_businesses(const Model& model, World& world, const BusinessConditions& conditions);
void start_misuse(const Model& model, World& world);
void update_premises_rents(const Model& model, World& world);

/// Vacant share of premises by floor area, by block.
std::vector<double> vacant_share(const Model& model, const World& world);

/// Whether a new business of the sector may open in such premises: lawful (G1), of its kind, not reserved for others.
bool may_enter(const Model& model, const World& world, std::size_t sector, std::uint32_t premises);
/// The same for many premises of one sector and month: what the law says of the sector is asked once.
class EntryRule {
public:
    EntryRule(const Model& model, const World& world, std::size_t sector);
    bool allows(const World& world, std::uint32_t premises) const;
    /// False: the sector may open nowhere (exogenous, or banned by the catalogue).
    bool lawful() const { return lawful_; }

private:
    std::uint8_t sector_;
    bool lawful_;
};

/// Whether premises belong to a space that has been vacated. Stalls of a market that is to be vacated later carry its number
/// already, but are ordinary premises as long as it trades.
bool in_vacated_space(const World& world, std::uint32_t premises);

/// BusinessFlag bits of who takes premises of the space: where its use is one that C3.5 wants run by chains, it is one.
std::uint8_t flags_in_reused_space(const Model& model, const World& world, std::uint32_t space);

/// Rows of premises without a tenant, in order of rows.
std::vector<std::uint32_t> untenanted_premises(const World& world);

/// What becomes of the businesses in spaces that empty this month. Premises are looked through once for all of them.
class Displacement {
public:
    Displacement(const Model& model, World& world, const std::vector<std::uint32_t>& spaces);
    ~Displacement();
    Displacement(const Displacement&) = delete;
    Displacement& operator=(const Displacement&) = delete;

    /// Displaces every business whose premises belong to the space, one of `spaces`; books the premises as closed.
    void empty(std::uint32_t space);

private:
    class Offers;
    const Model& model_;
    World& world_;
    std::vector<std::vector<std::uint32_t>> rows_of_;  ///< [place in `spaces`]
    std::vector<std::uint32_t> spaces_;
    std::unique_ptr<Offers> offers_;  ///< of the district before anybody moved, made for the first who looks
};

/// Expected entries a month by (sector, block).
std::vector<double> expected_entries(const Model& model, const World& world, const BusinessConditions& conditions);
/// Number of entries from one keyed uniform: Poisson by inversion, so a higher expectation only adds candidates.
std::uint32_t poisson_count(double mean, double u);

/// Opens `posts` posts with the sector's skills, drawn by the posts' own lucks.
void open_posts(const Model& model, World& world, std::uint32_t business, std::uint32_t posts);
/// Removes a business with its facility; counts its workers as separated.
void close_business(const Model& model, World& world, std::uint32_t business);
/// Opens the facility of a business whose sector provides a service.
void open_facility_of(const Model& model, World& world, std::uint32_t business);
void close_facility_of(const Model& model, World& world, std::uint32_t business);

}  // namespace hutong
