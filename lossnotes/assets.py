"""What outputs need of styles and scripts, and what they carry with them: data, and formulas for MathJax."""

import html
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from lossnotes import palette

#: MathJax looks into an output only where it carries these classes: in Jupyter, and when the book is built.
MATH = "tex2jax_process mathjax_process"

#: What keeps a browser from changing and guessing what is typed into a field: a formula or a number is no word.
UNTOUCHED = 'autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"'

#: The style sheets of all outputs.
SHEETS = ("figure", "run", "exercise", "derivation", "ask", "guess", "move", "bench", "desk", "verify", "loss")

_COMMENT = re.compile(r"(?m)^\s*//.*\n|^\s*/\*\*(?s:.*?)\*/\n|^\s+")
_IMPORT = re.compile(r'^import \{(?P<names>[^}]+)\} from "\./(?P<file>[\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:class|const|function) (\w+))", re.MULTILINE)


@cache
def bundle(entry: str, *, module: bool = False) -> str:
    """A script of ``lossnotes/js`` and all that it imports, as one text without comments and indentation.

    As it is, a classic script, which a page loads from a folder too, and which any engine runs; what
    the entry exports is then in ``lossnotes``. As a module, its default export.

    Raises
    ------
    ValueError
        If a script imports or exports in another way than ``import { a } from "./b.js"`` and
        ``export const``, ``function`` or ``class``.
    """
    parts: dict[str, str] = {}

    def add(file: str) -> None:
        source = files("lossnotes").joinpath("js", file).read_text(encoding="utf-8")
        exported = ", ".join(_EXPORT.findall(source))
        for found in _IMPORT.finditer(source):
            if found["file"] not in parts:
                add(found["file"])
        plain = _IMPORT.sub(lambda found: f"const {{{found['names']}}} = {_variable(found['file'])};\n", source)
        plain = _COMMENT.sub("", _EXPORT.sub("", plain))
        if unread := re.search(r"^(?:import|export)\b.*|\bimport\(.*", plain, re.MULTILINE):
            raise ValueError(f"{file}: expected named imports and exports; got {unread[0]}")
        parts[file] = f"const {_variable(file)} = (() => {{\n{plain}return {{ {exported} }};\n}})();\n"

    add(entry)
    whole = "".join(parts.values())
    if module:
        return f"{whole}export default {_variable(entry)};\n"
    return f'const lossnotes = (() => {{\n"use strict";\n{whole}return {_variable(entry)};\n}})();\n'


def _variable(file: str) -> str:
    return f"{file.removesuffix('.js')}_js"


@cache
def sheet(*names: str) -> str:
    """Style sheets of ``lossnotes/static``, and the colours that they name."""
    sources = (files("lossnotes").joinpath("static", f"{name}.css").read_text(encoding="utf-8") for name in names)
    return palette.variables() + "".join(sources)


def style(*names: str) -> str:
    """The element that gives an output its style in Jupyter; the book takes it out, as its pages have a sheet."""
    return f'<style class="ln-style">{sheet(*names)}</style>'


def data_block(value: Any) -> str:
    """Data for the script of the page, in an element that nothing in the data can end."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" class="ln-data">{safe}</script>'


def display_math(code: str) -> str:
    """LaTeX as a displayed formula; a wide one scrolls by itself."""
    return f'<div class="ln-math">\\[{html.escape(code, quote=False)}\\]</div>'
