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
    factor,
    half,
    i,
    j,
    k,
    l,
    m,
    n,
    p,
    q,
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
    tanh,
    uppergamma,
)

w_bump = Max(0, -(x**2 - 60 * x + 875))  # positive for 25 < x < 35 only
at_root = 1 - sign(x**2 - 2) ** 2  # 1 at ±√2, else 0
w_far = x**2 - 135 * x + 4050  # negative for 45 < x < 90 only
v_far = w_far.subs(x, y)
R = Symbol("R", rational=True)
S, SR = Symbol("S", positive=True), Symbol("S", real=True)
FAR = {p: (10_000, 20_000)}
FIVE = {n: (5, oo)}
UNIT_X = {x: (0, 1)}

FALSE = {
    "open ends": {
        "a sign that turns inside": Case(sp.sign(p - 3), Integer(1), domain={p: (2, oo)}),
        "a whole factor that is 0 at its end": factor((n - 2) * x**2, x**2, x, domain={n: (2, oo)}),
        "a whole factor that turns": factor((3 - n) * x**2, x**2, x, domain={n: (2, oo)}),
    },
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
    "members in a derivative inside a sum": {
        "n times the first": Case(Sum(Derivative(total(r[j] ** 2, j), r[i]), (i, 1, n)), 2 * n * r[1]),
        "a product of n": Case(Product(Derivative(total(r[j] ** 2, j), r[i]), (i, 1, n)), (2 * r[1]) ** n),
    },
    "premises without a value": {
        "|x| beside 1/(1 + sgn x)": Case(Abs(x), x, where={SR: 1 / (1 + sign(x))}),
        "a square of a sum, where n = 1 only": Case(
            total(r[i]) ** 2, total(r[i] ** 2), where={SR: 1 / KroneckerDelta(n, 1)}
        ),
        "half a line undecided": Case(
            Piecewise((KroneckerDelta(sin(x) ** 2 + cos(x) ** 2, 1), x < 0), (0, True)), Integer(0)
        ),
    },
    "ends far below the start": {
        "a constant counted": Case(Sum(a, (i, 1, m + 3)), (m + 3) * a),
        "a telescope": Case(Sum(z[i + 1] - z[i], (i, 1, m + 3)), z[m + 4] - z[1]),
        "Gauss": Case(Sum(i, (i, 1, m + 2)), (m + 2) * (m + 3) / 2),
    },
    "sizes between the tried ones": {
        "binomial(n, 10)": Case(total(r[i]) + x * binomial(n, 10), total(r[i])),
        "a residue of 7": Case(r[k] * (1 + 2 * sum(cos(2 * pi * t * k / 7) for t in (1, 2, 3))), Integer(0)),
        "53 in 50 to 60": Case(
            total(r[i]) + x * (1 + 2 * cos(2 * pi * (n - 3) / 5) + 2 * cos(4 * pi * (n - 3) / 5)),
            total(r[i]),
            domain={n: (50, 60)},
        ),
    },
    "branches not visited": {
        "a logarithm's": Case(log(w_far**2), 2 * log(w_far)),
        "a hidden square's": Case(sqrt(sp.expand(w_far**2)), w_far),
        "an arctangent's pole": Case(atan(w_far) + atan(1 / w_far), pi / 2),
        "an arccosine's": Case(sp.acos(cos(p / 20)), p / 20),
        "a gamma function's": Case(sqrt(gamma(p**2 - 60 * p + 875) ** 2), gamma(p**2 - 60 * p + 875)),
        "of a complex number": Case(log(exp(Symbol("w") / 20)), Symbol("w") / 20),
        "on a ray": Case(log(1 / (Symbol("w") - 50 * sp.I / 7)), -log(Symbol("w") - 50 * sp.I / 7)),
        "on a disc": Case(Max(0, 1 - (x - 20) ** 2 - (y - 30) ** 2), Integer(0)),
        "where two curves meet": Case((1 - sign(x - pi) ** 2) * (1 - sign(y - E) ** 2), Integer(0)),
        "a double zero": Case(sign(x**2 - 2 * sqrt(2) * x + 2), Integer(1)),
        "one order of nine": Case(
            Piecewise((1, sp.And(*(r[t] < r[t % 9 + 2] for t in range(1, 9)))), (0, True)), Integer(0)
        ),
        "members that alternate": Case(Product(Max(0, (-1) ** i * r[i]), (i, 1, 24)), Integer(0)),
        "in an integrand": Case(Integral(u * Max(0, 1 - (x / 10 - 6) ** 2), (u, 0, 1)), Integer(0)),
        "in an integral's end": Case(Integral(u, (u, 0, Max(0, x / 3 - 17))), Integer(0)),
        "in a limit": Case(Limit(u + Max(0, x / 3 - 17), u, 0), Integer(0)),
        "a peak that leaves its range": Case(Integral(Max(0, 1 - Abs(u - x)), (u, -16 * pi, 16 * pi)), Integer(1)),
        "a size beyond all tried": Case(total(r[i]) + Max(n / 3 - 1000, 0), total(r[i])),
        "a harmonic sum above 7": Case(total(r[i]) + Max(0, total(1 / i) - 7), total(r[i])),
        "a Pell equation": Case(x * KroneckerDelta(k**2, 61 * l**2 + 1), Integer(0)),
        "two equations in two indices": Case(x * KroneckerDelta(i * j, 77) * KroneckerDelta(i + j, 18), Integer(0)),
        "without a value beyond": Case(x, Piecewise((x, x > -(10**6)))),
        "an abbreviation's sign": Case(
            log(((x - 20) ** 2 + (y - 30) ** 2 - 1) ** 2), 2 * log(S), where={S: (x - 20) ** 2 + (y - 30) ** 2 - 1}
        ),
    },
    "small integrals": {
        "1e-60 of one": Case(Integral(tiny(60) * exp(-(u**3)) * cos(u**4 + u), (u, 0, 1)), Integer(0)),
        "a tail": Case(x * Integral(exp(-(u**4)), (u, 5, 6)), Integer(0)),
        "a bell at 1e30": Case(Integral(exp(-((u - 10**30) ** 2)), (u, -oo, oo)), Integer(0)),
        "one that swings and diverges": Case(
            Integral(cos(2 * pi * log(u + 1) / log(2)) / (u + 1) + exp(-u), (u, 0, oo)), Integer(1)
        ),
    },
    "limits that look still": {
        "203 turns": Case(Limit(cos(406 * pi * p), p, oo), Integer(1)),
        "a step at e^5000": Case(Limit(Piecewise((0, log(p) < 5000), (1, True)), p, oo), Integer(0)),
    },
    "derivatives in an order": {
        "Peano's": Case(
            Derivative(Piecewise((x * y * (x**2 - y**2) / (x**2 + y**2), x**2 + y**2 > 0), (0, True)), x, y),
            Piecewise(
                ((x**2 - y**2) / (x**2 + y**2) * (1 + 8 * x**2 * y**2 / (x**2 + y**2) ** 2), x**2 + y**2 > 0),
                (1, True),
            ),
        ),
        "a wave of the step's length": Case(Derivative(sin(8 * pi * 10**60 * x), x), Integer(0)),
        "by 1e-30 x": Case(Derivative(x**3 * sin(x), (x, 3)), Derivative(x**3 * sin(x), (x, 3)).doit() + x * tiny(30)),
    },
    "rounded to the leading term": {
        "asinh as a logarithm": Case(asinh(exp(p)), p + log(2), domain=FAR),
        "digamma as a logarithm": Case(sp.digamma(exp(p)), p, domain=FAR),
        "a sine as its argument": Case(sin(exp(-p)) * exp(p), Integer(1), domain=FAR),
        "a logarithm of 1 + t as t": Case(log(1 + exp(-p)) * exp(p), Integer(1), domain=FAR),
        "an upper gamma": Case(uppergamma(Rational(31, 3), tiny(900)), gamma(Rational(31, 3))),
    },
    "corners": {
        "a logarithm of a product": Case(log((x + 50) * (y + 50)), log(x + 50) + log(y + 50)),
        "a logarithm of a quotient": Case(log((x + 50) / (y + 50)), log(x + 50) - log(y + 50)),
        "roots": Case(sqrt((x + 50) * (y + 50)), sqrt(x + 50) * sqrt(y + 50)),
        "roots of curves": Case(sqrt(w_far) * sqrt(v_far), sqrt(w_far * v_far)),
        "a sliver of the domain": Case(log(x * y), log(x) + log(y), domain=dict.fromkeys((x, y), (-tiny(4), 1))),
        "the largest of two": Case(Max(x - 50, y - 50, 0), Max(x - 50, 0) + Max(y - 50, 0)),
        "the largest of two whole numbers": Case(Max(k - 50, l - 50, 0), Max(k - 50, 0) + Max(l - 50, 0)),
        "the largest of two members": Case(
            total(Max(r[i] - 50, z[i] - 50, 0)), total(Max(r[i] - 50, 0) + Max(z[i] - 50, 0))
        ),
        "distances along curves": Case(Abs(w_far) + Abs(v_far), Max(w_far + v_far, w_far - v_far, v_far - w_far)),
        "a slope without its cross term": slope(
            (Max(0, -w_far) + Max(0, -v_far)) ** 2, x, 2 * Max(0, -w_far) * (135 - 2 * x)
        ),
        "nine members": Case(sp.prod([Abs(r[at] + 50) - (r[at] + 50) for at in range(1, 10)]), Integer(0)),
        "a case in a case": Case(Piecewise((Piecewise((x, l > 60), (0, True)), k > 60), (0, True)), Integer(0)),
        "a curved case in a case": Case(
            Piecewise((Piecewise((1, v_far < 0), (0, True)), w_far < 0), (0, True)), Integer(0)
        ),
        "deltas that add up": Case(x * Max(0, KroneckerDelta(k, 91) + KroneckerDelta(l, 77) - 1), Integer(0)),
    },
    "limits that turn": {
        "a sign, squared": Case(Limit(tanh(p * (x - 3)) ** 2, p, oo), Integer(1)),
        "a sign of two differences": Case(Limit(tanh(p * (x - y - sqrt(2))), p, oo) ** 2, Integer(1)),
        "a guard under a fraction": Case(Limit((x**2 - 2) / (x**2 - 2 + u), u, 0), Integer(1)),
        "a guard under a root": Case(Limit(Abs(x - sqrt(2)) / sqrt((x - sqrt(2)) ** 2 + u), u, 0), Integer(1)),
        "a softplus": Case(Limit(log(1 + exp(p * w_far)) / p, p, oo), w_far),
        "a smooth distance": Case(Limit(sqrt(w_far**2 + 1 / p), p, oo), w_far),
        "a softmax where two tie": Case(
            Limit(exp(p * x) / (exp(p * x) + exp(p * y)), p, oo), Piecewise((1, x > y), (0, True))
        ),
        "a bell that narrows": Case(Limit(exp(-p * (x**2 - 2) ** 2), p, oo), Integer(0)),
        "a rate that is 0": Case(Integral((x**2 - 2) ** 2 * exp(-((x**2 - 2) ** 2) * u), (u, 0, oo)), Integer(1)),
        "a rate of two that is 0": Case(
            Integral((x - y - pi) ** 2 * exp(-((x - y - pi) ** 2) * u), (u, 0, oo)), Integer(1)
        ),
    },
    "sides that cannot be computed": {
        "a slow limit": Case(Limit(exp(-p * (x + 1)) / (1 + exp(-p * (x + 1))) * (1 + 1 / log(p)), p, oo), Integer(0)),
        "a long sum": Case(Sum(a, (i, 1, 2**n)) + x * binomial(n, 18), 2**n * a),
        "a constant without a value": constant(x**2 + sp.factorial(m), x**2, x),
        "a slope without a value": slope(x**2 + sp.factorial(m), x, 2 * x),
    },
    "subscripts that meet": {
        "twice a whole number": slope(z[2 * m] ** 2 + z[3], z[k], KroneckerDelta(k, 3)),
        "far off": slope(r[n + 123] ** 2 + x, r[k], Integer(0)),
        "a product": slope(z[m * l] ** 2 + x, z[k], Integer(0)),
        "in both places": slope(A[i + 5, i + 9] ** 2, A[k, l], Integer(0)),
        "written as a derivative": Case(Derivative(z[2 * m] ** 2, z[k]), Integer(0)),
        "inside a sum": slope(Sum(z[7 * i + 100], (i, 1, n)), z[k], Integer(0)),
    },
    "first terms": {
        "of a late sum": Case(Sum(r[i], (i, 5000, n)), Integer(0)),
        "of a late sum, the second": Case(Sum(r[i] - r[5000], (i, 5000, n)), Integer(0)),
        "of a difference": Case(Sum(r[i], (i, 1, n - 40 * d)), Integer(0)),
        "of a square": Case(Sum(x, (i, 4500, n**2)), Integer(0)),
        "of a product": Case(Product(r[i], (i, 5000, n)), Integer(1)),
        "of a binomial": Case(x + binomial(n, 40), x),
        "of a binomial in a sum": Case(x + Sum(binomial(i, 40), (i, 1, n)), x),
        "of a binomial theorem cut short": Case(Sum(binomial(n, i) * x**i, (i, 0, 40)), (1 + x) ** n),
        "of a slope": slope(x**2 + x * Sum(r[i], (i, 5000, n)), x, 2 * x),
    },
    "boundaries of cases": {
        "a square": Case(Piecewise((x, k**2 >= 2500), (0, True)), Piecewise((x, k**2 > 2500), (0, True))),
        "a large number": Case(Piecewise((x, k >= 3000), (0, True)), Piecewise((x, k > 3000), (0, True))),
        "a product": Case(Piecewise((x, k * l >= 391), (0, True)), Piecewise((x, k * l > 391), (0, True))),
        "in a sum": Case(total(Piecewise((r[i], i >= 3000), (0, True))), total(Piecewise((r[i], i > 3000), (0, True)))),
        "in an integral": Case(
            Integral(u * Piecewise((1, x >= sqrt(2)), (0, True)), (u, 0, 1)), Piecewise((half, x > sqrt(2)), (0, True))
        ),
        "in a limit": Case(
            Limit(Piecewise((x, x >= y + Rational(22, 7)), (0, True)) + u, u, 0),
            Limit(Piecewise((x, x > y + Rational(22, 7)), (0, True)) + u, u, 0),
        ),
    },
    "jumps that move": {
        "a length by 1e-9": slope(
            Integral(Piecewise((1, u < x), (0, True)), (u, 0, 1)), x, 1 + x * tiny(9), domain=UNIT_X
        ),
        "a mean by 1e-9": slope(
            Integral(Piecewise((u, u > x), (0, True)), (u, 0, 1)), x, -x * (1 + tiny(9)), domain=UNIT_X
        ),
        "a square's by 1e-10": slope(
            Integral(Piecewise((1, u < x**2), (0, True)), (u, 0, 1)), x, 2 * x * (1 + tiny(10)), domain=UNIT_X
        ),
    },
    "negative whole numbers": {
        "mirrored binomials": Case(x * binomial(m, 2), x * binomial(m, m - 2), domain={m: (-3, oo)}),
        "a binomial that is not 0": Case(x * binomial(m, 3), Integer(0), domain={m: (-5, 2)}),
    },
    "labels": {
        "in a constant": constant(total(r[i] ** 2) + r.label, total(r[i] ** 2), r),
        "of another kind in a constant": constant(total(r[i] ** 2) + Symbol("r"), total(r[i] ** 2), r),
        "caught by a limit": Case(x**2 + 1, Limit(SR + 1, x, 0), earlier=(Case(x**2 + 1, SR + 1, where={SR: x**2}),)),
    },
    "slivers": {
        "a sine's": Case(sqrt(1 - cos(x) ** 2), sin(x), domain={x: (-tiny(30), pi)}),
        "a sine's, thinner": Case(sqrt(1 - cos(x) ** 2), sin(x), domain={x: (-tiny(200), pi)}),
        "at the upper end": Case(sqrt(1 - cos(x) ** 2), sin(x), domain={x: (0, pi + tiny(30))}),
    },
    "inexact premises": {
        "a rational root of 2": Case(sqrt(2) * x, R, where={R: sqrt(2) * x}),
        "a rational π": Case(x + pi, R, where={R: x + pi}),
    },
}

