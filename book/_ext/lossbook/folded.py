"""Words that a printed page needs in place of a button's."""

import re
from typing import Any

from sphinx.application import Sphinx

#: A folded cell, as MyST-NB writes it.
_FOLDED = re.compile(
    r'<summary(?P<attributes>[^>]*)>(?P<words>\s*<p class="collapsed[^>]*>Show the (?P<thing>\w+)</p>)'
)


def name_folded(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Give "Show the solution" the heading that it has on paper: "Solution"."""
    if "body" in context:
        context["body"] = _FOLDED.sub(_named, context["body"])


def _named(found: re.Match[str]) -> str:
    return f'<summary{found["attributes"]} data-paper="{found["thing"].capitalize()}">{found["words"]}'
