"""Proof by symbols, asked for only where no number speaks against a statement."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits

from lossnotes.equality.statement import Condition, Statement
from lossnotes.functions import spelled_out

#: Bound index → its first and last value.
Ranges = Mapping[sp.Basic, tuple[sp.Expr, sp.Expr]]


def is_proved(statement: Statement, derivative: sp.Expr | None = None, *, everywhere: bool = False) -> bool:
    """Whether SymPy reduces what is left of a statement to nothing, or to what it may drop.

    Parameters
    ----------
    derivative
        For a derivative, what SymPy computes of the left side.
    everywhere
        Whether only rewriting counts that the assumptions allow on the whole domain; other attempts
        rely on numbers to have excluded another branch.
    """
    if not all(map(_ends_in_order, (statement.before, statement.after))):
        return _is_zero(canonical(spelled_out(statement.before - statement.after))) and derivative is None
    before = statement.before if derivative is None else derivative
    if statement.relation == "factor":
        return positive_factor(statement, before) is not None
    goal = _is_constant_in(statement.variables) if statement.relation == "constant" else _is_zero
    difference = before - statement.after
    # Domains last: what they replace is longer.
    kinds = [_Facts(statement, use_domain=False)]
    if statement.premises.domain:
        kinds.append(_Facts(statement, use_domain=True))
    return any(_shown(facts, difference, goal, () if everywhere else _ATTEMPTS) for facts in kinds)


def _ends_in_order(expr: sp.Expr) -> bool:
    """Whether no sum ends more than one before its start: there SymPy's closed forms are Karr's, and not 0."""
    free = [(node, limits) for node in expr.atoms(sp.Sum, sp.Product) for limits in node.limits]
    return all(_is_nonnegative(high - low + 1) for _, (_, low, high) in free)


def _is_nonnegative(length: sp.Expr) -> bool:
    # n − Min(n, K) is at least n − n.
    least = [length.xreplace({m: a}) for m in length.atoms(sp.Min) if length.coeff(m).is_negative for a in m.args]
    return any(one.is_nonnegative is True for one in [length, *least])


def _shown(
    facts: "_Facts", difference: sp.Expr, goal: Callable[[sp.Expr], bool], attempts: Iterable["_Attempt"]
) -> bool:
    apart = facts.taken_apart(difference)
    if goal(apart) or (goal is _is_zero and _numerator_vanishes(apart)):
        return True
    simplified = canonical(sp.simplify(apart))
    return goal(simplified) or (goal is _is_zero and any(attempt(facts, simplified) for attempt in attempts))


def _is_zero(expr: sp.Expr) -> bool:
    return expr == 0


def _is_constant_in(variables: Iterable[sp.Basic]) -> Callable[[sp.Expr], bool]:
    labels = [_label(variable) for variable in variables]
    return lambda expr: not expr.has(*labels)


def remainder(statement: Statement) -> sp.Expr | None:
    """By which number SymPy's closed forms of integrals, limits and derivatives differ, if they do.

    Numbers know these to two dozen digits; a difference below that is not seen by them. It is taken at a point.
    """
    difference = statement.before - statement.after
    if statement.relation != "equal" or not difference.has(sp.Integral, sp.Limit, sp.Derivative):
        return None
    left = _Facts(statement, use_domain=False).reduced(difference.doit())
    if left.has(sp.Integral, sp.Limit, sp.Derivative, sp.Sum, sp.Product, sp.Indexed):
        return None
    symbols = sorted(left.free_symbols, key=str)
    number = left.xreplace({symbol: sp.sqrt(2 + at) / 3 for at, symbol in enumerate(symbols)})
    if not number.is_number or number == 0 or abs(number.evalf(150)) > 1e-12:
        return None
    return left if number.is_Rational or abs(number.evalf(150)) > 1e-140 else None


def positive_factor(statement: Statement, before: sp.Expr) -> sp.Expr | None:
    """The factor by which two sides differ, if it is free of the variables and positive by its assumptions."""
    facts = _Facts(statement, use_domain=bool(statement.premises.domain))
    ratio = facts.reduced(sp.powsimp(before / statement.after))
    if ratio.has(*map(_label, statement.variables)):
        ratio = facts.reduced(sp.factor(sp.expand(before)) / sp.factor(sp.expand(statement.after)))
    if ratio.has(*map(_label, statement.variables)):
        return None
    in_ranges = _in_ranges(ratio, statement.premises.conditions)
    return ratio if any(form.is_positive for form in (ratio, sp.factor(ratio), in_ranges)) else None


def _in_ranges(expr: sp.Expr, conditions: Iterable[Condition]) -> sp.Expr:
    """The expression with each whole number as what it counts from its lowest: n from 2 on is 2 + m."""
    ranges = ((c.low, c.index) for c in conditions if isinstance(c.index, sp.Symbol) and c.low.is_finite)
    return expr.xreplace({n: counted_from(low, n) for low, n in ranges})


def counted_from(low: sp.Expr, index: sp.Symbol) -> sp.Expr:
    """A whole number of at least ``low``, written in one that is not negative."""
    return low + sp.Symbol(f"_{index.name}", integer=True, nonnegative=True)


def _label(variable: sp.Basic) -> sp.Basic:
    return variable.base if isinstance(variable, sp.Indexed) else variable


# --- names of bound indices ----------------------------------------------------------------


def apart_from(expr: sp.Expr, taken: Iterable[sp.Basic]) -> sp.Expr:
    """The expression with names for its bound indices and variables that nothing else has.

    An index is named after how many others are bound around it, so that equal sums become
    the same sum and nested ones never share a name.
    """
    used = {symbol.name for symbol in expr.atoms(sp.Symbol)} | {getattr(s, "name", "") for s in taken}
    prefix = "_"
    while any(name.startswith(f"{prefix}1") or name.startswith(f"{prefix}0") for name in used):
        prefix += "_"
    return _renamed(expr, 0, prefix)


def canonical(expr: sp.Expr) -> sp.Expr:
    """As :func:`apart_from`, again after sums have moved."""
    return _renamed(expr, 0, "_b")


def _renamed(expr: sp.Basic, depth: int, prefix: str) -> sp.Basic:
    if not expr.has(ExprWithLimits, sp.Limit):
        return expr
    if isinstance(expr, sp.Sum | sp.Product | sp.Integral):
        return _renamed_limits(expr, depth, prefix)
    return expr.func(*(_renamed(arg, depth, prefix) for arg in expr.args)) if expr.args else expr


def _renamed_limits(expr: ExprWithLimits, depth: int, prefix: str) -> sp.Basic:
    # The last limits are the outermost: their names come first.
    new: dict[sp.Basic, sp.Symbol] = {}
    limits: list[tuple[sp.Basic, ...]] = []
    function = _renamed(expr.function, depth + len(expr.limits), prefix)
    for at, (variable, *ends) in enumerate(reversed(expr.limits)):
        shown = [_renamed(end, depth + len(expr.limits), prefix).xreplace(new) for end in ends]
        new[variable] = _bound_symbol(f"{prefix}{depth + at}", expr, shown)
        limits.append((new[variable], *shown))
    return expr.func(function.xreplace(new), *reversed(limits))


def _bound_symbol(name: str, expr: ExprWithLimits, ends: list[sp.Basic]) -> sp.Symbol:
    low = ends[0] if ends else None
    if isinstance(expr, sp.Integral):
        return sp.Symbol(name, positive=True) if low is not None and low.is_nonnegative else sp.Symbol(name, real=True)
    if low is not None and low.is_positive:
        return sp.Symbol(name, integer=True, positive=True)
    return sp.Symbol(name, integer=True)


# --- reducing -------------------------------------------------------------------------------


class _Facts:
    """What a statement lets its symbols be, in a form that SymPy's assumptions can use."""

    def __init__(self, statement: Statement, *, use_domain: bool) -> None:
        self.conditions = statement.premises.conditions
        self.replaced = dict(in_positive_numbers(statement)) if use_domain else {}

    def reduced(self, expr: sp.Expr) -> sp.Expr:
        """The expression taken apart and simplified."""
        expr = self.taken_apart(expr)
        return expr if expr == 0 else canonical(sp.simplify(expr))

    def taken_apart(self, expr: sp.Expr) -> sp.Expr:
        """The expression with logarithms and sums taken apart, until nothing more gives way."""
        expr = canonical(spelled_out(expr).xreplace(self.replaced))
        for _ in range(4):
            before = expr
            expr = sp.expand_log(expr.replace(sp.log, lambda x: sp.log(sp.factor_terms(sp.together(x)))))
            expr = canonical(sp.expand(self._split(sp.expand(expr), {})))
            if expr == before or expr == 0:
                break
        return expr

    def _split(self, expr: sp.Basic, ranges: Ranges) -> sp.Basic:
        """Each sum term by term, what does not depend on its index before it."""
        if not expr.has(sp.Sum, sp.Product):
            return expr
        if isinstance(expr, sp.Sum):
            return self._split_sum(expr, ranges)
        if isinstance(expr, sp.Product) or not expr.args:
            return expr
        if isinstance(expr, sp.Integral):
            return expr
        return expr.func(*(self._split(arg, ranges) for arg in expr.args))

    def _split_sum(self, total: sp.Sum, ranges: Ranges) -> sp.Expr:
        *inner, (variable, low, high) = total.limits
        inside = {**ranges, variable: (low, high)}
        body = sp.Sum(total.function, *inner) if inner else total.function
        body = sp.expand(sp.expand_log(self._split(body, inside)))
        result = sp.S.Zero
        for term in sp.Add.make_args(body):
            fixed, varying = term.as_independent(variable, as_Add=False)
            result += fixed * self._one_sum(varying, variable, low, high, ranges)
        return result

    def _one_sum(self, term: sp.Expr, variable: sp.Basic, low: sp.Expr, high: sp.Expr, ranges: Ranges) -> sp.Expr:
        if term == 1:
            return sp.Sum(1, (variable, low, high)).doit()
        for delta in term.atoms(sp.KroneckerDelta):
            place = next((b for a, b in (delta.args, delta.args[::-1]) if a == variable and not b.has(variable)), None)
            if place is None or not self._within(place, low, high, ranges):
                continue
            # Σ f(δ) is Σ f(0), and at the one place where δ is 1, f(1) − f(0) more.
            off, on = (term.xreplace({delta: sp.Integer(value)}) for value in (0, 1))
            if not (off.has(sp.zoo, sp.nan) or on.has(sp.zoo, sp.nan)):
                more = (on - off).xreplace({variable: place})
                return self._split(sp.Sum(off, (variable, low, high)) + more if off != 0 else more, ranges)
        return sp.Sum(term, (variable, low, high))

    def _within(self, place: sp.Expr, low: sp.Expr, high: sp.Expr, ranges: Ranges) -> bool:
        known = [(c.low, c.high) for c in self.conditions if c.index == place]
        known += [ranges[place]] if place in ranges else []
        # A size that is at least 2 has a second member.
        known += [(place, c.index) for c in self.conditions if place.is_Integer and c.low.is_Integer and place <= c.low]
        return any((low <= a) == True and (b <= high) == True for a, b in [*known, (place, place)])  # noqa: E712  # SymPy's


