"""Was each branch tried? A step that switches where no point lay is not judged.

For each switch of a statement, at least one point that spoke for it must lie on each side: below and above zero for
what is larger, for a root and a logarithm; on it and off it for what holds at one place. A side that has no point is
looked for, then excluded by assumptions and domains; what is neither is named.

Other places may not exist, and are tried if they are found: where two sides meet, the first term of a sum, the
boundary of a case, a zero of a denominator. If a side of the statement cannot be computed there, they are demanded.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice, pairwise, product
from typing import Any

import sympy as sp
from flint import acb, ctx, fmpq
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction

from lossnotes.balls.branches import sign
from lossnotes.balls.formula import BoundedFormula
from lossnotes.balls.values import Key, State, Value, ball, whole
from lossnotes.equality.points import SamplePoint, fits, integers
from lossnotes.equality.proof import counted_from, in_positive_number, in_positive_numbers
from lossnotes.equality.statement import Condition, Statement
from lossnotes.equality.switches import Bound, Side, Switch

_SEED = 11
#: At most so many values of bound indices are looked at for a point, and so many values of a switch in a search.
_BOUND, _LOOKS = 400, 500
#: At most so many pairs of switches, values of bound indices for these, and looks for sides that nothing demands.
_CORNERS, _BOUND_CORNERS, _SOUGHT = 60, 8, 6000
#: At most so many nodes for one value.
_STEPS = 3000
_SHARES = tuple(fmpq(share, 1000) for share in (3, 270, 510, 741, 997))
#: Whole numbers at which a switch is looked at.
_WHOLE = (*range(-30, 131), *(way * 2**power for power in range(8, 41) for way in (1, -1)))
#: Real ones, on a scale that has 1e12 at 28.
_REAL = (-28.0, -20.0, -14.0, -10.0, -7.0, -5.0, -4.0, -3.0, -2.0, -1.0, -0.4, -0.1)
_GRID = (*_REAL, 0.0, *(-t for t in reversed(_REAL)))


class Visits:
    """On which sides of its switches a statement was tried."""

    def __init__(self, statement: Statement, found: Sequence[Switch]) -> None:
        self.statement = statement
        self.formulas = {s: BoundedFormula(s.argument, frozenset(v for v, *_ in s.bound)) for s in found}
        self.open = {s: set(self._asked(s, (*s.sides, *s.sought))) for s in found}
        self.looks = _SOUGHT
        #: Sides on which a point was found at which the statement could not be computed.
        self.unknown: dict[tuple[Switch, Side], SamplePoint] = {}
        #: Points that spoke, with the side of a switch on which each lies.
        self.seen: dict[tuple[Switch, Side], SamplePoint] = {}
        #: Two switches of which each may decide what the other does, and the pairs of sides that are still open.
        self.corners = {(one, two): self._corners(one, two) for one, two in self._pairs(found)}

    def _asked(self, switch: Switch, sides: Sequence[Side]) -> tuple[Side, ...]:
        # A derivative is said to hold almost everywhere: not on what is zero for some of its numbers. An integral
        # has nothing of what holds at one place.
        slope = self.statement.relation == "derivative" and not all(s.is_integer for s in switch.argument.free_symbols)
        around = {variable for variable, *_, kind in switch.bound if kind is sp.Integral}
        nowhere = slope or bool(switch.argument.free_symbols & around)
        return tuple(side for side in sides if not (nowhere and side == "zero"))

    def _pairs(self, found: Sequence[Switch]) -> list[tuple[Switch, Switch]]:
        deciding = [switch for switch in found if _deciding(switch)]
        pairs = [pair for pair in combinations(deciding, 2) if pair[0].bound == pair[1].bound]
        return random.Random(_SEED).sample(pairs, min(len(pairs), _CORNERS))  # noqa: S311  # no secret

    def _corners(self, one: Switch, two: Switch) -> set[tuple[Side, Side]]:
        sides = [self._asked(switch, _deciding(switch)) for switch in (one, two)]
        return {(a, b) for a, b in product(*sides) if not _never_both((one, two), (a, b))}

    def note(self, point: SamplePoint, near: Any = None, only: Set[Side] = frozenset()) -> None:
        """That a point spoke for the statement; or for these sides only, if there are any."""
        for switch, asked in self.open.items():
            if asked:
                for bound in islice(_bindings(switch.bound, point, {}), _BOUND):
                    seen = self._sides(switch, point, bound, near)
                    self.seen.update({(switch, side): point for side in asked & seen})
                    asked -= seen & only if only else seen
                    if not asked:
                        break
        if not only:
            self._note_corners(point, near)

    def note_unknown(self, point: SamplePoint) -> None:
        """That the statement could not be computed at a point: what was sought there is demanded."""
        for switch, asked in self.open.items():
            for bound in islice(_bindings(switch.bound, point, {}), _BOUND_CORNERS):
                for side in asked & self._sides(switch, point, bound, None):
                    self.unknown.setdefault((switch, side), point)

    def _note_corners(self, point: SamplePoint, near: Any) -> None:
        pairs = [(pair, asked) for pair, asked in self.corners.items() if asked]
        sides: dict[Switch, list[set[Side]]] = {}
        for switch in {switch for pair, _ in pairs for switch in pair}:
            bindings = islice(_bindings(switch.bound, point, {}), _BOUND_CORNERS)
            sides[switch] = [self._sides(switch, point, bound, near) for bound in bindings]
        for (one, two), asked in pairs:
            for seen in zip(sides[one], sides[two], strict=True):
                asked -= set(product(*seen))

    def missing(self) -> Iterator[tuple[Switch, Side]]:
        """The sides on which no point was, and that are not excluded; those that are demanded come first."""
        for demanded in (True, False):
            for switch, asked in self.open.items():
                for side in sorted(asked):
                    if side not in asked or (side in switch.sides) != demanded:
                        continue  # or visited while the last one was looked for
                    if _is_excluded(switch, side, self.statement):
                        asked.discard(side)
                    else:
                        yield switch, side

    def cornered(self, conditions: Sequence[Condition]) -> Iterator[SamplePoint]:
        """Points at which two sides may meet: of a point on each, put together, and then looked for."""
        for pair, asked in self.corners.items():
            for sides in sorted(asked):
                first, second = (self.seen.get(seen) for seen in zip(pair, sides, strict=True))
                start = self._joined(pair[1], first, second, conditions) if sides in asked else None
                if start is None:
                    continue
                yield start
                if sides in asked and self.looks > 0:
                    both = _least([_towards(switch, side) for switch, side in zip(pair, sides, strict=True)])
                    switch = Switch(both, pair[0].bound, (), pair[0].node, False, ("positive",))
                    yield from self.search(switch, "positive", start, conditions)

    def mixed(self, conditions: Sequence[Condition], count: int) -> Iterator[SamplePoint]:
        """Points at which many sides meet, put together of a point on each: all the lower ones, the upper ones, any."""
        rng = random.Random(_SEED)  # noqa: S311  # no secret
        deciding = [switch for switch in self.open if _deciding(switch)]
        for number in range(count if len(deciding) > 2 else 0):
            point: SamplePoint | None = None
            for switch in deciding:
                found = [self.seen[switch, side] for side in _deciding(switch) if (switch, side) in self.seen]
                if found:
                    other = found[(0, -1)[number]] if number < 2 else rng.choice(found)
                    point = other if point is None else self._joined(switch, point, other, conditions) or point
            if point is not None:
                yield point

    def _joined(
        self, switch: Switch, first: SamplePoint | None, second: SamplePoint | None, conditions: Sequence[Condition]
    ) -> SamplePoint | None:
        """The first point, with those numbers of the second on which a switch depends."""
        if first is None or second is None:
            return None
        asked: list[Key] = []

        def give(key: Key) -> Value:
            asked.append(key)
            return second(key)

        for bound in islice(_bindings(switch.bound, second, {}), _BOUND_CORNERS):
            self._value(switch, give, bound)
        places = {**first.places, **{key: second.places[key] for key in asked if key in second.places}}
        taken = {**first.taken, **{key: second.taken[key] for key in asked if key in second.taken}}
        held = all(holds(condition, places) for condition in conditions)
        return replace(first, places=places, moved=True, taken=taken) if held else None

    def sides(self, switch: Switch, point: SamplePoint) -> set[Side]:
        """On which sides of a switch a point lies, if nothing is bound around it."""
        return set() if switch.bound else self._sides(switch, point, {}, None)

    def at_pole(self, point: SamplePoint) -> bool:
        """Whether a denominator is 0 at a point."""
        poles = [switch for switch in self.open if switch.node.is_Pow and switch.sought == ("zero",)]
        return any("zero" in self.sides(switch, point) for switch in poles)

    def _sides(self, switch: Switch, point: SamplePoint, bound: Mapping[Any, Any], near: Any) -> set[Side]:
        value = self._value(switch, point, bound, near)
        if value is None:
            return set()
        if isinstance(value, bool):
            return {"true" if value else "false"}
        if isinstance(value, acb):
            return {"on the cut"} if value.imag == 0 and value.real < 0 else set()
        try:
            way = sign(State(point, near=near), value)
        except ArithmeticError:
            return set()
        below: set[Side] = {"negative", "not zero", "on the cut"}
        return below if way < 0 else {"positive", "not zero", "not negative"} if way > 0 else {"zero", "not negative"}

    def _value(self, switch: Switch, point: Callable[[Key], Value], bound: Mapping[Any, Any], near: Any = None) -> Any:
        try:
            with ctx.workdps(60 if near is None else 200):
                return self.formulas[switch].run(State(point, dict(bound), near=near, steps=_STEPS))
        except ArithmeticError:
            return None

    def search(
        self, switch: Switch, side: Side, start: SamplePoint, conditions: Sequence[Condition]
    ) -> Iterator[SamplePoint]:
        """Points like ``start``, with other numbers, that may lie on a side."""
        rng = random.Random(f"{_SEED}/{start.number}/{switch.argument}")  # noqa: S311  # no secret
        bindings = list(islice(_bindings(switch.bound, start, {}), _BOUND))
        for bound in rng.sample(bindings, min(2, len(bindings))):
            search = _Search(switch, side, start, bound, conditions)
            found = search.found(rng)
            self.looks -= search.looks * (side not in switch.sides)
            if found is not None:
                yield found


class _Search:
    """Moves the unknowns of a switch one after the other until it lies on the side that is wanted."""

    def __init__(
        self, switch: Switch, side: Side, start: SamplePoint, bound: Mapping[Any, Any], conditions: Sequence[Condition]
    ) -> None:
        self.side, self.bound, self.conditions = side, dict(bound), conditions
        argument = (
            _amount(switch.argument) if isinstance(switch.argument, BooleanFunction | Relational) else switch.argument
        )
        self.formula = BoundedFormula(argument, frozenset(bound))
        self.best, self.point, self.looks = -math.inf, start, 0

    def found(self, rng: random.Random) -> SamplePoint | None:
        self._take(self.point)
        asked = [key for key in self.asked if not isinstance(self.point(key), acb)]
        for _ in range(3):
            rng.shuffle(asked)
            for key in asked[:6]:
                self._move(key)
                if self.best > 0:
                    return self.point
                if self.looks > _LOOKS:
                    return None
        return None

    def _move(self, key: Key) -> None:
        if key in self.point.places or self.point.is_whole(key):
            values = [self._with(key, Fraction(v)) for v in _WHOLE]
            seen = [(point, self._take(point)) for point in values if point is not None]
            # Between two of one sign and the other lies where it turns.
            for (one, left), (two, right) in pairwise(seen):
                if left * right < 0:
                    self._turn(key, one, two, left)
            return
        low, high = self.point.ends(key)

        def at(t: float) -> float:
            point = self._with(key, _number(t, low, high))
            return -math.inf if point is None else self._take(point) if self.side != "zero" else -abs(self._take(point))

        ways = [(t, at(t)) for t in _GRID]
        top = max(range(len(ways)), key=lambda place: ways[place][1])
        a, b = _GRID[max(top - 1, 0)], _GRID[min(top + 1, len(_GRID) - 1)]
        for _ in range(34):
            if self.best > 0:
                return
            c, d = a + 0.382 * (b - a), a + 0.618 * (b - a)
            a, b = (a, d) if at(c) > at(d) else (c, b)

    def _turn(self, key: Key, a: SamplePoint, b: SamplePoint, left: float) -> None:
        low, high = (int(point(key).p) for point in (a, b))
        while high - low > 1 and (self.best <= 0 or self.side == "not negative"):
            middle = (low + high) // 2
            point = self._with(key, Fraction(middle))
            if point is None:
                return
            low, high = (middle, high) if self._take(point) * left > 0 else (low, middle)

    def _with(self, key: Key, value: Fraction) -> SamplePoint | None:
        if key not in self.point.places:
            return self.point.with_(key, value) if self.point.allows(key, value) else None
        places = {**self.point.places, key: int(value)}
        held = fits(value, key) and all(holds(condition, places) for condition in self.conditions)
        return replace(self.point, places=places, moved=True, taken=dict(self.point.taken)) if held else None

    def _take(self, point: SamplePoint) -> float:
        """The switch there, its sign turned so that what is wanted is positive; the best point is kept."""
        self.looks += 1
        self.asked: dict[Key, None] = {} if point is self.point else self.asked

        def give(key: Key) -> Value:
            self.asked[key] = None
            return point(key)

        try:
            with ctx.workdps(40):
                value = ball(self.formula.run(State(give, dict(self.bound), steps=_STEPS)))
                size = float((value.real if isinstance(value, acb) else value).mid())
        except (ArithmeticError, OverflowError):
            return math.nan
        if self.side == "not negative":
            size = 1 / (1 + size) if size >= 0 else size
        gain = {"negative": -size, "false": -size, "zero": 1.0 if value == 0 else -abs(size), "not zero": abs(size)}
        worth = gain.get(self.side, size)
        if worth > self.best:
            self.best, self.point = worth, point
        return size if self.side == "zero" else worth


def _number(t: float, low: Fraction | None, high: Fraction | None) -> Fraction:
    """A number from a scale without ends."""
    if low is None and high is None:
        return Fraction(math.sinh(t))
    if low is not None and high is not None:
        return low + (high - low) * Fraction(1 / (1 + math.exp(-t)))
    return low + Fraction(math.exp(t)) if low is not None else high - Fraction(math.exp(-t))  # type: ignore[operator]


def _amount(condition: sp.Basic) -> sp.Expr:
    """Positive where a condition holds, and the smaller the farther from it."""
    if isinstance(condition, sp.And | sp.Or):
        parts = [_amount(part) for part in condition.args]
        return sp.Max(*parts) if isinstance(condition, sp.Or) else _least(parts)
    if isinstance(condition, sp.Not):
        return -_amount(condition.args[0])
    gap = condition.lhs - condition.rhs
    if isinstance(condition, sp.Eq | sp.Ne):
        return -sp.Abs(gap) if isinstance(condition, sp.Eq) else sp.Abs(gap)
    return gap if condition.rel_op in (">", ">=") else -gap


def _least(parts: Sequence[sp.Expr]) -> sp.Expr:
    """Positive where all are; not the smallest alone: of several that are not, each is to move."""
    return sp.Min(*parts, sp.Add(*(sp.Min(part, 0) for part in parts)) + sp.Min(1, *(sp.Abs(p) for p in parts)))


def _deciding(switch: Switch) -> tuple[Side, ...]:
    """The sides of a switch beside which another one may do something else."""
    sides = (*switch.sides, *switch.sought)
    if "not zero" in sides:
        return ("zero",) if "zero" in sides else ()
    return tuple(side for side in sides if side in ("negative", "positive", "true", "false"))


def _towards(switch: Switch, side: Side) -> sp.Expr:
    """Positive on a side of a switch."""
    if side in ("true", "false"):
        return _amount(switch.argument) * (1 if side == "true" else -1)
    return {"negative": -switch.argument, "zero": sp.S.Half - sp.Abs(switch.argument)}.get(side, switch.argument)


def _never_both(pair: Sequence[Switch], sides: Sequence[Side]) -> bool:
    """Whether two sides are seen to exclude each other, as x > 5 and x < 3."""
    if any(switch.argument.count_ops() > 30 or isinstance(switch.argument, BooleanFunction) for switch in pair):
        return False
    return bool(sp.Add(*(_towards(switch, side) for switch, side in zip(pair, sides, strict=True))).is_nonpositive)


def holds(condition: Condition, places: Mapping[sp.Basic, int]) -> bool:
    """Whether a whole number lies in its range."""
    known = integers(places)
    low, at, high = (end.xreplace(known) for end in (condition.low, condition.index, condition.high))
    return bool(low <= at) and bool(at <= high)


def _bindings(bound: Bound, point: Callable[[Key], Value], chosen: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    """Values of what is bound around a switch."""
    if not bound:
        yield chosen
        return
    (variable, *ends, kind), *rest = bound
    try:
        with ctx.workdps(60):
            low, high = (
                None if end.is_infinite else BoundedFormula(end, frozenset(chosen)).run(State(point, dict(chosen)))
                for end in ends
            )
            values: Sequence[Any]
            if kind is sp.Limit:
                far = [fmpq(10) ** 40, -(fmpq(10) ** 40)]
                values = far if low is None else [low + 1 / far[0], low + 1 / far[1]]
            elif kind is sp.Integral:
                values = [_between(low, high, share) for share in _SHARES]
            else:
                values = range(whole(low), whole(high) + 1)
    except ArithmeticError:
        return
    for value in values:
        yield from _bindings(tuple(rest), point, {**chosen, variable: value})


def _between(low: Any, high: Any, share: fmpq) -> Value:
    if low is None and high is None:
        return (2 * share - 1) / (share * (1 - share))
    if low is None:
        return high - (1 - share) / share
    return low + (share / (1 - share) if high is None else (high - low) * share)


# --- what the assumptions and the domain exclude ------------------------------------------------


def _is_excluded(switch: Switch, side: Side, statement: Statement) -> bool:
    argument = switch.argument
    if isinstance(argument, Relational):
        # As signs of a difference; a derivative says nothing of zero.
        larger = argument.rel_op in (">", ">=")
        out: list[Side] = ["positive" if (side == "true") == larger else "negative"]
        out += ["zero"] if (side == "true") == (argument.rel_op in (">=", "<=")) else []
        gap = replace(switch, argument=argument.lhs - argument.rhs)
        slope = statement.relation == "derivative"
        return all(_is_excluded(gap, one, statement) for one in out if not (slope and one == "zero"))
    if isinstance(argument, BooleanFunction):
        return sp.simplify(argument) == (sp.false if side == "true" else sp.true)
    if side in ("not zero", "on the cut"):
        return False
    ranges = [(c.index, c.low) for c in statement.premises.conditions]
    ranges += [(v, low) for v, low, _, kind in switch.bound if kind in (sp.Sum, sp.Product)]
    inside = dict(in_positive_numbers(statement))
    for index, low in reversed(ranges):
        if isinstance(index, sp.Symbol) and low.is_finite is not False:
            inside[index] = counted_from(low, index)
    for variable, low, high, kind in switch.bound:
        if kind is sp.Integral and low.is_finite is not False and not low.free_symbols:
            u = sp.Symbol(f"_{variable.name}", positive=True)
            inside[variable] = low + (u if high.is_infinite else (high - low) * u / (1 + u))
    for member in argument.atoms(sp.Indexed):
        if member.base in statement.premises.domain and not member.is_integer:
            inside[member] = in_positive_number(sp.Dummy(positive=True), *statement.premises.domain[member.base])
    for node in argument.atoms(*_BOUNDED):
        low, high, is_open = _BOUNDED[type(node)]
        if node.args[0].is_extended_real and (is_open or side != "zero"):
            inside[node] = in_positive_number(sp.Dummy(positive=True), low, high)
    tests = {
        "negative": "is_nonnegative",
        "positive": "is_nonpositive",
        "zero": "is_nonzero",
        "not negative": "is_negative",
    }
    written = argument.replace(lambda node: isinstance(node, sp.Sum | sp.Product), _of_terms).xreplace(inside)
    wave = argument.args[0] if isinstance(argument, sp.sin | sp.cos) else None
    if wave is not None and _keeps_its_half(wave, argument.func, statement):
        return True  # and was on its other side
    forms: tuple[Callable[[], sp.Expr], ...] = (
        lambda: argument,
        lambda: written,
        lambda: sp.factor(sp.together(written)),
        lambda: sp.factor(sp.together(sp.expand(written.rewrite(sp.exp)))),
    )
    if argument.count_ops() > 80:
        forms = forms[:2]
    roots = [t for t in sp.Add.make_args(written) if t.is_Pow and t.exp == sp.S.Half]
    if len(roots) == 1 and sp.expand(roots[0].base - (written - roots[0]) ** 2).is_nonzero:
        return True  # a + √b has no zero, and was on its other side
    if any(getattr(form(), tests[side]) for form in forms) or _has_one_sign(argument, side, statement):
        return True
    cases = _cases(argument)
    return 1 < len(cases) < 9 and all(_is_excluded(replace(switch, argument=case), side, statement) for case in cases)


def _cases(expr: sp.Expr) -> list[sp.Expr]:
    """The expression with each absolute value, maximum and minimum taken as one of what it may be."""
    node = next(iter(expr.atoms(sp.Abs, sp.Max, sp.Min)), None)
    if node is None:
        return [expr]
    parts = (node.args[0], -node.args[0]) if isinstance(node, sp.Abs) else node.args
    return [case for part in parts for case in _cases(expr.xreplace({node: part}))]


#: Between which values a function of a real number lies, and whether it has neither.
_BOUNDED: dict[type, tuple[int, int, bool]] = {
    **dict.fromkeys((sp.erf, sp.tanh), (-1, 1, True)),
    sp.erfc: (0, 2, True),
    **dict.fromkeys((sp.sin, sp.cos, sp.sign), (-1, 1, False)),
    sp.Heaviside: (0, 1, False),
}


def _keeps_its_half(wave: sp.Expr, function: type, statement: Statement) -> bool:
    """Whether a sine or a cosine of a straight line has no zero in a domain."""
    symbols = wave.free_symbols & set(statement.premises.domain)
    if len(symbols) != 1 or wave.free_symbols != symbols or sp.diff(wave, *symbols).free_symbols:
        return False
    (symbol,) = symbols
    turns = [
        wave.subs(symbol, end) / sp.pi - (sp.S.Half if function is sp.cos else 0)
        for end in map(sp.sympify, statement.premises.domain[symbol])
    ]
    return all(t.is_finite for t in turns) and bool(sp.floor(sp.Min(*turns)) + 1 >= sp.Max(*turns))


def _of_terms(total: sp.Expr) -> sp.Expr:
    """A symbol with the sign that a sum or a product has by its terms."""
    term, whole = total.function, all((high - low).is_nonnegative for _, low, high in total.limits)
    if term.is_positive and (whole or isinstance(total, sp.Product)):
        return sp.Dummy(positive=True)
    return sp.Dummy(nonnegative=True) if term.is_nonnegative else total


def _has_one_sign(argument: sp.Expr, side: Side, statement: Statement) -> bool:
    """Whether a polynomial in one symbol has no zero in its domain, and the other sign there."""
    (symbol, *others) = sorted(argument.free_symbols, key=str) or [None]
    if symbol is None or others or not argument.is_polynomial(symbol) or not symbol.is_extended_real:
        return False
    low, high = statement.premises.domain.get(symbol, (0 if symbol.is_nonnegative else -sp.oo, sp.oo))
    polynomial = sp.Poly(argument, symbol)
    if not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ) or not all(
        sp.sympify(end).is_Rational or sp.sympify(end).is_infinite for end in (low, high)
    ):
        return False
    if polynomial.count_roots(None if low == -sp.oo else low, None if high == sp.oo else high):
        return False
    at = (low + high) / 2 if abs(low) != sp.oo != abs(high) else low + 1 if low != -sp.oo else min(high, 0) - 1
    return side != ("positive" if polynomial.eval(at) > 0 else "negative")
