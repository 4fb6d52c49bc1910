"""SymPy expressions, compiled to functions of exact numbers and balls."""

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import ctx, fmpq
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom, BooleanFunction

from lossnotes.balls.branches import either, sign
from lossnotes.balls.special import CONSTANTS, FUNCTIONS, add, logarithm, multiply, power, times
from lossnotes.balls.values import (
    Key,
    Run,
    State,
    TooLongError,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    exact,
    finite,
    is_real,
    is_zero,
    notice_flat,
    whole,
)
from lossnotes.functions import spelled_out


class BoundedFormula:
    """An expression, ready to be evaluated.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> BoundedFormula(sp.exp(x) - 1).at({x: fmpq(0)})
    0
    """

    def __init__(self, expr: sp.Basic, bound: frozenset[sp.Basic] = frozenset()) -> None:
        self.run = compiled(spelled_out(expr) if isinstance(expr, sp.Expr) else expr, bound)

    def at(self, values: Mapping[Key, Value], digits: int = 60) -> Value:
        """The value where each symbol is the given number."""
        with ctx.workdps(digits):
            return self.run(State(values.__getitem__))


def compiled(expr: sp.Basic, scope: frozenset[sp.Basic]) -> Run:
    """The expression as a function of a state; what does not change inside a sum is computed once."""
    run = _node(expr, scope)
    if not expr.args or isinstance(expr, sp.Indexed):
        return run
    # Not its free symbols: SymPy leaves out the subscripts of what a Derivative is taken in.
    depends = tuple(sorted(expr.atoms(sp.Symbol) & scope, key=str))
    mark = object()

    def remembered(state: State) -> Any:
        state.steps -= 1
        if state.steps < 0:
            raise TooLongError
        places = tuple(state.bound[symbol] for symbol in depends)
        if any(not isinstance(place, int) for place in places):
            return run(state)
        key = mark, places, state.integrating and state.analytic
        if key not in state.memo:
            state.memo[key] = run(state)
        return state.memo[key]

    return remembered


def _node(expr: sp.Basic, scope: frozenset[sp.Basic]) -> Run:
    if isinstance(expr, sp.Indexed):
        return _member(expr, scope)
    if isinstance(expr, sp.Symbol):
        return _symbol(expr, scope)
    if isinstance(expr, sp.Number):
        number = exact(expr)
        return lambda state: number
    for kind, build in _BUILDERS.items():
        if isinstance(expr, kind):
            return build(expr, scope)
    function = FUNCTIONS[type(expr).__name__]
    parts = [compiled(arg, scope) for arg in expr.args]
    return lambda state: function(state, *(part(state) for part in parts))


def _symbol(symbol: sp.Symbol, scope: frozenset[sp.Basic]) -> Run:
    if symbol not in scope:
        return lambda state: state.value(symbol)

    def read(state: State) -> Value:
        place = state.bound[symbol]
        return fmpq(place) if isinstance(place, int) else place

    return read


def _member(expr: sp.Indexed, scope: frozenset[sp.Basic]) -> Run:
    base = expr.base
    places = [compiled(index, scope) for index in expr.indices]

    def read(state: State) -> Value:
        state.steps -= 1
        return state.value((base, tuple(whole(place(state)) for place in places)))

    return read


def _sum(expr: sp.Add, scope: frozenset[sp.Basic]) -> Run:
    parts = [compiled(arg, scope) for arg in expr.args]
    return lambda state: add(state, [part(state) for part in parts])


def _product(expr: sp.Mul, scope: frozenset[sp.Basic]) -> Run:
    parts = [compiled(arg, scope) for arg in expr.args]

    def run(state: State) -> Value:
        result: Value = fmpq(1)
        for part in parts:
            result = times(result, part(state))
        return result

    return run


def _power(expr: sp.Pow, scope: frozenset[sp.Basic]) -> Run:
    base, exponent = (compiled(arg, scope) for arg in expr.args)
    return lambda state: power(state, base(state), exponent(state))


