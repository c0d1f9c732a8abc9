#include "core/exact_math.h"

#include <bit>
#include <cmath>
#include <limits>

namespace hutong {
namespace {

constexpr double ln2_high = 6.93147180369123816490e-01;  // fdlibm's split of ln 2
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double inverse_ln2 = 1.44269504088896338700e+00;

double scale_by_power_of_two(double x, int power) {
    while (power > 1000) {
        x *= std::bit_cast<double>(static_cast<std::uint64_t>(1023 + 1000) << 52);
        power -= 1000;
    }
    while (power < -1000) {
        x *= std::bit_cast<double>(static_cast<std::uint64_t>(1023 - 1000) << 52);
        power += 1000;
    }
    return x * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + power) << 52);
}

}  // namespace

double exact_exp(double x) {
    if (x != x) return x;
    if (x < -708.0) return 0.0;
    if (x > 709.0) return std::numeric_limits<double>::max();
    const double k = std::floor(x * inverse_ln2 + 0.5);
    const double high = x - k * ln2_high;
    const double low = k * ln2_low;
    const double r = high - low;
    // fdlibm e_exp.c: exp(r) = 1 + 2r / (R(r) - r), R a Remez polynomial on [0, 0.5 ln 2]
    const double t = r * r;
    const double c = r - t * (1.66666666666666019037e-01 +
                              t * (-2.77777777770155933842e-03 +
                                   t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    const double y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
    return scale_by_power_of_two(y, static_cast<int>(k));
}

double exact_log(double x) {
    if (x != x) return x;
    if (!(x > 0.0)) return std::numeric_limits<double>::lowest();
    int exponent = 0;
    if (x < 2.2250738585072014e-308) {
        x *= 18014398509481984.0;  // 2^54
        exponent -= 54;
    }
    std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    exponent += static_cast<int>(bits >> 52) - 1023;
    bits = (bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL;
    double m = std::bit_cast<double>(bits);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        ++exponent;
    }
    // fdlibm e_log.c
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double w = z * z;
    const double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const double t2 =
        z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const double r = t2 + t1;
    const double half_square = 0.5 * f * f;
    const double k = static_cast<double>(exponent);
    return k * ln2_high - ((half_square - (s * (half_square + r) + k * ln2_low)) - f);
}

double exact_pow(double x, double y) { return exact_exp(y * exact_log(x)); }

double exact_logistic(double x) {
    if (x >= 0.0) return 1.0 / (1.0 + exact_exp(-x));
    const double e = exact_exp(x);
    return e / (1.0 + e);
}

double exact_normal_quantile(double u) {
    constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                            1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
    constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                            -1.328068155288572e+01};
    constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                            -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
    constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
    constexpr double tail = 0.02425;
    if (u < tail) {
        const double q = std::sqrt(-2.0 * exact_log(u));
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
               ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1.0);
    }
    if (u > 1.0 - tail) return -exact_normal_quantile(1.0 - u);
    const double q = u - 0.5;
    const double r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1.0);
}

double exact_sin_degrees(double x) {
    // reduce to [-90, 90], where the Taylor series to the 21st power is exact to the last bits
    while (x > 180.0) x -= 360.0;
    while (x < -180.0) x += 360.0;
    if (x > 90.0) x = 180.0 - x;
    if (x < -90.0) x = -180.0 - x;
    const double r = x * 0.017453292519943295769;
    const double z = r * r;
    double term = r;
    double sum = r;
    for (int n = 1; n <= 10; ++n) {
        term *= -z / static_cast<double>((2 * n) * (2 * n + 1));
        sum += term;
    }
    return sum;
}

double exact_cos_degrees(double x) { return exact_sin_degrees(90.0 - x); }

float fast_exponential(std::uint32_t word) {
    // -ln((word + 0.5) / 2^32): the exponent from the bits, ln of a mantissa in (0.71, 1.42] by the atanh series on
    // s = (m - 1) / (m + 1), |s| <= 0.172, so that the relative error stays small where the result is near 0.
    const double u = static_cast<double>(word) + 0.5;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(u);
    const double whole = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
    const bool upper = whole > 1.4142135623730951;
    const double m = upper ? whole * 0.5 : whole;
    const int exponent = static_cast<int>(bits >> 52) - 1023 + (upper ? 1 : 0);
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    const double ln_m = 2.0 * s * (1.0 + z * (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0)))));
    return static_cast<float>((32 - exponent) * 0.69314718055994530942 - ln_m);
}

double monthly_probability(double rate_per_year) { return 1.0 - exact_exp(-rate_per_year / 12.0); }

}  // namespace hutong
