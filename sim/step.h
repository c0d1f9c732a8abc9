/// One month: the order of its nine steps, and nothing else.
#pragma once

#include <array>
#include <functional>
#include <string_view>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// The steps of a month by name (model.md, "The month, in order").
inline constexpr std::array<std::string_view, 9> step_names{"vacate", "govern", "open",     "businesses", "labour",
                                                            "people", "homes",  "services", "observe"};

/// Seconds spent in each step, summed over months. Timing is for reports and never touches the World.
using StepSeconds = std::array<double, step_names.size()>;

/// Simulates world.month and advances the calendar by one. The flows of the World are those of this month. Step 9,
/// `observe`, sees the World at the end of the month, before the calendar advances.
void step(const Model& model, World& world, const std::function<void(const World&)>& observe = {}, StepSeconds* seconds = nullptr);

}  // namespace hutong
