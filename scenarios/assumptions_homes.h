/// Assumptions of agents/homes.
#pragma once

#include "core/declare.h"

namespace hutong {

struct HomesAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
