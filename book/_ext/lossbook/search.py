"""What the book's own search looks into: the text of each section, for two scripts that only its page loads.

Sphinx's search wants every word, weighs no heading, and fetches each page that it finds, which
a page opened from a folder may not do. Its index and its scripts are left out.
"""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from lossbook import prose

#: What ranks, what it looks into, and what shows what was found.
_SCRIPTS = ("ranking.js", "searchtexts.js", "search.js")
#: Words that people say for the same thing.
_SYNONYMS = "book/synonyms.yml"
#: A loss that an output of the catalogue prints.
_PRINTED = re.compile(r'<section id="(\w+)"><table class="ln-loss.*?<th scope="row">reference</th><td>(.*?)</td>', re.S)
#: Pages that speak of the book, and not of its subject.
_ASIDES = ("intro", "api", "ledger", "teachers", "cite")


class Place(NamedTuple):
    """Where a text stands: an anchor, its heading, and what it is there."""

    anchor: str
    heading: str
    kind: str


def leave_out_index(app: Sphinx) -> None:
    """Have Sphinx write no index of words; its search page is written all the same."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def make_page(_app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """The search page, of the theme's template."""
    return [("search", {}, "search.html")]


def add_scripts(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: object) -> None:
    """Send the scripts with the search page only."""
    if page == "search":
        for script in _SCRIPTS:
            app.add_js_file(script)


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """Write the sections of all pages, each under its page's title and the caption of its part of the book."""
    if exception is None and app.builder.name == "html":
        captions = _captions(app)
        pages = [
            [app.builder.get_target_uri(page), captions.get(page, ""), sections(app.env.get_doctree(page), page)]
            for page in sorted(app.env.found_docs)
        ]
        data = {"pages": pages, "synonyms": synonyms(Path(app.srcdir, _SYNONYMS))}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        Path(app.outdir, "_static", _SCRIPTS[1]).write_text(f"const SEARCHED = {text};\n", encoding="utf-8")


def synonyms(listed: Path) -> list[list[str]]:
    """The groups of a list of synonyms; none where there is no list.

    Raises
    ------
    ExtensionError
        If a group holds anything but words: YAML reads ``yes`` and ``no`` as true and false.
    """
    groups: list[list[str]] = yaml.safe_load(listed.read_text(encoding="utf-8")) if listed.is_file() else []
    for group in groups:
        for word in group:
            if not isinstance(word, str):
                told = f"{listed.name}: expected words; got {word!r} in {group}. Did you mean it in quotation marks?"
                raise ExtensionError(told)
    return groups


def sections(doctree: nodes.document, page: str) -> list[tuple[str, ...]]:
    """Anchor, heading, kind and running text of each place that can be linked to; the first is the page's own."""
    found: dict[Place, list[str]] = {}
    for title in doctree.findall(nodes.title):
        found.setdefault(_place(title, page), [])
    for block in doctree.findall(_is_block):
        found.setdefault(_place(block, page), []).append(_plain(block))
    for output in doctree.findall(nodes.raw):
        for name, reference in _PRINTED.findall(output.astext()):
            found[Place(name, name, "name")] = [nodes.unescape(reference)]
    return [(*place, " ".join(told)) for place, told in found.items() if place.anchor]


def _is_block(node: nodes.Node) -> bool:
    """Whether a node is a paragraph or its like, and not a heading, code or a reference."""
    told = isinstance(node, nodes.paragraph | nodes.rubric | addnodes.desc_signature)
    return told and not prose.stands_in(node, nodes.comment)


def _place(node: nodes.Node, page: str) -> Place:
    """The nearest section, glossary entry, name of the package or claim around a text."""
    above = node.parent
    while above is not None:
        if "ln-claim" in above.get("classes", ()):
            return Place(above["ids"][0], above["ids"][0].upper(), "claim")
        if isinstance(above, nodes.section) and above["ids"]:
            return Place(above["ids"][0], _plain(above[0]), _kind(above, page))
        if isinstance(above, nodes.definition_list_item) and above[0]["ids"]:
            return Place(above[0]["ids"][0], _plain(above[0]), "term")
        if isinstance(above, addnodes.desc) and above[0]["ids"]:
            return Place(above[0]["ids"][0], above[0]["ids"][0], "name")
        above = above.parent
    return Place("", "", "")


def _kind(section: nodes.section, page: str) -> str:
    if page.endswith(_ASIDES):
        return "aside"
    if isinstance(section.parent, nodes.document):
        return "page"
    return "question" if page.endswith("faq") and _plain(section[0])[-1:] in "?." else "section"


def _plain(node: nodes.Element) -> str:
    if isinstance(node, addnodes.desc_signature):
        return node.astext()
    return prose.plain(node).replace("\0", "…")


def _captions(app: Sphinx) -> dict[str, str]:
    trees = app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree)
    return {page: tree["caption"] or "" for tree in trees for page in tree["includefiles"]}
