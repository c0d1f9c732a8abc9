/// The policy: every lever of the guideline with its clause, as a schedule over months. Levers are declared once,
/// here; the declaration serves TOML, `--set`, documentation and the viewer.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/calendar.h"
#include "core/declare.h"

namespace hutong {

/// Clauses of policy.md in order; `policy.off` removes them.
enum class Clause : std::uint8_t {
    none,
    G1,
    G2,
    G3,
    G4,
    G5,
    G6,
    C1,
    C2_0,
    C2_1,
    C2_2,
    C2_3,
    C2_4,
    C3_0,
    C3_1,
    C3_2,
    C3_3,
    C3_4,
    C3_5,
    C3_6,
    C3_7,
    C4_1,
    C4_2,
    C4_3,
    C4_4,
    C4_5,
    M1,
    M2,
    M3,
    M4,
    W1,
    W2,
    W3,
    W4,
    P0,
    P1,
    P2,
    P3,
    P4,
    P5,
    O1,
    O2,
    O3,
    count
};
std::string_view clause_name(Clause clause);  ///< "C4.2"
Clause clause_named(std::string_view name);   ///< Clause::none when unknown

/// Levers by group. Defaults are the baseline.
struct EmploymentLevers {
    double subsidy_per_local_hire_yuan = 5000;
    double subsidy_per_self_employed_yuan = 8000;
    double livelihood_local_share = 0.80;  ///< C4.4
    double heritage_local_share = 0.50;    ///< C4.5
    std::string local_means = "resident";  ///< resident | registered
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.subsidy_per_local_hire_yuan, Declaration{.name = "subsidy_per_local_hire_yuan",
                                                         .unit = "yuan",
                                                         .label = "Reward for each new local hire in reused space",
                                                         .low = 0,
                                                         .high = 100000,
                                                         .status = Status::assumption,
                                                         .source = "assumption: no published rate; order of Beijing's hiring rewards",
                                                         .clause = "P5"});
        visit(s.subsidy_per_self_employed_yuan, Declaration{.name = "subsidy_per_self_employed_yuan",
                                                            .unit = "yuan",
                                                            .label = "Reward for each resident who becomes self-employed in reused space",
                                                            .low = 0,
                                                            .high = 100000,
                                                            .status = Status::assumption,
                                                            .source = "assumption: no published rate",
                                                            .clause = "P5"});
        visit(s.livelihood_local_share, Declaration{.name = "livelihood_local_share",
                                                    .unit = "share",
                                                    .label = "Least local share of staff of publicly funded livelihood projects",
                                                    .low = 0,
                                                    .high = 1,
                                                    .status = Status::sourced,
                                                    .source = "policy 西政办发〔2017〕12号",
                                                    .clause = "C4.4"});
        visit(s.heritage_local_share, Declaration{.name = "heritage_local_share",
                                                  .unit = "share",
                                                  .label = "Least local share of staff of publicly funded heritage projects",
                                                  .low = 0,
                                                  .high = 1,
                                                  .status = Status::sourced,
                                                  .source = "policy 西政办发〔2017〕12号",
                                                  .clause = "C4.5"});
        visit(s.local_means, Declaration{.name = "local_means",
                                         .unit = "",
                                         .label = "Who counts as local: residents or registered residents",
                                         .status = Status::assumption,
                                         .source = "assumption: the guideline does not define it",
                                         .clause = "C4.4",
                                         .choices = {"resident", "registered"}});
    }
};

struct ControlLevers {
    double red_line_persons = 1107000;  ///< C4.1, from the end of 2020 on
    double enforcement = 1.0;           ///< O2: strength of inspection, 1 = present
    double scale_tie_ratio = 1.0;       ///< C1
    double large_area_m2 = 2000;        ///< W1 threshold
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.red_line_persons, Declaration{.name = "red_line_persons",
                                              .unit = "persons",
                                              .label = "Population red line from the end of 2020",
                                              .low = 500000,
                                              .high = 2000000,
                                              .status = Status::sourced,
                                              .source = "Xicheng government work report 2016",
                                              .clause = "C4.1"});
        visit(s.enforcement, Declaration{.name = "enforcement",
                                         .unit = "1",
                                         .label = "Strength of enforcement (1 = present)",
                                         .low = 0,
                                         .high = 5,
                                         .status = Status::assumption,
                                         .source = "assumption",
                                         .clause = "O2"});
        visit(s.scale_tie_ratio, Declaration{.name = "scale_tie_ratio",
                                             .unit = "m2/m2",
                                             .label = "Reduction tied to each m2 of added floor area",
                                             .low = 0,
                                             .high = 5,
                                             .status = Status::assumption,
                                             .source = "assumption",
                                             .clause = "C1"});
        visit(s.large_area_m2, Declaration{.name = "large_area_m2",
                                           .unit = "m2",
                                           .label = "Area above which a project is a key project",
                                           .low = 100,
                                           .high = 100000,
                                           .status = Status::sourced,
                                           .source = "policy 西政办发〔2017〕12号",
                                           .clause = "W1"});
    }
};

