"""NumPy for the functions of :mod:`lossnotes.functions` whose formulas, taken at their word, lose digits.

All is computed in double precision. What may leave its range on the way is kept as a mantissa
and a power of two.
"""

import math
import sys
from typing import Any

import mpmath
import numpy as np

#: The first 32 bits of ln 2, whose products with exponents are exact, and the rest.
_LN2_HIGH, _LN2_LOW = 0.69314718036912381649, 1.90821492927058770002e-10
#: ½ ln 2π, and it less its nearest double.
_HALF_LN_TAU, _HALF_LN_TAU_REST = 0.9189385332046728, -3.8782941580672414e-17

_BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]  # B₂, B₄, ...
#: Stirling's series: lnΓ(x + 1) − x ln x + x − ½ ln 2πx = Σ B₂ₙ/(2n(2n − 1)) x¹⁻²ⁿ, highest power first.
STIRLING = [b / (2 * n * (2 * n - 1)) for n, b in enumerate(_BERNOULLI, 1)][::-1]
#: ½ ln x + lnΓ(x) − lnΓ(x + ½) in the same powers.
HALF_STEP = [b * (1 - 4.0**-n) / (n * (2 * n - 1)) for n, b in enumerate(_BERNOULLI, 1)][::-1]
#: From here on what these series leave out is below rounding.
ENOUGH = 10
#: lnΓ(2 + x) for |x| ≤ ½: 1 − γ and (−1)ⁿ(ζ(n) − 1)/n, highest power first.
NEAR_TWO = [
    *(float((-1) ** n * (mpmath.zeta(n) - 1) / n) for n in range(30, 1, -1)),
    float(1 - mpmath.euler),
    0.0,
]
#: (eᵈ − 1 − d)/d² for |d| ≤ ½, highest power first.
EXP_REST = [1 / math.factorial(n + 2) for n in range(13, -1, -1)]


def _polynomial(coefficients: list[float], x: Any) -> Any:
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x
        value += coefficient
    return value


