"""Integrals, limits and derivatives by numbers alone: SymPy's closed forms are not asked.

An integral over a finite stretch is Arb's, whose bisection misses no peak and no kink; a limit
comes from a sequence that has come to rest; a derivative from differences on both sides.
"""

from collections.abc import Callable, Iterator

import sympy as sp
from flint import acb, arb, ctx, fmpq

from lossnotes.balls.formula import compiled
from lossnotes.balls.values import (
    KinkError,
    Run,
    State,
    TooLongError,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    complex_ball,
    finite,
    is_real,
    whole,
)

#: Decimal digits at which integrals are computed; they are known to forty.
DIGITS = 70
#: How far a difference quotient steps: 10 to the minus this, and where an integral is only
#: known to thirty digits.
_STEP, _COARSE_STEP = 60, 9
#: At 10 to the minus (or plus) these a limit is looked at. Each must bring it nearer.
_APPROACH = (40, 80, 160)


def calculated(expr: sp.Basic, scope: frozenset[sp.Basic]) -> Run:
    """An integral, a derivative or a limit as a function of a state."""
    if isinstance(expr, sp.Integral):
        return _integral(expr, scope)
    return _limit(expr, scope) if isinstance(expr, sp.Limit) else _derivative(expr, scope)


# --- integrals ----------------------------------------------------------------------


def _integral(expr: sp.Integral, scope: frozenset[sp.Basic]) -> Run:
    ((variable, low, high),) = expr.limits
    # Where e^x underflows on a wide ball, ln e^x has no value there.
    body = compiled(sp.expand_log(expr.function), scope | {variable})
    ends = [_end(end, scope) for end in (low, high)]

    def run(state: State) -> Value:
        if state.integrating:
            raise UndecidedError  # an integral inside an integral
        with ctx.workdps(DIGITS), state.binding(variable):
            a, b = (end(state) for end in ends)
            integrand = _Integrand(state, variable, body)
            total = _between(integrand, a, b)
            if integrand.failed:
                raise TooLongError
        return total.real if is_real_ball(total) else total

    return run


def is_real_ball(value: acb) -> bool:
    return bool(value.imag.contains(0))


def _end(end: sp.Expr, scope: frozenset[sp.Basic]) -> Callable[[State], Value | float]:
    if end.is_infinite:
        infinity = float("inf") if end == sp.oo else float("-inf")
        return lambda state: infinity
    return compiled(end, scope)


class _Integrand:
    """The integrand as Arb calls it; where it has no value it says so, and Arb looks closer."""

    def __init__(self, state: State, variable: sp.Basic, body: Run) -> None:
        self.state, self.variable, self.body = state, variable, body
        self.failed = False

    def __call__(self, z: acb, analytic: bool) -> acb:
        state = self.state
        state.bound[self.variable] = z
        state.integrating, state.analytic = True, analytic
        # What is drowned inside a ball of arguments says nothing.
        watch, state.watch = state.watch, False
        try:
            return complex_ball(self.body(state))
        except TooLongError:
            self.failed = True
            return acb("nan")
        except ArithmeticError:
            return acb("nan")
        finally:
            state.integrating = state.analytic = False
            state.watch = watch

    def over(self, a: Value, b: Value) -> acb:
        if self.failed:
            raise TooLongError
        return acb.integral(self, complex_ball(a), complex_ball(b), rel_tol=arb("1e-50"), abs_tol=arb("1e-54"))


def _between(integrand: _Integrand, a: Value | float, b: Value | float) -> acb:
    if not isinstance(a, float) and not isinstance(b, float):
        direct = integrand.over(a, b)
        if direct.is_finite() and direct.rad() < arb("1e-40") * (1 + abs(direct)):
            return direct
        # A singular end, as of ln at 0, is approached in halves.
        middle = (a + b) / 2
        return _towards(integrand, middle, b) - _towards(integrand, middle, a)
    middle = fmpq(0) if isinstance(a, float) and isinstance(b, float) else (b if isinstance(a, float) else a)
    right = _towards(integrand, middle, b) if isinstance(b, float) else acb(0)
    left = _towards(integrand, middle, a) if isinstance(a, float) else acb(0)
    return right - left


def _stretches(start: Value, end: Value | float) -> Iterator[tuple[Value, Value]]:
    """Towards infinity each stretch is twice as long as the last, towards a number half as long."""
    for k in range(400):
        if isinstance(end, float):
            way = 1 if end > 0 else -1
            yield start + way * (2**k - 1), start + way * (2 ** (k + 1) - 1)
        else:
            yield end + (start - end) * fmpq(1, 2**k), end + (start - end) * fmpq(1, 2 ** (k + 1))


