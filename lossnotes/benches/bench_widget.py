"""The bench as a widget beside which Python computes, and as a page that needs no Python."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
import traitlets

from lossnotes.assets import data_block
from lossnotes.benches import bench_markup
from lossnotes.benches.bench_curve import plot_curve
from lossnotes.benches.tested import BenchDeclaration
from lossnotes.figures.controls import Slider
from lossnotes.figures.entries import Entries
from lossnotes.widgets import PageWidget


class Bench(PageWidget):
    """Derived slopes beside measured ones: in Jupyter a widget, on the static page plain HTML.

    Attributes
    ----------
    values
        Where the controls stand: a number or a list of numbers by its name.
    kernel_rows
        For each component of the gradient its derived slope by NumPy and to 50 digits.
    """

    values = traitlets.Dict().tag(sync=True)
    kernel_rows: traitlets.List[list[str]] = traitlets.List().tag(sync=True)

    def __init__(self, declaration: BenchDeclaration) -> None:
        starts = declaration.starts
        measured = [declaration.measured(line, place, starts) for line, place in declaration.rows(starts)]
        curve = plot_curve(measured, declaration.h, declaration.identifier, declaration.bends) if measured else None
        super().__init__(
            markup=bench_markup.markup(declaration, curve),
            data=bench_markup.data(declaration, curve),
            values={key: list(value) if isinstance(value, tuple) else value for key, value in starts.items()},
            kernel_rows=bench_markup.kernel_rows(declaration, starts),
        )
        self.declaration = declaration
        self.observe(self._answer, names=["values"])

    def _answer(self, _change: Any) -> None:
        given = {c.key: self.values[c.key] for c in self.declaration.controls}
        values = {
            key: tuple(map(float, value)) if isinstance(value, list | tuple) else float(value)
            for key, value in given.items()
        }
        self.kernel_rows = bench_markup.kernel_rows(self.declaration, values)

    def _without_kernel(self) -> dict[str, Any]:
        return {
            "text/html": self.markup + data_block(self.data),
            "text/plain": bench_markup.plain(self.declaration),
        }


def bench(
    quantity: sp.Expr,
    slopes: Mapping[sp.Basic, sp.Expr],
    *,
    controls: Sequence[Slider | Entries],
    identifier: str,
    written: sp.Expr | None = None,
    where: Mapping[sp.Symbol, sp.Expr] | None = None,
    likelihood: tuple[sp.Expr, sp.Expr] | None = None,
    presets: Mapping[str, Mapping[Any, Any]] | None = None,
    typed: str | Mapping[sp.Basic, str] = "",
    what: str = "loss",
    letter: sp.Symbol | None = None,
    h: float = 1e-5,
) -> Bench:
    r"""Test derived slopes at numbers of the reader's, against differences of the loss alone.

    The measured slope is :math:`\frac{L(z+h)-L(z-h)}{2h}`, with the reader's h; it is off by about
    :math:`\frac{h^2}{6}L'''` for the width of the step, and by :math:`2^{-53}|L|/h` for rounding.

    Parameters
    ----------
    quantity
        The loss, or whatever else has a slope.
    slopes
        Variable → its derived slope; of a family a member ``z[k]`` → a formula with the index k.
    controls
        What the reader sets: a :class:`~lossnotes.Slider` for a number, which can be typed too,
        and :class:`~lossnotes.Entries` for a list. A slider whose symbol is an index chooses an entry.
    identifier
        The bench's id on the page.
    written
        The quantity as the page writes it, where that computes worse: :math:`\ln(1 + e^z)` for softplus.
    where
        Short name → what it stands for, as :math:`p_k = e^{z_k}/S`: they may stand in formulas,
        and the reader may type them; later ones may use earlier.
    likelihood
        A density and the constant: minus the logarithm of the density less the loss.
    presets
        Words on a button → what it sets, as ``{t: [1.1, 0.1, 0.1]}``.
    typed
        The identifier of an asked line, or variable → identifier: what the reader typed there takes the place
        of the derived slope. A likelihood without slopes is folded until that line was typed.
    what, letter
        What the quantity is, and the letter that it has: the loss L where nothing is given.
    h
        The step at first.

    Raises
    ------
    TypeError
        If a control is neither a Slider nor Entries.
    ValueError
        If a slope's variable is moved by no control, a formula has a symbol that nothing moves or
        something that no page can evaluate, a value at the start or after a preset is not finite,
        families differ in length, two names are the same, ``written`` has
        another value, or the constant is not
        what minus the logarithm of the density and the loss differ by.

    Examples
    --------
    >>> from lossnotes import Slider, sigmoid, softplus
    >>> z, y = sp.symbols("z y", real=True)
    >>> tested = bench(
    ...     softplus(z) - y * z,
    ...     {z: sigmoid(z) - y},
    ...     controls=[Slider(z, -10, 10, value=-3), Slider(y, 0, 1, value=1)],
    ...     identifier="one-bit",
    ... )
    >>> tested.kernel_rows[0][1][:20]
    '-0.95257412682243321'
    """
    return Bench(
        BenchDeclaration(
            quantity=sp.sympify(quantity),
            written=sp.sympify(quantity if written is None else written),
            slopes={variable: sp.sympify(slope) for variable, slope in slopes.items()},
            controls=tuple(controls),
            identifier=identifier,
            what=what,
            letter=letter or sp.Symbol("L"),
            where=dict(where or {}),
            likelihood=(sp.sympify(likelihood[0]), sp.sympify(likelihood[1])) if likelihood else None,
            presets=dict(presets or {}),
            typed=typed,
            h=h,
        )
    )
