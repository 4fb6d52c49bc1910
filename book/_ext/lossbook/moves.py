"""Words that move a figure, and numbers that follow it, written as links in plain Markdown.

- ``[logit −6](#one-bit?z=-6)`` sets the control z of the figure ``one-bit``, on this page or on another
  (``one-bit.ipynb#one-bit?z=-6``);
- ``[0.953](#one-bit:push)`` is the read-out ``push`` of that figure: its text is true where the figure
  starts, with a unit after it or without;
- ``[▢](#how-hard:guess)`` is what the reader guessed.

What does not exist, or is not true at the start, is a warning that ends a strict build.
"""

import math
import re
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote, unquote

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from lossbook import outputs

_log = logging.getLogger(__name__)

#: A number as prose has it: 0.953, −6, 22,134, 4.5e−5.
_NUMBER = re.compile(r"(?P<sign>[−-]?)(?P<digits>\d[\d,]*)(?P<decimals>\.\d+)?(?:e(?P<power>[−-]?\d+))?")
_NO_NUMBERS = ("∞", "−∞", "undefined")
#: What stands in the sentence for a guess that was not made yet.
BLANK = "▢"


class move(nodes.reference):  # Sphinx calls visitors by the names of nodes
    """A link that moves a figure."""


class live(nodes.inline):
    """A number that follows a figure, or what the reader guessed."""


class MoveError(ValueError):
    """A link to a figure that promises what is not there."""


class ResolveMoves(SphinxPostTransform):
    """Resolves these links before MyST, which knows no such places, warns of them."""

    #: MyST's resolver has 9.
    default_priority = 5

    def run(self, **_: Any) -> None:
        """Put a link or a number in place of each."""
        for link in list(self.document.findall(addnodes.pending_xref)):
            if link["reftype"] != "myst":
                continue
            elsewhere = link["refdomain"] == "doc"
            page, target = (
                (link["reftarget"], link["reftargetid"]) if elsewhere else (link["refdoc"], link["reftarget"])
            )
            if not elsewhere and target in outputs.ids(self.env, page):  # the figure itself
                link.replace_self(nodes.reference("", "", *link[0].children, internal=True, refuri=f"#{target}"))
            if not target or not (parts := re.fullmatch(r"([^?:]*)([?:])(.*)", target)):
                continue
            try:
                link.replace_self(self._resolved(link, page, *parts.groups()))
            except MoveError as error:
                address = f"{page if elsewhere else ''}#{target}"
                _log.warning("[%s](%s): %s", link.astext(), address, error, location=link, type="move")
                link.replace_self(link[0].children)

    def _resolved(self, link: nodes.Element, page: str, name: str, kind: str, rest: str) -> list[nodes.Node]:
        figures = outputs.on_page(self.env, page, "figure", "bench")
        guesses = outputs.on_page(self.env, page, "guess")
        if kind == "?":
            if name not in figures:
                raise MoveError(f"expected a figure of {page}; got {name!r}. {_there(name, figures)}")
            query = query_of(rest, figures[name]["controls"])
            return [self._link(link, page, name, query)]
        if page != link["refdoc"]:
            raise MoveError("expected a live number to stand on the page of its figure")
        if name in guesses:
            return [_guessed(link.astext(), name, rest)]
        if name not in figures:
            raise MoveError(f"expected a figure or a guess of {page}; got {name!r}. {_there(name, figures | guesses)}")
        return followed(link.astext(), name, rest, dict(figures[name]["said"]))

    def _link(self, link: nodes.Element, page: str, name: str, query: str) -> nodes.Node:
        if page == link["refdoc"]:
            # Without scripts no figure moves, and the link still leads to it.
            return move("", "", *link[0].children, internal=True, refuri=f"#{name}", figure=name, moves=query)
        assert self.app.builder
        uri = f"{self.app.builder.get_relative_uri(link['refdoc'], page)}#{name}?{query}"
        return nodes.reference("", "", *link[0].children, internal=True, refuri=uri)