def _split(x: Any) -> tuple[Any, Any]:
    """Mantissa in [√½, √2), whose logarithm is small, and exponent."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < math.sqrt(0.5)
    return np.where(low, 2 * mantissa, mantissa), exponent - low


def _gap(a: Any, b: Any) -> tuple[Any, Any]:
    """A − b as mantissa and exponent, also where it is larger than the largest number."""
    big = np.maximum(np.abs(a), np.abs(b)) > 2.0**1022
    half = np.where(big, 0.5, 1.0)
    mantissa, exponent = np.frexp(a * half - b * half)
    return mantissa, exponent + big


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """A + b, and what it has rounded away (Knuth 1969); 0 where that is not finite."""
    total = a + b
    part = total - a
    lost = (a - (total - part)) + (b - part)
    return total, _finite(lost)


def _total(*parts: Any) -> tuple[Any, Any]:
    """A sum as if in twice the precision, and what it has rounded away."""
    total, lost = parts[0], 0.0
    for part in parts[1:]:
        total, more = two_sum(total, part)
        lost = lost + more
    return two_sum(total, lost)


def _finite(rest: Any) -> Any:
    return np.where(np.isfinite(rest), rest, 0)


def _times(a: tuple[Any, Any], b: tuple[Any, Any]) -> tuple[Any, Any]:
    """The product of two numbers of twice the precision."""
    product = a[0] * b[0]
    return product, product_error(a[0], b[0], product) + _finite(a[0] * b[1] + a[1] * b[0])


def _over(a: tuple[Any, Any], b: Any) -> tuple[Any, Any]:
    """Their quotient."""
    quotient = a[0] / b
    product = quotient * b
    return quotient, _finite(((a[0] - product) - product_error(quotient, b, product) + a[1]) / b)


#: ln(k/128) for k up to 181 = 128√2, as two doubles.
with mpmath.workdps(40):
    _LOGS = [mpmath.log(mpmath.mpf(max(k, 1)) / 128) for k in range(182)]
    _LOG, _LOG_REST = np.array([(float(exact), float(exact - float(exact))) for exact in _LOGS]).T
#: (ln(1 + f) − f)/f² for |f| ≤ 1/180, highest power first.
_LOG_CURVE = [(-1) ** (n + 1) / n for n in range(9, 1, -1)]


def _logarithm(x: Any, power: Any = 0) -> tuple[Any, ...]:
    """Ln(x · 2^power) in parts, together right to 1e-21: of a sum in which it cancels, all digits are left."""
    usual = (x > 0) & np.isfinite(x)
    mantissa, exponent = _split(np.where(usual, x, 1))
    nearest = np.round(mantissa * 128)
    (f, rest), k = _over((mantissa * 128 - nearest, 0.0), nearest), nearest.astype(int)
    exponent = exponent + power
    curve = f * f * _polynomial(_LOG_CURVE, f) + rest * (1 - f)
    return np.where(usual, exponent * _LN2_HIGH, np.log(x)), _LOG[k], exponent * _LN2_LOW, f, _LOG_REST[k], curve


def hinged(a: Any, b: Any, margin: Any) -> Any:
    """A − b + margin, of which a large pair that cancels takes nothing."""
    plain, lost = two_sum(a, -b)
    return _total(plain, margin, lost)[0]


def _shifted(pair: tuple[Any, Any], power: Any) -> tuple[Any, Any]:
    """A number of twice the precision times a power of two; beyond the range, infinite."""
    return np.ldexp(pair[0], power), _finite(np.ldexp(pair[1], power))


def _square(a: Any, b: Any, scale: Any) -> tuple[tuple[Any, Any], Any]:
    """((a − b)/scale)² as a mantissa and an exponent."""
    (m, e), (ms, es) = _gap(a, b), np.frexp(scale)
    quotient = _over((m, 0.0), ms)
    return _times(quotient, quotient), 2 * (e - es)


def gaussian_cost(a: Any, b: Any, sigma: Any) -> Any:
    """((a − b)/σ)²/2 + ln σ + ½ ln 2π."""
    square, power = _square(a, b, sigma)
    return _total(_HALF_LN_TAU, *_logarithm(sigma), *_shifted(square, power - 1), _HALF_LN_TAU_REST)[0]


def laplace_cost(a: Any, b: Any, scale: Any) -> Any:
    """|a − b|/scale + ln(2 scale)."""
    (m, e), (ms, es) = _gap(a, b), np.frexp(scale)
    return _total(*_logarithm(scale, 1), *_shifted(_over((np.abs(m), 0.0), ms), e - es))[0]


def _direct(size: Any) -> bool:
    """Whether products and quotients of three such numbers stay in the normal range."""
    return bool(np.max(size) < 1e75 and np.min(size) > 1e-75)


def scaled(a: Any, b: Any, factor: Any, *divisors: Any) -> Any:
    """Factor · (a − b) / (product of the divisors), rounded once to where it may be subnormal."""
    plain = a - b
    # A difference of exactly 0 is as good as 1: it stays 0.
    if all(map(_direct, (np.abs(plain) + (plain == 0), factor, *divisors))):
        plain = plain * factor
        for divisor in divisors:
            plain = plain / divisor
        return plain
    mantissa, exponent = _gap(a, b)
    for sign, number in ((1, factor), *((-1, divisor) for divisor in divisors)):
        part, power = np.frexp(number)
        mantissa = mantissa * part if sign > 0 else mantissa / part
        exponent = exponent + sign * power
    return np.ldexp(mantissa, exponent)


def linear_tail(a: Any, b: Any, delta: Any) -> Any:
    """δ(|a − b| − δ/2) for |a − b| of at least δ."""
    slope = np.abs(scaled(a, b, delta))
    return np.where(np.isinf(slope), slope, slope - 0.5 * delta * delta)


def _over_nu(square: tuple[Any, Any], power: Any, nu: Any) -> tuple[tuple[Any, Any], Any]:
    """A square of :func:`_square` divided by ν."""
    mn, en = np.frexp(nu)
    return _over(square, mn), power - en


def student_cost(a: Any, b: Any, nu: Any, s: Any) -> Any:
    """−ln of the density of Student's t.

    ½(ν + 1) ln(1 + x²) + ln s + ½ ln 2π + c(ν/2), where x² = (a − b)²/(νs²) and
    c(h) = ½ ln h + lnΓ(h) − lnΓ(h + ½) falls to 0.
    """
    smooth, endless = np.isinf(nu), np.isinf(s) | np.isinf(0.5 * a - 0.5 * b)
    nu = np.where(smooth, 1, nu)
    plain, twice = _square(a, b, s)
    square, power = _over_nu(plain, twice, nu)
    above = np.where(square[0] > 0, np.maximum(power, 0), 0)
    # 1 + x² over 2^above
    grown, lost = two_sum(np.ldexp(square[0], power - above), np.ldexp(1.0, -above))
    lost = lost + np.ldexp(square[1], power - above)
    tail = _total(*_logarithm(grown, above), _finite(lost / grown))
    steep = _times(two_sum(0.5 * nu, 0.5), tail)
    bell = (np.where(smooth, t, k) for t, k in zip(_shifted(plain, twice - 1), steep, strict=True))
    step = (np.where(smooth, 0, part) for part in _half_step(nu))
    value, _ = _total(_HALF_LN_TAU, *_logarithm(s), *bell, *step, _HALF_LN_TAU_REST)
    return np.where(endless, np.inf, value)


def _half_step(nu: Any) -> tuple[Any, ...]:
    """c(h) = ½ ln h + lnΓ(h) − lnΓ(h + ½) at h = ν/2, in parts."""
    h = nu / 2
    tiny = h < 0.25
    small = np.where(tiny, h, 0)
    # c(h) = c(h + 1) + ½ ln(1 + 1/(4h(h + 1))); for small h the logarithm of 1/h apart.
    apart = [-0.5 * part for part in _logarithm(np.where(tiny, 2 * nu, 1))]
    rest = np.where(tiny, np.log1p(2 * small) - 0.5 * np.log1p(small), 0)
    h = h + tiny
    while np.any(h < ENOUGH):
        low = h < ENOUGH
        rest = rest + np.where(low, 0.5 * np.log1p(0.25 / (h * (h + 1))), 0)
        h = h + low
    return *apart, rest, _polynomial(HALF_STEP, 1 / (h * h)) / h


def student_slope(a: Any, b: Any, nu: Any, s: Any) -> Any:
    """(ν + 1)(a − b)/(νs² + (a − b)²), whose squares may leave the range."""
    (square, _), power = _over_nu(*_square(a, b, s), nu)
    square = np.ldexp(square, power)
    (m, e), (ms, es), (mn, en) = _gap(a, b), np.frexp(s), np.frexp(nu)
    mp, ep = np.frexp(nu + 1)
    smooth = np.isinf(nu)
    mn, mp, en, ep = np.where(smooth, 1, mn), np.where(smooth, 1, mp), np.where(smooth, 0, en), np.where(smooth, 0, ep)
    far = (square >= 1) & ~smooth
    near = np.ldexp(m / ms / ms / mn * mp / (1 + np.where(far | smooth, 0, square)), e - 2 * es - en + ep)
    away = np.ldexp(mp / np.where(far, m, 1) / (1 + 1 / np.where(far, square, 1)), ep - e)
    return np.where(np.isinf(s) & ~smooth, 0, np.where(far, away, near))


def _log_ratio(z: Any, k: Any) -> Any:
    """Z − ln k, accurate where they nearly agree."""
    m, e = _split(k)
    return ((z - e * _LN2_HIGH) - e * _LN2_LOW) - np.log(m)


def poisson_cost(z: Any, k: Any) -> Any:
    """e^z − kz + lnΓ(k + 1).

    From k = 1 on as deviance, k(e^d − 1 − d) with d = z − ln k, and what is left at its
    minimum, ½ ln 2πk and Stirling's series: none of them is negative (Loader 2000).
    """
    rate = np.exp(z)
    many, large = k >= 1, np.where(k >= 1, k, 1)
    d = _log_ratio(z, large)
    far, close = np.abs(d) > 2, np.abs(d) <= 0.5
    small = np.where(close, d, 0)
    curve = np.where(close, small * small * _polynomial(EXP_REST, small), np.expm1(np.where(far, 0, d)) - d)
    # A rate beyond the range outgrows what is taken from it.
    apart = np.where(np.isinf(rate), rate, rate - large * (1 + d))
    whole = np.where(far, apart, large * curve) + _stirling(large)
    few = np.where(many, 0, k)
    # 0 · ∞: a rate of 0 costs a count of 0 nothing.
    part = (rate - np.where(few == 0, 0, few * z)) + _log_gamma(few)
    return np.where(z == np.inf, np.where(np.isinf(k), np.nan, np.inf), np.where(many, whole, part))


def _stirling(k: Any) -> Any:
    """lnΓ(k + 1) − k ln k + k for k of at least 1."""
    value = 0.5 * np.log(k) + _HALF_LN_TAU
    while np.any(k < ENOUGH):
        low = k < ENOUGH
        value = value + np.where(low, (k + 0.5) * np.log1p(1 / k) - 1, 0)
        k = k + low
    return value + _polynomial(STIRLING, 1 / (k * k)) / k


def _log_gamma(k: Any) -> Any:
    """lnΓ(1 + k) for k in 0..1, with all digits near 0."""
    low = k < 0.5
    return _polynomial(NEAR_TWO, np.where(low, k, k - 1)) - np.where(low, np.log1p(k), 0)


def poisson_slope(z: Any, k: Any) -> Any:
    """e^z − k, as k(e^d − 1) with d = z − ln k where they nearly agree."""
    d = _log_ratio(z, np.where((k > 0) & np.isfinite(k), k, 1))
    close = (np.abs(d) < 1) & (k > 0) & np.isfinite(k)
    return np.where(close, k * np.expm1(np.where(close, d, 0)), np.exp(z) - k)


def bernoulli_cost(z: Any, y: Any, rest: Any) -> Any:
    """Y softplus(−z) + (1 − y) softplus(z); ``rest`` is ln(1 + e^−|z|)."""
    weight = np.where(z < 0, y, 1 - y)
    with np.errstate(invalid="ignore"):
        wrong = np.abs(z) * weight
    if np.isnan(np.min(wrong)):  # 0 · ∞: what is certainly right costs nothing
        wrong = np.where(weight == 0, 0, wrong)
    return wrong + rest


def bernoulli_slope(z: Any, y: Any, e: Any) -> Any:
    """σ(z) − y, as (1 − y) − σ(−z) for positive z; ``e`` is e^−|z|."""
    small = e / (1 + e)
    return np.where(z < 0, small - y, (1 - y) - small)


def _softplus(z: Any) -> Any:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _power(z: Any, gamma: Any) -> Any:
    """σ(z)^γ as exp(−γ softplus(−z)); for larger γ its exponent is kept in two parts."""
    if np.max(gamma) <= 4:
        return np.where(gamma == 0, 1, np.exp(-gamma * _softplus(-z)))
    size = np.abs(z)
    e = np.exp(-size)
    # By how much e misses e^−|z|, as part of it.
    off, _ = _total(size, *_logarithm(e))
    grown, lost = two_sum(1.0, e)
    base = _total(np.maximum(-z, 0), *_logarithm(grown), (lost - _finite(e * off)) / grown)
    exponent, lost = _times((gamma, 0.0), base)
    # Far out, where the power is 0, what is lost may be infinite.
    return np.where(gamma == 0, 1, np.exp(-exponent) * np.exp(-np.where(exponent < 1e4, lost, 0)))


def _within_range(z: Any, gamma: Any) -> Any:
    """The power, or the largest number where it is infinite: 0 · ∞ at its limit; NaN where 1^∞ has none."""
    endless = np.isinf(gamma) & (z == np.inf)
    return np.where(endless, np.nan, np.minimum(gamma, sys.float_info.max))


def product_error(a: Any, b: Any, product: Any) -> Any:
    """What a product has rounded away (Dekker 1971); 0 where splitting would overflow."""
    high_a, high_b = (x * 134217729.0 - (x * 134217729.0 - x) for x in (a, b))
    low_a, low_b = a - high_a, b - high_b
    error = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b
    return np.where(np.isfinite(error), error, 0)


def focal_cost(z: Any, gamma: Any) -> Any:
    """σ(z)^γ softplus(z)."""
    return _power(z, _within_range(z, gamma)) * _softplus(z)


def focal_slope(z: Any, gamma: Any) -> Any:
    """σ(z)^γ (σ(z) + γ σ(−z) softplus(z)), a sum of positive terms."""
    gamma = _within_range(z, gamma)
    e = np.exp(-np.abs(z))
    right, wrong = np.where(z < 0, e, 1) / (1 + e), np.where(z < 0, 1, e) / (1 + e)
    # σ(−z) softplus(z) falls to 0 as z grows.
    return _power(z, gamma) * (right + gamma * np.where(wrong == 0, 0, wrong * (np.maximum(z, 0) + np.log1p(e))))
