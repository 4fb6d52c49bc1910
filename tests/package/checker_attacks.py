"""Steps with which the checker was attacked, kind by kind, as in ``checker_corpus``."""

import functools

import sympy as sp
from checker_corpus import (
    A,
    Case,
    K,
    a,
    b,
    c,
    constant,
    d,
    half,
    i,
    j,
    k,
    l,
    m,
    n,
    p,
    r,
    s,
    slope,
    tiny,
    total,
    u,
    x,
    y,
    z,
)
from sympy import (
    Abs,
    Derivative,
    E,
    Eq,
    Heaviside,
    IndexedBase,
    Integer,
    Integral,
    KroneckerDelta,
    Limit,
    Max,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    asin,
    asinh,
    atan,
    binomial,
    cos,
    exp,
    gamma,
    log,
    lowergamma,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    uppergamma,
)

w_bump = Max(0, -(x**2 - 60 * x + 875))  # positive for 25 < x < 35 only
at_root = 1 - sign(x**2 - 2) ** 2  # 1 at ±√2, else 0
S = Symbol("S", positive=True)
FIVE = {n: (5, oo)}

FALSE = {
    "windows between the draws": {
        "25 to 35, by a square": Case(w_bump, Integer(0)),
        "25 to 26, by a product": Case(Max(0, (x - 25) * (26 - x)), Integer(0)),
        "25 to 35, a slope": slope(x + w_bump**2, x, Integer(1)),
        "25 to 35, a constant": constant(x**2 + w_bump, x**2, x),
        "25 to 35, a derivative written as one": Case(Derivative(x + w_bump, x), Integer(1)),
        "between 1e-5 and 2e-5": Case(Max(0, -(p**2 - 3 * p / 10**5 + 2 / Integer(10) ** 10)), Integer(0)),
        "25 to 26 and 55 to 56": Case(Piecewise((1, (x > 25) & (x < 26) & (y > 55) & (y < 56)), (0, True)), Integer(0)),
        "an abbreviation that is positive but for 25 to 35": Case(
            log((x**2 - 60 * x + 875) ** 2), 2 * log(S), where={S: x**2 - 60 * x + 875}
        ),
        "just below 0 in the domain": Case(Abs(x), x, domain={x: (-tiny(30), 1)}),
        "a family just below 0 in the domain": Case(total(Abs(r[i])), total(r[i]), domain={r: (-tiny(30), 1)}),
        "a root just below 0 in the domain": Case(sqrt(x**2 * y**2), x * Abs(y), domain={x: (-tiny(30), 1)}),
    },
    "curved switches": {
        "two zeros between two looks": Case(1 - sign(x**2 - 90 * x + 1881) ** 2, Integer(0)),
        "a logarithm of 50": Case(x * Max(log(p) - 50, 0), Integer(0)),
        "an inverse of 1e20": Case(x * Max(1 / p - 10**20, 0), Integer(0)),
        "a root of 1e16": Case(x * Max(sqrt(p) - 10**8, 0), Integer(0)),
        "1e-40 at the root of 2": Case(at_root * tiny(40), Integer(0)),
        "a constant at the root of 2": constant(x**2 + at_root, x**2, x),
        "a slope at the root of 2": slope(x**2, x, 2 * x + at_root),
    },
    "whole numbers beyond the tried ones": {
        "k above 70, over 10": Case(x + Max(k / 10 - 7, 0), x),
        "n above 70, over 10": Case(total(r[i]) + Max(n / 10 - 7, 0), total(r[i])),
        "n above 7 and even, over 7": Case(total(r[i]) + x * (1 + (-1) ** n) * Max(0, n / 7 - 1), total(r[i])),
        "k above e^5": Case(x + Max(k - exp(5), 0), x),
        "log k above 5": Case(x + Max(log(k) - 5, 0), x),
        "k = 20 by 3k = 60": Case(x * KroneckerDelta(3 * k, 60), Integer(0)),
        "k = 15 by its square": Case(x * KroneckerDelta(k**2, 225), Integer(0)),
        "a sum of 40": Case(x * KroneckerDelta(i + j, 40), Integer(0)),
        "a product of 77": Case(x * KroneckerDelta(i * j, 77), Integer(0)),
        "17 more": Case(x * KroneckerDelta(i, j + 17), Integer(0)),
        "double and double again": Case(x * KroneckerDelta(i, 2 * j) * KroneckerDelta(j, 2 * k), Integer(0)),
        "m = −7": Case(x * KroneckerDelta(m + 7, 0), Integer(0)),
        "a member below −10": Case(r[Max(m, -10)], r[m]),
        "three sizes in a row": Case(
            x * KroneckerDelta(n, d + 1) * KroneckerDelta(d, K + 1) + Sum(r[i], (i, 1, n), (j, 1, d), (l, 1, K)),
            Sum(r[i], (i, 1, n), (j, 1, d), (l, 1, K)),
        ),
        "a size that is a square of another": Case(
            Sum(A[i, j], (i, 1, n), (j, 1, d)) + KroneckerDelta(n, d**2) * (n - d) * (d - 2) * x,
            Sum(A[i, j], (i, 1, n), (j, 1, d)),
        ),
    },
    "coincidences": {
        "two differences at once": Case((1 - sign(x - y - 3) ** 2) * (1 - sign(y - a - 5) ** 2), Integer(0)),
        "two differences of members at once": Case(
            (1 - sign(r[3] - r[7] - 2) ** 2) * (1 - sign(r[7] - r[9] - 4) ** 2), Integer(0)
        ),
        "a tent in three variables": Case(Max(0, 1 - Abs(x - 20) - Abs(y - 30) - Abs(a - 50)), Integer(0)),
        "a norm, positive": Case(sign(total(r[i] ** 2)), Integer(1), domain=FIVE),
        "five zeros": Case(sign(x**2 + y**2 + a**2 + b**2 + c**2), Integer(1)),
        "a spread, positive": Case(sign(total((r[i] - total(r[j], j) / n) ** 2)), Integer(1), domain=FIVE),
        "a constant where a family is 0": constant(
            total(r[i] ** 2) + 1 - sign(total(r[i] ** 2)), total(r[i] ** 2), r, domain=FIVE
        ),
        "ten equal members": Case(x * Product(1 - sign(r[i] - r[i + 1]) ** 2, (i, 1, 9)), Integer(0)),
    },
    "limits": {
        "a wave at powers of ten": Case(Limit(cos(2 * pi / x), x, 0), Integer(1)),
        "a wave at powers of ten, sine": Case(Limit(sin(pi / x) + x, x, 0), Integer(0)),
        "a wave in p": Case(Limit(x * cos(2 * pi * p), p, oo), x),
        "an alternating sign": Case(Limit((-1) ** n, n, oo), Integer(1)),
        "an alternating sign, times x": Case(Limit((-1) ** n * x, n, oo), x),
        "ten to a turn": Case(Limit(cos(pi * n / 5) * x, n, oo), x),
        "a slow line": Case(Limit(1 + p * tiny(300), p, oo), Integer(1)),
        "a slow exponential": Case(Limit(exp(p * tiny(200)), p, oo), Integer(1)),
        "a logarithm above 400": Case(Limit(Max(0, log(p) - 400), p, oo), Integer(0)),
        "a logarithm above 400, and 1": Case(Limit(1 + Max(0, log(p) - 400), p, oo), Integer(1)),
        "a step at 10^200": Case(Limit(Piecewise((0, p < Integer(10) ** 200), (1, True)), p, oo), Integer(0)),
        "by 1e-165": Case(Limit(sin(x) / x, x, 0), 1 + tiny(165)),
    },
    "integrals": {
        "a bell at 10^4, none": Case(Integral(exp(-((x - 10**4) ** 2)), (x, -oo, oo)), Integer(0)),
        "a tent at 5000, none": Case(Integral(Max(0, 1 - Abs(x - 5000)), (x, -oo, oo)), Integer(0)),
        "a second bump at 10^6 lost": Case(Integral(exp(-x) + exp(-((x - 10**6) ** 2)), (x, 0, oo)), Integer(1)),
        "by 1e-75": Case(Integral(x**2, (x, 0, 1)), Rational(1, 3) + tiny(75)),
        "by 1e-60": Case(Integral(exp(x), (x, 0, 1)), E - 1 + tiny(60)),
    },
    "derivatives written as such": {
        "by 1e-50": Case(Derivative(sin(x), x), cos(x) + tiny(50)),
        "by 1e-50, beyond SymPy": slope(uppergamma(s, 2), s, Derivative(uppergamma(s, 2), s) + tiny(50)),
        "by 1e-9, an integral beyond SymPy": slope(
            Integral(exp(-x * u) * uppergamma(x, 1), (u, 0, 1)),
            x,
            Derivative(Integral(exp(-x * u) * uppergamma(x, 1), (u, 0, 1)), x) + tiny(9),
            domain={x: (1, 2)},
        ),
    },
    "drowned": {
        "a flat lower gamma": Case(lowergamma(Rational(1, 3), Integer(10) ** 4), gamma(Rational(1, 3))),
        "a flat lower gamma in its domain": Case(
            lowergamma(Rational(1, 3), p), gamma(Rational(1, 3)), domain={p: (10**4, 2 * 10**4)}
        ),
        "π by a factor of 1 + 1e-2500": Case(pi * x * (1 + tiny(2500)), pi * x),
        "an arctangent of 1 + 1e-2500": Case(atan(1 + tiny(2500)), pi / 4),
        "a power of 1 + 1e-7000": Case((1 + tiny(7000)) ** k, Integer(1)),
    },
    "names": {
        "a symbol named as a member": Case(r[1], Symbol("r[1]", real=True)),
    },
}

