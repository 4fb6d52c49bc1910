"""What the site needs that Jupyter Book does not do.

What a page holds:

- ``execution``: lessons execute in parallel, never stale, and a failure ends the build;
- ``anchors``: code cells and marked places can be linked to;
- ``ledger``: the page of claims, from ``book/ledger.yml``;
- ``terms`` and ``citations``: words lead to the glossary, references to the bibliography and back;
- ``reading``: how long a lesson takes;
- ``typeset``: formulas are set while the book is built.

How it is found, opened and printed:

- ``home``: the repository that the book is built from, and where its site stands;
- ``doors``: buttons that lead there, to Binder, to Colab and to the page's notebook;
- ``colab``: copies of the lessons whose first cell installs the package;
- ``meta`` and ``cards``: what a page says of itself to search engines and to those who share it;
- ``search``: what the search page shows of its results;
- ``paper``: what is folded has a heading when it is printed;
- ``pdf``, which no build imports, makes one PDF of the built site.

What becomes of the finished pages:

- ``pages``: what the theme adds and no page needs is taken out;
- ``accessible``: they are mended for readers who listen or use the keyboard;
- ``finish``: they are made light, by ``icons``, ``scripts``, ``styles``, ``fonts`` and ``pictures``;
- ``links``: a dead link inside the book, or a request to another host, ends the build.
"""

from typing import Any

from sphinx.application import Sphinx

from lossnotes.sphinxext import (
    anchors,
    citations,
    colab,
    doors,
    execution,
    finish,
    ledger,
    links,
    meta,
    pages,
    paper,
    reading,
    search,
    terms,
    typeset,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts to Sphinx's events."""
    # Before others who ask for the site's address, and after them.
    app.connect("config-inited", doors.point_home, priority=400)
    app.connect("config-inited", execution.choose_cache)
    app.connect("config-inited", meta.know_prefix, priority=900)
    app.connect("env-before-read-docs", execution.execute_lessons)
    app.connect("doctree-read", anchors.name_places)
    for linker in (terms.Terms(), citations.Citations()):
        app.connect("env-check-consistency", linker.read)
        app.connect("doctree-resolved", linker.link)
    app.connect("doctree-resolved", reading.tell_time)
    app.add_directive("ledger", ledger.Ledger)
    app.add_directive("ledger-tally", ledger.Tally)
    typeset.setup(app)
    app.connect("html-page-context", meta.describe)
    app.connect("html-page-context", search.add_scripts)
    app.connect("html-page-context", paper.name_folded)
    # After the theme has added its scripts.
    app.connect("html-page-context", pages.drop_unneeded_scripts, priority=900)
    app.connect("html-page-context", doors.send_colab_to_copies, priority=900)
    for write in (search.write_texts, meta.finish, colab.write_copies):
        app.connect("build-finished", write)
    # After all others: the theme writes the colours of code at the very end.
    app.connect("build-finished", finish.finish_site, priority=900)
    app.connect("build-finished", links.check_site, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
