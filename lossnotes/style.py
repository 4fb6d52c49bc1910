"""One look for all figures: colours, sizes, and SVG that follows the page's theme."""

import base64
import html
import io
import re
import xml.etree.ElementTree as ET
from typing import Any
from zlib import crc32

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lossnotes import assets
from lossnotes.palette import COLOURS, INK

#: Lines take the colours in turn, each time round in another stroke.
STROKES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)))
MOST_LINES = len(COLOURS) * len(STROKES)

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_RC: dict[Any, Any] = {
    "axes.facecolor": "none",
    "axes.prop_cycle": cycler(color=COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "figure.dpi": 72,  # an SVG's unit is the point, 1/72 inch
    "figure.facecolor": "none",
    "font.size": 12,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "butt",  # a line that ends at a jump ends there
    "svg.fonttype": "none",
}


def new_figure(width: float = 7.0, height: float = 3.2, columns: int = 1) -> tuple[Figure, Any]:
    """A figure in the book's look, and its axes: one, or an array of ``columns``.

    ``width`` and ``height`` are in inches. The look stays on for the session: Matplotlib
    reads it again for each tick that it makes later.
    """
    mpl.rcParams.update(_RC)
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(1, columns)


def line_look(number: int) -> dict[str, Any]:
    """Colour and stroke of line ``number`` of a panel, from 0: twelve can be told apart.

    Examples
    --------
    >>> line_look(1), line_look(5)
    ({'color': '#d55e00', 'linestyle': 'solid'}, {'color': '#d55e00', 'linestyle': (0, (5, 2))})
    """
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": STROKES[number // len(COLOURS)]}


class Picture:
    """A still figure with a caption, as SVG for the page and as PNG for print.

    Parameters
    ----------
    figure
        From :func:`new_figure`.
    caption
        The one point that the figure makes.
    alt
        What the figure shows, for readers who do not see it.
    """

    def __init__(self, figure: Figure, *, caption: str, alt: str) -> None:
        require_words(caption=caption, alt=alt)
        self.figure = figure
        self.caption = caption
        self.alt = alt

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        # The caption names the figure, so the same one has the same ids in every build.
        body = to_svg(self.figure, identifier=slug(self.caption), alt=self.alt)
        markup = (
            f'{assets.style("figure")}<figure class="ln-figure">{body}'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )
        return {"text/html": markup, "image/png": to_png(self.figure), "text/plain": self.alt}


def to_svg(figure: Figure, *, identifier: str, alt: str | None = None) -> str:
    """The figure as an inline SVG: no width, no colours of its own for ink, ids under ``identifier``.

    An artist's ``gid`` becomes ``data-gid``, by which the script finds what moves. A picture
    without ``alt`` is part of another, which says what both show.
    """
    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": identifier}):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(buffer.getvalue())  # noqa: S314  # Matplotlib wrote it just now
    _drop_page_wide_parts(root)
    _rename_ids(root, identifier)
    _unwrap(root)
    for node in root.iter():
        _share_style(node)
        _round(node)
        if "style" in node.attrib:
            node.set("style", _themed(node.attrib["style"]))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib |= {"aria-hidden": "true"} if alt is None else {"role": "img", "aria-label": alt}
    root.set("style", "fill:currentColor;stroke-linejoin:round;stroke-linecap:butt")
    return ET.tostring(root, encoding="unicode")


def to_png(*figures: Figure) -> str:
    """The figures side by side as a base64 PNG on white, for PDF and previews."""
    pictures = []
    for figure in figures:
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=144, facecolor="white")
        pictures.append(Image.open(buffer))
    whole = Image.new("RGB", (sum(p.width for p in pictures), max(p.height for p in pictures)), "white")
    for number, picture in enumerate(pictures):
        whole.paste(picture, (sum(p.width for p in pictures[:number]), 0))
    buffer = io.BytesIO()
    whole.save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def slug(words: str) -> str:
    """Words as an id: ``"Two lines, one fit"`` → ``"two-lines-one-fit-dd5be3f0"``.

    The first six of them, in any script, and a number that tells them from words that begin alike.
    """
    return "-".join([*re.findall(r"\w+", words.lower())[:6], f"{crc32(words.encode()):08x}"])


