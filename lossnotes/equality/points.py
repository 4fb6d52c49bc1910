"""Points where a mistake would hide: numbers of every magnitude, equal ones, ordered ones, zeros."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

import sympy as sp
from flint import acb, arb, fmpq

from lossnotes.balls.values import Key, Value, as_fmpq, as_fraction
from lossnotes.equality.statement import Statement

_SEED = 20260
#: How the numbers of a point are drawn, in turn. Ordinary ones speak for a statement; the
#: others can only speak against it, or be silent.
STYLES = (
    *("ordinary", "one far", "ordinary", "special", "ordinary", "far", "ties", "ordinary"),
    *("edge", "equal", "ordinary", "zero", "rising", "ordinary", "falling"),
)

Places = dict[sp.Basic, int]
#: The open interval of a number; of a whole number, both ends included. None: no end.
Ends = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Unknowns:
    """What a statement leaves open, and what its numbers may be.

    Attributes
    ----------
    numbers
        The rational numbers that the statement mentions: places where something may switch.
    wide
        Whether numbers from 1e-12 to 1e13 are drawn; around integrals those from 0.01 to 1000.
    """

    domain: Mapping[sp.Basic, Ends]
    numbers: tuple[Fraction, ...]
    wide: bool


def unknowns(statement: Statement) -> Unknowns:
    """The numbers and domains of a statement."""
    sides = (statement.before, statement.after)
    atoms = {abs(as_fraction(n)) for side in sides for n in _rationals(side)}
    domain = {
        key: (_end(low, inward=1), _end(high, inward=-1)) for key, (low, high) in statement.premises.domain.items()
    }
    slow = any(side.has(sp.Integral, sp.Limit) for side in sides)
    return Unknowns(domain, tuple(sorted(atoms)), not slow)


def _rationals(side: sp.Expr) -> Iterator[sp.Rational]:
    return (sp.Rational(number) for number in side.atoms(sp.Number) if number.is_finite)


def _end(end: sp.Expr, inward: int) -> Fraction | None:
    """An end as a fraction; of an irrational one, the nearest sixty digits inside."""
    if end.is_infinite:
        return None
    # A float would round every value that is computed from the point.
    number = sp.nsimplify(end, rational=True)
    if number.is_Rational:
        return as_fraction(number)
    near = sp.Rational(str(sp.N(end, 60)))
    return as_fraction(near) + inward * Fraction(1, 10**55)


@dataclass
class SamplePoint:
    """Gives each unknown a number when it is first asked for, always the same one.

    Attributes
    ----------
    places
        The whole numbers that are sizes and indices here.
    style
        One of ``STYLES``.
    taken
        The numbers given so far.
    moved
        Whether one of them was put where something may switch.
    """

    unknowns: Unknowns
    places: Places
    style: str
    number: int
    taken: dict[Key, "Fraction | tuple[Fraction, Fraction]"] = field(default_factory=dict)
    moved: bool = False

    @property
    def ordinary(self) -> bool:
        return self.style == "ordinary" and not self.moved

    def __call__(self, key: Key) -> Value:
        if key in self.places:
            return fmpq(self.places[key])
        if key not in self.taken:
            self.taken[key] = self._drawn(key)
        found = self.taken[key]
        return acb(arb(as_fmpq(found[0])), arb(as_fmpq(found[1]))) if isinstance(found, tuple) else as_fmpq(found)

    def with_(self, key: Key, value: "Fraction") -> "SamplePoint":
        """The same point with one number exchanged; it is no ordinary one any more."""
        return replace(self, moved=True, taken={**self.taken, key: value})

    def elsewhere(self, variables: Sequence[sp.Basic]) -> "SamplePoint":
        """A point with other numbers for these variables and the same ones for all else."""
        return _Elsewhere(self, tuple(variables))

    def described(self) -> dict[str, str]:
        """Names and numbers, sizes first."""
        taken = {_name(key): value for key, value in self.taken.items()}
        return {str(k): str(v) for k, v in self.places.items()} | {k: _text(taken[k]) for k in sorted(taken)}

    def ends(self, key: Key) -> Ends:
        """The interval in which an unknown lies, by its domain and by its assumptions."""
        low, high = self.unknowns.domain.get(_family(key), (None, None))
        kind = _kind(_family(key))
        return (Fraction(0) if low is None and kind.is_above else low), (
            Fraction(0) if high is None and kind.is_below else high
        )

    def is_whole(self, key: Key) -> bool:
        return _kind(_family(key)).is_whole

    def allows(self, key: Key, value: Fraction) -> bool:
        """Whether an unknown may have this value."""
        low, high = self.unknowns.domain.get(_family(key), (None, None))
        inside = (low is None or low < value) and (high is None or value < high)
        inside |= self.is_whole(key) and value in (low, high)
        return inside and all(test(value) for test in _kind(_family(key)).tests)

    def _drawn(self, key: Key) -> "Fraction | tuple[Fraction, Fraction]":
        kind = _kind(_family(key))
        # All alike: the same draw for each unknown.
        name = "" if self.style == "equal" else f"{kind.name}{key[1] if isinstance(key, tuple) else ''}"
        rng = random.Random(f"{_SEED}/{self.number}/{name}")  # noqa: S311  # no secret
        for attempt in range(400):
            value = self._one(rng, kind, key, attempt)
            if isinstance(value, tuple) or all(test(value) for test in kind.tests):
                return value
        raise ValueError(
            f"{_name(key)}: expected assumptions that a number can have; got {_as_symbol(key).assumptions0}"
        )

    def _one(self, rng: random.Random, kind: "_Kind", key: Key, attempt: int) -> "Fraction | tuple[Fraction, Fraction]":
        # What a style cannot give, an ordinary draw does: a positive number is never 0 or −1.
        style = self.style if attempt < 40 else "ordinary"
        if style == "one far":
            style = "far" if rng.random() < 0.3 else "ordinary"
        ends = self.unknowns.domain.get(_family(key), (None, None))
        if kind.is_whole:
            return Fraction(_whole(rng, self.unknowns.numbers, style, ends))
        if kind.is_imaginary:
            return Fraction(0), _real(rng, style, self.unknowns)
        if style in ("rising", "falling"):
            return _in_order(key, style, ends)
        if ends != (None, None):
            return _inside(rng, style, self.unknowns, ends)
        if kind.is_complex and style not in ("special", "zero"):
            style = style if style == "far" else "ordinary"
            return _real(rng, style, self.unknowns), _real(rng, style, self.unknowns)
        return _real(rng, style, self.unknowns)


class _Elsewhere(SamplePoint):
    """A point that answers for the variables by itself, and asks another one for the rest."""

    def __init__(self, first: SamplePoint, variables: tuple[sp.Basic, ...]) -> None:
        # Ordinary numbers here: where all are 0 there, they must not be 0 again.
        super().__init__(first.unknowns, first.places, "ordinary", first.number + 7919)
        self.first, self.variables = first, variables

    def __call__(self, key: Key) -> Value:
        mine = _family(key) in self.variables
        return super().__call__(key) if mine else self.first(key)


def _family(key: Key) -> sp.Basic:
    return key[0] if isinstance(key, tuple) else key


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
    if style == "zero":
        return Fraction(0)
    if style == "ties":
        return Fraction(rng.choice((1, 1, 2, -1)))
    if style == "far":
        reach = 12 if about.wide else 2
        return sign * Fraction(rng.randint(100, 999), 100) * Fraction(10) ** rng.randint(-reach, reach)
    return sign * Fraction(rng.randint(101, 999), 997) * rng.choice((Fraction(1, 2), 1, 1, 2, 5, 20))


def _whole(rng: random.Random, numbers: Sequence[Fraction], style: str, ends: Ends) -> int:
    low, high = ends
    if low is not None and high is not None and high - low < 10**6:
        return rng.randint(int(low), int(high))
    if style == "zero":
        return 0
    named = [int(n) for n in numbers if n.denominator == 1 and n < 10**6]
    near = rng.choice((1, -1)) * rng.choice(named or [0]) + rng.randint(-1, 2)
    drawn = rng.choice((rng.randint(-6, 6), rng.randint(-60, 60), near))
    if low is not None:
        return int(low) + abs(drawn)
    return drawn if high is None else int(high) - abs(drawn)


def _in_order(key: Key, style: str, ends: Ends) -> Fraction:
    """Larger for later members and names, or smaller."""
    places = key[1] if isinstance(key, tuple) else tuple(str(key).encode()[:3])
    rank = Fraction(0)
    for place in places:
        rank = rank * 300 + place
    share = abs(rank) / (abs(rank) + 300) if rank >= 0 else Fraction(300) / (300 - rank) / 2
    share = share if style == "rising" else 1 - share / 2
    low, high = ends
    if low is None or high is None:
        return (low or 0) + 5 * share if high is None else high - 5 * (1 - share)
    return low + (high - low) * (share + Fraction(1, 7)) / 2


def _inside(rng: random.Random, style: str, about: Unknowns, ends: Ends) -> Fraction:
    low, high = ends
    if style == "zero":
        return (
            Fraction(0)
            if (low is None or low < 0) and (high is None or high > 0)
            else _inside(rng, "ties", about, ends)
        )
    if style == "special":
        named = [n for m in about.numbers for n in (m, -m) if (low is None or low < n) and (high is None or n < high)]
        if named and rng.random() < 0.7:
            return rng.choice(named)
    if low is None or high is None:
        # A special number may be 0, and the end itself is no part of the interval.
        inward = abs(_real(rng, style, about)) or abs(_real(rng, "ordinary", about))
        return low + inward if high is None else high - inward  # type: ignore[operator]
    share = Fraction(rng.randint(1, 996), 997)
    if style in ("far", "edge"):
        share = Fraction(rng.randint(10, 99), 10 ** rng.choice((3, 5, 8, 13, 40)))
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

    name: str
    tests: tuple[Callable[[Fraction], bool], ...]
    is_whole: bool
    is_imaginary: bool
    is_complex: bool
    is_above: bool
    is_below: bool


@cache
def _kind(family: sp.Basic) -> _Kind:
    # Asked once a family: SymPy deduces the assumptions of each new member afresh.
    one = family[1] if isinstance(family, sp.IndexedBase) else family
    known = {name: getattr(one, f"is_{name}") for name in _TESTS}
    tests = tuple(_asked(test, known[name]) for name, test in _TESTS.items() if known[name] is not None)
    signed = any(known[name] for name in ("positive", "negative", "nonnegative", "nonpositive"))
    return _Kind(
        f"{type(family).__name__} {family}",
        tests,
        is_whole=bool(one.is_integer),
        is_imaginary=bool(one.is_imaginary),
        is_complex=not one.is_extended_real and not signed,
        is_above=bool(one.is_nonnegative),
        is_below=bool(one.is_nonpositive),
    )


def _asked(test: Callable[[Fraction], bool], expected: bool) -> Callable[[Fraction], bool]:
    return lambda value: test(value) == expected


def integers(places: Mapping[sp.Basic, int]) -> dict[sp.Basic, sp.Integer]:
    """What to put into an expression for the whole numbers of a point."""
    return {symbol: sp.Integer(value) for symbol, value in places.items()}


def fits(value: Fraction, unknown: sp.Basic) -> bool:
    """Whether a rational number has the assumptions of a symbol, or of a member."""
    family = unknown.base if isinstance(unknown, sp.Indexed) else unknown
    return all(test(value) for test in _kind(family).tests)