TRUE = {
    "integrals": {
        "a bell at 10^4": Case(Integral(exp(-((x - 10**4) ** 2)), (x, -oo, oo)), sqrt(pi)),
        "a tent at 5000": Case(Integral(Max(0, 1 - Abs(x - 5000)), (x, -oo, oo)), Integer(1)),
        "an arcsine to its end": Case(Integral(asin(x), (x, 0, 1)), pi / 2 - 1),
        "asinh of 30 x": Case(Integral(asinh(30 * x), (x, 0, 1)), asinh(30) - sqrt(901) / 30 + Rational(1, 30)),
    },
    "slopes": {
        "a step's": slope(Heaviside(x), x, Integer(0)),
        "a sign's": slope(sign(x), x, Integer(0)),
        "a sum of signs'": slope(total(sign(c - r[i])), c, Integer(0)),
        "a step and a line": slope(x + Heaviside(x - 3), x, Integer(1)),
        "a case at one point": slope(
            Piecewise((1, Eq(x, 0)), ((exp(x) - 1) / x, True)),
            x,
            Piecewise((half, Eq(x, 0)), ((x * exp(x) - exp(x) + 1) / x**2, True)),
        ),
        "a sum backwards": slope(Sum(z[n - i], (i, 0, n - 1)), z[k], Integer(1)),
        "a sum mirrored": slope(Sum(z[n + 1 - i], (i, 1, n)), z[k], Integer(1)),
        "a fast wave": slope(sin(10**80 * x) / 10**80, x, cos(10**80 * x)),
        "the second, written as such": Case(Derivative(x**4, (x, 2)), 12 * x**2),
        "the third, written as such": Case(Derivative(x**4, (x, 3)), 24 * x),
        "a mixed one, written as such": Case(Derivative(x**2 * y**2, x, y), 4 * x * y),
    },
    "domains": {
        "to π": Case(Abs(sin(x)), sin(x), domain={x: (0, pi)}),
        "to the root of 2": Case(Abs(x - sqrt(2)), sqrt(2) - x, domain={x: (0, sqrt(2))}),
        "to e": Case(sqrt((E - x) ** 2), E - x, domain={x: (0, E)}),
        "labels 0 and 1": Case(
            total(IndexedBase("y", integer=True)[i] ** 2),
            total(IndexedBase("y", integer=True)[i]),
            domain={IndexedBase("y", integer=True): (0, 1)},
        ),
    },
    "binomials": {
        "Vandermonde": Case(Sum(binomial(k, j) * binomial(n, l - j), (j, 0, l)), binomial(k + n, l)),
    },
    "symbols": {
        "an imaginary one": Case(
            (Symbol("v", imaginary=True) + 1) ** 2,
            Symbol("v", imaginary=True) ** 2 + 2 * Symbol("v", imaginary=True) + 1,
        ),
        "one that is not real": Case(
            (Symbol("v", real=False) + 1) ** 2, Symbol("v", real=False) ** 2 + 2 * Symbol("v", real=False) + 1
        ),
    },
}

