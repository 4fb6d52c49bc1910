"""The styles and scripts that outputs carry with them."""

import re
from functools import cache
from importlib.resources import files


@cache
def text(name: str) -> str:
    """The text of a file of ``lossnotes/static``."""
    return files("lossnotes").joinpath("static", name).read_text(encoding="utf-8")


@cache
def script(*names: str) -> str:
    """The text of scripts without their comments and indentation, which every figure would carry."""
    return re.sub(r"(?m)^\s*(//|/\*\*).*\n|^\s+", "", "".join(map(text, names)))
