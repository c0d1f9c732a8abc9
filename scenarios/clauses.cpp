#include "scenarios/clauses.h"

#include "core/text.h"

namespace hutong {

const std::vector<ClauseHome>& clause_homes() {
    static const std::vector<ClauseHome> homes{
        {Clause::G1, tr("prohibition-and-restriction catalogue"),
         "sectors.csv (prohibited), scenarios/rules.cpp, agents/business_entry.cpp", tr("No use with a catalogue sector is permitted."),
         "/permitted"},
        {Clause::G2, tr("control by zone, size and planned use"), "rules.csv (zone, large, street_front), scenarios/rules.cpp",
         tr("The same space gets another permitted set in another zone or size."), "/permitted"},
        {Clause::G3, tr("central allocation by local need"), "agents/allocation.cpp, agents/proposals.cpp, agents/workflow.cpp",
         tr("The district decides for its own, key and bought-back spaces, over all of them together."), "/spaces/decider"},
        {Clause::G4, tr("four directions of use"), "uses.csv (direction), agents/spaces.cpp (ledger), agents/allocation.cpp (weights)",
         tr("Every m2 opened is booked to one direction; the bookings add up to the m2 opened."), "/indicator/opened_area.*"},
        {Clause::G5, tr("original owners are mobilised"), "agents/proposals.cpp (incentives of owner types)",
         tr("Owners propose more readily when an incentive is raised."), "/events"},
        {Clause::G6, tr("non-capital functions are cleared and do not gather again"),
         "agents/spaces.cpp (vacate), agents/business_displacement.cpp", tr("A space empties in the month foreseen for it."), "/events"},
        {Clause::C1, tr("no new floor area without a tied reduction"),
         "scenarios/rules.cpp, scenarios/purposes.cpp, agents/governance_money.cpp (tie pool)",
         tr("Floor area added never exceeds floor area taken down at the declared ratio."), "/spaces/opened"},
        {Clause::C2_0, tr("shortfalls are made up by block"), "agents/allocation.cpp (shortfall in reach)",
         tr("Where a service is short, its use scores higher than where it is not."), "/spaces/use"},
        {Clause::C2_1, tr("government-affairs key area"), "rules.csv", tr("In the government zone other than its main uses need a reason."),
         "/standing"},
        {Clause::C2_2, tr("historic-cultural blocks"), "rules.csv", tr("In historic blocks large single users are exceptions only."),
         "/standing"},
        {Clause::C2_3, tr("living blocks"), "rules.csv", tr("In living blocks the services of the quarter-hour circle come first."),
         "/standing_clause"},
        {Clause::C2_4, tr("special business function areas"), "rules.csv, agents/business_entry.cpp",
         tr("In business areas other than high-end industry and its support needs a reason."), "/standing"},
        {Clause::C3_0, tr("use only after acceptance"), "agents/workflow.cpp (acceptance), rules.csv",
         tr("Nothing opens without acceptance by the trade regulator."), "/events"},
        {Clause::C3_1, tr("industrial space"), "rules.csv, agents/coverage.cpp (off hours)",
         tr("Small industrial space is mainly for public services and living services."), "/standing"},
        {Clause::C3_2, tr("education space"), "rules.csv, agents/coverage.cpp (off hours)",
         tr("Education space is mainly for schools and planned roads."), "/standing"},
        {Clause::C3_3, tr("heritage space"), "rules.csv", tr("No parking, storage or catering in heritage space."), "/permitted"},
        {Clause::C3_4, tr("direct-managed public housing"), "rules.csv, agents/surrender.cpp (leases), agents/spaces.cpp (better homes)",
         tr("Only a complete courtyard may become a facility."), "/permitted"},
        {Clause::C3_5, tr("residential-area space, decided after asking residents"), "agents/vote.cpp, agents/workflow.cpp, rules.csv",
         tr("No plan for residential-area space goes on without the residents' vote."), "/events"},
        {Clause::C3_6, tr("corner land"), "rules.csv", tr("Corner land is mainly for green space and municipal facilities."), "/standing"},
        {Clause::C3_7, tr("temporary space"), "rules.csv, agents/proposals.cpp, agents/spaces.cpp",
         tr("Until its planned use starts a space is in temporary use or left blank."), "/events"},
        {Clause::C4_1, tr("population red line"), "agents/governance.cpp (headroom), agents/allocation.cpp",
         tr("Without headroom no plan with a positive assessed population effect is approved."), "/spaces/use"},
        {Clause::C4_2, tr("managing people through housing"), "rules.csv, agents/spaces_audit.cpp",
         tr("No homes to let in vacated space outside direct-managed housing."), "/permitted"},
        {Clause::C4_3, tr("managing people through industry"), "agents/allocation.cpp (assessed effect)",
         tr("Of two uses the one that draws fewer people scores higher."), "/spaces/use"},
        {Clause::C4_4, tr("local staff of livelihood projects, 80 %"), "agents/hiring_rules.cpp, agents/spaces.cpp (funding)",
         tr("Non-local staff of a livelihood project never exceed a fifth of its posts."), "/indicator/local_staff_livelihood"},
        {Clause::C4_5, tr("local staff of heritage projects, 50 %"), "agents/hiring_rules.cpp, agents/spaces.cpp (funding)",
         tr("Non-local staff of a heritage project never exceed half of its posts."), "/indicator/local_staff_heritage"},
        {Clause::M1, tr("joint meeting"), "agents/governance_bodies.cpp (sittings, agenda), agents/workflow.cpp",
         tr("Key projects pass the joint meeting, at most its agenda in a sitting."), "/events"},
        {Clause::M2, tr("coordinating department"), "agents/governance_money.cpp (yearly plan), agents/workflow.cpp (agreements)",
         tr("Agreements and the yearly plan are the commission's."), "/events"},
        {Clause::M3, tr("responsible departments"), "agents/governance_bodies.cpp",
         tr("The department follows from category, owner and size."), "/spaces/agency"},
        {Clause::M4, tr("supervising departments"), "agents/supervision.cpp, agents/proposals.cpp (follow-up, guidance)",
         tr("Central and municipal owners who are followed up propose more readily."), "/events"},
        {Clause::W1, tr("making the plan, key projects"), "scenarios/rules.cpp (route), agents/workflow.cpp (consultation)",
         tr("Projects above the threshold are key projects, and plans are consulted on."), "/spaces/route"},
        {Clause::W2, tr("submitting the plan"), "agents/workflow.cpp (review, district government)",
         tr("No plan of the district's or a supervised owner goes on without review."), "/events"},
        {Clause::W3, tr("carrying out"), "agents/workflow.cpp (municipal approval, procurement)",
         tr("Major projects wait for municipal approval."), "/events"},
        {Clause::W4, tr("monitoring database"), "agents/supervision.cpp (follow-up of spaces)",
         tr("Unauthorised dwellings in vacated space are found."), "/indicator/misuse_found"},
        {Clause::P0, tr("yearly reuse plan"), "agents/governance_money.cpp (plan list), agents/workflow.cpp",
         tr("Only what is in the year's plan gets the support of P1 to P5."), "/events"},
        {Clause::P1, tr("planning support"), "agents/workflow.cpp (review), agents/spaces.cpp (public share)",
         tr("Large private projects give a share to public use."), "/spaces/public_dm2"},
        {Clause::P2, tr("land policy"), "agents/governance_money.cpp (take back), agents/proposals.cpp (self-upgrade)",
         tr("Space that stays empty is taken back where price and budget allow."), "/events"},
        {Clause::P3, tr("finance and tax"), "agents/governance_money.cpp, scenarios/purposes.cpp",
         tr("There is a capital budget, and it is spent."), "/district/capital_spent_yuan"},
        {Clause::P4, tr("green channel and legacy projects"), "agents/workflow.cpp (green channel), agents/governance.cpp (legacy first)",
         tr("Legacy projects are handled before others."), "/events"},
        {Clause::P5, tr("employment subsidies"), "agents/hiring_rules.cpp, agents/business_entry.cpp",
         tr("Hires of residents in reused space are rewarded."), "/indicator/subsidy_yuan"},
        {Clause::O1, tr("coordination of blocks and departments"), "agents/workflow.cpp, agents/governance.cpp",
         tr("Full coordination leaves no rework."), "/events"},
        {Clause::O2, tr("allocation plans and enforcement"), "agents/supervision.cpp, services.csv (standards)",
         tr("Misuse is found and closed."), "/indicator/misuse_found"},
        {Clause::O3, tr("appraisal of departments"), "agents/appraisal.cpp", tr("Every department is scored."), "/agencies/score"},
    };
    return homes;
}

std::string_view clause_title(Clause clause) {
    for (const ClauseHome& home : clause_homes()) {
        if (home.clause == clause) return home.title;
    }
    return {};
}

}  // namespace hutong
