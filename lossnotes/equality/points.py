"""Points where a mistake would hide: sizes, indices, and numbers of every magnitude."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from itertools import product

import sympy as sp
from flint import acb, arb, fmpq
from sympy.core.relational import Relational

from lossnotes.balls.values import Key, Value, exact
from lossnotes.equality.statement import Condition, Statement

_SEED = 20260
#: A size or index beyond this takes too long to sum to, and is not tried.
_LARGEST = 2000
#: How the numbers of a point are drawn, in turn. Ordinary ones speak for a statement; the
#: others can only speak against it, or be silent.
STYLES = ("ordinary", "one far", "ordinary", "special", "ordinary", "far", "ties", "ordinary", "edge")

Places = dict[sp.Basic, int]


@dataclass(frozen=True)
class Unknowns:
    """What a statement leaves open, and what its numbers may be.

    Attributes
    ----------
    numbers
        The rational numbers that the statement mentions: places where something may switch.
    wide
        Whether numbers from 1e-12 to 1e12 are drawn; around integrals they are not.
    """

    domain: Mapping[sp.Basic, tuple[fmpq | None, fmpq | None]]
    numbers: tuple[Fraction, ...]
    wide: bool


def unknowns(statement: Statement) -> Unknowns:
    sides = (statement.before, statement.after)
    atoms = {abs(Fraction(int(n.p), int(n.q))) for side in sides for n in _rationals(side)}
    domain = {key: tuple(_end(end) for end in ends) for key, ends in statement.premises.domain.items()}
    slow = any(side.has(sp.Integral, sp.Limit) for side in sides)
    return Unknowns(domain, tuple(sorted(atoms)), not slow)  # type: ignore[arg-type]


def _rationals(side: sp.Expr) -> Iterator[sp.Rational]:
    return (sp.Rational(number) for number in side.atoms(sp.Number) if number.is_finite)


def _end(end: object) -> fmpq | None:
    number = sp.sympify(end)
    # A float would round every value that is computed from the point.
    return None if number.is_infinite else exact(sp.nsimplify(number, rational=True))


@dataclass
class Point:
    """Gives each unknown a number when it is first asked for, always the same one.

    Attributes
    ----------
    places
        The whole numbers that are sizes and indices here.
    style
        One of ``STYLES``.
    taken
        The numbers given so far.
    """

    unknowns: Unknowns
    places: Places
    style: str
    number: int
    taken: dict[Key, "Fraction | tuple[Fraction, Fraction]"] = field(default_factory=dict)

    @property
    def ordinary(self) -> bool:
        return self.style == "ordinary"

    def __call__(self, key: Key) -> Value:
        if key in self.places:
            return fmpq(self.places[key])
        if key not in self.taken:
            self.taken[key] = self._drawn(key)
        found = self.taken[key]
        return acb(arb(_fmpq(found[0])), arb(_fmpq(found[1]))) if isinstance(found, tuple) else _fmpq(found)

    def with_(self, key: Key, value: "Fraction") -> "Point":
        """The same point with one number exchanged; it counts as special."""
        return replace(self, style="special", taken={**self.taken, key: value})

    def elsewhere(self, variables: Sequence[sp.Basic]) -> "Point":
        """A point with other numbers for these variables and the same ones for all else."""
        return _Elsewhere(self, tuple(variables))

    def described(self) -> dict[str, str]:
        """Names and numbers, sizes first."""
        taken = {_name(key): value for key, value in self.taken.items()}
        return {str(k): str(v) for k, v in self.places.items()} | {k: _text(taken[k]) for k in sorted(taken)}

    def _drawn(self, key: Key) -> "Fraction | tuple[Fraction, Fraction]":
        family = key[0] if isinstance(key, tuple) else key
        kind = _kind(family)
        rng = random.Random(f"{_SEED}/{self.number}/{family}/{key[1] if isinstance(key, tuple) else ''}")  # noqa: S311  # no secret
        ends = self.unknowns.domain.get(family)
        for attempt in range(400):
            value = self._one(rng, kind, ends, attempt)
            if isinstance(value, tuple) or all(test(value) for test in kind.tests):
                return value
        raise ValueError(
            f"{_name(key)}: expected assumptions that a number can have; got {_as_symbol(key).assumptions0}"
        )

    def _one(
        self, rng: random.Random, kind: "_Kind", ends: tuple[fmpq | None, fmpq | None] | None, attempt: int
    ) -> "Fraction | tuple[Fraction, Fraction]":
        # What a style cannot give, an ordinary draw does: a positive number is never 0 or −1.
        style = self.style if attempt < 40 else "ordinary"
        if style == "one far":
            style = "far" if rng.random() < 0.3 else "ordinary"
        if kind.is_whole:
            return Fraction(_whole(rng, self.unknowns.numbers))
        if kind.is_imaginary:
            return Fraction(0), _real(rng, style, self.unknowns)
        if ends is not None:
            return _inside(rng, style, self.unknowns, ends)
        if kind.is_complex and style != "special":
            return _real(rng, "ordinary", self.unknowns), _real(rng, "ordinary", self.unknowns)
        return _real(rng, style, self.unknowns)


class _Elsewhere(Point):
    """A point that answers for the variables by itself, and asks another one for the rest."""

    def __init__(self, first: Point, variables: tuple[sp.Basic, ...]) -> None:
        super().__init__(first.unknowns, first.places, first.style, first.number + 7919)
        self.first, self.variables = first, variables

    def __call__(self, key: Key) -> Value:
        mine = (key[0] if isinstance(key, tuple) else key) in self.variables
        return super().__call__(key) if mine else self.first(key)


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _as_symbol(key: Key) -> sp.Expr:
    return key[0][key[1]] if isinstance(key, tuple) else key


def _name(key: Key) -> str:
    return str(_as_symbol(key))


def _text(value: "Fraction | tuple[Fraction, Fraction]") -> str:
    if isinstance(value, tuple):
        return f"{_text(value[0])} + {_text(value[1])}*I"
    return str(value) if len(str(value)) < 24 else f"{float(value):.17g}"


def _real(rng: random.Random, style: str, about: Unknowns) -> Fraction:
    sign = rng.choice((1, -1))
    if style in ("special", "edge"):
        named = rng.choice((*about.numbers, Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2), Fraction(40)))
        beside = 0 if style == "special" else rng.choice((1, -1)) * Fraction(1, 10 ** rng.choice((3, 6, 9, 12)))
        return sign * named + beside
    if style == "ties":
        return Fraction(rng.choice((1, 1, 2, -1)))
    if style == "far" and about.wide:
        return (
            sign * Fraction(rng.randint(100, 999), 100) * Fraction(10) ** rng.choice((-12, -9, -6, -3, 2, 3, 6, 9, 12))
        )
    return sign * Fraction(rng.randint(101, 999), 997) * rng.choice((Fraction(1, 2), 1, 1, 2, 5, 20))


def _whole(rng: random.Random, numbers: Sequence[Fraction]) -> int:
    named = [int(n) for n in numbers if n.denominator == 1 and n < 10**6]
    near = rng.choice(named or [0]) + rng.randint(-1, 2)
    return rng.choice((rng.randint(-6, 6), rng.randint(-60, 60), near))


def _inside(rng: random.Random, style: str, about: Unknowns, ends: tuple[fmpq | None, fmpq | None]) -> Fraction:
    low, high = (None if end is None else Fraction(int(end.p), int(end.q)) for end in ends)
    if low is None and high is None:
        return _real(rng, style, about)
    if style == "special":
        named = [n for m in about.numbers for n in (m, -m) if (low is None or low < n) and (high is None or n < high)]
        if named and rng.random() < 0.7:
            return rng.choice(named)
    if low is None:
        return high - abs(_real(rng, style, about))  # type: ignore[operator]
    if high is None:
        return low + abs(_real(rng, style, about))
    share = Fraction(rng.randint(1, 996), 997)
    if style in ("far", "edge"):
        share = Fraction(rng.randint(10, 99), 10 ** rng.randint(3, 13))
        share = rng.choice((share, 1 - share))
    if style == "ties":
        share = rng.choice((Fraction(1, 2), Fraction(1, 2), Fraction(1, 4)))
    return low + (high - low) * share


_TESTS: dict[str, Callable[[Fraction], bool]] = {
    "positive": lambda v: v > 0,
    "negative": lambda v: v < 0,
    "nonnegative": lambda v: v >= 0,
    "nonpositive": lambda v: v <= 0,
    "nonzero": lambda v: v != 0,
    "zero": lambda v: v == 0,
    "integer": lambda v: v.denominator == 1,
    "noninteger": lambda v: v.denominator != 1,
    "even": lambda v: v.denominator == 1 and v % 2 == 0,
    "odd": lambda v: v.denominator == 1 and v % 2 == 1,
    "prime": lambda v: v.denominator == 1 and bool(sp.isprime(int(v))),
    "composite": lambda v: v.denominator == 1 and v > 3 and not sp.isprime(int(v)),
    "irrational": lambda v: False,
}


@dataclass(frozen=True)
class _Kind:
    """What the assumptions of a symbol, or of a family's members, ask of a number."""

    tests: tuple[Callable[[Fraction], bool], ...]
    is_whole: bool
    is_imaginary: bool
    is_complex: bool


