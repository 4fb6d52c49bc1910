"""Does one expression follow from another? Numbers first, then symbols.

Random points can refute and SymPy can prove. Points come first: SymPy's word is
only asked for where no point speaks against it.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

#: Both sides must agree to this many decimal digits ...
AGREE_DIGITS = 30
#: ... of values computed to this many.
WORK_DIGITS = 60

_POINTS = 12
_SIZES = (1, 2, 3)
_SEED = 20260
# Larger differences take SymPy minutes, and the points have agreed already.
_SIMPLIFY_OPS = 400

Point = dict[sp.Basic, sp.Expr]


@dataclass(frozen=True)
class Agreement:
    """Both sides agreed at ``points`` points; ``proved`` where SymPy reduced the difference to 0."""

    proved: bool
    points: int


@dataclass(frozen=True)
class Counterexample:
    """A point where the two sides differ."""

    before: sp.Expr
    after: sp.Expr
    point: Mapping[sp.Basic, sp.Expr]
    values: tuple[sp.Expr, sp.Expr]
    claim: str

    def __str__(self) -> str:
        where = ", ".join(f"{atom} = {value}" for atom, value in self.point.items()) or "every point"
        left, right = self.values
        # As many digits as it takes to see the difference.
        digits = next((n for n in (6, 12, 20) if sp.N(left, n) != sp.N(right, n)), 2 * AGREE_DIGITS)
        return (
            f"the two sides differ{self.claim}.\n  before: {self.before}\n  after:  {self.after}\n"
            f"  at {where}\n  the first gives {sp.N(left, digits)}, the second {sp.N(right, digits)}"
        )


def compare(
    before: sp.Expr,
    after: sp.Expr,
    relation: str,
    variables: Sequence[sp.Basic],
    sizes: Mapping[sp.Symbol, Sequence[int]],
) -> Agreement | Counterexample:
    """Whether ``after`` follows from ``before``.

    Parameters
    ----------
    relation
        ``"equal"`` or ``"derivative"``: the same value. ``"constant"``: the difference
        does not depend on the variables. ``"factor"``: the ratio is positive and does
        not depend on them.
    sizes
        Concrete values at which symbolic sizes are tried.

    Raises
    ------
    ValueError
        If no point of the domain gives both sides a finite value.
    """
    tried = 0
    for left, right, draw in _concrete(before, after, sizes):
        for _ in range(_POINTS):
            point = draw()
            outcome = _try_point(left, right, relation, variables, point, draw)
            if isinstance(outcome, _Gap):
                return Counterexample(before, after, *outcome)
            tried += outcome
    if not tried:
        raise ValueError(f"step: expected finite values somewhere in the domain; got none for {before} and {after}")
    return Agreement(_proved(before, after, relation, variables), tried)


# --- numbers ---------------------------------------------------------------------


def _concrete(
    before: sp.Expr, after: sp.Expr, sizes: Mapping[sp.Symbol, Sequence[int]]
) -> Iterator[tuple[sp.Expr, sp.Expr, "_Draw"]]:
    """Both sides at each combination of concrete sizes, sums and products written out."""
    names = sorted(_size_symbols(before) | _size_symbols(after), key=str)
    rng = random.Random(_SEED)  # noqa: S311  # no secret
    choices: list[Sequence[int]] = [sizes.get(name, _SIZES) for name in names]
    for values in product(*choices):
        chosen = {name: sp.Integer(value) for name, value in zip(names, values, strict=True)}
        indices = _free_indices(before) | _free_indices(after)
        for index in sorted(indices, key=str):
            # An index that no sum binds stands for any place that exists at this size.
            chosen[index] = sp.Integer(rng.randint(1, min(values, default=1)))
        left, right = (side.xreplace(chosen).doit() for side in (before, after))
        yield left, right, _Draw(left, right, chosen, rng)


def _size_symbols(expr: sp.Expr) -> set[sp.Basic]:
    bounds: set[sp.Basic] = set()
    for node in expr.atoms(ExprWithLimits):
        ends = [end for limits in node.limits for end in limits[1:]]
        bounds |= {s for end in ends for s in end.free_symbols if s.is_integer}
    return bounds & expr.free_symbols


def _free_indices(expr: sp.Expr) -> set[sp.Basic]:
    used = {s for node in expr.atoms(sp.Indexed) for index in node.indices for s in index.free_symbols}
    return (used & expr.free_symbols) - _size_symbols(expr)


class _Draw:
    """Draws a random value for each unknown of both sides."""

    def __init__(self, left: sp.Expr, right: sp.Expr, sizes: Point, rng: random.Random) -> None:
        indexed = left.atoms(sp.Indexed) | right.atoms(sp.Indexed)
        families = {label for node in indexed for label in node.base.free_symbols}
        symbols = (left.free_symbols | right.free_symbols) - indexed - families
        self.unknowns = sorted(indexed | symbols, key=str)
        self.sizes = sizes
        self.rng = rng

    def __call__(self) -> Point:
        return {unknown: _value(unknown, self.rng) for unknown in self.unknowns}

    def again(self, point: Point, variables: Sequence[sp.Basic]) -> Point:
        """The same point with the variables, and nothing else, drawn anew."""
        return {u: _value(u, self.rng) if _belongs(u, variables) else value for u, value in point.items()}


def _belongs(unknown: sp.Basic, variables: Sequence[sp.Basic]) -> bool:
    return unknown in variables or (isinstance(unknown, sp.Indexed) and unknown.base in variables)


def _value(unknown: sp.Basic, rng: random.Random) -> sp.Expr:
    """A random number that has the unknown's assumptions; real ones of both signs and several sizes."""
    for _ in range(200):
        magnitude = sp.Rational(rng.randint(1, 999), rng.choice((100, 250, 997)))
        value: sp.Expr = magnitude * rng.choice((1, -1))
        if unknown.is_integer:
            value = sp.Integer(rng.randint(-6, 6))
        elif unknown.is_extended_real is None:
            value += sp.I * sp.Rational(rng.randint(-999, 999), 250)
        if _fits(value, unknown):
            return value
    raise ValueError(f"{unknown}: expected assumptions that a number can have; got {unknown.assumptions0}")


