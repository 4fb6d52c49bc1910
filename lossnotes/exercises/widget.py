"""The exercise as a widget whose answers Python judges, and as a page that judges alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sympy as sp
import traitlets

from lossnotes.exercises import page
from lossnotes.exercises.declare import Declaration, as_answer
from lossnotes.exercises.judge import judge
from lossnotes.widgets import PageWidget


class Exercise(PageWidget):
    """A question with a checked answer: in Jupyter a widget, on the static page plain HTML.

    Attributes
    ----------
    answered
        What the reader answered; empty before.
    verdict
        What came of it, as :class:`~lossnotes.exercises.judge.Verdict` has it; empty before.

    Examples
    --------
    >>> question = exercise("How many bits are in a byte?", answer=8)
    >>> question.answered = "2^3"
    >>> question.verdict["status"]
    'right'
    """

    answered = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)

    def __init__(self, declaration: Declaration) -> None:
        super().__init__(markup=page.markup(declaration), _esm=page.module(declaration))
        self.declaration = declaration

    @traitlets.observe("answered")
    def _judge(self, change: Any) -> None:
        answered = change["new"]
        self.verdict = asdict(judge(self.declaration.answer, answered)) if answered else {}

    def _still(self) -> dict[str, Any]:
        html = page.static_page(self.declaration, self.markup, self._esm)
        return {"text/html": html, "text/plain": page.plain(self.declaration)}


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
        By what part of itself a number may be off: 0.001 where nothing is given. By that
        much alone where the answer is 0.
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
        function with no JavaScript or no finite values, the answer is not among the
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
    >>> question.answered = "2p - 2y"
    >>> question.verdict["status"], question.verdict["read"], question.verdict["reply"]
    ('wrong', '2·p − 2·y', 0)
    """
    settled = as_answer(
        answer, choices=choices, tolerance=tolerance, domain=domain, names=names, replies=dict(replies or {})
    )
    return Exercise(Declaration(question, settled, hint, solution, identifier))
