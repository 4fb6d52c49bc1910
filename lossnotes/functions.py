"""SymPy functions that losses are made of and SymPy lacks.

Each knows its derivative, its definition in ``exp`` and ``log`` (``.rewrite(exp)``), its
LaTeX, its value to any precision, and code that keeps its accuracy where the definition
loses it: ``numpy`` for arrays, and in ``lossnotes/js/functions.js`` the same for figures.
"""

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from sympy.codegen.cfunctions import log1p

from lossnotes import stable

#: Where a definition is taken to be exactly zero: 1e-300 squared needs 2000 bits.
_MOST_BITS = 8192


class StableFunction(sp.Function):
    """A function that carries its own accurate NumPy.

    A subclass gives ``definition``, ``latex_name`` and ``numpy`` (of its arguments and of
    their ``costly`` parts). A script knows those that ``functions.js`` has by their name.
    """

    #: How a formula names it; where empty, a formula spells it out.
    latex_name: ClassVar[str] = ""
    numpy: ClassVar[Callable[..., Any]]

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
        return rf"{self.latex_name}{power}{{\left({inside}\right)}}"

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

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return x / (1 + x**2)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        (x,) = self.args
        return (1 - x**2) / (1 + x**2) ** 2


class difference(StableFunction):
    r"""A difference, :math:`a - b`, that SymPy leaves as it is: twice it is not :math:`2a - 2b`.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> (difference(a, b) ** 2).diff(a)
    2*difference(a, b)
    >>> bool(np.isfinite(2 * difference.numpy(1.7e308, 1.69e308)))
    True
    """

    nargs = 2
    numpy = staticmethod(lambda a, b: a - b)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr) -> sp.Expr:
        return a - b

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.Integer(3 - 2 * argindex)


class scaled(StableFunction):
    r"""A difference in some unit, :math:`f\,(a - b)/(s_1 s_2 \cdots)`, also where :math:`a - b` leaves the range.

    Examples
    --------
    >>> a, b, f, s = sp.symbols("a b f s", positive=True)
    >>> scaled(a, b, f, s, s).diff(a)
    f/s**2
    >>> float(scaled.numpy(1.7e308, -1.7e308, 1.0, 1.7e308))
    2.0
    """

    numpy = staticmethod(stable.scaled)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, factor: sp.Expr, *divisors: sp.Expr) -> sp.Expr:
        return factor * (a - b) / sp.Mul(*divisors)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        if argindex > 2:
            return self.definition(*self.args).diff(self.args[argindex - 1])
        _, _, factor, *divisors = self.args
        return (3 - 2 * argindex) * factor / sp.Mul(*divisors)


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

    @classmethod
    def definition(cls, r: sp.Expr) -> sp.Expr:
        return r**2 / 2

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return self.args[0]

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0].is_real else None


class linear_tail(StableFunction):
    r"""Where Huber's loss is a line, :math:`\delta\,(|a - b| - \delta/2)`.

    Examples
    --------
    >>> a, b, d = sp.symbols("a b d", positive=True)
    >>> linear_tail(a, b, d).diff(a)
    d*sign(difference(a, b))
    """

    nargs = 3
    numpy = staticmethod(stable.linear_tail)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, delta: sp.Expr) -> sp.Expr:
        return delta * (sp.Abs(difference(a, b)) - delta / 2)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        a, b, delta = self.args
        if argindex == 3:
            return self.definition(*self.args).diff(delta)
        return (3 - 2 * argindex) * delta * sp.sign(difference(a, b))


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

    @classmethod
    def definition(cls, x: sp.Expr) -> sp.Expr:
        return sp.loggamma(x)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.digamma(self.args[0])


def _numpy_rounded(x: Any, kind: Any) -> Any:
    with np.errstate(over="ignore"):
        return np.float64((np.float16, np.float32, np.float64)[int(kind)](x))


class rounded(StableFunction):
    r"""A number in float16, float32 or float64, for kind 0, 1 or 2; exactly, it is the number itself.

    Examples
    --------
    >>> float(rounded.numpy(0.1, 0)), float(rounded.numpy(1e39, 1))
    (0.0999755859375, inf)
    """

    nargs = 2
    numpy = staticmethod(_numpy_rounded)

    @classmethod
    def definition(cls, x: sp.Expr, kind: sp.Expr) -> sp.Expr:
        return x


class bernoulli_cost(StableFunction):
    r"""The surprise at a yes of share :math:`y`, log-odds predicted: :math:`y\,s(-z) + (1-y)\,s(z)`, s being softplus.

    Examples
    --------
    >>> z, y = sp.symbols("z y", real=True)
    >>> bernoulli_cost(z, y).diff(z)
    bernoulli_slope(z, y)
    >>> float(bernoulli_cost.numpy(np.inf, 1.0, 0.0))
    0.0
    """

    nargs = 2
    numpy = staticmethod(stable.bernoulli_cost)

    @classmethod
    def definition(cls, z: sp.Expr, y: sp.Expr) -> sp.Expr:
        return y * softplus(-z) + (1 - y) * softplus(z)

    @classmethod
    def costly(cls, z: sp.Expr, y: sp.Expr) -> tuple[sp.Expr, ...]:
        return (log1p(sp.exp(-sp.Abs(z))),)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        z, y = self.args
        return bernoulli_slope(z, y) if argindex == 1 else -z


