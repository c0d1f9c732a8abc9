#include "sim/step.h"

#include <chrono>

#include "agents/steps.h"

namespace hutong {
namespace {

using Clock = std::chrono::steady_clock;

/// Adds the time since the last mark to one step.
class StepWatch {
public:
    explicit StepWatch(StepSeconds* seconds) : seconds_(seconds), mark_(Clock::now()) {}
    void done(std::size_t index) {
        if (!seconds_) return;
        const auto now = Clock::now();
        (*seconds_)[index] += std::chrono::duration<double>(now - mark_).count();
        mark_ = now;
    }

private:
    StepSeconds* seconds_;
    Clock::time_point mark_;
};

}  // namespace

void step(const Model& model, World& world, const std::function<void(const World&)>& observe, StepSeconds* seconds) {
    world.flows.reset(static_cast<std::uint32_t>(model.district.blocks.size()));
    using Step = void (*)(const Model&, World&);
    constexpr Step steps[] = {vacate, govern, open_spaces, update_businesses, update_labour, update_people, update_homes, update_services};
    StepWatch watch(seconds);
    std::size_t index = 0;
    for (const Step one : steps) {
        one(model, world);
        watch.done(index++);
    }
    if (observe) observe(world);
    watch.done(index);
    ++world.month;
}

}  // namespace hutong
