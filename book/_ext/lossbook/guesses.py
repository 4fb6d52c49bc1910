"""What follows a guess or an asked line is folded away until that is answered, or looked at: a paragraph, or a few."""

from collections.abc import Iterable
from itertools import takewhile

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from lossbook import outputs

_log = logging.getLogger(__name__)


class veil(nodes.General, nodes.Element):  # Sphinx calls visitors by the names of nodes
    """What is folded away until a guess is made."""


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold the paragraph after each guess of a page, and those after each asked line.

    A guess without one, or with an unknown veil, is a warning.
    """
    for name, data, raw in list(outputs.declared(doctree)):
        if data["kind"] not in ("guess", "chain"):
            continue
        paragraph = _next_block(_cell_of(raw))
        if isinstance(paragraph, nodes.paragraph):
            is_guess = data["kind"] == "guess"
            waiting = [paragraph] if is_guess else _run_of_paragraphs(paragraph)
            folded = veil(guess=name if is_guess else data["lines"][-1]["identifier"])
            paragraph.replace_self(folded)
            for each in waiting[1:]:
                each.parent.remove(each)
            folded += waiting
        elif data["kind"] == "guess":
            got = "nothing" if paragraph is None else f"a {paragraph.tagname}"
            _warn(name, f"expected a paragraph with the answer after it, before the next heading; got {got}", raw)
        if data["kind"] == "guess":
            _check_veils(app, name, data, raw)


def _check_veils(app: Sphinx, name: str, data: dict[str, dict[str, list[str]]], place: nodes.Element) -> None:
    figures = outputs.on_page(app.env, app.env.docname, "figure")
    for figure, parts in data["veils"].items():
        if figure not in figures:
            _warn(name, f"veils: expected a figure of this page; got {figure!r}. There is: {_list(figures)}", place)
            continue
        named = (name for panel in figures[figure]["parts"] for _, name in panel)
        known = [*dict(figures[figure]["said"]), *named]
        for part in parts:
            if part not in known:
                _warn(name, f"veils: expected parts of {figure!r}; got {part!r}. There is: {_list(known)}", place)


def _list(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names)) or "none"


def _warn(guess: str, words: str, place: nodes.Element) -> None:
    _log.warning("guess %r: %s", guess, words, location=_cell_of(place), type="guess")


def _cell_of(output: nodes.Element) -> nodes.Element:
    above = output
    while above.get("nb_element") != "cell_code":
        above = above.parent
    return above


def _run_of_paragraphs(first: nodes.Element) -> list[nodes.Element]:
    """A paragraph and those that follow it without anything else between: what a text says of a line."""
    after = first.parent.children[first.parent.index(first) :]
    return list(takewhile(lambda block: isinstance(block, nodes.paragraph), after))


def _next_block(cell: nodes.Element) -> nodes.Element | None:
    """The first block of Markdown after a cell and the cells that follow it."""
    after = cell.parent.children[cell.parent.index(cell) + 1 :]
    cells = (nodes.target, nodes.comment, nodes.raw)
    blocks = (block for block in after if block.get("nb_element") != "cell_code" and not isinstance(block, cells))
    return next(blocks, None)


def visit_veil(self: HTML5Translator, node: veil) -> None:
    """Write the fold; the script opens it."""
    start = self.starttag(node, "details", "", CLASS="ln-veil", **{"data-guess": node["guess"]})
    self.body.append(f"{start}<summary>Show me</summary>")


def depart_veil(self: HTML5Translator, _node: veil) -> None:
    """End the fold."""
    self.body.append("</details>\n")
