"""Scripts: one for all figures and exercises, none that a page does not need, and none that delays the page."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from lossnotes import assets

#: What brings figures and exercises to life, and how outputs look.
SCRIPT, SHEET = "lossnotes.js", "lossnotes.css"

#: Sphinx's search, what marks words on the pages that it found, and what only these two need.
_UNUSED = {"searchtools.js", "language_data.js", "searchindex.js", "sphinx_highlight.js", "doctools.js"}
#: Script → what a page holds that needs it. Icons are drawn already.
_NEEDED = {
    SCRIPT: r"<script type=\"application/json\" class=\"ln-data\">",
    "terms.js": r"class=\"ln-defined\"",
    "fontawesome.js": r"<i class=\"[^\"]*\bfa-",
    "design-tabs.js": r"class=\"[^\"]*\bsd-tab-set\b",
    "togglebutton.js": r"class=\"(?:[^\"]* )?(?:toggle|admonition[^\"]* dropdown)[\" ]",
}
#: How the theme asks each output whether it scrolls: the page is laid out anew for each, all of it.
_ASKED = "e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
_NOT_ASKED = "void e"
_TAG = re.compile(r'[ \t]*<script([^>]*) src="([^"]+)"([^>]*)></script>\n?')
_INLINE = re.compile(r"<script(?! type=\"application/json\")(?: [^>]*)?>([^<]+(?:<(?!/script)[^<]*)*)</script>")
_PRELOAD = re.compile(r'[ \t]*<link rel="preload" as="script"[^>]*>\n?')
_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def drop_unneeded(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Take out, before a page is written, scripts that stand twice and what no page of this book needs.

    sphinx-thebe declares its constants twice: an error in each page's console. The figures
    are plain HTML on the page, so the state of their widgets is dead weight.
    """
    scripts = context.get("script_files")
    if scripts is None:
        return
    seen, kept = set(), []
    for script in scripts:
        attributes = getattr(script, "attributes", {})
        key = (str(getattr(script, "filename", script) or ""), attributes.get("body"))
        thebe = "sphinx-thebe" in key[0] or "THEBE_JS_URL" in (key[1] or "")
        if thebe or key in seen or attributes.get("type") == _WIDGET_STATE:
            continue
        seen.add(key)
        kept.append(script)
    scripts[:] = kept


def write_own(app: Sphinx, exception: Exception | None) -> None:
    """Write the script and the style sheet that the package's outputs need; take Sphinx's unused scripts away."""
    if exception is None and app.builder.name == "html":
        static = Path(app.outdir, "_static")
        (static / SCRIPT).write_text(assets.bundle("page.js"), encoding="utf-8")
        (static / SHEET).write_text(assets.sheet(*assets.SHEETS), encoding="utf-8")
        for unused in _UNUSED:
            (static / unused).unlink(missing_ok=True)


def ask_no_sizes(static: Path) -> None:
    """Take that question out of the theme's script; ``access.js`` asks it of a box when the box has its size.

    Raises
    ------
    ExtensionError
        If the theme asks in other words than it did.
    """
    path = static / "scripts" / "pydata-sphinx-theme.js"
    script = path.read_text(encoding="utf-8")
    if _ASKED not in script and _NOT_ASKED not in script:
        raise ExtensionError(f"{path.name}: expected {_ASKED!r}; got a script without it. Has the theme changed?")
    path.write_text(script.replace(_ASKED, _NOT_ASKED), encoding="utf-8")


def of(pages: Iterable[str], static: Path) -> list[str]:
    """The text of every script that these pages hold or load."""
    files: set[Path] = set()
    inline: set[str] = set()
    for page in pages:
        sources = [source.split("?")[0] for _, source, _ in _TAG.findall(page)]
        files |= {static / source.split("_static/")[1] for source in sources if "_static/" in source}
        inline |= set(_INLINE.findall(page))
    return [*(path.read_text(encoding="utf-8") for path in sorted(files)), *inline]


def without_idle(markup: str, static: Path) -> str:
    """Markup without the scripts that this page does not need; the others wait until the page is there."""

    def tag(found: re.Match[str]) -> str:
        before, source, after = found.groups()
        name = source.split("?")[0].rsplit("/", 1)[-1]
        if name in _UNUSED or (name in _NEEDED and not re.search(_NEEDED[name], markup)):
            return ""
        if name == "documentation_options.js":
            # Scripts in the page read it at once, and it is too short for a request of its own.
            return f"<script>{(static / name).read_text(encoding='utf-8')}</script>\n"
        return found[0] if "defer" in before + after else found[0].replace("<script", "<script defer", 1)

    return _PRELOAD.sub("", _TAG.sub(tag, markup))
