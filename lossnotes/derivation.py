"""A chain of equations in which each step is checked when it is added.

A step is *proved* when SymPy reduces the difference of its two sides to zero, and
*checked* when SymPy cannot but both sides agree to 30 digits at random points of the
domain. A step that fails at one point is refused, whatever SymPy makes of it.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sympy as sp

from lossnotes import _equality
from lossnotes._equality import Counterexample
from lossnotes.assets import text

Mark = Literal["start", "proved", "checked"]

#: How a line follows from the one before it. Neither a constant nor a positive factor
#: moves the place where an expression is lowest; "∼" says no more than that.
_RELATIONS = {"equal": "=", "constant": "=", "factor": r"\sim", "derivative": "="}


class StepError(ValueError):
    """A step that is false, with a point where its two sides differ."""


@dataclass(frozen=True)
class Step:
    """One line of a derivation."""

    left: Any
    relation: str
    expr: sp.Expr
    reason: str
    mark: Mark
    points: int = 0


@dataclass
class Derivation:
    r"""A chain of equations that begins with ``name = expr``.

    Parameters
    ----------
    name
        What the chain is about: a symbol, or the LaTeX of one.
    expr
        The expression that the chain begins with.
    sizes
        For each symbolic size (the ``n`` of a sum to ``n``), the concrete values at
        which a step is tried. Sizes that are not named are tried at 1, 2 and 3.

    Examples
    --------
    >>> r = sp.Symbol("r", real=True)
    >>> s = sp.Symbol("sigma", positive=True)
    >>> d = Derivation("L", -sp.log(sp.exp(-(r**2) / (2 * s**2)) / s))
    >>> d.step(r**2 / (2 * s**2) + sp.log(s), "the logarithm undoes the exponential").mark
    'proved'
    >>> d.step(r**2 / (2 * s**2), "drop log σ")
    Traceback (most recent call last):
    ...
    lossnotes.derivation.StepError: drop log σ: the two sides differ...
    >>> d.step(r**2 / (2 * s**2), "drop log σ: no r in it", up_to_constant_in=r).mark
    'proved'
    """

    name: Any
    expr: sp.Expr
    sizes: Mapping[sp.Symbol, Sequence[int]] = field(default_factory=dict)
    steps: list[Step] = field(init=False)
    _meaning: dict[sp.Symbol, sp.Expr] = field(init=False, default_factory=dict)
    _variables: list[sp.Expr] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.expr = sp.sympify(self.expr, strict=True)
        self.steps = [Step(self.name, "equal", self.expr, "", "start")]

    def step(
        self,
        expr: sp.Expr,
        reason: str,
        *,
        up_to_constant_in: sp.Basic | Sequence[sp.Basic] | None = None,
        up_to_positive_factor_in: sp.Basic | Sequence[sp.Basic] | None = None,
        where: Mapping[sp.Symbol, sp.Expr] | None = None,
    ) -> Step:
        """Add a line, checked against the one before it.

        Parameters
        ----------
        expr, reason
            The right-hand side, and why it follows.
        up_to_constant_in
            Variables (symbols or indexed families). The line may differ from the one
            before by a term that does not depend on them.
        up_to_positive_factor_in
            The same for a positive factor that does not depend on them.
        where
            Abbreviations that the line introduces: symbol → what it stands for.

        Raises
        ------
        StepError
            If the line does not follow; it names a point where the two sides differ.
        ValueError
            If both ``up_to_...`` are given, if an abbreviation is taken already, or if
            the reason is empty.
        """
        if up_to_constant_in is not None and up_to_positive_factor_in is not None:
            raise ValueError("step: expected one of up_to_constant_in and up_to_positive_factor_in; got both")
        self._abbreviate(where or {})
        if up_to_constant_in is not None:
            return self._add("constant", expr, reason, _as_tuple(up_to_constant_in))
        if up_to_positive_factor_in is not None:
            return self._add("factor", expr, reason, _as_tuple(up_to_positive_factor_in))
        return self._add("equal", expr, reason)

    def differentiate(self, variable: sp.Expr, expr: sp.Expr, reason: str) -> Step:
        """Add the derivative of the last line; SymPy computes it and ``expr`` must equal it.

        Raises
        ------
        StepError
            If ``expr`` is not the derivative.
        """
        derivative = sp.diff(self._meant(self.expr), variable)
        left = _derivative_latex(self.name, [*self._variables, variable])
        step = self._add("derivative", expr, reason, before=derivative, left=left)
        self._variables.append(variable)
        return step

    def _abbreviate(self, where: Mapping[sp.Symbol, sp.Expr]) -> None:
        taken = [str(s) for s in where if s in self._meaning or self.expr.has(s)]
        if taken:
            raise ValueError(f"where: expected new symbols; got {', '.join(taken)}, which the derivation uses already")
        self._meaning.update({symbol: self._meant(meaning) for symbol, meaning in where.items()})

    def _meant(self, expr: sp.Expr) -> sp.Expr:
        return expr.xreplace(self._meaning)

    def _add(
        self,
        relation: str,
        expr: sp.Expr,
        reason: str,
        variables: tuple[sp.Basic, ...] = (),
        before: sp.Expr | None = None,
        left: Any = "",
    ) -> Step:
        if not reason.strip():
            raise ValueError("reason: expected why the step follows; got nothing")
        expr = sp.sympify(expr, strict=True)
        before = self._meant(self.expr) if before is None else before
        verdict = _equality.compare(before, self._meant(expr), relation, variables, self.sizes)
        if isinstance(verdict, Counterexample):
            raise StepError(f"{reason}: {verdict}")
        mark: Mark = "proved" if verdict.proved else "checked"
        step = Step(left, relation, expr, reason, mark, verdict.points)
        self.steps.append(step)
        self.expr = expr
        return step

    def latex(self) -> str:
        """The chain as one ``aligned`` environment."""
        rows = (f"{_latex(s.left)} &{_right(s)} && \\text{{{_plain(s.reason)}}}" for s in self.steps)
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _repr_html_(self) -> str:
        rows = "".join(_row(step) for step in self.steps)
        meaning = "".join(f"<li>\\({_latex(symbol)} = {_latex(expr)}\\)</li>" for symbol, expr in self._meaning.items())
        where = f'<ul class="ln-where">{meaning}</ul>' if meaning else ""
        # MyST lets MathJax into an output only where it carries this class.
        return (
            f"<style>{text('derivation.css')}</style>"
            f'<div class="ln-derivation tex2jax_process mathjax_process"><ol>{rows}</ol>{where}</div>'
        )

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _as_tuple(variables: sp.Basic | Sequence[sp.Basic]) -> tuple[sp.Basic, ...]:
    return (variables,) if isinstance(variables, sp.Basic) else tuple(variables)


def _latex(thing: Any) -> str:
    return thing if isinstance(thing, str) else str(sp.latex(thing, ln_notation=True))


def _plain(reason: str) -> str:
    """A reason inside \\text{}: TeX's own characters stand for themselves."""
    return re.sub(r"[#$%&_{}]", lambda found: "\\" + found.group(), reason.replace("\\", "/"))


