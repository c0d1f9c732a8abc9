#include "sim/run.h"

#include "agents/services.h"
#include "agents/steps.h"
#include "sim/observe.h"

namespace hutong {
namespace {

void check_conservation(const Model& model, const World& world) {
    const auto problems = audit(model, world);
    if (problems.empty()) return;
    throw Error(ErrorKind::audit, msg("conservation is violated in {}", world.month.text()),
                msg("{} (and {} more)", problems.front(), problems.size() - 1), msg("please report this as a bug with the scenario file"));
}

void count(const World& world, RunCounts& counts) {
    counts.person_months += static_cast<std::int64_t>(world.people.count());
    counts.agent_months +=
        static_cast<std::int64_t>(world.people.count() + world.in_commuters.count() + world.businesses.count() + world.jobs.count());
    counts.moves += world.flows.total(Flow::moves_in) + world.flows.total(Flow::moves_out) + world.flows.total(Flow::moves_within_in);
    counts.matches += world.flows.total(Flow::hires_resident) + world.flows.total(Flow::hires_outside);
    counts.choice_evaluations += world.flows.total(Flow::choice_evaluations);
}

}  // namespace

RunOutcome run(const Model& model, const IndicatorSet& indicators, World world, const RunOptions& options) {
    RunOutcome out{.world = std::move(world), .series = Series(indicators, Month{}, 0)};
    const int before = options.resumed ? static_cast<int>(options.resumed->series.rows()) - 1 : 0;
    out.series = Series(indicators, out.world.month - before, options.months);
    if (!options.series_waits_in.empty()) out.series.wait_in(options.series_waits_in);
    Observer observer(model, indicators.layout());
    if (options.audit) check_conservation(model, out.world);
    if (options.resumed) {
        restore_services(model, out.world);  // what is derived from the tables is in no checkpoint
        out.series = options.resumed->series;
        out.counts = options.resumed->counts;
    } else {
        out.series.add(observer.observe(out.world, out.world.month - 1, false));
    }
    for (int month = before; month < options.months; ++month) {
        if (options.cancelled && options.cancelled->load(std::memory_order_relaxed)) {
            if (options.checkpoint) options.checkpoint(out.world, out.series, out.counts);
            throw Error(ErrorKind::interrupted, msg("interrupted after {} of {} months", month, options.months),
                        options.checkpoint ? msg("its state was saved") : msg("nothing was written"),
                        options.checkpoint ? msg("go on with 'hutong resume'") : Message{});
        }
        step(
            model, out.world, [&](const World& seen) { out.series.add(observer.observe(seen, seen.month, true)); }, &out.step_seconds);
        const bool year_ends = out.world.month.month_of_year() == 1;  // the calendar has just advanced
        if (year_ends || month + 1 == options.months) {
            out.series.add_projects(project_rows(out.world, static_cast<std::uint16_t>(out.series.rows() - 1)));
        }
        count(out.world, out.counts);
        if (options.audit) check_conservation(model, out.world);
        const bool due = options.checkpoint_every > 0 && (month + 1) % options.checkpoint_every == 0 && month + 1 < options.months;
        if (due && options.checkpoint) options.checkpoint(out.world, out.series, out.counts);
        if (options.after_month) options.after_month(out.world, out.world.month - 1);
        if (options.progress) options.progress(month + 1, options.months);
    }
    out.state_hash = hash(out.world);
    return out;
}

}  // namespace hutong
