/// Assumptions of agents/businesses.
#pragma once

#include "core/declare.h"

namespace hutong {

struct BusinessAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
