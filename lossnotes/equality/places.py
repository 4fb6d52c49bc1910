"""Values for sizes and indices: small ones, and those at which something changes."""

import random
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

import sympy as sp
from flint import ctx, fmpq
from sympy.core.relational import Relational

from lossnotes.balls.branches import sign
from lossnotes.balls.formula import Formula
from lossnotes.balls.values import State
from lossnotes.equality.points import Places, fits
from lossnotes.equality.statement import Condition, Statement
from lossnotes.equality.switches import arguments
from lossnotes.functions import spelled_out

_SEED = 20260
#: A size or index beyond this takes too long to sum to, and is not tried.
_LARGEST = 2000


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
    whole = _whole_switches(sides)
    turns = _turns(whole)
    mentioned = sorted(
        {
            *_mentioned(sides),
            *(int(n) for end in ranges for n in end.atoms(sp.Integer)),
            *(value for turn in turns for value in turn.values()),
        }
    )
    sizes = sorted(_sizes(sides) | _free_whole(ranges) - {c.index for c in conditions}, key=str)
    indices = sorted(
        (_indices(sides, whole) | {c.index for c in conditions if c.index.is_Symbol}) - set(sizes), key=str
    )
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
    free = {*sizes, *indices}
    for turn in [*turns, *_joined(whole, free)][:60]:
        candidate = (found[0] if found else {}) | {s: value for s, value in turn.items() if s in free}
        fitting = all(fits(Fraction(value), s) for s, value in candidate.items())
        if fitting and set(candidate) == free and candidate not in found:
            found += [candidate] if all(_holds(condition, candidate) for condition in conditions) else []
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


def _indices(sides: Sequence[sp.Basic], whole: Sequence[sp.Expr]) -> set[sp.Basic]:
    """The whole numbers that choose a member or a case, where no sum binds them."""
    free = set().union(*(side.free_symbols for side in sides))
    used: set[sp.Basic] = set()
    for side in sides:
        for node in side.atoms(sp.Indexed, sp.KroneckerDelta):
            parts = node.indices if isinstance(node, sp.Indexed) else node.args
            used |= _free_whole(parts)
    return (used | _free_whole(whole)) & free


def _whole_switches(sides: Sequence[sp.Basic]) -> list[sp.Expr]:
    """The arguments in whole numbers alone at whose zero something changes."""
    found = [argument for side in sides for argument, _ in arguments(spelled_out(side), ())]
    return [a for a in dict.fromkeys(found) if a.free_symbols and _is_whole(a) and not a.has(sp.Indexed, sp.Sum)][:12]


def _turns(whole: Sequence[sp.Expr]) -> list[Places]:
    """Whole numbers, bound or free, at which an argument is zero or turns its sign."""
    found: list[Places] = []
    for argument in whole:
        symbols = sorted(argument.free_symbols, key=str)
        for symbol in symbols[:3]:
            for others in (1, 2, 3) if len(symbols) > 1 else (1,):
                rest = dict.fromkeys((s for s in symbols if s != symbol), others)
                found += [{**rest, symbol: value} for value in _zeros(argument, symbol, rest)]
    return found


def _joined(whole: Sequence[sp.Expr], free: set[sp.Basic]) -> list[Places]:
    """Whole numbers at which as many arguments as possible are zero at once."""
    switches = [argument for argument in whole if argument.free_symbols <= free]
    found: list[Places] = []
    for start in (1, 2, 5):
        for order in (switches, switches[::-1]):
            chosen: Places = {}
            for argument in order:
                unset = sorted(argument.free_symbols - set(chosen), key=str)
                rest = {s: chosen.get(s, start) for s in argument.free_symbols}
                for symbol in unset:
                    values = _zeros(argument, symbol, {s: v for s, v in rest.items() if s != symbol})
                    if values:
                        chosen |= {**rest, symbol: values[0]}
                        break
            if chosen:
                found.append(chosen)
    return found


def _zeros(argument: sp.Expr, symbol: sp.Basic, rest: Places) -> list[int]:
    """Up to three whole numbers at which an argument is zero or beside which it turns."""
    formula = Formula(argument)

    def way(x: int) -> int | None:
        try:
            with ctx.workdps(30):
                state = State(lambda key: fmpq(x if key == symbol else rest[key]))
                return sign(state, formula.run(state))
        except ArithmeticError:
            return None

    found: list[int] = []
    looks = [*range(-60, 130), *range(130, _LARGEST, 9)]
    ways = [(x, way(x)) for x in looks]
    for (x, here), (y, there) in pairwise(ways):
        if here == 0:
            found.append(x)
        elif here is not None and there is not None and here * there < 0:
            found += [z for z in range(x, y) if way(z) != way(z + 1)][:1]
    return [z + by for z in found[:3] for by in (0, 1)] if found else []


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
