/// What the world does, kept apart from what policy does: every behavioural parameter with unit, range and source.
/// One section per behaviour, each in the header named after it.
#pragma once

#include "scenarios/assumptions_businesses.h"
#include "scenarios/assumptions_governance.h"
#include "scenarios/assumptions_homes.h"
#include "scenarios/assumptions_labour.h"
#include "scenarios/assumptions_people.h"
#include "scenarios/assumptions_services.h"
#include "scenarios/assumptions_synthesis.h"

namespace hutong {

struct Assumptions {
    SynthesisAssumptions synthesis;
    PeopleAssumptions people;
    HomesAssumptions homes;
    LabourAssumptions labour;
    BusinessAssumptions businesses;
    GovernanceAssumptions governance;
    ServicesAssumptions services;

    template <class Self, class Visitor>
    static void declare(Self& s, Visitor&& visit) {
        visit(s.synthesis, Declaration{.name = "synthesis", .label = "Population synthesis"});
        visit(s.people, Declaration{.name = "people", .label = "People"});
        visit(s.homes, Declaration{.name = "homes", .label = "Homes"});
        visit(s.labour, Declaration{.name = "labour", .label = "Labour"});
        visit(s.businesses, Declaration{.name = "businesses", .label = "Businesses"});
        visit(s.governance, Declaration{.name = "governance", .label = "Governance"});
        visit(s.services, Declaration{.name = "services", .label = "Services"});
    }
};

// Made once, in parameters.cpp: the declarations are long, and many files list them.
extern template std::vector<ParameterRow> list_parameters(const Assumptions&, std::string_view);
extern template std::vector<ParameterRow> list_parameters(const SynthesisAssumptions&, std::string_view);
extern template void set_parameter(Assumptions&, std::string_view, const ParameterValue&, const Place&);

}  // namespace hutong
