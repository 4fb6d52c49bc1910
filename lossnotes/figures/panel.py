"""One pair of axes: what stands still in it, what moves, and what the reader can drag."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import sympy as sp
from matplotlib.legend import Legend
from numpy.typing import ArrayLike

from lossnotes.figures.controls import require_symbol
from lossnotes.palette import COLOURS
from lossnotes.style import MOST_LINES, as_number, require_words

#: Places at which a curve is drawn.
SAMPLES = 241
#: Where a dragged point is held, in the panel's coordinates.
POINTER = sp.symbols("pointer_x pointer_y", real=True)

_HEIGHT = sp.sqrt(3) / 2


@dataclass(frozen=True)
class Point:
    """A point that moves, and that the reader may drag.

    Parameters
    ----------
    x, y
        Expressions in the controls' symbols. Where one is a slider's own symbol, the point
        can be dragged in that direction with nothing more said.
    drag
        Slider's symbol → expression in :data:`~lossnotes.figures.POINTER`: what the slider becomes when the
        reader holds the point there.
    index
        For a point of each member of a list, :class:`~lossnotes.Entries`: the symbol that counts them in
        x and y. ``Point(y[i], 0, index=i)`` is a row of points; each can be dragged to the side.
    """

    x: sp.Expr
    y: sp.Expr
    drag: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    index: sp.Symbol | None = None

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, sp.sympify(getattr(self, name), strict=True))
        if self.index is not None:
            require_symbol("point, index", self.index)
            if not self.families:
                raise ValueError(
                    f"point, index: expected a member of a list, as y[{self.index}], in x or y; "
                    f"got {self.x} and {self.y}"
                )

    @property
    def families(self) -> tuple[sp.IndexedBase, ...]:
        """The lists of which it shows each member, each once."""
        members = sorted(self.x.atoms(sp.Indexed) | self.y.atoms(sp.Indexed), key=str)
        return tuple(dict.fromkeys(member.base for member in members if member.indices == (self.index,)))

    @property
    def own(self) -> tuple[sp.Symbol, ...]:
        """What its expressions have besides the controls' symbols."""
        return () if self.index is None else (self.index,)

    def handles(self, movable: Sequence[sp.Basic]) -> dict[sp.Basic, sp.Expr]:
        """What dragging does to which slider, or to a member of which list."""
        moved = [
            place.base if isinstance(place, sp.Indexed) and place.indices == self.own else place
            for place in (self.x, self.y)
        ]
        plain = {place: pointer for place, pointer in zip(moved, POINTER, strict=True) if place in movable}
        return {**plain, **self.drag}


