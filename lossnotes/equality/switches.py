"""Points on and beside the places where an expression switches: kinks, jumps, cases."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import sympy as sp
from flint import ctx, fmpq
from sympy.core.relational import Relational

from lossnotes.balls.branches import sign
from lossnotes.balls.formula import Formula
from lossnotes.balls.values import Key, State
from lossnotes.equality.points import Point, fits
from lossnotes.functions import spelled_out

#: How far beside a switch a point lies.
_BESIDE = (Fraction(1, 1000), Fraction(1, 10**9))
_SEED = 7
#: Where the sign of a switch is looked at before it is bisected.
_LOOK = tuple(Fraction(n, 7) for n in (-700, -70, -22, -9, -4, -1, 0, 1, 3, 8, 20, 65, 690))


@dataclass(frozen=True)
class Switch:
    """An argument whose sign decides, and the indices that are bound around it."""

    argument: sp.Expr
    bound: tuple[tuple[sp.Basic, sp.Expr, sp.Expr], ...]


def switches(*sides: sp.Expr) -> list[Switch]:
    """All real arguments of the sides at whose zero something changes."""
    found: dict[tuple[sp.Expr, tuple[sp.Basic, ...]], Switch] = {}
    for side in sides:
        for argument, bound in _arguments(spelled_out(side), ()):
            if not all(s.is_integer for s in argument.free_symbols):
                found.setdefault((argument, tuple(v for v, *_ in bound)), Switch(argument, bound))
    return list(found.values())


def _arguments(
    expr: sp.Basic, bound: tuple[tuple[sp.Basic, sp.Expr, sp.Expr], ...]
) -> Iterator[tuple[sp.Expr, tuple[tuple[sp.Basic, sp.Expr, sp.Expr], ...]]]:
    if isinstance(expr, sp.Integral | sp.Limit):
        return  # their own bisection finds what switches inside
    if isinstance(expr, sp.Sum | sp.Product):
        inside = bound + tuple(tuple(limits) for limits in reversed(expr.limits))
        yield from _arguments(expr.function, inside)
        return
    if isinstance(expr, sp.Abs | sp.sign | sp.Heaviside):
        yield expr.args[0], bound
    elif isinstance(expr, sp.Max | sp.Min):
        yield from ((a - b, bound) for k, a in enumerate(expr.args) for b in expr.args[:k])
    elif isinstance(expr, sp.KroneckerDelta):
        yield expr.args[0] - expr.args[1], bound
    elif isinstance(expr, Relational):
        yield expr.lhs - expr.rhs, bound
    for part in () if isinstance(expr, sp.Indexed) else expr.args:
        yield from _arguments(part, bound)


#: Where a point lies: exactly on a switch, on it to a hundred digits, or beside it.
Where = Literal["on", "nearly on", "beside"]


def points_at(switch: Switch, start: Point) -> Iterator[tuple[Point, Where]]:
    """Points like ``start`` on the switch and on both of its sides."""
    rng = random.Random(f"{_SEED}/{start.number}/{switch.argument}")  # noqa: S311  # no secret
    formula = Formula(switch.argument, frozenset(v for v, *_ in switch.bound))
    places = _bound_places(switch, start, rng)
    if places is None:
        return
    asked = _asked(formula, start, places)
    rng.shuffle(asked)
    for key in asked:
        zero, is_exact = _zero(formula, start, places, key)
        if zero is None:
            continue
        yield start.with_(key, zero), "on" if is_exact else "nearly on"
        for beside in _BESIDE:
            for at in (zero - beside, zero + beside):
                if _allowed(start, key, at):
                    yield start.with_(key, at), "beside"
        return


def _bound_places(switch: Switch, start: Point, rng: random.Random) -> dict[sp.Basic, int] | None:
    chosen: dict[sp.Basic, int] = {}
    for variable, low, high in switch.bound:
        known = {s: sp.Integer(v) for s, v in {**start.places, **chosen}.items()}
        first, last = low.xreplace(known), high.xreplace(known)
        if not (first.is_Integer and last.is_Integer) or first > last:
            return None
        chosen[variable] = rng.randint(int(first), int(last))
    return chosen


def _asked(formula: Formula, start: Point, places: dict[sp.Basic, int]) -> list[Key]:
    """The real unknowns on which the switch depends here."""
    asked: list[Key] = []

    def note(key: Key) -> object:
        if key not in start.places and key not in asked:
            asked.append(key)
        return start(key)

    _value(formula, note, places)
    return sorted((key for key in asked if not _symbol(key).is_integer), key=str)


def _value(formula: Formula, give: object, places: dict[sp.Basic, int]) -> object:
    try:
        with ctx.workdps(120):
            return formula.run(State(give, dict(places)))  # type: ignore[arg-type]
    except ArithmeticError:
        return None


def _zero(formula: Formula, start: Point, places: dict[sp.Basic, int], key: Key) -> tuple[Fraction | None, bool]:
    """Where the switch is zero in one unknown: exactly, where it is linear in it, else by bisection."""

    def at(x: Fraction) -> object:
        moved = fmpq(x.numerator, x.denominator)
        return _value(formula, lambda asked: moved if asked == key else start(asked), places)

    first, second, third = (at(Fraction(x)) for x in (0, 1, 2))
    if all(isinstance(v, fmpq) for v in (first, second, third)):
        step = second - first  # type: ignore[operator]
        if step != 0 and third - second == step:  # type: ignore[operator]
            zero = -first / step  # type: ignore[operator]
            found = Fraction(int(zero.p), int(zero.q))
            return (found, True) if _allowed(start, key, found) else (None, False)
    looks = [(x, _sign(at(x))) for x in _LOOK if _allowed(start, key, x)]
    for (a, sign_a), (b, sign_b) in pairwise(looks):
        if sign_a == 0:
            return a, True
        if sign_a is not None and sign_b is not None and sign_a * sign_b < 0:
            return _bisected(at, a, b, sign_a), False
    return None, False


def _bisected(at: object, a: Fraction, b: Fraction, sign_a: int) -> Fraction:
    for _ in range(340):  # a hundred digits
        middle = (a + b) / 2
        found = _sign(at(middle))  # type: ignore[operator]
        if found is None or found == 0:
            return middle
        a, b = (middle, b) if found == sign_a else (a, middle)
    return (a + b) / 2


def _sign(value: object) -> int | None:
    if value is None:
        return None
    try:
        return sign(State(lambda key: fmpq(0)), value)
    except ArithmeticError:
        return None


def _allowed(start: Point, key: Key, value: Fraction) -> bool:
    low, high = start.unknowns.domain.get(key[0] if isinstance(key, tuple) else key, (None, None))
    inside = (low is None or low < fmpq(value.numerator, value.denominator)) and (
        high is None or fmpq(value.numerator, value.denominator) < high
    )
    return inside and fits(value, _symbol(key))


def _symbol(key: Key) -> sp.Expr:
    return key[0][key[1]] if isinstance(key, tuple) else key
