"""The exercise as HTML."""

import html
import re
from collections.abc import Iterable

import sympy as sp

from lossnotes.assets import MATH, UNTOUCHED, display_math
from lossnotes.exercises.question import Answer, ChoiceAnswer, FormulaAnswer, Question
from lossnotes.printing import latex
from lossnotes.words import NO_MATH, words


def markup(question: Question) -> str:
    """The exercise before any script runs: question, hint and solution, and nothing to type in."""
    identifier = html.escape(question.identifier)
    return (
        f'<div class="ln-exercise {MATH}" id="{identifier}" role="group" aria-labelledby="{identifier}-question">'
        f'<div class="ln-question" id="{identifier}-question">{paragraphs(question.words)}</div>'
        f"<form novalidate>{_controls(question.answer, identifier)}</form>"
        f"{_feedback(question.answer.replies.values())}"
        f"{_folded('Hint', question.hint)}{_folded('Solution', question.solution)}</div>"
    )


def plain(question: Question) -> str:
    """The exercise where there is no HTML."""
    choices = question.answer.choices if isinstance(question.answer, ChoiceAnswer) else ()
    return "\n".join((question.words, *(f"- {choice}" for choice in choices)))


def paragraphs(source: str) -> str:
    """Words as paragraphs of HTML; an empty line stands between two."""
    return "".join(f"<p>{words(part)}</p>" for part in re.split(r"\n\s*\n", source.strip()))


def _controls(answer: Answer, identifier: str) -> str:
    # Disabled or hidden until the script is there: without it, Enter would reload the page.
    buttons = '<button type="submit">Check</button><button type="button" class="ln-clear" hidden>Clear</button>'
    described = f'aria-describedby="{identifier}-question"'
    if isinstance(answer, ChoiceAnswer):
        options = "".join(_option(choice) for choice in answer.choices)
        fields = f"<fieldset disabled {described}><legend>Choose one</legend>{options}</fieldset>"
        return f'{fields}<div class="ln-controls" hidden>{buttons}</div>'
    field = f'<input type="text" name="answer" {described} {UNTOUCHED}>'
    return f'<div class="ln-controls" hidden><label><span>{_label(answer)}</span>{field}</label>{buttons}</div>'


def _option(choice: str) -> str:
    return (
        f'<label><input type="radio" name="answer" value="{html.escape(choice)}"><span>{words(choice)}</span></label>'
    )


def _label(answer: Answer) -> str:
    if not isinstance(answer, FormulaAnswer):
        return "Your number"
    names = [
        first if len(rest) != 1 or first == rest[0] else f"{first} ({rest[0]})" for first, *rest in _spelled(answer)
    ]
    *most, last = names
    return html.escape(f"Your formula in {', '.join(most)} and {last}" if most else f"Your formula in {last}")


def _spelled(answer: FormulaAnswer) -> Iterable[tuple[str, ...]]:
    # Of the ways to type a sign, one with letters only is enough to know.
    return (names[:1] if names[0].isascii() else names[:2] for names in answer.names.values())


def _feedback(replies: Iterable[str]) -> str:
    # In the page from the start, so that MathJax has set them by the time they are shown.
    hidden = "".join(f'<p class="ln-reply" hidden>{words(reply)}</p>' for reply in replies)
    return (
        f'<div class="ln-feedback" role="status"><p class="ln-verdict {NO_MATH}"></p>{hidden}'
        f'<p class="ln-read {NO_MATH}"></p></div>'
    )


def _folded(title: str, content: str | sp.Expr) -> str:
    if content == "":
        return ""
    inside = paragraphs(content) if isinstance(content, str) else display_math(latex(content))
    return f"<details><summary>{title}</summary>{inside}</details>"
