"""How long a lesson takes, under its title."""

import re
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx

from lossbook import prose

#: Words that a reader of such texts takes in within a minute.
PACE = 220
#: Minutes for a displayed formula or a line of a derivation, a figure, an exercise.
FORMULA, FIGURE, EXERCISE = 0.15, 0.75, 2.0
_LESSON = re.compile(r"/(\d\d)-")
_LINE = re.compile(r'class="ln-math"')
_FIGURE = re.compile(r'<figure class="ln-figure')
_EXERCISE = re.compile(r'class="ln-exercise')


@dataclass(frozen=True)
class Load:
    """What a lesson asks of its reader."""

    words: int
    formulas: int
    figures: int
    exercises: int

    @property
    def reading(self) -> int:
        """Minutes for the text with its formulas and figures, to the next five.

        Examples
        --------
        >>> Load(words=2000, formulas=40, figures=4, exercises=5).reading
        20
        """
        return _five(self.words / PACE + FORMULA * self.formulas + FIGURE * self.figures)

    @property
    def practice(self) -> int:
        """Minutes for the exercises, to the next five."""
        return _five(EXERCISE * self.exercises)

    def __str__(self) -> str:
        told = f"about {self.reading} minutes"
        return f"{told}, and {self.practice} for the exercises" if self.exercises else told


def tell_time(_app: Sphinx, page: nodes.document, name: str) -> None:
    """Put a lesson's number and the time that it takes under its title."""
    if lesson := _LESSON.search(name):
        title = next(page.findall(nodes.title))
        told = f"Lesson {int(lesson[1])} · {load(page)}"
        title.parent.insert(1, nodes.paragraph("", told, classes=["ln-time"]))


def load(page: nodes.document) -> Load:
    """Count what stands on a page: words of the running text, not those of code or references."""
    shown = "".join(raw.astext() for raw in page.findall(nodes.raw))
    return Load(
        words=sum(len(prose.plain(block).split()) for block in page.findall(_is_read)),
        formulas=len(list(page.findall(nodes.math_block))) + len(_LINE.findall(shown)),
        figures=len(_FIGURE.findall(shown)),
        exercises=len(_EXERCISE.findall(shown)),
    )


def _is_read(node: nodes.Node) -> bool:
    """Whether a node is a paragraph, a heading or their like, of the running text."""
    block = isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline | nodes.math_block)
    return block and not isinstance(node, nodes.literal_block) and not prose.stands_in(node, nodes.literal_block)


def _five(minutes: float) -> int:
    return max(5, round(minutes / 5) * 5)
