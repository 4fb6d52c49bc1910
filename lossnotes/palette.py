"""The colours of the book: for Matplotlib, and as CSS variables for everything that follows the page's theme."""

#: Colours that colour-blind readers tell apart (after Okabe and Ito), for light and for dark pages.
COLOURS = ("#0072b2", "#d55e00", "#007a5a", "#a8518a")
DARK_COLOURS = ("#5ab4ec", "#ff9447", "#3ccf9e", "#e59bca")
#: Drawn in the colour of the text around the figure.
INK = "#000000"
#: What is proved or right, what is checked only, what is wrong: each on light and on dark.
MARKS = {"good": ("#0a7d4b", "#4cd19a"), "fair": ("#8a5a00", "#e8b44c"), "bad": ("#b3400a", "#ff9d6b")}

#: Whole pages, of the book and of JupyterLab; paper is light whatever the page is.
_LIGHT = ":root"
_DARK = ":root[data-theme=dark],[data-jp-theme-light=false]"


def variables() -> str:
    """The palette as CSS variables: ``--ln-0`` and on for curves, ``--ln-good`` and its like for marks.

    Examples
    --------
    >>> print(variables().splitlines()[0][:40])
    :root{--ln-0:#0072b2;--ln-1:#d55e00;--ln
    """
    names = [*(f"--ln-{number}" for number in range(len(COLOURS))), *(f"--ln-{name}" for name in MARKS)]
    light, dark = zip(*zip(COLOURS, DARK_COLOURS, strict=True), *MARKS.values(), strict=True)
    on_light, on_dark = (
        ";".join(f"{name}:{colour}" for name, colour in zip(names, colours, strict=True)) for colours in (light, dark)
    )
    return f"{_LIGHT}{{{on_light}}}\n{_DARK}{{{on_dark}}}\n@media print{{{_LIGHT},{_DARK}{{{on_light}}}}}\n"
