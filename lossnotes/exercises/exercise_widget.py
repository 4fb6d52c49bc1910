"""The exercise as a widget whose answers Python sees, and as a page that needs no Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
import traitlets

from lossnotes.assets import data_block
from lossnotes.exercises import form
from lossnotes.exercises.question import Question, as_answer
from lossnotes.widgets import PageWidget


class Exercise(PageWidget):
    """A question with a checked answer: in Jupyter a widget, on the static page plain HTML.

    Attributes
    ----------
    answered
        What the reader answered; empty before.
    verdict
        What came of it: ``status`` is "right", "wrong" or "unreadable", ``text`` says why, ``read``
        is the formula as it was read, and ``reply`` the number of the reply that this wrong answer
        has, -1 without one. The script judges where the exercise is shown; empty before.
    """

    answered = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)

    def __init__(self, question: Question) -> None:
        super().__init__(markup=form.markup(question), data=question.data())
        self.question = question

    def _without_kernel(self) -> dict[str, Any]:
        return {"text/html": self.markup + data_block(self.data), "text/plain": form.plain(self.question)}


def exercise(
    question: str,
    *,
    answer: float | str | sp.Expr,
    choices: Sequence[str] | None = None,
    tolerance: float | None = None,
    domain: Mapping[sp.Symbol, tuple[float, float]] | None = None,
    names: Mapping[sp.Symbol, Sequence[str]] | None = None,
    replies: Mapping[Any, str] | None = None,
    hint: str = "",
    solution: str | sp.Expr = "",
    identifier: str = "",
) -> Exercise:
    r"""Ask a question and check the answer, with a kernel or without.

    Words are plain text with ``$...$`` for math.

    Parameters
    ----------
    question
        What the reader is asked.
    answer
        A number; an expression, answered by a formula that equals it on the domain; or one
        of ``choices``.
    choices
        The texts to choose from.
    tolerance
        By what part of itself a number may be off. Where nothing is given, three digits are
        enough, or for a whole number 0.001; by that much alone where the answer is 0.
    domain
        Each symbol that a formula may contain → ``(low, high)``, the open interval in which
        it is compared with the answer.
    names
        Symbol → how it may be typed, the name that is shown first; made from the symbol's
        name where none is given: :math:`\hat y` is typed ``ŷ``, ``yhat`` or ``y_hat``.
    replies
        Wrong answer → what to say to it.
    hint, solution
        Folded away; the solution may be an expression.
    identifier
        The exercise's id on the page and in the reader's storage; made from the question
        where none is given.

    Raises
    ------
    TypeError
        If the answer, a reply's key or the solution is of another kind.
    ValueError
        If the question is empty, a formula's symbol has no domain, the formula has a
        function that no page can evaluate or no finite values, the answer is not among the
        choices, or a reply is for the right answer.

    Examples
    --------
    >>> p, y = sp.symbols("p y", real=True)
    >>> question = exercise(
    ...     r"What is the derivative of $\frac12(p-y)^2$ in $p$?",
    ...     answer=p - y,
    ...     domain={p: (0, 1), y: (0, 1)},
    ...     replies={2 * (p - y): "That is the derivative without the ½."},
    ... )
    >>> question.data["answer"], question.data["spellings"]
    (['-', 'p', 'y'], [['p'], ['y']])
    """
    settled = as_answer(
        answer, choices=choices, tolerance=tolerance, domain=domain, names=names, replies=dict(replies or {})
    )
    return Exercise(Question(question, settled, hint, solution, identifier))
