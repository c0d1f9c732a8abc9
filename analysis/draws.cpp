#include "analysis/draws.h"

#include <algorithm>

#include "analysis/sampling.h"
#include "core/draw.h"
#include "core/hash.h"

namespace hutong {
namespace {

constexpr std::uint64_t assumption_stream = 201, facility_stream = 202, space_stream = 203, figure_stream = 204, population_stream = 205;

std::uint32_t word_of(std::uint64_t draw, std::uint64_t what, std::uint64_t stream) {
    return static_cast<std::uint32_t>(luck_key(stream, draw, what) >> 32);
}

/// Walking nodes by block; the last list are those of the ring.
std::vector<std::vector<NodeId>> nodes_by_block(const District& district) {
    std::vector<std::vector<NodeId>> nodes(district.blocks.size());
    for (std::size_t n = 0; n < district.network.nodes(); ++n) {
        const NodeId node{static_cast<std::uint32_t>(n)};
        const BlockId block = district.block_of(node);
        if (block.value < nodes.size()) nodes[block.value].push_back(node);
    }
    return nodes;
}

}  // namespace

Scenario drawn_assumptions(const Scenario& scenario, std::uint64_t draw) {
    if (draw == 0) return scenario;
    const auto parameters = assumptions_with_ranges(scenario);
    std::vector<double> point;
    for (const Varied& one : parameters) point.push_back(unit_open(word_of(draw, Hash().text(one.path).value(), assumption_stream)));
    return at_point(scenario, parameters, point);
}

District drawn_district(const District& district, std::uint64_t draw) {
    if (draw == 0) return district;
    District drawn = district;
    const auto nodes = nodes_by_block(district);
    const auto another = [&](NodeId node, std::uint64_t what, std::uint64_t stream) {
        const BlockId block = district.block_of(node);
        if (block.value >= nodes.size() || nodes[block.value].empty()) return node;  // of the ring
        const auto& choices = nodes[block.value];
        return choices[Luck::below(word_of(draw, what, stream), static_cast<std::uint32_t>(choices.size()))];
    };
    for (std::size_t i = 0; i < drawn.facilities.size(); ++i) {
        FacilitySite& one = drawn.facilities[i];
        if (!one.ring) one.node = another(one.node, i, facility_stream);
    }
    for (std::size_t s = 0; s < drawn.spaces.size(); ++s) {
        Space& one = drawn.spaces[s];
        if (one.status == Status::sourced) continue;
        const NodeId before = one.node;
        one.node = another(before, Hash().text(one.code).value(), space_stream);
        for (DwellingGroup& group : drawn.dwellings) {
            if (group.space.value == s && group.node == before) group.node = one.node;
        }
        for (PremisesGroup& group : drawn.premises) {
            if (group.space.value == s && group.node == before) group.node = one.node;
        }
    }
    for (NamedFigure& one : drawn.figures) {
        if (one.low < one.high)
            one.value = one.low + unit_open(word_of(draw, Hash().text(one.name).value(), figure_stream)) * (one.high - one.low);
    }
    drawn.hash = Hash().number(district.hash).number(draw).value();
    return drawn;
}

Scenario drawn_population(const Scenario& scenario, std::uint64_t draw) {
    if (draw == 0) return scenario;
    Scenario drawn = scenario;
    for (const ParameterRow& row : list_parameters(scenario.assumptions.synthesis)) {
        if (row.path != "seed") continue;
        const auto range = static_cast<std::uint32_t>(std::min(row.declaration.high - row.declaration.low, 4e9));
        drawn.assumptions.synthesis.seed =
            static_cast<std::int64_t>(row.declaration.low) + Luck::below(word_of(draw, 0, population_stream), range) + 1;
    }
    drawn.text = canonical_text(drawn);
    drawn.hash = Hash().text(drawn.text).value();
    return drawn;
}

}  // namespace hutong