def require_words(**values: str) -> None:
    for name, value in values.items():
        if not isinstance(value, str):
            raise TypeError(f"{name}: expected words for the reader; got {value!r} ({type(value).__name__})")
        if not value.strip():
            raise ValueError(f"{name}: expected words for the reader; got nothing")


def as_number(name: str, value: Any) -> float:
    """A finite real number, given as Python's or as an exact one of SymPy's.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> import sympy as sp
    >>> as_number("end", sp.pi)
    3.141592653589793
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = np.nan
    if isinstance(value, bool | str) or not np.isfinite(number):
        raise ValueError(f"{name}: expected a finite real number; got {value}")
    return number


def _drop_page_wide_parts(root: ET.Element) -> None:
    """Matplotlib's style sheet would style the whole page; its metadata links to other hosts."""
    for child in list(root):
        styles = child.tag == f"{{{_SVG}}}defs" and child.find(f"{{{_SVG}}}style") is not None
        if styles or child.tag == f"{{{_SVG}}}metadata":
            root.remove(child)


def _rename_ids(root: ET.Element, identifier: str) -> None:
    """Keep the ids that something refers to, under the figure's own name."""
    source = ET.tostring(root, encoding="unicode")
    used = set(re.findall(r'href="#([^"]+)"', source)) | set(re.findall(r"url\(#([^)]+)\)", source))
    for node in root.iter():
        name = node.attrib.pop("id", None)
        if name in used:
            node.set("id", f"{identifier}-{name}")
        elif name and name.startswith("ln:"):
            node.set("data-gid", name[3:])
        for key in (_LINK, "clip-path"):
            if key in node.attrib:
                node.set(key, node.attrib[key].replace("#", f"#{identifier}-"))


def _unwrap(parent: ET.Element) -> None:
    """Matplotlib indents, and puts groups around groups: half of the text that a page would load."""
    kept: list[ET.Element] = []
    for child in parent:
        _unwrap(child)
        bare = child.tag == f"{{{_SVG}}}g" and not child.attrib
        kept += list(child) if bare else [child]
    parent[:] = kept
    for node in (parent, *kept):
        node.text, node.tail = (words if words and words.strip() else None for words in (node.text, node.tail))


def _share_style(group: ET.Element) -> None:
    """Hundreds of equal markers need their style once, on the group around them."""
    markers = [child for child in group if child.tag == f"{{{_SVG}}}use"]
    styles = {marker.get("style", "") for marker in markers}
    if len(markers) > 1 and len(styles) == 1 and len(markers) == len(group):
        group.set("style", styles.pop())
        for marker in markers:
            marker.attrib.pop("style", None)


def _round(node: ET.Element) -> None:
    """A hundredth of a point is finer than any screen."""
    for name in ("d", "x", "y"):
        if name in node.attrib:
            numbers = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.2f}", node.attrib[name])
            node.set(name, numbers.replace(" \n", ""))


def _letter(found: re.Match[str]) -> str:
    """Letters that the page's sheet may shrink."""
    return f"font-size:calc({float(found[1]):.1f}px*var(--ln-letter,1))"


def _themed(style: str) -> str:
    style = style.replace(INK, "currentColor")
    for number, colour in enumerate(COLOURS):
        style = style.replace(colour, f"var(--ln-{number},{colour})")
    style = re.sub(r"font-family: '[^;]*", "font-family:system-ui,sans-serif", style)
    style = re.sub(r"font: ([\d.]+)px '[^;]*", r"font-size:\1px;font-family:system-ui,sans-serif", style)
    style = re.sub(r"font-size: ?([\d.]+)px", _letter, style)
    return re.sub(r"([:;]) +", r"\1", style)