def query_of(text: str, controls: dict[str, list[float] | None]) -> str:
    """The positions that a link asks for, ready for an address.

    ``controls`` has for each key the lowest and the highest value and the step between two; nothing for
    one that takes text.

    Examples
    --------
    >>> query_of("z=−6&f=r^2+1", {"z": [-10.0, 10.0, 0.5], "f": None})
    'z=-6&f=r%5E2%2B1'
    >>> query_of("z=11", {"z": [-10.0, 10.0, 0.5]})
    Traceback (most recent call last):
      ...
    lossbook.moves.MoveError: expected z in -10 to 10; got 11
    """
    parts = []
    for part in text.split("&"):
        key, equals, value = part.partition("=")
        if key not in controls or not equals:
            raise MoveError(f"expected control=value; got {part!r}. {_there(key, controls)}")
        parts.append(f"{key}={quote(_position(key, unquote(value), controls[key]), safe='')}")
    return "&".join(parts)


def _position(key: str, text: str, ends: list[float] | None) -> str:
    if ends is None:
        return text
    plain, (low, high, step) = text.replace("−", "-"), ends
    try:
        value = float(plain)
    except ValueError:
        raise MoveError(f"expected a number for {key}; got {text!r}") from None
    if not low <= value <= high:
        raise MoveError(f"expected {key} in {low:g} to {high:g}; got {text}")
    steps = (value - low) / step
    if abs(steps - round(steps)) > 1e-6 and value != high:
        near = low + math.floor(steps) * step
        raise MoveError(f"expected {key} where its control can stand, as {near:g} or {near + step:g}; got {text}")
    return plain


def followed(text: str, figure: str, readout: str, said: dict[str, float | None]) -> list[nodes.Node]:
    """The number in a text as a node that follows the read-out, and the unit after it.

    Examples
    --------
    >>> number, unit = followed("0.953 nats", "one-bit", "push", {"push": 0.95257})
    >>> number.attributes["digits"], unit
    (3, <#text: ' nats'>)
    >>> followed("0.96", "one-bit", "push", {"push": 0.95257})
    Traceback (most recent call last):
      ...
    lossbook.moves.MoveError: expected what 'push' says where the figure starts, 0.95257; got 0.96
    """
    if readout not in said:
        raise MoveError(f"expected a read-out of {figure!r}; got {readout!r}. {_there(readout, said)}")
    value = said[readout]
    found = _NUMBER.match(text)
    if value is None and text in _NO_NUMBERS:
        return [live("", text, figure=figure, readout=readout, digits=3)]
    if not found:
        raise MoveError(f"expected a number, with a unit after it or without; got {text!r}")
    if value is None or not _agrees(found, value):
        there = "no finite number" if value is None else f"{value:.6g}"
        raise MoveError(f"expected what {readout!r} says where the figure starts, {there}; got {found[0]}")
    digits = len((found["digits"] + (found["decimals"] or "")).replace(",", "").replace(".", "").lstrip("0"))
    number = live("", found[0], figure=figure, readout=readout, digits=max(3, digits))
    return [number, nodes.Text(text[found.end() :])]


def _agrees(written: re.Match[str], value: float) -> bool:
    """Whether a number is the value, to the digits that are written."""
    unit = 10.0 ** (int((written["power"] or "0").replace("−", "-")) - max(0, len(written["decimals"] or "") - 1))
    number = float(written[0].replace("−", "-").replace(",", ""))
    return abs(number - value) <= unit / 2 * (1 + 1e-9)


def _guessed(text: str, guess: str, part: str) -> nodes.Node:
    if part != "guess" or text != BLANK:
        raise MoveError(f"expected [{BLANK}](#{guess}:guess), what the reader guessed")
    return live("", text, guess=guess)


def _there(name: str, known: Any) -> str:
    near = get_close_matches(name, known, n=1)
    there = ", ".join(map(str, known)) or "none"
    return f"There is: {there}" + (f". Did you mean {near[0]!r}?" if near else "")


def visit_move(self: HTML5Translator, node: move) -> None:
    """Write the link; the script has the positions from its data."""
    data = {f"data-{name}": node[name] for name in ("figure", "moves")}
    self.body.append(self.starttag(node, "a", "", CLASS="ln-move", href=node["refuri"], **data))


def depart_move(self: HTML5Translator, _node: move) -> None:
    """End the link."""
    self.body.append("</a>")


def visit_live(self: HTML5Translator, node: live) -> None:
    """Write the number, with what it follows."""
    data = {f"data-{name}": str(node[name]) for name in ("figure", "readout", "digits", "guess") if name in node}
    self.body.append(self.starttag(node, "span", "", CLASS="ln-live", **data))


def depart_live(self: HTML5Translator, _node: live) -> None:
    """End the number."""
    self.body.append("</span>")
