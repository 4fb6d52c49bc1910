"""What the search page shows of each result, without asking for the page.

Sphinx fetches every page that it finds, which a page opened from a folder may not do, and
shows its source. Here the plain text of all sections is a script of its own, which only
the search page loads.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from lossbook import prose

#: The script that shows the excerpts, and the texts that it takes them from.
_SCRIPTS = ("search.js", "searchtexts.js")

#: Anchor and heading of a section; the same with its text.
Place = tuple[str, str]
Part = tuple[str, str, str]


def add_scripts(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: object) -> None:
    """Send the scripts with the search page only."""
    if page == "search":
        for script in _SCRIPTS:
            app.add_js_file(script)


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """Write the text of each page, under the caption of its part of the book."""
    if exception is None and app.builder.name == "html":
        captions = _captions(app)
        pages = sorted(app.env.found_docs)
        texts = {page: [captions.get(page, ""), *sections(app.env.get_doctree(page))] for page in pages}
        code = f"const SEARCH_TEXTS = {json.dumps(texts, ensure_ascii=False, separators=(',', ':'))};\n"
        Path(app.outdir, "_static", _SCRIPTS[1]).write_text(code, encoding="utf-8")


def sections(doctree: nodes.document) -> list[Part]:
    """The running text of each section, and of each place in it that can be linked to by itself."""
    found: dict[Place, list[str]] = {}
    for block in doctree.findall(_is_block):
        found.setdefault(_place(block), []).append(prose.plain(block).replace("\0", "…"))
    return [(anchor, heading, " ".join(told)) for (anchor, heading), told in found.items()]


def _is_block(node: nodes.Node) -> bool:
    """Whether a node is a paragraph or its like, and not a heading, code or a reference."""
    told = isinstance(node, nodes.paragraph | nodes.rubric | addnodes.desc_signature)
    return told and not prose.stands_in(node, nodes.comment)


def _place(node: nodes.Node) -> Place:
    """Id and heading of the nearest section, glossary entry or claim around a text."""
    above = node.parent
    while above is not None:
        if "ln-claim" in above.get("classes", ()):
            return above["ids"][0], above["ids"][0].upper()
        if isinstance(above, nodes.section | nodes.definition_list_item):
            named = above if isinstance(above, nodes.section) else above[0]
            if named["ids"]:
                return named["ids"][0], above[0].astext()
        above = above.parent
    return "", ""


def _captions(app: Sphinx) -> dict[str, str]:
    trees = app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree)
    return {page: tree["caption"] or "" for tree in trees for page in tree["includefiles"]}
