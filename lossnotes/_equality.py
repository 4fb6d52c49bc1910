"""Does one expression follow from another? Numbers first, then symbols.

Random points can refute and SymPy can prove. Points come first: SymPy's word is
only asked for where no point speaks against it.
"""

import random
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from types import FrameType
from typing import Any, NamedTuple

import sympy as sp
from mpmath.libmp import fone, mpf_add, mpf_log
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.evalf import evalf, evalf_log, evalf_table, fastlog

from lossnotes.functions import spelled_out

#: A difference counts as zero when this many digits of its terms cancel.
DIGITS = 400
#: Seconds of computing that SymPy gets for the proof of a step, or for writing a step out.
PATIENCE = 10.0

_SEED = 20260
_POINTS = 60
_LARGEST = 8

Point = dict[sp.Basic, sp.Expr]


@dataclass(frozen=True)
class Premises:
    """What a step may rely on, besides the assumptions of its symbols.

    Attributes
    ----------
    sizes
        Symbolic size → the concrete values at which a step is tried.
    domain
        Symbol → the open interval from which its values are drawn.
    meaning
        Abbreviation → what it stands for. Its assumptions are tried at each point.
    """

    sizes: Mapping[sp.Symbol, Sequence[int]] = field(default_factory=dict)
    domain: Mapping[sp.Symbol, tuple[Any, Any]] = field(default_factory=dict)
    meaning: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Agreement:
    """Both sides agreed at ``points`` points; ``proved`` where SymPy reduced what is left to nothing."""

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
        digits = next((n for n in (6, 12, 20, 60) if sp.N(left, n) != sp.N(right, n)), DIGITS)
        return (
            f"the two sides differ{self.claim}.\n  before: {self.before}\n  after:  {self.after}\n"
            f"  at {where}\n  the first gives {sp.N(left, digits)}, the second {sp.N(right, digits)}"
        )


def compare(
    before: sp.Expr, after: sp.Expr, relation: str, variables: Sequence[sp.Basic], premises: Premises
) -> Agreement | Counterexample:
    """Whether ``after`` follows from ``before``.

    Parameters
    ----------
    relation
        ``"equal"`` or ``"derivative"``: the same value. ``"constant"``: the difference
        does not depend on the variables. ``"factor"``: the ratio is positive and does
        not depend on them.

    Raises
    ------
    ValueError
        If no point of the domain gives both sides a finite value, if an abbreviation's
        meaning contradicts its assumptions, or if SymPy cannot write a side out in time.
    """
    _require_distinct_names(before, after)
    # Definitions let SymPy see how many digits an argument needs; a function hides that.
    left, right = spelled_out(before), spelled_out(after)
    tried = ordinary = 0
    for draw in _sizes_in_turn(left, right, variables, premises):
        for number in range(draw.points):
            with _each_value_once():
                outcome = _try_point(draw, relation, variables, special=number % 3 == 2)
            if isinstance(outcome, _Gap):
                return Counterexample(before, after, *outcome)
            tried += outcome
            ordinary += outcome and number % 3 != 2
    if not ordinary:
        raise ValueError(f"step: expected finite values somewhere in the domain; got none for {before} and {after}")
    return Agreement(_proved(left, right, relation, variables), tried)


def _require_distinct_names(*sides: sp.Expr) -> None:
    labels = {base.label for side in sides for base in side.atoms(sp.IndexedBase)}
    indexed = {symbol.name for symbol in labels}
    alone = {s.name for side in sides for s in side.atoms(sp.Symbol) - labels}
    # Indexed families carry their label along as a symbol; a second one of that name is a trap.
    if indexed & alone:
        name = min(indexed & alone)
        raise ValueError(f"{name}: expected one meaning for the name; got a symbol and an indexed family")


# --- concrete sizes --------------------------------------------------------------


