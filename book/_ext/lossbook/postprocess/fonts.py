"""MathJax's fonts with only the letters that the book uses: a third of the bytes."""

import logging
import re
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

# It would tell of each table of each font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

#: What the style sheet writes in front of an element: the letters of a formula.
_CONTENT = re.compile(r'content:\s*"((?:[^"\\]|\\.)*)"')
_LETTER = re.compile(r"\\([0-9a-fA-F]{1,6}) ?|\\?(.)", re.DOTALL)
#: Of no size on purpose; it is the ground on which the others stand.
_WHOLE = "MathJax_Zero.woff"


def cut(folder: Path, sheet: str) -> None:
    """Leave in each font the letters of the sheet; a font that the sheet does not name goes."""
    letters = {letter for content in _CONTENT.findall(sheet) for letter in _letters(content)}
    for path in folder.glob("*.woff"):
        if path.name not in sheet:
            path.unlink()
        elif path.name != _WHOLE:
            _cut(path, letters)


def _letters(content: str) -> set[int]:
    r"""Code points of a CSS string, in which ``\2212`` is a minus."""
    return {int(code, 16) if code else ord(plain) for code, plain in _LETTER.findall(content)}


def _cut(path: Path, letters: set[int]) -> None:
    options = Options(flavor="woff")
    options.drop_tables += ["FFTM"]  # when FontForge made it
    font = load_font(str(path), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    save_font(font, str(path), options)