@cache
def _kind(family: sp.Basic) -> _Kind:
    # Asked once a family: SymPy deduces the assumptions of each new member afresh.
    one = family[1] if isinstance(family, sp.IndexedBase) else family
    known = {name: getattr(one, f"is_{name}") for name in _TESTS}
    tests = tuple(_asked(test, known[name]) for name, test in _TESTS.items() if known[name] is not None)
    signed = any(known[name] for name in ("positive", "negative", "nonnegative", "nonpositive"))
    return _Kind(tests, bool(one.is_integer), bool(one.is_imaginary), one.is_extended_real is None and not signed)


def _asked(test: Callable[[Fraction], bool], expected: bool) -> Callable[[Fraction], bool]:
    return lambda value: test(value) == expected


def fits(value: Fraction, unknown: sp.Basic) -> bool:
    """Whether a rational number has the assumptions of a symbol, or of a member."""
    family = unknown.base if isinstance(unknown, sp.Indexed) else unknown
    return all(test(value) for test in _kind(family).tests)


# --- whole numbers ---------------------------------------------------------------------


def placements(statement: Statement) -> list[Places]:
    """Values for sizes and indices: small ones, and those around each number that is mentioned.

    Raises
    ------
    ValueError
        If the statement may change at a size that is too large to try, or no value fits.
    """
    sides = (statement.before, statement.after, *statement.variables, *statement.premises.meaning.values())
    conditions = statement.premises.conditions
    ranges = [end for c in conditions for end in (c.low, c.high) if not end.is_infinite]
    mentioned = sorted({*_mentioned(sides), *(int(n) for end in ranges for n in end.atoms(sp.Integer))})
    sizes = sorted(_sizes(sides) | _free_whole(ranges) - {c.index for c in conditions}, key=str)
    indices = sorted((_indices(sides) | {c.index for c in conditions if c.index.is_Symbol}) - set(sizes), key=str)
    rng = random.Random(_SEED)  # noqa: S311  # no secret
    choices = [_near(size, mentioned, sum_to=True) for size in sizes]
    found: list[Places] = []
    for values in _covering(choices, 14, rng):
        chosen = dict(zip(sizes, values, strict=True))
        places = [_range(index, conditions, chosen, mentioned) for index in indices]
        for spots in _covering(places, 8 if len(sizes) < 2 else 4, rng):
            candidate = chosen | dict(zip(indices, spots, strict=True))
            if all(_holds(condition, candidate) for condition in conditions):
                found.append(candidate)
    for named in _named(sides, [*sizes, *indices]):
        candidate = (found[0] if found else {}) | named
        if all(_holds(condition, candidate) for condition in conditions):
            found.append(candidate)
    if not found:
        raise ValueError(f"step: expected sizes at which {' and '.join(map(str, conditions))}; got none")
    return found


