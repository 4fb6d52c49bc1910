"""The functions of an expression, each over exact numbers and balls."""

from collections.abc import Callable

import sympy as sp
from flint import acb, arb, fmpq

from lossnotes.balls import branches
from lossnotes.balls.values import (
    State,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    complex_ball,
    finite,
    is_real,
    is_zero,
    may_be_zero,
    notice_flat,
)

#: Beyond so many bits a rational power is no longer kept exact.
_EXACT_BITS = 20_000


def add(state: State, terms: list[Value]) -> Value:
    """The sum of the terms; a term far below the sum's rounding is noticed."""
    total: Value = fmpq(0)
    for term in terms:
        total += term
    if state.watch and isinstance(total, arb | acb):
        size = _radius(total)
        state.lost |= any(bool(_size(term) < size) and not may_be_zero(term) for term in terms)
    return total


def _size(value: Value) -> arb:
    return arb(abs(value))


def _radius(value: arb | acb) -> arb:
    return value.rad() if isinstance(value, arb) else value.real.rad() + value.imag.rad()


def times(a: Value, b: Value) -> Value:
    """The product; an exact zero makes it one."""
    return fmpq(0) if is_zero(a) or is_zero(b) else a * b


def power(state: State, base: Value, exponent: Value) -> Value:
    """The principal power; 0 to the 0 is 1, as in SymPy.

    Raises
    ------
    UndefinedError
        For zero to a negative power.
    """
    if is_zero(exponent) or base == 1:
        return fmpq(1)
    if isinstance(exponent, fmpq) and exponent.q == 1:
        return _whole_power(state, base, int(exponent.p))
    if is_zero(base):
        if isinstance(exponent, acb) or not exponent > 0:
            raise UndefinedError
        return fmpq(0)
    if is_real(base) and is_real(exponent) and base > 0:
        result = finite(ball(base) ** ball(exponent))
        notice_flat(state, exponent, lambda moved: ball(base) ** moved, result)
        return result
    if may_be_zero(base):
        if state.integrating and is_real(exponent) and exponent > 0:
            return complex_ball(base).pow(complex_ball(exponent), analytic=state.analytic)
        raise UndecidedError
    return finite(complex_ball(base).pow(complex_ball(exponent), analytic=state.integrating and state.analytic))


def _whole_power(state: State, base: Value, exponent: int) -> Value:
    if isinstance(base, fmpq):
        if base == 0 and exponent < 0:
            raise UndefinedError
        bits = abs(exponent) * max(int(base.p).bit_length(), int(base.q).bit_length())
        return base**exponent if bits < _EXACT_BITS else finite(arb(base) ** exponent)
    if exponent < 0 and may_be_zero(base):
        raise UndecidedError
    return finite(base**exponent)


def multiply(state: State, factors: list[Value]) -> Value:
    result: Value = fmpq(1)
    for factor in factors:
        result = times(result, factor)
    return result


def _exponential(state: State, x: Value) -> Value:
    if is_zero(x):
        return fmpq(1)
    result = finite(ball(x).exp())
    if not abs(x) > 1:
        notice_flat(state, x, lambda moved: moved.exp(), result)
    return result


def logarithm(state: State, x: Value) -> Value:
    """The principal logarithm.

    Raises
    ------
    UndefinedError
        Of zero.
    """
    if is_zero(x):
        raise UndefinedError
    if x == 1:
        return fmpq(0)
    if is_real(x) and x > 0:
        return finite(ball(x).log())
    if may_be_zero(x):
        raise UndecidedError
    return finite(complex_ball(x).log(analytic=state.integrating and state.analytic))


def _arb(name: str, at_zero: int | None = None) -> Callable[..., Value]:
    """A function that Arb has for real and for complex balls."""

    def run(state: State, x: Value) -> Value:
        if at_zero is not None and is_zero(x):
            return fmpq(at_zero)
        if state.integrating and state.analytic and name in _CUTS and not _CUTS[name](complex_ball(x)):
            raise UndecidedError
        result = getattr(ball(x), name)()
        if not result.is_finite() and is_real(x):
            result = getattr(complex_ball(x), name)()  # as asin(2), which is complex
        if not result.is_finite() and isinstance(x, fmpq):
            raise UndefinedError
        finite(result)
        notice_flat(state, x, lambda moved: getattr(moved, name)(), result)
        return result

    return run


