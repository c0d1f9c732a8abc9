/// Points in a space of parameters: grids, Latin hypercubes, the designs of Morris and of Sobol's indices, and draws of
/// all assumptions. Every coordinate is keyed by (seed, name of the parameter, point): a parameter more or less leaves
/// the others' values as they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace hutong {

/// A parameter that is varied, with its range.
struct Varied {
    std::string path;  ///< "policy.control.enforcement", "assumption.people.fertility_factor"
    double low = 0, high = 1;
    std::vector<std::string> choices = {};  ///< of a text parameter; its value is then an index
    bool whole = false;                     ///< an integer or yes/no: values are rounded
    std::size_t levels = 0;                 ///< of a grid; 0: not given
};

/// Reads "PATH", "PATH=LOW:HIGH" or "PATH=LOW:HIGH:LEVELS"; without a range the declared one is taken. Throws
/// Error(usage) for an unknown path (with the nearest), an empty range or one beyond what the declaration allows.
Varied parse_varied(const Scenario& scenario, const std::string& text);
/// All assumptions that declare a range to draw from (those of the synthesis belong to the data, not to the assumptions).
std::vector<Varied> assumptions_with_ranges(const Scenario& scenario);

/// Row after row, coordinates in [0, 1].
using Points = std::vector<std::vector<double>>;

/// Every combination of `levels` evenly spaced values (1: the middle) of each parameter.
Points grid(const std::vector<Varied>& parameters, std::size_t default_levels);
/// Latin hypercube (McKay and others 1979): each of `count` equal strata of each parameter holds one point.
Points latin_hypercube(const std::vector<Varied>& parameters, std::size_t count, std::uint64_t seed);
/// Independent uniform points; `stream` tells several sets apart.
Points random_points(const std::vector<Varied>& parameters, std::size_t count, std::uint64_t seed, std::uint64_t stream);

/// The scenario with the parameters at this point; whole, text and yes/no parameters are rounded.
Scenario at_point(const Scenario& scenario, const std::vector<Varied>& parameters, const std::vector<double>& point);
/// The value that a coordinate stands for (the index for texts).
double value_at(const Varied& parameter, double coordinate);

}  // namespace hutong
