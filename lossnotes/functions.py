"""SymPy functions that losses are made of and SymPy lacks.

Each knows its derivative, its definition in ``exp`` and ``log`` (``.rewrite(exp)``), its
LaTeX, its value to any precision, and code that keeps its accuracy where the definition
loses it: ``numpy`` for arrays, ``javascript`` for figures.
"""

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from sympy.codegen.cfunctions import log1p

#: Where a definition is taken to be exactly zero: 1e-300 squared needs 2000 bits.
_MOST_BITS = 8192


class StableFunction(sp.Function):
    """A function that carries its own accurate NumPy and JavaScript.

    A subclass gives ``definition``, ``latex_name``, ``numpy`` (of its arguments and of
    their ``costly`` parts) and ``javascript`` (an arrow function of its arguments).
    """

    #: How a formula names it; where empty, a formula spells it out.
    latex_name: ClassVar[str] = ""
    numpy: ClassVar[Callable[..., Any]]
    javascript: ClassVar[str]

    @classmethod
    def definition(cls, *arguments: sp.Expr) -> sp.Expr:
        """The function in ``exp`` and ``log``."""
        raise NotImplementedError

    @classmethod
    def costly(cls, *arguments: sp.Expr) -> tuple[sp.Expr, ...]:
        """What takes time, apart from the rest: printed code computes it once for all that need it."""
        return ()

    def _eval_rewrite_as_exp(self, *arguments: sp.Expr, **_: Any) -> sp.Expr:
        return self.definition(*arguments)

    _eval_rewrite_as_log = _eval_rewrite_as_exp

    def _eval_evalf(self, prec: int) -> sp.Expr:
        # Definitions cancel where the function is tiny: more digits, until they settle.
        expr, work = self.definition(*self.args), prec + 64
        value = expr._evalf(work)
        while work < _MOST_BITS:
            work *= 2
            finer = expr._evalf(work)
            if finer != 0 and (not finer.is_Float or abs(finer - value) <= abs(finer) * sp.Float(2) ** -prec):
                return finer._evalf(prec)
            value = finer
        return value._evalf(prec)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        if not self.latex_name:
            plain = rf"\left({printer._print(self.definition(*self.args))}\right)"
            return f"{plain}^{{{exp}}}" if exp else plain
        inside = ", ".join(printer._print(argument) for argument in self.args)
        power = f"^{{{exp}}}" if exp else ""
        return rf"{self.latex_name}{power}\left({inside}\right)"

    def _javascript(self, printer: Any) -> str:
        inside = ", ".join(printer._print(argument) for argument in self.args)
        return f"({self.javascript})({inside})"

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(argument.is_extended_real for argument in self.args) else None


def _numpy_sigmoid(z: Any, e: Any) -> Any:
    # The larger of e ≤ 1 and (z ≥ 0) is the numerator, 1 or e; np.where would take three
    # times as long.
    return np.maximum(e, z >= 0) / (1 + e)


class sigmoid(StableFunction):
    r"""The logistic function :math:`\sigma(z) = 1/(1 + e^{-z})`, the inverse of the log-odds.

    Its derivative is given as :math:`\sigma(z)\,\sigma(-z)`: the usual
    :math:`\sigma(1-\sigma)` loses all digits where σ is near 1.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> sigmoid(z).diff(z)
    sigmoid(-z)*sigmoid(z)
    >>> sigmoid(-40).evalf(5)
    4.2484e-18
    """

    nargs = 1
    latex_name = r"\sigma"
    numpy = staticmethod(_numpy_sigmoid)
    javascript = "t => t >= 0 ? 1 / (1 + Math.exp(-t)) : (e => e / (1 + e))(Math.exp(t))"

    @classmethod
    def eval(cls, z: sp.Expr) -> sp.Expr | None:
        limits = {sp.S.Zero: sp.S.Half, sp.oo: sp.S.One, -sp.oo: sp.S.Zero}
        return limits.get(z)

    @classmethod
    def definition(cls, z: sp.Expr) -> sp.Expr:
        return 1 / (1 + sp.exp(-z))

    @classmethod
    def costly(cls, z: sp.Expr) -> tuple[sp.Expr, ...]:
        return (sp.exp(-sp.Abs(z)),)  # of a negative number only: it cannot overflow

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        (z,) = self.args
        return sigmoid(z) * sigmoid(-z)

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[0].is_real else None


