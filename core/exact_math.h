/// exp and log whose bits are the same on every x86-64 machine: only + - * / and integer operations on IEEE
/// doubles, no libm, no fused multiply-add (the project is compiled with -ffp-contract=off). What feeds the state
/// of the simulation uses these and std::sqrt (exact by IEEE 754) and nothing else.
#pragma once

#include <cstdint>

namespace hutong {

/// e^x within 2 units in the last place; 0 below -708, the largest finite double above 709.
double exact_exp(double x);
/// Natural logarithm within 2 units in the last place for finite x > 0; the lowest finite double for x <= 0.
double exact_log(double x);
/// x^y for x > 0 as exp(y log x).
double exact_pow(double x, double y);
/// tanh-free logistic 1 / (1 + e^-x).
double exact_logistic(double x);
/// Quantile of the standard normal distribution (Acklam 2003, relative error 1.2e-9), u in (0, 1).
double exact_normal_quantile(double u);
/// sine and cosine of an angle in degrees (for map projections), |x| <= 360, absolute error below 1e-12.
double exact_sin_degrees(double x);
double exact_cos_degrees(double x);

/// -log(word as a number in (0,1)): a standard exponential variate from 32 bits, relative error below 4e-7. The
/// exponential race of the choice models takes argmin over alternatives of fast_exponential(word) / exp(V).
float fast_exponential(std::uint32_t word);

/// Yearly rate to monthly probability: 1 - exp(-rate / 12).
double monthly_probability(double rate_per_year);

}  // namespace hutong
