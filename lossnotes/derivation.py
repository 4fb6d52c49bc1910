"""A chain of equations in which each step is checked when it is added.

A step is tried at random points of the domain first; a step that fails at one of them is
refused. What passes is *proved* when SymPy then reduces the difference of its two sides to
zero (or what a step may drop to something that it may drop), and *checked* when it cannot.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sympy as sp

from lossnotes import _equality
from lossnotes._equality import Counterexample, Premises
from lossnotes.assets import MATH, display_math, text
from lossnotes.printing import latex

Mark = Literal["start", "proved", "checked"]

#: How a line follows from the one before it; "∼": lowest at the same place.
_RELATIONS = {"equal": "=", "constant": "=", "factor": r"\sim", "derivative": "="}


class StepError(ValueError):
    """A step that is false, with a point where its two sides differ."""


@dataclass(frozen=True)
class Step:
    """One line of a derivation.

    Attributes
    ----------
    left, relation, expr, reason
        What stands left, how the line follows, what stands right, and why.
    mark
        ``"proved"``, ``"checked"``, or ``"start"`` for the line that a chain begins with.
    points
        At how many points the step was tried.
    constant
        Whether the line equals the left side only up to a constant.
    dropped
        The variables in which a term or factor was dropped by this step.
    """

    left: str
    relation: str
    expr: sp.Expr
    reason: str
    mark: Mark
    points: int = 0
    constant: bool = False
    dropped: tuple[sp.Basic, ...] = ()


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
        For a symbolic size (the ``n`` of a sum to ``n``), the concrete values at which a
        step is tried. Other sizes are tried at small values and a larger one.
    domain
        For a symbol, the open interval in which it lies, such as ``{p: (0, 1)}``.

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
    domain: Mapping[sp.Symbol, tuple[Any, Any]] = field(default_factory=dict)
    steps: list[Step] = field(init=False)
    _meaning: dict[sp.Symbol, sp.Expr] = field(init=False, default_factory=dict)
    _derivatives: list[sp.Expr] = field(init=False, default_factory=list)
    #: In which variables the last line still says what the first one does; None: in all.
    _faithful: frozenset[sp.Basic] | None = field(init=False, default=None)
    _scaled: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.expr = sp.sympify(self.expr, strict=True)
        self.steps = [Step(_latex(self.name), "equal", self.expr, "", "start")]

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
            Variables of the last line, symbols or whole indexed families. The new line may
            differ from it by a term that does not depend on them.
        up_to_positive_factor_in
            The same for a positive factor that does not depend on them.
        where
            Abbreviations that the line introduces: symbol → what it stands for.

        Raises
        ------
        StepError
            If the line does not follow; it names a point where the two sides differ.
        ValueError
            If both ``up_to_...`` are given; if a variable does not occur in the last line,
            or an earlier step has dropped something that depends on it; if an abbreviation
            is no new symbol; if the reason is empty; or if SymPy cannot evaluate a side.
        """
        if up_to_constant_in is not None and up_to_positive_factor_in is not None:
            raise ValueError("step: expected one of up_to_constant_in and up_to_positive_factor_in; got both")
        meaning = self._meaning | self._abbreviations(where or {})
        if up_to_constant_in is not None:
            return self._drop("constant", "up_to_constant_in", up_to_constant_in, expr, reason, meaning)
        if up_to_positive_factor_in is not None:
            return self._drop("factor", "up_to_positive_factor_in", up_to_positive_factor_in, expr, reason, meaning)
        return self._add("equal", expr, reason, meaning, constant=self.steps[-1].constant)

    def differentiate(self, variable: sp.Expr, expr: sp.Expr, reason: str) -> Step:
        """Add the derivative of the last line; SymPy computes it and ``expr`` must equal it.

        Parameters
        ----------
        variable
            A symbol of the last line, or a member of one of its indexed families.

        Raises
        ------
        StepError
            If ``expr`` is not the derivative.
        ValueError
            If the variable does not occur, is an abbreviation or a whole number, or if an
            earlier step has dropped a factor, or a term that depends on it.
        """
        self._require_differentiable(variable)
        derivative = sp.diff(self._meant(self.expr), variable)
        left = _derivative_latex(self.name, [*self._derivatives, variable])
        step = self._add("derivative", expr, reason, self._meaning, (variable,), before=derivative, left=left)
        self._derivatives.append(variable)
        self._faithful = None
        return step

    def _drop(
        self,
        relation: str,
        argument: str,
        given: sp.Basic | Sequence[sp.Basic],
        expr: sp.Expr,
        reason: str,
        meaning: Mapping[sp.Symbol, sp.Expr],
    ) -> Step:
        variables = (given,) if isinstance(given, sp.Basic) else tuple(given)
        self._require_present(argument, variables)
        still = frozenset(variables) if self._faithful is None else self._faithful & frozenset(variables)
        if not still:
            kept = ", ".join(map(str, self._faithful or ()))
            raise ValueError(
                f"{argument}: expected some of {kept}, the only ones that the last line keeps to; got {given}"
            )
        constant = relation == "constant"
        step = self._add(relation, expr, reason, meaning, variables, constant=constant and not self._scaled)
        self._faithful = still
        self._scaled = self._scaled or relation == "factor"
        return step

    def _require_present(self, argument: str, variables: tuple[sp.Basic, ...]) -> None:
        meant = self._meant(self.expr)
        families = meant.atoms(sp.IndexedBase)
        symbols = meant.atoms(sp.Symbol) - {family.label for family in families}
        absent = [v for v in variables if not (v in families or (isinstance(v, sp.Symbol) and v in symbols))]
        if absent or not variables:
            known = ", ".join(sorted(map(str, families | symbols))) or "none: the line is a number"
            raise ValueError(
                f"{argument}: expected variables of the last line ({known}), with its assumptions; "
                f"got {', '.join(map(str, absent)) or 'none'}"
            )

    def _require_differentiable(self, variable: sp.Expr) -> None:
        if variable in self._meaning:
            raise ValueError(f"variable: expected no abbreviation; got {variable}, which stands for other symbols")
        whole = isinstance(variable, sp.Indexed)
        self._require_present("variable", (variable.base if whole else variable,))
        bound = {s for node in self._meant(self.expr).atoms(sp.Sum, sp.Product) for s in node.variables}
        if not whole and (variable.is_integer or variable in bound):
            raise ValueError(f"variable: expected a real number to differentiate in; got the whole number {variable}")
        if self._scaled:
            raise ValueError("differentiate: expected a line without a dropped factor; got one after ∼")
        if self._faithful is not None and (variable.base if whole else variable) not in self._faithful:
            kept = ", ".join(map(str, self._faithful))
            raise ValueError(f"variable: expected one of {kept}: the dropped constant may depend on {variable}")

    def _abbreviations(self, where: Mapping[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
        used = set(self._meaning).union(*(step.expr.free_symbols for step in self.steps))
        used = used.union(*(meaning.free_symbols for meaning in self._meaning.values()))
        used = used.union(*(s.free_symbols for s in self._derivatives))
        used = used.union(*(expr.free_symbols for expr in where.values()))
        wrong = [str(symbol) for symbol in where if not isinstance(symbol, sp.Symbol) or symbol in used]
        if wrong:
            raise ValueError(f"where: expected symbols that are new to the derivation; got {', '.join(wrong)}")
        return {symbol: self._meant(meaning) for symbol, meaning in where.items()}

    def _meant(self, expr: sp.Expr) -> sp.Expr:
        return expr.xreplace(self._meaning)

    def _add(
        self,
        relation: str,
        expr: sp.Expr,
        reason: str,
        meaning: Mapping[sp.Symbol, sp.Expr],
        variables: tuple[sp.Basic, ...] = (),
        *,
        before: sp.Expr | None = None,
        left: str = "",
        constant: bool = False,
    ) -> Step:
        if not reason.strip():
            raise ValueError("reason: expected why the step follows; got nothing")
        expr = sp.sympify(expr, strict=True)
        before = self._meant(self.expr) if before is None else before
        premises = Premises(self.sizes, self.domain, meaning)
        verdict = _equality.compare(before, expr.xreplace(dict(meaning)), relation, variables, premises)
        if isinstance(verdict, Counterexample):
            raise StepError(f"{reason}: {verdict}")
        mark: Mark = "proved" if verdict.proved else "checked"
        dropped = variables if relation in ("constant", "factor") else ()
        step = Step(left, relation, expr, reason, mark, verdict.points, constant, dropped)
        # Only now: a refused step leaves no trace.
        self._meaning = dict(meaning)
        self.steps.append(step)
        self.expr = expr
        return step

    def latex(self) -> str:
        """The chain as one ``aligned`` environment."""
        rows = (f"{s.left} &{_right(s)} && \\text{{{_plain(s.reason)}}}" for s in self.steps)
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _repr_html_(self) -> str:
        rows = "".join(_row(step) for step in self.steps)
        meaning = "".join(f"<li>\\({_latex(symbol)} = {_latex(expr)}\\)</li>" for symbol, expr in self._meaning.items())
        where = f'<ul class="ln-where">{meaning}</ul>' if meaning else ""
        return f'<style>{text("derivation.css")}</style><div class="ln-derivation {MATH}"><ol>{rows}</ol>{where}</div>'

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def _latex(thing: Any) -> str:
    return thing if isinstance(thing, str) else latex(thing)


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
    constant = r" + \text{const}" if step.constant else ""
    return f"{_RELATIONS[step.relation]} {_latex(step.expr)}{constant}"


def _row(step: Step) -> str:
    math = display_math(f"{step.left} {_right(step)}")
    reason = f'<span class="ln-reason">{html.escape(step.reason)}</span>' if step.reason else ""
    return f'<li>{math}<div class="ln-why">{reason} {_mark(step)}</div></li>'


def _mark(step: Step) -> str:
    if step.mark == "start":
        return ""
    what = {"constant": "up to a constant", "factor": "up to a positive factor"}.get(step.relation, "")
    tried = f"tried at {step.points} points, where hundreds of digits cancel"
    if step.mark == "proved":
        return f'<span class="ln-mark" title="{tried}; then proved by SymPy">✓ proved{_space(what)}</span>'
    return (
        f'<span class="ln-mark ln-checked" title="{tried}; SymPy found no proof">'
        f"≈ checked at {step.points} points{_space(what)}</span>"
    )


def _space(words: str) -> str:
    return f" {words}" if words else ""
