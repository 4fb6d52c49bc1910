"""Photographs that figures carry in themselves, as files: the page need not wait for them."""

import hashlib
import re
from base64 import b64decode
from pathlib import Path

#: A picture of more than about 2 KB; a smaller one costs less than a request.
_PICTURE = re.compile(r'"data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]{2700,})"')


def move(markup: str, root: str, site: Path) -> str:
    """Markup that names a file for each picture; ``root`` leads from the page to the site's top."""
    folder = site / "_images"

    def write(found: re.Match[str]) -> str:
        kind, content = found[1], b64decode(found[2])
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return f'"{root}_images/{name}"'

    return _PICTURE.sub(write, markup)
