#include "viz/clause_titles.h"

#include "core/text.h"

namespace hutong {

std::string_view clause_title(std::string_view clause) {
    struct Title {
        std::string_view clause, title;
    };
    static constexpr Title titles[] = {
        {"C1", tr("Scale: no new floor area in principle; a necessary addition is tied to a reduction")},
        {"C3.1", tr("Industrial space: what large and small spaces are mainly for")},
        {"C3.5", tr("Space in housing: residents are asked before it is reused")},
        {"C3.7", tr("Temporary space: temporary use until the planned one starts")},
        {"C4.1", tr("Population red line: it binds allocation, never births, returns or lawful moves")},
        {"C4.4", tr("At least 80 % local staff in publicly funded livelihood projects")},
        {"C4.5", tr("At least 50 % local staff in publicly funded heritage projects")},
        {"G3", tr("Centralised management, best allocation by local need")},
        {"G4", tr("Four directions of use: services, green, convenience, high-end industry")},
        {"G5", tr("Lawful and open; the original owners' initiative is mobilised")},
        {"M1", tr("Joint meeting: deliberates and decides across departments")},
        {"M3", tr("Responsible departments by category of space")},
        {"M4", tr("Supervision: who approves supervises; sub-districts follow up")},
        {"O1", tr("Joint leadership, block-and-department coordination")},
        {"O2", tr("Facility plans by area are the basis of reuse; unlawful use is dealt with")},
        {"P0", tr("Only projects in the year's reuse plan get the support of P1 to P5")},
        {"P1", tr("Planning: use changes supported; a share is given to public service")},
        {"P2", tr("Land: the government may take space back, owners may upgrade and must hold a share")},
        {"P3", tr("Finance and tax: investment plan, subsidies, compensation")},
        {"P4", tr("Approval: green channel after the plan; stalled legacy projects restarted")},
        {"P5", tr("Employment: rewards for new local hires and for self-employment")},
        {"W1", tr("Make the plan: scattered, key and major projects by size")},
        {"W3", tr("Carry out: agreements, procurement, works")},
    };
    for (const Title& t : titles) {
        if (t.clause == clause) return t.title;
    }
    return {};
}

}  // namespace hutong