/// Who decides, by what score, and which uses are helped (G3, G4, C3.1, C3.7, P1, Authority).
struct AllocationLevers {
    std::string mode = "central";      ///< central | first_come
    std::string authority = "policy";  ///< policy | full (experiment)
    std::int64_t round_months = 3;     ///< months between rounds of central allocation
    double service_weight = 1;
    double green_weight = 1;
    double convenience_weight = 1;
    double high_end_weight = 1;
    double cost_weight = 1;
    double population_weight = 1;
    double guidance = 0.5;            ///< how far the district's score shifts what an owner proposes
    double use_change_support = 0.5;  ///< P1
    double public_share = 0.2;        ///< P1: share of large reused floor space given to public use
    bool temporary_use = true;        ///< C3.7
    bool off_hours_sharing = true;    ///< C3.1, C3.2
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.mode, Declaration{.name = "mode",
                                  .unit = "",
                                  .label = "Central allocation by need, or first come",
                                  .status = Status::assumption,
                                  .source = "assumption: the guideline asks for best allocation",
                                  .clause = "G3",
                                  .choices = {"central", "first_come"}});
        visit(s.authority, Declaration{.name = "authority",
                                       .unit = "",
                                       .label = "The district decides where the policy says so, or everywhere (experiment)",
                                       .status = Status::sourced,
                                       .source = "policy 西政办发〔2017〕12号",
                                       .clause = "G5",
                                       .choices = {"policy", "full"}});
        visit(s.round_months, Declaration{.name = "round_months",
                                          .unit = "month",
                                          .label = "Months between rounds of central allocation",
                                          .low = 1,
                                          .high = 12,
                                          .status = Status::assumption,
                                          .source = "assumption: quarterly",
                                          .clause = "G3"});
        visit(s.service_weight, Declaration{.name = "service_weight",
                                            .unit = "1",
                                            .label = "Weight of service shortfalls covered",
                                            .low = 0,
                                            .high = 10,
                                            .status = Status::assumption,
                                            .source = "assumption",
                                            .clause = "G4"});
        visit(s.green_weight, Declaration{.name = "green_weight",
                                          .unit = "1",
                                          .label = "Weight of blank and green",
                                          .low = 0,
                                          .high = 10,
                                          .status = Status::assumption,
                                          .source = "assumption",
                                          .clause = "G4"});
        visit(s.convenience_weight, Declaration{.name = "convenience_weight",
                                                .unit = "1",
                                                .label = "Weight of convenience services",
                                                .low = 0,
                                                .high = 10,
                                                .status = Status::assumption,
                                                .source = "assumption",
                                                .clause = "G4"});
        visit(s.high_end_weight, Declaration{.name = "high_end_weight",
                                             .unit = "1",
                                             .label = "Weight of high-end jobs and tax",
                                             .low = 0,
                                             .high = 10,
                                             .status = Status::assumption,
                                             .source = "assumption",
                                             .clause = "G4"});
        visit(s.cost_weight, Declaration{.name = "cost_weight",
                                         .unit = "1",
                                         .label = "Weight of public cost",
                                         .low = 0,
                                         .high = 10,
                                         .status = Status::assumption,
                                         .source = "assumption",
                                         .clause = "G3"});
        visit(s.population_weight, Declaration{.name = "population_weight",
                                               .unit = "1",
                                               .label = "Weight of the assessed population effect",
                                               .low = 0,
                                               .high = 10,
                                               .status = Status::assumption,
                                               .source = "assumption",
                                               .clause = "C4.3"});
        visit(s.guidance, Declaration{.name = "guidance",
                                      .unit = "share",
                                      .label = "How far guidance shifts what owners propose",
                                      .low = 0,
                                      .high = 1,
                                      .status = Status::assumption,
                                      .source = "assumption",
                                      .clause = "M4"});
        visit(s.use_change_support, Declaration{.name = "use_change_support",
                                                .unit = "share",
                                                .label = "Support for changes of use: share of the approval time saved",
                                                .low = 0,
                                                .high = 1,
                                                .status = Status::assumption,
                                                .source = "assumption",
                                                .clause = "P1"});
        visit(s.public_share, Declaration{.name = "public_share",
                                          .unit = "share",
                                          .label = "Share of large reused floor space given to public use",
                                          .low = 0,
                                          .high = 0.5,
                                          .status = Status::assumption,
                                          .source = "assumption: the guideline encourages a share and names no figure",
                                          .clause = "P1"});
        visit(s.temporary_use, Declaration{.name = "temporary_use",
                                           .unit = "",
                                           .label = "Temporary uses until the planned use starts",
                                           .status = Status::sourced,
                                           .source = "policy 西政办发〔2017〕12号",
                                           .clause = "C3.7"});
        visit(s.off_hours_sharing, Declaration{.name = "off_hours_sharing",
                                               .unit = "",
                                               .label = "Culture, sport, parking and meeting facilities shared at off hours",
                                               .status = Status::sourced,
                                               .source = "policy 西政办发〔2017〕12号",
                                               .clause = "C3.1"});
    }
};

