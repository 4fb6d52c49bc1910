"""Is an answer right, and where is it not?

The page's script judges by the same rules. With a kernel, a formula that agrees with the
answer at every point is then compared with it exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sympy as sp

from lossnotes import equality
from lossnotes.exercises import tree
from lossnotes.exercises.declare import LEAST_SPEAKING, Answer, Choice, Formula, Number
from lossnotes.exercises.parse import LONGEST, FormulaError, parse
from lossnotes.exercises.rounding import float_doubts
from lossnotes.exercises.tree import Call, Chain, Negative, Node, Power
from lossnotes.printing import shown

#: Digits of numbers, and the largest exponent, up to which exact arithmetic is affordable.
_MOST_DIGITS, _LARGEST_EXPONENT = 2000, 1e4
#: A counterexample should be seen at once: the first point with a gap of this part of the
#: values there, and of the answer's size.
CLEAR = 0.05
#: What is said to a formula that loses its digits nearly everywhere.
HIDDEN = (
    "Rounding leaves too few digits of it to be compared: somewhere nearly equal numbers are subtracted. "
    "Write it another way."
)


@dataclass(frozen=True)
class Verdict:
    """What an exercise says to an answer.

    Attributes
    ----------
    answered
        What the reader answered.
    status
        ``"right"``, ``"wrong"``, or ``"unreadable"``.
    text
        Why.
    read
        A formula or number as it was read.
    reply
        The number of the reply that this wrong answer has; -1 without one.
    """

    answered: str
    status: str
    text: str
    read: str = ""
    reply: int = -1


def judge(answer: Answer, answered: str) -> Verdict:
    """The verdict on what a reader answered.

    Examples
    --------
    >>> p, y = sp.symbols("p y", real=True)
    >>> answer = Formula(p - y, {}, {p: (0, 1), y: (0, 1)})
    >>> judge(answer, "-(y - p)").status
    'right'
    >>> judge(answer, "y - p").text
    'At p = 0.38, y = 0.71 yours gives 0.33, the answer −0.33.'
    """
    try:
        match answer:
            case Choice():
                return _judge_choice(answer, answered)
            case Number():
                return _judge_number(answer, answered)
        return _judge_formula(answer, answered)
    except FormulaError as error:
        # What was too long to read is too long to send back.
        return Verdict(answered[: LONGEST + 1], "unreadable", f"{str(error)[0].upper()}{str(error)[1:]}.")


def _judge_choice(answer: Choice, answered: str) -> Verdict:
    if answered not in answer.choices:
        raise FormulaError("expected one of the choices; got none of them")
    if answered == answer.answer:
        return Verdict(answered, "right", "")
    replies = list(answer.replies)
    return Verdict(answered, "wrong", "", reply=replies.index(answered) if answered in replies else -1)


def _judge_number(answer: Number, answered: str) -> Verdict:
    node = parse(answered, {})
    value = float(tree.float_values(node, {}))
    read = tree.written(node)
    if not np.isfinite(value):
        return Verdict(answered, "wrong", "Yours has no finite value.", read)
    if answer.is_near(value, answer.answer):
        return Verdict(answered, "right", "", read)
    near = (n for n, wrong in enumerate(answer.replies) if answer.is_near(value, wrong))
    return Verdict(answered, "wrong", _too(answer, value), read, next(near, -1))


def _too(answer: Number, value: float) -> str:
    if answer.is_near(value, answer.answer, times=10):
        return "Close: give it to more digits."
    seen = shown(value, 6)
    if answer.answer and answer.is_near(-value, answer.answer):
        return f"{seen} has the wrong sign."
    return f"{seen} is too {'small' if value < answer.answer else 'large'}."


def _judge_formula(answer: Formula, answered: str) -> Verdict:
    node = parse(answered, answer.shown_names)
    read = tree.written(node)
    columns = dict(zip((names[0] for names in answer.names.values()), answer.points.T, strict=True))
    ours = np.broadcast_to(tree.float_values(node, columns), len(answer.points))
    doubts = np.broadcast_to(float_doubts(node, columns), len(answer.points))
    apart = np.flatnonzero(~answer.agree(ours, answer.values, doubts))
    if not len(apart):
        speaking = int(np.sum(answer.speak(ours, doubts)))
        if speaking < LEAST_SPEAKING:
            return Verdict(answered, "unreadable", HIDDEN, read)
        return replace(_exact(answer, node, columns, speaking), answered=answered, read=read)
    wrong = (n for n, expr in enumerate(answer.replies) if np.all(answer.agree(ours, answer.at_points(expr), doubts)))
    at = _clearest(apart, ours, answer.values, answer.scale)
    used = tree.names_in(node) | {answer.names[s][0] for s in answer.answer.free_symbols}
    place = {name: values[at] for name, values in columns.items() if name in used}
    return Verdict(answered, "wrong", _gap(place, ours[at], answer.values[at]), read, next(wrong, -1))


def _clearest(apart: np.ndarray, ours: np.ndarray, theirs: np.ndarray, scale: float) -> int:
    """The point to show: the first with a gap to be seen, else the one with the widest."""
    finite = [int(n) for n in apart if np.isfinite(ours[n])]
    if not finite:
        return int(apart[0])
    gaps = [abs(ours[n] - theirs[n]) / max(abs(ours[n]), abs(theirs[n]), scale) for n in finite]
    return finite[next((n for n, gap in enumerate(gaps) if gap > CLEAR), gaps.index(max(gaps)))]


def _gap(place: Mapping[str, float], ours: float, theirs: float) -> str:
    # As many digits as it takes to see the difference.
    digits = next((n for n in (3, 6, 12) if not np.isfinite(ours) or shown(ours, n) != shown(theirs, n)), 17)
    where = ", ".join(f"{name} = {shown(value, 12)}" for name, value in place.items())
    yours = f"gives {shown(ours, digits)}, the answer" if np.isfinite(ours) else "has no finite value; the answer is"
    return f"At {where} yours {yours} {shown(theirs, digits)}."


def _exact(answer: Formula, node: Node, columns: Mapping[str, Any], speaking: int) -> Verdict:
    """What our equality makes of a formula that agrees with the answer in 64-bit arithmetic."""
    points = f"It agrees with the answer at {speaking} points."
    if not _is_affordable(node, columns):
        return Verdict("", "right", points)
    expr = tree.value(node, tree.in_sympy({names[0]: symbol for symbol, names in answer.names.items()}))
    domain = {symbol: tuple(map(sp.sympify, ends)) for symbol, ends in answer.domain.items()}
    statement = equality.Statement(answer.answer, expr, premises=equality.Premises(domain=domain))
    try:
        found = equality.compare(statement)
    except ValueError:
        return Verdict("", "right", points)
    if isinstance(found, equality.Counterexample):
        names = {str(symbol): shown[0] for symbol, shown in answer.names.items()}
        where = ", ".join(f"{names[name]} = {value}" for name, value in found.point.items())
        theirs, ours = found.values
        return Verdict("", "wrong", f"At {where} yours gives {ours}, the answer {theirs}.".replace("-", "−"))
    return Verdict("", "right", "SymPy proves it." if found.proved else f"It agrees at {found.points} further points.")


def _is_affordable(node: Node, columns: Mapping[str, Any]) -> bool:
    """Whether exact arithmetic can hold the formula's numbers: 9^9^9 has 370 million digits."""
    return _digits(node, columns) <= _MOST_DIGITS


def _digits(node: Node, columns: Mapping[str, Any]) -> float:
    match node:
        case tree.Number(text):
            return len(text) + abs(int(text.lower().partition("e")[2] or 0))
        case Call(_, below) | Negative(below):
            # Definitions are in exp, and exp of a large number needs as many digits.
            return _digits(below, columns) if _largest(below, columns) <= _LARGEST_EXPONENT else np.inf
        case Power(base, exponent):
            size = _largest(exponent, columns)
            return (_digits(base, columns) * max(size, 1) if size <= _LARGEST_EXPONENT else np.inf) + _digits(
                exponent, columns
            )
        case Chain(first, rest):
            return _digits(first, columns) + sum(_digits(part, columns) for _, part in rest)
    return 3.0  # a point's value


def _largest(node: Node, columns: Mapping[str, Any]) -> float:
    values = np.abs(tree.float_values(node, columns))
    return float(np.max(values)) if np.all(np.isfinite(values)) else np.inf