class softplus(StableFunction):
    r"""Softplus, :math:`\ln(1 + e^z)`: the cost of an outcome whose log-odds are :math:`-z`.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> softplus(z).diff(z)
    sigmoid(z)
    >>> softplus(-40).evalf(5)
    4.2484e-18
    """

    nargs = 1
    latex_name = r"\operatorname{softplus}"
    numpy = staticmethod(lambda z, rest: np.maximum(z, 0) + rest)
    javascript = "t => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)))"

    @classmethod
    def eval(cls, z: sp.Expr) -> sp.Expr | None:
        limits = {sp.S.Zero: sp.log(2), sp.oo: sp.oo, -sp.oo: sp.S.Zero}
        return limits.get(z)

    @classmethod
    def definition(cls, z: sp.Expr) -> sp.Expr:
        return sp.log(1 + sp.exp(z))

    @classmethod
    def costly(cls, z: sp.Expr) -> tuple[sp.Expr, ...]:
        return (log1p(sp.exp(-sp.Abs(z))),)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sigmoid(self.args[0])

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[0].is_real else None


def _numpy_logcosh(r: Any) -> Any:
    size = np.abs(r)
    # Near 0 the logarithm's argument is 1 + 2 sinh²(r/2), a sum of positive terms; far
    # from it sinh would overflow, and |r| − ln 2 no longer cancels.
    near = np.log1p(2 * np.sinh(np.minimum(size, 2) / 2) ** 2)
    return np.where(size < 2, near, (size - np.log(2)) + np.log1p(np.exp(-2 * size)))


class logcosh(StableFunction):
    r"""The logarithm of the hyperbolic cosine, :math:`\ln\cosh r`.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> logcosh(r).diff(r)
    tanh(r)
    >>> float(logcosh.numpy(1e-9))
    5e-19
    """

    nargs = 1
    latex_name = r"\ln\cosh"
    numpy = staticmethod(_numpy_logcosh)
    javascript = (
        "t => (a => a < 2 ? Math.log1p(2 * Math.sinh(a / 2) ** 2)"
        " : a - Math.LN2 + Math.log1p(Math.exp(-2 * a)))(Math.abs(t))"
    )

    @classmethod
    def eval(cls, r: sp.Expr) -> sp.Expr | None:
        limits = {sp.S.Zero: sp.S.Zero, sp.oo: sp.oo, -sp.oo: sp.oo}
        return limits.get(r)

    @classmethod
    def definition(cls, r: sp.Expr) -> sp.Expr:
        return sp.log((sp.exp(r) + sp.exp(-r)) / 2)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.tanh(self.args[0])

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0].is_real else None


def _numpy_log1psquare(x: Any) -> Any:
    size = np.abs(x)
    inside, outside = np.minimum(size, 1), np.maximum(size, 1)
    return np.where(size <= 1, np.log1p(inside * inside), 2 * np.log(outside) + np.log1p(outside**-2.0))


class log1psquare(StableFunction):
    r"""The Cauchy curve :math:`\ln(1 + x^2)`, without the overflow of :math:`x^2`.

    Examples
    --------
    >>> float(log1psquare.numpy(1e200))
    921.0340371976183
    """

    nargs = 1
    numpy = staticmethod(_numpy_log1psquare)
    javascript = "t => (a => a <= 1 ? Math.log1p(a * a) : 2 * Math.log(a) + Math.log1p(1 / a / a))(Math.abs(t))"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.log(1 + x**2)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return 2 * redescend(self.args[0])

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0].is_real else None


def _numpy_redescend(x: Any) -> Any:
    size = np.abs(x)
    inside, outside = np.minimum(size, 1), np.maximum(size, 1)
    # 1/(x + 1/x) far out: x² would overflow.
    return np.sign(x) * np.where(size <= 1, inside / (1 + inside * inside), 1 / (outside + 1 / outside))


class redescend(StableFunction):
    r"""The influence curve :math:`x/(1 + x^2)`: it rises, peaks at 1 and falls back to 0.

    Examples
    --------
    >>> float(redescend.numpy(1e200))
    1e-200
    """

    nargs = 1
    numpy = staticmethod(_numpy_redescend)
    javascript = "t => Math.abs(t) <= 1 ? t / (1 + t * t) : 1 / (t + 1 / t)"

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x / (1 + x**2)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        (x,) = self.args
        return (1 - x**2) / (1 + x**2) ** 2


class halfsquare(StableFunction):
    r"""Half a square, :math:`r^2/2`, without the overflow of :math:`r^2`.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> halfsquare(r).diff(r)
    r
    >>> bool(np.isfinite(halfsquare.numpy(1.5e154)))
    True
    """

    nargs = 1
    numpy = staticmethod(lambda r: (0.5 * r) * r)
    javascript = "t => (0.5 * t) * t"

    @classmethod
    def definition(cls, r: sp.Expr) -> sp.Expr:
        return r**2 / 2

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return self.args[0]

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0].is_real else None


def _numpy_mix(weight: Any, one: Any, zero: Any) -> Any:
    blend = weight * one + (1 - weight) * zero
    if not np.isnan(np.min(blend)):
        return blend
    # 0 · ∞: where a side has no weight it does not count, not even if it is infinite.
    return np.where(weight >= 1, one, np.where(weight <= 0, zero, blend))


