// The one place where the lists of all declarations are compiled.
#include "scenarios/assumptions.h"
#include "scenarios/policy.h"

namespace hutong {

template std::vector<ParameterRow> list_parameters(const Assumptions&, std::string_view);
template std::vector<ParameterRow> list_parameters(const SynthesisAssumptions&, std::string_view);
template void set_parameter(Assumptions&, std::string_view, const ParameterValue&, const Place&);
template std::vector<ParameterRow> list_parameters(const Levers&, std::string_view);
template void set_parameter(Levers&, std::string_view, const ParameterValue&, const Place&);

}  // namespace hutong
