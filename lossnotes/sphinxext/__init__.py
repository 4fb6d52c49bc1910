"""What the site needs that Jupyter Book does not do.

- ``execution``: lessons execute in parallel, never stale, and a failure ends the build;
- ``anchors``: code cells and marked places can be linked to;
- ``ledger``: the page of claims, from ``book/ledger.yml``;
- ``links``: a dead link inside the book, or a request to another host, ends the build;
- ``pages``: what the theme adds and no page needs is taken out; buttons lead to the
  repository that the book was built from;
- ``paper``: what is folded has a heading when it is printed.

``pdf``, which no build imports, makes one PDF of the built site.
"""

from typing import Any

from sphinx.application import Sphinx

from lossnotes.sphinxext import anchors, execution, ledger, links, pages, paper


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts to Sphinx's events."""
    app.connect("config-inited", pages.point_buttons_home)
    app.connect("config-inited", execution.choose_cache)
    app.connect("env-before-read-docs", execution.execute_lessons)
    app.connect("doctree-read", anchors.name_places)
    app.add_directive("ledger", ledger.Ledger)
    app.add_directive("ledger-tally", ledger.Tally)
    app.connect("html-page-context", paper.name_folded)
    # After the theme has added its scripts.
    app.connect("html-page-context", pages.drop_unneeded_scripts, priority=900)
    app.connect("build-finished", links.check_site)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