class bernoulli_slope(StableFunction):
    r"""The residual of a log-odds, :math:`\sigma(z) - y`, with all digits where σ(z) rounds to 1.

    Examples
    --------
    >>> float(bernoulli_slope.numpy(40.0, 1.0, np.exp(-40.0)))
    -4.248354255291589e-18
    """

    nargs = 2
    numpy = staticmethod(stable.bernoulli_slope)

    @classmethod
    def definition(cls, z: sp.Expr, y: sp.Expr) -> sp.Expr:
        return sigmoid(z) - y

    @classmethod
    def costly(cls, z: sp.Expr, y: sp.Expr) -> tuple[sp.Expr, ...]:
        return (sp.exp(-sp.Abs(z)),)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        z, _ = self.args
        return sigmoid(z) * sigmoid(-z) if argindex == 1 else sp.S.NegativeOne


class focal_cost(StableFunction):
    r"""What a no costs by focal loss, :math:`\sigma(z)^\gamma \operatorname{softplus}(z)`.

    Examples
    --------
    >>> float(focal_cost.numpy(-800.0, 0.5)), round(float(focal_cost.numpy(800.0, 0.5)), 3)
    (0.0, 800.0)
    """

    nargs = 2
    numpy = staticmethod(stable.focal_cost)

    @classmethod
    def definition(cls, z: sp.Expr, gamma: sp.Expr) -> sp.Expr:
        return sigmoid(z) ** gamma * softplus(z)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        z, gamma = self.args
        return focal_slope(z, gamma) if argindex == 1 else -softplus(-z) * self


class focal_slope(StableFunction):
    r"""The derivative of :class:`focal_cost`, :math:`\sigma(z)^\gamma(\sigma(z) + \gamma\,\sigma(-z)\,s(z))`."""

    nargs = 2
    numpy = staticmethod(stable.focal_slope)

    @classmethod
    def definition(cls, z: sp.Expr, gamma: sp.Expr) -> sp.Expr:
        return sigmoid(z) ** gamma * (sigmoid(z) + gamma * sigmoid(-z) * softplus(z))


class poisson_cost(StableFunction):
    r"""The surprise at a count by its log rate, :math:`e^z - kz + \ln\Gamma(k + 1)`, whose terms cancel.

    Source: Loader, C. (2000), *Fast and accurate computation of binomial probabilities*.

    Examples
    --------
    >>> round(float(poisson_cost.numpy(np.log(1e15), 1e15)), 5)
    18.18833
    """

    nargs = 2
    numpy = staticmethod(stable.poisson_cost)

    @classmethod
    def definition(cls, z: sp.Expr, k: sp.Expr) -> sp.Expr:
        return sp.exp(z) - k * z + lngamma(k + 1)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        z, k = self.args
        return poisson_slope(z, k) if argindex == 1 else sp.digamma(k + 1) - z


class poisson_slope(StableFunction):
    r"""The residual of a log rate, :math:`e^z - k`.

    Examples
    --------
    >>> float(poisson_slope.numpy(1e-20, 1.0))
    1e-20
    """

    nargs = 2
    numpy = staticmethod(stable.poisson_slope)

    @classmethod
    def definition(cls, z: sp.Expr, k: sp.Expr) -> sp.Expr:
        return sp.exp(z) - k

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.exp(self.args[0]) if argindex == 1 else sp.S.NegativeOne


class hinged(StableFunction):
    r"""By how much a distance lacks its margin, :math:`a - b + m`, of which :math:`b` and :math:`m` may cancel.

    Examples
    --------
    >>> float(hinged.numpy(1e-17, 1.0, 1.0))
    1e-17
    """

    nargs = 3
    numpy = staticmethod(stable.hinged)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, margin: sp.Expr) -> sp.Expr:
        return a - b + margin

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return sp.Integer(-1 if argindex == 2 else 1)


class gaussian_cost(StableFunction):
    r"""The surprise at :math:`a - b` of a bell, :math:`(a - b)^2/(2\sigma^2) + \ln\sigma + \tfrac12\ln 2\pi`.

    Examples
    --------
    >>> round(1e16 * float(gaussian_cost.numpy(0.0, 0.0, 0.3989422804014326)), 3)
    -2.158
    """

    nargs = 3
    numpy = staticmethod(stable.gaussian_cost)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, sigma: sp.Expr) -> sp.Expr:
        return halfsquare(scaled(a, b, 1, sigma)) + sp.log(sigma) + sp.log(2 * sp.pi) / 2

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        a, b, sigma = self.args
        if argindex > 2:
            return spelled_out(self).diff(sigma)
        return (3 - 2 * argindex) * scaled(a, b, 1, sigma, sigma)


