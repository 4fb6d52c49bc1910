"""Integrals, limits and derivatives by numbers alone: SymPy's closed forms are not asked.

An integral over a finite stretch is Arb's, whose bisection misses no peak and no kink; a limit
comes from a sequence that has come to rest; a derivative from differences on both sides.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise

import sympy as sp
from flint import acb, arb, ctx, fmpq

from lossnotes.balls.formula import compiled
from lossnotes.balls.values import (
    Key,
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

#: Decimal digits at which integrals are computed; they are known to twenty-eight.
DIGITS = 50
#: How far a difference quotient steps: 10 to the minus this, and where an integral is only
#: known to thirty digits.
_STEP, _COARSE_STEP = 60, 9
#: At 10 to the minus (or plus) these a limit is looked at, and each time a little further, or
#: something that swings would look still. Each must bring it nearer.
_APPROACH = (40, 80, 160, 1000)
#: Large primes: of no usual wave are all of these whole turns.
_BY = (fmpq(998244353, 10**9 + 7), fmpq(1), fmpq(10**9 + 9, 754974721))
#: Where it is looked at once more: if there is a value, it is the limit.
_BEYOND = 6000


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
        #: What is smaller is not worth looking for: nothing, until something was found.
        self.least = arb("1e-1000")

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
        return acb.integral(self, complex_ball(a), complex_ball(b), rel_tol=arb("1e-34"), abs_tol=self.least)


def _between(integrand: _Integrand, a: Value | float, b: Value | float) -> acb:
    if not isinstance(a, float) and not isinstance(b, float):
        direct = integrand.over(a, b)
        if direct.is_finite() and direct.rad() < arb("1e-28") * (1 + abs(direct)):
            return direct
        # A singular end, as of ln at 0, is approached in halves.
        middle = (a + b) / 2
        return _towards(integrand, middle, b) - _towards(integrand, middle, a)
    middle = fmpq(0) if isinstance(a, float) and isinstance(b, float) else (b if isinstance(a, float) else a)
    right = _towards(integrand, middle, b) if isinstance(b, float) else acb(0)
    left = _towards(integrand, middle, a) if isinstance(a, float) else acb(0)
    return right - left


def _stretches(start: Value, end: Value | float) -> Iterator[tuple[Value, Value]]:
    """Towards infinity each stretch is twice as long as the last, towards a number half as long; later more."""
    near, step = (40, 8) if isinstance(end, float) else (12, 4)
    powers = [*range(near), *range(near, near + 80 * step, step)]
    for k, after in pairwise(powers):
        if isinstance(end, float):
            way = 1 if end > 0 else -1
            yield start + way * (2**k - 1), start + way * (2**after - 1)
        else:
            yield end + (start - end) * fmpq(1, 2**k), end + (start - end) * fmpq(1, 2**after)


def _towards(integrand: _Integrand, start: Value, end: Value | float) -> acb:
    """The integral from a start to an end where the integrand may have no value.

    Raises
    ------
    UndecidedError
        If the stretches do not become small: the integral diverges, or converges too slowly.
    """
    # What lies far out, as the bell around e to the 200, or near an end, must not be missed.
    least = 72 if isinstance(end, float) else 44
    total, before, size = acb(0), None, arb(0)
    for number, (a, b) in enumerate(_stretches(start, end)):
        # In two parts: what swings may cancel in one.
        middle = a + (b - a) * fmpq(38, 101)
        parts = [finite(integrand.over(*ends)) for ends in ((a, middle), (middle, b))]
        total += parts[0] + parts[1]
        now = arb(parts[0].abs_upper()) + arb(parts[1].abs_upper())
        size += now
        integrand.least = (size * arb("1e-40")).mid().max(arb("1e-1000"))
        # The rest is a geometric series in the ratio of the last two, or smaller.
        settled = before is not None and (now < arb("0.9") * before + arb("1e-300") or now < arb("1e-35") * size)
        if number > least and settled:
            rest = 10 * now
            if rest < arb("1e-30") * size + arb("1e-300"):
                reach = arb(0, rest.upper())
                return total + acb(reach, reach)
        before = now
    raise UndecidedError


# --- derivatives --------------------------------------------------------------------


def _derivative(expr: sp.Derivative, scope: frozenset[sp.Basic]) -> Run:
    run = compiled(expr.expr, scope)
    # SymPy names the innermost first, as ∂/∂y ∂/∂x is read.
    keys = [_key(variable, scope) for variable, count in expr.variable_count for _ in range(int(count))][::-1]
    coarse = expr.expr.has(sp.Integral)
    by_sympy = _by_sympy(expr, scope)

    def run_both(state: State) -> Value:
        found = slope(run, state, [key(state) for key in keys], coarse)
        if by_sympy is None:
            return found
        # Differences do not see what is narrower than their step.
        value = by_sympy(state)
        if not ball(found).overlaps(ball(value)):
            raise UndecidedError
        return value

    return run_both


def _by_sympy(expr: sp.Derivative, scope: frozenset[sp.Basic]) -> Run | None:
    """SymPy's derivative as a second opinion, where it has one without an integral."""
    if expr.expr.has(sp.Integral, sp.Limit, sp.Indexed):
        return None
    try:
        done = expr.doit()
        return None if done.has(sp.Derivative, sp.Subs, sp.DiracDelta) else compiled(done, scope)
    except (KeyError, ArithmeticError, ValueError, NotImplementedError):
        return None  # a function that is not known here


