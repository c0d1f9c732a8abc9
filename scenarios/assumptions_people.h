/// Assumptions of agents/people.
#pragma once

#include "core/declare.h"

namespace hutong {

struct PeopleAssumptions {
    template <class Self, class Visitor>
    static void declare(Self&, Visitor&&) {}
};

}  // namespace hutong