TRUE = {
    # The end of an open interval is not tried; a whole number's range makes a factor positive.
    "open ends": {
        "a sign from 2 on": Case(sp.sign(p - 2), Integer(1), domain={p: (2, oo)}),
        "a step up to 2": Case(Heaviside(x - 2), Integer(0), domain={x: (-oo, 2)}),
        "a factor from 2 on": factor((p - 2) * x**2, x**2, x, domain={p: (2, oo)}),
        "a whole factor": factor((n - 1) * x**2, x**2, x, domain={n: (2, oo)}),
        "a whole divisor": factor(x**2 / (K - 1), x**2, x, domain={K: (2, 10)}),
    },
    "members in a derivative inside a sum": {
        "slopes of squares": Case(Sum(Derivative(total(r[j] ** 2, j), r[i]), (i, 1, n)), 2 * total(r[i])),
        "shares as slopes": Case(Sum(Derivative(log(total(exp(z[j]), j)), z[k]), (k, 1, n)), Integer(1)),
        "Euler's": Case(Sum(r[i] * Derivative(total(r[j] ** 2, j), r[i]), (i, 1, n)), 2 * total(r[i] ** 2)),
        "a triangle": slope(Sum(z[i], (i, 1, n - j), (j, 1, n)), z[k], n - k),
    },
    "branches that are excluded": {
        "by a square": Case(log((x**2 - 6 * x + 10) ** 2), 2 * log(x**2 - 6 * x + 10)),
        "by a domain": Case(Abs(x**2 - 60 * x + 875), x**2 - 60 * x + 875, domain={x: (40, 50)}),
        "by a bound index": Case(total(KroneckerDelta(i, 0) * r[i]), Integer(0)),
    },
    "branches that are found": {
        "a window": Case(Abs(w_far), Max(w_far, -w_far)),
        "in an integrand": Case(Integral(u * Max(0, x / 3 - 17), (u, 0, 1)), Max(0, x / 3 - 17) / 2),
        "a negative whole number": Case(Abs(m + 5), Max(m + 5, -m - 5)),
    },
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
    "corners": {
        "a logarithm of a product": Case(log(w_far**2 * p), log(w_far**2) + log(p)),
        "roots": Case(sqrt((x - 50) ** 2 * (y - 50) ** 2), Abs(x - 50) * Abs(y - 50)),
        "the largest of two": Case(Max(x - 50, y - 50), (x + y - 100 + Abs(x - y)) / 2),
        "the largest of two whole numbers": Case(Max(k, l) + sp.Min(k, l), k + l),
        "two hinges": Case(Max(0, x - 50) * Max(0, y - 50), Max(0, Max(0, x - 50) * (y - 50))),
        "a slope": slope(
            (Max(0, -w_far) + Max(0, -v_far)) ** 2,
            x,
            2 * (Max(0, -w_far) + Max(0, -v_far)) * Heaviside(-w_far) * (135 - 2 * x),
        ),
        "a logarithm of a fraction": Case(log((x - 1) / (x - 2)), log(x - 1) - log(x - 2), domain={x: (2, 5)}),
    },
    "limits that turn": {
        "a sign, squared": Case(Limit(tanh(p * (x - 3)) ** 2, p, oo), sign(x - 3) ** 2),
        "a guard under a fraction": Case(Limit((x**2 - 2) / (x**2 - 2 + u), u, 0), sign(x**2 - 2) ** 2),
        "a smooth distance": Case(Limit(sqrt((x - 3) ** 2 + 1 / p), p, oo), Abs(x - 3)),
        "a softmax where two tie": Case(Limit(exp(p * x) / (exp(p * x) + exp(p * y)), p, oo), Heaviside(x - y)),
        "a rate": Case(Integral(q * exp(-q * u), (u, 0, oo)), Integer(1)),
    },
    "sides that cannot be computed": {
        "a long sum": Case(Sum(a, (i, 1, 2**n)), 2**n * a, domain={n: (1, 9)}),
        "a constant": constant(x**2 + sp.factorial(k), x**2, x),
    },
    "subscripts that meet": {
        "twice a whole number": slope(z[2 * m] ** 2, z[k], 2 * z[k] * KroneckerDelta(k, 2 * m)),
        "far off": slope(r[n + 123] ** 2, r[n + 123], 2 * r[n + 123]),
        "in both places": slope(
            A[i + 5, i + 9] ** 2, A[k, l], 2 * A[k, l] * KroneckerDelta(k, i + 5) * KroneckerDelta(l, i + 9)
        ),
        "never": slope(z[2 * m] ** 2 + z[1], z[1], Integer(1)),
    },
    "first terms": {
        "of a late sum": Case(Sum(r[i] - r[i - 1], (i, 40, n)), r[n] - r[39], domain={n: (40, oo)}),
        "of none": Case(Sum(r[i], (i, n + 1, n)), Integer(0)),
        "of a binomial": Case(binomial(n, 40), binomial(n, n - 40), domain={n: (40, oo)}),
        "of a binomial theorem": Case(Sum(binomial(n, i) * x**i, (i, 0, n)), (1 + x) ** n),
    },
    "boundaries of cases": {
        "whole numbers": Case(Piecewise((x, k >= 3000), (0, True)), Piecewise((x, k > 2999), (0, True))),
        "no square": Case(Piecewise((x, k**2 >= 2501), (0, True)), Piecewise((x, k**2 > 2500), (0, True))),
        "in an integral": Case(
            Integral(u * Piecewise((1, x >= sqrt(2)), (0, True)), (u, 0, 1)), Piecewise((half, x >= sqrt(2)), (0, True))
        ),
        "a step as a sign": Case(Abs(x - sqrt(2)) / (x - sqrt(2)), 2 * Heaviside(x - sqrt(2)) - 1),
    },
    "jumps that move": {
        "a length": slope(Integral(Piecewise((1, u < x), (0, True)), (u, 0, 1)), x, Integer(1), domain=UNIT_X),
        "a mean": slope(Integral(Piecewise((u, u > x), (0, True)), (u, 0, 1)), x, -x, domain=UNIT_X),
        "a step's": slope(Integral(Heaviside(x - u) * exp(-u), (u, 0, oo)), x, exp(-x), domain={x: (0, oo)}),
        "a step": Case(Integral(Heaviside(x - u), (u, 0, 1)), Max(0, sp.Min(1, x))),
        "a square's": slope(Integral(Piecewise((1, u < x**2), (0, True)), (u, 0, 1)), x, 2 * x, domain=UNIT_X),
    },
    "negative whole numbers": {
        "Pascal's rule": Case(binomial(m + 1, 3), binomial(m, 3) + binomial(m, 2)),
        "a pole": Case((m**2 - 33**2) / (m + 33), m - 33),
    },
    "labels": {
        "beside a symbol": constant(total(r[i] ** 2) + x, total(r[i] ** 2), r),
        "beside a limit": Case(x**2 + 1, Limit(SR + u, u, 0) + 1, earlier=(Case(x**2 + 1, SR + 1, where={SR: x**2}),)),
    },
    "slivers": {
        "a sine's": Case(sqrt(1 - cos(x) ** 2), sin(x), domain={x: (0, pi)}),
    },
    "inexact premises": {
        "a rational": Case(k / 3 + x, R + x, where={R: k / 3}),
    },
}

