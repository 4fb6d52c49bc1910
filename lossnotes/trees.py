"""SymPy expressions as trees of plain data, which one script evaluates wherever the reader is.

A tree is a number, a name, or a list of a head and its parts: ``["+", "z", ["exp", 2]]``. What a
page holds of a formula is this, as JSON; ``lossnotes/js/formula.js`` lists the heads and gives
them their values.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.relational import Relational

from lossnotes.functions import StableFunction
from lossnotes.numerical import Lowest, Numerical, Quadrature

Tree = float | str | list[Any]

#: Head → the function that it stands for.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ln": sp.log,
    "abs": sp.Abs,
    "ceil": sp.ceiling,
    "mod": sp.Mod,
    "max": sp.Max,
    "min": sp.Min,
    "sqrt": sp.sqrt,
    "logit": lambda p: sp.log(p / (1 - p)),
    "log1p": lambda x: sp.log(1 + x),
    "expm1": lambda x: sp.exp(x) - 1,
    "log2": lambda x: sp.log(x, 2),
    "log10": lambda x: sp.log(x, 10),
    **{
        function.__name__: function
        for function in (
            *(sp.exp, sp.sign, sp.floor, sp.frac, sp.Heaviside, sp.sinc, sp.atan2),
            *(sp.sin, sp.cos, sp.tan, sp.sec, sp.csc, sp.cot, sp.sinh, sp.cosh, sp.tanh, sp.sech, sp.csch, sp.coth),
            *(sp.asin, sp.acos, sp.atan, sp.asec, sp.acsc, sp.acot),
            *(sp.asinh, sp.acosh, sp.atanh, sp.asech, sp.acsch, sp.acoth),
            *StableFunction.__subclasses__(),
        )
    },
}
#: What a reader can type, besides ``+ - * / ^``, e and π: each with its derivatives in ``functions.js``.
TYPED = (
    *("exp", "ln", "sqrt", "abs", "sigmoid", "softplus", "logit", "sign", "log1p", "expm1", "log2", "log10"),
    *("sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "logcosh"),
)
_HEADS = {function: head for head, function in FUNCTIONS.items()}
_CONSTANTS: dict[str, sp.Expr] = {"pi": sp.pi, "e": sp.E, "inf": sp.oo}
_COMPARISONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "=": sp.Eq, "!=": sp.Ne}
_CONNECTIVES = {"and": sp.And, "or": sp.Or, "not": sp.Not}
_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b=None: -a if b is None else a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}
#: Classes that are written in the way of another.
_ALIKE = {
    "Product": "Sum",
    **dict.fromkeys(("Or", "Not"), "And"),
    **dict.fromkeys(("Xor", "Implies", "Nand", "Nor", "Equivalent"), "ITE"),
}
_UNEVALUATED = (ExprWithLimits, sp.Derivative, sp.Subs, sp.Limit)
#: What to write in place of a function.
_INSTEAD = {
    "loggamma": "Rewrite it as lngamma(x), from lossnotes.functions, where x > 0",
    "gamma": "Rewrite it as exp(lngamma(x)), lngamma from lossnotes.functions, where x > 0",
    "factorial": "Rewrite it as exp(lngamma(n + 1)), lngamma from lossnotes.functions",
    "KroneckerDelta": "Rewrite it as Piecewise((1, Eq(i, j)), (0, True))",
    "I": "Its value must be a real number: take re(...) or im(...) and simplify",
}


def to_tree(expr: sp.Expr, names: Mapping[sp.Basic, str] | Sequence[sp.Symbol], *, numerical: bool = False) -> Tree:
    """The expression as a tree.

    Parameters
    ----------
    expr
        Any with a real number for a value. Sums and products may be over 1, 2, ... to a
        symbol, and members ``z[j]`` of a family of ``names`` may stand in them.
    names
        What each symbol and family is called in the tree; its own name where they are only listed.
    numerical
        Whether it may have parts that are searched for or added up, Lowest and Quadrature: figures
        evaluate them, and no judge does.

    Raises
    ------
    ValueError
        If the expression has a symbol that is not in ``names``, something that no script can
        evaluate, or no real number for a value.

    Examples
    --------
    >>> z, y = sp.symbols("z y", real=True)
    >>> to_tree(sp.log(1 + sp.exp(z)) - y * z, [z, y])
    ['-', ['ln', ['+', ['exp', 'z'], 1]], ['*', 'y', 'z']]
    """
    if not isinstance(expr, sp.Expr):
        raise ValueError(
            f"expression: expected one with a number for a value; got {type(expr).__name__} {expr}. "
            "Write a condition as Piecewise((1, condition), (0, True))"
        )
    called = names if isinstance(names, Mapping) else {symbol: str(symbol) for symbol in names}
    unknown = sorted(str(symbol) for symbol in free(expr) - set(called))
    if unknown:
        known = ", ".join(map(str, called)) or "none"
        raise ValueError(f"expression: expected only the symbols {known}; got also {', '.join(unknown)}")
    return _Writer(expr, called, numerical).write(expr)


def from_tree(tree: Tree, symbols: Mapping[str, sp.Basic]) -> Any:
    """The expression that a tree stands for; ``symbols`` says what its names are.

    Raises
    ------
    ValueError
        If it has a head or a name that is unknown.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> from_tree(["^", ["sigmoid", "z"], ["/", 1, 2]], {"z": z})
    sqrt(sigmoid(z))
    """
    if isinstance(tree, str):
        if tree not in symbols:
            raise ValueError(f"tree: expected only the names {', '.join(symbols) or 'none'}; got {tree}")
        return symbols[tree]
    if not isinstance(tree, list):
        return sp.sympify(tree)
    head, *parts = tree
    if head in ("sum", "product"):
        index = sp.Symbol(parts[0], integer=True)
        first, last, term = (from_tree(part, {**symbols, parts[0]: index}) for part in parts[1:])
        return (sp.Sum if head == "sum" else sp.Product)(term, (index, first, last))
    if head in ("lowest", "integral"):
        variable = sp.Symbol(parts[0], real=True)
        low, high, inside = (from_tree(part, {**symbols, parts[0]: variable}) for part in parts[1:])
        return (Lowest if head == "lowest" else Quadrature)(inside, (variable, low, high))
    if head == "let":
        return from_tree(parts[2], {**symbols, parts[0]: from_tree(parts[1], symbols)})
    if head in ("true", "false"):
        return sp.sympify(head == "true")
    if head in _CONSTANTS:
        return _CONSTANTS[head]
    inside = [from_tree(part, symbols) for part in parts]
    if head == "if":
        return sp.Piecewise(*zip(inside[1::2], inside[:-1:2], strict=True), (inside[-1], True))
    if head == "at":
        return inside[0][inside[1]]
    for table in (FUNCTIONS, _OPERATIONS, _COMPARISONS, _CONNECTIVES):
        if head in table:
            return table[head](*inside)
    raise ValueError(f"tree: expected a known head; got {head}")


def free(expr: sp.Expr) -> set[sp.Basic]:
    """The free symbols of an expression, with a family for the symbol of its name."""
    families = {family for member in expr.atoms(sp.Indexed) if isinstance(family := member.base, sp.IndexedBase)}
    members = {symbol for family in families for symbol in (family.label, *expr.atoms(sp.Indexed))}
    return (expr.free_symbols - members) | families


class _Writer:
    """Writes one expression."""

    def __init__(self, whole: sp.Expr, names: Mapping[sp.Basic, str], numerical: bool) -> None:
        self.whole, self.names, self.numerical = whole, dict(names), numerical

    def write(self, expr: sp.Basic) -> Tree:
        if expr in self.names:
            return self.names[expr]
        if isinstance(expr, _UNEVALUATED) and not isinstance(expr, sp.Sum | sp.Product):
            raise ValueError(f"expression: expected it evaluated; got {expr}. Call .doit() on it first")
        for kind in type(expr).__mro__:
            write = getattr(self, f"_write_{_ALIKE.get(kind.__name__, kind.__name__)}", None)
            if write:
                return write(expr)
        if type(expr) in _HEADS:
            return self._call(_HEADS[type(expr)], expr.args)
        raise self._refused(type(expr).__name__ if expr.args else str(expr))

    def _refused(self, name: str) -> ValueError:
        instead = _INSTEAD.get(name, "Rewrite it in exp, log and powers, for example with .rewrite(exp)")
        return ValueError(
            f"expression: expected functions that a page can evaluate; got {name} in {self.whole}. {instead}"
        )

    def _call(self, head: str, arguments: Sequence[sp.Basic]) -> Tree:
        return [head, *map(self.write, arguments)]

    def _joined(self, head: str, parts: Sequence[Tree]) -> Tree:
        return parts[0] if len(parts) == 1 else [head, *parts]

    def _write_Integer(self, expr: sp.Integer) -> Tree:
        # What is larger has no exact place in 64 bits.
        return int(expr) if abs(expr) < 2**53 else self._write_Float(expr)

    def _write_Rational(self, expr: sp.Rational) -> Tree:
        return ["/", self.write(sp.Integer(expr.p)), self.write(sp.Integer(expr.q))]

    def _write_Float(self, expr: sp.Number) -> Tree:
        number = float(expr)
        if abs(number) == float("inf"):
            raise ValueError(f"expression: expected numbers that fit 64 bits; got {expr} in {self.whole}")
        return int(number) if number.is_integer() and abs(number) < 2**53 else number

    def _write_NumberSymbol(self, expr: sp.NumberSymbol) -> Tree:
        return {sp.pi: ["pi"], sp.E: ["e"]}.get(expr, float(expr))

    def _write_Infinity(self, _: sp.Expr) -> Tree:
        return ["inf"]

    def _write_NegativeInfinity(self, _: sp.Expr) -> Tree:
        return ["-", ["inf"]]

    def _write_NaN(self, expr: sp.Expr) -> Tree:
        raise self._refused(str(expr))

    # Terms and factors stand in the order that NumPy's printer has: so both round alike.

    def _write_Add(self, expr: sp.Add) -> Tree:
        terms = list(expr.as_ordered_terms())
        if terms[0].could_extract_minus_sign() and not terms[1].could_extract_minus_sign():
            terms[:2] = terms[1::-1]  # b − a in place of −a + b
        tree = self.write(terms[0])
        for term in terms[1:]:
            minus = term.could_extract_minus_sign()
            tree = ["-" if minus else "+", tree, self.write(-term if minus else term)]
        return tree

    def _write_Mul(self, expr: sp.Mul) -> Tree:
        first, *rest = factors = expr.as_ordered_factors()
        if first.is_Rational and first < 0:
            positive = rest if first == -1 else [-first, *rest]
            return ["-", self.write(positive[0] if len(positive) == 1 else sp.Mul(*positive, evaluate=False))]
        below = [factor for factor in factors if factor.is_Pow and factor.exp.is_Rational and factor.exp < 0]
        above = [self.write(factor) for factor in factors if factor not in below]
        product = self._joined("*", above or [1])
        divisors = [self.write(sp.Pow(factor.base, -factor.exp, evaluate=False)) for factor in below]
        return ["/", product, self._joined("*", divisors)] if divisors else product

    def _write_Pow(self, expr: sp.Pow) -> Tree:
        base, exponent = expr.args
        if exponent == 1:
            return self.write(base)
        if exponent.is_Rational and exponent < 0:
            return ["/", 1, self.write(sp.Pow(base, -exponent, evaluate=False))]
        return ["sqrt", self.write(base)] if exponent == sp.S.Half else self._call("^", (base, exponent))

    def _write_TypedFunction(self, expr: sp.Function) -> Tree:
        return self._call("typed", expr.args)

    def _write_UnevaluatedExpr(self, expr: sp.UnevaluatedExpr) -> Tree:
        return self.write(expr.args[0])

    def _write_Heaviside(self, expr: sp.Heaviside) -> Tree:
        return self._call("Heaviside", expr.args[:1])

    def _write_Piecewise(self, expr: sp.Piecewise) -> Tree:
        *cases, last = expr.args
        if last.cond != sp.true:
            raise ValueError(f"expression: expected a Piecewise with a default, (value, True); got none in {expr}")
        pairs = [part for case in cases for part in (self.write(case.cond), self.write(case.expr))]
        return ["if", *pairs, self.write(last.expr)] if pairs else self.write(last.expr)

    def _write_ITE(self, expr: sp.ITE) -> Tree:
        return self.write(expr.to_nnf(simplify=False))

    def _write_Relational(self, expr: Relational) -> Tree:
        return self._call(expr.rel_op.replace("==", "="), expr.args)

    def _write_BooleanAtom(self, expr: sp.Basic) -> Tree:
        return [str(bool(expr)).lower()]

    def _write_And(self, expr: sp.Basic) -> Tree:
        return self._call(type(expr).__name__.lower(), expr.args)

    def _write_Indexed(self, expr: sp.Indexed) -> Tree:
        if len(expr.indices) != 1:
            raise ValueError(f"expression: expected members with one index; got {expr}")
        return self._call("at", expr.args)

    def _write_Sum(self, expr: sp.Sum) -> Tree:
        *inner, (index, first, last) = expr.limits
        if not all(end.is_finite is not False for end in (first, last)):
            raise ValueError(f"expression: expected a sum that ends; got {expr}. Call .doit() on it first")
        term = expr.func(expr.function, *inner) if inner else expr.function
        return self._bound("sum" if isinstance(expr, sp.Sum) else "product", index, (first, last), term)

    def _write_Numerical(self, expr: Numerical) -> Tree:
        if not self.numerical:
            raise ValueError(
                f"expression: expected parts with a formula of their own; got {type(expr).__name__} in {self.whole}, "
                "which only figures evaluate"
            )
        variable, *ends = expr.limits
        return self._bound("lowest" if isinstance(expr, Lowest) else "integral", variable, ends, expr.inside)

    def _bound(self, head: str, index: sp.Symbol, ends: Sequence[sp.Expr], term: sp.Expr) -> Tree:
        """A term in which a symbol has a meaning of its own."""
        written = [self.write(end) for end in ends]
        name = re.sub(r"\W+", "_", str(index))
        while name in self.names.values():
            name += "_"
        before = self.names.get(index)
        self.names[index] = name
        inside = self.write(term)
        del self.names[index]
        if before is not None:
            self.names[index] = before
        return [head, name, *written, inside]