def in_positive_numbers(statement: Statement) -> Iterator[tuple[sp.Basic, sp.Expr]]:
    """Each symbol with a domain, written in a positive number: p in (0, 1) is u/(1 + u)."""
    for symbol, ends in statement.premises.domain.items():
        written = in_positive_number(sp.Symbol(f"_u_{symbol}", positive=True), *ends)
        if isinstance(symbol, sp.Symbol) and written is not None:
            yield symbol, written


def in_positive_number(u: sp.Symbol, *ends: sp.Expr) -> sp.Expr | None:
    """A number between two ends, written in a positive one; None if it has none."""
    low, high = (sp.nsimplify(end, rational=True) if end.is_finite else None for end in map(sp.sympify, ends))
    if low is None:
        return None if high is None else high - u
    return low + (u if high is None else (high - low) * u / (1 + u))


# --- further attempts -------------------------------------------------------------------------


def _by_exponentials(facts: _Facts, difference: sp.Expr) -> bool:
    """Hyperbolic functions written out, over one denominator."""
    written = difference.rewrite(sp.exp)
    return sp.simplify(sp.expand(sp.together(written))) == 0 or _numerator_vanishes(written)


def _numerator_vanishes(expr: sp.Expr) -> bool:
    numerator, _ = sp.fraction(sp.together(expr))
    return sp.expand(sp.powsimp(sp.expand(numerator))) == 0