/// How the bodies work: routes, votes, sittings, queues (W1-W3, M1, O1, P0, P4, C3.5).
struct GovernanceLevers {
    std::string key_rule = "any";  ///< any | all
    double major_area_m2 = 20000;
    double plan_share = 0.5;  ///< P0
    std::int64_t sittings_per_quarter = 1;
    std::int64_t agenda_per_sitting = 12;
    double coordination = 0.5;    ///< O1
    double green_channel = 0.15;  ///< P4: share of stage time saved after approval
    bool legacy_first = true;     ///< P4
    double capacity_factor = 1;   ///< M3
    double vote_threshold = 0.5;  ///< C3.5
    double vote_radius_m = 500;
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.key_rule, Declaration{.name = "key_rule",
                                      .unit = "",
                                      .label = "A project is a key project by any or by all of the criteria",
                                      .status = Status::assumption,
                                      .source = "assumption: the text is read as OR",
                                      .clause = "W1",
                                      .choices = {"any", "all"}});
        visit(s.major_area_m2, Declaration{.name = "major_area_m2",
                                           .unit = "m2",
                                           .label = "Area above which a key project also needs municipal approval",
                                           .low = 2000,
                                           .high = 1000000,
                                           .status = Status::assumption,
                                           .source = "assumption: the guideline names no figure",
                                           .clause = "W3"});
        visit(s.plan_share, Declaration{.name = "plan_share",
                                        .unit = "share",
                                        .label = "Share of empty spaces taken into the yearly reuse plan",
                                        .low = 0,
                                        .high = 1,
                                        .status = Status::assumption,
                                        .source = "assumption",
                                        .clause = "P0"});
        visit(s.sittings_per_quarter, Declaration{.name = "sittings_per_quarter",
                                                  .unit = "1/quarter",
                                                  .label = "Sittings of the joint meeting in a quarter",
                                                  .low = 0,
                                                  .high = 3,
                                                  .status = Status::assumption,
                                                  .source = "assumption: sits periodically",
                                                  .clause = "M1"});
        visit(s.agenda_per_sitting, Declaration{.name = "agenda_per_sitting",
                                                .unit = "cases",
                                                .label = "Cases on the agenda of a sitting",
                                                .low = 0,
                                                .high = 200,
                                                .status = Status::assumption,
                                                .source = "assumption",
                                                .clause = "M1"});
        visit(s.coordination, Declaration{.name = "coordination",
                                          .unit = "share",
                                          .label = "Coordination of blocks and departments: share of rework and consultation time saved",
                                          .low = 0,
                                          .high = 1,
                                          .status = Status::assumption,
                                          .source = "assumption",
                                          .clause = "O1"});
        visit(s.green_channel, Declaration{.name = "green_channel",
                                           .unit = "share",
                                           .label = "Green channel: share of stage time saved after approval for plan-listed projects",
                                           .low = 0,
                                           .high = 0.9,
                                           .status = Status::assumption,
                                           .source = "assumption",
                                           .clause = "P4"});
        visit(s.legacy_first, Declaration{.name = "legacy_first",
                                          .unit = "",
                                          .label = "Stalled legacy projects are handled first",
                                          .status = Status::sourced,
                                          .source = "policy 西政办发〔2017〕12号",
                                          .clause = "P4"});
        visit(s.capacity_factor, Declaration{.name = "capacity_factor",
                                             .unit = "1",
                                             .label = "Factor on the handling capacity of every body",
                                             .low = 0,
                                             .high = 10,
                                             .status = Status::assumption,
                                             .source = "assumption",
                                             .clause = "M3"});
        visit(s.vote_threshold, Declaration{.name = "vote_threshold",
                                            .unit = "share",
                                            .label = "Share of ayes a proposal needs",
                                            .low = 0,
                                            .high = 1,
                                            .status = Status::assumption,
                                            .source = "assumption: simple majority",
                                            .clause = "C3.5"});
        visit(s.vote_radius_m, Declaration{.name = "vote_radius_m",
                                           .unit = "m",
                                           .label = "Walking distance within which households are asked",
                                           .low = 0,
                                           .high = 2000,
                                           .status = Status::assumption,
                                           .source = "assumption: model.md",
                                           .clause = "C3.5"});
    }
};