def _fits(value: sp.Expr, unknown: sp.Basic) -> bool:
    properties = ("is_positive", "is_negative", "is_nonzero", "is_nonnegative", "is_nonpositive", "is_even", "is_odd")
    return all(getattr(unknown, p) in (None, getattr(value, p)) for p in properties)


class _Gap(NamedTuple):
    """Where two sides differ, their values there, and what they were allowed to differ by."""

    point: Point
    values: tuple[sp.Expr, sp.Expr]
    allowed: str


def _try_point(
    left: sp.Expr,
    right: sp.Expr,
    relation: str,
    variables: Sequence[sp.Basic],
    point: Point,
    draw: _Draw,
) -> bool | _Gap:
    """True where both sides agree, False where neither is finite and the point says nothing."""
    a, b = _evaluate(left, point), _evaluate(right, point)
    if not (_finite(a) or _finite(b)):
        return False
    where = {**draw.sizes, **point}
    if relation in ("equal", "derivative"):
        return _close(a, b, _scale(left, right, point)) or _Gap(where, (a, b), "")
    other = draw.again(point, variables)
    a2, b2 = _evaluate(left, other), _evaluate(right, other)
    names = ", ".join(str(v) for v in variables)
    if relation == "constant":
        scale = max(_scale(left, right, point), _scale(left, right, other))
        claim = f" by more than a constant in {names}"
        return _close(a - b, a2 - b2, scale) or _Gap(where, (a, b), claim)
    # A ratio: a/b = a2/b2 without a division by zero.
    same = _close(a * b2, a2 * b, max(abs(a * b2), abs(a2 * b))) and (a * b).is_nonnegative
    return bool(same) or _Gap(where, (a, b), f" by more than a positive factor free of {names}")


def _evaluate(expr: sp.Expr, point: Point) -> sp.Expr:
    return sp.N(expr.xreplace(point), WORK_DIGITS, maxn=4 * WORK_DIGITS)


def _finite(value: sp.Expr) -> bool:
    return bool(value.is_number and value.is_finite)


def _scale(left: sp.Expr, right: sp.Expr, point: Point) -> sp.Expr:
    """The largest term on either side: below its rounding, a difference means nothing."""
    terms = [*sp.Add.make_args(left), *sp.Add.make_args(right)]
    sizes = [abs(_evaluate(term, point)) for term in terms]
    return max((size for size in sizes if _finite(size)), default=sp.Integer(0))


def _close(a: sp.Expr, b: sp.Expr, scale: sp.Expr) -> bool:
    if not (_finite(a) and _finite(b)):
        return False
    return bool(abs(a - b) <= scale * sp.Float(10, WORK_DIGITS) ** -AGREE_DIGITS)


# --- symbols ---------------------------------------------------------------------


def _proved(before: sp.Expr, after: sp.Expr, relation: str, variables: Sequence[sp.Basic]) -> bool:
    if relation == "factor":
        ratio = _reduce(sp.powsimp(before / after))
        return bool(ratio.is_positive) and not ratio.has(*variables)
    difference = _reduce(before - after)
    if relation == "constant":
        return not difference.has(*variables)
    return difference == 0


def _reduce(expr: sp.Expr) -> sp.Expr:
    """The expression with logarithms and sums taken apart, and simplified where that is quick."""
    expr = sp.expand(_split_sums(sp.expand(sp.expand_log(expr))))
    expr = sp.expand(sp.expand_log(expr))
    if expr == 0 or expr.count_ops() > _SIMPLIFY_OPS:
        return expr
    return sp.simplify(expr)


def _split_sums(expr: sp.Expr) -> sp.Expr:
    return expr.replace(lambda node: isinstance(node, sp.Sum), _split_sum)


def _split_sum(total: sp.Sum) -> sp.Expr:
    """Σ(c·g + k) as c·Σg + k·(number of terms)."""
    result = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(sp.expand_log(total.function))):
        fixed, varying = term.as_independent(*total.variables, as_Add=False)
        rest = sp.Sum(varying, *total.limits)
        result += fixed * (rest.doit() if varying == 1 else rest)
    return result
