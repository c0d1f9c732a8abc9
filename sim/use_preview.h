/// What a use would do in a space, before anybody decides: whom it would newly serve, and what the residents around would
/// say. Read from a World that stays as it is.
#pragma once

#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// A service that a use opens in a space, with the capacity that would count.
struct OpenedService {
    ServiceId service;
    double capacity = 0;
};
std::vector<OpenedService> services_opened(const Use& use, const Space& space, const Model& model);

struct UsePreview {
    bool serves = false;               ///< it opens a service
    std::int64_t newly_served = 0;     ///< members of the target groups newly served at standard
    std::uint32_t ayes = 0, noes = 0;  ///< of a vote among the residents in reach, whether or not the clauses ask for one
};

/// Every use of the catalogue in this space. `world` is of one of the model's months. Takes a copy of the World.
std::vector<UsePreview> preview_uses(const Model& model, const World& world, std::uint32_t space);

}  // namespace hutong
