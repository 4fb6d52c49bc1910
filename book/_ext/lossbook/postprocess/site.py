"""The written site once more: repaired, icons drawn, styles joined. The look of a page stays."""

import re
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx

from lossbook import typeset
from lossbook.links import pages_of
from lossbook.postprocess import fonts, icons, repairs, scripts, styles

#: What an output brings along for Jupyter, where it has no page with a sheet.
_OUTPUT_STYLE = re.compile(r'<style class="ln-style">.*?</style>', re.DOTALL)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write each page again, without what it does not need."""
    if exception is None and app.builder.name == "html":
        postprocess(Path(app.outdir), app.config.notfound_urls_prefix)


def postprocess(site: Path, prefix: str = "/") -> None:
    """Repair pages, draw icons, join styles, cut fonts.

    ``404.html`` has its files from ``prefix``: it is shown at any depth.
    """
    static = site / "_static"
    written = {path: path.read_text(encoding="utf-8") for path in pages_of(site)}
    # A page that an earlier build has finished, and this one has not written, is ready.
    before = {path: page for path, page in written.items() if styles.JOINED not in page}
    if not before:
        return
    scripts.ask_no_sizes(static)
    pages = written | {path: _processed(page, static) for path, page in before.items()}
    sources = dict.fromkeys(sheet for path, page in before.items() for sheet in styles.sheets(page, path))
    source = "".join([icons.STYLE, *(styles.read(source, static) for source in sources)])
    for path in before:
        path.write_text(styles.link(pages[path], _root(path, site, prefix)), encoding="utf-8")
    joined = styles.for_words(source, _words(pages.values(), static))
    (static / styles.JOINED).write_text(joined, encoding="utf-8")
    fonts.cut(static / "math" / "fonts", joined)


def _words(pages: Iterable[str], static: Path) -> set[str]:
    """Everything that a selector may speak of, on the pages or in their scripts."""
    pages = list(pages)
    found = {word for script in scripts.of(pages, static) for word in styles.words_of_script(script)}
    return found.union(*map(styles.words_of_page, pages))


def _processed(markup: str, static: Path) -> str:
    markup = typeset.bind(repairs.repair(_OUTPUT_STYLE.sub("", markup)))
    markup = icons.draw(markup, static / "scripts" / "fontawesome.js")
    return scripts.without_idle(markup, static)


def _root(path: Path, site: Path, prefix: str) -> str:
    """What leads from a page to the site's top."""
    return prefix if path == site / "404.html" else "../" * len(path.relative_to(site).parent.parts)
