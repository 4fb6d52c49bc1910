"""What outputs carry with them: styles, scripts, and what both hold of Python's values."""

import html
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

#: MathJax looks into an output only where it carries these classes: in Jupyter, and when the book is built.
MATH = "tex2jax_process mathjax_process"


@cache
def text(name: str) -> str:
    """The text of a file of ``lossnotes/static``."""
    return files("lossnotes").joinpath("static", name).read_text(encoding="utf-8")


@cache
def script(*names: str) -> str:
    """The text of scripts without their comments and indentation, which every figure would carry."""
    return re.sub(r"(?m)^\s*(//|/\*\*).*\n|^\s+", "", "".join(map(text, names)))


def in_script(value: Any) -> str:
    """JSON that cannot end the script element that it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def display_math(code: str) -> str:
    """LaTeX as a displayed formula; a wide one scrolls by itself."""
    return f'<div class="ln-math">\\[{html.escape(code, quote=False)}\\]</div>'
