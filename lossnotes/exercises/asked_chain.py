"""A chain with lines that the reader types, as HTML and as a widget that tells Python."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
import traitlets

from lossnotes.assets import MATH, data_block
from lossnotes.chain_markup import Step, chain_latex, name_latex, row_html
from lossnotes.functions import sigmoid, softplus
from lossnotes.widgets import PageWidget
from lossnotes.words import NO_MATH, words


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
    shown = traitlets.List().tag(sync=True)
    verdicts = traitlets.Dict().tag(sync=True)

    def __init__(self, steps: Sequence[Step], facts: Sequence[str]) -> None:
        self.steps = tuple(steps)
        lines: list[Any] = [step.asked for step in steps if step.asked]
        named = [line.identifier for line in lines]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"identifier: expected one for each asked line; got {', '.join(twice)} twice")
        data = {"kind": "chain", "lines": [line.data() for line in lines]}
        super().__init__(markup=markup(self.steps, facts), data=data)
        self.observe(lambda change: [_tell(line, change["new"]) for line in lines], "verdicts")

    def _without_kernel(self) -> dict[str, Any]:
        plain = f"$\\displaystyle {chain_latex(self.steps)}$"
        return {"text/html": self.markup + data_block(self.data), "text/latex": plain, "text/plain": repr(self)}


def _tell(line: Any, verdicts: dict[str, Any]) -> None:
    line.verdict.clear()
    line.verdict.update(verdicts.get(line.identifier, {}))


def markup(steps: Sequence[Step], facts: Sequence[str]) -> str:
    """The chain before any script runs: each asked line is folded, with all that follows it."""
    meaning = "".join(f"<li>\\({html.escape(fact, quote=False)}\\)</li>" for fact in facts)
    where = f'<ul class="ln-where">{meaning}</ul>' if meaning else ""
    return f'<div class="ln-derivation ln-asked {MATH}">{_section(steps)}{where}</div>'


def _section(steps: Sequence[Step]) -> str:
    """Lines to the next that is asked; the first one has been."""
    asked = next((n for n, step in enumerate(steps) if n and step.asked), len(steps))
    rows = "".join(map(row_html, steps[:asked]))
    if asked == len(steps):
        return f"<ol>{rows}</ol>"
    answer = f'<details class="ln-answer"><summary>Show the line</summary>{_section(steps[asked:])}</details>'
    return f"<ol>{rows}{_question(steps[asked])}</ol>{answer}"


def _question(step: Step) -> str:
    line: Any = step.asked
    data = line.data()
    identifier = html.escape(line.identifier)
    left = f"\\(\\displaystyle {html.escape(step.left, quote=False)}\\)" if step.left else ""
    constant = r"<span>\(+ \text{const}\)</span>" if step.constant else ""
    untouched = 'autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"'
    field = f'<input type="text" name="line" aria-label="{html.escape(_label(data))}" {untouched}>'
    buttons = "".join(
        f'<button type="{kind}" data-do="{do}"{hidden}>{text}</button>'
        for kind, do, hidden, text in (
            ("submit", "check", "", "Check"),
            ("button", "hint", "", "Hint"),
            ("button", "show", "", "Show the line"),
            ("button", "clear", " hidden", "Clear"),
        )
    )
    replies = "".join(f'<p class="ln-reply" hidden>{words(reply)}</p>' for reply in line.ask.replies.values())
    # Hidden until the script is there: without it, Enter would reload the page.
    return (
        f'<li class="ln-ask" id="{identifier}"><div class="ln-left">{left}</div>'
        f'<form class="ln-right" novalidate data-line="{identifier}" hidden>'
        f'<div class="ln-line"><span>\\(=\\)</span>{field}<span class="ln-typed {NO_MATH}" hidden></span>{constant}</div>'
        f'<p class="ln-preview {NO_MATH}"></p>{_keys(line)}<div class="ln-controls">{buttons}</div>'
        f'<div class="ln-feedback" role="status"><p class="ln-verdict {NO_MATH}"></p>{replies}'
        f'<p class="ln-reason" hidden>{words(step.reason)}</p>'
        f'<p class="ln-begins" hidden>{words(line.ask.hint)}</p></div></form></li>'
    )


def _label(data: dict[str, Any]) -> str:
    names = [first for first, *_ in data["spellings"]]
    names += [f"{family}_{(data['classes']['indices'] or ['j'])[0]}" for family, *_ in data["classes"]["families"]]
    *most, last = names
    return f"The next line, in {', '.join(most)} and {last}" if most else f"The next line, in {last}"


def _keys(line: Any) -> str:
    """What may be typed, as buttons that type it; short names with what they stand for."""
    keys = "".join(
        f'<button type="button" class="ln-key" data-text="{html.escape(text)}">\\({html.escape(code, quote=False)}\\)</button>'
        + (f'<span class="ln-means">\\(= {html.escape(meaning, quote=False)}\\)</span>' if meaning else "")
        for text, code, meaning in _typed(line)
    )
    return f'<div class="ln-keys" role="group" aria-label="What may be typed">{keys}</div>'


def _typed(line: Any) -> Iterator[tuple[str, str, str]]:
    """What a button types, what it shows and what that stands for; \"|\" is where the cursor goes."""
    spelled = line.spelled
    meaning = line.short_names
    for symbol, meant in meaning.items():
        yield spelled.names[symbol][0], name_latex(symbol), name_latex(meant)
    for family in spelled.families:
        for index in spelled.indices or [sp.Symbol("j")]:
            yield f"{spelled.names[family][0]}_{index}", f"{name_latex(family)}_{{{name_latex(index)}}}", ""
    for symbol in spelled.scalars:
        yield spelled.names[symbol][0], name_latex(symbol), ""
    exprs = [line.above, line.step.expr, *meaning.values()]
    if any(expr.has(sp.log) for expr in exprs):
        yield "ln(|)", r"\ln", ""
    if any(expr.has(sigmoid, softplus) for expr in exprs):
        yield "σ(|)", r"\sigma", ""
    if any(expr.has(sp.exp, sigmoid, softplus) for expr in exprs):
        yield "e^(|)", r"e^{\square}", ""
    if spelled.families:
        yield "Σ_j ", r"\sum_j", ""
