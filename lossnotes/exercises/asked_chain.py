"""A chain with lines that the reader types, as HTML and as a widget that tells Python."""

import html
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

import sympy as sp
import traitlets

from lossnotes.assets import MATH, UNTOUCHED, data_block
from lossnotes.chain_markup import Step, facts_html, legend_html, math_html, name_latex, row_html
from lossnotes.functions import sigmoid, softplus
from lossnotes.widgets import PageWidget
from lossnotes.words import NO_MATH, words

CONSTANT = r"\text{const}"


class AskedChain(PageWidget):
    """A derivation of which some lines are asked: in Jupyter a widget, on the static page plain HTML.

    Attributes
    ----------
    answered
        A line's identifier → what the reader typed.
    shown
        The identifiers of the lines that the reader looked at instead.
    verdicts
        A line's identifier → what came of it: ``status`` is "there", "early", "same", "apart" or
        "unreadable", ``text`` says why, and ``reply`` is the number of the reply that a known slip
        has, -1 without one. The script judges where the chain is shown.
    """

    answered = traitlets.Dict().tag(sync=True)
    shown: traitlets.List[str] = traitlets.List().tag(sync=True)
    verdicts = traitlets.Dict().tag(sync=True)

    def __init__(self, steps: Sequence[Step], facts: Sequence[str]) -> None:
        self.steps = tuple(steps)
        self.lines: list[Any] = [step.asked for step in steps if step.asked]
        named = [line.identifier for line in self.lines]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"identifier: expected one for each asked line; got {', '.join(twice)} twice")
        data = {"kind": "chain", "lines": [line.data() for line in self.lines]}
        super().__init__(markup=markup(self.steps, facts), data=data)
        self.observe(self._tell, "verdicts")

    def _without_kernel(self) -> dict[str, Any]:
        above = takewhile(lambda step: not step.asked, self.steps)
        plain = "\n".join([*(f"{step.left} = {step.expr}" for step in above), "= ____"])
        return {"text/html": self.markup + data_block(self.data), "text/plain": plain}

    def _tell(self, change: dict[str, Any]) -> None:
        for line in self.lines:
            line.verdict.clear()
            line.verdict.update(change["new"].get(line.identifier, {}))


def markup(steps: Sequence[Step], facts: Sequence[str]) -> str:
    """The chain before any script runs: each asked line is folded, with all that follows it."""
    lines: list[Any] = [step.asked for step in steps if step.asked]
    own = (f"{name_latex(symbol)} = {name_latex(meant)}" for line in lines for symbol, meant in line.ask.where.items())
    where = facts_html([*dict.fromkeys((*own, *facts))])
    below = where + legend_html(steps)
    return f'<div class="ln-derivation ln-asked {MATH}">{_section(steps, where)}{below}</div>'


def _section(steps: Sequence[Step], where: str) -> str:
    """Lines to the next that is asked; the first one has been."""
    asked = next((n for n, step in enumerate(steps) if n and step.asked), len(steps))
    rows = "".join(map(row_html, steps[:asked]))
    if asked == len(steps):
        return f"<ol>{rows}</ol>"
    rest = f'<details class="ln-answer"><summary>Show the line</summary>{_section(steps[asked:], where)}</details>'
    return f"<ol>{rows}{_question(steps[asked], where)}</ol>{rest}"


#: What a button does → what stands on it.
_BUTTONS = {"check": "Check", "hint": "Hint", "show": "Show the line", "clear": "Clear"}


def _question(step: Step, where: str) -> str:
    """What is asked: hidden until the script is there, as Enter would reload the page without it."""
    line: Any = step.asked
    identifier = html.escape(line.identifier)
    field = f'<input type="text" name="line" aria-label="{html.escape(_label(line.data()))}" {UNTOUCHED}>'
    constant = f"<span>{math_html('{} + ' + CONSTANT)}</span>" if step.constant else ""
    buttons = "".join(
        f'<button type="{"submit" if do == "check" else "button"}" data-do="{do}">{text}</button>'
        for do, text in _BUTTONS.items()
    )
    replies = "".join(f'<span class="ln-reply" hidden>{words(reply)}</span>' for reply in line.ask.replies.values())
    left = math_html(step.left) if step.left else ""
    given = f'<li class="ln-given" hidden>{where}</li>' if where else ""
    return (
        f'{given}<li class="ln-ask" id="{identifier}"><div class="ln-left">{left}</div>'
        f'<form class="ln-right" novalidate data-line="{identifier}" hidden>'
        f'<div class="ln-line"><span>{math_html("=")}</span><div class="ln-field">{field}'
        f'<p class="ln-preview {NO_MATH}"></p></div>'
        f'<span class="ln-typed {NO_MATH}" hidden></span>{constant}</div>'
        f'{_keys(line)}<div class="ln-controls">{buttons}</div>'
        f'<div class="ln-feedback" role="status"><span class="ln-verdict {NO_MATH}"></span> {replies} '
        f'<span class="ln-because" hidden>{words(step.reason)}</span>'
        f'<span class="ln-begins" hidden>{words(line.ask.hint)}</span></div></form></li>'
    )


def _label(data: dict[str, Any]) -> str:
    names = [first for first, *_ in data["spellings"]]
    names += [f"{family}_{(data['classes']['indices'] or ['j'])[0]}" for family, *_ in data["classes"]["families"]]
    *most, last = names
    return f"The next line, in {', '.join(most)} and {last}" if most else f"The next line, in {last}"


def _keys(line: Any) -> str:
    """What may be typed, as buttons that type it."""
    keys = "".join(
        f'<button type="button" class="ln-key" aria-label="{html.escape(text.replace("|", ""))}" '
        f'data-text="{html.escape(text)}">\\({html.escape(code, quote=False)}\\)</button>'
        for text, code in _typed(line)
    )
    return f'<div class="ln-keys" role="group" aria-label="What may be typed">{keys}</div>'


def _typed(line: Any) -> Iterator[tuple[str, str]]:
    """What a button types, and what it shows; "|" is where the cursor goes."""
    spelled, meaning = line.spelled, line.premises.meaning
    for symbol in meaning:
        yield spelled.names[symbol][0], name_latex(symbol)
    for family in spelled.families:
        for index in spelled.indices or [sp.Symbol("j")]:
            yield f"{spelled.names[family][0]}_{index}", f"{name_latex(family)}_{{{name_latex(index)}}}"
    for symbol in spelled.scalars:
        yield spelled.names[symbol][0], name_latex(symbol)
    exprs = [line.above, line.step.expr, *meaning.values()]
    if any(expr.has(sp.log) for expr in exprs):
        yield "ln(|)", r"\ln"
    if any(expr.has(sigmoid, softplus) for expr in exprs):
        yield "σ(|)", r"\sigma"
    if any(expr.has(sp.exp, sigmoid, softplus) for expr in exprs):
        yield "e^(|)", r"e^{\square}"
    if any(abs(power.exp) == sp.Rational(1, 2) for expr in exprs for power in expr.atoms(sp.Pow)):
        yield "√(|)", r"\sqrt{\square}"
    if any(expr.has(sp.pi) for expr in exprs):
        yield "π", r"\pi"
    if spelled.families:
        yield "Σ_j ", r"\sum_j"