def _loop(expr: sp.Sum | sp.Product, scope: frozenset[sp.Basic], combine: Callable[[State, list[Value]], Value]) -> Run:
    """Term by term; below its start a sum is empty. The last limits are the outermost."""
    *inner, (variable, low, high) = expr.limits
    ends = [compiled(end, scope) for end in (low, high)]
    inside = scope | {variable}
    body = compiled(expr.func(expr.function, *inner) if inner else expr.function, inside)

    def run(state: State) -> Value:
        first, last = (whole(end(state)) for end in ends)
        if last - first > state.steps:
            raise TooLongError
        terms = []
        with state.binding(variable):
            for place in range(first, last + 1):
                state.bound[variable] = place
                terms.append(body(state))
        return combine(state, terms)

    return run


def _relation(expr: Relational, scope: frozenset[sp.Basic]) -> Run:
    gap = compiled(expr.lhs - expr.rhs, scope)
    holds = _COMPARISONS[expr.rel_op]
    return lambda state: holds(sign(state, gap(state)))


_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "==": lambda s: s == 0,
    "!=": lambda s: s != 0,
}


def _junction(expr: BooleanFunction, scope: frozenset[sp.Basic]) -> Run:
    parts = [compiled(arg, scope) for arg in expr.args]
    if isinstance(expr, sp.Not):
        return lambda state: not parts[0](state)
    join = all if isinstance(expr, sp.And) else any
    return lambda state: join([part(state) for part in parts])


def _piecewise(expr: sp.Piecewise, scope: frozenset[sp.Basic]) -> Run:
    branches = [(compiled(value, scope), compiled(condition, scope)) for value, condition in expr.args]

    def run(state: State) -> Value:
        for value, condition in branches:
            try:
                holds = condition(state)
            except UndecidedError:
                if not state.integrating or state.analytic:
                    raise
                return either(state, [value for value, _ in branches])
            if holds:
                return value(state)
        raise UndefinedError

    return run


def _log_node(expr: sp.log, scope: frozenset[sp.Basic]) -> Run:
    """The logarithm; of 1 + x through x, of which a tiny one keeps its digits."""
    (argument,) = expr.args
    whole_argument = compiled(argument, scope)
    rest = None
    if isinstance(argument, sp.Add) and sp.S.One in argument.args:
        rest = compiled(sp.Add(*(arg for arg in argument.args if arg != 1)), scope)

    def run(state: State) -> Value:
        if rest is not None and not state.integrating:
            small = rest(state)
            if is_real(small) and abs(small) < 1:
                result = fmpq(0) if is_zero(small) else finite(ball(small).log1p())
                notice_flat(state, small, lambda moved: moved.log1p(), result)
                return result
        return logarithm(state, whole_argument(state))

    return run


def _constant(expr: sp.Basic, _scope: frozenset[sp.Basic]) -> Run:
    number = CONSTANTS[expr]
    return lambda state: number()


def _calculus(expr: sp.Basic, scope: frozenset[sp.Basic]) -> Run:
    from lossnotes.balls import calculus  # it compiles the parts of an integral here

    return calculus.calculated(expr, scope)


_BUILDERS: dict[Any, Callable[..., Run]] = {
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.log: _log_node,
    sp.Sum: lambda expr, scope: _loop(expr, scope, add),
    sp.Product: lambda expr, scope: _loop(expr, scope, multiply),
    (sp.Integral, sp.Derivative, sp.Limit): _calculus,
    sp.Piecewise: _piecewise,
    Relational: _relation,
    (sp.And, sp.Or, sp.Not): _junction,
    BooleanAtom: lambda expr, scope: lambda state: bool(expr),
    tuple(type(constant) for constant in CONSTANTS): _constant,
}
#: The kinds of nodes that can be evaluated, besides numbers, symbols, members and functions.
KINDS: tuple[Any, ...] = tuple(
    kind for kinds in _BUILDERS for kind in (kinds if isinstance(kinds, tuple) else (kinds,))
)