def _sizes(sides: Sequence[sp.Basic]) -> set[sp.Basic]:
    """The whole numbers up to which the expressions sum."""
    found: set[sp.Basic] = set()
    for side in sides:
        for node in side.atoms(sp.Sum, sp.Product):
            found |= {s for limits in node.limits for end in limits[1:] for s in end.free_symbols if s.is_integer}
    return found & set().union(*(side.free_symbols for side in sides)) if found else found


def _free_whole(exprs: Iterable[sp.Basic]) -> set[sp.Basic]:
    return {s for expr in exprs for s in expr.free_symbols if s.is_integer}


def _indices(sides: Sequence[sp.Basic]) -> set[sp.Basic]:
    """The whole numbers that choose a member or a case, where no sum binds them."""
    free = set().union(*(side.free_symbols for side in sides))
    used: set[sp.Basic] = set()
    for side in sides:
        for node in side.atoms(sp.Indexed, sp.KroneckerDelta):
            parts = node.indices if isinstance(node, sp.Indexed) else node.args
            used |= _free_whole(parts)
    return used & free


def _named(sides: Sequence[sp.Basic], symbols: Sequence[sp.Basic]) -> list[Places]:
    """Places at which all that is compared with a number equals one at once: i = 3 and j = 11."""
    found: dict[sp.Basic, set[int]] = {}
    for side in sides:
        for node in side.atoms(sp.KroneckerDelta, Relational):
            for one, other in (node.args, node.args[::-1]):
                if one in symbols and other.is_Integer and fits(Fraction(int(other)), one):
                    found.setdefault(one, set()).add(int(other))
    combinations = list(product(*(sorted(found[symbol]) for symbol in found))) if found else []
    return [dict(zip(found, values, strict=True)) for values in combinations[:24]]