def _key(variable: sp.Basic, scope: frozenset[sp.Basic]) -> Callable[[State], object]:
    if not isinstance(variable, sp.Indexed):
        return lambda state: variable
    places = [compiled(index, scope) for index in variable.indices]
    base = variable.base
    return lambda state: (base, tuple(whole(place(state)) for place in places))


def slope(run: Run, state: State, keys: list[Key], coarse: bool = False, finer: int = 0) -> Value:
    """The derivative in each of the keys in turn, by differences on both sides.

    Raises
    ------
    KinkError
        If the two sides have different slopes, or none.
    """
    if not keys:
        return run(state)
    if state.integrating:
        raise UndecidedError
    key, *others = keys
    place = state.bound[key] if key in state.bound else state.value(key)
    digits = _COARSE_STEP if coarse else _STEP // 2 ** (len(keys) - 1) + finer
    with ctx.workdps(max(ctx.dps, DIGITS) + 3 * (_STEP + finer)):
        here = slope(run, state.moved(key, place), others, coarse)

        def quotients(step: fmpq) -> tuple[Value, Value]:
            ahead, behind = (slope(run, state.moved(key, place + way), others, coarse) for way in (step, -step))
            return (ahead - here) / step, (here - behind) / step

        right, left = quotients(fmpq(1, 10**digits))
        nearer_right, nearer_left = quotients(fmpq(1, 4 * 10**digits))
        wide, middle = ball((right + left) / 2), ball((nearer_right + nearer_left) / 2)
        small = arb(10) ** (-digits // 3) * (1 + abs(middle))
        if not (abs(ball(right - left)) < small and abs(ball(wide - middle)) < small):
            raise KinkError
        # The error goes down with the square of the step: what is left is a third of the
        # change; where it goes down with the step, as for x|x| at 0, as much again.
        slack = 4 * abs(ball(wide - middle)) + arb(10) ** (-3 * digits) * (1 + abs(middle))
        spread = arb(0, slack.upper())
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
        with ctx.workdps(2500):
            at = place(state)
            ways = ((1 if at > 0 else -1),) if isinstance(at, float) else sides
            found = [_at_rest([_near(run, state, variable, at, way, k) for k in _APPROACH]) for way in ways]
            for one, way in zip(found, ways, strict=True):
                with suppress(UndecidedError, TooLongError):
                    beyond = _near(run, state, variable, at, way, _BEYOND)
                    if not all(finite(value).overlaps(one) for value in beyond):
                        raise UndefinedError
        if not all(one.overlaps(found[0]) for one in found):
            raise UndefinedError
        return found[0]

    return evaluated


def _near(run: Run, state: State, variable: sp.Basic, at: Value | float, way: int, k: int) -> list[Value]:
    moved = State(state.value, dict(state.bound), steps=state.steps)
    found = []
    for by in _BY:
        far = way * by * 10**k
        if isinstance(at, float) and variable.is_integer:
            far = fmpq(int(far.p) // int(far.q))
        moved.bound[variable] = far if isinstance(at, float) else at + way / (by * 10**k)
        moved.memo.clear()
        found.append(ball(run(moved)))
    return found


def _at_rest(values: list[list[Value]]) -> Value:
    """The last of a sequence, with how far it still moved.

    Raises
    ------
    UndecidedError
        If it has not come to rest, or moves away again.
    """
    last = values[-1][0]
    spreads = [max((arb(abs(value - last)).upper() for value in near), key=float) for near in values]
    small = arb("1e-12") * abs(last).max(arb("1e-12")) if isinstance(last, arb) else arb("1e-12")
    if not (spreads[-2] < small and all(b <= a or b < arb("1e-200") for a, b in pairwise(spreads))):
        raise UndecidedError
    reach = arb(0, spreads[-2])
    return last + (reach if isinstance(last, arb) else acb(reach, reach))