#: Off these strips lie branch points and cuts, where an integrand is not analytic.
_CUTS: dict[str, Callable[[acb], bool]] = {
    **dict.fromkeys(("asin", "acos", "atanh"), lambda z: z.real > -1 and z.real < 1),
    **dict.fromkeys(("asinh", "atan"), lambda z: z.imag > -1 and z.imag < 1),
    "acosh": lambda z: z.real > 1,
}


def _gamma(state: State, x: Value) -> Value:
    if isinstance(x, fmpq) and x.q == 1 and x <= 0:
        raise UndefinedError
    return finite(ball(x).gamma())


def _factorial(state: State, x: Value) -> Value:
    return _gamma(state, x + 1)


def _log_gamma(state: State, x: Value) -> Value:
    if isinstance(x, fmpq) and x.q == 1 and x <= 0:
        raise UndefinedError
    if is_real(x) and x > 0:
        return finite(ball(x).lgamma())
    return finite(complex_ball(x).lgamma())


def _binomial(state: State, n: Value, k: Value) -> Value:
    if all(isinstance(x, fmpq) and x.q == 1 for x in (n, k)):
        if k < 0 or 0 <= n < k:
            return fmpq(0)
        if n < 0:
            return (-1) ** int(k.p) * _binomial(state, k - n - 1, k)
    below = times(_factorial(state, k), _factorial(state, n - k))
    return _factorial(state, n) / below


def _beta(state: State, a: Value, b: Value) -> Value:
    return _gamma(state, a) * _gamma(state, b) / _gamma(state, a + b)


def _polygamma(state: State, order: Value, x: Value) -> Value:
    if isinstance(x, fmpq) and x.q == 1 and x <= 0:
        raise UndefinedError
    result = finite(complex_ball(x).polygamma(complex_ball(order)))
    notice_flat(state, x, lambda moved: complex_ball(moved).polygamma(complex_ball(order)), result)
    return result.real if is_real(x) else result


def _upper_gamma(state: State, s: Value, x: Value) -> Value:
    result = finite(ball(x).gamma_upper(ball(s)))
    notice_flat(state, x, lambda moved: moved.gamma_upper(ball(s)), result)
    return result


def _lower_gamma(state: State, s: Value, x: Value) -> Value:
    # Far out it has rounded to the whole gamma function: the rest is lost.
    result = finite(ball(x).gamma_lower(ball(s)))
    if abs(x) < 1:
        notice_flat(state, x, lambda moved: moved.gamma_lower(ball(s)), result)
    if state.watch and isinstance(result, arb):
        state.lost |= bool(abs(finite(ball(x).gamma_upper(ball(s)))) < result.rad())
    return result


#: SymPy's name → the function.
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "exp": _exponential,
    "Abs": branches.absolute,
    "sign": branches.signum,
    "Heaviside": branches.heaviside,
    "Max": branches.largest,
    "Min": branches.smallest,
    "KroneckerDelta": branches.delta,
    "gamma": _gamma,
    "factorial": _factorial,
    "loggamma": _log_gamma,
    "binomial": _binomial,
    "beta": _beta,
    "polygamma": _polygamma,
    "digamma": lambda state, x: _polygamma(state, fmpq(0), x),
    "trigamma": lambda state, x: _polygamma(state, fmpq(1), x),
    "uppergamma": _upper_gamma,
    "lowergamma": _lower_gamma,
    "UnevaluatedExpr": lambda state, x: x,
    **{name: _arb(name, 0) for name in ("sin", "tan", "sinh", "tanh", "asin", "atan", "asinh", "atanh", "erf", "erfi")},
    **{name: _arb(name, 1) for name in ("cos", "cosh", "sec", "sech", "erfc")},
    **{name: _arb(name) for name in ("cot", "csc", "coth", "csch", "acos", "acosh")},
}

#: SymPy's constants.
CONSTANTS: dict[sp.Basic, Callable[[], Value]] = {
    sp.pi: arb.pi,
    sp.E: arb.const_e,
    sp.EulerGamma: arb.const_euler,
    sp.Catalan: arb.const_catalan,
    sp.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
    sp.I: lambda: acb(0, 1),
}
