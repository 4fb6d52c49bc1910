"""A figure or a bench alone, at ``page.html?alone=figure``: its script, which stands in the page's head."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from lossbook import outputs


def add_script(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Add the script where there is what can stand alone."""
    if page in app.env.metadata and outputs.on_page(app.env, page, "figure", "bench"):
        context["metatags"] = f"{context.get('metatags', '')}\n<script>{_script()}</script>"


@cache
def _script() -> str:
    source = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return re.sub(r"(?m)^\s*//.*\n|^\s+| // .*$", "", source).strip()
