"""Expressions as LaTeX, as a person writes them.

SymPy's printer sorts factors by their names, splits √(2π) in two, and nests fractions as deep
as the expression does.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sympy as sp
from sympy.printing.latex import LatexPrinter

#: Fractions within fractions; what is deeper, and what stands in an exponent, has a slash.
DEEPEST = 2
_HALF = sp.Rational(1, 2)
_BIG = (sp.Sum, sp.Product, sp.Integral)
_DIGIT_FIRST, _DIGIT_LAST = re.compile(r"\s*\d"), re.compile(r"\d\s*$")


class Printer(LatexPrinter):
    r"""SymPy's printer with natural logarithms as ln; no sum begins with a minus that need not.

    Factors stand in the order: numbers, letters, brackets, what lets a slope through such as
    p(1 − p), functions, logarithms, sums.

    Examples
    --------
    >>> p, y = sp.symbols("p y")
    >>> Printer().doprint(2 * p * (1 - p) * (p - y)).replace(r"\left", "").replace(r"\right", "")
    '2 (p - y) p (1 - p)'
    >>> Printer().doprint(sp.log(p) / sp.sqrt(2 * sp.pi))
    '\\frac{\\ln p}{\\sqrt{2 \\pi}}'
    """

    def __init__(self) -> None:
        super().__init__({"ln_notation": True})
        self._depth = 0

    @contextmanager
    def _within(self, depth: int) -> Iterator[None]:
        before, self._depth = self._depth, depth
        yield
        self._depth = before

    def _as_ordered_terms(self, expr: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        """ŷ − y where SymPy's order is −y + ŷ, and 1 + eˣ where it is eˣ + 1."""
        terms = list(super()._as_ordered_terms(expr, order=order))
        signs = [term.could_extract_minus_sign() for term in terms]
        first = next((k for k, negative in enumerate(signs) if not negative), 0)
        if terms[-1].is_Number and not any(signs) and expr.has(sp.exp):
            first = len(terms) - 1
        return [terms.pop(first), *terms]

    def _print_Mul(self, expr: sp.Expr) -> str:
        if expr.is_Mul and (expr.args[0] is sp.S.One or any(factor.is_Number for factor in expr.args[1:])):
            return str(super()._print_Mul(expr))  # an unevaluated product, in its own order
        if expr.could_extract_minus_sign():
            inner = -expr
            return f"- ({self._print(inner)})" if inner.is_Add else f"- {self._print(inner)}"
        above, below = _split(expr)
        if not below:
            return self._product(above)
        big = [factor for factor in above if isinstance(factor, _BIG)]
        if big and not any(factor.has(*_BIG) for factor in below):
            # Of (1/n) Σ the sum stands beside the fraction.
            few = [factor for factor in above if factor not in big] or [sp.S.One]
            return f"{self._fraction(few, below)} {self._product(big)}"
        return self._fraction(above, below)

    def _fraction(self, above: Sequence[sp.Expr], below: Sequence[sp.Expr]) -> str:
        if self._depth < DEEPEST:
            with self._within(self._depth + 1):
                return rf"\frac{{{self._product(above)}}}{{{self._product(below)}}}"
        over = self._product(above, alone=False)
        under = self._product(below, alone=False)
        return f"{over}/{under}" if len(below) == 1 else rf"{over}/\left({under}\right)"

    def _product(self, factors: Sequence[sp.Expr], *, alone: bool = True) -> str:
        """Factors in a person's order; one that stands alone needs no brackets."""
        text = ""
        ordered = _ordered(factors)
        for number, factor in enumerate(ordered):
            last = number == len(ordered) - 1
            part = str(self._print(factor))
            bare = factor.is_Function or (alone and len(ordered) == 1)
            if isinstance(factor, sp.log) and not last:
                part = str(super()._print_log(factor))
            if not bare and self._needs_mul_brackets(factor, first=number == 0, last=last):
                part = rf"\left({part}\right)"
            dot = r" \cdot " if _DIGIT_LAST.search(text) and _DIGIT_FIRST.match(part) else " " if text else ""
            text += dot + part
        return text

    def _print_Rational(self, expr: sp.Rational) -> str:
        if expr.q == 1 or self._depth < DEEPEST:
            return str(super()._print_Rational(expr))
        return f"{'- ' if expr.p < 0 else ''}{abs(expr.p)}/{expr.q}"

    def _print_Pow(self, expr: sp.Pow) -> str:
        power = expr.exp
        below = power.is_Rational and power.is_negative and expr.base.is_commutative
        if below and not expr.base.is_Rational:
            return self._print_Mul(expr)
        if expr.base.is_Function and not power.is_Rational:
            return str(self._print(expr.base, exp=self._exponent(power)))
        return str(super()._print_Pow(expr))

    def _helper_print_standard_power(self, expr: sp.Pow, template: str) -> str:
        base = super()._helper_print_standard_power(sp.Pow(expr.base, sp.Symbol("n"), evaluate=False), "%s%.0s")
        return template % (base, self._exponent(expr.exp))

    def _exponent(self, expr: sp.Expr) -> str:
        with self._within(DEEPEST):
            return str(self._print(expr))

    def _print_ExpBase(self, expr: sp.Expr, exp: str | None = None) -> str:
        return str(self._do_exponent(f"e^{{{self._exponent(expr.args[0])}}}", exp))

    def _print_log(self, expr: sp.Expr, exp: str | None = None) -> str:
        inner = expr.args[0]
        if exp is None and (inner.is_Symbol or isinstance(inner, sp.Indexed) or inner.is_Integer or inner is sp.pi):
            return rf"\ln {self._print(inner)}"
        return str(super()._print_log(expr, exp))


