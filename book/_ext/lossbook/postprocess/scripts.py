"""Scripts: what figures share stands in one file, what a page does not need is left out, and none delays the page."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from lossnotes import assets

#: The file that figures and exercises share.
SHARED = "lossnotes.js"
#: Kind of output → what holds, in its script, that which only it has.
_KINDS = {"figure": "FIGURE", "exercise": "EXERCISE"}

#: Script → what a page holds that needs it. Icons are drawn already; the rest is for the search page.
_NEEDED = {
    "fontawesome.js": r"<i class=\"[^\"]*\bfa-",
    "design-tabs.js": r"class=\"[^\"]*\bsd-tab-set\b",
    "togglebutton.js": r"class=\"(?:[^\"]* )?(?:toggle|admonition[^\"]* dropdown)[\" ]",
    "searchtools.js": r"id=\"search-results\"",
    "language_data.js": r"id=\"search-results\"",
    "searchindex.js": r"id=\"search-results\"",
}
#: How the theme asks each output whether it scrolls: the page is laid out anew for each, all of it.
_ASKED = "e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
_NOT_ASKED = "void e"
_TAG = re.compile(r'[ \t]*<script([^>]*) src="([^"]+)"([^>]*)></script>\n?')
#: What brings a figure or an exercise to life.
_START = re.compile(r'<script type="module">(const (?:FIGURE|EXERCISE) = .*?)</script>', re.DOTALL)
_INLINE = re.compile(r"<script(?: [^>]*)?>([^<]+(?:<(?!/script)[^<]*)*)</script>")
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


def shared() -> str:
    """What every figure would carry in itself, as a function of what only it has."""
    kinds = [f"{kind}({constant}) {{\n{_body(kind)}return mountPage;\n}},\n" for kind, constant in _KINDS.items()]
    return f"const lossnotes = {{\n{''.join(kinds)}}};\n"


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


def _body(kind: str) -> str:
    return re.sub(r"export default .*\n", "", _module(kind))


def _module(kind: str) -> str:
    return assets.script("shared.js", f"{kind}.js")


def share(markup: str, root: str, own: Path) -> str:
    """Markup whose figures start from two files: what they share, and ``own``, with what only they have.

    The page is read sooner without it, and from a folder a browser loads such files, but no modules.
    ``root`` leads from the page to the site's top.
    """
    starts = _START.findall(markup)
    if not starts:
        return markup
    for kind, constant in _KINDS.items():
        starts = [
            start.replace(_module(kind), f"const mountPage = lossnotes.{kind}({constant});\n") for start in starts
        ]
    own.parent.mkdir(exist_ok=True)
    own.write_text('"use strict";\n' + "".join(f"{{\n{start}\n}}\n" for start in starts), encoding="utf-8")
    files = (SHARED, f"{own.parent.name}/{own.name}")
    tags = "".join(f'<script defer src="{root}_static/{name}"></script>\n' for name in files)
    return _START.sub("", markup).replace("</head>", f"{tags}</head>", 1)


def without_idle(markup: str, static: Path) -> str:
    """Markup without the scripts that this page does not need; the others wait until the page is there."""

    def tag(found: re.Match[str]) -> str:
        before, source, after = found.groups()
        name = source.split("?")[0].rsplit("/", 1)[-1]
        if name in _NEEDED and not re.search(_NEEDED[name], markup):
            return ""
        if name == "documentation_options.js":
            # Scripts in the page read it at once, and it is too short for a request of its own.
            return f"<script>{(static / name).read_text(encoding='utf-8')}</script>\n"
        return found[0] if "defer" in before + after else found[0].replace("<script", "<script defer", 1)

    return _PRELOAD.sub("", _TAG.sub(tag, markup))
