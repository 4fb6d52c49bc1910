"""What this book's site needs that Jupyter Book does not do: a local extension of Sphinx, named in ``_config.yml``.

- ``execute``: lessons execute in parallel, never stale, and a failure ends the build;
- ``typeset``: formulas are set while the book is built;
- ``terms``, ``citations``, ``anchors``: words lead to the glossary, references to the bibliography and
  back; cells and claims can be linked to;
- ``evidence``: checks, the code of figures and fine print stand in folds, below what they prove;
- ``outputs``, ``moves``, ``guesses``: words that move figures and numbers that follow them are written as
  links; what tells the answer to a guess is folded away;
- ``alone``: a figure alone, at an address of its own, for slides;
- ``ledger``: the ledger's page;
- ``launch``: the repository and the address of this build; buttons to Binder, Colab and the notebook;
- ``meta``, ``search``: what search engines and the book's own search show;
- ``postprocess``: the written pages are repaired, and lose what they do not need;
- ``links``: a dead link inside the book, or a request to another host, ends the build.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sphinx.application import Sphinx

from lossbook import (
    alone,
    anchors,
    citations,
    evidence,
    execute,
    guesses,
    ledger,
    links,
    meta,
    moves,
    outputs,
    search,
    terms,
    typeset,
)
from lossbook.launch import buttons, colab
from lossbook.postprocess import scripts, site

_TERMS, _CITATIONS = terms.Terms(), citations.Citations()


class Hook(NamedTuple):
    """A function that Sphinx calls at an event: the lower its priority the sooner, those of one in this order."""

    event: str
    priority: int
    function: Callable[..., object]
    why: str


#: In the order of a build. Sphinx's own priority is 500; ``why`` says what comes before and after.
HOOKS = (
    Hook("config-inited", 500, buttons.point_home, "before meta.know_prefix and the theme ask for the address"),
    Hook("config-inited", 500, execute.choose_cache, "MyST-NB reads its settings at builder-inited"),
    Hook("config-inited", 900, meta.know_prefix, "after sphinx_external_toc (900) has found the first page"),
    Hook("builder-inited", 500, typeset.start, "before the first formula"),
    Hook("builder-inited", 500, execute.execute_lessons, "a failure later would cost what Sphinx has read before"),
    Hook("builder-inited", 500, search.leave_out_index, "before Sphinx prepares to write"),
    Hook("env-before-read-docs", 500, execute.choose_pages, "Sphinx has its list of pages, and has read none"),
    Hook("doctree-read", 500, anchors.name_places, "before links, which are resolved when all pages are read"),
    Hook("doctree-read", 500, outputs.note, "before guesses, and links of any page, ask what a page declares"),
    Hook("doctree-read", 500, evidence.check_fine_print, "before gather adds folds that are none"),
    Hook("doctree-read", 505, evidence.gather, "search and terms read pages as they are shown"),
    Hook("doctree-read", 510, guesses.fold, "after outputs.note, and after gather has taken the checks between away"),
    Hook("env-check-consistency", 500, _TERMS.read, "all pages are read, none is written"),
    Hook("env-check-consistency", 500, _CITATIONS.read, "the same"),
    Hook("doctree-resolved", 500, _TERMS.link, "before words are added that are not the author's"),
    Hook("doctree-resolved", 500, _CITATIONS.link, "in no order with the glossary's, which leave references alone"),
    Hook("doctree-resolved", 500, typeset.set_outputs, "MyST-NB has chosen which outputs the page shows"),
    Hook("doctree-resolved", 500, evidence.lower_code, "MyST-NB (199, of its transforms) has folded the code"),
    Hook("html-collect-pages", 500, search.make_page, "in no order with others: its texts come at build-finished"),
    Hook("html-page-context", 500, meta.describe, "after notfound (400) has told 404.html how to lead to files"),
    Hook("html-page-context", 500, alone.add_script, "after meta.describe, whose tags it joins"),
    Hook("html-page-context", 500, search.add_scripts, "before scripts.drop_unneeded looks at them"),
    Hook("html-page-context", 500, _TERMS.define, "in no order with those: it adds no script"),
    Hook("html-page-context", 900, scripts.drop_unneeded, "after all have added their scripts"),
    Hook("html-page-context", 900, buttons.send_colab_to_copies, "after the theme has added its buttons (501)"),
    Hook("build-finished", 500, typeset.finish, "writes math.css and its fonts, for site.finish to join and cut"),
    Hook("build-finished", 500, search.write_texts, "before site.finish reads the scripts that pages load"),
    Hook("build-finished", 500, meta.finish, "cards and robots.txt: no other hook reads them"),
    Hook("build-finished", 500, colab.write_copies, "beside the site: no other hook reads them"),
    Hook("build-finished", 500, scripts.write_own, "before site.finish joins sheets and reads scripts"),
    Hook("build-finished", 900, site.finish, "after the theme has written the colours of code (500)"),
    Hook("build-finished", 950, links.check_site, "reads what the browser will: after everything"),
    Hook("build-finished", 960, execute.tell_kept, "the last lines are those that are read"),
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the hooks to Sphinx's events, and tell it of our directives and renderer of formulas."""
    for hook in HOOKS:
        app.connect(hook.event, hook.function, priority=hook.priority)
    app.add_js_file(scripts.SCRIPT, loading_method="defer")
    app.add_css_file(scripts.SHEET, priority=900)  # after the theme's and the book's own
    app.add_post_transform(moves.ResolveMoves)
    app.add_node(moves.move, html=(moves.visit_move, moves.depart_move))
    app.add_node(moves.live, html=(moves.visit_live, moves.depart_live))
    app.add_node(guesses.veil, html=(guesses.visit_veil, guesses.depart_veil))
    app.add_directive("ledger", ledger.Ledger)
    app.add_directive("ledger-tally", ledger.Tally)
    app.add_node(evidence.Aside, html=(evidence.Aside.visit, evidence.Aside.visit))
    app.add_html_math_renderer("typeset", (typeset.visit_math, None), (typeset.visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
