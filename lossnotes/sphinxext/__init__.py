"""What the site needs that Jupyter Book does not do.

- ``execution``: lessons execute in parallel, never stale, and a failure ends the build;
- ``anchors``: code cells and marked places can be linked to;
- ``ledger``: the page of claims, from ``book/ledger.yml``;
- ``links``: a dead link inside the book, or a request to another host, ends the build;
- ``citations``: a lesson's references and the bibliography lead to each other;
- ``reading``: how long a lesson takes;
- ``terms``: the first use of a word on a page leads to the glossary;
- ``meta`` and ``cards``: what a page says of itself to search engines and to those who share it;
- ``search``: what the search page shows of its results;
- ``pages``: what the theme adds and no page needs is taken out; buttons lead to the
  repository that the book was built from.
"""

from typing import Any

from sphinx.application import Sphinx

from lossnotes.sphinxext import anchors, citations, execution, ledger, links, meta, pages, reading, search, terms


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts to Sphinx's events."""
    app.connect("config-inited", pages.point_buttons_home)
    app.connect("config-inited", execution.choose_cache)
    app.connect("env-before-read-docs", execution.execute_lessons)
    app.connect("doctree-read", anchors.name_places)
    for linker in (terms.Terms(), citations.Citations()):
        app.connect("env-check-consistency", linker.read)
        app.connect("doctree-resolved", linker.link)
    app.connect("doctree-resolved", reading.tell_time)
    app.add_directive("ledger", ledger.Ledger)
    app.add_directive("ledger-tally", ledger.Tally)
    # After the theme has added its scripts.
    app.connect("html-page-context", pages.drop_unneeded_scripts, priority=900)
    # After whoever finds out where the site is published.
    app.connect("config-inited", meta.know_prefix, priority=900)
    app.connect("html-page-context", meta.describe)
    app.connect("html-page-context", search.add_scripts)
    app.connect("build-finished", search.write_texts)
    app.connect("build-finished", meta.finish)
    app.connect("build-finished", links.check_site)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
