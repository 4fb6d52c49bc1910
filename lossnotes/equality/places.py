"""Values for sizes and indices: small ones, and those beside each number that is mentioned."""

import random
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product

import sympy as sp
from sympy.core.relational import Relational

from lossnotes.equality.points import Places, fits, integers
from lossnotes.equality.statement import Condition, Statement
from lossnotes.equality.visits import holds

_SEED = 20260
#: A number beyond this is not tried because it is mentioned.
_LARGEST = 2000


def placements(statement: Statement) -> list[Places]:
    """Values for sizes and indices: small ones, and those beside each number that is mentioned.

    Raises
    ------
    ValueError
        If no value fits.
    """
    sides = (statement.before, statement.after, *statement.variables, *statement.premises.meaning.values())
    conditions = statement.premises.conditions
    ranges = [end for c in conditions for end in (c.low, c.high) if not end.is_infinite]
    mentioned = sorted({*_mentioned(sides), *(int(n) for end in ranges for n in end.atoms(sp.Integer))})
    sizes = sorted(_sizes(sides) | _free_whole(ranges), key=str)
    named = _free_whole(sides) | {c.index for c in conditions if c.index.is_Symbol}
    indices = sorted(named - set(sizes), key=str)
    rng = random.Random(_SEED)  # noqa: S311  # no secret
    found: list[Places] = []
    for values in _covering([_range(size, conditions, {}, mentioned) for size in sizes], 14, rng):
        chosen = dict(zip(sizes, values, strict=True))
        places = [_range(index, conditions, chosen, mentioned) for index in indices]
        spots = list(_covering(places, 14, rng))
        for spot in rng.sample(spots, min(len(spots), 5)) if sizes else spots:
            candidate = chosen | dict(zip(indices, spot, strict=True))
            if all(holds(condition, candidate) for condition in conditions):
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
            most = 64 if isinstance(node, sp.Add) else _LARGEST
            for part in parts:
                if _is_whole(part) and not part.is_infinite:
                    found |= {int(n) for n in part.atoms(sp.Integer) if abs(n) <= most}
    return sorted(found)


def _is_whole(expr: sp.Basic) -> bool:
    return all(s.is_integer for s in expr.free_symbols)


def _near(whole: sp.Basic, mentioned: Sequence[int]) -> list[int]:
    """All small ones, some larger, and those beside each number that is mentioned, of either sign."""
    values = {*range(-9, 17), 20, 24, 30, 37}
    values |= {way * n + by for n in mentioned for by in (-1, 0, 1, 2) for way in (1, -1)}
    return sorted(value for value in values if fits(Fraction(value), whole))


def _range(index: sp.Basic, conditions: Sequence[Condition], chosen: Places, mentioned: Sequence[int]) -> list[int]:
    """Places for an index: all its range, or much of it, where a condition gives it one; else inside and outside."""
    values = set(_near(index, [*mentioned, *chosen.values()]))
    for condition in conditions:
        if condition.index == index and condition.low.free_symbols | condition.high.free_symbols <= set(chosen):
            known = integers(chosen)
            low, high = (end.xreplace(known) for end in (condition.low, condition.high))
            if low.is_Integer and high.is_Integer:
                values |= set(range(int(low), int(high) + 1, 1 + max(0, int(high - low)) // 40)) | {int(high)}
            values |= {int(end) + way * by for end, way in ((low, 1), (high, -1)) if end.is_Integer for by in range(17)}
            values = {v for v in values if low <= v <= high}
    return sorted(value for value in values if fits(Fraction(value), index))


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