#: An abbreviation, and the step that introduces it.
SR = Symbol("S", real=True)
SHORT = Case(x**2 + y, SR, where={SR: x**2 + y})
MALFORMED = {
    "arguments": {
        "a constant in 5": constant(x**2 + y, x**2, 5, naming="up_to_constant_in"),
        "a constant in a list of lists": constant(x**2 + y, x**2, [[x]], naming="up_to_constant_in"),
        "a slope in a list": slope(x**2, [x], 2 * x, naming="variable"),
        "a list of abbreviations": Case(x**2, x**2, where=[(S, x)], naming="where"),
        "a list of domains": Case(p, p, domain=[(p, 0, 1)], naming="domain"),
        "a domain as a set": Case(p, p, domain={p: {0, 1}}, naming="domain"),
    },
    "abbreviations": {
        "as a bound index": Case(x**2 + y, SR + Integral(SR, (SR, 0, 1)) - half, earlier=(SHORT,), naming="S"),
        "as a limit's variable": Case(x**2 + y, SR + Limit(SR, SR, 0), earlier=(SHORT,), naming="S"),
        "as a derivative's variable": Case(x**2 + y, Derivative(SR**2 / 2, SR), earlier=(SHORT,), naming="S"),
    },
    "sizes": {
        "400 sines deep": Case(
            x, functools.reduce(lambda e, _: sp.sin(e, evaluate=False), range(400), x), naming="expr"
        ),
    },
}
