"""The number desk as a widget, and as a page that needs no Python."""

import html
from dataclasses import asdict
from typing import Any

import sympy as sp

from lossnotes.assets import MATH, UNTOUCHED, data_block
from lossnotes.desk.known import BELL, FIRST, KNOWN, LOSSES, NAN, SEARCHED, K, Known, Lesson, epsilon, s
from lossnotes.printing import latex, shown
from lossnotes.trees import to_tree
from lossnotes.widgets import PageWidget
from lossnotes.words import words

#: What is said where no formula is asked.
_STATES: dict[str, dict[str, Any]] = {
    "nan": {
        "meaning": "NaN is no number: ∞/∞, 0 · ∞ or ∞ − ∞, in the loss, or NaN in what it is given.",
        "bug": "Yes, always.",
        "do": "Print the first batch's logits. If they are finite, the loss is to blame: give it logits. If not, "
        "look at the inputs, then at the rate. If all labels are ignored, the mean is 0/0.",
        "lesson": NAN,
    },
    "infinite": {
        "meaning": "−ln 0, as a rule: a probability was rounded to 0; or an exponential overflowed.",
        "bug": "Yes: the next gradient is NaN.",
        "do": "Compute the loss from logits in one piece. Where a class is masked by −∞, no label may name it.",
        "lesson": NAN,
    },
    "zero": {
        "meaning": "Cross-entropy is 0 only if each answer is sure and right. From the start, nothing is compared: "
        "one output with a softmax, always 1; or targets of 0, or a mask that leaves no label.",
        "bug": "From the first step, yes. Late in training it can be rounding: float32 says 0 from a margin of 17 on.",
        "do": "Print one output and its target. For one output, use a sigmoid and binary cross-entropy.",
        "lesson": FIRST,
    },
    "tiny": {
        "meaning": "As good as 0: each answer is sure and right.",
        "bug": "Not late in training. In the first epoch, look for the label among the inputs.",
        "do": "Measure on held-out examples.",
        "lesson": FIRST,
    },
    "negative": {
        "meaning": "Cross-entropy and Kullback–Leibler are never negative. A density can be.",
        "bug": "No for a Gaussian or another density; yes for cross-entropy.",
        "do": "Print the largest and the smallest target, and the sums of rows: targets outside [0, 1] (labels 1 to "
        "9 with one output), or probabilities where log-probabilities are expected.",
        "lesson": BELL,
    },
}
#: What can be tried at once.
_EXAMPLES = {
    "2.3026, 10 classes": {"value": "2.3026", "classes": "10"},
    "0.7437, 4 classes": {"value": "0.7437", "classes": "4"},
    "7.9712": {"value": "7.9712"},
    "0.0": {"value": "0.0"},
    "1.9105": {"value": "1.9105"},
}
#: The numbers of classes for which the table has columns.
_COLUMNS = (2, 10, 1000)
_DIGITS = 5


class NumberDesk(PageWidget):
    """The desk: in Jupyter a widget, on the static page plain HTML."""

    def __init__(self) -> None:
        super().__init__(markup=_markup(), data=_data())

    def _without_kernel(self) -> dict[str, Any]:
        return {"text/html": self.markup + data_block(self.data), "text/plain": "The number desk."}


def number_desk() -> NumberDesk:
    """Ask what a value says at which a loss stays: ln K, a floor of softmax twice, a clip, and others.

    What fits is what the digits typed were rounded or cut off from. Where more than one number in two
    with so few digits would fit an explanation, it is left out.

    Examples
    --------
    >>> number_desk().data["known"][0]["tree"]
    ['ln', 'K']
    """
    return NumberDesk()


class KnownValues:
    """All that the desk knows where no share is given, as a table.

    Examples
    --------
    >>> "2.3026" in KnownValues()._repr_html_()
    True
    """

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">K = {count}</th>' for count in _COLUMNS)
        rows = "".join(map(_row, (known for known in KNOWN if s not in known.value.free_symbols)))
        return (
            f'<div class="ln-known {MATH}" role="region" tabindex="0" aria-label="All known values"><table><thead><tr>'
            f'<th scope="col">What stays there</th>{head}<th scope="col">Formula</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )


def _row(known: Known) -> str:
    smoothed = {epsilon: sp.Rational(1, 10)} if epsilon in known.value.free_symbols else {}
    value = known.value.subs(smoothed)
    name = known.name + (", ε = 0.1" if smoothed else "")
    if value.has(K):
        cells = "".join(f"<td>{shown(float(value.subs(K, count)), _DIGITS)}</td>" for count in _COLUMNS)
    else:
        cells = f'<td colspan="{len(_COLUMNS)}">{shown(float(value), _DIGITS)}</td>'
    return (
        f'<tr><th scope="row"><a href="{_address(known.lesson)}">{html.escape(name)}</a></th>'
        f"{cells}<td>{words(f'${latex(value)}$')}</td></tr>"
    )


def _address(lesson: Lesson) -> str:
    return f"{lesson.page}.html" + (f"#{lesson.anchor}" if lesson.anchor else "")


def _data() -> dict[str, Any]:
    return {
        "kind": "desk",
        "known": [_plain(known) for known in KNOWN],
        "searched": list(SEARCHED),
        "states": {name: {**state, "lesson": asdict(state["lesson"])} for name, state in _STATES.items()},
        "examples": _EXAMPLES,
    }


def _plain(known: Known) -> dict[str, Any]:
    names = sorted(map(str, known.value.free_symbols))
    return {
        "name": known.name,
        "tree": to_tree(known.value, [K, s, epsilon]),
        "names": names,
        "losses": list(known.losses),
        "meaning": known.meaning,
        "bug": known.bug,
        "do": known.do,
        "lesson": asdict(known.lesson),
        "rank": known.rank,
        "choices": {str(symbol): list(values) for symbol, values in known.choices.items()},
        "searches": known.searches,
        "wavers": known.wavers,
        "asked_for": known.asked_for,
    }


def _field(name: str, label: str, mode: str, note: str = "") -> str:
    return (
        f'<label><span>{label}</span><input type="text" inputmode="{mode}" name="{name}" {UNTOUCHED} '
        f'enterkeyhint="search"{note}></label>'
    )


def _markup() -> str:
    """The desk before any script runs: fields that are not seen, and where to look without them."""
    losses = "".join(f'<option value="{key}">{html.escape(label)}</option>' for key, label in LOSSES.items())
    tried = "".join(
        f'<button type="button" data-example="{html.escape(name)}">{html.escape(name)}</button>' for name in _EXAMPLES
    )
    return (
        '<div class="ln-exercise ln-desk" id="desk" role="group" aria-label="Number desk">'
        '<p class="ln-unscripted">The desk needs scripts. The table below has all that it knows.</p>'
        '<form novalidate><div class="ln-controls" hidden>'
        f"{_field('value', 'The loss, as logged', 'text')}{_field('classes', 'Classes (optional)', 'numeric')}"
        f"{_field('share', 'A share (optional)', 'text', ' aria-describedby=desk-share')}"
        f'<label class="ln-wide"><span>Which loss (optional)</span><select name="loss"><option value="">any</option>'
        f'{losses}</select></label><button type="submit">What is it?</button>'
        '<p class="ln-tries" id="desk-share">A share, as 0.9 or 90 %: of the commonest class, of yes, or of right '
        f'answers.</p><p class="ln-tries">Try: {tried}</p></div></form>'
        '<p class="ln-status" role="status"></p><div class="ln-found"></div></div>'
    )
