"""What the site needs that Jupyter Book does not do.

- ``execute``: lessons execute in parallel, never stale, and a failure ends the build;
- ``typeset``: formulas are set while the book is built;
- ``terms``, ``citations``, ``anchors``: words lead to the glossary, references to the bibliography and
  back; cells and claims can be linked to;
- ``ledger``, ``reading``: the ledger's page; how long a lesson takes;
- ``launch``: the repository and the address of this build; buttons to Binder, Colab and the notebook;
- ``meta``, ``search``: what search engines and the book's own search show;
- ``folded``: what a printed page needs;
- ``lighten``: the written pages are mended for everybody, and lose what they do not need;
- ``links``: a dead link inside the book, or a request to another host, ends the build.
"""

from typing import Any

from sphinx.application import Sphinx

from lossbook import anchors, citations, execute, folded, ledger, links, meta, reading, search, terms, typeset
from lossbook.launch import buttons, colab
from lossbook.lighten import scripts, site


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the parts to Sphinx's events."""
    # Before others who ask for the site's address, and after them.
    app.connect("config-inited", buttons.point_home, priority=400)
    app.connect("config-inited", execute.choose_cache)
    app.connect("config-inited", meta.know_prefix, priority=900)
    app.connect("env-before-read-docs", execute.execute_lessons)
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
    app.connect("html-page-context", folded.name_folded)
    # After the theme has added its scripts.
    app.connect("html-page-context", scripts.drop_unneeded, priority=900)
    app.connect("html-page-context", buttons.send_colab_to_copies, priority=900)
    for write in (search.write_texts, meta.finish, colab.write_copies):
        app.connect("build-finished", write)
    # After all others: the theme writes the colours of code at the very end.
    app.connect("build-finished", site.finish, priority=900)
    app.connect("build-finished", links.check_site, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