def _towards(integrand: _Integrand, start: Value, end: Value | float) -> acb:
    """The integral from a start to an end where the integrand may have no value.

    Raises
    ------
    UndecidedError
        If the stretches do not become small: the integral diverges, or converges too slowly.
    """
    total, before, size = acb(0), None, arb(0)
    for number, (a, b) in enumerate(_stretches(start, end)):
        part = finite(integrand.over(a, b))
        total += part
        now = arb(part.abs_upper())
        size += now
        # The rest is a geometric series in the ratio of the last two, or smaller.
        if number > 8 and before is not None and now < arb("0.9") * before + arb("1e-300"):
            rest = 10 * now
            if rest < arb("1e-42") * size + arb("1e-300"):
                reach = arb(0, rest.upper())
                return total + acb(reach, reach)
        before = now
    raise UndecidedError


# --- derivatives --------------------------------------------------------------------


def _derivative(expr: sp.Derivative, scope: frozenset[sp.Basic]) -> Run:
    run = compiled(expr.expr, scope)
    keys = [_key(variable, scope) for variable, count in expr.variable_count for _ in range(int(count))]
    coarse = expr.expr.has(sp.Integral)
    return lambda state: slope(run, state, [key(state) for key in keys], coarse)


def _key(variable: sp.Basic, scope: frozenset[sp.Basic]) -> Callable[[State], object]:
    if not isinstance(variable, sp.Indexed):
        return lambda state: variable
    places = [compiled(index, scope) for index in variable.indices]
    base = variable.base
    return lambda state: (base, tuple(whole(place(state)) for place in places))


def slope(run: Run, state: State, keys: list[object], coarse: bool = False) -> Value:
    """The derivative in each of the keys in turn, by differences on both sides.

    Raises
    ------
    KinkError
        If the two sides have different slopes.
    """
    if not keys:
        return run(state)
    if state.integrating:
        raise UndecidedError
    key, *others = keys
    place = state.bound[key] if key in state.bound else state.value(key)
    digits = _COARSE_STEP if coarse else _STEP // 2 ** (len(keys) - 1)
    step = fmpq(1, 10**digits)
    with ctx.workdps(max(ctx.dps, DIGITS) + 3 * _STEP):
        here, ahead, behind = (
            slope(run, state.moved(key, place + by), others, coarse) for by in (fmpq(0), step, -step)
        )
        right, left = (ahead - here) / step, (here - behind) / step
        middle = ball((ahead - behind) / (2 * step))
        apart = arb(abs(right - left))
        if not apart < arb(10) ** (-digits // 3) * (1 + abs(middle)):
            raise KinkError
        # The slopes on both sides differ by a step's worth of curvature; their mean is far
        # better, but for what x|x| does at 0.
        slack = arb(10) ** (-digits * 3 // 4) * (1 + abs(middle))
        spread = arb(0, (apart + slack).upper())
        return middle + (spread if is_real(middle) else acb(spread, spread))


# --- limits -------------------------------------------------------------------------


def _limit(expr: sp.Limit, scope: frozenset[sp.Basic]) -> Run:
    function, variable, target, direction = expr.args
    run = compiled(function, scope | {variable})
    place = _end(target, scope)
    sides = {"+": (1,), "-": (-1,), "+-": (1, -1)}[str(direction)]

    def evaluated(state: State) -> Value:
        if state.integrating:
            raise UndecidedError
        with ctx.workdps(1000):
            at = place(state)
            ways = ((1 if at > 0 else -1),) if isinstance(at, float) else sides
            found = [_at_rest([_near(run, state, variable, at, way, k) for k in _APPROACH]) for way in ways]
        if not all(one.overlaps(found[0]) for one in found):
            raise UndefinedError
        return found[0]

    return evaluated


def _near(run: Run, state: State, variable: sp.Basic, at: Value | float, way: int, k: int) -> Value:
    moved = State(state.value, dict(state.bound), steps=state.steps)
    moved.bound[variable] = fmpq(way * 10**k) if isinstance(at, float) else at + fmpq(way, 10**k)
    return ball(run(moved))


def _at_rest(values: list[Value]) -> Value:
    """The last of a sequence, with how far it still moved.

    Raises
    ------
    UndecidedError
        If it has not come to rest.
    """
    first, second, last = values
    moved, before = arb(abs(last - second)), arb(abs(second - first))
    small = arb("1e-12") * abs(last)
    if not (moved < small or (moved < arb("1e-12") and (moved < before or moved == before))):
        raise UndecidedError
    reach = arb(0, moved.upper())
    return last + (reach if isinstance(last, arb) else acb(reach, reach))
