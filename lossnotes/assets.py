"""The styles and scripts that outputs carry with them."""

from functools import cache
from importlib.resources import files


@cache
def text(name: str) -> str:
    """The text of a file of ``lossnotes/static``."""
    return files("lossnotes").joinpath("static", name).read_text(encoding="utf-8")
