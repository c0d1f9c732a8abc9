#include "scenarios/purposes.h"

#include <algorithm>
#include <cmath>

namespace hutong {
namespace {

std::int64_t whole(double value) { return static_cast<std::int64_t>(std::floor(value + 0.5)); }

}  // namespace

std::int64_t area_dm2(double area_m2) { return whole(area_m2 * 100); }

bool leaves_blank(const Use& use) {
    return !use.service && !use.sector && !use.residential && !use.green && use.indoor && use.direction == Direction::green;
}

bool above_district(OwnerType owner) {
    return owner == OwnerType::central || owner == OwnerType::municipal || owner == OwnerType::military;
}

std::int64_t posts_of(const Use& use, double area_m2) {
    if (use.area_per_job_m2 <= 0) return 0;
    return std::max<std::int64_t>(1, whole(area_m2 * (1 + use.adds_floor) / use.area_per_job_m2));
}

double capacity_of(const Use& use, const Catalogue& catalogue, double area_m2) {
    if (!use.service) return 0;
    const double per_m2 = use.capacity_per_m2 > 0 ? use.capacity_per_m2 : catalogue.services[use.service.value].capacity_per_m2;
    return area_m2 * (1 + use.adds_floor) * per_m2 / static_cast<double>(1 + use.also.size());
}

std::int64_t works_yuan(const Use& use, double area_m2) { return whole(area_m2 * use.conversion_yuan_per_m2); }

std::int64_t district_yuan(const Use& use, OwnerType owner, double area_m2, bool in_plan, const Levers& levers, bool historic) {
    if (above_district(owner)) return 0;
    const double works = static_cast<double>(works_yuan(use, area_m2));
    const bool money = levers.on(Clause::P3);
    if (use.public_funded || use.residential) {
        double left = 1;
        if (money && (use.funded_by == FundedBy::public_private || use.residential)) left -= levers.money.ppp_share;
        if (money && historic) left *= 1 - levers.money.equity_pooling;
        return whole(works * left);
    }
    const bool helped = use.direction == Direction::high_end || use.direction == Direction::convenience;
    return money && in_plan && helped ? whole(works * levers.money.works_subsidy) : 0;
}

bool in_historic_block(const District& district, const Space& space) {
    const BlockId id = district.block_of(space.node);
    return id && (district.block(id).zone == ZoneType::historic || district.block(id).conservation_area);
}

std::int64_t operating_yuan_per_year(const Use& use, double area_m2, const Levers& levers) {
    if (!use.public_funded || !levers.on(Clause::P3)) return 0;
    return whole(std::max(0.0, use.operating_yuan_per_m2_year - use.revenue_yuan_per_m2_year) * area_m2 * levers.money.operating_subsidy);
}

std::int64_t assessed_milli_persons(const Use& use, double area_m2) {
    return whole(1000 * (area_m2 * use.residents_per_m2 + static_cast<double>(posts_of(use, area_m2)) * use.residents_per_job));
}

std::int64_t added_dm2(const Use& use, const Space& space, const Levers& levers) {
    if (!levers.on(Clause::C1)) return 0;
    return whole(static_cast<double>(area_dm2(space.area_m2)) * use.adds_floor * levers.control.scale_tie_ratio);
}

std::int64_t reduced_dm2(const Use& use, const Space& space) {
    return use.demolish && space.form != SpaceForm::land ? area_dm2(space.area_m2) : 0;
}

}  // namespace hutong
