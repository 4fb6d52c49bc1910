"""Points on, beside and between the places where an expression switches: kinks, jumps, cases."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, Literal

import sympy as sp
from flint import ctx, fmpq
from sympy.core.relational import Relational

from lossnotes.balls.branches import sign
from lossnotes.balls.formula import BoundedFormula
from lossnotes.balls.values import Key, State, Value, as_fmpq, as_fraction
from lossnotes.equality.points import SamplePoint, integers
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
#: A bound index or variable, the first and last value it has, and what binds it.
Bound = tuple[tuple[sp.Basic, sp.Expr, sp.Expr, type], ...]
#: Below, on and above zero; just not below it, of whole numbers; not on it, as a product that says something; a
#: condition that holds, or not; on the cut of a complex function, from minus infinity to 0.
Side = Literal["negative", "zero", "positive", "not zero", "true", "false", "on the cut", "not negative"]


@dataclass(frozen=True)
class Switch:
    """An argument on whose side of zero something depends, or a condition; and what is bound around it.

    Attributes
    ----------
    sides
        Where a step must have been tried before it is believed.
    is_plain
        Whether something changes at its zeros for certain: it is no base of a root, no argument of a logarithm.
    sought
        Where it is tried if a point is found there: none may exist.
    """

    argument: sp.Basic
    bound: Bound
    sides: tuple[Side, ...]
    node: sp.Basic
    is_plain: bool = True
    sought: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A point, where it lies, what is zero there, and the number that was moved to get it there."""

    point: SamplePoint
    where: Where = "off"
    zero: sp.Expr = sp.S.Zero
    key: Key = None


def switches(*exprs: sp.Expr) -> list[Switch]:
    """All that switches in the expressions, each once."""
    found: dict[tuple[Any, ...], Switch] = {}
    for expr in exprs:
        for switch in _switching(spelled_out(expr), ()):
            names = switch.argument.free_symbols
            around = {v for v, *_, kind in switch.bound if kind in (sp.Integral, sp.Limit)}
            # What depends on nothing but the variable of an integral is left to its bisection.
            if not names - around:
                continue
            if not names & around:
                bound = tuple(limits for limits in switch.bound if limits[0] not in around)
                switch = replace(switch, bound=bound)
            for one in (switch, *_at_last(switch)):
                key = one.argument, tuple(v for v, *_ in one.bound), one.sides, one.sought
                found.setdefault(key, one)
    return list(found.values())


def _at_last(switch: Switch) -> Iterator[Switch]:
    """What is sought inside a sum, where its index is the last one: for that the sum may have to be longer."""
    for variable, _, high, kind in switch.bound[-1:] if switch.sought else ():
        if kind in (sp.Sum, sp.Product) and switch.argument.has(variable):
            yield replace(switch, argument=switch.argument.xreplace({variable: high}), bound=switch.bound[:-1])


_EACH: tuple[Side, ...] = ("negative", "positive")
_JUMP: tuple[Side, ...] = ("negative", "zero", "positive")
_POINT: tuple[Side, ...] = ("zero", "not zero")
_ZEROS = (sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.KroneckerDelta, sp.Piecewise)
_MAY_VANISH = (*_ZEROS, sp.Abs, sp.Pow, sp.log)


