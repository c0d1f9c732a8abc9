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
    G1, G2, G3, G4, G5, G6,
    C1, C2_0, C2_1, C2_2, C2_3, C2_4,
    C3_0, C3_1, C3_2, C3_3, C3_4, C3_5, C3_6, C3_7,
    C4_1, C4_2, C4_3, C4_4, C4_5,
    M1, M2, M3, M4, W1, W2, W3, W4,
    P0, P1, P2, P3, P4, P5, O1, O2, O3,
    count
};
std::string_view clause_name(Clause clause);            ///< "C4.2"
Clause clause_named(std::string_view name);             ///< Clause::none when unknown

/// Levers by group. Defaults are the baseline.
struct EmploymentLevers {
    double subsidy_per_local_hire_yuan = 5000;
    double subsidy_per_self_employed_yuan = 8000;
    double livelihood_local_share = 0.80;   ///< C4.4
    double heritage_local_share = 0.50;     ///< C4.5
    std::string local_means = "resident";   ///< resident | registered
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.subsidy_per_local_hire_yuan, Declaration{.name = "subsidy_per_local_hire_yuan", .unit = "yuan", .label = "Reward for each new local hire in reused space", .low = 0, .high = 100000, .status = Status::assumption, .source = "assumption: no published rate; order of Beijing's hiring rewards", .clause = "P5"});
        visit(s.subsidy_per_self_employed_yuan, Declaration{.name = "subsidy_per_self_employed_yuan", .unit = "yuan", .label = "Reward for each resident who becomes self-employed in reused space", .low = 0, .high = 100000, .status = Status::assumption, .source = "assumption: no published rate", .clause = "P5"});
        visit(s.livelihood_local_share, Declaration{.name = "livelihood_local_share", .unit = "share", .label = "Least local share of staff of publicly funded livelihood projects", .low = 0, .high = 1, .status = Status::sourced, .source = "policy 西政办发〔2017〕12号", .clause = "C4.4"});
        visit(s.heritage_local_share, Declaration{.name = "heritage_local_share", .unit = "share", .label = "Least local share of staff of publicly funded heritage projects", .low = 0, .high = 1, .status = Status::sourced, .source = "policy 西政办发〔2017〕12号", .clause = "C4.5"});
        visit(s.local_means, Declaration{.name = "local_means", .unit = "", .label = "Who counts as local: residents or registered residents", .status = Status::assumption, .source = "assumption: the guideline does not define it", .clause = "C4.4", .choices = {"resident", "registered"}});
    }
};

struct ControlLevers {
    double red_line_persons = 1107000;      ///< C4.1, from the end of 2020 on
    double enforcement = 1.0;               ///< O2: strength of inspection, 1 = present
    double scale_tie_ratio = 1.0;           ///< C1
    double large_area_m2 = 2000;            ///< W1 threshold
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.red_line_persons, Declaration{.name = "red_line_persons", .unit = "persons", .label = "Population red line from the end of 2020", .low = 500000, .high = 2000000, .status = Status::sourced, .source = "Xicheng government work report 2016", .clause = "C4.1"});
        visit(s.enforcement, Declaration{.name = "enforcement", .unit = "1", .label = "Strength of enforcement (1 = present)", .low = 0, .high = 5, .status = Status::assumption, .source = "assumption", .clause = "O2"});
        visit(s.scale_tie_ratio, Declaration{.name = "scale_tie_ratio", .unit = "m2/m2", .label = "Reduction tied to each m2 of added floor area", .low = 0, .high = 5, .status = Status::assumption, .source = "assumption", .clause = "C1"});
        visit(s.large_area_m2, Declaration{.name = "large_area_m2", .unit = "m2", .label = "Area above which a project is a key project", .low = 100, .high = 100000, .status = Status::sourced, .source = "policy 西政办发〔2017〕12号", .clause = "W1"});
    }
};

/// All levers at one moment. Further groups (allocation, governance, money, owners) join here.
struct Levers {
    ControlLevers control;
    EmploymentLevers employment;
    std::bitset<static_cast<std::size_t>(Clause::count)> off;  ///< clauses removed by `policy.off`

    bool on(Clause clause) const { return !off[static_cast<std::size_t>(clause)]; }
    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.control, Declaration{.name = "control", .label = "Control"});
        visit(s.employment, Declaration{.name = "employment", .label = "Employment"});
    }
};

/// Levers by month: the base plus changes, each from its month on.
class Policy {
public:
    Policy() : entries_{{Month{}, Levers{}}} {}
    explicit Policy(Levers base) : entries_{{Month{}, std::move(base)}} {}
    /// From `month` on these levers hold (until a later entry). Entries may come in any order.
    void from(Month month, Levers levers);
    const Levers& at(Month month) const;
    const std::vector<std::pair<Month, Levers>>& entries() const { return entries_; }

private:
    std::vector<std::pair<Month, Levers>> entries_;  ///< sorted by month, the first is the base
};

}  // namespace hutong
