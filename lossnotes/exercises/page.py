"""The exercise as HTML, and as the script that judges where there is no kernel."""

import html
import re
from collections.abc import Iterable
from typing import Any

import sympy as sp

from lossnotes.assets import MATH, display_math, in_script, script, text
from lossnotes.exercises import declare
from lossnotes.exercises.declare import Answer, Choice, Declaration, Formula, Number
from lossnotes.exercises.judge import CLEAR, HIDDEN
from lossnotes.exercises.parse import GRAMMAR, vocabulary
from lossnotes.exercises.tree import FUNCTIONS
from lossnotes.printing import javascript_function, latex

#: What keeps MathJax out.
_NO_MATH = "tex2jax_ignore mathjax_ignore"


def markup(declaration: Declaration) -> str:
    """The exercise before any script runs: question, hint and solution, and nothing to type in."""
    identifier = html.escape(declaration.identifier)
    return (
        f'<div class="ln-exercise {MATH}" id="{identifier}" role="group" aria-labelledby="{identifier}-question">'
        f"<style>{text('exercise.css')}</style>"
        f'<div class="ln-question" id="{identifier}-question">{_paragraphs(declaration.question)}</div>'
        f"<form novalidate>{_controls(declaration.answer, identifier)}</form>"
        f"{_feedback(declaration.answer.replies.values())}"
        f"{_folded('Hint', declaration.hint)}{_folded('Solution', declaration.solution)}</div>"
    )


def module(declaration: Declaration) -> str:
    """The ES module of this exercise: its answer, and the script that all exercises share."""
    return f"const EXERCISE = {_exercise(declaration)};\n{script('shared.js', 'exercise.js')}"


def static_page(declaration: Declaration, markup: str, module: str) -> str:
    """The exercise and its script, complete in itself: needs no kernel and no server."""
    start = f"mountPage({in_script(declaration.identifier)});"
    return f'{markup}<script type="module">{module}\n{start}</script>'


def plain(declaration: Declaration) -> str:
    """The exercise where there is no HTML."""
    choices = declaration.answer.choices if isinstance(declaration.answer, Choice) else ()
    return "\n".join((declaration.question, *(f"- {choice}" for choice in choices)))


def words(source: str) -> str:
    r"""Text as HTML, with ``$...$`` as math; ``\$`` is a dollar.

    Examples
    --------
    >>> words("Is $a < b$ & not <b>bold</b>?")
    'Is \\(a &lt; b\\) &amp; not &lt;b&gt;bold&lt;/b&gt;?'
    """
    parts = re.split(r"(?<!\\)\$(.+?)(?<!\\)\$", source, flags=re.DOTALL)
    return "".join(f"\\({html.escape(part)}\\)" if n % 2 else _outside_math(part) for n, part in enumerate(parts))


def _outside_math(part: str) -> str:
    # JupyterLab would take two dollars, or a bracket with a backslash, for math.
    escaped = html.escape(part)
    return re.sub(r"\\?\$|\\[()\[\]]", lambda found: f'<span class="{_NO_MATH}">{found[0][-1]}</span>', escaped)


def _paragraphs(source: str) -> str:
    return "".join(f"<p>{words(part)}</p>" for part in re.split(r"\n\s*\n", source.strip()))


def _controls(answer: Answer, identifier: str) -> str:
    # Disabled or hidden until the script is there: without it, Enter would reload the page.
    buttons = '<button type="submit">Check</button><button type="button" class="ln-clear" hidden>Clear</button>'
    described = f'aria-describedby="{identifier}-question"'
    if isinstance(answer, Choice):
        options = "".join(_option(choice) for choice in answer.choices)
        fields = f"<fieldset disabled {described}><legend>Choose one</legend>{options}</fieldset>"
        return f'{fields}<div class="ln-controls" hidden>{buttons}</div>'
    untouched = 'autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"'
    field = f'<input type="text" name="answer" {described} {untouched}>'
    return f'<div class="ln-controls" hidden><label><span>{_label(answer)}</span>{field}</label>{buttons}</div>'


def _option(choice: str) -> str:
    return (
        f'<label><input type="radio" name="answer" value="{html.escape(choice)}"><span>{words(choice)}</span></label>'
    )


def _label(answer: Answer) -> str:
    if not isinstance(answer, Formula):
        return "Your number"
    names = [
        first if len(rest) != 1 or first == rest[0] else f"{first} ({rest[0]})" for first, *rest in _spelled(answer)
    ]
    *most, last = names
    return html.escape(f"Your formula in {', '.join(most)} and {last}" if most else f"Your formula in {last}")


def _spelled(answer: Formula) -> Iterable[tuple[str, ...]]:
    # Of the ways to type a sign, one with letters only is enough to know.
    return (names[:1] if names[0].isascii() else names[:2] for names in answer.names.values())


def _feedback(replies: Iterable[str]) -> str:
    # In the page from the start, so that MathJax has set them by the time they are shown.
    hidden = "".join(f'<p class="ln-reply" hidden>{words(reply)}</p>' for reply in replies)
    return (
        f'<div class="ln-feedback" role="status"><p class="ln-verdict {_NO_MATH}"></p>{hidden}'
        f'<p class="ln-read {_NO_MATH}"></p></div>'
    )


def _folded(title: str, content: str | sp.Expr) -> str:
    if content == "":
        return ""
    inside = _paragraphs(content) if isinstance(content, str) else display_math(latex(content))
    return f"<details><summary>{title}</summary>{inside}</details>"


def _exercise(declaration: Declaration) -> str:
    answer = declaration.answer
    parts = {
        "identifier": in_script(declaration.identifier),
        "kind": in_script(answer.kind),
        "grammar": in_script(GRAMMAR),
        "functions": f"{{{','.join(f'{in_script(name)}:{known.javascript}' for name, known in FUNCTIONS.items())}}}",
        **(_formula(answer) if isinstance(answer, Formula) else _values(answer)),
    }
    return f"{{{','.join(f'{name}:{source}' for name, source in parts.items())}}}"


def _values(answer: Choice | Number) -> dict[str, str]:
    """The parts of an answer without variables."""
    rule = {"choices": answer.choices} if isinstance(answer, Choice) else {"tolerance": answer.tolerance}
    listed: dict[str, Any] = {"answer": answer.answer, "replies": list(answer.replies)}
    reading: dict[str, Any] = {"names": {}, "vocabulary": vocabulary({})}
    return {name: in_script(part) for name, part in {**listed, **reading, **rule}.items()}


def _formula(answer: Formula) -> dict[str, str]:
    used = [answer.names[symbol][0] for symbol in answer.symbols if symbol in answer.answer.free_symbols]
    rules = {
        "relative": declare.RELATIVE,
        "absolute": declare.ABSOLUTE * answer.scale,
        "clear": CLEAR,
        "doubts": declare.DOUBTS,
        "leastSpeaking": declare.LEAST_SPEAKING,
        "hidden": HIDDEN,
    }
    return {
        "answer": javascript_function(answer.answer, answer.symbols),
        "replies": f"[{','.join(javascript_function(wrong, answer.symbols) for wrong in answer.replies)}]",
        "names": in_script(answer.shown_names),
        "shownNames": in_script([names[0] for names in answer.names.values()]),
        "used": in_script(used),
        "vocabulary": in_script(vocabulary(answer.shown_names)),
        "points": in_script(answer.points.tolist()),
        "scale": in_script(answer.scale),
        **{name: in_script(rule) for name, rule in rules.items()},
    }
