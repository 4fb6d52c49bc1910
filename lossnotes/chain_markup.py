"""The lines of a derivation, and how they look."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import sympy as sp

from lossnotes.assets import MATH, style
from lossnotes.equality import Premises, Relation
from lossnotes.printing import latex
from lossnotes.words import words

Mark = Literal["start", "proved", "checked"]


class Asked(Protocol):
    """A line that the reader is asked for, as ``lossnotes.exercises`` has it."""

    def displayed(self, steps: "Sequence[Step]", facts: Sequence[str]) -> Any:
        """The chain with what is asked in it, by MIME type."""


class Asking(Protocol):
    """What an author says of a line that is asked."""

    def line(self, above: sp.Expr, step: "Step", premises: Premises, variables: tuple[sp.Basic, ...]) -> Asked:
        """The line, once it is known to be one that can be asked."""


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
        At how many points the two sides agreed; a line without unknowns has one.
    constant, scaled
        Whether the line equals what stands left only up to a constant, or a positive factor.
    dropped
        The variables in which a term or factor was dropped by this step.
    kinks
        What is zero where a derivative does not exist.
    lacking
        A point at which one of the two sides has no value, or an abbreviation not the sign that it is declared to
        have: of such places the line says nothing.
    names_only
        Whether the line says the same as the one before, in new names.
    asked
        What is asked of the reader where this line stands.
    """

    left: str
    relation: Relation
    expr: sp.Expr
    reason: str
    mark: Mark
    points: int = 0
    constant: bool = False
    scaled: bool = False
    dropped: tuple[sp.Basic, ...] = ()
    kinks: tuple[sp.Expr, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)
    variable: sp.Basic | None = None
    names_only: bool = False
    asked: Asked | None = field(default=None, repr=False)


def chain_html(steps: Sequence[Step], facts: Sequence[str]) -> str:
    """The chain as HTML: its lines, and below them what holds for all of them, as LaTeX."""
    rows = "".join(row_html(step) for step in steps)
    below = facts_html(facts) + legend_html(steps)
    return f'{style("derivation")}<div class="ln-derivation {MATH}"><ol>{rows}</ol>{below}</div>'


def facts_html(facts: Sequence[str]) -> str:
    """What holds for all lines, given as LaTeX."""
    meaning = "".join(f"<li>{math_html(fact)}</li>" for fact in facts)
    return f'<ul class="ln-where">{meaning}</ul>' if meaning else ""


def legend_html(steps: Sequence[Step]) -> str:
    """What the signs mean, where there is more than one."""
    signs = {sign for step in steps if (sign := _sign(step))}
    return '<p class="ln-legend">✓ proved · ≈ checked at points, not proved</p>' if "≈" in signs else ""


def chain_latex(steps: Sequence[Step]) -> str:
    """The chain as one ``aligned`` environment."""
    rows = (f"{s.left} &{_right(s)} && \\text{{{_plain(s.reason)}}}" for s in steps)
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def name_latex(thing: Any) -> str:
    """A symbol as LaTeX; a string is LaTeX already."""
    return thing if isinstance(thing, str) else latex(thing)


def _plain(reason: str) -> str:
    """A reason inside \\text{}: TeX's own characters stand for themselves, outside of ``$...$``."""
    parts = re.split(r"(?<!\\)(\$.+?(?<!\\)\$)", reason, flags=re.DOTALL)
    return "".join(part if n % 2 else _escaped(part) for n, part in enumerate(parts))


def _escaped(part: str) -> str:
    return re.sub(r"[#$%&_{}]", lambda found: "\\" + found.group(), part.replace("\\", "/"))


def derivative_latex(name: Any, variables: Sequence[sp.Expr]) -> str:
    """∂L/∂v, ∂²L/∂v², ∂²L/∂u∂v."""
    below = " ".join(rf"\partial {name_latex(v)}{_power(variables.count(v))}" for v in dict.fromkeys(variables))
    return rf"\frac{{\partial{_power(len(variables))} {name_latex(name)}}}{{{below}}}"


