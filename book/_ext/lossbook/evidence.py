"""What proves a lesson stands one click below what it says.

- The cells of a section that are tagged ``evidence`` are gathered at its end, in a fold whose line says what
  they check. In the notebook they stay where they are.
- The code of a figure (``hide-input``) folds out below the figure.
- Fine print is ``<details><summary>title</summary>``, a blank line, Markdown, a blank line, ``</details>``.
- A page with folded code has one switch for all of it, which ``evidence.js`` brings to life.
"""

import ast
import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from lossbook import prose
from lossnotes.assets import MATH

_log = logging.getLogger(__name__)

TAG = "evidence"
#: Words of fine print; more belongs into the lesson, or out of it.
LIMIT = 120
_WORDS = re.compile(r"# Checked: +(\S.*)")
#: What was meant as such a line.
_NEARLY = re.compile(r"(?im)^ *# *checked\b.*$")
_SWITCH = '<button type="button" class="ln-all-code">Show all code</button>'


class Aside(nodes.comment):
    """What a page shows and a lesson does not say: as in a comment, no search and no glossary looks into it."""

    @staticmethod
    def visit(_translator: nodes.NodeVisitor, _node: nodes.Element) -> None:
        """Show what is inside, and nothing around it."""


class Count(NamedTuple):
    """How many checks a cell's source holds, of each kind."""

    assertions: int = 0
    comparisons: int = 0
    steps: int = 0

    def __str__(self) -> str:
        kinds = [_number(n, name.removesuffix("s")) for name, n in self._asdict().items() if n]
        return f"{_number(sum(self), 'check')}: {', '.join(kinds)}"


def count(source: str) -> Count:
    """Count ``assert``, calls in ``verify``, and steps of derivations. An optimiser's ``step()`` is none.

    Examples
    --------
    >>> str(count("assert x == 1\\nverify.equal('x', x, 1)\\nd.step(a); d.differentiate(x, b)"))
    '4 checks: 1 assertion, 1 comparison, 2 steps'
    """
    found = list(ast.walk(ast.parse(source)))
    calls = [(node.func, node.args) for node in found if isinstance(node, ast.Call)]
    methods = [(called, given) for called, given in calls if isinstance(called, ast.Attribute)]
    return Count(
        assertions=sum(isinstance(node, ast.Assert) for node in found),
        comparisons=sum(ast.unparse(called.value) == "verify" for called, _ in methods),
        steps=sum(called.attr in ("step", "differentiate") and bool(given) for called, given in methods),
    )


def gather(_app: Sphinx, doctree: nodes.document) -> None:
    """Take the cells tagged ``evidence`` out of each section, and put them into one fold at its end.

    A section ends where the first section inside it begins. A fold whose cells do not say what they
    check, or check nothing, is a warning, and ends a strict build.
    """
    sections: dict[nodes.Element, list[nodes.Element]] = {}
    for cell in doctree.findall(_is_evidence):
        sections.setdefault(_section(cell, doctree), []).append(cell)
    for section, cells in sections.items():
        sources = [_source(cell) for cell in cells]
        for fault in _faults(sources):
            _log.warning("section '%s': %s", _title(section), fault, location=section, type="evidence")
        for cell in cells:
            cell.parent.remove(cell)
            cell.attributes.pop("hide_mode", None)  # no fold in the fold
        at = next((n for n, part in enumerate(section) if isinstance(part, nodes.section)), len(section))
        section[at:at] = [_html(_head(sources)), *cells, _html("</div></details>")]


def check_fine_print(_app: Sphinx, doctree: nodes.document) -> None:
    """Hold fine print in notebooks to one fold a section and to :data:`LIMIT` words; a warning ends a strict build."""
    if not str(doctree["source"]).endswith(".ipynb"):
        return
    for section in doctree.findall(nodes.section):
        for fault in _fine_print_faults(section):
            _log.warning("section '%s': %s", _title(section), fault, location=section, type="evidence")


def lower_code(_app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Put the code of a figure below it, and a switch for all code below the page's title."""
    cells = [cell for cell in doctree.findall(nodes.container) if cell.get("nb_element") == "cell_code"]
    figures = [cell for cell in cells if cell.get("hide_mode") == "input"]
    for cell in figures:
        cell.children.reverse()
    title = next(iter(doctree.findall(nodes.title)), None)
    if title and (figures or any(_is_evidence(cell) for cell in cells)):
        title.parent.insert(title.parent.index(title) + 1, _html(_SWITCH))


def _is_evidence(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and f"tag_{TAG}" in node["classes"]


def _section(cell: nodes.Element, doctree: nodes.document) -> nodes.Element:
    """The nearest section around a cell; the page's first for a cell that stands before all of them."""
    if isinstance(cell.parent, nodes.section):
        return cell.parent
    return next(iter(doctree.findall(nodes.section)), doctree)


def _title(section: nodes.Element) -> str:
    return next((title.astext() for title in section.findall(nodes.title)), "without a heading")


def _source(cell: nodes.Element) -> str:
    return next((code.astext() for code in cell.findall(nodes.literal_block)), "")


def _words(sources: list[str]) -> list[str]:
    return [found[1].strip() for source in sources if (found := _WORDS.match(source))]


def _count(sources: list[str]) -> Count:
    return Count(*map(sum, zip(*map(count, sources), strict=True)))


def _faults(sources: list[str]) -> Iterator[str]:
    how = "'# Checked: what is checked, in a few words' as the first line of a cell tagged 'evidence'"
    for source in sources:
        if not _WORDS.match(source) and (nearly := _NEARLY.search(source)):
            yield f"expected {how}; got {nearly[0].strip()!r}, which says nothing, or not there"
            return
    if not _words(sources):
        yield f"expected {how}; got none among {_number(len(sources), 'cell')}"
    if not sum(_count(sources)):
        yield (
            "expected an assert, a verify.… or a step of a derivation in its cells tagged 'evidence'; got none: "
            "the line cannot say ✓. Add a check, or take the tag away"
        )


def _head(sources: list[str]) -> str:
    said = re.sub(r"\$(.+?)\$", r"\\(\1\\)", html.escape("; ".join(_words(sources))))
    return (
        f'<details class="ln-evidence"><summary class="{MATH}"><span class="ln-tick">✓</span> '
        f'Checked at every build: {said}</summary><div class="ln-checks"><p>{_count(sources)}</p>'
    )


def _html(markup: str) -> nodes.Element:
    return Aside("", "", nodes.raw("", markup, format="html"))


def _fine_print_faults(section: nodes.section) -> Iterator[str]:
    folds, opened = 0, False
    said: list[str] = []
    for part in section:
        markup = part.astext() if isinstance(part, nodes.raw) else ""
        if "<details" in markup:
            folds, opened, said = folds + 1, True, []
        elif opened and "</details>" in markup:
            opened = False
            if (length := len(" ".join(said).split())) > LIMIT:
                yield f"expected fine print of at most {LIMIT} words; got {length}"
        elif opened:
            said += [prose.plain(paragraph) for paragraph in part.findall(nodes.paragraph)]
    if opened:
        yield "expected a blank line after </summary> and one before </details>, all in one section; got none"
    if folds > 1:
        yield f"expected one <details> of fine print at most; got {folds}"


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
