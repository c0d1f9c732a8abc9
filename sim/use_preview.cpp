#include "sim/use_preview.h"

#include "agents/services.h"
#include "agents/vote.h"
#include "scenarios/purposes.h"

namespace hutong {

std::vector<OpenedService> services_opened(const Use& use, const Space& space, const Model& model) {
    const Catalogue& catalogue = model.district.catalogue;
    std::vector<OpenedService> opened;
    if (use.service.valid()) {
        opened.push_back({use.service, capacity_of(use, catalogue, space.area_m2)});
        const double share = space.area_m2 / static_cast<double>(1 + use.also.size());
        for (const ServiceId other : use.also) opened.push_back({other, share * catalogue.services[other.value].capacity_per_m2});
    }
    // Open to the public at off hours: what counts of it, as in coverage.
    const Levers& levers = model.levers(model.scenario.run.start);
    const bool industrial = space.category == SpaceCategory::industrial;
    if (use.shares.valid() && levers.allocation.off_hours_sharing && levers.on(industrial ? Clause::C3_1 : Clause::C3_2)) {
        const double area = space.area_m2 * model.assumptions().governance.shared_area_share;
        opened.push_back(
            {use.shares, area * catalogue.services[use.shares.value].capacity_per_m2 * model.assumptions().services.off_hours_weight});
    }
    return opened;
}

std::vector<UsePreview> preview_uses(const Model& model, const World& world, std::uint32_t space) {
    const District& district = model.district;
    const Space& place = district.spaces[space];
    std::vector<UsePreview> previews(district.catalogue.uses.size());
    World asked = world;  // the use of the space is what is voted on
    list_dwellings_by_node(model, asked);
    for (std::size_t u = 0; u < previews.size(); ++u) {
        UsePreview& preview = previews[u];
        constexpr std::int64_t thousandths = 1000;
        std::int64_t milli = 0;
        for (const OpenedService& one : services_opened(district.catalogue.uses[u], place, model)) {
            preview.serves = true;
            milli += newly_served_milli(model, world, one.service, place.node, one.capacity);
        }
        preview.newly_served = milli / thousandths;
        asked.spaces.use[space] = static_cast<std::uint8_t>(u);
        const VoteResult vote = hold_votes(model, asked, {space}).front();
        preview.ayes = vote.ayes;
        preview.noes = vote.noes;
    }
    return previews;
}

}  // namespace hutong
