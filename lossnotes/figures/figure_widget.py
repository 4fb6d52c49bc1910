"""The figure as a widget that Python can watch, and as a page that needs no Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
import traitlets
from numpy.typing import ArrayLike

from lossnotes import style
from lossnotes.assets import data_block
from lossnotes.figures import frames, markup
from lossnotes.figures.controls import as_key
from lossnotes.figures.declaration import FigureDeclaration, Function, as_panels
from lossnotes.figures.panel import Arrows, Panel, Point
from lossnotes.figures.plot import plot_panel
from lossnotes.figures.run import Run, as_runs, counters
from lossnotes.figures.typed import Control
from lossnotes.widgets import PageWidget

#: What each JavaScript object has, as the widget's model is one.
_OF_EVERY_OBJECT = ("constructor", "hasOwnProperty", "isPrototypeOf", "toString", "toLocaleString", "valueOf")


class LiveFigure(PageWidget):
    """A figure with sliders: in Jupyter a widget, on the static page plain HTML.

    Each control is a trait that carries its key (``figure.w``), so that Python can set,
    watch and link it. A menu's trait is the number of the choice, that of entries their list.
    """

    kernel_readouts: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    #: The curves and read-outs of a figure that a Python function computes.
    frame: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(self, declaration: FigureDeclaration) -> None:
        for symbol, key in zip(declaration.movable, declaration.keys, strict=True):
            if key in (*dir(type(self)), "declaration", *_OF_EVERY_OBJECT):
                raise ValueError(
                    f"slider {symbol}: expected a name that is free; figure.{key} is a part of every "
                    "widget. Rename the symbol, and give the slider the word as its label"
                )
        first = frames.measure(declaration, declaration.values) if declaration.function else None
        plots = [plot_panel(declaration, number, first) for number in range(len(declaration.panels))]
        super().__init__(
            markup=markup.markup(declaration, plots, first),
            data=markup.data(declaration, plots, first),
            kernel_readouts=markup.kernel_readouts(declaration, declaration.values),
            frame=frames.encode(first, plots[0].across, plots[0].down) if first else [],
        )
        self.declaration = declaration
        self._first = first
        self._plots = plots
        # What the reader guessed comes from the guess, in the browser; a count is None until the first step is taken.
        unknown = [*self.data["guesses"], *map(as_key, counters(declaration.runs))]
        self.add_traits(
            **{c.key: traitlets.Float(c.value).tag(sync=True) for c in declaration.numbers},
            **{c.key: traitlets.Unicode(c.text).tag(sync=True) for c in declaration.formulas},
            **{c.key: traitlets.List(traitlets.Float(), list(c.values)).tag(sync=True) for c in declaration.lists},
            **{c.seed_key: traitlets.Float(c.draws.seed).tag(sync=True) for c in declaration.lists if c.draws},
            **{key: traitlets.Float(None, allow_none=True).tag(sync=True) for key in unknown},
        )
        self.observe(self._answer, names=[*(c.key for c in declaration.controls), *unknown])

    def _answer(self, _change: Any) -> None:
        entered = [getattr(self, entries.key) for entries in self.declaration.lists]
        declaration = self.declaration.resized([len(values) for values in entered])
        known = {symbol: getattr(self, as_key(symbol)) for symbol in declaration.scalars}
        for entries, numbers in zip(declaration.lists, entered, strict=True):
            known |= dict(zip(entries.members(len(numbers)), numbers, strict=True))
        values = declaration.complete({s: value for s, value in known.items() if value is not None})
        typed = [f.symbol for f in self.declaration.formulas if getattr(self, f.key) != f.text]
        if self.declaration.function:
            plot = self._plots[0]
            self.frame = frames.encode(frames.measure(self.declaration, values), plot.across, plot.down)
        else:
            self.kernel_readouts = markup.kernel_readouts(declaration, values, typed)

    def _without_kernel(self) -> dict[str, Any]:
        plot = self._plots[0]
        frames_there = {}
        if self._first:
            grid = [len(control.positions) for control in self.declaration.numbers]
            frames_there = {"grid": grid, "frames": frames.table(self.declaration, self._first, plot.across, plot.down)}
        return {
            "text/html": self.markup + data_block({**self.data, **frames_there}),
            "image/png": style.to_png(*(plot.figure for plot in self._plots)),
            "text/plain": self.declaration.alt,
        }


def explore(
    *,
    sliders: Sequence[Control],
    caption: str,
    alt: str,
    x: tuple[sp.Symbol, float, float] | None = None,
    curves: Mapping[str, sp.Expr] | None = None,
    bands: Mapping[str, tuple[sp.Expr, sp.Expr]] | None = None,
    points: Mapping[str, Point | tuple[sp.Expr, sp.Expr]] | None = None,
    arrows: Mapping[str, Arrows] | None = None,
    data: tuple[ArrayLike, ArrayLike] | None = None,
    y: tuple[float, float] | None = None,
    log: str | None = None,
    panels: Sequence[Panel] | None = None,
    readouts: Mapping[str, sp.Expr] | None = None,
    function: Function | None = None,
    run: Run | Sequence[Run] | None = None,
    guesses: Mapping[sp.Symbol, str] | None = None,
    positions: Mapping[str, Mapping[sp.Symbol, Any]] | None = None,
    identifier: str = "",
    wide: bool = False,
    digits: int = 3,
) -> LiveFigure:
    """Declare a figure that answers its sliders.

    Parameters
    ----------
    sliders
        What the reader moves: each a :class:`~lossnotes.Slider`, a :class:`~lossnotes.Menu`, a
        :class:`~lossnotes.Formula` or :class:`~lossnotes.Entries`.
    caption
        The one point that the figure makes.
    alt
        What the figure shows, for readers who do not see it.
    x, curves, bands, points, arrows, data, y, log
        The parts of a figure with one panel; see :class:`~lossnotes.Panel`.
    panels
        Several panels that share the sliders, in place of those parts.
    readouts
        Name → expression in the sliders' symbols, shown as a number.
    function
        In place of formulas: a function of the sliders' values, called by their keys. It
        returns name → a pair of rows of numbers (a curve) or a number (a read-out). With
        a kernel it is called at each move; the page carries its results at every position
        of the sliders, so give them few.
    run
        A :class:`~lossnotes.Run` of gradient descent under a button, or several under one.
    guesses
        Symbol → identifier of a :func:`~lossnotes.guess`: what the reader guessed, for curves, points
        and arrows, which are not there before.
    positions
        Name → symbol → value: buttons that move the controls, in Jupyter only, where links in the
        text move nothing.
    identifier
        The figure's id on the page; made from the caption where none is given.
    wide
        Whether the figure is as wide as the text and its right margin, where the window allows.
    digits
        Significant digits of the read-outs; a mouse over one shows them all.

    Raises
    ------
    ValueError
        If an expression has a symbol that nothing moves or something that no
        page can evaluate, if a curve or a read-out is never finite, if a slider moves an axis or
        has the name of a part of the widget, if caption or alt is empty, if both
        ``panels`` and the parts of one are given, or if what a function gives is too much
        for a page, or if ``digits`` is not 1 to 17.
    TypeError
        If a name, label or caption is no text, or a symbol no symbol.

    Examples
    --------
    >>> from lossnotes import Slider
    >>> z, y = sp.symbols("z y")
    >>> figure = explore(
    ...     curves={"half squared error": (z - y) ** 2 / 2},
    ...     x=(z, -2, 2),
    ...     sliders=[Slider(y, -1, 1)],
    ...     caption="The lowest point is the target.",
    ...     alt="A parabola that moves with the target.",
    ... )
    >>> figure.y
    0.0
    """
    style.require_words(caption=caption, alt=alt)
    parts = {"curves": curves, "bands": bands, "points": points, "arrows": arrows, "data": data, "y": y, "log": log}
    declaration = FigureDeclaration(
        panels=as_panels(panels, x, **parts),
        controls=tuple(sliders or ()),
        readouts=dict(readouts or {}),
        caption=caption,
        alt=alt,
        identifier=identifier or style.slug(caption),
        function=function,
        runs=as_runs(run),
        guesses=dict(guesses or {}),
        positions=dict(positions or {}),
        wide=wide,
        digits=digits,
    )
    return LiveFigure(declaration)