def _sizes_in_turn(
    before: sp.Expr, after: sp.Expr, variables: Sequence[sp.Basic], premises: Premises
) -> Iterator["_Draw"]:
    names = sorted(size_symbols(before) | size_symbols(after), key=str)
    unknown = sorted(str(name) for name in set(premises.sizes) - set(names))
    if unknown:
        raise ValueError(f"sizes: expected sizes of the expression; got {', '.join(unknown)}")
    least = max((i for side in (before, after, *variables) for i in _concrete_indices(side)), default=0)
    choices = [_choices(name, premises.sizes, least) for name in names]
    combinations = _some(list(product(*choices)))
    rng = random.Random(_SEED)  # noqa: S311  # no secret
    for values in combinations:
        chosen = {name: sp.Integer(value) for name, value in zip(names, values, strict=True)}
        ranges = {index: _range(index, (before, after), chosen) for index in _free_indices(before, after, names)}
        with deadline(PATIENCE):
            left, right = (_written_out(side, chosen).replace(sp.log, _Log) for side in (before, after))
            meaning = {s: _written_out(m, chosen).replace(sp.log, _Log) for s, m in premises.meaning.items()}
        points = max(6, -(-_POINTS // len(combinations)))
        yield _Draw(left, right, chosen, ranges, Premises(domain=premises.domain, meaning=meaning), rng, points)


def size_symbols(expr: sp.Expr) -> set[sp.Basic]:
    """The integer symbols up to which an expression sums."""
    bounds: set[sp.Basic] = set()
    for node in expr.atoms(ExprWithLimits):
        ends = [end for limits in node.limits for end in limits[1:]]
        bounds |= {s for end in ends for s in end.free_symbols if s.is_integer}
    return bounds & expr.free_symbols


def _choices(name: sp.Symbol, sizes: Mapping[sp.Symbol, Sequence[int]], least: int) -> list[int]:
    if name in sizes:
        wrong = [value for value in sizes[name] if not _fits(sp.Integer(value), name)]
        if wrong or not sizes[name]:
            raise ValueError(f"sizes: expected values that {name} can have; got {wrong or 'none'}")
        return list(sizes[name])
    low = max(least, 0 if name.is_nonnegative or name.is_positive else -2)
    return [value for value in (*range(low, low + 6), low + _LARGEST) if _fits(sp.Integer(value), name)]


def _some(combinations: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The smaller ones, and a few of the larger: each size is tried small and large."""
    ordered = sorted(combinations, key=lambda values: (sum(values), values))
    return ordered if len(ordered) <= 12 else ordered[:9] + ordered[9 :: max(1, (len(ordered) - 9) // 3)][:3]


def _concrete_indices(expr: sp.Basic) -> set[int]:
    nodes = expr.atoms(sp.Indexed) if isinstance(expr, sp.Basic) else set()
    return {int(index) for node in nodes for index in node.indices if index.is_Integer}


def _free_indices(before: sp.Expr, after: sp.Expr, sizes: Sequence[sp.Basic]) -> list[sp.Basic]:
    nodes = before.atoms(sp.Indexed) | after.atoms(sp.Indexed)
    used = {s for node in nodes for index in node.indices for s in index.free_symbols}
    deltas = before.atoms(sp.KroneckerDelta) | after.atoms(sp.KroneckerDelta)
    used |= {s for delta in deltas for s in delta.free_symbols if s.is_integer}
    return sorted(used & (before.free_symbols | after.free_symbols) - set(sizes), key=str)


def _range(index: sp.Basic, sides: Sequence[sp.Expr], chosen: Mapping[sp.Basic, sp.Expr]) -> tuple[int, int]:
    """From where to where an index that no sum binds may go: as the sums over its families do."""
    nodes = {node for side in sides for node in side.atoms(sp.Indexed)}
    places = {(node.base, at) for node in nodes for at, i in enumerate(node.indices) if i == index}
    limits = [limit for side in sides for total in side.atoms(ExprWithLimits) for limit in total.limits]
    bound = {i for node in nodes for at, i in enumerate(node.indices) if (node.base, at) in places} - {index}
    found = [(low.xreplace(chosen), high.xreplace(chosen)) for v, low, high in limits if v in bound or v == index]
    whole = [(int(low), int(high)) for low, high in found if low.is_Integer and high.is_Integer]
    return max(whole, key=lambda ends: ends[1]) if whole else (1, 4)


def _written_out(expr: sp.Expr, chosen: Mapping[sp.Basic, sp.Expr]) -> sp.Expr:
    """Sums and products to concrete ends, term by term; below its start a sum is empty."""
    concrete = expr.xreplace(dict(chosen))
    return concrete.replace(lambda node: isinstance(node, sp.Sum | sp.Product), _terms).doit()


def _terms(total: sp.Sum | sp.Product) -> sp.Expr:
    combine = sp.Add if isinstance(total, sp.Sum) else sp.Mul
    result = total.function
    for variable, low, high in total.limits:
        if not (low.is_Integer and high.is_Integer):
            return total
        result = combine(*(result.xreplace({variable: sp.Integer(at)}) for at in range(int(low), int(high) + 1)))
    return result


# --- points ----------------------------------------------------------------------


@dataclass
class _Draw:
    """Draws a random value for each unknown of both sides."""

    left: sp.Expr
    right: sp.Expr
    sizes: Point
    ranges: Mapping[sp.Basic, tuple[int, int]]
    premises: Premises
    rng: random.Random
    points: int

    def indices(self) -> Point | None:
        """Places for the free indices; None where there is no place at this size."""
        if any(low > high for low, high in self.ranges.values()):
            return None
        return {index: sp.Integer(self.rng.randint(*ends)) for index, ends in self.ranges.items()}

    def unknowns(self, *sides: sp.Expr) -> list[sp.Basic]:
        indexed = {node for side in sides for node in side.atoms(sp.Indexed)}
        labels = {symbol for node in indexed for symbol in node.base.free_symbols}
        symbols = {symbol for side in sides for symbol in side.free_symbols} - indexed - labels
        return sorted(indexed | symbols, key=str)

    def value(self, unknown: sp.Basic, special: bool) -> sp.Expr:
        domain = self.premises.domain.get(unknown)
        if domain is not None:
            # A float would round every value that is computed from the point.
            low, high = (sp.nsimplify(sp.sympify(end), rational=True) for end in domain)
            return low + (high - low) * sp.Rational(self.rng.randint(1, 996), 997)
        return _value(unknown, self.rng, special)


#: Zero, one, and sizes at which what is small among ordinary numbers is not small any more.
_SPECIAL = tuple(map(sp.sympify, (0, 1, -1, "1/1000", "-1/1000", 40, -40, 1000, -1000)))


def _value(unknown: sp.Basic, rng: random.Random, special: bool) -> sp.Expr:
    """A number that has the unknown's assumptions: real ones of both signs and many sizes."""
    for _ in range(400):
        magnitude = sp.Rational(rng.randint(1, 999), rng.choice((100, 250, 997)))
        value: sp.Expr = rng.choice(_SPECIAL) if special else magnitude * rng.choice((1, -1))
        if unknown.is_integer:
            value = sp.Integer(rng.choice((rng.randint(-6, 6), rng.randint(-60, 60))))
        elif unknown.is_imaginary:
            value *= sp.I
        elif unknown.is_extended_real is None and not special:
            value += sp.I * sp.Rational(rng.randint(-999, 999), 250)
        if _fits(value, unknown):
            return value
        special = special and rng.random() < 0.9
    raise ValueError(f"{unknown}: expected assumptions that a number can have; got {unknown.assumptions0}")


_PROPERTIES = ("positive", "negative", "nonzero", "nonnegative", "nonpositive", "even", "odd", "zero")


def _fits(value: sp.Expr, unknown: sp.Basic) -> bool:
    return all(getattr(unknown, f"is_{p}") in (None, getattr(value, f"is_{p}")) for p in _PROPERTIES)


class _Gap(NamedTuple):
    """Where two sides differ, their values there, and what they were allowed to differ by."""

    point: Point
    values: tuple[sp.Expr, sp.Expr]
    allowed: str


def _try_point(draw: _Draw, relation: str, variables: Sequence[sp.Basic], special: bool) -> bool | _Gap:
    """True where both sides agree, False where a side has no value and the point says nothing."""
    places = draw.indices()
    if places is None:
        return False
    left, right = draw.left.xreplace(places), draw.right.xreplace(places)
    meaning = {s: m.xreplace(places) for s, m in draw.premises.meaning.items()}
    point = {u: draw.value(u, special) for u in draw.unknowns(left, right, *meaning.values())}
    if not _premises_hold(meaning, point, special):
        return False
    a, b = left.xreplace(point), right.xreplace(point)
    if not (_is_resolved(a) and _is_resolved(b)):
        return False
    known = _value_exists(a), _value_exists(b)
    where = {**draw.sizes, **places, **{u: v for u, v in point.items() if left.has(u) or right.has(u)}}
    if not all(known):
        # Undefined on one side only: another function, unless the point is one of the special
        # ones, where a factor that cancels, as in (x² − 1)/(x − 1), may be 0/0.
        differ = any(known) and not special and relation in ("equal", "derivative")
        return _Gap(where, (a, b), "") if differ else False
    if relation in ("equal", "derivative"):
        return _is_zero(a - b) or _Gap(where, (a, b), "")
    other = {u: draw.value(u, special) if _belongs(u, variables) else v for u, v in point.items()}
    a2, b2 = left.xreplace(other), right.xreplace(other)
    if not all(_is_resolved(side) and _value_exists(side) for side in (a2, b2)):
        return False
    names = ", ".join(str(v) for v in variables)
    if relation == "constant":
        return _is_zero(a - b - a2 + b2) or _Gap(where, (a, b), f" by more than a constant in {names}")
    gap = _Gap(where, (a, b), f" by more than a positive factor free of {names}")
    return _same_factor(a, b, a2, b2, gap)


def _same_factor(a: sp.Expr, b: sp.Expr, a2: sp.Expr, b2: sp.Expr, gap: _Gap) -> bool | _Gap:
    zero = [_is_zero(side) for side in (a, b, a2, b2)]
    if zero[0] != zero[1] or zero[2] != zero[3]:
        return gap
    if zero[0] or zero[2]:
        return False  # 0 = c·0 for every c: says nothing
    ratio = sp.N(a / b, 30)
    positive = abs(sp.im(ratio)) <= abs(ratio) * sp.Float(10) ** -25 and sp.re(ratio) > 0
    return (positive and _is_zero(a * b2 - a2 * b)) or gap


def _premises_hold(meaning: Mapping[sp.Symbol, sp.Expr], point: Point, special: bool) -> bool:
    for symbol, meant in meaning.items():
        value = sp.N(meant.xreplace(point), 30)
        if value.is_number and not _fits(value, symbol):
            if special:
                return False  # an edge, as S = 0 for a sum of squares: outside the domain
            raise ValueError(f"where: expected {symbol} to be what it is declared; got {value} at {point}")
    return True


def _belongs(unknown: sp.Basic, variables: Sequence[sp.Basic]) -> bool:
    return unknown in variables or (isinstance(unknown, sp.Indexed) and unknown.base in variables)


@contextmanager
def _each_value_once() -> Iterator[None]:
    """SymPy evaluates a sum anew wherever it stands: here it remembers, as K probabilities share one."""
    found: dict[Any, Any] = {}

    def remember(evaluate: Any) -> Any:
        def look_up(expr: sp.Expr, prec: int, options: dict[str, Any]) -> Any:
            key = expr, prec, options.get("maxprec")
            if key not in found:
                found[key] = evaluate(expr, prec, options)
            return found[key]

        return look_up

    before = {kind: evalf_table[kind] for kind in (sp.Add, sp.Pow, sp.exp, _Log)}
    evalf_table.update({kind: remember(evaluate) for kind, evaluate in before.items()})
    try:
        yield
    finally:
        evalf_table.update(before)


def _is_resolved(expr: sp.Expr) -> bool:
    """Whether each denominator has a digit; SymPy divides by what is left of 1 − σ(1000), too."""
    bases = {power.base for power in expr.atoms(sp.Pow) if not (power.exp.is_Integer and power.exp > 0)}
    return all(_is_sure(base.evalf(5, maxn=DIGITS), 5) for base in bases if base.has(sp.Add))


def _value_exists(expr: sp.Expr) -> bool:
    if expr.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
        return False
    try:
        value = expr.evalf(15, maxn=DIGITS)
    except (OverflowError, MemoryError, ZeroDivisionError):
        return False
    if not value.is_number or value.is_finite is False:
        return False
    # Without a digit that is sure it is 0, or what a division by 0 left behind.
    return _is_sure(value, 15) or _is_zero(expr)


def _is_sure(value: sp.Expr, digits: int) -> bool:
    """Whether an evaluation has found so many digits; of a complex number, of its larger part."""
    parts = [part for part in value.as_real_imag() if part != 0 and not part.is_Rational]
    allowed = sp.Abs(value) * sp.Float(10) ** -digits
    return all(part.is_Float and abs(part) * sp.Float(2) ** (1 - part._prec) <= allowed for part in parts)


def _is_zero(expr: sp.Expr) -> bool:
    """Whether hundreds of digits cancel; a difference that is not zero shows itself before."""
    if expr == 0:
        return True
    for digits in (5, DIGITS):  # few at first; all of them before it counts as a difference
        value = expr.evalf(digits, maxn=max(30, 2 * digits))
        if value == 0 or not _is_sure(value, 5):
            break
    else:
        return False
    if isinstance(expr, sp.Mul):
        return any(map(_is_zero, expr.args)) and all(map(_value_exists, expr.args))
    # SymPy would ask for a few digits more, time and again; this asks for all of them at once.
    terms = [term.evalf(DIGITS, maxn=2 * DIGITS) for term in sp.Add.make_args(expr)]
    small = max(map(abs, terms)) * sp.Float(10) ** (20 - DIGITS)
    unsure = sp.Add(*(abs(term) for term in terms if not _is_sure(term, DIGITS - 20)))
    if unsure > max(small, sp.Float(10) ** (20 - DIGITS)):
        return False
    return bool(abs(sp.Add(*terms)) <= small + 2 * unsure)


class _Log(sp.log):
    """The logarithm, evaluated as a function of its argument less 1 where that is small.

    SymPy's own rounds the argument first: ln(1 + e⁻⁴⁰) to 5 digits is exactly 0.
    """


def _evalf_log(expr: sp.Expr, prec: int, options: dict[str, Any]) -> Any:
    found = evalf(sp.Add(sp.S.NegativeOne, expr.args[0], evaluate=False), prec + 10, options)
    if found is sp.zoo or found[0] is None or found[1] is not None:
        return evalf_log(expr, prec, options)
    distance, _, accuracy, _ = found
    if fastlog(distance) > -4:
        value, angle, known, angle_known = evalf_log(expr, prec, options)
        # SymPy's claims all digits, even where the argument has none.
        argument = evalf(expr.args[0], prec, options)
        return value, angle, min(known, argument[2] or known), angle_known
    # ln(1 + x) is x to within x²/2; the exact 1 + x of a tiny x would be long.
    value = distance if fastlog(distance) < -prec - 10 else mpf_log(mpf_add(distance, fone), prec)
    return value, None, min(accuracy, prec), None


evalf_table[_Log] = _evalf_log


# --- symbols ---------------------------------------------------------------------


def _proved(before: sp.Expr, after: sp.Expr, relation: str, variables: Sequence[sp.Basic]) -> bool:
    try:
        with deadline(PATIENCE):
            if relation == "factor":
                ratio = _reduce(sp.powsimp(before / after))
                return bool(ratio.is_positive) and not ratio.has(*variables)
            difference = _reduce(before - after)
            return not difference.has(*variables) if relation == "constant" else difference == 0
    except Exception:
        return False  # out of time, or SymPy stumbles: the points have to do


def _reduce(expr: sp.Expr) -> sp.Expr:
    """The expression with logarithms and sums taken apart, and simplified."""
    expr = sp.expand(_split_sums(sp.expand(sp.expand_log(expr))))
    expr = sp.expand(sp.expand_log(expr))
    return expr if expr == 0 else sp.simplify(expr)


def _split_sums(expr: sp.Expr) -> sp.Expr:
    return expr.replace(lambda node: isinstance(node, sp.Sum), _split_sum)


def _split_sum(total: sp.Sum) -> sp.Expr:
    """Σ(c·g + k) as c·Σg + k·(number of terms)."""
    result = sp.Integer(0)
    # Bound indices get names of their own, so that Σ r_i and Σ r_j are the same sum.
    names = {v: sp.Symbol(f"_{at}", **v.assumptions0) for at, v in enumerate(total.variables)}
    total = total.xreplace(names)
    for term in sp.Add.make_args(sp.expand(sp.expand_log(total.function))):
        fixed, varying = term.as_independent(*total.variables, as_Add=False)
        rest = sp.Sum(varying, *total.limits)
        result += fixed * (rest.doit() if varying == 1 else rest)
    return result


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Ends what runs too long with a ``ValueError``; without signals, as in a thread, it does nothing."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise ValueError(f"step: expected an answer of SymPy within {seconds:g} seconds; got none")

    # Time of this process, not of the clock: a busy machine must not turn "proved" into "checked".
    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
