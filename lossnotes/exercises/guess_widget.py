"""A number that the reader commits to before it is shown."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
import traitlets

from lossnotes.assets import MATH, UNTOUCHED, data_block
from lossnotes.exercises.form import paragraphs
from lossnotes.exercises.question import as_real
from lossnotes.style import require_words, slug
from lossnotes.widgets import PageWidget

_IDENTIFIER = re.compile(r"[A-Za-z][\w-]*")


class Guess(PageWidget):
    """A guess: in Jupyter a widget, on the static page plain HTML.

    Attributes
    ----------
    answered
        What the reader typed; "?" for who only looked, empty before.
    """

    answered = traitlets.Unicode().tag(sync=True)

    def __init__(self, question: str, data: dict[str, Any]) -> None:
        super().__init__(markup=_markup(question, data["identifier"], data["unit"]), data=data)
        self.question = question

    def _without_kernel(self) -> dict[str, Any]:
        return {"text/html": self.markup + data_block(self.data), "text/plain": self.question}


def guess(
    question: str,
    *,
    answer: float | sp.Expr,
    digits: int = 3,
    unit: str = "",
    identifier: str = "",
    veils: Mapping[str, Sequence[str]] | None = None,
    alt: Mapping[str, str] | None = None,
) -> Guess:
    """Ask for a number before it is shown. There is no right and no wrong: both stand side by side.

    On the page, the paragraph that follows is folded away until then; words are plain text with
    ``$...$`` for math.

    Parameters
    ----------
    question
        What the reader is asked.
    answer
        The number.
    digits
        How many significant digits of it are shown.
    unit
        What stands after both numbers.
    identifier
        The guess's id on the page and in the reader's storage; made from the question where none is
        given. ``[▢](#identifier:guess)`` in the text is what the reader said.
    veils
        Figure's identifier → names of its read-outs, curves, bands, points and arrows that are not
        seen until then.
    alt
        Figure's identifier → its text alternative until then; each figure with veils has one.

    Raises
    ------
    TypeError
        If the answer is no number, or words are no text.
    ValueError
        If the answer is not finite and real, ``digits`` is not 1 to 17, the identifier does not begin
        with a letter, or a veiled figure has no text alternative, or an alternative no veil.

    Examples
    --------
    >>> asked = guess("How many times as hard is it pushed?", answer=0.9995 / 0.95, identifier="how-hard")
    >>> asked.data["kind"], round(asked.data["answer"], 2)
    ('guess', 1.05)
    """
    require_words(question=question)
    if not isinstance(unit, str):
        raise TypeError(f"unit: expected a text; got {unit!r}")
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= 17:
        raise ValueError(f"digits: expected a whole number from 1 to 17; got {digits!r}")
    identifier = identifier or f"guess-{slug(question)}"
    if not isinstance(identifier, str) or not _IDENTIFIER.fullmatch(identifier):
        raise ValueError(f"identifier: expected a letter, then letters, digits and hyphens; got {identifier!r}")
    veiled, told = _veils(veils or {}), dict(alt or {})
    require_words(**{f"alt[{figure!r}]": words for figure, words in told.items()})
    if lonely := sorted(set(veiled) ^ set(told)):
        raise ValueError(
            "alt: expected a text alternative for each figure with veils and for no other; got "
            f"{', '.join(sorted(told)) or 'none'} for veils of {', '.join(sorted(veiled)) or 'none'} ({lonely[0]!r})"
        )
    data = {
        "kind": "guess",
        "identifier": identifier,
        "answer": as_real("answer", answer),
        "digits": digits,
        "unit": unit,
    }
    return Guess(question, {**data, "veils": veiled, "alt": told})


def _veils(veils: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    for figure, names in veils.items():
        if isinstance(names, str) or not names or not all(isinstance(name, str) for name in names):
            raise TypeError(f"veils[{figure!r}]: expected a list of names, as ['push']; got {names!r}")
    return {figure: list(names) for figure, names in veils.items()}


def _markup(question: str, identifier: str, unit: str) -> str:
    """The guess before any script runs: the question, and nothing to type in."""
    asked = f'aria-describedby="{identifier}-question"'
    after = f'<span class="ln-unit">{html.escape(unit)}</span>' if unit else ""
    return (
        f'<div class="ln-exercise ln-guess {MATH}" id="{identifier}" role="group" '
        f'aria-labelledby="{identifier}-question">'
        f'<div class="ln-question" id="{identifier}-question">{paragraphs(question)}</div>'
        f'<form novalidate><div class="ln-controls" hidden><label><span>Your guess</span>'
        f'<input type="text" inputmode="decimal" name="answer" {asked} {UNTOUCHED} enterkeyhint="done"></label>{after}'
        '<button type="submit">Guess</button><button type="button" class="ln-look">Show me</button></div></form>'
        '<div class="ln-told"><div class="ln-feedback" role="status"><p class="ln-verdict"></p></div>'
        '<button type="button" class="ln-clear" hidden>Guess again</button></div></div>'
    )
