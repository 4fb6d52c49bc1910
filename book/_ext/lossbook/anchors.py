"""Places that other pages can link to, and that a dead link cannot pretend to find.

A code cell is ``k-classes.ipynb#cell-derive-lse``; a place in the text that a lesson
marks with ``<a id="a16"></a>`` is ``07-….ipynb#a16``; so is a ``<section id="huber">`` that
a cell displays.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

_MARK = re.compile(r'<(?:a|section) id="([^"]+)"')


def name_places(app: Sphinx, doctree: nodes.document) -> None:
    """Give code cells an id each, and tell MyST of all ids that it does not know by itself."""
    page = app.env.docname
    names = _name_cells(Path(app.env.doc2path(page)), doctree) + _marked(doctree)
    slugs = app.env.metadata[page].setdefault("myst_slugs", {})
    slugs.update({name: (0, name, name) for name in names if name not in slugs})
    _link_here(set(names), doctree)


def _link_here(names: set[str], doctree: nodes.document) -> None:
    """Lead links within the page to places that MyST did not know when it read them."""
    for link in list(doctree.findall(addnodes.pending_xref)):
        if link["reftype"] == "myst" and link["reftarget"] in names:
            link.replace_self(nodes.reference("", "", *link[0].children, internal=True, refid=link["reftarget"]))


def _name_cells(source: Path, doctree: nodes.document) -> list[str]:
    if source.suffix != ".ipynb":
        return []
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    names = []
    for shown in doctree.findall(nodes.container):
        if shown.get("nb_element") == "cell_code":
            names.append(f"cell-{cells[shown['cell_index']]['id']}")
            shown["ids"].append(names[-1])
    return names


def _marked(doctree: nodes.document) -> list[str]:
    return [name for raw in doctree.findall(nodes.raw) for name in _MARK.findall(raw.astext())]
