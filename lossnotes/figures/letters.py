"""Letters that stay readable: a panel is laid out for a phone, and where it is wider its letters shrink back."""

from typing import Any

from matplotlib.axes import Axes

#: Letters in effect where a panel is as narrow as a phone shows it, both in CSS pixels.
LETTER, NARROW = 12.0, 342.0


def size(width: float) -> float:
    """Letters, in the units of a picture so wide in inches, that are 12 px high on a phone.

    Examples
    --------
    >>> size(3.9), round(size(6.2), 1)
    (12.0, 15.7)
    """
    return LETTER * max(1.0, width * 72 / NARROW)


def is_large(width: float) -> bool:
    """Whether a picture so wide in inches shrinks on a phone, so that its letters are laid out larger."""
    return width * 72 > NARROW


def name_axes(axes: Axes, letter: float, *, title: str, across: str, up: str) -> None:
    """Title and labels of the axes, smaller where they would run out of the picture."""
    room = axes.figure.bbox
    texts = (axes.set_title(title), axes.set_xlabel(across), axes.set_ylabel(up))
    for text, most in zip(texts, (room.width, room.width, room.height), strict=True):
        text.set_fontsize(letter)
        box = text.get_window_extent()
        text.set_fontsize(letter * min(1, most / max(box.width, box.height, 1)))


def name_parts(axes: Axes, columns: int, **look: Any) -> None:
    """A legend in as many columns as the picture has room for; letters are smaller where one is too wide."""
    room = 0.9 * axes.figure.bbox.width
    for count in range(columns, 0, -1):
        width = axes.legend(ncols=count, **look).get_window_extent().width
        if width <= room:
            return
    axes.legend(ncols=1, **look | {"fontsize": look["fontsize"] * room / width})