/// Public money (P3, P2). Yearly figures may change with `[[change]]`.
struct MoneyLevers {
    double capital_budget_yuan = 1.2e9;  ///< a year
    double capital_growth_per_year = 0.0;
    double operating_budget_yuan = 0.8e9;  ///< a year
    double operating_subsidy = 0.6;        ///< share of the operating deficit of public facilities
    double works_subsidy = 0.1;            ///< share of works of plan-listed high-end and convenience uses
    double ppp_share = 0.15;
    double equity_pooling = 0.0;        ///< historic blocks: share of works carried by pooled equity
    double tax_relief = 0.1;            ///< for owners who upgrade
    double buy_back_budget_yuan = 3e8;  ///< a year
    double buy_back_yuan_per_m2 = 40000;
    double surrender_budget_yuan = 8.7e8;  ///< a year
    double surrender_yuan_per_m2 = 40000;
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.capital_budget_yuan, Declaration{.name = "capital_budget_yuan",
                                                 .unit = "yuan/yr",
                                                 .label = "District capital budget for reuse, a year",
                                                 .low = 0,
                                                 .high = 1e11,
                                                 .status = Status::assumption,
                                                 .source = "assumption: not published for reuse alone",
                                                 .clause = "P3"});
        visit(s.capital_growth_per_year, Declaration{.name = "capital_growth_per_year",
                                                     .unit = "1/yr",
                                                     .label = "Yearly growth of the capital budget from 2018 on",
                                                     .low = -0.5,
                                                     .high = 0.5,
                                                     .status = Status::assumption,
                                                     .source = "assumption: constant prices",
                                                     .clause = "P3"});
        visit(s.operating_budget_yuan, Declaration{.name = "operating_budget_yuan",
                                                   .unit = "yuan/yr",
                                                   .label = "Operating subsidies the district can carry, a year",
                                                   .low = 0,
                                                   .high = 1e11,
                                                   .status = Status::assumption,
                                                   .source = "assumption",
                                                   .clause = "P3"});
        visit(s.operating_subsidy, Declaration{.name = "operating_subsidy",
                                               .unit = "share",
                                               .label = "Share of the operating deficit of public facilities that is paid",
                                               .low = 0,
                                               .high = 1,
                                               .status = Status::assumption,
                                               .source = "assumption",
                                               .clause = "P3"});
        visit(s.works_subsidy, Declaration{.name = "works_subsidy",
                                           .unit = "share",
                                           .label = "Share of works paid for plan-listed high-end and convenience uses",
                                           .low = 0,
                                           .high = 1,
                                           .status = Status::assumption,
                                           .source = "assumption",
                                           .clause = "P3"});
        visit(s.ppp_share, Declaration{.name = "ppp_share",
                                       .unit = "share",
                                       .label = "Share of public works carried by private partners and funds",
                                       .low = 0,
                                       .high = 0.9,
                                       .status = Status::assumption,
                                       .source = "assumption",
                                       .clause = "P3"});
        visit(s.equity_pooling, Declaration{.name = "equity_pooling",
                                            .unit = "share",
                                            .label = "Share of works in historic blocks carried by pooled equity",
                                            .low = 0,
                                            .high = 0.9,
                                            .status = Status::assumption,
                                            .source = "assumption: the guideline names no figure",
                                            .clause = "P3"});
        visit(s.tax_relief, Declaration{.name = "tax_relief",
                                        .unit = "share",
                                        .label = "Tax relief for owners who upgrade their own space, as share of revenue",
                                        .low = 0,
                                        .high = 0.5,
                                        .status = Status::assumption,
                                        .source = "assumption",
                                        .clause = "P3"});
        visit(s.buy_back_budget_yuan, Declaration{.name = "buy_back_budget_yuan",
                                                  .unit = "yuan/yr",
                                                  .label = "Budget for taking space back with compensation, a year",
                                                  .low = 0,
                                                  .high = 1e11,
                                                  .status = Status::assumption,
                                                  .source = "assumption",
                                                  .clause = "P2"});
        visit(s.buy_back_yuan_per_m2, Declaration{.name = "buy_back_yuan_per_m2",
                                                  .unit = "yuan/m2",
                                                  .label = "Price offered for space taken back",
                                                  .low = 0,
                                                  .high = 500000,
                                                  .status = Status::assumption,
                                                  .source = "assumption: below a third of the housing prices in facts/rents.csv",
                                                  .clause = "P2"});
        visit(s.surrender_budget_yuan,
              Declaration{.name = "surrender_budget_yuan",
                          .unit = "yuan/yr",
                          .label = "Compensation for surrendered leases of direct-managed courtyards, a year",
                          .low = 0,
                          .high = 1e11,
                          .status = Status::assumption,
                          .source = "assumption: 4713 leases in five years (facts/vacated_spaces.csv) of about 23 m2 at 40 000 yuan",
                          .clause = "C3.4"});
        visit(s.surrender_yuan_per_m2, Declaration{.name = "surrender_yuan_per_m2",
                                                   .unit = "yuan/m2",
                                                   .label = "Compensation for a surrendered lease",
                                                   .low = 0,
                                                   .high = 500000,
                                                   .status = Status::assumption,
                                                   .source = "assumption: as for space taken back; not published",
                                                   .clause = "C3.4"});
    }
};

