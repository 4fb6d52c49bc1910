r"""Formulas are typeset when the book is built: MathJax, in V8, without a browser.

The page has its formulas at once, with scripts or without, and they look as they do in
JupyterLab, which sets them with MathJax too. MathML stands beside each for screen readers.
"""

import hashlib
import html
import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.ext.mathjax import html_visit_displaymath, html_visit_math
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from lossnotes.assets import MATH

_log = logging.getLogger(__name__)

#: MathJax's parts, in the order in which they build on each other.
_PARTS = (
    "startup", "core", "adaptors/liteDOM", "input/tex-full", "output/chtml", "output/chtml/fonts/tex",
    "a11y/assistive-mml",
)  # fmt: skip
_GLUE = Path(__file__).with_suffix(".js")

#: A formula as Sphinx and the package write it, in HTML.
_FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_SET = r"<mjx-container(?![^>]*display=)[^>]*>.*?</mjx-container>"
#: A formula in a line of text, as it is set, with the brackets and marks that touch it. A quote before it is left
#: out: two formulas that are quoted whole would be wider than a phone.
_TOUCHED = re.compile(rf"([(\[]*)(<span class=\"math[^\"]*\">{_SET}</span>|{_SET})([-.,;:!?)\]”’…%]*)", re.DOTALL)
#: What of an output is no text, or says that it is no math.
_APART = re.compile(r"(<script\b.*?</script>|<style\b.*?</style>|<span class=\"tex2jax_ignore.*?</span>)", re.DOTALL)


class Typesetter:
    r"""LaTeX to what a browser would show of it; formulas that an earlier build has set come from a file.

    Raises
    ------
    ValueError
        If MathJax cannot read a formula; the message is MathJax's own.

    Examples
    --------
    >>> typesetter = Typesetter()
    >>> "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in typesetter(r"\frac{1}{2}", display=False)
    True
    >>> typesetter(r"\frac{1}{2", display=False)
    Traceback (most recent call last):
      ...
    ValueError: formula \frac{1}{2: Missing close brace
    >>> typesetter.close()
    """

    def __init__(self, memory: Path | None = None) -> None:
        self._memory = memory
        self._state = hashlib.sha256(_GLUE.read_bytes() + (_mathjax() / "core.js").read_bytes()).hexdigest()
        self._known: dict[str, str] = self._remembered()
        self._engine: MiniRacer | None = None

    def __call__(self, code: str, *, display: bool) -> str:
        key = f"{display:d}{code}"
        if key not in self._known:
            self._known[key] = self._set(code, display)
        return self._known[key]

    def style_sheet(self) -> str:
        """All styles that formulas can need."""
        if "style sheet" not in self._known:
            self._known["style sheet"] = str(self._v8().call("styleSheet"))
        return self._known["style sheet"]

    def close(self) -> None:
        """Let V8 go, and keep what was set."""
        if self._memory:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            self._memory.write_text(json.dumps([self._state, self._known]), encoding="utf-8")
        if self._engine:
            self._engine.close()
            self._engine = None

    def _remembered(self) -> dict[str, str]:
        if not self._memory or not self._memory.is_file():
            return {}
        state, known = json.loads(self._memory.read_text(encoding="utf-8"))
        return known if state == self._state else {}

    def _set(self, code: str, display: bool) -> str:
        answer = json.loads(str(self._v8().call("typeset", code, display)))
        if "error" in answer:
            raise ValueError(f"formula {code}: {answer['error']}")
        return str(answer["html"])

    def _v8(self) -> MiniRacer:
        if not self._engine:
            self._engine = MiniRacer()
            before, after = _GLUE.read_text(encoding="utf-8").split("// ---\n")
            parts = [(_mathjax() / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS]
            for script in (before, *parts, after):
                self._engine.eval(script)
        return self._engine


def _mathjax() -> Path:
    found = find_spec("sphinx-mathjax-offline")
    if found is None or found.origin is None:
        raise ExtensionError("MathJax is not there: pip install -r requirements.txt")
    return Path(found.origin).parent / "static" / "mathjax"


def start(app: Sphinx) -> None:
    """Give the builder a typesetter that knows what earlier builds have set."""
    app.builder.typesetter = Typesetter(Path(app.outdir).parent / ".formulas.json")  # type: ignore[attr-defined]


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write the styles and fonts of formulas, and let the typesetter go."""
    typesetter: Typesetter = app.builder.typesetter  # type: ignore[attr-defined]
    if exception is None and app.builder.name == "html":
        _write_style(typesetter, Path(app.outdir, "_static", "math"))
    typesetter.close()


def _write_style(typesetter: Typesetter, folder: Path) -> None:
    """The style sheet of all formulas, and the fonts that it names."""
    shutil.copytree(_mathjax() / "output/chtml/fonts/woff-v2", folder / "fonts", dirs_exist_ok=True)
    # A formula is as large as the letters round it, which MathJax would measure in the browser.
    size = "mjx-container { font-size: calc(1ex / 0.442); }\n"
    (folder / "math.css").write_text(size + typesetter.style_sheet(), encoding="utf-8")


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    _replace(self, node, html_visit_math)


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands by itself."""
    _replace(self, node, html_visit_displaymath)


def _replace(translator: HTML5Translator, node: nodes.Element, visit: object) -> None:
    """What Sphinx writes for MathJax to read, read already."""
    start = len(translator.body)
    try:
        visit(translator, node)  # type: ignore[operator]
    finally:
        written = "".join(translator.body[start:])
        if node.get("nowrap"):
            written = written.replace(">", r">\[", 1).replace("</div>", r"\]</div>", 1)
        typesetter = translator.builder.typesetter  # type: ignore[attr-defined]
        translator.body[start:] = [_typeset(written, typesetter, node)]


def set_outputs(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Set the formulas of what cells display; the package writes them between backslashed brackets."""
    for raw in doctree.findall(nodes.raw):
        if raw.get("format") == "html" and MATH in raw.astext():
            pieces = _APART.split(raw.astext())
            pieces[::2] = [_typeset(piece, app.builder.typesetter, page) for piece in pieces[::2]]  # type: ignore[attr-defined]
            raw[:] = [nodes.Text("".join(pieces))]


def bind(markup: str) -> str:
    """A page on which no mark that touches a formula stands on another line: browsers may break beside a formula.

    Examples
    --------
    >>> bind("(<mjx-container>x</mjx-container>), <mjx-container>y</mjx-container>")
    '<span class="ln-bound">(<mjx-container>x</mjx-container>),</span> <mjx-container>y</mjx-container>'
    """

    def bound(found: re.Match[str]) -> str:
        before, _, after = found.groups()
        return f'<span class="ln-bound">{found[0]}</span>' if before or after else found[0]

    return _TOUCHED.sub(bound, markup)


def _typeset(markup: str, typesetter: Typesetter, place: nodes.Element | str) -> str:
    """Markup with each of its formulas set; one that cannot be read is a warning, and ends a strict build."""

    def formula(found: re.Match[str]) -> str:
        inline, display = found.groups()
        code = html.unescape(inline if display is None else display).strip()
        try:
            return typesetter(code, display=display is not None)
        except ValueError as error:
            _log.warning(str(error), location=place, type="formula")
            return found[0]

    return _FORMULA.sub(formula, markup)