_SWITCHES = (sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside, sp.KroneckerDelta, Relational)


def _mentioned(sides: Sequence[sp.Basic]) -> list[int]:
    """The numbers at which something in the whole numbers may change."""
    found: set[int] = set()
    for side in sides:
        for node in side.atoms(sp.Indexed, sp.Sum, sp.Product, sp.Add, *_SWITCHES):
            parts = [end for limits in node.limits for end in limits[1:]] if hasattr(node, "limits") else node.args
            parts = node.indices if isinstance(node, sp.Indexed) else parts
            if isinstance(node, sp.Add) and not _is_whole(node):
                continue
            switches = not isinstance(node, sp.Add)
            for part in parts:
                if not _is_whole(part) or part.is_infinite:
                    continue
                numbers = {abs(int(n)) for n in part.atoms(sp.Integer)}
                too_large = [n for n in numbers if n > _LARGEST]
                if too_large and switches and any(p.free_symbols and _is_whole(p) for p in node.args):
                    raise ValueError(
                        f"step: expected whole numbers up to {_LARGEST} where something changes; got {max(too_large)}, "
                        "a size that is too large to try. State it for a smaller one"
                    )
                found |= {n for n in numbers if n <= (_LARGEST if switches else 64)}
    return sorted(found)


def _is_whole(expr: sp.Basic) -> bool:
    return all(s.is_integer for s in expr.free_symbols)


def _near(size: sp.Basic, mentioned: Sequence[int], sum_to: bool = False) -> list[int]:
    low = 0 if size.is_nonnegative or size.is_positive else -2
    values = {*range(low, low + 7), low + 9 if sum_to else low + 12}
    values |= {n + by for n in mentioned for by in (-1, 0, 1, 2)}
    return sorted(value for value in values if fits(Fraction(value), size))


def _range(index: sp.Basic, conditions: Sequence[Condition], chosen: Places, mentioned: Sequence[int]) -> list[int]:
    """Places for an index: all its range where a condition gives it one, else inside and outside."""
    values = set(_near(index, [*mentioned, *(v for v in chosen.values() if v > 0)]))
    for condition in conditions:
        if condition.index == index and condition.low.free_symbols | condition.high.free_symbols <= set(chosen):
            ends = [end.xreplace(_integers(chosen)) for end in (condition.low, condition.high)]
            values |= {int(end) for end in ends if end.is_Integer}
            values = {v for v in values if ends[0] <= v <= ends[1]}
    return sorted(value for value in values if fits(Fraction(value), index))


def _integers(chosen: Places) -> dict[sp.Basic, sp.Integer]:
    return {symbol: sp.Integer(value) for symbol, value in chosen.items()}


def _holds(condition: Condition, places: Places) -> bool:
    low, at, high = (end.xreplace(_integers(places)) for end in (condition.low, condition.index, condition.high))
    return bool(low <= at) and bool(at <= high)


def _covering(choices: Sequence[Sequence[int]], most: int, rng: random.Random) -> Iterator[tuple[int, ...]]:
    """All combinations if they are few; else so many that each value occurs at least once."""
    if any(not values for values in choices):
        return
    total = 1
    for values in choices:
        total *= len(values)
    if total <= max(most, max(map(len, choices), default=1)):
        yield from product(*choices)
        return
    rows = max(most, max(map(len, choices)))
    columns = []
    for values in choices:
        column = [*values, *(rng.choice(values) for _ in range(rows - len(values)))]
        rng.shuffle(column)
        columns.append(column)
    seen = set(zip(*columns, strict=True))
    # All equal: what holds for different indices only.
    common = set(choices[0]).intersection(*map(set, choices[1:]))
    seen |= {(value,) * len(choices) for value in sorted(common)[:2]}
    yield from sorted(seen)
