"""Points on, beside and between the places where an expression switches: kinks, jumps, cases."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import sympy as sp
from flint import ctx, fmpq
from sympy.core.relational import Relational

from lossnotes.balls.branches import sign
from lossnotes.balls.formula import Formula
from lossnotes.balls.values import Key, State, Value, as_fmpq, as_fraction
from lossnotes.equality.points import SamplePoint
from lossnotes.functions import spelled_out

#: How far beside a switch a point lies.
_BESIDE = (Fraction(1, 1000), Fraction(1, 10**9))
_SEED = 7
#: Distances from an end, in parts of a domain or as they are, at which a switch is looked at.
_LOOK = tuple(
    Fraction(10) ** power * Fraction(part, 10) for power in range(-31, 32) for part in (10, 14, 20, 29, 41, 60, 85)
)

#: Where a point lies: exactly on a switch, on it to a hundred digits, or off it.
Where = Literal["on", "nearly on", "off"]
#: A bound index, and the first and last value it has.
Bound = tuple[tuple[sp.Basic, sp.Expr, sp.Expr], ...]


@dataclass(frozen=True)
class Switch:
    """An argument whose sign decides, and the indices that are bound around it."""

    argument: sp.Expr
    bound: Bound


@dataclass(frozen=True)
class Placed:
    """A point, where it lies, what is zero there, and the number that was moved to get it there."""

    point: SamplePoint
    where: Where = "off"
    zero: sp.Expr = sp.S.Zero
    key: Key = None


def switches(*sides: sp.Expr) -> list[Switch]:
    """All real arguments of the sides at whose zero something changes."""
    found: dict[tuple[sp.Expr, tuple[sp.Basic, ...]], Switch] = {}
    for side in sides:
        for argument, bound in arguments(spelled_out(side), ()):
            if not all(s.is_integer for s in argument.free_symbols):
                found.setdefault((argument, tuple(v for v, *_ in bound)), Switch(argument, bound))
    return list(found.values())


def arguments(expr: sp.Basic, bound: Bound) -> Iterator[tuple[sp.Expr, Bound]]:
    """What is zero where something changes, with what is bound around it."""
    if isinstance(expr, sp.Integral | sp.Limit):
        return  # their own bisection finds what switches inside
    if isinstance(expr, sp.Sum | sp.Product):
        inside = bound + tuple(tuple(limits) for limits in reversed(expr.limits))
        yield from arguments(expr.function, inside)
        return
    if isinstance(expr, sp.Abs | sp.sign | sp.Heaviside):
        yield expr.args[0], bound
    elif isinstance(expr, sp.Max | sp.Min):
        yield from ((a - b, bound) for k, a in enumerate(expr.args) for b in expr.args[:k])
    elif isinstance(expr, sp.KroneckerDelta):
        yield expr.args[0] - expr.args[1], bound
    elif isinstance(expr, Relational):
        yield expr.lhs - expr.rhs, bound
    for part in expr.args:
        yield from arguments(part, bound)


def points_at(switch: Switch, start: SamplePoint, first: Key | None, *, curved: bool) -> Iterator[Placed]:
    """Points like ``start`` on the switch, on both of its sides, and between its zeros.

    Parameters
    ----------
    first
        The unknown that is moved, if the switch depends on it.
    curved
        Whether to look for the zeros of a switch that is no straight line, which takes long.
    """
    rng = random.Random(f"{_SEED}/{start.number}/{switch.argument}")  # noqa: S311  # no secret
    crossing = _crossing(switch, start, rng)
    if crossing is None:
        return
    asked = crossing.unknowns()
    rng.shuffle(asked)
    for key in sorted(asked, key=lambda key: key != first)[:2]:
        zeros = crossing.zeros(key, curved=curved)
        for zero, is_exact in zeros:
            yield Placed(start.with_(key, zero), "on" if is_exact else "nearly on", switch.argument, key)
        for at in _off([zero for zero, _ in zeros], start, key):
            yield Placed(start.with_(key, at))


def together(found: Sequence[Switch], start: SamplePoint) -> SamplePoint | None:
    """A point on as many switches at once as there are unknowns to move."""
    rng = random.Random(f"{_SEED}/{start.number}")  # noqa: S311  # no secret
    point, moved = start, set[Key]()
    for switch in found:
        crossing = _crossing(switch, point, rng)
        if crossing is None:
            continue
        for key in crossing.unknowns():
            exact = [] if key in moved else [zero for zero, _ in crossing.zeros(key, curved=False)]
            if exact:
                point, moved = point.with_(key, exact[0]), moved | {key}
                break
    return point if len(moved) > 1 else None


def cells(found: Sequence[Switch], start: SamplePoint, count: int) -> Iterator[SamplePoint]:
    """Points in as many of the cells as asked for into which straight switches cut the numbers."""
    rng = random.Random(f"{_SEED}/{start.number}/cells")  # noqa: S311  # no secret
    marks: dict[Key, set[Fraction]] = {}
    for switch in found:
        crossing = _crossing(switch, start, rng)
        for key in [] if crossing is None else crossing.unknowns():
            marks.setdefault(key, set()).update(zero for zero, _ in crossing.zeros(key, curved=False))  # type: ignore[union-attr]
    choices = {key: _off(sorted(zeros), start, key) for key, zeros in marks.items() if zeros}
    if len(choices) < 2:
        return
    for _ in range(count):
        point = start
        for key, values in choices.items():
            point = point.with_(key, rng.choice(values))
        yield point


def _off(zeros: list[Fraction], start: SamplePoint, key: Key) -> list[Fraction]:
    """Numbers just beside the zeros, and between them and the ends of the domain."""
    low, high = start.ends(key)
    beside = {zero + way * by for zero in zeros for by in _BESIDE for way in (1, -1)}
    marks = sorted({*zeros, *(end for end in (low, high) if end is not None)})
    between = {(a + b) / 2 for a, b in pairwise(marks)}
    if marks:
        between |= {marks[0] - 1, 2 * marks[0], marks[-1] + 1, 2 * marks[-1]}
    return sorted(at for at in beside | between if start.allows(key, at))


def _crossing(switch: Switch, start: SamplePoint, rng: random.Random) -> "_Crossing | None":
    chosen: dict[sp.Basic, int] = {}
    for variable, low, high in switch.bound:
        known = {s: sp.Integer(v) for s, v in {**start.places, **chosen}.items()}
        first, last = low.xreplace(known), high.xreplace(known)
        if not (first.is_Integer and last.is_Integer) or first > last:
            return None
        chosen[variable] = rng.randint(int(first), int(last))
    formula = Formula(switch.argument, frozenset(v for v, *_ in switch.bound))
    return _Crossing(formula, start, chosen)


@dataclass(frozen=True)
class _Crossing:
    """A switch's argument as a function of one unknown at a time."""

    formula: Formula
    start: SamplePoint
    places: dict[sp.Basic, int]

    def unknowns(self) -> list[Key]:
        """The real unknowns on which the switch depends here."""
        asked: list[Key] = []

        def note(key: Key) -> Value:
            if key not in self.start.places and key not in asked:
                asked.append(key)
            return self.start(key)

        self._value(note)
        return sorted((key for key in asked if not self.start.is_whole(key)), key=str)

    def zeros(self, key: Key, *, curved: bool) -> list[tuple[Fraction, bool]]:
        """Where it is zero: exactly where it is linear, else (if asked) to a hundred digits. At most six."""

        def at(x: Fraction) -> Value | None:
            moved = as_fmpq(x)
            return self._value(lambda asked: moved if asked == key else self.start(asked))

        found = _linear(at)
        if found is not None:
            return [(found, True)] if self.start.allows(key, found) else []
        return list(self._scanned(at, key))[:6] if curved else []

    def _value(self, give: Callable[[Key], Value]) -> Value | None:
        try:
            with ctx.workdps(120):
                return self.formula.run(State(give, dict(self.places)))
        except ArithmeticError:
            return None

    def _scanned(self, at: Callable[[Fraction], Value | None], key: Key) -> Iterator[tuple[Fraction, bool]]:
        known: list[_Look] = []
        for x in _looks(*self.start.ends(key)):
            value = at(x) if self.start.allows(key, x) else None
            way = _sign(value)
            if way is not None:
                known.append((x, value, way))
        yield from ((x, True) for x, _, way in known if way == 0)
        for (a, _, sign_a), (b, _, sign_b) in pairwise(known):
            if sign_a * sign_b < 0:
                yield _bisected(at, a, b, sign_a)
        for one, two, three in zip(known, known[1:], known[2:], strict=False):
            yield from _touched(at, one, two, three)


