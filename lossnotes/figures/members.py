"""Lists in the formulas of a figure: what may be said of them, and their formulas in plain numbers."""

from collections.abc import Sequence
from typing import Any

import sympy as sp

from lossnotes.figures.controls import as_key, nice_step
from lossnotes.figures.entries import Entries
from lossnotes.figures.panel import Panel

#: The most terms of a sum: each is written out.
_MOST_TERMS = 1000


def require_lists(lists: Sequence[Entries], keys: Sequence[str], panels: Sequence[Panel]) -> None:
    """Refuse lists that one figure cannot have.

    Raises
    ------
    ValueError
        If a size or a seed has the name of something else, lists of one size have not as many values, or
        nothing moves a list.
    """
    sizes: dict[Any, Entries] = {}
    for entries in lists:
        other = sizes.setdefault(entries.size, entries)
        if len(other.values) != len(entries.values):
            raise ValueError(
                f"entries {entries.family}: expected as many values as of {other.family}, {len(other.values)}, with "
                f"which it shares the size {entries.size}; got {len(entries.values)}"
            )
        if not (entries.field or entries.draws or reach(entries, panels)):
            raise ValueError(
                f"entries {entries.family}: expected something that moves it; got field=False, no Draws and no point "
                f"that can be dragged. Write Point({entries.family}[i], 0, index=i)"
            )
    axes = [as_key(panel.x[0]) for panel in panels]
    names = [*keys, *axes, *map(as_key, sizes), *(e.seed_key for e in lists if e.draws)]
    for name in (*map(as_key, sizes), *(e.seed_key for e in lists)):
        if names.count(name) > 1:
            raise ValueError(f"entries: expected names of their own for size and seed; got {name} twice")


def reach(entries: Entries, panels: Sequence[Panel]) -> tuple[float, float, float] | None:
    """Between which ends the members of a list can be dragged, and the step between two places.

    The ends are those of the first axis along which a point shows each member; nothing where none does.

    Raises
    ------
    ValueError
        If that axis has no stated ends, or does not hold all values.
    """
    for panel in panels:
        for name, point in panel.points.items():
            if point.index is None:
                continue
            member = entries.family[point.index]
            if member not in (point.x, point.y):
                continue
            if member == point.y and panel.y is None:
                raise ValueError(f"point {name!r}: expected a panel with y=(low, high), as it is dragged along y")
            low, high = panel.y if member == point.y and panel.y else panel.x[1:]
            if outside := [value for value in entries.values if not low <= value <= high]:
                raise ValueError(
                    f"entries {entries.family}: expected values on their axis, {low:g} to {high:g}; got {outside[0]:g}"
                )
            return low, high, nice_step(high - low)
    return None


def require_members(name: str, expr: sp.Expr, lists: Sequence[Entries], own: Sequence[sp.Symbol]) -> None:
    """Refuse sums and members that cannot be counted.

    Raises
    ------
    ValueError
        If a sum ends at something else than a whole number or the size of a list, or a member is not one of
        those that its list has at first.
    """
    sizes = {entries.size: len(entries.values) for entries in lists}
    bound = {limit[0] for one in expr.atoms(sp.Sum, sp.Product) for limit in one.limits}
    for _, first, last in (limit for one in expr.atoms(sp.Sum, sp.Product) for limit in one.limits):
        # NumPy counts in whole numbers, and a slider has none.
        if not (first.is_Integer and (last.is_Integer or last in sizes)):
            wanted = f" or the size of a list, {', '.join(map(str, sizes))}," if sizes else ""
            raise ValueError(
                f"{name}: expected sums with whole numbers{wanted} for ends; got {expr}. Call .doit() on it first"
            )
        if sizes.get(last, last) - first >= _MOST_TERMS and lists:
            raise ValueError(f"{name}: expected sums of at most {_MOST_TERMS} terms beside a list; got {expr}")
    counts = {entries.family: len(entries.values) for entries in lists}
    for member in expr.atoms(sp.Indexed):
        (index,) = member.indices[:1]
        counted = index in bound or index in own or member.base not in counts
        if not counted and not (index.is_Integer and 1 <= index <= counts[member.base]):
            raise ValueError(f"{name}: expected members {member.base}[1] to [{counts[member.base]}]; got {member}")


def in_numbers(expr: sp.Expr, lists: Sequence[Entries], counts: Sequence[int]) -> sp.Expr:
    """An expression whose sums are written out, with a symbol for each member.

    A member that is not there is NaN.

    Examples
    --------
    >>> y, i, n = sp.IndexedBase("y"), sp.Symbol("i"), sp.Symbol("n")
    >>> in_numbers(sp.Sum(y[i] ** 2, (i, 1, n)) / n, [Entries(y, [4, 5], size=n)], [2])
    y[1]**2/2 + y[2]**2/2
    """
    if not lists:
        return expr
    sizes = {entries.size: sp.Integer(count) for entries, count in zip(lists, counts, strict=True)}
    expr = expr.subs(sizes).replace(lambda node: isinstance(node, sp.Sum | sp.Product), _written_out)
    families = {e.family: e.members(count) for e, count in zip(lists, counts, strict=True)}

    def member(node: sp.Indexed) -> sp.Expr:
        place = int(node.indices[0])
        return families[node.base][place - 1] if 1 <= place <= len(families[node.base]) else sp.nan

    return expr.replace(lambda node: isinstance(node, sp.Indexed) and node.base in families, member)


def _written_out(node: sp.Sum | sp.Product) -> sp.Expr:
    terms = node.function
    for index, first, last in node.limits:
        join = sp.Add if isinstance(node, sp.Sum) else sp.Mul
        terms = join(*(terms.subs(index, k) for k in range(int(first), int(last) + 1)))
    return terms