def _derivative_latex(name: Any, variables: Sequence[sp.Expr]) -> str:
    """∂L/∂v, ∂²L/∂v², ∂²L/∂u∂v."""
    below = " ".join(rf"\partial {_latex(v)}{_power(variables.count(v))}" for v in dict.fromkeys(variables))
    return rf"\frac{{\partial{_power(len(variables))} {_latex(name)}}}{{{below}}}"


def _power(count: int) -> str:
    return f"^{{{count}}}" if count > 1 else ""


def _right(step: Step) -> str:
    constant = r" + \text{const}" if step.relation == "constant" else ""
    return f"{_RELATIONS[step.relation]} {_latex(step.expr)}{constant}"


def _row(step: Step) -> str:
    math = html.escape(f"\\[{_latex(step.left)} {_right(step)}\\]", quote=False)
    reason = f'<span class="ln-reason">{html.escape(step.reason)}</span>' if step.reason else ""
    return f'<li><div class="ln-math">{math}</div><div class="ln-why">{reason} {_mark(step)}</div></li>'


def _mark(step: Step) -> str:
    if step.mark == "start":
        return ""
    if step.mark == "proved":
        return '<span class="ln-mark" title="SymPy reduced the difference to zero">✓ proved</span>'
    how = "both sides agree to 30 digits"
    return f'<span class="ln-mark ln-checked" title="{how}">≈ checked at {step.points} points</span>'
