"""What a chain declares: domains, ranges of indices, and names. Each is checked when it is said."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

from lossnotes.equality.points import fits
from lossnotes.equality.statement import Condition
from lossnotes.printing import latex

Domain = Mapping[sp.Basic, tuple[Any, Any]]


def declared(domain: Domain, expr: sp.Expr) -> tuple[dict[sp.Basic, tuple[sp.Expr, sp.Expr]], tuple[Condition, ...]]:
    """The open intervals of real symbols and families, and the ranges of whole numbers.

    Raises
    ------
    ValueError
        If a symbol does not occur in the expression, its ends are no two numbers in order,
        or the interval leaves its assumptions.
    """
    families = expr.atoms(sp.IndexedBase)
    known = (expr.free_symbols | families) - {family.label for family in families} - expr.atoms(sp.Indexed)
    if not isinstance(domain, Mapping):
        raise ValueError(f"domain: expected a dict such as {{p: (0, 1)}}; got {domain!r}")
    intervals: dict[sp.Basic, tuple[sp.Expr, sp.Expr]] = {}
    conditions: list[Condition] = []
    for symbol, given in domain.items():
        if symbol not in known:
            names = ", ".join(sorted(map(str, known))) or "none"
            raise ValueError(
                f"domain: expected symbols of the first line ({names}), with its assumptions; got {symbol!s}"
            )
        low, high = _ends(symbol, given)
        if isinstance(symbol, sp.IndexedBase) and symbol[1].is_integer:
            _range(symbol, low, high, set())  # one range for all members, ends included
            intervals[symbol] = (low, high)
        elif getattr(symbol, "is_integer", False):
            conditions.append(_range(symbol, low, high, known))
        else:
            _require_interval(symbol, low, high)
            intervals[symbol] = (low, high)
    return intervals, tuple(conditions)


def _ends(symbol: sp.Basic, given: Any) -> tuple[sp.Expr, sp.Expr]:
    if not isinstance(given, tuple | list | sp.Tuple) or len(given) != 2:
        raise ValueError(f"domain: expected two ends for {symbol}, such as (0, 1); got {given!r}")
    try:
        low, high = (sp.sympify(end, strict=True) for end in given)
    except (TypeError, ValueError, sp.SympifyError):
        raise ValueError(f"domain: expected two ends for {symbol}, such as (0, 1); got {given!r}") from None
    if not all(isinstance(end, sp.Expr) and end.is_extended_real for end in (low, high)):
        raise ValueError(f"domain: expected real numbers, or oo, as the ends for {symbol}; got {given!r}")
    return low, high


def _require_interval(symbol: sp.Basic, low: sp.Expr, high: sp.Expr) -> None:
    if low.free_symbols | high.free_symbols:
        raise ValueError(f"domain: expected numbers as the ends for {symbol}; got ({low}, {high})")
    if not low < high:
        raise ValueError(f"domain: expected the lower end of {symbol} first; got ({low}, {high})")
    member = symbol[1] if isinstance(symbol, sp.IndexedBase) else symbol
    outside = [end for end in _just_inside(low, high) if not fits(end, member)]
    if outside:
        raise ValueError(f"domain: expected an interval in which {symbol} is what it is declared; got ({low}, {high})")


def _just_inside(low: sp.Expr, high: sp.Expr) -> list[Fraction]:
    """Numbers near both ends, none of them whole."""
    first = -(10**6) - Fraction(1, 3) if low.is_infinite else Fraction(str(sp.N(low, 30)))
    last = 10**6 + Fraction(1, 3) if high.is_infinite else Fraction(str(sp.N(high, 30)))
    first, last = min(first, last - 1) if low.is_infinite else first, max(last, first + 1) if high.is_infinite else last
    return [first + (last - first) * Fraction(1, 10**9 + 7), first + (last - first) * Fraction(10**9 + 6, 10**9 + 7)]


def _range(symbol: sp.Basic, low: sp.Expr, high: sp.Expr, known: set[sp.Basic]) -> Condition:
    wrong = [end for end in (low, high) if not (end.is_integer or end.is_infinite)]
    wrong += [end for end in (low, high) if not end.free_symbols <= known]
    if wrong:
        raise ValueError(f"domain: expected whole numbers, sizes of the line or oo for {symbol}; got {wrong[0]}")
    if (low > high) == True:  # noqa: E712  # SymPy's own truth
        raise ValueError(f"domain: expected the lower end of {symbol} first; got ({low}, {high})")
    if low.is_Integer and not fits(Fraction(int(low)), symbol):
        raise ValueError(f"domain: expected whole numbers that {symbol} is declared to be; got ({low}, {high})")
    return Condition(low, symbol, high)


def inside_sums(expr: sp.Expr, member: sp.Basic) -> tuple[Condition, ...]:
    """That the index of a member is one that occurs: 1 ≤ k ≤ n for ∂/∂z_k of a sum to n."""
    if not isinstance(member, sp.Indexed):
        return ()
    ends: dict[int, list[tuple[sp.Expr, sp.Expr]]] = {}
    for low, high, node in _summed(expr, {}):
        if node.base != member.base:
            continue
        for place, index in enumerate(node.indices):
            if place in low:
                ends.setdefault(place, []).append((low[place], high[place]))
            elif index.is_Integer:
                ends.setdefault(place, []).append((index, index))
    found = []
    for place, asked in enumerate(member.indices):
        # Members that only stand alone, as z_1 and z_2, say nothing of the others.
        if any(low != high for low, high in ends.get(place, ())):
            lows, highs = zip(*ends[place], strict=True)
            condition = Condition(sp.Min(*lows), asked, sp.Max(*highs))
            if not _holds_always(condition):
                found.append(condition)
    return tuple(found)


def _holds_always(condition: Condition) -> bool:
    return (condition.low <= condition.index) == True and (condition.index <= condition.high) == True  # noqa: E712


def _summed(expr: sp.Basic, ranges: Mapping[sp.Basic, tuple[sp.Expr, sp.Expr]]) -> Any:
    """Each member with the first and last value of those of its subscripts that a sum moves."""
    if isinstance(expr, sp.Indexed):
        low: dict[int, sp.Expr] = {}
        high: dict[int, sp.Expr] = {}
        for place, index in enumerate(expr.indices):
            moving = [s for s in index.free_symbols if s in ranges]
            if len(moving) == 1 and sp.diff(index, moving[0]) in (1, -1):
                first, last = ranges[moving[0]][:: int(sp.diff(index, moving[0]))]
                low[place], high[place] = (index.xreplace({moving[0]: end}) for end in (first, last))
        yield low, high, expr
        return
    if isinstance(expr, sp.Sum | sp.Product):
        inner = dict(ranges)
        for variable, first, last in reversed(expr.limits):
            inner[variable] = _outermost(first, inner, 1), _outermost(last, inner, 2)
        yield from _summed(expr.function, inner)
        return
    for part in expr.args:
        yield from _summed(part, ranges)


def _outermost(end: sp.Expr, ranges: Mapping[sp.Basic, tuple[sp.Expr, sp.Expr]], side: int) -> sp.Expr:
    """An end without the indices of outer sums: with these at those of their ends where it is outermost."""
    outer = {s: sp.diff(end, s).is_negative for s in end.free_symbols if s in ranges}
    return end.xreplace({s: ranges[s][2 - side if falls else side - 1] for s, falls in outer.items()})


def require_one_meaning(argument: str, *lines: sp.Basic, name: Any = None) -> None:
    """Check that nothing is written like something else.

    Parameters
    ----------
    name
        What the chain is about, which no line may hold.

    Raises
    ------
    ValueError
        If two symbols, a symbol and a constant, a family or a member are printed alike, or a
        symbol like a member of a family of the lines, or by an index that they bind.
    """
    seen: dict[str, sp.Basic] = {}
    indices = {_plain(v) for line in lines for node in line.atoms(ExprWithLimits) for v in node.variables}
    for line in lines:
        families = line.atoms(sp.IndexedBase)
        # The label of a family is a symbol of the line only where it stands alone.
        alone = line.xreplace({member: sp.Dummy() for member in line.atoms(sp.Indexed)})
        constants = line.atoms(sp.NumberSymbol, sp.I.func) | ({sp.E} if line.has(sp.exp) else set())
        symbols = line.atoms(sp.Symbol) - ({family.label for family in families} - alone.atoms(sp.Symbol))
        for thing in [*constants, *families, *symbols, *line.atoms(sp.Indexed)]:
            other = seen.setdefault(_plain(thing), thing)
            if other != thing:
                raise ValueError(
                    f"{argument}: expected one meaning for the name {thing}; got "
                    f"{_described(other)} and {_described(thing)}, printed alike"
                )
    for shown, thing in seen.items():
        base, _, index = shown.partition("_")
        if isinstance(thing, sp.Symbol) and index and (index in indices or isinstance(seen.get(base), sp.IndexedBase)):
            raise ValueError(
                f"{argument}: expected no symbol that is printed like a member of a family; got {_described(thing)}. "
                f"Use IndexedBase({base!r}), or name it otherwise"
            )
    words = re.findall(r"\\?[A-Za-z]+(?:_\w+)?", _plain(name)) if name is not None else ["new"]
    if all(word in seen for word in words):
        raise ValueError(
            f"{argument}: expected a chain about something new; got the name {name}, which already has a value"
        )


def _plain(thing: Any) -> str:
    """How a name is printed, without what TeX does not show."""
    return re.sub(r"[\s{}]", "", thing if isinstance(thing, str) else latex(thing))


def _described(thing: sp.Basic) -> str:
    if not isinstance(thing, sp.Symbol | sp.IndexedBase | sp.Indexed):
        return f"the constant {thing}"
    if isinstance(thing, sp.IndexedBase | sp.Indexed):
        return f"the {'family' if isinstance(thing, sp.IndexedBase) else 'member'} {thing}"
    facts = [name for name in ("integer", "positive", "real") if getattr(thing, f"is_{name}")]
    return f"a symbol {thing} ({', '.join(facts) or 'without assumptions'})"