def _by_one_logarithm(facts: _Facts, difference: sp.Expr) -> bool:
    """That e to the difference is 1; the numbers have already excluded another branch."""
    logs = difference.atoms(sp.log)
    if not logs or not difference.is_real:
        return False
    power = sp.Integer(1)
    for term in sp.Add.make_args(sp.expand(difference)):
        factor, rest = term.as_independent(*logs, as_Add=False)
        power *= rest.args[0] ** factor if isinstance(rest, sp.log) else sp.exp(term)
    return sp.simplify(power) == 1 or _numerator_vanishes(power - 1)


def _by_integration(facts: _Facts, difference: sp.Expr) -> bool:
    if not difference.has(sp.Integral, sp.Derivative, sp.Limit):
        return False
    return facts.reduced(difference.doit()) == 0


def _by_cases(facts: _Facts, difference: sp.Expr) -> bool:
    """On each side of each switch, and on it."""
    arguments = _switch_arguments(difference)
    if not arguments or len(arguments) > 2:
        return False
    for signs in product((-1, 0, 1), repeat=len(arguments)):
        case = _on_sides(difference, dict(zip(arguments, signs, strict=True)))
        rest = facts.reduced(case)
        if rest != 0 and not (_by_exponentials(facts, rest) or _by_one_logarithm(facts, rest)):
            return False
    return True