def _looks(low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    if low is None and high is None:
        return sorted({Fraction(0), *_LOOK, *(-x for x in _LOOK)})
    if low is None or high is None:
        return sorted(low + x if high is None else high - x for x in _LOOK)  # type: ignore[operator]
    return sorted(low + (high - low) * x / (1 + x) for x in _LOOK)


def _linear(at: Callable[[Fraction], Value | None]) -> Fraction | None:
    first, second, third, far = (at(Fraction(x)) for x in (3, 4, 5, -12345))
    if not all(isinstance(value, fmpq) for value in (first, second, third, far)):
        return None
    step = second - first  # type: ignore[operator]
    if step == 0 or third - second != step or far - first != -12348 * step:  # type: ignore[operator]
        return None
    return as_fraction(3 - first / step)


#: A place, the argument there, and its sign.
_Look = tuple[Fraction, Any, int]
_GOLDEN = Fraction(382, 1000), Fraction(618, 1000)


def _bisected(at: Callable[[Fraction], Value | None], a: Fraction, b: Fraction, sign_a: int) -> tuple[Fraction, bool]:
    for _ in range(360):  # a hundred digits
        middle = (a + b) / 2
        found = _sign(at(middle))
        if found is None or found == 0:
            return middle, found == 0
        a, b = (middle, b) if found == sign_a else (a, middle)
    return (a + b) / 2, False


def _touched(
    at: Callable[[Fraction], Value | None], one: _Look, two: _Look, three: _Look
) -> Iterator[tuple[Fraction, bool]]:
    """A zero, or two, between looks of one sign, where the argument comes nearer to 0 and leaves again."""
    (a, left, way), (_, value, _), (b, right, _) = one, two, three
    if not (way == two[2] == three[2] != 0 and abs(value) < abs(left) and abs(value) < abs(right)):
        return
    for _ in range(120):
        c, d = (Fraction(round((a + (b - a) * share) * 2**400), 2**400) for share in _GOLDEN)
        found, other = at(c), at(d)
        if found is None or other is None:
            return
        for x, value in ((c, found), (d, other)):
            if _sign(value) == 0:
                yield x, True
                return
            if _sign(value) == -way:
                yield _bisected(at, one[0], x, way)
                yield _bisected(at, x, three[0], -way)
                return
        a, b = (a, d) if abs(found) < abs(other) else (c, b)
    if abs(value) < fmpq(1, 10**12):
        yield (a + b) / 2, False


def _sign(value: Value | None) -> int | None:
    if value is None:
        return None
    try:
        return sign(State(lambda key: fmpq(0)), value)
    except ArithmeticError:
        return None
