"""Small repairs to each page."""

from typing import Any

from sphinx.application import Sphinx

_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def drop_unneeded_scripts(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Take out scripts that stand twice, and widget state that no page shows.

    sphinx-thebe, which this book does not use, declares its constants twice: an error in
    each page's console. The figures are plain HTML on the page, so the state of their
    widgets is dead weight.
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
