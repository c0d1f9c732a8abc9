/// Assumptions of agents/services.
#pragma once

#include "core/declare.h"

namespace hutong {

struct ServicesAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