#: The step that introduces an abbreviation.
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
    "symbols": {
        "that do not commute": Case(
            *(sp.prod(sp.symbols(names, commutative=False)) for names in ("X Y", "Y X")), naming="X"
        ),
        "that are infinite": Case(Symbol("v", infinite=True), Integer(1), naming="v"),
        "of a class of one's own": Case(type("log2", (log,), {})(p), log(p), naming="log2"),
    },
    "names": {
        "with a blank": Case(x, Symbol("x ", real=True), naming="x"),
        "in braces": Case(x**2 + x, x + Symbol("{x}", real=True), where={Symbol("{x}", real=True): x**2}, naming="x"),
        "a member's": Case(Sum(Symbol("r_i", real=True), (i, 1, n)), n * Symbol("r_i", real=True), naming="r_i"),
        "a family's member's": constant(total(r[i] ** 2) + Symbol("r_k"), total(r[i] ** 2), r, naming="r_k"),
        "two indices of one name": Case(
            Sum(r[Symbol("i", integer=True)], (i, 1, n)), n * r[Symbol("i", integer=True)], naming="i"
        ),
        "a constant's": Case(x**2 + pi * x, Symbol("pi") + pi * x, where={Symbol("pi"): x**2}, naming="pi"),
        "e beside an exponential": Case(exp(x) + y, exp(x) + Symbol("e"), where={Symbol("e"): y}, naming="e"),
    },
    "abbreviations": {
        "as a bound index": Case(x**2 + y, SR + Integral(SR, (SR, 0, 1)) - half, earlier=(SHORT,), naming="S"),
        "as a limit's variable": Case(x**2 + y, SR + Limit(SR, SR, 0), earlier=(SHORT,), naming="S"),
        "as a derivative's variable": Case(x**2 + y, Derivative(SR**2 / 2, SR), earlier=(SHORT,), naming="S"),
    },
    "sizes": {
        "a huge power": Case(sp.Pow(10, 10**9, evaluate=False), Integer(0), naming="1000"),
        "400 sines deep": Case(
            x, functools.reduce(lambda e, _: sp.sin(e, evaluate=False), range(400), x), naming="expr"
        ),
    },
}
