"""The theme's icons as pictures in the page, in place of a script of 1.5 MB that draws them."""

import json
import re
from functools import cache
from pathlib import Path

from sphinx.errors import ExtensionError

#: What Font Awesome's script would add: an icon is as high as a line and stands on it.
STYLE = """
.svg-inline--fa{box-sizing:content-box;display:inline-block;height:1em;overflow:visible;vertical-align:-.125em}
.svg-inline--fa.fa-lg{vertical-align:-.2em}
"""
#: An element of which Font Awesome's script would make a picture.
_ICON = re.compile(r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)></\1>')
#: Classes that say which style or size, not which icon.
_NO_NAME = {"fa-solid", "fa-brands", "fa-regular", "fa-lg", "fa-sm", "fa-xl", "fa-fw"}


def draw(markup: str, library: Path) -> str:
    """Markup with each icon drawn; the outlines come from the theme's own copy of Font Awesome.

    Raises
    ------
    ExtensionError
        If the library has no icon of that name.
    """
    return _ICON.sub(lambda found: _svg(found[2], found[3], library), markup)


def _svg(classes: str, attributes: str, library: Path) -> str:
    name = next(word for word in classes.split() if word.startswith("fa-") and word not in _NO_NAME)
    width, height, path = _outline(name.removeprefix("fa-"), library)
    kept = " ".join(word for word in classes.split() if word not in {"fas", "fab", "far", "fa-solid", "fa-brands"})
    hidden = "" if "aria-" in attributes else ' aria-hidden="true"'
    return (
        f'<svg class="svg-inline--fa {kept}"{attributes}{hidden} viewBox="0 0 {width} {height}">'
        f'<path fill="currentColor" d="{path}"/></svg>'
    )


@cache
def _outline(name: str, library: Path) -> tuple[int, int, str]:
    r"""Width, height and path of an icon, as ``bars:[448,512,[…],"f0c9","M0 96…"]`` holds them."""
    source = library.read_text(encoding="utf-8")
    known = re.search(rf'[{{,]"?{re.escape(name)}"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+",("[^"]+")\]', source)
    if known is None:
        raise ExtensionError(f"icon: expected one of Font Awesome's; got {name!r}, which {library.name} does not have")
    return int(known[1]), int(known[2]), json.loads(known[3])
