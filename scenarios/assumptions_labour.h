/// Assumptions of agents/labour.
#pragma once

#include "core/declare.h"

namespace hutong {

struct LabourAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
