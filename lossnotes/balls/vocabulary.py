"""What can be judged. Anything else is refused by name: not judged is never accepted."""

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom

from lossnotes import functions
from lossnotes.balls.formula import KINDS
from lossnotes.balls.special import FUNCTIONS
from lossnotes.functions import spelled_out

_CONDITIONS = (Relational, sp.And, sp.Or, sp.Not, BooleanAtom)
_ENDS = (sp.Sum, sp.Product, sp.Integral)
_INSTEAD = {
    "re": "Declare its symbols with real=True",
    "im": "Declare its symbols with real=True",
    "arg": "Declare its symbols with real=True",
    "conjugate": "Declare its symbols with real=True",
    "floor": "Write the branches as a Piecewise",
    "ceiling": "Write the branches as a Piecewise",
    "Mod": "Write the branches as a Piecewise",
    "DiracDelta": "Keep to places where it is 0, with a domain",
    "Tuple": "Make it several steps",
    "Subs": "Call .doit() on it",
    "log10": "Write log(x)/log(10)",
}


#: Longer numbers would be rounded where balls are computed to two thousand digits.
_MOST_DIGITS = 1000
_MOST_BITS = int(_MOST_DIGITS * 3.33)
#: Deeper expressions exceed Python's stack, here or in SymPy.
_DEEPEST = 90


def require_known(argument: str, expr: object) -> sp.Expr:
    """The expression, if all of it can be evaluated to any precision.

    Raises
    ------
    ValueError
        If some part cannot; the message names it and says what to do.
    """
    if isinstance(expr, list | tuple | set | dict | str) or expr is None:
        raise ValueError(f"{argument}: expected an expression; got {expr!r}. Make it several steps, or a symbol")
    try:
        given = sp.sympify(expr, strict=True)
    except sp.SympifyError:
        raise ValueError(f"{argument}: expected an expression of SymPy; got {type(expr).__name__}") from None
    if isinstance(given, Boolean | sp.Tuple) and not isinstance(given, sp.Symbol):
        hint = "Give one side, or the difference of both" if isinstance(given, Boolean) else _INSTEAD["Tuple"]
        raise _refused(argument, given, hint)
    if not isinstance(given, sp.Expr):
        raise _refused(argument, given, "Write its components")
    for node in sp.preorder_traversal(given):
        # By class: a reader's own subclass of sp.log has other values under the same name.
        kind = type(node)
        if (
            not str(kind.__module__).startswith(("sympy.", "None"))
            and getattr(functions, kind.__name__, None) is not kind
        ):
            raise _refused(argument, node, f"{kind.__name__} is a class of your own: write its formula")
    try:
        _walk(argument, spelled_out(given), 0)
    except RecursionError:
        raise ValueError(
            f"{argument}: expected an expression nested at most {_DEEPEST} deep; got a deeper one"
        ) from None
    return given


def _walk(argument: str, expr: sp.Basic, depth: int) -> None:
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(expr, sp.Piecewise):
        for value, condition in expr.args:
            _walk(argument, value, depth + 1)
            _walk_condition(argument, condition, depth + 1)
        return
    _require_node(argument, expr)
    if isinstance(expr, sp.Indexed):
        parts: list[sp.Basic] = list(expr.indices)
    elif isinstance(expr, _ENDS):
        _require_limits(argument, expr)
        parts = [expr.function, *(end for limits in expr.limits for end in limits[1:] if not end.is_infinite)]
    elif isinstance(expr, sp.Derivative):
        if not all(times.is_Integer for _, times in expr.variable_count):
            raise _refused(
                argument, expr, "Take a number of derivatives that is no symbol, as in Derivative(f, (x, 2))"
            )
        parts = [expr.expr]
    elif isinstance(expr, sp.Limit):
        parts = [expr.args[0], *([] if expr.args[2].is_infinite else [expr.args[2]])]
    else:
        parts = list(expr.args)
    for part in parts:
        _walk(argument, part, depth + 1)


def _walk_condition(argument: str, condition: sp.Basic, depth: int) -> None:
    if not isinstance(condition, _CONDITIONS):
        raise _refused(argument, condition, "Write conditions with <, <=, >, >=, Eq and Ne")
    for part in condition.args:
        (_walk if isinstance(condition, Relational) else _walk_condition)(argument, part, depth + 1)


def _require_node(argument: str, expr: sp.Basic) -> None:
    name = type(expr).__name__
    if isinstance(expr, AppliedUndef):
        raise _refused(argument, expr, f"{name} has no definition: write its formula, or use a symbol or a family")
    if isinstance(expr, sp.Rational) and max(abs(expr.p), expr.q).bit_length() > _MOST_BITS:
        raise ValueError(f"{argument}: expected numbers of at most {_MOST_DIGITS} digits; got a longer one. Round it")
    if expr in (sp.oo, -sp.oo, sp.zoo, sp.nan):
        raise _refused(argument, expr, "A step needs a finite value: write a Limit of what tends there")
    if isinstance(expr, Relational | Boolean) and not isinstance(expr, sp.Symbol):
        raise _refused(argument, expr, "Conditions belong into a Piecewise")
    if isinstance(expr, sp.Symbol | sp.Indexed) and (not expr.is_commutative or expr.is_infinite):
        raise _refused(argument, expr, "A symbol stands for a finite number, and numbers commute: declare it so")
    if isinstance(expr, sp.Pow) and _log2(expr) > _MOST_BITS:
        raise ValueError(f"{argument}: expected numbers of at most {_MOST_DIGITS} digits; got a power {expr!s:.40}")
    if isinstance(expr, sp.Pow) and expr.base == 0:
        # 1 where its exponent is 0, else 0: a switch that no search for zeros would know.
        raise _refused(argument, expr, "Write a power of 0 as the Piecewise or KroneckerDelta that it is")
    known = (sp.Number, sp.Symbol, sp.Indexed, *KINDS)
    # By identity: a class of the reader's own may have the name of one of SymPy's.
    if not (isinstance(expr, known) or (name in FUNCTIONS and type(expr) is getattr(sp, name, None))):
        raise _refused(argument, expr, _INSTEAD.get(name, "Write it in functions that can be computed"))


def _log2(number: sp.Expr) -> float:
    """The binary logarithm of a whole number that may be written as a power of powers, about; else 0."""
    if number.is_Integer:
        return float(abs(int(number)).bit_length())
    if not number.is_Pow:
        return 0.0
    base, exponent = map(_log2, number.args)
    return base * 2.0 ** min(exponent, 100.0) if exponent else 0.0


def _require_limits(argument: str, expr: ExprWithLimits) -> None:
    if any(len(limits) != 3 for limits in expr.limits):
        raise _refused(argument, expr, "Give it a lower and an upper limit")
    if isinstance(expr, sp.Integral):
        if len(expr.limits) > 1 or expr.function.has(sp.Integral):
            raise _refused(argument, expr, "Take one integral at a time: only single integrals are computed")
        return
    for variable, *ends in expr.limits:
        if any(end.is_infinite for end in ends):
            raise _refused(argument, expr, f"Sum to a finite limit: {variable} has none")
        wrong = [s for end in ends for s in end.free_symbols if not s.is_integer and isinstance(s, sp.Symbol)]
        wrong = [s for s in wrong if not any(s in node.free_symbols for end in ends for node in end.atoms(sp.Indexed))]
        if wrong:
            raise _refused(argument, expr, f"Declare {wrong[0]} with integer=True")


def _refused(argument: str, what: object, hint: str) -> ValueError:
    return ValueError(f"{argument}: expected what can be computed to any precision; got {what}. {hint}")