def _power(count: int) -> str:
    return f"^{{{count}}}" if count > 1 else ""


def between(low: sp.Expr, sign: str, what: sp.Basic, high: sp.Expr) -> str:
    """That something lies between two ends, as LaTeX; an infinite end is left out."""
    left = "" if sp.sympify(low).is_infinite else f"{name_latex(low)} {sign} "
    right = "" if sp.sympify(high).is_infinite else f" {sign} {name_latex(high)}"
    if left and not right:
        return f"{name_latex(what)} {sign.replace('<', '>').replace('le', 'ge')} {name_latex(low)}"
    return f"{left}{name_latex(what)}{right}"


def _right(step: Step) -> str:
    constant = r" + \text{const}" if step.constant else ""
    sign = r"\sim" if step.scaled else "="
    return f"{sign} {name_latex(step.expr)}{constant}"


def row_html(step: Step) -> str:
    """A line in three parts: what stands left, the relation and what stands right, and why."""
    left = math_html(step.left) if step.left else ""
    why = f'<span class="ln-reason">{words(step.reason)}{_except(step)}</span> {_mark(step)}' if step.reason else ""
    return (
        f'<li><div class="ln-left">{left}</div><div class="ln-right">'
        f'<div class="ln-math">{math_html(_right(step))}</div><div class="ln-why">{why}</div></div></li>'
    )


def math_html(code: str) -> str:
    """LaTeX as displayed math that stands in a line."""
    return f"\\(\\displaystyle {html.escape(code, quote=False)}\\)"


def _sign(step: Step) -> str:
    if step.mark == "start" or step.names_only:
        return ""
    return "✓" if step.mark == "proved" else "≈"


def _mark(step: Step) -> str:
    """A sign; the style sheet shows its label under a mouse, where the keyboard is and after a tap."""
    sign = _sign(step)
    if not sign:
        return ""
    points = "one point" if step.points == 1 else f"{step.points} points"
    what = {"constant": " up to a constant", "factor": " up to a positive factor"}.get(step.relation, "")
    tried = f"both sides agree at {points}, with a bound on every rounding"
    said = f"Proved{what}: {tried}; SymPy reduced their difference to zero"
    if step.mark == "checked":
        said = f"Checked{what}: {tried}; SymPy found no proof"
    return f'<button type="button" class="ln-mark" aria-label="{said}">{sign}</button>'


def _of_member(zero: sp.Expr, variable: sp.Basic | None) -> sp.Expr:
    """What is zero, for the member that is differentiated in: r_k where the sum has r_i."""
    if not isinstance(variable, sp.Indexed):
        return zero
    family = next((node for node in zero.atoms(sp.Indexed) if node.base == variable.base), variable)
    return zero.xreplace(dict(zip(family.indices, variable.indices, strict=True)))


def _except(step: Step) -> str:
    """Where the line says nothing: where a side has no value, and where a derivative does not exist."""
    return _lacking(step.lacking) + _kinks(step)


def _lacking(places: Mapping[str, str]) -> str:
    if not places:
        return ""
    # Of many unknowns, all that are named would hide the one that matters.
    at = f", so not at {', '.join(f'{name} = {value}' for name, value in places.items())}" if len(places) < 4 else ""
    return html.escape(f", where both sides have a value{at}")


def _kinks(step: Step) -> str:
    """Where a derivative does not exist, solved for its variable where that is easy."""
    if not step.kinks:
        return ""
    places = []
    for zero in step.kinks:
        at = _of_member(zero, step.variable)
        variable = sp.Dummy(real=True)
        slope = sp.diff(at.xreplace({step.variable: variable}), variable)
        easy = slope != 0 and not slope.has(variable)
        rest = sp.expand(step.variable - at / slope.xreplace({variable: step.variable})) if easy else sp.S.Zero
        shown = html.escape(f"{name_latex(step.variable if easy else at)} = {name_latex(rest)}", quote=False)
        places.append(rf"\({shown}\)")
    return f", except at {', '.join(dict.fromkeys(places))}"