class mix(StableFunction):
    r"""A mean over a yes or no, :math:`y\,a + (1-y)\,b`; what has weight 0 may be infinite.

    Examples
    --------
    >>> y, a, b = sp.symbols("y a b", real=True)
    >>> mix(y, sp.exp(a), b).diff(a)
    mix(y, exp(a), 0)
    >>> float(mix.numpy(1.0, 0.5, np.inf))
    0.5
    """

    nargs = 3
    numpy = staticmethod(_numpy_mix)
    javascript = (
        "(y, a, b) => { const blend = y * a + (1 - y) * b;"
        " return !Number.isNaN(blend) ? blend : y >= 1 ? a : y <= 0 ? b : blend; }"
    )

    @classmethod
    def definition(cls, y: sp.Expr, a: sp.Expr, b: sp.Expr) -> sp.Expr:
        return y * a + (1 - y) * b

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        y, a, b = self.args
        return mix(y, a.diff(symbol), b.diff(symbol)) + (a - b) * y.diff(symbol)


def _numpy_logsumexp(*z: Any) -> Any:
    """LogSumExp with the largest taken out, so that a tiny rest keeps its digits."""
    stacked = np.stack(np.broadcast_arrays(*z))
    largest = stacked.argmax(axis=0)
    top = np.take_along_axis(stacked, largest[None], axis=0)
    terms = np.exp(stacked - top)
    np.put_along_axis(terms, largest[None], 0, axis=0)
    return top[0] + np.log1p(terms.sum(axis=0))


class logsumexp(StableFunction):
    r"""LogSumExp of its arguments, :math:`\ln\sum_j e^{z_j}`; its gradient is softmax.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> logsumexp(a, b).diff(a)
    exp(a - logsumexp(a, b))
    >>> round(float(logsumexp.numpy(1.0, 2.0, 3.0)), 5)
    3.40761
    """

    latex_name = r"\operatorname{LSE}"
    numpy = staticmethod(_numpy_logsumexp)
    javascript = (
        "(...z) => { const top = Math.max(...z), k = z.indexOf(top);"
        " return top + Math.log1p(z.reduce((sum, t, j) => j === k ? sum : sum + Math.exp(t - top), 0)); }"
    )

    @classmethod
    def definition(cls, *z: sp.Expr) -> sp.Expr:
        return sp.log(sp.Add(*(sp.exp(t) for t in z)))

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.exp(self.args[argindex - 1] - self)


class lngamma(StableFunction):
    r"""The logarithm of the gamma function for positive numbers, :math:`\ln\Gamma(x)`.

    SymPy's own ``loggamma`` has no JavaScript, and its NumPy takes no arrays.

    Examples
    --------
    >>> round(float(lngamma.numpy(5.0)), 12) == round(math.log(24), 12)
    True
    """

    nargs = 1
    latex_name = r"\ln\Gamma"
    numpy = staticmethod(
        np.vectorize(lambda x: math.lgamma(x) if x > 0 else math.inf if x == 0 else math.nan, otypes=[float])
    )
    # Stirling's series beyond 10, where its eighth term is below rounding.
    javascript = (
        "x => { let shift = 0; for (; x < 10; x += 1) shift += Math.log(x); const i = 1 / x, q = i * i;"
        " const series = i * (1/12 - q * (1/360 - q * (1/1260 - q * (1/1680 - q * (1/1188"
        " - q * (691/360360 - q / 156))))));"
        " return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift; }"
    )

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.loggamma(x)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.digamma(self.args[0])


def spelled_out(expr: sp.Expr) -> sp.Expr:
    """The expression with each function of this module replaced by its definition.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> spelled_out(z**2 + softplus(-z))
    z**2 + log(1 + exp(-z))
    """
    return expr.replace(lambda node: isinstance(node, StableFunction), lambda node: node.definition(*node.args))


def readable(expr: sp.Basic) -> sp.Basic:
    """The expression with the functions that formulas do not name replaced by their definitions.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> readable(halfsquare(r) + logcosh(r))
    r**2/2 + logcosh(r)
    """
    return expr.replace(
        lambda node: isinstance(node, StableFunction) and not node.latex_name,
        lambda node: node.definition(*node.args),
    )


def apart(expr: sp.Expr) -> sp.Expr:
    """The expression with the costly parts of its functions as further arguments.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> apart(sigmoid(z) * sigmoid(-z))
    sigmoid(-z, exp(-Abs(z)))*sigmoid(z, exp(-Abs(z)))
    """
    return expr.replace(
        lambda node: isinstance(node, StableFunction) and bool(node.costly(*node.args)),
        lambda node: sp.Function(type(node).__name__)(*node.args, *node.costly(*node.args)),
    )


#: What ``lambdify`` calls where an expression names one of these functions.
NUMPY = {
    function.__name__: function.numpy
    for function in (sigmoid, softplus, logcosh, log1psquare, redescend, halfsquare, mix, logsumexp, lngamma)
}