def _switch_arguments(expr: sp.Expr) -> list[sp.Expr]:
    found: list[sp.Expr] = []
    for node in expr.atoms(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min):
        many = isinstance(node, sp.Max | sp.Min)
        if many and len(node.args) != 2:
            return []
        argument = node.args[0] - node.args[1] if many else node.args[0]
        if argument not in found and -argument not in found:
            found.append(argument)
    bound = {v for node in expr.atoms(ExprWithLimits) for v in node.variables}
    return [] if any(argument.free_symbols & bound for argument in found) else found


def _on_sides(expr: sp.Expr, signs: Mapping[sp.Expr, int]) -> sp.Expr:
    def side(argument: sp.Expr) -> int:
        return signs[argument] if argument in signs else -signs[-argument]

    def larger(a: sp.Expr, b: sp.Expr) -> sp.Expr:
        return a if side(a - b) >= 0 else b

    # On a switch, what is zero there is put into all the rest.
    zeros = [_solved(argument) for argument, at in signs.items() if at == 0]
    expr = expr.replace(sp.Abs, lambda x: side(x) * x)
    expr = expr.replace(sp.sign, lambda x: sp.Integer(side(x)))
    expr = expr.replace(sp.Heaviside, lambda x, at=sp.S.Half: {1: sp.S.One, 0: at, -1: sp.S.Zero}[side(x)])
    expr = expr.replace(sp.Max, larger)
    expr = expr.replace(sp.Min, lambda a, b: a if side(a - b) <= 0 else b)
    for zero in zeros:
        expr = expr.xreplace(zero)
    return expr


def _solved(argument: sp.Expr) -> dict[sp.Basic, sp.Expr]:
    """A symbol of an argument that is zero, in terms of the others, where that is easy."""
    for symbol in sorted(argument.free_symbols, key=str):
        slope = sp.diff(argument, symbol)
        if slope != 0 and not slope.has(symbol):
            return {symbol: sp.expand(symbol - argument / slope)}
    return {}


_Attempt = Callable[[_Facts, sp.Expr], bool]
_ATTEMPTS: tuple[_Attempt, ...] = (
    _by_exponentials,
    _by_one_logarithm,
    _by_cases,
    _by_integration,
)
