"""The figure as a widget that Python can watch, and as a page that needs no Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import sympy as sp
import traitlets
from numpy.typing import ArrayLike

from lossnotes import style
from lossnotes.explorer import page
from lossnotes.explorer.declare import Declaration, Panel, Slider, as_panels
from lossnotes.explorer.draw import draw


class Explorer(anywidget.AnyWidget):
    """A figure with sliders: in Jupyter a widget, on the static page plain HTML.

    Each slider is a trait that carries its key (``figure.w``), so that Python can set,
    watch and link it.
    """

    markup = traitlets.Unicode().tag(sync=True)
    kernel_readouts: traitlets.List[list[str]] = traitlets.List().tag(sync=True)

    def __init__(self, declaration: Declaration) -> None:
        drawings = [draw(declaration, number) for number in range(len(declaration.panels))]
        super().__init__(
            markup=page.markup(declaration, drawings),
            _esm=page.module(declaration, drawings),
            kernel_readouts=page.kernel_readouts(declaration, declaration.values),
        )
        self.declaration = declaration
        self._drawings = drawings
        self.add_traits(**{s.key: traitlets.Float(s.value).tag(sync=True) for s in declaration.sliders})
        self.observe(self._read_out, names=[s.key for s in declaration.sliders])

    def _read_out(self, _change: Any) -> None:
        values = [getattr(self, slider.key) for slider in self.declaration.sliders]
        self.kernel_readouts = page.kernel_readouts(self.declaration, values)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = super()._repr_mimebundle_(**kwargs) or ({}, {})
        data, metadata = live if isinstance(live, tuple) else (live, {})
        still = {
            "text/html": page.static_page(self.declaration, self._drawings),
            "image/png": style.to_png(self._drawings[0].figure),
            "text/plain": self.declaration.alt,
        }
        return {**data, **still}, metadata


def explore(
    *,
    sliders: Sequence[Slider],
    caption: str,
    alt: str,
    x: tuple[sp.Symbol, float, float] | None = None,
    curves: Mapping[str, sp.Expr] | None = None,
    bands: Mapping[str, tuple[sp.Expr, sp.Expr]] | None = None,
    points: Mapping[str, tuple[sp.Expr, sp.Expr]] | None = None,
    data: tuple[ArrayLike, ArrayLike] | None = None,
    panels: Sequence[Panel] | None = None,
    readouts: Mapping[str, sp.Expr] | None = None,
    identifier: str = "",
) -> Explorer:
    """Declare a figure that answers its sliders.

    Parameters
    ----------
    sliders
        The numbers that the reader moves.
    caption
        The one point that the figure makes.
    alt
        What the figure shows, for readers who do not see it.
    x, curves, bands, points, data
        The parts of a figure with one panel; see :class:`Panel`.
    panels
        Several panels that share the sliders, in place of those parts.
    readouts
        Name → expression in the sliders' symbols, shown as a number.
    identifier
        The figure's id on the page; made from the caption where none is given.

    Raises
    ------
    ValueError
        If an expression has a symbol that nothing moves or a function with no
        JavaScript, if a curve is never finite, if caption or alt is empty, or if both
        ``panels`` and the parts of one are given.

    Examples
    --------
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
    declaration = Declaration(
        panels=as_panels(panels, x, curves=curves, bands=bands, points=points, data=data),
        sliders=tuple(sliders),
        readouts=dict(readouts or {}),
        caption=caption,
        alt=alt,
        identifier=identifier or style.slug(caption),
    )
    return Explorer(declaration)