def _switching(expr: sp.Basic, bound: Bound) -> Iterator[Switch]:
    """What switches in an expression, with what is bound around it."""
    if isinstance(expr, sp.Sum | sp.Product | sp.Integral):
        limits = tuple((*limits, type(expr)) for limits in reversed(expr.limits))
        if isinstance(expr, sp.Product):
            yield Switch(expr, bound, ("not zero",), expr, False)
        for switch in _switching(expr.function, bound + limits):
            yield switch
            if isinstance(expr, sp.Integral) and switch.argument.has(expr.limits[0][0]) and len(switch.sides) > 1:
                # All of the range may lie on one side.
                for end in expr.limits[0][1:]:
                    if end.is_finite is not False:
                        argument = switch.argument.xreplace({expr.limits[0][0]: end})
                        yield Switch(argument, bound, switch.sides, switch.node, False)
            if isinstance(expr, sp.Integral) and expr.has(sp.oo, -sp.oo):
                yield from _settling(expr.function, expr.limits[0][0], bound, expr)
        for at, (_, low, high) in enumerate(expr.limits):
            yield from (s for end in (low, high) for s in _switching(end, bound))
            if not isinstance(expr, sp.Integral):
                outer = limits[: len(limits) - 1 - at]
                yield from _first(high - low, bound + outer, expr)
        return
    if isinstance(expr, sp.Limit):
        yield from _settling(expr.args[0], expr.args[1], bound, expr)
        yield from _switching(expr.args[0], (*bound, (expr.args[1], expr.args[2], expr.args[2], sp.Limit)))
        return
    if isinstance(expr, sp.Derivative):
        for variable in expr.variables:
            yield from _meetings(expr.expr, variable, bound)
    if isinstance(expr, sp.binomial):
        yield from _first(expr.args[0] - expr.args[1], bound, expr)
    if isinstance(expr, Relational) and not isinstance(expr, sp.Eq | sp.Ne):
        yield Switch(expr.lhs - expr.rhs, bound, (), expr, True, ("zero",))
    # A long sum is 0 where all is, if anywhere: not worth a search.
    long = isinstance(expr, sp.Pow) and (expr.base.is_positive or expr.base.has(sp.Sum, sp.Product))
    if isinstance(expr, sp.Pow) and expr.exp.could_extract_minus_sign() and not long:
        yield Switch(expr.base, bound, (), expr, False, ("zero",))
    if isinstance(expr, sp.Mul) and sum(part.has(*_MAY_VANISH) for part in expr.args) > 1:
        yield Switch(expr, bound, (), expr, False, ("not zero",))
    yield from (Switch(a, bound, sides, expr, plain) for a, sides, plain in _arguments(expr))
    for part in expr.args:
        yield from _switching(part, bound)


def _first(length: sp.Expr, bound: Bound, node: sp.Basic) -> Iterator[Switch]:
    """Where a sum has its first term, and its second; a binomial coefficient likewise."""
    yield from (Switch(length - more, bound, (), node, False, ("not negative",)) for more in (0, 1))


def _parts(expr: sp.Basic, bound: Bound) -> Iterator[tuple[sp.Basic, Bound]]:
    """All nodes, each with what is bound around it."""
    if isinstance(expr, sp.Sum | sp.Product | sp.Integral):
        bound = bound + tuple((*limits, type(expr)) for limits in reversed(expr.limits))
    yield expr, bound
    for part in () if isinstance(expr, sp.Indexed) else expr.args:
        yield from _parts(part, bound)


def _meetings(expr: sp.Basic, member: sp.Basic, bound: Bound) -> Iterator[Switch]:
    """Where a member is the one that a derivative is taken in."""
    for part, around in _parts(expr, bound) if isinstance(member, sp.Indexed) else ():
        if isinstance(part, sp.Indexed) and part.base == member.base and len(part.indices) == len(member.indices):
            gaps = [one - other for one, other in zip(part.indices, member.indices, strict=True)]
            gap = gaps[0] if len(gaps) == 1 else sp.Add(*map(sp.Abs, gaps))
            yield Switch(gap, around, (), part, False, ("zero",))


def _settling(expr: sp.Expr, variable: sp.Basic, bound: Bound, node: sp.Basic) -> Iterator[Switch]:
    """What a limit, or an integral without end, hangs on: how fast what moves moves, and what stands beside it."""
    rates: dict[Bound, set[sp.Expr]] = {}
    for part, around in _parts(expr, bound):
        if isinstance(part, sp.Add | sp.Mul) and part.has(variable):
            apart = sp.collect(sp.expand(part), variable, evaluate=False, exact=True)
            rates.setdefault(around, set()).update(apart.values(), [part.as_independent(variable)[0]])
    for around, found in rates.items():
        free = sorted((rate for rate in found if rate.free_symbols and not rate.has(variable)), key=str)
        free += [one - other for one, other in combinations(free[:5], 2)]
        for rate in free:
            for factor in sp.Mul.make_args(sp.factor(rate) if rate.count_ops() < 60 else rate):
                base = factor.as_base_exp()[0]
                if base.free_symbols:
                    yield Switch(base, around, (), node, False, _JUMP)