def _split(expr: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
    """The factors above and below the line of a fraction, roots of numbers put together."""
    numbers = [factor for factor in sp.Mul.make_args(expr) if _square_is_plain(factor)]
    if not any(factor.is_Pow and factor.exp.q == 2 for factor in numbers):
        return _factors(*sp.fraction(expr, exact=True))
    rest = [factor for factor in sp.Mul.make_args(expr) if factor not in numbers]
    above, below = _factors(*sp.fraction(sp.Mul(*rest), exact=True))
    over, under = map(_root, sp.fraction(sp.Mul(*(factor**2 for factor in numbers))))
    return [*over, *above], [*under, *below]


def _factors(*parts: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
    over, under = ([factor for factor in sp.Mul.make_args(part) if factor != 1] for part in parts)
    return over or [sp.S.One], under


def _square_is_plain(factor: sp.Expr) -> bool:
    """Whether it is a positive number whose square is a fraction, or such a fraction times a power of π."""
    if factor.is_Rational:
        return bool(factor.is_positive)
    base, power = factor.as_base_exp()
    plain = base is sp.pi or (base.is_Rational and base.is_positive)
    return bool(plain and power.is_Rational and power.q in (1, 2))


def _root(square: sp.Expr) -> list[sp.Expr]:
    """The factors of a root: what leaves it, and the rest under one sign."""
    outside, inside = sp.sqrt(square.as_coeff_Mul()[0]).as_coeff_Mul()
    under, power = inside**2, square.as_powers_dict().get(sp.pi, sp.S.Zero)
    outside *= sp.pi ** (power // 2)
    if power % 2:
        under = sp.Mul(under, sp.pi, evaluate=False) if under != 1 else sp.pi
    root = [] if under == 1 else [sp.Pow(under, _HALF, evaluate=False)]
    return [factor for factor in sp.Mul.make_args(outside) if factor != 1] + root


def _ordered(factors: Sequence[sp.Expr]) -> list[sp.Expr]:
    """Numbers, letters, brackets, p(1 − p), functions, logarithms, sums; else as SymPy has them."""
    bases = [_base(factor) for factor in factors]
    gates = [base for base in bases if 1 - base in bases and not (base.is_Add or base.is_number)]

    def place(factor: sp.Expr) -> tuple[int, int, bool]:
        base = _base(factor)
        pair = next((n for n, gate in enumerate(gates) if base in (gate, 1 - gate)), None)
        if pair is not None:
            return 3, pair, base.is_Add
        return _kind(factor, base), 0, bool(base.is_Function and base.args and base.args[0].could_extract_minus_sign())

    return sorted(sp.Mul(*factors, evaluate=False).as_ordered_factors() if len(factors) > 1 else factors, key=place)


def _base(factor: sp.Expr) -> sp.Expr:
    base = factor.as_base_exp()[0]
    return base.args[0] if isinstance(base, sp.UnevaluatedExpr) else base


def _kind(factor: sp.Expr, base: sp.Expr) -> int:
    if factor.is_number and not factor.has(sp.exp, sp.log):
        return 0
    if base.is_Symbol or isinstance(base, sp.Indexed | sp.KroneckerDelta):
        return 1
    if isinstance(base, _BIG):
        return 6
    if isinstance(base, sp.log):
        return 5
    return 2 if base.is_Add else 4
