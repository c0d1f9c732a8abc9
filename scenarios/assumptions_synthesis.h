/// Assumptions of agents/synthesis.
#pragma once

#include "core/declare.h"

namespace hutong {

struct SynthesisAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
