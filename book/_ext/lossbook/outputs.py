"""What the package's outputs on each page declare: figures with controls and read-outs, guesses."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

_DATA = re.compile(r'id="(?P<id>[^"]+)".*<script type="application/json" class="ln-data">(?P<data>.*?)</script>', re.S)
_KEY = "lossnotes"
#: What of a declaration links and veils ask for.
_KEPT = {"figure": ("controls", "said", "parts"), "bench": ("controls", "said"), "guess": ("identifier", "veils")}


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what the figures and guesses of a page declare, by their ids, and tell MyST of these for other pages."""
    page = app.env.metadata[app.env.docname]
    kept = page[_KEY] = {
        name: {"kind": data["kind"], **{key: data[key] for key in _KEPT.get(data["kind"], ())}}
        for name, data, _ in declared(doctree)
    }
    page.setdefault("myst_slugs", {}).update({name: (0, name, name) for name in kept})


def declared(doctree: nodes.Element) -> Iterator[tuple[str, dict[str, Any], nodes.raw]]:
    """Each output of the package with its id and its data."""
    for raw in doctree.findall(nodes.raw):
        if raw.get("format") == "html" and (found := _DATA.search(raw.astext())):
            yield found["id"], json.loads(found["data"]), raw


def ids(env: BuildEnvironment, page: str) -> Iterable[str]:
    """The ids of a page's outputs."""
    kept: dict[str, dict[str, Any]] = env.metadata[page].get(_KEY, {})
    return kept


def on_page(env: BuildEnvironment, page: str, *kinds: str) -> dict[str, dict[str, Any]]:
    """What was kept of a page's outputs of these kinds."""
    kept = env.metadata[page].get(_KEY, {})
    return {name: data for name, data in kept.items() if data["kind"] in kinds}
