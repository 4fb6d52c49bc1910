"""What the reader types: a function of one variable, with its first and second derivative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.core.function import ArgumentIndexError
from sympy.printing.str import StrPrinter

from lossnotes.figures.controls import Keyed, Menu, Slider, as_key, require_symbol
from lossnotes.figures.entries import Entries
from lossnotes.style import require_words
from lossnotes.trees import FUNCTIONS, TYPED, to_tree

#: The most characters that ``parse.js`` reads.
LONGEST = 500
#: What ``parse.js`` reads.
_READ = (
    *(sp.Symbol, sp.Integer, sp.Rational, sp.Float, type(sp.pi), type(sp.E), sp.Add, sp.Mul, sp.Pow),
    *(function for head in TYPED if isinstance(function := FUNCTIONS[head], type)),
)


class TypedFunction(sp.Function):
    """A derivative of a typed function at a place: of the name, the order 0 to 2 and the argument."""

    nargs = 3
    is_extended_real = True

    def fdiff(self, argindex: int = 3) -> sp.Expr:
        """The next derivative; SymPy asks for it where it differentiates."""
        name, order, argument = self.args
        if argindex != 3:
            raise ArgumentIndexError(self, argindex)
        if order == 2:
            raise ValueError(f"{name}: expected at most its second derivative; got the third")
        return TypedFunction(name, order + 1, argument)


@dataclass(frozen=True)
class Formula(Keyed):
    """A function of one variable that the reader types.

    It is called as a function of SymPy's is: ``L(r)``, and its derivatives are ``L.slope(r)`` and
    ``L.curvature(r)``. ``sympy.diff`` knows them. In the first picture, in print and in NumPy's
    arithmetic the default stands for it.

    Parameters
    ----------
    symbol
        A symbol of its own, which names the function.
    variable
        What the reader types it in.
    default
        The function at first, an expression in the variable. It is made of what a reader can type:
        numbers, ``+ - * / ^``, e, π and the functions of ``lossnotes.trees.TYPED``.
    label
        What the reader sees beside the field; ``L(r) =`` where none is given.
    presets
        Name → expression: formulas that the reader can choose.

    Raises
    ------
    ValueError
        If the default or a preset holds another symbol or what no reader can type, is longer than
        500 characters, or two presets are the same.
    TypeError
        If symbol or variable is no symbol, or a formula no expression.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> L = Formula(sp.Symbol("L"), r, r**2 / 2)
    >>> L.text
    'r^2/2'
    >>> sp.diff(L(3 * r), r) == 3 * L.slope(3 * r)
    True
    >>> L.settled(L(3 * r) + L.slope(r))
    9*r**2/2 + r
    """

    symbol: sp.Symbol
    variable: sp.Symbol
    default: sp.Expr
    label: str = ""
    presets: Mapping[str, sp.Expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_symbol("formula", self.symbol)
        require_symbol(f"formula {self.symbol}, variable", self.variable)
        if self.label == "":
            object.__setattr__(self, "label", f"{self.symbol}({self.variable}) =")
        self._settle_words("formula")
        if self.variable == self.symbol:
            raise ValueError(f"formula {self.symbol}: expected a variable other than itself; got {self.variable}")
        name = f"formula {self.symbol}"
        object.__setattr__(self, "default", self.checked(f"{name}, default", self.default))
        require_words(**{f"{name}, preset {n}": preset for n, preset in enumerate(self.presets)})
        presets = {one: self.checked(f"{name}, preset {one!r}", expr) for one, expr in self.presets.items()}
        if len(set(map(self.typed, presets.values()))) < len(presets):
            raise ValueError(f"{name}, presets: expected different formulas; got {', '.join(presets)}")
        object.__setattr__(self, "presets", presets)

    def __call__(self, argument: Any) -> sp.Expr:
        """The function at a place."""
        return self._applied(0, argument)

    def slope(self, argument: Any) -> sp.Expr:
        """Its first derivative at a place."""
        return self._applied(1, argument)

    def curvature(self, argument: Any) -> sp.Expr:
        """Its second derivative at a place."""
        return self._applied(2, argument)

    def _applied(self, order: int, argument: Any) -> sp.Expr:
        return TypedFunction(self.symbol, sp.Integer(order), sp.sympify(argument, strict=True))

    @property
    def text(self) -> str:
        """The default, as a reader would type it."""
        return self.typed(self.default)

    @property
    def names(self) -> Sequence[str]:
        """How the variable may be typed."""
        name = str(self.variable)
        return tuple(dict.fromkeys(([name] if name.isidentifier() else []) + [as_key(self.variable)]))

    def typed(self, expr: sp.Expr) -> str:
        """An expression in the variable, as a reader would type it."""
        return str(_Typist().doprint(expr.subs(self.variable, sp.Symbol(self.names[0], real=True))))

    def settled(self, expr: sp.Expr) -> sp.Expr:
        """An expression with the default in place of the function.

        At a kink the second derivative is that of the branches: what SymPy has as DiracDelta is left out.
        """
        return expr.replace(
            lambda node: isinstance(node, TypedFunction) and node.args[0] == self.symbol,
            lambda node: self._derivatives[int(node.args[1])].subs(self.variable, node.args[2]),
        )

    @cached_property
    def _derivatives(self) -> tuple[sp.Expr, ...]:
        # Of a symbol that may be complex, SymPy would differentiate |r| by real and imaginary part.
        real = sp.Dummy(real=True)
        found = [self.default.subs(self.variable, real)]
        for _ in range(2):
            found.append(sp.diff(found[-1], real).replace(sp.DiracDelta, lambda *_: sp.S.Zero))
        return tuple(expr.subs(real, self.variable) for expr in found)

    def checked(self, name: str, formula: Any) -> sp.Expr:
        """A formula that a reader can type in the variable, or an error that begins with ``name``."""
        expr = sp.sympify(formula, strict=True) if not isinstance(formula, str) else formula
        if not isinstance(expr, sp.Expr):
            raise TypeError(f"{name}: expected an expression in {self.variable}; got {formula!r}")
        if others := sorted(map(str, expr.free_symbols - {self.variable})):
            raise ValueError(f"{name}: expected no symbol but {self.variable}; got {', '.join(others)} in {expr}")
        try:
            to_tree(expr, [self.variable])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
        for node in sp.preorder_traversal(expr):
            if not isinstance(node, _READ):
                raise ValueError(
                    f"{name}: expected what a reader can type, {', '.join(TYPED)}; got {type(node).__name__} in "
                    f"{expr}. Rewrite it in these"
                )
        if len(self.typed(expr)) > LONGEST:
            raise ValueError(f"{name}: expected at most {LONGEST} characters; got {len(self.typed(expr))}")
        return expr


Control = Slider | Menu | Formula | Entries


class _Typist(StrPrinter):
    """Writes an expression as ``parse.js`` reads it."""

    def __init__(self) -> None:
        super().__init__({"full_prec": False})

    def doprint(self, expr: sp.Basic) -> str:
        return super().doprint(expr).replace("**", "^")

    def _print_Abs(self, expr: sp.Abs) -> str:
        return f"abs({self._print(expr.args[0])})"

    def _print_log(self, expr: sp.log) -> str:
        return f"ln({self._print(expr.args[0])})"

    def _print_Exp1(self, _: sp.Expr) -> str:
        return "e"

    def _print_Float(self, expr: sp.Float) -> str:
        return repr(float(expr))