class laplace_cost(StableFunction):
    r"""The surprise at :math:`a - b` of a tent, :math:`|a - b|/s + \ln 2s`.

    Examples
    --------
    >>> float(laplace_cost.numpy(1e-17, 0.0, 0.5))
    2e-17
    """

    nargs = 3
    numpy = staticmethod(stable.laplace_cost)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, scale: sp.Expr) -> sp.Expr:
        return sp.Abs(scaled(a, b, 1, scale)) + sp.log(2) + sp.log(scale)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        a, b, scale = self.args
        if argindex > 2:
            return spelled_out(self).diff(scale)
        return (3 - 2 * argindex) * sp.sign(difference(a, b)) / scale


class student_cost(StableFunction):
    r"""The surprise of Student's t at :math:`a - b` with scale s; its two lnΓ cancel for many degrees of freedom.

    .. math::
       \tfrac{\nu+1}{2}\ln\Bigl(1 + \tfrac{(a-b)^2}{\nu s^2}\Bigr) + \ln s + \tfrac12\ln\pi\nu
       + \ln\Gamma(\tfrac\nu2) - \ln\Gamma(\tfrac{\nu+1}{2})

    Examples
    --------
    >>> round(float(student_cost.numpy(1.0, 0.0, 1e16, 1.0)), 6)
    1.418939
    """

    nargs = 4
    numpy = staticmethod(stable.student_cost)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, nu: sp.Expr, s: sp.Expr) -> sp.Expr:
        return (
            (nu + 1) / 2 * sp.log(1 + (a - b) ** 2 / (nu * s**2))
            + sp.log(s)
            + sp.log(sp.pi * nu) / 2
            + lngamma(nu / 2)
            - lngamma((nu + 1) / 2)
        )

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        if argindex > 2:
            return spelled_out(self).diff(self.args[argindex - 1])
        return (3 - 2 * argindex) * student_slope(*self.args)


class student_slope(StableFunction):
    r"""The derivative of :class:`student_cost`, :math:`(\nu+1)(a-b)/(\nu s^2 + (a-b)^2)`."""

    nargs = 4
    numpy = staticmethod(stable.student_slope)

    @classmethod
    def definition(cls, a: sp.Expr, b: sp.Expr, nu: sp.Expr, s: sp.Expr) -> sp.Expr:
        return (nu + 1) * (a - b) / (nu * s**2 + (a - b) ** 2)


def spelled_out(expr: sp.Expr) -> sp.Expr:
    """The expression with each function of this module replaced by its definition.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> spelled_out(z**2 + softplus(-z))
    z**2 + log(1 + exp(-z))
    """
    return _defined(expr, lambda node: True)


def _defined(expr: sp.Basic, which: Callable[[Any], bool]) -> sp.Basic:
    """The expression with such functions replaced by their definitions, and those in these."""
    while expr.has(StableFunction):
        plain = expr.replace(
            lambda node: isinstance(node, StableFunction) and which(node), lambda node: node.definition(*node.args)
        )
        if plain == expr:
            break
        expr = plain
    return expr


def readable(expr: sp.Basic) -> sp.Basic:
    """The expression with the functions that formulas do not name replaced by their definitions.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> readable(halfsquare(r) + logcosh(r))
    r**2/2 + logcosh(r)
    """
    # SymPy would write 2(a − b) as 2a − 2b, and tanh(a − b) as −tanh(b − a).
    whole = expr.replace(
        lambda node: not node.is_Add and any(isinstance(argument, difference) for argument in node.args),
        lambda node: node.func(*map(_whole, node.args)),
    )
    return _defined(whole, lambda node: not node.latex_name)


def _whole(argument: sp.Basic) -> sp.Basic:
    is_difference = isinstance(argument, difference)
    return sp.UnevaluatedExpr(argument.definition(*argument.args)) if is_difference else argument


def with_costly_arguments(expr: sp.Expr) -> sp.Expr:
    """The expression with the costly parts of its functions as further arguments.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> with_costly_arguments(sigmoid(z) * sigmoid(-z))
    sigmoid(-z, exp(-Abs(z)))*sigmoid(z, exp(-Abs(z)))
    """
    return expr.replace(
        lambda node: isinstance(node, StableFunction) and bool(node.costly(*node.args)),
        lambda node: sp.Function(type(node).__name__)(*node.args, *node.costly(*node.args)),
    )


#: What ``lambdify`` calls where an expression names one of these functions.
NUMPY = {function.__name__: function.numpy for function in StableFunction.__subclasses__()}