@dataclass(frozen=True)
class Arrows:
    """Arrows at places that stand still or move, all made of one formula.

    Parameters
    ----------
    at
        The symbols that stand for the place, or for whatever else the arrows are told apart by.
    places
        A row of numbers for each arrow, one number for each of those symbols.
    start, step
        Horizontal and vertical expressions in those symbols and the controls': where an
        arrow begins, and how far it reaches.
    number
        What an arrow stands for, in the same symbols. It is written beside an arrow too short
        to be seen, which is shown as a dot.
    """

    at: Sequence[sp.Symbol]
    places: ArrayLike
    start: tuple[sp.Expr, sp.Expr]
    step: tuple[sp.Expr, sp.Expr]
    number: sp.Expr | None = None

    def __post_init__(self) -> None:
        for name in ("start", "step"):
            object.__setattr__(self, name, tuple(sp.sympify(part, strict=True) for part in getattr(self, name)))
        if self.number is not None:
            object.__setattr__(self, "number", sp.sympify(self.number, strict=True))
        rows = np.asarray(self.places, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != len(self.at):
            raise ValueError(f"places: expected rows of {len(self.at)} numbers; got shape {rows.shape}")
        if not np.all(np.isfinite(rows)):
            raise ValueError(f"places: expected finite numbers; got {rows[~np.isfinite(rows)][0]}")
        object.__setattr__(self, "places", rows)


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Parameters
    ----------
    x
        ``(symbol, low, high)`` of the horizontal axis.
    curves
        Name → expression in x and the controls' symbols.
    bands
        Name → (lower, upper) expressions; the area between them is shaded.
    points
        Name → (horizontal, vertical) expressions in the controls' symbols, or a :class:`~lossnotes.Point`.
    arrows
        Name → :class:`~lossnotes.Arrows`.
    data
        ``(horizontal, vertical)`` numbers of points that stand still.
    y
        ``(low, high)`` of the vertical axis; what the first curves need where not given.
    log
        Which axes are logarithmic: ``""``, ``"x"``, ``"y"`` or ``"xy"``.
    title, x_label, y_label
        Words on the picture.
    size
        Width and height in inches.
    legend
        Whether to name the parts on the picture, where there are several; or the corner or side for
        their names, ``"upper left"``, as Matplotlib calls it. Under a title it else takes the place
        that is freest at first.
    corners
        The names of the corners of a simplex, which then stands in place of the axes; see
        :meth:`simplex`.
    ticks
        Place on the horizontal axis → word there, in place of its numbers; ``{}`` for none.

    Raises
    ------
    ValueError
        If an end is not a finite real number, ``low >= high``, a logarithmic axis does not
        begin above 0, the legend's place has another name, or there are more than twelve curves,
        four bands or four kinds of arrows: curves take four colours in turn, solid, dashed and dotted.
    """

    x: tuple[sp.Symbol, float, float]
    curves: Mapping[str, sp.Expr] = field(default_factory=dict)
    bands: Mapping[str, tuple[sp.Expr, sp.Expr]] = field(default_factory=dict)
    points: Mapping[str, Any] = field(default_factory=dict)  # pairs become a Point below
    arrows: Mapping[str, Arrows] = field(default_factory=dict)
    data: tuple[ArrayLike, ArrayLike] | None = None
    y: tuple[float, float] | None = None
    log: Literal["", "x", "y", "xy"] = ""
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    size: tuple[float, float] = (6.2, 3.1)
    legend: bool | str = True
    corners: tuple[str, str, str] | None = None
    ticks: Mapping[float, str] | None = None

    def __post_init__(self) -> None:
        symbol, *ends = self.x
        require_symbol("x", symbol)
        if not isinstance(self.legend, bool) and self.legend not in [*Legend.codes]:
            raise ValueError(f"legend: expected True, False or one of {', '.join(Legend.codes)}; got {self.legend!r}")
        if self.log not in ("", "x", "y", "xy"):
            raise ValueError(f"log: expected '', 'x', 'y' or 'xy'; got {self.log!r}")
        object.__setattr__(self, "x", (symbol, *_ends(f"x = {symbol}", ends, "x" in self.log)))
        if self.y is not None:
            object.__setattr__(self, "y", _ends("y", self.y, "y" in self.log))
        for kind, most in (("curves", MOST_LINES), ("bands", len(COLOURS)), ("arrows", len(COLOURS))):
            if len(getattr(self, kind)) > most:
                raise ValueError(
                    f"{kind}: expected at most {most}, as many as can be told apart; "
                    f"got {len(getattr(self, kind))}. Put the others in a second panel"
                )
        for kind in ("curves", "bands", "points", "arrows"):
            require_words(**{f"{kind}, name {n}": name for n, name in enumerate(getattr(self, kind))})
        for kind in ("title", "x_label", "y_label"):
            if not isinstance(getattr(self, kind), str):
                raise TypeError(f"{kind}: expected words; got {getattr(self, kind)!r}")
        for place, word in (self.ticks or {}).items():
            as_number("ticks", place)
            require_words(ticks=word)
        if not all(as_number("size", inches) > 0 for inches in self.size):
            raise ValueError(f"size: expected a width and a height above 0; got {self.size}")
        self._require_data()
        for kind, pairs in (("points", self.points), ("bands", self.bands)):
            for name, pair in pairs.items():
                if not isinstance(pair, Point) and (not isinstance(pair, Iterable) or len(tuple(pair)) != 2):
                    raise ValueError(f"{kind}, {name!r}: expected two expressions; got {pair}")
        points = {name: p if isinstance(p, Point) else Point(*p) for name, p in self.points.items()}
        curves = {name: sp.sympify(curve, strict=True) for name, curve in self.curves.items()}
        bands = {name: tuple(sp.sympify(edge, strict=True) for edge in edges) for name, edges in self.bands.items()}
        for name, parts in (("points", points), ("curves", curves), ("bands", bands)):
            object.__setattr__(self, name, parts)

    def _require_data(self) -> None:
        if self.data is None:
            return
        rows = [np.asarray(row, dtype=float) for row in self.data]
        if len(rows) != 2 or rows[0].shape != rows[1].shape or not all(np.all(np.isfinite(row)) for row in rows):
            shapes = ", ".join(str(row.shape) for row in rows[:3])
            raise ValueError(f"data: expected two rows of finite numbers, of one length; got shapes {shapes}")

    @classmethod
    def simplex(
        cls,
        corners: tuple[str, str, str],
        *,
        points: Mapping[str, Sequence[sp.Expr]] | None = None,
        arrows: Mapping[str, Arrows] | None = None,
        drag: Mapping[str, Mapping[sp.Symbol, sp.Expr]] | None = None,
        title: str = "",
        size: tuple[float, float] = (4.2, 3.8),
    ) -> "Panel":
        """A triangle whose points are the distributions over three classes.

        Parameters
        ----------
        corners
            The names of the classes.
        points
            Name → three probabilities.
        arrows
            Name → :class:`~lossnotes.Arrows` whose start and step have three entries each, a
            distribution and a change of it.
        drag
            Name of a point → what dragging it does; see :func:`~lossnotes.held_probabilities`.
        """
        drag = drag or {}
        return cls(
            x=(sp.Dummy("unused"), -0.12, 1.12),
            y=(-0.13, 1.0),
            points={name: Point(*barycentric(p), drag.get(name, {})) for name, p in (points or {}).items()},
            arrows={
                name: Arrows(a.at, a.places, barycentric(a.start), barycentric(a.step))
                for name, a in (arrows or {}).items()
            },
            title=title,
            size=size,
            corners=corners,
        )

    @property
    def places(self) -> np.ndarray:
        """The places of x at which curves are drawn."""
        _, low, high = self.x
        return np.geomspace(low, high, SAMPLES) if "x" in self.log else np.linspace(low, high, SAMPLES)

    def expressions(self) -> Iterator[tuple[str, sp.Expr, Sequence[sp.Symbol]]]:
        """Each expression with its name and the symbols that it may have besides the controls'."""
        over_x = [self.x[0]]
        for name, curve in self.curves.items():
            yield f"curve {name!r}", curve, over_x
        for name, edges in self.bands.items():
            yield from ((f"band {name!r}", edge, over_x) for edge in edges)
        for name, point in self.points.items():
            yield from ((f"point {name!r}", part, point.own) for part in (point.x, point.y))
        for name, arrows in self.arrows.items():
            said = () if arrows.number is None else (arrows.number,)
            yield from ((f"arrows {name!r}", part, arrows.at) for part in (*arrows.start, *arrows.step, *said))


def _ends(name: str, ends: Sequence[Any], log: bool) -> tuple[float, float]:
    if len(ends) != 2:
        raise ValueError(f"{name}: expected two ends, low and high; got {len(ends)}")
    low, high = (as_number(name, end) for end in ends)
    if not low < high:
        raise ValueError(f"{name}: expected low < high; got {low:g} and {high:g}")
    if log and low <= 0:
        raise ValueError(f"{name}: expected a logarithmic axis to begin above 0; got {low:g}")
    return low, high


def barycentric(weights: Sequence[sp.Expr]) -> tuple[sp.Expr, sp.Expr]:
    """Where three weights stand in the triangle with corners (0, 0), (1, 0) and (½, √3/2).

    Examples
    --------
    >>> barycentric((0, 0, 1))
    (1/2, sqrt(3)/2)
    """
    _, right, top = weights
    return sp.sympify(right) + sp.sympify(top) / 2, _HEIGHT * top


def held_probabilities() -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """The three probabilities of the place at which the reader holds a point of a simplex.

    Examples
    --------
    >>> sum(held_probabilities()).simplify()
    1
    """
    across, up = POINTER
    top = up / _HEIGHT
    right = across - top / 2
    return 1 - right - top, right, top
