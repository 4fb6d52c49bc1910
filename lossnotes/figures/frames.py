"""Figures whose curves a Python function computes: with a kernel at once, for the page in advance."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from numbers import Real
from typing import Any

import numpy as np

from lossnotes.figures.declaration import FigureDeclaration
from lossnotes.style import MOST_LINES

#: The most that the positions of one figure may add to a page, in bytes.
LIMIT = 150_000
#: Steps to the SVG's unit, in 16 bits: finer than a screen, and wide enough for any figure.
FINE = 20
_FAR = 32_000
GAP = -32_768


@dataclass(frozen=True)
class Frame:
    """What the function gave at one position of the controls."""

    curves: Mapping[str, tuple[np.ndarray, np.ndarray]]
    readouts: Mapping[str, float]


def measure(declaration: FigureDeclaration, values: tuple[float, ...]) -> Frame:
    """Call the function with the controls' values by name.

    Raises
    ------
    ValueError
        If a result is neither a number nor a pair of equally long rows of numbers, or there
        are more curves than can be told apart.
    """
    assert declaration.function
    keys = [control.key for control in declaration.numbers]
    curves, readouts = {}, {}
    # After the controls' values come those of guesses.
    for name, result in declaration.function(**dict(zip(keys, values, strict=False))).items():
        if isinstance(result, Real):
            readouts[name] = float(result)
        else:
            curves[name] = _pair(name, result)
    if not curves:
        raise ValueError("function: expected at least one curve, a pair of rows of numbers; got none")
    if len(curves) > MOST_LINES:
        raise ValueError(
            f"function: expected at most {MOST_LINES} curves, as many as can be told apart; got {len(curves)}"
        )
    return Frame(curves, readouts)


def _pair(name: str, result: Any) -> tuple[np.ndarray, np.ndarray]:
    rows = [np.asarray(row, dtype=float) for row in result]
    if len(rows) != 2 or rows[0].ndim != 1 or rows[0].shape != rows[1].shape:
        shapes = ", ".join(str(row.shape) for row in rows[:3])
        raise ValueError(f"function, {name!r}: expected a number or two rows of one length; got shapes {shapes}")
    return rows[0], rows[1]


def encode(frame: Frame, across: Any, down: Any) -> list[Any]:
    """The frame as JSON holds it: each curve as 16-bit places on the picture, then the read-outs."""
    return [[_packed(across(x), down(y)) for x, y in frame.curves.values()], list(frame.readouts.values())]


def _packed(across: np.ndarray, down: np.ndarray) -> str:
    places = np.stack([across, down], axis=1) * FINE
    seen = np.isfinite(places).all(axis=1)
    places[~seen] = 0
    whole = np.where(seen[:, None], np.clip(places, -_FAR, _FAR), GAP).round().astype("<i2")
    return base64.b64encode(whole.tobytes()).decode("ascii")


def table(declaration: FigureDeclaration, first: Frame, across: Any, down: Any) -> list[Any]:
    """A frame for each position of the controls, the last control moving fastest.

    Raises
    ------
    ValueError
        If they would take more than :data:`LIMIT`, or the function names other things at
        another position.
    """
    positions = list(product(*(control.positions for control in declaration.numbers)))
    size = len(json.dumps(encode(first, across, down)))
    if size * len(positions) > LIMIT:
        raise ValueError(
            f"function: expected at most {LIMIT} bytes for all positions of the sliders; got {len(positions)} "
            f"positions of {size} bytes. Give the sliders larger steps, or the curves fewer points"
        )
    frames = []
    for values in positions:
        frame = measure(declaration, values)
        if (list(frame.curves), list(frame.readouts)) != (list(first.curves), list(first.readouts)):
            raise ValueError(f"function: expected the same names at every position; got others at {values}")
        frames.append(encode(frame, across, down))
    return frames
