/// Assumptions of agents/governance.
#pragma once

#include "core/declare.h"

namespace hutong {

struct GovernanceAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
