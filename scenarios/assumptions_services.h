/// Assumptions of agents/services.
#pragma once

#include <string>

#include "core/declare.h"

namespace hutong {

struct ServicesAssumptions {
    std::string distance_decay = "step";  ///< step | gaussian
    bool count_ring = true;
    double walking_m_per_min = 75;
    double elder_walking_m_per_min = 48;
    double composite_min = 15;
    double off_hours_weight = 0.5;
    double satisfaction_months = 12;
    double neutral_satisfaction = 0.9;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.distance_decay,
              Declaration{
                  .name = "distance_decay",
                  .unit = "",
                  .label = "Weight of distance within a service's reach",
                  .status = Status::assumption,
                  .source =
                      "assumption: the standards know only a limit (step); gaussian is the usual alternative (Luo and Qi 2009; Dai 2010)",
                  .choices = {"step", "gaussian"}});
        visit(s.count_ring, Declaration{.name = "count_ring",
                                        .unit = "",
                                        .label = "Facilities and residents of the ring around the district count",
                                        .status = Status::assumption,
                                        .source = "assumption: the ring is synthetic; results with and without it are compared"});
        visit(s.walking_m_per_min, Declaration{.name = "walking_m_per_min",
                                               .unit = "m/min",
                                               .label = "Walking speed",
                                               .low = 30,
                                               .high = 120,
                                               .status = Status::assumption,
                                               .source = "assumption: facts/README.md, 75 m/min",
                                               .draw_low = 65,
                                               .draw_high = 85});
        visit(s.elder_walking_m_per_min, Declaration{.name = "elder_walking_m_per_min",
                                                     .unit = "m/min",
                                                     .label = "Walking speed at 65 and over",
                                                     .low = 20,
                                                     .high = 120,
                                                     .status = Status::assumption,
                                                     .source = "assumption: model.md, 48 m/min",
                                                     .draw_low = 40,
                                                     .draw_high = 60});
        visit(s.composite_min, Declaration{.name = "composite_min",
                                           .unit = "min",
                                           .label = "Walking time of the quarter-hour circle",
                                           .low = 5,
                                           .high = 30,
                                           .status = Status::sourced,
                                           .source = "policy C2.3: one-quarter-hour service circle",
                                           .clause = "C2.3"});
        visit(s.off_hours_weight, Declaration{.name = "off_hours_weight",
                                              .unit = "share",
                                              .label = "Part of capacity shared at off hours that counts as capacity",
                                              .low = 0,
                                              .high = 1,
                                              .status = Status::assumption,
                                              .source = "assumption: evenings and weekends are about half of the hours of use",
                                              .clause = "C3.2",
                                              .draw_low = 0.25,
                                              .draw_high = 0.75});
        visit(s.satisfaction_months, Declaration{.name = "satisfaction_months",
                                                 .unit = "month",
                                                 .label = "Months after which a household has noticed how its services changed",
                                                 .low = 1,
                                                 .high = 60,
                                                 .status = Status::assumption,
                                                 .source = "assumption: once a year",
                                                 .draw_low = 6,
                                                 .draw_high = 24});
        visit(s.neutral_satisfaction, Declaration{.name = "neutral_satisfaction",
                                                  .unit = "share",
                                                  .label = "Satisfaction of every household when the behaviour is switched off",
                                                  .low = 0,
                                                  .high = 1,
                                                  .status = Status::assumption,
                                                  .source = "assumption: about the mean of the base scenario"});
    }
};

}  // namespace hutong