/// What moves owners (P2, G5).
struct OwnerLevers {
    double self_upgrade_uptake = 1;  ///< factor on how readily owners propose
    double held_share = 0.3;         ///< share that must be held, not sold
    double follow_up = 0.5;          ///< M4: follow-up of central and municipal owners
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.self_upgrade_uptake, Declaration{.name = "self_upgrade_uptake",
                                                 .unit = "1",
                                                 .label = "Factor on how readily owners upgrade by themselves",
                                                 .low = 0,
                                                 .high = 10,
                                                 .status = Status::assumption,
                                                 .source = "assumption",
                                                 .clause = "P2"});
        visit(s.held_share, Declaration{.name = "held_share",
                                        .unit = "share",
                                        .label = "Share of upgraded property that must be held, not sold",
                                        .low = 0,
                                        .high = 1,
                                        .status = Status::assumption,
                                        .source = "assumption: the guideline names no figure",
                                        .clause = "P2"});
        visit(s.follow_up, Declaration{.name = "follow_up",
                                       .unit = "share",
                                       .label = "Follow-up of central and municipal owners",
                                       .low = 0,
                                       .high = 1,
                                       .status = Status::assumption,
                                       .source = "assumption",
                                       .clause = "M4"});
    }
};

/// All levers at one moment.
struct Levers {
    ControlLevers control;
    AllocationLevers allocation;
    GovernanceLevers governance;
    MoneyLevers money;
    OwnerLevers owners;
    EmploymentLevers employment;
    std::bitset<static_cast<std::size_t>(Clause::count)> off;  ///< clauses removed by `policy.off`

    bool on(Clause clause) const { return !off[static_cast<std::size_t>(clause)]; }
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.control, Declaration{.name = "control", .label = "Control"});
        visit(s.allocation, Declaration{.name = "allocation", .label = "Allocation"});
        visit(s.governance, Declaration{.name = "governance", .label = "Governance"});
        visit(s.money, Declaration{.name = "money", .label = "Money"});
        visit(s.owners, Declaration{.name = "owners", .label = "Owners"});
        visit(s.employment, Declaration{.name = "employment", .label = "Employment"});
    }
};

// Made once, in parameters.cpp (see assumptions.h).
extern template std::vector<ParameterRow> list_parameters(const Levers&, std::string_view);
extern template void set_parameter(Levers&, std::string_view, const ParameterValue&, const Place&);

/// Levers by month: the base plus changes, each from its month on.
class Policy {
public:
    Policy() : entries_{{Month{}, Levers{}}} {}
    explicit Policy(Levers base) : entries_{{Month{}, std::move(base)}} {}
    /// From `month` on these levers hold (until a later entry). Entries may come in any order.
    void from(Month month, Levers levers);
    const Levers& at(Month month) const;
    const std::vector<std::pair<Month, Levers>>& entries() const { return entries_; }
    /// From `month` on one lever ("control.enforcement") has this value; later entries keep what they already say.
    /// Throws Error(bad_scenario) for an unknown lever, a wrong type or a value out of range.
    void change(Month month, std::string_view lever, const ParameterValue& value, const Place& place = {});

private:
    std::vector<std::pair<Month, Levers>> entries_;  ///< sorted by month, the first is the base
};

}  // namespace hutong