def _arguments(expr: sp.Basic) -> Iterator[tuple[sp.Basic, tuple[Side, ...], bool]]:
    """What decides in a node, on which sides, and whether something changes at its zeros for certain."""
    if isinstance(expr, sp.Abs):
        if expr.args[0].is_extended_real is not False:
            yield expr.args[0], _EACH, True
    elif isinstance(expr, sp.sign | sp.Heaviside):
        yield expr.args[0], _JUMP, True
    elif isinstance(expr, sp.Max | sp.Min):
        yield from ((a - b, _EACH, True) for k, a in enumerate(expr.args) for b in expr.args[:k])
    elif isinstance(expr, sp.KroneckerDelta):
        yield expr.args[0] - expr.args[1], _POINT, True
    elif isinstance(expr, sp.Eq | sp.Ne):
        yield expr.lhs - expr.rhs, _POINT, True
    elif isinstance(expr, Relational | sp.And | sp.Or):
        yield expr, ("true", "false"), False
    elif isinstance(expr, sp.Mul) and sum(part.has(*_ZEROS) for part in expr.args) > 1:
        yield expr, ("not zero",), False
    elif isinstance(expr, sp.log | sp.loggamma | sp.gamma) or (
        isinstance(expr, sp.Pow) and expr.exp.is_integer is not True and expr.base.free_symbols
    ):
        yield from _branching(expr.args[0])
    elif type(expr) in _INVERSE:
        (argument,) = expr.args
        for at in _INVERSE[type(expr)]:
            yield from _branching(argument - at)
        yield from ((sp.cos(t.args[0]), _EACH, False) for t in argument.atoms(sp.sin, sp.tan))
        yield from ((sp.sin(t.args[0]), _EACH, False) for t in argument.atoms(sp.cos, sp.cot))
        yield from ((t.base, _EACH, False) for t in argument.atoms(sp.Pow) if t.exp.is_negative)


#: Inverse functions, and where their branches meet.
_INVERSE: dict[type, tuple[int, ...]] = {
    **dict.fromkeys((sp.asin, sp.acos, sp.atanh), (-1, 1)),
    sp.acosh: (-1, 1),
    **dict.fromkeys((sp.atan, sp.asinh), ()),
}


def _branching(argument: sp.Expr) -> Iterator[tuple[sp.Basic, tuple[Side, ...], bool]]:
    """The factors of what a logarithm or a root is taken of: a hidden square never changes its sign itself."""
    if not argument.free_symbols or argument.is_positive:
        return
    labels = {base.label for base in argument.atoms(sp.IndexedBase)}
    if argument.has(sp.I) or any(not s.is_extended_real for s in argument.atoms(sp.Symbol, sp.Indexed) - labels):
        yield argument, ("on the cut",), False
        return
    parts = {argument}
    if argument.count_ops() < 60 and not argument.has(sp.Sum, sp.Product, sp.Integral, sp.Piecewise):
        for one in sp.fraction(sp.together(argument)):
            bases = {factor.as_base_exp()[0] for factor in sp.Mul.make_args(sp.factor(one))}
            parts |= bases | {sp.Mul(*bases)}
    yield from ((part, _EACH, False) for part in parts if part.free_symbols)


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
    for variable, low, high, _ in switch.bound:
        known = integers({**start.places, **chosen})
        first, last = low.xreplace(known), high.xreplace(known)
        if not (first.is_Integer and last.is_Integer) or first > last:
            return None
        chosen[variable] = rng.randint(int(first), int(last))
    formula = BoundedFormula(switch.argument, frozenset(v for v, *_ in switch.bound))
    return _Crossing(formula, start, chosen)


@dataclass(frozen=True)
class _Crossing:
    """A switch's argument as a function of one unknown at a time."""

    formula: BoundedFormula
    start: SamplePoint
    places: dict[sp.Basic, int]

    def unknowns(self) -> list[Key]:
        """The real unknowns on which the switch depends here, of many the first."""
        asked: list[Key] = []

        def note(key: Key) -> Value:
            if key not in self.start.places and key not in asked:
                asked.append(key)
            return self.start(key)

        self._value(note)
        return sorted((key for key in asked if not self.start.is_whole(key)), key=str)[:16]

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
